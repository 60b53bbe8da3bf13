/*
 * The ledger: JSON lines that are only added to, each with the SHA-256 of the line before it (its line feed included),
 * so that no entry can be changed, taken out or moved without a trace in all that follow.
 */
#ifndef LF_CUSTODY_LEDGER_H
#define LF_CUSTODY_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/replace.h"

/* The paths of a ledger, opened once. */
struct lf_ledger {
	char *path;   /* as given */
	char *base;   /* its name in its folder */
	char *store;  /* path of the folder of its entries' files: PATH.d */
	int folder;   /* the folder that it lies in */
	int files;    /* PATH.d, or -1 where it is not there */
	int lock;     /* the file that is locked, or -1 */
};

enum lf_ledger_use {
	LF_LEDGER_READ,  /* it may lie where nothing can be written */
	LF_LEDGER_BESIDE, /* files of its entries are added */
	LF_LEDGER_ADD    /* entries are added; it need not be there yet, and PATH.d is made */
};

/*
 * Opens the folder of path, and PATH.d.  The ledger itself must be a regular file and no symbolic link, and have no
 * other name when entries are added; PATH.d must be a folder and no link.
 */
int lf_ledger_open(struct lf_ledger *l, const char *path, enum lf_ledger_use use, struct lf_err *err)
    __attribute__((warn_unused_result));
void lf_ledger_close(struct lf_ledger *l);

/*
 * Waits until nobody else writes (exclusive) or is about to (shared; nothing happens where there is nothing to lock).
 */
int lf_ledger_lock(struct lf_ledger *l, bool exclusive, struct lf_err *err) __attribute__((warn_unused_result));
void lf_ledger_unlock(struct lf_ledger *l);

/* ---- ledger_entry.c ---- */

struct lf_clock {
	bool synchronized;    /* the kernel's clock is disciplined (NTP, PTP, ...) */
	int64_t max_error_us; /* its own bound, or -1 */
	char source[32];      /* what it counts with: "tsc" */
	int64_t utc_offset;   /* of local time, in seconds */
};

/* What an entry says; every string may be NULL that an entry may lack. */
struct lf_entry {
	uint64_t number;  /* from 1 */
	unsigned char previous[LF_SHA256_LEN]; /* of the line before; zero for the first */
	bool previous_stamped;                 /* the entry before had a time stamp when this one was written ... */
	unsigned char previous_stamp[LF_SHA256_LEN]; /* ... with this SHA-256 of the file */
	const char *action, *case_id, *exhibit, *examiner, *organization, *note;
	int64_t started, finished;
	struct lf_clock clock;
	const char *host, *system, *machine;   /* uname(2) */
	const char *distribution;              /* os-release(5), PRETTY_NAME */
	int64_t uid;
	const char *version;                   /* of the tool */
	bool tool_hashed;
	unsigned char tool_hash[LF_SHA256_LEN]; /* of the binary that ran */
	const char *libraries;
	const char *const *arguments;
	size_t n_arguments;
	const char *manifest;                  /* name of its file */
	unsigned char manifest_hash[LF_SHA256_LEN];
	uint64_t sources, objects, bytes, skipped;
	bool rehashed;                         /* the evidence was read twice, and was the same */
	bool is_signed;
	const char *signer;                    /* subject of the certificate */
	unsigned char signer_hash[LF_SHA256_LEN]; /* of the certificate */
};

/* Appends the line of an entry, with its line feed. */
int lf_entry_write(const struct lf_entry *e, struct lf_buf *out, struct lf_err *err)
    __attribute__((warn_unused_result));

/*
 * Reads a line, without its line feed.  Strings go into arena.  Returns 0; 1 when it is no entry, with why in err; -1
 * when memory is out.
 */
int lf_entry_read(const char *line, size_t len, struct lf_arena *arena, struct lf_entry *out, struct lf_err *err)
    __attribute__((warn_unused_result));

/* ---- Its lines ---- */

struct lf_ledger_line {
	uint64_t number;   /* of the line, from 1 */
	uint64_t offset;   /* of its first byte */
	const char *text;  /* without the line feed */
	size_t len;
	bool ended;        /* by a line feed: only the last may not be */
	unsigned char hash[LF_SHA256_LEN]; /* of the bytes with the line feed */
};

typedef int lf_ledger_fn(void *arg, const struct lf_ledger_line *line, struct lf_err *err);

/* Calls each(arg, line) for every line of an open ledger, which is streamed; -1 when that does not return 0, when the
 * ledger cannot be read, or when a line is longer than LF_MAX_ENTRY. */
int lf_ledger_lines(const struct lf_ledger *l, int fd, lf_ledger_fn *each, void *arg, struct lf_err *err)
    __attribute__((warn_unused_result));

/* Opens the ledger for reading; -1 with err filled, also when it is not there. */
int lf_ledger_read(const struct lf_ledger *l, struct lf_err *err) __attribute__((warn_unused_result));

/* Where the chain of a sound ledger ends. */
struct lf_ledger_end {
	uint64_t entries;
	unsigned char hash[LF_SHA256_LEN]; /* of the last line; zero without one */
};

/* ---- ledger_append.c ---- */

/* A new ledger beside the old one: the old lines, and one more; nothing of it is seen before lf_ledger_commit(). */
struct lf_ledger_next {
	struct lf_replace file;
	struct lf_ledger_end end; /* of the old lines */
};

/*
 * Under the exclusive lock: copies the old lines, which must be a sound chain.  What an append that was cut off left
 * behind is cleared away first, or completed where its entry stands.
 */
int lf_ledger_prepare(struct lf_ledger *l, struct lf_ledger_next *next, struct lf_err *err)
    __attribute__((warn_unused_result));
/* Once this has returned 0 the entry stands, and its pending files are part of it. */
int lf_ledger_commit(struct lf_ledger *l, struct lf_ledger_next *next, const char *line, size_t len, struct lf_err *err)
    __attribute__((warn_unused_result));
/* Forgets it; safe after a commit. */
void lf_ledger_drop(struct lf_ledger_next *next);

#endif
