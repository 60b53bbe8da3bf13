/* Signature files of CloudTrail Lake exports. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/text.h"
#include "record/lake.h"
#include "bytes.h"
#include "chaos.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define HASH1    "4309c6161e37538de72ec6f679e86b7e45aebed71fa7e76af70c3019fef44e19"
#define HASH2    "DE90c3b55016bc5fad9c12378ccc6fc38180a15bd95879305415572a4472b1a9"
#define FILES    "\"files\":[{\"fileHashValue\":\"" HASH1 "\",\"fileName\":\"result_1.csv.gz\"}," \
	"{\"fileName\":\"result_2.csv.gz\",\"fileHashValue\":\"" HASH2 "\"}]"

static const char *const head[] = {"\"region\":\"us-east-1\"", FILES, "\"hashAlgorithm\":\"SHA-256\"",
    "\"signatureAlgorithm\":\"SHA256withRSA\"", "\"queryCompleteTime\":\"2022-05-10T22:06:30Z\"",
    "\"hashSignature\":\"abcd\"", "\"publicKeyFingerprint\":\"67b9fa73676d86966b449dd677850753\""};

static struct lf_err err;
static char problem[256];

static struct lf_lake *
parse(const char *text, size_t len)
{
	char *copy = bytes_exact(text, len);
	struct lf_lake *l;

	problem[0] = '\0';
	assert_int_equal(lf_lake_parse(copy, len, &l, problem, sizeof(problem), &err), 0);
	free(copy);
	assert_int_equal(l == NULL, problem[0] != '\0');
	return l;
}

/* The good file with member i in another form; NULL leaves it out. */
static struct lf_buf
variant(size_t i, const char *member)
{
	struct lf_buf b;

	lf_buf_init(&b);
	lf_buf_puts(&b, "{\"version\":\"1.0\"");
	for (size_t k = 0; k < COUNT(head); k++) {
		const char *m = k == i ? member : head[k];

		if (m != NULL) {
			lf_buf_putc(&b, ',');
			lf_buf_puts(&b, m);
		}
	}
	lf_buf_putc(&b, '}');
	assert_false(b.failed);
	return b;
}

static void
refuse(struct lf_buf b, const char *what)
{
	struct lf_lake *l = parse(b.data, b.len);

	if (l != NULL || strstr(problem, what) == NULL)
		fail_msg("\"%s\" does not say \"%s\": %s", problem, what, b.data);
	lf_buf_free(&b);
}

static void
test_whole(void **state)
{
	struct lf_buf b = variant(COUNT(head), NULL), text;
	struct lf_lake *l = parse(b.data, b.len);
	unsigned char hash[LF_SHA256_LEN];

	(void)state;
	if (l == NULL)
		fail_msg("%s", problem);
	assert_true(lf_lake_sniff(b.data, b.len));
	assert_string_equal(l->region, "us-east-1");
	assert_string_equal(l->hash_algorithm, "SHA-256");
	assert_string_equal(l->signature_algorithm, "SHA256withRSA");
	assert_string_equal(l->query_complete_time, "2022-05-10T22:06:30Z");
	assert_string_equal(l->signature, "abcd");
	assert_string_equal(l->fingerprint, "67b9fa73676d86966b449dd677850753");
	assert_int_equal(l->n_files, 2);
	assert_string_equal(l->files[1].name, "result_2.csv.gz");
	assert_string_equal(l->files[1].hash_text, HASH2);
	assert_true(l->files[0].usable && l->files[1].usable);
	assert_true(lf_hex_decode(HASH2, 64, hash, sizeof(hash)));
	assert_memory_equal(l->files[1].hash, hash, sizeof(hash));
	lf_buf_init(&text);
	lf_lake_signed(l, &text);
	assert_string_equal(lf_buf_str(&text), HASH1 " " HASH2);
	lf_buf_free(&text);
	lf_buf_free(&b);
	lf_lake_free(l);
	lf_lake_free(NULL);
}

