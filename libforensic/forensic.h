/*
 * libforensic: integrity validation and forensics of AWS CloudTrail logs.
 *
 * This is the public face of the library: every exported symbol stands here.
 *
 * Conventions
 *  - A function that can fail returns 0 on success and -1 on an operational
 *    error (no memory, unreadable operand, unusable key file), and then fills
 *    the struct lf_err given last.  Bad evidence is never an error: it becomes
 *    a finding in the result, and the run goes on.
 *  - lf_X_free() accepts NULL.  What a function hands out through a
 *    "struct X **" belongs to the caller; a "const" pointer stays with its
 *    owner and lives as long as the owner does.
 *  - The library never prints, never exits and keeps no globals.
 *  - Times are seconds since 1970-01-01T00:00:00Z (UTC), sizes are bytes.
 */
#ifndef LF_FORENSIC_H
#define LF_FORENSIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

#define LF_VERSION "0.1.0"
#define LF_ABI 0

/* ---- Caps: every size that evidence states is held against one of these. ---- */

#define LF_MAX_OBJECT      (1024ULL << 20) /* default cap on one inflated object */
#define LF_RATIO_FREE      (64ULL << 20)   /* inflated bytes before the ratio counts */
#define LF_RATIO_MAX       200             /* inflated : stored */
#define LF_MAX_KEYFILE     (16U << 20)     /* a key file */
#define LF_MAX_META        (256U << 20)    /* one metadata file */
#define LF_MAX_RESULT      (1U << 30)      /* a JSON result to merge or to report */
#define LF_MAX_RESULTS     1000            /* results in one report */
#define LF_MAX_LINE        (64U << 20)     /* a line of a timeline that is merged */
#define LF_MAX_PATH        8192            /* a path inside a source */
#define LF_MAX_JSON_DEPTH  256             /* nesting of JSON */
#define LF_MAX_TREE_DEPTH  256             /* nesting of folders */
#define LF_MAX_DIGEST_LOGS (1U << 24)      /* logFiles of one digest */
#define LF_MAX_MISSING     100000          /* missing digests named for one hole */
#define LF_MAX_MISSING_UNPROVED 1000       /* the same before a digest that is not proved */
#define LF_MAX_RECORDED    64              /* records of one digest's signature that are tried */
#define LF_MIN_RSA_BITS    1024
#define LF_MAX_RSA_BITS    8192
#define LF_MAX_JOBS        256
#define LF_MAX_SHARDS      100000

#define LF_SHA256_LEN 32

/* ---- Errors ---- */

/* What went wrong, as one sentence without a trailing newline. */
struct lf_err {
	char msg[512];
};

/* ---- Time ---- */

#define LF_TIME_NONE INT64_MIN

/*
 * Reads a time as the tools take it: RFC 3339, YYYY-MM-DD, YYYY-MM-DDTHH, @epoch,
 * 90m 36h 7d (ago, relative to now) or "now".  A fraction of a second counts as the next whole one.  Returns 0, or -1
 * with a message.
 */
int lf_time_parse(const char *text, int64_t now, int64_t *out, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull(1, 3, 4)));

