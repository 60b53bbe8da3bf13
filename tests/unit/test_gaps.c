/* Gaps and their causes: lines of coverage drawn by hand, a character an hour, and events beside them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "chaos.h"
#include "coverage/gaps.h"
#include "timeline/timeline.h"

#define T0   INT64_C(1709251200) /* 2024-03-01T00:00:00Z */
#define H(x) (T0 + (int64_t)((x) * 3600))
#define A1   "111122223333"
#define A2   "444455556666"
#define HOME "eu-west-1"
#define AWAY "us-east-2"

/* ---- drawing ---- */

#define MOST_LINES 16

struct scene {
	struct lf_lines lines;
	struct lf_line list[MOST_LINES];
	struct lf_span spans[MOST_LINES][64];
	struct lf_list controls;
	struct lf_controls c;
	struct lf_gaps gaps;
};
static struct scene s;

static int
set_up(void **state)
{
	(void)state;
	memset(&s, 0, sizeof(s));
	s.lines.list = s.list;
	s.lines.first = H(0);
	s.lines.last = s.lines.until = LF_TIME_NONE;
	lf_list_init(&s.c.list, sizeof(struct lf_control));
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	lf_gaps_free(&s.gaps);
	lf_list_free(&s.c.list);
	return 0;
}

static enum lf_cover
state_of(char c)
{
	static const char letters[] = "VUQMO?";
	const char *at = strchr(letters, c);

	assert_non_null(at);
	return (enum lf_cover)(at - letters);
}

/*
 * Adds a line whose hours are drawn: V verified, U unproven, Q quiet, M missing, O off, ? unknown, '|' a restart before the
 * next, ' ' nothing yet.  Lines must be added in their order.
 */
static struct lf_line *
draw_of(const char *account, const char *org, const char *region, const char *trail, const char *home, const char *hours)
{
	struct lf_line *line = &s.list[s.lines.n];
	struct lf_span *spans = s.spans[s.lines.n++];
	int64_t t = H(0);
	bool restart = false;

	*line = (struct lf_line){.account = account, .org = org, .region = region, .trail = trail, .home_region = home,
	    .spans = spans, .named_head = LF_TIME_NONE, .begins = LF_TIME_NONE, .bucket = "logs"};
	for (; *hours != '\0'; hours++) {
		struct lf_span *last = line->n_spans > 0 ? &spans[line->n_spans - 1] : NULL;

		if (*hours == '|') {
			restart = true;
			continue;
		}
		if (*hours != ' ' && line->begins == LF_TIME_NONE && *hours != '?')
			line->begins = t;
		if (*hours != ' ' && last != NULL && !restart && last->state == state_of(*hours)) {
			last->end = t + 3600;
		} else if (*hours != ' ') {
			spans[line->n_spans++] = (struct lf_span){.start = t, .end = t + 3600,
			    .state = (uint8_t)state_of(*hours), .restart = restart};
			restart = false;
		}
		t += 3600;
	}
	if (s.lines.last < t)
		s.lines.last = t;
	return line;
}

static struct lf_line *
draw(const char *region, const char *hours)
{
	return draw_of(A1, "", region, "main", HOME, hours);
}

/* Adds an effective, verified event about trail "main" of HOME, at an hour; the rest may be set in what is returned. */
static struct lf_control *
event(double hour, enum lf_effect effect, const char *name, const char *id)
{
	struct lf_control *x = lf_list_push(&s.c.list);
	bool about_trail = effect < LF_EFFECT_REGION_OFF;

	assert_non_null(x);
	*x = (struct lf_control){.time = H(hour), .effect = (uint8_t)effect, .effects = UINT32_C(1) << effect, .effective = true,
	    .integrity = LF_INTEGRITY_VERIFIED, .class_name = "", .event_source = "cloudtrail.amazonaws.com",
	    .event_name = name, .error_code = "", .event_id = id, .principal = "mallory", .access_key = "", .source_ip = "",
	    .actor = "", .account = A1, .region = HOME, .target = about_trail ? "main" : "",
	    .trail = about_trail ? "main" : "", .trail_region = "", .trail_account = "", .detail = ""};
	return x;
}

static struct lf_control *
stop(double hour)
{
	return event(hour, LF_EFFECT_STOP, "StopLogging", "stop");
}

static struct lf_control *
start(double hour)
{
	return event(hour, LF_EFFECT_START, "StartLogging", "start");
}

static void
find(void)
{
	struct lf_err err;

	lf_gaps_free(&s.gaps);
	assert_int_equal(lf_gaps_find(&s.lines, &s.c, &s.gaps, &err), 0);
}

/* The i-th gap as text: "LINE START-END cause [by] [ended by] explained|-", hours from T0. */
static const char *
told(uint32_t i)
{
	static char text[256];
	const struct lf_gap *g = &s.gaps.list[i];

	assert_in_range(i, 0, (uintmax_t)s.gaps.n - 1);
	snprintf(text, sizeof(text), "%s %g-%g %s %s %s %s%s", s.list[g->line].region, (double)(g->start - T0) / 3600,
	    (double)(g->end - T0) / 3600, lf_cause_names[g->cause], g->by != NULL ? g->by->event_id : "-",
	    g->ended_by != NULL ? g->ended_by->event_id : "-", g->explained ? "explained" : "-", g->open ? " open" : "");
	assert_non_null(g->reading);
	return text;
}

#define assert_gaps(...) check_gaps((const char *const[]){__VA_ARGS__, NULL})
static void
check_gaps(const char *const *want)
{
	uint32_t n = 0;

	find();
	for (; want[n] != NULL; n++)
		assert_string_equal(n < s.gaps.n ? told(n) : "no more gaps", want[n]);
	assert_int_equal(s.gaps.n, n);
}

static void
assert_no_gaps(void)
{
	find();
	assert_int_equal(s.gaps.n, 0);
}

/* ---- stopped, deleted ---- */

static void
test_stop_and_start(void **state)
{
	(void)state;
	draw(HOME, "VVVOOOVV");
	stop(2.9);
	start(6.01);
	assert_gaps(HOME " 3-6 logging-stopped stop start explained");
	assert_int_equal(s.gaps.list[0].n_events, 2);
	assert_string_equal(s.gaps.list[0].events[0]->event_id, "stop");
	assert_string_equal(s.gaps.list[0].events[1]->event_id, "start");
}

/* No last digest came: the last window ends up to an hour before the stop. */
static void
test_stop_after_the_last_window(void **state)
{
	(void)state;
	draw(HOME, "VVVOOOVV");
	stop(3.9);
	start(5.5);
	assert_gaps(HOME " 3-6 logging-stopped stop start explained");
}

