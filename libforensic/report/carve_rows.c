#include "report/carve_rows.h"

#include <string.h>

struct reading {
	int (*take)(void *arg, const struct lf_carve_row *row, struct lf_err *err);
	void *arg;
	uint64_t line;
};

static const char *
text(const json_t *doc, const char *name)
{
	const char *s = lf_json_string(doc, name);

	return s == NULL ? "" : s;
}

static uint64_t
number(const json_t *doc, const char *name)
{
	json_int_t n = json_integer_value(json_object_get(doc, name));

	return n < 0 ? 0 : (uint64_t)n;
}

/* The place of a word among n names; n when it is none. */
static size_t
place_of(const char *word, const char *(*name)(size_t), size_t n)
{
	size_t i = 0;

	while (i < n && strcmp(name(i), word) != 0)
		i++;
	return i;
}

static const char *
state_name(size_t i)
{
	return lf_carve_state_name((enum lf_carve_state)i);
}

static const char *
kind_name(size_t i)
{
	return lf_carve_kind_name((enum lf_carve_kind)i);
}

static void
read_runs(const json_t *doc, struct lf_carve_row *row)
{
	const json_t *runs = json_object_get(doc, "runs");

	for (size_t i = 0; i < json_array_size(runs) && i < 2; i++) {
		const json_t *run = json_array_get(runs, i);
		uint64_t from = number(run, "offset");

		row->runs[row->n_runs++] = (struct lf_area){from, from + number(run, "length")};
	}
}

/* False for what is no row. */
static bool
read_row(json_t *doc, struct lf_carve_row *row)
{
	size_t state = place_of(text(doc, "state"), state_name, LF_CARVE_STATES);
	size_t kind = place_of(text(doc, "kind"), kind_name, LF_CARVE_KINDS);

	*row = (struct lf_carve_row){.doc = doc, .path = text(doc, "path"), .image = text(doc, "image"),
	    .state = (enum lf_carve_state)state, .kind = (enum lf_carve_kind)kind, .method = text(doc, "method"),
	    .problem = text(doc, "problem"), .file = text(doc, "file"), .digest = text(doc, "digest"),
	    .first = text(doc, "first"), .last = text(doc, "last"), .stored_sha256 = text(doc, "stored_sha256"),
	    .inflated_sha256 = text(doc, "inflated_sha256"), .records = number(doc, "records"),
	    .stored = number(doc, "stored"), .inflated = number(doc, "inflated"), .unknown = number(doc, "unknown")};
	read_runs(doc, row);
	return state < LF_CARVE_STATES && kind < LF_CARVE_KINDS;
}

static int
take_line(void *to, const char *line, size_t len, struct lf_err *err)
{
	struct reading *r = to;
	struct lf_carve_row row;
	json_t *doc = lf_json_read(line, len, NULL, err);
	int rc;

	r->line++;
	if (doc == NULL)
		return -1;
	rc = read_row(doc, &row) ? r->take(r->arg, &row, err) :
	    lf_err_set(err, "carve.jsonl, line %llu: no row of trail-carve", (unsigned long long)r->line);
	json_decref(doc);
	return rc;
}

int
lf_carve_rows_each(const struct lf_carve_rows *rows,
    int (*take)(void *arg, const struct lf_carve_row *row, struct lf_err *err), void *arg, struct lf_err *err)
{
	struct reading r = {.take = take, .arg = arg};

	return rows->each(rows->arg, take_line, &r, err);
}
