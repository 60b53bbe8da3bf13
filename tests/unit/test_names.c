/* Names: whatever is put in comes out again, byte for byte, and canonical ones share their folders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "record/names.h"
#include "chaos.h"
#include "scratch.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define ACCT     "123456789012"
#define UNIQ     "7xgocspSowgK0Gto"

static struct lf_err err;

static struct lf_name
add(struct lf_names *n, const char *scope, uint32_t source, const char *path, size_t len)
{
	struct lf_s3key key;
	struct lf_name name;

	lf_s3key_read(path, len, &key);
	assert_int_equal(lf_names_add(n, scope, source, path, len, &key, &name, &err), 0);
	return name;
}

static void
check(const struct lf_names *n, const struct lf_name *name, const char *path, size_t len)
{
	const struct lf_name_group *g = lf_names_group(n, name);
	struct lf_s3key key;
	struct lf_buf buf;

	lf_buf_init(&buf);
	lf_names_path(n, name, &buf);
	if (buf.len != len || memcmp(lf_buf_str(&buf), path, len) != 0)
		fail_msg("%.*s came back as %s", (int)len, path, lf_buf_str(&buf));
	lf_buf_free(&buf);
	lf_s3key_read(path, len, &key);
	assert_true(lf_names_stamp(n, name) == key.stamp);
	assert_int_equal(g->kind, key.kind);
	assert_int_equal(g->log_class, key.log_class);
	assert_true(lf_slice_is(key.account, g->account) && lf_slice_is(key.region, g->region) &&
	    lf_slice_is(key.org, g->org));
}

static void
test_table(void **state)
{
	static const struct {
		const char *path, *folder;
		bool odd;
	} cases[] = {
	    {"AWSLogs/" ACCT "/CloudTrail/us-east-1/2023/07/10/" ACCT "_CloudTrail_us-east-1_20230710T1145Z_" UNIQ ".json.gz",
		"AWSLogs/" ACCT "/CloudTrail/us-east-1/", false},
	    {"p/AWSLogs/o-abc/" ACCT "/CloudTrail-Insight/us-east-1/2023/07/10/" ACCT
	     "_CloudTrail-Insight_us-east-1_20230710T1145Z_" UNIQ ".json", "p/AWSLogs/o-abc/" ACCT
	     "/CloudTrail-Insight/us-east-1/", false},
	    {"2023/07/10/" ACCT "_CloudTrail_us-east-1_20230710T1145Z_" UNIQ ".json.gz", "", false},
	    {ACCT "_CloudTrail_us-east-1_20230710T1145Z_" UNIQ ".json.gz", "", false},
	    {"2023/07/11/" ACCT "_CloudTrail_us-east-1_20230710T1145Z_" UNIQ ".json.gz", "2023/07/11/", false},
	    {"x2023/07/10/" ACCT "_CloudTrail_us-east-1_20230710T1145Z_" UNIQ ".json.gz", "x2023/07/10/", false},
	    {"/2023/07/10/" ACCT "_CloudTrail_us-east-1_20230710T1145Z_" UNIQ ".JSON.gz", "/", false},
	    {"d/2023/07/10/" ACCT "_CloudTrail-Digest_us-east-1_a_b_us-west-2_20230710T114559Z.json.gz", "d/", false},
	    {ACCT "_CloudTrail-Digest_us-east-1_a_b_us-west-2_20230710T114559Z_backfill.json.gz", "", false},
	    {ACCT "_CloudTrail_us-east-1_20230710T1145Z" UNIQ ".json.gz", "", true},
	    {ACCT "_CloudTrail_us-east-1_20230710T1145Z.json.gz", "", true},
	    {ACCT "_CloudTrail_us-east-1-20230710T1145.json.gz", "", true},
	    {ACCT "_CloudTrail_us-east-1_20230710T1145Z_short.json.gz", "", true},
	    {ACCT "_CloudTrail_us-east-1_20230710t1145z_" UNIQ ".json.gz", "", true},
	    {ACCT "_CloudTrail_us-east-1_19690710T1145Z_" UNIQ ".json.gz", "", true},
	    {ACCT "_CloudTrail_us-east-1_99991231T2359Z_" UNIQ ".json.gz", "", false},
	    {ACCT "_CloudTrail_us-east-1_19700101T0000Z_" UNIQ ".json.gz", "", false},
	    {"", "", true}, {"x", "", true}, {"AWSLogs/" ACCT "/Config/x", "", true}, {"r/result_1.csv.gz", "", true},
	};
	struct lf_names n;
	struct lf_name names[COUNT(cases)];

	(void)state;
	assert_int_equal(lf_names_init(&n, &err), 0);
	for (size_t i = 0; i < COUNT(cases); i++)
		names[i] = add(&n, NULL, 3, cases[i].path, strlen(cases[i].path));
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct lf_name_group *g = lf_names_group(&n, &names[i]);

		check(&n, &names[i], cases[i].path, strlen(cases[i].path));
		if (g->odd != cases[i].odd || strcmp(g->folder, cases[i].folder) != 0)
			fail_msg("%s: odd %d, folder %s", cases[i].path, g->odd, g->folder);
		assert_null(g->scope);
		assert_int_equal(g->source, 3);
	}
	lf_names_free(&n);
	lf_names_free(NULL);
}

static void
test_groups(void **state)
{
	static const char path[] =
	    "AWSLogs/" ACCT "/CloudTrail/us-east-1/2023/07/10/" ACCT "_CloudTrail_us-east-1_20230710T1145Z_" UNIQ ".json.gz";
	char other[sizeof(path)], scope[] = "bucket";
	struct lf_name a, b, c;
	struct lf_names n;

	(void)state;
	assert_int_equal(lf_names_init(&n, &err), 0);
	assert_int_equal(sizeof(struct lf_name), 24);
	memcpy(other, path, sizeof(path));
	memcpy(strstr(other, "/10/"), "/11/", 4);
	memcpy(strstr(other, "0710T"), "0711T", 5);
	a = add(&n, scope, 9, path, sizeof(path) - 1);
	b = add(&n, scope, 8, other, sizeof(path) - 1);
	c = add(&n, NULL, 9, path, sizeof(path) - 1);
	scope[0] = 'x';
	assert_int_equal(a.group, b.group);
	assert_int_not_equal(a.group, c.group);
	assert_string_equal(lf_names_group(&n, &a)->scope, "bucket");
	assert_int_not_equal(add(&n, scope, 9, path, sizeof(path) - 1).group, a.group);
	assert_int_not_equal(add(&n, NULL, 8, path, sizeof(path) - 1).group, c.group);
	assert_int_equal(add(&n, NULL, 9, path, sizeof(path) - 1).group, c.group);
	assert_int_equal(n.groups.n, 4);
	lf_names_free(&n);
}

static int
sign(int d)
{
	return (d > 0) - (d < 0);
}

/* The order of names is that of their scopes and then of their paths as bytes. */
static void
check_order(struct lf_names *n, const struct lf_name *a, const struct lf_name *b)
{
	const char *x = lf_names_group(n, a)->scope, *y = lf_names_group(n, b)->scope;
	struct lf_buf p, q;
	int d;

	lf_buf_init(&p);
	lf_buf_init(&q);
	lf_names_path(n, a, &p);
	lf_names_path(n, b, &q);
	d = x == NULL || y == NULL ? (x != NULL) - (y != NULL) : strcmp(x, y);
	if (d == 0)
		d = memcmp(lf_buf_str(&p), lf_buf_str(&q), p.len < q.len ? p.len : q.len);
	if (d == 0)
		d = (p.len > q.len) - (p.len < q.len);
	assert_int_equal(sign(lf_names_cmp(n, a, b)), sign(d));
	assert_int_equal(sign(lf_names_cmp(n, b, a)), -sign(d));
	lf_buf_free(&p);
	lf_buf_free(&q);
}

