/* One difference as lines for people, after the model of diff -u. */
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "report/diff_excerpt.h"
#include "report/diff_form.h"
#include "report/diff_say.h"
#include "report/timeline_cells.h"
#include "report/timeline_say.h"

#define FIELDS_MAX 20 /* of one event, shown without -v */
#define CALL_MOST  44 /* columns of a call where there is room for more: its principal stays near it */

static const char beginning[] = " (its beginning)"; /* behind a value that is not given whole */

static const char signs[] = "-+";
static const char letters[] = "AB";
static const enum lf_style colors[] = {LF_RED, LF_GREEN};

/* Indexed by enum lf_integrity. */
static const enum lf_style proved_styles[] = {LF_GREEN, LF_YELLOW, LF_RED, LF_RED, LF_YELLOW, LF_DIM, LF_PLAIN};

/* "2024-03-01T10:05:00Z", or what stands for a time that is not known. */
static void
time_of(const struct lf_diff_row *row, struct lf_buf *out)
{
	char text[LF_TIME_TEXT_LEN];

	if (row->time == LF_TIME_NONE)
		lf_buf_puts(out, "without a time      ");
	else
		lf_buf_add(out, text, lf_time_text(row->time, row->nanos, text));
}

/* A text, or a word where there is none. */
static void
word(struct lf_buf *out, struct lf_slice v, const char *none)
{
	if (v.len > 0)
		lf_buf_add(out, v.s, v.len);
	else
		lf_buf_puts(out, none);
}

/* "s3:GetObject" */
static void
call(const struct lf_diff_row *row, struct lf_buf *out)
{
	struct lf_slice service = lf_say_service(row->text[LF_DIFF_SOURCE]);

	lf_buf_add(out, service.s, service.len);
	lf_buf_puts(out, service.len > 0 ? ":" : "");
	word(out, row->text[LF_DIFF_NAME], "(no name)");
}

static struct lf_slice
made(const struct lf_buf *b)
{
	return (struct lf_slice){lf_buf_str(b), b->failed ? 0 : b->len};
}

/* Time, call and principal of an event on a line that is not longer than the terminal is wide. */
static void
event_line(struct lf_textw *w, const struct lf_diff_row *row, const struct lf_write_opts *o, size_t room,
    struct lf_buf *scratch)
{
	size_t rest, what;

	lf_buf_reset(scratch);
	time_of(row, scratch);
	lf_buf_add(&w->buf, lf_buf_str(scratch), made(scratch).len);
	w->error = scratch->failed ? ENOMEM : w->error;
	lf_buf_putc(&w->buf, ' ');
	rest = room > scratch->len + 1 + 12 ? room - scratch->len - 1 : 12;
	what = rest * 11 / 20 < CALL_MOST ? rest * 11 / 20 : CALL_MOST;
	lf_buf_reset(scratch);
	call(row, scratch);
	lf_cell(o, made(scratch), what, o->width == 0, LF_CUT_END, &w->buf);
	lf_buf_putc(&w->buf, ' ');
	w->error = scratch->failed ? ENOMEM : w->error;
	lf_buf_reset(scratch);
	lf_say_principal(row->text[LF_DIFF_PRINCIPAL], row->text[LF_DIFF_ACCOUNT], scratch);
	lf_cell(o, made(scratch), rest - what - 1, o->width == 0, LF_CUT_MIDDLE, &w->buf);
	w->error = scratch->failed ? ENOMEM : w->error;
	while (w->buf.len > 0 && w->buf.data[w->buf.len - 1] == ' ')
		w->buf.len--;
}

/* "event ID, account 123456789012, eu-west-1" */
static void
identity(const struct lf_diff_row *row, struct lf_buf *out)
{
	lf_buf_puts(out, row->text[LF_DIFF_ID].len > 0 ? "event " : "");
	word(out, row->text[LF_DIFF_ID], "without an eventID");
	if (row->text[LF_DIFF_ACCOUNT].len > 0)
		lf_buf_puts(out, ", account ");
	word(out, row->text[LF_DIFF_ACCOUNT], "");
	if (row->text[LF_DIFF_REGION].len > 0)
		lf_buf_puts(out, ", ");
	word(out, row->text[LF_DIFF_REGION], "");
}

