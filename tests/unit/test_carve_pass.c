/* The pass over an image made here: all that was planted is found, once, and the same for any window, threads and place to go on from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "carve/join.h"
#include "carve/pass.h"
#include "members.h"

#define SIZE ((size_t)3 << 20)

struct planted {
	size_t at, len;
	const char *label; /* of the path behind the offset */
	enum lf_carve_state state;
	size_t records;
	char *content;
	size_t content_len;
	bool unproved;
};

struct made {
	unsigned char *bytes;
	struct planted planted[64];
	size_t n;
	int fd;
	char name[64];
};

static uint64_t seed = 7;

/* ---- Making the image ---- */

static size_t
count_records(const char *log)
{
	size_t n = 0;

	for (const char *p = log; (p = strstr(p, "\"eventVersion\"")) != NULL; p++)
		n++;
	return n;
}

static char *
some_log(size_t records, size_t *len)
{
	char *log = made_log((unsigned)records, seed += 12345, len);

	assert_int_equal(count_records(log), records);
	return log;
}

static struct planted *
note(struct made *m, size_t at, size_t len, const char *label, enum lf_carve_state state, size_t records)
{
	struct planted *p = &m->planted[m->n++];

	*p = (struct planted){at, len, label, state, records, NULL, 0, false};
	return p;
}

static void
plant_members(struct made *m)
{
	for (size_t i = 0; i < 6; i++) {
		size_t at = 100000 + i * 40960 + (i % 2) * 1234, len, stored;
		char *log = some_log(1 + i * 3, &len);

		stored = made_member(log, len, m->bytes + at, i == 5 ? 0 : 6);
		note(m, at, stored, "-GZIP-0", LF_CARVE_WHOLE, 1 + i * 3);
		free(log);
	}
}

static void
plant_text(struct made *m)
{
	size_t len, at = 500001;
	char *log = some_log(4, &len);

	memcpy(m->bytes + at, log, len);
	note(m, at, len, "", LF_CARVE_WHOLE, 4);
	free(log);
	log = some_log(1, &len); /* a record alone, which a window's edge cuts */
	at = 524288 * 2 - 100;
	memcpy(m->bytes + at, log + 12, len - 14);
	note(m, at, len - 14, "", LF_CARVE_RECORD, 1);
	free(log);
	log = some_log(1, &len);
	at = 700001;
	for (size_t i = 12; i + 2 < len; i++) {
		m->bytes[at + 2 * (i - 12)] = (unsigned char)log[i];
		m->bytes[at + 2 * (i - 12) + 1] = 0;
	}
	note(m, at, 2 * (len - 14), "-UTF16LE-0", LF_CARVE_RECORD, 1);
	free(log);
}

/* A second fragment behind a gap, and one before the first. */
static void
plant_fragments(struct made *m)
{
	for (size_t i = 0; i < 2; i++) {
		size_t at = 1200128 + i * 65536 * 2, len, stored, first = 4096 * 2, second = at + (i == 0 ? 4096 * 5 : 0);
		char *log = some_log(200, &len);
		unsigned char *z = malloc(1 << 20);

		at = at / 4096 * 4096 + (i == 0 ? 0 : 65536);
		second = i == 0 ? at + 4096 * 5 : at - 4096 * 9;
		stored = made_member(log, len, z, 6);
		assert_true(stored > first + 2000 && stored < first + 4096 * 8);
		memcpy(m->bytes + at, z, first);
		memcpy(m->bytes + second, z + first, stored - first);
		note(m, at, first, "-JOIN-0", LF_CARVE_JOINED, 200);
		free(z);
		free(log);
	}
}

static void
plant_hole(struct made *m)
{
	size_t len, at = 1720320, stored;
	char *log = some_log(30, &len);
	struct planted *p;

	stored = made_member(log, len, m->bytes + at, 6);
	assert_true(stored > 3000);
	memset(m->bytes + at + 1536, 0, 512);
	p = note(m, at, stored, "-GZIP-0", LF_CARVE_RESYNC, 0);
	p->content = log;
	p->content_len = len;
}

