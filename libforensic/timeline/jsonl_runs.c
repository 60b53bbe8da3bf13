/* Earlier runs of a timeline, joined: their jsonl lines become rows again. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "timeline/places.h"
#include "timeline/run_line.h"
#include "timeline/run_row.h"
#include "timeline/state.h"

/* The columns without which a line has no place in a timeline: those of the default. */
#define NEEDED ((1U << LF_COL_DEFAULT) - 1)

#define CHUNK ((size_t)256 << 10) /* bytes read at once */

#define FLAG_INTEGRITY(i) ((uint32_t)(i) << 8)

/* One file that is being read. */
struct run {
	struct lf_timeline *t;
	const char *name;
	uint32_t number;
	uint64_t line;
	struct lf_buf scratch, own, raw, rows;
};

/* The integrity that a line states. */
static enum lf_integrity
integrity_of(struct lf_slice text)
{
	unsigned i = 0;

	while (i < LF_INTEGRITY_UNKNOWN && !lf_slice_is(text, lf_integrity_names[i]))
		i++;
	return (enum lf_integrity)i;
}

/*
 * Equal for equal records.  Lines of a CSV, which are no records, are compared by timeline/partial, and what has no eventID with nothing.
 */
static uint64_t
content_of(const struct lf_seed *seed, const struct lf_run_line *l)
{
	return lf_seed_hash(seed, l->digest.s, l->digest.len);
}

/* What a line lacks without which it has no place in a timeline, or NULL. */
static const char *
lack_of(const struct lf_run_line *l)
{
	if ((l->present & NEEDED) != NEEDED)
		return "not the jsonl of trail-timeline with its default columns";
	if (l->digest.len == 0 && l->v[LF_COL_ID].len > 0 && !l->partial && !l->mark)
		return "no record_sha256, so that conflicts could not be told from duplicates: not the jsonl of this trail-timeline";
	return NULL;
}

/* The least of the places that a line names; own is its own. */
static struct lf_slice
least_place(const struct lf_run_line *l, struct lf_slice own)
{
	struct lf_slice rest = l->v[LF_COL_ALSO_IN], place, least = own;

	while (lf_place_next(&rest, &place))
		if (lf_place_cmp(place, least) < 0)
			least = place;
	return least;
}

static uint32_t
flags_of(const struct lf_run_line *l)
{
	return (l->mark ? LF_ROW_MARK : 0) | (l->partial ? LF_ROW_PARTIAL : 0) | (l->conflict ? LF_ROW_CONFLICT : 0) |
	    (l->v[LF_COL_ALSO_IN].len > 0 ? LF_ROW_LISTS : 0) | FLAG_INTEGRITY(integrity_of(l->v[LF_COL_INTEGRITY]));
}

/* Makes a line a row, the only one in r->rows. */
static int
pack_line(struct run *r, const struct lf_run_line *l, struct lf_err *err)
{
	struct lf_values v = {.nanos = 0};

	memcpy(v.v, l->v, sizeof(v.v));
	if (!lf_utc_read_rfc3339(l->v[LF_COL_EVENT_TIME].s, l->v[LF_COL_EVENT_TIME].len, &v.time, &v.nanos))
		v.time = LF_TIME_NONE;
	lf_buf_reset(&r->own);
	lf_buf_reset(&r->rows);
	lf_place_put(l->v[LF_COL_LOCATOR], l->v[LF_COL_RECORD_INDEX], &r->own);
	lf_run_row_pack(&r->rows, &v, (uint32_t)(r->line - 1), content_of(&r->t->collect.seed, l), flags_of(l), l,
	    least_place(l, (struct lf_slice){lf_buf_str(&r->own), r->own.len}), &r->raw);
	if (r->rows.failed || r->own.failed)
		return lf_err_nomem(err);
	((struct lf_row *)(void *)r->rows.data)->object = r->number;
	return 0;
}

static int
take_line(struct run *r, struct lf_slice line, struct lf_err *err)
{
	struct lf_timeline *t = r->t;
	struct lf_run_line l;
	const char *problem;

	if (!lf_run_line_read(line, &r->scratch, &l, &problem))
		return r->scratch.failed ? lf_err_nomem(err) :
		    lf_err_set(err, "%s, line %llu: %s", r->name, (unsigned long long)r->line, problem);
	if ((problem = lack_of(&l)) != NULL)
		return lf_err_set(err, "%s, line %llu: %s", r->name, (unsigned long long)r->line, problem);
	if (pack_line(r, &l, err) != 0)
		return -1;
	t->partial |= l.partial;
	t->integrity |= l.v[LF_COL_INTEGRITY].len > 0;
	if (lf_sorter_add(t->rows, r->rows.data, r->rows.len, err) != 0)
		return -1;
	return l.mark ? 0 : lf_twins_add(&t->twins, r->rows.data, r->rows.len, err);
}

/* Takes the whole lines at the start of text; *used is how many bytes that were.  last: what is left is a line, too. */
static int
take_lines(struct run *r, const char *text, size_t len, bool last, size_t *used, struct lf_err *err)
{
	int rc = 0;

	for (*used = 0; *used < len && rc == 0;) {
		const char *line = text + *used, *end = memchr(line, '\n', len - *used);
		size_t n = end == NULL ? len - *used : (size_t)(end - line);

		if (end == NULL && !last)
			break;
		*used += n + (end != NULL);
		r->line++;
		while (n > 0 && line[n - 1] == '\r')
			n--;
		if (n > 0)
			rc = take_line(r, (struct lf_slice){line, n}, err);
	}
	return rc;
}

static int
read_run(struct run *r, FILE *f, struct lf_err *err)
{
	struct lf_buf b;
	size_t n = 1, used;
	char *more;
	int rc = 0;

	lf_buf_init(&b);
	while (rc == 0 && n > 0) {
		if ((more = lf_buf_reserve(&b, CHUNK)) == NULL) {
			rc = lf_err_nomem(err);
			break;
		}
		errno = 0;
		n = fread(more, 1, CHUNK, f);
		if (n == 0 && ferror(f)) {
			rc = lf_err_sys(err, "cannot read %s", r->name);
			break;
		}
		b.len += n;
		rc = take_lines(r, b.data, b.len, n == 0, &used, err);
		memmove(b.data, b.data + used, b.len - used);
		b.len -= used;
		if (rc == 0 && b.len > LF_MAX_LINE)
			rc = lf_err_set(err, "%s, line %llu: longer than the cap of %u bytes on a line", r->name,
			    (unsigned long long)r->line + 1, LF_MAX_LINE);
	}
	lf_buf_free(&b);
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
	lf_buf_init(&r.own);
	lf_buf_init(&r.raw);
	lf_buf_init(&r.rows);
	for (size_t i = 0; i < t->n_runs && rc == 0; i++) {
		r.name = t->runs[i].name;
		r.number = (uint32_t)i;
		r.line = 0;
		rc = read_run(&r, t->runs[i].f, err);
	}
	lf_buf_free(&r.scratch);
	lf_buf_free(&r.own);
	lf_buf_free(&r.raw);
	lf_buf_free(&r.rows);
	return rc;
}

