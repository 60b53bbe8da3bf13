/* Writes a timeline: batches of rows become text on many threads, and go out in order. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/pool.h"
#include "report/timeline_form.h"
#include "report/timeline_say.h"
#include "report/timeline_versions.h"

#define TAKE_ROWS   64           /* taken at once */
#define BATCH_ROWS  512          /* a batch is full with so many rows, */
#define BATCH_BYTES (128U << 10) /* or so many bytes */
#define AHEAD       4            /* batches under way for each thread: what a slow reader of the output can pile up */
#define SPARE_MAX   (1U << 20)   /* a larger text is not kept for the next batch */

struct worker {
	struct lf_buf batch;
	size_t rows;    /* to be shown */
	uint64_t first; /* number of the first, from 0 */
	struct lf_timeline_scratch scratch;
};

/* The text of a batch.  What stands before its first row depends on the batch before. */
struct product {
	struct product *next; /* idle */
	struct lf_buf text;
	int64_t first_day, last_day;
	bool empty;
	struct lf_versions lead, trail; /* with which it starts and ends: they may go on in its neighbours */
	size_t lead_end;                /* bytes of text that are of lead's rows */
	bool leads;                     /* all rows are lead's */
};

struct job {
	struct lf_timeline *t;
	const struct lf_timeline_form *form;
	const struct lf_write_opts *o;
	lf_write_fn *write;
	void *arg;
	uint64_t taken;
	int64_t day;
	bool any;       /* a row was delivered */
	struct lf_versions open; /* to which the last rows that were delivered belong */
	pthread_mutex_t lock;
	pthread_cond_t room;
	unsigned under_way, most;
	bool stopped;
	struct product *idle; /* their texts have grown already */
};

static int
put_bytes(struct job *j, const char *bytes, size_t len, struct lf_err *err)
{
	errno = 0;
	if (len == 0 || j->write(j->arg, bytes, len) == 0)
		return 0;
	if (errno == 0)
		errno = EIO;
	return lf_err_sys(err, "cannot write the timeline");
}

static int
put(struct job *j, const struct lf_buf *text, struct lf_err *err)
{
	return text->failed ? lf_err_nomem(err) : put_bytes(j, text->data, text->len, err);
}

/* Batches under way: no more than a few for each thread, or memory would grow with what waits to be written. */
static bool
enter(struct job *j)
{
	bool goes_on;

	pthread_mutex_lock(&j->lock);
	while (j->under_way >= j->most && !j->stopped)
		pthread_cond_wait(&j->room, &j->lock);
	goes_on = !j->stopped;
	j->under_way += goes_on;
	pthread_mutex_unlock(&j->lock);
	return goes_on;
}

static void
leave(struct job *j, bool stop)
{
	pthread_mutex_lock(&j->lock);
	j->under_way--;
	j->stopped |= stop;
	pthread_cond_broadcast(&j->room);
	pthread_mutex_unlock(&j->lock);
}

/* Fills a batch; *rows is how many it got. */
static int
fill(struct lf_timeline *t, struct lf_buf *batch, size_t *rows, struct lf_err *err)
{
	size_t n;

	*rows = 0;
	lf_buf_reset(batch);
	do {
		if (lf_timeline_take(t, TAKE_ROWS, batch, &n, err) != 0)
			return -1;
		*rows += n;
	} while (n > 0 && *rows < BATCH_ROWS && batch->len < BATCH_BYTES);
	return batch->failed ? lf_err_nomem(err) : 0;
}

/* How many of n rows are within the form's bound. */
static size_t
within(const struct job *j, size_t n)
{
	uint64_t left = j->form->max_rows <= j->taken ? 0 : j->form->max_rows - j->taken;

	return j->form->max_rows == 0 || n < left ? n : (size_t)left;
}

static int
take(void *arg, void *worker, struct lf_err *err)
{
	struct job *j = arg;
	struct worker *w = worker;
	size_t n;
	int rc;

	if (!enter(j))
		return 0;
	rc = fill(j->t, &w->batch, &n, err);
	if (rc != 0 || n == 0) {
		leave(j, true);
		return rc;
	}
	w->rows = within(j, n);
	w->first = j->taken;
	j->taken += n;
	return 1;
}

/* A run of versions is over: what it comes to, if it has more than one row. */
static void
end_versions(const struct job *j, struct lf_versions *v, struct lf_buf *out)
{
	out->failed |= v->first.failed;
	if (v->many)
		j->form->versions(j->t, j->o, lf_versions_id(v), v->differ, out);
	lf_versions_clear(v);
}

