/* S3 keys: AWS's own, those of copies, and hostile ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/utc.h"
#include "forensic.h"
#include "record/s3key.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define ACCT  "123456789012"
#define LOG   ACCT "_CloudTrail_us-east-1_20230710T1145Z_7xgocspSowgK0Gto.json.gz"
#define DAY   "us-east-1/2023/07/10/"
#define DNAME ACCT "_CloudTrail-Digest_us-east-1_trail_us-west-2_20230710T114501Z.json.gz"

static void
read_key(const char *path, struct lf_s3key *k)
{
	lf_s3key_read(path, strlen(path), k);
}

static void
same(const char *path, const char *what, struct lf_slice got, const char *want)
{
	if (!lf_slice_is(got, want))
		fail_msg("%s: %s is \"%.*s\", not \"%s\"", path, what, (int)got.len, got.len > 0 ? got.s : "", want);
}

/* ---- Digests ---- */

static void
test_digests(void **state)
{
	static const struct {
		const char *path, *region, *trail, *home, *stamp, *prefix, *org;
		bool backfill, in_place;
	} cases[] = {
	    {"AWSLogs/" ACCT "/CloudTrail-Digest/" DAY DNAME, "us-east-1", "trail", "us-west-2", "2023-07-10T11:45:01Z",
		"", "", false, true},
	    {"AWSLogs/072477793200/CloudTrail-Digest/ap-northeast-1/2016/08/02/072477793200_CloudTrail-Digest_ap-northeast-1_"
	     "Test-trail_us-west-2_20160802T142331Z.json.gz", "ap-northeast-1", "Test-trail", "us-west-2",
		"2016-08-02T14:23:31Z", "", "", false, true},
	    {"a/b/AWSLogs/o-abc123/" ACCT "/CloudTrail-Digest/" DAY DNAME, "us-east-1", "trail", "us-west-2",
		"2023-07-10T11:45:01Z", "a/b/", "o-abc123", false, true},
	    {"o-abc123/AWSLogs/o-abc123/" ACCT "/CloudTrail-Digest/" DAY DNAME, "us-east-1", "trail", "us-west-2",
		"2023-07-10T11:45:01Z", "o-abc123/", "o-abc123", false, true},
	    {"AWSLogs/x/AWSLogs/" ACCT "/CloudTrail-Digest/" DAY DNAME, "us-east-1", "trail", "us-west-2",
		"2023-07-10T11:45:01Z", "AWSLogs/x/", "", false, true},
	    {DNAME, "us-east-1", "trail", "us-west-2", "2023-07-10T11:45:01Z", "", "", false, false},
	    {ACCT "_CloudTrail-Digest_us-east-1_my_us-east-1_trail_eu-west-1_us-west-2_20230710T114501Z_backfill.json.gz",
		"us-east-1", "my_us-east-1_trail_eu-west-1", "us-west-2", "2023-07-10T11:45:01Z", "", "", true, false},
	    {ACCT "_CloudTrail-Digest_us-east-1_20230710T114501Z_us-west-2_20230710T124501Z.json", "us-east-1",
		"20230710T114501Z", "us-west-2", "2023-07-10T12:45:01Z", "", "", false, false},
	    {ACCT "_CloudTrail-Digest_us-east-1_x_backfill_us-west-2_20230710T124501Z.json.gz", "us-east-1", "x_backfill",
		"us-west-2", "2023-07-10T12:45:01Z", "", "", false, false},
	    {"awslogs/" ACCT "/cloudtrail-digest/us-east-1/2023/07/10/" ACCT
	     "_cloudtrail-digest_us-east-1_trail_us-west-2_20230710t114501z.json.gz", "us-east-1", "trail", "us-west-2",
		"2023-07-10T11:45:01Z", "", "", false, true},
	    {"AWSLOGS/" ACCT "/CLOUDTRAIL-DIGEST/US-EAST-1/2023/07/10/" ACCT
	     "_CLOUDTRAIL-DIGEST_US-EAST-1_TRAIL_US-WEST-2_20230710T114501Z_BACKFILL.JSON.GZ", "US-EAST-1", "TRAIL",
		"US-WEST-2", "2023-07-10T11:45:01Z", "", "", true, true},
	    /* not in place: another day, account, region; a folder too many */
	    {"AWSLogs/" ACCT "/CloudTrail-Digest/us-east-1/2023/07/11/" DNAME, "us-east-1", "trail", "us-west-2",
		"2023-07-10T11:45:01Z", "", "", false, false},
	    {"AWSLogs/210987654321/CloudTrail-Digest/" DAY DNAME, "us-east-1", "trail", "us-west-2",
		"2023-07-10T11:45:01Z", "", "", false, false},
	    {"AWSLogs/" ACCT "/CloudTrail-Digest/us-west-2/2023/07/10/" DNAME, "us-east-1", "trail", "us-west-2",
		"2023-07-10T11:45:01Z", "", "", false, false},
	    {"AWSLogs/" ACCT "/CloudTrail/" DAY DNAME, "us-east-1", "trail", "us-west-2", "2023-07-10T11:45:01Z", "", "",
		false, false},
	    {"AWSLogs/" ACCT "/CloudTrail-Digest/" DAY "x/" DNAME, "us-east-1", "trail", "us-west-2",
		"2023-07-10T11:45:01Z", "", "", false, false},
	    {"/mnt/AWSLogs.bak/" DNAME, "us-east-1", "trail", "us-west-2", "2023-07-10T11:45:01Z", "", "", false, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *p = cases[i].path;
		char text[LF_UTC_LEN];
		struct lf_s3key k;

		read_key(p, &k);
		if (k.kind != LF_KEY_DIGEST)
			fail_msg("%s: kind %d", p, k.kind);
		same(p, "account", k.account, strstr(p, "/0724777") != NULL ? "072477793200" : ACCT);
		same(p, "region", k.region, cases[i].region);
		same(p, "trail", k.trail, cases[i].trail);
		same(p, "home region", k.home_region, cases[i].home);
		same(p, "prefix", k.prefix, cases[i].prefix);
		same(p, "organization", k.org, cases[i].org);
		assert_string_equal(lf_utc_format(k.stamp, text), cases[i].stamp);
		assert_int_equal(k.backfill, cases[i].backfill);
		if (k.in_place != cases[i].in_place)
			fail_msg("%s: in_place is %d", p, k.in_place);
		assert_true(lf_s3key_looks_digest(p, strlen(p)));
	}
}

/* ---- Logs ---- */

static void
test_logs(void **state)
{
	static const struct {
		const char *path, *region, *tag, *uniq, *stamp;
		enum lf_log_class log_class;
		bool in_place;
	} cases[] = {
	    {"AWSLogs/" ACCT "/CloudTrail/" DAY LOG, "us-east-1", "CloudTrail", "7xgocspSowgK0Gto", "2023-07-10T11:45:00Z",
		LF_CLASS_CLOUDTRAIL, true},
	    {LOG, "us-east-1", "CloudTrail", "7xgocspSowgK0Gto", "2023-07-10T11:45:00Z", LF_CLASS_CLOUDTRAIL, false},
	    {"CloudTrail/" DAY LOG, "us-east-1", "CloudTrail", "7xgocspSowgK0Gto", "2023-07-10T11:45:00Z",
		LF_CLASS_CLOUDTRAIL, false},
	    {"AWSLogs/" ACCT "/CloudTrail-Insight/ca-central-1/2020/09/23/" ACCT
	     "_CloudTrail-Insight_ca-central-1_20200923T0516Z_KL5e9VCV2SS7IqzB.json.gz", "ca-central-1", "CloudTrail-Insight",
		"KL5e9VCV2SS7IqzB", "2020-09-23T05:16:00Z", LF_CLASS_INSIGHT, true},
	    {"AWSLogs/" ACCT "/CloudTrail-NetworkActivity/us-east-1/2025/01/02/" ACCT
	     "_CloudTrail-NetworkActivity_us-east-1_20250102T0516Z_KL5e9VCV2SS7IqzB.json.gz", "us-east-1",
		"CloudTrail-NetworkActivity", "KL5e9VCV2SS7IqzB", "2025-01-02T05:16:00Z", LF_CLASS_NETWORK, true},
	    {"AWSLogs/" ACCT "/CloudTrail-Aggregated/us-east-1/2025/01/02/" ACCT
	     "_Aggregated_us-east-1_20250102T0516Z_KL5e9VCV2SS7IqzB.json.gz", "us-east-1", "Aggregated", "KL5e9VCV2SS7IqzB",
		"2025-01-02T05:16:00Z", LF_CLASS_AGGREGATED, true},
	    {"CloudTrail-Aggregated/us-east-1/2025/01/02/" ACCT "_CloudTrail_us-east-1_20250102T0516Z_KL5e9VCV2SS7IqzB.json",
		"us-east-1", "CloudTrail", "KL5e9VCV2SS7IqzB", "2025-01-02T05:16:00Z", LF_CLASS_AGGREGATED, false},
	    {"AWSLogs/" ACCT "/CloudTrail-New/us-east-1/2025/01/02/" ACCT
	     "_CloudTrail-New_us-east-1_20250102T0516Z_KL5e9VCV2SS7IqzB.json.gz", "us-east-1", "CloudTrail-New",
		"KL5e9VCV2SS7IqzB", "2025-01-02T05:16:00Z", LF_CLASS_OTHER, true},
	    /* a tag that means another class */
	    {"AWSLogs/" ACCT "/CloudTrail/ca-central-1/2020/09/23/" ACCT
	     "_CloudTrail-Insight_ca-central-1_20200923T0516Z_KL5e9VCV2SS7IqzB.json.gz", "ca-central-1", "CloudTrail-Insight",
		"KL5e9VCV2SS7IqzB", "2020-09-23T05:16:00Z", LF_CLASS_CLOUDTRAIL, false},
	    /* old and odd names */
	    {ACCT "_CloudTrail_us-east-1_20140620T1255ZHdkvFTXOA3Vnhbc.json.gz", "us-east-1", "CloudTrail",
		"HdkvFTXOA3Vnhbc", "2014-06-20T12:55:00Z", LF_CLASS_CLOUDTRAIL, false},
	    {"x/AWSLogs/o-abcd/" ACCT "/CloudTrail/us-east-1/2020/09/30/" ACCT "_CloudTrail_us-east-1-20200930T2300.json",
		"us-east-1", "CloudTrail", "", "2020-09-30T23:00:00Z", LF_CLASS_CLOUDTRAIL, true},
	    {ACCT "_CloudTrail_us-east-1_20200930T2300Z.json", "us-east-1", "CloudTrail", "", "2020-09-30T23:00:00Z",
		LF_CLASS_CLOUDTRAIL, false},
	    {ACCT "_CloudTrail_us-east-1-20200930T2300Z_abc.json", "us-east-1", "CloudTrail", "abc", "2020-09-30T23:00:00Z",
		LF_CLASS_CLOUDTRAIL, false},
	    {"awslogs/" ACCT "/cloudtrail/us-east-1/2023/07/10/" ACCT
	     "_cloudtrail_us-east-1_20230710t1145z_7xgocspsowgk0gto.json.gz", "us-east-1", "cloudtrail", "7xgocspsowgk0gto",
		"2023-07-10T11:45:00Z", LF_CLASS_CLOUDTRAIL, true},
	    /* regions of other partitions, and those that nobody knows */
	    {ACCT "_CloudTrail_us-gov-west-1_20230710T1145Z_7xgocspSowgK0Gto.json.gz", "us-gov-west-1", "CloudTrail",
		"7xgocspSowgK0Gto", "2023-07-10T11:45:00Z", LF_CLASS_CLOUDTRAIL, false},
	    {ACCT "_CloudTrail_cn-north-1_20230710T1145Z_7xgocspSowgK0Gto.json.gz", "cn-north-1", "CloudTrail",
		"7xgocspSowgK0Gto", "2023-07-10T11:45:00Z", LF_CLASS_CLOUDTRAIL, false},
	    {ACCT "_CloudTrail_us-isob-east-1_20230710T1145Z_7xgocspSowgK0Gto.json.gz", "us-isob-east-1", "CloudTrail",
		"7xgocspSowgK0Gto", "2023-07-10T11:45:00Z", LF_CLASS_CLOUDTRAIL, false},
	    {ACCT "_CloudTrail_eusc-de-east-1_20230710T1145Z_7xgocspSowgK0Gto.json.gz", "eusc-de-east-1", "CloudTrail",
		"7xgocspSowgK0Gto", "2023-07-10T11:45:00Z", LF_CLASS_CLOUDTRAIL, false},
	    {ACCT "_CloudTrail_apiso-centralnorth-2r_20230710T1145Z_7xgocspSowgK0Gto.json.gz", "apiso-centralnorth-2r",
		"CloudTrail", "7xgocspSowgK0Gto", "2023-07-10T11:45:00Z", LF_CLASS_CLOUDTRAIL, false},
	    /* put where nobody looks */
	    {"AWSLogs/" ACCT "/Config/" LOG, "us-east-1", "CloudTrail", "7xgocspSowgK0Gto", "2023-07-10T11:45:00Z",
		LF_CLASS_CLOUDTRAIL, false},
	    {"AWSLogs/" ACCT "/CloudTrail-Digest/" DAY LOG, "us-east-1", "CloudTrail", "7xgocspSowgK0Gto",
		"2023-07-10T11:45:00Z", LF_CLASS_CLOUDTRAIL, false},
	    {"AWSLogs/" ACCT "/CloudTrail/us-east-1/2023/07/09/" LOG, "us-east-1", "CloudTrail", "7xgocspSowgK0Gto",
		"2023-07-10T11:45:00Z", LF_CLASS_CLOUDTRAIL, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *p = cases[i].path;
		char text[LF_UTC_LEN];
		struct lf_s3key k;

		read_key(p, &k);
		if (k.kind != LF_KEY_LOG)
			fail_msg("%s: kind %d", p, k.kind);
		same(p, "account", k.account, ACCT);
		same(p, "region", k.region, cases[i].region);
		same(p, "tag", k.tag, cases[i].tag);
		same(p, "uniq", k.uniq, cases[i].uniq);
		same(p, "trail", k.trail, "");
		assert_string_equal(lf_utc_format(k.stamp, text), cases[i].stamp);
		if (k.log_class != cases[i].log_class || k.in_place != cases[i].in_place)
			fail_msg("%s: class %d, in_place %d", p, k.log_class, k.in_place);
		assert_false(lf_s3key_looks_digest(p, strlen(p)));
	}
}

/* ---- Everything else ---- */

static void
test_kinds(void **state)
{
	static const struct {
		const char *path;
		enum lf_key_kind kind;
	} cases[] = {
	    {"", LF_KEY_NONE}, {"/", LF_KEY_NONE}, {"x", LF_KEY_NONE}, {"a/b.json", LF_KEY_NONE},
	    {"AWSLogs", LF_KEY_NONE}, {"AWSLogs/", LF_KEY_FOREIGN}, {"AWSLogs/" ACCT, LF_KEY_NONE},
	    {"AWSLogs/" ACCT "/", LF_KEY_FOREIGN}, {"AWSLogs/" ACCT "/CloudTrail/", LF_KEY_FOREIGN},
	    {"x/AWSLogs/o-abc/" ACCT "/", LF_KEY_FOREIGN}, {"AWSLogs/" ACCT "/CloudTrail/us-east-1/2023/", LF_KEY_FOREIGN},
	    {"AWSLogs/" ACCT "/Config/us-east-1/2023/1/1/ConfigHistory/" ACCT "_Config_us-east-1_x.json.gz", LF_KEY_FOREIGN},
	    {"AWSLogs/" ACCT "/elasticloadbalancing/us-east-2/2020/01/01/" ACCT "_elasticloadbalancing_us-east-2_x.log.gz",
		LF_KEY_FOREIGN},
	    {"AWSLogs/o-abc/" ACCT "/vpcflowlogs/us-east-1/2020/01/01/" ACCT
	     "_vpcflowlogs_us-east-1_fl-1234abcd_20180620T1620Z_fe123456.log.gz", LF_KEY_FOREIGN},
	    {"AWSLogs/" ACCT "/vpcflowlogs/us-east-1/2020/01/01/" ACCT "_vpcflowlogs_us-east-1_20180620T1620Z_fe123456.json.gz",
		LF_KEY_FOREIGN},
	    {"AWSLogs/" ACCT "/ELBAccessLogTestFile", LF_KEY_FOREIGN}, {"AWSLogs/" ACCT "/notes.txt", LF_KEY_NONE},
	    {"AWSLogs/12345/Config/x", LF_KEY_NONE}, {"AWSLogs/aws-waf/x", LF_KEY_NONE},
	    {"AWSLogs/" ACCT "/CloudTrail/" DAY "hidden.json.gz", LF_KEY_NONE},
	    {"AWSLogs/" ACCT "/CloudTrail/" DAY LOG ".meta.json", LF_KEY_NONE},
	    {"AWSLogs/" ACCT "/CloudTrail-Lake/Query/2023/07/10/1-2-3/result_sign.json", LF_KEY_LAKE},
	    {"AWSLogs/" ACCT "/CloudTrail-Lake/Query/2023/07/10/1-2-3/other", LF_KEY_LAKE},
	    {"result_sign.json", LF_KEY_LAKE}, {"x/result_1.csv.gz", LF_KEY_LAKE}, {"RESULT_23.CSV.GZ", LF_KEY_LAKE},
	    {"result_.csv.gz", LF_KEY_NONE}, {"result_1.csv.gz.x", LF_KEY_NONE}, {"xresult_1.csv.gz", LF_KEY_NONE},
	    /* names that are nearly right */
	    {"12345678901_CloudTrail_us-east-1_20230710T1145Z_7xgocspSowgK0Gto.json.gz", LF_KEY_NONE},
	    {"1234567890123_CloudTrail_us-east-1_20230710T1145Z_7xgocspSowgK0Gto.json.gz", LF_KEY_NONE},
	    {"12345678901a_CloudTrail_us-east-1_20230710T1145Z_7xgocspSowgK0Gto.json.gz", LF_KEY_NONE},
	    {ACCT "_CloudTrails_us-east-1_20230710T1145Z_7xgocspSowgK0Gto.json.gz", LF_KEY_NONE},
	    {ACCT "_Config_us-east-1_20230710T1145Z_7xgocspSowgK0Gto.json.gz", LF_KEY_NONE},
	    {ACCT "_CloudTrail_useast1_20230710T1145Z_7xgocspSowgK0Gto.json.gz", LF_KEY_NONE},
	    {ACCT "_CloudTrail_us-east-1_20231310T1145Z_7xgocspSowgK0Gto.json.gz", LF_KEY_NONE},
	    {ACCT "_CloudTrail_us-east-1_20230230T1145Z_7xgocspSowgK0Gto.json.gz", LF_KEY_NONE},
	    {ACCT "_CloudTrail_us-east-1_20230710T2460Z_7xgocspSowgK0Gto.json.gz", LF_KEY_NONE},
	    {ACCT "_CloudTrail_us-east-1_20230710T114500Z.json.gz", LF_KEY_NONE},
	    {ACCT "_CloudTrail_us-east-1_20230710T1145Z_.json.gz", LF_KEY_NONE},
	    {ACCT "_CloudTrail_us-east-1_20230710T1145Z_7xgo-spSowgK0Gto.json.gz", LF_KEY_NONE},
	    {ACCT "_CloudTrail_us-east-1_20230710T1145Z_7xgocspSowgK0Gto.json.gz.tmp", LF_KEY_NONE},
	    {ACCT "_CloudTrail_us-east-1_20230710T1145Z_7xgocspSowgK0Gto", LF_KEY_NONE},
	    {ACCT "__us-east-1_20230710T1145Z_7xgocspSowgK0Gto.json.gz", LF_KEY_NONE},
	    {ACCT "_CloudTrail__20230710T1145Z_7xgocspSowgK0Gto.json.gz", LF_KEY_NONE},
	    {ACCT "_CloudTrail-Digest_us-east-1_us-west-2_20230710T114501Z.json.gz", LF_KEY_NONE},
	    {ACCT "_CloudTrail-Digest_us-east-1__us-west-2_20230710T114501Z.json.gz", LF_KEY_NONE},
	    {ACCT "_CloudTrail-Digest_us-east-1_t_us-west-2_20230710T1145Z.json.gz", LF_KEY_NONE},
	    {ACCT "_CloudTrail-Digest_us-east-1_t_us-west-2_20230710T114561Z.json.gz", LF_KEY_NONE},
	    {ACCT "_CloudTrail-Digest_us-east-1_t_uswest2_20230710T114501Z.json.gz", LF_KEY_NONE},
	    {ACCT "_CloudTrail-Digest_us-east-1_t_us-west-2_20230710T114501Z_backfilled.json.gz", LF_KEY_NONE},
	    {ACCT "_CloudTrail-Digest_us-east-1_20230710T1145Z_7xgocspSowgK0Gto.json.gz", LF_KEY_NONE},
	    {"AWSLogs_" ACCT "_CloudTrail-Digest_ap-northeast-1_20231015T230404Z.json", LF_KEY_NONE},
	    {".json.gz", LF_KEY_NONE}, {".json", LF_KEY_NONE}, {"_.json", LF_KEY_NONE}, {ACCT "_.json", LF_KEY_NONE},
	    {ACCT "_CloudTrail_.json", LF_KEY_NONE}, {ACCT "_CloudTrail-Digest_.json", LF_KEY_NONE},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct lf_s3key k;

		read_key(cases[i].path, &k);
		if (k.kind != cases[i].kind)
			fail_msg("%s: kind %d, not %d", cases[i].path, k.kind, cases[i].kind);
		if (k.kind == LF_KEY_NONE)
			assert_true(k.account.len == 0 && k.region.len == 0 && k.stamp == LF_TIME_NONE && !k.in_place);
	}
}

static void
test_key_and_prefix(void **state)
{
	struct lf_s3key k;

	(void)state;
	read_key("/mnt/copy/bucket/pre/AWSLogs/" ACCT "/CloudTrail/" DAY LOG, &k);
	same("prefix", "prefix", k.prefix, "/mnt/copy/bucket/pre/");
	same("key", "key", k.key, "AWSLogs/" ACCT "/CloudTrail/" DAY LOG);
	same("base", "base", k.base, LOG);
	read_key("notAWSLogs/" ACCT "/CloudTrail/" DAY LOG, &k);
	same("no key", "key", k.key, "");
	assert_false(k.in_place);
	read_key("AWSLogs/o-/" ACCT "/x", &k);
	same("no organization", "org", k.org, "");
}

/* Any bytes cut at any place: nothing is read behind the end, and slices stay inside. */
static void
test_every_cut(void **state)
{
	static const char *const paths[] = {"p/AWSLogs/o-abcd/" ACCT "/CloudTrail/" DAY LOG,
	    "AWSLogs/" ACCT "/CloudTrail-Digest/" DAY ACCT
	    "_CloudTrail-Digest_us-east-1_a_b_us-west-2_20230710T114501Z_backfill.json.gz",
	    "AWSLogs/" ACCT "/CloudTrail-Lake/Query/result_1.csv.gz"};

	(void)state;
	for (size_t i = 0; i < COUNT(paths); i++) {
		size_t len = strlen(paths[i]);

		for (size_t from = 0; from <= len; from++) {
			for (size_t to = from; to <= len; to++) {
				char *copy = malloc(to - from + (to == from));
				struct lf_s3key k;

				assert_non_null(copy);
				memcpy(copy, paths[i] + from, to - from);
				lf_s3key_read(copy, to - from, &k);
				assert_true(k.base.len <= to - from && k.key.len <= to - from);
				lf_s3key_looks_digest(copy, to - from);
				lf_s3key_base_hash(copy, to - from);
				assert_true(lf_s3key_base_equal(copy, to - from, copy, to - from));
				lf_s3key_in_place(copy, to - from, paths[i], len);
				free(copy);
			}
		}
	}
}

static void
test_base_names(void **state)
{
	static const struct {
		const char *a, *b;
		bool equal;
	} cases[] = {{"x/" LOG, "y/z/" LOG, true}, {"a.json.gz", "A.JSON", true}, {"a.json.gz", "a.json", true},
	    {"a.json.gz", "a.gz", false}, {"a.csv.gz", "a.csv", false}, {"a:b.json", "a_b.json", true},
	    {"a:b.json", "a%3Ab.json", true}, {"a:b", "a\xef\x80\xba""b", true}, {"a:b", "a\xef\xbc\x9a""b", true},
	    {"a:b", "a-b", false}, {"a%b", "a%b", true}, {"a%3", "a%3a", false}, {"", "", true}, {"a/", "b/", true},
	    {"a", "", false}, {"a-b.json", "a_b.json", false},
	    {"0123456789012345678901234567890123456789012345678901234567890123",
		"012345678901234567890123456789012345678901234567890123456789012", false},
	    {"0123456789012345678901234567890123456789012345678901234567890123",
		"01234567890123456789012345678901234567890123456789012345678901234", false},
	    {"0123456789012345678901234567890123456789012345678901234567890123:aB",
		"0123456789012345678901234567890123456789012345678901234567890123%3aAb", true},
	    {"0123456789012345678901234567890123456789012345678901234567890123:aB",
		"0123456789012345678901234567890123456789012345678901234567890123%3aAbc", false}};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t a = strlen(cases[i].a), b = strlen(cases[i].b);

		if (lf_s3key_base_equal(cases[i].a, a, cases[i].b, b) != cases[i].equal)
			fail_msg("%s and %s", cases[i].a, cases[i].b);
		assert_int_equal(lf_s3key_base_equal(cases[i].b, b, cases[i].a, a), cases[i].equal);
		assert_int_equal(lf_s3key_base_hash(cases[i].a, a) == lf_s3key_base_hash(cases[i].b, b), cases[i].equal);
	}
}

static void
test_in_place(void **state)
{
	static const struct {
		const char *path, *key;
		bool yes;
	} cases[] = {{"AWSLogs/1/x", "AWSLogs/1/x", true}, {"a/b/AWSLogs/1/x", "AWSLogs/1/x", true},
	    {"a/AWSLogs/1/x", "pre/AWSLogs/1/x", true}, {"bAWSLogs/1/x", "AWSLogs/1/x", false},
	    {"1/x", "AWSLogs/1/x", true}, {"x", "AWSLogs/1/x", true}, {"/x", "AWSLogs/1/x", false},
	    {"y/x", "AWSLogs/1/x", false}, {"AWSLogs/1/X", "AWSLogs/1/x", false}, {"", "AWSLogs/1/x", false},
	    {"gs/1/x", "AWSLogs/1/x", false}, {"q/plain", "plain", true}, {"AWSLogs/2/x", "AWSLogs/1/x", false},
	    {"a/AWSLogs/1/x", "AWSLogs/0/AWSLogs/1/x", true}};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (lf_s3key_in_place(cases[i].path, strlen(cases[i].path), cases[i].key, strlen(cases[i].key)) !=
		    cases[i].yes)
			fail_msg("%s and %s", cases[i].path, cases[i].key);
}

static void
test_class_names(void **state)
{
	(void)state;
	assert_string_equal(lf_class_name(LF_CLASS_CLOUDTRAIL), "CloudTrail");
	assert_string_equal(lf_class_name(LF_CLASS_INSIGHT), "CloudTrail-Insight");
	for (int c = 0; c < LF_CLASSES; c++)
		assert_non_null(lf_class_name((enum lf_log_class)c));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_digests), cmocka_unit_test(test_logs),
	    cmocka_unit_test(test_kinds), cmocka_unit_test(test_key_and_prefix), cmocka_unit_test(test_every_cut),
	    cmocka_unit_test(test_base_names), cmocka_unit_test(test_in_place), cmocka_unit_test(test_class_names)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
