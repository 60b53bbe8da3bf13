#include "base/pool.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- Threads: the caller is one of them, the others take no signals. ---- */

struct team;
struct member {
	struct team *team;
	unsigned i;
	pthread_t thread;
};

struct team {
	void (*body)(void *arg, unsigned i);
	void *arg;
	pthread_mutex_t gate; /* held until all have started */
	bool called_off;
};

static void *
member_main(void *arg)
{
	struct member *m = arg;
	bool called_off;

	pthread_mutex_lock(&m->team->gate);
	called_off = m->team->called_off;
	pthread_mutex_unlock(&m->team->gate);
	if (!called_off)
		m->team->body(m->team->arg, m->i);
	return NULL;
}

/* Starts up to n threads; returns how many did.  Faults of their own still reach their handlers. */
static unsigned
start(struct team *t, struct member *members, unsigned n)
{
	static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP};
	sigset_t all, before;
	unsigned i;

	sigfillset(&all);
	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		sigdelset(&all, faults[i]);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	for (i = 0; i < n; i++) {
		members[i].team = t;
		members[i].i = i + 1;
		if (pthread_create(&members[i].thread, NULL, member_main, &members[i]) != 0)
			break;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return i;
}

/* Runs body(arg, i) for each i below n at once, 0 in the calling thread.  All of them or none. */
static int
run_team(unsigned n, void (*body)(void *arg, unsigned i), void *arg, struct lf_err *err)
{
	struct team t = {.body = body, .arg = arg, .gate = PTHREAD_MUTEX_INITIALIZER};
	struct member *members;
	unsigned started;

	if (n <= 1) {
		body(arg, 0);
		return 0;
	}
	members = calloc(n - 1, sizeof(*members));
	if (members == NULL)
		return lf_err_nomem(err);
	pthread_mutex_lock(&t.gate);
	started = start(&t, members, n - 1);
	t.called_off = started < n - 1;
	pthread_mutex_unlock(&t.gate);
	if (!t.called_off)
		body(arg, 0);
	for (unsigned i = 0; i < started; i++)
		pthread_join(members[i].thread, NULL);
	pthread_mutex_destroy(&t.gate);
	free(members);
	if (t.called_off)
		return lf_err_set(err, "cannot start %u threads: only %u", n, started + 1);
	return 0;
}

/* ---- The pipeline ---- */

struct slot {
	bool ready;
	void *product;
	uint64_t weight;
};

/*
 * Items are numbered as they are taken.  All before item "end" go to deliver(), in order.  The end
 * is where take() had no more, or the item that failed; an earlier one that fails takes its place.
 */
struct line {
	const struct lf_pipeline *p;
	pthread_mutex_t taking; /* held over take() */
	pthread_mutex_t lock;   /* of all that follows */
	pthread_cond_t room;    /* the window moved on, or an end is known */
	uint64_t taken, delivered, end;
	bool failed;       /* at the end */
	struct lf_err err; /* why */
	uint64_t weight;    /* of products that wait */
	struct slot *slots; /* item i stands in slot i % LF_PIPELINE_WINDOW */
};

#define NO_END UINT64_MAX

/* err is NULL where the items just end. */
static void
end_at(struct line *l, uint64_t item, const struct lf_err *err)
{
	if (item >= l->end)
		return;
	l->end = item;
	l->failed = err != NULL;
	if (err != NULL)
		l->err = *err;
	pthread_cond_signal(&l->room);
}

/*
 * Whether one more item may be taken.  Where that is not so, an earlier item is being worked on or delivered by a
 * thread that waits for nothing.
 */
static bool
has_room(const struct line *l)
{
	return l->taken - l->delivered < LF_PIPELINE_WINDOW && (l->weight == 0 || l->weight <= l->p->bound);
}

/* Waits until the next item has a slot; false when no item is wanted any more. */
static bool
await_room(struct line *l)
{
	bool wanted;

	pthread_mutex_lock(&l->lock);
	while (l->end == NO_END && !has_room(l))
		pthread_cond_wait(&l->room, &l->lock);
	wanted = l->end == NO_END;
	pthread_mutex_unlock(&l->lock);
	return wanted;
}

/* Takes one item into a worker.  Returns whether it did; *room, whether another one would have a slot. */
static bool
take_one(struct line *l, void *worker, bool *room)
{
	struct lf_err err = {""};
	int got = l->p->take(l->p->arg, worker, &err);

	pthread_mutex_lock(&l->lock);
	if (got > 0)
		l->taken++;
	else
		end_at(l, l->taken, got < 0 ? &err : NULL);
	*room = l->end == NO_END && has_room(l);
	pthread_mutex_unlock(&l->lock);
	return got > 0;
}

