/*
 * Bytes that were found in the image and are looked through like it: where they come from, and the list of those that
 * still wait.  What is found in them lies, for the image, where their outermost container does.
 */
#ifndef LF_CARVE_NEST_H
#define LF_CARVE_NEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "evidence/image.h"

/* Where a view's bytes come from.  The image itself: depth 0, an empty path. */
struct lf_origin {
	unsigned depth;
	uint64_t start;       /* of the outermost, in the image */
	struct lf_area run;
	struct lf_buf path;   /* "1052672-GZIP-": an offset follows */
};

struct lf_nest {
	struct lf_origin origin;
	struct lf_buf bytes;
};

/* A stack of them. */
struct lf_nests {
	struct lf_nest *nest;
	size_t n, cap;
	uint64_t held; /* bytes in all */
};

void lf_nest_free(struct lf_nest *n);
void lf_nests_free(struct lf_nests *s);
/*
 * Adds bytes (taken over) that were found at offset of what from describes, as label ("GZIP", "BASE64", "NTFS"); run is
 * where they lie when from is the image.  Returns 0, or -1 when memory is out.
 */
int lf_nests_push(struct lf_nests *s, const struct lf_origin *from, uint64_t offset, struct lf_area run,
    const char *label, struct lf_buf *bytes) __attribute__((warn_unused_result, nonnull));
/* Takes the last one off; false when there is none. */
bool lf_nests_pop(struct lf_nests *s, struct lf_nest *out);

#endif
