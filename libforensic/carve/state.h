/* carve.state: where a run stands, in a file that is replaced whole (fsync, rename), and that only the same run takes up again. */
#ifndef LF_CARVE_STATE_H
#define LF_CARVE_STATE_H

#include "carve/pass.h"
#include "carve/store.h"

struct lf_carve_place {
	unsigned image;              /* which of the operands is at work */
	struct lf_pass_place at;
	struct lf_store_lengths lengths;
};

/* identity: SHA-256 over options, version and each image's name, size, mtime, first and last MiB. */
int lf_state_save(int folder, const unsigned char identity[LF_SHA256_LEN], const struct lf_carve_place *p, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));
/* 1, 0 when there is none (start anew), -1 when it is another run's, or no state. */
int lf_state_load(int folder, const unsigned char identity[LF_SHA256_LEN], struct lf_carve_place *out, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));
int lf_state_drop(int folder, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

#endif
