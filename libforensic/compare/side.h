/* One side of a comparison: its objects, and the passes over them. */
#ifndef LF_COMPARE_SIDE_H
#define LF_COMPARE_SIDE_H

#include "compare/echo.h"
#include "compare/reason.h"
#include "compare/tree.h"
#include "proof/case.h"
#include "timeline/collect.h"
#include "timeline/objects.h"

struct lf_diff_skip;

/* The events of a side, or of one of its objects. */
struct lf_side_events {
	uint64_t n;
	int64_t first, last; /* LF_TIME_NONE */
	struct lf_carried carried;
};

/* What is known of an object beside what struct lf_timeline_object has; numbered alike. */
struct lf_side_object {
	uint64_t *again;      /* bit i: record i is to be read again; NULL for none */
	unsigned char *hash;  /* SHA-256; NULL while nobody asked */
	int64_t first, last;  /* eventTime; of an object without events the time in its name; LF_TIME_NONE */
	struct lf_side_events events; /* that are asked for */
	uint32_t n_records;
	uint32_t twin;        /* side A's: B's object of the same key and content, without notes; LF_INDEX_END */
	bool listed;          /* objects of the run: not left out by account, region or time */
	bool unread;          /* its content is not known, or not to its end */
	bool whole;           /* read without any trouble */
	bool hash_wanted;
	bool again_done;          /* found again */
	bool has_key;         /* "AWSLogs/" is in its path */
	bool hidden;          /* of no trail that was asked for */
};

/* Takes in what was read of one object: notes (their object is set), which may be none. */
typedef int lf_side_take_fn(void *arg, const struct lf_buf *notes, struct lf_err *err);

struct lf_side {
	struct lf_case *c;
	uint8_t number;
	bool integrity, objects_only;
	bool digests;                /* digests are read, as objects */
	const struct lf_seed *seed;  /* of both sides */
	const struct lf_ignore *ignore;
	struct lf_collect collect;   /* what is wanted */
	struct lf_objects objects;
	struct lf_list more;         /* struct lf_side_object */
	struct lf_index exact;       /* of those that are read again: by place and content */
	struct lf_index twins;       /* of side A while B is read: by key */
	struct lf_echoes *echoes;    /* of the events of A; NULL where each event has a note */
	struct lf_side *other;       /* of side B: A, which was read before */
	const struct lf_source *peer; /* of side A: the folder that is B, or NULL: sizes there may tell what differs */
	struct lf_list skipped;      /* struct lf_diff_skip, in the order of the evidence */
	struct lf_arena arena;

	/* What was found. */
	struct lf_side_events events;
	uint64_t dated, duplicates;  /* duplicates: events of objects that are further copies of one */
	uint32_t n_objects;          /* of the trails that are asked for */
	uint32_t n_keyed;            /* of them those with an S3 key */
	bool any_hidden, any_twin;   /* there are objects that are hidden, that have a twin */

	/* The pass that runs. */
	lf_side_take_fn *take;
	void *take_arg;
};

/*
 * s must be cleared, but for c, number, integrity, objects_only, digests, seed, ignore, echoes, other and peer.
 * lf_side_free() may follow whether this succeeds or not.
 */
int lf_side_init(struct lf_side *s, struct lf_err *err) __attribute__((warn_unused_result));
void lf_side_free(struct lf_side *s);

static inline struct lf_side_object *
lf_side_object(const struct lf_side *s, uint32_t number)
{
	return lf_list_at(&s->more, number);
}

/* Widens a span of times by one, which may be unknown. */
static inline void
lf_side_widen(int64_t t, int64_t *first, int64_t *last)
{
	if (t == LF_TIME_NONE)
		return;
	*first = *first == LF_TIME_NONE || t < *first ? t : *first;
	*last = *last == LF_TIME_NONE || t > *last ? t : *last;
}

/* Reads all: notes of every event, objects, integrity. */
int lf_side_read(struct lf_side *s, lf_side_take_fn *take, void *arg, struct lf_err *err)
    __attribute__((warn_unused_result));

/* Marks a record to be read again. */
int lf_side_mark(struct lf_side *s, uint32_t object, uint32_t record, struct lf_err *err)
    __attribute__((warn_unused_result));

/* Reads the marked records again, whose notes carry them, and hashes the objects whose hash is wanted. */
int lf_side_read_again(struct lf_side *s, lf_side_take_fn *take, void *arg, struct lf_err *err)
    __attribute__((warn_unused_result));

/* Notes that something was not read. */
int lf_side_skip(struct lf_side *s, const char *locator, size_t len, const char *reason, struct lf_err *err)
    __attribute__((warn_unused_result));

/* Appends the key of an object: from "AWSLogs/" on, else the path below its operand. */
void lf_side_key(const struct lf_side *s, uint32_t object, struct lf_buf *out);

/* For finding an object again: many may lie at one place of an archive, and many may have one content. */
uint64_t lf_side_exact(const struct lf_side *s, uint32_t source, const char *place, size_t len, uint64_t content);

/* Whether an object was read to its end, and nothing follows there. */
static inline bool
lf_side_is_whole(const struct lf_object *o)
{
	return o->problem == NULL && o->gz.trailing == 0 && (o->gz.state == LF_GZIP_PLAIN || o->gz.state == LF_GZIP_WHOLE);
}

/* ---- side_twins.c: objects that both sides have ---- */

/* Makes the objects of side A findable by key, while B is read. */
int lf_side_index_twins(struct lf_side *s, struct lf_err *err) __attribute__((warn_unused_result));

/*
 * The object of side A that has the key and the content of o, and was read without trouble; LF_INDEX_END.  *rival:
 * there is none, but one with other content.  Many threads at once.  Returns -1 when memory is out.
 */
int lf_side_find_twin(const struct lf_side *a, const struct lf_object *o, uint64_t content, uint32_t *found,
    bool *rival, struct lf_err *err) __attribute__((warn_unused_result));

/* ---- side_work.c: what a worker does with an object ---- */

struct lf_side_batch {
	struct lf_buf notes;
	struct lf_buf echoes; /* uint64_t: of those of side B's events that side A has, too: they have no notes */
	char *problem;       /* what could not be read, or NULL */
	uint64_t content;
	bool unread;
	bool whole;
	struct lf_side_events events; /* of the run */
	uint32_t n_records;  /* in all */
	int64_t first, last; /* of all records */
	uint32_t twin;       /* the object of the other side that is the same; LF_INDEX_END */
	uint32_t source, object; /* object: when it is read again */
	bool hashed;
	unsigned char hash[LF_SHA256_LEN];
	size_t len, place;   /* of locator, and the offset of place in it */
	char locator[];
};

/* The object gets the hash that the batch has. */
int lf_side_keep_hash(struct lf_side_object *o, const struct lf_side_batch *b, struct lf_err *err)
    __attribute__((warn_unused_result));

/* Frees what a worker keeps from object to object (struct lf_scribe). */
void lf_side_free_own(void *own);

/* For struct lf_reader and struct lf_listener; arg is the struct lf_side.  *product is a struct lf_side_batch. */
int lf_side_work(void *arg, const struct lf_object *o, void **product, struct lf_err *err);
int lf_side_work_again(void *arg, const struct lf_object *o, void **product, struct lf_err *err);
void lf_side_drop(void *arg, void *product);
uint64_t lf_side_weight(void *arg, const void *product);

#define LF_SIDE_WAITING ((uint64_t)8 << 20) /* bytes of batches that may wait for an earlier one */

#endif
