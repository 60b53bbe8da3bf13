#include "record/canonical.h"

#include <stdlib.h>
#include <string.h>

#include "record/scan.h"
#include "record/scan_piece.h"

/*
 * The value is written in one form of text, which is hashed.  Behind every element and every member stands a comma.  An
 * object that is longer than this is replaced by a byte that no such text has outside of strings, and its own hash:
 * bytes are moved once when members are put in order, not once for every level that they lie below.
 */
#define LONG   1024
#define FOLDED '\1'

#define EXPONENT_DIGITS 17 /* a longer exponent counts as it is spelled */

/* A container that is open. */
struct level {
	size_t at;    /* where it begins in text */
	size_t first; /* number of its first member; of an array NOT_OBJECT */
};
#define NOT_OBJECT SIZE_MAX

/* A member of an open object, in text. */
struct member {
	size_t from, name, to; /* name: bytes of it */
};

struct lf_canonical {
	struct lf_hash *hash;
	struct lf_scan scan;
	struct lf_buf text, spare; /* spare: an object whose members are put in order */
	struct lf_buf members, levels;
};

struct lf_canonical *
lf_canonical_new(struct lf_err *err)
{
	struct lf_canonical *c = calloc(1, sizeof(*c));

	if (c == NULL) {
		lf_err_nomem(err);
		return NULL;
	}
	lf_buf_init(&c->text);
	lf_buf_init(&c->spare);
	lf_buf_init(&c->members);
	lf_buf_init(&c->levels);
	if ((c->hash = lf_hash_new(err)) == NULL) {
		lf_canonical_free(c);
		return NULL;
	}
	return c;
}

void
lf_canonical_free(struct lf_canonical *c)
{
	if (c == NULL)
		return;
	lf_hash_free(c->hash);
	lf_buf_free(&c->text);
	lf_buf_free(&c->spare);
	lf_buf_free(&c->members);
	lf_buf_free(&c->levels);
	free(c);
}

/* ---- Scalars ---- */

/* Appends what the escape at p stands for, a lone surrogate as an escape; returns what is behind it. */
static const char *
put_escape(struct lf_buf *out, const char *p, const char *end)
{
	char bytes[4];
	size_t used, n = lf_scan_resolve(p, end, bytes, &used);

	if (used == 6 && (lf_hex4(p + 2, end) & 0xf800) == 0xd800) {
		lf_buf_printf(out, "\\u%04x", (unsigned)lf_hex4(p + 2, end));
		return p + used;
	}
	if (n == 1 && (bytes[0] == '"' || bytes[0] == '\\'))
		lf_buf_putc(out, '\\');
	lf_buf_add(out, bytes, n);
	return p + used;
}

/* The string or name that s has just returned. */
static void
put_string(struct lf_buf *out, const struct lf_scan *s)
{
	const char *p = s->s, *end = s->s + s->len, *from = p;

	lf_buf_putc(out, '"');
	while (s->escaped && p < end) {
		if (*p != '\\') {
			p++;
			continue;
		}
		lf_buf_add(out, from, (size_t)(p - from));
		from = p = put_escape(out, p, end);
	}
	lf_buf_add(out, from, (size_t)(end - from));
	lf_buf_putc(out, '"');
}

/* Reads an exponent, of which nothing but digits follows its sign; false when it is too long. */
static bool
read_exponent(struct lf_slice text, int64_t *out)
{
	bool negative = text.len > 0 && text.s[0] == '-';

	*out = 0;
	text = lf_slice_behind(text, text.len > 0 && (negative || text.s[0] == '+'));
	while (text.len > 0 && text.s[0] == '0')
		text = lf_slice_behind(text, 1);
	if (text.len > EXPONENT_DIGITS)
		return false;
	for (size_t i = 0; i < text.len; i++)
		*out = *out * 10 + (text.s[i] - '0');
	*out = negative ? -*out : *out;
	return true;
}