static void
plant_cut(struct made *m)
{
	size_t len, at = 1900544, stored;
	char *log = some_log(30, &len);
	unsigned char *z = malloc(1 << 20);

	stored = made_member(log, len, z, 6);
	memcpy(m->bytes + at, z, stored * 6 / 10);
	note(m, at, 0, "-GZIP-0", LF_CARVE_PREFIX, 0);
	free(z);
	free(log);
}

/* A cut behind which other bytes come, and a hole behind these: what they decode to is no more of the log than what the hole does. */
static void
plant_cut_before_a_hole(struct made *m)
{
	size_t len, hole = 65536 * 34, stored;
	char *log = some_log(30, &len);
	unsigned char *z = malloc(1 << 20);

	stored = made_member(log, len, z, 6);
	assert_int_equal(m->bytes[hole], 0);
	memcpy(m->bytes + hole - 12 - stored * 6 / 10, z, stored * 6 / 10);
	note(m, hole - 12 - stored * 6 / 10, 0, "-GZIP-0", LF_CARVE_PREFIX, 0)->unproved = true;
	free(z);
	free(log);
}

static void
plant_base64(struct made *m)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t len, at = 2000000, stored, n = 0;
	char *log = some_log(5, &len);
	unsigned char *z = calloc(1, 1 << 20);

	stored = made_member(log, len, z, 6);
	assert_memory_equal(z, "\x1f\x8b\x08\x00", 4);
	for (size_t i = 0; i < stored; i += 3, n += 4)
		for (size_t k = 0; k < 4; k++)
			m->bytes[at + n + k] = (unsigned char)digits[(z[i] << 16 | z[i + 1] << 8 | z[i + 2]) >> (18 - 6 * k) & 63];
	m->bytes[at + n] = '"';
	note(m, at, n, "-BASE64-0-GZIP-0", LF_CARVE_WHOLE, 5);
	free(z);
	free(log);
}

/* A tar with two logs, one as gzip and one as text, in a gzip that stores the first as it is. */
static void
plant_tar(struct made *m)
{
	size_t len, at = 2200000, stored, in;
	char *log = some_log(3, &len);
	char *tar = calloc(1, 1 << 20);

	strcpy(tar, "a/b.json.gz");
	memcpy(tar + 257, "ustar", 5);
	in = 512 + (made_member(log, len, (unsigned char *)tar + 512, 6) + 511) / 512 * 512;
	free(log);
	log = some_log(2, &len);
	strcpy(tar + in, "a/c.json");
	memcpy(tar + in + 257, "ustar", 5);
	memcpy(tar + in + 512, log, len);
	stored = made_member(tar, in + 512 + (len + 511) / 512 * 512 + 1024, m->bytes + at, 6);
	note(m, at, stored, "-GZIP-512-GZIP-0", LF_CARVE_WHOLE, 3);
	note(m, at, stored, NULL, LF_CARVE_WHOLE, 2);
	free(tar);
	free(log);
}

static struct made *
make_image(void)
{
	struct made *m = calloc(1, sizeof(*m));

	m->bytes = malloc(SIZE);
	for (size_t i = 0; i < SIZE; i++)
		m->bytes[i] = i / 65536 % 5 == 4 ? 0 : (unsigned char)(scratch_random(&seed) >> 40);
	plant_members(m);
	plant_text(m);
	plant_fragments(m);
	plant_hole(m);
	plant_cut(m);
	plant_cut_before_a_hole(m);
	plant_base64(m);
	plant_tar(m);
	strcpy(m->name, "/tmp/lf-carve-XXXXXX");
	m->fd = mkstemp(m->name);
	assert_int_equal(write(m->fd, m->bytes, SIZE), SIZE);
	return m;
}

static struct made *made;

