/* Sealing: the evidence hashed, hashed again, and an entry about it. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "custody/handover.h"
#include "custody/store.h"

/* ---- Evidence ---- */

/* Notes what could not be read. */
static int
note_skipped(struct lf_seal *s, struct lf_err *err)
{
	struct lf_buf where;
	int rc = 0;

	lf_buf_init(&where);
	for (uint32_t i = 0; i < s->manifest.objects.n && rc == 0; i++) {
		const struct lf_manifest_object *o = lf_manifest_object_at(&s->manifest, i);
		struct lf_finding *x;

		if (o->problem == NULL)
			continue;
		lf_buf_reset(&where);
		lf_manifest_locator(&s->manifest, o, &where);
		x = lf_findings_add(&s->findings, err, LF_F_EVIDENCE_UNREADABLE, "%s", o->problem);
		if (x == NULL || where.failed || (x->locator = lf_findings_string(&s->findings, lf_buf_str(&where))) == NULL)
			rc = lf_err_nomem(err);
	}
	lf_buf_free(&where);
	return rc;
}

/* Hashes all a second time.  What differs becomes a finding. */
static int
hash_again(struct lf_seal *s, struct lf_err *err)
{
	struct lf_manifest now;
	struct lf_manifest_tally *t = &s->tally;
	int rc;

	lf_manifest_init(&now);
	rc = lf_manifest_gather_again(s->c, &now, err);
	if (rc == 0)
		rc = lf_manifest_compare(&s->manifest, &now, &s->findings, t, err);
	s->unchanged = rc == 0 && t->altered + t->added + t->removed + t->moved == 0 &&
	    t->same + s->manifest.skipped == s->manifest.objects.n;
	lf_manifest_free(&now);
	if (rc == 0 && !s->unchanged && lf_seal_count(s, LF_ALERT) == 0 &&
	    lf_findings_add(&s->findings, err, LF_F_OBJECT_ALTERED,
	    "what could be read once could not be read again: nothing is proved of it") == NULL)
		return -1;
	return rc;
}

/* ---- The entry ---- */

/* Where a manifest goes: a file, hashed on the way. */
struct sink {
	int fd;
	struct lf_hash *hash;
};

static int
into_sink(void *arg, const void *bytes, size_t len)
{
	struct sink *k = arg;

	if (lf_hash_add(k->hash, bytes, len) != 0) {
		errno = EIO;
		return -1;
	}
	return lf_file_write_all(k->fd, bytes, len);
}

/* Writes the manifest of entry number, and puts its hash into the entry. */
static int
put_manifest(struct lf_seal *s, uint64_t number, struct lf_err *err)
{
	struct sink k = {.hash = lf_hash_new(err)};
	int rc = -1;

	if (k.hash == NULL)
		return -1;
	k.fd = lf_store_create(&s->ledger, number, LF_STORE_MANIFEST, err);
	if (k.fd < 0)
		goto out;
	if (lf_hash_start(k.hash) != 0)
		lf_err_set(err, "SHA-256 failed in OpenSSL");
	else if (lf_manifest_json(&s->manifest, into_sink, &k, err) != 0)
		lf_err_set(err, "the manifest in %.200s: %.200s", s->ledger.store, err->msg);
	else if (fsync(k.fd) != 0)
		lf_err_sys(err, "cannot write the manifest in %.200s", s->ledger.store);
	else if (lf_hash_end(k.hash, s->entry.manifest_hash) != 0)
		lf_err_set(err, "SHA-256 failed in OpenSSL");
	else
		rc = 0;
	if (close(k.fd) != 0 && rc == 0)
		rc = lf_err_sys(err, "cannot write the manifest in %.200s", s->ledger.store);
out:
	lf_hash_free(k.hash);
	return rc;
}

/* Whether the entry before has a time stamp now: from here on that is on record. */
static int
note_previous_stamp(struct lf_seal *s, struct lf_hash *h, struct lf_err *err)
{
	struct lf_buf stamp;
	int rc;

	if (s->entry.number <= 1)
		return 0;
	lf_buf_init(&stamp);
	rc = lf_store_read(&s->ledger, s->entry.number - 1, LF_STORE_STAMP, &stamp, err);
	s->entry.previous_stamped = rc > 0;
	if (rc > 0 && lf_hash_bytes(h, lf_buf_str(&stamp), stamp.len, s->entry.previous_stamp) != 0)
		rc = lf_err_set(err, "SHA-256 failed in OpenSSL");
	lf_buf_free(&stamp);
	return rc < 0 ? -1 : 0;
}

