/*
 * RSA signatures as CloudTrail writes them down, in digests, metadata and Lake signature files: hexadecimal text, kept
 * as bytes, and once for all that say the same.
 */
#ifndef LF_BASE_SIGNATURE_H
#define LF_BASE_SIGNATURE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/index.h"
#include "base/list.h"

struct lf_signature {
	uint16_t len;    /* of bytes; 0: the text is no hexadecimal, and can never hold */
	bool verbatim;   /* the text follows the bytes: it is not what the bytes give in lower case */
	unsigned char bytes[];
};

struct lf_signatures {
	struct lf_list list;    /* const struct lf_signature * */
	struct lf_index index;  /* by a hash of the text */
	struct lf_arena arena;
};

void lf_signatures_init(struct lf_signatures *s);
void lf_signatures_free(struct lf_signatures *s);

/*
 * The signature that len bytes of text spell, which lives as long as s.  Text that is empty, no hexadecimal or longer
 * than a signature of LF_MAX_RSA_BITS is no error: it is kept as it is, with len 0.  NULL with err filled when memory
 * is out.
 */
const struct lf_signature *lf_signatures_add(struct lf_signatures *s, const char *text, size_t len, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

/* Appends the text, to the last byte. */
void lf_signature_text(const struct lf_signature *s, struct lf_buf *out) __attribute__((nonnull));

/* Whether two, either of which may be NULL, are the same: by their bytes where both have some, else none has. */
bool lf_signature_equal(const struct lf_signature *a, const struct lf_signature *b);

/* Whether there is one that may hold. */
static inline bool
lf_signature_usable(const struct lf_signature *s)
{
	return s != NULL && s->len > 0;
}

#endif
