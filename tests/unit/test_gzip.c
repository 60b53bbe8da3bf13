/* One gzip member inflated: every state, and zlib as the other opinion. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <zlib.h>

#include "evidence/gzip.h"
#include "chaos.h"
#include "scratch.h"

#define TRAILER 8
#define PLAIN_HEADER 10
#define ALL_MAX (1024ULL << 20)

static struct lf_inflater *inf;

static int
set_up(void **state)
{
	struct lf_err err;

	(void)state;
	inf = lf_inflater_new(&err);
	return inf == NULL ? -1 : 0;
}

static int
tear_down(void **state)
{
	(void)state;
	lf_inflater_free(inf);
	return 0;
}

/* ---- Making members ---- */

struct member {
	unsigned char *bytes;
	size_t len;
	size_t header; /* bytes of it */
};

static void
put32(unsigned char *p, uint32_t n)
{
	for (int i = 0; i < 4; i++)
		p[i] = (unsigned char)(n >> (8 * i));
}

static uint32_t
get32(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Compresses content behind the given header. */
static struct member
member_of(const unsigned char *header, size_t header_len, const void *content, size_t len)
{
	size_t cap = header_len + len + len / 100 + 64;
	struct member m = {.bytes = malloc(cap), .header = header_len};
	z_stream z = {0};

	assert_non_null(m.bytes);
	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
	memcpy(m.bytes, header, header_len);
	z.next_in = (Bytef *)(uintptr_t)content;
	z.avail_in = (uInt)len;
	z.next_out = m.bytes + header_len;
	z.avail_out = (uInt)(cap - header_len - TRAILER);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	m.len = header_len + z.total_out + TRAILER;
	put32(m.bytes + m.len - 8, (uint32_t)crc32(0, content, (uInt)len));
	put32(m.bytes + m.len - 4, (uint32_t)len);
	deflateEnd(&z);
	return m;
}

static struct member
simple(const void *content, size_t len)
{
	return member_of((const unsigned char *)"\x1f\x8b\x08\0\0\0\0\0\0\3", PLAIN_HEADER, content, len);
}

/* Text with both literals and matches in it, so that a member has dynamic codes. */
static char *
prose(size_t len)
{
	static const char *const words[] = {"\"eventName\":", "\"us-east-1\",", "AssumeRole ", "{\"arn\":\"",
	    "0123456789ab", "\"},\n", "userIdentity", "CloudTrail"};
	char *s = malloc(len + 64);
	uint64_t seed = 7;
	size_t n = 0;

	assert_non_null(s);
	while (n < len) {
		uint64_t r = scratch_random(&seed);
		n += (size_t)snprintf(s + n, 64, "%s%u", words[r % 8], (unsigned)(r >> 40) % 1000);
	}
	return s;
}

static struct lf_gzip
gunzip(const void *stored, size_t len, uint64_t max)
{
	struct lf_gzip g;
	struct lf_err err;

	assert_int_equal(lf_gunzip(inf, stored, len, max, &g, &err), 0);
	assert_non_null(g.data);
	return g;
}

/* ---- Tests ---- */

static void
test_plain(void **state)
{
	static const char *const texts[] = {"", "{", "\x1f", "\x1f\x8a\x08", "{\"Records\":[]}"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		size_t len = strlen(texts[i]);
		struct lf_gzip g = gunzip(texts[i], len, ALL_MAX);

		assert_int_equal(g.state, LF_GZIP_PLAIN);
		assert_int_equal(g.len, len);
		assert_memory_equal(g.data, texts[i], len);
		assert_int_equal(g.trailing, 0);
	}
	assert_int_equal(gunzip("12345", 5, 5).state, LF_GZIP_PLAIN);
	assert_int_equal(gunzip("123456", 6, 5).state, LF_GZIP_TOO_LARGE);
	assert_int_equal(gunzip("123456", 6, 5).len, 0);
	assert_int_equal(gunzip(NULL, 0, 5).state, LF_GZIP_PLAIN);
}

static void
test_whole(void **state)
{
	static const size_t sizes[] = {0, 1, 2, 100, 1000, 65535, 65536, 262143, 262144, 262145, 600000, 9000000};
	char *content = prose(9000000);

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct member m = simple(content, sizes[i]);
		struct lf_gzip g = gunzip(m.bytes, m.len, ALL_MAX);

		assert_int_equal(g.state, LF_GZIP_WHOLE);
		assert_int_equal(g.len, sizes[i]);
		assert_memory_equal(g.data, content, sizes[i]);
		assert_int_equal(g.offset, m.len);
		assert_int_equal(g.trailing, 0);
		assert_int_equal(g.header, 0);
		free(m.bytes);
	}
	free(content);
}

