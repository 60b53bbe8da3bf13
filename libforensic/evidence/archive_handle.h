/*
 * A libarchive handle over an open file, for evidence/archive only: which formats and filters are taken, in
 * which locale, how the file is read, and the cap on what comes out of it.
 *
 * A compression around the archive is undone by a handle of its own, which feeds the one that reads the
 * archive.  libarchive passes over entries and empty blocks on its own, however much inflates meanwhile (4 GB of
 * zeros are 3 KB of bzip2); between two handles every block is seen.
 */
#ifndef LF_EVIDENCE_ARCHIVE_HANDLE_H
#define LF_EVIDENCE_ARCHIVE_HANDLE_H

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LF_HANDLE_BLOCK   ((size_t)64 << 10)
#define LF_HANDLE_FILTERS 1 /* compressions around an archive that are undone */

struct lf_handle {
	struct archive *packed; /* undoes a compression; NULL when there is none */
	struct archive *a;      /* reads the archive */
	struct archive_entry *entry; /* the newest header */
	int first;           /* result of the first header, read on opening unless there are too many filters */
	locale_t locale;     /* in which libarchive converts names; to be set around every call of it */
	int fd;
	uint64_t size, at;   /* bytes of the file; where the next are read */
	uint64_t got;        /* bytes of the file read so far */
	uint64_t unpacked;   /* bytes that packed gave so far */
	uint64_t inflated;   /* bytes of entries that came out so far; counted by the user */
	bool over;           /* the ratio cap was met inside libarchive */
	unsigned char block[LF_HANDLE_BLOCK];
};

/*
 * Opens fd, whose offset is neither used nor changed.  h is not to be moved afterwards.  Returns 1 for an
 * archive, 0 when it is none, -1 when memory is out; close in any case.
 */
int lf_handle_open(struct lf_handle *h, int fd) __attribute__((warn_unused_result, nonnull));
void lf_handle_close(struct lf_handle *h);

/* Reads the next header into h->entry.  Returns libarchive's result. */
int lf_handle_next(struct lf_handle *h);

/* What libarchive says of its last failure. */
const char *lf_handle_error(const struct lf_handle *h);

/* One of ARCHIVE_FORMAT_TAR, _ZIP ..., without the variant. */
int lf_handle_base(const struct lf_handle *h);

/* Compressions around the archive, and the name of the i-th. */
int lf_handle_filters(const struct lf_handle *h);
const char *lf_handle_filter_name(const struct lf_handle *h, int i);

/* The place in the archive as its format sees it (behind a compression), and in the file. */
uint64_t lf_handle_inner(const struct lf_handle *h);
uint64_t lf_handle_outer(const struct lf_handle *h);

/* Whether more came out than LF_RATIO_FREE and LF_RATIO_MAX allow for what was read of the file. */
bool lf_handle_over_ratio(const struct lf_handle *h);

/*
 * Passes over what is left of the newest entry.  With most formats libarchive would inflate it to do so,
 * however much that is; here it is counted.
 */
void lf_handle_pass_over(struct lf_handle *h);

/* Whether a byte other than zero lies in the file from at on.  Zeros are what tapes and dd pad with. */
bool lf_handle_more(struct lf_handle *h, uint64_t at);

/* Whether the file ends in a zip's end of central directory record (APPNOTE.TXT 4.3.16).  Without it libarchive
 * goes by the local headers alone. */
bool lf_handle_zip_end(const struct lf_handle *h);

#endif
