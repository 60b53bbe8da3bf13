/* The walk: down into what may hold records, one step a token. */
#include "record/envelope_walk.h"

#include <string.h>

void
lf_envelope_open(struct lf_envelope *e, const char *text, size_t len)
{
	struct lf_envelope_text *t = &e->texts[e->n++];

	lf_scan_init(&t->scan, text, len);
	t->text = t->scan.text;
	t->end = t->scan.end;
	t->next = t->scan.p;
	t->n = 0;
	t->loose = t->named = t->down = t->stamped = t->shut = false;
	t->item = t->landing = t->counted = 0;
	t->run = LF_ENVELOPE_NONE;
	t->budget = (uint64_t)len * 4;
}

/*
 * Reads the object that was just entered as a record: 1, 0 when it is none or broken (then *broken is set).  own: it
 * begins as one, and counts as one wherever it broke.
 */
static int
read_record(struct lf_envelope *e, struct lf_envelope_text *t, const struct lf_envelope_level *l, bool own,
    struct lf_event *out, bool *broken)
{
	t->item = l->start;
	*broken = !lf_event_read(&t->scan, e->seed, out);
	if (*broken) {
		lf_envelope_broken(e, t, l->start, !own && !lf_event_is_record(out));
		return 0;
	}
	return lf_event_is_record(out) ? lf_envelope_give(e, t, out) : 0;
}

/* ---- Down into what may hold records ---- */

static bool
push(struct lf_envelope_text *t, const struct lf_envelope_level *l)
{
	if (t->n == LF_ENVELOPE_LEVELS)
		return false;
	t->levels[t->n++] = *l;
	return true;
}

/*
 * Passes over the value at t->item whose first token was just read; from: where the damage starts when it is broken,
 * wrappers as lf_envelope_broken() has it.
 */
static bool
skip(struct lf_envelope *e, struct lf_envelope_text *t, enum lf_token token, size_t from, bool wrappers)
{
	bool whole = lf_scan_skip(&t->scan, token);

	if (whole)
		lf_envelope_passed(e, t, t->item, t->scan.p);
	else
		lf_envelope_broken(e, t, from, wrappers);
	return whole;
}

/* The object whose { was just read; element: it stands where a record should. */
static int
enter_object(struct lf_envelope *e, struct lf_envelope_text *t, bool element, struct lf_event *out)
{
	struct lf_envelope_level l = {.element = element, .start = lf_envelope_offset(t),
	    .mark = lf_scan_mark(&t->scan), .before = lf_envelope_found(e)};
	bool broken;

	if (lf_envelope_peek(t->scan.p, t->end) == LF_ENVELOPE_OWN) {
		if (read_record(e, t, &l, true, out, &broken) > 0)
			return 1;
		if (broken)
			return 0;
		lf_scan_back(&t->scan, &l.mark);
		l.wrapper = true;
	}
	if (push(t, &l))
		return 0;
	t->item = l.start;
	if (skip(e, t, LF_TOKEN_OBJECT, l.start, true) && element && lf_envelope_found(e) == l.before)
		lf_envelope_stranger(e, t, l.start);
	return 0;
}

static bool
enter_array(struct lf_envelope *e, struct lf_envelope_text *t)
{
	struct lf_envelope_level l = {.array = true, .start = lf_envelope_offset(t), .before = lf_envelope_found(e)};

	return push(t, &l);
}

/* The string that was just read, as a text of its own: 1, 0 when it is none, -1. */
static int
enter_string(struct lf_envelope *e, struct lf_envelope_text *t)
{
	struct lf_buf *buf;

	if (t->shut || e->n == LF_ENVELOPE_TEXTS || !lf_envelope_is_json(t->scan.s, t->scan.len))
		return 0;
	buf = &e->texts[e->n].buf;
	lf_buf_reset(buf);
	lf_scan_unescape(t->scan.s, t->scan.len, buf);
	if (buf->failed)
		return -1;
	lf_envelope_open(e, buf->data, buf->len);
	return 1;
}

