/*
 * Second looks: one more pass over chosen logs, of those that the one pass has seen.
 */
#ifndef LF_PROOF_AGAIN_H
#define LF_PROOF_AGAIN_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/index.h"
#include "proof/body.h"
#include "record/reader.h"

/* One more pass. */
struct lf_again {
	struct lf_body *b;
	unsigned char *chosen; /* a byte for each present row */
	void *own;             /* of work and deliver, which get the struct lf_again */
	struct lf_index places, contents; /* internal, of one run: chosen rows by place, all by place and content */
	/* internal: of want and deliver, which never run at the same time as themselves */
	struct lf_buf path, delivered;
};

/* What a worker found in one log. */
struct lf_again_found {
	struct lf_arena arena;
	struct lf_log_scan *scan; /* NULL without */
	struct lf_buf list;       /* of whatever it looked for */
	const char *problem;      /* why it could not be read this time, or NULL */

	uint32_t source;          /* which object it is */
	unsigned char hash[LF_SHA256_LEN];
	size_t place, len;
	char locator[];
};

/* Chooses none.  Free a in any case. */
int lf_again_init(struct lf_again *a, struct lf_body *b, struct lf_err *err) __attribute__((warn_unused_result));
void lf_again_free(struct lf_again *a);

/*
 * Looks at the chosen rows: work makes a struct lf_again_found of each in *product, which deliver hands to
 * lf_again_drop().  reader is that of the one pass.
 */
int lf_again_run(struct lf_again *a, struct lf_reader *reader,
    int (*work)(void *, const struct lf_object *, void **, struct lf_err *), int (*deliver)(void *, void *, struct lf_err *),
    struct lf_err *err) __attribute__((warn_unused_result));

struct lf_again_found *lf_again_found_new(const struct lf_object *o);
void lf_again_drop(void *arg, void *product);

/*
 * The chosen row of what was found, if its content is still what the one pass saw.  LF_NONE elsewhere: for one that was
 * not chosen and lies, in an archive, at the same place, too; with a note when a chosen one changed.
 */
uint32_t lf_again_row(struct lf_again *a, const struct lf_again_found *f, struct lf_err *err, int *rc);

/*
 * Scans the records of every log that is neither proved nor scanned: the few that were read before it was known that no
 * digest proves them.
 */
int lf_again_scan(struct lf_body *b, struct lf_reader *reader, struct lf_err *err) __attribute__((warn_unused_result));

#endif
