#include "custody/linefile.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define STEP ((size_t)64 << 10)

void
lf_linefile_init(struct lf_linefile *l, int fd)
{
	memset(l, 0, sizeof(*l));
	l->fd = fd;
	lf_buf_init(&l->buf);
}

void
lf_linefile_free(struct lf_linefile *l)
{
	lf_buf_free(&l->buf);
}

/* Moves what is left to the front of the buffer, and reads on. */
static int
fill(struct lf_linefile *l)
{
	size_t left = l->buf.len - l->at;
	ssize_t n;
	char *to;

	if (l->at > 0) {
		memmove(l->buf.data, l->buf.data + l->at, left);
		l->buf.len = left;
		l->next -= l->at;
		l->at = 0;
	}
	if (left > LF_MAX_ENTRY) {
		errno = EFBIG;
		return -1;
	}
	if ((to = lf_buf_reserve(&l->buf, STEP)) == NULL) {
		errno = ENOMEM;
		return -1;
	}
	do
		n = pread(l->fd, to, STEP, (off_t)l->read);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -1;
	l->eof = n == 0;
	l->read += (uint64_t)n;
	l->buf.len += (size_t)n;
	l->buf.data[l->buf.len] = '\0';
	return 0;
}

int
lf_linefile_next(struct lf_linefile *l)
{
	const char *feed = NULL;
	size_t looked;

	if (l->number > 0) { /* the feed of the line before was overwritten by a NUL */
		l->offset += lf_linefile_bytes(l);
		l->at = l->next;
	}
	l->next = looked = l->at;
	for (;;) {
		if (l->buf.len > looked)
			feed = memchr(l->buf.data + looked, '\n', l->buf.len - looked);
		if (feed != NULL || l->eof)
			break;
		looked = l->buf.len - l->at;
		if (fill(l) != 0)
			return -1;
	}
	if (feed == NULL && l->buf.len == l->at)
		return 0;
	l->number++;
	l->text = l->buf.data + l->at;
	l->ended = feed != NULL;
	l->len = (size_t)((l->ended ? feed : l->buf.data + l->buf.len) - l->text);
	l->next = l->at + lf_linefile_bytes(l);
	l->buf.data[l->at + l->len] = '\0';
	return 1;
}
