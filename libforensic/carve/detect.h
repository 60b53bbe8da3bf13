/*
 * From a hit to finds: one thread's detectors and their buffers.  What a hit leads to depends on the image alone.
 * Nested things (a tar in a gzip, gzip in base64 in JSON) are gone through with a worklist, LF_CARVE_DEPTH deep.
 */
#ifndef LF_CARVE_DETECT_H
#define LF_CARVE_DETECT_H

#include "base/err.h"
#include "carve/find.h"
#include "carve/sift.h"
#include "carve/tally.h"
#include "carve/view.h"

#define LF_CARVE_DEPTH 4u

#define LF_CARVE_SMALL ((size_t)4 << 20) /* members with more content are read by one thread at a time */

struct lf_detect_opts {
	uint64_t max_member; /* inflated bytes of one member, and of all that is nested in it */
	size_t max_record;   /* bytes of one record */
};

struct lf_detector;
struct lf_detect_shared; /* what threads share */

int lf_detect_shared_new(const struct lf_detect_opts *o, struct lf_detect_shared **out, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));
void lf_detect_shared_free(struct lf_detect_shared *s);
struct lf_detector *lf_detector_new(struct lf_detect_shared *s, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));
void lf_detector_free(struct lf_detector *d);

/* Where finds go, in any order. */
struct lf_finds {
	struct lf_find *find;
	size_t n, cap;
	uint64_t weight; /* bytes that they hold */
};
void lf_finds_free(struct lf_finds *f);

/*
 * turn is called before much memory is taken, and returns when no other thread has any; without one there is no other.
 */
void lf_detector_turn(struct lf_detector *d, void (*turn)(void *arg), void *arg);
/* Another run of the image begins: the memory of the text detector goes. */
void lf_detector_reset(struct lf_detector *d);
/* Follows a hit at offset of v (a view of the image).  Returns -1 only when memory is out. */
int lf_detector_look(struct lf_detector *d, struct lf_view *v, uint64_t offset, enum lf_trigger trigger,
    struct lf_finds *finds, struct lf_tally *tally, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

#endif
