/* Items to be sorted, each by its place in memory and the number that decides most comparisons. */
#ifndef LF_TIMELINE_ENTRIES_H
#define LF_TIMELINE_ENTRIES_H

#include <stddef.h>
#include <stdint.h>

#include "timeline/sort.h"

struct lf_entry {
	uint64_t prefix; /* order->prefix(item) */
	const void *item;
};

/* Sorts n entries where they stand.  Time is n log n whatever their order, and no memory is taken. */
void lf_entries_sort(const struct lf_sort_order *order, struct lf_entry *e, size_t n);

#endif
