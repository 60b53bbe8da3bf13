/* Lines of an open file of any size. */
#ifndef LF_CUSTODY_LINEFILE_H
#define LF_CUSTODY_LINEFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct lf_linefile {
	int fd;
	uint64_t number, offset; /* of the line at hand: from 1, and of its first byte */
	const char *text;        /* without its line feed, a NUL behind it; until the next call */
	size_t len;
	bool ended;              /* by a line feed: only the last may not be */
	struct lf_buf buf;
	size_t at, next;         /* in buf: the line at hand, and what is behind it */
	bool eof;
	uint64_t read;           /* bytes read of fd */
};

/* fd stays the caller's, and is read from its beginning. */
void lf_linefile_init(struct lf_linefile *l, int fd);
void lf_linefile_free(struct lf_linefile *l);

/* Returns 1 with the next line, 0 at the end; -1 with errno set, EFBIG when a line has more than LF_MAX_ENTRY bytes. */
int lf_linefile_next(struct lf_linefile *l) __attribute__((warn_unused_result));

/* The line at hand with its line feed, where it has one: its bytes in the file. */
static inline size_t
lf_linefile_bytes(const struct lf_linefile *l)
{
	return l->len + l->ended;
}

#endif
