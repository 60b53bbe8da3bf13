/*
 * A gzip member with a hole in an image: where the hole is, where the member ends behind it, and what salvage makes of
 * that.
 */
#ifndef LF_CARVE_MEND_H
#define LF_CARVE_MEND_H

#include "base/err.h"
#include "carve/member.h"
#include "carve/salvage.h"
#include "carve/view.h"

#define LF_MEND_STORED ((size_t)1 << 20) /* stored bytes of a member that is mended, at most */

struct lf_mend; /* of one thread, used again and again */

struct lf_mend *lf_mend_new(struct lf_err *err) __attribute__((warn_unused_result, nonnull));
void lf_mend_free(struct lf_mend *m);

/* What was found out about a broken member. */
struct lf_mended {
	const struct lf_salvage *salvage; /* NULL when nothing is proved behind a hole; valid until the next call */
	uint64_t hole;                    /* where the first one begins in the view; UINT64_MAX without */
	uint64_t end;                     /* where the member ends, when it was salvaged */
};

/*
 * Looks for a hole in the member at offset of v, which broken says breaks off: sectors that could not be read, or read
 * as one byte repeated; and for what is proved behind it.  Content decoded from the hole on is not to be believed.
 * Returns -1 when memory is out.
 */
int lf_mend_member(struct lf_mend *m, struct lf_view *v, uint64_t offset, const struct lf_member *broken, size_t max,
    struct lf_mended *out, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

#endif
