/*
 * The byte scanner: where in a run of bytes something may begin that is worth a look.  Vectors where the CPU has them;
 * the portable path gives the same hits.
 */
#ifndef LF_CARVE_SIFT_H
#define LF_CARVE_SIFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a hit may be.  Each is checked in full before it is given, so that none depends on where a run was cut: behind
 * the last LF_SIFT_REACH bytes of a run lies what only its continuation can decide. */
enum lf_trigger {
	LF_TRIGGER_GZIP,      /* 1f 8b 08 and flags without the reserved bits */
	LF_TRIGGER_VERSION,   /* eventVersion, in quotes, escaped or not: offset of its e */
	LF_TRIGGER_VERSION_LE,/* the same in UTF-16, little endian */
	LF_TRIGGER_VERSION_BE,
	LF_TRIGGER_ID,        /* eventID (or eventId) likewise: for records without eventVersion */
	LF_TRIGGER_ID_LE,
	LF_TRIGGER_ID_BE,
	LF_TRIGGER_DIGEST,    /* digestS3Object likewise */
	LF_TRIGGER_DIGEST_LE,
	LF_TRIGGER_DIGEST_BE,
	LF_TRIGGER_BASE64,    /* H4sI */
	LF_TRIGGER_NTFS,      /* FILE at a multiple of 512, with an update sequence that fits: an NTFS MFT record */
	LF_TRIGGERS
};
#define LF_SIFT_REACH 64u

struct lf_hit {
	size_t at; /* in the run */
	enum lf_trigger trigger;
};

/*
 * Hits in [from, len) of bytes, ascending, at most cap; *next is where to go on.  Bytes before from are only looked at
 * to check a hit: give LF_SIFT_REACH of them where the view has them.  offset: of bytes[0] in the view, for what must
 * lie on a sector.  end is set for the last run of a view; else hits in its last LF_SIFT_REACH bytes are left to the
 * next run (*next is never behind where they begin).
 */
size_t lf_sift(const unsigned char *bytes, size_t len, size_t from, uint64_t offset, bool end, struct lf_hit *hits,
    size_t cap, size_t *next);
/* The same with the portable path, for tests and benchmarks. */
size_t lf_sift_portable(const unsigned char *bytes, size_t len, size_t from, uint64_t offset, bool end,
    struct lf_hit *hits, size_t cap, size_t *next);
/* Whether all bytes are zero. */
bool lf_sift_zero(const unsigned char *bytes, size_t len);

#endif
