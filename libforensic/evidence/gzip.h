/*
 * One stored object and its inflated bytes (RFC 1952): what the first member holds, and everything about
 * the container that no digest covers.  The door to libdeflate and zlib.
 */
#ifndef LF_EVIDENCE_GZIP_H
#define LF_EVIDENCE_GZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum lf_gzip_state {
	LF_GZIP_PLAIN,         /* no gzip magic: the stored bytes are the content */
	LF_GZIP_WHOLE,         /* content complete, CRC-32 and ISIZE right */
	LF_GZIP_TRAILER_CUT,   /* content complete, trailer shorter than 8 bytes */
	LF_GZIP_TRAILER_WRONG, /* content complete, CRC-32 or ISIZE wrong */
	LF_GZIP_CUT,           /* the DEFLATE data end early: content is a prefix */
	LF_GZIP_DAMAGED,       /* the DEFLATE data are invalid: content is a prefix */
	LF_GZIP_HEADER_BAD,    /* magic, then a header that RFC 1952 section 2.3 does not allow; or cut */
	LF_GZIP_TOO_LARGE,     /* more than max_object bytes */
	LF_GZIP_RATIO          /* over LF_RATIO_FREE bytes and LF_RATIO_MAX times the stored size */
};

#define LF_GZIP_EXTRA   1u /* FEXTRA is there */
#define LF_GZIP_NAME    2u
#define LF_GZIP_COMMENT 4u
#define LF_GZIP_HCRC    8u

struct lf_gzip {
	enum lf_gzip_state state;
	unsigned header;             /* LF_GZIP_* flags of the first member */
	const unsigned char *data;   /* the content, inside stored (PLAIN) or in the inflater's buffer */
	size_t len;                  /* bytes of data; a prefix for CUT and DAMAGED, 0 for the last three */
	size_t offset;               /* where in stored the trouble, or the trailing bytes, begin */
	size_t trailing;             /* stored bytes behind the first member */
	bool member_follows;         /* the trailing bytes begin with another gzip header */
};

struct lf_inflater; /* decoder and output buffer of one thread, used again and again */

struct lf_inflater *lf_inflater_new(struct lf_err *err) __attribute__((warn_unused_result, nonnull));
void lf_inflater_free(struct lf_inflater *inf);

/*
 * Inflates the first member of stored.  out->data is valid until the next call with the same inflater.
 * Returns 0 whatever the bytes are; -1 only when memory is out.
 */
int lf_gunzip(struct lf_inflater *inf, const unsigned char *stored, size_t len, uint64_t max_object,
    struct lf_gzip *out, struct lf_err *err) __attribute__((warn_unused_result, nonnull(1, 5, 6)));

/*
 * Reads a member's header (RFC 1952 section 2.3) into out->header.  Returns its length, or 0 with out->offset at the
 * trouble: the wrong byte, or len when the header is cut.
 */
size_t lf_gzip_header(const unsigned char *stored, size_t len, struct lf_gzip *out) __attribute__((nonnull(3)));

/* Goes on with a CRC-32 (RFC 1952 section 8); the first is of crc 0. */
uint32_t lf_gzip_crc(uint32_t crc, const void *bytes, size_t len);

/* "gzip data end early", ... for a message.  Static text. */
const char *lf_gzip_state_text(enum lf_gzip_state s);

/* "libdeflate VERSION, zlib VERSION" of what is linked: appended to out. */
void lf_gzip_library(struct lf_buf *out);

#endif
