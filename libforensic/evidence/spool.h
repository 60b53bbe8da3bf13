/*
 * A stream, standard input or a pipe, copied to a file without a name, so that it can be read twice and from any place.
 */
#ifndef LF_EVIDENCE_SPOOL_H
#define LF_EVIDENCE_SPOOL_H

#include "base/err.h"

/*
 * Copies what is left of the stream in, which messages call name, to an unlinked file in tmpdir.  Returns its
 * descriptor, which the caller closes; -1 when in cannot be read or the folder cannot take it.
 */
int lf_spool(int in, const char *name, const char *tmpdir, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

#endif
