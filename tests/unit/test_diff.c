/* Two sides compared, from files to differences: what is matched, how it is told, and what the verdict is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "chaos.h"
#include "compare/diff.h"
#include "forensic.h"
#include "scratch.h"

/* What came of one comparison. */
static struct {
	struct lf_diff_summary s;
	enum lf_verdict verdict;
	char text[1 << 20]; /* a line for each difference */
	char notes[4096];
} got;

static size_t __attribute__((format(printf, 2, 3)))
put(size_t at, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(got.text + at, sizeof(got.text) - at, fmt, ap);
	va_end(ap);
	return at + (size_t)n;
}

static size_t
put_row(size_t at, const struct lf_diff_row *row)
{
	struct lf_diff_field f;
	size_t cursor = 0;

	at = put(at, "%s%s", row->kind >= LF_DIFF_OBJECT_CHANGED ? "object " : "", lf_diff_kind_names[row->kind]);
	if (row->kind >= LF_DIFF_OBJECT_CHANGED)
		at = put(at, " %.*s", (int)row->key.len, row->key.s);
	else
		at = put(at, " %.*s", (int)row->text[LF_DIFF_ID].len, row->text[LF_DIFF_ID].s);
	for (unsigned i = 0; i < 2; i++)
		if (row->side[i].there && row->kind < LF_DIFF_OBJECT_CHANGED)
			at = put(at, " %c%u%s", 'A' + (int)i, row->side[i].record, row->partial[i] ? "p" : "");
	for (unsigned i = 0; i < 2; i++)
		if (row->kind == LF_DIFF_OBJECT_CHANGED && row->side[i].hash == NULL)
			at = put(at, " %c is not hashed", 'A' + (int)i);
	while (lf_diff_field(row, &cursor, &f)) {
		at = put(at, " %.*s", (int)f.path.len, f.path.s);
		for (unsigned i = 0; i < 2; i++)
			at = f.value[i].s == NULL ? put(at, "%c-", i == 0 ? '=' : ':') :
						    put(at, "%c%.*s", i == 0 ? '=' : ':', (int)f.value[i].len, f.value[i].s);
	}
	return put(at, "%s%s\n", row->reason != NULL ? " because " : "", row->reason != NULL ? row->reason : "");
}

static void
say(void *arg, const char *line)
{
	(void)arg;
	snprintf(got.notes + strlen(got.notes), sizeof(got.notes) - strlen(got.notes), "%s\n", line);
}

static int
tell(struct lf_diff *d, struct lf_err *err)
{
	struct lf_diff_row row;
	size_t at = 0;
	int rc;

	got.text[0] = got.notes[0] = '\0';
	while ((rc = lf_diff_next(d, &row, err)) == 1)
		if (at < sizeof(got.text) / 2)
			at = put_row(at, &row);
	got.s = *lf_diff_summary(d);
	got.verdict = lf_diff_verdict(d);
	lf_diff_notes(d, say, NULL);
	return rc;
}

static int
run(const char *a, const char *b, struct lf_case_opts *co, const struct lf_diff_opts *o, struct lf_err *err)
{
	const char *paths[2] = {scratch_path(a), scratch_path(b)};
	struct lf_case *sides[2] = {NULL, NULL};
	struct lf_diff *d = NULL;
	int rc = 0;

	for (size_t i = 0; i < 2 && rc == 0; i++) {
		co->evidence = &paths[i];
		co->n_evidence = 1;
		rc = lf_case_open(co, &sides[i], err);
	}
	if (rc == 0)
		rc = lf_diff_open(sides[0], sides[1], o, &d, err);
	if (rc == 0)
		rc = lf_diff_run(d, err);
	if (rc == 0)
		rc = tell(d, err);
	lf_diff_free(d);
	lf_case_free(sides[0]);
	lf_case_free(sides[1]);
	return rc;
}

static void
compare_with(const char *a, const char *b, const struct lf_diff_opts *o)
{
	struct lf_case_opts co = {.since = LF_TIME_NONE, .until = LF_TIME_NONE, .jobs = 2, .tmpdir = "/tmp"};
	struct lf_err err = {""};

	if (run(a, b, &co, o, &err) != 0)
		fail_msg("%s", err.msg);
}

static void
compare(const char *a, const char *b)
{
	compare_with(a, b, &(struct lf_diff_opts){.memory = 0});
}