/* The last window ends with its hour, up to one after the stop. */
static void
test_stop_within_the_last_window(void **state)
{
	(void)state;
	draw(HOME, "VVVOOOVV");
	stop(2.02);
	start(6);
	assert_gaps(HOME " 3-6 logging-stopped stop start explained");
}

static void
test_every_region_of_the_trail(void **state)
{
	(void)state;
	draw(HOME, "VVVOOOVV");
	draw(AWAY, "VVVVOOVV");
	stop(3);
	start(6);
	assert_gaps(HOME " 3-6 logging-stopped stop start explained", AWAY " 4-6 logging-stopped stop start explained");
}

static void
test_unproved_events_explain_nothing(void **state)
{
	(void)state;
	draw(HOME, "VVVOOOVV");
	stop(3);
	start(6)->integrity = LF_INTEGRITY_UNPROVEN;
	assert_gaps(HOME " 3-6 logging-stopped stop start -");
}

/* One log that nothing proves takes no attribution from verified ones, whatever it says and whenever. */
static void
test_unproved_events_change_nothing(void **state)
{
	static const struct {
		double hour;
		enum lf_effect effect;
		const char *name;
	} planted[] = {
	    {2.5, LF_EFFECT_STOP, "StopLogging"}, {2.9, LF_EFFECT_STOP, "StopLogging"}, {2.95, LF_EFFECT_START, "StartLogging"},
	    {3.5, LF_EFFECT_START, "StartLogging"}, {2.98, LF_EFFECT_VALIDATION_OFF, "UpdateTrail"},
	    {2.98, LF_EFFECT_DELETE, "DeleteTrail"}, {6, LF_EFFECT_START, "StartLogging"}, {2.8, LF_EFFECT_START, "StartLogging"},
	};

	(void)state;
	draw(HOME, "VVVOOOVV");
	s.lines.proved = true;
	stop(2.9);
	start(6.01);
	for (size_t i = 0; i < sizeof(planted) / sizeof(planted[0]); i++) {
		struct lf_control *x = event(planted[i].hour, planted[i].effect, planted[i].name, "a");

		x->integrity = LF_INTEGRITY_UNPROVEN;
		assert_gaps(HOME " 3-6 logging-stopped stop start explained");
		lf_gaps_free(&s.gaps);
	}
}

/* ... nor uses up the time of the next hole's. */
static void
test_unproved_event_of_the_hole_before(void **state)
{
	(void)state;
	draw(HOME, "VVVOVOVV");
	s.lines.proved = true;
	stop(3.98)->integrity = LF_INTEGRITY_UNPROVEN;
	stop(3.97)->event_id = "verified";
	((struct lf_control *)lf_list_at(&s.c.list, 0))->event_id = "planted";
	((struct lf_control *)lf_list_at(&s.c.list, 0))->time = H(2.9);
	assert_gaps(HOME " 3-4 logging-stopped verified - -", HOME " 5-6 unexplained - - -");
}

/* Who else saw is only who is proved to have. */
static void
test_covered_by_the_proved(void **state)
{
	(void)state;
	draw(HOME, "VVVOOOVV");
	draw_of(A1, "", HOME, "planted", HOME, "UUUUUUUU");
	draw_of(A1, "", HOME, "zeta", HOME, "VVVQQVVV");
	s.lines.proved = true;
	find();
	assert_int_equal(s.gaps.list[0].n_covered_by, 1);
	assert_string_equal(s.gaps.list[0].covered_by[0], "zeta");
	lf_gaps_free(&s.gaps);
	s.lines.proved = false;
	find();
	assert_int_equal(s.gaps.list[0].n_covered_by, 2);
}

static void
test_no_event(void **state)
{
	(void)state;
	draw(HOME, "VVVOOOVV");
	assert_gaps(HOME " 3-6 unexplained - - -");
}

static void
test_start_without_stop(void **state)
{
	(void)state;
	draw(HOME, "VVVOOOVV");
	start(6);
	assert_gaps(HOME " 3-6 unexplained - start -");
}

static void
test_stop_without_start(void **state)
{
	(void)state;
	draw(HOME, "VVVOOOVV");
	stop(3);
	assert_gaps(HOME " 3-6 logging-stopped stop - -");
}

static void
test_failed_stop(void **state)
{
	(void)state;
	draw(HOME, "VVVOOOVV");
	stop(3)->effective = false;
	start(6);
	assert_gaps(HOME " 3-6 unexplained - start -");
}

static void
test_stop_of_others(void **state)
{
	(void)state;
	draw(HOME, "VVVOOOVV");
	stop(3)->trail = "other";
	stop(3)->account = A2;
	stop(3)->region = AWAY;            /* a trail of that name at home there */
	stop(3)->trail_region = AWAY;      /* by its ARN */
	assert_gaps(HOME " 3-6 unexplained - - -");
}

static void
test_arn_names_the_home_region(void **state)
{
	struct lf_control *x;

	(void)state;
	draw(HOME, "VVVOOOVV");
	x = stop(3);
	x->region = AWAY;
	x->trail_region = HOME;
	start(6);
	assert_gaps(HOME " 3-6 logging-stopped stop start explained");
}

static void
test_stop_long_before(void **state)
{
	(void)state;
	draw(HOME, "VVVVVVOOOVV");
	stop(3);
	start(9);
	assert_gaps(HOME " 6-9 unexplained - start -");
}

static void
test_stop_long_after(void **state)
{
	(void)state;
	draw(HOME, "VVVOOOOOVV");
	stop(5);
	start(8);
	assert_gaps(HOME " 3-8 unexplained - start -");
}

static void
test_two_gaps_one_stop(void **state)
{
	(void)state;
	draw(HOME, "VVVOVOVV");
	stop(3);
	start(6);
	assert_gaps(HOME " 3-4 logging-stopped stop - -", HOME " 5-6 unexplained - start -");
}

/* ... near as it may be to both. */
static void
test_two_near_gaps_one_stop(void **state)
{
	(void)state;
	draw(HOME, "VVVOVOVV");
	stop(3.9);
	assert_gaps(HOME " 3-4 logging-stopped stop - -", HOME " 5-6 unexplained - - -");
}

static void
test_two_stops(void **state)
{
	(void)state;
	draw(HOME, "VVVOOVVOOVV");
	stop(3)->event_id = "stop 1";
	start(5)->event_id = "start 1";
	stop(7)->event_id = "stop 2";
	start(9)->event_id = "start 2";
	assert_gaps(HOME " 3-5 logging-stopped stop 1 start 1 explained", HOME " 7-9 logging-stopped stop 2 start 2 explained");
}

