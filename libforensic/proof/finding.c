#include "proof/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define GUIDE "AWS CloudTrail user guide, "
#define STRUCTURE GUIDE "CloudTrail digest file structure"
#define CUSTOM GUIDE "Custom implementations of CloudTrail log file integrity validation"
#define VALIDATING GUIDE "Validating CloudTrail log file integrity"
#define RECORD GUIDE "CloudTrail record contents"
#define SEALED "an object is what the manifest of its seal says"
#define CHAINED "an entry holds the SHA-256 of the line before it and of its manifest"
#define FINDING_FILES GUIDE "Finding your CloudTrail log files"

static const struct lf_finding_kind kinds[LF_F_COUNT] = {
    [LF_F_DIGEST_SIGNATURE_INVALID] = {"digest-signature-invalid", LF_ALERT, CUSTOM},
    [LF_F_DIGEST_HASH_MISMATCH] = {"digest-hash-mismatch", LF_ALERT, STRUCTURE ": previousDigestHashValue"},
    [LF_F_DIGEST_REISSUED] = {"digest-reissued", LF_ALERT, STRUCTURE ": previousDigestHashValue"},
    [LF_F_DIGEST_METADATA_ALTERED] = {"digest-metadata-altered", LF_ALERT, STRUCTURE ": previousDigestSignature"},
    [LF_F_DIGEST_MALFORMED] = {"digest-malformed", LF_ALERT, STRUCTURE},
    [LF_F_DIGEST_TRAILING_DATA] = {"digest-trailing-data", LF_ALERT, "RFC 1952 section 2.2"},
    [LF_F_DIGEST_SCOPE_MISMATCH] = {"digest-scope-mismatch", LF_ALERT, STRUCTURE ": awsAccountId, digestS3Object"},
    [LF_F_LOG_MODIFIED] = {"log-modified", LF_ALERT, STRUCTURE ": logFiles, hashValue"},
    [LF_F_LOG_MALFORMED] = {"log-malformed", LF_ALERT, "RFC 1952 section 2.3, RFC 8259"},
    [LF_F_LOG_TRAILING_DATA] = {"log-trailing-data", LF_ALERT, "RFC 1952 section 2.2"},
    [LF_F_LOG_SCOPE_MISMATCH] = {"log-scope-mismatch", LF_ALERT, FINDING_FILES},
    [LF_F_DIGEST_MISSING] = {"digest-missing", LF_ALERT, STRUCTURE ": previousDigestS3Object"},
    [LF_F_CHAIN_TRUNCATED] = {"chain-truncated", LF_ALERT, VALIDATING ": a digest every hour"},
    [LF_F_LOG_MISSING] = {"log-missing", LF_ALERT, STRUCTURE ": logFiles"},
    [LF_F_LOG_UNREFERENCED] = {"log-unreferenced", LF_ALERT, STRUCTURE ": logFiles"},
    [LF_F_LOG_DUPLICATE_REFERENCE] = {"log-duplicate-reference", LF_ALERT, STRUCTURE ": logFiles"},
    [LF_F_CONFLICT] = {"conflict", LF_ALERT, RECORD ": eventID"},
    [LF_F_CHAIN_FORK] = {"chain-fork", LF_ALERT, STRUCTURE ": previousDigestS3Object"},
    [LF_F_CHAIN_OVERLAP] = {"chain-overlap", LF_ALERT, STRUCTURE ": digestStartTime, digestEndTime"},
    [LF_F_CHAIN_WINDOW_BROKEN] = {"chain-window-broken", LF_ALERT, STRUCTURE ": digestStartTime, digestEndTime"},
    [LF_F_CHAIN_GAP] = {"chain-gap", LF_WARNING, STRUCTURE ": starting digest"},
    [LF_F_KEY_UNKNOWN] = {"key-unknown", LF_WARNING, STRUCTURE ": digestPublicKeyFingerprint"},
    [LF_F_DIGEST_UNSIGNED] = {"digest-unsigned", LF_WARNING, CUSTOM},
    [LF_F_LOG_UNPROVEN] = {"log-unproven", LF_WARNING, STRUCTURE ": logFiles"},
    [LF_F_ALGORITHM_UNKNOWN] = {"algorithm-unknown", LF_WARNING, STRUCTURE ": digestSignatureAlgorithm, hashAlgorithm"},
    [LF_F_EVIDENCE_UNREADABLE] = {"evidence-unreadable", LF_WARNING, "every object of the evidence is accounted for"},
    [LF_F_LAKE_NAME_UNSIGNED] = {"lake-name-unsigned", LF_WARNING, GUIDE "CloudTrail Lake sign file structure"},
    [LF_F_CHAIN_START] = {"chain-start", LF_NOTICE, STRUCTURE ": starting digest"},
    [LF_F_CHAIN_HEAD_CUT] = {"chain-head-cut", LF_NOTICE, STRUCTURE ": previousDigestS3Object"},
    [LF_F_CHAIN_PHASE_CHANGE] = {"chain-phase-change", LF_NOTICE, STRUCTURE ": digestEndTime"},
    [LF_F_LOG_UNDIGESTED] = {"log-undigested", LF_NOTICE, STRUCTURE ": logFiles"},
    [LF_F_LOG_UNLISTED_COPY] = {"log-unlisted-copy", LF_NOTICE, STRUCTURE ": logFiles"},
    [LF_F_DIGEST_RELOCATED] = {"digest-relocated", LF_NOTICE, STRUCTURE ": digestS3Object"},
    [LF_F_LOG_RELOCATED] = {"log-relocated", LF_NOTICE, STRUCTURE ": s3Object"},
    [LF_F_LOG_STORED_INFLATED] = {"log-stored-inflated", LF_NOTICE, FINDING_FILES},
    [LF_F_LOG_EXTRA_HEADER] = {"log-extra-header", LF_NOTICE, "RFC 1952 section 2.3.1"},
    [LF_F_LOG_TIME_RANGE] = {"log-time-range", LF_NOTICE, STRUCTURE ": oldestEventTime, newestEventTime"},
    [LF_F_BACKFILL_TIME_UNKNOWN] = {"backfill-time-unknown", LF_NOTICE, VALIDATING ": backfill digest files"},
    [LF_F_KEY_OUTSIDE_VALIDITY] = {"key-outside-validity", LF_NOTICE, "AWS CloudTrail API reference, PublicKey"},
    [LF_F_KEY_FINGERPRINT_MISMATCH] = {"key-fingerprint-mismatch", LF_NOTICE, "AWS CloudTrail API reference, PublicKey"},
    [LF_F_METADATA_WITHOUT_OBJECT] = {"metadata-without-object", LF_NOTICE, "every object of the evidence is accounted for"},
    [LF_F_OBJECT_ALTERED] = {"object-altered", LF_ALERT, SEALED},
    [LF_F_OBJECT_REMOVED] = {"object-removed", LF_ALERT, SEALED},
    [LF_F_OBJECT_MOVED] = {"object-moved", LF_ALERT, SEALED},
    [LF_F_OBJECT_ADDED] = {"object-added", LF_ALERT, SEALED},
    [LF_F_CUSTODY_DIFFERS] = {"custody-differs", LF_WARNING, "evidence that is handed on is what was sealed before"},
    [LF_F_LEDGER_MALFORMED] = {"ledger-malformed", LF_ALERT, CHAINED},
    [LF_F_LEDGER_CHAIN_BROKEN] = {"ledger-chain-broken", LF_ALERT, CHAINED},
    [LF_F_LEDGER_CUT] = {"ledger-cut", LF_ALERT, CHAINED},
    [LF_F_MANIFEST_MISSING] = {"manifest-missing", LF_ALERT, CHAINED},
    [LF_F_MANIFEST_ALTERED] = {"manifest-altered", LF_ALERT, CHAINED},
    [LF_F_SIGNATURE_MISSING] = {"signature-missing", LF_ALERT, "RFC 5652 section 5"},
    [LF_F_SIGNATURE_INVALID] = {"signature-invalid", LF_ALERT, "RFC 5652 section 5.6"},
    [LF_F_SIGNATURE_UNTRUSTED] = {"signature-untrusted", LF_WARNING, "RFC 5280 section 6"},
    [LF_F_TIMESTAMP_MISSING] = {"timestamp-missing", LF_ALERT, "RFC 3161 section 2.4.2"},
    [LF_F_TIMESTAMP_INVALID] = {"timestamp-invalid", LF_ALERT, "RFC 3161 section 2.4.2"},
    [LF_F_TIMESTAMP_UNTRUSTED] = {"timestamp-untrusted", LF_WARNING, "RFC 3161 section 2.3"},
    [LF_F_CERTIFICATE_EXPIRED] = {"certificate-expired", LF_WARNING, "RFC 5280 section 4.1.2.5"},
    [LF_F_LEDGER_UNANCHORED] = {"ledger-unanchored", LF_WARNING, CHAINED},
};

