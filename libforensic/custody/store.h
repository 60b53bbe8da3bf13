/*
 * The files of a ledger's entries, in L.jsonl.d: NNNN.manifest.json, NNNN.p7s, NNNN.tsq, NNNN.tsr.  A file is written
 * as ".NNNN.SUFFIX.pending" and gets its name once its entry stands in the ledger, so that what an append leaves behind
 * that was cut off is told from what a ledger lost.
 */
#ifndef LF_CUSTODY_STORE_H
#define LF_CUSTODY_STORE_H

#include "custody/ledger.h"

enum lf_store_file { LF_STORE_MANIFEST, LF_STORE_SIGNATURE, LF_STORE_REQUEST, LF_STORE_STAMP, LF_STORE_FILES };

#define LF_STORE_NAME 48 /* bytes of a name, with its NUL */

/* "0001.manifest.json".  Returns name. */
char *lf_store_name(uint64_t entry, enum lf_store_file f, char name[LF_STORE_NAME]);

/*
 * Opens a file of an entry for reading, pending where it has no name yet, but for a time stamp, which may have been cut
 * off; -1 with errno set, EINVAL where it is no regular file.
 */
int lf_store_open(const struct lf_ledger *l, uint64_t entry, enum lf_store_file f);

/* Reads all of a small one into out.  Returns 1, 0 when there is none, or -1 with err filled. */
int lf_store_read(const struct lf_ledger *l, uint64_t entry, enum lf_store_file f, struct lf_buf *out,
    struct lf_err *err) __attribute__((warn_unused_result));

/*
 * The same, and 2, with nothing in out and why in err, where there is something that is no such file: a link, or too
 * large.
 */
int lf_store_look(const struct lf_ledger *l, uint64_t entry, enum lf_store_file f, struct lf_buf *out, struct lf_err *err)
    __attribute__((warn_unused_result));

/* Makes a pending file, to be filled by the caller; -1 with err filled. */
int lf_store_create(const struct lf_ledger *l, uint64_t entry, enum lf_store_file f, struct lf_err *err)
    __attribute__((warn_unused_result));

/* The same, filled with bytes and synced to disk. */
int lf_store_put(const struct lf_ledger *l, uint64_t entry, enum lf_store_file f, const void *bytes, size_t len,
    struct lf_err *err) __attribute__((warn_unused_result));

/* Gives the pending files of an entry their names, but never one that is taken. */
int lf_store_publish(const struct lf_ledger *l, uint64_t entry, struct lf_err *err) __attribute__((warn_unused_result));

/* Removes the pending files of an entry. */
void lf_store_discard(const struct lf_ledger *l, uint64_t entry);

/*
 * Puts in order what appends left behind that were cut off: pending files of entries up to last get their names, but
 * for time stamps; others go.
 */
int lf_store_settle(const struct lf_ledger *l, uint64_t last, struct lf_err *err) __attribute__((warn_unused_result));

/*
 * Calls each(arg, entry, file, name) for every file of an entry behind last, pending ones not among them, in the order
 * of names.
 */
int lf_store_behind(const struct lf_ledger *l, uint64_t last,
    int (*each)(void *arg, uint64_t entry, enum lf_store_file f, const char *name, struct lf_err *err), void *arg,
    struct lf_err *err) __attribute__((warn_unused_result));

#endif