/* Takes items into a worker, the first of them *item.  Returns how many; 0 when there are no more. */
static unsigned
take(struct line *l, void *worker, uint64_t *item)
{
	unsigned n = 0;
	bool room;

	pthread_mutex_lock(&l->taking);
	room = await_room(l);
	*item = l->taken; /* changes under "taking" only */
	while (room && take_one(l, worker, &room)) {
		n++;
		room = room && l->p->more != NULL && l->p->more(l->p->arg, worker);
	}
	pthread_mutex_unlock(&l->taking);
	return n;
}

/*
 * Delivers whatever is next and ready.  While a product is being delivered its slot is not ready and yet
 * next: so no other thread gets past it, and what becomes ready meanwhile is left to this one.
 */
static void
deliver_ready(struct line *l)
{
	struct lf_err err = {""};
	struct slot *s = &l->slots[l->delivered % LF_PIPELINE_WINDOW];

	while (s->ready && l->delivered < l->end) {
		s->ready = false;
		l->weight -= s->weight;
		pthread_mutex_unlock(&l->lock);
		if (l->p->deliver(l->p->arg, s->product, &err) != 0) {
			pthread_mutex_lock(&l->lock);
			end_at(l, l->delivered, &err);
			break;
		}
		pthread_mutex_lock(&l->lock);
		s = &l->slots[++l->delivered % LF_PIPELINE_WINDOW];
		pthread_cond_signal(&l->room);
	}
}

/* Works on the first item that a worker holds, and delivers.  Returns whether the one behind it is wanted. */
static bool
work_one(struct line *l, void *worker, uint64_t item)
{
	struct slot *s = &l->slots[item % LF_PIPELINE_WINDOW];
	struct lf_err err = {""};
	void *product = NULL;
	bool wanted;
	int rc = l->p->work(l->p->arg, worker, &product, &err);
	uint64_t weight = product == NULL || l->p->weight == NULL ? 0 : l->p->weight(l->p->arg, product);

	pthread_mutex_lock(&l->lock);
	s->product = product;
	s->weight = weight;
	l->weight += weight;
	s->ready = rc == 0 || product != NULL;
	if (rc != 0)
		end_at(l, item, &err);
	deliver_ready(l);
	wanted = item + 1 < l->end;
	pthread_mutex_unlock(&l->lock);
	return wanted;
}

static void
line_body(void *arg, unsigned i)
{
	struct line *l = arg;
	uint64_t item;
	unsigned n;

	while ((n = take(l, l->p->workers[i], &item)) > 0)
		while (n > 0 && work_one(l, l->p->workers[i], item++))
			n--;
}

int
lf_pipeline_run(const struct lf_pipeline *p, struct lf_err *err)
{
	struct line l = {.p = p,
	    .taking = PTHREAD_MUTEX_INITIALIZER,
	    .lock = PTHREAD_MUTEX_INITIALIZER,
	    .room = PTHREAD_COND_INITIALIZER,
	    .end = NO_END};
	int rc;

	l.slots = calloc(LF_PIPELINE_WINDOW, sizeof(*l.slots));
	if (l.slots == NULL)
		return lf_err_nomem(err);
	rc = run_team(p->jobs, line_body, &l, err);
	for (size_t i = 0; i < LF_PIPELINE_WINDOW; i++)
		if (l.slots[i].ready && l.slots[i].product != NULL && p->drop != NULL)
			p->drop(p->arg, l.slots[i].product);
	if (rc == 0 && l.failed) {
		*err = l.err;
		rc = -1;
	}
	free(l.slots);
	pthread_cond_destroy(&l.room);
	pthread_mutex_destroy(&l.lock);
	pthread_mutex_destroy(&l.taking);
	return rc;
}

/* ---- The loop ---- */

struct loop {
	int (*work)(void *arg, unsigned thread, size_t i);
	void *arg;
	size_t n;
	atomic_size_t next;
	atomic_bool failed;
};

static void
loop_body(void *arg, unsigned thread)
{
	struct loop *l = arg;
	size_t i;

	while (!atomic_load(&l->failed) && (i = atomic_fetch_add(&l->next, 1)) < l->n)
		if (l->work(l->arg, thread, i) != 0)
			atomic_store(&l->failed, true);
}

/* A call that fails may fill err by way of its arg; for those that do not, memory is out. */
int
lf_parallel(unsigned jobs, size_t n, int (*work)(void *arg, unsigned thread, size_t i), void *arg,
    struct lf_err *err)
{
	struct loop l = {.work = work, .arg = arg, .n = n};

	err->msg[0] = '\0';
	if (run_team(n < jobs ? (unsigned)n : jobs, loop_body, &l, err) != 0)
		return -1;
	if (!atomic_load(&l.failed))
		return 0;
	return err->msg[0] != '\0' ? -1 : lf_err_nomem(err);
}

unsigned
lf_cpus(void)
{
	cpu_set_t set;
	long n;

	if (sched_getaffinity(0, sizeof(set), &set) == 0)
		n = CPU_COUNT(&set);
	else
		n = sysconf(_SC_NPROCESSORS_ONLN);
	return n < 1 ? 1 : (unsigned)n;
}