/* Who stops a stopped trail blinds nobody. */
static void
test_stopped_again(void **state)
{
	(void)state;
	draw(HOME, "VVVOOOVV");
	stop(2.9);
	stop(2.95)->event_id = "again";
	stop(3.5)->event_id = "and again";
	start(6);
	assert_gaps(HOME " 3-6 logging-stopped stop start explained");
}

/* A stop that was undone before the hole began is not its cause. */
static void
test_stop_undone(void **state)
{
	(void)state;
	draw(HOME, "VVVOOOVV");
	stop(2);
	start(2.1)->event_id = "undone";
	start(6);
	assert_gaps(HOME " 3-6 unexplained - start -");
}

/* ... of a hole of minutes neither: what followed it is. */
static void
test_stop_undone_before_short_hole(void **state)
{
	(void)state;
	draw(HOME, "VVVOV");
	s.spans[0][1].end = s.spans[0][2].start = H(3.25);
	stop(2)->event_id = "undone";
	start(2.5)->event_id = "undone";
	stop(3.1);
	start(3.2);
	assert_gaps(HOME " 3-3.25 logging-stopped stop start explained");
}

static void
test_quick_restart(void **state)
{
	(void)state;
	draw(HOME, "VVV|VVV");
	stop(2.8);
	start(2.9);
	assert_gaps(HOME " 3-3 logging-stopped stop start explained");
}

static void
test_restart_unexplained(void **state)
{
	(void)state;
	draw(HOME, "VVV|VVV");
	assert_gaps(HOME " 3-3 unexplained - - -");
}

/* The stop of the next hole is not that of a restart shortly before. */
static void
test_restart_then_stop(void **state)
{
	(void)state;
	draw(HOME, "VVV|VOOOV");
	stop(2.9)->event_id = "stop 1";
	start(2.95)->event_id = "start 1";
	stop(3.8)->event_id = "stop 2";
	start(7)->event_id = "start 2";
	assert_gaps(HOME " 3-3 logging-stopped stop 1 start 1 explained", HOME " 4-7 logging-stopped stop 2 start 2 explained");
}

static void
test_restart_before_stop(void **state)
{
	(void)state;
	draw(HOME, "VVV|VOOOV");
	stop(3.8);
	start(7);
	assert_gaps(HOME " 3-3 unexplained - - -", HOME " 4-7 logging-stopped stop start explained");
}

/* Nothing restarts by being stopped. */
static void
test_restart_without_start(void **state)
{
	(void)state;
	draw(HOME, "VVV|VVV");
	stop(2.8);
	assert_gaps(HOME " 3-3 unexplained - - -");
}

static void
test_open_stop(void **state)
{
	(void)state;
	draw(HOME, "VVVOOOOO");
	draw_of(A1, "", HOME, "zeta", HOME, "VVVVVVVV");
	stop(2.9);
	assert_gaps(HOME " 3-8 logging-stopped stop - explained open");
	assert_int_equal(s.gaps.list[0].n_covered_by, 1);
	assert_string_equal(s.gaps.list[0].covered_by[0], "zeta");
}

/* It was started again long ago, and no digest came: the stop is not why. */
static void
test_open_although_started(void **state)
{
	(void)state;
	draw(HOME, "VVVOOOOOOO");
	stop(2.9);
	start(4);
	assert_gaps(HOME " 3-10 unexplained - - - open");
}

static void
test_deleted_and_created(void **state)
{
	(void)state;
	draw(HOME, "VVVOOOVV");
	event(2.9, LF_EFFECT_DELETE, "DeleteTrail", "delete");
	event(4, LF_EFFECT_START, "CreateTrail", "create");
	start(5.9);
	assert_gaps(HOME " 3-6 trail-deleted delete start explained");
	assert_int_equal(s.gaps.list[0].n_events, 3);
	assert_string_equal(s.gaps.list[0].events[1]->event_id, "create");
}

static void
test_stopped_then_deleted(void **state)
{
	(void)state;
	draw(HOME, "VVVOOOO");
	stop(2.9);
	event(2.95, LF_EFFECT_DELETE, "DeleteTrail", "delete");
	assert_gaps(HOME " 3-7 trail-deleted delete - explained open");
	assert_int_equal(s.gaps.list[0].n_events, 2);
}

/* A stop ends all lines of a trail: where one goes on, it was no stop of this trail. */
static void
test_stop_although_others_go_on(void **state)
{
	(void)state;
	draw_of(A1, "o-abcdefghij", HOME, "main", HOME, "VVVVVVVVVV");
	draw_of(A2, "o-abcdefghij", HOME, "main", HOME, "VVVVOOOOOO");
	s.lines.proved = true;
	stop(3.9)->account = A2;
	event(3.9, LF_EFFECT_DELETE, "DeleteTrail", "delete")->account = A2;
	assert_gaps(HOME " 4-10 unexplained - - - open");
	lf_gaps_free(&s.gaps);
	s.spans[0][0].state = LF_COVER_UNPROVEN; /* anybody may say so */
	assert_gaps(HOME " 4-10 trail-deleted delete - explained open", HOME " 4-10 trail-deleted delete - explained open");
}

static void
test_stop_although_a_region_goes_on(void **state)
{
	(void)state;
	draw(HOME, "VVVOOOVVV");
	draw(AWAY, "VVVVVVVVV");
	stop(2.9);
	start(6);
	assert_gaps(HOME " 3-6 unexplained - start -");
}

/* Of a hole of minutes the other line need have none: it restarts somewhat later. */
static void
test_short_stop_of_all_lines(void **state)
{
	(void)state;
	draw(HOME, "VVVOVVV");
	s.spans[0][1].end = s.spans[0][2].start = H(3.1);
	draw(AWAY, "VVVV|VVV");
	s.spans[1][0].end = s.spans[1][1].start = H(3.3);
	stop(2.95);
	start(3.1);
	find();
	assert_string_equal(told(0), HOME " 3-3.1 logging-stopped stop start explained");
}

/* Digests that no key reaches fill no hole between verified segments. */
static void
test_hole_filled_with_unproven(void **state)
{
	static const char *const hours[] = {"VVVUUUUVV", "VVVUUUU|VV", "VVVUOOOVV", "VVVOUUOVV", "VVV|UUUU|VV", "VVVMUUOVV", "VVV?UMOVV"};

	(void)state;
	for (size_t i = 1; i < sizeof(hours) / sizeof(hours[0]); i++) {
		s.lines.n = 0;
		draw(HOME, hours[i]);
		if (s.c.list.n == 0) {
			stop(2.9);
			start(7);
		}
		s.lines.proved = true;
		assert_gaps(HOME " 3-7 logging-stopped stop start explained");
		lf_gaps_free(&s.gaps);
	}
	s.lines.n = 0;
	draw(HOME, hours[0]); /* the digest behind is no start: one chain */
	assert_no_gaps();
}

