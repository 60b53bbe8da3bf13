/*
 * What trail-verify has to say, as rows: made by a run or by merging JSON results, read by the writers in report/.
 */
#ifndef LF_PROOF_RESULT_H
#define LF_PROOF_RESULT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/list.h"
#include "proof/finding.h"
#include "record/select.h"

struct lf_segment_row {
	int64_t start, end;
	uint32_t digests, quiet;
};

/* What decides whether a chain was cut at its end, also when shards are merged. */
struct lf_tail {
	int64_t end;          /* of its last digest */
	int64_t until;        /* --until, or LF_TIME_NONE */
	int64_t newest_log;   /* newest unlisted log of its account and region, or LF_TIME_NONE */
	int64_t newest_named; /* newest digest of the chain that metadata names, or LF_TIME_NONE */
};

struct lf_chain_row {
	const char *account, *organization, *region, *trail, *home_region, *kind; /* organization NULL without */
	int64_t first, last;
	uint64_t digests, logs;
	enum lf_verdict verdict;
	struct lf_tail tail;
	const struct lf_segment_row *segments;
	uint32_t n_segments;
	const char *last_object, *last_locator; /* of its last digest */
};

struct lf_object_row { /* -v: a digest or a log */
	const char *object, *locator, *status, *by; /* NULL where none */
};

struct lf_anchor_key_row {
	const char *fingerprint;
	uint32_t bits;
	int64_t valid_from, valid_until;
	bool used;
};
struct lf_anchor_row {
	const char *file, *sha256;
	const struct lf_anchor_key_row *keys;
	uint32_t n_keys;
};

struct lf_lake_result {
	const char *object, *locator, *status;
	uint32_t files;
};

struct lf_skip_result {
	const char *locator, *reason;
};

struct lf_summary {
	uint64_t digests[5]; /* verified, linked, unsigned, invalid, missing */
	uint64_t logs[7];    /* in the order of enum lf_log_status */
	uint64_t bytes, objects, ignored;
	uint64_t metadata_entries, metadata_matched;
};
extern const char *const lf_summary_digest_names[5];
extern const char *const lf_summary_log_names[7];

struct lf_proof; /* the proof behind a run, for --prove; NULL in a merged result */

struct lf_result {
	enum lf_verdict verdict;
	struct lf_summary summary;
	const struct lf_chain_row *chains;
	uint32_t n_chains;
	const struct lf_anchor_row *anchors;
	uint32_t n_anchors;
	const struct lf_lake_result *lake;
	uint32_t n_lake;
	const struct lf_skip_result *skipped;
	uint32_t n_skipped;
	struct lf_select select; /* what was asked for; its lists live as long as the result's case */
	bool detail;

	uint32_t n_findings, n_digests, n_logs; /* the last two 0 without detail */
	/* Fill a row; strings may lie in scratch and live until its next use.  Rows are in their final order. */
	void (*finding)(const struct lf_result *r, uint32_t i, struct lf_finding *row, struct lf_buf *scratch);
	void (*digest)(const struct lf_result *r, uint32_t i, struct lf_object_row *row, struct lf_buf *scratch);
	void (*log)(const struct lf_result *r, uint32_t i, struct lf_object_row *row, struct lf_buf *scratch);

	struct lf_proof *proof;
	void *merged; /* what a merged result keeps alive */
	void (*free_impl)(struct lf_result *r);
	struct lf_arena arena; /* the rows */
};

/* Orders two strings as their JSON forms are ordered (invalid bytes count as \\xNN), NULL first: a merged result, which
 * knows only those forms, must come out in the same order. */
int lf_text_order(const char *a, const char *b);

/* Compares two struct lf_skip_result for qsort(3). */
int lf_skip_cmp(const void *x, const void *y);

/* Compares two findings in the order of reports: severity, id, object, locator, start, message. */
int lf_finding_cmp(const struct lf_finding *a, const struct lf_finding *b);

/* How many findings from the i-th on have its id and severity; scratch is written over. */
uint32_t lf_result_alike(const struct lf_result *r, uint32_t i, struct lf_buf *scratch);

/* Adds a finding for each chain that looks cut at its end: it needs the ends of the other regions of its trail. */
int lf_tails_judge(const struct lf_chain_row *chains, uint32_t n, struct lf_findings *f, struct lf_err *err)
    __attribute__((warn_unused_result));

/* Adds the finding about metadata that names objects which the evidence lacks, when there are any. */
int lf_metadata_judge(const struct lf_summary *s, struct lf_findings *f, struct lf_err *err)
    __attribute__((warn_unused_result));

/* The verdict of findings counted by severity, of what was skipped and of what was proved. */
enum lf_verdict lf_verdict_of(uint64_t alerts, uint64_t warnings, uint64_t skipped, const struct lf_summary *s);

/* The verdict of a result that was read: its own, or what its chains and counts make, where that is worse. */
enum lf_verdict lf_result_held(const struct lf_result *r);

#endif
