#include "base/file.h"

#include <assert.h>
#include <errno.h>
#include <unistd.h>

#define STEP ((size_t)64 << 10) /* bytes of room made at least: a pipe does not say how much will come */

/* One read, into the room that out has. */
static ssize_t
read_more(int fd, size_t most, struct lf_buf *out)
{
	char *at = lf_buf_reserve(out, most < STEP ? most : STEP);
	size_t room;
	ssize_t n;

	if (at == NULL) {
		errno = ENOMEM;
		return -1;
	}
	room = out->cap - out->len - 1;
	n = read(fd, at, room < most ? room : most);
	if (n > 0) {
		out->len += (size_t)n;
		out->data[out->len] = '\0';
	}
	return n;
}

int
lf_file_read_upto(int fd, size_t upto, struct lf_buf *out)
{
	ssize_t n = 1;

	while (out->len < upto && n != 0) {
		n = read_more(fd, upto - out->len, out);
		if (n < 0 && errno != EINTR)
			return -1;
	}
	return 0;
}

int
lf_file_read_all(int fd, size_t cap, struct lf_buf *out)
{
	assert(out->len == 0);
	if (lf_file_read_upto(fd, cap + 1, out) != 0)
		return -1;
	if (out->len <= cap)
		return 0;
	errno = EFBIG;
	return -1;
}

int
lf_file_read_at(int fd, void *buf, size_t len, uint64_t offset)
{
	char *at = buf;
	ssize_t n;

	for (; len > 0; at += n, len -= (size_t)n, offset += (uint64_t)n) {
		n = pread(fd, at, len, (off_t)offset);
		if (n < 0 && errno != EINTR)
			return -1;
		if (n == 0) {
			errno = ENODATA;
			return -1;
		}
		n = n < 0 ? 0 : n;
	}
	return 0;
}

int
lf_file_write_all(int fd, const void *bytes, size_t len)
{
	const char *at = bytes;
	ssize_t n;

	while (len > 0) {
		n = write(fd, at, len);
		if (n < 0 && errno != EINTR)
			return -1;
		at += n < 0 ? 0 : n;
		len -= n < 0 ? 0 : (size_t)n;
	}
	return 0;
}