/* The last digest of a segment, which only metadata proves, is not why its stop is not found. */
static void
test_stop_behind_an_unproven_window(void **state)
{
	(void)state;
	draw(HOME, "VVVUOOVV");
	s.lines.proved = true;
	stop(4.5);
	start(6);
	assert_gaps(HOME " 3-6 logging-stopped stop start explained");
}

/* ... nor does one hour of the copy's end count, of which more than metadata can prove nothing. */
static void
test_chain_goes_on_behind_unproven(void **state)
{
	(void)state;
	draw(HOME, "VVVUUUMVV");
	s.lines.proved = true;
	assert_gaps(HOME " 3-7 digest-missing - - -");
	assert_int_equal(s.gaps.list[0].count, 1);
	assert_true(s.gaps.list[0].doubted);
	lf_gaps_free(&s.gaps);
	s.lines.n = 0;
	draw(HOME, "VVVUMMVV");
	assert_gaps(HOME " 4-6 digest-missing - - -");
}

/* Who stops a trail and adds digests that nothing proves, hides nothing, wherever proved evidence ends. */
static void
test_stop_under_unproven_windows(void **state)
{
	static const enum lf_effect effects[] = {LF_EFFECT_STOP, LF_EFFECT_DELETE, LF_EFFECT_VALIDATION_OFF};
	static const char *const causes[] = {"logging-stopped", "trail-deleted", "validation-disabled"};
	static const char *const hours[] = {"VVVUUUUUU", "VVVU|UUUUU", "VVV|UUUUUU", "VVVUUUMMU", "VVVUUOOUU", "VVVU?UUOO"};
	char want[128];

	(void)state;
	s.lines.proved = true;
	for (size_t i = 0; i < 18; i++) {
		s.lines.n = s.c.list.n = 0;
		draw(HOME, hours[i / 3]);
		s.lines.last = H(3);
		event(2.9, effects[i % 3], "Call", "call");
		snprintf(want, sizeof(want), HOME " 3-9 %s call - explained open", causes[i % 3]);
		find();
		assert_string_equal(told(0), want);
		assert_int_equal(s.gaps.n, 1);
		assert_true(s.gaps.list[0].doubted);
		lf_gaps_free(&s.gaps);
	}
}

/* Until a proved start, or a proved window. */
static void
test_start_under_unproven_windows(void **state)
{
	(void)state;
	s.lines.proved = true;
	draw(HOME, "VVVUUUUUUUUU");
	s.lines.last = H(3);
	stop(2.9);
	start(5.8);
	assert_gaps(HOME " 3-6 logging-stopped stop start explained");
	lf_gaps_free(&s.gaps);
	s.lines.last = H(12); /* others prove that the evidence goes on */
	assert_gaps(HOME " 3-6 logging-stopped stop start explained", HOME " 6-12 unexplained - - - open");
	lf_gaps_free(&s.gaps);
	event(9.5, LF_EFFECT_DELETE, "DeleteTrail", "delete");
	assert_gaps(HOME " 3-6 logging-stopped stop start explained", HOME " 6-10 unexplained - - -",
	    HOME " 10-12 trail-deleted delete - explained open");
}

/* What no digest proves ends no blind time, and begins none. */
static void
test_unproved_calls_under_unproven_windows(void **state)
{
	(void)state;
	s.lines.proved = true;
	draw(HOME, "VVVUUUUUU");
	s.lines.last = H(3);
	stop(4.9)->integrity = LF_INTEGRITY_NONE;
	assert_no_gaps();
	stop(2.9)->event_id = "verified";
	start(4)->integrity = LF_INTEGRITY_UNPROVEN;
	assert_gaps(HOME " 3-9 logging-stopped verified - explained open");
}

/* A line of which nothing is proved, beside one that is: the calls tell when it was blind, and the rest stays unproven. */
static void
test_stop_of_an_unproven_line(void **state)
{
	(void)state;
	s.lines.proved = true;
	draw(HOME, "VVVVOOOVV");
	draw(AWAY, "UUUUUUUUU");
	stop(3.9);
	start(6.9);
	assert_gaps(HOME " 4-7 logging-stopped stop start explained", AWAY " 4-7 logging-stopped stop start explained");
	lf_gaps_free(&s.gaps);
	s.lines.n = 0;
	draw(HOME, "VVVVVVVVV"); /* it was not stopped */
	draw(AWAY, "UUUUUUUUU");
	assert_no_gaps();
	s.lines.n = 0;
	draw(HOME, "VVVVOOOVV");
	draw(AWAY, "UUUUOOOUU"); /* as it was, but for a key */
	assert_gaps(HOME " 4-7 logging-stopped stop start explained", AWAY " 4-7 logging-stopped stop start explained");
	assert_false(s.gaps.list[1].doubted);
	lf_gaps_free(&s.gaps);
	s.lines.proved = false; /* where nothing is proved, all are what there is */
	s.lines.n = 1;
	draw(AWAY, "UUUUUUUUU");
	assert_gaps(HOME " 4-7 unexplained - start -");
}

/* Other lines show that the evidence goes on: what ended here, ended. */
static void
test_unproven_tail(void **state)
{
	(void)state;
	s.lines.proved = true;
	draw(HOME, "VVVVVVVV");
	draw(AWAY, "VVVUUUUU");
	assert_gaps(AWAY " 3-8 unexplained - - - open");
	assert_true(s.gaps.list[0].doubted);
	lf_gaps_free(&s.gaps);
	s.lines.n = 1;
	draw(AWAY, "VVVOOOOO"); /* the same without them */
	assert_gaps(AWAY " 3-8 unexplained - - - open");
	lf_gaps_free(&s.gaps);
	s.lines.n = 1;
	draw(AWAY, "VVVVVVUU"); /* that is what may be on its way */
	assert_no_gaps();
	s.lines.n = 1;
	draw(AWAY, "VVVUOOOO"); /* a segment's last digest, as a copy without metadata has it */
	assert_gaps(AWAY " 4-8 unexplained - - - open");
	lf_gaps_free(&s.gaps);
	s.lines.n = 1;
	draw(AWAY, "VVVVVU"); /* but it makes no hole too short */
	assert_gaps(AWAY " 5-8 unexplained - - - open");
}

/* Regions but the home may end alone. */
static void
test_region_dropped_under_unproven_windows(void **state)
{
	(void)state;
	s.lines.proved = true;
	draw(HOME, "VVVVVVVV");
	draw(AWAY, "VVVUUUUU");
	event(2.9, LF_EFFECT_SINGLE_REGION, "UpdateTrail", "single");
	assert_gaps(AWAY " 3-8 region-dropped single - explained open");
}

