/* A JSON result of trail-verify, read back into rows. */
#ifndef LF_REPORT_VERIFY_READ_H
#define LF_REPORT_VERIFY_READ_H

#include "base/json.h"
#include "proof/result.h"

/* doc is the result, kept as long as *out lives; *name, which must live as long, is what messages call it.  Fails when
 * it is no such result, or only a shard of one. */
int lf_verify_read(json_t *doc, const char *const *name, struct lf_result **out, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

#endif
