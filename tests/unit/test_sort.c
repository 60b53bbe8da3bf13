/* The external sort: any memory, jobs and order of adding give the same; disks and memory that fail give an error. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/temporary.h"
#include "chaos.h"
#include "scratch.h"
#include "timeline/sort.h"

#define KiB ((uint64_t)1 << 10)
#define MiB ((uint64_t)1 << 20)

/* An item: its key, a number of its own, and bytes that follow from it. */
struct item {
	uint32_t size, number;
	uint64_t key;
	unsigned char bytes[];
};

static uint64_t
high_bits(const void *item)
{
	return ((const struct item *)item)->key >> 8;
}

static uint64_t
no_bits(const void *item)
{
	(void)item;
	return 7;
}

static int
cmp_items(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

static const struct lf_sort_order order = {high_bits, cmp_items}, by_cmp = {no_bits, cmp_items};

static size_t
make_item(struct item *to, uint32_t number, uint64_t key, size_t bytes)
{
	to->size = (uint32_t)((sizeof(*to) + bytes + 7) & ~(size_t)7);
	to->number = number;
	to->key = key;
	for (size_t i = 0; i < to->size - sizeof(*to); i++)
		to->bytes[i] = (unsigned char)(number * 31 + i * 7);
	return to->size;
}

/* What is added: n items, keys of so many bits (few: many ties), sizes up to most; every 1000th, where huge is set, of that size. */
struct load {
	uint32_t n;
	unsigned key_bits;
	size_t most, huge;
	bool ascending;
};

static uint64_t
key_of(const struct load *l, uint32_t number)
{
	uint64_t state = number * UINT64_C(77) + 5;

	return l->ascending ? number : scratch_random(&state) >> (64 - l->key_bits);
}

static size_t
bytes_of(const struct load *l, uint32_t number)
{
	uint64_t state = number * UINT64_C(131) + 9;

	if (l->huge > 0 && number % 1000 == 500)
		return l->huge;
	return l->most == 0 ? 0 : (size_t)(scratch_random(&state) % l->most);
}

static struct lf_sorter *
new_sorter(const struct lf_sort_order *o, uint64_t memory, unsigned jobs)
{
	struct lf_sorter *s;
	struct lf_err err;
	int fd = lf_temporary(NULL, &err);

	assert_true(fd >= 0);
	assert_int_equal(lf_sorter_new(*o, memory, fd, "/tmp", jobs, &s, &err), 0);
	return s;
}

/* Adds the items, each by itself, in an order that turn chooses: a permutation since step and n have no common divisor. */
static int
add_load(struct lf_sorter *s, const struct load *l, uint64_t turn, struct lf_err *err)
{
	struct item *it = malloc(sizeof(*it) + (l->most > l->huge ? l->most : l->huge) + 8);
	static const uint64_t steps[] = {1, 1000003, 7368787};
	int rc = 0;

	if (it == NULL)
		return -1;
	for (uint64_t i = 0; i < l->n && rc == 0; i++) {
		uint32_t number = (uint32_t)((i * steps[turn % 3] + turn) % l->n);
		rc = lf_sorter_add(s, it, make_item(it, number, key_of(l, number), bytes_of(l, number)), err);
	}
	free(it);
	return rc;
}

/* Whether the bytes of an item are those that it was given. */
static bool
intact(const struct load *l, const struct item *it)
{
	if (it->size != ((sizeof(*it) + bytes_of(l, it->number) + 7) & ~(size_t)7))
		return false;
	for (size_t i = 0; i < it->size - sizeof(*it); i++)
		if (it->bytes[i] != (unsigned char)(it->number * 31 + i * 7))
			return false;
	return it->key == key_of(l, it->number);
}

static int
cmp_keys(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	if (x[0] != y[0])
		return x[0] < y[0] ? -1 : 1;
	return x[1] < y[1] ? -1 : x[1] > y[1];
}

/* The order that is expected: {key, number}. */
static uint64_t *
expected(const struct load *l)
{
	uint64_t *e = calloc((size_t)l->n + 1, 2 * sizeof(*e));

	assert_non_null(e);
	for (uint32_t i = 0; i < l->n; i++) {
		e[2 * i] = key_of(l, i);
		e[2 * i + 1] = i;
	}
	qsort(e, l->n, 2 * sizeof(*e), cmp_keys);
	return e;
}

static void
check_pass(struct lf_sorter *s, const struct load *l, const uint64_t *want)
{
	const struct item *it;
	const void *item;
	struct lf_err err;

	for (uint32_t i = 0; i < l->n; i++) {
		assert_int_equal(lf_sorter_next(s, &item, &err), 0);
		assert_non_null(item);
		it = item;
		assert_int_equal((uintptr_t)item % 8, 0);
		assert_true(it->key == want[2 * i] && it->number == want[2 * i + 1]);
		assert_true(intact(l, it));
	}
	for (int i = 0; i < 2; i++) {
		assert_int_equal(lf_sorter_next(s, &item, &err), 0);
		assert_null(item);
	}
}

/* Sorts, reads twice and part of a third time; returns the bytes spilled. */
static uint64_t
check(const struct lf_sort_order *o, const struct load *l, uint64_t memory, unsigned jobs, uint64_t turn)
{
	struct lf_sorter *s = new_sorter(o, memory, jobs);
	uint64_t *want = expected(l), spilled;
	const void *item;
	struct lf_err err;

	assert_int_equal(add_load(s, l, turn, &err), 0);
	assert_int_equal(lf_sorter_finish(s, &err), 0);
	check_pass(s, l, want);
	assert_int_equal(lf_sorter_rewind(s, &err), 0);
	for (uint32_t i = 0; i < l->n / 3; i++)
		assert_int_equal(lf_sorter_next(s, &item, &err), 0);
	assert_int_equal(lf_sorter_rewind(s, &err), 0);
	check_pass(s, l, want);
	spilled = lf_sorter_spilled(s);
	lf_sorter_free(s);
	free(want);
	return spilled;
}

static uint64_t
total_of(const struct load *l)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < l->n; i++)
		sum += (sizeof(struct item) + bytes_of(l, i) + 7) & ~UINT64_C(7);
	return sum;
}

