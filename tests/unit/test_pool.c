/* The pipeline and the parallel loop: order, bounds, errors, and what threads they use. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

#include "base/pool.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define AT(item) ((item) + 1) /* in a plan, where 0 is no item */
#define JOBS_MAX 8
#define WINDOW   4096

static void
pause_for(long microseconds)
{
	struct timespec t = {microseconds / 1000000, microseconds % 1000000 * 1000};

	nanosleep(&t, NULL);
}

struct worker {
	uint64_t item; /* the first that it holds */
	unsigned held;
};

struct product {
	uint64_t item;
};

/* A run of items 0 to n - 1, with what went wrong in it and what was seen. */
struct plan {
	uint64_t n, fail_take, fail_work, fail_work_too, fail_deliver;
	uint64_t slow;     /* the item that takes slow_us */
	long slow_us, jitter_us;
	bool null_products,
	    keep_product;    /* keep_product: a failing work() leaves its product behind */
	unsigned hold;       /* items that a worker may hold; 0 when it is not asked */
	uint64_t await_made; /* the slow item waits until so many products were made */
	uint64_t weighs, bound; /* each product; all that wait */

	uint64_t taken, delivered;
	bool out_of_order, overlap, workers_differ;
	atomic_int taking, delivering, working, most_working;
	atomic_ullong made, dropped, late, outstanding, most_outstanding;
	pthread_t caller;
	atomic_bool signals_open, foreign_thread;
};

static void
note_most(atomic_ullong *most, unsigned long long value)
{
	unsigned long long seen = atomic_load(most);

	while (value > seen && !atomic_compare_exchange_weak(most, &seen, value))
		continue;
}

static int
take(void *arg, void *worker, struct lf_err *err)
{
	struct plan *p = arg;
	struct worker *w = worker;

	if (atomic_fetch_add(&p->taking, 1) != 0)
		p->overlap = true;
	if (w->held == 0)
		w->item = p->taken;
	atomic_fetch_sub(&p->taking, 1);
	if (AT(p->taken) == p->fail_take)
		return lf_err_set(err, "take %llu", (unsigned long long)p->taken);
	if (p->taken == p->n)
		return 0;
	p->taken++;
	w->held++;
	return 1;
}

static bool
more(void *arg, void *worker)
{
	return ((struct worker *)worker)->held < ((struct plan *)arg)->hold;
}

static void
look_at_thread(struct plan *p)
{
	sigset_t blocked;

	if (pthread_equal(pthread_self(), p->caller))
		return;
	p->foreign_thread = true;
	pthread_sigmask(SIG_SETMASK, NULL, &blocked);
	if (!sigismember(&blocked, SIGINT) || !sigismember(&blocked, SIGTERM) ||
	    !sigismember(&blocked, SIGUSR1) || sigismember(&blocked, SIGSEGV))
		p->signals_open = true;
}

static int
work(void *arg, void *worker, void **product, struct lf_err *err)
{
	struct plan *p = arg;
	uint64_t item = ((struct worker *)worker)->item;
	bool fails = AT(item) == p->fail_work || AT(item) == p->fail_work_too;
	struct product *out;
	int now = atomic_fetch_add(&p->working, 1) + 1, most = atomic_load(&p->most_working);

	while (now > most && !atomic_compare_exchange_weak(&p->most_working, &most, now))
		continue;
	look_at_thread(p);
	for (int i = 0; AT(item) == p->slow && atomic_load(&p->made) < p->await_made && i < 20000;
	     i++)
		pause_for(1000);
	if (AT(item) == p->slow)
		pause_for(p->slow_us);
	if (p->jitter_us > 0)
		pause_for((long)(item * 7919 % 13 * 31) % p->jitter_us);
	if (((struct worker *)worker)->item != item)
		p->workers_differ = true;
	((struct worker *)worker)->item++;
	((struct worker *)worker)->held--;
	atomic_fetch_sub(&p->working, 1);
	if (!p->null_products && (!fails || p->keep_product)) {
		out = malloc(sizeof(*out));
		if (out == NULL)
			abort();
		out->item = item;
		*product = out;
		atomic_fetch_add(&p->made, 1);
		note_most(&p->most_outstanding, atomic_fetch_add(&p->outstanding, 1) + 1);
	}
	return fails ? lf_err_set(err, "work %llu", (unsigned long long)item) : 0;
}

