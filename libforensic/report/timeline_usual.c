#include "report/timeline_usual.h"

#include <string.h>

#include "report/timeline_say.h"
#include "report/timeline_who.h"

#define LEAD 15 /* columns of signs, time and letter in front of the event */

/* Widths of the cells that are laid out for the default columns; 0: left out. */
struct widths {
	size_t event, who, from, account, region;
};

static struct widths
widths_of(const struct lf_write_opts *o)
{
	struct widths w = {40, 48, 25, 12, 14};
	size_t rest;

	if (o->width == 0)
		return w;
	rest = o->width < 60 ? 60 : o->width;
	w = (struct widths){.from = rest >= 170 ? 25 : 15};
	if (rest >= 80) {
		w.account = rest >= 110 ? 12 : 5;
		w.region = rest >= 110 ? 14 : 5;
		rest -= w.account + w.region + 2;
	}
	rest -= LEAD + w.from + 2;
	w.event = rest * 11 / 20;
	w.who = rest - w.event;
	return w;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* What stands in the cells of a row that share their room. */
struct told {
	struct lf_buf event, who;
	struct lf_slice code; /* of a call that failed */
	size_t needs;         /* columns for who */
};

static struct lf_slice
text_of(const struct lf_buf *b)
{
	return (struct lf_slice){lf_buf_str(b), b->failed ? 0 : b->len};
}

static void
tell(const struct lf_write_opts *o, const struct lf_timeline_row *row, struct told *t)
{
	struct lf_slice service = lf_say_service(row->v[LF_COL_SOURCE]), none = {"", 0};

	lf_buf_init(&t->event);
	lf_buf_init(&t->who);
	lf_buf_add(&t->event, service.s, service.len);
	lf_buf_puts(&t->event, service.len > 0 ? ":" : "");
	lf_buf_add(&t->event, row->v[LF_COL_NAME].s, row->v[LF_COL_NAME].len);
	t->code = lf_say_failed(row) ? row->v[LF_COL_RESULT] : none;
	lf_who(o, row, &t->who);
	t->needs = o->width == 0 ? 0 : least(lf_cell_columns(text_of(&t->who)), lf_who_columns(o, row));
}

/* The share of an event's name, of room for it and its error code that do not fit. */
static size_t
name_share(size_t name, size_t code, size_t room)
{
	size_t rest = room > code ? room - code : 0;

	return least(name, rest > room / 3 ? rest : room / 3);
}

/*
 * Gives event and who their room: what one does not need is the other's; where both are too long, who gives way to an
 * error code, but keeps two fifths.  name, code and who are what they need.  Whether the code has room, whole.
 */
static bool
share_room(struct widths *w, size_t name, size_t code, size_t who)
{
	size_t room = w->event + w->who, event = name + code + (code > 0), spare = room - least(who, room * 2 / 5);

	if (event + who <= room)
		w->event = event > w->event ? event : who > w->who ? room - who : w->event;
	else
		w->event = least(event, code > 0 ? spare : room - least(who, w->who));
	w->who = room - w->event;
	return code == 0 || event <= w->event || code + name_share(name, code, w->event - 1) <= w->event - 1;
}

/* An error code without what many have in common, where it does not fit. */
static struct lf_slice
short_code(struct lf_slice code)
{
	static const char *const common[] = {"Client.", "Server."};

	for (size_t i = 0; i < 2; i++)
		if (lf_slice_starts(code, common[i]) && code.len > strlen(common[i]))
			return lf_slice_behind(code, strlen(common[i]));
	return code;
}

/* The columns of a short code: with the sign that it was cut, if it was. */
static size_t
short_columns(struct lf_slice code)
{
	struct lf_slice cut = short_code(code);

	return lf_cell_columns(cut) + (cut.len < code.len);
}

/*
 * "iam:CreateUser AccessDenied", in exactly width columns: the name is cut in its middle, so that the code can be read.
 */
static void
event_within(const struct lf_write_opts *o, const struct told *t, size_t width, struct lf_buf *out)
{
	size_t name = lf_cell_columns(text_of(&t->event));
	struct lf_slice code = t->code;
	bool cut;

	if (code.len == 0) {
		lf_cell(o, text_of(&t->event), width, false, LF_CUT_MIDDLE, out);
		return;
	}
	if (name + 1 + lf_cell_columns(code) > width)
		code = short_code(code);
	name = name_share(name, short_columns(t->code), width - 1);
	cut = code.len < t->code.len;
	lf_cell(o, text_of(&t->event), name, false, LF_CUT_MIDDLE, out);
	lf_buf_puts(out, !cut ? " " : o->ascii ? " ~" : " …");
	lf_cell(o, code, width - 1 - name - cut, false, LF_CUT_END, out);
}

/* W in front of what changes something, r of what reads. */
static void
event_cell(const struct lf_write_opts *o, const struct lf_timeline_row *row, const struct told *t,
    struct lf_cells *line, size_t width)
{
	bool failed = t->code.len > 0;
	int writes = lf_say_writes(row);
	struct lf_buf text;

	lf_buf_init(&text);
	if (o->width > 0) {
		event_within(o, t, width, &text);
	} else {
		lf_buf_add(&text, lf_buf_str(&t->event), text_of(&t->event).len);
		lf_buf_puts(&text, failed ? " " : "");
		lf_buf_add(&text, t->code.s, t->code.len);
	}
	lf_cell_style(o, failed ? LF_RED : writes > 0 ? LF_BOLD : writes < 0 ? LF_DIM : LF_PLAIN, line->out);
	lf_buf_puts(line->out, writes > 0 ? " W " : writes < 0 ? " r " : "   ");
	lf_cells_next(line, text_of(&text), width, LF_CUT_END, LF_PLAIN);
	lf_cell_style(o, LF_PLAIN, line->out);
	line->out->failed |= text.failed;
	lf_buf_free(&text);
}

static void
who_cell(const struct lf_write_opts *o, const struct lf_timeline_row *row, const struct told *t, struct lf_cells *line,
    size_t width)
{
	struct lf_slice who = text_of(&t->who);
	struct lf_buf text;

	lf_buf_init(&text);
	if (o->width > 0 && lf_cell_columns(who) > width) {
		lf_who_within(o, row, width, &text);
		who = text_of(&text);
	}
	lf_cells_next(line, who, width, LF_CUT_MIDDLE, LF_PLAIN);
	line->out->failed |= text.failed;
	lf_buf_free(&text);
}

static void
place_cells(const struct lf_timeline_row *row, const struct widths *w, struct lf_cells *line)
{
	char region[LF_REGION_SHORT];
	struct lf_slice short_region = row->v[LF_COL_REGION];

	if (w->region < 9)
		short_region = lf_cell_region(short_region, region);
	lf_cells_next(line, row->v[LF_COL_ACCOUNT], w->account, LF_CUT_START, LF_DIM);
	lf_cells_next(line, short_region, w->region, LF_CUT_END, LF_DIM);
}

/*
 * Widths for what a row holds.  On a narrow line an error code takes the room of account and region rather than be cut.
 */
static void
make_room(struct widths *w, const struct told *t)
{
	size_t name = lf_cell_columns(text_of(&t->event)), who = t->needs;
	struct widths usual = *w;

	if (share_room(w, name, lf_cell_columns(t->code), who))
		return;
	*w = usual;
	if (share_room(w, name, short_columns(t->code), who) || w->account == 0 || w->region >= 9)
		return;
	*w = usual;
	w->event += w->account + w->region + 2;
	w->account = w->region = 0;
	(void)share_room(w, name, short_columns(t->code), who);
}

void
lf_usual_cells(const struct lf_write_opts *o, const struct lf_timeline_row *row, struct lf_buf *out)
{
	struct widths w = widths_of(o);
	struct lf_cells line = {.o = o, .out = out, .gap = o->width == 0 ? 2 : 1};
	struct lf_slice from = row->v[LF_COL_SOURCE_IP];
	struct told t;

	tell(o, row, &t);
	if (o->width > 0)
		make_room(&w, &t);
	event_cell(o, row, &t, &line, w.event);
	who_cell(o, row, &t, &line, w.who);
	lf_cells_next(&line, o->width > 0 && from.len > w.from ? lf_say_service(from) : from, w.from, LF_CUT_END, LF_PLAIN);
	if (w.account > 0)
		place_cells(row, &w, &line);
	out->failed |= t.event.failed || t.who.failed;
	lf_buf_free(&t.event);
	lf_buf_free(&t.who);
}
