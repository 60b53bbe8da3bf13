/* Differences as one JSON document, written one after another: lists are complete, whatever their length. */
#include <string.h>

#include "base/text.h"
#include "report/diff_form.h"
#include "report/diff_say.h"
#include "report/json_parts.h"

static const char *const sides[] = {"a", "b"};

/* null for a text that is not there. */
static void
text(struct lf_jsonw *w, const char *name, struct lf_slice v)
{
	if (v.len == 0)
		lf_jsonw_null(w, name);
	else
		lf_jsonw_bytes(w, name, v.s, v.len);
}

static void
number(struct lf_jsonw *w, const char *name, uint64_t n)
{
	lf_jsonw_int(w, name, (int64_t)n);
}

/* ---- What was compared, and what came of it ---- */

static void
operands(struct lf_jsonw *w, const struct lf_diff *d)
{
	for (unsigned side = 0; side < 2; side++) {
		lf_jsonw_array_flat(w, sides[side]);
		for (size_t i = 0; lf_diff_operand(d, side, i) != NULL; i++)
			lf_jsonw_string(w, NULL, lf_diff_operand(d, side, i));
		lf_jsonw_end(w);
	}
	lf_jsonw_array_flat(w, "ignored");
	for (size_t i = 0; lf_diff_ignored(d, i) != NULL; i++)
		lf_jsonw_string(w, NULL, lf_diff_ignored(d, i));
	lf_jsonw_end(w);
}

static void
window(struct lf_jsonw *w, const struct lf_diff_summary *s)
{
	if (s->first == LF_TIME_NONE) {
		lf_jsonw_null(w, "common_window");
		return;
	}
	lf_jsonw_object_flat(w, "common_window");
	lf_jsonw_time(w, "start", s->first);
	lf_jsonw_time(w, "end", s->last);
	lf_jsonw_end(w);
}

static void
both(struct lf_jsonw *w, const char *name, const uint64_t n[2])
{
	lf_jsonw_object_flat(w, name);
	number(w, "a", n[0]);
	number(w, "b", n[1]);
	lf_jsonw_end(w);
}

static void
side_counts(struct lf_jsonw *w, const struct lf_diff_summary *s, unsigned side)
{
	lf_jsonw_object_flat(w, sides[side]);
	number(w, "events", s->side[side].events);
	number(w, "duplicates", s->side[side].duplicates);
	number(w, "objects", s->side[side].objects);
	number(w, "not_opened", s->side[side].dated);
	number(w, "skipped", s->side[side].skipped);
	lf_jsonw_time(w, "first", s->side[side].first);
	lf_jsonw_time(w, "last", s->side[side].last);
	lf_jsonw_end(w);
}

static void
event_counts(struct lf_jsonw *w, const struct lf_diff_summary *s)
{
	lf_jsonw_object(w, "events");
	number(w, "same", s->same);
	number(w, "changed", s->changed);
	number(w, "compared_in_part", s->partial);
	number(w, "only_in_a", s->only[0]);
	number(w, "only_in_b", s->only[1]);
	both(w, "outside_common_window", s->outside);
	both(w, "not_comparable", s->not_comparable);
	lf_jsonw_end(w);
}

static void
object_counts(struct lf_jsonw *w, const struct lf_diff_summary *s)
{
	lf_jsonw_object(w, "objects");
	number(w, "same", s->objects_same);
	number(w, "changed", s->objects_changed);
	number(w, "only_in_a", s->objects_only[0]);
	number(w, "only_in_b", s->objects_only[1]);
	both(w, "outside_common_window", s->objects_outside);
	number(w, "unread", s->objects_unread);
	lf_jsonw_end(w);
}

static void
summary(struct lf_jsonw *w, const struct lf_diff_summary *s)
{
	lf_jsonw_object(w, "summary");
	if (s->events_compared)
		event_counts(w, s);
	else
		lf_jsonw_null(w, "events");
	if (s->objects_compared)
		object_counts(w, s);
	else
		lf_jsonw_null(w, "objects");
	side_counts(w, s, 0);
	side_counts(w, s, 1);
	lf_jsonw_end(w);
}

