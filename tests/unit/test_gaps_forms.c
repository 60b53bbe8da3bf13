/* The forms of trail-gaps: what each makes of coverage, of hostile coverage, and of much of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include <jansson.h>

#include "base/csv.h"
#include "base/text.h"
#include "base/utc.h"
#include "chaos.h"
#include "coverage_stub.h"
#include "markup.h"
#include "output.h"
#include "report/gaps_groups.h"
#include "report/gaps_rows.h"
#include "report/gaps_slots.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define NOON     1709294400 /* 2024-03-01T12:00:00Z */
#define HOUR     3600

static struct lf_err err;
static const struct lf_write_opts plain = {.reproducible = true};

/* A form of the stub, in a buffer that the caller frees. */
static struct lf_buf
written(enum lf_coverage_format format, const struct lf_write_opts *o)
{
	struct lf_buf out;

	lf_buf_init(&out);
	assert_int_equal(lf_coverage_write(&stub.c, format, o, output_append, &out, &err), 0);
	assert_false(out.failed);
	lf_buf_add(&out, "", 0);
	return out;
}

static void
holds(enum lf_coverage_format format, const struct lf_write_opts *o, const char *const *texts, size_t n)
{
	struct lf_buf out = written(format, o);

	for (size_t i = 0; i < n; i++)
		has(&out, texts[i]);
	lf_buf_free(&out);
}

static void
lacks(enum lf_coverage_format format, const struct lf_write_opts *o, const char *text)
{
	struct lf_buf out = written(format, o);

	if (strstr(lf_buf_str(&out), text) != NULL)
		fail_msg("holds \"%s\":\n%s", text, lf_buf_str(&out));
	lf_buf_free(&out);
}

/* Two lines that one stop blinds, one with a digest gone, and one of logs; two impairments, one only attempted. */
static void
scene(void)
{
	static const char *const audit[] = {"audit"};
	struct lf_control *stop, *start, *attempt;
	struct lf_gap *g;

	stub_start();
	stop = stub_event(NOON + 8 * HOUR + 400, "StopLogging", "aaaa-1");
	attempt = stub_event(NOON + 9 * HOUR, "DeleteTrail", "cccc-1");
	attempt->effective = false;
	attempt->error_code = "AccessDenied";
	start = stub_event(NOON + 12 * HOUR - 100, "StartLogging", "bbbb-1");
	start->impairs = false;
	start->principal = "arn:aws:iam::123456789012:user/alice";
	stub_line("123456789012", "eu-central-1", "main", NOON, HOUR, "VVVVVVVVOOOOVVVV")->org = "o-abcdefghij";
	stub_line("123456789012", "eu-west-1", "main", NOON, HOUR, "VQQQVVVVOOOOVVVV");
	stub_line("123456789012", "us-east-1", "audit", NOON, HOUR, "VVMVVVVVUUUUUUUU");
	stub_line("210987654321", "us-east-1", NULL, NOON, HOUR, "KKKK");
	for (uint32_t i = 0; i < 2; i++) {
		g = stub_gap(i, NOON + 8 * HOUR, NOON + 12 * HOUR, LF_CAUSE_LOGGING_STOPPED);
		g->explained = true;
		stub_prove(g, stop, start);
		g->covered_by = audit;
		g->n_covered_by = 1;
		g->reading = "Verified events bracket it.";
	}
	stub_gap(2, NOON + 2 * HOUR, NOON + 3 * HOUR, LF_CAUSE_DIGEST_MISSING)->count = 1;
	stub_skip("x/y.json.gz", "cannot be inflated");
	stub.c.events = 77;
}

static int
leave(void **state)
{
	(void)state;
	stub_start();
	return 0;
}

/* ---- Slots ---- */

static void
expect_slots(int64_t first, int64_t last, uint32_t max, int64_t least, int64_t start, int64_t seconds, uint32_t n)
{
	struct lf_slots s = lf_slots_make(first, last, max, least);

	assert_int_equal(s.start, start);
	assert_int_equal(s.seconds, seconds);
	assert_int_equal(s.n, n);
}

static void
test_slots(void **state)
{
	struct lf_slots s;
	char text[32];

	(void)state;
	expect_slots(NOON, NOON + 24 * HOUR, 96, 0, NOON, 900, 96);
	expect_slots(NOON, NOON + 24 * HOUR, 96, HOUR, NOON, HOUR, 24);
	expect_slots(NOON + 91, NOON + 24 * HOUR + 91, 30, 0, NOON, HOUR, 25);
	expect_slots(NOON, NOON, 96, HOUR, NOON, HOUR, 1);
	expect_slots(LF_TIME_NONE, NOON, 96, 0, 0, HOUR, 0);
	expect_slots(NOON, NOON - 1, 96, 0, 0, HOUR, 0);
	for (uint32_t max = 1; max < 300; max++) {
		s = lf_slots_make(INT64_MIN + 1, INT64_MAX, max, 0);
		assert_in_range(s.n, 1, max);
		assert_int_equal(lf_slot_of(&s, INT64_MIN), 0);
		assert_int_equal(lf_slot_of(&s, INT64_MAX), s.n - 1);
	}
	assert_string_equal(lf_slots_length(900, text), "15 minutes");
	assert_string_equal(lf_slots_length(HOUR, text), "hour");
	assert_string_equal(lf_slots_length(48 * HOUR, text), "2 days");
}

