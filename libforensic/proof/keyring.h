/*
 * The public keys that the examiner gives (trail-evidence(7), KEY FILES): the only root of trust.
 */
#ifndef LF_PROOF_KEYRING_H
#define LF_PROOF_KEYRING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/index.h"
#include "base/list.h"
#include "base/rsa.h"

struct lf_key {
	struct lf_rsa *rsa;
	char fingerprint[33]; /* MD5 of the DER as published, lower hex */
	char stated[33];      /* Fingerprint as published, lower case; "" without */
	char pkcs1[33], spki[33]; /* what its fingerprint is in either form: digests may name the other one */
	int64_t valid_from, valid_until; /* published validity, LF_TIME_NONE without */
	uint32_t file;        /* place in files */
	bool used;            /* a signature held under it */
};

struct lf_keyfile {
	const char *name;
	char sha256[65];
	uint32_t n_keys;
};

struct lf_keyring {
	struct lf_list keys;  /* struct lf_key */
	struct lf_list files; /* struct lf_keyfile */
	struct lf_index by_fingerprint;
	struct lf_arena arena;
};

void lf_keyring_init(struct lf_keyring *k);
void lf_keyring_free(struct lf_keyring *k);

/*
 * Adds the keys of a file: list-public-keys output (one or more documents), PEM or DER, PKCS#1 or SPKI.  Fails when it
 * cannot be read, holds no key, or holds one that cannot be used.  Anything readable will do, devices too.
 */
int lf_keyring_load(struct lf_keyring *k, const char *path, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

/* The keys published or computed under a fingerprint (any case), one a call: *cursor = 0 at first, NULL at the end. */
struct lf_key *lf_keyring_next(const struct lf_keyring *k, const char *fingerprint, size_t *cursor);

#endif
