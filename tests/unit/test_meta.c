/* S3 object metadata in every form that it is handed over in, and what only looks like it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "evidence/meta.h"
#include "chaos.h"
#include "scratch.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define D        "1_CloudTrail-Digest_us-east-1_t_us-east-1_20240301T000000Z" /* a digest's name, short */
#define KEY      "AWSLogs/1/CloudTrail-Digest/us-east-1/2024/03/01/" D ".json.gz"

static struct lf_meta meta;

static int
set_up(void **state)
{
	lf_meta_init(&meta);
	return scratch_make(state);
}

static int
tear_down(void **state)
{
	lf_meta_free(&meta);
	return scratch_remove(state);
}

static bool
add_bytes(const char *file, const char *text, size_t len)
{
	struct lf_err err;
	bool known;
	char *copy = malloc(len + (len == 0)); /* so that a sanitizer sees every byte beyond */

	assert_non_null(copy);
	memcpy(copy, text, len);
	assert_int_equal(lf_meta_add(&meta, file, copy, len, &known, &err), 0);
	free(copy);
	return known;
}

static bool
add(const char *file, const char *text)
{
	return add_bytes(file, text, strlen(text));
}

static struct lf_meta_entry *
entry(uint32_t i)
{
	assert_true(i < meta.entries.n);
	return lf_list_at(&meta.entries, i);
}

static void
check_text(const char *have, const char *want)
{
	if (want == NULL)
		assert_null(have);
	else
		assert_string_equal(have, want);
}

static void
check_signature(const struct lf_signature *have, const char *want)
{
	struct lf_buf text;

	lf_buf_init(&text);
	if (have != NULL)
		lf_signature_text(have, &text);
	check_text(have == NULL ? NULL : lf_buf_str(&text), want);
	lf_buf_free(&text);
}

static void
check(uint32_t i, const char *bucket, const char *key, const char *signature)
{
	check_text(entry(i)->bucket, bucket);
	check_text(entry(i)->key, key);
	check_signature(entry(i)->signature, signature);
}

/* Begins anew. */
static void
clear(void)
{
	lf_meta_free(&meta);
	lf_meta_init(&meta);
}

static size_t
matches(const char *key)
{
	size_t cursor = 0, n = 0;

	while (lf_meta_next(&meta, key, &cursor) != NULL)
		n++;
	return n;
}

/* ---- JSON ---- */

static void
test_own_lines(void **state)
{
	(void)state;
	assert_true(add("meta.jsonl",
	    "{\"bucket\":\"b\",\"key\":\"x/1\",\"versionId\":\"v\",\"metadata\":{\"signature\":\"aa\","
	    "\"signature-algorithm\":\"SHA256withRSA\"}}\n"
	    "\n{\"bucket\":\"b\",\"key\":\"x/2\",\"metadata\":{\"signature\":\"bb\","
	    "\"signature-algorithm\":\"SHA256withRSA\","
	    "\"backfill-generation-timestamp\":\"2024-03-02T00:00:00Z\"}}\r\n"
	    "{\"bucket\":\"c\",\"key\":\"x/3\",\"metadata\":{\"signature\":\"cc\"}}"));
	assert_int_equal(meta.entries.n, 3);
	check(0, "b", "x/1", "aa");
	check(1, "b", "x/2", "bb");
	check(2, "c", "x/3", "cc");
	assert_string_equal(entry(0)->algorithm, "SHA256withRSA");
	assert_null(entry(0)->backfill);
	assert_string_equal(entry(1)->backfill, "2024-03-02T00:00:00Z");
	assert_null(entry(2)->algorithm);
	assert_string_equal(entry(2)->from, "meta.jsonl");
	assert_false(entry(0)->used);
	assert_ptr_equal(entry(0)->bucket, entry(1)->bucket); /* kept once */
}

/* Writes each 'k' of line as an escape, which only jansson reads. */
static void
escape_k(const char *line, char *out)
{
	for (; *line != '\0'; line++) {
		if (*line == 'k')
			out = stpcpy(out, "\\u006b");
		else
			*out++ = *line;
	}
	*out = '\0';
}

