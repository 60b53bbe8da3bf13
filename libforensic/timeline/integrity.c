#include "timeline/integrity.h"

#include <stdlib.h>
#include <string.h>

#include "proof/rows.h"
#include "timeline/state.h"

/* What is known of each log that is there. */
struct known {
	uint8_t integrity;
	bool of_trail; /* a digest of a trail that was asked for lists it */
};

/* What a status makes of the events of a log whose content a verified digest lists (proved) or not. */
static enum lf_integrity
integrity_of(enum lf_log_status status, bool proved)
{
	switch (status) {
	case LF_L_VERIFIED:
		return LF_INTEGRITY_VERIFIED;
	case LF_L_UNPROVEN:
		return LF_INTEGRITY_UNPROVEN;
	case LF_L_UNREFERENCED:
		return LF_INTEGRITY_UNREFERENCED;
	case LF_L_UNDIGESTED:
		return LF_INTEGRITY_UNDIGESTED;
	default:
		return proved ? LF_INTEGRITY_VERIFIED : LF_INTEGRITY_MODIFIED;
	}
}

/* A log may be listed more than once: the best counts. */
static void
listed(const struct lf_body *b, const struct lf_select *s, struct known *known)
{
	for (uint32_t i = 0; i < b->listed.n; i++) {
		const struct lf_listed_row *l = lf_body_listed(b, i);
		enum lf_integrity x;
		struct known *k;

		if (l->present == LF_NONE)
			continue;
		k = &known[l->present];
		x = integrity_of(l->status, lf_body_present(b, l->present)->proved);
		k->integrity = x < k->integrity ? (uint8_t)x : k->integrity;
		k->of_trail |= lf_select_trail(s, lf_body_digest(b, l->digest)->trail);
	}
}

/* Where no chain of its account and region covers a log, nothing is expected of digests. */
static void
unlisted(const struct lf_proof *p, struct known *known)
{
	for (uint32_t i = 0; i < p->unlisted.list.n; i++) {
		const struct lf_unlisted *u = lf_list_at(&p->unlisted.list, i);

		known[u->present].integrity = (uint8_t)(u->status == LF_L_UNDIGESTED && u->chain == LF_NO_CHAIN ?
		    LF_INTEGRITY_NONE : integrity_of(u->status, false));
	}
}

int
lf_integrity_judge(struct lf_timeline *t, const struct lf_proof *p, struct lf_err *err)
{
	uint32_t n = p->body.present.n;
	struct known *known = calloc((size_t)n + 1, sizeof(*known)), *k;

	if (known == NULL)
		return lf_err_nomem(err);
	for (uint32_t i = 0; i <= n; i++)
		known[i].integrity = LF_INTEGRITY_NONE;
	listed(&p->body, &t->select, known);
	unlisted(p, known);
	for (uint32_t i = 0; i < t->objects.rows.n; i++) {
		struct lf_timeline_object *o = lf_objects_at(&t->objects, i);

		k = &known[o->present == LF_NONE ? n : o->present];
		o->integrity = t->integrity ? k->integrity : LF_INTEGRITY_UNKNOWN;
		o->hidden = t->select.n_trails > 0 && !k->of_trail;
	}
	free(known);
	return 0;
}
