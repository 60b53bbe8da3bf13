/* The machine and the program that an entry names. */
#ifndef LF_CUSTODY_HOST_H
#define LF_CUSTODY_HOST_H

#include "custody/ledger.h"

/*
 * Fills what an entry says of machine, clock and program: from the kernel, os-release(5) and the running binary, so
 * before the sandbox goes up.  Strings go into arena.
 */
int lf_host_fill(struct lf_entry *e, struct lf_arena *arena, struct lf_err *err) __attribute__((warn_unused_result));

#endif
