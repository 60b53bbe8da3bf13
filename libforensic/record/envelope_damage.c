/*
 * What is passed over, and where reading goes on.  Every try starts behind what the last one has read, so that all of
 * them together read a text a few times at most, whatever it holds.
 */
#include "record/envelope_walk.h"

#include "record/scan_map.h"

#define RECORD_MAX ((size_t)256 << 10) /* of a record, AWS user guide, "CloudTrail record contents" */

uint64_t
lf_envelope_found(const struct lf_envelope *e)
{
	return e->given + e->damage.strangers + e->damage.places;
}

size_t
lf_envelope_offset(const struct lf_envelope_text *t)
{
	return (size_t)(t->scan.text - t->text) + t->scan.at;
}

/* Offsets are those of the outermost text. */
void
lf_envelope_note(struct lf_envelope *e, const struct lf_envelope_text *t, const char *problem, size_t at)
{
	if (e->damage.problem != NULL)
		return;
	e->damage.problem = problem;
	e->damage.at = t == &e->texts[0] ? at : e->texts[0].item;
}

void
lf_envelope_stranger(struct lf_envelope *e, const struct lf_envelope_text *t, size_t at)
{
	e->damage.strangers++;
	lf_envelope_note(e, t, "a value that is no CloudTrail record", at);
}

void
lf_envelope_settle(struct lf_envelope *e, struct lf_envelope_text *t, size_t end)
{
	if (t->run == LF_ENVELOPE_NONE)
		return;
	e->damage.places++;
	e->damage.lost += end - t->run;
	t->run = LF_ENVELOPE_NONE;
}

int
lf_envelope_give(struct lf_envelope *e, const struct lf_envelope_text *t, const struct lf_event *out)
{
	for (unsigned i = 0; i < e->n; i++)
		lf_envelope_settle(e, &e->texts[i], e->texts[i].landing);
	e->given++;
	if (out->duplicate != NULL) {
		e->damage.duplicates++;
		lf_envelope_note(e, t, out->duplicate, e->csv ? e->history.csv.at : t->item);
	}
	return 1;
}

/* Goes on at the first fitting place from offset at on. */
static void
land(struct lf_envelope_text *t, size_t at, bool wrappers)
{
	const char *p = lf_envelope_seek(t->text + at, t->end, wrappers);

	t->n = 0;
	t->loose = true;
	t->named = false;
	t->next = p == NULL ? t->end : p;
	t->landing = (size_t)(t->next - t->text);
}

/*
 * A string whose closing quote is lost ends at the next quote, and that may be the one of the next record's first
 * name: then the record's { is in front of the error.  Offsets; not in front of floor.
 */
static size_t
before_quote(const struct lf_envelope_text *t, size_t floor, size_t at)
{
	size_t i = at;

	if (i <= floor || t->text[i - 1] != '"')
		return at;
	i--;
	while (i > floor && lf_scan_blanks(t->text + i - 1, t->text + i) == t->text + i)
		i--;
	return i > floor && t->text[i - 1] == '{' ? i - 1 : at;
}

/*
 * What a broken record has nested is not taken for records: the search goes on where it broke.  But what broke after
 * more bytes than a record can have may have swallowed others: that is looked through once more.
 */
void
lf_envelope_broken(struct lf_envelope *e, struct lf_envelope_text *t, size_t from, bool wrappers)
{
	size_t at = lf_envelope_offset(t), size = at - t->item;

	lf_envelope_note(e, t, t->scan.problem, at);
	if (t->run == LF_ENVELOPE_NONE)
		t->run = from;
	if (size > RECORD_MAX && t->budget >= size) {
		t->budget -= size;
		at = t->item + 1;
	} else if (size > 0) {
		at = before_quote(t, t->item + 1, at);
	}
	land(t, at, wrappers);
}

void
lf_envelope_junk(struct lf_envelope *e, struct lf_envelope_text *t, size_t from)
{
	lf_envelope_note(e, t, "bytes that are no JSON", from);
	t->run = from;
	land(t, from, true);
}

void
lf_envelope_missed(struct lf_envelope_text *t, size_t at)
{
	land(t, at, true);
}
