/* Gzip members read in pieces from the middle of something: exact lengths, and every trouble. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "carve/member.h"
#include "deflated.h"
#include "evidence/gzip.h"
#include "forensic.h"

#define ALL_MAX ((uint64_t)64 << 20)
#define BEFORE  777u /* where members begin */

static struct lf_member_reader *reader;

static int
set_up(void **state)
{
	struct lf_err err;

	(void)state;
	reader = lf_member_reader_new(&err);
	return reader == NULL ? -1 : 0;
}

static int
tear_down(void **state)
{
	(void)state;
	lf_member_reader_free(reader);
	return 0;
}

/* ---- An image that a member lies in, and what is made of it ---- */

struct image {
	unsigned char *bytes;
	size_t len, step;    /* read() gives no more than step at once; 0: as much as it can */
	size_t fails_at;     /* reading from there on fails; 0: nowhere */
	struct lf_buf given;
	bool full;           /* give() fails */
	size_t given_len;    /* counted, when nothing is kept */
	bool count_only;
};

static ssize_t
image_read(void *arg, uint64_t offset, unsigned char *to, size_t len, struct lf_err *err)
{
	struct image *i = arg;

	if (i->fails_at > 0 && offset + len > i->fails_at)
		return lf_err_set(err, "cannot read");
	if (offset >= i->len)
		return 0;
	if (len > i->len - (size_t)offset)
		len = i->len - (size_t)offset;
	if (i->step > 0 && len > i->step)
		len = i->step;
	memcpy(to, i->bytes + offset, len);
	return (ssize_t)len;
}

static int
image_give(void *arg, const unsigned char *bytes, size_t len, struct lf_err *err)
{
	struct image *i = arg;

	if (i->full)
		return lf_err_set(err, "no space");
	i->given_len += len;
	if (!i->count_only)
		lf_buf_add(&i->given, bytes, len);
	return 0;
}

static void
put32(unsigned char *p, uint32_t n)
{
	for (int i = 0; i < 4; i++)
		p[i] = (unsigned char)(n >> (8 * i));
}

/* A member with a header behind BEFORE bytes, and something behind it; *stored is its length. */
static struct image
image_of(const void *content, size_t len, const void *header, size_t header_len, size_t *stored)
{
	struct deflated d = deflated(content, len, (struct deflate_way){6, 0, 8, 0, 0});
	struct image i = {.len = BEFORE + header_len + d.len + 8 + 5000};

	*stored = header_len + d.len + 8;
	i.bytes = malloc(i.len);
	assert_non_null(i.bytes);
	memset(i.bytes, 0xa5, i.len);
	memcpy(i.bytes + BEFORE, header, header_len);
	memcpy(i.bytes + BEFORE + header_len, d.bytes, d.len);
	put32(i.bytes + BEFORE + *stored - 8, (uint32_t)crc32(0, content, (uInt)len));
	put32(i.bytes + BEFORE + *stored - 4, (uint32_t)len);
	lf_buf_init(&i.given);
	free(d.bytes);
	return i;
}

static void
free_image(struct image *i)
{
	free(i->bytes);
	lf_buf_free(&i->given);
}

static struct lf_member
read_member(struct image *i, uint64_t max)
{
	struct lf_member_io io = {.arg = i, .read = image_read, .give = image_give};
	struct lf_member m;
	struct lf_err err;

	lf_buf_reset(&i->given);
	i->given_len = 0;
	assert_int_equal(lf_member_read(reader, &io, BEFORE, max, &m, &err), 0);
	assert_int_equal(m.content, i->given_len);
	return m;
}

static const char plain[] = "\x1f\x8b\x08\0\0\0\0\0\0\3";

/* ---- Tests ---- */

static void
test_whole(void **state)
{
	static const size_t lengths[] = {0, 1, 5, 64, 3000, 32768, 70000, 200000, 900000}, steps[] = {0, 1, 7, 300, 4096};

	(void)state;
	for (size_t l = 0; l < sizeof(lengths) / sizeof(lengths[0]); l++) {
		size_t made, stored;
		char *log = made_log((unsigned)(lengths[l] / 600) + 1, l, &made);
		struct image i = image_of(log, lengths[l], plain, 10, &stored);

		for (size_t s = 0; s < sizeof(steps) / sizeof(steps[0]); s++) {
			struct lf_member m;

			i.step = steps[s];
			m = read_member(&i, ALL_MAX);
			assert_int_equal(m.state, LF_MEMBER_WHOLE);
			assert_int_equal(m.trouble, LF_MEMBER_FINE);
			assert_int_equal(m.stop, LF_INFLATE_END);
			assert_int_equal(m.header, 10);
			assert_int_equal(m.stored, stored);
			assert_int_equal(m.content, lengths[l]);
			assert_int_equal(m.crc, m.said_crc);
			assert_int_equal(i.given.len, lengths[l]);
			assert_memory_equal(lf_buf_str(&i.given), log, lengths[l]);
		}
		assert_int_equal(read_member(&i, lengths[l]).state, LF_MEMBER_WHOLE); /* just as much as it may have */
		free(log);
		free_image(&i);
	}
}

