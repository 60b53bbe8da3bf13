/* Members that the JSON documents of several tools share (trail-evidence(7), JSON DOCUMENT). */
#ifndef LF_REPORT_JSON_PARTS_H
#define LF_REPORT_JSON_PARTS_H

#include "base/jsonw.h"
#include "proof/result.h"

/* A list of strings on one line. */
void lf_json_strings(struct lf_jsonw *w, const char *name, const char *const *list, size_t n);

/* "tool" to "verdict", and what was asked for (select may be NULL). */
void lf_json_head(struct lf_jsonw *w, const char *tool, enum lf_verdict verdict, const struct lf_select *select,
    const struct lf_write_opts *o);

/* "anchors": the public keys that all rests on. */
void lf_json_anchors(struct lf_jsonw *w, const struct lf_result *r);

/* Elements of the open array "limits": limit(0), limit(1) ... up to NULL. */
void lf_json_limits(struct lf_jsonw *w, const char *(*limit)(size_t));

/* An element of the open array "skipped". */
void lf_json_skip(struct lf_jsonw *w, const char *locator, const char *reason);

/* An element of the open array "findings". */
void lf_json_finding(struct lf_jsonw *w, const struct lf_finding *x);

#endif
