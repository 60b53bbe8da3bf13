/* The JSON document of trail-verify (trail-evidence(7) describes every member). */
#ifndef LF_REPORT_VERIFY_JSON_H
#define LF_REPORT_VERIFY_JSON_H

#include "proof/result.h"

int lf_verify_json(const struct lf_result *r, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err) __attribute__((warn_unused_result));

#endif
