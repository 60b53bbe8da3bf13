#include "timeline/sort.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/pool.h"
#include "timeline/entries.h"
#include "timeline/merge.h"
#include "timeline/spills.h"

#define MEMORY_MIN ((uint64_t)256 << 10)
#define BUFFER_MIN ((size_t)64 << 10)  /* for a run: less would be all seeking */
#define BUFFER_MAX ((size_t)512 << 10) /* more makes nothing faster */
#define WAYS_MAX   1024                /* runs merged at once */
#define PIECES_MAX 64                  /* parts of memory that are sorted at once */
#define PIECE_MIN  ((size_t)4096)      /* entries that are worth a thread */

/*
 * One run of memory: items grow from its bottom and their entries from its top.  Sorted pieces of entries stay apart
 * and are merged on the way out.  What is free between them, all of it in the end, is for the buffers of runs that are
 * read.  Memory that is never touched costs nothing.
 */
struct lf_sorter {
	struct lf_sort_order order;
	unsigned jobs;
	char *memory, *buffer; /* buffer: for writing */
	size_t size, buffer_size;
	size_t used, n;        /* bytes of items and number of entries in memory */
	struct lf_spills runs;
	struct lf_merge merge;
	bool finished, started;
};

static size_t
aligned(uint64_t size)
{
	return (size_t)(size & ~(uint64_t)15);
}

int
lf_sorter_new(struct lf_sort_order order, uint64_t memory, int fd, const char *folder, unsigned jobs, struct lf_sorter **out,
    struct lf_err *err)
{
	struct lf_sorter *s = calloc(1, sizeof(*s));

	*out = NULL;
	if (memory < MEMORY_MIN)
		memory = MEMORY_MIN;
	if (s == NULL) {
		close(fd);
		return lf_err_nomem(err);
	}
	s->order = order;
	s->jobs = jobs;
	lf_spills_init(&s->runs, fd, folder);
	lf_merge_init(&s->merge, &s->order);
	s->buffer_size = aligned(memory / 4 < BUFFER_MAX ? memory / 4 : BUFFER_MAX);
	s->size = aligned(memory - s->buffer_size);
	s->memory = malloc(s->size);
	s->buffer = malloc(s->buffer_size);
	if (s->memory == NULL || s->buffer == NULL) {
		lf_sorter_free(s);
		return lf_err_nomem(err);
	}
	*out = s;
	return 0;
}

void
lf_sorter_free(struct lf_sorter *s)
{
	if (s == NULL)
		return;
	lf_merge_free(&s->merge);
	lf_spills_free(&s->runs);
	free(s->memory);
	free(s->buffer);
	free(s);
}

/* ---- What is in memory ---- */

static struct lf_entry *
entries_of(const struct lf_sorter *s)
{
	return (struct lf_entry *)(void *)(s->memory + s->size) - s->n;
}

static size_t
room(const struct lf_sorter *s)
{
	return s->size - s->used - s->n * sizeof(struct lf_entry);
}

static size_t
count_pieces(const struct lf_sorter *s)
{
	size_t most = s->jobs < PIECES_MAX ? s->jobs : PIECES_MAX;
	size_t pieces = s->n / PIECE_MIN;

	if (pieces > most)
		pieces = most;
	return pieces > 0 ? pieces : s->n > 0;
}

/* The i-th piece of the entries in memory, and how many they are. */
static struct lf_entry *
piece(const struct lf_sorter *s, size_t i, size_t *n)
{
	size_t pieces = count_pieces(s), each = pieces == 0 ? 0 : s->n / pieces;

	*n = i + 1 < pieces ? each : s->n - i * each;
	return entries_of(s) + i * each;
}

static int
sort_piece(void *arg, unsigned thread, size_t i)
{
	const struct lf_sorter *s = arg;
	size_t n;
	struct lf_entry *e = piece(s, i, &n);

	(void)thread;
	lf_entries_sort(&s->order, e, n);
	return 0;
}

static int
sort_memory(struct lf_sorter *s, struct lf_err *err)
{
	return lf_parallel(s->jobs, count_pieces(s), sort_piece, s, err);
}

static void
add_pieces(struct lf_sorter *s)
{
	struct lf_entry *e;
	size_t n;

	for (size_t i = 0; i < count_pieces(s); i++) {
		e = piece(s, i, &n);
		lf_merge_add_entries(&s->merge, e, n, s->used / s->n);
	}
}

/* ---- To the file ---- */

/* Writes all that the merge gives as a new run. */
static int
write_run(struct lf_sorter *s, struct lf_err *err)
{
	struct lf_spill_writer w;
	const void *item;

	lf_spill_begin(&w, &s->runs, s->buffer, s->buffer_size);
	for (;;) {
		if (lf_merge_next(&s->merge, &item, err) != 0)
			return -1;
		if (item == NULL)
			return lf_spill_end(&w, err);
		if (lf_spill_put(&w, item, err) != 0)
			return -1;
	}
}

/* Writes what is in memory, which is sorted, and leaves memory empty. */
static int
spill(struct lf_sorter *s, struct lf_err *err)
{
	if (lf_merge_reset(&s->merge, count_pieces(s), err) != 0)
		return -1;
	add_pieces(s);
	if (write_run(s, err) != 0)
		return -1;
	s->used = 0;
	s->n = 0;
	return 0;
}

/* An item that memory would not hold is a run by itself. */
static int
spill_item(struct lf_sorter *s, const void *item, struct lf_err *err)
{
	struct lf_spill_writer w;

	lf_spill_begin(&w, &s->runs, s->buffer, s->buffer_size);
	return lf_spill_put(&w, item, err) != 0 ? -1 : lf_spill_end(&w, err);
}