/* The signs of a line as letters, its states and its gaps. */
static void
expect_signs(const struct lf_slots *s, uint32_t line, const char *states, const char *gaps)
{
	static const char letters[] = " qvukomxX";
	unsigned char a[LF_SLOTS_MAX] = {0}, b[LF_SLOTS_MAX] = {0};
	char text[2][LF_SLOTS_MAX + 1] = {{0}};
	struct lf_gap_index x;

	assert_true(lf_gap_index_make(&stub.c, &x));
	lf_slots_states(s, &stub.c, &x, line, a);
	lf_slots_gaps(s, &stub.c, &x, line, b);
	for (uint32_t i = 0; i < s->n; i++) {
		text[0][i] = letters[a[i]];
		text[1][i] = letters[b[i]];
	}
	assert_string_equal(text[0], states);
	assert_string_equal(text[1], gaps);
	lf_gap_index_free(&x);
}

static void
test_signs(void **state)
{
	struct lf_slots s = {NOON, HOUR, 6};

	(void)state;
	stub_start();
	stub_line("1", "r", "t", NOON, HOUR, "VQUMOK");
	stub_line("1", "s", "t", NOON + 2 * HOUR, HOUR, "VV");
	stub_line("1", "t", "t", NOON - 9 * HOUR, HOUR, "QQQQQQQQQQQVVVVVVVVVVVVV");
	expect_signs(&s, 0, "vqumok", "      ");
	expect_signs(&s, 1, "  vv  ", "      ");
	expect_signs(&s, 2, "qqvvvv", "      ");
	/* The worst of a slot; a gap without length; gaps beyond both ends, and up to them. */
	stub_gap(1, NOON + 3 * HOUR, NOON + 3 * HOUR, LF_CAUSE_LOGGING_STOPPED)->explained = true;
	stub_gap(1, NOON + 5 * HOUR - 1, NOON + 99 * HOUR, LF_CAUSE_UNEXPLAINED);
	stub_gap(2, NOON - 2 * HOUR, NOON, LF_CAUSE_UNEXPLAINED);
	stub_gap(2, NOON + 6 * HOUR, NOON + 7 * HOUR, LF_CAUSE_UNEXPLAINED);
	stub_gap(0, NOON + 6 * HOUR, NOON + 6 * HOUR, LF_CAUSE_UNEXPLAINED);
	expect_signs(&s, 0, "vqumok", "     X");
	expect_signs(&s, 1, "  vv  ", "   xXX");
	expect_signs(&s, 2, "qqvvvv", "      ");
	/* What a gap accounts for is its alone: a minute of it does not make an hour bad. */
	stub_line("1", "u", "t", NOON + 120, HOUR, "VVOV");
	stub_gap(3, NOON + 120 + 2 * HOUR, NOON + 120 + 3 * HOUR, LF_CAUSE_UNEXPLAINED);
	expect_signs(&s, 3, "vvvvv ", "  XX  ");
	s = (struct lf_slots){NOON, 2 * HOUR, 3};
	expect_signs(&s, 0, "vmo", "  X");
}

/* ---- Groups ---- */

static void
test_groups(void **state)
{
	struct lf_gap_groups g;
	struct lf_buf where;

	(void)state;
	scene();
	stub_gap(0, NOON, NOON + 1, LF_CAUSE_UNEXPLAINED);
	stub_gap(1, NOON, NOON + 1, LF_CAUSE_UNEXPLAINED);
	stub_gap(1, NOON, NOON + 2, LF_CAUSE_UNEXPLAINED);
	stub.gaps[1].end += HOUR;
	assert_true(lf_gap_groups_make(&stub.c, &g));
	assert_int_equal(g.n, 4);
	/* Unexplained ones first, long ones first. */
	assert_int_equal(g.list[0].first->cause, LF_CAUSE_DIGEST_MISSING);
	assert_int_equal(g.list[1].longest, 2);
	assert_int_equal(g.list[2].n, 2);
	assert_int_equal(g.list[3].n, 2);
	assert_int_equal(g.list[3].longest, 5 * HOUR);
	assert_int_equal(g.list[3].start, NOON + 8 * HOUR);
	assert_int_equal(g.list[3].end, NOON + 13 * HOUR);
	lf_buf_init(&where);
	lf_gap_group_where(&stub.c, &g.list[3], &where);
	assert_string_equal(lf_buf_str(&where), "trail main; account 123456789012: eu-central-1, eu-west-1");
	lf_buf_reset(&where);
	lf_gap_group_where(&stub.c, &g.list[0], &where);
	assert_string_equal(lf_buf_str(&where), "account 123456789012, region us-east-1, trail audit");
	lf_buf_free(&where);
	lf_gap_groups_free(&g);
}