static int
deliver(void *arg, void *product, struct lf_err *err)
{
	struct plan *p = arg;
	uint64_t item = p->delivered;
	int others = atomic_fetch_add(&p->delivering, 1);

	if (others != 0)
		p->overlap = true;
	if (p->null_products ? product != NULL : ((struct product *)product)->item != item)
		p->out_of_order = true;
	if (p->jitter_us > 0)
		pause_for(20);
	free(product);
	if (product != NULL)
		atomic_fetch_sub(&p->outstanding, 1);
	p->delivered++;
	atomic_fetch_sub(&p->delivering, 1);
	return AT(item) == p->fail_deliver
		   ? lf_err_set(err, "deliver %llu", (unsigned long long)item)
		   : 0;
}

static void
drop(void *arg, void *product)
{
	struct plan *p = arg;

	atomic_fetch_add(&p->dropped, 1);
	atomic_fetch_sub(&p->outstanding, 1);
	free(product);
}

static uint64_t
weight(void *arg, const void *product)
{
	const struct plan *p = arg;

	return product == NULL ? 0 : p->weighs;
}

#define PLAN(...) (struct plan){__VA_ARGS__}

/* Runs a plan and checks what holds for every run. */
static int
run(struct plan *p, unsigned jobs, struct lf_err *err)
{
	struct worker workers[JOBS_MAX] = {{0, 0}};
	void *pointers[JOBS_MAX];
	struct lf_pipeline line = {.jobs = jobs,
	    .workers = pointers,
	    .take = take,
	    .more = p->hold == 0 ? NULL : more,
	    .work = work,
	    .deliver = deliver,
	    .drop = drop,
	    .weight = p->weighs == 0 ? NULL : weight,
	    .bound = p->bound,
	    .arg = p};
	sigset_t blocked;
	int rc;

	for (size_t i = 0; i < JOBS_MAX; i++)
		pointers[i] = &workers[i];
	p->caller = pthread_self();
	rc = lf_pipeline_run(&line, err);
	pthread_sigmask(SIG_SETMASK, NULL, &blocked);
	assert_false(sigismember(&blocked, SIGINT));
	assert_false(p->out_of_order);
	assert_false(p->overlap);
	assert_false(p->workers_differ);
	assert_false(p->signals_open);
	assert_int_equal(p->outstanding, 0);
	assert_int_equal(p->made, p->null_products ? 0 : p->delivered + p->dropped);
	assert_true(p->most_working <= (int)jobs);
	return rc;
}

static void
test_order(void **state)
{
	static const uint64_t sizes[] = {0, 1, 2, 7, 300};
	struct lf_err err;

	(void)state;
	for (unsigned jobs = 1; jobs <= JOBS_MAX; jobs++) {
		for (size_t i = 0; i < COUNT(sizes); i++) {
			struct plan p = PLAN(.n = sizes[i], .jitter_us = 400, .hold = jobs % 2 * 5);
			assert_int_equal(run(&p, jobs, &err), 0);
			assert_int_equal(p.delivered, sizes[i]);
			assert_int_equal(p.dropped, 0);
		}
	}
}

static void
test_many_items(void **state)
{
	struct lf_err err;

	(void)state;
	for (unsigned jobs = 1; jobs <= JOBS_MAX; jobs += 7) {
		struct plan p = PLAN(.n = 50000), q = PLAN(.n = 50000, .null_products = true);
		assert_int_equal(run(&p, jobs, &err), 0);
		assert_int_equal(p.delivered, 50000);
		assert_int_equal(run(&q, jobs, &err), 0);
		assert_int_equal(q.delivered, 50000);
	}
}

/* One job: no thread but the caller's.  More: really at once. */
static void
test_threads(void **state)
{
	struct plan one = PLAN(.n = 20),
		    four = PLAN(.n = 40, .jitter_us = 100, .slow = AT(0), .slow_us = 50000);
	struct lf_err err;

	(void)state;
	assert_int_equal(run(&one, 1, &err), 0);
	assert_false(one.foreign_thread);
	assert_int_equal(run(&four, 4, &err), 0);
	assert_true(four.foreign_thread);
	assert_true(four.most_working > 1);
}

/*
 * While item 0 takes long, the others go on until the window is full, and not further: the slow
 * item waits until all that may be made is made, and then some time for one too many.
 */
static void
test_window(void **state)
{
	struct plan p =
	    PLAN(.n = 3 * WINDOW, .slow = AT(0), .await_made = WINDOW - 1, .slow_us = 50000);
	struct lf_err err;

	(void)state;
	assert_int_equal(run(&p, 4, &err), 0);
	assert_int_equal(p.delivered, 3 * WINDOW);
	assert_true(p.most_outstanding >= WINDOW - 1);
	assert_true(p.most_outstanding <= WINDOW);
}

