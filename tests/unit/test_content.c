/* The hash of a record's content: the same however a value is written, another one for any other value. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/json.h"
#include "record/content.h"
#include "record/event.h"
#include "record/records.h"
#include "scratch.h"

#define COUNT(a)    (sizeof(a) / sizeof((a)[0]))
#define MAX_MEMBERS 64

static struct lf_seed seed;
static uint64_t random_state = 3;

static int
make_seed(void **state)
{
	struct lf_err err;

	(void)state;
	return lf_seed_new(&seed, &err);
}

static size_t
pick(size_t n)
{
	return (size_t)(scratch_random(&random_state) % n);
}

/* False when text is no object, or a broken one. */
static bool
content(const char *text, size_t len, uint64_t *out)
{
	struct lf_event e;
	struct lf_scan s;

	lf_scan_init(&s, text, len);
	if (lf_scan_next(&s) != LF_TOKEN_OBJECT || !lf_event_read(&s, &seed, &e))
		return false;
	*out = e.content;
	return lf_scan_next(&s) == LF_TOKEN_END && lf_scan_at_end(&s);
}

static uint64_t
content_of(const char *text)
{
	uint64_t hash;

	if (!content(text, strlen(text), &hash))
		fail_msg("%s", text);
	return hash;
}

/* ---- Writing a value otherwise ---- */

static void
put_blanks(struct lf_buf *out)
{
	for (size_t n = pick(3) == 0 ? pick(40) : 0; n > 0; n--)
		lf_buf_putc(out, " \t\r\n"[pick(4)]);
}

static void
put_unit(struct lf_buf *out, unsigned unit)
{
	lf_buf_printf(out, pick(2) == 0 ? "\\u%04x" : "\\u%04X", unit);
}

static size_t
put_wide(struct lf_buf *out, const char *s, const char *end, bool escapes)
{
	const unsigned char *u = (const unsigned char *)s;
	size_t n = *u >= 0xf0 ? 4 : *u >= 0xe0 ? 3 : 2;
	uint32_t c = *u & (0x7fU >> n);

	assert_true(end - s >= (ptrdiff_t)n);
	if (!escapes || pick(2) == 0) {
		lf_buf_add(out, s, n);
		return n;
	}
	for (size_t i = 1; i < n; i++)
		c = c << 6 | (u[i] & 0x3f);
	if (n < 4) {
		put_unit(out, c);
	} else {
		put_unit(out, 0xd800 + ((c - 0x10000) >> 10));
		put_unit(out, 0xdc00 + ((c - 0x10000) & 0x3ff));
	}
	return n;
}

/* Writes json with other escapes and other white space. */
static void
put_otherwise(struct lf_slice json, struct lf_buf *out, bool escapes, bool blanks)
{
	const char *s = json.s, *end = s + json.len;
	bool string = false;

	while (s < end) {
		unsigned char c = (unsigned char)*s;

		if (!string && blanks && memchr("{}[]:,", c, 6) != NULL) {
			put_blanks(out);
			lf_buf_putc(out, *s++);
			put_blanks(out);
		} else if (string && c == '\\') {
			/* as it stands, or an escape of four digits instead of a letter */
			const char *from = memchr("bfnrt\"\\/", s[1], 8);

			if (s[1] == 'u') {
				lf_buf_add(out, s, 6);
				s += 4;
			} else if (from == NULL || !escapes || pick(2) == 0)
				lf_buf_add(out, s, 2);
			else
				put_unit(out, (unsigned char)"\b\f\n\r\t\"\\/"[from - (const char *)memchr("bfnrt\"\\/", 'b', 8)]);
			s += 2;
		} else if (c >= 0x80) {
			s += put_wide(out, s, end, escapes);
		} else if (string && escapes && c < 0x80 && c != '"' && pick(4) == 0) {
			put_unit(out, c);
			s++;
		} else {
			string ^= c == '"';
			if (c == '/' && escapes && pick(2) == 0)
				lf_buf_putc(out, '\\');
			lf_buf_putc(out, *s++);
		}
	}
}

static size_t
members_of(struct lf_slice record, struct lf_slice out[MAX_MEMBERS])
{
	struct lf_scan s;
	size_t n = 0;

	lf_scan_init(&s, record.s, record.len);
	lf_scan_next(&s);
	while (lf_scan_next(&s) == LF_TOKEN_KEY) {
		const char *from = s.s - 1;

		assert_true(n < MAX_MEMBERS && lf_scan_skip(&s, lf_scan_next(&s)));
		out[n++] = (struct lf_slice){from, (size_t)(s.p - from)};
	}
	return n;
}

static void
put_record(struct lf_slice record, struct lf_buf *out, bool order, bool escapes, bool blanks)
{
	struct lf_slice members[MAX_MEMBERS], last;
	size_t n = members_of(record, members), j;

	lf_buf_reset(out);
	lf_buf_putc(out, '{');
	for (size_t i = 0; i < n; i++) {
		j = order ? i + pick(n - i) : i;
		last = members[j];
		members[j] = members[i];
		if (i > 0)
			lf_buf_putc(out, ',');
		put_otherwise(last, out, escapes, blanks);
	}
	lf_buf_putc(out, '}');
	assert_false(out->failed);
}

