/*
 * A fast hash under a secret key of this process: for telling equal values from different ones when whoever made the
 * values would like to be taken for somebody else.  Never for order, never for proof, never written down.
 */
#ifndef LF_BASE_SEED_H
#define LF_BASE_SEED_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct lf_seed {
	uint64_t k[4];
};

/* From the kernel's random numbers. */
int lf_seed_new(struct lf_seed *seed, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

/* 64 bits of hash, 8 bytes and more a cycle or two: who does not know the seed cannot make two inputs collide. */
uint64_t lf_seed_hash(const struct lf_seed *seed, const void *bytes, size_t len);

/* Mixes two numbers under the seed. */
uint64_t lf_seed_mix(const struct lf_seed *seed, uint64_t a, uint64_t b);

#endif