const struct lf_finding_kind *
lf_finding_kind(enum lf_finding_id id)
{
	return &kinds[id];
}

enum lf_finding_id
lf_finding_id(const char *name)
{
	int i;

	for (i = 0; i < LF_F_COUNT; i++)
		if (strcmp(kinds[i].name, name) == 0)
			break;
	return (enum lf_finding_id)i;
}

const char *
lf_severity_name(enum lf_severity s)
{
	static const char *const names[] = {"alert", "warning", "notice"};

	return names[s];
}

enum lf_severity
lf_finding_severity(enum lf_finding_id id, enum lf_severity said)
{
	/*
	 * A hash that an unverified successor records, and evidence that was worked on: what differs is told more
	 * softly.
	 */
	enum lf_severity best = id == LF_F_DIGEST_HASH_MISMATCH ? LF_WARNING : id == LF_F_CUSTODY_DIFFERS ? LF_NOTICE : kinds[id].severity;

	return said > best ? best : said;
}

void
lf_findings_init(struct lf_findings *f)
{
	lf_list_init(&f->list, sizeof(struct lf_finding));
	lf_arena_init(&f->arena);
}

void
lf_findings_free(struct lf_findings *f)
{
	lf_list_free(&f->list);
	lf_arena_free(&f->arena);
}