/* Reads a size: digits with an optional K, M, G or T (powers of 1024). */
int lf_size_parse(const char *text, uint64_t *out, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

/* ---- A case: what is examined, with which keys, and how far ---- */

/* How far a run has come; given to lf_progress_fn now and then, from one thread at a time. */
struct lf_progress {
	uint64_t objects;       /* objects read */
	uint64_t bytes;         /* bytes inflated */
	uint64_t stored;        /* bytes as stored, of the objects read */
	uint64_t objects_total; /* objects to read; 0 while not known */
	uint64_t bytes_total;   /* bytes to read, where these tell how far it is; else 0 */
};
typedef void lf_progress_fn(void *arg, const struct lf_progress *p);

struct lf_case_opts {
	const char *const *evidence; /* operands: directory, file, archive or "-" */
	size_t n_evidence;
	const char *const *keys; /* -k: files of public keys */
	size_t n_keys;
	const char *const *metadata; /* -m: files or folders of S3 object metadata */
	size_t n_metadata;
	const char *const *accounts; /* only these; none means all */
	size_t n_accounts;
	const char *const *regions;
	size_t n_regions;
	const char *const *trails;
	size_t n_trails;
	int64_t since, until; /* half-open [since, until); LF_TIME_NONE for no bound */
	unsigned jobs;        /* worker threads; 0 for the online CPUs */
	unsigned shard, shards; /* 1-based shard of shards; 0, 0 for no sharding */
	const char *tmpdir;     /* where standard input is spooled; NULL for $TMPDIR or /tmp */
	uint64_t max_object;    /* 0 for LF_MAX_OBJECT */
	uint64_t max_total;     /* inflated bytes of one source; 0 for no absolute cap */
	lf_progress_fn *progress;
	void *progress_arg;
};

struct lf_case;

/*
 * Opens everything a run needs: operands, key files, metadata, temporary folder.
 * Strings in opts are copied.  Fails when an operand does not exist or a key file
 * holds no key.  *out belongs to the caller.
 */
int lf_case_open(const struct lf_case_opts *opts, struct lf_case **out, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));
void lf_case_free(struct lf_case *c);

/*
 * Gives up every right that reading the opened evidence does not need (Landlock, then
 * seccomp), for this process and all its threads.  Call it after lf_case_open() and after
 * opening the output, before any evidence is parsed.  outdir is the folder in which the
 * output is renamed into place, or NULL.  A kernel that lacks a part is no error: the text
 * that lf_sandbox_state() gives says what is in force.
 */
int lf_case_confine(struct lf_case *c, const char *outdir, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull(1, 3)));

/* The same for a run over several cases. */
int lf_cases_confine(struct lf_case *const *cases, size_t n, const char *outdir, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull(1, 4)));

/* What this build and kernel can confine, for --version -v.  Static text. */
const char *lf_sandbox_state(void);

/* ---- Results ---- */

enum lf_verdict { LF_VERIFIED, LF_FINDINGS, LF_INCONCLUSIVE };

/* The exit status that tools give a verdict: 0, 1 or 3 (trail-verify(1), EXIT STATUS). */
int lf_verdict_exit(enum lf_verdict v);

struct lf_result;

/*
 * trail-verify: proves or disproves every digest and log of the case
 * (trail-evidence(7)).  detail keeps a row for every object (-v).  *out belongs to the caller and
 * must be freed before the case is.
 */