/* Without anything proved they are what there is; so are they at the end of a chain. */
static void
test_unproven_windows_elsewhere(void **state)
{
	(void)state;
	draw(HOME, "UUUU");
	draw(AWAY, "VVUU");
	s.lines.proved = true;
	assert_no_gaps();
}

static void
test_cut_head_behind_unproven(void **state)
{
	struct lf_line *line = draw(HOME, "UUMVV");

	(void)state;
	line->cut_head = true;
	line->begins = H(1);
	line->head_end = H(3);
	assert_gaps(HOME " 1-3 evidence-cut - - -");
	assert_int_equal(s.gaps.list[0].count, 2);
}

/* ---- where the evidence ends ---- */

static void
test_stopped_for_good(void **state)
{
	(void)state;
	draw(HOME, "VVVV");
	draw(AWAY, "VVVV");
	stop(3.9);
	assert_gaps(HOME " 4-4 logging-stopped stop - explained open", AWAY " 4-4 logging-stopped stop - explained open");
}

static void
test_stopped_behind_the_last_digest(void **state)
{
	(void)state;
	draw(HOME, "VVVQ");
	stop(4.5)->integrity = LF_INTEGRITY_NONE;
	assert_gaps(HOME " 4-4 logging-stopped stop - - open");
}

static void
test_stopped_and_started_at_the_end(void **state)
{
	(void)state;
	draw(HOME, "VVVV");
	stop(3.8);
	start(3.95);
	assert_no_gaps();
}

static void
test_started_and_stopped_at_the_end(void **state)
{
	(void)state;
	draw(HOME, "VVVV");
	stop(3.2)->event_id = "undone";
	start(3.3);
	stop(3.9);
	assert_gaps(HOME " 4-4 logging-stopped stop - explained open");
}

/* The digests went on: it was no stop of this trail, or one that something undid. */
static void
test_stopped_long_before_the_end(void **state)
{
	(void)state;
	draw(HOME, "VVVVVV");
	stop(3.5);
	assert_no_gaps();
}

static void
test_not_stopped_at_the_end(void **state)
{
	(void)state;
	draw(HOME, "VVVV");
	stop(3.9)->effective = false;
	stop(3.9)->trail = "other";
	event(3.9, LF_EFFECT_NARROWED, "PutEventSelectors", "narrowed");
	event(3.9, LF_EFFECT_DELIVERY, "PutBucketPolicy", "policy")->class_name = "bucket";
	assert_no_gaps();
}

/* Its digest is gone, and it lasts. */
static void
test_stopped_behind_a_missing_digest(void **state)
{
	(void)state;
	draw(HOME, "VVVM");
	stop(3.9)->integrity = LF_INTEGRITY_UNPROVEN;
	assert_gaps(HOME " 3-4 digest-missing - - - open", HOME " 4-4 logging-stopped stop - - open");
}

static void
test_other_ends(void **state)
{
	(void)state;
	draw(HOME, "VVVV");
	draw(AWAY, "VVVV");
	event(3.9, LF_EFFECT_SINGLE_REGION, "UpdateTrail", "single");
	assert_gaps(AWAY " 4-4 region-dropped single - explained open");
	lf_gaps_free(&s.gaps);
	event(3.95, LF_EFFECT_DELETE, "DeleteTrail", "delete");
	assert_gaps(HOME " 4-4 trail-deleted delete - explained open", AWAY " 4-4 trail-deleted delete - explained open");
	lf_gaps_free(&s.gaps);
	event(3.97, LF_EFFECT_VALIDATION_OFF, "UpdateTrail", "off");
	event(3.98, LF_EFFECT_REGION_OFF, "DisableRegion", "region")->target = AWAY;
	assert_gaps(HOME " 4-4 validation-disabled off - explained open", AWAY " 4-4 region-disabled region - explained open");
}

static void
test_account_leaves_at_the_end(void **state)
{
	(void)state;
	draw_of(A1, "o-abcdefghij", HOME, "main", HOME, "VVVV");
	draw_of(A2, "", HOME, "own", HOME, "VVVV"); /* his own goes on */
	draw_of(A2, "o-abcdefghij", HOME, "main", HOME, "VVVV");
	event(3.9, LF_EFFECT_ACCOUNT_LEFT, "LeaveOrganization", "left")->account = A2;
	assert_gaps(HOME " 4-4 account-left left - explained open");
	assert_int_equal(s.gaps.list[0].line, 2);
}

/* Who takes his trail from the organization keeps it. */
static void
test_organization_trail_ends(void **state)
{
	(void)state;
	draw_of(A1, "o-abcdefghij", HOME, "main", HOME, "VVVV");
	draw_of(A2, "o-abcdefghij", HOME, "main", HOME, "VVVV");
	event(3.9, LF_EFFECT_ORG_OFF, "UpdateTrail", "off");
	assert_gaps(HOME " 4-4 account-left off - explained open");
	assert_int_equal(s.gaps.list[0].line, 1);
}

/* A line that --until cuts, or a stop that lies behind it, ends nothing. */
static void
test_until(void **state)
{
	(void)state;
	draw(HOME, "VVVV");
	s.lines.until = H(4);
	stop(3.9);
	assert_no_gaps();
	lf_gaps_free(&s.gaps);
	s.lines.until = s.lines.last = H(4.5);
	assert_gaps(HOME " 4-4 logging-stopped stop - explained open");
	lf_gaps_free(&s.gaps);
	((struct lf_control *)lf_list_at(&s.c.list, 0))->time = H(4.6);
	assert_no_gaps();
}

/* What is left out is not forgotten. */
static void
test_min_and_open(void **state)
{
	struct lf_err err;

	(void)state;
	draw(HOME, "VOVV");
	stop(3.9);
	assert_int_equal(lf_gaps_find(&s.lines, &s.c, &s.gaps, &err), 0);
	lf_gaps_drop_short(&s.gaps, 86400);
	assert_int_equal(s.gaps.n, 0);
	assert_int_equal(s.gaps.left_out, 2);
	assert_int_equal(s.gaps.left_open, 1);
	lf_gaps_free(&s.gaps);
	find();
	assert_int_equal(s.gaps.n, 2);
	assert_int_equal(s.gaps.left_out, 0);
	assert_non_null(strstr(s.gaps.list[1].reading, "nothing shows that it began again"));
}

/* ---- whose trail ---- */

#define A3 "777788889999"
#define ORG "o-abcdefghij"

static struct lf_control *
made(enum lf_owner owner, const char *account)
{
	struct lf_control *x = event(-100, LF_EFFECT_START, "CreateTrail", "made");

	x->owner = (uint8_t)owner;
	x->account = account;
	return x;
}

