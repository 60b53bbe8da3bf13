#include "report/diff_say.h"

#include <stdio.h>
#include <string.h>

#include "base/utc.h"
#include "report/text_parts.h"

#define FEW 5 /* events of one side: the list shows where they are */

static const char sides[] = "AB";

const char *
lf_diff_result_name(enum lf_verdict v)
{
	static const char *const names[] = {"same", "differ", "inconclusive"};

	return names[v];
}

const char *
lf_diff_title(enum lf_diff_kind kind)
{
	static const char *const titles[LF_DIFF_KINDS] = {"Events changed", "Events only in A", "Events only in B",
	    "Events outside the common window", "Events not comparable", "Objects changed", "Objects only in A",
	    "Objects only in B", "Objects outside the common window"};

	return titles[kind];
}

bool
lf_diff_is_object(enum lf_diff_kind kind)
{
	return kind >= LF_DIFF_OBJECT_CHANGED;
}

uint64_t
lf_diff_count(const struct lf_diff_summary *s, enum lf_diff_kind kind)
{
	switch (kind) {
	case LF_DIFF_CHANGED:
		return s->changed;
	case LF_DIFF_ONLY_A:
	case LF_DIFF_ONLY_B:
		return s->only[kind - LF_DIFF_ONLY_A];
	case LF_DIFF_OUTSIDE:
		return s->outside[0] + s->outside[1];
	case LF_DIFF_NOT_COMPARABLE:
		return s->not_comparable[0] + s->not_comparable[1];
	case LF_DIFF_OBJECT_CHANGED:
		return s->objects_changed;
	case LF_DIFF_OBJECT_ONLY_A:
	case LF_DIFF_OBJECT_ONLY_B:
		return s->objects_only[kind - LF_DIFF_OBJECT_ONLY_A];
	case LF_DIFF_OBJECT_OUTSIDE:
		return s->objects_outside[0] + s->objects_outside[1];
	case LF_DIFF_KINDS:
		break;
	}
	return 0;
}

/* ---- What differs ---- */

/* "3 events changed, 2 only in A": the noun stands with the first that is not 0. */
static void
differences(const char *noun, uint64_t changed, const uint64_t only[2], struct lf_buf *out)
{
	const struct {
		uint64_t n;
		const char *what;
	} part[] = {{changed, "changed"}, {only[0], "only in A"}, {only[1], "only in B"}};
	bool first = true;
	char text[48];

	for (size_t i = 0; i < sizeof(part) / sizeof(part[0]); i++) {
		if (part[i].n == 0)
			continue;
		if (first)
			lf_buf_printf(out, "%s%s %s", out->len > 0 ? "; " : "", lf_plural(part[i].n, noun, text), part[i].what);
		else
			lf_buf_printf(out, ", %llu %s", (unsigned long long)part[i].n, part[i].what);
		first = false;
	}
}

/* Appends what differs: "3 events changed, 2 only in A; 1 object changed"; nothing when nothing does. */
static void
say_differences(const struct lf_diff_summary *s, struct lf_buf *out)
{
	struct lf_buf all;

	lf_buf_init(&all);
	differences("event", s->changed, s->only, &all);
	differences("object", s->objects_changed, s->objects_only, &all);
	lf_buf_puts(out, lf_buf_str(&all));
	out->failed |= all.failed;
	lf_buf_free(&all);
}

/* Whether a selection leaves anything out. */
static bool
is_part(const struct lf_select *s)
{
	return s->n_accounts + s->n_regions + s->n_trails + s->shards > 0 || s->since != LF_TIME_NONE ||
	    s->until != LF_TIME_NONE;
}

/* A further reason. */
static void
doubt(struct lf_buf *out, size_t from, const char *text)
{
	if (out->len > from)
		lf_buf_puts(out, "; ");
	lf_buf_puts(out, text);
}

