/*
 * Which carved logs a digest lists: the digests of the evidence given and those that were carved, proved as one body
 * together with the whole files of the output directory.
 */
#ifndef LF_CARVE_PROVE_H
#define LF_CARVE_PROVE_H

#include "base/arena.h"
#include "base/err.h"
#include "carve/find.h"

/* A log that a digest lists. */
struct lf_carve_listed {
	unsigned char sha256[LF_SHA256_LEN]; /* of its inflated bytes */
	bool verified;                       /* the digest is */
	const char *bucket, *key, *digest;   /* digest: its key */
	bool carved, given;                  /* its content is among the files carved; among the evidence given */
};

/* A digest, by the SHA-256 of its inflated bytes. */
struct lf_carve_digest {
	unsigned char sha256[LF_SHA256_LEN];
	bool verified;
	const char *key;
};

/* Each list ascending by sha256, then bucket and key. */
struct lf_carve_proof {
	struct lf_carve_listed *listed;
	size_t n_listed;
	struct lf_carve_digest *digests;
	size_t n_digests;
	struct lf_arena strings;
};

struct lf_case; /* of the digests' evidence and DIR/files, with the keys */
int lf_carve_prove(struct lf_case *c, struct lf_carve_proof *out, struct lf_err *err) __attribute__((warn_unused_result, nonnull));
void lf_carve_proof_free(struct lf_carve_proof *p);
/* What a digest says of content: AUTHENTIC, LISTED, or WHOLE where none lists it; *by (may be NULL) one that does. */
enum lf_carve_state lf_carve_proof_of(const struct lf_carve_proof *p, const unsigned char sha256[LF_SHA256_LEN], const struct lf_carve_listed **by);

#endif
