/* What objects are: content first, the key where the content says nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "record/classify.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define ACCT     "123456789012"
#define LOG      "AWSLogs/" ACCT "/CloudTrail/us-east-1/2023/07/10/" ACCT \
	"_CloudTrail_us-east-1_20230710T1145Z_7xgocspSowgK0Gto.json.gz"
#define DIGEST   "AWSLogs/" ACCT "/CloudTrail-Digest/us-east-1/2023/07/10/" ACCT \
	"_CloudTrail-Digest_us-east-1_trail_us-west-2_20230710T114501Z.json.gz"
#define LAKE     "AWSLogs/" ACCT "/CloudTrail-Lake/Query/2023/07/10/id/"

#define RECORDS     "{\"Records\":[{\"eventVersion\":\"1.08\",\"eventID\":\"x\"}]}"
#define DIGEST_TEXT "{\"awsAccountId\":\"1\",\"digestStartTime\":\"x\",\"digestEndTime\":\"y\"}"
#define LAKE_TEXT   "{\"version\":\"1.0\",\"region\":\"r\",\"files\":[],\"hashSignature\":\"x\"}"
#define SHA         "4309c6161e37538de72ec6f679e86b7e45aebed71fa7e76af70c3019fef44e19"

static enum lf_kind
classify_state(const char *path, const char *text, size_t len, enum lf_gzip_state state)
{
	char *copy = malloc(len == 0 ? 1 : len);
	struct lf_gzip gz = {.state = state, .data = (unsigned char *)copy, .len = len};
	struct lf_s3key key;
	enum lf_kind kind;

	assert_non_null(copy);
	memcpy(copy, text, len);
	lf_s3key_read(path, strlen(path), &key);
	kind = lf_classify(&gz, &key, path, strlen(path));
	free(copy);
	return kind;
}

static void
test_content(void **state)
{
	static const struct {
		const char *path, *text;
		enum lf_kind kind;
	} cases[] = {
	    {LOG, RECORDS, LF_KIND_LOG}, {"x", RECORDS, LF_KIND_LOG}, {"x", "[{\"eventID\":\"1\"}]", LF_KIND_LOG},
	    {"x", "{\"eventVersion\":\"1\"}\n{\"eventVersion\":\"1\"}\n", LF_KIND_LOG},
	    {DIGEST, DIGEST_TEXT, LF_KIND_DIGEST}, {"x", DIGEST_TEXT, LF_KIND_DIGEST}, {LOG, DIGEST_TEXT, LF_KIND_DIGEST},
	    {DIGEST, "", LF_KIND_DIGEST}, {DIGEST, "junk", LF_KIND_DIGEST}, {DIGEST, RECORDS, LF_KIND_DIGEST},
	    {LOG, "", LF_KIND_LOG}, {LOG, "junk", LF_KIND_LOG}, {LOG, "{\"a\":1}", LF_KIND_LOG},
	    {LOG, "{\"Events\":[]}", LF_KIND_LOG}, {LOG, SHA "  x", LF_KIND_LOG},
	    {LAKE "result_sign.json", LAKE_TEXT, LF_KIND_LAKE_SIGN}, {"sign", LAKE_TEXT, LF_KIND_LAKE_SIGN},
	    {LAKE "result_sign.json", "junk", LF_KIND_LAKE_SIGN}, {"result_sign.json", "", LF_KIND_LAKE_SIGN},
	    {LAKE "result_1.csv.gz", "a,b\n", LF_KIND_LAKE_RESULT}, {"result_1.csv.gz", RECORDS, LF_KIND_LAKE_RESULT},
	    {LAKE "result_1.csv.gz", "", LF_KIND_LAKE_RESULT},
	    {LAKE "result_sign.json.meta.json", "{\"Metadata\":{}}", LF_KIND_METADATA}, {LAKE "x", "junk", LF_KIND_UNKNOWN},
	    /* metadata */
	    {LOG ".meta.json", "{\"ContentLength\":1,\"Metadata\":{\"signature\":\"00\"}}", LF_KIND_METADATA},
	    {"m.jsonl", "{\"bucket\":\"b\",\"key\":\"k\",\"metadata\":{}}\n{}", LF_KIND_METADATA},
	    {"lsjson", "[{\"Path\":\"x\",\"Name\":\"x\",\"IsDir\":false}]", LF_KIND_METADATA},
	    {"mc", "{\"status\":\"success\",\"name\":\"x\",\"etag\":\"y\"}", LF_KIND_METADATA},
	    {DIGEST ".headers", "HTTP/1.1 200 OK\r\nX-Amz-Meta-Signature: 00\r\n", LF_KIND_METADATA},
	    {"h", "Content-Length: 2\nx-amz-meta-signature: 00\n", LF_KIND_METADATA},
	    /* keys */
	    {"k", "{\"PublicKeyList\":[]}", LF_KIND_KEYS}, {"k", "{\"publicKeyList\":[", LF_KIND_KEYS},
	    {"k.pem", "-----BEGIN PUBLIC KEY-----\nMII", LF_KIND_KEYS},
	    {"k.pem", "-----BEGIN RSA PUBLIC KEY-----\r\nMII", LF_KIND_KEYS},
	    {"k.pem", "-----BEGIN PRIVATE KEY-----\nMII", LF_KIND_UNKNOWN},
	    /* events that no digest covers */
	    {"l", "{\"Events\":[{\"EventId\":\"x\"}]}", LF_KIND_EVENTS},
	    {"l", "{\"EventId\":\"x\",\"CloudTrailEvent\":\"{}\"}\n", LF_KIND_EVENTS},
	    {"c", "{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[]}", LF_KIND_EVENTS},
	    {"c", "{\"events\":[{\"message\":\"{}\"}]}", LF_KIND_EVENTS},
	    {"e", "{\"version\":\"0\",\"detail-type\":\"x\",\"detail\":{}}", LF_KIND_EVENTS},
	    {"e", "{\"event_id\":\"x\",\"record\":{}}", LF_KIND_EVENTS},
	    {"e", "[{\"@timestamp\":\"x\",\"aws\":{}}]", LF_KIND_EVENTS},
	    {"e", "2023-07-10T11:45:00.000Z {\"eventVersion\":\"1.08\"}\n", LF_KIND_EVENTS},
	    {"e.csv", "Event name,Event time,User name\nx,y,z\n", LF_KIND_EVENTS},
	    {"e.csv", "eventTime,eventName,x\nx,y,z\n", LF_KIND_EVENTS},
	    {"e", "\r\n2023-07-10T11:45:00.000Z stream {\"eventVersion\":\"1.08\"}\n", LF_KIND_EVENTS},
	    {"e", "2023-07-10T11:45:00.000Z {\"level\":\"INFO\"}\n", LF_KIND_UNKNOWN},
	    {"e", "\"{\\\"eventVersion\\\":\\\"1.08\\\"}\"\n", LF_KIND_EVENTS},
	    {"q", "{\n\"Messages\": [{\"MessageId\":\"m\",\"ReceiptHandle\":\"h\",\"Body\":\"{}\"}]}", LF_KIND_EVENTS},
	    {"q", "{\"Messages\":[{\"text\":\"hello\"}]}", LF_KIND_UNKNOWN},
	    {"q", "{\"MessageId\":\"m\",\"Body\":\"{}\"}", LF_KIND_EVENTS},
	    {"q", "{\"Records\":[{\"messageId\":\"m\",\"body\":\"{}\",\"eventSource\":\"aws:sqs\"}]}", LF_KIND_LOG},
	    {"q", "{\"messageId\":\"m\",\"body\":\"{}\",\"eventSource\":\"aws:sqs\"}", LF_KIND_EVENTS},
	    {"q", "{\"Type\":\"Notification\",\"TopicArn\":\"t\",\"Message\":\"{}\"}", LF_KIND_EVENTS},
	    /* check sums */
	    {"SHA256SUMS", SHA "  a/b.json.gz\n", LF_KIND_FOREIGN}, {"x", SHA " *b.json.gz\n", LF_KIND_FOREIGN},
	    {"x.sha256", SHA "\n", LF_KIND_FOREIGN}, {"MD5SUMS", "d41d8cd98f00b204e9800998ecf8427e  x\n", LF_KIND_FOREIGN},
	    {"x", "SHA256 (x) = " SHA "\n", LF_KIND_FOREIGN}, {"x", "%%%% HASHDEEP-1.0\n", LF_KIND_FOREIGN},
	    {"x", SHA "\n", LF_KIND_UNKNOWN}, {"x.sha256", "abcd\n", LF_KIND_UNKNOWN}, {"x", SHA "0  y\n", LF_KIND_UNKNOWN},
	    /* the rest */
	    {"AWSLogs/" ACCT "/Config/x.json.gz", RECORDS, LF_KIND_EVENTS}, {"x", "", LF_KIND_UNKNOWN},
	    {"AWSLogs/" ACCT "/Config/x.json.gz", "", LF_KIND_FOREIGN},
	    {"AWSLogs/" ACCT "/lookup/x.json", "{\"Events\":[{\"CloudTrailEvent\":\"{}\"}]}", LF_KIND_EVENTS},
	    {"AWSLogs/" ACCT "/x/x", "2024-03-01T00:00:00Z {\"eventVersion\":1}\n", LF_KIND_EVENTS},
	    {"AWSLogs/" ACCT "/Config/x.json.gz", "{\"fileVersion\":\"1.0\",\"configurationItems\":[{\"x\":" RECORDS "}]}", LF_KIND_FOREIGN},
	    {"AWSLogs/" ACCT "/elasticloadbalancing/x", "http 2018-07-02T22:23:00.186641Z app/x \"" RECORDS "\"\n" RECORDS, LF_KIND_FOREIGN},
	    {"x", "\"{\\u0022eventVersion\\u0022:1}\"\n", LF_KIND_EVENTS},
	    {"x", "{}", LF_KIND_UNKNOWN}, {"x", "[]", LF_KIND_UNKNOWN}, {"x", "hello", LF_KIND_UNKNOWN},
	    {"x", "{\"detail\":1}", LF_KIND_UNKNOWN}, {"x", "\x89PNG\r\n", LF_KIND_UNKNOWN},
	    {"AWSLogs/" ACCT "/CloudTrail/us-east-1/2023/07/10/hidden.json.gz", "junk", LF_KIND_UNKNOWN},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		enum lf_kind kind =
		    classify_state(cases[i].path, cases[i].text, strlen(cases[i].text), LF_GZIP_WHOLE);

		if (kind != cases[i].kind)
			fail_msg("%s: %s: kind %d, not %d", cases[i].path, cases[i].text, kind, cases[i].kind);
	}
}

