/* Earlier runs of a timeline, joined: their jsonl lines become rows again. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "timeline/run_line.h"
#include "timeline/state.h"

/* The columns without which a line has no place in a timeline: those of the default. */
#define NEEDED ((1U << LF_COL_DEFAULT) - 1)

#define FLAG_INTEGRITY(i) ((uint32_t)(i) << 8)

/* One file that is being read. */
struct run {
	struct lf_timeline *t;
	const char *name;
	uint32_t number;
	uint64_t line;
	struct lf_buf scratch, rows;
};

unsigned
lf_run_integrity(const struct lf_row *r)
{
	return r->flags >> 8 & 7;
}

/* The integrity that a line states. */
static enum lf_integrity
integrity_of(struct lf_slice text)
{
	unsigned i = 0;

	while (i < LF_INTEGRITY_UNKNOWN && !lf_slice_is(text, lf_integrity_names[i]))
		i++;
	return (enum lf_integrity)i;
}

/* Equal for rows of equal columns; one that is in conflict already is like no other. */
static uint64_t
content_of(const struct lf_seed *seed, const struct lf_run_line *l)
{
	unsigned end = l->conflict ? LF_COLUMNS : LF_COL_OF_EVENT;
	uint64_t h = 0;

	for (unsigned c = 0; c < end; c++)
		h = lf_seed_mix(seed, h, lf_seed_hash(seed, l->v[c].s, l->v[c].len));
	return h;
}

static int
take_line(struct run *r, struct lf_slice line, struct lf_err *err)
{
	struct lf_timeline *t = r->t;
	struct lf_run_line l;
	struct lf_values v = {.nanos = 0};
	const char *problem;
	struct lf_row *row;

	if (!lf_run_line_read(line, &r->scratch, &l, &problem))
		return r->scratch.failed ? lf_err_nomem(err) :
		    lf_err_set(err, "%s, line %llu: %s", r->name, (unsigned long long)r->line, problem);
	if ((l.present & NEEDED) != NEEDED)
		return lf_err_set(err, "%s, line %llu: not the jsonl of trail-timeline with its default columns", r->name,
		    (unsigned long long)r->line);
	memcpy(v.v, l.v, sizeof(v.v));
	if (!lf_utc_read_rfc3339(l.v[LF_COL_EVENT_TIME].s, l.v[LF_COL_EVENT_TIME].len, &v.time, &v.nanos))
		v.time = LF_TIME_NONE;
	lf_buf_reset(&r->rows);
	lf_row_pack(&r->rows, &v, (uint32_t)(r->line - 1), content_of(&t->collect.seed, &l),
	    (l.mark ? LF_ROW_MARK : 0) | LF_ROW_TEXTUAL | FLAG_INTEGRITY(integrity_of(l.v[LF_COL_INTEGRITY])), line);
	if (r->rows.failed)
		return lf_err_nomem(err);
	row = (struct lf_row *)(void *)r->rows.data;
	row->object = r->number;
	row->flags |= l.partial ? LF_ROW_PARTIAL : 0;
	t->partial |= l.partial;
	t->integrity |= l.v[LF_COL_INTEGRITY].len > 0;
	if (lf_sorter_add(t->rows, r->rows.data, r->rows.len, err) != 0)
		return -1;
	return l.mark ? 0 : lf_twins_add(&t->twins, r->rows.data, r->rows.len, err);
}

static int
read_run(struct run *r, FILE *f, struct lf_err *err)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	int rc = 0;

	errno = 0;
	while (rc == 0 && (n = getline(&line, &cap, f)) >= 0) {
		r->line++;
		while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
			n--;
		if (n > 0)
			rc = take_line(r, (struct lf_slice){line, (size_t)n}, err);
	}
	if (rc == 0 && (ferror(f) || !feof(f)))
		rc = errno == ENOMEM ? lf_err_nomem(err) : lf_err_sys(err, "cannot read %s", r->name);
	free(line);
	return rc;
}

static int
name_cmp(const void *x, const void *y)
{
	return strcmp(((const struct lf_timeline_run *)x)->name, ((const struct lf_timeline_run *)y)->name);
}