/* ---- One difference ---- */

static void
integrity(struct lf_jsonw *w, const struct lf_diff_place *p)
{
	lf_jsonw_string(w, "integrity", p->integrity == LF_INTEGRITY_UNKNOWN ? NULL : lf_integrity_names[p->integrity]);
}

/* Where one side of a difference lies: members of the open object. */
static void
place(struct lf_jsonw *w, const struct lf_diff_row *row, unsigned side)
{
	const struct lf_diff_place *p = &row->side[side];
	char hex[2 * LF_SHA256_LEN + 1];

	lf_jsonw_bytes(w, "locator", p->locator.s, p->locator.len);
	if (!lf_diff_is_object(row->kind))
		lf_jsonw_int(w, "record_index", p->record);
	if (p->hash != NULL) {
		lf_hex_encode(p->hash, LF_SHA256_LEN, hex);
		lf_jsonw_string(w, "sha256", hex);
	}
	integrity(w, p);
	if (row->partial[side])
		lf_jsonw_bool(w, "partial", true);
}

static void
fields(struct lf_jsonw *w, const struct lf_diff_row *row)
{
	static const char *const cut[] = {"a_cut", "b_cut"};
	struct lf_diff_field f;
	size_t cursor = 0;

	lf_jsonw_array(w, "fields");
	while (lf_diff_field(row, &cursor, &f)) {
		lf_jsonw_object_flat(w, NULL);
		lf_jsonw_bytes(w, "path", f.path.s, f.path.len);
		for (unsigned i = 0; i < 2; i++)
			if (f.value[i].s != NULL)
				lf_jsonw_value(w, sides[i], f.value[i].s, f.value[i].len);
		for (unsigned i = 0; i < 2; i++)
			if (f.cut[i])
				lf_jsonw_bool(w, cut[i], true);
		lf_jsonw_end(w);
	}
	lf_jsonw_end(w);
	if (row->fields_left_out > 0)
		number(w, "fields_left_out", row->fields_left_out);
}

static void
event(struct lf_jsonw *w, const struct lf_diff_row *row)
{
	char time[LF_TIME_TEXT_LEN];

	text(w, "event_id", row->text[LF_DIFF_ID]);
	text(w, "account_id", row->text[LF_DIFF_ACCOUNT]);
	if (row->time == LF_TIME_NONE)
		lf_jsonw_null(w, "event_time");
	else
		lf_jsonw_bytes(w, "event_time", time, lf_time_text(row->time, row->nanos, time));
	text(w, "region", row->text[LF_DIFF_REGION]);
	text(w, "event_source", row->text[LF_DIFF_SOURCE]);
	text(w, "event_name", row->text[LF_DIFF_NAME]);
	text(w, "principal", row->text[LF_DIFF_PRINCIPAL]);
}

/* Whether a kind has both sides in one list, so that each must say which it is. */
static bool
names_side(enum lf_diff_kind kind)
{
	return kind == LF_DIFF_OUTSIDE || kind == LF_DIFF_NOT_COMPARABLE || kind == LF_DIFF_OBJECT_OUTSIDE;
}

static void
difference(struct lf_jsonw *w, const struct lf_diff_row *row)
{
	bool changed = row->kind == LF_DIFF_CHANGED || row->kind == LF_DIFF_OBJECT_CHANGED;
	unsigned side = row->side[0].there ? 0 : 1;

	if (changed)
		lf_jsonw_object(w, NULL);
	else
		lf_jsonw_object_flat(w, NULL);
	if (lf_diff_is_object(row->kind))
		lf_jsonw_bytes(w, "key", row->key.s, row->key.len);
	else
		event(w, row);
	if (names_side(row->kind))
		lf_jsonw_string(w, "side", sides[side]);
	if (!changed)
		place(w, row, side);
	if (row->reason != NULL || row->kind == LF_DIFF_NOT_COMPARABLE)
		lf_jsonw_string(w, "reason", row->reason);
	for (unsigned i = 0; changed && i < 2; i++) {
		lf_jsonw_object_flat(w, sides[i]);
		place(w, row, i);
		lf_jsonw_end(w);
	}
	if (row->kind == LF_DIFF_CHANGED)
		fields(w, row);
	lf_jsonw_end(w);
}