/* A record of an account at a minute past 10; extra: more members, with a comma in front. */
static const char *
record(const char *id, int minute, const char *extra)
{
	static char text[8][70000];
	static unsigned turn;
	char *p = text[turn++ % 8];

	snprintf(p, sizeof(text[0]), "{\"eventVersion\":\"1.08\",\"eventTime\":\"2024-03-01T10:%02d:00Z\",\"eventSource\":"
	    "\"iam.amazonaws.com\",\"eventName\":\"GetUser\",\"awsRegion\":\"us-east-1\",\"eventID\":\"%s\","
	    "\"recipientAccountId\":\"111122223333\"%s}", minute, id, extra);
	return p;
}

/* Writes records, up to NULL, as a log. */
static void
log_of(const char *name, const char *first, ...)
{
	struct lf_buf b;
	va_list ap;

	lf_buf_init(&b);
	lf_buf_puts(&b, "{\"Records\":[");
	va_start(ap, first);
	for (const char *r = first; r != NULL; r = va_arg(ap, const char *)) {
		lf_buf_puts(&b, r == first ? "" : ",");
		lf_buf_puts(&b, r);
	}
	va_end(ap);
	lf_buf_puts(&b, "]}");
	scratch_write(name, b.data, b.len);
	lf_buf_free(&b);
}

#define DAY    "AWSLogs/111122223333/CloudTrail/us-east-1/2024/03/01/"
#define LOG(n) DAY "111122223333_CloudTrail_us-east-1_20240301T10" n ".json"

static void
test_same(void **state)
{
	(void)state;
	log_of("a/" LOG("00Z_aaaaaaaaaaaaaaaa"), record("i1", 1, ""), record("i2", 2, ""), NULL);
	log_of("b/x/" LOG("00Z_aaaaaaaaaaaaaaaa"), record("i1", 1, ""), record("i2", 2, ""), NULL);
	compare("a", "b");
	assert_string_equal(got.text, "");
	assert_int_equal(got.verdict, LF_VERIFIED);
	assert_int_equal(got.s.same, 2);
	assert_true(got.s.objects_compared);
	assert_int_equal(got.s.objects_same, 1);
	compare("a", "a");
	assert_int_equal(got.verdict, LF_VERIFIED);
	assert_int_equal(got.s.same, 2);
}

static void
test_spelling(void **state)
{
	(void)state;
	scratch_text("a.json", "{\"Records\":[{\"eventVersion\":\"1.08\",\"eventTime\":\"2024-03-01T10:00:00Z\",\"eventName\":\"A/B\","
			       "\"eventID\":\"i\",\"requestParameters\":{\"x\":{\"p\":1,\"q\":[1,2]},\"y\":\"\\u00e9\"}}]}");
	scratch_text("b.jsonl", "{ \"eventID\" : \"i\", \"requestParameters\": {\"y\":\"\xc3\xa9\", \"x\": {\"q\":[1.0,2e0],\"p\":10e-1}},\n"
				"\"eventName\":\"A\\/B\", \"eventTime\":\"2024-03-01T10:00:00Z\",\"eventVersion\":\"1.08\"}\n");
	compare("a.json", "b.jsonl");
	assert_string_equal(got.text, "");
	assert_int_equal(got.verdict, LF_VERIFIED);
	assert_int_equal(got.s.same, 1);
	assert_false(got.s.objects_compared);
}

static void
test_kinds(void **state)
{
	(void)state;
	log_of("a.json", record("w1", 0, ""), record("ch", 5, ",\"sourceIPAddress\":\"10.0.0.1\""), record("oa", 6, ""),
	    record("w2", 9, ""), NULL);
	log_of("b.json", record("w2", 9, ""), record("w1", 0, ""), record("late", 20, ""), record("ob", 7, ""),
	    record("ch", 5, ",\"sourceIPAddress\":\"10.0.0.2\",\"readOnly\":true"), NULL);
	compare("a.json", "b.json");
	assert_string_equal(got.text, "changed ch A1 B4 /sourceIPAddress=\"10.0.0.1\":\"10.0.0.2\" /readOnly=-:true\n"
				      "only_in_a oa A2\nonly_in_b ob B3\noutside_common_window late B2\n");
	assert_int_equal(got.verdict, LF_FINDINGS);
	assert_int_equal(got.s.same, 2);
	assert_int_equal(got.s.changed, 1);
	assert_int_equal(got.s.outside[1], 1);
	compare_with("a.json", "b.json", &(struct lf_diff_opts){.ignore = (const char *[]){"/sourceIPAddress", "/readOnly"}, .n_ignore = 2});
	assert_int_equal(got.s.same, 3);
	assert_int_equal(got.s.changed, 0);
}