/* A value that stands where a record should, by its first token. */
static int
element(struct lf_envelope *e, struct lf_envelope_text *t, enum lf_token token, struct lf_event *out)
{
	size_t at = lf_envelope_offset(t);
	int rc;

	if (token == LF_TOKEN_ERROR) {
		lf_envelope_broken(e, t, t->item, true);
		return 0;
	}
	if (token == LF_TOKEN_OBJECT)
		return enter_object(e, t, true, out);
	if (token == LF_TOKEN_ARRAY && enter_array(e, t))
		return 0;
	if (token == LF_TOKEN_STRING && (rc = enter_string(e, t)) != 0)
		return rc > 0 ? 0 : -1;
	lf_envelope_stranger(e, t, at);
	if (!lf_scan_skip(&t->scan, token))
		lf_envelope_broken(e, t, at, true);
	return 0;
}

/* ---- Members of wrappers ---- */

/* Whether the container whose first byte was just read starts as a record, or as a list of them, does. */
static bool
holds_record(const struct lf_envelope_text *t, enum lf_token token)
{
	const char *p = t->scan.p;

	if (token == LF_TOKEN_ARRAY) {
		p = lf_scan_blanks(p, t->end);
		if (p == t->end || *p != '{')
			return false;
		p++;
	} else if (token != LF_TOKEN_OBJECT) {
		return false;
	}
	return lf_envelope_peek(p, t->end) == LF_ENVELOPE_OWN;
}

/* Where damage inside l starts: with l itself as long as nothing came of it. */
static size_t
loss_from(const struct lf_envelope *e, const struct lf_envelope_text *t, const struct lf_envelope_level *l)
{
	return lf_envelope_found(e) == l->before && !l->entered ? l->start : t->item;
}

/* Whether the member whose name was just read is one in which wrappers have records. */
static bool
is_down(struct lf_envelope_text *t, struct lf_envelope_level *l, enum lf_envelope_name name)
{
	return name == LF_ENVELOPE_DOWN ||
	    (name == LF_ENVELOPE_DETAIL && lf_envelope_origin(t, l) == LF_ENVELOPE_CLOUDTRAIL);
}

/* The value of a member, whose name was just read. */
static int
member(struct lf_envelope *e, struct lf_envelope_text *t, struct lf_envelope_level *l, enum lf_envelope_name name,
    struct lf_event *out)
{
	bool down = is_down(t, l, name);
	enum lf_token token = lf_scan_next(&t->scan);
	int rc;

	down |= name != LF_ENVELOPE_DETAIL && !l->wrapper && holds_record(t, token);
	if (token == LF_TOKEN_ERROR) {
		lf_envelope_broken(e, t, loss_from(e, t, l), true);
		return 0;
	}
	t->item = lf_envelope_offset(t);
	if (down && token == LF_TOKEN_OBJECT)
		return enter_object(e, t, false, out);
	if (down && token == LF_TOKEN_ARRAY && enter_array(e, t)) {
		l->entered = true;
		return 0;
	}
	if (down && token == LF_TOKEN_STRING && (rc = enter_string(e, t)) != 0)
		return rc > 0 ? 0 : -1;
	skip(e, t, token, loss_from(e, t, l), name != LF_ENVELOPE_DETAIL || down);
	return 0;
}

/* The end of an object: a stranger when nothing came of it. */
static void
leave_object(struct lf_envelope *e, struct lf_envelope_text *t)
{
	const struct lf_envelope_level *l = &t->levels[--t->n];
	bool nothing = lf_envelope_found(e) == l->before && !l->entered;

	if (t->n == 0 && t->run != LF_ENVELOPE_NONE && nothing)
		lf_envelope_missed(t, (size_t)(t->scan.p - t->text));
	else if (l->element && nothing)
		lf_envelope_stranger(e, t, l->start);
	if (t->n == 0 && !nothing)
		lf_envelope_settle(e, t, t->landing);
}

static int
object_step(struct lf_envelope *e, struct lf_envelope_text *t, struct lf_event *out)
{
	struct lf_envelope_level *l = &t->levels[t->n - 1], copy;
	enum lf_envelope_name name;
	struct lf_scan_mark here;
	enum lf_token token;
	bool broken;

	t->item = (size_t)(t->scan.p - t->text);
	token = lf_scan_next(&t->scan);
	if (token == LF_TOKEN_OBJECT_END) {
		leave_object(e, t);
		return 0;
	}
	if (token != LF_TOKEN_KEY) {
		lf_envelope_broken(e, t, loss_from(e, t, l), true);
		return 0;
	}
	name = lf_envelope_name(&t->scan);
	if (e->n == 1 && t->n == 1 && lf_envelope_aside(e, t, l)) {
		l->entered = true;
		if (!lf_scan_skip(&t->scan, lf_scan_next(&t->scan)))
			lf_envelope_broken(e, t, l->start, true);
		return 0;
	}
	l->form = name == LF_ENVELOPE_DOWN || name == LF_ENVELOPE_DETAIL ? (uint8_t)lf_envelope_name_form(&t->scan) : LF_FORM_LOG;
	if (name != LF_ENVELOPE_OWN || l->wrapper)
		return member(e, t, l, name, out);
	here = lf_scan_mark(&t->scan);
	copy = *l;
	l->wrapper = true;
	lf_scan_back(&t->scan, &l->mark);
	t->n--;
	if (read_record(e, t, &copy, false, out, &broken) > 0)
		return 1;
	if (broken)
		return 0;
	t->n++;
	lf_scan_back(&t->scan, &here);
	return member(e, t, l, name, out);
}

