/* A digest file (AWS CloudTrail user guide, "CloudTrail digest file structure"). */
#ifndef LF_RECORD_DIGEST_H
#define LF_RECORD_DIGEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "record/s3key.h"

struct lf_digest_log { /* one of logFiles */
	const char *bucket, *key;
	unsigned char hash[LF_SHA256_LEN];
	bool hash_known;         /* hashAlgorithm is "SHA-256" and hashValue is 64 hex digits */
	const char *algorithm;
	int64_t oldest, newest;  /* LF_TIME_NONE when null or absent */
};

struct lf_digest {
	const char *account;
	int64_t start, end;
	const char *end_text;    /* digestEndTime verbatim: part of what is signed */
	const char *bucket, *key;
	const char *fingerprint; /* "" when absent */
	const char *signature_algorithm; /* "" when absent */
	int64_t oldest, newest;  /* LF_TIME_NONE when null */
	bool is_start;           /* all five previous* are null */
	const char *prev_bucket, *prev_key, *prev_algorithm, *prev_signature; /* NULL when null */
	unsigned char prev_hash[LF_SHA256_LEN];
	bool prev_hash_known;
	struct lf_s3key name;    /* key, read */
	struct lf_digest_log *logs;
	uint32_t n_logs;
	struct lf_arena arena;   /* all strings */
};

/*
 * Reads a digest from its inflated bytes.  *out is NULL when it is malformed, and then problem (at least 160
 * bytes) says what, with the offset, and the rule.  Refused: JSON that is not whole, anything behind it, required
 * fields absent or of the wrong type, duplicate fields, times in another form, one to four of the five
 * previous* null.  Returns -1 only when memory is out.
 */
int lf_digest_parse(const char *text, size_t len, struct lf_digest **out, char *problem, size_t problem_size,
    struct lf_err *err) __attribute__((warn_unused_result, nonnull));
void lf_digest_free(struct lf_digest *d);

/*
 * Whether inflated bytes look like a digest (for classification): an object with a digest's own fields near its start.
 */
bool lf_digest_sniff(const char *text, size_t len);

#endif
