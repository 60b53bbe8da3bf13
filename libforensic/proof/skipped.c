#include "proof/skipped.h"

#include <string.h>

int
lf_skipped_capped(struct lf_body *b, const struct lf_reader *r, struct lf_err *err)
{
	for (size_t i = 0; i < r->n_sources; i++) {
		const char *name = r->sources[i]->name;

		if (r->totals[i].capped && lf_select_homeless(b->select) &&
		    lf_skips_add(&b->skipped, name, strlen(name), "more than --max-total was inflated: the rest of it was not read",
			err) != 0)
			return -1;
	}
	return 0;
}

int
lf_skipped_judge(const struct lf_body *b, struct lf_findings *f, struct lf_err *err)
{
	for (uint32_t i = 0; i < b->skipped.list.n; i++) {
		const struct lf_skip *s = lf_skips_at(&b->skipped, i);
		struct lf_finding *x = lf_findings_add(f, err, LF_F_EVIDENCE_UNREADABLE, "not read: %s", s->reason);

		if (x == NULL)
			return -1;
		x->locator = s->locator;
	}
	return 0;
}
