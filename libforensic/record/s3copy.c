/* Objects in copies: what names a copy gives them, and whether they still lie where their keys say. */
#include "record/s3key.h"

#include <string.h>

#define FOLD 64 /* characters compared in one go; a multiple of 8 */

static struct lf_slice
base_of(const char *path, size_t len)
{
	struct lf_slice rest = {path, len};

	return lf_slice_take_last(&rest);
}

bool
lf_s3key_looks_digest(const char *path, size_t len)
{
	struct lf_slice rest = base_of(path, len);
	const char *bar;

	while (rest.len > 0 && (bar = memchr(rest.s, '_', rest.len)) != NULL) {
		rest = lf_slice_behind(rest, (size_t)(bar - rest.s));
		if (lf_slice_starts_nocase(rest, "_CloudTrail-Digest_"))
			return true;
		rest = lf_slice_behind(rest, 1);
	}
	return false;
}

/* The length of a stand-in for ':' at the start of s (percent-encoded, Samba's and WSL's U+F03A, rclone's U+FF1A,
 * or ':' itself), or 0. */
static size_t
colon_len(struct lf_slice s)
{
	static const char *const colons[] = {":", "%3a", "\xef\x80\xba", "\xef\xbc\x9a"};

	for (size_t i = 0; i < sizeof(colons) / sizeof(colons[0]); i++)
		if (lf_slice_starts_nocase(s, colons[i]))
			return strlen(colons[i]);
	return 0;
}

#define EACH(byte) ((uint64_t)(byte) * UINT64_C(0x0101010101010101))

/* Folds eight characters at once; false, with nothing done, when one of them may belong to a stand-in for ':'. */
static bool
fold_word(const char *from, char *to)
{
	const uint64_t high = EACH(0x80);
	uint64_t w, colon, percent, upper;

	memcpy(&w, from, sizeof(w));
	colon = w ^ EACH(':');
	percent = w ^ EACH('%');
	if (((w | ((colon - EACH(1)) & ~colon) | ((percent - EACH(1)) & ~percent)) & high) != 0)
		return false;
	upper = (w + EACH(0x80 - 'A')) & ~(w + EACH(0x80 - 'Z' - 1)) & high;
	w |= upper >> 2;
	memcpy(to, &w, sizeof(w));
	return true;
}

/*
 * Takes off s up to FOLD characters in the form that is the same in any copy: in lower case, and every stand-in for
 * ':' as the one that is used most, '_'.  Returns their number; what is left of out is cleared.
 */
static size_t
fold(struct lf_slice *s, char out[FOLD])
{
	size_t n = 0, i = 0, colon;
	unsigned char c;

	while (n < FOLD && i < s->len) {
		if (FOLD - n >= sizeof(uint64_t) && s->len - i >= sizeof(uint64_t) && fold_word(s->s + i, out + n)) {
			n += sizeof(uint64_t);
			i += sizeof(uint64_t);
			continue;
		}
		c = (unsigned char)s->s[i];
		colon = c == ':' || c == '%' || c == 0xef ? colon_len(lf_slice_behind(*s, i)) : 0;
		out[n++] = colon > 0 ? '_' : lf_lower((char)c);
		i += colon > 0 ? colon : 1;
	}
	*s = lf_slice_behind(*s, i);
	memset(out + n, 0, FOLD - n);
	return n;
}

static struct lf_slice
copy_base(const char *path, size_t len)
{
	struct lf_slice base = base_of(path, len);

	if (lf_slice_ends_nocase(base, ".json.gz"))
		base.len -= 3;
	return base;
}

uint64_t
lf_s3key_base_hash(const char *path, size_t len)
{
	struct lf_slice base = copy_base(path, len);
	uint64_t h = 0, word;
	char text[FOLD];
	size_t n;

	do {
		n = fold(&base, text);
		for (size_t i = 0; i < n; i += sizeof(word)) {
			memcpy(&word, text + i, sizeof(word));
			h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
			h ^= h >> 29;
		}
	} while (base.len > 0);
	h *= UINT64_C(0xff51afd7ed558ccd);
	return h ^ (h >> 33);
}

bool
lf_s3key_base_equal(const char *a, size_t alen, const char *b, size_t blen)
{
	struct lf_slice x = copy_base(a, alen), y = copy_base(b, blen);
	char xs[FOLD], ys[FOLD];
	size_t n;

	do {
		n = fold(&x, xs);
		if (n != fold(&y, ys) || memcmp(xs, ys, n) != 0)
			return false;
	} while (x.len > 0 && y.len > 0);
	return x.len == y.len;
}

/* Whether s ends in all of tail, at a '/' boundary. */
static bool
ends_in(struct lf_slice s, struct lf_slice tail)
{
	return tail.len > 0 && s.len >= tail.len && lf_slice_equal(lf_slice_behind(s, s.len - tail.len), tail) &&
	    (s.len == tail.len || s.s[s.len - tail.len - 1] == '/');
}

bool
lf_s3key_in_place(const char *path, size_t path_len, const char *key, size_t key_len)
{
	struct lf_slice here = {path, path_len}, there = {key, key_len}, rest = there, part;
	struct lf_slice tail = there;

	lf_slice_take_last(&rest);
	while (rest.len > 0) {
		part = lf_slice_take_last(&rest);
		if (lf_slice_is(part, "AWSLogs")) {
			tail = lf_slice_behind(there, (size_t)(part.s - key));
			break;
		}
	}
	return ends_in(here, tail) || ends_in(there, here);
}