/* Copies an item of size bytes, for which there is room. */
static void
keep(struct lf_sorter *s, const void *item, size_t size)
{
	char *at = s->memory + s->used;

	memcpy(at, item, size);
	s->used += size;
	s->n++;
	*entries_of(s) = (struct lf_entry){s->order.prefix(at), at};
}

static int
add_one(struct lf_sorter *s, const void *item, size_t size, struct lf_err *err)
{
	size_t need = size + sizeof(struct lf_entry);

	if (need > s->size)
		return spill_item(s, item, err);
	if (need > room(s) && (sort_memory(s, err) != 0 || spill(s, err) != 0))
		return -1;
	keep(s, item, size);
	return 0;
}

int
lf_sorter_add(struct lf_sorter *s, const void *items, size_t len, struct lf_err *err)
{
	const char *at = items;
	uint32_t size;

	assert(!s->finished);
	for (; len > 0; at += size, len -= size) {
		assert(len >= sizeof(uint64_t));
		memcpy(&size, at, sizeof(size));
		assert(size >= sizeof(uint64_t) && size % sizeof(uint64_t) == 0 && size <= len);
		if (add_one(s, at, size, err) != 0)
			return -1;
	}
	return 0;
}

/* ---- Merging ---- */

/* What it takes at least to read a run. */
static size_t
need_of(const struct lf_spill *r)
{
	size_t need = r->length < BUFFER_MIN ? (size_t)r->length : BUFFER_MIN;

	return need > r->largest ? need : r->largest;
}

/* How many of the oldest runs can be read at once in the memory that is free, and what they need.  Two always can. */
static size_t
count_fitting(const struct lf_sorter *s, uint64_t *need)
{
	size_t k = 0, one;

	for (*need = 0; k < s->runs.n && k < WAYS_MAX; k++, *need += one) {
		one = need_of(lf_spills_at(&s->runs, k));
		if (*need + one > room(s) && k >= 2)
			break;
	}
	return k;
}

/* Two items may be larger than memory; nothing else is in it then. */
static int
enlarge(struct lf_sorter *s, uint64_t need, struct lf_err *err)
{
	if (need <= room(s))
		return 0;
	assert(s->n == 0);
	free(s->memory);
	s->size = aligned(need + 15);
	s->memory = malloc(s->size);
	if (s->memory == NULL) {
		s->size = 0;
		return lf_err_nomem(err);
	}
	return 0;
}

/* Divides what is free in memory between the k oldest runs, which need so much of it at least. */
static void
add_runs(struct lf_sorter *s, size_t k, uint64_t need)
{
	char *at = s->memory + s->used;
	size_t more = k == 0 ? 0 : (size_t)((room(s) - need) / k), least, cap;

	for (size_t i = 0; i < k; i++) {
		least = need_of(lf_spills_at(&s->runs, i));
		cap = least + more < BUFFER_MAX ? least + more : least > BUFFER_MAX ? least : BUFFER_MAX;
		cap &= ~(size_t)7;
		lf_merge_add_run(&s->merge, &s->runs, lf_spills_at(&s->runs, i), at, cap);
		at += cap;
	}
}

/*
 * Makes one run of the oldest ones, of no more than it takes for the rest to be read at once.  Oldest first: runs of
 * one generation are merged before those that came of them, so that no item is copied more than log(runs) times.
 */
static int
merge_oldest(struct lf_sorter *s, size_t fitting, struct lf_err *err)
{
	size_t k = s->runs.n - fitting + 1;
	uint64_t need = 0;

	if (k > fitting)
		k = fitting;
	for (size_t i = 0; i < k; i++)
		need += need_of(lf_spills_at(&s->runs, i));
	if (enlarge(s, need, err) != 0 || lf_merge_reset(&s->merge, k, err) != 0)
		return -1;
	add_runs(s, k, need);
	if (write_run(s, err) != 0)
		return -1;
	lf_spills_drop(&s->runs, k);
	return 0;
}

/* Whether all runs can be read at once beside what is in memory. */
static bool
fits(const struct lf_sorter *s)
{
	uint64_t need;

	return s->runs.n == 0 || (count_fitting(s, &need) == s->runs.n && need <= room(s));
}

int
lf_sorter_finish(struct lf_sorter *s, struct lf_err *err)
{
	size_t fitting;
	uint64_t need;

	assert(!s->finished);
	if (s->n > 0 && sort_memory(s, err) != 0)
		return -1;
	if (s->n > 0 && !fits(s) && spill(s, err) != 0)
		return -1;
	while ((fitting = count_fitting(s, &need)) < s->runs.n)
		if (merge_oldest(s, fitting, err) != 0)
			return -1;
	if (s->runs.n > 0 && enlarge(s, need, err) != 0)
		return -1;
	free(s->buffer);
	s->buffer = NULL;
	s->finished = true;
	return 0;
}

/* ---- Passes ---- */

int
lf_sorter_rewind(struct lf_sorter *s, struct lf_err *err)
{
	uint64_t need;
	size_t k;

	assert(s->finished);
	k = count_fitting(s, &need);
	if (lf_merge_reset(&s->merge, k + count_pieces(s), err) != 0)
		return -1;
	add_runs(s, k, need);
	add_pieces(s);
	s->started = true;
	return 0;
}

int
lf_sorter_next(struct lf_sorter *s, const void **item, struct lf_err *err)
{
	*item = NULL;
	if (!s->started && lf_sorter_rewind(s, err) != 0)
		return -1;
	return lf_merge_next(&s->merge, item, err);
}

uint64_t
lf_sorter_spilled(const struct lf_sorter *s)
{
	return s->runs.end;
}
