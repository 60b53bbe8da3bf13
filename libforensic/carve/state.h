/*
 * carve.state: where a run stands, in a file that is replaced whole (fsync, rename), and that only the same run takes
 * up again.
 */
#ifndef LF_CARVE_STATE_H
#define LF_CARVE_STATE_H

#include "base/err.h"
#include "carve/pass.h"

#define LF_STATE_IMAGES 1024u /* operands of one run, at most */

struct lf_carve_place {
	unsigned image;              /* which of the operands is at work; all before it are over */
	struct lf_pass_place at;     /* of that one */
	uint64_t finds, records;     /* bytes of the work files */
	/* bytes that finds of that image took: text in its own order (lf_find.late), the rest */
	uint64_t written[2];
	struct lf_tally *over;       /* of each image that is over; the caller's, room for all operands */
};

/*
 * Writes p to the folder.  identity: SHA-256 over all that makes a run what it is: options, version, and each image's
 * name, size, modification time, first and last MiB.
 */
int lf_state_save(int folder, const unsigned char identity[LF_SHA256_LEN], const struct lf_carve_place *p,
    struct lf_err *err) __attribute__((warn_unused_result, nonnull));
/*
 * 1, or 0 when there is none (a run that was stopped before the first); -1 when it is another run's, or no state at
 * all.
 */
int lf_state_load(int folder, const unsigned char identity[LF_SHA256_LEN], struct lf_carve_place *out,
    struct lf_err *err) __attribute__((warn_unused_result, nonnull));
int lf_state_drop(int folder, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

#endif
