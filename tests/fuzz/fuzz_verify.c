/*
 * The whole of trail-verify over a small tree: a bundle.  The result must be JSON, the same with one thread and two, and without
 * keys nothing may be verified.
 */
#include <jansson.h>

#include "bundle.h"

#define ROOT   "b/AWSLogs/111122223333/"
#define DAY    "us-east-1/2024/03/01/111122223333_"
#define QUERY  ROOT "CloudTrail-Lake/Query/2024/03/01/d25cfaae-5fe3-4c09-bf48-1cb3a4268036/"
#define DIGEST(stamp) ROOT "CloudTrail-Digest/" DAY "CloudTrail-Digest_us-east-1_management-events_us-east-1_" stamp ".json.gz"
#define LOG(stamp) ROOT "CloudTrail/" DAY "CloudTrail_us-east-1_" stamp ".json.gz"

enum { KEYS, METADATA };
/* What the generator makes with the options in seeds.sh, and some more. */
static const char *const names[] = {
    "keys.json", "metadata.jsonl",
    DIGEST("20240301T010131Z"), DIGEST("20240301T020131Z"), DIGEST("20240301T030131Z"),
    LOG("20240301T0200Z_YS4mypPAY1mUlFjb"), LOG("20240301T0300Z_aTpFLW12LlWoyPzT"),
    QUERY "result_sign.json", QUERY "result_1.csv.gz",
    DIGEST("20240301T040131Z"), LOG("20240301T0205Z_AAAAAAAAAAAAAAAA"), LOG("20240301T0400Z_BBBBBBBBBBBBBBBB"),
    "b/x.tar", "b/notes.txt", "b/y/metadata.json",
};

/* ---- The run ---- */

/* What trail-verify would print, as text and as JSON; nothing when it could not begin. */
static void
verify(unsigned there, unsigned jobs, struct lf_buf *text, struct lf_buf *json)
{
	char keys[BUNDLE_PATH], meta[BUNDLE_PATH], bucket[BUNDLE_PATH];
	const char *k = keys, *m = meta, *e = bucket;
	struct lf_case_opts o = {.evidence = &e, .n_evidence = 1, .keys = &k, .n_keys = there >> KEYS & 1,
	    .metadata = &m, .n_metadata = there >> METADATA & 1, .since = LF_TIME_NONE, .until = LF_TIME_NONE, .jobs = jobs,
	    .max_object = (uint64_t)1 << 20};
	struct lf_write_opts w = {.detail = true, .reproducible = true};
	struct lf_result *r;
	struct lf_case *c;
	struct lf_err err;

	bundle_path(names[KEYS], keys);
	bundle_path(names[METADATA], meta);
	bundle_path("b", bucket);
	if (lf_case_open(&o, &c, &err) != 0) {
		HOLDS(err.msg[0] != '\0' && o.n_keys + o.n_metadata > 0);
		return;
	}
	HOLDS(lf_verify(c, true, &r, &err) == 0);
	HOLDS(o.n_keys > 0 || lf_result_verdict(r) != LF_VERIFIED);
	HOLDS(lf_result_write(r, &w, bundle_collect, text, &err) == 0);
	w.format = LF_JSON;
	HOLDS(lf_result_write(r, &w, bundle_collect, json, &err) == 0);
	HOLDS(!json->failed && !text->failed);
	lf_result_free(r);
	lf_case_free(c);
}

static void
is_json(const struct lf_buf *b)
{
	json_t *v = json_loadb(lf_buf_str(b), b->len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);

	HOLDS(v != NULL && json_is_string(json_object_get(v, "verdict")) && json_is_array(json_object_get(v, "findings")));
	json_decref(v);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lf_buf text, json, again;
	unsigned there;

	bundle_make(names, sizeof(names) / sizeof(names[0]));
	there = bundle_lay_out((struct fuzz_input){data, size});
	lf_buf_init(&text);
	lf_buf_init(&json);
	lf_buf_init(&again);
	verify(there, 1, &text, &json);
	if (json.len > 0) {
		is_json(&json);
		verify(there, 2, &text, &again);
		HOLDS(json.len == again.len && memcmp(json.data, again.data, json.len) == 0);
	}
	lf_buf_free(&text);
	lf_buf_free(&json);
	lf_buf_free(&again);
	return 0;
}
