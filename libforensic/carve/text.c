#include "carve/text.h"

#include <stdlib.h>
#include <string.h>

#include "carve/genuine.h"
#include "carve/text_walk.h"
#include "record/digest.h"

#define FIRST  ((size_t)16 << 10) /* bytes that are decoded at first: four times as many when that is not all */
#define NEAR   64u /* what breaks this close to the end of the bytes may only have been cut there */
#define OBJECTS 256u

/* What the object that a brace opens turned out to be. */
struct object {
	bool used, found, digest; /* digest: what was asked */
	uint64_t brace;
	struct lf_coding coding;
	enum lf_reject reject;
};

struct lf_text {
	size_t max_record, max_log;
	struct lf_walk_seen seen;
	struct object objects[OBJECTS];
	struct lf_decoded decoded;
};

struct lf_text *
lf_text_new(size_t max_record, size_t max_log, struct lf_err *err)
{
	struct lf_text *t = calloc(1, sizeof(*t));

	if (t == NULL) {
		lf_err_nomem(err);
		return NULL;
	}
	t->max_record = max_record;
	t->max_log = max_log;
	return t;
}

void
lf_text_free(struct lf_text *t)
{
	if (t != NULL)
		lf_decoded_free(&t->decoded);
	free(t);
}

void
lf_text_reset(struct lf_text *t)
{
	memset(&t->seen, 0, sizeof(t->seen));
	memset(t->objects, 0, sizeof(t->objects));
}

/* ---- Objects that were looked at ---- */

static struct object *
slot(struct lf_text *t, uint64_t brace)
{
	return &t->objects[(size_t)(brace * UINT64_C(0x9e3779b97f4a7c15) >> 56) % OBJECTS];
}

static bool
same_coding(const struct lf_coding *a, const struct lf_coding *b)
{
	return a->unit == b->unit && a->big == b->big && a->level == b->level;
}

static const struct object *
recall(struct lf_text *t, uint64_t brace, const struct lf_coding *c, bool digest)
{
	const struct object *o = slot(t, brace);

	return o->used && o->brace == brace && o->digest == digest && same_coding(&o->coding, c) ? o : NULL;
}

static void
remember(struct lf_text *t, uint64_t brace, bool digest, const struct lf_text_found *f)
{
	*slot(t, brace) = (struct object){true, f->outcome != LF_TEXT_NONE, digest, brace, f->coding, f->reject};
}

/* ---- Forward ---- */

/* Where reading ended. */
enum end {
	END_WHOLE,  /* *len bytes are the value */
	END_BROKEN, /* at *len there is no JSON any more */
	END_OPEN    /* all bytes were read, and the value goes on */
};

/* Decodes raw bytes of the view from from on, as far as raw of them go.  *more is whether the view has more. */
static int
decode(struct lf_text *t, struct lf_view *v, const struct lf_coding *c, uint64_t from, size_t raw, bool *more,
    struct lf_err *err)
{
	size_t got;
	const unsigned char *bytes = lf_view_at(v, from, raw, &got);

	*more = got == raw;
	if (bytes == NULL || lf_coding_decode(c, bytes, got, &t->decoded) < 0)
		return lf_err_nomem(err);
	return 0;
}

/* Reads the record at the beginning of the text. */
static enum end
read_record(struct lf_text *t, struct lf_event *event, size_t *len)
{
	struct lf_scan s;

	memset(event, 0, sizeof(*event));
	lf_scan_init(&s, t->decoded.s, t->decoded.len);
	if (lf_scan_next(&s) == LF_TOKEN_OBJECT && lf_event_read(&s, NULL, event)) {
		*len = event->raw.len;
		return END_WHOLE;
	}
	*len = s.at < t->decoded.len ? s.at : t->decoded.len;
	return *len + NEAR >= t->decoded.len ? END_OPEN : END_BROKEN;
}

/* The same for any value that nobody looks into. */
static enum end
read_value(struct lf_text *t, size_t *len)
{
	struct lf_scan s;

	lf_scan_init(&s, t->decoded.s, t->decoded.len);
	if (lf_scan_skip(&s, lf_scan_next(&s))) {
		*len = (size_t)(s.p - t->decoded.s);
		return END_WHOLE;
	}
	*len = s.at < t->decoded.len ? s.at : t->decoded.len;
	return *len + NEAR >= t->decoded.len ? END_OPEN : END_BROKEN;
}

