#include "timeline/run_line.h"

#include <string.h>

#include "record/scan.h"

/* A line on its way. */
struct reading {
	struct lf_scan scan;
	struct lf_buf *scratch;
	size_t from[LF_COLUMNS], len[LF_COLUMNS]; /* of each column's text in scratch */
	struct lf_run_line *out;
};

/* Appends the text of the scalar that was just read. */
static void
put_scalar(struct reading *r, enum lf_token token)
{
	if (token == LF_TOKEN_STRING)
		lf_scan_unescape(r->scan.s, r->scan.len, r->scratch);
	else if (token == LF_TOKEN_NUMBER)
		lf_buf_add(r->scratch, r->scan.s, r->scan.len);
	else if (token == LF_TOKEN_TRUE)
		lf_buf_puts(r->scratch, "true");
	else if (token == LF_TOKEN_FALSE)
		lf_buf_puts(r->scratch, "false");
}

/* One {"locator":..., "record_index":...} of also_in, whose { was read: "LOCATOR#INDEX". */
static bool
read_place(struct reading *r)
{
	enum lf_token token;
	bool index;

	while ((token = lf_scan_next(&r->scan)) == LF_TOKEN_KEY) {
		index = lf_scan_is(&r->scan, "record_index");
		token = lf_scan_next(&r->scan);
		if (index)
			lf_buf_putc(r->scratch, '#');
		put_scalar(r, token);
		if (!lf_scan_skip(&r->scan, token))
			return false;
	}
	return token == LF_TOKEN_OBJECT_END;
}

static bool
read_places(struct reading *r)
{
	enum lf_token token;
	bool first = true;

	while ((token = lf_scan_next(&r->scan)) == LF_TOKEN_OBJECT) {
		if (!first)
			lf_buf_putc(r->scratch, '\0');
		first = false;
		if (!read_place(r))
			return false;
	}
	return token == LF_TOKEN_ARRAY_END;
}

/* The value of a member whose name was just read; false when the JSON is broken. */
static bool
read_member(struct reading *r)
{
	bool conflict = lf_scan_is(&r->scan, "conflict"), partial = lf_scan_is(&r->scan, "partial");
	bool mark = lf_scan_is(&r->scan, "mark");
	unsigned c = 0;
	enum lf_token token;

	while (c < LF_COLUMNS && !lf_scan_is(&r->scan, lf_column_names[c]))
		c++;
	token = lf_scan_next(&r->scan);
	if (conflict)
		r->out->conflict = token == LF_TOKEN_TRUE;
	if (partial)
		r->out->partial = token == LF_TOKEN_TRUE;
	if (mark)
		r->out->mark = token == LF_TOKEN_TRUE;
	if (c == LF_COLUMNS)
		return lf_scan_skip(&r->scan, token);
	r->out->present |= 1U << c;
	r->from[c] = r->scratch->len;
	if (c == LF_COL_ALSO_IN && token == LF_TOKEN_ARRAY) {
		if (!read_places(r))
			return false;
	} else {
		put_scalar(r, token);
		if (!lf_scan_skip(&r->scan, token))
			return false;
	}
	r->len[c] = r->scratch->len - r->from[c];
	return true;
}

bool
lf_run_line_read(struct lf_slice line, struct lf_buf *scratch, struct lf_run_line *out, const char **problem)
{
	struct reading r = {.scratch = scratch, .out = out};
	enum lf_token token;

	memset(out, 0, sizeof(*out));
	lf_buf_reset(scratch);
	lf_scan_init(&r.scan, line.s, line.len);
	if (lf_scan_next(&r.scan) != LF_TOKEN_OBJECT) {
		*problem = "no JSON object";
		return false;
	}
	while ((token = lf_scan_next(&r.scan)) == LF_TOKEN_KEY)
		if (!read_member(&r)) {
			token = LF_TOKEN_ERROR;
			break;
		}
	*problem = r.scan.problem != NULL ? r.scan.problem : "bytes behind the JSON object";
	if (token != LF_TOKEN_OBJECT_END || !lf_scan_at_end(&r.scan) || scratch->failed)
		return false;
	for (unsigned c = 0; c < LF_COLUMNS; c++)
		out->v[c] = (struct lf_slice){r.len[c] == 0 ? "" : scratch->data + r.from[c], r.len[c]};
	return true;
}
