#include "carve/view.h"

/*
 * Bytes from outside of the window are fetched this much at a time, at least: objects are read a piece after another.
 */
#define FETCH (64U << 10)

const unsigned char *
lf_view_at(struct lf_view *v, uint64_t offset, size_t want, size_t *got)
{
	*got = 0;
	if (offset >= v->size)
		return (const unsigned char *)"";
	if (v->size - offset < want)
		want = (size_t)(v->size - offset);
	if (offset >= v->base && offset - v->base <= v->len && v->len - (offset - v->base) >= want) {
		*got = want;
		return v->window + (offset - v->base);
	}
	if (v->image == NULL)
		return (const unsigned char *)"";
	if (offset < v->far_base || offset - v->far_base > v->far.len || v->far.len - (offset - v->far_base) < want) {
		size_t fetch = want > FETCH ? want : FETCH;

		lf_buf_reset(&v->far);
		v->far_base = offset;
		if (lf_buf_reserve(&v->far, fetch) == NULL)
			return NULL;
		v->far.len = lf_image_read(v->image, offset, v->far.data, fetch, NULL);
	}
	*got = v->far.len - (size_t)(offset - v->far_base);
	if (*got > want)
		*got = want;
	return (const unsigned char *)v->far.data + (offset - v->far_base);
}

void
lf_view_free(struct lf_view *v)
{
	lf_buf_free(&v->far);
}
