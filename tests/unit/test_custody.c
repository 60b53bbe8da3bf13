/* Sealing through the public face: evidence that changes meanwhile, and memory that runs out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "forensic.h"
#include "chaos.h"
#include "scratch.h"

static struct lf_err err;

/* What happens between the two readings of the evidence. */
static void (*meanwhile)(void);
static unsigned passes;

/* Called at the end of each pass: one that counts, one that reads, and the same again. */
static void
passed(void *arg, const struct lf_progress *p)
{
	(void)arg;
	(void)p;
	if (++passes == 2 && meanwhile != NULL)
		meanwhile();
}

static int
evidence(void **state)
{
	if (scratch_make(state) != 0)
		return -1;
	scratch_text("copy/a", "one");
	scratch_text("copy/b", "two");
	scratch_text("copy/sub/c", "three");
	meanwhile = NULL;
	passes = 0;
	return 0;
}

static int
into_buf(void *arg, const void *bytes, size_t len)
{
	static const size_t cap = 200000;
	char *to = arg;
	size_t used = strlen(to);

	if (used + len >= cap) {
		errno = ENOSPC;
		return -1;
	}
	memcpy(to + used, bytes, len);
	to[used + len] = '\0';
	return 0;
}

/* Runs a task; *out gets the JSON.  Returns the verdict, or -1 with err filled. */
static int
run(enum lf_seal_task task, const char *head, char *out)
{
	const char *operand = scratch_path("copy");
	struct lf_case_opts c = {.evidence = &operand, .n_evidence = 1, .since = LF_TIME_NONE, .until = LF_TIME_NONE, .jobs = 1,
	    .progress = passed};
	struct lf_seal_opts o = {.task = task, .ledger = scratch_path("l.jsonl"), .action = LF_COPIED, .head = head};
	struct lf_write_opts w = {.format = LF_JSON};
	struct lf_case *k = NULL;
	struct lf_seal *s = NULL;
	int rc;

	if (task == LF_SEAL_APPEND) {
		o.case_id = "7";
		o.examiner = "x";
	}
	rc = lf_case_open(&c, &k, &err);
	if (rc == 0)
		rc = lf_seal_open(k, &o, &s, &err);
	if (rc == 0)
		rc = lf_seal_run(s, &err);
	if (rc == 0 && out != NULL) {
		out[0] = '\0';
		rc = lf_seal_write(s, &w, into_buf, out, &err);
	}
	if (rc == 0)
		rc = (int)lf_seal_verdict(s);
	lf_seal_free(s);
	lf_case_free(k);
	return rc;
}

static size_t
lines(void)
{
	FILE *f = fopen(scratch_path("l.jsonl"), "r");
	size_t n = 0;
	int c;

	while (f != NULL && (c = getc(f)) != EOF)
		n += c == '\n';
	if (f != NULL)
		fclose(f);
	return n;
}

static void
test_still(void **state)
{
	static char out[200000];

	(void)state;
	assert_int_equal(run(LF_SEAL_APPEND, NULL, out), LF_VERIFIED);
	assert_int_equal(passes, 4);
	assert_non_null(strstr(out, "\"unchanged\": true"));
	assert_int_equal(lines(), 1);
	assert_int_equal(run(LF_SEAL_CHECK, NULL, out), LF_INCONCLUSIVE);
	assert_non_null(strstr(out, "\"same\": 3"));
}

static void
alter(void)
{
	scratch_text("copy/b", "zwo");
}

static void
add(void)
{
	scratch_text("copy/d", "four");
}

static void
take_away(void)
{
	unlink(scratch_path("copy/a"));
}

static void
rename_one(void)
{
	assert_int_equal(rename(scratch_path("copy/a"), scratch_path("copy/e")), 0);
}

static void
make_link(void)
{
	unlink(scratch_path("copy/a"));
	assert_int_equal(symlink("b", scratch_path("copy/a")), 0);
}

static void
lock_away(void)
{
	assert_int_equal(chmod(scratch_path("copy/a"), 0), 0);
}

static void
make_large(void)
{
	assert_int_equal(truncate(scratch_path("copy/a"), (off_t)1 << 21), 0);
}

