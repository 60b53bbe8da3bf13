#include "timeline/places.h"

#include <stdlib.h>
#include <string.h>

/* What is in front of a kept text. */
typedef uint64_t kept_len;

/* Takes the number off a place. */
static struct lf_slice
take_number(struct lf_slice *place)
{
	const char *hash = place->len == 0 ? NULL : memrchr(place->s, '#', place->len);
	struct lf_slice number = {"", 0};

	if (hash != NULL) {
		number = lf_slice_behind(*place, (size_t)(hash - place->s) + 1);
		place->len = (size_t)(hash - place->s);
	}
	return number;
}

int
lf_place_cmp(struct lf_slice a, struct lf_slice b)
{
	struct lf_slice x = take_number(&a), y = take_number(&b);
	int d = lf_slice_cmp(a, b);

	if (d != 0)
		return d;
	if (x.len != y.len)
		return x.len < y.len ? -1 : 1;
	return lf_slice_cmp(x, y);
}

void
lf_place_put(struct lf_slice locator, struct lf_slice index, struct lf_buf *out)
{
	lf_buf_add(out, locator.s, locator.len);
	lf_buf_putc(out, '#');
	lf_buf_add(out, index.s, index.len);
}

bool
lf_place_next(struct lf_slice *rest, struct lf_slice *place)
{
	const char *end;

	if (rest->len == 0)
		return false;
	end = memchr(rest->s, '\0', rest->len);
	*place = (struct lf_slice){rest->s, end == NULL ? rest->len : (size_t)(end - rest->s)};
	*rest = lf_slice_behind(*rest, place->len + (end != NULL));
	return true;
}

void
lf_places_keep(struct lf_buf *out, struct lf_slice places)
{
	kept_len len = places.len;

	lf_buf_add(out, &len, sizeof(len));
	lf_buf_add(out, places.s, places.len);
	while (!out->failed && out->len % sizeof(len) != 0)
		lf_buf_putc(out, '\0');
}

/* The kept text at *at, which is moved on; false at the end. */
static bool
next_kept(const char *kept, size_t len, size_t *at, struct lf_slice *out)
{
	kept_len n;

	if (*at >= len || len - *at < sizeof(n))
		return false;
	memcpy(&n, kept + *at, sizeof(n));
	if (n > len - *at - sizeof(n))
		return false;
	*out = (struct lf_slice){kept + *at + sizeof(n), (size_t)n};
	*at += (sizeof(n) + (size_t)n + sizeof(n) - 1) / sizeof(n) * sizeof(n);
	return true;
}

static int
slice_cmp(const void *x, const void *y)
{
	return lf_place_cmp(*(const struct lf_slice *)x, *(const struct lf_slice *)y);
}

/* Every place of the kept texts, as slices. */
static uint32_t
list_places(const struct lf_buf *all, struct lf_buf *list)
{
	struct lf_slice text, place;
	uint32_t n = 0;

	for (size_t at = 0; next_kept(all->data, all->len, &at, &text);)
		while (lf_place_next(&text, &place)) {
			lf_buf_add(list, &place, sizeof(place));
			n++;
		}
	return n;
}

uint32_t
lf_places_sort(struct lf_buf *all)
{
	struct lf_buf list, sorted;
	uint32_t n;

	lf_buf_init(&list);
	lf_buf_init(&sorted);
	n = list_places(all, &list);
	if (!list.failed && n > 0)
		qsort(list.data, n, sizeof(struct lf_slice), slice_cmp);
	for (uint32_t i = 0; !list.failed && i < n; i++) {
		struct lf_slice place;

		memcpy(&place, list.data + i * sizeof(place), sizeof(place));
		lf_places_keep(&sorted, place);
	}
	sorted.failed |= list.failed | all->failed;
	lf_buf_free(&list);
	lf_buf_free(all);
	*all = sorted;
	return n;
}

void
lf_places_join(const char *kept, size_t len, struct lf_buf *out)
{
	size_t from = out->len;
	struct lf_slice text;

	for (size_t at = 0; next_kept(kept, len, &at, &text);) {
		if (out->len > from)
			lf_buf_putc(out, '\0');
		lf_buf_add(out, text.s, text.len);
	}
}
