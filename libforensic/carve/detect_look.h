/* One thread's detectors at work on one hit: what detect.c, detect_gzip.c and detect_text.c share. */
#ifndef LF_CARVE_DETECT_LOOK_H
#define LF_CARVE_DETECT_LOOK_H

#include "carve/content.h"
#include "carve/detect.h"
#include "carve/mend.h"
#include "carve/nest.h"
#include "carve/text.h"

struct lf_detect_shared {
	struct lf_detect_opts opts;
};

struct lf_detector {
	struct lf_detect_shared *shared;
	struct lf_content *content;
	struct lf_member_reader *reader;
	struct lf_mend *mend;
	struct lf_text *text;        /* of the image */
	struct lf_text *nested_text; /* of what is found in it */
	struct lf_nests nests;
	struct lf_buf bytes;         /* content of a member, or what was unwrapped */
	bool holds_much;             /* it has its turn, which is the right to take much memory */
	uint64_t spent;              /* bytes that were made in this run of the image, and are in no complete find */
	void (*turn)(void *arg);
	void *turn_arg;
};

/* Where the bytes come from, and where finds go. */
struct lf_look {
	struct lf_detector *d;
	struct lf_view *v;
	const struct lf_origin *origin;
	struct lf_text *text;
	struct lf_finds *finds;
	struct lf_tally *tally;
	struct lf_err *err;
	uint64_t weight;             /* of finds, before the hit in the image */
};

/* Adds f, which is taken over, also on an error. */
int lf_look_add(const struct lf_look *l, struct lf_find *f) __attribute__((warn_unused_result));
/* Counts; returns 0. */
int lf_look_reject(const struct lf_look *l, enum lf_reject why);
/* Says where f lies, which was found in [from, to) of the view; label "" for what stands there as it is. */
int lf_look_place(const struct lf_look *l, struct lf_find *f, uint64_t from, uint64_t to, const char *label)
    __attribute__((warn_unused_result));
/* Whether no more may be followed: hostile bytes would be inflated again and again from each of very many places. */
static inline bool
lf_look_spent(const struct lf_look *l)
{
	return l->d->spent > 2 * l->d->shared->opts.max_member;
}
/* Before len bytes are held: much memory is taken by one thread at a time.  And when it is needed no more. */
void lf_detector_take_much(struct lf_detector *d, size_t len);
void lf_detector_leave_much(struct lf_detector *d);

/* ---- detect_gzip.c, detect_text.c ---- */

/*
 * How many bytes belong to the members that begin bytes: the first, and what follows it at once, but not what gives
 * itself away in base64.  *more: all of them, and perhaps more.  0 when none of ours begins there.
 */
int lf_look_members(const struct lf_look *l, const struct lf_buf *bytes, size_t *len, bool *more) __attribute__((warn_unused_result));
/* Follow a hit at offset of the view.  Return -1 when memory is out. */
int lf_look_text(const struct lf_look *l, uint64_t offset, enum lf_trigger trigger) __attribute__((warn_unused_result));
/* *end: behind a whole member, else as it was. */
int lf_look_gzip(const struct lf_look *l, uint64_t offset, uint64_t *end) __attribute__((warn_unused_result));

#endif