/* Gaps of unlike cause, event, trail or account are never told as one. */
static void
test_groups_apart(void **state)
{
	struct lf_gap_groups g;

	(void)state;
	for (int what = 0; what < 6; what++) {
		scene();
		if (what == 0)
			stub.gaps[1].cause = LF_CAUSE_TRAIL_DELETED;
		else if (what == 1)
			stub.gaps[1].by = NULL;
		else if (what == 2)
			stub.gaps[1].ended_by = NULL;
		else if (what == 3)
			stub.lines[1].trail = "other";
		else if (what == 4)
			stub.gaps[1].explained = false;
		else
			stub.gaps[1].open = true;
		assert_true(lf_gap_groups_make(&stub.c, &g));
		assert_int_equal(g.n, 3);
		lf_gap_groups_free(&g);
	}
}

/* ---- Text ---- */

static void
test_text(void **state)
{
	static const char *const texts[] = {
	    "FINDINGS: there is time that nothing here shows to be covered. Read on.\n",
	    "3 gaps in 3 of 4 lines, the longest 4h00m; 1 unexplained.\n",
	    "2 accounts, 4 lines (of account, region and trail), 2024-03-01T12:00:00Z to\n2024-03-02T04:00:00Z; 77 events read.\n",
	    "1 object could not be read or understood: -v names what.\n",
	    "\n123456789012 of o-abcdefghij\n",
	    "\n\n 1 UNEXPLAINED 1h00m digest-missing\n   where     account 123456789012, region us-east-1, trail audit\n"
	    "   when      2024-03-01T14:00:00Z to 2024-03-01T15:00:00Z\n",
	    "   who       not known\n   ended by  no event says by what\n   still saw no other trail of the evidence\n",
	    "\n\n 2 EXPLAINED 4h00m logging-stopped, 2 gaps at once\n   where     trail main; account 123456789012: eu-central-1, eu-west-1\n"
	    "   when      2024-03-01T20:00:00Z to 2024-03-02T00:00:00Z\n",
	    "   who       arn:aws:iam::123456789012:user/mallory from 198.51.100.7 (key\n             AKIAEXAMPLE)\n",
	    "   events    2024-03-01T20:06:40Z StopLogging of main in eu-west-1, event aaaa-1\n",
	    "   still saw trail audit\n   reading   Verified events bracket it.\n",
	    "  2024-03-01T20:06:40Z cloudtrail StopLogging of main\n",
	    "  2024-03-01T21:00:00Z cloudtrail DeleteTrail (only attempted: AccessDenied) of\n                       main\n",
	    "  1 happened, 1 only attempted.\n",
	};
	const struct lf_write_opts wide = {.width = 80};

	(void)state;
	scene();
	holds(LF_COVERAGE_TEXT, &wide, texts, COUNT(texts));
	lacks(LF_COVERAGE_TEXT, &wide, "x/y.json.gz");
	lacks(LF_COVERAGE_TEXT, &wide, "\033");
	/* What ended a gap is no impairment. */
	lacks(LF_COVERAGE_TEXT, &wide, "cloudtrail StartLogging");
}

/* A gap that begins where the evidence ends has no length to tell. */
static void
test_no_end(void **state)
{
	static const char *const texts[] = {
	    "\n2 gaps in 2 of 2 lines; 0 unexplained, 2 open at the end of the evidence.\n",
	    "\n 1 EXPLAINED logging-stopped without an end, 2 gaps at once\n",
	    "   when      from 2024-03-01T14:00:00Z on, at the latest from\n             2024-03-01T14:30:00Z on, and the evidence ends here\n",
	    "   ended by  not within the evidence\n",
	};
	static const char *const html[] = {"Of the gaps 2 last to the end of the evidence.", "logging-stopped without an end"};
	static const char *const json[] = {"\"open\": 2"};
	const struct lf_write_opts wide = {.width = 80};
	const struct lf_control *stop;

	(void)state;
	stub_start();
	stub_line("123456789012", "eu-central-1", "main", NOON, HOUR, "VV");
	stub_line("123456789012", "eu-west-1", "main", NOON + HOUR / 2, HOUR, "VV");
	stop = stub_event(NOON + HOUR, "StopLogging", "aaaa-1");
	for (uint32_t i = 0; i < 2; i++) {
		struct lf_gap *g = stub_gap(i, NOON + 2 * HOUR + i * HOUR / 2, NOON + 2 * HOUR + i * HOUR / 2, LF_CAUSE_LOGGING_STOPPED);
		g->explained = g->open = true;
		stub_prove(g, stop, NULL);
	}
	holds(LF_COVERAGE_TEXT, &wide, texts, COUNT(texts));
	holds(LF_COVERAGE_HTML, &plain, html, COUNT(html));
	holds(LF_COVERAGE_JSON, &plain, json, COUNT(json));
	lacks(LF_COVERAGE_TEXT, &wide, "0s");
	lacks(LF_COVERAGE_HTML, &plain, "0s");
}

