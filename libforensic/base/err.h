/* Operational errors: one sentence in the caller's struct lf_err. */
#ifndef LF_BASE_ERR_H
#define LF_BASE_ERR_H

#include "forensic.h"

/* Fills err with a formatted sentence and returns -1, so that a function can return it. */
int lf_err_set(struct lf_err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3), nonnull));

/* As lf_err_set(), with ": " and the text of errno appended. */
int lf_err_sys(struct lf_err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3), nonnull));

/* The one message for an allocation that failed; returns -1. */
int lf_err_nomem(struct lf_err *err) __attribute__((nonnull));

/* Whether that is what err says: for those who hand on what is wrong with evidence as a message. */
bool lf_err_is_nomem(const struct lf_err *err) __attribute__((nonnull));

#endif