/* A header with every optional field. */
static size_t
full_header(unsigned char *h)
{
	static const unsigned char fields[] = "\x1f\x8b\x08\x1f\1\2\3\4\2\xff" /* FTEXT, FHCRC, FEXTRA, FNAME, FCOMMENT */
	    "\5\0ab\1\0z" "name.json\0" "a comment";
	size_t len = sizeof(fields);

	memcpy(h, fields, len);
	h[len] = (unsigned char)crc32(0, h, (uInt)len);
	h[len + 1] = (unsigned char)(crc32(0, h, (uInt)len) >> 8);
	return len + 2;
}

static void
test_header(void **state)
{
	unsigned char header[64], wrong[64];
	size_t len = full_header(header);
	struct member m = member_of(header, len, "content", 7);
	struct lf_gzip g = gunzip(m.bytes, m.len, ALL_MAX);

	(void)state;
	assert_int_equal(g.state, LF_GZIP_WHOLE);
	assert_int_equal(g.header, LF_GZIP_EXTRA | LF_GZIP_NAME | LF_GZIP_COMMENT | LF_GZIP_HCRC);
	assert_memory_equal(g.data, "content", 7);
	for (size_t cut = 2; cut < len; cut++) {
		g = gunzip(m.bytes, cut, ALL_MAX);
		assert_int_equal(g.state, LF_GZIP_HEADER_BAD);
		assert_int_equal(g.offset, cut);
		assert_int_equal(g.len, 0);
	}
	for (size_t i = 2; i < len; i++) { /* the header's CRC sees every change */
		memcpy(wrong, m.bytes, len);
		wrong[i] ^= 0x40;
		assert_int_equal(gunzip(wrong, len, ALL_MAX).state, LF_GZIP_HEADER_BAD);
	}
	m.bytes[len - 1] ^= 1;
	g = gunzip(m.bytes, m.len, ALL_MAX);
	assert_int_equal(g.state, LF_GZIP_HEADER_BAD);
	assert_int_equal(g.offset, len - 2);
	free(m.bytes);
}

static void
test_header_refused(void **state)
{
	struct member m = simple("content", 7);
	struct lf_gzip g;

	(void)state;
	for (int bit = 5; bit < 8; bit++) {
		m.bytes[3] = (unsigned char)(1 << bit);
		g = gunzip(m.bytes, m.len, ALL_MAX);
		assert_int_equal(g.state, LF_GZIP_HEADER_BAD);
		assert_int_equal(g.offset, 3);
	}
	m.bytes[3] = 0;
	m.bytes[2] = 7;
	g = gunzip(m.bytes, m.len, ALL_MAX);
	assert_int_equal(g.state, LF_GZIP_HEADER_BAD);
	assert_int_equal(g.offset, 2);
	m.bytes[2] = 8;
	m.bytes[3] = 4; /* an extra field longer than the file */
	m.bytes[10] = m.bytes[11] = 0xff;
	assert_int_equal(gunzip(m.bytes, m.len, ALL_MAX).state, LF_GZIP_HEADER_BAD);
	free(m.bytes);
}

