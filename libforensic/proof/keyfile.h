/* A file of public keys, as bytes: the forms of trail-evidence(7), KEY FILES, taken apart into keys. */
#ifndef LF_PROOF_KEYFILE_H
#define LF_PROOF_KEYFILE_H

#include <stdint.h>

#include "base/err.h"

/* One key as the file gives it; lives until the callback returns. */
struct lf_keyfile_entry {
	const unsigned char *der;
	size_t der_len;
	const char *stated;              /* Fingerprint, or NULL */
	int64_t valid_from, valid_until; /* LF_TIME_NONE without */
};

/* Takes one key.  Returns 0, or -1 with err saying what is wrong with it. */
typedef int lf_keyfile_fn(void *arg, const struct lf_keyfile_entry *e, struct lf_err *err);

/*
 * Calls each() for every key of bytes, in their order: list-public-keys output (one or more JSON
 * documents), PEM blocks, or one key in DER.  Text may start with a byte order mark and be UTF-16, as
 * PowerShell writes it.  Returns 0 when there was a key and nothing else was wrong, or -1; where a key
 * is at fault, the message starts with its number, counted from 1.
 */
int lf_keyfile_parse(const char *bytes, size_t len, lf_keyfile_fn *each, void *arg, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull(3, 5)));

#endif