int lf_verify(struct lf_case *c, bool detail, struct lf_result **out, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

/*
 * Joins JSON results of trail-verify over shards into what one run would have given.
 * Fails when a file is no such result or when shards are missing, repeated or mixed.
 */
int lf_verify_merge(const char *const *files, size_t n, struct lf_result **out, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

enum lf_verdict lf_result_verdict(const struct lf_result *r) __attribute__((nonnull));
void lf_result_free(struct lf_result *r);

/* Takes len bytes of output.  Returns 0, or -1 with errno set. */
typedef int lf_write_fn(void *arg, const void *bytes, size_t len);

enum lf_format { LF_TEXT, LF_JSON, LF_HTML };

struct lf_write_opts {
	enum lf_format format;
	bool color;             /* text: SGR sequences */
	unsigned width;         /* text: columns; 0 for 80, of a timeline for lines as long as they are */
	bool detail;            /* text: a line for every object */
	/* the output is a terminal: no byte of evidence may steer it, in formats that else keep all bytes */
	bool terminal;
	bool raw_csv;           /* CSV: no guard against spreadsheet formulas */
	bool quiet;             /* text: the verdict and the findings only */
	bool reproducible;      /* JSON: without times, arguments and host */
	const char *const *arguments; /* argv as given, for the JSON document */
	size_t n_arguments;
	int64_t started, finished;
	bool ascii;             /* text: our own signs are ASCII, where the locale is not UTF-8 */
};

int lf_result_write(const struct lf_result *r, const struct lf_write_opts *o, lf_write_fn *write,
    void *arg, struct lf_err *err) __attribute__((warn_unused_result, nonnull(1, 2, 3, 5)));

/*
 * Writes the proof of one object, from public key to bytes, each step with the public
 * command that repeats it.  object is an S3 key or a unique part of one.  Fails when no
 * object or more than one matches, and for a merged result.  *verdict is LF_VERIFIED when the proof reaches a public
 * key and no alert is about the object, LF_FINDINGS when one is, else LF_INCONCLUSIVE.
 */
int lf_result_prove(const struct lf_result *r, const char *object, const struct lf_write_opts *o,
    enum lf_verdict *verdict, lf_write_fn *write, void *arg, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull(1, 2, 3, 4, 5, 7)));

/* ---- Timelines ---- */

enum lf_pattern_kind {
	LF_PATTERN_USER,
	LF_PATTERN_EVENT,
	LF_PATTERN_SERVICE,
	LF_PATTERN_IP,
	LF_PATTERN_ACCESS_KEY,
	LF_PATTERN_ERROR,
	LF_PATTERN_RESOURCE,
	LF_PATTERN_CATEGORY,
	LF_PATTERN_ID,
	LF_PATTERN_GREP,
	LF_PATTERN_KINDS
};

struct lf_pattern {
	enum lf_pattern_kind kind;
	const char *text; /* as given: a "!" in front negates */
};

enum lf_timeline_format {
	LF_TIMELINE_TEXT,
	LF_TIMELINE_CSV,
	LF_TIMELINE_JSONL,
	LF_TIMELINE_TIMESKETCH,
	LF_TIMELINE_RECORDS,
	LF_TIMELINE_HTML
};

struct lf_timeline_opts {
	enum lf_timeline_format format;
	const char *columns;        /* "event_time,region,..."; NULL for the default ones */
	const struct lf_pattern *patterns;
	size_t n_patterns;
	bool write_only, read_only; /* by readOnly; what does not say is neither */
	bool lineage;               /* fill the column actor */
	const char *session;        /* only what this access key did, and all sessions that came from it; or NULL */
	uint64_t memory;            /* bytes for sorting; 0 for LF_SORT_MEMORY; raised to LF_SORT_MEMORY_MIN */
	bool integrity;             /* fill the column integrity: prove while reading (keys are those of the case) */
	unsigned jobs;              /* worker threads that merge runs; 0 for the online CPUs (a case has its own) */
};

#define LF_SORT_MEMORY     (256ULL << 20)
#define LF_SORT_MEMORY_MIN (16ULL << 20)

struct lf_timeline;

/* Whether columns and patterns can be used: to refuse them before anything is opened. */
int lf_timeline_check(const struct lf_timeline_opts *o, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

/*
 * Prepares a timeline of an open case: checks columns and patterns, and makes the temporary files that sorting may
 * need (without names, so that nothing is left behind).  Call it before lf_timeline_confine().  Strings in opts are
 * copied.
 */
int lf_timeline_open(struct lf_case *c, const struct lf_timeline_opts *o, struct lf_timeline **out, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

/*
 * The same over the jsonl output of earlier runs, each sorted, instead of a case.  Opens the files, "-" being standard
 * input: fails when one does not exist.
 */
int lf_timeline_open_runs(const char *const *files, size_t n, const struct lf_timeline_opts *o, const char *tmpdir,
    struct lf_timeline **out, struct lf_err *err) __attribute__((warn_unused_result, nonnull(1, 3, 5, 6)));

/* lf_case_confine() for a timeline: of its case, or of its runs, beside which nothing may be read then. */
int lf_timeline_confine(struct lf_timeline *t, const char *outdir, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull(1, 3)));

/* Reads the evidence, once, and sorts. */
int lf_timeline_run(struct lf_timeline *t, struct lf_err *err) __attribute__((warn_unused_result, nonnull));
void lf_timeline_free(struct lf_timeline *t);

struct lf_timeline_summary {
	uint64_t events;      /* rows shown */
	uint64_t duplicates;  /* further copies of rows shown */
	uint64_t marks;       /* rows that are no events: where coverage ends and begins */
	uint64_t conflicts;   /* events of which one version of several is shown, or more */
	uint64_t filtered;    /* events read and not wanted */
	uint64_t no_time, no_id, no_identity; /* rows shown without eventTime, eventID, userIdentity */
	uint64_t objects;     /* objects that held events */
	uint64_t dated;       /* objects not opened because of their date */
	uint64_t skipped;     /* objects that could not be read, or not to their end */
	uint64_t integrity[6]; /* rows: verified, unproven, modified, unreferenced, undigested, none */
	int64_t first, last;  /* of the rows shown; LF_TIME_NONE */
};

/* What came of it; valid once lf_timeline_write() is through. */
const struct lf_timeline_summary *lf_timeline_summary(const struct lf_timeline *t) __attribute__((nonnull));

/*
 * LF_FINDINGS with a conflict or a row of a modified or unreferenced log, LF_INCONCLUSIVE when something was skipped
 * or, with integrity, a row is unproven, of no source with digests, or of a log in a hole of its chain (one behind its
 * end waits for its digest).
 */
enum lf_verdict lf_timeline_verdict(const struct lf_timeline *t) __attribute__((nonnull));

/* Writes the rows in order, in the format that was given to lf_timeline_open(). */
int lf_timeline_write(struct lf_timeline *t, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err) __attribute__((warn_unused_result, nonnull(1, 2, 3, 5)));

/*
 * Calls say(arg, line) for each thing that standard output does not carry: conflicts and, with detail, what was skipped
 * and why.  Lines are printable, without a newline.
 */
void lf_timeline_notes(const struct lf_timeline *t, bool detail, void (*say)(void *arg, const char *line), void *arg)
    __attribute__((nonnull(1, 3)));

/* ---- Coverage and its gaps ---- */

struct lf_coverage;

struct lf_coverage_opts {
	bool lineage;  /* carry actors to the root of their role chains */
	int64_t min;   /* gaps shorter than this many seconds are left out; 0 for none */
};

enum lf_coverage_format { LF_COVERAGE_TEXT, LF_COVERAGE_JSON, LF_COVERAGE_CSV, LF_COVERAGE_HTML };

/*
 * trail-gaps: reads the evidence, once, and lays out coverage, gaps and impairments.  *out belongs to the caller and
 * must be freed before the case is.
 */
int lf_coverage_run(struct lf_case *c, const struct lf_coverage_opts *o, struct lf_coverage **out, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));
void lf_coverage_free(struct lf_coverage *c);

/* lf_timeline_run() with a marked row where coverage ends and begins, from one pass; c is the timeline's case. */
int lf_timeline_run_gaps(struct lf_timeline *t, struct lf_case *c, const struct lf_coverage_opts *o, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

/*
 * LF_FINDINGS with a gap, LF_INCONCLUSIVE when something was skipped, nothing could be laid out, or a window is not
 * proved.
 */
enum lf_verdict lf_coverage_verdict(const struct lf_coverage *c) __attribute__((nonnull));

/*
 * Calls say(arg, line) for what standard output does not carry: with detail what was skipped and why.  Printable lines.
 */
void lf_coverage_notes(const struct lf_coverage *c, bool detail, void (*say)(void *arg, const char *line), void *arg)
    __attribute__((nonnull(1, 3)));

int lf_coverage_write(const struct lf_coverage *c, enum lf_coverage_format format, const struct lf_write_opts *o,
    lf_write_fn *write, void *arg, struct lf_err *err) __attribute__((warn_unused_result, nonnull(1, 3, 4, 6)));

/*
 * Joins JSON results of trail-gaps over shards into what one run would have given, and writes that as JSON (o->format
 * is not looked at).  Fails when a file is no such result, or when shards are missing, repeated, mixed or of different
 * evidence.
 */
int lf_coverage_merge(const char *const *files, size_t n, const struct lf_write_opts *o, enum lf_verdict *verdict,
    lf_write_fn *write, void *arg, struct lf_err *err) __attribute__((warn_unused_result, nonnull(1, 3, 4, 5, 7)));

/* ---- Differences ---- */

#define LF_MAX_IGNORE 64 /* paths that are left out of a comparison */

enum lf_diff_format { LF_DIFF_TEXT, LF_DIFF_JSON, LF_DIFF_HTML };

struct lf_diff_opts {
	const char *const *ignore; /* members that do not count: JSON Pointers (RFC 6901), a step "*" for any */
	size_t n_ignore;
	bool objects_only;         /* compare objects, and open no events */
	bool events_only;          /* compare events, not the objects they lie in */
	uint64_t memory;           /* bytes for sorting; 0 for LF_SORT_MEMORY; raised to LF_SORT_MEMORY_MIN */
	bool integrity;            /* prove both sides while reading (keys are those of the cases) */
};

struct lf_diff;

/* Whether the options can be used: to refuse them before anything is opened. */
int lf_diff_check(const struct lf_diff_opts *o, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

/*
 * Prepares the comparison of two open cases, a and b, and makes the temporary files that it may need (without names, so
 * that nothing is left behind).  Call it before lf_cases_confine().  Strings in opts are copied.  Both cases must
 * outlive it, and select the same accounts, regions, times and trails: of a trail are its digests and the logs that
 * they list, on either side by the digests of that side.
 */
int lf_diff_open(struct lf_case *a, struct lf_case *b, const struct lf_diff_opts *o, struct lf_diff **out, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));
void lf_diff_free(struct lf_diff *d);

/* Reads both sides, and compares. */
int lf_diff_run(struct lf_diff *d, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

/* What came of it; valid after lf_diff_run().  [0] is side A, [1] side B. */
struct lf_diff_summary {
	struct {
		uint64_t events;     /* events read, each copy counted */
		/* of them further copies of an event that this side has already, equal as values */
		uint64_t duplicates;
		uint64_t objects;    /* objects read */
		uint64_t dated;      /* objects not opened because of their date */
		uint64_t skipped;    /* objects that could not be read, or not to their end */
		int64_t first, last; /* eventTime; LF_TIME_NONE without */
	} side[2];
	int64_t first, last;     /* the common window, both ends in it; LF_TIME_NONE when the sides have none */
	/* objects are compared when asked for alone, or both sides have S3 keys */
	bool events_compared, objects_compared;
	uint64_t same, changed;  /* events */
	uint64_t partial;        /* of these, compared on the members that a line of a console's CSV has */
	uint64_t only[2];        /* events on one side, within the common window */
	uint64_t outside[2];     /* events on one side, outside the common window */
	uint64_t not_comparable[2]; /* events on one side, of which the other cannot say anything */
	uint64_t objects_same, objects_changed;
	uint64_t objects_only[2];
	uint64_t objects_outside[2]; /* objects on one side, about times outside the common window */
	uint64_t objects_unread; /* objects on both sides, unreadable on one or both */
};
const struct lf_diff_summary *lf_diff_summary(const struct lf_diff *d) __attribute__((nonnull));

/*
 * LF_FINDINGS with an event or object that is changed or on one side only within the common window; LF_INCONCLUSIVE
 * when something could not be compared or read, or there is no common window; LF_VERIFIED when all is the same.
 */
enum lf_verdict lf_diff_verdict(const struct lf_diff *d) __attribute__((nonnull));

/* Writes the differences; stat: only the counts. */
int lf_diff_write(struct lf_diff *d, enum lf_diff_format format, bool stat, const struct lf_write_opts *o, lf_write_fn *write,
    void *arg, struct lf_err *err) __attribute__((warn_unused_result, nonnull(1, 4, 5, 7)));

/* Calls say(arg, line) for each thing that could not be read, and why.  Lines are printable, without a newline. */
void lf_diff_notes(const struct lf_diff *d, void (*say)(void *arg, const char *line), void *arg)
    __attribute__((nonnull(1, 2)));

/* ---- Carving: what can still be recovered from raw bytes ---- */

struct lf_carve_opts {
	const char *const *images;  /* raw or split images, devices, dumps, any file, "-" */
	size_t n_images;
	const char *outdir;         /* made; must be empty unless resume */
	bool resume;
	const char *const *digests; /* evidence whose digests authenticate what is carved */
	size_t n_digests;
	const char *const *keys;
	size_t n_keys;
	const char *const *metadata;
	size_t n_metadata;
	const char *ranges;         /* a file of "START LENGTH" lines, in bytes, or NULL */
	bool hash_image;
	unsigned jobs;              /* 0 for the online CPUs; the memory of a run bounds it */
	uint64_t max_member;        /* inflated bytes of one gzip member; 0 for 64 MiB */
	uint64_t max_record;        /* bytes of one record; 0 for 4 MiB */
	/*
	 * bytes written of one image, of plain text and of all else apart; 0 for LF_RATIO_MAX times what was read, once
	 * LF_RATIO_FREE are out
	 */
	uint64_t max_total;
	bool no_joins;
	unsigned join_blocks;       /* how far the other fragment may lie, in blocks of 4 KiB; 0 for 256 */
	unsigned join_trials;       /* trial inflations for one damaged member; 0 for the default */
	uint64_t checkpoint;        /* bytes after which a state is written that resume takes; 0 for 1 GiB */
	/* bytes looked at in one piece; 0 for the default; the output does not depend on it */
	size_t window;
	const char *tmpdir;
	lf_progress_fn *progress;
	void *progress_arg;
	const volatile int *stop;   /* not 0: end with a state that resume takes; NULL without */
};

struct lf_carve;

/* Opens everything a run needs, and takes up an earlier one with resume.  Strings are copied. */
int lf_carve_open(const struct lf_carve_opts *o, struct lf_carve **out, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));
void lf_carve_free(struct lf_carve *c);

/* As lf_case_confine(); folder is that of another output, or NULL. */
int lf_carve_confine(struct lf_carve *c, const char *folder, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull(1, 3)));

/* Carves, proves, and writes carve.jsonl, events.jsonl, records.jsonl, files/ and partial/.  Returns 0, 1 when it was
 * stopped (resume goes on), -1 on an error. */
int lf_carve_run(struct lf_carve *c, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

/* After the reports: what a resumed run would need goes. */
int lf_carve_end(struct lf_carve *c, struct lf_err *err) __attribute__((warn_unused_result, nonnull));
enum lf_verdict lf_carve_verdict(const struct lf_carve *c) __attribute__((nonnull));

enum lf_carve_format { LF_CARVE_REPORT_TEXT, LF_CARVE_REPORT_JSON, LF_CARVE_REPORT_HTML, LF_CARVE_REPORT_DFXML };

/* Writes the report of a run that is over. */
int lf_carve_write(struct lf_carve *c, enum lf_carve_format format, const struct lf_write_opts *o, lf_write_fn *write,
    void *arg, struct lf_err *err) __attribute__((warn_unused_result, nonnull(1, 3, 4, 6)));

/* What libmagic and the detectors say of the bytes at offset of the first image, line by line.  Nothing is written. */
int lf_carve_what_at(const char *image, uint64_t offset, void (*say)(void *arg, const char *line), void *arg,
    struct lf_err *err) __attribute__((warn_unused_result, nonnull(1, 3, 5)));

/* ---- Custody ---- */

#define LF_MAX_ENTRY     (16U << 20) /* a line of a ledger or of a manifest */
#define LF_MAX_PEM       (4U << 20) /* a file of certificates or a private key */
#define LF_MAX_SIGNATURE (1U << 20) /* a CMS signature, a time-stamp request or response */
#define LF_MAX_BAG_FILES 4          /* tag files of a bag */

enum lf_seal_task {
	LF_SEAL_APPEND,   /* read the evidence, and append an entry to the ledger */
	LF_SEAL_CHECK,    /* prove that evidence, ledger, signatures and time stamps still hold */
	LF_SEAL_STAMP,    /* attach the answer of a time-stamping authority to an entry */
	LF_SEAL_MANIFEST  /* load the manifest of an entry, to write it in another form */
};

/* In the order of lf_seal_action_name(). */
enum lf_seal_action { LF_COLLECTED, LF_RECEIVED, LF_COPIED, LF_EXAMINED, LF_TRANSFERRED, LF_SEAL_ACTIONS };

/* "collected", ...; NULL past the last. */
const char *lf_seal_action_name(unsigned action);

/* Puts the pass phrase of a private key into buf (at most cap bytes) and returns its length, or -1 with err filled. */
typedef int lf_passphrase_fn(void *arg, char *buf, size_t cap, struct lf_err *err);

struct lf_seal_opts {
	enum lf_seal_task task;
	const char *ledger;               /* L.jsonl; the files of its entries lie in L.jsonl.d */
	enum lf_seal_action action;       /* to append: what was done, and about what */
	const char *case_id, *examiner;
	const char *exhibit, *organization, *note; /* or NULL */
	const char *key;                  /* PEM of the examiner's private key, or NULL for no signature */
	const char *const *certs;         /* to append: one file, its certificate first; to check: trusted signers */
	size_t n_certs;
	const char *const *cas;           /* to check or stamp: files of trusted authorities */
	size_t n_cas;
	lf_passphrase_fn *passphrase;     /* called for a key that is encrypted; NULL to refuse such a key */
	void *passphrase_arg;
	const char *head;                 /* to check: the SHA-256 of an entry, 64 hexadecimal digits, or NULL */
	const char *timestamp;            /* to stamp: the response; to check: one kept elsewhere, or NULL */
	uint64_t entry;                   /* to stamp or load: its number; 0 for the last */
	const char *const *arguments;     /* argv as given: part of an entry */
	size_t n_arguments;
};

struct lf_seal;

/*
 * Opens ledger, key, certificates and time stamp, and looks at the machine for what an entry says of it.  c holds the
 * evidence, and may be NULL where none is read; it must outlive the seal.  Strings in o are copied.  To append, the
 * folder L.jsonl.d is made, and the key is tried: fails when it does not fit the certificate, or when that has expired.
 * The rest is opened for reading only.
 */
int lf_seal_open(struct lf_case *c, const struct lf_seal_opts *o, struct lf_seal **out, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull(2, 3, 4)));
void lf_seal_free(struct lf_seal *s);

/* lf_case_confine() for a seal: below the folder of the ledger writing stays allowed where the task writes. */
int lf_seal_confine(struct lf_seal *s, const char *outdir, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull(1, 3)));