/* A later copy goes on longer, and is not the worse for it. */
static void
test_later(void **state)
{
	(void)state;
	log_of("a/" LOG("00Z_aaaaaaaaaaaaaaaa"), record("i1", 1, ""), record("i2", 2, ""), NULL);
	log_of("b/" LOG("00Z_aaaaaaaaaaaaaaaa"), record("i1", 1, ""), record("i2", 2, ""), NULL);
	log_of("b/" LOG("30Z_bbbbbbbbbbbbbbbb"), record("i3", 30, ""), NULL);
	compare("a", "b");
	assert_string_equal(got.text, "outside_common_window i3 B0\nobject outside_common_window " LOG("30Z_bbbbbbbbbbbbbbbb") "\n");
	assert_int_equal(got.verdict, LF_VERIFIED);
}

static void
test_no_overlap(void **state)
{
	(void)state;
	log_of("a.json", record("i1", 1, ""), record("i2", 2, ""), NULL);
	log_of("b.json", record("i3", 3, ""), NULL);
	mkdir(scratch_path("empty"), 0755);
	compare("a.json", "b.json");
	assert_int_equal(got.s.outside[0], 2);
	assert_int_equal(got.s.outside[1], 1);
	assert_true(got.s.first == LF_TIME_NONE);
	assert_int_equal(got.verdict, LF_INCONCLUSIVE);
	compare("a.json", "empty");
	assert_int_equal(got.s.outside[0], 2);
	assert_int_equal(got.verdict, LF_INCONCLUSIVE);
	compare("empty", "empty");
	assert_int_equal(got.verdict, LF_INCONCLUSIVE);
}

/* Equal versions are matched first, by value, and the rest in order. */
static void
test_versions(void **state)
{
	const char *v1 = record("i", 1, ",\"requestParameters\":{\"n\":1,\"m\":0}"), *v2 = record("i", 1, ",\"requestParameters\":{\"n\":2}"),
		   *v3 = record("i", 1, ",\"requestParameters\":{\"n\":3}"), *v1r = record("i", 1, ",\"requestParameters\":{\"m\":0,\"n\":1}");

	(void)state;
	log_of("a.json", v1, v2, NULL);
	log_of("b.json", v3, v1r, NULL);
	compare("a.json", "b.json");
	assert_string_equal(got.text, "changed i A1 B0 /requestParameters/n=2:3\n");
	assert_int_equal(got.s.same, 1);
	/* One side has a version more: it has no like. */
	log_of("b.json", v1r, v1, v2, v3, NULL);
	compare("a.json", "b.json");
	assert_string_equal(got.text, "only_in_b i B3\n");
	assert_int_equal(got.s.same, 2);
	assert_int_equal(got.s.side[1].duplicates, 1);
	/* A version that only looks different is no other one. */
	log_of("a.json", v1, v1r, NULL);
	log_of("b.json", v1, NULL);
	compare("a.json", "b.json");
	assert_string_equal(got.text, "");
	assert_int_equal(got.s.same, 1);
	assert_int_equal(got.verdict, LF_VERIFIED);
}

/* Further copies are counted on each side, whether their objects are twins, copies of twins, or hold other events as well. */
static void
test_copies(void **state)
{
	const char *v1 = record("i", 1, ",\"x\":[1,2]"), *v1r = record("i", 1, ", \"x\":[1, 2]"), *v2 = record("i", 1, ",\"x\":[2]"),
		   *v3 = record("i", 1, ",\"x\":[3]"), *other = record("k", 1, "");

	(void)state;
	log_of("a/" LOG("00Z_aaaaaaaaaaaaaaaa"), v1, v1, NULL);
	log_of("b/" LOG("00Z_aaaaaaaaaaaaaaaa"), v1, v1, NULL);
	log_of("b/copy/" LOG("00Z_aaaaaaaaaaaaaaaa"), v1, v1, NULL);
	log_of("a/" LOG("01Z_bbbbbbbbbbbbbbbb"), v1r, v2, NULL);
	log_of("b/" LOG("01Z_bbbbbbbbbbbbbbbb"), v3, v1r, v1, NULL);
	log_of("b/" LOG("02Z_cccccccccccccccc"), other, v1, other, NULL);
	compare_with("a", "b", &(struct lf_diff_opts){.events_only = true});
	assert_string_equal(got.text, "changed i A1 B0 /x/0=2:3\nonly_in_b k B0\n");
	assert_int_equal(got.s.same, 1);
	assert_int_equal(got.s.side[0].events, 4);
	assert_int_equal(got.s.side[0].duplicates, 2);
	assert_int_equal(got.s.side[1].events, 10);
	assert_int_equal(got.s.side[1].duplicates, 7);
	compare_with("b", "a", &(struct lf_diff_opts){.events_only = true});
	assert_string_equal(got.text, "changed i A0 B1 /x/0=3:2\nonly_in_a k A0\n");
	assert_int_equal(got.s.same, 1);
	assert_int_equal(got.s.side[0].duplicates, 7);
	assert_int_equal(got.s.side[1].duplicates, 2);
}

