/* Files without a name, for what does not fit in memory: nothing is left behind, however a run ends. */
#ifndef LF_BASE_TEMPORARY_H
#define LF_BASE_TEMPORARY_H

#include "base/err.h"

/* A file in folder (NULL: $TMPDIR, else /tmp), open for reading and writing; -1 with a message that names the folder. */
int lf_temporary(const char *folder, struct lf_err *err) __attribute__((warn_unused_result, nonnull(2)));

#endif