/* Does the task.  Evidence that changed while it was sealed is a finding, and then nothing is appended. */
int lf_seal_run(struct lf_seal *s, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

/*
 * Valid after lf_seal_run(): LF_FINDINGS with an alert, LF_INCONCLUSIVE with a warning or when something was not read.
 */
enum lf_verdict lf_seal_verdict(const struct lf_seal *s) __attribute__((nonnull));

int lf_seal_write(const struct lf_seal *s, const struct lf_write_opts *o, lf_write_fn *write, void *arg, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull(1, 2, 3, 5)));

/*
 * Calls say(arg, line) for what a manifest that was written does not carry: the head of a new entry, a time stamp that
 * was attached, names that the form cannot hold, and with detail what was not read.
 * Lines are printable, without a newline.
 */
void lf_seal_notes(const struct lf_seal *s, bool detail, void (*say)(void *arg, const char *line), void *arg)
    __attribute__((nonnull(1, 3)));

enum lf_manifest_format { LF_MANIFEST_JSON, LF_MANIFEST_HASHDEEP, LF_MANIFEST_BAGIT, LF_MANIFEST_DFXML };

/*
 * Writes the manifest of the entry.  A bag (RFC 8493) has several tag files: part is the place of one, and else 0.
 * Names in a hashdeep list are those of the operands.
 */
