/* The forms of trail-diff: what each makes of differences, of hostile ones, and of many. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include <jansson.h>

#include "base/text.h"
#include "chaos.h"
#include "diff_stub.h"
#include "markup.h"
#include "output.h"
#include "report/diff_excerpt.h"
#include "report/diff_form.h"
#include "report/diff_places.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct lf_err err;
static const struct lf_write_opts plain = {.width = 0, .reproducible = true};
static const struct lf_write_opts wide = {.width = 200};

/* A whole document, in a buffer that the caller frees. */
static struct lf_buf
written(struct lf_diff *d, enum lf_diff_format format, bool stat, const struct lf_write_opts *o)
{
	struct lf_buf out;

	lf_buf_init(&out);
	assert_int_equal(lf_diff_write(d, format, stat, o, output_append, &out, &err), 0);
	assert_false(out.failed);
	free(d->moved);
	d->moved = NULL;
	return out;
}

static json_t *
document(struct lf_diff *d, bool stat, const struct lf_write_opts *o)
{
	return output_json(written(d, LF_DIFF_JSON, stat, o));
}

static const char *
string_at(const json_t *j, const char *name)
{
	return json_string_value(json_object_get(j, name));
}

/* One difference of each kind, which a test may change. */
static struct lf_diff_row each[LF_DIFF_KINDS];
static struct lf_diff_field each_fields[3];

static void
one_of_each(struct lf_diff *d)
{
	static const char *const where[LF_DIFF_KINDS] = {"ab", "a", "b", "b", "a", "ab", "a", "b", "b"};
	static const unsigned char hash[LF_SHA256_LEN] = {0xab, 0xcd};

	stub_init(d);
	for (size_t i = 0; i < LF_DIFF_KINDS; i++) {
		each[i] = stub_row((enum lf_diff_kind)i, where[i]);
		if (i >= LF_DIFF_OBJECT_CHANGED)
			each[i].key = stub_text("AWSLogs/123456789012/CloudTrail/x.json.gz");
	}
	each_fields[0] = stub_field("/eventName", "\"CreateUser\"", "\"DeleteUser\"");
	each_fields[1] = stub_field("/requestParameters/n", "1.50", NULL);
	each_fields[2] = stub_field("/requestParameters/o", NULL, "{\"x\":[null]}");
	stub_fields(&each[0], each_fields, 3);
	each[LF_DIFF_NOT_COMPARABLE].reason = "Insight events are never there";
	each[LF_DIFF_OBJECT_CHANGED].side[0].hash = each[LF_DIFF_OBJECT_CHANGED].side[1].hash = hash;
	d->rows = each;
	d->n_rows = LF_DIFF_KINDS;
	d->verdict = LF_FINDINGS;
	d->summary.changed = d->summary.only[0] = d->summary.only[1] = d->summary.outside[1] = d->summary.not_comparable[0] = 1;
	d->summary.objects_changed = d->summary.objects_only[0] = d->summary.objects_only[1] = d->summary.objects_outside[1] = 1;
}

/* ---- Text ---- */

static void
test_text_same(void **state)
{
	struct lf_diff d;
	struct lf_buf out;

	(void)state;
	stub_init(&d);
	out = written(&d, LF_DIFF_TEXT, false, &plain);
	assert_ptr_equal(strstr(lf_buf_str(&out), "SAME: "), lf_buf_str(&out));
	has(&out, "117 events and 24 objects");
	has(&out, "- A  monday\n");
	has(&out, "+ B  friday\n");
	has_not(&out, "DIFFER");
	has_not(&out, "\033");
	lf_buf_free(&out);
}