static void
test_left_out(void **state)
{
	static const char *const none[] = {"\n0 gaps shorter than 1h00m are left out.\n"};
	static const char *const some[] = {"\n3 gaps shorter than 1h00m are left out, 1 of them open at the end of the evidence.\n"};
	static const char *const html[] = {"3 gaps shorter than 1h00m are left out, 1 of them open at the end of the evidence."};
	static const char *const json[] = {"\"left_out\": 3"};
	const struct lf_write_opts wide = {.width = 100};

	(void)state;
	scene();
	lacks(LF_COVERAGE_TEXT, &wide, "left out");
	stub.c.min = HOUR;
	holds(LF_COVERAGE_TEXT, &wide, none, COUNT(none));
	stub.c.gaps.left_out = 3;
	stub.c.gaps.left_open = 1;
	holds(LF_COVERAGE_TEXT, &wide, some, COUNT(some));
	holds(LF_COVERAGE_HTML, &plain, html, COUNT(html));
	holds(LF_COVERAGE_JSON, &plain, json, COUNT(json));
}

static void
test_caveats(void **state)
{
	static const char *const said[] = {"No logs in the evidence: only digests were compared", "claims a time far outside"};
	static const char *const json[] = {"\"digests_alone\": true"};
	const struct lf_write_opts wide = {.width = 200};

	(void)state;
	scene();
	for (size_t i = 0; i < COUNT(said); i++)
		lacks(LF_COVERAGE_TEXT, &wide, said[i]);
	stub.c.lines.digests_alone = stub.c.lines.beyond = true;
	holds(LF_COVERAGE_TEXT, &wide, said, COUNT(said));
	holds(LF_COVERAGE_HTML, &plain, said, COUNT(said));
	holds(LF_COVERAGE_JSON, &plain, json, COUNT(json));
}

/* What was asked for is told, however long the list is. */
static void
test_selection(void **state)
{
	static const char *const regions[] = {"ap-northeast-1", "ap-southeast-2", "eu-west-1"};
	static const char *const said[] = {"\nOnly part was asked for: region ap-northeast-1 region ap-southeast-2 region\neu-west-1 since 2024-03-01T12:00:00Z\n"};
	const struct lf_write_opts wide = {.width = 80};
	struct lf_case *c = calloc(1, sizeof(*c));

	(void)state;
	assert_non_null(c);
	scene();
	c->select = (struct lf_select){.regions = regions, .n_regions = COUNT(regions), .since = NOON, .until = LF_TIME_NONE};
	stub.c.c = c;
	holds(LF_COVERAGE_TEXT, &wide, said, COUNT(said));
	stub.c.c = NULL;
	free(c);
}

/* An hour takes six signs where there is room for them. */
static void
test_strips(void **state)
{
	static const char *const ascii[] = {
	    "  eu-central-1 main        ################################################xxxxxxxxxxxxxxxxxxxxxxxx########################\n",
	    "  eu-west-1 main           ######__________________########################xxxxxxxxxxxxxxxxxxxxxxxx########################\n",
	    "  us-east-1 audit          ############!!!!!!##############################%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%\n",
	    "  us-east-1, logs only     ::::::::::::::::::::::::\n",
	    "a sign for each 10 minutes, the worst of it\n",
	    "                           2024-03-01 12:00                                                                2024-03-02 04:00\n",
	};
	static const char *const coloured[] = {"\033[1;31m!!!!!!\033[0m", "\033[1;33mxxxxxxxxxxxxxxxxxxxxxxxx\033[0m"};
	static const char *const blocks[] = {"██████▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁████████████████████████xxxxxxxxxxxxxxxxxxxxxxxx████████████████████████\n", "▒▒▒▒", "░░░░"};
	const struct lf_write_opts o = {.ascii = true}, c = {.color = true}, narrow = {.width = 40, .ascii = true};

	(void)state;
	scene();
	holds(LF_COVERAGE_TEXT, &o, ascii, COUNT(ascii));
	holds(LF_COVERAGE_TEXT, &c, coloured, COUNT(coloured));
	holds(LF_COVERAGE_TEXT, &plain, blocks, COUNT(blocks));
	lacks(LF_COVERAGE_TEXT, &narrow, "xxxxxxxxxxxxx");
}

/* No line is wider than the terminal, but for a word that is. */
static void
test_text_width(void **state)
{
	static const unsigned widths[] = {40, 60, 80, 100, 200};
	struct lf_buf out;
	size_t columns, word, run;

	(void)state;
	scene();
	for (size_t i = 0; i < COUNT(widths); i++) {
		out = written(LF_COVERAGE_TEXT, &(struct lf_write_opts){.width = widths[i], .detail = true});
		for (char *p = out.data, *end; (end = strchr(p, '\n')) != NULL; p = end + 1) {
			*end = '\0';
			columns = lf_text_columns(p, (size_t)(end - p));
			word = 0;
			for (const char *q = p; *q != '\0'; q += run + strspn(q + run, " ")) {
				run = strcspn(q, " ");
				word = run > word ? run : word;
			}
			if (columns > widths[i] && word < widths[i] / 2)
				fail_msg("%zu columns of %u: %s", columns, widths[i], p);
		}
		lf_buf_free(&out);
	}
}

