/* Lines of coverage out of a judged proof: its rows are made by hand, the chains by the library. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "base/utc.h"
#include "chaos.h"
#include "coverage/spans.h"

#define T0      INT64_C(1709251200) /* 2024-03-01T00:00:00Z */
#define H(x)    (T0 + (int64_t)((x) * 3600))
#define ACCOUNT "111122223333"
#define HOME    "eu-west-1"

static const struct lf_select everything = {.since = LF_TIME_NONE, .until = LF_TIME_NONE};

struct scene {
	struct lf_proof proof;
	struct lf_lines lines;
	const char *region, *trail; /* of what is added */
	bool backfill;
};
static struct scene s;

static int
set_up(void **state)
{
	struct lf_err err;

	(void)state;
	memset(&s, 0, sizeof(s));
	s.region = HOME;
	s.trail = "main";
	assert_int_equal(lf_body_init(&s.proof.body, &err), 0);
	s.proof.body.select = &everything;
	lf_list_init(&s.proof.unlisted.list, sizeof(struct lf_unlisted));
	lf_arena_init(&s.proof.chains.arena);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	lf_lines_free(&s.lines);
	lf_chains_free(&s.proof.chains);
	lf_list_free(&s.proof.unlisted.list);
	lf_body_free(&s.proof.body);
	return 0;
}

static const char *
key_at(int64_t t)
{
	struct lf_civil c;
	char text[256];
	const char *kept;

	lf_utc_to_civil(t, &c);
	snprintf(text, sizeof(text), "AWSLogs/%s/CloudTrail-Digest/%s/%04d/%02d/%02d/%s_CloudTrail-Digest_%s_%s_%s_%04d%02d%02dT%02d%02d%02dZ%s.json.gz",
	    ACCOUNT, s.region, c.year, c.month, c.day, ACCOUNT, s.region, s.trail, HOME, c.year, c.month, c.day, c.hour, c.minute,
	    c.second, s.backfill ? "_backfill" : "");
	kept = lf_intern(&s.proof.body.strings, text);
	assert_non_null(kept);
	return kept;
}

/* The name of a log of a minute, in a bucket or (NULL) in the evidence. */
static struct lf_name
log_name(int64_t t, const char *bucket)
{
	struct lf_err err;
	struct lf_s3key key;
	struct lf_civil c;
	struct lf_name name;
	char path[200];

	lf_utc_to_civil(t, &c);
	snprintf(path, sizeof(path), "AWSLogs/%s/CloudTrail/%s/%04d/%02d/%02d/%s_CloudTrail_%s_%04d%02d%02dT%02d%02dZ_%016u.json.gz",
	    ACCOUNT, s.region, c.year, c.month, c.day, ACCOUNT, s.region, c.year, c.month, c.day, c.hour, c.minute, s.proof.body.present.n);
	lf_s3key_read(path, strlen(path), &key);
	assert_int_equal(key.kind, LF_KEY_LOG);
	assert_int_equal(lf_names_add(&s.proof.body.names, bucket, 0, path, strlen(path), &key, &name, &err), 0);
	return name;
}

/* A verified digest of [from, to) hours with that many logs, linked to the row before; more may be set in what is returned. */
static struct lf_digest_row *
digest(double from, double to, uint32_t logs)
{
	struct lf_body *b = &s.proof.body;
	struct lf_digest_row *d = lf_list_push(&b->digests);

	assert_non_null(d);
	*d = (struct lf_digest_row){.parsed = true, .in_place = true, .backfill = s.backfill, .status = LF_D_VERIFIED, .by = LF_BY_SUCCESSOR,
	    .chain = LF_NONE, .pred = b->digests.n > 1 ? b->digests.n - 2 : LF_NONE, .succ = LF_NONE,
	    .first_log = b->listed.n, .n_logs = logs, .key_used = LF_NONE, .proved_by = LF_NONE, .start = H(from), .end = H(to),
	    .folder = "", .account = ACCOUNT, .org = "", .region = s.region, .trail = s.trail, .home_region = HOME,
	    .stated_account = ACCOUNT, .bucket = "logs", .key = key_at(H(to)), .prev_bucket = "logs", .prev_key = key_at(H(from))};
	d->tail = d->key;
	for (uint32_t i = 0; i < logs; i++) {
		struct lf_listed_row *l = lf_list_push(&b->listed);
		assert_non_null(l);
		l->name = log_name(H(from), "logs");
		l->digest = b->digests.n - 1;
		l->status = LF_L_VERIFIED;
	}
	return d;
}