static void
test_arn_of_another_account(void **state)
{
	(void)state;
	draw(HOME, "VVVOOOVV");
	stop(3)->trail_account = A2;
	start(6);
	assert_gaps(HOME " 3-6 unexplained - start -");
}

/* The delegate stops the organization's trail in the name of the account that manages it. */
static void
test_arn_of_the_managing_account(void **state)
{
	(void)state;
	draw_of(A1, ORG, HOME, "main", HOME, "VVVOOOVV");
	draw_of(A2, ORG, HOME, "main", HOME, "VVVOOOVV");
	made(LF_OWNER_ORGANIZATION, A1);
	stop(3)->trail_account = A1;
	start(6);
	for (uint32_t i = 1; i < s.c.list.n; i++)
		((struct lf_control *)lf_list_at(&s.c.list, i))->account = i == 1 ? A3 : A1;
	assert_gaps(HOME " 3-6 logging-stopped stop start explained", HOME " 3-6 logging-stopped stop start explained");
}

/* ... but the ARN of a member's own trail is not the organization's. */
static void
test_arn_of_a_member(void **state)
{
	(void)state;
	draw_of(A1, ORG, HOME, "main", HOME, "VVVOOOVV");
	draw_of(A2, "", HOME, "main", HOME, "VVVVVVVV");
	stop(3)->trail_account = A2;
	assert_gaps(HOME " 3-6 unexplained - - -");
}

/* A member stops what is not his. */
static void
test_member_is_not_the_owner(void **state)
{
	(void)state;
	draw_of(A1, ORG, HOME, "main", HOME, "VVVOOOVV");
	draw_of(A2, ORG, HOME, "main", HOME, "VVVOOOVV");
	made(LF_OWNER_ORGANIZATION, A1);
	stop(3)->account = A2;
	assert_gaps(HOME " 3-6 unexplained - - -", HOME " 3-6 unexplained - - -");
	lf_gaps_free(&s.gaps);
	stop(3)->event_id = "his";
	assert_gaps(HOME " 3-6 logging-stopped his - -", HOME " 3-6 logging-stopped his - -");
}

/* He made a trail of his own, of which no digest is here. */
static void
test_member_made_his_own(void **state)
{
	(void)state;
	draw_of(A1, ORG, HOME, "main", HOME, "VVVOOOVV");
	made(LF_OWNER_ACCOUNT, A2);
	stop(3)->account = A2;
	assert_gaps(HOME " 3-6 unexplained - - -");
	lf_gaps_free(&s.gaps);
	stop(3)->account = A3; /* of whom nothing is known */
	assert_gaps(HOME " 3-6 logging-stopped stop - -");
}

/* Who plants a digest of a trail of his own, or a call that made one, hides nothing. */
static void
test_planted_owner(void **state)
{
	(void)state;
	draw_of(A1, "", HOME, "main", HOME, "U");
	draw_of(A1, ORG, HOME, "main", HOME, "VVVOOOVV");
	s.lines.proved = true;
	made(LF_OWNER_ACCOUNT, A1)->integrity = LF_INTEGRITY_UNPROVEN;
	made(LF_OWNER_ORGANIZATION, A3)->integrity = LF_INTEGRITY_UNPROVEN;
	stop(3);
	start(6);
	assert_gaps(HOME " 3-6 logging-stopped stop start explained");
}

/* One that was the account's own became the organization's. */
static void
test_owner_converts(void **state)
{
	(void)state;
	draw_of(A1, "", HOME, "main", HOME, "V");
	draw_of(A1, ORG, HOME, "main", HOME, " VVOOOVV");
	made(LF_OWNER_ORGANIZATION, A1);
	stop(3);
	start(6);
	assert_gaps(HOME " 3-6 logging-stopped stop start explained");
}

/* ---- validation ---- */

static void
test_validation_off(void **state)
{
	(void)state;
	draw(HOME, "VVV?O??OVV");
	event(2.5, LF_EFFECT_VALIDATION_OFF, "UpdateTrail", "off");
	event(7.9, LF_EFFECT_VALIDATION_ON, "UpdateTrail", "on");
	assert_gaps(HOME " 3-8 validation-disabled off on explained");
}

static void
test_logs_go_on_unexplained(void **state)
{
	(void)state;
	draw(HOME, "VVVO?O?OVV");
	assert_gaps(HOME " 3-4 unexplained - - -", HOME " 4-7 validation-disabled - - -", HOME " 7-8 unexplained - - -");
}

/* No start digest ends it: the newest digests may as well be gone. */
static void
test_logs_go_on_to_the_end(void **state)
{
	(void)state;
	draw(HOME, "VVVO?O?");
	assert_gaps(HOME " 3-7 unexplained - - - open");
	assert_non_null(strstr(s.gaps.list[0].reading, "logs go on"));
	lf_gaps_free(&s.gaps);
	event(2.5, LF_EFFECT_VALIDATION_OFF, "UpdateTrail", "off");
	assert_gaps(HOME " 3-7 validation-disabled off - explained open");
}

/* A switch that also narrows regions: each counts for what it does. */
static void
test_one_update_two_effects(void **state)
{
	(void)state;
	draw(HOME, "VVV??VV");
	event(2.9, LF_EFFECT_SINGLE_REGION, "UpdateTrail", "off")->effects |= UINT32_C(1) << LF_EFFECT_VALIDATION_OFF;
	assert_gaps(HOME " 3-5 validation-disabled off - -");
}

/* ---- regions, accounts ---- */

static void
test_region_dropped(void **state)
{
	(void)state;
	draw(HOME, "VVVVVVVV");
	draw(AWAY, "VVVOOOOO");
	event(3, LF_EFFECT_SINGLE_REGION, "UpdateTrail", "single");
	assert_gaps(AWAY " 3-8 region-dropped single - explained open");
}

static void
test_region_dropped_and_back(void **state)
{
	(void)state;
	draw(HOME, "VVVVVVVV");
	draw(AWAY, "VVVOOOVV");
	event(3, LF_EFFECT_SINGLE_REGION, "UpdateTrail", "single");
	event(6, LF_EFFECT_MULTI_REGION, "UpdateTrail", "multi");
	assert_gaps(AWAY " 3-6 region-dropped single multi explained");
}

/* Its home line ends, too: that is no narrowing. */
static void
test_home_ends_too(void **state)
{
	(void)state;
	draw(HOME, "VVVOOOVV");
	draw(AWAY, "VVVOOOVV");
	s.spans[0][2].state = LF_COVER_OFF; /* and does not come back */
	event(3, LF_EFFECT_SINGLE_REGION, "UpdateTrail", "single");
	find();
	for (uint32_t i = 0; i < s.gaps.n; i++)
		assert_int_equal(s.gaps.list[i].cause, LF_CAUSE_UNEXPLAINED);
}

