/*
 * Looking at text many bytes at once.  A map has a bit for each byte, the first byte lowest: "quote" for quotes,
 * "other" for anything else that a plain string does not hold, which is a backslash, a control character, or not ASCII.
 */
#ifndef LF_RECORD_SCAN_MAP_H
#define LF_RECORD_SCAN_MAP_H

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define LF_SCAN_BLOCK 64

/* Maps blocks of LF_SCAN_BLOCK bytes from p on: 8 bytes of each map a block. */
typedef void lf_scan_map_fn(const char *p, size_t blocks, unsigned char *quote, unsigned char *other);

/*
 * Maps len bytes from p on, whatever len is: 8 bytes of each map for a block, whole or begun, and 8 that are clear
 * behind them.
 */
void lf_scan_map_text(lf_scan_map_fn *map, const char *p, size_t len, unsigned char *quote, unsigned char *other);

/* At least 57 bits of a map, that of the byte at pos lowest. */
static inline uint64_t
lf_scan_map_window(const unsigned char *bits, size_t pos)
{
	uint64_t w;

	memcpy(&w, bits + pos / 8, sizeof(w));
	return le64toh(w) >> (pos % 8);
}

/* The i-th way to do that in this build and on this CPU, the portable one first and the fastest last; NULL past it.
 * LF_PORTABLE, when defined, leaves the portable one only. */
lf_scan_map_fn *lf_scan_map_at(size_t i);
lf_scan_map_fn *lf_scan_map_best(void);

/* The first quote or backslash from p on, or end. */
const char *lf_scan_plain(const char *p, const char *end);

/* The first byte from p on that is no white space (RFC 8259 section 2), or end. */
const char *lf_scan_blanks(const char *p, const char *end);

#endif