/* A path of random parts: mostly right, sometimes not.  No source gives one with a NUL in it. */
static size_t
random_path(uint64_t *seed, char *out, size_t size)
{
	static const char *const prefixes[] = {"", "", "a/", "bucket/pre fix/", "/mnt/"}, *const orgs[] = {"", "", "o-abcd/"},
	    *const classes[] = {"CloudTrail", "CloudTrail", "CloudTrail-Insight", "CloudTrail-NetworkActivity", "cloudtrail"},
	    *const regions[] = {"us-east-1", "eu-west-1", "us-gov-west-1"},
	    *const tails[] = {".json.gz", ".json.gz", ".json", ".JSON.GZ", "_backfill.json.gz", ".gz", ""};
	unsigned y = 1970 + (unsigned)(scratch_random(seed) % 70), m = 1 + (unsigned)(scratch_random(seed) % 12),
	    d = 1 + (unsigned)(scratch_random(seed) % 28), h = (unsigned)(scratch_random(seed) % 24),
	    min = (unsigned)(scratch_random(seed) % 60), sec = (unsigned)(scratch_random(seed) % 60);
	const char *class = classes[scratch_random(seed) % 5], *region = regions[scratch_random(seed) % 3];
	const char *tail = tails[scratch_random(seed) % 7];
	bool digest = scratch_random(seed) % 3 == 0;
	char uniq[32], folder[256];
	int len;

	for (size_t i = 0; i < 16; i++)
		uniq[i] = "ABCXYZabcxyz0189"[scratch_random(seed) % 16];
	uniq[scratch_random(seed) % 8 == 0 ? scratch_random(seed) % 16 : 16] = '\0';
	snprintf(folder, sizeof(folder), "%sAWSLogs/%s%012u/%s/%s/%04u/%02u/%02u/", prefixes[scratch_random(seed) % 5],
	    orgs[scratch_random(seed) % 3], (unsigned)(scratch_random(seed) % 5), digest ? "CloudTrail-Digest" : class, region, y, m,
	    d + (scratch_random(seed) % 9 == 0));
	if (scratch_random(seed) % 5 == 0)
		folder[0] = '\0';
	if (digest)
		len = snprintf(out, size, "%s%012u_CloudTrail-Digest_%s_trail_%s_us-west-2_%04u%02u%02uT%02u%02u%02uZ%s", folder,
		    (unsigned)(scratch_random(seed) % 5), region, uniq, y, m, d, h, min, sec, tail);
	else
		len = snprintf(out, size, "%s%012u_%s_%s_%04u%02u%02uT%02u%02uZ_%s%s", folder,
		    (unsigned)(scratch_random(seed) % 5), class, region, y, m, d, h, min, uniq, tail);
	if (scratch_random(seed) % 20 == 0)
		out[scratch_random(seed) % (unsigned)len] = (char)(1 + scratch_random(seed) % 255);
	return (size_t)len;
}