static void
test_text_differs(void **state)
{
	struct lf_diff d;
	struct lf_buf out;
	const char *at, *next;
	static const char *const order[] = {"EVENTS CHANGED (1)", "EVENTS ONLY IN A (1)", "EVENTS ONLY IN B (1)",
	    "EVENTS OUTSIDE THE COMMON WINDOW (1)", "EVENTS NOT COMPARABLE (1)", "OBJECTS CHANGED (1)", "OBJECTS ONLY IN A (1)",
	    "OBJECTS ONLY IN B (1)", "OBJECTS OUTSIDE THE COMMON WINDOW (1)"};

	(void)state;
	one_of_each(&d);
	out = written(&d, LF_DIFF_TEXT, false, &wide);
	has(&out, "THEY DIFFER: 1 event changed, 1 only in A, 1 only in B; 1 object changed, 1 only in A, 1 only in B.\n");
	at = lf_buf_str(&out);
	for (size_t i = 0; i < COUNT(order); i++, at = next) {
		next = strstr(at, order[i]);
		assert_non_null(next);
	}
	has(&out, "--- A monday/a.json#4\n");
	has(&out, "+++ B friday/b.json#7\n");
	has(&out, "\n  - /eventName: \"CreateUser\"\n  + /eventName: \"DeleteUser\"\n");
	/* A member that a side lacks has no line there. */
	has(&out, "\n  - /requestParameters/n: 1.50\n  + /requestParameters/o: {\"x\":[null]}\n");
	has(&out, "Insight events are never there");
	has(&out, "\n- 2024-03-01T12:05:00Z iam:CreateUser");
	has(&out, "\n+ 2024-03-01T12:05:00Z iam:CreateUser");
	has(&out, "\n- AWSLogs/123456789012/CloudTrail/x.json.gz\n");
	has(&out, "sha256: abcd00");
	has_not(&out, "proved: ");
	lf_buf_free(&out);
}

static void
test_text_color(void **state)
{
	struct lf_diff d;
	struct lf_buf out;

	(void)state;
	one_of_each(&d);
	out = written(&d, LF_DIFF_TEXT, false, &(struct lf_write_opts){.color = true, .width = 100});
	has(&out, "\033[1;31m  - /eventName: \"CreateUser\"\033[0m\n");
	has(&out, "\033[1;32m  + /eventName: \"DeleteUser\"\033[0m\n");
	lf_buf_free(&out);
}

/* The answer an auditor wants: which of the two is proved. */
static void
test_text_proof(void **state)
{
	struct lf_diff d;
	struct lf_buf out;

	(void)state;
	one_of_each(&d);
	for (size_t i = 0; i < LF_DIFF_KINDS; i++) {
		each[i].side[0].integrity = LF_INTEGRITY_MODIFIED;
		each[i].side[1].integrity = LF_INTEGRITY_VERIFIED;
	}
	out = written(&d, LF_DIFF_TEXT, false, &plain);
	has(&out, "1 changed event: proved on side B only.");
	has(&out, "1 event only in A: 0 proved to be CloudTrail's, 1 not proved.");
	has(&out, "1 event only in B: 1 proved to be CloudTrail's, 0 not proved.");
	has(&out, "--- A monday/a.json#4  modified\n");
	has(&out, "+++ B friday/b.json#7  verified\n");
	has(&out, "Side B is proved");
	lf_buf_free(&out);
	each[0].side[0].integrity = LF_INTEGRITY_VERIFIED;
	each[0].side[1].integrity = LF_INTEGRITY_NONE;
	out = written(&d, LF_DIFF_TEXT, false, &plain);
	has(&out, "Side A is proved");
	has(&out, "+++ B friday/b.json#7  no digests\n");
	lf_buf_free(&out);
}