static void
test_region_disabled(void **state)
{
	struct lf_control *x;

	(void)state;
	draw(HOME, "VVVVVVVV");
	draw(AWAY, "VVVOOOVV");
	x = event(3, LF_EFFECT_REGION_OFF, "DisableRegion", "off");
	x->target = AWAY;
	x->region = "us-east-1";
	x = event(6, LF_EFFECT_REGION_ON, "EnableRegion", "on");
	x->target = AWAY;
	assert_gaps(AWAY " 3-6 region-disabled off on explained");
}

static void
test_another_region_disabled(void **state)
{
	(void)state;
	draw(HOME, "VVVVVVVV");
	draw(AWAY, "VVVOOOVV");
	event(3, LF_EFFECT_REGION_OFF, "DisableRegion", "off")->target = "ap-south-1";
	assert_gaps(AWAY " 3-6 unexplained - - -");
}

static void
test_account_left(void **state)
{
	(void)state;
	draw_of(A1, "o-abcdefghij", HOME, "main", HOME, "VVVVVVVV");
	draw_of(A2, "o-abcdefghij", HOME, "main", HOME, "VVVOOOOO");
	event(3, LF_EFFECT_ACCOUNT_LEFT, "RemoveAccountFromOrganization", "left")->target = A2;
	assert_gaps(HOME " 3-8 account-left left - explained open");
}

/* All accounts end: the organization's trail did, whatever one of them did before. */
static void
test_all_accounts_end(void **state)
{
	(void)state;
	draw_of(A1, "o-abcdefghij", HOME, "main", HOME, "VVVOOOOO");
	draw_of(A2, "o-abcdefghij", HOME, "main", HOME, "VVVOOOOO");
	event(3, LF_EFFECT_ACCOUNT_LEFT, "LeaveOrganization", "left")->account = A2;
	assert_gaps(HOME " 3-8 unexplained - - - open", HOME " 3-8 unexplained - - - open");
}

/* An organization's trail is stopped in the account that owns it. */
static void
test_organization_stopped(void **state)
{
	(void)state;
	draw_of(A2, "o-abcdefghij", HOME, "main", HOME, "VVVOOOVV");
	stop(3);
	start(6);
	assert_gaps(HOME " 3-6 logging-stopped stop start explained");
}

/* ... but not by an account that stops a trail of its own of that name. */
static void
test_organization_not_stopped(void **state)
{
	(void)state;
	draw_of(A1, "", HOME, "main", HOME, "VVVVVVVV");
	draw_of(A2, "o-abcdefghij", HOME, "main", HOME, "VVVOOOVV");
	stop(3);
	start(6);
	assert_gaps(HOME " 3-6 unexplained - - -");
}

/* ---- delivery, and what is missing ---- */

static struct lf_control *
policy(double hour, const char *bucket)
{
	struct lf_control *x = event(hour, LF_EFFECT_DELIVERY, "PutBucketPolicy", "policy");

	x->class_name = "bucket";
	x->target = bucket;
	return x;
}

static void
test_bucket_policy(void **state)
{
	(void)state;
	draw(HOME, "VVVMMVV");
	policy(2.5, "logs");
	assert_gaps(HOME " 3-5 delivery-failure policy - -");
}

static void
test_policy_of_another_bucket(void **state)
{
	(void)state;
	draw(HOME, "VVVMMVV");
	policy(2.5, "pictures");
	assert_gaps(HOME " 3-5 digest-missing - - -");
	assert_int_equal(s.gaps.list[0].count, 2);
}

static void
test_policy_long_before(void **state)
{
	(void)state;
	draw(HOME, "VVVMMVV");
	policy(0.5, "logs");
	assert_gaps(HOME " 3-5 digest-missing - - -");
}

/* Logs of the hole lie there: they were delivered, and it is the digest that is gone. */
static void
test_policy_but_logs_came(void **state)
{
	(void)state;
	draw(HOME, "VVVMMVV");
	s.spans[0][1].logs_unlisted = 7;
	policy(2.5, "logs");
	assert_gaps(HOME " 3-5 digest-missing - - -");
}

static void
test_stop_outweighs_policy(void **state)
{
	(void)state;
	draw(HOME, "VVVOOVV");
	policy(2.95, "logs");
	stop(2.9);
	start(5);
	assert_gaps(HOME " 3-5 logging-stopped stop start explained");
}

static void
test_backfill(void **state)
{
	const struct lf_window all = {H(3), H(5)}, half = {H(3), H(4)};
	struct lf_line *line;

	(void)state;
	line = draw(HOME, "VVVMMVV");
	line->backfilled = true;
	line->backfill = &all;
	line->n_backfill = 1;
	assert_gaps(HOME " 3-5 delivery-failure - - -");
	lf_gaps_free(&s.gaps);
	line->backfill = &half;
	assert_gaps(HOME " 3-5 digest-missing - - -");
}

static void
test_digest_missing(void **state)
{
	(void)state;
	draw(HOME, "VVVMVMMV");
	stop(3); /* the chain was not broken: it is no stop that took the digest */
	assert_gaps(HOME " 3-4 digest-missing - - -", HOME " 5-7 digest-missing - - -");
}

static void
test_log_missing(void **state)
{
	static const struct lf_lost lost[] = {{H(1), H(3), 4}, {H(5), H(6), 1}};
	struct lf_line *line;

	(void)state;
	line = draw(HOME, "VVVVVVVV");
	line->lost = lost;
	line->n_lost = 2;
	assert_gaps(HOME " 1-3 log-missing - - -", HOME " 5-6 log-missing - - -");
	assert_int_equal(s.gaps.list[0].count, 4);
	lf_gaps_free(&s.gaps);
	s.lines.digests_alone = true;
	assert_no_gaps();
}

static void
test_evidence_cut(void **state)
{
	(void)state;
	draw(HOME, "MMVVVV")->cut_head = true;
	assert_gaps(HOME " 0-2 evidence-cut - - -");
}

/* --since lies within the hole: what ended coverage may lie long before. */
static void
test_hole_begins_before_since(void **state)
{
	(void)state;
	draw(HOME, "OOOVV")->begins = H(-20);
	stop(-9);
	start(3);
	assert_gaps(HOME " 0-3 logging-stopped stop start explained");
}

/* ---- no gaps ---- */

static void
test_no_gaps(void **state)
{
	(void)state;
	draw_of(A1, "", HOME, NULL, NULL, "??   ??"); /* logs alone */
	draw(HOME, "VVQQUUVV");
	draw(AWAY, "    VVVV");     /* opted in later */
	draw(AWAY "x", "??  VVVV"); /* logs before validation was switched on */
	stop(2);
	event(3, LF_EFFECT_MOVED, "UpdateTrail", "moved");
	event(3, LF_EFFECT_NARROWED, "PutEventSelectors", "narrowed");
	assert_no_gaps();
}

