#include "timeline/spills.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"

void
lf_spills_init(struct lf_spills *r, int fd, const char *folder)
{
	memset(r, 0, sizeof(*r));
	r->fd = fd;
	r->folder = folder;
}

void
lf_spills_free(struct lf_spills *r)
{
	if (r->fd >= 0)
		close(r->fd);
	free(r->list);
	lf_spills_init(r, -1, NULL);
}

const struct lf_spill *
lf_spills_at(const struct lf_spills *r, size_t i)
{
	return &r->list[r->first + i];
}

/* A file system that cannot punch holes keeps the bytes until the file is closed: no harm but room. */
static void
give_back(const struct lf_spills *r, const struct lf_spill *run)
{
	int rc = fallocate(r->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)run->offset, (off_t)run->length);

	(void)rc;
}

void
lf_spills_drop(struct lf_spills *r, size_t k)
{
	for (size_t i = 0; i < k; i++)
		give_back(r, lf_spills_at(r, i));
	r->first += k;
	r->n -= k;
}

/* Room for one run more: at the end, or in front where so many were dropped that moving the rest costs little. */
static int
make_room(struct lf_spills *r)
{
	struct lf_spill *list;

	if (r->first + r->n < r->cap)
		return 0;
	if (r->first > r->n) {
		memcpy(r->list, r->list + r->first, r->n * sizeof(*r->list));
		r->first = 0;
		return 0;
	}
	if ((list = lf_array_more(r->list, r->first + r->n, &r->cap, sizeof(*list))) == NULL)
		return -1;
	r->list = list;
	return 0;
}

static uint32_t
size_of(const void *item)
{
	uint32_t size;

	memcpy(&size, item, sizeof(size));
	return size;
}

static void
add_to_sum(struct lf_spill_sum *sum, const char *bytes, size_t len)
{
	uint64_t words = sum->words, sums = sum->sums, word;

	for (size_t i = 0; i + sizeof(word) <= len; i += sizeof(word)) {
		memcpy(&word, bytes + i, sizeof(word));
		words += word;
		sums += words;
	}
	*sum = (struct lf_spill_sum){words, sums};
}

/* ---- Writing ---- */

void
lf_spill_begin(struct lf_spill_writer *w, struct lf_spills *runs, char *buffer, size_t cap)
{
	*w = (struct lf_spill_writer){.runs = runs, .buffer = buffer, .cap = cap};
	w->run.offset = runs->end;
	w->run.smallest = UINT32_MAX;
}

static int
write_out(struct lf_spill_writer *w, const char *bytes, size_t len, struct lf_err *err)
{
	struct lf_spills *r = w->runs;
	ssize_t n;

	add_to_sum(&w->run.sum, bytes, len);
	w->run.length += len;
	while (len > 0) {
		n = pwrite(r->fd, bytes, len, (off_t)r->end);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return lf_err_sys(err, "cannot write to the temporary folder %s", r->folder);
		bytes += n;
		len -= (size_t)n;
		r->end += (uint64_t)n;
	}
	return 0;
}

static int
flush(struct lf_spill_writer *w, struct lf_err *err)
{
	size_t len = w->used;

	w->used = 0;
	return write_out(w, w->buffer, len, err);
}

int
lf_spill_put(struct lf_spill_writer *w, const void *item, struct lf_err *err)
{
	uint32_t size = size_of(item);

	if (size < w->run.smallest)
		w->run.smallest = size;
	if (size > w->run.largest)
		w->run.largest = size;
	if (size > w->cap - w->used && flush(w, err) != 0)
		return -1;
	if (size > w->cap)
		return write_out(w, item, size, err);
	memcpy(w->buffer + w->used, item, size);
	w->used += size;
	return 0;
}

int
lf_spill_end(struct lf_spill_writer *w, struct lf_err *err)
{
	struct lf_spills *r = w->runs;

	if (flush(w, err) != 0)
		return -1;
	if (make_room(r) != 0)
		return lf_err_nomem(err);
	r->list[r->first + r->n++] = w->run;
	return 0;
}

/* ---- Reading ---- */

void
lf_spill_open(struct lf_spill_reader *r, const struct lf_spills *runs, const struct lf_spill *run, char *buffer, size_t cap)
{
	*r = (struct lf_spill_reader){.fd = runs->fd, .folder = runs->folder, .run = run, .buffer = buffer, .cap = cap};
}

static int
changed(const struct lf_spill_reader *r, struct lf_err *err)
{
	return lf_err_set(err, "cannot read from the temporary folder %s: what was written there has changed", r->folder);
}

static int
read_in(struct lf_spill_reader *r, char *to, size_t len, struct lf_err *err)
{
	ssize_t n;

	while (len > 0) {
		n = pread(r->fd, to, len, (off_t)(r->run->offset + r->read));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return lf_err_sys(err, "cannot read from the temporary folder %s", r->folder);
		if (n == 0)
			return changed(r, err);
		to += n;
		len -= (size_t)n;
		r->read += (uint64_t)n;
	}
	return 0;
}

/*
 * Moves the item that was cut to the front of the buffer and fills the rest.  At the end of the run its sum must agree.
 */
static int
refill(struct lf_spill_reader *r, struct lf_err *err)
{
	size_t kept = r->filled - r->at, len = r->cap - kept;
	uint64_t left = r->run->length - r->read;

	if (len > left)
		len = (size_t)left;
	memmove(r->buffer, r->buffer + r->at, kept);
	r->at = 0;
	r->filled = kept;
	if (read_in(r, r->buffer + kept, len, err) != 0)
		return -1;
	r->filled += len;
	add_to_sum(&r->sum, r->buffer + kept, len);
	if (r->read == r->run->length && memcmp(&r->sum, &r->run->sum, sizeof(r->sum)) != 0)
		return changed(r, err);
	return 0;
}

/* Whether the item at r->at is wholly in the buffer. */
static bool
whole(const struct lf_spill_reader *r)
{
	return r->filled - r->at >= sizeof(uint64_t) && r->filled - r->at >= size_of(r->buffer + r->at);
}

int
lf_spill_next(struct lf_spill_reader *r, const void **item, struct lf_err *err)
{
	uint32_t size;

	*item = NULL;
	if (!whole(r) && r->read < r->run->length && refill(r, err) != 0)
		return -1;
	if (r->at == r->filled)
		return r->read == r->run->length ? 0 : changed(r, err);
	if (!whole(r))
		return changed(r, err);
	*item = r->buffer + r->at;
	size = size_of(*item);
	if (size < r->run->smallest || size > r->run->largest || size % sizeof(uint64_t) != 0)
		return changed(r, err);
	r->at += size;
	return 0;
}
