/* Timelines as JSON lines: the columns of a row, or the record itself. */
#include <string.h>

#include "base/text.h"
#include "report/timeline_form.h"
#include "report/timeline_say.h"

static void
string(struct lf_buf *out, struct lf_slice v)
{
	if (v.len == 0) {
		lf_buf_puts(out, "null");
		return;
	}
	lf_buf_putc(out, '"');
	lf_text_json(out, v.s, v.len);
	lf_buf_putc(out, '"');
}

/*
 * A number of JSON (RFC 8259 section 6: no zeros in front) when the text is one; else a string, so that nothing is
 * lost.
 */
static void
number(struct lf_buf *out, struct lf_slice v)
{
	bool digits = v.len > 0 && v.len < 20 && (v.len == 1 || v.s[0] != '0');

	for (size_t i = 0; i < v.len && digits; i++)
		digits = v.s[i] >= '0' && v.s[i] <= '9';
	if (digits)
		lf_buf_add(out, v.s, v.len);
	else
		string(out, v);
}

static void
truth(struct lf_buf *out, struct lf_slice v)
{
	if ((v.len == 4 && memcmp(v.s, "true", 4) == 0) || (v.len == 5 && memcmp(v.s, "false", 5) == 0))
		lf_buf_add(out, v.s, v.len);
	else
		string(out, v);
}

static void
places(struct lf_buf *out, struct lf_slice all)
{
	struct lf_slice locator, index;

	lf_buf_putc(out, '[');
	for (const char *comma = ""; lf_say_next_place(&all, &locator, &index); comma = ",") {
		lf_buf_puts(out, comma);
		lf_buf_puts(out, "{\"locator\":");
		string(out, locator);
		lf_buf_puts(out, ",\"record_index\":");
		number(out, index);
		lf_buf_putc(out, '}');
	}
	lf_buf_putc(out, ']');
}

/* A member's name, with the comma in front when it is not the first. */
static void
name(struct lf_buf *out, const char *text, bool *first)
{
	lf_buf_puts(out, *first ? "\"" : ",\"");
	lf_buf_puts(out, text);
	lf_buf_puts(out, "\":");
	*first = false;
}

static void
member(struct lf_buf *out, enum lf_column c, struct lf_slice v, bool *first)
{
	name(out, lf_column_names[c], first);
	if (c == LF_COL_RECORD_INDEX)
		number(out, v);
	else if (c == LF_COL_READ_ONLY)
		truth(out, v);
	else if (c == LF_COL_ALSO_IN)
		places(out, v);
	else
		string(out, v);
}

/* A member that stands there only where it is true. */
static void
mark(struct lf_buf *out, const char *word, bool is, bool *first)
{
	if (!is)
		return;
	name(out, word, first);
	lf_buf_puts(out, "true");
}

/*
 * also_in stands there, with the default columns too, when the record lies in several places; "partial" and "conflict"
 * whenever it is one; record_sha256 where a merge needs it.
 */
static void
jsonl_row(const struct lf_timeline *t, const struct lf_write_opts *o, const struct lf_timeline_row *row,
    struct lf_buf *out)
{
	bool first = true, asked = false;
	size_t n;
	const enum lf_column *c = lf_timeline_columns(t, &n);

	(void)o;
	lf_buf_putc(out, '{');
	for (size_t i = 0; i < n; i++) {
		asked |= c[i] == LF_COL_ALSO_IN;
		if (c[i] != LF_COL_ALSO_IN || row->v[c[i]].len > 0)
			member(out, c[i], row->v[c[i]], &first);
	}
	if (!asked && row->v[LF_COL_ALSO_IN].len > 0 && lf_say_default_columns(t))
		member(out, LF_COL_ALSO_IN, row->v[LF_COL_ALSO_IN], &first);
	if (row->digest.len > 0) {
		name(out, "record_sha256", &first);
		string(out, row->digest);
	}
	mark(out, "partial", row->partial, &first);
	mark(out, "conflict", row->conflict, &first);
	mark(out, "mark", row->mark, &first);
	lf_buf_puts(out, "}\n");
}

const struct lf_timeline_form lf_timeline_jsonl = {.name = "jsonl", .row = jsonl_row};

/*
 * Appends text of JSON; for a terminal, characters that would steer it are escaped as JSON has it, which changes no
 * value.
 */
static void
put_json(struct lf_buf *out, struct lf_slice v, bool terminal)
{
	size_t from = 0, n;
	uint32_t cp;

	for (size_t i = 0; terminal && i < v.len; i += n) {
		n = 1;
		if ((unsigned char)v.s[i] >= 0x20 && (unsigned char)v.s[i] < 0x7f)
			continue;
		n = lf_utf8_decode(v.s + i, v.len - i, &cp);
		n = n == 0 ? 1 : n;
		lf_buf_add(out, v.s + from, i - from);
		lf_text_json(out, v.s + i, n);
		from = i + n;
	}
	lf_buf_add(out, v.s + from, v.len - from);
}

/* A line break inside a string is no JSON, but damaged records hold one: it is escaped, for a record is one line. */
static void
records_row(const struct lf_timeline *t, const struct lf_write_opts *o, const struct lf_timeline_row *row,
    struct lf_buf *out)
{
	struct lf_slice rest = row->raw;
	size_t run;

	(void)t;
	while (rest.len > 0) {
		for (run = 0; run < rest.len && rest.s[run] != '\n' && rest.s[run] != '\r';)
			run++;
		put_json(out, (struct lf_slice){rest.s, run}, o->terminal);
		if (run < rest.len)
			lf_buf_puts(out, rest.s[run++] == '\n' ? "\\n" : "\\r");
		rest = lf_slice_behind(rest, run);
	}
	lf_buf_puts(out, row->raw.len > 0 ? "\n" : "null\n");
}

const struct lf_timeline_form lf_timeline_records = {.name = "records", .row = records_row};
