/* A look into the records of a log that no digest proves: do they belong where the log lies? */
#ifndef LF_PROOF_SCOPE_H
#define LF_PROOF_SCOPE_H

#include "base/arena.h"
#include "proof/body.h"
#include "record/s3key.h"

/*
 * Reads all records of text.  A record's recipientAccountId other than the key's account, an awsRegion other than the
 * key's region (the partition's global region is allowed, older logs carry global services everywhere), or a category
 * other than the key's class is a mismatch; the first is kept.  NULL when memory is out.
 */
struct lf_log_scan *lf_scope_scan(const struct lf_s3key *key, const char *text, size_t len, struct lf_arena *arena);

#endif
