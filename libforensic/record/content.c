#include "record/content.h"

#include <string.h>

#include "record/scan.h"
#include "record/scan_piece.h"

#define BLOCK 1024 /* bytes that are hashed at once; a hash for each, and the hashes are mixed */

/* A text that arrives in pieces. */
struct blocks {
	const struct lf_seed *seed;
	uint64_t hash;
	size_t n; /* bytes that wait */
	char bytes[BLOCK];
};

static inline uint64_t
one_more(const struct lf_seed *seed, uint64_t hash, const char *bytes, size_t len)
{
	return lf_seed_mix(seed, hash, lf_seed_hash(seed, bytes, len));
}

static void
put(struct blocks *b, const char *bytes, size_t len)
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

/* Puts a character that stands escaped in a text of the one form. */
static void
put_escaped(struct blocks *b, unsigned unit)
{
	static const char digits[] = "0123456789abcdef";
	char out[6] = {'\\', 'u', digits[unit >> 12 & 15], digits[unit >> 8 & 15], digits[unit >> 4 & 15],
	    digits[unit & 15]};

	put(b, out, sizeof(out));
}

/* The byte that the escape at p stands for where that is a single one; else -1. */
static int
escaped_byte(const char *p, const char *end)
{
	int32_t unit;

	if (p[1] != 'u')
		return lf_escape_value((unsigned char)p[1]);
	unit = lf_hex4(p + 2, end);
	return unit < 0x80 ? (int)unit : -1;
}

/* Puts what the escape at p stands for; returns what is behind it. */
static const char *
put_escape(struct blocks *b, const char *p, const char *end)
{
	int c = escaped_byte(p, end);
	char out[4];
	size_t used, n = lf_scan_resolve(p, end, out, &used);

	if (c >= 0 && c < 0x20)
		put_escaped(b, (unsigned)c);
	else if (c == '"' || c == '\\')
		put(b, (char[]){'\\', (char)c}, 2);
	else if (used == 6 && (lf_hex4(p + 2, end) & 0xf800) == 0xd800)
		put_escaped(b, (unsigned)lf_hex4(p + 2, end));
	else
		put(b, out, n);
	return p + used;
}

static const char *
put_string(struct blocks *b, const char *p, const char *end)
{
	const char *from = p;

	for (p++; p < end && *p != '"';) {
		if (*p != '\\' || end - p < 2) {
			p++;
			continue;
		}
		put(b, from, (size_t)(p - from));
		p = from = put_escape(b, p, end);
	}
	p += p < end;
	put(b, from, (size_t)(p - from));
	return p;
}

static uint64_t
hash_loose(const struct lf_seed *seed, struct lf_slice json)
{
	const char *p = json.s, *end = p + json.len, *from;
	struct blocks b;

	b.seed = seed;
	b.hash = b.n = 0;
	while (p < end) {
		if (*p == '"') {
			p = put_string(&b, p, end);
			continue;
		}
		for (from = p; p < end && (unsigned char)*p > ' ' && *p != '"'; p++)
			;
		put(&b, from, (size_t)(p - from));
		if (p < end && *p != '"')
			p = lf_scan_blanks(p + 1, end);
	}
	return one_more(seed, b.hash, b.bytes, b.n);
}

uint64_t
lf_content_hash(const struct lf_seed *seed, struct lf_slice json, bool loose)
{
	uint64_t hash = 0;

	if (loose)
		return hash_loose(seed, json);
	for (; json.len > BLOCK; json = lf_slice_behind(json, BLOCK))
		hash = one_more(seed, hash, json.s, BLOCK);
	return one_more(seed, hash, json.s, json.len);
}