static void
test_quiet_and_detail(void **state)
{
	const struct lf_write_opts quiet = {.quiet = true}, detail = {.detail = true};
	static const char *const kept[] = {"FINDINGS: ", " 1 UNEXPLAINED 1h00m digest-missing\n"};
	static const char *const named[] = {"  x/y.json.gz: cannot be inflated\n"};

	(void)state;
	scene();
	holds(LF_COVERAGE_TEXT, &quiet, kept, COUNT(kept));
	lacks(LF_COVERAGE_TEXT, &quiet, "COVERAGE");
	lacks(LF_COVERAGE_TEXT, &quiet, "AccessDenied");
	lacks(LF_COVERAGE_TEXT, &quiet, "WHAT THIS");
	holds(LF_COVERAGE_TEXT, &detail, named, COUNT(named));
}

static void
test_nothing(void **state)
{
	static const char *const text[] = {"INCONCLUSIVE: neither digests nor logs say anything about coverage.\n", "0 accounts, 0 lines"};
	static const char *const json[] = {"\"verdict\": \"inconclusive\"", "\"coverage\": []", "\"gaps\": []", "\"impairments\": []"};
	static const char *const html[] = {"Nothing can be laid out."};

	(void)state;
	stub_start();
	stub.verdict = LF_INCONCLUSIVE;
	holds(LF_COVERAGE_TEXT, &plain, text, COUNT(text));
	holds(LF_COVERAGE_JSON, &plain, json, COUNT(json));
	holds(LF_COVERAGE_HTML, &plain, html, COUNT(html));
	lacks(LF_COVERAGE_TEXT, &plain, "COVERAGE\n");
}

/* 40 accounts of 17 regions: one stop, one account. */
static void
many(void)
{
	static const char blank[32];
	char *account, *region;

	stub_start();
	for (uint32_t i = 0; i < 40 * 17; i++) {
		account = stub_copy(blank, sizeof(blank));
		region = stub_copy(blank, sizeof(blank));
		snprintf(account, 32, "%012u", i / 17);
		snprintf(region, 32, "eu-west-%02u", i % 17);
		stub_line(account, region, "main", NOON, 8760 * HOUR / 16, i / 17 == 7 ? "VVVVVOVVVVVVVVVV" : "VVVVVVVVVVVVVVVV");
		if (i / 17 == 7)
			stub_gap(i, NOON + 5 * (8760 * HOUR / 16), NOON + 6 * (8760 * HOUR / 16), LF_CAUSE_UNEXPLAINED);
	}
}

static void
test_many_lines(void **state)
{
	static const char *const folded[] = {"  000000000006: 17 lines ", "\n000000000007\n  eu-west-00 and 16 more ", "UNEXPLAINED 22d19h, 17 gaps at once\n"};
	static const char *const whole[] = {"  eu-west-16 main "};
	const struct lf_write_opts detail = {.detail = true};
	struct lf_buf out;
	size_t cells = 0;

	(void)state;
	many();
	holds(LF_COVERAGE_TEXT, &plain, folded, COUNT(folded));
	holds(LF_COVERAGE_TEXT, &detail, whole, COUNT(whole));
	out = written(LF_COVERAGE_HTML, &plain);
	for (const char *p = out.data; (p = strstr(p, "<rect")) != NULL; p++)
		cells++;
	assert_in_range(cells, 40, 400);
	lf_buf_free(&out);
}

/* Of many accounts with a single line each, the strip names the region. */
static void
test_many_accounts(void **state)
{
	static const char *const folded[] = {"\n  000000000006 eu-west-1 ", "\n  000000000039 eu-west-1 "};
	char *account;

	(void)state;
	stub_start();
	for (uint32_t i = 0; i < 40; i++) {
		account = stub_copy("000000000000", 13);
		snprintf(account, 13, "%012u", i);
		stub_line(account, "eu-west-1", NULL, NOON, HOUR, "KKKK");
	}
	holds(LF_COVERAGE_TEXT, &plain, folded, COUNT(folded));
}

/* However restless the coverage is, a page stays small. */
static void
test_page_bounds(void **state)
{
	char states[501];
	struct lf_buf out;

	(void)state;
	stub_start();
	for (size_t i = 0; i < 500; i++)
		states[i] = "VUVKQ"[i % 5];
	states[500] = '\0';
	for (uint32_t i = 0; i < 1900; i++) {
		stub_line("123456789012", "r", "main", NOON, 1801, states);
		stub_gap(i, NOON, NOON + i, LF_CAUSE_UNEXPLAINED);
	}
	for (uint32_t i = 0; i < 20000; i++)
		stub_event(NOON + i, "StopLogging", "x");
	out = written(LF_COVERAGE_HTML, &plain);
	assert_null(markup_wrong(out.data));
	assert_in_range(out.len, 100000, 8U << 20);
	lf_buf_free(&out);
}