static void
test_headers(void **state)
{
	static char header[200000];
	static const struct {
		size_t flags, extra, name, len; /* name: its length without NUL */
		enum lf_member_trouble trouble;
	} cases[] = {{8, 0, 20, 31, LF_MEMBER_FINE}, {4, 60000, 0, 60012, LF_MEMBER_FINE}, {12, 65535, 300, 65848, LF_MEMBER_FINE},
	    {8, 0, 81000, 81011, LF_MEMBER_FINE}, {8, 0, 82000, 82011, LF_MEMBER_HEADER_CUT}, {0x20, 0, 0, 10, LF_MEMBER_HEADER},
	    {8, 0, 190000, 190011, LF_MEMBER_HEADER_CUT}};
	size_t made, stored;
	char *log = made_log(3, 1, &made);

	(void)state;
	for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
		struct image i;
		struct lf_member m;

		memset(header, 'n', sizeof(header));
		memcpy(header, plain, 10);
		header[3] = (char)cases[c].flags;
		if (cases[c].flags & 4) {
			header[10] = (char)cases[c].extra;
			header[11] = (char)(cases[c].extra >> 8);
		}
		if (cases[c].flags & 8)
			header[cases[c].len - 1] = '\0';
		i = image_of(log, made, header, cases[c].len, &stored);
		m = read_member(&i, ALL_MAX);
		assert_int_equal(m.trouble, cases[c].trouble);
		assert_int_equal(m.state, cases[c].trouble == LF_MEMBER_FINE ? LF_MEMBER_WHOLE : LF_MEMBER_NONE);
		if (m.state == LF_MEMBER_WHOLE) {
			assert_int_equal(m.header, cases[c].len);
			assert_int_equal(m.stored, stored);
		}
		free_image(&i);
	}
	free(log);
}

/* The image ends at every byte of the member. */
static void
test_cut_everywhere(void **state)
{
	size_t made, stored;
	char *log = made_log(4, 2, &made);
	struct image i = image_of(log, made, plain, 10, &stored);
	size_t grown = 0;

	(void)state;
	for (size_t cut = 0; cut < stored; cut++) {
		struct lf_member m;

		i.len = BEFORE + cut;
		m = read_member(&i, ALL_MAX);
		assert_int_equal(m.state, cut < 10 ? LF_MEMBER_NONE : LF_MEMBER_PREFIX);
		assert_int_equal(m.trouble, cut < 10 ? LF_MEMBER_HEADER_CUT
		    : cut < stored - 8 ? LF_MEMBER_CUT : LF_MEMBER_TRAILER_CUT);
		assert_true(m.stored <= cut);
		assert_true(m.content >= grown);
		grown = (size_t)m.content;
		assert_memory_equal(lf_buf_str(&i.given), log, i.given.len);
	}
	assert_int_equal(grown, made);
	free(log);
	free_image(&i);
}

static void
test_damage(void **state)
{
	size_t made, stored;
	char *log = made_log(30, 3, &made);
	struct image i = image_of(log, made, plain, 10, &stored);
	struct lf_member m;
	unsigned seen[LF_MEMBER_RATIO + 1] = {0};

	(void)state;
	for (size_t at = 0; at < stored; at++) {
		for (int bit = 0; bit < 8; bit += 3) {
			i.bytes[BEFORE + at] ^= (unsigned char)(1 << bit);
			m = read_member(&i, ALL_MAX);
			/* Time, extra flags and system in the header are not judged, nor are a flag for text and bits of padding. */
			if (at >= 4 && at < 10)
				assert_int_equal(m.state, LF_MEMBER_WHOLE);
			if (m.state == LF_MEMBER_WHOLE) {
				assert_true(at < 10 || at == stored - 9);
				assert_int_equal(i.given.len, made);
				assert_memory_equal(lf_buf_str(&i.given), log, made);
			}
			seen[m.trouble]++;
			i.bytes[BEFORE + at] ^= (unsigned char)(1 << bit);
		}
	}
	assert_true(seen[LF_MEMBER_HEADER] > 3 && seen[LF_MEMBER_DAMAGED] > 100 && seen[LF_MEMBER_TRAILER_WRONG] > 100);
	/* Damage in the first codes: nothing is left of it. */
	i.bytes[BEFORE + 10] |= 6;
	m = read_member(&i, ALL_MAX);
	assert_int_equal(m.state, LF_MEMBER_NONE);
	assert_int_equal(m.trouble, LF_MEMBER_DAMAGED);
	assert_int_equal(m.stop, LF_INFLATE_BAD_BLOCK);
	free(log);
	free_image(&i);
}

