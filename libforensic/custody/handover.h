/* Whether evidence is what it was when it was handed on. */
#ifndef LF_CUSTODY_HANDOVER_H
#define LF_CUSTODY_HANDOVER_H

#include "custody/custody.h"

/*
 * The manifest of an entry is held against that of the last entry before it with the same case and exhibit, unless its
 * action is to collect.  What differs is a finding, custody-differs: a warning where evidence was received, copied or
 * transferred; a notice where an object was altered when it was examined.  Manifests that are not there or not what
 * their entries say are passed over.
 */

/* The evidence that is about to be sealed, in s->manifest. */
int lf_handover_new(struct lf_seal *s, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

/* All entries of the ledger, in s->rows. */
int lf_handover_check(struct lf_seal *s, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

#endif