/* A NUL in a text from evidence would hide what is behind it from who takes C strings. */
static void
show_nul(struct lf_buf *b)
{
	for (size_t i = 0; !b->failed && i < b->len; i++)
		if (b->data[i] == '\0')
			b->data[i] = '\x01';
}

static void
wrap(struct lf_textw *w, size_t indent, const char *label, struct lf_buf *text)
{
	show_nul(text);
	if (text->failed)
		w->error = ENOMEM;
	lf_textw_hang(w, indent, label, lf_buf_str(text));
}

/* "; verified" in its colour, where it was asked for. */
static void
integrity(struct lf_textw *w, const struct lf_diff_place *p)
{
	if (p->integrity == LF_INTEGRITY_UNKNOWN)
		return;
	lf_textw_printf(w, "  ");
	lf_textw_style(w, proved_styles[p->integrity]);
	lf_textw_printf(w, "%s", p->integrity == LF_INTEGRITY_NONE ? "no digests" : lf_integrity_names[p->integrity]);
	lf_textw_style(w, LF_PLAIN);
}

/* "--- A LOCATOR#4  verified"; of an object that lies under its own key only what is above that. */
static void
place_line(struct lf_textw *w, const struct lf_diff_row *row, unsigned side)
{
	const struct lf_diff_place *p = &row->side[side];
	size_t key = row->key.len, all = p->locator.len;
	bool own = key > 0 && all > key && memcmp(p->locator.s + all - key, row->key.s, key) == 0;

	lf_textw_style(w, colors[side]);
	lf_textw_printf(w, "  %c%c%c %c %s", signs[side], signs[side], signs[side], letters[side], own ? "in " : "");
	lf_textw_safe_n(w, p->locator.s, own ? all - key : all);
	if (!lf_diff_is_object(row->kind))
		lf_textw_printf(w, "#%u", p->record);
	lf_textw_style(w, LF_PLAIN);
	integrity(w, p);
	if (row->partial[side])
		lf_textw_printf(w, "  (a line of a CSV: compared on the members it has)");
	lf_textw_printf(w, "\n");
}

/* "  - /userIdentity/arn: "arn:..."", for each side that has the member. */
static void
field_lines(struct lf_textw *w, const struct lf_diff_field *f, const struct lf_write_opts *o)
{
	struct lf_buf path, value[2];
	bool whole = o->width == 0 || o->detail;
	size_t most = w->width - 4 - (f->cut[0] || f->cut[1] ? sizeof(beginning) - 1 : 0), columns;

	lf_buf_init(&path);
	lf_buf_init(&value[0]);
	lf_buf_init(&value[1]);
	lf_cell(o, f->path.len > 0 ? f->path : (struct lf_slice){"(the whole record)", 18}, 0, true, LF_CUT_END, &path);
	columns = lf_text_columns(lf_buf_str(&path), made(&path).len);
	if (!whole && columns > most / 2) {
		lf_buf_reset(&path);
		lf_cell(o, f->path, most / 2, false, LF_CUT_MIDDLE, &path);
		columns = most / 2;
	}
	lf_diff_excerpt(f->value, whole ? 0 : most - columns - 2, o->ascii, value);
	for (unsigned i = 0; i < 2; i++) {
		if (f->value[i].s == NULL)
			continue;
		lf_textw_style(w, colors[i]);
		lf_buf_printf(&w->buf, "  %c ", signs[i]);
		lf_buf_puts(&w->buf, lf_buf_str(&path));
		lf_buf_puts(&w->buf, ": ");
		lf_buf_puts(&w->buf, lf_buf_str(&value[i]));
		lf_textw_style(w, LF_PLAIN);
		lf_textw_printf(w, "%s\n", f->cut[i] ? beginning : "");
	}
	if (path.failed || value[0].failed || value[1].failed)
		w->error = ENOMEM;
	lf_buf_free(&path);
	lf_buf_free(&value[0]);
	lf_buf_free(&value[1]);
}

static void
fields(struct lf_textw *w, const struct lf_diff_row *row, const struct lf_write_opts *o)
{
	uint64_t left = row->n_fields + row->fields_left_out;
	struct lf_diff_field f;
	size_t cursor = 0;

	for (uint32_t shown = 0; (o->detail || shown < FIELDS_MAX) && lf_diff_field(row, &cursor, &f); shown++, left--)
		field_lines(w, &f, o);
	if (left > 0)
		lf_textw_printf(w, "    ... and %llu more members differ\n", (unsigned long long)left);
}