/* No difference is not the same as nothing to object to. */
static void
test_text_inconclusive(void **state)
{
	struct lf_diff d;
	struct lf_buf out;

	(void)state;
	stub_init(&d);
	d.verdict = LF_INCONCLUSIVE;
	d.summary.not_comparable[0] = 2;
	d.summary.side[1].skipped = 1;
	out = written(&d, LF_DIFF_TEXT, false, &wide);
	has(&out, "INCONCLUSIVE: no difference was found, but 2 events are not comparable; 1 object of B could not be read in full.");
	lf_buf_free(&out);
	stub_init(&d);
	d.verdict = LF_INCONCLUSIVE;
	d.summary.side[0].events = 0;
	d.summary.first = d.summary.last = LF_TIME_NONE;
	out = written(&d, LF_DIFF_TEXT, false, &wide);
	has(&out, "side A holds no events");
	has_not(&out, "Both sides cover");
	lf_buf_free(&out);
	d.summary.side[0].events = 5;
	out = written(&d, LF_DIFF_TEXT, false, &wide);
	has(&out, "the sides have no time in common");
	lf_buf_free(&out);
	/* Beside a difference the doubts are told, too. */
	stub_init(&d);
	d.verdict = LF_FINDINGS;
	d.summary.changed = 1;
	d.summary.side[0].skipped = 3;
	out = written(&d, LF_DIFF_TEXT, false, &wide);
	has(&out, "THEY DIFFER: 1 event changed.\n");
	has(&out, "3 objects of A could not be read in full");
	lf_buf_free(&out);
}

/* Places are told apart and counted; what is none, and what there is no room for, together. */
static void
test_places(void **state)
{
	static struct lf_diff_places p;
	struct lf_diff_row row = {.kind = LF_DIFF_ONLY_A};
	struct lf_buf out;
	char region[16];

	(void)state;
	memset(&p, 0, sizeof(p));
	lf_buf_init(&out);
	lf_diff_places_say(&p, 0, &out);
	assert_int_equal(out.len, 0);
	row.text[LF_DIFF_ACCOUNT] = (struct lf_slice){"111122223333", 12};
	row.text[LF_DIFF_REGION] = (struct lf_slice){"us-east-1", 9};
	lf_diff_places_add(&p, &row, 0);
	row.text[LF_DIFF_REGION] = (struct lf_slice){"eu-west-1", 9};
	for (int i = 0; i < 3; i++)
		lf_diff_places_add(&p, &row, 0);
	lf_diff_places_add(&p, &row, 1);
	row.text[LF_DIFF_ACCOUNT] = (struct lf_slice){"1, others 9", 11};
	lf_diff_places_add(&p, &row, 0);
	row.text[LF_DIFF_ACCOUNT] = (struct lf_slice){"12\0", 3};
	lf_diff_places_add(&p, &row, 0);
	row.text[LF_DIFF_ACCOUNT] = (struct lf_slice){"", 0};
	lf_diff_places_add(&p, &row, 0);
	lf_diff_places_say(&p, 0, &out);
	assert_string_equal(lf_buf_str(&out), "111122223333 eu-west-1 3, 111122223333 us-east-1 1, (no account) eu-west-1 1, others 2");
	lf_buf_reset(&out);
	lf_diff_places_say(&p, 1, &out);
	assert_string_equal(lf_buf_str(&out), "111122223333 eu-west-1 1");
	for (int i = 0; i < 100; i++) {
		snprintf(region, sizeof(region), "r-%d", i);
		row.text[LF_DIFF_REGION] = (struct lf_slice){region, strlen(region)};
		lf_diff_places_add(&p, &row, 1);
	}
	lf_buf_reset(&out);
	lf_diff_places_say(&p, 1, &out);
	assert_string_equal(lf_buf_str(&out), "111122223333 eu-west-1 1, (no account) r-0 1, (no account) r-1 1, (no account) r-2 1, "
	    "(no account) r-3 1, (no account) r-4 1, others 95");
	lf_buf_free(&out);
}

static void
test_text_stat(void **state)
{
	struct lf_diff d;
	struct lf_buf out;

	(void)state;
	one_of_each(&d);
	d.summary.only[1] = 12345;
	out = written(&d, LF_DIFF_TEXT, true, &plain);
	has(&out, "THEY DIFFER");
	has(&out, "  same                        117           24\n");
	has(&out, "  + only in B               12345            1\n");
	has_not(&out, "/eventName");
	has_not(&out, "EVENTS CHANGED");
	lf_buf_free(&out);
	d.summary.objects_compared = false;
	out = written(&d, LF_DIFF_TEXT, true, &plain);
	has(&out, "  same                        117\n");
	has_not(&out, "unread");
	lf_buf_free(&out);
}