static void
test_random(void **state)
{
	enum { N = 20000 };
	struct lf_name *names = malloc(N * sizeof(*names));
	char path[512];
	uint64_t seed = 99, pick = 7;
	struct lf_names n;
	size_t compact = 0;

	(void)state;
	assert_non_null(names);
	assert_int_equal(lf_names_init(&n, &err), 0);
	for (size_t i = 0; i < N; i++) {
		size_t len = random_path(&seed, path, sizeof(path));

		names[i] = add(&n, i % 3 == 0 ? "bucket" : NULL, 1, path, len);
		compact += !lf_names_group(&n, &names[i])->odd;
	}
	seed = 99;
	for (size_t i = 0; i < N; i++) {
		size_t len = random_path(&seed, path, sizeof(path));

		check(&n, &names[i], path, len);
		check_order(&n, &names[i], &names[scratch_random(&pick) % N]);
		check_order(&n, &names[i], &names[i]);
	}
	assert_true(compact > N / 3);
	lf_names_free(&n);
	free(names);
}

static int
step(void)
{
	static const char *const paths[] = {"x", "AWSLogs/" ACCT "/CloudTrail/us-east-1/2023/07/10/" ACCT
	    "_CloudTrail_us-east-1_20230710T1145Z_" UNIQ ".json.gz"};
	struct lf_names n;
	int rc = lf_names_init(&n, &err);

	for (size_t i = 0; rc == 0 && i < COUNT(paths); i++) {
		struct lf_s3key key;
		struct lf_name name;

		lf_s3key_read(paths[i], strlen(paths[i]), &key);
		rc = lf_names_add(&n, "bucket", 0, paths[i], strlen(paths[i]), &key, &name, &err);
	}
	lf_names_free(&n);
	return rc;
}

static void
test_out_of_memory(void **state)
{
	(void)state;
	chaos_check(step, 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_table), cmocka_unit_test(test_groups),
	    cmocka_unit_test(test_random),
	    cmocka_unit_test(test_out_of_memory)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