/* One event is not taken for another: other accounts, other cases, no account at all. */
static void
test_accounts(void **state)
{
	static const char other[] = "{\"eventVersion\":\"1\",\"eventTime\":\"2024-03-01T10:01:00Z\",\"eventName\":\"N\",\"eventID\":\"i\","
				    "\"recipientAccountId\":\"444455556666\"}";
	static const char none[] = "{\"eventVersion\":\"1\",\"eventTime\":\"2024-03-01T10:01:00Z\",\"eventName\":\"N\",\"eventID\":\"i\"}";

	(void)state;
	log_of("a.json", record("I", 1, ""), other, NULL);
	log_of("b.json", record("i", 1, ""), other, NULL);
	compare("a.json", "b.json");
	assert_string_equal(got.text, "only_in_a I A0\nonly_in_b i B0\n");
	assert_int_equal(got.s.same, 1);
	log_of("b.json", record("I", 1, ""), none, NULL);
	compare("a.json", "b.json");
	assert_string_equal(got.text, "changed i A1 B1 /recipientAccountId=\"444455556666\":-\n");
}

static void
test_no_id(void **state)
{
	static const char a[] = "{\"eventVersion\":\"1.0\",\"eventTime\":\"2014-03-01T10:01:00Z\",\"eventName\":\"N\",\"requestParameters\":{\"x\":1,\"y\":2}}";
	static const char b[] = "{\"eventVersion\":\"1.0\",\"eventTime\":\"2014-03-01T10:01:00Z\",\"eventName\":\"N\",\"requestParameters\":{\"y\":2.0,\"x\":1}}";
	static const char c[] = "{\"eventVersion\":\"1.0\",\"eventTime\":\"2014-03-01T10:01:00Z\",\"eventName\":\"N\",\"requestParameters\":{\"y\":3,\"x\":1}}";

	(void)state;
	log_of("a.json", a, a, NULL);
	log_of("b.json", b, NULL);
	compare("a.json", "b.json");
	assert_string_equal(got.text, "");
	assert_int_equal(got.s.same, 1);
	log_of("b.json", c, NULL);
	compare("a.json", "b.json");
	assert_string_equal(got.text, "only_in_a  A0\nonly_in_b  B0\n");
}

/* A crowd of versions takes no time to speak of, none is lost, and it does not matter how they are stored. */
static void
test_crowd(void **state)
{
	struct lf_buf a, b;
	char extra[64];

	(void)state;
	lf_buf_init(&a);
	lf_buf_init(&b);
	for (int i = 0; i < 5000; i++) {
		snprintf(extra, sizeof(extra), ",\"requestParameters\":{\"n\":%d}", i);
		lf_buf_puts(&a, record("i", 1, extra));
		snprintf(extra, sizeof(extra), ",\"requestParameters\":{\"n\":%d}", i + (i < 2500 ? 0 : 10000));
		lf_buf_puts(&b, record("i", 1, extra));
	}
	scratch_write("a.json", a.data, a.len);
	scratch_write("b.json", b.data, b.len);
	lf_buf_free(&a);
	lf_buf_free(&b);
	compare("a.json", "b.json");
	assert_int_equal(got.s.same, 2500);
	assert_int_equal(got.s.only[0], 2500);
	assert_int_equal(got.s.only[1], 2500);
	assert_non_null(strstr(got.text, "because too many versions"));
}

