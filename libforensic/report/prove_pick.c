#include "report/prove_pick.h"

#include <string.h>

#include "proof/digests.h"

#define NAMES_MAX 300 /* bytes of names that a message can hold: what does not fit whole is left out */

/* Holds a name against what was asked for. */
static void
consider(struct lf_pick *c, const char *wanted, const char *name, enum lf_pick_kind kind, uint32_t row)
{
	size_t n = strlen(name), m = strlen(wanted);
	bool exact = strcmp(name, wanted) == 0 || (n > m && name[n - m - 1] == '/' && strcmp(name + n - m, wanted) == 0);

	if (strstr(name, wanted) == NULL || (c->exact && !exact))
		return;
	if (exact && !c->exact) {
		c->exact = true;
		c->matches = 0;
		lf_buf_reset(&c->names);
	}
	c->kind = kind;
	c->row = row;
	if (c->matches++ < 3 && (c->names.len == 0 || c->names.len + n + 2 <= NAMES_MAX))
		lf_buf_printf(&c->names, "%s%s", c->names.len > 0 ? ", " : "", name);
}

void
lf_pick_object(const struct lf_proof *p, const char *wanted, struct lf_pick *c)
{
	const struct lf_body *b = &p->body;
	struct lf_buf name;

	lf_buf_init(&name);
	for (uint32_t i = 0; i < b->digests.n; i++) {
		if (lf_body_digest(b, i)->extra_copy)
			continue;
		lf_buf_reset(&name);
		lf_digest_object(b, lf_body_digest(b, i), &name);
		consider(c, wanted, lf_buf_str(&name), LF_PICK_DIGEST, i);
	}
	for (uint32_t i = 0; i < b->listed.n; i++) {
		if (lf_body_listed(b, i)->duplicate)
			continue;
		lf_buf_reset(&name);
		lf_body_listed_object(b, lf_body_listed(b, i), &name);
		consider(c, wanted, lf_buf_str(&name), LF_PICK_LOG, i);
	}
	for (uint32_t i = 0; i < p->unlisted.list.n; i++) {
		const struct lf_unlisted *u = lf_list_at(&p->unlisted.list, i);
		lf_buf_reset(&name);
		lf_unlisted_object(b, &p->chains, u, &name);
		consider(c, wanted, lf_buf_str(&name), LF_PICK_UNLISTED, u->present);
	}
	for (uint32_t i = 0; i < p->findings.list.n; i++) {
		const struct lf_finding *x = lf_list_at(&p->findings.list, i);
		if (x->id == LF_F_DIGEST_MISSING && x->object != NULL)
			consider(c, wanted, x->object, LF_PICK_MISSING, i);
	}
	c->names.failed |= name.failed;
	lf_buf_free(&name);
}
