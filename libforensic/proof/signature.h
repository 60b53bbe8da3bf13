/* An RSA signature as CloudTrail writes it down, in digests, metadata and Lake signature files: hexadecimal text. */
#ifndef LF_PROOF_SIGNATURE_H
#define LF_PROOF_SIGNATURE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

/* As bytes, in the arena; len 0 where there is none. */
struct lf_signature {
	const unsigned char *bytes;
	uint16_t len;
	bool bad_hex; /* there was text, but not hexadecimal: it can never hold */
};

/*
 * Decodes hex into the arena and sets all of *out.  Text that is empty, no hexadecimal or longer than a signature of
 * LF_MAX_RSA_BITS is no error: it gives bad_hex and len 0.  Returns -1 with err filled when memory is out.
 */
int lf_signature_decode(struct lf_arena *arena, const char *hex, struct lf_signature *out, struct lf_err *err)
    __attribute__((warn_unused_result));

/* Whether the bytes are the same; two that have none are equal. */
bool lf_signature_equal(const struct lf_signature *a, const struct lf_signature *b);

#endif