static void
test_objects(void **state)
{
	(void)state;
	log_of("a/" LOG("00Z_aaaaaaaaaaaaaaaa"), record("i1", 1, ""), NULL);
	log_of("b/" LOG("00Z_aaaaaaaaaaaaaaaa"), record("i1", 1, ""), NULL);
	log_of("a/" LOG("01Z_bbbbbbbbbbbbbbbb"), record("i2", 2, ""), NULL);
	log_of("b/" LOG("01Z_bbbbbbbbbbbbbbbb"), record("i2", 2, " "), NULL);
	log_of("a/" LOG("02Z_cccccccccccccccc"), record("i1", 1, ""), NULL);
	log_of("b/" LOG("03Z_dddddddddddddddd"), record("i1", 1, ""), NULL);
	compare("a", "b");
	assert_string_equal(got.text, "object changed " LOG("01Z_bbbbbbbbbbbbbbbb") "\nobject only_in_a " LOG("02Z_cccccccccccccccc")
	    "\nobject only_in_b " LOG("03Z_dddddddddddddddd") "\n");
	assert_int_equal(got.verdict, LF_FINDINGS);
	assert_int_equal(got.s.same, 2);
	compare_with("a", "b", &(struct lf_diff_opts){.events_only = true});
	assert_string_equal(got.text, "");
	assert_int_equal(got.verdict, LF_VERIFIED);
	compare_with("a", "b", &(struct lf_diff_opts){.objects_only = true});
	assert_int_equal(got.s.objects_changed, 1);
	assert_int_equal(got.s.same, 0);
	assert_false(got.s.events_compared);
}

