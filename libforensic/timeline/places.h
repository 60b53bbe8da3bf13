/*
 * Places of records as text: "LOCATOR#INDEX", many of them with a NUL between two (no name of a file holds one); and as
 * struct lf_groups keeps those of copies that come from runs.
 */
#ifndef LF_TIMELINE_PLACES_H
#define LF_TIMELINE_PLACES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

/* By locator, as the walk through a folder sorts them, then by number. */
int lf_place_cmp(struct lf_slice a, struct lf_slice b);

/* Appends the place of a record, by its two columns. */
void lf_place_put(struct lf_slice locator, struct lf_slice index, struct lf_buf *out);

/* Takes the first place off *rest; false at the end. */
bool lf_place_next(struct lf_slice *rest, struct lf_slice *place);

/* Appends places as one kept text, which takes a multiple of 8 bytes. */
void lf_places_keep(struct lf_buf *out, struct lf_slice places);

/*
 * Puts the places of all kept texts in order, a kept text each.  Returns how many they are; all->failed when memory is
 * out.
 */
uint32_t lf_places_sort(struct lf_buf *all);

/* Appends the places of len bytes of kept texts, with a NUL between two. */
void lf_places_join(const char *kept, size_t len, struct lf_buf *out);

#endif
