/* The forms in which people hand over S3 object metadata (trail-evidence(7), METADATA), for evidence/meta only. */
#ifndef LF_EVIDENCE_META_FORMS_H
#define LF_EVIDENCE_META_FORMS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "evidence/meta_fact.h"

/* Takes a fact.  Returns -1, with err filled, to stop. */
typedef int lf_meta_take_fn(void *arg, const struct lf_meta_fact *f, struct lf_err *err);

/* Whether text may be metadata at all, by a quick look: it is worth parsing when it is. */
bool lf_meta_plausible(const char *text, size_t len);

/*
 * Hands over what text says, whatever its form.  *known tells whether it is one.  Returns -1 when memory is
 * out or take did.
 */
int lf_meta_parse(const char *text, size_t len, lf_meta_take_fn *take, void *arg, bool *known,
    struct lf_err *err) __attribute__((warn_unused_result, nonnull(1, 3, 5, 6)));

/* As lf_meta_parse(), for the header lines of HTTP requests and responses. */
int lf_meta_headers(const char *text, size_t len, lf_meta_take_fn *take, void *arg, bool *known,
    struct lf_err *err) __attribute__((warn_unused_result, nonnull(1, 3, 5, 6)));

/*
 * Reads the one object that text starts with when it is of the plain form of lists of metadata: then *f, which points
 * into text, and *used, its length, are filled.  False when it is anything else, which need not be wrong.
 */
bool lf_meta_flat(const char *text, size_t len, struct lf_meta_fact *f, size_t *used)
    __attribute__((warn_unused_result, nonnull));

#endif