static void
test_text_quiet_and_detail(void **state)
{
	struct lf_diff d;
	struct lf_buf out;

	(void)state;
	one_of_each(&d);
	d.skips[1][0] = (struct lf_diff_skip){"friday/broken", "not gzip"};
	d.n_skips[1] = 1;
	d.summary.side[1].skipped = 1;
	d.ignored[0] = "/userAgent";
	out = written(&d, LF_DIFF_TEXT, false, &(struct lf_write_opts){.quiet = true});
	has(&out, "THEY DIFFER");
	has(&out, "/eventName");
	has_not(&out, "WHAT THIS DOES NOT SHOW");
	has_not(&out, "- A  monday\n");
	lf_buf_free(&out);
	out = written(&d, LF_DIFF_TEXT, false, &(struct lf_write_opts){.detail = true});
	has(&out, "B friday/broken: not gzip\n");
	has(&out, "Members left out: /userAgent\n");
	lf_buf_free(&out);
	out = written(&d, LF_DIFF_TEXT, false, &plain);
	has_not(&out, "not gzip");
	lf_buf_free(&out);
}

/* Whoever asked for a part is told that it is one. */
static void
test_selection(void **state)
{
	static const char *accounts[] = {"123456789012"};
	struct lf_diff d;
	struct lf_buf out;
	json_t *j;

	(void)state;
	stub_init(&d);
	out = written(&d, LF_DIFF_TEXT, false, &plain);
	has_not(&out, "Only part");
	lf_buf_free(&out);
	d.select.accounts = (void *)accounts;
	d.select.n_accounts = 1;
	d.select.until = 1709294400;
	for (int format = LF_DIFF_TEXT; format <= LF_DIFF_HTML; format += 2) {
		out = written(&d, (enum lf_diff_format)format, false, &plain);
		has(&out, "Only part was asked for: account 123456789012 until 2024-03-01T12:00:00Z");
		lf_buf_free(&out);
	}
	j = document(&d, false, &plain);
	assert_string_equal(string_at(json_object_get(j, "selection"), "until"), "2024-03-01T12:00:00Z");
	json_decref(j);
}

/* Long lists are cut in text, and say so; with detail they are whole. */
static void
test_text_many(void **state)
{
	struct lf_diff_row rows[2] = {stub_row(LF_DIFF_ONLY_A, "a"), stub_row(LF_DIFF_ONLY_B, "b")};
	struct lf_diff d;
	struct lf_buf out;
	size_t n = 0;

	(void)state;
	stub_init(&d);
	d.rows = rows;
	d.n_rows = 2;
	d.repeat = 1000;
	d.verdict = LF_FINDINGS;
	d.summary.only[0] = d.summary.only[1] = 1000;
	out = written(&d, LF_DIFF_TEXT, false, &plain);
	has(&out, "... and 800 more: -v or -f json lists all\n");
	has(&out, "EVENTS ONLY IN B (1000)");
	has(&out, "\n+ 2024-03-01");
	lf_buf_free(&out);
	out = written(&d, LF_DIFF_TEXT, false, &(struct lf_write_opts){.detail = true});
	for (const char *p = lf_buf_str(&out); (p = strstr(p, "\n- 2024-03-01")) != NULL; p++)
		n++;
	assert_int_equal(n, 1000);
	has_not(&out, " more: ");
	lf_buf_free(&out);
}

