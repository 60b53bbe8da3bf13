/*
 * The body of evidence: every digest, every log that a digest lists, every log that is there, and what could not be
 * read, gathered by the one pass.  Nothing is judged here.
 */
#ifndef LF_PROOF_BODY_H
#define LF_PROOF_BODY_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/index.h"
#include "base/intern.h"
#include "base/list.h"
#include "base/signature.h"
#include "evidence/gzip.h"
#include "evidence/meta.h"
#include "proof/skips.h"
#include "record/digest.h"
#include "record/lake.h"
#include "record/names.h"
#include "record/reader.h"
#include "record/select.h"

#define LF_NONE UINT32_MAX

enum lf_digest_status { LF_D_VERIFIED, LF_D_LINKED, LF_D_UNSIGNED, LF_D_INVALID };
enum lf_log_status {
	LF_L_VERIFIED,
	LF_L_UNPROVEN,
	LF_L_MODIFIED,
	LF_L_MISSING,
	LF_L_MALFORMED,
	LF_L_UNREFERENCED,
	LF_L_UNDIGESTED,
	LF_L_STATUSES
};
enum lf_proof_by { LF_BY_NONE, LF_BY_METADATA, LF_BY_SUCCESSOR, LF_BY_ANCHOR };

/* A digest as found.  Strings are interned (keys and signatures with those of the metadata) or in the body's arena. */
struct lf_digest_row {
	bool parsed;            /* false: malformed; then only place, name fields and problem are set */
	bool unreadable;        /* there, but it cannot be read: problem says why */
	bool extra_copy;        /* another row has the same content: this one only tells where else it lies */
	bool is_start;
	bool prev_hash_known;
	bool scope_mismatch;    /* account, region or time disagree with its own key */
	bool in_place;          /* lies where its key says */
	bool backfill;
	bool selected;          /* its window and trail belong to what was asked */
	bool meta_algorithm_unknown; /* its metadata names another algorithm: the signature there is not tried */
	bool meta_failed;       /* its own metadata signature does not hold under a known key */
	bool recorded_failed;   /* a successor's record of its signature does not hold under a known key */
	bool key_known;
	uint8_t container;      /* enum lf_gzip_state */
	uint8_t header;         /* LF_GZIP_* */
	uint8_t status;         /* enum lf_digest_status */
	uint8_t by;             /* enum lf_proof_by */
	uint32_t source;
	uint32_t chain;         /* LF_NONE until chains are made */
	uint32_t pred, succ;    /* rows; LF_NONE */
	uint32_t first_log, n_logs; /* in listed */
	uint32_t key_used;      /* in the key ring; LF_NONE */
	uint32_t proved_by;     /* row of the digest whose record proves it (by SUCCESSOR or ANCHOR) */
	int64_t start, end;     /* of a malformed one: from its name, one hour */
	const char *folder;     /* of the locator, what stands before tail */
	/* ... and the rest: key, where the locator ends with that; else all of it, but for an archive's name */
	const char *tail;
	const char *account, *org, *region, *trail, *home_region; /* from its key, else its place; "" unknown */
	const char *stated_account;
	const char *bucket, *key;
	const char *fingerprint, *algorithm;
	const char *prev_bucket, *prev_key; /* NULL for a start digest */
	const struct lf_signature *prev_sig; /* NULL for a start digest */
	const struct lf_signature *meta_sig; /* from -m or extended attributes, or NULL */
	const char *meta_from;  /* which said so, for messages */
	const char *generated;  /* backfill-generation-timestamp, or NULL */
	/* the first log of another account or region that it lists, or NULL: such logs are no rows */
	const char *foreign;
	const char *problem;    /* of a malformed one */
	unsigned char hash[LF_SHA256_LEN], prev_hash[LF_SHA256_LEN];
	uint64_t trailing, offset; /* trailing bytes, and where they or the trouble begin */
	bool member_follows;
};

/* A log as a digest lists it. */
struct lf_listed_row {
	struct lf_name name; /* scope: the bucket */
	unsigned char hash[LF_SHA256_LEN];
	uint32_t digest;     /* row */
	uint32_t present;    /* the row that settles its status, or LF_NONE */
	uint32_t oldest, newest; /* seconds, 0 unknown */
	uint32_t tag;        /* lf_index_tag() of its base name's hash */
	uint8_t status;      /* enum lf_log_status */
	bool hash_known;
	bool duplicate;      /* another row lists the same key and is the one that counts */
	bool other_version;  /* and that row is of another content of the same digest */
};