static struct lf_digest_row *
start_digest(double from, double to, uint32_t logs)
{
	struct lf_digest_row *d = digest(from, to, logs);

	d->is_start = true;
	d->prev_key = d->prev_bucket = NULL;
	d->pred = LF_NONE;
	return d;
}

static struct lf_digest_row *
unproven(double from, double to, enum lf_digest_status status)
{
	struct lf_digest_row *d = digest(from, to, 1);

	d->by = LF_BY_NONE;
	d->status = (uint8_t)status;
	return d;
}

/* A log that no digest lists, named by an hour; more may be set in what is returned. */
static struct lf_unlisted *
unlisted(double hour)
{
	struct lf_body *b = &s.proof.body;
	struct lf_present_row *p = lf_list_push(&b->present);
	struct lf_unlisted *u = lf_list_push(&s.proof.unlisted.list);

	assert_non_null(p);
	assert_non_null(u);
	p->name = log_name(H(hour), NULL);
	*u = (struct lf_unlisted){.present = b->present.n - 1, .account = ACCOUNT, .region = s.region, .time = H(hour),
	    .chain = LF_NO_CHAIN, .status = LF_L_UNDIGESTED};
	return u;
}

static void
lay_within(int64_t since, int64_t until)
{
	struct lf_err err;

	assert_int_equal(lf_chains_make(&s.proof.body, &s.proof.chains, &err), 0);
	assert_int_equal(lf_lines_make(&s.proof, since, until, &s.lines, &err), 0);
}

/* The spans of line i: "0-3 verified, 3-6 off, 6-7 verified restart"; hours from T0. */
static const char *
told(uint32_t i)
{
	static char text[1024];
	const struct lf_line *line = &s.lines.list[i];
	size_t n = 0;

	assert_true(i < s.lines.n);
	text[0] = '\0';
	for (uint32_t k = 0; k < line->n_spans; k++) {
		const struct lf_span *x = &line->spans[k];

		assert_true(x->start < x->end);
		if (k > 0 && line->trail != NULL)
			assert_int_equal(x->start, line->spans[k - 1].end);
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%g-%g %s%s", k > 0 ? ", " : "", (double)(x->start - T0) / 3600,
		    (double)(x->end - T0) / 3600, lf_cover_names[x->state], x->restart ? " restart" : "");
	}
	return text;
}

static void
assert_line(const char *want)
{
	lay_within(LF_TIME_NONE, LF_TIME_NONE);
	assert_int_equal(s.lines.n, 1);
	assert_string_equal(told(0), want);
}

static void
test_chain(void **state)
{
	(void)state;
	start_digest(0, 1, 0);
	digest(1, 2, 2);
	digest(2, 3, 1);
	digest(3, 4, 0);
	assert_line("0-1 quiet, 1-3 verified, 3-4 quiet");
	assert_string_equal(s.lines.list[0].trail, "main");
	assert_int_equal(s.lines.list[0].spans[1].logs, 3);
	assert_int_equal(s.lines.first, H(0));
	assert_int_equal(s.lines.last, H(4));
	assert_false(s.lines.list[0].cut_head);
}

static void
test_foreign_logs_are_not_quiet(void **state)
{
	(void)state;
	start_digest(0, 1, 0)->foreign = "AWSLogs/999999999999/x";
	assert_line("0-1 verified");
}

static void
test_off(void **state)
{
	(void)state;
	start_digest(0, 1, 1);
	start_digest(4, 5, 1);
	assert_line("0-1 verified, 1-4 off, 4-5 verified");
}

static void
test_missing(void **state)
{
	(void)state;
	start_digest(0, 1, 1);
	digest(3, 4, 1);
	assert_line("0-1 verified, 1-3 missing, 3-4 verified");
}