/* Any classification of any prefix stays inside the bytes. */
static void
test_prefixes(void **state)
{
	static const char *const texts[] = {RECORDS, DIGEST_TEXT, LAKE_TEXT, SHA "  x", "SHA256 (x) = y",
	    "2023-07-10T11:45:00.000Z {\"eventVersion\":\"1.08\"}", "-----BEGIN PUBLIC KEY-----\r\n", "HTTP/1.1",
	    "{\"events\":[{\"message\":\"{}\"}]}", "x-amz-meta-signature: 1", "Event name,Event time"};
	static const char *const paths[] = {LOG, "x", "x.sha256", "AWSLogs/" ACCT "/y"};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++)
		for (size_t n = 0; n <= strlen(texts[i]); n++)
			for (size_t k = 0; k < COUNT(paths); k++)
				classify_state(paths[k], texts[i], n, LF_GZIP_CUT);
}

static void
test_markers(void **state)
{
	static const struct {
		const char *path;
		enum lf_kind kind;
	} cases[] = {{"AWSLogs/" ACCT, LF_KIND_FOREIGN}, {"AWSLogs/" ACCT "/CloudTrail", LF_KIND_FOREIGN},
	    {"AWSLogs/" ACCT "/CloudTrail/us-east-1/2023", LF_KIND_FOREIGN},
	    {"AWSLogs/" ACCT "/CloudTrail_$folder$", LF_KIND_FOREIGN}, {LAKE "x", LF_KIND_FOREIGN},
	    {"AWSLogs/" ACCT "/CloudTrail/", LF_KIND_FOREIGN}, {LOG, LF_KIND_LOG}, {DIGEST, LF_KIND_DIGEST},
	    {"AWSLogs/" ACCT "/CloudTrail/us-east-1/hidden.json.gz", LF_KIND_UNKNOWN}, {"x", LF_KIND_UNKNOWN}};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (classify_state(cases[i].path, "", 0, LF_GZIP_PLAIN) != cases[i].kind)
			fail_msg("%s", cases[i].path);
	assert_int_equal(classify_state("AWSLogs/" ACCT, "", 0, LF_GZIP_HEADER_BAD), LF_KIND_UNKNOWN);
}

