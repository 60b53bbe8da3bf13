/* What the checks of a ledger's lines (check_ledger.c) and of the files of an entry (check_files.c) share. */
#ifndef LF_CUSTODY_CHECK_PARTS_H
#define LF_CUSTODY_CHECK_PARTS_H

#include "base/hash.h"
#include "custody/custody.h"
#include "custody/store.h"

/* What is known of the lines so far. */
struct lf_check {
	struct lf_seal *s;
	struct lf_hash *hash;
	struct lf_arena line;    /* strings of the entry at hand */
	struct lf_buf file, request;
	unsigned char previous[LF_SHA256_LEN]; /* of the line before */
	uint64_t expected;       /* number of the entry at hand */
	uint64_t malformed;      /* lines that are no entries */
	uint64_t strayed;        /* the highest number of an entry that was not in its place */
	uint64_t stamp_of;       /* the last entry whose time stamp was looked for; 0 for none */
	bool stamped;            /* it has one, with this hash: */
	unsigned char stamp[LF_SHA256_LEN];
	bool head_seen, stamp_seen; /* --head and --timestamp were met */
	struct lf_stamp outside; /* what --timestamp is */
};

/* Adds a finding about a line; NULL with err filled when memory is out. */
struct lf_finding *lf_check_add(struct lf_check *c, enum lf_finding_id id, const struct lf_ledger_line *line,
    const char *message, struct lf_err *err) __attribute__((warn_unused_result));

/* The same about a file of an entry. */
struct lf_finding *lf_check_add_file(struct lf_check *c, enum lf_finding_id id, uint64_t entry, enum lf_store_file f,
    const char *message, struct lf_err *err) __attribute__((warn_unused_result));

/* ---- check_files.c ---- */

/* Looks for the time stamp of an entry, and notes what it is: 1, with its bytes in file; 0 without one. */
int lf_check_find_stamp(struct lf_check *c, uint64_t entry, struct lf_err *err) __attribute__((warn_unused_result));

/* Holds manifest, time stamp and signature of an entry against it, and notes in row what they are. */
int lf_check_files(struct lf_check *c, const struct lf_ledger_line *line, const struct lf_entry *e,
    struct lf_seal_row *row, struct lf_err *err) __attribute__((warn_unused_result));

#endif
