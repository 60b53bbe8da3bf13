/* Records, digests and logs found as text: in every coding and at every level, whatever the window is; and what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "carve/text.h"

#define RECORD(n)                                                                                             \
	"{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":\"IAMUser\",\"userName\":\"J\\u00fcrg \\\"{\\\" \xe4\xb8\xad\"}," \
	"\"eventTime\":\"2024-03-01T00:00:0" n "Z\",\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"GetObject\"," \
	"\"awsRegion\":\"us-east-1\",\"requestParameters\":{\"a\":[1,2,{\"b\":\"}\"}]},\"eventID\":" \
	"\"00000000-0000-4000-8000-00000000000" n "\",\"recipientAccountId\":\"111122223333\"}"
#define LOG "{\"Records\":[" RECORD("1") "," RECORD("2") "]}"

struct image {
	unsigned char *bytes;
	size_t len, at, size; /* where the text lies, and how much of it */
};

/* ---- Writing it down ---- */

static char *
escaped(const char *text)
{
	char *out = malloc(2 * strlen(text) + 1), *p = out;

	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			*p++ = '\\';
		*p++ = *text;
	}
	*p = '\0';
	return out;
}

/* UTF-16 of UTF-8 without surrogates. */
static size_t
wide(const char *text, bool big, unsigned char *out)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t n = 0;

	while (*p != '\0') {
		unsigned c = *p++;

		if (c >= 0xe0) {
			c = (c & 0x0f) << 12 | (unsigned)(p[0] & 0x3f) << 6 | (p[1] & 0x3f);
			p += 2;
		}
		out[n + (big ? 0 : 1)] = (unsigned char)(c >> 8);
		out[n + (big ? 1 : 0)] = (unsigned char)c;
		n += 2;
	}
	return n;
}

/* text at offset 1000 (1001 when odd) of bytes that hold nothing. */
static struct image
image_of(const char *text, unsigned unit, bool big, unsigned level, bool odd)
{
	struct image i = {.at = odd ? 1001 : 1000};
	char *s = strdup(text);

	for (unsigned k = 0; k < level; k++) {
		char *e = escaped(s);

		free(s);
		s = e;
	}
	i.len = 4 * strlen(s) + 8192;
	i.bytes = malloc(i.len);
	memset(i.bytes, 0xee, i.len);
	i.size = unit == 1 ? strlen(s) : wide(s, big, i.bytes + i.at);
	if (unit == 1)
		memcpy(i.bytes + i.at, s, i.size);
	if (level > 0) { /* as a string */
		unsigned char quote[16];
		char q[16] = "";

		for (size_t k = 0; k < lf_coding_backslashes(level - 1); k++)
			strcat(q, "\\");
		strcat(q, "\"");
		if (unit == 1) {
			memcpy(i.bytes + i.at + i.size, q, strlen(q));
		} else {
			size_t n = wide(q, big, quote);

			memcpy(i.bytes + i.at + i.size, quote, n);
		}
	}
	free(s);
	return i;
}

/* ---- Looking ---- */

static struct lf_text *text;

static int
make(void **state)
{
	struct lf_err err;

	(void)state;
	text = lf_text_new(1 << 20, 1 << 20, &err);
	return text == NULL ? -1 : 0;
}

static int
unmake(void **state)
{
	(void)state;
	lf_text_free(text);
	return 0;
}

/* What all hits of an image lead to: outcomes other than NONE and AGAIN go to found, whose text is copied. */
static size_t
look_all(const struct image *i, struct lf_text_found *found, char **copies, size_t cap, size_t *none)
{
	struct lf_hit hits[64];
	size_t next, n = lf_sift(i->bytes, i->len, 0, 0, true, hits, 64, &next), out = 0;
	struct lf_view v = {.window = i->bytes, .len = i->len, .size = i->len};
	struct lf_err err;

	*none = 0;
	lf_text_reset(text);
	for (size_t k = 0; k < n; k++) {
		struct lf_text_found f;

		assert_int_equal(lf_text_look(text, &v, hits[k].at, hits[k].trigger, &f, &err), 0);
		*none += f.outcome == LF_TEXT_NONE;
		if (f.outcome == LF_TEXT_NONE || f.outcome == LF_TEXT_AGAIN)
			continue;
		assert_true(out < cap);
		copies[out] = strndup(f.text, f.len);
		found[out++] = f;
	}
	return out;
}

static void
every_coding_and_level(void **state)
{
	(void)state;
	for (unsigned c = 0; c < 3; c++)
		for (unsigned level = 0; level <= 3; level++)
			for (unsigned odd = 0; odd < 2; odd++) {
				unsigned unit = c == 0 ? 1 : 2;
				struct image i = image_of(RECORD("1"), unit, c == 2, level, odd);
				struct lf_text_found f[4];
				char *copies[4];
				size_t none;

				assert_int_equal(look_all(&i, f, copies, 4, &none), 1);
				assert_int_equal(f[0].outcome, LF_TEXT_RECORD);
				assert_string_equal(copies[0], RECORD("1"));
				assert_int_equal(f[0].coding.level, level);
				assert_int_equal(f[0].coding.unit, unit);
				assert_int_equal(f[0].coding.big, c == 2);
				assert_int_equal(f[0].from, i.at);
				assert_int_equal(f[0].to, i.at + i.size);
				free(copies[0]);
				free(i.bytes);
			}
}

