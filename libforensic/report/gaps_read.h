/* A JSON result of trail-gaps, read back into what the page of trail-gaps is made of. */
#ifndef LF_REPORT_GAPS_READ_H
#define LF_REPORT_GAPS_READ_H

#include "base/json.h"
#include "coverage/coverage.h"

/*
 * Lines, gaps and impairments of doc, from which strings are borrowed.  There is no case, no proof, and of events
 * that are no impairments only what a gap says of them.  Fails when a line or a gap cannot be understood.
 */
int lf_gaps_read(const json_t *doc, struct lf_coverage **out, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));
void lf_gaps_read_free(struct lf_coverage *c);

#endif