static void
written_otherwise(struct lf_slice record, uint64_t want)
{
	struct lf_buf out;
	uint64_t have;

	lf_buf_init(&out);
	for (unsigned how = 0; how < 8; how++) {
		put_record(record, &out, how & 1, how & 2, how & 4);
		if (!content(out.data, out.len, &have) || have != want)
			fail_msg("%.*s and %.*s", (int)record.len, record.s, (int)out.len, out.data);
	}
	lf_buf_free(&out);
}

/* Whether jansson takes two texts for one value, the order of all members aside; -1 when it cannot read the second. */
static int
same(json_t *theirs, const char *text, size_t len)
{
	struct lf_err err;
	json_t *other = lf_json_read(text, len, NULL, &err);
	int rc = other == NULL ? -1 : json_equal(theirs, other);

	json_decref(other);
	return rc;
}

/* One byte changed: another hash, unless it still is the same value. */
static void
changed(struct lf_slice record, uint64_t want, size_t step)
{
	char *text = malloc(record.len);
	struct lf_err err;
	json_t *theirs = lf_json_read(record.s, record.len, NULL, &err);
	uint64_t have;

	assert_non_null(text);
	assert_non_null(theirs);
	memcpy(text, record.s, record.len);
	for (size_t i = 1 + pick(step); i + 1 < record.len; i += 1 + pick(step)) {
		text[i] = (char)(text[i] + 1 + (char)pick(3));
		if (content(text, record.len, &have) && (have == want) != (same(theirs, text, record.len) == 1) &&
		    same(theirs, text, record.len) >= 0)
			fail_msg("byte %zu of %.*s", i, (int)record.len, record.s);
		text[i] = record.s[i];
	}
	json_decref(theirs);
	free(text);
}

static uint64_t seen;

static int
visit(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	const char *tail = strrchr(path, '.');
	struct lf_records r;
	struct lf_event e;
	FILE *f;
	char *text;
	uint64_t want;

	(void)ftw;
	if (type != FTW_F || tail == NULL || strcmp(tail, ".json") != 0)
		return 0;
	text = malloc((size_t)st->st_size + 1);
	f = fopen(path, "rb");
	assert_true(text != NULL && f != NULL);
	assert_int_equal(fread(text, 1, (size_t)st->st_size, f), st->st_size);
	fclose(f);
	lf_records_init(&r, text, (size_t)st->st_size);
	while (lf_records_next(&r, &e) > 0) {
		assert_true(content(e.raw.s, e.raw.len, &want));
		written_otherwise(e.raw, want);
		changed(e.raw, want, 400);
		seen++;
	}
	free(text);
	return 0;
}

static void
test_real(void **state)
{
	static const char *const folders[] = {"stratus-detonations", "event-versions", "busy-minute"};
	const char *root = getenv("SHARED_DATA");
	char path[4096];

	(void)state;
	if (root == NULL || *root == '\0')
		skip();
	for (size_t i = 0; i < COUNT(folders); i++) {
		snprintf(path, sizeof(path), "%s/%s", root, folders[i]);
		seen = 0;
		if (nftw(path, visit, 16, FTW_PHYS) != 0)
			skip();
		assert_true(seen > 200);
	}
}

/* ---- By hand ---- */

#define RECORD                                                                                                      \
	"{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":\"A\",\"arn\":\"a:/ \\ud83d\\ude00\\\\\\\"\",\"sessionContext\":" \
	"{\"sessionIssuer\":{\"type\":\"Role\"}}},\"requestID\":\"\",\"eventTime\":\"2024-03-01T02:03:39Z\",\"readOnly\":false," \
	"\"n\":-1.5e3,\"resources\":[{\"ARN\":\"\xc3\xa9\"},[],{}],\"responseElements\":null,\"x y\":{\"a b\":\"c d\"}}"

static void
test_whole(void **state)
{
	struct lf_slice record = {RECORD, sizeof(RECORD) - 1};

	(void)state;
	for (size_t i = 0; i < 200; i++) {
		written_otherwise(record, content_of(RECORD));
		changed(record, content_of(RECORD), 3);
	}
}

