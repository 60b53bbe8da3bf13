/* The scanner over any text; jansson as the other opinion. */
#include <math.h>

#include "base/json.h"
#include "base/seed.h"
#include "fuzz.h"
#include "record/canonical.h"
#include "record/content.h"
#include "record/event.h"
#include "record/scan.h"

static const struct lf_seed seed = {{1, 2, 3, 4}};
static struct lf_buf name, value;

struct building {
	json_t *stack[LF_MAX_JSON_DEPTH], *root;
	bool beyond; /* a number that only jansson's range keeps from being compared */
};

static void
attach(struct building *b, size_t depth, json_t *v)
{
	HOLDS(v != NULL);
	if (depth == 0)
		b->root = v;
	else if (json_is_object(b->stack[depth - 1]))
		HOLDS(json_object_setn_new(b->stack[depth - 1], lf_buf_str(&name), name.len, v) == 0);
	else
		HOLDS(json_array_append_new(b->stack[depth - 1], v) == 0);
}

static json_t *
number(struct building *b, struct lf_slice s)
{
	char *text = strndup(s.s, s.len);
	json_t *v;

	HOLDS(text != NULL);
	if (strpbrk(text, ".eE") == NULL) {
		v = json_integer(strtoll(text, NULL, 10));
	} else {
		double d = strtod(text, NULL);

		b->beyond |= !isfinite(d);
		v = json_real(isfinite(d) ? d : 0);
	}
	free(text);
	return v;
}

static json_t *
scalar(struct building *b, const struct lf_scan *s, enum lf_token t)
{
	switch (t) {
	case LF_TOKEN_STRING:
		lf_buf_reset(&value);
		lf_scan_unescape(s->s, s->len, &value);
		return json_stringn(lf_buf_str(&value), value.len);
	case LF_TOKEN_NUMBER:
		return number(b, (struct lf_slice){s->s, s->len});
	case LF_TOKEN_TRUE:
		return json_true();
	case LF_TOKEN_FALSE:
		return json_false();
	default:
		return json_null();
	}
}

/* Builds the value of our tokens, as far as they go; the scanner is at the end, or at what is broken, then. */
static enum lf_token
build(struct building *b, struct lf_scan *s)
{
	enum lf_token t;

	while ((t = lf_scan_next(s)) > LF_TOKEN_END) {
		if (t == LF_TOKEN_KEY) {
			lf_buf_reset(&name);
			lf_scan_unescape(s->s, s->len, &name);
			HOLDS(memchr(lf_buf_str(&name), '\0', name.len) != NULL || lf_scan_is(s, lf_buf_str(&name)));
		} else if (t == LF_TOKEN_OBJECT || t == LF_TOKEN_ARRAY) {
			json_t *v = t == LF_TOKEN_OBJECT ? json_object() : json_array();

			attach(b, s->depth - 1, v);
			b->stack[s->depth - 1] = v;
		} else if (t != LF_TOKEN_OBJECT_END && t != LF_TOKEN_ARRAY_END) {
			attach(b, s->depth, scalar(b, s, t));
		}
	}
	return t;
}

static bool
mentions(const char *text, size_t len, const char *what)
{
	return memmem(text, len, what, strlen(what)) != NULL;
}

/* What only one of the two may refuse: lone surrogates (RFC 8259 section 8.2 lets them pass), a byte-order mark, numbers beyond
 * jansson's range, U+0000 in a name, nesting; and jansson 2.14 takes a NUL behind the value for
 * the end. */
static void
compare(const char *text, size_t len, bool ours, struct building *b, const struct lf_scan *s)
{
	json_error_t e;
	json_t *theirs = json_loadb(text, len, JSON_ALLOW_NUL | JSON_DECODE_ANY, &e);

	if (theirs == NULL && ours)
		HOLDS(json_error_code(&e) == json_error_numeric_overflow || json_error_code(&e) == json_error_null_byte_in_key ||
		    mentions(text, len, "\\ud") || mentions(text, len, "\\uD") || (len > 2 && memcmp(text, "\xef\xbb\xbf", 3) == 0));
	if (theirs != NULL && !ours && memchr(text, '\0', len) == NULL)
		HOLDS(s->problem != NULL && strcmp(s->problem, "nested too deeply") == 0);
	if (theirs != NULL && ours && !b->beyond)
		HOLDS(json_equal(b->root, theirs) == 1);
	json_decref(theirs);
}

/* A valid value and the same without white space are one, for whoever compares values. */
static void
compact(struct lf_slice json)
{
	struct lf_canonical *c;
	struct lf_buf out;
	struct lf_err err;
	unsigned char a[LF_SHA256_LEN], b[LF_SHA256_LEN];
	struct lf_slice small;

	lf_buf_init(&out);
	lf_json_compact(json, &out);
	small = (struct lf_slice){out.data, out.len};
	HOLDS(!out.failed && out.len <= json.len);
	HOLDS(lf_content_hash(&seed, json, true) == lf_content_hash(&seed, small, true));
	c = lf_canonical_new(&err);
	HOLDS(c != NULL);
	HOLDS(lf_canonical_hash(c, json, a) == 0 && lf_canonical_hash(c, small, b) == 0);
	lf_canonical_free(c);
	/* an object with a name twice is hashed as it stands */
	HOLDS(memcmp(a, b, sizeof(a)) == 0 || json_loadb(json.s, json.len, JSON_ALLOW_NUL | JSON_DECODE_ANY | JSON_REJECT_DUPLICATES,
	    NULL) == NULL);
	lf_buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct lf_scan_name names[] = {LF_SCAN_NAME("Records"), LF_SCAN_NAME("a")};
	char *text = fuzz_copy(data, size);
	struct building b = {.root = NULL};
	struct lf_scan s;
	enum lf_token t;
	bool whole;

	lf_scan_init(&s, text, size);
	t = build(&b, &s);
	HOLDS(s.at <= size && (t == LF_TOKEN_ERROR) == (s.problem != NULL));
	whole = t == LF_TOKEN_END && lf_scan_at_end(&s);
	compare(text, size, whole, &b, &s);
	json_decref(b.root);
	if (t == LF_TOKEN_END) {
		lf_scan_init(&s, text, size);
		HOLDS(lf_scan_skip(&s, lf_scan_next(&s)) && lf_scan_next(&s) == LF_TOKEN_END);
		if (whole && (size < 3 || memcmp(text, "\xef\xbb\xbf", 3) != 0))
			compact((struct lf_slice){text, size});
	}
	lf_scan_glance(text, size, names, 2);
	free(text);
	return 0;
}