/* Lists are read without jansson where they are plain; to the same result. */
static void
test_plain_as_jansson(void **state)
{
	static const char *const lines[] = {
	    "{\"bucket\":\"b\",\"key\":\"k/1\",\"metadata\":{\"signature\":\"aa\",\"x-amz-meta-Signature-Algorithm\":\"A\"}}",
	    "{ \"metadata\": {\"signature\": \"aa\", \"other\": \"\"}, \"key\": \"k/1\" } trailing",
	    "{\"key\":\"k/1\",\"metadata\":{\"signature\":\"aa\",\"x-amz-meta-signature\":\"bb\"}}",
	    "{\"key\":\"k/1\",\"metadata\":{\"signature\":\"aa\",\"signature\":\"bb\"}}",
	    "{\"key\":\"k/1\",\"key\":\"k/2\",\"metadata\":{\"signature\":\"aa\"}}",
	    "{\"key\":\"\",\"metadata\":{\"signature\":\"aa\"}}", "{\"key\":\"k/1\",\"metadata\":{\"signature\":\"\"}}",
	    "{\"key\":\"k/1\",\"Key\":\"k/2\",\"metadata\":{\"signature\":\"aa\"}}",
	    "{\"key\":\"k/1\",\"metadata\":{\"signature\":\"aa\"},\"Type\":\"folder\"}",
	    "{\"key\":\"k/1\",\"metadata\":{\"signature\":1}}", "{\"key\":\"k/1\",\"metadata\":{\"signature\":\"a\ta\"}}",
	    "{\"key\":\"k/1\",\"metadata\":{\"signature\":\"a\xff\"}}", "{\"key\":\"k/1\",\"metadata\":{\"signature\":\"\xc3\xa9\"}}",
	    "{\"key\":\"k/1\",\"metadata\":{}}", "{\"bucket\":\"k\",\"metadata\":{}}", "{\"key\":\"k/1\",\"metadata\":[]}",
	    "{\"key\":\"k/1\",\"metadata\":{\"signature\":\"aa\",}}", "{\"key\":\"k/1\",\"metadata\":{\"signature\":\"aa\"",
	};
	char escaped[1024];
	struct lf_meta_entry have[2];

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		uint32_t n;
		bool known;

		clear();
		known = add("k.json", lines[i]);
		n = meta.entries.n;
		assert_true(n <= 1);
		if (n == 1)
			have[0] = *entry(0);
		escape_k(lines[i], escaped);
		assert_int_equal(add("k.json", escaped), known);
		assert_int_equal(meta.entries.n, 2 * n);
		if (n == 1) {
			have[1] = *entry(1);
			check_text(have[1].bucket, have[0].bucket);
			check_text(have[1].key, have[0].key);
			assert_ptr_equal(have[1].signature, have[0].signature);
			check_text(have[1].algorithm, have[0].algorithm);
		}
	}
}

static void
test_broken_lines(void **state)
{
	(void)state;
	assert_true(add("m",
	    "{\"key\":\"1\",\"metadata\":{\"signature\":\"aa\"}}\n"
	    "{\"key\":\"2\",\"metadata\":{\"signature\":\"bb\"\n"
	    "{\"key\":\"3\",\"metadata\":{\"signature\":\"cc\"}}\n"
	    "nonsense\n"
	    "{\"key\":\"4\",\"key\":\"5\",\"metadata\":{\"signature\":\"dd\"}}\n"
	    "{\"key\":\"6\",\"metadata\":{\"signature\":\"ee\"}}\n"
	    "{\"key\":\"7\",\"metadata\":{\"signature\":"));
	assert_int_equal(meta.entries.n, 3);
	check(0, NULL, "1", "aa");
	check(1, NULL, "3", "cc");
	check(2, NULL, "6", "ee");
}

static const char head_object[] =
    "{\n    \"AcceptRanges\": \"bytes\",\n    \"ContentLength\": 1290,\n    \"ETag\": \"\\\"x\\\"\",\n"
    "    \"ContentEncoding\": \"gzip\",\n    \"Metadata\": {\n        \"signature\": \"aa\",\n"
    "        \"signature-algorithm\": \"SHA256withRSA\"\n    }\n}\n";

