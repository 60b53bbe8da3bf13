/* The inside of a seal: one task over one ledger. */
#ifndef LF_CUSTODY_CUSTODY_H
#define LF_CUSTODY_CUSTODY_H

#include "base/arena.h"
#include "base/intern.h"
#include "custody/ledger.h"
#include "custody/manifest.h"
#include "custody/seal.h"
#include "proof/finding.h"

/* What became of the signature or the time stamp of an entry. */
enum lf_mark { LF_MARK_NONE, LF_MARK_VERIFIED, LF_MARK_UNTRUSTED, LF_MARK_INVALID, LF_MARK_MISSING, LF_MARKS };

/* What was found about an entry of a ledger that was checked; what it says stays in the ledger (lf_seal_each_row()). */
struct lf_seal_row {
	uint64_t offset, len;  /* of its line, without the line feed */
	unsigned char hash[LF_SHA256_LEN]; /* of its line */
	const char *signer;    /* subject, or NULL; interned */
	const char *authority; /* of the time stamp, or NULL; interned */
	int64_t stamped;       /* its time, or LF_TIME_NONE */
	uint8_t signature, stamp; /* enum lf_mark */
};

struct lf_seal {
	struct lf_case *c; /* or NULL */
	struct lf_seal_opts opts; /* strings in arena */
	struct lf_ledger ledger;
	int fd;                   /* the ledger as it was when it was opened, to check or to load; or -1 */
	struct lf_signer *signer; /* or NULL */
	struct lf_trust *trust;   /* to check or stamp */
	struct lf_buf stamp;      /* what --timestamp holds */
	bool has_head;
	unsigned char head[LF_SHA256_LEN]; /* --head */

	struct lf_entry entry;    /* appended, stamped, or whose manifest was loaded; number 0 when there is none */
	unsigned char entry_hash[LF_SHA256_LEN]; /* of its line */
	struct lf_manifest manifest; /* of that entry */
	struct lf_stamp stamped;  /* what was attached */

	struct lf_list rows;      /* struct lf_seal_row: to check */
	struct lf_intern names;   /* of signers and authorities */
	struct lf_ledger_end end; /* of the ledger */
	uint64_t anchored;        /* the last entry that something outside vouches for */
	uint64_t marks[2][LF_MARKS]; /* signatures, and time stamps */
	bool compared;            /* evidence was held against the manifest */
	struct lf_manifest_tally tally;
	bool unchanged;           /* appended: hashed twice, and equal */
	struct lf_findings findings;
	struct lf_arena arena;
};

const char *lf_mark_name(enum lf_mark m); /* "none", "verified", ... */

/* How many findings there are of a severity. */
uint32_t lf_seal_count(const struct lf_seal *s, enum lf_severity severity);

/* The tasks; valid arguments, opened. */
int lf_seal_append(struct lf_seal *s, struct lf_err *err) __attribute__((warn_unused_result));
int lf_seal_check(struct lf_seal *s, struct lf_err *err) __attribute__((warn_unused_result));
int lf_seal_attach(struct lf_seal *s, struct lf_err *err) __attribute__((warn_unused_result));
int lf_seal_load(struct lf_seal *s, struct lf_err *err) __attribute__((warn_unused_result));

/* check_ledger.c: streams the ledger, and judges each line and the files of its entry. */
int lf_seal_check_ledger(struct lf_seal *s, struct lf_err *err) __attribute__((warn_unused_result));

/*
 * asked.c: the entry that was asked for, or the last, into s->entry and s->entry_hash, and how many there are.  Returns
 * 1 when there is none, or a line that is no such entry, and -1 when the ledger cannot be read.
 */
int lf_seal_find(struct lf_seal *s, int fd, struct lf_err *err) __attribute__((warn_unused_result));

/* asked.c: reads the entry of a row; its strings lie in arena, its bytes in line. */
int lf_seal_row_read(const struct lf_seal *s, const struct lf_seal_row *r, struct lf_buf *line, struct lf_arena *arena,
    struct lf_entry *out, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

/* asked.c: calls each() for the entries, which are read once more from the ledger. */
int lf_seal_each_row(const struct lf_seal *s,
    void (*each)(void *arg, const struct lf_seal_row *r, const struct lf_entry *e), void *arg, struct lf_err *err)
    __attribute__((warn_unused_result));

/*
 * asked.c: loads the manifest of an entry into an empty one.  Returns 1; 0 when it is not there or not what the entry
 * says, with why in err; -1 when it cannot be read.
 */
int lf_seal_manifest_of(const struct lf_seal *s, const struct lf_entry *e, struct lf_manifest *out, struct lf_err *err)
    __attribute__((warn_unused_result));

/* The same for s->entry and s->manifest. */
int lf_seal_load_manifest(struct lf_seal *s, struct lf_err *err) __attribute__((warn_unused_result));

#endif
