#include "compare/note.h"

#include <stddef.h>
#include <string.h>

#include "forensic.h"

#define HEAD offsetof(struct lf_note, bytes)

/* ---- Packing ---- */

/* Older records have no eventCategory; managementEvent tells data events from others there. */
static enum lf_note_category
category_of(const struct lf_event *e, const struct lf_values *v)
{
	static const char *const names[LF_NOTE_CATEGORIES] = {"Management", "Data", "Insight", "NetworkActivity",
	    "Aggregated"};
	struct lf_slice text = v->v[LF_COL_CATEGORY], member;
	bool is_string;

	for (unsigned i = 0; i < LF_NOTE_CATEGORIES; i++)
		if (lf_slice_is(text, names[i]))
			return i;
	if (text.len > 0)
		return LF_NOTE_MANAGEMENT;
	if (e->field[LF_EV_INSIGHT].s != NULL)
		return LF_NOTE_INSIGHT;
	if (lf_event_member(e->raw, "managementEvent", &member, &is_string) && lf_slice_is(member, "false"))
		return LF_NOTE_DATA;
	return LF_NOTE_MANAGEMENT;
}

static void
texts_of(const struct lf_event *e, const struct lf_values *v, struct lf_buf *scratch,
    struct lf_slice text[LF_NOTE_TEXTS])
{
	lf_buf_reset(scratch);
	text[LF_NOTE_ID] = v->v[LF_COL_ID];
	text[LF_NOTE_ACCOUNT] = lf_event_slice(e, LF_EV_RECIPIENT, scratch);
	text[LF_NOTE_REGION] = v->v[LF_COL_REGION];
	text[LF_NOTE_SOURCE] = v->v[LF_COL_SOURCE];
	text[LF_NOTE_NAME] = v->v[LF_COL_NAME];
	text[LF_NOTE_PRINCIPAL] = v->v[LF_COL_PRINCIPAL];
	text[LF_NOTE_SHOWN] = text[LF_NOTE_ACCOUNT].len > 0 ? (struct lf_slice){NULL, 0} : v->v[LF_COL_ACCOUNT];
}

void
lf_note_pack(struct lf_buf *out, const struct lf_event *e, const struct lf_values *v, const struct lf_seed *seed,
    const struct lf_note_of *of, struct lf_buf *scratch)
{
	struct lf_slice text[LF_NOTE_TEXTS];
	uint64_t size = HEAD + of->raw.len;
	struct lf_note n = {.record = of->record, .time = v->time, .nanos = v->nanos, .side = of->side,
	    .content = of->content};
	uint32_t end = 0;
	char *to;

	texts_of(e, v, scratch, text);
	for (unsigned i = 0; i < LF_NOTE_TEXTS; i++)
		size += text[i].len;
	if (size > UINT32_MAX - 8 || scratch->failed) {
		out->failed = true;
		return;
	}
	n.size = (uint32_t)((size + 7) & ~(uint64_t)7);
	n.category = (uint8_t)category_of(e, v);
	n.flags = (uint8_t)((e->partial ? LF_NOTE_PARTIAL : 0) |
	    (e->partial && !e->no_result ? LF_NOTE_ERRORS : 0) |
	    (e->raw.len > LF_NOTE_LARGE_OVER ? LF_NOTE_LARGE : 0) |
	    (text[LF_NOTE_ID].len == 0 ? LF_NOTE_NO_ID : 0) | (of->cut ? LF_NOTE_CUT : 0));
	n.key = text[LF_NOTE_ID].len == 0 ? of->content : lf_seed_hash(seed, text[LF_NOTE_ID].s, text[LF_NOTE_ID].len);
	n.same = lf_seed_mix(seed, lf_seed_mix(seed, of->content, n.key),
	    lf_seed_hash(seed, text[LF_NOTE_ACCOUNT].s, text[LF_NOTE_ACCOUNT].len));
	n.raw = (uint32_t)of->raw.len;
	for (unsigned i = 0; i < LF_NOTE_TEXTS; i++)
		n.end[i] = end += (uint32_t)text[i].len;
	if ((to = lf_buf_reserve(out, n.size)) == NULL)
		return;
	memset(to + n.size - 8, 0, 8);
	memcpy(to, &n, HEAD);
	to += HEAD;
	for (unsigned i = 0; i < LF_NOTE_TEXTS; to += text[i].len, i++)
		if (text[i].len > 0)
			memcpy(to, text[i].s, text[i].len);
	if (of->raw.len > 0)
		memcpy(to, of->raw.s, of->raw.len);
	out->len += n.size;
}

/* ---- Unpacking ---- */

struct lf_slice
lf_note_text(const struct lf_note *n, enum lf_note_text t)
{
	uint32_t from = t == 0 ? 0 : n->end[t - 1];

	return (struct lf_slice){n->bytes + from, n->end[t] - from};
}

struct lf_slice
lf_note_raw(const struct lf_note *n)
{
	return (struct lf_slice){n->bytes + n->end[LF_NOTE_TEXTS - 1], n->raw};
}

/* ---- Order ---- */

static int
cmp64(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int
id_cmp(const struct lf_note *a, const struct lf_note *b)
{
	int d = cmp64(a->key, b->key);

	if (d == 0)
		d = (a->flags & LF_NOTE_NO_ID) - (b->flags & LF_NOTE_NO_ID);
	return d != 0 ? d : lf_slice_cmp(lf_note_text(a, LF_NOTE_ID), lf_note_text(b, LF_NOTE_ID));
}

static int
account_cmp(const struct lf_note *a, const struct lf_note *b)
{
	return lf_slice_cmp(lf_note_text(a, LF_NOTE_ACCOUNT), lf_note_text(b, LF_NOTE_ACCOUNT));
}

static int
note_cmp(const void *x, const void *y)
{
	const struct lf_note *a = x, *b = y;
	int d = id_cmp(a, b);

	if (d == 0)
		d = account_cmp(a, b);
	if (d == 0)
		d = cmp64(a->content, b->content);
	if (d == 0)
		d = a->side - b->side;
	if (d == 0)
		d = cmp64(a->object, b->object);
	return d != 0 ? d : cmp64(a->record, b->record);
}

static uint64_t
note_prefix(const void *item)
{
	return ((const struct lf_note *)item)->key;
}

const struct lf_sort_order lf_note_order = {note_prefix, note_cmp};

bool
lf_note_same_id(const struct lf_note *a, const struct lf_note *b)
{
	return id_cmp(a, b) == 0;
}

bool
lf_note_same_key(const struct lf_note *a, const struct lf_note *b)
{
	return id_cmp(a, b) == 0 && account_cmp(a, b) == 0;
}
