/* --check: the ledger, and then the evidence against the manifest of an entry. */
#include "custody/custody.h"

#include "custody/handover.h"
#include "custody/store.h"

/*
 * A manifest that is not there, or not what the entry says, is a finding already, but for one that cannot be
 * understood.
 */
static int
no_manifest(struct lf_seal *s, const char *why, struct lf_err *err)
{
	for (uint32_t i = 0; i < s->findings.list.n; i++) {
		const struct lf_finding *x = lf_list_at(&s->findings.list, i);

		if (x->id == LF_F_MANIFEST_MISSING || x->id == LF_F_MANIFEST_ALTERED)
			return 0;
	}
	return lf_findings_add(&s->findings, err, LF_F_MANIFEST_ALTERED, "%s", why) == NULL ? -1 : 0;
}

/* Reads the evidence and holds it against what was sealed. */
static int
check_evidence(struct lf_seal *s, struct lf_err *err)
{
	struct lf_manifest now;
	struct lf_err why;
	int rc;

	if ((rc = lf_seal_find(s, s->fd, &why)) != 0) /* what is wrong with the ledger has been said, but for what cannot be read */
		return s->opts.entry != 0 || rc < 0 ? lf_err_set(err, "%s", why.msg) : 0;
	rc = lf_seal_load_manifest(s, &why);
	if (rc < 0)
		return lf_err_set(err, "%s", why.msg);
	if (rc == 0)
		return no_manifest(s, why.msg, err);
	lf_manifest_init(&now);
	rc = lf_manifest_gather_again(s->c, &now, err);
	if (rc == 0)
		rc = lf_manifest_compare(&s->manifest, &now, &s->findings, &s->tally, err);
	lf_manifest_free(&now);
	s->compared = rc == 0;
	return rc;
}

int
lf_seal_check(struct lf_seal *s, struct lf_err *err)
{
	int rc = lf_seal_check_ledger(s, err);

	if (rc == 0)
		rc = lf_handover_check(s, err);
	lf_ledger_unlock(&s->ledger);
	return rc == 0 && s->c != NULL ? check_evidence(s, err) : rc;
}