const char *
lf_findings_string(struct lf_findings *f, const char *s)
{
	return lf_arena_strdup(&f->arena, s);
}

int
lf_findings_signature(struct lf_findings *f, const struct lf_signature *s, const char **out)
{
	struct lf_buf text;

	*out = NULL;
	if (s == NULL)
		return 0;
	lf_buf_init(&text);
	lf_signature_text(s, &text);
	if (!text.failed)
		*out = lf_findings_string(f, lf_buf_str(&text));
	lf_buf_free(&text);
	return *out == NULL ? -1 : 0;
}

struct lf_finding *
lf_findings_add_text(struct lf_findings *f, struct lf_err *err, enum lf_finding_id id, const char *message)
{
	struct lf_finding *x = lf_list_push(&f->list);

	if (x == NULL) {
		lf_err_nomem(err);
		return NULL;
	}
	*x = (struct lf_finding){.id = id, .severity = kinds[id].severity, .chain = LF_NO_CHAIN,
	    .listed = LF_NO_LISTED, .message = message, .start = LF_TIME_NONE, .end = LF_TIME_NONE,
	    .offset = -1};
	return x;
}

struct lf_finding *
lf_findings_add(struct lf_findings *f, struct lf_err *err, enum lf_finding_id id, const char *fmt, ...)
{
	char stack[1024], *message;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(stack, sizeof(stack), fmt, ap);
	va_end(ap);
	if (n < 0 || (message = lf_arena_alloc(&f->arena, (size_t)n + 1)) == NULL) {
		lf_err_nomem(err);
		return NULL;
	}
	if ((size_t)n < sizeof(stack)) {
		memcpy(message, stack, (size_t)n + 1);
	} else {
		va_start(ap, fmt);
		vsnprintf(message, (size_t)n + 1, fmt, ap);
		va_end(ap);
	}
	return lf_findings_add_text(f, err, id, message);
}