static void
test_caps(void **state)
{
	size_t made, stored, zeros = (size_t)80 << 20;
	char *log = made_log(300, 4, &made);
	struct image i = image_of(log, made, plain, 10, &stored);
	struct lf_member m;

	(void)state;
	for (size_t max = 0; max < made; max += 30011) {
		m = read_member(&i, max);
		assert_int_equal(m.state, LF_MEMBER_PREFIX);
		assert_int_equal(m.trouble, LF_MEMBER_TOO_LARGE);
		assert_int_equal(m.content, max);
		assert_memory_equal(lf_buf_str(&i.given), log, max);
	}
	free(log);
	free_image(&i);
	log = calloc(1, zeros);
	i = image_of(log, zeros, plain, 10, &stored);
	i.count_only = true;
	m = read_member(&i, UINT64_MAX);
	assert_int_equal(m.state, LF_MEMBER_PREFIX);
	assert_int_equal(m.trouble, LF_MEMBER_RATIO);
	assert_in_range(m.content, LF_RATIO_FREE, LF_RATIO_FREE + 200000);
	free(log);
	free_image(&i);
}

static void
test_io_fails(void **state)
{
	size_t made, stored;
	char *log = made_log(300, 5, &made);
	struct image i = image_of(log, made, plain, 10, &stored);
	struct lf_member_io io = {.arg = &i, .read = image_read, .give = image_give};
	struct lf_member m;
	struct lf_err err;

	(void)state;
	i.step = 1000;
	i.fails_at = BEFORE + 1;
	assert_int_equal(lf_member_read(reader, &io, BEFORE, ALL_MAX, &m, &err), -1);
	assert_string_equal(err.msg, "cannot read");
	i.fails_at = 0;
	i.full = true;
	assert_int_equal(lf_member_read(reader, &io, BEFORE, ALL_MAX, &m, &err), -1);
	assert_string_equal(err.msg, "no space");
	io.give = NULL;
	assert_int_equal(lf_member_read(reader, &io, BEFORE, ALL_MAX, &m, &err), 0);
	assert_int_equal(m.state, LF_MEMBER_WHOLE);
	assert_int_equal(lf_member_read(reader, &io, i.len + 5, ALL_MAX, &m, &err), 0);
	assert_int_equal(m.state, LF_MEMBER_NONE);
	free(log);
	free_image(&i);
}

static void
test_probe(void **state)
{
	size_t made, stored, n;
	char *log = made_log(3, 6, &made);
	struct image i = image_of(log, made, plain, 10, &stored);
	unsigned char first[64], *noise = malloc(400);
	uint64_t seed = 9;
	unsigned taken = 0;

	(void)state;
	assert_true(lf_member_probe(reader, i.bytes + BEFORE, stored, first, sizeof(first), &n));
	assert_int_equal(n, sizeof(first));
	assert_memory_equal(first, log, n);
	assert_true(lf_member_probe(reader, i.bytes + BEFORE, 100, first, sizeof(first), &n));
	assert_memory_equal(first, log, n);
	assert_false(lf_member_probe(reader, i.bytes + BEFORE, 9, first, sizeof(first), &n));
	assert_false(lf_member_probe(reader, i.bytes + BEFORE + 1, stored, first, sizeof(first), &n));
	/* Behind a magic of chance there is seldom anything that decodes. */
	for (unsigned round = 0; round < 5000; round++) {
		for (size_t k = 0; k < 400; k++)
			noise[k] = (unsigned char)(scratch_random(&seed) >> 9);
		memcpy(noise, plain, 4);
		taken += lf_member_probe(reader, noise, 400, first, sizeof(first), &n) && n == sizeof(first);
	}
	assert_true(taken < 500);
	free(noise);
	free(log);
	free_image(&i);
}

static void
test_texts(void **state)
{
	(void)state;
	for (int t = LF_MEMBER_FINE; t <= LF_MEMBER_RATIO; t++)
		assert_true(strlen(lf_member_trouble_text((enum lf_member_trouble)t)) > 3);
	assert_int_equal(lf_gzip_crc(lf_gzip_crc(0, "1234", 4), "56789", 5), 0xcbf43926);
}

int
main(void)
{
#define READING(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		READING(test_whole),
		READING(test_headers),
		READING(test_cut_everywhere),
		READING(test_damage),
		READING(test_caps),
		READING(test_io_fails),
		READING(test_probe),
		cmocka_unit_test(test_texts),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("member", tests, NULL, NULL);
}