static void
test_cut_everywhere(void **state)
{
	char *content = prose(3000);
	struct member m = simple(content, 3000);
	size_t longest = 0;

	(void)state;
	for (size_t cut = 0; cut < m.len; cut++) {
		struct lf_gzip g = gunzip(m.bytes, cut, ALL_MAX);

		assert_memory_equal(g.data, cut < 2 ? (const char *)m.bytes : content, g.len);
		if (cut < 2) {
			assert_int_equal(g.state, LF_GZIP_PLAIN);
		} else if (cut < PLAIN_HEADER) {
			assert_int_equal(g.state, LF_GZIP_HEADER_BAD);
		} else if (cut < m.len - TRAILER) {
			assert_int_equal(g.state, LF_GZIP_CUT);
			assert_int_equal(g.offset, cut);
			assert_true(g.len >= longest);
			longest = g.len;
		} else {
			assert_int_equal(g.state, LF_GZIP_TRAILER_CUT);
			assert_int_equal(g.offset, m.len - TRAILER);
			assert_int_equal(g.len, 3000);
			assert_int_equal(g.trailing, 0);
		}
	}
	assert_true(longest > 2900);
	free(m.bytes);
	free(content);
}

static void
test_trailer_wrong(void **state)
{
	char *content = prose(5000);
	struct member m = simple(content, 5000);

	(void)state;
	for (size_t i = m.len - TRAILER; i < m.len; i++) {
		struct lf_gzip g;

		m.bytes[i] ^= 0x10;
		g = gunzip(m.bytes, m.len, ALL_MAX);
		assert_int_equal(g.state, LF_GZIP_TRAILER_WRONG);
		assert_int_equal(g.offset, m.len - TRAILER);
		assert_int_equal(g.len, 5000);
		assert_memory_equal(g.data, content, 5000);
		m.bytes[i] ^= 0x10;
	}
	free(m.bytes);
	free(content);
}

/* The length at the end is a hint and no more. */
static void
test_length_lies(void **state)
{
	static const uint32_t lies[] = {0, 1, 999999, 1000001, 0x7fffffff, 0xffffffff};
	char *content = prose(1000000);
	struct member m = simple(content, 1000000);

	(void)state;
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		struct lf_gzip g;

		put32(m.bytes + m.len - 4, lies[i]);
		g = gunzip(m.bytes, m.len, ALL_MAX);
		assert_int_equal(g.state, LF_GZIP_TRAILER_WRONG);
		assert_int_equal(g.len, 1000000);
		assert_memory_equal(g.data, content, 1000000);
	}
	free(m.bytes);
	free(content);
}

static void
test_trailing(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		bool member;
	} tails[] = {{"\0", 1, false}, {"garbage", 7, false}, {"\x1f\x8b", 2, false}, {"\x1f\x8b\x08", 3, true},
	    {"\x1f\x8b\x09", 3, false}};
	struct member m = simple("the first", 9), two = simple("the second", 10);
	unsigned char *both = malloc(m.len + two.len);
	struct lf_gzip g;

	(void)state;
	memcpy(both, m.bytes, m.len);
	memcpy(both + m.len, two.bytes, two.len);
	g = gunzip(both, m.len + two.len, ALL_MAX);
	assert_int_equal(g.state, LF_GZIP_WHOLE);
	assert_int_equal(g.len, 9);
	assert_int_equal(g.offset, m.len);
	assert_int_equal(g.trailing, two.len);
	assert_true(g.member_follows);
	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		memcpy(both + m.len, tails[i].bytes, tails[i].len);
		g = gunzip(both, m.len + tails[i].len, ALL_MAX);
		assert_int_equal(g.state, LF_GZIP_WHOLE);
		assert_int_equal(g.trailing, tails[i].len);
		assert_int_equal(g.member_follows, tails[i].member);
	}
	both[m.len - 1] ^= 1; /* what follows a wrong trailer is told too */
	g = gunzip(both, m.len + 3, ALL_MAX);
	assert_int_equal(g.state, LF_GZIP_TRAILER_WRONG);
	assert_int_equal(g.offset, m.len - TRAILER);
	assert_int_equal(g.trailing, 3);
	free(both);
	free(m.bytes);
	free(two.bytes);
}