/* Decodes from from on until the value is whole, broken, or larger than max.  event NULL: it is not looked into. */
static int
read_text(struct lf_text *t, struct lf_view *v, const struct lf_coding *c, uint64_t from, size_t max,
    struct lf_event *event, enum end *end, size_t *len, struct lf_err *err)
{
	bool more = true;

	for (size_t raw = FIRST;; raw *= 4) {
		size_t most = max << (c->unit - 1 + (c->level > 0));

		if (raw > most)
			raw = most;
		if (decode(t, v, c, from, raw, &more, err) < 0)
			return -1;
		*end = event != NULL ? read_record(t, event, len) : read_value(t, len);
		if (*end != END_OPEN || !more || raw == most)
			return 0;
	}
}

/* ---- What it is ---- */

static void
set(struct lf_text *t, struct lf_text_found *out, enum lf_text_outcome outcome, uint64_t from, size_t len)
{
	out->outcome = outcome;
	out->from = from;
	out->to = from + lf_decoded_raw(&t->decoded, len);
	out->text = t->decoded.s;
	out->len = len;
}

static int
judge_record(struct lf_text *t, struct lf_view *v, uint64_t brace, struct lf_text_found *out, struct lf_err *err)
{
	enum end end;
	size_t len;

	if (read_text(t, v, &out->coding, brace, t->max_record, &out->event, &end, &len, err) < 0)
		return -1;
	if (end == END_WHOLE && len <= t->max_record && lf_genuine_record(&out->event))
		set(t, out, LF_TEXT_RECORD, brace, len);
	else if (end == END_WHOLE)
		out->reject = len > t->max_record ? LF_REJECT_SIZE : LF_REJECT_LOOKALIKE;
	else if (len >= t->max_record)
		out->reject = LF_REJECT_SIZE;
	else if (lf_genuine_fragment(&out->event))
		set(t, out, LF_TEXT_FRAGMENT, brace, len);
	else
		out->reject = LF_REJECT_BROKEN;
	return 0;
}

static int
judge_digest(struct lf_text *t, struct lf_view *v, uint64_t brace, struct lf_text_found *out, struct lf_err *err)
{
	struct lf_digest *d = NULL;
	char problem[256];
	enum end end;
	size_t len;

	out->reject = LF_REJECT_BROKEN;
	if (read_text(t, v, &out->coding, brace, t->max_log, NULL, &end, &len, err) < 0)
		return -1;
	if (end != END_WHOLE)
		return 0;
	out->reject = LF_REJECT_LOOKALIKE;
	if (lf_digest_parse(t->decoded.s, len, &d, problem, sizeof(problem), err) < 0)
		return -1;
	if (d != NULL)
		set(t, out, LF_TEXT_DIGEST, brace, len);
	lf_digest_free(d);
	return 0;
}

/* A whole log instead of its first record, where that is one. */
static int
judge_log(struct lf_text *t, struct lf_view *v, struct lf_walk *w, struct lf_text_found *out, struct lf_err *err)
{
	uint64_t brace = out->from, log = lf_walk_log(w, brace);
	struct lf_text_found record;
	enum end end;
	size_t len;

	if (w->failed)
		return lf_err_nomem(err);
	if (log == UINT64_MAX)
		return 0;
	if (read_text(t, v, &out->coding, log, t->max_log, NULL, &end, &len, err) < 0)
		return -1;
	if (end == END_WHOLE && len <= t->max_log) {
		set(t, out, LF_TEXT_LOG, log, len);
		return 0;
	}
	/* The text that the record was read from is gone. */
	record = (struct lf_text_found){.coding = out->coding};
	memcpy(record.wrapper, out->wrapper, sizeof(record.wrapper));
	*out = record;
	return judge_record(t, v, brace, out, err);
}

static int
judge(struct lf_text *t, struct lf_view *v, struct lf_walk *w, uint64_t brace, bool digest, struct lf_text_found *out,
    struct lf_err *err)
{
	lf_walk_name(w, brace, out->wrapper, sizeof(out->wrapper));
	if (w->failed)
		return lf_err_nomem(err);
	if (digest)
		return judge_digest(t, v, brace, out, err);
	if (judge_record(t, v, brace, out, err) < 0)
		return -1;
	return out->outcome == LF_TEXT_RECORD ? judge_log(t, v, w, out, err) : 0;
}

/* ---- The way there ---- */

static unsigned
unit_of(enum lf_trigger trigger)
{
	return trigger == LF_TRIGGER_VERSION || trigger == LF_TRIGGER_ID || trigger == LF_TRIGGER_DIGEST ? 1 : 2;
}