static void
test_restart(void **state)
{
	(void)state;
	start_digest(0, 1, 1);
	start_digest(1, 2, 1);
	assert_line("0-1 verified, 1-2 verified restart");
}

static void
test_unproven(void **state)
{
	(void)state;
	start_digest(0, 1, 1);
	unproven(1, 2, LF_D_LINKED);
	unproven(2, 3, LF_D_UNSIGNED);
	assert_line("0-1 verified, 1-3 unproven");
}

/* Content that is proved wrong covers nothing. */
static void
test_invalid(void **state)
{
	(void)state;
	start_digest(0, 1, 1);
	unproven(1, 2, LF_D_INVALID);
	digest(2, 3, 1);
	assert_line("0-1 verified, 1-2 missing, 2-3 verified");
}

/* ... at either end, too. */
static void
test_invalid_ends(void **state)
{
	(void)state;
	unproven(0, 1, LF_D_INVALID);
	start_digest(2, 3, 1);
	digest(3, 4, 1);
	unproven(4, 5, LF_D_INVALID);
	s.region = "us-east-2";
	start_digest(0, 9, 1);
	lay_within(LF_TIME_NONE, LF_TIME_NONE);
	assert_string_equal(told(0), "0-1 missing, 1-2 off, 2-4 verified, 4-5 missing, 5-9 off");
}

static void
test_nothing_but_invalid(void **state)
{
	(void)state;
	unproven(0, 1, LF_D_INVALID);
	unproven(1, 2, LF_D_INVALID);
	assert_line("0-2 missing");
}

/* A forged digest takes no time from a verified one, before it or behind it. */
static void
test_verified_wins(void **state)
{
	(void)state;
	start_digest(0, 1, 1);
	unproven(0.5, 2.5, LF_D_UNSIGNED);
	digest(2, 3, 1)->pred = 1;
	unproven(2.5, 4, LF_D_UNSIGNED);
	assert_line("0-1 verified, 1-2 unproven, 2-3 verified, 3-4 unproven");
}

static void
test_verified_swallows(void **state)
{
	(void)state;
	unproven(1, 2, LF_D_UNSIGNED)->is_start = true;
	unproven(2, 3, LF_D_UNSIGNED);
	start_digest(0, 4, 1);
	assert_line("0-4 verified");
}

/* One that claims decades gets an hour. */
static void
test_long_claim(void **state)
{
	(void)state;
	start_digest(0, 1, 1);
	unproven(-100000, 3, LF_D_UNSIGNED)->pred = 0;
	assert_line("0-1 verified, 1-2 missing, 2-3 unproven");
	assert_int_equal(s.lines.first, H(0));
}

/* What stands where a verified successor names another is not what was there. */
static void
test_impostor(void **state)
{
	(void)state;
	start_digest(0, 1, 1);
	unproven(1, 2, LF_D_UNSIGNED);
	digest(2, 3, 1)->pred = LF_NONE;
	assert_line("0-1 verified, 1-2 missing, 2-3 verified");
}

/* ---- heads and tails ---- */

static void
test_cut_head(void **state)
{
	(void)state;
	digest(5, 6, 1);
	assert_line("4-5 missing, 5-6 verified");
	assert_true(s.lines.list[0].cut_head);
	assert_int_equal(s.lines.list[0].named_head, H(5));
}

/* A start digest that anybody can have made begins no chain whose first verified digest names another. */
static void
test_cut_head_behind_unproven(void **state)
{
	(void)state;
	unproven(3.5, 4.5, LF_D_UNSIGNED)->is_start = true;
	digest(6, 7, 1)->pred = LF_NONE;
	assert_line("3.5-4.5 unproven, 4.5-6 missing, 6-7 verified");
	assert_true(s.lines.list[0].cut_head);
	assert_int_equal(s.lines.list[0].named_head, H(6));
	assert_int_equal(s.lines.list[0].head_end, H(6));
	assert_int_equal(s.lines.list[0].begins, H(5));
}

static void
test_unproven_head(void **state)
{
	(void)state;
	unproven(3, 4, LF_D_UNSIGNED)->is_start = true;
	digest(4, 5, 1);
	assert_line("3-4 unproven, 4-5 verified");
	assert_false(s.lines.list[0].cut_head);
}