/* Whatever happens between the two readings is told, and nothing is sealed. */
static void
test_changing(void **state)
{
	static const struct {
		void (*what)(void);
		const char *id;
	} changes[] = {{alter, "object-altered"}, {add, "object-added"}, {take_away, "object-removed"}, {rename_one, "object-moved"},
	    {make_link, "object-altered"}, {lock_away, "object-altered"},
	    {make_large, "object-altered"}};
	static char out[200000];

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		if (i > 0)
			assert_int_equal(evidence(state), 0);
		meanwhile = changes[i].what;
		if (meanwhile == lock_away && geteuid() == 0)
			meanwhile = alter; /* nothing is locked for root */
		assert_int_equal(run(LF_SEAL_APPEND, NULL, out), LF_FINDINGS);
		assert_non_null(strstr(out, changes[i].id));
		assert_non_null(strstr(out, "\"unchanged\": false"));
		assert_non_null(strstr(out, "\"entry\": null"));
		assert_int_equal(access(scratch_path("l.jsonl"), F_OK), -1);
		assert_int_equal(access(scratch_path("l.jsonl.d/0001.manifest.json"), F_OK), -1);
		if (i + 1 < sizeof(changes) / sizeof(changes[0]))
			scratch_remove(state);
	}
}

/* Options that cannot be meant are refused, not asserted. */
static void
test_refused(void **state)
{
	struct lf_seal_opts o = {.task = LF_SEAL_APPEND, .ledger = scratch_path("l.jsonl")};
	struct lf_seal *s;

	(void)state;
	assert_int_equal(lf_seal_open(NULL, &o, &s, &err), -1);
	assert_null(s);
	o.case_id = o.examiner = "x";
	o.key = "key";
	assert_int_equal(lf_seal_open(NULL, &o, &s, &err), -1);
	o = (struct lf_seal_opts){.task = LF_SEAL_STAMP, .ledger = scratch_path("l.jsonl")};
	assert_int_equal(lf_seal_open(NULL, &o, &s, &err), -1);
	assert_int_equal(access(scratch_path("l.jsonl.d"), F_OK), -1);
	lf_seal_free(NULL);
	assert_null(lf_seal_action_name(LF_SEAL_ACTIONS));
	assert_null(lf_bag_file(LF_MAX_BAG_FILES));
}

/* With every allocation failing in turn there is the old ledger or the new one. */
static void
test_out_of_memory(void **state)
{
	size_t before, after;

	(void)state;
	if (!CHAOS)
		skip();
	chaos_ours = true;
	for (long n = 1; n < 5000; n++) {
		int rc;

		before = lines();
		chaos_countdown = n;
		rc = run(LF_SEAL_APPEND, NULL, NULL);
		if (chaos_countdown > 0) {
			chaos_countdown = 0;
			assert_int_equal(rc, LF_VERIFIED);
			chaos_countdown = 0;
			assert_int_equal(run(LF_SEAL_CHECK, NULL, NULL), LF_INCONCLUSIVE);
			return;
		}
		chaos_countdown = 0;
		after = lines();
		/* an object that could not be opened for want of memory is one that could not be read */
		if (after != before && after != before + 1)
			fail_msg("allocation %ld: %zu lines more", n, after - before);
		assert_true(rc == -1 || after == before + (rc != LF_FINDINGS));
	}
	fail_msg("memory never sufficed");
}

static int
check_step(void)
{
	int rc = run(LF_SEAL_CHECK, NULL, NULL);

	return rc == -1 ? -1 : rc == LF_INCONCLUSIVE ? 0 : 1;
}

static void
test_check_out_of_memory(void **state)
{
	(void)state;
	assert_int_equal(run(LF_SEAL_APPEND, NULL, NULL), LF_VERIFIED);
	chaos_ours = true;
	chaos_check(check_step, 30);
}

int
main(void)
{
#define WITH_EVIDENCE(test) cmocka_unit_test_setup_teardown(test, evidence, scratch_remove)
	const struct CMUnitTest tests[] = {
		WITH_EVIDENCE(test_still),
		WITH_EVIDENCE(test_changing),
		WITH_EVIDENCE(test_refused),
		WITH_EVIDENCE(test_out_of_memory),
		WITH_EVIDENCE(test_check_out_of_memory),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("custody", tests, NULL, NULL);
}
