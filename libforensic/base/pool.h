/*
 * Worker threads in two shapes: a pipeline whose results come out in the order its items went in, and
 * a loop over numbers.  Neither keeps state between calls.
 */
#ifndef LF_BASE_POOL_H
#define LF_BASE_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * A pipeline of jobs threads.  Each thread, again and again:
 *   take()    one thread at a time: puts the next item into the worker's own state, behind those that it holds already.
 *             Returns 1, 0 when there is no more, -1 on an error.
 *   more()    after take(): whether the worker can hold one more item.  Then it need not give way to another thread
 *             after each.  NULL for workers that hold one.
 *   work()    all threads at once, called once for each item held: turns the first of them into *product (may be NULL).
 *   deliver() one thread at a time, in the order of take(): consumes the product.
 *   weight()  of a product, while it waits for an earlier one: no more items are taken while those that wait weigh more
 *             than bound in all.  NULL where products are small.
 * No thread waits for its turn to deliver, and at most LF_PIPELINE_WINDOW products wait.  An error in any step ends
 * the run; the products that wait then go to drop().
 */
#define LF_PIPELINE_WINDOW 4096
struct lf_pipeline {
	unsigned jobs;
	void **workers; /* jobs pointers, one for each thread */
	int (*take)(void *arg, void *worker, struct lf_err *err);
	bool (*more)(void *arg, void *worker);
	int (*work)(void *arg, void *worker, void **product, struct lf_err *err);
	int (*deliver)(void *arg, void *product, struct lf_err *err);
	void (*drop)(void *arg, void *product);
	uint64_t (*weight)(void *arg, const void *product);
	uint64_t bound;
	void *arg;
};

/* Returns 0, or -1 with the error of the earliest item that failed. */
int lf_pipeline_run(const struct lf_pipeline *p, struct lf_err *err) __attribute__((warn_unused_result));

/*
 * Calls work(arg, thread, i) once for each i below n from jobs threads; thread is below jobs.
 * Returns 0, or -1 when threads cannot be started or a call returned other than 0.
 */
int lf_parallel(unsigned jobs, size_t n, int (*work)(void *arg, unsigned thread, size_t i), void *arg,
    struct lf_err *err) __attribute__((warn_unused_result));

/* The CPUs this process may run on, at least 1. */
unsigned lf_cpus(void);

#endif
