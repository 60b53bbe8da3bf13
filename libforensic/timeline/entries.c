#include "timeline/entries.h"

#include <stdbool.h>

#define FEW    16  /* entries that are sorted by insertion */
#define DIGITS 256 /* values of a digit of a prefix */
#define LEVELS 8   /* digits in a prefix */
#define LINES  6   /* of 64 bytes: an item of usual size */
#define AHEAD  16  /* entries whose items are on their way to the cache */

/* Entries that are compared by their items have equal prefixes. */
static inline bool
before(const struct lf_sort_order *o, const struct lf_entry *a, const struct lf_entry *b)
{
	return o->cmp(a->item, b->item) < 0;
}

static inline void
swap(struct lf_entry *a, struct lf_entry *b)
{
	struct lf_entry t = *a;

	*a = *b;
	*b = t;
}

/* ---- By items ---- */

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

/* By items.  The larger part waits, the smaller goes on: so no more than log2(n) wait. */
static void
sort_items(const struct lf_sort_order *order, struct lf_entry *e, size_t n)
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

/* ---- By prefixes ---- */

static void
insertion_by_prefix(struct lf_entry *e, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct lf_entry x = e[i];
		size_t j = i;

		for (; j > 0 && x.prefix < e[j - 1].prefix; j--)
			e[j] = e[j - 1];
		e[j] = x;
	}
}

/* The bits in which prefixes differ; none where they stand in order already. */
static uint64_t
differing(const struct lf_entry *e, size_t n)
{
	bool sorted = true;
	uint64_t bits = 0;

	for (size_t i = 1; i < n; i++) {
		bits |= e[i].prefix ^ e[0].prefix;
		sorted &= e[i - 1].prefix <= e[i].prefix;
	}
	return sorted ? 0 : bits;
}

static inline size_t
digit(const struct lf_entry *e, unsigned shift)
{
	return (e->prefix >> shift) % DIGITS;
}

/*
 * Moves every entry to the part of its digit, where it stands: each swap brings one home.  end[d] is where part d ends.
 */
static void
distribute(struct lf_entry *e, size_t n, unsigned shift, size_t end[DIGITS])
{
	size_t next[DIGITS], count[DIGITS] = {0}, sum = 0;

	for (size_t i = 0; i < n; i++)
		count[digit(&e[i], shift)]++;
	for (size_t d = 0; d < DIGITS; d++) {
		next[d] = sum;
		end[d] = sum += count[d];
	}
	for (size_t d = 0; d < DIGITS; d++) {
		while (next[d] < end[d]) {
			struct lf_entry x = e[next[d]];
			for (size_t home; (home = digit(&x, shift)) != d;)
				swap(&x, &e[next[home]++]);
			e[next[d]++] = x;
		}
	}
}

struct stretch {
	struct lf_entry *e;
	size_t n;
};

/*
 * By the first digit in which they differ, then each part by a later one: eight times at most.  Parts wait in
 * the order of their digits; behind the one that is divided next stand no more than those of LEVELS levels.
 */
static void
sort_prefixes(struct lf_entry *e, size_t n)
{
	struct stretch waiting[LEVELS * DIGITS], now;
	size_t end[DIGITS], n_waiting = 0, from;
	uint64_t bits;

	waiting[n_waiting++] = (struct stretch){e, n};
	while (n_waiting > 0) {
		now = waiting[--n_waiting];
		if ((bits = differing(now.e, now.n)) == 0)
			continue;
		unsigned top = 64 - (unsigned)__builtin_clzll(bits);
		distribute(now.e, now.n, top > 8 ? top - 8 : 0, end);
		for (size_t d = from = 0; d < DIGITS; from = end[d++]) {
			if (end[d] - from > FEW)
				waiting[n_waiting++] = (struct stretch){now.e + from, end[d] - from};
			else
				insertion_by_prefix(now.e + from, end[d] - from);
		}
	}
}

/* Items lie all over memory: those that will be compared are asked for before. */
static inline void
fetch_ahead(const struct lf_entry *e, size_t i, size_t n)
{
	const struct lf_entry *next = &e[i + AHEAD];

	if (i + AHEAD + 1 >= n || (next->prefix != next[1].prefix && next->prefix != next[-1].prefix))
		return;
	for (size_t line = 0; line < LINES; line++)
		__builtin_prefetch((const char *)next->item + line * 64);
}

void
lf_entries_sort(const struct lf_sort_order *order, struct lf_entry *e, size_t n)
{
	size_t from = 0;

	sort_prefixes(e, n);
	for (size_t i = 0; i < n; i++) {
		fetch_ahead(e, i, n);
		if (i + 1 < n && e[i + 1].prefix == e[i].prefix)
			continue;
		if (i > from)
			sort_items(order, e + from, i + 1 - from);
		from = i + 1;
	}
}