void
lf_diff_say_doubts(const struct lf_diff *d, struct lf_buf *out)
{
	const struct lf_diff_summary *s = lf_diff_summary(d);
	const char *part = is_part(lf_diff_select(d)) ? " of what was asked for" : "";
	uint64_t hidden = lf_diff_count(s, LF_DIFF_NOT_COMPARABLE);
	size_t from = out->len;
	char text[128], number[48];

	for (unsigned i = 0; i < 2; i++) {
		if (s->events_compared && s->side[i].events == 0) {
			snprintf(text, sizeof(text), "side %c holds no events%s", sides[i], part);
			doubt(out, from, text);
		}
	}
	if (s->events_compared && s->side[0].events > 0 && s->side[1].events > 0 && s->first == LF_TIME_NONE)
		doubt(out, from, "the sides have no time in common");
	if (hidden > 0) {
		snprintf(text, sizeof(text), "%s %s not comparable", lf_plural(hidden, "event", number), hidden == 1 ? "is" : "are");
		doubt(out, from, text);
	}
	for (unsigned i = 0; i < 2; i++) {
		if (s->side[i].skipped == 0)
			continue;
		snprintf(text, sizeof(text), "%s of %c could not be read in full",
		    lf_plural(s->side[i].skipped, "object", number), sides[i]);
		doubt(out, from, text);
	}
	if (!s->events_compared && !s->objects_compared)
		doubt(out, from, "nothing was compared");
}

void
lf_diff_say_meaning(const struct lf_diff *d, struct lf_buf *out)
{
	const struct lf_diff_summary *s = lf_diff_summary(d);
	enum lf_verdict v = lf_diff_verdict(d);
	uint64_t outside = s->outside[0] + s->outside[1];
	size_t from;
	char text[2][48];

	if (v == LF_FINDINGS) {
		say_differences(s, out);
	} else if (v == LF_INCONCLUSIVE) {
		lf_buf_puts(out, "no difference was found, but ");
		from = out->len;
		lf_diff_say_doubts(d, out);
		if (out->len == from)
			lf_buf_puts(out, "not all could be compared");
	} else {
		if (s->events_compared)
			lf_buf_puts(out, lf_plural(s->same, "event", text[0]));
		if (s->objects_compared)
			lf_buf_printf(out, "%s%s", s->events_compared ? " and " : "", lf_plural(s->objects_same, "object", text[1]));
		lf_buf_puts(out, " on both sides, without a difference");
		if (outside > 0)
			lf_buf_printf(out, "; %s outside the time that both sides cover %s not judged", lf_plural(outside, "event", text[0]),
			    outside == 1 ? "is" : "are");
	}
	if (s->partial > 0)
		lf_buf_printf(out, "; %s of a console CSV %s compared on the members it has", lf_plural(s->partial, "event", text[0]),
		    s->partial == 1 ? "was" : "were");
	lf_buf_putc(out, '.');
}

void
lf_diff_say_side(const struct lf_diff_summary *s, unsigned side, struct lf_buf *out)
{
	char text[2][48], first[LF_UTC_LEN], last[LF_UTC_LEN];

	if (s->events_compared)
		lf_buf_printf(out, "%s, ", lf_plural(s->side[side].events, "event", text[0]));
	lf_buf_printf(out, "%s read", lf_plural(s->side[side].objects, "object", text[1]));
	if (s->side[side].first != LF_TIME_NONE)
		lf_buf_printf(out, ", %s to %s", lf_utc_format(s->side[side].first, first), lf_utc_format(s->side[side].last, last));
	if (s->side[side].duplicates > 0)
		lf_buf_printf(out, "; %s of them further copies", lf_plural(s->side[side].duplicates, "event", text[0]));
	if (s->side[side].dated > 0)
		lf_buf_printf(out, "; %s not opened, for their dates", lf_plural(s->side[side].dated, "object", text[0]));
}

/* ---- What is proved ---- */

const char *
lf_diff_proof(const struct lf_diff_row *row)
{
	static const char *const texts[2][2] = {
	    {"Neither side is proved.",
		"Side B is proved: it is what CloudTrail delivered. Side A says otherwise, and is not proved."},
	    {"Side A is proved: it is what CloudTrail delivered. Side B says otherwise, and is not proved.",
		"Both sides are proved: CloudTrail delivered the event twice, and not alike."}};

	if (row->side[0].integrity == LF_INTEGRITY_UNKNOWN || row->side[1].integrity == LF_INTEGRITY_UNKNOWN)
		return NULL;
	return texts[row->side[0].integrity == LF_INTEGRITY_VERIFIED][row->side[1].integrity == LF_INTEGRITY_VERIFIED];
}

