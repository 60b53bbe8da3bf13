/* Loops over several threads. */
#include <err.h>
#include <pthread.h>
#include <stdatomic.h>

#include "gen.h"

struct par {
	atomic_size_t next;
	size_t n;
	void (*fn)(size_t, void *);
	void *arg;
};

/* Take indexes until none is left. */
static void *
par_worker(void *arg)
{
	struct par *p = arg;
	size_t i;

	while ((i = atomic_fetch_add(&p->next, 1)) < p->n)
		p->fn(i, p->arg);
	gz_done();
	return NULL;
}

/* Call fn(i, arg) for each i below n, in any order, on up to `threads` threads. */
void
par_for(size_t n, unsigned threads, void (*fn)(size_t, void *), void *arg)
{
	struct par p = {.n = n, .fn = fn, .arg = arg};
	pthread_t t[256];
	unsigned i, made = 0;

	if (threads > 256)
		threads = 256;
	if (threads > n)
		threads = (unsigned)n;
	for (i = 1; i < threads; i++)
		if (pthread_create(&t[made], NULL, par_worker, &p) == 0)
			made++;
	par_worker(&p);
	for (i = 0; i < made; i++)
		if (pthread_join(t[i], NULL) != 0)
			errx(2, "pthread_join");
}