static void
test_head_object_names(void **state)
{
	static const struct {
		const char *file, *key;
	} names[] = {
	    {"f/" D ".json.gz.meta.json", "f/" D ".json.gz"},
	    {D ".json.gz.META.JSON", D ".json.gz"},
	    {D ".json.gz.head.json", D ".json.gz"},
	    {D ".json.gz.json", D ".json.gz"},
	    {D ".json.meta.json", D ".json"},
	    {D ".meta.json", D},
	    {D ".head.json", D},
	    {D ".json.gz.metadata", D ".json.gz"},
	    {D ".json.gz", D ".json.gz"},
	    {"copy.tar!f/" D ".json.gz.meta.json", "copy.tar!f/" D ".json.gz"},
	};

	(void)state;
	for (uint32_t i = 0; i < COUNT(names); i++) {
		assert_true(add(names[i].file, head_object));
		check(i, NULL, names[i].key, "aa");
		assert_int_equal(matches(KEY), i + 1);
	}
}

/* Several answers without names in one file: one of them would be taken for another's. */
static void
test_nameless(void **state)
{
	char two[2 * sizeof(head_object)];

	(void)state;
	snprintf(two, sizeof(two), "%s%s", head_object, head_object);
	assert_true(add(D ".json.gz.meta.json", two));
	assert_int_equal(meta.entries.n, 1);
	clear();
	*strstr(two, "\"aa\"") = '"';
	memcpy(strstr(two, "\"aa\""), "\"ab\"", 4);
	assert_false(add(D ".json.gz.meta.json", two));
	assert_int_equal(meta.entries.n, 0);
	assert_true(add("m", "{\"Metadata\":{\"signature\":\"aa\"}} {\"Metadata\":{\"signature\":\"bb\"}}"
	    "{\"Key\":\"k\",\"Metadata\":{\"signature\":\"cc\"}}"));
	assert_int_equal(meta.entries.n, 1);
	check(0, NULL, "k", "cc");
}

static void
test_boto3(void **state)
{
	(void)state;
	assert_true(add("dump.json", "[{\"Bucket\":\"b\",\"Key\":\"" KEY "\",\"ResponseMetadata\":{\"HTTPStatusCode\":200},"
	    "\"Metadata\":{\"Signature\":\"aa\",\"Signature-Algorithm\":\"SHA256withRSA\"}},\n"
	    " {\"Bucket\":\"b\",\"Key\":\"other\",\"Metadata\":{\"signature\":\"bb\"}}]"));
	assert_int_equal(meta.entries.n, 2);
	check(0, "b", KEY, "aa");
	assert_string_equal(entry(0)->algorithm, "SHA256withRSA");
	check(1, "b", "other", "bb");
}

static void
test_rclone(void **state)
{
	(void)state;
	assert_true(add("rclone.json",
	    "[\n{\"Path\":\"AWSLogs\",\"Name\":\"AWSLogs\",\"Size\":-1,\"IsDir\":true,\"Metadata\":{\"signature\":\"no\"}},\n"
	    "{\"Path\":\"" KEY "\",\"Name\":\"" D ".json.gz\",\"Size\":1,\"IsDir\":false,"
	    "\"Metadata\":{\"btime\":\"x\",\"signature\":\"aa\",\"tier\":\"STANDARD\"}},\n"
	    "{\"Path\":\"log.json.gz\",\"Name\":\"log.json.gz\",\"IsDir\":false,\"Metadata\":{\"tier\":\"STANDARD\"}},\n"
	    "{\"Path\":\"x/CloudTrail-Digest_2\",\"IsDir\":false,\"Metadata\":{\"tier\":\"STANDARD\"}}\n]\n"));
	assert_int_equal(meta.entries.n, 2); /* a log says nothing worth keeping; a digest without a signature does */
	check(0, NULL, KEY, "aa");
	check(1, NULL, "x/CloudTrail-Digest_2", NULL);
}

