/*
 * The signature file of a CloudTrail Lake export, result_sign.json (AWS CloudTrail user guide, "Validate saved query
 * results").
 */
#ifndef LF_RECORD_LAKE_H
#define LF_RECORD_LAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct lf_lake_file {
	const char *name;
	const char *hash_text; /* fileHashValue verbatim: part of what is signed */
	unsigned char hash[LF_SHA256_LEN]; /* SHA-256 of the compressed file */
	bool usable;           /* 64 hex digits, and a name without '/' and other than "." and ".." */
};

struct lf_lake {
	const char *region, *hash_algorithm, *signature_algorithm, *query_complete_time;
	const char *signature; /* hex */
	const char *fingerprint;
	struct lf_lake_file *files;
	uint32_t n_files;
	struct lf_arena arena;
};

/* As lf_digest_parse(). */
int lf_lake_parse(const char *text, size_t len, struct lf_lake **out, char *problem, size_t problem_size,
    struct lf_err *err) __attribute__((warn_unused_result, nonnull));
void lf_lake_free(struct lf_lake *l);
bool lf_lake_sniff(const char *text, size_t len);

/* Appends the string that is signed: the hashes in array order joined by one space. */
void lf_lake_signed(const struct lf_lake *l, struct lf_buf *out);

#endif
