#include "evidence/image_stream.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"

/* A ring: the byte at offset o lies at ring[o % kept], for the last kept bytes before end. */
struct lf_image_stream {
	int fd;
	bool over, failed;
	size_t kept;
	_Atomic uint64_t end;
	unsigned char *ring;
	struct lf_hash *hash;  /* NULL: nobody asked */
	bool unhashed;         /* OpenSSL refused */
};

struct lf_image_stream *
lf_image_stream_new(int fd, size_t kept, struct lf_err *err)
{
	struct lf_image_stream *s = calloc(1, sizeof(*s));

	if (s != NULL)
		s->ring = malloc(kept);
	if (s == NULL || s->ring == NULL) {
		lf_err_nomem(err);
		free(s);
		close(fd);
		return NULL;
	}
	s->fd = fd;
	s->kept = kept;
	return s;
}

void
lf_image_stream_free(struct lf_image_stream *s)
{
	if (s == NULL)
		return;
	close(s->fd);
	lf_hash_free(s->hash);
	free(s->ring);
	free(s);
}

uint64_t
lf_image_stream_read_so_far(const struct lf_image_stream *s)
{
	return atomic_load(&s->end);
}

bool
lf_image_stream_failed(const struct lf_image_stream *s)
{
	return s->failed;
}

/* Reads on until offset is passed or the stream ends. */
static void
advance(struct lf_image_stream *s, uint64_t offset)
{
	uint64_t end = atomic_load(&s->end);

	while (!s->over && end < offset) {
		size_t at = (size_t)(end % s->kept), room = s->kept - at;
		size_t want = offset - end < room ? (size_t)(offset - end) : room;
		ssize_t r = read(s->fd, s->ring + at, want);

		if (r < 0 && errno == EINTR)
			continue;
		s->failed = r < 0;
		if (r <= 0)
			s->over = true;
		else
			end += (uint64_t)r;
		if (r > 0 && s->hash != NULL && lf_hash_add(s->hash, s->ring + at, (size_t)r) < 0)
			s->unhashed = true;
		atomic_store(&s->end, end);
	}
}

size_t
lf_image_stream_read(struct lf_image_stream *s, uint64_t offset, void *buf, size_t len, bool *gone)
{
	uint64_t end, first;
	size_t done = 0;

	advance(s, offset + len);
	end = atomic_load(&s->end);
	first = end < s->kept ? 0 : end - s->kept;
	if (offset >= end)
		return 0;
	if (end - offset < len)
		len = (size_t)(end - offset);
	for (; offset + done < first && done < len; done++)
		((unsigned char *)buf)[done] = 0;
	if (done > 0 && gone != NULL)
		*gone = true;
	while (done < len) {
		size_t at = (size_t)((offset + done) % s->kept), run = s->kept - at;

		if (run > len - done)
			run = len - done;
		memcpy((unsigned char *)buf + done, s->ring + at, run);
		done += run;
	}
	return len;
}

int
lf_image_stream_hash(struct lf_image_stream *s, struct lf_err *err)
{
	s->hash = lf_hash_new(err);
	if (s->hash == NULL)
		return -1;
	return lf_hash_start(s->hash) < 0 ? lf_err_set(err, "OpenSSL cannot make a SHA-256") : 0;
}

int
lf_image_stream_hashed(struct lf_image_stream *s, unsigned char out[LF_SHA256_LEN], struct lf_err *err)
{
	return s->hash == NULL || s->unhashed || lf_hash_end(s->hash, out) < 0
	    ? lf_err_set(err, "OpenSSL cannot make a SHA-256") : 0;
}