/* Others begin earlier: it is missing from there. */
static void
test_cut_head_of_many(void **state)
{
	(void)state;
	digest(5, 6, 1);
	s.region = "us-east-2";
	start_digest(0, 6, 1);
	lay_within(LF_TIME_NONE, LF_TIME_NONE);
	assert_string_equal(told(0), "0-5 missing, 5-6 verified");
}

static void
test_cut_head_since(void **state)
{
	(void)state;
	digest(5, 6, 1);
	lay_within(H(2), LF_TIME_NONE);
	assert_string_equal(told(0), "2-5 missing, 5-6 verified");
	lf_lines_free(&s.lines);
	lf_chains_free(&s.proof.chains);
	lay_within(H(5.5), LF_TIME_NONE);
	assert_string_equal(told(0), "5.5-6 verified");
	assert_false(s.lines.list[0].cut_head);
}

static void
test_tail(void **state)
{
	(void)state;
	start_digest(0, 1, 1);
	s.region = "us-east-2";
	start_digest(0, 3, 1);
	lay_within(LF_TIME_NONE, LF_TIME_NONE);
	assert_string_equal(told(0), "0-1 verified"); /* the next may be on its way */
	lf_lines_free(&s.lines);
	lf_chains_free(&s.proof.chains);
	digest(3, 4, 1);
	lay_within(LF_TIME_NONE, LF_TIME_NONE);
	assert_string_equal(told(0), "0-1 verified, 1-4 off");
}

static void
test_until(void **state)
{
	(void)state;
	start_digest(0, 1, 1);
	start_digest(8, 9, 1);
	lay_within(H(0.5), H(6));
	assert_string_equal(told(0), "0.5-1 verified, 1-6 off");
	assert_int_equal(s.lines.first, H(0.5));
	assert_int_equal(s.lines.last, H(6));
}

/* Metadata names a digest behind the last: it is missing, not off. */
static void
test_named_tail(void **state)
{
	struct lf_err err;

	(void)state;
	start_digest(0, 1, 1);
	assert_int_equal(lf_chains_make(&s.proof.body, &s.proof.chains, &err), 0);
	s.proof.chains.list[0].tail.newest_named = H(3);
	assert_int_equal(lf_lines_make(&s.proof, LF_TIME_NONE, H(8), &s.lines, &err), 0);
	assert_string_equal(told(0), "0-1 verified, 1-3 missing, 3-8 off");
}

/* ---- the time of the evidence ---- */

/* What anybody can plant shows gaps in no other line. */
static void
test_planted_far_ahead(void **state)
{
	(void)state;
	start_digest(0, 1, 1);
	digest(1, 6, 1);
	s.region = "us-east-2";
	start_digest(0, 1, 1);
	digest(1, 6, 1);
	unlisted(90000.5);
	s.region = "us-west-2";
	unproven(-80000, -79999, LF_D_UNSIGNED)->is_start = true;
	lay_within(LF_TIME_NONE, LF_TIME_NONE);
	assert_true(s.lines.proved);
	assert_int_equal(s.lines.first, H(0));
	assert_int_equal(s.lines.last, H(6));
	assert_int_equal(s.lines.shown_first, H(0));
	assert_int_equal(s.lines.shown_last, H(6));
	assert_true(s.lines.beyond);
	assert_string_equal(told(0), "0-6 verified");
	assert_memory_equal(told(1), "0-6 verified, 6-90000 off, 90000-90000.5 unknown", 47);
	assert_memory_equal(told(2), "-80000--79999 unproven", 22);
}

/* What follows without a long hole is shown, though it moves no bound. */
static void
test_shown(void **state)
{
	(void)state;
	start_digest(0, 6, 1);
	s.region = "us-east-2";
	start_digest(0, 6, 1);
	unproven(6, 7, LF_D_LINKED);
	unlisted(-99);
	unlisted(150);
	unlisted(300);
	unlisted(3000);
	lay_within(LF_TIME_NONE, LF_TIME_NONE);
	assert_int_equal(s.lines.last, H(6));
	assert_int_equal(s.lines.shown_first, H(-99));
	assert_int_equal(s.lines.shown_last, H(300) + 1);
	assert_true(s.lines.beyond);
	assert_string_equal(told(0), "0-6 verified");
}