/* How often the files of a folder are opened by a comparison of a with b. */
static size_t
opened(const char *folder)
{
	char events[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
	const struct inotify_event *e;
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	size_t count = 0;
	ssize_t n;

	assert_true(inotify_add_watch(fd, scratch_path(folder), IN_OPEN) >= 0);
	compare("a", "b");
	while ((n = read(fd, events, sizeof(events))) > 0)
		for (const char *p = events; p < events + n; p += sizeof(*e) + e->len) {
			e = (const struct inotify_event *)(const void *)p;
			count += !(e->mask & IN_ISDIR);
		}
	close(fd);
	return count;
}

/* An object is read once where the size of its like tells that they differ, and twice for its hash where it does not. */
static void
test_read_once(void **state)
{
	static const char changed[] = "object changed " LOG("00Z_aaaaaaaaaaaaaaaa") "\n";

	(void)state;
	log_of("a/" LOG("00Z_aaaaaaaaaaaaaaaa"), record("i1", 1, ""), NULL);
	log_of("b/" LOG("00Z_aaaaaaaaaaaaaaaa"), record("i1", 1, "  "), NULL);
	assert_int_equal(opened("a/" DAY), 1);
	assert_string_equal(got.text, changed);
	assert_int_equal(opened("b/" DAY), 1);
	assert_string_equal(got.text, changed);
	log_of("a/" LOG("00Z_aaaaaaaaaaaaaaaa"), record("i1", 1, ",\"y\":1,\"x\":2"), NULL);
	log_of("b/" LOG("00Z_aaaaaaaaaaaaaaaa"), record("i1", 1, ",\"x\":2,\"y\":1"), NULL);
	assert_int_equal(opened("a/" DAY), 2);
	assert_string_equal(got.text, changed);
	assert_int_equal(opened("b/" DAY), 1);
}

/* Objects without S3 keys are called by their paths, and compared when asked for. */
static void
test_plain_objects(void **state)
{
	(void)state;
	log_of("a/x.json", record("i1", 1, ""), NULL);
	log_of("b/x.json", record("i1", 1, " "), NULL);
	log_of("b/y.json", record("i1", 1, ""), NULL);
	compare("a", "b");
	assert_int_equal(got.verdict, LF_VERIFIED);
	compare_with("a", "b", &(struct lf_diff_opts){.objects_only = true});
	assert_string_equal(got.text, "object changed x.json\nobject outside_common_window y.json\n");
}

static void
test_unread(void **state)
{
	(void)state;
	log_of("a/" LOG("00Z_aaaaaaaaaaaaaaaa"), record("i1", 1, ""), NULL);
	log_of("b/" LOG("00Z_aaaaaaaaaaaaaaaa"), record("i1", 1, ""), NULL);
	scratch_text("b/broken.json", "{\"Records\":[{\"eventVersion\":\"1.08\",\"eventID\":\"i9\",");
	compare_with("a", "b", &(struct lf_diff_opts){.events_only = true});
	assert_int_equal(got.verdict, LF_INCONCLUSIVE);
	assert_int_equal(got.s.side[1].skipped, 1);
	assert_non_null(strstr(got.notes, "side B: "));
	assert_non_null(strstr(got.notes, "broken.json: "));
}

/* What a container never carries is no difference. */
static void
test_reasons(void **state)
{
	const char *data = record("d", 2, ",\"eventCategory\":\"Data\""), *insight = record("s", 2, ",\"eventCategory\":\"Insight\""),
		   *old = record("m", 2, ",\"managementEvent\":false"), *net = record("n", 2, ",\"eventCategory\":\"NetworkActivity\""),
		   *plain = record("p", 2, "");

	(void)state;
	log_of("a.json", record("i1", 1, ""), data, insight, old, net, plain, record("i3", 3, ""), NULL);
	scratch_text("l.json", "{\"Events\":[{\"EventId\":\"i1\",\"CloudTrailEvent\":\"{\\\"eventVersion\\\":\\\"1.08\\\",\\\"eventTime\\\":"
	    "\\\"2024-03-01T10:01:00Z\\\",\\\"eventSource\\\":\\\"iam.amazonaws.com\\\",\\\"eventName\\\":\\\"GetUser\\\",\\\"awsRegion\\\":"
	    "\\\"us-east-1\\\",\\\"eventID\\\":\\\"i1\\\",\\\"recipientAccountId\\\":\\\"111122223333\\\"}\"},{\"EventId\":\"i3\",\"CloudTrailEvent\":"
	    "\"{\\\"eventVersion\\\":\\\"1.08\\\",\\\"eventTime\\\":\\\"2024-03-01T10:03:00Z\\\",\\\"eventSource\\\":\\\"iam.amazonaws.com\\\","
	    "\\\"eventName\\\":\\\"GetUser\\\",\\\"awsRegion\\\":\\\"us-east-1\\\",\\\"eventID\\\":\\\"i3\\\",\\\"recipientAccountId\\\":"
	    "\\\"111122223333\\\"}\"}]}");
	compare("a.json", "l.json");
	assert_int_equal(got.s.same, 2);
	assert_int_equal(got.s.not_comparable[0], 4);
	assert_non_null(strstr(got.text, "not_comparable d A1 because the other side is event history, which does not hold data events"));
	assert_non_null(strstr(got.text, "not_comparable m A3 because"));
	assert_non_null(strstr(got.text, "only_in_a p A5\n"));
	compare("l.json", "a.json");
	assert_int_equal(got.s.not_comparable[1], 4);
}

static void
test_large(void **state)
{
	static char extra[1 << 20];
	struct lf_buf b;

	(void)state;
	lf_buf_init(&b);
	memset(extra, 'x', sizeof(extra));
	lf_buf_printf(&b, "%s\n{\"eventVersion\":\"1.08\",\"eventTime\":\"2024-03-01T10:02:00Z\",\"eventName\":\"N\",\"eventID\":\"big\","
	    "\"requestParameters\":{\"k\":\"%.*s\"}}\n", record("i1", 1, ""), 300000, extra);
	lf_buf_puts(&b, record("i3", 3, ""));
	scratch_write("a.jsonl", b.data, b.len);
	lf_buf_reset(&b);
	lf_buf_printf(&b, "2024-03-01T10:01:00.000Z %s\n2024-03-01T10:03:00.000Z %s\n", record("i1", 1, ""), record("i3", 3, ""));
	scratch_write("w.txt", b.data, b.len);
	lf_buf_free(&b);
	compare("a.jsonl", "w.txt");
	assert_string_equal(got.text, "not_comparable big A1 because the other side comes from CloudWatch Logs or EventBridge, which get no "
				      "events over 256 KB\n");
	assert_int_equal(got.verdict, LF_INCONCLUSIVE);
}

/* Records over what is taken apart: equal ones are, different ones are told, with their beginnings. */
static void
test_huge(void **state)
{
	size_t n = (size_t)17 << 20;
	struct lf_buf b;
	char *x = malloc(n);

	(void)state;
	memset(x, 'x', n);
	lf_buf_init(&b);
	for (int i = 0; i < 3; i++) {
		lf_buf_reset(&b);
		lf_buf_printf(&b, "{\"eventVersion\":\"1.08\",\"eventTime\":\"2024-03-01T10:02:00Z\",\"eventName\":\"N\",\"eventID\":\"big\","
		    "\"requestParameters\":{\"k\":\"%.*s\"}}", (int)n - 1, x);
		if (i == 1)
			b.data[b.len - 4] = 'y';
		scratch_write(i == 0 ? "a.json" : i == 1 ? "b.json" : "c.json", b.data, b.len);
	}
	lf_buf_free(&b);
	free(x);
	compare("a.json", "b.json");
	assert_int_equal(got.s.changed, 1);
	assert_true(strlen(got.text) < 20000);
	assert_true(strncmp(got.text, "changed big A0 B0 =\"{", 21) == 0);
	compare("a.json", "c.json");
	assert_int_equal(got.s.same, 1);
}

static void
test_csv(void **state)
{
	(void)state;
	log_of("a.json", record("i1", 1, ",\"requestID\":\"r\",\"requestParameters\":{\"a\":1}"), record("i2", 2, ""), NULL);
	scratch_text("b.csv", "Event ID,Event time,Event source,Event name,AWS region,User name\n"
			      "i1,2024-03-01T10:01:00Z,iam.amazonaws.com,GetUser,us-east-1,\n"
			      "i2,2024-03-01T10:02:00Z,iam.amazonaws.com,DeleteUser,us-east-1,\n");
	compare("a.json", "b.csv");
	assert_string_equal(got.text, "changed i2 A1 B1p /eventName=\"GetUser\":\"DeleteUser\"\n");
	assert_int_equal(got.s.same, 1);
	compare("b.csv", "a.json");
	assert_string_equal(got.text, "changed i2 A1p B1 /eventName=\"DeleteUser\":\"GetUser\"\n");
	assert_int_equal(got.s.partial, 2);
	/* Who did it is not in the record: the line cannot know. */
	scratch_text("c.csv", "Event ID,Event time,User name\ni1,2024-03-01T10:01:00Z,mallory\ni2,2024-03-01T10:02:00Z,\n");
	compare("a.json", "c.csv");
	assert_string_equal(got.text, "changed i1 A0 B0p /userIdentity=-:{\"userName\":\"mallory\"}\n");
}

/* Only a CSV that has a column for errors tells that there was none. */
static void
test_csv_errors(void **state)
{
	(void)state;
	log_of("a.json", record("i1", 1, ",\"errorCode\":\"AccessDenied\""), NULL, NULL);
	scratch_text("b.csv", "Event ID,Event time\ni1,2024-03-01T10:01:00Z\n");
	compare("a.json", "b.csv");
	assert_int_equal(got.s.same, 1);
	scratch_text("b.csv", "Event ID,Event time,Error code\ni1,2024-03-01T10:01:00Z,\n");
	compare("a.json", "b.csv");
	assert_string_equal(got.text, "changed i1 A0 B0p /errorCode=\"AccessDenied\":-\n");
}

/* Everything written in another way, more than memory holds: the same differences, and the same again with more threads. */
static void
test_spilled(void **state)
{
	static const char pad[] = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
	struct lf_buf a, b;
	char id[16], extra[1024];
	char *before;

	(void)state;
	lf_buf_init(&a);
	lf_buf_init(&b);
	for (int i = 0; i < 40000; i++) {
		snprintf(id, sizeof(id), "e%d", i);
		snprintf(extra, sizeof(extra), ",\"requestParameters\":{\"p\":\"%s\",\"n\":%d}", pad, i);
		lf_buf_puts(&a, record(id, i % 60, extra));
		snprintf(extra, sizeof(extra), ",\"requestParameters\":{\"n\":%d,\"p\":\"%s\"}", i % 1000 == 7 ? -1 : i, pad);
		lf_buf_puts(&b, record(id, i % 60, extra));
	}
	scratch_write("a.json", a.data, a.len);
	scratch_write("b.json", b.data, b.len);
	lf_buf_free(&a);
	lf_buf_free(&b);
	compare_with("a.json", "b.json", &(struct lf_diff_opts){.memory = 1});
	assert_int_equal(got.s.changed, 40);
	assert_int_equal(got.s.same, 39960);
	assert_non_null(strstr(got.text, "changed e10007 A10007 B10007 /requestParameters/n=10007:-1\n"));
	before = strdup(got.text);
	compare("a.json", "b.json");
	assert_string_equal(got.text, before);
	free(before);
}

static void
test_select(void **state)
{
	struct lf_case_opts co = {.since = LF_TIME_NONE, .until = LF_TIME_NONE, .jobs = 1, .tmpdir = "/tmp"};
	struct lf_diff_opts o = {.memory = 0};
	struct lf_err err = {""};

	(void)state;
	log_of("a.json", record("i1", 1, ""), record("i2", 20, ""), record("i3", 40, ""), NULL);
	log_of("b.json", record("i1", 1, ",\"readOnly\":true"), record("i2", 20, ""), record("i3", 40, ""), NULL);
	assert_int_equal(lf_time_parse("2024-03-01T10:10:00Z", 0, &co.since, &err), 0);
	assert_int_equal(run("a.json", "b.json", &co, &o, &err), 0);
	assert_string_equal(got.text, "");
	assert_int_equal(got.s.same, 2);
	co.since = LF_TIME_NONE;
	co.trails = (const char *[]){"t"};
	co.n_trails = 1;
	assert_int_equal(run("a.json", "b.json", &co, &o, &err), 0);
	assert_int_equal(got.s.side[0].events + got.s.side[1].events, 0); /* no digest lists them */
	assert_int_equal(got.s.side[0].skipped, 1);
}

static void
test_check(void **state)
{
	struct lf_err err = {""};

	(void)state;
	assert_int_equal(lf_diff_check(&(struct lf_diff_opts){.memory = 5}, &err), 0);
	assert_int_equal(lf_diff_check(&(struct lf_diff_opts){.objects_only = true, .events_only = true}, &err), -1);
	assert_int_equal(lf_diff_check(&(struct lf_diff_opts){.ignore = (const char *[]){"x"}, .n_ignore = 1}, &err), -1);
	assert_non_null(strstr(err.msg, "'x'"));
}

/* Real logs against themselves. */
static void
test_real(void **state)
{
	static const char *const names[] = {"invictus-stratus-logs", "stratus-detonations", "event-versions", "lookup-events", "eventbridge"};
	const char *root = getenv("SHARED_DATA");
	char saved[256], path[4096];
	struct stat st;

	(void)state;
	snprintf(path, sizeof(path), "%s/%s", root == NULL ? "/nonexistent" : root, names[0]);
	if (stat(path, &st) != 0)
		skip();
	snprintf(saved, sizeof(saved), "%s", scratch);
	snprintf(scratch, sizeof(scratch), "%s", root);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		compare(names[i], names[i]);
		assert_string_equal(got.text, "");
		assert_true(got.s.same > 0);
		assert_true(got.s.same + got.s.side[0].duplicates == got.s.side[0].events);
	}
	snprintf(scratch, sizeof(scratch), "%s", saved);
}

