/*
 * Rows of trail-carve's records.jsonl whose record is not read: what is incomplete, and what stands in a whole file
 * beside.
 */
#include "record/carved.h"
#include "record/envelope_walk.h"

#include <string.h>

/* The members of a row, in their order. */
static const char *const members[] = {"event_id", "event_time", "state", "locations", "record"};
#define STATE  2
#define RECORD 4
#define NO_ROW 255

void
lf_envelope_beside(struct lf_envelope *e, bool beside)
{
	e->beside = beside;
}

static bool
reads_state(const struct lf_envelope *e, struct lf_envelope_text *t)
{
	struct lf_scan_mark here = lf_scan_mark(&t->scan);
	enum lf_token token = lf_scan_next(&t->scan);
	enum lf_carved_state state = token == LF_TOKEN_STRING ? lf_carved_state(t->scan.s, t->scan.len) : LF_CARVED_LOOSE;

	lf_scan_back(&t->scan, &here);
	return state == LF_CARVED_LOOSE || (state == LF_CARVED_WHOLE && !e->beside);
}

bool
lf_envelope_aside(const struct lf_envelope *e, struct lf_envelope_text *t, struct lf_envelope_level *l)
{
	const char *name;

	if (l->row > RECORD)
		return false;
	name = members[l->row];
	if (t->scan.len != strlen(name) || memcmp(t->scan.s, name, t->scan.len) != 0) {
		l->row = NO_ROW;
		return false;
	}
	if (l->row == STATE)
		l->aside = !reads_state(e, t);
	return l->row++ == RECORD && l->aside;
}
