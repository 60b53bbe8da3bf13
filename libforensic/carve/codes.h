/* Huffman codes of DEFLATE (RFC 1951 sections 3.2.2 and 3.2.5 to 3.2.7) as tables to look up. */
#ifndef LF_CARVE_CODES_H
#define LF_CARVE_CODES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * An entry: bits 0-7 the length of the code, 8-11 how many extra bits follow it, 12-15 what it is (none of them: a
 * length or a distance), 16-31 the literal, or the base that the extra bits are added to.  LF_CODE_SUB: a longer code;
 * the value is where the table for it stands, and the extra bits how many more bits index that.
 */
#define LF_CODE_LITERAL 0x1000u
#define LF_CODE_END     0x2000u
#define LF_CODE_SUB     0x4000u
#define LF_CODE_BAD     0x8000u

/* Root bits, and the most entries that any set of codes takes with them. */
#define LF_CODES_LITERAL_BITS  11u
#define LF_CODES_LITERAL_ROOM  2342u
#define LF_CODES_DISTANCE_BITS 8u
#define LF_CODES_DISTANCE_ROOM 402u
#define LF_CODES_LENGTH_BITS   7u
#define LF_CODES_LENGTH_ROOM   128u

#define LF_CODES_LITERALS  288u
#define LF_CODES_DISTANCES 32u
#define LF_CODES_LENGTHS   19u

static inline unsigned
lf_code_len(uint32_t entry)
{
	return entry & 0xff;
}

static inline unsigned
lf_code_extra(uint32_t entry)
{
	return entry >> 8 & 0xf;
}

static inline unsigned
lf_code_value(uint32_t entry)
{
	return entry >> 16;
}

/* The entry for the code that the lowest bits of word begin with. */
static inline uint32_t
lf_code_find(const uint32_t *table, unsigned root, uint64_t word)
{
	uint32_t e = table[word & ((1u << root) - 1)];

	if (e & LF_CODE_SUB)
		e = table[lf_code_value(e) + (word >> root & ((1u << lf_code_extra(e)) - 1))];
	return e;
}

/*
 * Each makes a table from the lengths of the codes of n symbols, 0 for a symbol without one.  False when that is no
 * set of codes: more codes than fit, or fewer than there could be.  Fewer is right for literals and distances that have
 * one code of one bit; and no distances at all, where every code is bad.
 */
bool lf_codes_literals(uint32_t table[LF_CODES_LITERAL_ROOM], const uint8_t *lengths, size_t n)
    __attribute__((warn_unused_result));
bool lf_codes_distances(uint32_t table[LF_CODES_DISTANCE_ROOM], const uint8_t *lengths, size_t n)
    __attribute__((warn_unused_result));
bool lf_codes_lengths(uint32_t table[LF_CODES_LENGTH_ROOM], const uint8_t *lengths, size_t n)
    __attribute__((warn_unused_result));

#endif