/* ---- JSON ---- */

static void
members(const json_t *o, const char *names)
{
	char all[1024] = "";
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)o, key, value) {
		strcat(all, *all != '\0' ? " " : "");
		strcat(all, key);
	}
	assert_string_equal(all, names);
}

static json_t *
document(const struct lf_write_opts *o)
{
	return output_json(written(LF_COVERAGE_JSON, o));
}

static const char *
string(const json_t *o, const char *name)
{
	return json_string_value(json_object_get(o, name));
}

static void
test_json(void **state)
{
	json_t *d, *g, *line;

	(void)state;
	scene();
	d = document(&plain);
	assert_string_equal(string(d, "tool"), "trail-gaps");
	assert_int_equal(json_integer_value(json_object_get(d, "schema")), 1);
	assert_string_equal(string(d, "verdict"), "findings");
	assert_null(json_object_get(d, "started"));
	assert_null(json_object_get(d, "arguments"));
	assert_true(json_is_array(json_object_get(d, "findings")));
	members(json_array_get(json_object_get(d, "skipped"), 0), "locator reason");
	g = json_object_get(d, "summary");
	members(g, "lines gaps unexplained open left_out impairments attempted events digests_alone alerts");
	assert_int_equal(json_integer_value(json_object_get(g, "attempted")), 1);
	assert_int_equal(json_integer_value(json_object_get(g, "impairments")), 2);

	line = json_array_get(json_object_get(d, "coverage"), 2);
	assert_string_equal(string(line, "trail"), "audit");
	g = json_object_get(line, "intervals");
	assert_int_equal(json_array_size(g), 4);
	members(json_array_get(g, 1), "start end state");
	assert_string_equal(string(json_array_get(g, 1), "state"), "missing");
	assert_string_equal(string(json_array_get(g, 1), "start"), "2024-03-01T14:00:00Z");
	assert_true(json_is_null(json_object_get(json_array_get(json_object_get(d, "coverage"), 3), "trail")));

	g = json_array_get(json_object_get(d, "gaps"), 0);
	members(g, "account region trail start end seconds cause explained actor source_ip event_ids ended_by covered_by");
	members(json_object_get(g, "ended_by"), "event_id event_name actor time");
	assert_string_equal(string(g, "cause"), "logging-stopped");
	assert_string_equal(string(g, "actor"), "arn:aws:iam::123456789012:user/mallory");
	assert_string_equal(string(json_object_get(g, "ended_by"), "actor"), "arn:aws:iam::123456789012:user/alice");
	assert_string_equal(string(json_object_get(g, "ended_by"), "time"), "2024-03-01T23:58:20Z");
	assert_int_equal(json_integer_value(json_object_get(g, "seconds")), 4 * HOUR);
	assert_true(json_is_true(json_object_get(g, "explained")));
	assert_int_equal(json_array_size(json_object_get(g, "event_ids")), 2);
	assert_string_equal(json_string_value(json_array_get(json_object_get(g, "covered_by"), 0)), "audit");
	g = json_array_get(json_object_get(d, "gaps"), 2);
	assert_true(json_is_null(json_object_get(g, "actor")) && json_is_null(json_object_get(g, "ended_by")));
	assert_int_equal(json_array_size(json_object_get(g, "event_ids")), 0);

	g = json_object_get(d, "impairments");
	assert_int_equal(json_array_size(g), 2);
	members(json_array_get(g, 1), "time event_source event_name class actor source_ip account region target effective error_code event_id integrity");
	assert_true(json_is_false(json_object_get(json_array_get(g, 1), "effective")));
	assert_string_equal(string(json_array_get(g, 1), "error_code"), "AccessDenied");
	assert_true(json_is_null(json_object_get(json_array_get(g, 0), "error_code")));
	json_decref(d);
}

/* The actor at the root goes before the principal. */
static void
test_actor(void **state)
{
	json_t *d;

	(void)state;
	scene();
	((struct lf_control *)lf_list_at(&stub.c.controls.list, 0))->actor = "arn:aws:iam::123456789012:user/root-of-it";
	d = document(&(struct lf_write_opts){.started = NOON, .finished = NOON});
	assert_string_equal(string(json_array_get(json_object_get(d, "gaps"), 0), "actor"), "arn:aws:iam::123456789012:user/root-of-it");
	assert_string_equal(string(d, "started"), "2024-03-01T12:00:00Z");
	json_decref(d);
}

/* ---- CSV ---- */

static const char csv_head[] = "account,region,trail,start,end,seconds,cause,explained,actor,source_ip,event_ids,ended_by_event_id,"
    "ended_by_actor,ended_by_time,covered_by\n";