/*
 * Appends the digits of a number without its sign up to the exponent, none of them a zero at either end.  Returns what
 * power of ten they are to be taken times.
 */
static int64_t
put_digits(struct lf_buf *out, struct lf_slice n)
{
	size_t start = out->len;
	bool fraction = false;
	int64_t power = 0;

	for (size_t i = 0; i < n.len; i++) {
		if (n.s[i] == '.') {
			fraction = true;
			continue;
		}
		power -= fraction;
		if (n.s[i] != '0' || out->len > start)
			lf_buf_putc(out, n.s[i]);
	}
	for (; out->len > start && out->data[out->len - 1] == '0'; out->len--)
		power++;
	return power;
}

static void
put_number(struct lf_buf *out, struct lf_slice n)
{
	size_t from = out->len, sign = n.s[0] == '-', end = sign;
	int64_t power, exponent;

	while (end < n.len && (n.s[end] | 0x20) != 'e')
		end++;
	if (sign)
		lf_buf_putc(out, '-');
	power = put_digits(out, (struct lf_slice){n.s + sign, end - sign});
	if (out->failed)
		return;
	if (out->len == from + sign) {
		out->len = from;
		lf_buf_putc(out, '0');
	} else if (read_exponent(lf_slice_behind(n, end + (end < n.len)), &exponent)) {
		lf_buf_printf(out, "e%lld", (long long)power + exponent);
	} else {
		out->len = from;
		lf_buf_add(out, n.s, n.len);
	}
}

/* ---- Objects ---- */

static struct member *
member_at(const struct lf_canonical *c, size_t i)
{
	return (struct member *)(void *)c->members.data + i;
}

static size_t
count(const struct lf_canonical *c)
{
	return c->members.len / sizeof(struct member);
}

static int
member_cmp(const void *x, const void *y, void *text)
{
	const struct member *a = x, *b = y;
	const char *t = text;

	return lf_slice_cmp((struct lf_slice){t + a->from, a->name}, (struct lf_slice){t + b->from, b->name});
}

/*
 * Puts the members of the object at l, from number first on, into the order of their names.  False when two have one
 * name.
 */
static bool
sort(struct lf_canonical *c, const struct level *l)
{
	size_t n = count(c), i = l->first + 1;
	char *text = c->text.data;

	while (i < n && member_cmp(member_at(c, i - 1), member_at(c, i), text) < 0)
		i++;
	if (i >= n)
		return true;
	qsort_r(member_at(c, l->first), n - l->first, sizeof(struct member), member_cmp, text);
	lf_buf_reset(&c->spare);
	for (i = l->first; i < n; i++) {
		const struct member *m = member_at(c, i);

		if (i > l->first && member_cmp(m - 1, m, text) == 0)
			return false;
		lf_buf_add(&c->spare, text + m->from, m->to - m->from);
	}
	if (c->spare.failed)
		c->text.failed = true;
	else
		memcpy(text + l->at + 1, c->spare.data, c->spare.len);
	return true;
}

/* The value that ends here is a long object: its hash takes its place. */
static void
fold(struct lf_canonical *c, size_t at)
{
	unsigned char hash[LF_SHA256_LEN];

	if (c->text.failed || c->text.len - at <= LONG)
		return;
	if (lf_hash_bytes(c->hash, c->text.data + at, c->text.len - at, hash) != 0) {
		c->text.failed = true;
		return;
	}
	c->text.len = at;
	lf_buf_putc(&c->text, FOLDED);
	lf_buf_add(&c->text, hash, sizeof(hash));
}

/* ---- Values ---- */

static bool
failed(const struct lf_canonical *c)
{
	return c->text.failed || c->members.failed || c->levels.failed;
}

static struct level *
innermost(const struct lf_canonical *c)
{
	return c->levels.len == 0 ? NULL : (struct level *)(void *)(c->levels.data + c->levels.len) - 1;
}