/* What zlib makes of the same bytes. */
static void
zlib_opinion(const struct member *m, unsigned char *out, size_t cap, struct lf_gzip *g)
{
	z_stream z = {0};
	int rc;

	assert_int_equal(inflateInit2(&z, -15), Z_OK);
	z.next_in = m->bytes + m->header;
	z.avail_in = (uInt)(m->len - m->header);
	z.next_out = out;
	z.avail_out = (uInt)cap;
	rc = inflate(&z, Z_SYNC_FLUSH);
	g->len = z.total_out;
	g->offset = m->header + z.total_in;
	if (rc == Z_STREAM_END && z.avail_in < TRAILER)
		g->state = LF_GZIP_TRAILER_CUT;
	else if (rc == Z_STREAM_END && m->len == g->offset + TRAILER &&
	    crc32(0, out, (uInt)g->len) == get32(z.next_in) && get32(z.next_in + 4) == (uint32_t)g->len)
		g->state = LF_GZIP_WHOLE;
	else if (rc == Z_STREAM_END)
		g->state = LF_GZIP_TRAILER_WRONG;
	else
		g->state = rc == Z_DATA_ERROR ? LF_GZIP_DAMAGED : LF_GZIP_CUT;
	inflateEnd(&z);
}

/*
 * Compares with zlib after every bit behind the header has been turned over.  Some bits mean nothing: those that
 * fill the last byte of the DEFLATE data, and those that make a match copy the same text from elsewhere.
 */
static void
compare_flips(const struct member *m, const char *content, unsigned seen[])
{
	static unsigned char out[4 << 20];

	for (size_t bit = m->header * 8; bit < m->len * 8; bit++) {
		struct lf_gzip g, z = {0};

		m->bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
		g = gunzip(m->bytes, m->len, ALL_MAX);
		zlib_opinion(m, out, sizeof(out), &z);
		assert_int_equal(g.state, z.state);
		assert_int_equal(g.len, z.len);
		assert_memory_equal(g.data, out, z.len);
		if (g.state == LF_GZIP_DAMAGED)
			assert_int_equal(g.offset, z.offset);
		if (g.state == LF_GZIP_WHOLE)
			assert_memory_equal(g.data, content, g.len);
		seen[g.state]++;
		m->bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
	}
}

static void
test_flips(void **state)
{
	char *content = prose(2000);
	unsigned seen[LF_GZIP_RATIO + 1] = {0};
	struct member m;

	(void)state;
	for (size_t len = 0; len <= 2000; len += len < 20 ? 5 : 660) { /* fixed codes first, then dynamic */
		m = simple(content, len);
		compare_flips(&m, content, seen);
		free(m.bytes);
	}
	assert_true(seen[LF_GZIP_TRAILER_WRONG] > 0);
	assert_true(seen[LF_GZIP_CUT] > 0);
	assert_true(seen[LF_GZIP_DAMAGED] > 0);
	free(content);
}

/* Random bytes, some of which are valid DEFLATE for a while. */
static void
test_noise(void **state)
{
	static unsigned char out[4 << 20];
	unsigned char bytes[300];
	struct member m = {.bytes = bytes, .len = sizeof(bytes), .header = PLAIN_HEADER};
	uint64_t seed = 1;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		struct lf_gzip g, z = {0};

		memcpy(bytes, "\x1f\x8b\x08\0\0\0\0\0\0\3", PLAIN_HEADER);
		for (size_t i = PLAIN_HEADER; i < sizeof(bytes); i++)
			bytes[i] = (unsigned char)scratch_random(&seed);
		bytes[PLAIN_HEADER] = (unsigned char)((bytes[PLAIN_HEADER] & ~7) | 2 * (1 + round % 2) | (round & 1));
		g = gunzip(bytes, sizeof(bytes), ALL_MAX);
		zlib_opinion(&m, out, sizeof(out), &z);
		if (z.state != LF_GZIP_TRAILER_WRONG || g.trailing == 0)
			assert_int_equal(g.state, z.state);
		assert_int_equal(g.len, z.len);
		assert_memory_equal(g.data, out, z.len);
	}
}