/* ---- The lists ---- */

/*
 * The lists of a kind of things, which are open one after another: rows come in the order of the kinds.  *row is the
 * next row, *more whether there is one.
 */
static int
lists(struct lf_jsonw *w, struct lf_diff *d, enum lf_diff_kind from, enum lf_diff_kind to, struct lf_diff_row *row,
    int *more, struct lf_err *err)
{
	for (enum lf_diff_kind kind = from; kind <= to; kind++) {
		lf_jsonw_array(w, lf_diff_kind_names[kind]);
		while (*more > 0 && row->kind == kind && w->error == 0) {
			difference(w, row);
			*more = lf_diff_next(d, row, err);
		}
		lf_jsonw_end(w);
	}
	return *more < 0 ? -1 : 0;
}

static void
nulls(struct lf_jsonw *w)
{
	for (enum lf_diff_kind kind = LF_DIFF_CHANGED; kind <= LF_DIFF_NOT_COMPARABLE; kind++)
		lf_jsonw_null(w, lf_diff_kind_names[kind]);
}

static int
differences(struct lf_jsonw *w, struct lf_diff *d, struct lf_err *err)
{
	const struct lf_diff_summary *s = lf_diff_summary(d);
	struct lf_diff_row row;
	int more;

	if (lf_diff_rewind(d, err) != 0 || (more = lf_diff_next(d, &row, err)) < 0)
		return -1;
	if (!s->events_compared)
		nulls(w);
	else if (lists(w, d, LF_DIFF_CHANGED, LF_DIFF_NOT_COMPARABLE, &row, &more, err) != 0)
		return -1;
	if (!s->objects_compared) {
		lf_jsonw_null(w, "objects");
		return 0;
	}
	lf_jsonw_object(w, "objects");
	if (lists(w, d, LF_DIFF_OBJECT_CHANGED, LF_DIFF_OBJECT_OUTSIDE, &row, &more, err) != 0)
		return -1;
	lf_jsonw_end(w);
	return 0;
}

static void
skipped(struct lf_jsonw *w, const struct lf_diff *d)
{
	struct lf_diff_skip s;

	lf_jsonw_array(w, "findings");
	lf_jsonw_end(w);
	lf_jsonw_array(w, "skipped");
	for (unsigned side = 0; side < 2; side++) {
		for (uint32_t i = 0; lf_diff_skipped(d, side, i, &s); i++) {
			lf_jsonw_object_flat(w, NULL);
			lf_jsonw_string(w, "side", sides[side]);
			lf_jsonw_string(w, "locator", s.locator);
			lf_jsonw_string(w, "reason", s.reason);
			lf_jsonw_end(w);
		}
	}
	lf_jsonw_end(w);
}

static void
limits(struct lf_jsonw *w)
{
	lf_jsonw_array(w, "limits");
	lf_json_limits(w, lf_diff_limit_text);
	lf_jsonw_end(w);
}

int
lf_diff_as_json(struct lf_diff *d, bool stat, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err)
{
	struct lf_jsonw w;

	lf_jsonw_init(&w, write, arg);
	lf_jsonw_object(&w, NULL);
	lf_json_head(&w, "trail-diff", lf_diff_verdict(d), lf_diff_select(d), o);
	lf_jsonw_string(&w, "result", lf_diff_result_name(lf_diff_verdict(d)));
	operands(&w, d);
	window(&w, lf_diff_summary(d));
	summary(&w, lf_diff_summary(d));
	limits(&w);
	if (!stat && differences(&w, d, err) != 0) {
		lf_buf_free(&w.buf);
		return -1;
	}
	skipped(&w, d);
	lf_jsonw_end(&w);
	return lf_jsonw_finish(&w, err);
}