/* Every line fits, but words that cannot be broken; a value that is cut still shows where it differs. */
static void
test_text_width(void **state)
{
	static char a[3000], b[3000];
	struct lf_diff_row row = stub_row(LF_DIFF_CHANGED, "ab");
	struct lf_diff_field field;
	struct lf_diff d;
	struct lf_buf out;
	const char *p, *end;

	(void)state;
	stub_init(&d);
	memset(a, 'x', sizeof(a) - 1);
	memset(b, 'x', sizeof(b) - 1);
	memcpy(a + 2000, "GENUINE", 7);
	memcpy(b + 2000, "FORGED!", 7);
	field = stub_field("/requestParameters/policyDocument", a, b);
	stub_fields(&row, &field, 1);
	d.rows = &row;
	d.n_rows = 1;
	d.verdict = LF_FINDINGS;
	d.summary.changed = 1;
	for (unsigned width = 40; width <= 200; width += 40) {
		out = written(&d, LF_DIFF_TEXT, false, &(struct lf_write_opts){.width = width});
		for (p = lf_buf_str(&out); *p != '\0'; p = end + 1) {
			end = strchr(p, '\n');
			assert_non_null(end);
			if (lf_text_columns(p, (size_t)(end - p)) > width)
				fail_msg("longer than %u: %.*s", width, (int)(end - p), p);
		}
		has(&out, "GENUINE");
		has(&out, "FORGED!");
		lf_buf_free(&out);
	}
	/* A value that is not given whole says so, and fits as well. */
	field.cut[0] = field.cut[1] = true;
	out = written(&d, LF_DIFF_TEXT, false, &(struct lf_write_opts){.width = 80});
	p = strstr(lf_buf_str(&out), "  - /req");
	assert_non_null(p);
	end = strchr(p, '\n');
	assert_true(lf_text_columns(p, (size_t)(end - p)) <= 80);
	assert_memory_equal(end - 16, " (its beginning)", 16);
	lf_buf_free(&out);
	field.cut[0] = field.cut[1] = false;
	/* No terminal: nothing is cut. */
	out = written(&d, LF_DIFF_TEXT, false, &plain);
	has(&out, a);
	has(&out, b);
	lf_buf_free(&out);
}

/* ---- Excerpts ---- */

static void
excerpt(const char *a, const char *b, size_t width, const char *want_a, const char *want_b)
{
	struct lf_slice v[2] = {{a, a == NULL ? 0 : strlen(a)}, {b, b == NULL ? 0 : strlen(b)}};
	struct lf_buf out[2];

	lf_buf_init(&out[0]);
	lf_buf_init(&out[1]);
	lf_diff_excerpt(v, width, true, out);
	assert_string_equal(lf_buf_str(&out[0]), want_a);
	assert_string_equal(lf_buf_str(&out[1]), want_b);
	lf_buf_free(&out[0]);
	lf_buf_free(&out[1]);
}

static void
test_excerpt(void **state)
{
	struct lf_slice v[2] = {{"", 0}, {"", 0}};
	struct lf_buf out[2] = {{0}, {0}};
	static char cjk[4000];

	(void)state;
	excerpt("short", "other", 8, "short", "other");
	excerpt("exactly8", "exactlyy", 8, "exactly8", "exactlyy");
	excerpt("too long by far", "too short", 9, "too long~", "too short");
	excerpt("0123456789abcX", "0123456789abcY", 9, "~abcX", "~abcY");
	excerpt("0123456789abcXrest of it", "0123456789abcY", 9, "~abcXres~", "~abcY");
	excerpt("0123456789abc", NULL, 9, "01234567~", "");
	excerpt(NULL, "0123456789abc", 0, "", "0123456789abc");
	excerpt("", "0123456789abc", 9, "", "01234567~");
	/* Characters stay whole, whatever is common to their bytes; wide ones take two columns. */
	excerpt("\xc3\xa9", "\xc3\xa8", 8, "\xc3\xa9", "\xc3\xa8");
	for (size_t i = 0; i + 3 < sizeof(cjk); i += 3)
		memcpy(cjk + i, "\xe4\xb8\xad", 3);
	for (size_t width = 8; width < 30; width++) {
		v[0] = (struct lf_slice){cjk, 3999};
		v[1] = (struct lf_slice){cjk, 3000};
		lf_buf_reset(&out[0]);
		lf_buf_reset(&out[1]);
		lf_diff_excerpt(v, width, false, out);
		for (unsigned i = 0; i < 2; i++) {
			uint32_t cp;

			assert_true(lf_text_columns(out[i].data, out[i].len) <= width);
			for (size_t at = 0, n; at < out[i].len; at += n)
				assert_true((n = lf_utf8_decode(out[i].data + at, out[i].len - at, &cp)) > 0);
		}
	}
	lf_buf_free(&out[0]);
	lf_buf_free(&out[1]);
}