static void
test_unproven_alone(void **state)
{
	(void)state;
	unproven(0, 1, LF_D_UNSIGNED)->is_start = true;
	unlisted(9);
	lay_within(LF_TIME_NONE, LF_TIME_NONE);
	assert_false(s.lines.proved);
	assert_int_equal(s.lines.last, H(9) + 1);
	assert_int_equal(s.lines.shown_last, H(9) + 1);
	assert_false(s.lines.beyond);
}

static void
test_digests_alone(void **state)
{
	struct lf_digest_row *d;

	(void)state;
	start_digest(0, 1, 0);
	lay_within(LF_TIME_NONE, LF_TIME_NONE);
	assert_false(s.lines.digests_alone); /* no log was ever there */
	lf_lines_free(&s.lines);
	lf_chains_free(&s.proof.chains);
	d = digest(1, 2, 2);
	lf_body_listed(&s.proof.body, d->first_log)->status = LF_L_MISSING;
	lay_within(LF_TIME_NONE, LF_TIME_NONE);
	assert_false(s.lines.digests_alone);
	lf_lines_free(&s.lines);
	lf_chains_free(&s.proof.chains);
	lf_body_listed(&s.proof.body, d->first_log + 1)->status = LF_L_MISSING;
	lay_within(LF_TIME_NONE, LF_TIME_NONE);
	assert_true(s.lines.digests_alone);
	lf_lines_free(&s.lines);
	lf_chains_free(&s.proof.chains);
	unlisted(1.5);
	lay_within(LF_TIME_NONE, LF_TIME_NONE);
	assert_false(s.lines.digests_alone);
}

/* Whether a region is watched: by what is proved, where anything is. */
static void
test_watch(void **state)
{
	(void)state;
	s.region = "ap-south-1";
	start_digest(5, 6, 1);
	s.region = "us-east-2";
	unproven(5, 6, LF_D_UNSIGNED)->is_start = true;
	s.region = "us-west-2";
	unlisted(5.5);
	lay_within(LF_TIME_NONE, LF_TIME_NONE);
	assert_true(lf_lines_watch(&s.lines, ACCOUNT, "ap-south-1", H(0), H(5) + 1));
	assert_true(lf_lines_watch(&s.lines, ACCOUNT, "ap-south-1", H(5.5), H(9)));
	assert_false(lf_lines_watch(&s.lines, ACCOUNT, "ap-south-1", H(0), H(5)));
	assert_false(lf_lines_watch(&s.lines, ACCOUNT, "ap-south-1", H(6), H(9)));
	assert_false(lf_lines_watch(&s.lines, "444455556666", "ap-south-1", H(0), H(9)));
	assert_false(lf_lines_watch(&s.lines, ACCOUNT, "us-east-2", H(0), H(9)));
	assert_false(lf_lines_watch(&s.lines, ACCOUNT, "us-west-2", H(0), H(9)));
	s.lines.proved = false;
	assert_true(lf_lines_watch(&s.lines, ACCOUNT, "us-east-2", H(0), H(9)));
}

/* ---- logs that no digest lists ---- */

static void
test_logs_in_a_hole(void **state)
{
	(void)state;
	start_digest(0, 1.5, 1);
	start_digest(7, 8, 1);
	unlisted(3.6);
	unlisted(2.6);
	unlisted(6.75);
	unlisted(2.55);
	assert_line("0-1.5 verified, 1.5-2.5 off, 2.5-4.5 unknown, 4.5-6.5 off, 6.5-7 unknown, 7-8 verified");
	assert_int_equal(s.lines.list[0].spans[2].logs_unlisted, 3);
}

static void
test_logs_that_say_nothing(void **state)
{
	(void)state;
	start_digest(0, 1, 1);
	start_digest(7, 8, 1);
	unlisted(2)->copy = true;
	unlisted(3)->status = LF_L_MALFORMED;
	unlisted(4)->class_unseen = true;
	unlisted(5)->time = LF_TIME_NONE;
	unlisted(6)->account = "";
	unlisted(6)->region = "us-east-2"; /* a line of its own */
	lay_within(LF_TIME_NONE, LF_TIME_NONE);
	assert_int_equal(s.lines.n, 2);
	assert_string_equal(told(0), "0-1 verified, 1-7 off, 7-8 verified");
}

