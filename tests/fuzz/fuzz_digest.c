/* A digest file of any bytes; what is accepted jansson reads strictly, and says the same of it. */
#include "base/json.h"
#include "fuzz.h"
#include "record/digest.h"

static void
same(const json_t *theirs, const char *name, const char *ours)
{
	const char *s = json_string_value(json_object_get(theirs, name));

	HOLDS(s == NULL ? ours == NULL || ours[0] == '\0' : ours != NULL && strcmp(s, ours) == 0);
}

/* jansson alone refuses lone surrogates, U+0000 in names and numbers beyond its range. */
static void
compare(const struct lf_digest *d, const char *text, size_t size)
{
	json_t *theirs = json_loadb(text, size, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
	bool nul = memmem(text, size, "\\u0000", 6) != NULL;

	if (theirs == NULL || nul) {
		json_decref(theirs);
		return;
	}
	same(theirs, "awsAccountId", d->account);
	same(theirs, "digestEndTime", d->end_text);
	same(theirs, "digestS3Bucket", d->bucket);
	same(theirs, "digestS3Object", d->key);
	same(theirs, "previousDigestS3Bucket", d->prev_bucket);
	same(theirs, "previousDigestS3Object", d->prev_key);
	same(theirs, "previousDigestSignature", d->prev_signature);
	HOLDS(json_array_size(json_object_get(theirs, "logFiles")) == d->n_logs);
	for (uint32_t i = 0; i < d->n_logs; i++) {
		const json_t *log = json_array_get(json_object_get(theirs, "logFiles"), i);

		same(log, "s3Bucket", d->logs[i].bucket);
		same(log, "s3Object", d->logs[i].key);
	}
	json_decref(theirs);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_copy(data, size);
	char problem[160] = "";
	struct lf_digest *d = NULL;
	struct lf_err err;

	HOLDS(lf_digest_parse(text, size, &d, problem, sizeof(problem), &err) == 0);
	if (d != NULL) {
		HOLDS(d->is_start == (d->prev_key == NULL) && d->start != LF_TIME_NONE && d->end != LF_TIME_NONE);
		HOLDS(fuzz_inside(d->name.base, d->key, strlen(d->key)));
		compare(d, text, size);
	} else {
		HOLDS(problem[0] != '\0' && memchr(problem, '\0', sizeof(problem)) != NULL);
	}
	lf_digest_sniff(text, size);
	lf_digest_free(d);
	free(text);
	return 0;
}