/* Fills what the entry says but for its manifest's hash; machine and program are there already. */
static int
fill_entry(struct lf_seal *s, const struct lf_ledger_end *end, struct lf_err *err)
{
	struct lf_entry *e = &s->entry;
	const struct lf_seal_opts *o = &s->opts;
	char name[LF_STORE_NAME];

	e->number = end->entries + 1;
	memcpy(e->previous, end->hash, sizeof(e->previous));
	e->action = lf_seal_action_name((unsigned)o->action);
	e->case_id = o->case_id;
	e->exhibit = o->exhibit;
	e->examiner = o->examiner;
	e->organization = o->organization;
	e->note = o->note;
	e->finished = time(NULL);
	e->arguments = o->arguments;
	e->n_arguments = o->n_arguments;
	e->manifest = lf_arena_strdup(&s->arena, lf_store_name(e->number, LF_STORE_MANIFEST, name));
	e->sources = s->manifest.sources.n;
	e->objects = s->manifest.objects.n;
	e->bytes = s->manifest.bytes;
	e->skipped = s->manifest.skipped;
	e->rehashed = s->unchanged;
	e->is_signed = s->signer != NULL;
	if (e->is_signed) {
		e->signer = lf_signer_subject(s->signer);
		memcpy(e->signer_hash, lf_signer_hash(s->signer), sizeof(e->signer_hash));
	}
	return e->manifest != NULL ? 0 : lf_err_nomem(err);
}

/* Writes what lies beside the entry: its signature, and the request for a time stamp. */
static int
put_beside(struct lf_seal *s, const struct lf_buf *line, struct lf_err *err)
{
	struct lf_buf der;
	int rc = 0;

	lf_buf_init(&der);
	if (s->signer != NULL)
		rc = lf_signer_sign(s->signer, line->data, line->len, &der, err);
	if (rc == 0 && s->signer != NULL)
		rc = lf_store_put(&s->ledger, s->entry.number, LF_STORE_SIGNATURE, der.data, der.len, err);
	lf_buf_reset(&der);
	if (rc == 0)
		rc = lf_stamp_request(s->entry_hash, &der, err);
	if (rc == 0)
		rc = lf_store_put(&s->ledger, s->entry.number, LF_STORE_REQUEST, der.data, der.len, err);
	lf_buf_free(&der);
	return rc;
}

/* Makes the entry that follows the old lines, and all its files, and puts it in place. */
static int
add_entry(struct lf_seal *s, struct lf_ledger_next *next, struct lf_err *err)
{
	struct lf_hash *h = lf_hash_new(err);
	struct lf_buf line;
	int rc = -1;

	if (h == NULL)
		return -1;
	lf_buf_init(&line);
	if (fill_entry(s, &next->end, err) != 0 || note_previous_stamp(s, h, err) != 0 ||
	    put_manifest(s, s->entry.number, err) != 0 || lf_entry_write(&s->entry, &line, err) != 0)
		goto out;
	if (lf_hash_bytes(h, line.data, line.len, s->entry_hash) != 0) {
		lf_err_set(err, "SHA-256 failed in OpenSSL");
		goto out;
	}
	if (put_beside(s, &line, err) != 0)
		goto out;
	rc = lf_ledger_commit(&s->ledger, next, line.data, line.len, err);
out:
	if (rc != 0)
		lf_store_discard(&s->ledger, s->entry.number);
	lf_buf_free(&line);
	lf_hash_free(h);
	return rc;
}

/* Under the lock, and with no signal between: what takes the examiner's patience is done before. */
static int
append(struct lf_seal *s, struct lf_err *err)
{
	struct lf_ledger_next next;
	sigset_t all, before;
	int rc;

	if (lf_ledger_lock(&s->ledger, true, err) != 0)
		return -1;
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	rc = lf_ledger_prepare(&s->ledger, &next, err);
	if (rc == 0) {
		rc = add_entry(s, &next, err);
		s->end = next.end;
		lf_ledger_drop(&next);
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	lf_ledger_unlock(&s->ledger);
	return rc;
}

int
lf_seal_append(struct lf_seal *s, struct lf_err *err)
{
	int rc = lf_manifest_gather(s->c, &s->manifest, err);

	if (rc == 0)
		rc = hash_again(s, err);
	if (rc != 0 || !s->unchanged)
		return rc;
	lf_findings_free(&s->findings); /* of the second look: what could not be read either time */
	lf_findings_init(&s->findings);
	if (note_skipped(s, err) != 0 || lf_handover_new(s, err) != 0)
		return -1;
	return append(s, err);
}
