#include "timeline/entries.h"

#include <stdbool.h>

#define FEW 16 /* entries that are sorted by insertion */

static inline bool
before(const struct lf_sort_order *o, const struct lf_entry *a, const struct lf_entry *b)
{
	return a->prefix != b->prefix ? a->prefix < b->prefix : o->cmp(a->item, b->item) < 0;
}

static inline void
swap(struct lf_entry *a, struct lf_entry *b)
{
	struct lf_entry t = *a;

	*a = *b;
	*b = t;
}

static void
insertion_sort(const struct lf_sort_order *o, struct lf_entry *e, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct lf_entry x = e[i];
		size_t j = i;

		for (; j > 0 && before(o, &x, &e[j - 1]); j--)
			e[j] = e[j - 1];
		e[j] = x;
	}
}

/* Lets e[i] sink to its place in a heap of n. */
static void
sink(const struct lf_sort_order *o, struct lf_entry *e, size_t i, size_t n)
{
	struct lf_entry x = e[i];
	size_t child;

	while ((child = 2 * i + 1) < n) {
		if (child + 1 < n && before(o, &e[child], &e[child + 1]))
			child++;
		if (!before(o, &x, &e[child]))
			break;
		e[i] = e[child];
		i = child;
	}
	e[i] = x;
}

static void
heap_sort(const struct lf_sort_order *o, struct lf_entry *e, size_t n)
{
	for (size_t i = n / 2; i-- > 0;)
		sink(o, e, i, n);
	for (size_t i = n; i-- > 1;) {
		swap(&e[0], &e[i]);
		sink(o, e, 0, i);
	}
}

/* Brings the median of first, middle and last to the front. */
static void
choose_pivot(const struct lf_sort_order *o, struct lf_entry *e, size_t n)
{
	struct lf_entry *a = &e[0], *b = &e[n / 2], *c = &e[n - 1];

	if (before(o, b, a))
		swap(a, b);
	if (before(o, c, b)) {
		swap(b, c);
		if (before(o, b, a))
			swap(a, b);
	}
	swap(a, b);
}

/* Puts what is before the pivot to the left of it, what is behind to the right; returns the pivot's place. */
static size_t
partition(const struct lf_sort_order *o, struct lf_entry *e, size_t n)
{
	struct lf_entry pivot;
	size_t i = 0, j = n;

	choose_pivot(o, e, n);
	pivot = e[0];
	for (;;) {
		do
			i++;
		while (i < n && before(o, &e[i], &pivot));
		do
			j--;
		while (before(o, &pivot, &e[j]));
		if (i >= j)
			break;
		swap(&e[i], &e[j]);
	}
	swap(&e[0], &e[j]);
	return j;
}

/* A part that waits to be sorted, and how often it may be divided before it goes to the heap. */
struct part {
	struct lf_entry *e;
	size_t n;
	unsigned depth;
};

/* The larger part waits, the smaller goes on: so no more than log2(n) wait. */
void
lf_entries_sort(const struct lf_sort_order *order, struct lf_entry *e, size_t n)
{
	struct part waiting[64], now = {e, n, 0}, left, right;
	size_t n_waiting = 0, at;

	for (size_t m = n; m > 1; m /= 2)
		now.depth += 2;
	for (;;) {
		if (now.n > FEW && now.depth > 0) {
			at = partition(order, now.e, now.n);
			left = (struct part){now.e, at, now.depth - 1};
			right = (struct part){now.e + at + 1, now.n - at - 1, now.depth - 1};
			waiting[n_waiting++] = left.n > right.n ? left : right;
			now = left.n > right.n ? right : left;
			continue;
		}
		if (now.n > FEW)
			heap_sort(order, now.e, now.n);
		else
			insertion_sort(order, now.e, now.n);
		if (n_waiting == 0)
			return;
		now = waiting[--n_waiting];
	}
}
