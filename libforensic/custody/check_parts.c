#include "custody/check_parts.h"

/* Gives a finding, unless there is none, its locator, which is freed. */
static struct lf_finding *
locate(struct lf_check *c, struct lf_finding *x, struct lf_buf *where, struct lf_err *err)
{
	if (x != NULL) {
		x->locator = where->failed ? NULL : lf_findings_string(&c->s->findings, lf_buf_str(where));
		if (x->locator == NULL) {
			lf_err_nomem(err);
			x = NULL;
		}
	}
	lf_buf_free(where);
	return x;
}

struct lf_finding *
lf_check_add(struct lf_check *c, enum lf_finding_id id, const struct lf_ledger_line *line, const char *message,
    struct lf_err *err)
{
	struct lf_finding *x = lf_findings_add(&c->s->findings, err, id, "%s", message);
	struct lf_buf where;

	lf_buf_init(&where);
	lf_buf_printf(&where, "%s, line %llu", c->s->ledger.path, (unsigned long long)line->number);
	if (x != NULL)
		x->offset = (int64_t)line->offset;
	return locate(c, x, &where, err);
}

struct lf_finding *
lf_check_add_file(struct lf_check *c, enum lf_finding_id id, uint64_t entry, enum lf_store_file f, const char *message,
    struct lf_err *err)
{
	struct lf_finding *x = lf_findings_add(&c->s->findings, err, id, "%s", message);
	char name[LF_STORE_NAME];
	struct lf_buf where;

	lf_buf_init(&where);
	lf_buf_printf(&where, "%s/%s", c->s->ledger.store, lf_store_name(entry, f, name));
	return locate(c, x, &where, err);
}
