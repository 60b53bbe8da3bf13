/*
 * A multimap from 64-bit hashes to 32-bit numbers (places in a list): open addressing, 8 bytes a
 * slot.  It finds candidates; the caller compares.  Equal hashes come back in the order of insertion, and adding
 * takes the same time however many share one.
 */
#ifndef LF_BASE_INDEX_H
#define LF_BASE_INDEX_H

#include <stddef.h>
#include <stdint.h>

struct lf_index_slot;
struct lf_index_hot;
struct lf_index {
	struct lf_index_slot *slots;
	size_t n, cap; /* cap: a power of two, or 0 */
	struct lf_index_hot *hot; /* of hashes that very many values share, or NULL */
};

#define LF_INDEX_END UINT32_MAX

void lf_index_init(struct lf_index *x);
void lf_index_free(struct lf_index *x);

/* Adds value (below LF_INDEX_END) under hash.  Returns 0, or -1 when memory is out. */
int lf_index_add(struct lf_index *x, uint64_t hash, uint32_t value) __attribute__((warn_unused_result));

/*
 * Walks the values whose stored hash bits agree with hash (a few that do not may be among
 * them): start with *cursor = 0, go on until LF_INDEX_END.
 */
uint32_t lf_index_next(const struct lf_index *x, uint64_t hash, size_t *cursor);

/* The 32 bits of a hash that are kept: who has many hashes to remember keeps these. */
uint32_t lf_index_tag(uint64_t hash);
int lf_index_add_tag(struct lf_index *x, uint32_t tag, uint32_t value) __attribute__((warn_unused_result));
uint32_t lf_index_next_tag(const struct lf_index *x, uint32_t tag, size_t *cursor);

/* A 64-bit hash of bytes (FNV-1a with a final mix): for tables, never for proof. */
uint64_t lf_index_hash(const void *bytes, size_t len);

#endif