static void
test_csv(void **state)
{
	static const char first[] = "123456789012,eu-central-1,main,2024-03-01T20:00:00Z,2024-03-02T00:00:00Z,14400,logging-stopped,true,"
	    "arn:aws:iam::123456789012:user/mallory,198.51.100.7,aaaa-1; bbbb-1,bbbb-1,arn:aws:iam::123456789012:user/alice,"
	    "2024-03-01T23:58:20Z,audit\n";
	static const char last[] = "\n123456789012,us-east-1,audit,2024-03-01T14:00:00Z,2024-03-01T15:00:00Z,3600,digest-missing,false,,,,,,,\n";
	struct lf_buf out;

	(void)state;
	scene();
	out = written(LF_COVERAGE_CSV, &plain);
	assert_int_equal(strncmp(out.data, csv_head, sizeof(csv_head) - 1), 0);
	assert_int_equal(strncmp(out.data + sizeof(csv_head) - 1, first, sizeof(first) - 1), 0);
	assert_string_equal(out.data + out.len - (sizeof(last) - 1), last);
	lf_buf_free(&out);
	stub.c.gaps.n = 0;
	out = written(LF_COVERAGE_CSV, &plain);
	assert_string_equal(out.data, csv_head);
	lf_buf_free(&out);
}

/* ---- Hostile strings ---- */

static const char evil[] = "=cmd|'/c x'!A0\x1b[31m\"</title></svg></script><script>alert(1)</script>\xe2\x80\xae\r\n,\xff;%s%n\\";

/* Every string of the evidence is what an attacker would like to get through. */
static void
mallory(void)
{
	static const char *const covered[] = {evil};

	scene();
	stub.lines[0].account = stub.lines[0].region = stub.lines[0].trail = stub.lines[0].org = stub.lines[0].home_region = evil;
	for (uint32_t i = 0; i < stub.c.controls.list.n; i++) {
		struct lf_control *e = lf_list_at(&stub.c.controls.list, i);

		e->class_name = e->event_source = e->event_name = e->error_code = e->event_id = evil;
		e->principal = e->access_key = e->source_ip = e->actor = e->account = e->region = evil;
		e->target = e->trail = e->trail_region = e->trail_account = e->detail = evil;
	}
	stub.gaps[0].covered_by = covered;
	stub.gaps[0].reading = evil;
	lf_skips_free(&stub.c.skipped);
	lf_skips_init(&stub.c.skipped);
	stub_skip(evil, evil);
}

static void
test_hostile_text(void **state)
{
	const struct lf_write_opts o = {.width = 80, .detail = true};
	struct lf_buf out;
	uint32_t cp;

	(void)state;
	mallory();
	out = written(LF_COVERAGE_TEXT, &o);
	for (size_t i = 0, used; i < out.len; i += used) {
		used = lf_utf8_decode(out.data + i, out.len - i, &cp);
		assert_true(used > 0);
		assert_true(cp == '\n' || (cp >= 0x20 && cp != 0x7f && cp != 0x202e));
	}
	assert_non_null(strstr(out.data, "\\u{202e}"));
	lf_buf_free(&out);
}

static void
test_hostile_json(void **state)
{
	json_t *d;

	(void)state;
	mallory();
	d = document(&plain);
	assert_non_null(strstr(string(json_array_get(json_object_get(d, "impairments"), 0), "target"), "\xe2\x80\xae\r\n,\\xff;"));
	json_decref(d);
}

static void
test_hostile_csv(void **state)
{
	const struct lf_write_opts raw = {.raw_csv = true}, terminal = {.terminal = true};
	struct lf_csv_field fields[LF_CSV_FIELDS];
	struct lf_buf out;
	struct lf_csv c;
	size_t n;

	(void)state;
	mallory();
	for (int i = 0; i < 2; i++) {
		out = written(LF_COVERAGE_CSV, i == 0 ? &plain : &raw);
		lf_csv_init(&c, out.data, out.len);
		for (int row = 0; row < 4; row++) {
			assert_int_equal(lf_csv_next(&c, fields, &n), 1);
			assert_int_equal(n, 15);
			if (row == 1)
				assert_int_equal(fields[0].s[0], i == 0 ? '\'' : '=');
		}
		assert_int_equal(lf_csv_next(&c, fields, &n), 0);
		lf_buf_free(&out);
	}
	out = written(LF_COVERAGE_CSV, &terminal);
	assert_null(strchr(out.data, '\033'));
	assert_null(strchr(out.data, '\r'));
	lf_buf_free(&out);
}

static void
test_hostile_html(void **state)
{
	struct lf_buf out;

	(void)state;
	mallory();
	out = written(LF_COVERAGE_HTML, &plain);
	assert_null(markup_wrong(out.data));
	assert_null(strstr(out.data, "<script"));
	assert_null(strchr(out.data, '\033'));
	assert_null(strstr(out.data, "\xe2\x80\xae"));
	assert_non_null(strstr(out.data, "&lt;script&gt;"));
	lf_buf_free(&out);
}

/* ---- HTML ---- */