static void
test_few(void **state)
{
	(void)state;
	for (uint32_t n = 0; n < 70; n++) {
		struct load l = {.n = n, .key_bits = 64, .most = 50}, ties = {.n = n, .key_bits = 1};
		assert_int_equal(check(&order, &l, MiB, 2, n), 0);
		assert_int_equal(check(&order, &ties, MiB, 1, 0), 0);
	}
}

static void
test_in_memory(void **state)
{
	static const unsigned bits[] = {64, 20, 9, 3};

	(void)state;
	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
		struct load l = {.n = 30011, .key_bits = bits[i], .most = 40};
		for (unsigned jobs = 1; jobs < 6; jobs += 2)
			for (uint64_t turn = 0; turn < 3; turn++)
				assert_int_equal(check(&order, &l, 8 * MiB, jobs, turn), 0);
	}
}

/* Where prefixes say nothing all is left to cmp. */
static void
test_useless_prefix(void **state)
{
	struct load l = {.n = 20011, .key_bits = 40, .most = 40}, up = {.n = 20011, .ascending = true};

	(void)state;
	check(&by_cmp, &l, 8 * MiB, 1, 1);
	check(&by_cmp, &l, 300 * KiB, 2, 2);
	for (uint64_t turn = 0; turn < 3; turn++)
		check(&by_cmp, &up, 8 * MiB, 1, turn);
}

static void
test_spilled(void **state)
{
	static const uint64_t sizes[] = {0, 300 * KiB, MiB, 3 * MiB};
	struct load l = {.n = 20011, .key_bits = 16, .most = 600};
	uint64_t total = total_of(&l);

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		for (unsigned jobs = 1; jobs < 4; jobs++)
			assert_true(check(&order, &l, sizes[i], jobs, jobs) > total / 3);
}

/* More runs than can be read at once: some bytes are written more than once, yet not again and again. */
static void
test_levels(void **state)
{
	struct load l = {.n = 50021, .key_bits = 64, .most = 600};
	uint64_t total = total_of(&l), spilled;

	(void)state;
	spilled = check(&order, &l, 0, 1, 1);
	assert_true(spilled > total);
	assert_true(spilled < 6 * total);
}