/* A digest that is missing is that, whatever lies there. */
static void
test_logs_of_a_missing_digest(void **state)
{
	(void)state;
	start_digest(0, 1, 1);
	digest(3, 4, 1);
	unlisted(2.5);
	assert_line("0-1 verified, 1-3 missing, 3-4 verified");
	assert_int_equal(s.lines.list[0].spans[1].logs_unlisted, 1);
}

static void
test_logs_behind_the_end(void **state)
{
	(void)state;
	start_digest(0, 1, 1);
	unlisted(1.5);
	unlisted(4.5);
	lay_within(LF_TIME_NONE, H(6));
	assert_string_equal(told(0), "0-1 verified, 1-2 unknown, 2-4 off, 4-5 unknown, 5-6 off");
}

static void
test_logs_before_the_start(void **state)
{
	(void)state;
	start_digest(4.5, 5.5, 1);
	unlisted(2.2);
	assert_line("1.5-4.5 unknown, 4.5-5.5 verified");
	assert_int_equal(s.lines.list[0].begins, H(4.5));
}

/* Without digests only the hours that logs speak for are stated. */
static void
test_logs_alone(void **state)
{
	(void)state;
	unlisted(9.99);
	unlisted(2.2);
	unlisted(3.0);
	assert_line("2-4 unknown, 9-10 unknown");
	assert_null(s.lines.list[0].trail);
	assert_int_equal(s.lines.list[0].spans[0].logs_unlisted, 2);
}

static void
test_missing_logs(void **state)
{
	struct lf_digest_row *d;

	(void)state;
	start_digest(0, 1, 1);
	for (int i = 1; i < 5; i++) {
		d = digest(i, i + 1, 3);
		for (uint32_t k = 0; i != 3 && k < 2; k++)
			lf_body_listed(&s.proof.body, d->first_log + k)->status = LF_L_MISSING;
	}
	assert_line("0-5 verified");
	assert_int_equal(s.lines.list[0].spans[0].logs, 13);
	assert_int_equal(s.lines.list[0].spans[0].logs_missing, 6);
	assert_int_equal(s.lines.list[0].n_lost, 2);
	assert_int_equal(s.lines.list[0].lost[0].start, H(1));
	assert_int_equal(s.lines.list[0].lost[0].end, H(3));
	assert_int_equal(s.lines.list[0].lost[0].logs, 4);
	assert_int_equal(s.lines.list[0].lost[1].start, H(4));
}

static void
test_backfill(void **state)
{
	(void)state;
	start_digest(0, 1, 1);
	digest(3, 4, 1);
	s.backfill = true;
	start_digest(1, 3, 1);
	assert_line("0-1 verified, 1-3 missing, 3-4 verified");
	assert_true(s.lines.list[0].backfilled);
	assert_int_equal(s.lines.list[0].n_backfill, 1);
	assert_int_equal(s.lines.list[0].backfill[0].end, H(3));
}

static void
test_lines_in_order(void **state)
{
	(void)state;
	s.region = "us-east-2";
	start_digest(0, 1, 1);
	s.region = HOME;
	s.trail = "zeta";
	start_digest(0, 1, 1);
	s.trail = "alpha";
	start_digest(0, 1, 1);
	s.region = "ap-south-1";
	unlisted(0.5);
	lay_within(LF_TIME_NONE, LF_TIME_NONE);
	assert_int_equal(s.lines.n, 4);
	assert_string_equal(s.lines.list[0].region, "ap-south-1");
	assert_string_equal(s.lines.list[1].trail, "alpha");
	assert_string_equal(s.lines.list[2].trail, "zeta");
	assert_string_equal(s.lines.list[3].region, "us-east-2");
}

static void
test_nothing(void **state)
{
	(void)state;
	lay_within(LF_TIME_NONE, LF_TIME_NONE);
	assert_int_equal(s.lines.n, 0);
	assert_int_equal(s.lines.first, LF_TIME_NONE);
	assert_int_equal(s.lines.last, LF_TIME_NONE);
}