static void
test_mc(void **state)
{
	(void)state;
	assert_true(add("mc.json",
	    "{\n \"status\": \"success\",\n \"name\": \"alias/bucket/" KEY "\",\n \"type\": \"file\",\n \"metadata\": {\n"
	    "  \"Content-Type\": \"application/json\",\n  \"X-Amz-Meta-Signature\": \"aa\",\n"
	    "  \"X-Amz-Meta-Signature-Algorithm\": \"SHA256withRSA\"\n }\n}\n"
	    "{\"status\":\"success\",\"name\":\"alias/bucket/AWSLogs/\",\"type\":\"folder\",\"metadata\":{\"signature\":\"no\"}}\n"
	    "{\"status\":\"success\",\"name\":\"k2\",\"type\":\"file\",\"metadata\":{\"x-amz-meta-signature\":\"bb\"}}\n"));
	assert_int_equal(meta.entries.n, 2);
	check(0, NULL, "alias/bucket/" KEY, "aa");
	check(1, NULL, "k2", "bb");
	assert_int_equal(matches(KEY), 1);
}

/* ---- Headers ---- */

static void
test_headers(void **state)
{
	(void)state;
	assert_true(add(D ".json.gz.headers",
	    "HTTP/1.1 200 OK\r\nETag: \"x\"\r\nX-Amz-Meta-Signature-Algorithm: SHA256withRSA\r\n"
	    "x-amz-meta-signature:   aa  \r\nServer: AmazonS3\r\n\r\n"));
	check(0, NULL, D ".json.gz", "aa");
	assert_string_equal(entry(0)->algorithm, "SHA256withRSA");
	assert_true(add(D ".json.gz.headers.txt", "\xef\xbb\xbf\n\netag: x\nx-amz-meta-signature: bb"));
	check(1, NULL, D ".json.gz", "bb");
	assert_int_equal(matches(KEY), 2);
	clear(); /* a redirect in front of the answer */
	assert_true(add("x.headers", "HTTP/1.1 301 Moved\r\nLocation: y\r\n\r\nHTTP/1.1 200 OK\r\nx-amz-meta-signature: cc\r\n\r\n"));
	assert_int_equal(meta.entries.n, 1);
	check(0, NULL, "x", "cc");
}

static void
test_requests(void **state)
{
	(void)state;
	assert_true(add("dump.txt",
	    "HEAD /bucket/AWSLogs/1/x%20y%3A%2Bz.json.gz?X-Amz-Signature=1 HTTP/1.1\r\n"
	    "Host: s3.us-east-1.amazonaws.com\r\n\r\n"
	    "HTTP/1.1 200 OK\r\nx-amz-meta-signature: aa\r\n\r\n"
	    "HEAD /AWSLogs/2 HTTP/1.1\r\nHost: my.bucket.s3.us-east-1.amazonaws.com\r\n\r\n"
	    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nx-amz-meta-signature: bb\r\n\r\n"
	    "GET https://b.s3-us-west-2.amazonaws.com/AWSLogs/3#f HTTP/2\r\nhost: b.s3-us-west-2.amazonaws.com\r\n"
	    "\r\nHTTP/2 200\r\nx-amz-meta-signature: cc\r\n\r\nx-amz-meta-signature: of a body\r\n"
	    "GET /never HTTP/1.1\r\nx-amz-meta-signature: dd\r\n"));
	assert_int_equal(meta.entries.n, 3);
	check(0, NULL, "bucket/AWSLogs/1/x y:+z.json.gz", "aa");
	check(1, "my.bucket", "AWSLogs/2", "bb");
	check(2, "b", "AWSLogs/3", "cc");
}

static void
test_curl_verbose(void **state)
{
	(void)state;
	assert_true(add("curl.txt",
	    "*   Trying 192.0.2.1:443...\n* Connected\n> HEAD /k.json.gz HTTP/1.1\n> Host: b.s3.amazonaws.com\n> \n"
	    "* Mark bundle as not supporting multiuse\n< HTTP/1.1 200 OK\n< x-amz-meta-signature: aa\n< \n"));
	assert_int_equal(meta.entries.n, 1);
	check(0, "b", "k.json.gz", "aa");
}

/* Two answers and no request: whose is which? */
static void
test_headers_ambiguous(void **state)
{
	(void)state;
	assert_false(add(D ".headers", "HTTP/1.1 200 OK\r\nx-amz-meta-signature: aa\r\n\r\n"
	    "HTTP/1.1 200 OK\r\nx-amz-meta-signature: bb\r\n\r\n"));
	assert_int_equal(meta.entries.n, 0);
}

