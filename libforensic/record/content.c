#include "record/content.h"

#include <string.h>

#include "record/scan.h"
#include "record/scan_piece.h"

#define BLOCK LF_CONTENT_BLOCK

#define SPARE 16 /* room behind a block, so that short pieces can be copied at a fixed length */

/* A text that arrives in pieces. */
struct blocks {
	const struct lf_seed *seed;
	uint64_t hash;
	size_t n; /* bytes that wait, at most BLOCK */
	char bytes[BLOCK + SPARE];
};

static inline uint64_t
one_more(const struct lf_seed *seed, uint64_t hash, const char *bytes, size_t len)
{
	uint64_t h = lf_seed_hash(seed, bytes, len);

	return hash == 0 ? h : lf_seed_mix(seed, hash, h);
}

/* Takes up n bytes, at most SPARE, that were written behind those that wait. */
static inline void
advance(struct blocks *b, size_t n)
{
	b->n += n;
	if (b->n <= BLOCK)
		return;
	b->hash = one_more(b->seed, b->hash, b->bytes, BLOCK);
	memcpy(b->bytes, b->bytes + BLOCK, SPARE);
	b->n -= BLOCK;
}

static void
put_long(struct blocks *b, const char *bytes, size_t len)
{
	size_t room;

	while (len > (room = BLOCK - b->n)) {
		memcpy(b->bytes + b->n, bytes, room);
		b->hash = one_more(b->seed, b->hash, b->bytes, BLOCK);
		b->n = 0;
		bytes += room;
		len -= room;
	}
	memcpy(b->bytes + b->n, bytes, len);
	b->n += len;
}

/* Puts the bytes from from to to, of a text that reaches to end. */
static inline void
put(struct blocks *b, const char *from, const char *to, const char *end)
{
	size_t len = (size_t)(to - from);

	if (len > SPARE || end - from < SPARE) {
		put_long(b, from, len);
		return;
	}
	memcpy(b->bytes + b->n, from, SPARE);
	advance(b, len);
}

/* Puts a character that stands escaped in a text of the one form. */
static void
put_escaped(struct blocks *b, unsigned unit)
{
	static const char digits[] = "0123456789abcdef";
	char *to = b->bytes + b->n;

	to[0] = '\\';
	to[1] = 'u';
	for (unsigned i = 0; i < 4; i++)
		to[2 + i] = digits[unit >> (12 - 4 * i) & 15];
	advance(b, 6);
}

/* The byte that the escape at p stands for where that is a single one; else -1. */
static int
escaped_byte(const char *p, const char *end)
{
	int32_t unit;

	if (end - p < 2)
		return -1;
	if (p[1] != 'u')
		return lf_escape_value((unsigned char)p[1]);
	unit = lf_hex4(p + 2, end);
	return unit < 0x80 ? (int)unit : -1;
}

/* Puts a character that is not ASCII, a lone surrogate or a broken escape; returns what is behind it. */
static const char *
put_wide(struct blocks *b, const char *p, const char *end)
{
	size_t used, n = lf_scan_resolve(p, end, b->bytes + b->n, &used);

	if (used == 6 && (lf_hex4(p + 2, end) & 0xf800) == 0xd800)
		put_escaped(b, (unsigned)lf_hex4(p + 2, end));
	else
		advance(b, n);
	return p + used;
}

/* Puts what the escape at p stands for; returns what is behind it. */
static const char *
put_escape(struct blocks *b, const char *p, const char *end)
{
	int c = escaped_byte(p, end);
	char *to = b->bytes + b->n;
	bool stays = c == '"' || c == '\\';

	if (c < 0)
		return put_wide(b, p, end);
	if (c < 0x20) {
		put_escaped(b, (unsigned)c);
	} else {
		to[0] = '\\';
		to[stays] = (char)c;
		advance(b, stays ? 2 : 1);
	}
	return p + (p[1] == 'u' ? 6 : 2);
}

static const char *
put_string(struct blocks *b, const char *p, const char *end)
{
	const char *from = p;

	for (p = lf_scan_plain(p + 1, end); p < end && *p != '"'; p = lf_scan_plain(p, end)) {
		put(b, from, p, end);
		p = from = put_escape(b, p, end);
	}
	p += p < end;
	put(b, from, p, end);
	return p;
}

static uint64_t
hash_loose(const struct lf_seed *seed, struct lf_slice json)
{
	const char *p = json.s, *end = p + json.len, *from;
	struct blocks b;

	b.seed = seed;
	b.hash = b.n = 0;
	b.bytes[0] = 0;
	while (p < end) {
		if (*p == '"') {
			p = put_string(&b, p, end);
			continue;
		}
		for (from = p; p < end && (unsigned char)*p > ' ' && *p != '"'; p++)
			;
		put(&b, from, p, end);
		if (p < end && *p != '"')
			p = lf_scan_blanks(p + 1, end);
	}
	return one_more(seed, b.hash, b.bytes, b.n);
}

uint64_t
lf_content_hash_any(const struct lf_seed *seed, struct lf_slice json, bool loose)
{
	uint64_t hash = 0;

	if (loose)
		return hash_loose(seed, json);
	for (; json.len > BLOCK; json = lf_slice_behind(json, BLOCK))
		hash = one_more(seed, hash, json.s, BLOCK);
	return one_more(seed, hash, json.s, json.len);
}
