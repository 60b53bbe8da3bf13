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
	bool given;                          /* it is among the evidence given */
	bool carved;                         /* set by lf_carve_proof_of() */
	/* eventTime, as the digest states them; LF_TIME_NONE when it states none */
	int64_t oldest, newest;
	const char *bucket, *key, *digest;   /* digest: its key */
};

/* A digest. */
struct lf_carve_digest {
	unsigned char sha256[LF_SHA256_LEN]; /* of its inflated bytes */
	bool verified;
	const char *key;
};

/* Each list ascending by sha256, verified ones first, then by key. */
struct lf_carve_proof {
	struct lf_carve_listed *listed;
	size_t n_listed;
	struct lf_carve_digest *digests;
	size_t n_digests;
	size_t n_given; /* of them and of their copies: what the evidence given holds */
	struct lf_arena strings;
};

struct lf_case; /* of the digests' evidence and the carved files, with the keys */

/* carved: the operand of c that are the carved files. */
int lf_carve_prove(struct lf_case *c, const char *carved, struct lf_carve_proof *out, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));
void lf_carve_proof_free(struct lf_carve_proof *p);

/*
 * What digests say of whole content: LF_CARVE_AUTHENTIC or LF_CARVE_LISTED for a log that one lists, AUTHENTIC for a
 * digest that is verified; else as it was.  Marks the logs of this content as carved.  *by (may be NULL) is the
 * digest's key, or NULL.
 */
enum lf_carve_state lf_carve_proof_of(struct lf_carve_proof *p, enum lf_carve_kind kind, enum lf_carve_state was,
    const unsigned char sha256[LF_SHA256_LEN], const char **by);

#endif