static bool
is_big(enum lf_trigger trigger)
{
	return trigger == LF_TRIGGER_VERSION_BE || trigger == LF_TRIGGER_ID_BE || trigger == LF_TRIGGER_DIGEST_BE;
}

static bool
is_digest(enum lf_trigger trigger)
{
	return trigger == LF_TRIGGER_DIGEST || trigger == LF_TRIGGER_DIGEST_LE || trigger == LF_TRIGGER_DIGEST_BE;
}

/* Looks with the units given. */
static int
look(struct lf_text *t, struct lf_view *v, uint64_t offset, struct lf_coding coding, bool digest,
    struct lf_text_found *out, struct lf_err *err)
{
	uint64_t back = LF_TEXT_BACK(t->max_record), quote, brace = UINT64_MAX;
	struct lf_walk w = {.view = v, .coding = coding, .limit = offset < back ? 0 : offset - back};
	const struct object *known;

	*out = (struct lf_text_found){.reject = LF_REJECT_NO_BRACE, .coding = coding};
	if (lf_walk_level(&w, offset, &quote))
		brace = lf_walk_brace(&w, quote, &t->seen);
	out->coding = w.coding;
	if (w.failed)
		return lf_err_nomem(err);
	if (brace == UINT64_MAX)
		return 0;
	known = recall(t, brace, &w.coding, digest);
	if (known != NULL) {
		out->outcome = known->found ? LF_TEXT_AGAIN : LF_TEXT_NONE;
		out->reject = known->reject;
		return 0;
	}
	w.limit = 0;
	if (judge(t, v, &w, brace, digest, out, err) < 0)
		return -1;
	remember(t, brace, digest, out);
	return 0;
}

/* The byte at offset; -1 outside of the view. */
static int
byte_at(struct lf_view *v, uint64_t offset)
{
	size_t got;
	const unsigned char *b = lf_view_at(v, offset, 1, &got);

	return b == NULL || got == 0 ? -1 : *b;
}

/*
 * Latin letters in UTF-16 read the same with their bytes swapped, a byte earlier.  Only the ends of a text tell: its
 * first unit has a zero in front only when the high byte comes first, or other text goes before; its last one ends in a
 * zero only when the high byte comes last, or other text follows.  Where both do, text lies on even offsets.
 */
static bool
may_be_swapped(struct lf_view *v, const struct lf_text_found *f)
{
	int before;

	if (f->outcome == LF_TEXT_NONE)
		return true;
	if (f->from < 2 || byte_at(v, f->from - 1) != 0)
		return f->from == 1;
	before = byte_at(v, f->from - 2);
	if (before >= 0x80 || (before < ' ' && before != '\n' && before != '\r' && before != '\t'))
		return true;
	return f->outcome == LF_TEXT_FRAGMENT || byte_at(v, f->to - 1) != 0 || f->from % 2 == 1;
}

/* Whether the swapped reading is the better one. */
static bool
is_better(const struct lf_text_found *swapped, const struct lf_text_found *first)
{
	if (swapped->outcome == LF_TEXT_NONE || first->outcome == LF_TEXT_NONE)
		return swapped->outcome != LF_TEXT_NONE;
	if (swapped->outcome == LF_TEXT_FRAGMENT && first->outcome == LF_TEXT_FRAGMENT)
		return first->from % 2 == 1;
	return swapped->outcome != LF_TEXT_FRAGMENT;
}

int
lf_text_look(struct lf_text *t, struct lf_view *v, uint64_t offset, enum lf_trigger trigger, struct lf_text_found *out,
    struct lf_err *err)
{
	struct lf_coding coding = {unit_of(trigger), is_big(trigger), 0};
	bool digest = is_digest(trigger), little = coding.unit == 2 && !coding.big;
	struct lf_text_found first;

	if (look(t, v, offset, coding, digest, out, err) < 0)
		return -1;
	if (!little || offset == 0 || out->outcome == LF_TEXT_AGAIN || !may_be_swapped(v, out))
		return 0;
	first = *out;
	coding.big = true;
	if (look(t, v, offset - 1, coding, digest, out, err) < 0)
		return -1;
	if (is_better(out, &first))
		return 0;
	coding.big = false;
	*out = first;
	if (first.outcome == LF_TEXT_NONE)
		return 0;
	/* The text that it lay in is gone. */
	memset(t->objects, 0, sizeof(t->objects));
	return look(t, v, offset, coding, digest, out, err);
}