/* ---- JSON ---- */

static void
test_json(void **state)
{
	struct lf_diff d;
	json_t *j, *x;

	(void)state;
	one_of_each(&d);
	j = document(&d, false, &plain);
	assert_string_equal(string_at(j, "tool"), "trail-diff");
	assert_string_equal(string_at(j, "verdict"), "findings");
	assert_string_equal(string_at(j, "result"), "differ");
	assert_null(json_object_get(j, "started"));
	assert_string_equal(string_at(json_object_get(j, "common_window"), "start"), "2024-03-01T12:00:00Z");
	for (size_t i = 0; i <= LF_DIFF_NOT_COMPARABLE; i++)
		assert_int_equal(json_array_size(json_object_get(j, lf_diff_kind_names[i])), 1);
	for (size_t i = LF_DIFF_OBJECT_CHANGED; i < LF_DIFF_KINDS; i++)
		assert_int_equal(json_array_size(json_object_get(json_object_get(j, "objects"), lf_diff_kind_names[i])), 1);
	x = json_array_get(json_object_get(j, "only_in_b"), 0);
	assert_string_equal(string_at(x, "event_id"), "e5");
	assert_string_equal(string_at(x, "event_time"), "2024-03-01T12:05:00Z");
	assert_string_equal(string_at(x, "locator"), "friday/b.json");
	assert_int_equal(json_integer_value(json_object_get(x, "record_index")), 7);
	assert_true(json_is_null(json_object_get(x, "integrity")));
	x = json_array_get(json_object_get(j, "not_comparable"), 0);
	assert_string_equal(string_at(x, "side"), "a");
	assert_string_equal(string_at(x, "reason"), "Insight events are never there");
	x = json_array_get(json_object_get(j, "changed"), 0);
	assert_string_equal(string_at(json_object_get(x, "a"), "locator"), "monday/a.json");
	assert_string_equal(string_at(json_object_get(x, "b"), "locator"), "friday/b.json");
	x = json_object_get(x, "fields");
	assert_int_equal(json_array_size(x), 3);
	assert_string_equal(string_at(json_array_get(x, 0), "a"), "CreateUser");
	assert_null(json_object_get(json_array_get(x, 1), "b"));
	assert_true(json_real_value(json_object_get(json_array_get(x, 1), "a")) == 1.5);
	assert_null(json_object_get(json_array_get(x, 2), "a"));
	assert_true(json_is_object(json_object_get(json_array_get(x, 2), "b")));
	x = json_array_get(json_object_get(json_object_get(j, "objects"), "changed"), 0);
	assert_int_equal(strlen(string_at(json_object_get(x, "b"), "sha256")), 64);
	json_decref(j);
}

/* What was not compared is null, not empty; counts alone have no lists; with times they are there. */
static void
test_json_parts(void **state)
{
	struct lf_diff d;
	json_t *j;

	(void)state;
	one_of_each(&d);
	d.n_rows = LF_DIFF_OBJECT_CHANGED;
	d.summary.objects_compared = false;
	j = document(&d, false, &(struct lf_write_opts){.started = 1, .finished = 2});
	assert_true(json_is_null(json_object_get(j, "objects")));
	assert_true(json_is_null(json_object_get(json_object_get(j, "summary"), "objects")));
	assert_string_equal(string_at(j, "started"), "1970-01-01T00:00:01Z");
	json_decref(j);
	d.rows = each + LF_DIFF_OBJECT_CHANGED;
	d.n_rows = LF_DIFF_KINDS - LF_DIFF_OBJECT_CHANGED;
	d.summary.objects_compared = true;
	d.summary.events_compared = false;
	j = document(&d, false, &plain);
	assert_true(json_is_null(json_object_get(j, "changed")));
	assert_int_equal(json_array_size(json_object_get(json_object_get(j, "objects"), "only_in_a")), 1);
	json_decref(j);
	j = document(&d, true, &plain);
	assert_null(json_object_get(j, "changed"));
	assert_null(json_object_get(j, "objects"));
	assert_int_equal(json_integer_value(json_object_get(json_object_get(json_object_get(j, "summary"), "objects"), "changed")), 1);
	json_decref(j);
}