/* Before a row's text: puts it into the run that it continues, or ends that. */
static void
versions(const struct job *j, const struct lf_timeline_row *row, struct product *p)
{
	bool takes = j->form->versions != NULL && lf_versions_take(row);

	if (takes && lf_versions_add(p->leads ? &p->lead : &p->trail, row))
		return;
	if (p->leads)
		p->lead_end = p->text.len;
	else
		end_versions(j, &p->trail, &p->text);
	p->leads = false;
	if (takes)
		(void)lf_versions_add(&p->trail, row);
}

/* A row's text, and before it the heading of its day where the batch holds the day before. */
static void
row_text(const struct job *j, const struct lf_timeline_row *row, uint64_t number, struct product *p)
{
	int64_t day = lf_say_day(row->time);

	versions(j, row, p);
	if (j->form->block != NULL && number > 0 && number % LF_FORM_BLOCK == 0)
		lf_buf_puts(&p->text, j->form->block);
	if (p->empty)
		p->first_day = day;
	else if (day != p->last_day && j->form->day != NULL)
		j->form->day(j->t, j->o, row->time, &p->text);
	p->last_day = day;
	p->empty = false;
	j->form->row(j->t, j->o, row, &p->text);
}

/* An idle product, or a new one. */
static struct product *
borrow(struct job *j)
{
	struct product *p;

	pthread_mutex_lock(&j->lock);
	if ((p = j->idle) != NULL)
		j->idle = p->next;
	pthread_mutex_unlock(&j->lock);
	if (p == NULL && (p = calloc(1, sizeof(*p))) != NULL)
		lf_buf_init(&p->text);
	return p;
}

static void
spare_versions(struct lf_versions *v)
{
	lf_versions_clear(v);
	if (v->first.cap > SPARE_MAX)
		lf_versions_free(v);
}

static void
give_back(struct job *j, struct product *p)
{
	lf_buf_reset(&p->text);
	if (p->text.cap > SPARE_MAX)
		lf_buf_free(&p->text);
	spare_versions(&p->lead);
	spare_versions(&p->trail);
	p->lead_end = 0;
	pthread_mutex_lock(&j->lock);
	p->next = j->idle;
	j->idle = p;
	pthread_mutex_unlock(&j->lock);
}

static int
work(void *arg, void *worker, void **product, struct lf_err *err)
{
	struct job *j = arg;
	struct worker *w = worker;
	struct lf_timeline_row row;
	struct product *p = borrow(j);
	size_t at = 0;

	if (p == NULL) {
		leave(j, true);
		return lf_err_nomem(err);
	}
	p->empty = p->leads = true;
	for (size_t i = 0; i < w->rows && lf_timeline_expand(j->t, &w->batch, &at, &w->scratch, &row); i++)
		row_text(j, &row, w->first + i, p);
	p->text.failed |= w->scratch.text.failed;
	*product = p;
	return 0;
}

static void
drop(void *arg, void *product)
{
	give_back(arg, product);
}

/* The heading of the day with which a product starts, where the one before ended in another. */
static int
heading(struct job *j, const struct product *p, struct lf_err *err)
{
	struct lf_buf text;
	int rc = 0;

	if (j->form->day != NULL && (!j->any || p->first_day != j->day)) {
		lf_buf_init(&text);
		j->form->day(j->t, j->o, p->first_day == LF_TIME_NONE ? LF_TIME_NONE : p->first_day * 86400, &text);
		rc = put(j, &text, err);
		lf_buf_free(&text);
	}
	j->any = true;
	j->day = p->last_day;
	return rc;
}

/* The run of versions that stands open becomes another, and ends. */
static int
turn_versions(struct job *j, struct lf_versions *next, struct lf_err *err)
{
	struct lf_versions last = j->open;
	struct lf_buf text;
	int rc;

	lf_buf_init(&text);
	end_versions(j, &last, &text);
	j->open = *next;
	*next = last;
	rc = put(j, &text, err);
	lf_buf_free(&text);
	return rc;
}

/* The text of a product's rows, with what is to be said of runs of versions that reach over its ends. */
static int
body(struct job *j, struct product *p, struct lf_err *err)
{
	size_t lead = p->leads ? p->text.len : p->lead_end;
	int rc = lf_versions_join(&j->open, &p->lead) ? 0 : turn_versions(j, &p->lead, err);

	if (rc == 0)
		rc = heading(j, p, err);
	if (rc == 0)
		rc = put_bytes(j, p->text.data, lead, err);
	if (rc == 0 && !p->leads)
		rc = turn_versions(j, &p->trail, err);
	return rc != 0 ? rc : put_bytes(j, p->text.data + lead, p->text.len - lead, err);
}

