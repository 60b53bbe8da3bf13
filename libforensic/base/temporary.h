/* Files without a name, for what does not fit in memory: nothing is left behind, however a run ends. */
#ifndef LF_BASE_TEMPORARY_H
#define LF_BASE_TEMPORARY_H

#include "base/err.h"

/* The folder for temporary files: wanted, or for NULL $TMPDIR, else /tmp. */
const char *lf_temporary_folder(const char *wanted);

/* A file in folder (or NULL: see above), open for reading and writing; -1 with a message that names the folder. */
int lf_temporary(const char *folder, struct lf_err *err) __attribute__((warn_unused_result, nonnull(2)));

#endif
