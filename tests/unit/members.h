/* Gzip members as a log is stored.  To be included behind cmocka.h. */
#ifndef LF_TEST_MEMBERS_H
#define LF_TEST_MEMBERS_H

#include "deflated.h"

/* Writes a member with the content at to, which has room for what deflateBound() says; returns its length. */
static inline size_t
made_member(const char *content, size_t len, unsigned char *to, int level)
{
	z_stream z = {0};

	assert_int_equal(deflateInit2(&z, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (Bytef *)(uintptr_t)content;
	z.avail_in = (uInt)len;
	z.next_out = to;
	z.avail_out = (uInt)deflateBound(&z, (uLong)len);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return z.total_out;
}

#endif
