#include "proof/keys.h"

#include <stdlib.h>
#include <string.h>

#include "base/utc.h"

/* Says that key of chain c signs digest d, which lies outside the time of its publication. */
static int
outside(const struct lf_chains *c, uint32_t chain, const struct lf_key *k, const struct lf_digest_row *d,
    struct lf_findings *f, struct lf_err *err)
{
	char label[512], a[LF_UTC_LEN], z[LF_UTC_LEN], e[LF_UTC_LEN];
	struct lf_finding *x = lf_findings_add(f, err, LF_F_KEY_OUTSIDE_VALIDITY,
	    "%s: key %s was published for %s to %s; it signs digests outside that, the first of %s",
	    lf_chain_label(&c->list[chain], label, sizeof(label)), k->fingerprint, lf_utc_format(k->valid_from, a),
	    lf_utc_format(k->valid_until, z), lf_utc_format(d->end, e));

	if (x == NULL)
		return -1;
	x->chain = chain;
	return 0;
}

/* Keys outside the time for which they were published: one notice for each chain and key. */
static int
validity(const struct lf_body *b, const struct lf_chains *c, const struct lf_keyring *keys, struct lf_findings *f,
    struct lf_err *err)
{
	bool *said = calloc((size_t)keys->keys.n + 1, sizeof(*said));
	int rc = 0;

	if (said == NULL)
		return lf_err_nomem(err);
	for (uint32_t i = 0; i < c->n && rc == 0; i++) {
		memset(said, 0, keys->keys.n * sizeof(*said));
		for (uint32_t n = 0; n < c->list[i].n_digests && rc == 0; n++) {
			const struct lf_digest_row *d = lf_body_digest(b, c->list[i].digests[n]);
			const struct lf_key *k;

			if (d->key_used == LF_NONE || !d->selected || said[d->key_used])
				continue;
			k = lf_list_at(&keys->keys, d->key_used);
			if ((k->valid_from == LF_TIME_NONE || d->end >= k->valid_from) &&
			    (k->valid_until == LF_TIME_NONE || d->end <= k->valid_until))
				continue;
			said[d->key_used] = true;
			rc = outside(c, i, k, d, f, err);
		}
	}
	free(said);
	return rc;
}

/* Published fingerprints that are not the MD5 of their key. */
static int
fingerprints(const struct lf_keyring *keys, struct lf_findings *f, struct lf_err *err)
{
	for (uint32_t i = 0; i < keys->keys.n; i++) {
		const struct lf_key *k = lf_list_at(&keys->keys, i);
		const struct lf_keyfile *file = lf_list_at(&keys->files, k->file);
		struct lf_finding *x;

		if (k->stated[0] == '\0' || strcmp(k->stated, k->fingerprint) == 0)
			continue;
		x = lf_findings_add(f, err, LF_F_KEY_FINGERPRINT_MISMATCH,
		    "a key is published under fingerprint %s, but the MD5 of its DER is %s", k->stated, k->fingerprint);
		if (x == NULL)
			return -1;
		x->locator = file->name;
	}
	return 0;
}

int
lf_keys_judge(const struct lf_body *b, const struct lf_chains *c, const struct lf_keyring *keys, struct lf_findings *f,
    struct lf_err *err)
{
	return validity(b, c, keys, f, err) != 0 ? -1 : fingerprints(keys, f, err);
}
