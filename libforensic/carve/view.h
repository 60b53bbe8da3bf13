/*
 * What a detector looks at: the image, or bytes that were found in it (the content of a member, decoded base64, a
 * repaired NTFS record).  Offsets count in the view; where() leads back to the image.  One thread.
 */
#ifndef LF_CARVE_VIEW_H
#define LF_CARVE_VIEW_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "evidence/image.h"

struct lf_view {
	struct lf_image *image;       /* NULL: window is all there is */
	uint64_t size;                /* of all; UINT64_MAX while the end of a stream is not known */
	const unsigned char *window;  /* what lies in memory: [base, base + len) */
	uint64_t base;
	size_t len;
	struct lf_buf far;            /* the last bytes from outside of the window; of the view */
	uint64_t far_base;
};

/*
 * want bytes at offset; *got is fewer only at the end of the view (0 behind it).  From the window where it has them
 * all, else read from the image.  Valid until the next call.  NULL, with *got 0, when memory is out.
 */
const unsigned char *lf_view_at(struct lf_view *v, uint64_t offset, size_t want, size_t *got);
void lf_view_free(struct lf_view *v);

#endif
