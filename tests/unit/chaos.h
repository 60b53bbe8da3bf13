/*
 * Memory that runs out: every allocation of the program passes here, those of its libraries too.  To be
 * included once, by a test program, behind cmocka.h.  A sanitizer or valgrind brings its own functions, and then CHAOS
 * is false.
 */
#ifndef LF_TEST_CHAOS_H
#define LF_TEST_CHAOS_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static volatile long chaos_countdown; /* the allocation that brings it to zero fails; 0: none does */
static volatile long chaos_live; /* blocks not freed; volatile: a compiler knows that malloc() changes no variable */
/* Only allocations made in the program itself fail: libarchive 3.6 crashes when some of its own do. */
static bool __attribute__((unused)) chaos_ours;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
#define CHAOS false
#else
#define CHAOS chaos_works()
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void __libc_free(void *);
#pragma GCC visibility push(default) /* so that the shared libraries come here too */
void *malloc(size_t size);
void *calloc(size_t n, size_t size);
void *realloc(void *p, size_t size);
void *reallocarray(void *p, size_t n, size_t size);
void free(void *p);
#pragma GCC visibility pop

extern char __executable_start[], etext[]; /* of the linker */

static bool
chaos_fails(const void *caller)
{
	uintptr_t at = (uintptr_t)caller;

	if (chaos_ours && (at < (uintptr_t)__executable_start || at >= (uintptr_t)etext))
		return false;
	if (chaos_countdown == 0 || --chaos_countdown > 0)
		return false;
	errno = ENOMEM;
	return true;
}

void *
malloc(size_t size)
{
	void *p = chaos_fails(__builtin_return_address(0)) ? NULL : __libc_malloc(size);

	chaos_live += p != NULL;
	return p;
}

void *
calloc(size_t n, size_t size)
{
	void *p = chaos_fails(__builtin_return_address(0)) ? NULL : __libc_calloc(n, size);

	chaos_live += p != NULL;
	return p;
}

void *
realloc(void *old, size_t size)
{
	void *p = chaos_fails(__builtin_return_address(0)) ? NULL : __libc_realloc(old, size);

	chaos_live += p != NULL && old == NULL;
	return p;
}

void *
reallocarray(void *p, size_t n, size_t size)
{
	void *q = NULL;

	if ((size == 0 || n <= SIZE_MAX / size) && !chaos_fails(__builtin_return_address(0)))
		q = __libc_realloc(p, n * size);
	chaos_live += q != NULL && p == NULL;
	return q;
}

void
free(void *p)
{
	chaos_live -= p != NULL;
	__libc_free(p);
}

/* Whether allocations do come here. */
static bool
chaos_works(void)
{
	long before = chaos_live;
	void *volatile p = malloc(1);
	bool works = chaos_live != before;

	free(p);
	return works;
}
#endif

/*
 * Runs step with the first, second, third ... allocation failing, until it comes through untouched.  step
 * returns 0 when all went well, -1 when it met the failure as one.  Returns the number of runs, or 0 when a run
 * ended otherwise or lost memory.
 */
static inline long
chaos_run(int (*step)(void))
{
	long before;
	int rc;

	for (long n = 1;; n++) {
		before = chaos_live;
		chaos_countdown = n;
		rc = step();
		if ((rc != 0 && rc != -1) || chaos_live != before)
			return 0;
		if (chaos_countdown > 0) {
			chaos_countdown = 0;
			return rc == 0 ? n : 0;
		}
	}
}

/*
 * Asserts that step comes through, and then that it takes at least so many allocations and meets the failure of each
 * as one.  Ends the test as skipped where memory cannot be made to run out.
 */
static inline void
chaos_check(int (*step)(void), long least)
{
	assert_int_equal(step(), 0);
	if (!CHAOS)
		skip();
	assert_in_range(chaos_run(step), least, 10000);
}

#endif
