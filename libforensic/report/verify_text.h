/* The text of trail-verify: verdict first, chains, findings by what to do about them, totals, trust, limits. */
#ifndef LF_REPORT_VERIFY_TEXT_H
#define LF_REPORT_VERIFY_TEXT_H

#include "proof/result.h"

int lf_verify_text(const struct lf_result *r, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err) __attribute__((warn_unused_result));

#endif
