/*
 * What can be said against, or about, the evidence: the ids of trail-findings(7), their severity and the rule behind
 * each.
 */
#ifndef LF_PROOF_FINDING_H
#define LF_PROOF_FINDING_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/list.h"
#include "base/signature.h"

enum lf_severity { LF_ALERT, LF_WARNING, LF_NOTICE };

/* In the order in which reports give them: what was changed, what is gone, what was added, what is unproved. */
enum lf_finding_id {
	LF_F_DIGEST_SIGNATURE_INVALID,
	LF_F_DIGEST_HASH_MISMATCH,
	LF_F_DIGEST_REISSUED,
	LF_F_DIGEST_METADATA_ALTERED,
	LF_F_DIGEST_MALFORMED,
	LF_F_DIGEST_TRAILING_DATA,
	LF_F_DIGEST_SCOPE_MISMATCH,
	LF_F_LOG_MODIFIED,
	LF_F_LOG_MALFORMED,
	LF_F_LOG_TRAILING_DATA,
	LF_F_LOG_SCOPE_MISMATCH,
	LF_F_DIGEST_MISSING,
	LF_F_CHAIN_TRUNCATED,
	LF_F_LOG_MISSING,
	LF_F_LOG_UNREFERENCED,
	LF_F_LOG_DUPLICATE_REFERENCE,
	LF_F_CONFLICT,
	LF_F_CHAIN_FORK,
	LF_F_CHAIN_OVERLAP,
	LF_F_CHAIN_WINDOW_BROKEN,
	LF_F_CHAIN_GAP,
	LF_F_KEY_UNKNOWN,
	LF_F_DIGEST_UNSIGNED,
	LF_F_LOG_UNPROVEN,
	LF_F_ALGORITHM_UNKNOWN,
	LF_F_EVIDENCE_UNREADABLE,
	LF_F_LAKE_NAME_UNSIGNED,
	LF_F_CHAIN_START,
	LF_F_CHAIN_HEAD_CUT,
	LF_F_CHAIN_PHASE_CHANGE,
	LF_F_LOG_UNDIGESTED,
	LF_F_LOG_UNLISTED_COPY,
	LF_F_DIGEST_RELOCATED,
	LF_F_LOG_RELOCATED,
	LF_F_LOG_STORED_INFLATED,
	LF_F_LOG_EXTRA_HEADER,
	LF_F_LOG_TIME_RANGE,
	LF_F_BACKFILL_TIME_UNKNOWN,
	LF_F_KEY_OUTSIDE_VALIDITY,
	LF_F_KEY_FINGERPRINT_MISMATCH,
	LF_F_METADATA_WITHOUT_OBJECT,
	/* of custody, in the order in which --check gives them: */
	LF_F_OBJECT_ALTERED,
	LF_F_OBJECT_REMOVED,
	LF_F_OBJECT_MOVED,
	LF_F_OBJECT_ADDED,
	LF_F_CUSTODY_DIFFERS,
	LF_F_LEDGER_MALFORMED,
	LF_F_LEDGER_CHAIN_BROKEN,
	LF_F_LEDGER_CUT,
	LF_F_MANIFEST_MISSING,
	LF_F_MANIFEST_ALTERED,
	LF_F_SIGNATURE_MISSING,
	LF_F_SIGNATURE_INVALID,
	LF_F_SIGNATURE_UNTRUSTED,
	LF_F_TIMESTAMP_MISSING,
	LF_F_TIMESTAMP_INVALID,
	LF_F_TIMESTAMP_UNTRUSTED,
	LF_F_CERTIFICATE_EXPIRED,
	LF_F_LEDGER_UNANCHORED,
	LF_F_COUNT
};

struct lf_finding_kind {
	const char *name;          /* "digest-missing" */
	enum lf_severity severity; /* the usual one */
	const char *rule;          /* its source, for the report */
};

const struct lf_finding_kind *lf_finding_kind(enum lf_finding_id id);
/* The id of a name, or LF_F_COUNT. */
enum lf_finding_id lf_finding_id(const char *name);
const char *lf_severity_name(enum lf_severity s);

/*
 * The severity that counts of a finding which a document calls said: no better than what findings of its kind can have.
 */
enum lf_severity lf_finding_severity(enum lf_finding_id id, enum lf_severity said);

#define LF_NO_CHAIN UINT32_MAX
#define LF_NO_LISTED UINT32_MAX

/*
 * One finding.  Strings live in the arena of the list, or longer.  For logs that a digest lists, object and
 * locator are NULL and listed gives the log: its names are written out when they are shown.
 */
struct lf_finding {
	enum lf_finding_id id;
	enum lf_severity severity;
	uint32_t chain;          /* LF_NO_CHAIN where it belongs to none */
	uint32_t listed;         /* LF_NO_LISTED, or the listed log it is about */
	const char *object;      /* "s3://bucket/key", or a key from "AWSLogs/" on, or NULL */
	const char *locator;     /* or NULL */
	const char *message;
	int64_t start, end;      /* a window, or LF_TIME_NONE */
	int64_t offset;          /* in the stored object, or -1 */
	const char *expected_sha256;    /* of a missing digest or log, or NULL */
	const char *expected_signature; /* or NULL */
	int64_t count;           /* of objects it speaks for, or 0 */
};

struct lf_findings {
	struct lf_list list; /* struct lf_finding */
	struct lf_arena arena;
};

void lf_findings_init(struct lf_findings *f);
void lf_findings_free(struct lf_findings *f);

/* Adds a finding of the usual severity with a formatted message; the other fields may be set in what is returned.
 * NULL with err filled when memory is out. */
struct lf_finding *lf_findings_add(struct lf_findings *f, struct lf_err *err, enum lf_finding_id id,
    const char *fmt, ...) __attribute__((format(printf, 4, 5), warn_unused_result));

/* The same with a message that is kept elsewhere as long as the findings: for what is said of many objects. */
struct lf_finding *lf_findings_add_text(struct lf_findings *f, struct lf_err *err, enum lf_finding_id id,
    const char *message) __attribute__((warn_unused_result));

/* Copies a string into the findings' arena; NULL when memory is out. */
const char *lf_findings_string(struct lf_findings *f, const char *s) __attribute__((warn_unused_result));

/* ... the text of a signature, which may be NULL: then *out is, too.  Returns -1 when memory is out. */
int lf_findings_signature(struct lf_findings *f, const struct lf_signature *s, const char **out) __attribute__((warn_unused_result));

#endif