static int
deliver(void *arg, void *product, struct lf_err *err)
{
	struct job *j = arg;
	struct product *p = product;
	int rc = p->text.failed || p->lead.first.failed || p->trail.first.failed ? lf_err_nomem(err)
	    : p->empty								 ? 0
	    : body(j, p, err);

	drop(j, p);
	leave(j, rc != 0);
	return rc;
}

static int
rows(struct job *j, struct lf_err *err)
{
	unsigned n = lf_timeline_jobs(j->t);
	struct worker *w = calloc(n, sizeof(*w));
	void **workers = calloc(n, sizeof(*workers));
	struct lf_versions none = {.any = false};
	int rc = -1;

	if (w == NULL || workers == NULL) {
		lf_err_nomem(err);
		goto out;
	}
	for (unsigned i = 0; i < n; i++)
		workers[i] = &w[i];
	j->most = n * AHEAD;
	rc = lf_pipeline_run(&(struct lf_pipeline){.jobs = n,
	    .workers = workers,
	    .take = take,
	    .work = work,
	    .deliver = deliver,
	    .drop = drop,
	    .arg = j}, err);
	if (rc == 0)
		rc = turn_versions(j, &none, err);
out:
	lf_versions_free(&none);
	lf_versions_free(&j->open);
	for (unsigned i = 0; w != NULL && i < n; i++) {
		lf_buf_free(&w[i].batch);
		lf_buf_free(&w[i].scratch.text);
	}
	free(workers);
	free(w);
	for (struct product *p; (p = j->idle) != NULL; free(p)) {
		j->idle = p->next;
		lf_buf_free(&p->text);
		lf_versions_free(&p->lead);
		lf_versions_free(&p->trail);
	}
	return rc;
}

/* Goes through all rows once and counts them. */
static int
count(struct lf_timeline *t, struct lf_timeline_stats *s, struct lf_err *err)
{
	struct worker w = {.rows = 0};
	struct lf_timeline_row row;
	int rc = lf_timeline_rewind(t, err);

	while (rc == 0) {
		size_t at = 0;

		rc = fill(t, &w.batch, &w.rows, err);
		if (w.rows == 0)
			break;
		while (rc == 0 && lf_timeline_expand(t, &w.batch, &at, &w.scratch, &row))
			rc = lf_timeline_stats_add(s, &row, err);
		if (rc == 0 && w.scratch.text.failed)
			rc = lf_err_nomem(err);
	}
	if (rc == 0)
		rc = lf_timeline_stats_finish(s, err);
	lf_buf_free(&w.batch);
	lf_buf_free(&w.scratch.text);
	return rc;
}

/* In the order of enum lf_timeline_format. */
static const struct lf_timeline_form *
form_of(enum lf_timeline_format f)
{
	static const struct lf_timeline_form *const forms[] = {&lf_timeline_text, &lf_timeline_csv, &lf_timeline_jsonl,
	    &lf_timeline_timesketch, &lf_timeline_records, &lf_timeline_html};

	return forms[f];
}

int
lf_timeline_write(struct lf_timeline *t, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err)
{
	struct job j = {.t = t, .form = form_of(lf_timeline_format(t)), .o = o, .write = write, .arg = arg,
	    .lock = PTHREAD_MUTEX_INITIALIZER, .room = PTHREAD_COND_INITIALIZER};
	struct lf_timeline_stats *stats = NULL;
	struct lf_buf text;
	int rc = -1;

	lf_buf_init(&text);
	if (j.form->stats && (lf_timeline_stats_new(&stats, err) != 0 || count(t, stats, err) != 0))
		goto out;
	if (lf_timeline_rewind(t, err) != 0)
		goto out;
	if (j.form->head != NULL)
		j.form->head(t, o, stats, &text);
	if (put(&j, &text, err) != 0 || rows(&j, err) != 0)
		goto out;
	lf_buf_reset(&text);
	if (j.form->tail != NULL)
		j.form->tail(t, o, stats, lf_timeline_summary(t), &text);
	rc = put(&j, &text, err);
out:
	pthread_cond_destroy(&j.room);
	pthread_mutex_destroy(&j.lock);
	lf_buf_free(&text);
	lf_timeline_stats_free(stats);
	return rc;
}