/* Lists are never shortened. */
static void
test_json_many(void **state)
{
	struct lf_diff_row rows[2] = {stub_row(LF_DIFF_ONLY_A, "a"), stub_row(LF_DIFF_OUTSIDE, "b")};
	struct lf_diff d;
	json_t *j;

	(void)state;
	stub_init(&d);
	d.rows = rows;
	d.n_rows = 2;
	d.repeat = 30000;
	d.verdict = LF_FINDINGS;
	j = document(&d, false, &plain);
	assert_int_equal(json_array_size(json_object_get(j, "only_in_a")), 30000);
	assert_int_equal(json_array_size(json_object_get(j, "outside_common_window")), 30000);
	assert_int_equal(json_array_size(json_object_get(j, "changed")), 0);
	json_decref(j);
}

/* ---- HTML ---- */

static void
test_html(void **state)
{
	struct lf_diff d;
	struct lf_buf out;

	(void)state;
	one_of_each(&d);
	out = written(&d, LF_DIFF_HTML, false, &plain);
	assert_null(markup_wrong(lf_buf_str(&out)));
	has(&out, "They differ");
	has(&out, "/eventName");
	has(&out, "&quot;DeleteUser&quot;");
	has(&out, "absent");
	has(&out, "Insight events are never there");
	has(&out, "Content-Security-Policy");
	lf_buf_free(&out);
	out = written(&d, LF_DIFF_HTML, true, &plain);
	assert_null(markup_wrong(lf_buf_str(&out)));
	has_not(&out, "/eventName");
	lf_buf_free(&out);
	d.repeat = 6000;
	d.summary.only[0] = 6000;
	out = written(&d, LF_DIFF_HTML, false, &plain);
	assert_null(markup_wrong(lf_buf_str(&out)));
	has(&out, "... and 1000 more");
	lf_buf_free(&out);
}

/* ---- Hostile values ---- */

static const char evil[] = "\x1b[31m\"</script><script>alert(1)</script>\xe2\x80\xae\r\n,\xff\xc3\xa9\xe4\xb8\xad\0;\\";

static void
hostile(struct lf_diff *d)
{
	struct lf_slice bad = {evil, sizeof(evil) - 1};

	one_of_each(d);
	for (size_t i = 0; i < LF_DIFF_KINDS; i++) {
		for (size_t k = 0; k < LF_DIFF_TEXTS; k++)
			each[i].text[k] = bad;
		each[i].key = each[i].side[0].locator = each[i].side[1].locator = bad;
		each[i].time = LF_TIME_NONE;
	}
	for (size_t i = 0; i < 3; i++)
		each_fields[i].path = bad;
	/* Values are JSON in valid UTF-8; more is not promised of them. */
	each_fields[0].value[0] = stub_text("\"\xe2\x80\xae\x7f\xc2\x9b\\u001b<b>\"");
	d->operands[0][0] = d->ignored[0] = "\x1b[2J\xe2\x80\xae<b>";
	d->skips[0][0] = (struct lf_diff_skip){"\x1b[2J\xe2\x80\xae<b>", "\x1b[2J"};
	d->n_skips[0] = 1;
	d->summary.side[0].skipped = 1;
}

/* No control character but line feeds, no bidi character, valid UTF-8. */
static void
harmless(const struct lf_buf *out)
{
	uint32_t cp;
	size_t n;

	for (size_t at = 0; at < out->len; at += n) {
		n = lf_utf8_decode(out->data + at, out->len - at, &cp);
		assert_true(n > 0);
		assert_true(cp == '\n' || (cp >= 0x20 && cp != 0x7f && !(cp >= 0x80 && cp < 0xa0)));
		assert_false((cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069));
	}
}