static void
changed_event(struct lf_textw *w, const struct lf_diff_row *row, const struct lf_write_opts *o, struct lf_buf *scratch)
{
	const char *proof = lf_diff_proof(row);

	lf_textw_style(w, LF_BOLD);
	event_line(w, row, o, w->width, scratch);
	lf_textw_style(w, LF_PLAIN);
	lf_textw_printf(w, "\n");
	lf_buf_reset(scratch);
	identity(row, scratch);
	if (row->reason != NULL)
		lf_buf_printf(scratch, "; %s", row->reason);
	wrap(w, 2, "", scratch);
	place_line(w, row, 0);
	place_line(w, row, 1);
	fields(w, row, o);
	if (proof != NULL)
		lf_textw_wrap(w, 4, proof);
}

/* Which side a difference of one side is on. */
static unsigned
side_of(const struct lf_diff_row *row)
{
	return row->side[0].there ? 0 : 1;
}

static void
sign(struct lf_textw *w, unsigned side)
{
	lf_textw_style(w, colors[side]);
	lf_textw_printf(w, "%c ", signs[side]);
}

/* The line below: what it is, where it lies, and why it stands here. */
static void
single_event(struct lf_textw *w, const struct lf_diff_row *row, const struct lf_write_opts *o, struct lf_buf *scratch)
{
	const struct lf_diff_place *p = &row->side[side_of(row)];

	sign(w, side_of(row));
	event_line(w, row, o, w->width - 2, scratch);
	lf_textw_style(w, LF_PLAIN);
	integrity(w, p);
	lf_textw_printf(w, "\n");
	lf_buf_reset(scratch);
	identity(row, scratch);
	lf_buf_puts(scratch, ", in ");
	lf_buf_add(scratch, p->locator.s, p->locator.len);
	lf_buf_printf(scratch, "#%u", p->record);
	if (row->reason != NULL)
		lf_buf_printf(scratch, ": %s", row->reason);
	lf_textw_style(w, LF_DIM);
	wrap(w, 4, "", scratch);
	lf_textw_style(w, LF_PLAIN);
}

static void
object(struct lf_textw *w, const struct lf_diff_row *row)
{
	unsigned side = side_of(row);

	sign(w, side);
	lf_textw_safe_n(w, row->key.s, row->key.len);
	lf_textw_style(w, LF_PLAIN);
	integrity(w, &row->side[side]);
	if (row->reason != NULL)
		lf_textw_printf(w, "  (%s)", row->reason);
	lf_textw_printf(w, "\n");
}

static void
changed_object(struct lf_textw *w, const struct lf_diff_row *row)
{
	char hex[2 * LF_SHA256_LEN + 1];

	lf_textw_style(w, LF_BOLD);
	lf_textw_safe_n(w, row->key.s, row->key.len);
	lf_textw_style(w, LF_PLAIN);
	lf_textw_printf(w, "\n");
	for (unsigned i = 0; i < 2; i++) {
		place_line(w, row, i);
		if (row->side[i].hash == NULL)
			continue;
		lf_hex_encode(row->side[i].hash, LF_SHA256_LEN, hex);
		lf_textw_style(w, colors[i]);
		lf_textw_printf(w, "  %c sha256: %s", signs[i], hex);
		lf_textw_style(w, LF_PLAIN);
		lf_textw_printf(w, "\n");
	}
}

void
lf_diff_lines(struct lf_textw *w, const struct lf_diff_row *row, const struct lf_write_opts *o)
{
	struct lf_buf scratch;

	lf_buf_init(&scratch);
	if (row->kind == LF_DIFF_CHANGED)
		changed_event(w, row, o, &scratch);
	else if (row->kind == LF_DIFF_OBJECT_CHANGED)
		changed_object(w, row);
	else if (lf_diff_is_object(row->kind))
		object(w, row);
	else
		single_event(w, row, o, &scratch);
	if (scratch.failed)
		w->error = ENOMEM;
	lf_buf_free(&scratch);
}