/* ---- What is no metadata ---- */

static void
test_not_known(void **state)
{
	static const char *const texts[] = {
	    "", " \n", "{", "[", "{}", "[]", "[[[]]]", "null", "\"metadata\"", "12", "{\"Records\":[]}",
	    "{\"metadata\":\"signature\"}", "{\"metadata\":[\"signature\"]}", "{\"metadata\":null,\"key\":\"k\"}",
	    "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"labels\":{}}}", "{\"metadata\":{\"signature\":1}}",
	    "{\"metadata\":{\"signature\":{\"signature\":\"aa\"}}}", "{\"metadata\":{\"signature\":\"a\\u0000b\"}}",
	    "<html>metadata x-amz-meta-signature: aa</html>", "HTTP/1.1 200 OK\r\nETag: x\r\n\r\n",
	    "x-amz-meta-other: aa\r\n", "GET / HTTP/1.1\r\n\r\n", "metadata: x-amz-meta-",
	    "body first\r\n\r\nx-amz-meta-signature: aa\r\n", "\x1f\x8b\x08 x-amz-meta-signature: aa",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		assert_false(add(D ".meta.json", texts[i]));
		assert_int_equal(meta.entries.n, 0);
	}
}

static void
test_wrong_types(void **state)
{
	(void)state;
	assert_true(add("m", "{\"bucket\":7,\"key\":\"k\",\"metadata\":{\"signature\":[],\"signature-algorithm\":\"x\","
	    "\"backfill-generation-timestamp\":{}}}"));
	check(0, NULL, "k", NULL);
	assert_string_equal(entry(0)->algorithm, "x");
	assert_null(entry(0)->backfill);
	clear();
	assert_true(add("a/b.meta.json", "{\"key\":{},\"path\":[],\"name\":\"\",\"metadata\":{\"signature\":\"aa\"}}"));
	check(0, NULL, "a/b", "aa");
}

static void
test_hostile(void **state)
{
	size_t n = 3 << 20;
	char *text = malloc(n + 100);

	(void)state;
	assert_non_null(text);
	memset(text, '[', n);
	strcpy(text + n, "metadata");
	assert_false(add("deep", text));
	memset(text, 'k', n); /* a key that is far too long */
	memcpy(text, "{\"metadata\":{\"signature\":\"aa\"},\"key\":\"", 38);
	strcpy(text + n, "\"}");
	assert_true(add("long", text));
	assert_int_equal(meta.entries.n, 0);
	for (size_t i = 0; i + 5 <= n; i += 5) /* arrays that never end */
		memcpy(text + i, "[{},\n", 5);
	strcpy(text + n - 10, "metadata");
	assert_false(add("endless", text));
	for (size_t i = 0; i + 12 <= n; i += 12) /* documents that never end */
		memcpy(text + i, "{\"metadata\":", 12);
	text[n] = '\0';
	assert_false(add("nested", text));
	free(text);
}

static void
test_random(void **state)
{
	static const char seed_text[] = "[{\"Key\":\"k\",\"Metadata\":{\"signature\":\"aa\",\"signature-algorithm\":\"x\"}}]\n"
	    "HEAD /a%20 HTTP/1.1\r\nHost: b.s3.x\r\n\r\nHTTP/1.1 200 OK\r\nx-amz-meta-signature: aa\r\n\r\n";
	uint64_t seed = 9;
	char text[sizeof(seed_text)];

	(void)state;
	for (int round = 0; round < 20000; round++) {
		size_t from = round % 2 == 0 ? 0 : (size_t)(strchr(seed_text, '\n') - seed_text) + 1;
		size_t len = sizeof(seed_text) - 1 - from;

		memcpy(text, seed_text + from, len);
		for (int k = 0; k < 1 + round % 3; k++) {
			uint64_t r = scratch_random(&seed);
			text[r % len] = (char)(r >> 40);
		}
		len = round % 5 == 0 ? (size_t)(scratch_random(&seed) % len) : len;
		(void)add_bytes("f", text, len);
	}
	clear();
}