static void
enter(struct lf_canonical *c, bool object)
{
	struct level l = {c->text.len, object ? count(c) : NOT_OBJECT};

	lf_buf_putc(&c->text, object ? '{' : '[');
	lf_buf_add(&c->levels, &l, sizeof(l));
}

static void
put_name(struct lf_canonical *c)
{
	struct member m = {.from = c->text.len};

	put_string(&c->text, &c->scan);
	m.name = c->text.len - m.from;
	lf_buf_putc(&c->text, ':');
	lf_buf_add(&c->members, &m, sizeof(m));
}

/* Behind a value: whatever holds it goes on. */
static void
end_value(struct lf_canonical *c)
{
	struct level *l = innermost(c);

	if (l == NULL)
		return;
	lf_buf_putc(&c->text, ',');
	if (l->first != NOT_OBJECT)
		member_at(c, count(c) - 1)->to = c->text.len;
}

/* False for an object in which a name stands twice. */
static bool
leave(struct lf_canonical *c)
{
	struct level l = *innermost(c);
	bool object = l.first != NOT_OBJECT;

	if (object && !sort(c, &l))
		return false;
	lf_buf_putc(&c->text, object ? '}' : ']');
	c->levels.len -= sizeof(l);
	if (object) {
		c->members.len = l.first * sizeof(struct member);
		fold(c, l.at);
	}
	return true;
}

/* Writes what a token stands for; false for an error, and for an object in which a name stands twice. */
static bool
put_token(struct lf_canonical *c, enum lf_token token)
{
	switch (token) {
	case LF_TOKEN_OBJECT:
	case LF_TOKEN_ARRAY:
		enter(c, token == LF_TOKEN_OBJECT);
		return true;
	case LF_TOKEN_KEY:
		put_name(c);
		return true;
	case LF_TOKEN_OBJECT_END:
	case LF_TOKEN_ARRAY_END:
		if (!leave(c))
			return false;
		break;
	case LF_TOKEN_STRING:
		put_string(&c->text, &c->scan);
		break;
	case LF_TOKEN_NUMBER:
		put_number(&c->text, (struct lf_slice){c->scan.s, c->scan.len});
		break;
	case LF_TOKEN_TRUE:
	case LF_TOKEN_FALSE:
	case LF_TOKEN_NULL:
		lf_buf_putc(&c->text, token == LF_TOKEN_TRUE ? 't' : token == LF_TOKEN_FALSE ? 'f' : 'n');
		break;
	default:
		return false;
	}
	if (!failed(c))
		end_value(c);
	return true;
}

/* Writes the value; false when it must be hashed as it stands, or memory is out. */
static bool
write_value(struct lf_canonical *c, struct lf_slice json)
{
	enum lf_token token;

	lf_scan_init(&c->scan, json.s, json.len);
	while ((token = lf_scan_next(&c->scan)) != LF_TOKEN_END)
		if (!put_token(c, token) || failed(c))
			return false;
	return lf_scan_at_end(&c->scan);
}

int
lf_canonical_hash(struct lf_canonical *c, struct lf_slice json, unsigned char out[LF_SHA256_LEN])
{
	struct lf_slice text = json;
	bool whole;

	lf_buf_reset(&c->text);
	lf_buf_reset(&c->spare);
	lf_buf_reset(&c->members);
	lf_buf_reset(&c->levels);
	whole = json.len <= LF_CANONICAL_MAX && write_value(c, json);
	if (failed(c))
		return -1;
	if (whole)
		text = (struct lf_slice){lf_buf_str(&c->text), c->text.len};
	/* What is hashed as it stands is not to be taken for a value in the one form. */
	if (lf_hash_start(c->hash) != 0 || lf_hash_add(c->hash, whole ? "v" : "r", 1) != 0 ||
	    lf_hash_add(c->hash, text.s, text.len) != 0)
		return -1;
	return lf_hash_end(c->hash, out);
}
