#include "timeline/row.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "forensic.h"

#define HEAD offsetof(struct lf_row, bytes)

/* The bytes of a row in all; 0 when they are too many for one. */
static uint64_t
size_of(const struct lf_values *v, struct lf_slice raw)
{
	uint64_t size = HEAD + LF_COL_OF_EVENT - 1;

	for (size_t c = 0; c < LF_COL_OF_EVENT; c++)
		if (__builtin_add_overflow(size, v->v[c].len, &size))
			return 0;
	if (__builtin_add_overflow(size, raw.len, &size) || size > UINT32_MAX - 7)
		return 0;
	return (size + 7) & ~(uint64_t)7;
}

static char *
append(char *to, struct lf_slice s)
{
	if (s.len > 0)
		memcpy(to, s.s, s.len);
	return to + s.len;
}

void
lf_row_pack(struct lf_buf *out, const struct lf_values *v, uint32_t record, uint64_t content, uint32_t flags,
    struct lf_slice raw)
{
	uint64_t size = size_of(v, raw);
	struct lf_row *r;
	char *at;

	assert(out->len % 8 == 0);
	if (size == 0)
		out->failed = true;
	if (size == 0 || (r = (void *)lf_buf_reserve(out, size)) == NULL)
		return;
	memset((char *)r + size - 8, 0, 8);
	*r = (struct lf_row){.size = (uint32_t)size,
	    .record = record,
	    .time = v->time,
	    .nanos = v->nanos,
	    .content = content,
	    .flags = flags,
	    .raw = (uint32_t)raw.len};
	at = r->bytes;
	for (size_t c = 0; c < LF_COL_OF_EVENT; c++) {
		if (c > 0)
			*at++ = ',';
		at = append(at, v->v[c]);
		r->end[c] = (uint32_t)(at - r->bytes);
	}
	append(at, raw);
	out->len += size;
	out->data[out->len] = '\0';
}

/* Bytes [from, to) behind the head; none where a row that came back from a bad disk says what cannot be. */
static inline struct lf_slice
bytes_of(const struct lf_row *r, uint64_t from, uint64_t to)
{
	if (from >= to || to + HEAD > r->size)
		return (struct lf_slice){"", 0};
	return (struct lf_slice){r->bytes + from, (size_t)(to - from)};
}

static inline struct lf_slice
held(const struct lf_row *r, enum lf_column c)
{
	return bytes_of(r, c == 0 ? 0 : (uint64_t)r->end[c - 1] + 1, r->end[c]);
}

struct lf_slice
lf_row_value(const struct lf_row *r, enum lf_column c)
{
	assert(c < LF_COL_OF_EVENT);
	return held(r, c);
}

void
lf_row_values(const struct lf_row *r, struct lf_slice v[LF_COL_OF_EVENT])
{
	for (unsigned c = 0; c < LF_COL_OF_EVENT; c++)
		v[c] = held(r, (enum lf_column)c);
}

struct lf_slice
lf_row_joined(const struct lf_row *r)
{
	return bytes_of(r, 0, r->end[LF_COL_OF_EVENT - 1]);
}

struct lf_slice
lf_row_raw(const struct lf_row *r)
{
	uint32_t from = r->end[LF_COL_OF_EVENT - 1];

	return bytes_of(r, from, (uint64_t)from + r->raw);
}

/* ---- Order ---- */

static inline int
cmp_numbers(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static inline int
cmp_values(const struct lf_row *a, const struct lf_row *b, enum lf_column c)
{
	struct lf_slice x = held(a, c), y = held(b, c);
	int d = memcmp(x.s, y.s, x.len < y.len ? x.len : y.len);

	return d != 0 ? d : (x.len > y.len) - (x.len < y.len);
}

/* An unknown time is behind all others, and what is said of its fraction does not count. */
static inline int
cmp_times(const struct lf_row *a, const struct lf_row *b)
{
	bool x = a->time == LF_TIME_NONE, y = b->time == LF_TIME_NONE;

	if (x || y)
		return x - y;
	return a->time != b->time ? cmp_numbers(a->time, b->time) : cmp_numbers(a->nanos, b->nanos);
}

/* By eventID; without one: last. */
static inline int
cmp_ids(const struct lf_row *a, const struct lf_row *b)
{
	bool x = held(a, LF_COL_ID).len == 0, y = held(b, LF_COL_ID).len == 0;

	return x || y ? x - y : cmp_values(a, b, LF_COL_ID);
}

int
lf_row_cmp_events(const struct lf_row *a, const struct lf_row *b)
{
	int d = cmp_times(a, b);

	if (d == 0)
		d = cmp_values(a, b, LF_COL_ACCOUNT);
	if (d == 0)
		d = cmp_values(a, b, LF_COL_REGION);
	return d != 0 ? d : cmp_ids(a, b);
}

int
lf_row_cmp(const void *a, const void *b)
{
	const struct lf_row *x = a, *y = b;
	int d = lf_row_cmp_events(x, y);

	if (d == 0)
		d = cmp_numbers(x->object, y->object);
	return d != 0 ? d : cmp_numbers(x->record, y->record);
}

/*
 * The first eight characters in 31 bits, in the order of memcmp(): 13 classes, of which the end is the least and
 * each digit is one.  Behind another character than a digit nothing is told apart.
 */
static uint32_t
account_bits(struct lf_slice account)
{
	uint32_t bits = 0;
	bool digits = true;

	for (size_t i = 0; i < 8 && account.len >= 8; i++) {
		uint32_t digit = (uint32_t)(unsigned char)account.s[i] - '0';
		digits &= digit <= 9;
		bits = bits * 13 + digit + 2;
	}
	if (digits && account.len >= 8)
		return bits;
	bits = 0;
	digits = true;
	for (size_t i = 0; i < 8; i++) {
		uint32_t class = 0;
		if (digits && i < account.len) {
			unsigned char c = (unsigned char)account.s[i];
			class = c < '0' ? 1 : c > '9' ? 12 : 2U + c - '0';
		}
		digits = class >= 2 && class <= 11;
		bits = bits * 13 + class;
	}
	return bits;
}

/*
 * High half: seconds since 1970, held within 32 bits, all ones for unknown.  Low half: the account where the time has
 * no fraction, else a one and the fraction.
 */
uint64_t
lf_row_prefix(const void *row)
{
	const struct lf_row *r = row;
	bool unknown = r->time == LF_TIME_NONE;
	uint64_t high = (unknown ? UINT32_MAX : (uint64_t)r->time) << 32;

	if (r->time < 0 && !unknown)
		return 0;
	if (r->time >= (int64_t)UINT32_MAX)
		return (UINT64_C(0xfffffffe) << 32) | UINT32_MAX;
	if (!unknown && r->nanos != 0)
		return r->nanos < 0 ? high : high | UINT64_C(1) << 31 | (uint32_t)r->nanos;
	return high | account_bits(held(r, LF_COL_ACCOUNT));
}

bool
lf_row_same_event(const struct lf_row *a, const struct lf_row *b)
{
	return held(a, LF_COL_ID).len > 0 && lf_row_cmp_events(a, b) == 0;
}