/* The same with products that weigh something: ten of them are too much, but what threads have in hand still comes. */
static void
test_weight(void **state)
{
	struct lf_err err;

	(void)state;
	for (unsigned jobs = 2; jobs <= JOBS_MAX; jobs++) {
		struct plan p = PLAN(.n = 500, .slow = AT(0), .await_made = 10, .slow_us = 50000, .weighs = 10, .bound = 95,
		    .hold = jobs % 2 * 3);
		assert_int_equal(run(&p, jobs, &err), 0);
		assert_int_equal(p.delivered, 500);
		assert_true(p.most_outstanding >= 10);
		assert_true(p.most_outstanding <= 10 + jobs * 3);
	}
}

/* One product may weigh more than all may: then each is waited for. */
static void
test_heavy(void **state)
{
	struct lf_err err;

	(void)state;
	for (unsigned jobs = 1; jobs <= JOBS_MAX; jobs++) {
		struct plan p = PLAN(.n = 200, .weighs = UINT64_C(1) << 60, .bound = jobs % 2, .jitter_us = 100);
		assert_int_equal(run(&p, jobs, &err), 0);
		assert_int_equal(p.delivered, 200);
	}
}

static void
test_errors(void **state)
{
	static const struct {
		const char *msg;
		uint64_t delivered;
		struct plan plan;
	} table[] = {
	    {"take 0", 0, PLAN(.n = 100, .fail_take = AT(0))},
	    {"take 40", 40, PLAN(.n = 100, .fail_take = AT(40))},
	    {"take 100", 100, PLAN(.n = 100, .fail_take = AT(100))},
	    {"work 0", 0, PLAN(.n = 100, .fail_work = AT(0))},
	    {"work 40", 40, PLAN(.n = 100, .fail_work = AT(40))},
	    {"work 99", 99, PLAN(.n = 100, .fail_work = AT(99))},
	    {"work 40", 40, PLAN(.n = 100, .fail_work = AT(40), .keep_product = true)},
	    {"deliver 0", 1, PLAN(.n = 100, .fail_deliver = AT(0))},
	    {"deliver 40", 41, PLAN(.n = 100, .fail_deliver = AT(40))},
	    {"deliver 99", 100, PLAN(.n = 100, .fail_deliver = AT(99))},
	    /* the earlier of two, though it comes later in time */
	    {"work 10", 10,
		PLAN(.n = 100, .fail_work = AT(10), .fail_work_too = AT(11), .slow = AT(10),
		    .slow_us = 20000)},
	    {"work 10", 10,
		PLAN(.n = 100, .fail_work = AT(10), .fail_take = AT(13), .slow = AT(10),
		    .slow_us = 20000)},
	    {"deliver 9", 10,
		PLAN(.n = 100, .fail_work = AT(11), .fail_deliver = AT(9), .slow = AT(9),
		    .slow_us = 20000)},
	    {"work 9", 9, PLAN(.n = 100, .fail_work = AT(9), .fail_deliver = AT(9))},
	    {"work 9", 9, PLAN(.n = 9 + 1, .fail_work = AT(9), .fail_deliver = AT(11))},
	};
	struct lf_err err;

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		for (unsigned jobs = 1; jobs <= JOBS_MAX; jobs++) {
			struct plan p = table[i].plan;
			err.msg[0] = '\0';
			p.jitter_us = 100;
			p.hold = i % 2 == 0 ? 0 : 3;
			assert_int_equal(run(&p, jobs, &err), -1);
			assert_string_equal(err.msg, table[i].msg);
			assert_int_equal(p.delivered, table[i].delivered);
			assert_true(p.taken <= p.delivered + JOBS_MAX + WINDOW);
		}
	}
}

/* After an error nothing new is begun: with one job, not a single item. */
static void
test_error_stops(void **state)
{
	struct plan one = PLAN(.n = 100000, .fail_work = AT(5)),
		    many = PLAN(.n = 100000, .fail_work = AT(5));
	struct lf_err err;

	(void)state;
	assert_int_equal(run(&one, 1, &err), -1);
	assert_int_equal(one.taken, 6);
	assert_int_equal(run(&many, JOBS_MAX, &err), -1);
	assert_true(many.taken < 100000);
}

/* Workers that hold several items: the window, the order and the one thread are as before. */
static void
test_hold(void **state)
{
	struct plan p = PLAN(.n = 20000, .hold = 7, .slow = AT(3), .slow_us = 50000);
	struct lf_err err;

	(void)state;
	for (unsigned jobs = 1; jobs <= JOBS_MAX; jobs++) {
		p.delivered = p.taken = 0;
		p.made = p.most_outstanding = 0;
		assert_int_equal(run(&p, jobs, &err), 0);
		assert_int_equal(p.delivered, 20000);
		assert_true(p.most_outstanding <= WINDOW);
	}
}