static void
test_html(void **state)
{
	static const char *const texts[] = {
	    "default-src 'none'", "<svg role=\"img\" aria-label=\"", "@media print", "prefers-color-scheme:dark", "<pattern id=\"p-gap\"",
	    /* Noon plus two hours of sixteen, an hour long, linked to its paragraph. */
	    "<a href=\"#gap-1\"><rect class=\"blind\" x=\"1250\" y=\"0\" width=\"625\" height=\"140\"><title>UNEXPLAINED 1h00m digest-missing, "
	    "2024-03-01T14:00:00Z to 2024-03-01T15:00:00Z</title></rect></a>",
	    "<a href=\"#gap-2\"><rect class=\"gap\" x=\"5000\" y=\"0\" width=\"2500\" height=\"140\"><title>EXPLAINED 4h00m logging-stopped, "
	    "2024-03-01T20:00:00Z to 2024-03-02T00:00:00Z, by arn:aws:iam::123456789012:user/mallory from 198.51.100.7</title>",
	    "id=\"gap-2\"><h3>2. EXPLAINED 4h00m logging-stopped, 2 gaps at once</h3>",
	    "<path class=\"hit\"", "<path class=\"try\"", "<title>2024-03-01T20:06:40Z StopLogging by arn:aws:iam::123456789012:user/mallory from 198.51.100.7</title>",
	    "<small>only attempted: AccessDenied</small>", "x/y.json.gz", "eu-central-1",
	};
	struct lf_buf out;

	(void)state;
	scene();
	holds(LF_COVERAGE_HTML, &plain, texts, COUNT(texts));
	out = written(LF_COVERAGE_HTML, &plain);
	assert_null(markup_wrong(out.data));
	assert_null(strstr(out.data, "http:"));
	assert_null(strstr(out.data, "https:"));
	lf_buf_free(&out);
}

/* An account of which only an impairment is known is on the map, too. */
static void
test_html_elsewhere(void **state)
{
	static const char *const texts[] = {"<span>in other accounts</span>"};

	(void)state;
	scene();
	lacks(LF_COVERAGE_HTML, &plain, texts[0]);
	((struct lf_control *)lf_list_at(&stub.c.controls.list, 0))->account = "999999999999";
	holds(LF_COVERAGE_HTML, &plain, texts, COUNT(texts));
}

/* ---- Failures ---- */

static enum lf_coverage_format failing;

static int
step(void)
{
	struct lf_buf out;
	int rc;

	lf_buf_init(&out);
	rc = lf_coverage_write(&stub.c, failing, &plain, output_append, &out, &err);
	if (rc == 0 && out.failed)
		rc = -1;
	lf_buf_free(&out);
	return rc;
}

static void
test_no_memory(void **state)
{
	(void)state;
	scene();
	for (int f = LF_COVERAGE_TEXT; f <= LF_COVERAGE_HTML; f++) {
		failing = (enum lf_coverage_format)f;
		chaos_check(step, 2);
	}
}

static void
test_full_disk(void **state)
{
	(void)state;
	scene();
	for (int f = LF_COVERAGE_TEXT; f <= LF_COVERAGE_HTML; f++) {
		assert_int_equal(lf_coverage_write(&stub.c, (enum lf_coverage_format)f, &plain, output_full, NULL, &err), -1);
		assert_non_null(strstr(err.msg, "No space left"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_teardown(test_slots, leave),
	    cmocka_unit_test_teardown(test_signs, leave),
	    cmocka_unit_test_teardown(test_groups, leave),
	    cmocka_unit_test_teardown(test_groups_apart, leave),
	    cmocka_unit_test_teardown(test_text, leave),
	    cmocka_unit_test_teardown(test_no_end, leave),
	    cmocka_unit_test_teardown(test_caveats, leave),
	    cmocka_unit_test_teardown(test_left_out, leave),
	    cmocka_unit_test_teardown(test_selection, leave),
	    cmocka_unit_test_teardown(test_strips, leave),
	    cmocka_unit_test_teardown(test_text_width, leave),
	    cmocka_unit_test_teardown(test_quiet_and_detail, leave),
	    cmocka_unit_test_teardown(test_nothing, leave),
	    cmocka_unit_test_teardown(test_many_lines, leave),
	    cmocka_unit_test_teardown(test_many_accounts, leave),
	    cmocka_unit_test_teardown(test_page_bounds, leave),
	    cmocka_unit_test_teardown(test_json, leave),
	    cmocka_unit_test_teardown(test_actor, leave),
	    cmocka_unit_test_teardown(test_csv, leave),
	    cmocka_unit_test_teardown(test_hostile_text, leave),
	    cmocka_unit_test_teardown(test_hostile_json, leave),
	    cmocka_unit_test_teardown(test_hostile_csv, leave),
	    cmocka_unit_test_teardown(test_hostile_html, leave),
	    cmocka_unit_test_teardown(test_html, leave),
	    cmocka_unit_test_teardown(test_html_elsewhere, leave),
	    cmocka_unit_test_teardown(test_no_memory, leave),
	    cmocka_unit_test_teardown(test_full_disk, leave),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
