#include "timeline/run_line.h"

#include <string.h>

#include "record/scan.h"

/* A line on its way. */
struct reading {
	struct lf_scan scan;
	struct lf_buf *scratch;
	size_t from[LF_COLUMNS], len[LF_COLUMNS]; /* of each column's text in scratch */
	unsigned next;                           /* the column that comes next when they come in their order */
	struct lf_run_line *out;
};

/* A scalar as it stands in the line. */
struct scalar {
	enum lf_token token;
	struct lf_slice text;
};

static struct scalar
this_scalar(const struct lf_scan *s, enum lf_token token)
{
	return (struct scalar){token, {s->s, s->len}};
}

/* Appends the text of a scalar. */
static void
put_scalar(struct lf_buf *out, const struct scalar *v)
{
	if (v->token == LF_TOKEN_STRING)
		lf_scan_unescape(v->text.s, v->text.len, out);
	else if (v->token == LF_TOKEN_NUMBER)
		lf_buf_add(out, v->text.s, v->text.len);
	else if (v->token == LF_TOKEN_TRUE)
		lf_buf_puts(out, "true");
	else if (v->token == LF_TOKEN_FALSE)
		lf_buf_puts(out, "false");
}

/* One {"locator":..., "record_index":...} of also_in, whose { was read, in whatever order: "LOCATOR#INDEX". */
static bool
read_place(struct reading *r)
{
	struct scalar locator = {LF_TOKEN_NULL, {"", 0}}, index = locator;
	enum lf_token token;

	while ((token = lf_scan_next(&r->scan)) == LF_TOKEN_KEY) {
		bool is_locator = lf_scan_is(&r->scan, "locator"), is_index = lf_scan_is(&r->scan, "record_index");

		token = lf_scan_next(&r->scan);
		if (is_locator)
			locator = this_scalar(&r->scan, token);
		if (is_index)
			index = this_scalar(&r->scan, token);
		if (!lf_scan_skip(&r->scan, token))
			return false;
	}
	put_scalar(r->scratch, &locator);
	lf_buf_putc(r->scratch, '#');
	put_scalar(r->scratch, &index);
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

/* What a member that is no column says; c is which of them it is. */
enum { IS_CONFLICT, IS_PARTIAL, IS_MARK, IS_DIGEST, OTHERS };
static const char *const others[OTHERS] = {"conflict", "partial", "mark", "record_sha256"};

static bool
is_digest(const struct scalar *v)
{
	bool is = v->token == LF_TOKEN_STRING && v->text.len == 64;

	for (size_t i = 0; is && i < v->text.len; i++)
		is = (v->text.s[i] >= '0' && v->text.s[i] <= '9') || (v->text.s[i] >= 'a' && v->text.s[i] <= 'f');
	return is;
}

static void
take_other(struct lf_run_line *out, unsigned which, const struct scalar *v)
{
	if (which == IS_CONFLICT)
		out->conflict = v->token == LF_TOKEN_TRUE;
	else if (which == IS_PARTIAL)
		out->partial = v->token == LF_TOKEN_TRUE;
	else if (which == IS_MARK)
		out->mark = v->token == LF_TOKEN_TRUE;
	else if (which == IS_DIGEST && is_digest(v))
		out->digest = v->text;
}

/* Which of n names the member that was just read has; n for none. */
static unsigned
which_name(const struct lf_scan *s, const char *const *names, unsigned n)
{
	unsigned i = 0;

	while (i < n && !lf_scan_is(s, names[i]))
		i++;
	return i;
}

static unsigned
which_column(struct reading *r)
{
	unsigned c = r->next;

	if (c >= LF_COLUMNS || !lf_scan_is(&r->scan, lf_column_names[c]))
		c = which_name(&r->scan, lf_column_names, LF_COLUMNS);
	if (c < LF_COLUMNS)
		r->next = c + 1;
	return c;
}

/* The value of a member whose name was just read; false when the JSON is broken. */
static bool
read_member(struct reading *r)
{
	unsigned c = which_column(r);
	unsigned other = c < LF_COLUMNS ? OTHERS : which_name(&r->scan, others, OTHERS);
	enum lf_token token = lf_scan_next(&r->scan);
	struct scalar v = this_scalar(&r->scan, token);

	if (c == LF_COLUMNS) {
		take_other(r->out, other, &v);
		return lf_scan_skip(&r->scan, token);
	}
	r->out->present |= 1U << c;
	r->from[c] = r->scratch->len;
	if (c == LF_COL_ALSO_IN && token == LF_TOKEN_ARRAY) {
		if (!read_places(r))
			return false;
	} else {
		put_scalar(r->scratch, &v);
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