int
lf_diff_tally(struct lf_diff *d, struct lf_diff_tally *out, struct lf_err *err)
{
	const struct lf_diff_place *a, *b;
	struct lf_diff_row row;
	int rc;

	memset(out, 0, sizeof(*out));
	if (lf_diff_rewind(d, err) != 0)
		return -1;
	while ((rc = lf_diff_next(d, &row, err)) > 0 && row.kind <= LF_DIFF_ONLY_B) {
		a = &row.side[0];
		b = &row.side[1];
		if (row.kind != LF_DIFF_CHANGED)
			lf_diff_places_add(&out->places, &row, row.kind - LF_DIFF_ONLY_A);
		if ((a->there ? a : b)->integrity == LF_INTEGRITY_UNKNOWN)
			continue;
		out->asked = true;
		if (row.kind == LF_DIFF_CHANGED)
			out->changed[a->integrity == LF_INTEGRITY_VERIFIED][b->integrity == LF_INTEGRITY_VERIFIED]++;
		else
			out->only[row.kind - LF_DIFF_ONLY_A][row.side[row.kind - LF_DIFF_ONLY_A].integrity]++;
	}
	return rc < 0 ? -1 : 0;
}

void
lf_diff_say_tally(const struct lf_diff_tally *t, void (*say)(void *arg, const char *sentence), void *arg)
{
	static const char *const proved[2][2] = {{"on neither side", "on side B only"}, {"on side A only", "on both sides"}};
	char text[192], number[48];

	for (unsigned i = 0; t->asked && i < 4; i++) {
		uint64_t n = t->changed[i >> 1][i & 1];

		if (n == 0)
			continue;
		snprintf(text, sizeof(text), "%s: proved %s.", lf_plural(n, "changed event", number), proved[i >> 1][i & 1]);
		say(arg, text);
	}
	for (unsigned side = 0; t->asked && side < 2; side++) {
		uint64_t n = 0, good = t->only[side][LF_INTEGRITY_VERIFIED];

		for (size_t i = 0; i < LF_INTEGRITY_UNKNOWN; i++)
			n += t->only[side][i];
		if (n == 0)
			continue;
		snprintf(text, sizeof(text), "%s only in %c: %llu proved to be CloudTrail's, %llu not proved.",
		    lf_plural(n, "event", number), sides[side], (unsigned long long)good,
		    (unsigned long long)(n - good));
		say(arg, text);
	}
}

/* Two sides of which no object has a key in common: all of them are on one side only, whatever they hold. */
static bool
nothing_in_common(const struct lf_diff_summary *s)
{
	return s->objects_compared && s->objects_same + s->objects_changed + s->objects_unread == 0 &&
	    s->objects_only[0] > 0 && s->objects_only[1] > 0;
}

void
lf_diff_say_hints(const struct lf_diff *d, const struct lf_diff_tally *t, void (*say)(void *arg, const char *sentence),
    void *arg)
{
	const struct lf_diff_summary *s = lf_diff_summary(d);
	struct lf_buf text;

	lf_buf_init(&text);
	for (unsigned side = 0; side < 2; side++) {
		if (s->only[side] <= FEW)
			continue;
		lf_buf_reset(&text);
		lf_buf_printf(&text, "Events only in %c, by account and region: ", sides[side]);
		lf_diff_places_say(&t->places, side, &text);
		lf_buf_putc(&text, '.');
		if (!text.failed)
			say(arg, lf_buf_str(&text));
	}
	if (nothing_in_common(s))
		say(arg,
		    "No object has the same key on both sides: they come from other buckets, prefixes or organizations, or were "
		    "renamed. --events compares what they hold.");
	lf_buf_free(&text);
}

const char *
lf_diff_limit_text(size_t i)
{
	static const char *const limits[] = {
	    ("That two sides are the same does not make them genuine: both may have been altered alike. Give -k, or run "
	    "trail-verify over each."),
	    "What was removed from both sides leaves no difference.",
	    "Events outside the time that both sides cover are listed, and not judged: nothing stands against them.",
	};

	return i < sizeof(limits) / sizeof(limits[0]) ? limits[i] : NULL;
}