static int
setup(void **state)
{
	(void)state;
	made = make_image();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	unlink(made->name);
	close(made->fd);
	for (size_t i = 0; i < made->n; i++)
		free(made->planted[i].content);
	free(made->bytes);
	free(made);
	return 0;
}

/* ---- Running ---- */

struct seen {
	struct lf_find *find;
	size_t n;
	struct lf_image *image;
	struct lf_join *join;
	struct lf_pass_place places[64];
	size_t given[64]; /* finds when the place was told */
	size_t n_places;
};

static int
take(void *arg, struct lf_find *f, struct lf_tally *tally, struct lf_err *err)
{
	struct seen *s = arg;

	if (f->joinable)
		assert_int_equal(lf_join_find(s->join, s->image, f, tally, err), 0);
	s->find = realloc(s->find, (s->n + 1) * sizeof(*s->find));
	s->find[s->n++] = *f;
	memset(f, 0, sizeof(*f));
	return 0;
}

static int
remember(void *arg, const struct lf_pass_place *at, struct lf_err *err)
{
	struct seen *s = arg;

	(void)err;
	assert_true(s->n_places < 64);
	s->given[s->n_places] = s->n;
	s->places[s->n_places++] = *at;
	return 0;
}

static int
by_find(const void *a, const void *b)
{
	return lf_find_cmp(a, b);
}

static void
run(struct seen *s, size_t window, unsigned jobs, bool pipe_in, struct lf_pass_place *place)
{
	struct lf_join_opts o = {LF_JOIN_BLOCKS, LF_JOIN_TRIALS, 64 << 20};
	struct lf_pass p = {.detect = {64 << 20, 64 << 10}, .jobs = jobs, .window = window, .found = take, .checkpoint = remember,
	    .interval = 100000, .arg = s};
	struct lf_err err;

	(void)pipe_in;
	assert_int_equal(lf_image_open(made->name, &s->image, &err), 0);
	s->join = lf_join_new(&o, &err);
	assert_non_null(s->join);
	p.image = s->image;
	assert_int_equal(lf_pass_run(&p, place, &err), 0);
	lf_join_free(s->join);
	lf_image_free(s->image);
}

static void
drop(struct seen *s)
{
	for (size_t i = 0; i < s->n; i++)
		lf_find_free(&s->find[i]);
	free(s->find);
	memset(s, 0, sizeof(*s));
}

static struct lf_slice
path_of(const struct lf_find *f)
{
	return lf_find_slice(f, f->path, f->path_len);
}

static const struct lf_find *
find_of(const struct seen *s, const struct planted *p)
{
	char path[96];

	snprintf(path, sizeof(path), "%zu%s", p->at, p->label == NULL ? "" : p->label);
	for (size_t i = 0; i < s->n; i++)
		if (p->label != NULL ? lf_slice_is(path_of(&s->find[i]), path)
		    : s->find[i].start == p->at && s->find[i].n_records == p->records && s->find[i].method == LF_CARVE_TEXT)
			return &s->find[i];
	return NULL;
}

/* ---- Tests ---- */

static void
all_that_was_planted_is_found(void **state)
{
	struct lf_pass_place place = {0};
	struct seen s = {0};

	(void)state;
	run(&s, 0, 2, false, &place);
	for (size_t i = 0; i < made->n; i++) {
		const struct planted *p = &made->planted[i];
		const struct lf_find *f = find_of(&s, p);

		if (f == NULL)
			fail_msg("%zu%s was not found", p->at, p->label == NULL ? "" : p->label);
		assert_int_equal(f->state, p->state);
		if (p->state != LF_CARVE_RESYNC && p->state != LF_CARVE_PREFIX)
			assert_int_equal(f->n_records, p->records);
		if (p->unproved)
			assert_true(f->doubtful);
		if (p->len > 0)
			assert_int_equal(f->runs[0].to - f->runs[0].from, p->len);
	}
	assert_int_equal(s.n, made->n);
	drop(&s);
}

