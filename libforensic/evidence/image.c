#include "evidence/image.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/hash.h"
#include "evidence/image_parts.h"
#include "evidence/image_stream.h"

#define HASHED ((size_t)1 << 20) /* bytes that are read for a hash at a time */

struct lf_image {
	char *name;
	struct lf_image_part *parts;
	size_t n_parts;
	uint64_t size;
	int64_t mtime;
	struct lf_image_stream *stream; /* NULL: parts, which can be sought in */
	pthread_mutex_t lock;           /* of what follows, and of the stream */
	struct lf_area *bad;            /* ascending, joined */
	size_t n_bad, cap_bad;
	bool lost;                      /* an area could not be noted down: memory was out */
};

/* ---- The map of bad areas ---- */

/* The first bad area that ends at or behind offset. */
static size_t
find_bad(const struct lf_image *i, uint64_t offset)
{
	size_t lo = 0, hi = i->n_bad;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (i->bad[mid].to < offset)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static int
insert_bad(struct lf_image *i, size_t at, struct lf_area area)
{
	struct lf_area *bad = lf_array_more(i->bad, i->n_bad, &i->cap_bad, sizeof(*bad));

	if (bad == NULL)
		return -1;
	i->bad = bad;
	memmove(i->bad + at + 1, i->bad + at, (i->n_bad - at) * sizeof(*i->bad));
	i->bad[at] = area;
	i->n_bad++;
	return 0;
}

/* Adds area to the map, joined with what it touches. */
static void
add_bad(struct lf_image *i, struct lf_area area)
{
	size_t at = find_bad(i, area.from), last = at;

	for (; last < i->n_bad && i->bad[last].from <= area.to; last++) {
		if (i->bad[last].from < area.from)
			area.from = i->bad[last].from;
		if (i->bad[last].to > area.to)
			area.to = i->bad[last].to;
	}
	if (last == at) {
		i->lost |= insert_bad(i, at, area) < 0;
		return;
	}
	i->bad[at] = area;
	memmove(i->bad + at + 1, i->bad + last, (i->n_bad - last) * sizeof(*i->bad));
	i->n_bad -= last - at - 1;
}

static void
note_bad(struct lf_image *i, uint64_t from, uint64_t to)
{
	pthread_mutex_lock(&i->lock);
	add_bad(i, (struct lf_area){from, to});
	pthread_mutex_unlock(&i->lock);
}

bool
lf_image_is_bad(struct lf_image *i, struct lf_area area)
{
	bool bad;
	size_t at;

	pthread_mutex_lock(&i->lock);
	at = find_bad(i, area.from + 1);
	bad = at < i->n_bad && i->bad[at].from < area.to;
	pthread_mutex_unlock(&i->lock);
	return bad;
}

int
lf_image_bad(struct lf_image *i, struct lf_area **out, size_t *n, struct lf_err *err)
{
	int r = 0;

	pthread_mutex_lock(&i->lock);
	*n = i->n_bad;
	*out = malloc((i->n_bad + 1) * sizeof(**out));
	if (*out == NULL || i->lost)
		r = lf_err_nomem(err);
	else if (i->n_bad > 0)
		memcpy(*out, i->bad, i->n_bad * sizeof(**out));
	pthread_mutex_unlock(&i->lock);
	if (r < 0) {
		free(*out);
		*out = NULL;
	}
	return r;
}

/* ---- Opening ---- */

static int
open_stream(struct lf_image *i, int fd, struct lf_err *err)
{
	i->stream = lf_image_stream_new(fd, LF_IMAGE_KEPT, err);
	return i->stream == NULL ? -1 : 0;
}

/* Parts that are absent are bad from the start. */
static int
measure(struct lf_image *i, struct lf_err *err)
{
	for (size_t k = 0; k < i->n_parts; k++) {
		struct lf_image_part *p = &i->parts[k];

		p->at = i->size;
		if (p->size > INT64_MAX - i->size)
			return lf_err_set(err, "%s: the parts are larger than any file can be", i->name);
		i->size += p->size;
		if (p->fd < 0)
			add_bad(i, (struct lf_area){p->at, p->at + p->size});
	}
	return i->lost ? lf_err_nomem(err) : 0;
}

static int
open_operand(struct lf_image *i, struct lf_err *err)
{
	struct stat st;
	int fd = strcmp(i->name, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
	                                   : open(i->name, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return lf_err_sys(err, "cannot open %s", i->name);
	if (fstat(fd, &st) < 0) {
		lf_err_sys(err, "cannot look at %s", i->name);
		goto fail;
	}
	if (S_ISFIFO(st.st_mode) || (S_ISSOCK(st.st_mode) && strcmp(i->name, "-") == 0))
		return open_stream(i, fd, err);
	if (!S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode)) {
		lf_err_set(err, "%s is %s, not an image", i->name,
		    S_ISDIR(st.st_mode) ? "a folder" : "a terminal, a socket or another device");
		goto fail;
	}
	if (S_ISREG(st.st_mode))
		i->mtime = st.st_mtim.tv_sec;
	if (lf_image_parts_open(i->name, fd, &i->parts, &i->n_parts, err) < 0)
		return -1;
	return measure(i, err);
fail:
	close(fd);
	return -1;
}

int
lf_image_open(const char *operand, struct lf_image **out, struct lf_err *err)
{
	struct lf_image *i = calloc(1, sizeof(*i));

	if (i == NULL)
		return lf_err_nomem(err);
	pthread_mutex_init(&i->lock, NULL);
	i->mtime = LF_TIME_NONE;
	i->name = strdup(operand);
	if (i->name == NULL) {
		lf_image_free(i);
		return lf_err_nomem(err);
	}
	if (open_operand(i, err) < 0) {
		lf_image_free(i);
		return -1;
	}
	*out = i;
	return 0;
}

void
lf_image_free(struct lf_image *i)
{
	if (i == NULL)
		return;
	lf_image_parts_free(i->parts, i->n_parts);
	lf_image_stream_free(i->stream);
	pthread_mutex_destroy(&i->lock);
	free(i->bad);
	free(i->name);
	free(i);
}

const char *
lf_image_name(const struct lf_image *i)
{
	return i->name;
}

bool
lf_image_streams(const struct lf_image *i)
{
	return i->stream != NULL;
}

uint64_t
lf_image_size(const struct lf_image *i)
{
	return i->stream != NULL ? lf_image_stream_read_so_far(i->stream) : i->size;
}

int64_t
lf_image_mtime(const struct lf_image *i)
{
	return i->mtime;
}

/* ---- Reading ---- */

/* One sector, or what is left of it, that a longer read failed in: its bytes, or zeros and a place in the map. */
static size_t
read_sector(struct lf_image *i, const struct lf_image_part *p, uint64_t in_part, unsigned char *buf, size_t len)
{
	size_t want = LF_SECTOR - (size_t)(in_part % LF_SECTOR);
	uint64_t at = p->at + in_part;
	ssize_t r = -1;

	if (want > len)
		want = len;
	if (!lf_image_is_bad(i, (struct lf_area){at, at + want}))
		do
			r = pread(p->fd, buf, want, (off_t)in_part);
		while (r < 0 && errno == EINTR);
	if (r > 0)
		return (size_t)r;
	memset(buf, 0, want);
	note_bad(i, at, at + want);
	return want;
}

static void
read_part(struct lf_image *i, const struct lf_image_part *p, uint64_t in_part, unsigned char *buf, size_t len)
{
	bool careful = p->fd < 0;

	if (careful)
		memset(buf, 0, len);
	for (size_t done = 0; p->fd >= 0 && done < len;) {
		ssize_t r;

		if (careful) {
			bool bad = lf_image_is_bad(i, (struct lf_area){p->at + in_part + done, p->at + in_part + done + 1});

			done += read_sector(i, p, in_part + done, buf + done, len - done);
			careful = bad || lf_image_is_bad(i, (struct lf_area){p->at + in_part + done - 1, p->at + in_part + done});
			continue;
		}
		r = pread(p->fd, buf + done, len - done, (off_t)(in_part + done));
		if (r > 0)
			done += (size_t)r;
		else if (r == 0 || errno != EINTR)
			careful = true;
	}
}

/* The part that holds offset. */
static size_t
find_part(const struct lf_image *i, uint64_t offset)
{
	size_t lo = 0, hi = i->n_parts;

	while (hi - lo > 1) {
		size_t mid = lo + (hi - lo) / 2;

		if (i->parts[mid].at <= offset)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

size_t
lf_image_read(struct lf_image *i, uint64_t offset, void *buf, size_t len, bool *gone)
{
	size_t done = 0;

	if (gone != NULL)
		*gone = false;
	if (i->stream != NULL) {
		pthread_mutex_lock(&i->lock);
		done = lf_image_stream_read(i->stream, offset, buf, len, gone);
		if (lf_image_stream_failed(i->stream) && i->n_bad == 0)
			add_bad(i, (struct lf_area){lf_image_size(i), lf_image_size(i) + LF_SECTOR});
		pthread_mutex_unlock(&i->lock);
		return done;
	}
	if (offset >= i->size)
		return 0;
	if (i->size - offset < len)
		len = (size_t)(i->size - offset);
	for (size_t k = find_part(i, offset); done < len; k++) {
		const struct lf_image_part *p = &i->parts[k];
		uint64_t in_part = offset + done - p->at;
		size_t n = p->size - in_part < len - done ? (size_t)(p->size - in_part) : len - done;

		read_part(i, p, in_part, (unsigned char *)buf + done, n);
		done += n;
	}
	return len;
}

/* The data of a part at or behind in_part; false when it has no more. */
static bool
data_of_part(const struct lf_image_part *p, uint64_t in_part, struct lf_area *out)
{
	off_t from, to;

	if (p->fd < 0 || in_part >= p->size)
		return false;
	from = lseek(p->fd, (off_t)in_part, SEEK_DATA);
	if (from < 0 && errno == ENXIO)
		return false;
	to = from < 0 ? -1 : lseek(p->fd, from, SEEK_HOLE);
	out->from = from < 0 ? in_part : (uint64_t)from;
	out->to = to < 0 || (uint64_t)to > p->size ? p->size : (uint64_t)to;
	return out->from < out->to;
}

bool
lf_image_data(const struct lf_image *i, uint64_t offset, struct lf_area *out)
{
	if (i->stream != NULL) {
		*out = (struct lf_area){offset, UINT64_MAX};
		return true;
	}
	if (offset >= i->size)
		return false;
	for (size_t k = find_part(i, offset); k < i->n_parts; k++) {
		const struct lf_image_part *p = &i->parts[k];
		uint64_t in_part = offset > p->at ? offset - p->at : 0;

		if (!data_of_part(p, in_part, out))
			continue;
		out->from += p->at;
		out->to += p->at;
		return true;
	}
	return false;
}

/* ---- Hashes ---- */

int
lf_image_hash_stream(struct lf_image *i, struct lf_err *err)
{
	return lf_image_stream_hash(i->stream, err);
}

static int
hash_all(struct lf_image *i, struct lf_hash *h, unsigned char *buf, unsigned char out[LF_SHA256_LEN])
{
	size_t n;

	if (lf_hash_start(h) < 0)
		return -1;
	for (uint64_t at = 0; (n = lf_image_read(i, at, buf, HASHED, NULL)) > 0; at += n)
		if (lf_hash_add(h, buf, n) < 0)
			return -1;
	return lf_hash_end(h, out);
}

int
lf_image_hash(struct lf_image *i, unsigned char out[LF_SHA256_LEN], struct lf_err *err)
{
	unsigned char *buf;
	struct lf_hash *h;
	int r;

	if (i->stream != NULL)
		return lf_image_stream_hashed(i->stream, out, err);
	buf = malloc(HASHED);
	h = buf == NULL ? NULL : lf_hash_new(err);
	r = h == NULL ? -1 : hash_all(i, h, buf, out);
	if (buf == NULL)
		lf_err_nomem(err);
	else if (h != NULL && r < 0)
		lf_err_set(err, "OpenSSL cannot make a SHA-256");
	lf_hash_free(h);
	free(buf);
	return r;
}