static void
test_covers(void **state)
{
	const struct lf_line *line;

	(void)state;
	start_digest(0, 1, 1);
	digest(1, 2, 0);
	unproven(2, 3, LF_D_UNSIGNED);
	start_digest(5, 6, 1);
	assert_line("0-1 verified, 1-2 quiet, 2-3 unproven, 3-5 off, 5-6 verified");
	line = &s.lines.list[0];
	assert_true(lf_line_covers(line, H(0), H(3), false));
	assert_true(lf_line_covers(line, H(5.5), H(6), false));
	assert_false(lf_line_covers(line, H(0), H(3) + 1, false));
	assert_false(lf_line_covers(line, H(0) - 1, H(3), false));
	assert_false(lf_line_covers(line, H(3), H(5), false));
	assert_false(lf_line_covers(line, H(4), H(5.5), false));
	assert_false(lf_line_covers(line, H(6), H(7), false));
	assert_true(lf_line_covers(line, H(0), H(2), true));
	assert_false(lf_line_covers(line, H(0), H(3), true));
}

static int
lay_once(void)
{
	struct lf_err err;
	int rc = lf_lines_make(&s.proof, LF_TIME_NONE, LF_TIME_NONE, &s.lines, &err);

	if (rc == 0)
		lf_lines_free(&s.lines);
	return rc;
}

static void
test_no_memory(void **state)
{
	struct lf_err err;

	(void)state;
	for (int i = 0; i < 200; i++)
		lf_body_listed(&s.proof.body, digest(i * 2, i * 2 + 1, 1)->first_log)->status = LF_L_MISSING;
	unlisted(500);
	unproven(900, 901, LF_D_UNSIGNED);
	s.region = "ap-south-1";
	unlisted(1);
	assert_int_equal(lf_chains_make(&s.proof.body, &s.proof.chains, &err), 0);
	chaos_check(lay_once, 8);
}

/* A fiftieth of a year of 40 accounts and 17 regions in one chain, and as many logs in its holes. */
static void
test_many(void **state)
{
	enum { N = 120000 };
	struct lf_err err;
	clock_t before;

	(void)state;
	for (int i = 0; i < N; i++) {
		struct lf_digest_row *d = digest(i, i + 1, 1);
		if (i % 3 == 0) {
			d->is_start = true;
			d->start += 1800;
			unlisted(i + 0.25);
		}
	}
	assert_int_equal(lf_chains_make(&s.proof.body, &s.proof.chains, &err), 0);
	before = clock();
	assert_int_equal(lf_lines_make(&s.proof, LF_TIME_NONE, LF_TIME_NONE, &s.lines, &err), 0);
	assert_true(clock() - before < 20 * CLOCKS_PER_SEC);
	assert_in_range(s.lines.list[0].n_spans, N / 3, N);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_chain), TEST(test_foreign_logs_are_not_quiet), TEST(test_off), TEST(test_missing), TEST(test_restart),
	    TEST(test_unproven), TEST(test_invalid), TEST(test_invalid_ends), TEST(test_nothing_but_invalid),
	    TEST(test_verified_wins), TEST(test_verified_swallows), TEST(test_long_claim), TEST(test_impostor),
	    TEST(test_cut_head), TEST(test_cut_head_behind_unproven), TEST(test_unproven_head),
	    TEST(test_cut_head_of_many), TEST(test_cut_head_since), TEST(test_tail), TEST(test_until),
	    TEST(test_planted_far_ahead), TEST(test_shown), TEST(test_unproven_alone), TEST(test_digests_alone), TEST(test_watch),
	    TEST(test_named_tail), TEST(test_logs_in_a_hole), TEST(test_logs_that_say_nothing),
	    TEST(test_logs_of_a_missing_digest), TEST(test_logs_behind_the_end), TEST(test_logs_before_the_start),
	    TEST(test_logs_alone), TEST(test_missing_logs), TEST(test_backfill), TEST(test_lines_in_order), TEST(test_nothing),
	    TEST(test_covers), TEST(test_no_memory), TEST(test_many),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("spans", tests, NULL, NULL);
}