/* Content that could not be inflated leaves data NULL. */
static void
test_damaged(void **state)
{
	static const struct {
		const char *path;
		enum lf_kind kind;
	} cases[] = {{LOG, LF_KIND_LOG}, {DIGEST, LF_KIND_DIGEST}, {"x", LF_KIND_UNKNOWN},
	    {"result_sign.json", LF_KIND_LAKE_SIGN}, {"result_1.csv.gz", LF_KIND_LAKE_RESULT}};
	static const enum lf_gzip_state states[] = {LF_GZIP_CUT, LF_GZIP_DAMAGED, LF_GZIP_HEADER_BAD, LF_GZIP_TOO_LARGE,
	    LF_GZIP_RATIO};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		for (size_t k = 0; k < COUNT(states); k++) {
			struct lf_gzip gz = {.state = states[k]};
			struct lf_s3key key;

			lf_s3key_read(cases[i].path, strlen(cases[i].path), &key);
			assert_int_equal(lf_classify(&gz, &key, cases[i].path, strlen(cases[i].path)), cases[i].kind);
		}
	}
	assert_int_equal(classify_state("x", RECORDS, 20, LF_GZIP_DAMAGED), LF_KIND_LOG);
	assert_int_equal(classify_state("x", DIGEST_TEXT, 60, LF_GZIP_CUT), LF_KIND_DIGEST);
}

