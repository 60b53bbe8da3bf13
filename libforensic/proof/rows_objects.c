/* The rows of -v: a line for every digest and log. */
#include <stdlib.h>
#include <string.h>

#include "proof/digests.h"
#include "proof/logs.h"
#include "proof/rows.h"

static const char *const by_names[] = {NULL, "metadata", "successor", "anchor"};
static const char *const digest_states[] = {"verified", "linked", "unsigned", "invalid"};

static void
digest_row(const struct lf_result *r, uint32_t i, struct lf_object_row *row, struct lf_buf *scratch)
{
	const struct lf_row_ref *ref = &r->proof->digest_rows[i];

	lf_buf_reset(scratch);
	if (ref->kind == LF_ROW_MISSING) {
		const struct lf_finding *x = lf_list_at(&r->proof->findings.list, ref->i);
		*row = (struct lf_object_row){.object = x->object, .status = "missing"};
		return;
	}
	const struct lf_digest_row *d = lf_body_digest(&r->proof->body, ref->i);
	size_t locator;

	lf_digest_object(&r->proof->body, d, scratch);
	lf_buf_putc(scratch, '\0');
	locator = scratch->len;
	lf_body_digest_locator(d, scratch);
	*row = (struct lf_object_row){.object = lf_buf_str(scratch), .locator = scratch->failed ? NULL : scratch->data + locator,
	    .status = digest_states[d->status], .by = d->status == LF_D_VERIFIED ? by_names[d->by] : NULL};
}

static void
log_row(const struct lf_result *r, uint32_t i, struct lf_object_row *row, struct lf_buf *scratch)
{
	const struct lf_row_ref *ref = &r->proof->log_rows[i];
	const struct lf_body *b = &r->proof->body;
	const struct lf_present_row *present = NULL;
	const struct lf_digest_row *d = NULL;
	uint8_t status;
	size_t locator;

	lf_buf_reset(scratch);
	if (ref->kind == LF_ROW_LISTED) {
		const struct lf_listed_row *l = lf_body_listed(b, ref->i);
		lf_body_listed_object(b, l, scratch);
		present = l->present == LF_NONE ? NULL : lf_body_present(b, l->present);
		d = lf_body_digest(b, l->digest);
		status = l->status;
	} else {
		const struct lf_unlisted *u = lf_list_at(&r->proof->unlisted.list, ref->i);
		present = lf_body_present(b, u->present);
		lf_unlisted_object(b, &r->proof->chains, u, scratch);
		status = u->status;
	}
	lf_buf_putc(scratch, '\0');
	locator = scratch->len;
	if (present != NULL)
		lf_body_locator(b, present, scratch);
	*row = (struct lf_object_row){.object = lf_buf_str(scratch),
	    .locator = present != NULL && !scratch->failed ? scratch->data + locator : NULL,
	    .status = lf_summary_log_names[status],
	    .by = status == LF_L_VERIFIED && d != NULL ? by_names[d->by] : NULL};
}

typedef void row_fn(const struct lf_result *, uint32_t, struct lf_object_row *, struct lf_buf *);

/* What the sort of object rows needs. */
struct row_order {
	struct lf_result r; /* with only the row under comparison in reach */
	struct lf_proof p;
	row_fn *fill;
	bool logs;
	struct lf_buf a, b;
};

static int
row_cmp(const void *x, const void *y, void *arg)
{
	struct row_order *o = arg;
	struct lf_object_row a, b;
	struct lf_row_ref refs[2];
	int c;

	refs[0] = *(const struct lf_row_ref *)x;
	refs[1] = *(const struct lf_row_ref *)y;
	if (o->logs && refs[0].kind == LF_ROW_LISTED && refs[1].kind == LF_ROW_LISTED &&
	    (c = lf_names_cmp(&o->p.body.names, &lf_body_listed(&o->p.body, refs[0].i)->name,
		 &lf_body_listed(&o->p.body, refs[1].i)->name)) != 0)
		return c;
	if (o->logs)
		o->p.log_rows = refs;
	else
		o->p.digest_rows = refs;
	o->fill(&o->r, 0, &a, &o->a);
	o->fill(&o->r, 1, &b, &o->b);
	if ((c = lf_text_order(a.object, b.object)) != 0 || (c = lf_text_order(a.locator, b.locator)) != 0)
		return c;
	return refs[0].i < refs[1].i ? -1 : refs[0].i > refs[1].i;
}

static bool
sort_rows(const struct lf_proof *p, struct lf_row_ref *rows, uint32_t n, row_fn *fill, bool logs)
{
	struct row_order o = {.p = *p, .fill = fill, .logs = logs};
	bool failed;

	o.r.proof = &o.p;
	lf_buf_init(&o.a);
	lf_buf_init(&o.b);
	qsort_r(rows, n, sizeof(*rows), row_cmp, &o);
	failed = o.a.failed || o.b.failed;
	lf_buf_free(&o.a);
	lf_buf_free(&o.b);
	return !failed;
}

int
lf_rows_objects(struct lf_proof *p, struct lf_result *r, struct lf_err *err)
{
	struct lf_body *b = &p->body;

	p->digest_rows = calloc((size_t)b->digests.n + p->findings.list.n + 1, sizeof(*p->digest_rows));
	p->log_rows = calloc((size_t)b->listed.n + p->unlisted.list.n + 1, sizeof(*p->log_rows));
	if (p->digest_rows == NULL || p->log_rows == NULL)
		return lf_err_nomem(err);
	for (uint32_t i = 0; i < b->digests.n; i++)
		if (lf_body_digest(b, i)->selected && !lf_body_digest(b, i)->extra_copy)
			p->digest_rows[r->n_digests++] = (struct lf_row_ref){LF_ROW_DIGEST, i};
	for (uint32_t i = 0; i < p->findings.list.n; i++) {
		const struct lf_finding *x = lf_list_at(&p->findings.list, i);
		if (x->id == LF_F_DIGEST_MISSING && x->count == 0)
			p->digest_rows[r->n_digests++] = (struct lf_row_ref){LF_ROW_MISSING, i};
	}
	for (uint32_t i = 0; i < b->listed.n; i++)
		if (lf_logs_selected(b, lf_body_listed(b, i)))
			p->log_rows[r->n_logs++] = (struct lf_row_ref){LF_ROW_LISTED, i};
	for (uint32_t i = 0; i < p->unlisted.list.n; i++)
		p->log_rows[r->n_logs++] = (struct lf_row_ref){LF_ROW_UNLISTED, i};
	if (!sort_rows(p, p->digest_rows, r->n_digests, digest_row, false) ||
	    !sort_rows(p, p->log_rows, r->n_logs, log_row, true))
		return lf_err_nomem(err);
	r->digest = digest_row;
	r->log = log_row;
	return 0;
}