int lf_seal_manifest(const struct lf_seal *s, enum lf_manifest_format format, unsigned part, lf_write_fn *write, void *arg,
    struct lf_err *err) __attribute__((warn_unused_result, nonnull(1, 4, 6)));

/* The name of a tag file of a bag, in the order in which they are to be written; NULL past the last. */
const char *lf_bag_file(unsigned part);

/* ---- Reports: what the tools found, and the chain of custody, as one document ---- */

struct lf_report_opts {
	const char *const *results; /* JSON results of the tools, and jsonl of trail-timeline; "-" is standard input */
	size_t n_results;
	const char *ledger;         /* of trail-seal, or NULL */
	const char *title;          /* each of these NULL where nobody says; the ledger's last entry fills in */
	const char *case_id, *exhibit, *examiner, *organization, *purpose;
};

struct lf_report;

/* Opens all that a report is made of.  Fails when a file does not exist.  Strings in o are copied. */
int lf_report_open(const struct lf_report_opts *o, struct lf_report **out, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));
void lf_report_free(struct lf_report *r);

/* lf_case_confine() for a report. */
int lf_report_confine(struct lf_report *r, const char *outdir, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull(1, 3)));

/*
 * Reads the results and the ledger, hashes each, and holds them against each other.  Fails with a file that is no
 * result of a known tool in a known schema; what results say against each other, and a broken ledger, is told in the
 * report.
 */