/* ---- Finding ---- */

static void
test_next(void **state)
{
	struct lf_meta_entry *e;
	size_t cursor = 0;

	(void)state;
	assert_true(add("1", "{\"key\":\"" KEY "\",\"metadata\":{\"signature\":\"aa\"}}"));
	assert_true(add("2", "{\"key\":\"copy/" D ".json\",\"metadata\":{\"signature\":\"bb\"}}"));
	assert_true(add("3", "{\"key\":\"1_CLOUDTRAIL-digest_us-east-1_t_us-east-1_20240301t000000z.JSON.GZ\","
	    "\"metadata\":{\"signature\":\"cc\"}}"));
	assert_true(add("4", "{\"key\":\"other/" D "x.json.gz\",\"metadata\":{\"signature\":\"dd\"}}"));
	assert_true(add("5", "{\"key\":\"a b:c.json.gz\",\"metadata\":{\"signature\":\"ee\"}}"));
	for (int i = 0; i < 3; i++) {
		e = lf_meta_next(&meta, "elsewhere/" D ".json.gz", &cursor);
		assert_non_null(e);
		assert_ptr_equal(e, entry((uint32_t)i)); /* in the order of reading */
		e->used = true;
	}
	assert_null(lf_meta_next(&meta, "elsewhere/" D ".json.gz", &cursor));
	assert_int_equal(matches(D), 3);
	assert_int_equal(matches(D ".gz"), 0);
	assert_int_equal(matches("a_b_c.json"), 1);
	assert_int_equal(matches("x/a%b?c"), 1);
	assert_int_equal(matches("a-b-c.json"), 0);
	assert_int_equal(matches(""), 0);
	lf_meta_free(NULL);
}

/* ---- Files and folders ---- */

static void
test_load(void **state)
{
	struct lf_err err;

	(void)state;
	scratch_text("m/b/" D ".json.gz.meta.json", head_object);
	scratch_text("m/a.jsonl", "{\"key\":\"k\",\"metadata\":{\"signature\":\"cc\"}}");
	scratch_text("m/log.json", "{\"Records\":[]}");
	scratch_write("m/log.json.gz", "\x1f\x8b\x08\0\0\0\0\0\0\3", 10);
	scratch_text("m/empty", "");
	assert_int_equal(symlink("a.jsonl", scratch_path("m/link.jsonl")), 0);
	assert_int_equal(mkfifo(scratch_path("m/fifo"), 0644), 0);
	assert_int_equal(lf_meta_load(&meta, scratch_path("m"), &err), 0);
	assert_int_equal(meta.entries.n, 2);
	check(0, NULL, "k", "cc");
	assert_string_equal(entry(0)->from, scratch_path("m/a.jsonl"));
	check(1, NULL, scratch_path("m/b/" D ".json.gz"), "aa");
	clear();
	assert_int_equal(lf_meta_load(&meta, scratch_path("m/link.jsonl"), &err), 0); /* named itself */
	assert_int_equal(meta.entries.n, 1);
}

static void
test_load_refused(void **state)
{
	struct lf_err err;

	(void)state;
	scratch_text("log.json", "{\"Records\":[]}");
	assert_int_equal(mkdir(scratch_path("nothing"), 0755), 0);
	assert_int_equal(mkfifo(scratch_path("fifo"), 0644), 0);
	assert_int_equal(lf_meta_load(&meta, scratch_path("absent"), &err), -1);
	assert_non_null(strstr(err.msg, "No such file or directory"));
	assert_int_equal(lf_meta_load(&meta, "", &err), -1);
	assert_int_equal(lf_meta_load(&meta, scratch_path("log.json"), &err), -1);
	assert_non_null(strstr(err.msg, "holds no S3 object metadata in a form that is known"));
	assert_int_equal(lf_meta_load(&meta, scratch_path("nothing"), &err), -1);
	assert_non_null(strstr(err.msg, "holds no S3 object metadata in a form that is known"));
	assert_int_equal(lf_meta_load(&meta, "/dev/null", &err), -1);
	assert_non_null(strstr(err.msg, "is no file"));
}

