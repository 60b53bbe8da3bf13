#include "timeline/integrity.h"

#include <stdlib.h>
#include <string.h>

#include "proof/rows.h"
#include "timeline/state.h"

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
listed(const struct lf_body *b, uint8_t *known)
{
	for (uint32_t i = 0; i < b->listed.n; i++) {
		const struct lf_listed_row *l = lf_body_listed(b, i);
		enum lf_integrity x;

		if (l->present == LF_NONE)
			continue;
		x = integrity_of(l->status, lf_body_present(b, l->present)->proved);
		known[l->present] = x < known[l->present] ? (uint8_t)x : known[l->present];
	}
}

/* Where no chain of its account and region covers a log, nothing is expected of digests. */
static void
unlisted(const struct lf_proof *p, uint8_t *known)
{
	for (uint32_t i = 0; i < p->unlisted.list.n; i++) {
		const struct lf_unlisted *u = lf_list_at(&p->unlisted.list, i);

		known[u->present] = (uint8_t)(u->status == LF_L_UNDIGESTED && u->chain == LF_NO_CHAIN ? LF_INTEGRITY_NONE :
		    integrity_of(u->status, false));
	}
}

uint8_t *
lf_integrity_of_logs(const struct lf_proof *p, struct lf_err *err)
{
	uint8_t *known = malloc((size_t)p->body.present.n + 1);

	if (known == NULL) {
		lf_err_nomem(err);
		return NULL;
	}
	memset(known, LF_INTEGRITY_NONE, (size_t)p->body.present.n + 1);
	listed(&p->body, known);
	unlisted(p, known);
	return known;
}

bool *
lf_integrity_trails(const struct lf_proof *p, const struct lf_select *s, struct lf_err *err)
{
	const struct lf_body *b = &p->body;
	bool *of_trail = calloc((size_t)b->present.n + 1, sizeof(*of_trail));

	if (of_trail == NULL) {
		lf_err_nomem(err);
		return NULL;
	}
	for (uint32_t i = 0; i < b->listed.n; i++) {
		const struct lf_listed_row *l = lf_body_listed(b, i);

		if (l->present != LF_NONE)
			of_trail[l->present] |= lf_select_trail(s, lf_body_digest(b, l->digest)->trail);
	}
	return of_trail;
}

/* What else is asked of a log that is there. */
struct mark {
	/* no digest lists it, and it lies before the end of a chain of its: in a hole, not behind the end */
	bool hole;
	bool listed;   /* a digest lists it */
};

static void
mark_listed(const struct lf_body *b, struct mark *marks)
{
	for (uint32_t i = 0; i < b->listed.n; i++) {
		const struct lf_listed_row *l = lf_body_listed(b, i);

		if (l->present != LF_NONE)
			marks[l->present].listed = true;
	}
}

static void
mark_holes(const struct lf_proof *p, struct mark *marks)
{
	for (uint32_t i = 0; i < p->unlisted.list.n; i++) {
		const struct lf_unlisted *u = lf_list_at(&p->unlisted.list, i);
		const struct lf_chain *first;
		uint32_t n;

		if (u->status != LF_L_UNDIGESTED || u->class_unseen)
			continue;
		first = lf_chains_of(&p->chains, u->account, u->region, &n);
		for (const struct lf_chain *k = first; k < first + n; k++)
			marks[u->present].hole |= !k->backfill && k->n_covered > 0 && u->time != LF_TIME_NONE &&
			    u->time > k->covered[0].start && u->time < k->covered[k->n_covered - 1].end;
	}
}

/* Says where a digest vouches for the first gzip member, and others follow. */
static int
tell_behind(struct lf_timeline *t, const struct mark *marks, struct lf_err *err)
{
	for (uint32_t i = 0; i < t->behind.n; i++) {
		const struct lf_timeline_behind *b = lf_list_at(&t->behind, i);

		if (marks[b->present].listed && lf_timeline_skip(t, b->locator, strlen(b->locator),
		    "bytes behind the gzip member that a digest lists: no digest covers the events in them", err) != 0)
			return -1;
	}
	return 0;
}

int
lf_integrity_judge(struct lf_timeline *t, const struct lf_proof *p, struct lf_err *err)
{
	uint8_t *known = lf_integrity_of_logs(p, err);
	bool *of_trail = lf_integrity_trails(p, &t->select, err);
	struct mark *marks = calloc((size_t)p->body.present.n + 1, sizeof(*marks));
	int rc = known == NULL || of_trail == NULL || marks == NULL ? lf_err_nomem(err) : 0;

	if (rc == 0) {
		mark_listed(&p->body, marks);
		mark_holes(p, marks);
		rc = tell_behind(t, marks, err);
	}
	for (uint32_t i = 0; rc == 0 && i < t->objects.rows.n; i++) {
		struct lf_timeline_object *o = lf_objects_at(&t->objects, i);
		uint32_t at = o->present == LF_NONE ? p->body.present.n : o->present; /* the last is for objects that are no logs */

		o->integrity = t->integrity ? known[at] : LF_INTEGRITY_UNKNOWN;
		o->in_hole = marks[at].hole;
		o->hidden = t->select.n_trails > 0 && !of_trail[at];
	}
	if (rc == 0 && t->lineage != NULL && t->integrity)
		lf_lineage_prove(t->lineage, known, p->body.present.n);
	free(known);
	free(of_trail);
	free(marks);
	return rc;
}