int
lf_timeline_open_files(struct lf_timeline *t, const char *const *names, size_t n, struct lf_err *err)
{
	t->runs = calloc(n + 1, sizeof(*t->runs));
	if (t->runs == NULL)
		return lf_err_nomem(err);
	for (t->n_runs = 0; t->n_runs < n; t->n_runs++) {
		struct lf_timeline_run *r = &t->runs[t->n_runs];

		if ((r->name = lf_arena_strdup(&t->arena, names[t->n_runs])) == NULL)
			return lf_err_nomem(err);
		r->f = strcmp(r->name, "-") == 0 ? stdin : fopen(r->name, "re");
		if (r->f == NULL)
			return errno == ENOMEM ? lf_err_nomem(err) : lf_err_sys(err, "cannot open %s", r->name);
	}
	qsort(t->runs, n, sizeof(*t->runs), name_cmp);
	return 0;
}

void
lf_timeline_close_files(struct lf_timeline *t)
{
	for (size_t i = 0; i < t->n_runs; i++)
		if (t->runs[i].f != NULL && t->runs[i].f != stdin)
			fclose(t->runs[i].f);
	free(t->runs);
	t->runs = NULL;
	t->n_runs = 0;
}

int
lf_timeline_read_runs(struct lf_timeline *t, struct lf_err *err)
{
	struct run r = {.t = t};
	int rc = 0;

	lf_buf_init(&r.scratch);
	lf_buf_init(&r.rows);
	for (size_t i = 0; i < t->n_runs && rc == 0; i++) {
		r.name = t->runs[i].name;
		r.number = (uint32_t)i;
		r.line = 0;
		rc = read_run(&r, t->runs[i].f, err);
	}
	lf_buf_free(&r.scratch);
	lf_buf_free(&r.rows);
	return rc;
}

/* ---- Showing ---- */

void
lf_run_where(const struct lf_row *r, struct lf_buf *out)
{
	struct lf_run_line l;
	struct lf_buf scratch;
	const char *problem;

	lf_buf_init(&scratch);
	if (lf_run_line_read(lf_row_raw(r), &scratch, &l, &problem)) {
		lf_buf_add(out, l.v[LF_COL_LOCATOR].s, l.v[LF_COL_LOCATOR].len);
		lf_buf_putc(out, '#');
		lf_buf_add(out, l.v[LF_COL_RECORD_INDEX].s, l.v[LF_COL_RECORD_INDEX].len);
		if (l.v[LF_COL_ALSO_IN].len > 0) {
			lf_buf_putc(out, '\0');
			lf_buf_add(out, l.v[LF_COL_ALSO_IN].s, l.v[LF_COL_ALSO_IN].len);
		}
	}
	out->failed |= scratch.failed;
	lf_buf_free(&scratch);
}

/* A copy's places as text: its length, the text, and zeros up to the next 8 bytes. */
void
lf_run_place(const struct lf_row *row, struct lf_buf *out)
{
	uint64_t len = 0;
	size_t at = out->len;

	lf_buf_add(out, &len, sizeof(len));
	lf_run_where(row, out);
	if (out->failed)
		return;
	len = out->len - at - sizeof(len);
	memcpy(out->data + at, &len, sizeof(len));
	while (out->len % 8 != 0)
		lf_buf_putc(out, '\0');
}

void
lf_run_expand(const struct lf_shown *s, const struct lf_row *r, struct lf_buf *scratch, struct lf_timeline_row *out)
{
	const char *places = (const char *)(s + 1);
	struct lf_run_line l;
	const char *problem;
	uint64_t len;
	size_t from;

	if (!lf_run_line_read(lf_row_raw(r), scratch, &l, &problem))
		return;
	/* Making room first: nothing may move once slices are taken. */
	if (lf_buf_reserve(scratch, l.v[LF_COL_ALSO_IN].len + s->places + 1) == NULL ||
	    !lf_run_line_read(lf_row_raw(r), scratch, &l, &problem))
		return;
	memcpy(out->v + LF_COL_OF_EVENT, l.v + LF_COL_OF_EVENT, (LF_COLUMNS - LF_COL_OF_EVENT) * sizeof(out->v[0]));
	out->integrity = (enum lf_integrity)lf_run_integrity(r);
	from = scratch->len;
	lf_buf_add(scratch, l.v[LF_COL_ALSO_IN].s, l.v[LF_COL_ALSO_IN].len);
	for (uint32_t at = 0; at + sizeof(len) <= s->places; at += (uint32_t)((sizeof(len) + len + 7) & ~(uint64_t)7)) {
		memcpy(&len, places + at, sizeof(len));
		if (scratch->len > from)
			lf_buf_putc(scratch, '\0');
		lf_buf_add(scratch, places + at + sizeof(len), (size_t)len);
	}
	if (scratch->len > from)
		out->v[LF_COL_ALSO_IN] = (struct lf_slice){scratch->data + from, scratch->len - from};
}