int lf_report_read(struct lf_report *r, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

/* The worst of the results; no better than LF_INCONCLUSIVE where they contradict each other or the ledger is broken. */
enum lf_verdict lf_report_verdict(const struct lf_report *r) __attribute__((nonnull));

/* Calls say(arg, line) for each contradiction.  Lines are printable, without a newline. */
void lf_report_notes(const struct lf_report *r, void (*say)(void *arg, const char *line), void *arg)
    __attribute__((nonnull(1, 2)));

/* A page; its JSON twin, trail-report(5); the actions and files of the case as JSON-LD in the terms of CASE and UCO. */
enum lf_report_format { LF_REPORT_HTML, LF_REPORT_JSON, LF_REPORT_CASE };

int lf_report_write(const struct lf_report *r, enum lf_report_format format, const struct lf_write_opts *o, lf_write_fn *write,
    void *arg, struct lf_err *err) __attribute__((warn_unused_result, nonnull(1, 3, 4, 6)));

/* The schema of the JSON twin (JSON Schema, draft 2020-12).  Static text. */
const char *lf_report_schema(void);

/* ---- Words ---- */

/* The entry of trail-findings(7) for a finding id as plain text, or NULL.  Static text. */
const char *lf_finding_explain(const char *id) __attribute__((nonnull));

/* The i-th finding id in alphabetical order, or NULL past the last. */
const char *lf_finding_name(size_t i);

/* Copies text so that a terminal can show it: control, bidi and invalid bytes become \xNN or
 * \u{NNNN}.  Writes at most cap bytes with a final NUL; returns the length needed. */
size_t lf_text_printable(const char *text, size_t len, char *out, size_t cap);

/* Versions of this library and of those it stands on, and the CPU features used: lines of text.  Writes at most
 * cap bytes with a final NUL; returns the length needed. */
size_t lf_version_text(char *out, size_t cap);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif
#endif