/* What a scan of the records of a log that is not proved found. */
struct lf_log_scan {
	uint64_t n;
	const char *problem;  /* or NULL */
	uint64_t at;          /* offset of the problem in the inflated bytes */
	const char *mismatch; /* a record that contradicts the key, or NULL */
	int64_t oldest, newest;
	const char *account, *region; /* of the first record; "" */
};

/* A log as found. */
struct lf_present_row {
	struct lf_name name; /* scope: the place in the evidence */
	unsigned char hash[LF_SHA256_LEN];
	const struct lf_log_scan *scan; /* NULL while not scanned */
	uint32_t trouble;    /* in troubles: container offset and trailing bytes; LF_NONE */
	uint8_t container;   /* enum lf_gzip_state */
	uint8_t header;
	uint8_t status;      /* of an unlisted one */
	bool claimed;        /* a digest lists it */
	bool proved;         /* and that digest is verified and the content is what it lists */
	bool gz_name;        /* named .gz */
	bool judged;         /* its container was judged as that of a listed log */
	bool unreadable;     /* there, but it cannot be read or inflated within the caps */
};

/* What few logs have. */
struct lf_trouble {
	uint64_t offset, trailing; /* bytes behind the first gzip member, and where they or the damage begin */
	bool member_follows;
	uint64_t inflated;         /* of a log whose name places it nowhere: counted once it is placed */
	const char *problem;       /* of an unreadable one */
};

/* A Lake signature file and the result files of its folder are matched by place. */
struct lf_lake_row {
	struct lf_lake *doc; /* NULL when malformed */
	const char *locator, *place, *problem;
	uint32_t source;
};
struct lf_lake_result_row {
	const char *locator, *place;
	uint32_t source;
	uint32_t number; /* as they came */
	unsigned char stored_hash[LF_SHA256_LEN];
	bool claimed;
};

struct lf_body {
	struct lf_source *const *sources;
	size_t n_sources;
	const struct lf_select *select;
	struct lf_meta *meta;

	struct lf_names names;
	struct lf_intern strings;
	struct lf_arena arena;
	struct lf_list digests;  /* struct lf_digest_row */
	struct lf_list listed;   /* struct lf_listed_row */
	struct lf_list present;  /* struct lf_present_row */
	struct lf_list troubles; /* struct lf_trouble */
	struct lf_skips skipped;
	struct lf_list lakes;    /* struct lf_lake_row */
	struct lf_list lake_results;
	struct lf_index digest_by_hash; /* rows that parsed */
	struct lf_index digest_by_name; /* all rows, by base name of key and, when it differs, of place */
	struct lf_index listed_by_name; /* by base name */
	struct lf_index present_by_name;
	struct lf_list pending;  /* products of digests that came while workers read the lists */
	bool proved_known;       /* digests were judged: workers tell proved logs from others, and the lists of digests
				  * and listed logs must not change under them */
	uint64_t ignored, bytes, objects;
};

int lf_body_init(struct lf_body *b, struct lf_err *err) __attribute__((warn_unused_result));
void lf_body_free(struct lf_body *b);

static inline struct lf_digest_row *
lf_body_digest(const struct lf_body *b, uint32_t i)
{
	return lf_list_at(&b->digests, i);
}
static inline struct lf_listed_row *
lf_body_listed(const struct lf_body *b, uint32_t i)
{
	return lf_list_at(&b->listed, i);
}
static inline struct lf_present_row *
lf_body_present(const struct lf_body *b, uint32_t i)
{
	return lf_list_at(&b->present, i);
}

/* Whether what lies at place in a source lies where key says: by the path from "AWSLogs/" on, or, in a copy rooted
 * inside the bucket, by the folders below its root. */
bool lf_body_in_place(const struct lf_body *b, uint32_t source, const char *place, size_t len, const char *key);

/* The base name of a digest, for messages about other objects: it says account, region, trail and time. */
static inline const char *
lf_digest_base(const struct lf_digest_row *d)
{
	const char *slash = strrchr(d->tail, '/');

	return slash != NULL ? slash + 1 : d->tail[0] != '\0' ? d->tail : d->folder;
}

/* Appends where a digest lies, and where in its source. */
void lf_body_digest_locator(const struct lf_digest_row *d, struct lf_buf *out);
void lf_body_digest_place(const struct lf_body *b, const struct lf_digest_row *d, struct lf_buf *out);

/* Appends "s3://bucket/key" of a listed log; where a log that is there lies. */
void lf_body_listed_object(const struct lf_body *b, const struct lf_listed_row *l, struct lf_buf *out);
void lf_body_locator(const struct lf_body *b, const struct lf_present_row *p, struct lf_buf *out);

#endif
