/* What a worker makes of one object: read, parsed, and on its way into the body of evidence. */
#ifndef LF_PROOF_PRODUCT_H
#define LF_PROOF_PRODUCT_H

#include "proof/body.h"

struct lf_product {
	enum lf_kind kind;
	uint32_t source;
	struct lf_gzip gz;  /* data is not valid any more */
	unsigned char hash[LF_SHA256_LEN], stored_hash[LF_SHA256_LEN];
	bool unreadable;
	struct lf_digest *digest;
	struct lf_lake *lake;
	char *text;         /* of metadata */
	size_t text_len;
	char *problem;      /* why it was not read, or is malformed */
	char *signature, *backfill; /* extended attributes, or NULL */
	struct lf_log_scan *scan;
	struct lf_arena arena; /* of the scan */
	uint32_t tag;       /* of a log: lf_index_tag() of its base name's hash */
	struct lf_s3key key; /* of the place; its slices point into locator */
	size_t len, place;  /* of locator, and the offset of place in it */
	char locator[];
};

/*
 * For struct lf_reader, many threads at once; arg is the body.  Parses digests and looks into logs that are not proved.
 */
int lf_product_work(void *arg, const struct lf_object *o, void **product, struct lf_err *err);
void lf_product_drop(void *arg, void *product);

#endif