static void
test_pairs(void **state)
{
	static const struct {
		const char *a, *b;
		bool equal;
	} cases[] = {
	    {"{}", " { } ", true},
	    {"{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}", true},
	    {"{\"a\":\"/\"}", "{\"a\":\"\\/\"}", true},
	    {"{\"a\":\"\\n\"}", "{\"a\":\"\\u000A\"}", true},
	    {"{\"a\":\"\\\"\\\\\"}", "{\"a\":\"\\u0022\\u005c\"}", true},
	    {"{\"a\":\"\xf0\x9f\x98\x80\xc3\xa9\"}", "{\"a\":\"\\uD83D\\uDE00\\u00e9\"}", true},
	    {"{\"a\":\"\xef\xbf\xbd\"}", "{\"a\":\"\\ufffd\"}", true},
	    {"{\"a\":\"\\ud800\"}", "{\"a\":\"\\uD800\"}", true},
	    {"{\"\\u0061\":1}", "{\"a\":1}", true},
	    {"{\"event\\u0049D\":1}", "{\"eventID\":1}", true},
	    {"{\"x\":{ \"\\u0061\" : 1 }}", "{\"x\":{\"a\":1}}", true},
	    {"{\"a\":1,\"a\":2}", "{\"a\":2,\"a\":1}", false},
	    {"{\"a\":1}", "{\"a\":2}", false},
	    {"{\"a\":1}", "{\"b\":1}", false},
	    {"{\"a\":1}", "{\"a\":\"1\"}", false},
	    {"{\"a\":null}", "{}", false},
	    {"{\"a\":null}", "{\"a\":\"null\"}", false},
	    {"{\"a\":1,\"b\":2}", "{\"a\":2,\"b\":1}", false},
	    {"{\"a\":1,\"a\":1}", "{\"a\":1}", false},
	    {"{\"a\":1,\"a\":1}", "{}", false},
	    {"{\"x\":{\"a\":1,\"b\":2}}", "{\"x\":{\"b\":2,\"a\":1}}", false},
	    {"{\"a\":\"b c\"}", "{\"a\":\"bc\"}", false},
	    {"{\"a\":[\"b\",\"c\"]}", "{\"a\":[\"b\\\",\\\"c\"]}", false},
	    {"{\"a\":\"b\",\"c\":\"d\"}", "{\"a\":\"b\\\",\\\"c\\\":\\\"d\"}", false},
	    {"{\"a\":\"\\\\n\"}", "{\"a\":\"\\n\"}", false},
	    {"{\"a\":\"\\\\u0041\"}", "{\"a\":\"\\u0041\"}", false},
	    {"{\"a\":\"\\ud800\"}", "{\"a\":\"\\ud801\"}", false},
	    {"{\"a\":\"\\ud800\"}", "{\"a\":\"\xef\xbf\xbd\"}", false},
	    {"{\"a\":\"\\ud800\"}", "{\"a\":\"\\\\ud800\"}", false},
	    {"{\"a\":\"\\ude00\\ud83d\"}", "{\"a\":\"\\ud83d\\ude00\"}", false},
	    {"{\"a\":\"\\u0000\"}", "{\"a\":\"\"}", false},
	    {"{\"a\":[1,2]}", "{\"a\":[12]}", false},
	    {"{\"eventID\":1}", "{\"eventId\":1}", false},
	    /* the last of two counts, so these say different things */
	    {"{\"eventName\":\"A\",\"eventName\":\"B\"}", "{\"eventName\":\"B\",\"eventName\":\"A\"}", false},
	    {"{\"userIdentity\":{\"arn\":1}}", "{\"userIdentity\":{\"arn\":2}}", false},
	    {"{\"userIdentity\":{ \"arn\" : 1 }}", "{\"userIdentity\":{\"arn\":1}}", true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if ((content_of(cases[i].a) == content_of(cases[i].b)) != cases[i].equal)
			fail_msg("%s and %s", cases[i].a, cases[i].b);
}

/* Lengths around those that are hashed at once: a plain value, and the same with one escape or one blank at the start,
 * in the middle, or at the end of it. */
static void
test_lengths(void **state)
{
	static char plain[4 * LF_CONTENT_BLOCK], other[4 * LF_CONTENT_BLOCK + 64];

	(void)state;
	for (size_t n = 2; n < 3 * LF_CONTENT_BLOCK + 40; n += n % LF_CONTENT_BLOCK > 40 && n % LF_CONTENT_BLOCK < 980 ? 37 : 1) {
		struct lf_slice json = {plain, n + 2};
		uint64_t want;

		for (size_t i = 0; i < n; i++)
			plain[i + 1] = (char)('A' + pick(26));
		plain[0] = plain[n + 1] = '"';
		want = lf_content_hash(&seed, json, false);
		assert_true(lf_content_hash(&seed, json, true) == want);
		for (size_t k = 0; k < 3; k++) {
			size_t at = 1 + (k == 0 ? 0 : k == 1 ? pick(n) : n - 1);

			memcpy(other, plain, at);
			snprintf(other + at, 7, "\\u%04x", (unsigned)plain[at]);
			memcpy(other + at + 6, plain + at + 1, n + 2 - at - 1);
			assert_true(lf_content_hash(&seed, (struct lf_slice){other, n + 2 + 5}, true) == want);
			other[at + 5] ^= 1;
			assert_true(lf_content_hash(&seed, (struct lf_slice){other, n + 2 + 5}, true) != want);
		}
		memset(other, ' ', 30);
		memcpy(other + 30, plain, n + 2);
		assert_true(lf_content_hash(&seed, (struct lf_slice){other, n + 2 + 30}, true) == want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_real), cmocka_unit_test(test_whole),
	    cmocka_unit_test(test_pairs), cmocka_unit_test(test_lengths)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_seed, NULL);
}