static void
test_nothing(void **state)
{
	(void)state;
	assert_no_gaps();
}

static void
test_min(void **state)
{
	struct lf_err err;

	(void)state;
	draw(HOME, "VVVOV|VOOVV");
	assert_int_equal(lf_gaps_find(&s.lines, &s.c, &s.gaps, &err), 0);
	lf_gaps_drop_short(&s.gaps, 3601);
	assert_int_equal(s.gaps.n, 1);
	assert_string_equal(told(0), HOME " 6-8 unexplained - - -");
}

static void
test_covered_by(void **state)
{
	(void)state;
	draw_of(A1, "", HOME, "alpha", HOME, "VVQUUV"); /* all of it */
	draw_of(A1, "", HOME, "beta", HOME, "VVVMVV");  /* not all */
	draw_of(A1, "", HOME, "main", HOME, "VVOOVV");
	draw_of(A1, "", AWAY, "omega", AWAY, "VVVVVV"); /* another region */
	draw_of(A2, "", HOME, "gamma", HOME, "VVVVVV"); /* another account */
	find();
	assert_string_equal(told(0), HOME " 2-4 unexplained - - -");
	assert_int_equal(s.gaps.list[0].n_covered_by, 1);
	assert_string_equal(s.gaps.list[0].covered_by[0], "alpha");
}

/* A hundred thousand holes and as many events are no matter of minutes. */
static void
test_many(void **state)
{
	enum { N = 100000 };
	struct lf_span *spans = calloc(2 * N, sizeof(*spans));
	clock_t before;

	(void)state;
	assert_non_null(spans);
	for (int i = 0; i < 2 * N; i++)
		spans[i] = (struct lf_span){.start = T0 + i, .end = T0 + i + 1,
		    .state = i % 2 == 0 ? LF_COVER_UNPROVEN : LF_COVER_OFF};
	draw(HOME, "V");
	s.list[0].spans = spans;
	s.list[0].n_spans = 2 * N;
	s.lines.last = T0 + 2 * N;
	for (int i = 0; i < N; i++) {
		stop((double)i / N);
		start((double)i / N);
	}
	before = clock();
	find();
	assert_int_equal(s.gaps.n, N);
	assert_true(clock() - before < 20 * CLOCKS_PER_SEC);
	free(spans);
}

static int
find_once(void)
{
	struct lf_err err;
	int rc = lf_gaps_find(&s.lines, &s.c, &s.gaps, &err);

	lf_gaps_free(&s.gaps);
	return rc;
}

static void
test_no_memory(void **state)
{
	(void)state;
	draw(HOME, "VVVOOOVVMVV|VV");
	draw_of(A1, "", HOME, "zeta", HOME, "VVVVVUUU");
	s.lines.proved = true;
	stop(3);
	start(6);
	chaos_check(find_once, 8);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_stop_and_start), TEST(test_stop_after_the_last_window), TEST(test_stop_within_the_last_window),
	    TEST(test_every_region_of_the_trail), TEST(test_unproved_events_explain_nothing), TEST(test_no_event),
	    TEST(test_unproved_events_change_nothing), TEST(test_unproved_event_of_the_hole_before), TEST(test_covered_by_the_proved),
	    TEST(test_hole_filled_with_unproven), TEST(test_stop_behind_an_unproven_window), TEST(test_unproven_windows_elsewhere),
	    TEST(test_cut_head_behind_unproven), TEST(test_chain_goes_on_behind_unproven), TEST(test_stop_under_unproven_windows),
	    TEST(test_start_under_unproven_windows), TEST(test_unproved_calls_under_unproven_windows),
	    TEST(test_stop_of_an_unproven_line), TEST(test_unproven_tail), TEST(test_region_dropped_under_unproven_windows),
	    TEST(test_stop_although_others_go_on), TEST(test_stop_although_a_region_goes_on), TEST(test_short_stop_of_all_lines),
	    TEST(test_start_without_stop), TEST(test_stop_without_start), TEST(test_failed_stop), TEST(test_stop_of_others),
	    TEST(test_arn_names_the_home_region), TEST(test_stop_long_before), TEST(test_stop_long_after),
	    TEST(test_two_gaps_one_stop), TEST(test_two_near_gaps_one_stop), TEST(test_restart_before_stop),
	    TEST(test_restart_without_start), TEST(test_two_stops), TEST(test_stopped_again), TEST(test_stop_undone),
	    TEST(test_stop_undone_before_short_hole),
	    TEST(test_quick_restart), TEST(test_restart_unexplained), TEST(test_restart_then_stop), TEST(test_open_stop),
	    TEST(test_open_although_started), TEST(test_deleted_and_created), TEST(test_stopped_then_deleted),
	    TEST(test_stopped_for_good), TEST(test_stopped_behind_the_last_digest), TEST(test_stopped_and_started_at_the_end),
	    TEST(test_started_and_stopped_at_the_end), TEST(test_stopped_long_before_the_end), TEST(test_not_stopped_at_the_end),
	    TEST(test_stopped_behind_a_missing_digest), TEST(test_other_ends), TEST(test_account_leaves_at_the_end),
	    TEST(test_organization_trail_ends), TEST(test_until), TEST(test_min_and_open), TEST(test_arn_of_another_account),
	    TEST(test_arn_of_the_managing_account), TEST(test_arn_of_a_member), TEST(test_member_is_not_the_owner),
	    TEST(test_member_made_his_own), TEST(test_planted_owner), TEST(test_owner_converts), TEST(test_logs_go_on_to_the_end),
	    TEST(test_validation_off), TEST(test_logs_go_on_unexplained), TEST(test_one_update_two_effects),
	    TEST(test_region_dropped), TEST(test_region_dropped_and_back), TEST(test_home_ends_too),
	    TEST(test_region_disabled), TEST(test_another_region_disabled), TEST(test_account_left),
	    TEST(test_all_accounts_end), TEST(test_organization_stopped), TEST(test_organization_not_stopped),
	    TEST(test_bucket_policy), TEST(test_policy_of_another_bucket), TEST(test_policy_long_before),
	    TEST(test_policy_but_logs_came), TEST(test_stop_outweighs_policy), TEST(test_backfill), TEST(test_digest_missing),
	    TEST(test_log_missing), TEST(test_evidence_cut), TEST(test_hole_begins_before_since), TEST(test_no_gaps),
	    TEST(test_nothing), TEST(test_min), TEST(test_covered_by), TEST(test_many), TEST(test_no_memory),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("gaps", tests, NULL, NULL);
}
