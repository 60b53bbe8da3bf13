/* Coverage made by hand, for those who write it.  To be included once, by a test program. */
#ifndef LF_TEST_COVERAGE_STUB_H
#define LF_TEST_COVERAGE_STUB_H

#include <stdlib.h>
#include <string.h>

#include "coverage/coverage.h"
#include "timeline/timeline.h"

#define STUB_MAX 2000

struct stub {
	struct lf_coverage c;
	struct lf_line lines[STUB_MAX];
	struct lf_gap gaps[STUB_MAX];
	enum lf_verdict verdict;
	struct lf_arena arena;
};

static struct stub stub;

/* A cleared one, with no line. */
static inline void
stub_start(void)
{
	lf_list_free(&stub.c.controls.list);
	lf_skips_free(&stub.c.skipped);
	lf_arena_free(&stub.arena);
	memset(&stub, 0, sizeof(stub));
	stub.c.lines = (struct lf_lines){.list = stub.lines, .first = LF_TIME_NONE, .last = LF_TIME_NONE,
	    .shown_first = LF_TIME_NONE, .shown_last = LF_TIME_NONE, .until = LF_TIME_NONE};
	stub.c.gaps.list = stub.gaps;
	lf_list_init(&stub.c.controls.list, sizeof(struct lf_control));
	lf_skips_init(&stub.c.skipped);
	lf_arena_init(&stub.arena);
}

static inline void *
stub_copy(const void *bytes, size_t len)
{
	void *p = lf_arena_alloc(&stub.arena, len + 1);

	if (p == NULL)
		abort();
	memcpy(p, bytes, len);
	return p;
}

/* A line over [start, ...): a span for each letter of states, seconds long, neighbours of one letter joined.
 * V verified, Q quiet, U unproven, M missing, O off, K known from logs only. */
static inline struct lf_line *
stub_line(const char *account, const char *region, const char *trail, int64_t start, int64_t seconds, const char *states)
{
	static const char letters[] = "VUQMOK";
	struct lf_line *l = &stub.lines[stub.c.lines.n++];
	struct lf_span spans[512];
	uint32_t n = 0;

	for (size_t i = 0; states[i] != '\0'; i++) {
		unsigned char state = (unsigned char)(strchr(letters, states[i]) - letters);

		if (i == 0 || states[i] != states[i - 1])
			spans[n++] = (struct lf_span){.start = start + (int64_t)i * seconds, .state = state};
		spans[n - 1].end = start + (int64_t)(i + 1) * seconds;
	}
	*l = (struct lf_line){.account = account, .region = region, .trail = trail, .home_region = trail == NULL ? NULL : "eu-west-1",
	    .spans = stub_copy(spans, n * sizeof(*spans)), .n_spans = n};
	if (stub.c.lines.first == LF_TIME_NONE || start < stub.c.lines.first)
		stub.c.lines.first = start;
	if (n > 0 && (stub.c.lines.last == LF_TIME_NONE || spans[n - 1].end > stub.c.lines.last))
		stub.c.lines.last = spans[n - 1].end;
	stub.c.lines.shown_first = stub.c.lines.first;
	stub.c.lines.shown_last = stub.c.lines.last;
	return l;
}

static inline struct lf_gap *
stub_gap(uint32_t line, int64_t start, int64_t end, enum lf_cause cause)
{
	struct lf_gap *g = &stub.gaps[stub.c.gaps.n++];

	*g = (struct lf_gap){.line = line, .start = start, .end = end, .cause = (uint8_t)cause};
	stub.verdict = LF_FINDINGS;
	return g;
}

static inline struct lf_control *
stub_event(int64_t time, const char *name, const char *id)
{
	struct lf_control *e = lf_list_push(&stub.c.controls.list);

	if (e == NULL)
		abort();
	*e = (struct lf_control){.time = time, .effective = true, .impairs = true, .integrity = LF_INTEGRITY_VERIFIED,
	    .class_name = "hard-stop", .event_source = "cloudtrail.amazonaws.com", .event_name = name, .error_code = "",
	    .event_id = id, .principal = "arn:aws:iam::123456789012:user/mallory", .access_key = "AKIAEXAMPLE",
	    .source_ip = "198.51.100.7", .actor = "", .account = "123456789012", .region = "eu-west-1", .target = "main",
	    .trail = "main", .trail_region = "eu-west-1", .trail_account = "", .detail = ""};
	return e;
}

static inline void
stub_skip(const char *locator, const char *reason)
{
	struct lf_err err;

	if (lf_skips_add(&stub.c.skipped, locator, strlen(locator), reason, &err) != 0)
		abort();
}

static inline void
stub_prove(struct lf_gap *g, const struct lf_control *by, const struct lf_control *ended_by)
{
	const struct lf_control *events[2] = {by, ended_by};

	g->by = by;
	g->ended_by = ended_by;
	g->n_events = (by != NULL ? 1U : 0U) + (ended_by != NULL ? 1U : 0U);
	g->events = stub_copy(by != NULL ? events : events + 1, g->n_events * sizeof(*events));
}

/* What the rest of the library says; here the test does. */
enum lf_verdict
lf_coverage_verdict(const struct lf_coverage *c)
{
	(void)c;
	return stub.verdict;
}

#endif