/* A file over the cap is refused when it looks like metadata, and passed over in a folder when not. */
static void
test_load_large(void **state)
{
	struct lf_err err;
	char path[300];

	(void)state;
	scratch_text("m/large.json", "{\"metadata\":{\"signature\":\"aa\"}}\n");
	scratch_text("m/small.json", "{\"metadata\":{\"signature\":\"aa\"}}\n");
	snprintf(path, sizeof(path), "%s", scratch_path("m/large.json"));
	assert_int_equal(truncate(path, (off_t)LF_MAX_META + 1), 0);
	assert_int_equal(lf_meta_load(&meta, scratch_path("m"), &err), -1);
	assert_non_null(strstr(err.msg, "m/large.json is larger than the cap of 268435456 bytes on a file of metadata"));
	scratch_text("m/large.json", "{\"Records\":[]}");
	assert_int_equal(truncate(path, (off_t)LF_MAX_META + 1), 0);
	assert_int_equal(lf_meta_load(&meta, scratch_path("m"), &err), 0);
	assert_int_equal(meta.entries.n, 1);
}

static void
test_load_no_right(void **state)
{
	uid_t me = geteuid();
	struct lf_err err;
	char path[300];
	int rc[2];

	(void)state;
	scratch_text("m/a.json", "{\"metadata\":{\"signature\":\"aa\"}}\n");
	scratch_text("m/closed/file", "x");
	assert_int_equal(chmod(scratch, 0755), 0);
	snprintf(path, sizeof(path), "%s", scratch_path("m"));
	assert_int_equal(chmod(scratch_path("m/closed"), 0), 0);
	if (me == 0)
		assert_int_equal(seteuid(65534), 0);
	rc[0] = lf_meta_load(&meta, path, &err);
	if (me == 0)
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(rc[0], -1);
	assert_non_null(strstr(err.msg, "m/closed: Permission denied"));
	assert_int_equal(chmod(scratch_path("m/closed"), 0755), 0);
	assert_int_equal(chmod(scratch_path("m/closed/file"), 0), 0);
	if (me == 0)
		assert_int_equal(seteuid(65534), 0);
	rc[1] = lf_meta_load(&meta, path, &err);
	if (me == 0)
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(rc[1], -1);
	assert_non_null(strstr(err.msg, "m/closed/file: Permission denied"));
}

static int
chaos_step(void)
{
	struct lf_err err = {""};
	struct lf_meta m;
	int rc;

	lf_meta_init(&m);
	rc = lf_meta_load(&m, scratch, &err);
	if (rc == -1 && strcmp(err.msg, "out of memory") != 0)
		rc = 1;
	if (rc == 0 && m.entries.n != 3)
		rc = 1;
	lf_meta_free(&m);
	return rc;
}

static void
test_out_of_memory(void **state)
{
	(void)state;
	if (!CHAOS)
		skip();
	scratch_text("a.json", head_object);
	scratch_text("b", "[{\"key\":\"k\",\"bucket\":\"b\",\"metadata\":{\"signature\":\"cc\"}}]");
	scratch_text("c.txt", "HEAD /k HTTP/1.1\r\n\r\nHTTP/1.1 200 OK\r\nx-amz-meta-signature: aa\r\n");
	assert_true(chaos_run(chaos_step) > 20);
}

int
main(void)
{
#define WITH_META(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		WITH_META(test_own_lines),
		WITH_META(test_plain_as_jansson),
		WITH_META(test_broken_lines),
		WITH_META(test_head_object_names),
		WITH_META(test_nameless),
		WITH_META(test_boto3),
		WITH_META(test_rclone),
		WITH_META(test_mc),
		WITH_META(test_headers),
		WITH_META(test_requests),
		WITH_META(test_curl_verbose),
		WITH_META(test_headers_ambiguous),
		WITH_META(test_not_known),
		WITH_META(test_wrong_types),
		WITH_META(test_hostile),
		WITH_META(test_random),
		WITH_META(test_next),
		WITH_META(test_load),
		WITH_META(test_load_refused),
		WITH_META(test_load_large),
		WITH_META(test_load_no_right),
		WITH_META(test_out_of_memory),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("meta", tests, NULL, NULL);
}