static void
no_known_byte_is_wrong(void **state)
{
	struct lf_pass_place place = {0};
	struct seen s = {0};
	size_t checked = 0;

	(void)state;
	run(&s, 0, 2, false, &place);
	for (size_t i = 0; i < made->n; i++) {
		const struct planted *p = &made->planted[i];
		const struct lf_find *f = find_of(&s, p);
		size_t unknown = 0;

		if (p->content == NULL)
			continue;
		assert_int_equal(f->content_len, p->content_len);
		for (size_t at = 0; at < p->content_len; at++) {
			while (unknown < f->n_unknown && f->unknown[unknown].to <= at)
				unknown++;
			if (unknown < f->n_unknown && f->unknown[unknown].from <= at)
				continue;
			assert_int_equal((unsigned char)f->text.data[f->content + at], (unsigned char)p->content[at]);
			checked++;
		}
		assert_true(f->n_unknown > 0 && f->n_known > 0);
	}
	assert_true(checked > 5000);
	drop(&s);
}

static void
same(const struct seen *a, const struct seen *b)
{
	assert_int_equal(a->n, b->n);
	for (size_t i = 0; i < a->n; i++) {
		const struct lf_find *x = &a->find[i], *y = &b->find[i];

		assert_int_equal(lf_find_cmp(x, y), 0);
		assert_int_equal(x->state, y->state);
		assert_int_equal(x->n_records, y->n_records);
		assert_int_equal(x->text.len, y->text.len);
		assert_memory_equal(x->text.data, y->text.data, x->text.len);
	}
}

static void
windows_and_threads_change_nothing(void **state)
{
	static const size_t windows[] = {1, 511, 4096, 5000, 65536, 100003, 1 << 20, 16 << 20};
	struct lf_pass_place first = {0};
	struct seen a = {0};

	(void)state;
	run(&a, 0, 1, false, &first);
	qsort(a.find, a.n, sizeof(*a.find), by_find);
	for (size_t i = 1; i < sizeof(windows) / sizeof(*windows); i++) {
		struct lf_pass_place place = {0};
		struct seen b = {0};

		run(&b, windows[i], 1 + (unsigned)i % 3, false, &place);
		qsort(b.find, b.n, sizeof(*b.find), by_find);
		same(&a, &b);
		assert_memory_equal(&first.tally, &place.tally, sizeof(first.tally));
		drop(&b);
	}
	drop(&a);
}

static void
a_run_goes_on_where_it_stood(void **state)
{
	struct lf_pass_place end = {0};
	struct seen all = {0}, whole;

	(void)state;
	run(&all, 8192, 2, false, &end);
	assert_true(all.n_places > 5);
	whole = all;
	for (size_t i = 0; i < all.n_places; i++) {
		struct lf_pass_place place = all.places[i];
		struct seen rest = {0}, joined = {0};

		run(&rest, 8192, 2, false, &place);
		joined.n = all.given[i] + rest.n;
		joined.find = calloc(joined.n, sizeof(*joined.find));
		if (all.given[i] > 0)
			memcpy(joined.find, all.find, all.given[i] * sizeof(*joined.find));
		if (rest.n > 0)
			memcpy(joined.find + all.given[i], rest.find, rest.n * sizeof(*joined.find));
		qsort(joined.find, joined.n, sizeof(*joined.find), by_find);
		whole.find = calloc(all.n, sizeof(*whole.find));
		memcpy(whole.find, all.find, all.n * sizeof(*whole.find));
		qsort(whole.find, whole.n, sizeof(*whole.find), by_find);
		same(&whole, &joined);
		assert_memory_equal(&end.tally, &place.tally, sizeof(end.tally));
		free(whole.find);
		free(joined.find);
		drop(&rest);
	}
	drop(&all);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_that_was_planted_is_found),
	    cmocka_unit_test(no_known_byte_is_wrong),
	    cmocka_unit_test(windows_and_threads_change_nothing),
	    cmocka_unit_test(a_run_goes_on_where_it_stood),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