/* Items larger than a buffer, and than memory. */
static void
test_huge_items(void **state)
{
	struct load buffer = {.n = 9001, .key_bits = 64, .most = 100, .huge = 100 * KiB},
		    memory = {.n = 9001, .key_bits = 64, .most = 300, .huge = 700 * KiB},
		    only = {.n = 1, .key_bits = 64, .most = MiB}, fits = {.n = 2001, .key_bits = 10, .most = 8, .huge = MiB};

	(void)state;
	check(&order, &buffer, 256 * KiB, 1, 1);
	check(&order, &memory, 256 * KiB, 2, 2);
	check(&order, &only, 256 * KiB, 1, 0);
	assert_int_equal(check(&order, &fits, 4 * MiB, 1, 0), 0);
}

/* ---- What fails ---- */

static int
chaos_step(void)
{
	struct load l = {.n = 9001, .key_bits = 64, .most = 200};
	struct lf_sorter *s = NULL;
	struct lf_err err = {""};
	const void *item = NULL;
	uint32_t n = 0;
	int fd, rc = 0;

	fd = lf_temporary(scratch, &err);
	if (fd < 0 || lf_sorter_new(order, 0, fd, "/tmp", 2, &s, &err) != 0)
		rc = -1;
	for (struct item it = {sizeof(it), 0, 0}; rc == 0 && it.number < 3000; it.number++)
		rc = lf_sorter_add(s, &it, sizeof(it), &err);
	if (rc == 0)
		rc = add_load(s, &l, 1, &err);
	if (rc == 0)
		rc = lf_sorter_finish(s, &err);
	while (rc == 0 && (rc = lf_sorter_next(s, &item, &err)) == 0 && item != NULL)
		n++;
	lf_sorter_free(s);
	return rc == 0 && n != 12001 ? 1 : rc;
}

static void
test_no_memory(void **state)
{
	(void)state;
	chaos_check(chaos_step, 11);
}

/* The sorter closes its file, also when it cannot be made. */
static void
test_closes(void **state)
{
	struct lf_err err;
	struct lf_sorter *s;
	int fd = lf_temporary(NULL, &err), again;

	(void)state;
	assert_int_equal(lf_sorter_new(order, MiB, fd, "/tmp", 1, &s, &err), 0);
	lf_sorter_free(s);
	again = lf_temporary(NULL, &err);
	assert_int_equal(again, fd);
	close(again);
	lf_sorter_free(NULL);
}

/* Sorts with a file that takes no more than limit bytes. */
static int
sort_limited(rlim_t limit, const struct load *l, struct lf_err *err)
{
	struct lf_sorter *s = new_sorter(&order, 0, 1);
	struct rlimit was, now;
	int rc;

	getrlimit(RLIMIT_FSIZE, &was);
	now = (struct rlimit){limit, was.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &now), 0);
	rc = add_load(s, l, 1, err);
	if (rc == 0)
		rc = lf_sorter_finish(s, err);
	setrlimit(RLIMIT_FSIZE, &was);
	lf_sorter_free(s);
	return rc;
}

static void
test_full_disk(void **state)
{
	struct load l = {.n = 9001, .key_bits = 64, .most = 600};
	struct lf_err err;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	for (rlim_t limit = 0; limit < 4 * MiB; limit += 300001) {
		err.msg[0] = '\0';
		assert_int_equal(sort_limited(limit, &l, &err), -1);
		assert_non_null(strstr(err.msg, "cannot write to the temporary folder /tmp: "));
	}
	signal(SIGXFSZ, SIG_DFL);
}

/* A file that cannot be written or read at all. */
static void
test_bad_file(void **state)
{
	struct load l = {.n = 9001, .key_bits = 64, .most = 600};
	struct lf_sorter *s;
	struct lf_err err;

	(void)state;
	assert_int_equal(lf_sorter_new(order, 0, open("/dev/full", O_RDWR | O_CLOEXEC), "/tmp", 1, &s, &err), 0);
	assert_int_equal(add_load(s, &l, 0, &err), -1);
	assert_non_null(strstr(err.msg, "cannot write to the temporary folder /tmp: "));
	lf_sorter_free(s);
	assert_int_equal(lf_sorter_new(order, 0, open("/dev/null", O_RDWR | O_CLOEXEC), "/tmp", 1, &s, &err), 0);
	assert_int_equal(add_load(s, &l, 0, &err), 0);
	assert_int_equal(lf_sorter_finish(s, &err), -1); /* it has runs to merge, and they are gone */
	assert_non_null(strstr(err.msg, "cannot read from the temporary folder"));
	lf_sorter_free(s);
}

