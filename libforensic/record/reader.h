/*
 * The one pass: every object of every source read once, inflated once, hashed once and classified, by several
 * threads, and handed on in the order of the evidence.
 */
#ifndef LF_RECORD_READER_H
#define LF_RECORD_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "evidence/gzip.h"
#include "evidence/source.h"
#include "record/classify.h"
#include "record/select.h"

/* An object as a worker sees it; all pointers are valid only during the call. */
struct lf_object {
	uint32_t source;          /* index of the source */
	const struct lf_item *item;
	const char *locator;      /* where it lies, for people; raw bytes */
	size_t locator_len;
	const char *place;        /* the part of locator that may hold an S3 key (behind "ARCHIVE!") */
	size_t place_len;
	struct lf_s3key key;      /* read from place */
	enum lf_kind kind;
	struct lf_gzip gz;        /* content and container */
	unsigned char hash[LF_SHA256_LEN]; /* SHA-256 of gz.data ... */
	bool hashed;              /* ... if this is true: the reader is not unhashed, and all of the content was read */
	/* of the bytes as stored; Lake results only, unless the reader hashes them */
	unsigned char stored_hash[LF_SHA256_LEN];
	bool carved;              /* records.jsonl of trail-carve ... */
	bool beside;              /* ... and the whole files that were carved with it lie beside it, all of them */
	const char *problem;      /* why it could not be read, or NULL; then kind is UNKNOWN and gz is empty */
	struct lf_magic *magic;   /* to describe unknown bytes; may be NULL */
};

enum lf_pass {
	LF_PASS_DIGESTS, /* of folders what is named as a digest or as metadata; files and archives whole */
	LF_PASS_REST,    /* of folders what the first pass left */
	LF_PASS_ONE,     /* all of every source, for those who need no digests first */
	LF_PASS_COUNT,   /* reads nothing: only counts, before LF_PASS_ONE, what there is in folders, for progress */
	LF_PASS_AGAIN    /* every source; want() picks */
};

/* What was read of one source. */
struct lf_reader_total {
	uint64_t inflated;
	bool capped; /* limits.max_total was reached: the objects after that were not handed on */
};

enum lf_reader_stored {
	LF_STORED_LAKE, /* those for whom Lake results are read */
	LF_STORED_ALL,  /* who wants it of every object; then those of other services are inflated whole, too */
	LF_STORED_ONLY  /* who wants nothing else: contents are neither inflated, hashed nor classified */
};

struct lf_reader {
	struct lf_source *const *sources;
	size_t n_sources;
	struct lf_limits limits;
	const struct lf_select *select;
	unsigned jobs;
	bool unhashed;   /* nobody needs the SHA-256 of contents */
	enum lf_reader_stored stored; /* who needs that of the bytes as stored */
	/*
	 * objects of other services are counted, not opened; else those that begin as events do are read, and of the
	 * rest gz may hold no more than the first bytes
	 */
	bool ignore_foreign;

	/* Whether to read the object at place at all; NULL for all.  One thread at a time. */
	bool (*want)(void *arg, uint32_t source, const char *place, size_t len, const struct lf_s3key *key);
	/* A worker: turns the object into a product.  Many threads at once. */
	int (*work)(void *arg, const struct lf_object *o, void **product, struct lf_err *err);
	/* Consumes the product; one thread at a time, in the order of the evidence. */
	int (*deliver)(void *arg, void *product, struct lf_err *err);
	void (*drop)(void *arg, void *product);
	/* Products that wait for an earlier one weigh no more than bound, but for what is under way; or NULL. */
	uint64_t (*weight)(void *arg, const void *product);
	uint64_t bound;
	void *arg;

	lf_progress_fn *progress;
	void *progress_arg;
	struct lf_progress seen; /* adds up over the passes */
	uint64_t ignored;        /* objects of other services, and lists and reports of trail-carve: not opened */
	bool pass_over_logs;     /* LF_PASS_DIGESTS does not look into folders named "CloudTrail", ... */
	/*
	 * ... and LF_PASS_REST, which does, found there what the first pass should have read: it ended, and both are to
	 * be run again without
	 */
	bool passed_over;
	struct lf_reader_total *totals; /* n_sources, cleared before the first pass; the caller's */
};

/*
 * One pass over all sources.  Once a source has inflated limits.max_total bytes the rest of it is given up
 * (totals[].capped), at the same object whatever the number of threads.  Returns -1 on an operational error only.
 */
int lf_reader_run(struct lf_reader *r, enum lf_pass pass, struct lf_err *err) __attribute__((warn_unused_result));

#endif