static int
array_step(struct lf_envelope *e, struct lf_envelope_text *t, struct lf_event *out)
{
	enum lf_token token;

	t->item = (size_t)(t->scan.p - t->text);
	token = lf_scan_next(&t->scan);
	if (token == LF_TOKEN_ARRAY_END) {
		t->n--;
		return 0;
	}
	return element(e, t, token, out);
}

/* ---- Values one after another ---- */

/* Whether what is being read lies in bytes that are counted as damaged already, once their end is known. */
static bool
is_counted(const struct lf_envelope *e)
{
	for (unsigned i = 0; i < e->n; i++)
		if (e->texts[i].run != LF_ENVELOPE_NONE)
			return true;
	return false;
}

/* Passes what may stand between two values; in front of a line's JSON, its time. */
static const char *
pass_between(struct lf_envelope *e, struct lf_envelope_text *t, const char *p)
{
	const char *json;

	for (;;) {
		p = lf_scan_blanks(p, t->end);
		if (p == t->end)
			return p;
		json = lf_envelope_stamped(p, t->end);
		if (json != NULL) {
			t->stamped = true;
			return json;
		}
		if (t->end - p >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
			p += 3;
			continue;
		}
		if (*p != ',' && *p != ']' && *p != '}')
			return p;
		if (!t->loose) {
			lf_envelope_note(e, t, "bytes behind the JSON text", (size_t)(p - t->text));
			if (!is_counted(e)) {
				e->damage.places++;
				e->damage.lost++;
			}
			t->loose = true;
		}
		t->named = t->down = false;
		p++;
	}
}

/* Behind damage a member may stand alone: passes its name. */
static bool
pass_name(struct lf_envelope_text *t, enum lf_token token)
{
	const char *p = lf_scan_blanks(t->scan.p, t->end);

	if (!t->loose || token != LF_TOKEN_STRING || p == t->end || *p != ':')
		return false;
	t->named = true;
	t->down = lf_envelope_name(&t->scan) == LF_ENVELOPE_DOWN;
	t->next = p + 1;
	return true;
}

static int
stream_step(struct lf_envelope *e, struct lf_envelope_text *t, struct lf_event *out)
{
	enum lf_token token;
	bool named, down;
	const char *p;

	t->stamped = false;
	p = pass_between(e, t, t->next != NULL ? t->next : t->scan.p);
	named = t->named;
	down = t->down;
	t->next = NULL;
	t->named = t->down = false;
	t->item = (size_t)(p - t->text);
	if (p == t->end) {
		lf_envelope_settle_last(e);
		e->n--;
		return 0;
	}
	if (*p != '{' && *p != '[' && *p != '"' && !named) {
		lf_envelope_junk(e, t, t->item);
		return 0;
	}
	if (t->loose) {
		lf_scan_init(&t->scan, p, (size_t)(t->end - p));
	} else {
		lf_scan_again(&t->scan);
		t->scan.p = p;
	}
	token = lf_scan_next(&t->scan);
	if (pass_name(t, token) || (named && token >= LF_TOKEN_STRING))
		return 0;
	if (named && !down && token != LF_TOKEN_ERROR) {
		skip(e, t, token, t->item, true);
		return 0;
	}
	return element(e, t, token, out);
}

int
lf_envelope_step(struct lf_envelope *e, struct lf_event *out)
{
	struct lf_envelope_text *t = &e->texts[e->n - 1];

	if (t->n == 0)
		return stream_step(e, t, out);
	return t->levels[t->n - 1].array ? array_step(e, t, out) : object_step(e, t, out);
}