/* The products behind a slow failure wait, a whole window of them, and are dropped, each once. */
static void
test_drop(void **state)
{
	struct plan p =
	    PLAN(.n = 3 * WINDOW, .fail_work = AT(3), .slow = AT(3), .slow_us = 50000,
		.await_made = WINDOW + 2);
	struct lf_err err;

	(void)state;
	assert_int_equal(run(&p, 4, &err), -1);
	assert_string_equal(err.msg, "work 3");
	assert_int_equal(p.delivered, 3);
	assert_int_equal(p.dropped, WINDOW - 1);
}

/* ---- lf_parallel ---- */

struct tally {
	atomic_int *calls;
	unsigned jobs;
	size_t n, fail_at;
	struct lf_err *err;
	atomic_bool wrong;
	bool meet; /* the first two threads wait for each other */
	atomic_int threads[JOBS_MAX], seen;
};

static int
count_call(void *arg, unsigned thread, size_t i)
{
	struct tally *t = arg;

	if (thread >= t->jobs || i >= t->n)
		t->wrong = true;
	else if (atomic_fetch_add(&t->threads[thread], 1) == 0)
		atomic_fetch_add(&t->seen, 1);
	for (int tries = 0; t->meet && atomic_load(&t->seen) < 2 && tries < 20000; tries++)
		pause_for(1000);
	if (i < t->n)
		atomic_fetch_add(&t->calls[i], 1);
	if (i != t->fail_at)
		return 0;
	return t->err == NULL ? 1 : lf_err_set(t->err, "own words");
}

static void
test_parallel(void **state)
{
	static const size_t sizes[] = {0, 1, 3, 1000, 20000};
	struct lf_err err;

	(void)state;
	for (unsigned jobs = 1; jobs <= JOBS_MAX; jobs++) {
		for (size_t k = 0; k < COUNT(sizes); k++) {
			struct tally t = {.jobs = jobs, .n = sizes[k], .fail_at = SIZE_MAX};
			t.meet = jobs > 1 && t.n > 1;
			t.calls = calloc(sizes[k] + 1, sizeof(*t.calls));
			assert_non_null(t.calls);
			assert_int_equal(lf_parallel(jobs, t.n, count_call, &t, &err), 0);
			assert_false(t.wrong);
			for (size_t i = 0; i < t.n; i++)
				assert_int_equal(t.calls[i], 1);
			assert_true(t.seen >= (t.meet ? 2 : t.n > 0));
			free(t.calls);
		}
	}
}

static void
test_parallel_error(void **state)
{
	struct lf_err err;

	(void)state;
	for (unsigned jobs = 1; jobs <= JOBS_MAX; jobs++) {
		struct tally t = {.jobs = jobs, .n = 100000, .fail_at = 17};
		t.calls = calloc(t.n, sizeof(*t.calls));
		assert_non_null(t.calls);
		strcpy(err.msg, "old");
		assert_int_equal(lf_parallel(jobs, t.n, count_call, &t, &err), -1);
		assert_string_not_equal(err.msg, "");
		assert_string_not_equal(err.msg, "old");
		assert_int_equal(t.calls[t.n - 1], 0);
		t.err = &err;
		assert_int_equal(lf_parallel(jobs, t.n, count_call, &t, &err), -1);
		assert_string_equal(err.msg, "own words");
		free(t.calls);
	}
}

static void
test_cpus(void **state)
{
	cpu_set_t before, one;
	unsigned n = lf_cpus();

	(void)state;
	assert_true(n >= 1);
	assert_int_equal(sched_getaffinity(0, sizeof(before), &before), 0);
	assert_int_equal(n, CPU_COUNT(&before));
	CPU_ZERO(&one);
	for (size_t i = 0; i < CPU_SETSIZE && CPU_COUNT(&one) == 0; i++)
		if (CPU_ISSET(i, &before))
			CPU_SET(i, &one);
	assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
	assert_int_equal(lf_cpus(), 1);
	assert_int_equal(sched_setaffinity(0, sizeof(before), &before), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_many_items),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_weight),
		cmocka_unit_test(test_heavy),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_error_stops),
		cmocka_unit_test(test_hold),
		cmocka_unit_test(test_drop),
		cmocka_unit_test(test_parallel),
		cmocka_unit_test(test_parallel_error),
		cmocka_unit_test(test_cpus),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
