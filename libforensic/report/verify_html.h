/* trail-verify as one page, and the parts of it that a report takes over. */
#ifndef LF_REPORT_VERIFY_HTML_H
#define LF_REPORT_VERIFY_HTML_H

#include "base/buf.h"
#include "proof/result.h"

int lf_verify_html(const struct lf_result *r, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err) __attribute__((warn_unused_result));

/* What this page needs beside the sheet that all pages share and lf_gaps_sheet. */
extern const char lf_verify_sheet[];

/* ---- Parts (verify_parts.c) ---- */

void lf_verify_tiles(const struct lf_result *r, struct lf_buf *out);

/* Digests and logs by what became of them: a table. */
void lf_verify_counts(const struct lf_result *r, struct lf_buf *out);

/* A table of the chains, at most max of them. */
void lf_verify_chains(const struct lf_result *r, uint32_t max, struct lf_buf *out);

/* The CloudTrail Lake exports, where there are any. */
void lf_verify_lakes(const struct lf_result *r, struct lf_buf *out);

/* A card for each kind of finding, with at most max of its objects; rest says where all of them are. */
void lf_verify_findings(const struct lf_result *r, uint32_t max, const char *rest, struct lf_buf *out);

/* ---- The picture of the segments of all chains over time (verify_picture.c) ---- */

/* lf_map_patterns() must be on the page.  False when memory is out. */
bool lf_verify_picture(const struct lf_result *r, struct lf_buf *out);

#endif