static int
chaos_step(void)
{
	struct lf_case_opts co = {.since = LF_TIME_NONE, .until = LF_TIME_NONE, .jobs = 1, .tmpdir = "/tmp"};
	struct lf_diff_opts o = {.ignore = (const char *[]){"/x"}, .n_ignore = 1};
	struct lf_err err;

	return run("a", "b", &co, &o, &err);
}

static void
test_no_memory(void **state)
{
	(void)state;
	log_of("a/" LOG("00Z_aaaaaaaaaaaaaaaa"), record("i1", 1, ""), record("i2", 2, ",\"x\":{\"y\":1}"), record("i3", 3, ",\"z\":1"), NULL);
	log_of("b/" LOG("00Z_aaaaaaaaaaaaaaaa"), record("i1", 1, ""), record("i3", 3, ",\"z\":2"), NULL);
	scratch_text("b/broken.json", "{\"Records\":[{\"eventVersion\":\"1.08\",\"eventID\":\"i9\",");
	chaos_ours = true;
	chaos_check(chaos_step, 100);
	chaos_ours = false;
	assert_int_equal(got.s.changed, 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scratch_make, scratch_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_same), TEST(test_spelling), TEST(test_kinds), TEST(test_later), TEST(test_no_overlap), TEST(test_versions), TEST(test_copies),
	    TEST(test_accounts), TEST(test_no_id), TEST(test_crowd), TEST(test_objects), TEST(test_read_once), TEST(test_plain_objects),
	    TEST(test_unread), TEST(test_reasons), TEST(test_large), TEST(test_huge), TEST(test_csv), TEST(test_csv_errors), TEST(test_spilled),
	    TEST(test_select), TEST(test_check), TEST(test_real), TEST(test_no_memory),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("diff", tests, NULL, NULL);
}