static void
test_hostile(void **state)
{
	const struct lf_write_opts opts[] = {{.reproducible = true}, {.width = 40}, {.detail = true}, {.width = 120, .ascii = true}};
	struct lf_diff d;
	struct lf_buf out;
	json_t *j;

	(void)state;
	hostile(&d);
	for (int format = LF_DIFF_TEXT; format <= LF_DIFF_HTML; format++) {
		for (size_t i = 0; i < COUNT(opts); i++) {
			out = written(&d, (enum lf_diff_format)format, false, &opts[i]);
			harmless(&out);
			if (format == LF_DIFF_HTML) {
				assert_null(markup_wrong(lf_buf_str(&out)));
				has_not(&out, "<script");
			}
			lf_buf_free(&out);
		}
	}
	j = document(&d, false, &plain);
	assert_string_equal(json_string_value(json_object_get(json_array_get(json_object_get(json_array_get(json_object_get(j, "changed"), 0),
	    "fields"), 0), "a")), "\xe2\x80\xae\x7f\xc2\x9b\x1b<b>");
	json_decref(j);
}

/* ---- Failures ---- */

static void
test_failures(void **state)
{
	struct lf_buf out;
	struct lf_diff d;

	(void)state;
	one_of_each(&d);
	d.repeat = 1000;
	for (int format = LF_DIFF_TEXT; format <= LF_DIFF_HTML; format++) {
		assert_int_equal(lf_diff_write(&d, (enum lf_diff_format)format, false, &plain, output_full, NULL, &err), -1);
		assert_non_null(strstr(err.msg, "No space left"));
		d.fail_at = 4500;
		lf_buf_init(&out);
		assert_int_equal(lf_diff_write(&d, (enum lf_diff_format)format, false, &plain, output_append, &out, &err), -1);
		assert_string_equal(err.msg, "the differences are gone");
		lf_buf_free(&out);
		d.fail_at = 0;
	}
	free(d.moved);
}

static int
nowhere(void *arg, const void *bytes, size_t len)
{
	(void)bytes;
	*(size_t *)arg += len;
	return 0;
}

static struct lf_diff step_diff;
static enum lf_diff_format step_format;
static size_t step_bytes; /* of the whole document; 0: not known */

/* A document is whole, or it is a failure. */
static int
step(void)
{
	size_t bytes = 0;
	int rc = lf_diff_write(&step_diff, step_format, false, &plain, nowhere, &bytes, &err);

	free(step_diff.moved);
	step_diff.moved = NULL;
	return rc == 0 && step_bytes != 0 && bytes != step_bytes ? -2 : rc;
}

static void
test_out_of_memory(void **state)
{
	long runs;

	(void)state;
	if (!CHAOS)
		skip();
	hostile(&step_diff);
	step_format = LF_DIFF_HTML;
	assert_int_equal(step(), 0); /* what OpenSSL keeps, it keeps from here on */
	chaos_ours = true;
	for (int format = LF_DIFF_TEXT; format <= LF_DIFF_HTML; format++) {
		step_format = (enum lf_diff_format)format;
		step_bytes = 0;
		assert_int_equal(lf_diff_write(&step_diff, step_format, false, &plain, nowhere, &step_bytes, &err), 0);
		runs = chaos_run(step);
		if (runs <= 3)
			fail_msg("format %d: %ld", format, runs);
	}
	chaos_ours = false;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_text_same),
	    cmocka_unit_test(test_text_differs),
	    cmocka_unit_test(test_text_color),
	    cmocka_unit_test(test_text_proof),
	    cmocka_unit_test(test_text_inconclusive),
	    cmocka_unit_test(test_places),
	    cmocka_unit_test(test_text_stat),
	    cmocka_unit_test(test_text_quiet_and_detail),
	    cmocka_unit_test(test_selection),
	    cmocka_unit_test(test_text_many),
	    cmocka_unit_test(test_text_width),
	    cmocka_unit_test(test_excerpt),
	    cmocka_unit_test(test_json),
	    cmocka_unit_test(test_json_parts),
	    cmocka_unit_test(test_json_many),
	    cmocka_unit_test(test_html),
	    cmocka_unit_test(test_hostile),
	    cmocka_unit_test(test_failures),
	    cmocka_unit_test(test_out_of_memory),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
