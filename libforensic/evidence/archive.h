/*
 * Objects inside tar, zip, 7z, cpio, iso ... read in place, in the archive's own order.  The door to libarchive.
 * Only built-in filters are used, never an outside program.  Nothing is written to disk.
 */
#ifndef LF_EVIDENCE_ARCHIVE_H
#define LF_EVIDENCE_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "evidence/item.h"

struct lf_archive;

/*
 * Opens fd (a regular file at offset 0; stays the caller's, its offset is used) as an archive.  *out
 * is NULL when it is none.  Returns -1 only when memory is out.
 */
int lf_archive_open(int fd, struct lf_archive **out, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));
void lf_archive_free(struct lf_archive *a);

/* "POSIX pax interchange format, gzip": for the inventory.  Valid as long as the archive. */
const char *lf_archive_format(const struct lf_archive *a);

/*
 * Reads the next entry, its bytes with it, into item (buffers are reused).  Folders and zero-length folder
 * markers are passed over; links, devices, encrypted or damaged entries and entries over
 * limits->max_object come as an item with a problem; the end of what can be read of a damaged archive comes as a
 * last item with an empty path and a problem that names the offset.  The ratio and total caps count over the
 * whole archive.  Returns 1, 0 at the end, -1 when memory is out.
 */
int lf_archive_next(struct lf_archive *a, const struct lf_limits *limits, struct lf_item *item,
    struct lf_err *err) __attribute__((warn_unused_result, nonnull));

/* "libarchive VERSION" of what is linked: appended to out. */
void lf_archive_library(struct lf_buf *out);

#endif