static void
test_truncated(void **state)
{
	struct lf_buf b = variant(COUNT(head), NULL);

	(void)state;
	for (size_t n = 0; n < b.len; n++) {
		if (parse(b.data, n) != NULL)
			fail_msg("cut to %zu bytes it is accepted", n);
		assert_memory_equal(problem, "offset ", 7);
	}
	lf_buf_puts(&b, " x");
	refuse(b, "bytes behind the JSON text");
}

static void
test_refused(void **state)
{
	char member[512];

	(void)state;
	for (size_t i = 0; i < COUNT(head); i++) {
		size_t name = (size_t)(strchr(head[i] + 1, '"') - head[i]) + 1;

		refuse(variant(i, NULL), "is missing");
		snprintf(member, sizeof(member), "%.*s:7", (int)name, head[i]);
		refuse(variant(i, member), "is a number");
		snprintf(member, sizeof(member), "%s,%.*s:null", head[i], (int)name, head[i]);
		refuse(variant(i, member), "stands there twice");
	}
	refuse(variant(1, "\"files\":[7]"), "an element of files is a number");
	refuse(variant(1, "\"files\":[{\"fileHashValue\":\"x\"}]"), "fileName is missing");
	refuse(variant(1, "\"files\":[{\"fileName\":\"x\",\"fileHashValue\":null}]"), "fileHashValue is null");
	refuse(variant(1, "\"files\":[{\"fileName\":\"x\\u0000\",\"fileHashValue\":\"" HASH1 "\"}]"), "holds U+0000");
	assert_null(parse("[]", 2));
	assert_null(parse("", 0));
	assert_null(parse("7", 1));
}

/* Names that lead elsewhere are kept for the message, and never used. */
static void
test_names(void **state)
{
	static const struct {
		const char *name, *hash;
		bool usable;
	} cases[] = {{"result_1.csv.gz", HASH1, true}, {"..", HASH1, false}, {".", HASH1, false}, {"", HASH1, false},
	    {"../x", HASH1, false}, {"a\\/b", HASH1, false}, {"\\/etc\\/passwd", HASH1, false}, {"..x", HASH1, true},
	    {"x", "", false}, {"x", HASH1 "0", false}, {"x", "zz", false}};
	char member[512];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct lf_lake *l;
		struct lf_buf b;

		snprintf(member, sizeof(member), "\"files\":[{\"fileName\":\"%s\",\"fileHashValue\":\"%s\"}]", cases[i].name,
		    cases[i].hash);
		b = variant(1, member);
		l = parse(b.data, b.len);
		if (l == NULL)
			fail_msg("%s", problem);
		assert_int_equal(l->n_files, 1);
		assert_int_equal(l->files[0].usable, cases[i].usable);
		lf_lake_free(l);
		lf_buf_free(&b);
	}
}

static void
test_no_files(void **state)
{
	struct lf_buf b = variant(1, "\"files\":[]"), text;
	struct lf_lake *l = parse(b.data, b.len);

	(void)state;
	assert_non_null(l);
	lf_buf_init(&text);
	lf_lake_signed(l, &text);
	assert_int_equal(text.len, 0);
	lf_lake_free(l);
	lf_buf_free(&b);
	assert_false(lf_lake_sniff("{\"files\":[]}", 12));
	assert_false(lf_lake_sniff("{\"publicKeyFingerprint\":\"\",\"queryCompleteTime\":\"\"}", 50));
	assert_true(lf_lake_sniff("{\"hashSignature\":\"\",\"queryCompleteTime\":\"", 41));
}

static int
step(void)
{
	static const char text[] = "{\"region\":\"us-east-1\"," FILES ",\"hashAlgorithm\":\"SHA-256\",\"signatureAlgorithm\":"
	    "\"SHA256withRSA\",\"queryCompleteTime\":\"x\",\"hashSignature\":\"ab\",\"publicKeyFingerprint\":\"67\"}";
	struct lf_lake *l;
	int rc = lf_lake_parse(text, sizeof(text) - 1, &l, problem, sizeof(problem), &err);

	rc = rc == 0 && l == NULL ? 1 : rc;
	lf_lake_free(l);
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
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_whole), cmocka_unit_test(test_truncated),
	    cmocka_unit_test(test_refused), cmocka_unit_test(test_names), cmocka_unit_test(test_no_files),
	    cmocka_unit_test(test_out_of_memory)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