static void
a_log_is_found_by_its_first_record(void **state)
{
	struct image i = image_of("  " LOG, 1, false, 0, false);
	struct lf_text_found f[4];
	char *copies[4];
	size_t none;

	(void)state;
	assert_int_equal(look_all(&i, f, copies, 4, &none), 2);
	assert_int_equal(f[0].outcome, LF_TEXT_LOG);
	assert_string_equal(copies[0], LOG);
	assert_int_equal(f[0].from, i.at + 2);
	assert_int_equal(f[0].to, i.at + 2 + strlen(LOG));
	assert_int_equal(f[1].outcome, LF_TEXT_RECORD);
	free(copies[0]);
	free(copies[1]);
	free(i.bytes);
}

static void
a_cut_record_is_a_fragment(void **state)
{
	size_t whole = 0, fragments = 0;

	(void)state;
	for (size_t cut = 0; cut < strlen(RECORD("1")); cut++) {
		struct image i = image_of(RECORD("1"), 1, false, 0, false);
		struct lf_text_found f[4];
		char *copies[4];
		size_t none, n;

		memset(i.bytes + i.at + cut, 0xee, i.size - cut);
		n = look_all(&i, f, copies, 4, &none);
		assert_true(n <= 1);
		for (size_t k = 0; k < n; k++) {
			assert_int_equal(f[k].outcome, LF_TEXT_FRAGMENT);
			assert_true(f[k].to <= i.at + cut + 1);
			assert_non_null(f[k].event.field[LF_EV_TIME].s);
			free(copies[k]);
		}
		whole += n == 1 && f[0].outcome == LF_TEXT_RECORD;
		fragments += n;
		free(i.bytes);
	}
	assert_int_equal(whole, 0);
	assert_true(fragments > 100);
}

static void
lookalikes_are_turned_down(void **state)
{
	static const char *const texts[] = {
	    "{\"eventVersion\":\"1.08\"}",
	    "The \"eventVersion\" of a record, and \"eventID\" { \"eventVersion\" : \"eventID\" }",
	    "{\"eventVersion\":\"1.08\",\"eventTime\":\"yesterday\",\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"A\"}",
	    ("{\"eventVersion\":\"1.08\",\"eventTime\":\"2024-03-01T00:00:00Z\",\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"A\","
	    "\"eventID\":\"EXAMPLE1-90ab-cdef-fedc-ba987EXAMPLE\",\"awsRegion\":\"us-east-1\"}"),
	    "{\"properties\":{\"eventVersion\":{\"type\":\"string\"},\"eventID\":{\"type\":\"string\"}}}",
	    "{\"event_id\":\"00000000-0000-4000-8000-000000000001\",\"eventID\":\"00000000-0000-4000-8000-000000000001\"}",
	    "[\"eventVersion\",\"eventID\"]",
	};

	(void)state;
	for (size_t k = 0; k < sizeof(texts) / sizeof(*texts); k++) {
		struct image i = image_of(texts[k], 1, false, 0, false);
		struct lf_text_found f[8];
		char *copies[8];
		size_t none;

		assert_int_equal(look_all(&i, f, copies, 8, &none), 0);
		assert_true(none > 0);
		free(i.bytes);
	}
}

static void
the_wrapper_is_named(void **state)
{
	static const struct {
		const char *front;
		unsigned level;
		const char *name;
	} forms[] = {{"{\"detail\": ", 0, "detail"}, {"{\"Message\" :\n\"", 1, "Message"}, {"[", 0, ""},
	    {"{\\\"Body\\\":\\\"", 2, "Body"}};

	(void)state;
	for (size_t k = 0; k < 4; k++) {
		struct image i = image_of(RECORD("1"), 1, false, forms[k].level, false);
		size_t n = strlen(forms[k].front), none;
		struct lf_text_found f[4];
		char *copies[4];

		memcpy(i.bytes + i.at - n, forms[k].front, n);
		assert_int_equal(look_all(&i, f, copies, 4, &none), 1);
		assert_string_equal(f[0].wrapper, forms[k].name);
		free(copies[0]);
		free(i.bytes);
	}
}

/* The worst that a writer can do with names: each must not lead over all bytes before it again. */
static void
names_without_end_take_no_time(void **state)
{
	static const char *const parts[] = {"\"eventVersion\":1,", "\"eventVersion\" ", "}\"eventVersion\":", "{\"eventVersion\":1 ",
	    "[{\"eventVersion\":[1,", "\"\"\"eventVersion\"", "\"eventVersion\"\\\""};
	size_t len = 1 << 20;

	(void)state;
	for (size_t k = 0; k < sizeof(parts) / sizeof(*parts); k++) {
		struct image i = {malloc(len), len, 0, len};
		struct lf_view v = {.window = i.bytes, .len = len, .size = len};
		size_t n = strlen(parts[k]), next = 0;
		struct lf_hit hits[64];
		struct lf_text_found f;
		struct lf_err err;

		for (size_t at = 0; at < len; at++)
			i.bytes[at] = at == 0 ? '{' : (unsigned char)parts[k][(at - 1) % n];
		lf_text_reset(text);
		while (next < len) {
			size_t got = lf_sift(i.bytes, len, next, 0, true, hits, 64, &next);

			for (size_t h = 0; h < got; h++) {
				assert_int_equal(lf_text_look(text, &v, hits[h].at, hits[h].trigger, &f, &err), 0);
				assert_int_equal(f.outcome, LF_TEXT_NONE);
			}
		}
		free(i.bytes);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_coding_and_level),
	    cmocka_unit_test(a_log_is_found_by_its_first_record),
	    cmocka_unit_test(a_cut_record_is_a_fragment),
	    cmocka_unit_test(lookalikes_are_turned_down),
	    cmocka_unit_test(the_wrapper_is_named),
	    cmocka_unit_test(names_without_end_take_no_time),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make, unmake);
}
