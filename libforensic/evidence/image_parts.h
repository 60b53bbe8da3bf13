/* The files that make up an image: one, or numbered parts. */
#ifndef LF_EVIDENCE_IMAGE_PARTS_H
#define LF_EVIDENCE_IMAGE_PARTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct lf_image_part {
	int fd; /* -1: absent, between others */
	uint64_t at, size;
};

/*
 * The parts of the image name, of which fd is open (and taken over, whatever comes of it): fd alone, or where the
 * extension is two digits and more, all that are numbered on from it in the same folder.  An absent one has the size of
 * the first.  The caller frees *parts.
 */
int lf_image_parts_open(const char *name, int fd, struct lf_image_part **parts, size_t *n, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));
void lf_image_parts_free(struct lf_image_part *parts, size_t n);

#endif