static void
test_caps(void **state)
{
	char *content = prose(100000);
	struct member m = simple(content, 100000);
	struct lf_gzip g;

	(void)state;
	assert_int_equal(gunzip(m.bytes, m.len, 100000).state, LF_GZIP_WHOLE);
	g = gunzip(m.bytes, m.len, 99999);
	assert_int_equal(g.state, LF_GZIP_TOO_LARGE);
	assert_int_equal(g.len, 0);
	assert_int_equal(gunzip(m.bytes, m.len, 0).state, LF_GZIP_TOO_LARGE);
	m.bytes[m.len - 8] ^= 1; /* zlib's way round holds the cap too */
	assert_int_equal(gunzip(m.bytes, m.len, 100000).state, LF_GZIP_TRAILER_WRONG);
	assert_int_equal(gunzip(m.bytes, m.len - 20, 100000).state, LF_GZIP_CUT);
	assert_int_equal(gunzip(m.bytes, m.len - 20, 50000).state, LF_GZIP_TOO_LARGE);
	free(m.bytes);
	free(content);
}

static void
test_gzip_bomb(void **state)
{
	size_t len = (LF_RATIO_FREE) + (1 << 20);
	char *zeros = calloc(1, len);
	struct member m = simple(zeros, len);
	struct lf_gzip g = gunzip(m.bytes, m.len, ALL_MAX);

	(void)state;
	assert_true(m.len < len / 900);
	assert_int_equal(g.state, LF_GZIP_RATIO);
	assert_int_equal(g.len, 0);
	assert_int_equal(gunzip(m.bytes, m.len, 1 << 20).state, LF_GZIP_TOO_LARGE);
	put32(m.bytes + m.len - 4, 5);
	assert_int_equal(gunzip(m.bytes, m.len, ALL_MAX).state, LF_GZIP_RATIO);
	free(m.bytes);
	m = simple(zeros, (size_t)LF_RATIO_FREE);
	assert_int_equal(gunzip(m.bytes, m.len, ALL_MAX).state, LF_GZIP_WHOLE);
	free(m.bytes);
	m = simple("small again", 11); /* the large buffer is given back after a while */
	for (int i = 0; i < 40; i++) {
		g = gunzip(m.bytes, m.len, ALL_MAX);
		assert_int_equal(g.state, LF_GZIP_WHOLE);
		assert_memory_equal(g.data, "small again", 11);
	}
	free(m.bytes);
	free(zeros);
}

static void
test_texts(void **state)
{
	(void)state;
	for (int s = LF_GZIP_PLAIN; s <= LF_GZIP_RATIO; s++)
		assert_true(strlen(lf_gzip_state_text((enum lf_gzip_state)s)) > 10);
	lf_inflater_free(NULL);
}

static struct member chaos_member;

static int
chaos_step(void)
{
	struct lf_err err = {""};
	struct lf_inflater *i = lf_inflater_new(&err);
	struct lf_gzip g;
	int rc = i == NULL ? -1 : lf_gunzip(i, chaos_member.bytes, chaos_member.len, ALL_MAX, &g, &err);

	if (rc == 0 && (g.state != LF_GZIP_TRAILER_WRONG || g.len != 700000))
		rc = 1;
	if (rc == -1 && strcmp(err.msg, "out of memory") != 0)
		rc = 1;
	lf_inflater_free(i);
	return rc;
}

static void
test_out_of_memory(void **state)
{
	char *content;

	(void)state;
	if (!CHAOS)
		skip();
	content = prose(700000);
	chaos_member = simple(content, 700000);
	put32(chaos_member.bytes + chaos_member.len - 4, 0); /* both ways, with growing buffers */
	assert_true(chaos_run(chaos_step) > 4);
	free(chaos_member.bytes);
	free(content);
}

int
main(void)
{
#define INFLATING(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		INFLATING(test_plain),
		INFLATING(test_whole),
		INFLATING(test_header),
		INFLATING(test_header_refused),
		INFLATING(test_cut_everywhere),
		INFLATING(test_trailer_wrong),
		INFLATING(test_length_lies),
		INFLATING(test_trailing),
		INFLATING(test_flips),
		INFLATING(test_noise),
		INFLATING(test_caps),
		INFLATING(test_gzip_bomb),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_out_of_memory),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("gzip", tests, NULL, NULL);
}