static enum lf_kind wanted;
static unsigned files_seen;

static int
visit(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	static char text[4 << 20];
	FILE *f;
	size_t len;

	(void)st;
	(void)ftw;
	if (type != FTW_F || strstr(path, ".json") == NULL || strstr(path, ".gz") != NULL)
		return 0;
	f = fopen(path, "rb");
	assert_non_null(f);
	len = fread(text, 1, sizeof(text), f);
	fclose(f);
	files_seen++;
	if (classify_state(path, text, len, LF_GZIP_PLAIN) != wanted &&
	    /* among the EventBridge samples are bare records */
	    (wanted != LF_KIND_EVENTS || classify_state("x", text, len, LF_GZIP_PLAIN) != LF_KIND_LOG))
		fail_msg("%s: kind %d", path, classify_state(path, text, len, LF_GZIP_PLAIN));
	return 0;
}

static void
test_real(void **state)
{
	static const struct {
		const char *folder;
		enum lf_kind kind;
	} cases[] = {{"invictus-stratus-logs", LF_KIND_LOG}, {"stratus-detonations", LF_KIND_LOG},
	    {"event-versions", LF_KIND_LOG}, {"busy-minute", LF_KIND_LOG}, {"real-digest", LF_KIND_DIGEST},
	    {"lookup-events", LF_KIND_EVENTS}, {"eventbridge", LF_KIND_EVENTS}, {"aws-public-keys", LF_KIND_KEYS}};
	const char *root = getenv("SHARED_DATA");
	char path[4096];

	(void)state;
	if (root == NULL || *root == '\0')
		skip();
	for (size_t i = 0; i < COUNT(cases); i++) {
		snprintf(path, sizeof(path), "%s/%s", root, cases[i].folder);
		wanted = cases[i].kind;
		files_seen = 0;
		if (nftw(path, visit, 16, FTW_PHYS) != 0)
			skip();
		assert_true(files_seen > 0);
	}
}

static void
test_magic(void **state)
{
	static const unsigned char png[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R', 0, 0,
	    0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0};
	struct lf_err err;
	struct lf_magic *m = lf_magic_new(&err);

	(void)state;
	assert_string_equal(lf_magic_describe(NULL, "x", 1), "data");
	assert_string_equal(lf_magic_describe(NULL, "", 0), "empty");
	lf_magic_free(NULL);
	if (m == NULL)
		skip();
	assert_non_null(strstr(lf_magic_describe(m, png, sizeof(png)), "PNG image data"));
	assert_string_equal(lf_magic_describe(m, "", 0), "empty");
	lf_magic_free(m);
}

/* What an archive begins with, and text that has the same in the same place. */
static void
test_archives(void **state)
{
	static const struct {
		const char *magic;
		size_t len;
		bool is;
	} starts[] = {{"PK\3\4", 4, true}, {"7z\274\257\047\034", 6, true}, {"070701", 6, true}, {"\375" "7zXZ\0", 6, true},
	    {"BZh9", 4, true}, {"\050\265\057\375", 4, true}, {"Rar!", 4, true}, {"PK\5\6", 4, false}, {"{\"Records", 9, false},
	    {"\037\213", 2, false}};
	char text[512];

	(void)state;
	assert_false(lf_looks_like_archive(NULL, 0));
	for (size_t i = 0; i < COUNT(starts); i++) {
		memset(text, 'x', sizeof(text));
		memcpy(text, starts[i].magic, starts[i].len);
		assert_int_equal(lf_looks_like_archive(text, sizeof(text)), starts[i].is);
		if (starts[i].is)
			assert_false(lf_looks_like_archive(text, 2));
	}
	/* a tar's header; a log whose 257th byte its caller has chosen */
	memset(text, 0, sizeof(text));
	memcpy(text, "a.json", 6);
	memcpy(text + 257, "ustar", 5);
	assert_true(lf_looks_like_archive(text, sizeof(text)));
	assert_true(lf_looks_like_archive(text, 262));
	assert_false(lf_looks_like_archive(text, 261));
	memset(text, 'x', 257);
	text[0] = '{';
	assert_false(lf_looks_like_archive(text, sizeof(text)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_content), cmocka_unit_test(test_prefixes),
	    cmocka_unit_test(test_markers), cmocka_unit_test(test_damaged), cmocka_unit_test(test_real),
	    cmocka_unit_test(test_magic), cmocka_unit_test(test_archives)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
