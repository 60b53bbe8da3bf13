/*
 * What is passed over, and where reading goes on.  Every try starts behind what the last one has read, so that all of
 * them together read a text a few times at most, whatever it holds.
 */
#include "record/envelope_walk.h"

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
lf_envelope_passed(struct lf_envelope *e, const struct lf_envelope_text *t, size_t at, const char *end)
{
	const char *p = t->text + at;

	if (!lf_envelope_hints(p, (size_t)(end - p)))
		return;
	e->damage.strangers++;
	lf_envelope_note(e, t, "a value that is passed over, and seems to hold records", at);
}

void
lf_envelope_settle(struct lf_envelope *e, struct lf_envelope_text *t, size_t end)
{
	if (t->run == LF_ENVELOPE_NONE)
		return;
	e->damage.places++;
	e->damage.lost += end - t->run;
	t->run = LF_ENVELOPE_NONE;
	t->counted = end;
}

void
lf_envelope_settle_last(struct lf_envelope *e)
{
	struct lf_envelope_text *t = &e->texts[e->n - 1];

	if (t->run == LF_ENVELOPE_NONE)
		return;
	for (unsigned i = 0; i + 1 < e->n; i++) {
		lf_envelope_settle(e, &e->texts[i], e->texts[i].landing);
		e->texts[i].counted = (size_t)(e->texts[i].scan.p - e->texts[i].text);
	}
	lf_envelope_settle(e, t, (size_t)(t->end - t->text));
}

/* Damage begins at an offset, where none is pending. */
static void
begin(struct lf_envelope_text *t, size_t from)
{
	if (t->run == LF_ENVELOPE_NONE)
		t->run = from > t->counted ? from : t->counted;
}

int
lf_envelope_give(struct lf_envelope *e, const struct lf_envelope_text *t, const struct lf_event *out)
{
	for (unsigned i = 0; i < e->n; i++) {
		lf_envelope_settle(e, &e->texts[i], e->texts[i].landing);
		e->texts[i].shut = false;
	}
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
	const char *p = lf_envelope_seek(t, t->text + at, wrappers);

	t->n = 0;
	t->loose = true;
	t->named = t->down = false;
	t->next = p == NULL ? t->end : p;
	t->landing = (size_t)(t->next - t->text);
	if (t->run > t->landing)
		t->run = t->landing;
}

/* Up to where all was tried already. */
static size_t
tried(const struct lf_envelope_text *t)
{
	return t->loose ? t->landing + 1 : 0;
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
	begin(t, from);
	t->shut |= !wrappers;
	if (size > LF_ENVELOPE_RECORD && t->budget >= size) {
		t->budget -= size;
		at = t->item + 1;
	} else {
		at = lf_envelope_before_quote(t, at, tried(t));
	}
	land(t, at, wrappers);
}

void
lf_envelope_junk(struct lf_envelope *e, struct lf_envelope_text *t, size_t from)
{
	lf_envelope_note(e, t, "bytes that are no JSON", from);
	begin(t, from);
	land(t, lf_envelope_before_quote(t, from, tried(t)), true);
}

void
lf_envelope_missed(struct lf_envelope_text *t, size_t at)
{
	land(t, at, true);
}