/* One byte or all behind a place of the spilled file is another one: reading it fails, whichever byte it is. */
static int
read_changed(const struct load *l, off_t at, bool cut)
{
	struct lf_err err = {""};
	int fd = lf_temporary(NULL, &err), rc;
	struct lf_sorter *s;
	const void *item = NULL;
	unsigned char byte;

	assert_int_equal(lf_sorter_new(order, 800 * KiB, fd, "/tmp", 1, &s, &err), 0);
	assert_int_equal(add_load(s, l, 1, &err), 0);
	assert_int_equal(lf_sorter_finish(s, &err), 0);
	assert_true(at < (off_t)lf_sorter_spilled(s));
	assert_int_equal(pread(fd, &byte, 1, at), 1);
	byte ^= 0x41;
	if (cut)
		assert_int_equal(ftruncate(fd, at), 0);
	else
		assert_int_equal(pwrite(fd, &byte, 1, at), 1);
	do
		rc = lf_sorter_next(s, &item, &err);
	while (rc == 0 && item != NULL);
	if (rc != 0)
		assert_non_null(strstr(err.msg, "cannot read from the temporary folder"));
	lf_sorter_free(s);
	return rc;
}

static void
test_changed_file(void **state)
{
	struct load l = {.n = 4001, .key_bits = 64, .most = 600};

	(void)state;
	for (off_t at = 0; at < 40; at++) /* the first item's head among them */
		assert_int_equal(read_changed(&l, at, false), -1);
	for (off_t at = 40; at < 1000000; at += 33331) {
		assert_int_equal(read_changed(&l, at, false), -1);
		assert_int_equal(read_changed(&l, at, true), -1);
	}
}

/* ---- Memory ---- */

/* Peak growth in KiB of who sorts 70 MB. */
static long
child_peak(uint64_t memory)
{
	struct load l = {.n = 100003, .key_bits = 64, .most = 800, .huge = 300 * KiB};
	struct rusage before, after;
	struct lf_err err;
	struct lf_sorter *s;
	const void *item;

	getrusage(RUSAGE_SELF, &before);
	s = new_sorter(&order, memory, 2);
	if (add_load(s, &l, 1, &err) != 0 || lf_sorter_finish(s, &err) != 0)
		return -1;
	while (lf_sorter_next(s, &item, &err) == 0 && item != NULL)
		continue;
	getrusage(RUSAGE_SELF, &after);
	lf_sorter_free(s);
	return after.ru_maxrss - before.ru_maxrss;
}

static void
test_memory(void **state)
{
	int pipes[2];
	long peak = -1;
	pid_t child;

	(void)state;
	if (!CHAOS) /* a sanitizer keeps freed memory, and more */
		skip();
	assert_int_equal(pipe(pipes), 0);
	child = fork();
	if (child == 0) {
		peak = child_peak(8 * MiB);
		_exit(write(pipes[1], &peak, sizeof(peak)) != sizeof(peak));
	}
	close(pipes[1]);
	assert_int_equal(read(pipes[0], &peak, sizeof(peak)), sizeof(peak));
	waitpid(child, NULL, 0);
	close(pipes[0]);
	assert_true(peak > 0);
	assert_true(peak <= (long)((8 + 4) * KiB));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_memory),
	    cmocka_unit_test(test_few),
	    cmocka_unit_test(test_in_memory),
	    cmocka_unit_test(test_useless_prefix),
	    cmocka_unit_test(test_spilled),
	    cmocka_unit_test(test_levels),
	    cmocka_unit_test(test_huge_items),
	    cmocka_unit_test_setup_teardown(test_no_memory, scratch_make, scratch_remove),
	    cmocka_unit_test(test_closes),
	    cmocka_unit_test(test_full_disk),
	    cmocka_unit_test(test_bad_file),
	    cmocka_unit_test(test_changed_file),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("sort", tests, NULL, NULL);
}
