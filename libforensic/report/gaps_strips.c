/* Coverage as strips of signs. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/utc.h"
#include "report/gaps_form.h"
#include "report/gaps_rows.h"
#include "report/gaps_words.h"
#include "report/text_parts.h"
#include "report/timeline_cells.h"

#define SLOTS_FREE 96  /* signs where the output is no terminal */
#define STRIP_MAX  240
#define SLOTS_LEAST 16
#define FOLD_FROM  20  /* lines */
#define FOLD_LABEL 30  /* columns: an account and a region */
#define STRIPS_MAX 1000

/* In the order of enum lf_sign. */
static const char *const signs_utf8[LF_SIGNS] = {" ", "▁", "█", "▒", "░", "-", "-", "x", "!"};
static const char *const signs_ascii[LF_SIGNS] = {" ", "_", "#", "%", ":", "-", "-", "x", "!"};
static const enum lf_style styles[LF_SIGNS] = {
    LF_PLAIN, LF_GREEN, LF_GREEN, LF_YELLOW, LF_CYAN, LF_DIM, LF_DIM, LF_YELLOW, LF_RED};
static const char *const meanings[LF_SIGNS] = {"", "quiet: proved that nothing was delivered", "verified", "not proved",
    "known from logs only", "a gap left out as too short", "a gap left out as too short", "gap, explained",
    "gap, unexplained"};

struct strips {
	struct lf_textw *w;
	const struct lf_coverage *c;
	const struct lf_write_opts *o;
	struct lf_gap_index index;
	struct lf_slots slots;
	size_t label;   /* columns */
	bool fold;
	bool seen[LF_SIGNS];
	uint32_t shown, hidden;
	struct lf_buf scratch;
};

/* "eu-central-1 main", "eu-central-1, logs only". */
static void
label_of(const struct lf_line *l, struct lf_buf *out)
{
	lf_buf_reset(out);
	lf_buf_puts(out, l->region);
	if (l->trail == NULL) {
		lf_buf_puts(out, ", logs only");
		return;
	}
	lf_buf_putc(out, ' ');
	lf_buf_puts(out, l->trail);
}

/* As wide as the widest label, within two fifths of the line. */
static void
layout(struct strips *s)
{
	size_t most = s->o->width == 0 ? 40 : s->w->width * 2 / 5, n, room;

	s->label = s->fold ? FOLD_LABEL : 24;
	for (uint32_t i = 0; i < s->c->lines.n && s->label < most; i++) {
		label_of(&s->c->lines.list[i], &s->scratch);
		if (s->scratch.failed)
			s->w->error = ENOMEM;
		n = lf_text_columns(lf_buf_str(&s->scratch), s->scratch.len);
		s->label = n > s->label ? n : s->label;
	}
	s->label = s->label > most ? most : s->label;
	room = s->o->width == 0 ? SLOTS_FREE : SLOTS_LEAST;
	if (s->o->width != 0 && s->w->width > s->label + 3 + SLOTS_LEAST)
		room = s->w->width - s->label - 3;
	s->slots = lf_slots_make(s->c->lines.shown_first, s->c->lines.shown_last,
	    (uint32_t)(room > STRIP_MAX ? STRIP_MAX : room), 0);
}

/* When the first slot starts and the last ends, above them. */
static void
axis(struct strips *s)
{
	char first[LF_UTC_LEN], last[LF_UTC_LEN], line[96];
	int n = (int)s->slots.n;

	lf_utc_format(s->slots.start, first);
	lf_utc_format(s->slots.start + (int64_t)s->slots.n * s->slots.seconds, last);
	lf_textw_style(s->w, LF_DIM);
	if (n >= 34) {
		lf_textw_printf(s->w, "  %-*s %.10s %.5s%*.10s %.5s\n", (int)s->label, "", first, first + 11, n - 22,
		    last, last + 11);
	} else {
		snprintf(line, sizeof(line), "from %.10s %.5s to %.10s %.5s", first, first + 11, last, last + 11);
		lf_textw_wrap(s->w, 2, line);
	}
	lf_textw_style(s->w, LF_PLAIN);
}

/* A strip: each run of one style in its colour. */
static void
draw(struct strips *s, const char *label, enum lf_cut cut, const struct lf_cover_row *t)
{
	const char *const *signs = s->o->ascii ? signs_ascii : signs_utf8;
	enum lf_style style = LF_PLAIN;
	unsigned char sign;
	uint32_t n = s->slots.n;

	if (s->shown >= STRIPS_MAX && !s->o->detail) {
		s->hidden += t->lines;
		return;
	}
	s->shown++;
	lf_textw_printf(s->w, "  ");
	lf_cell(s->o, (struct lf_slice){label, strlen(label)}, s->label, false, cut, &s->w->buf);
	lf_textw_printf(s->w, " ");
	while (n > 0 && t->states[n - 1] == LF_SIGN_NONE && t->gaps[n - 1] == LF_SIGN_NONE)
		s->seen[t->states[--n]] = true;
	for (uint32_t i = 0; i < n; i++) {
		sign = t->states[i] > t->gaps[i] ? t->states[i] : t->gaps[i];
		s->seen[sign] = true;
		if (styles[sign] != style) {
			lf_textw_style(s->w, LF_PLAIN);
			lf_textw_style(s->w, styles[sign]);
			style = styles[sign];
		}
		lf_textw_printf(s->w, "%s", signs[sign]);
	}
	lf_textw_style(s->w, LF_PLAIN);
	lf_textw_printf(s->w, "\n");
}

static void
draw_lines(struct strips *s, const struct lf_cover_row *t)
{
	const struct lf_line *l = &s->c->lines.list[t->line];

	label_of(l, &s->scratch);
	if (t->lines > 1) {
		lf_buf_reset(&s->scratch);
		lf_buf_puts(&s->scratch, l->region);
		lf_buf_printf(&s->scratch, " and %u more", t->lines - 1);
	}
	if (s->scratch.failed)
		s->w->error = ENOMEM;
	draw(s, lf_buf_str(&s->scratch), LF_CUT_MIDDLE, t);
}

static void
heading(struct strips *s, const struct lf_line *l)
{
	lf_textw_style(s->w, LF_BOLD);
	lf_textw_safe(s->w, l->account, 0);
	lf_textw_style(s->w, LF_PLAIN);
	if (lf_or_null(l->org) != NULL) {
		lf_textw_printf(s->w, " of ");
		lf_textw_safe(s->w, l->org, 0);
	}
	lf_textw_printf(s->w, "\n");
}

/*
 * The strip of an account's lines that have no gap; alone it carries the account's name, and of a single line the
 * region.
 */
static void
draw_calm(struct strips *s, const struct lf_cover_row *t)
{
	const struct lf_line *l = &s->c->lines.list[t->line];

	lf_buf_reset(&s->scratch);
	if (t->alone)
		lf_buf_printf(&s->scratch, t->lines == 1 ? "%s " : "%s: ", l->account);
	if (t->lines == 1)
		lf_buf_puts(&s->scratch, l->region);
	else
		lf_buf_printf(&s->scratch, "%u lines", t->lines);
	if (!t->alone)
		lf_buf_puts(&s->scratch, t->lines == 1 ? ", without a gap" : " without a gap");
	if (s->scratch.failed)
		s->w->error = ENOMEM;
	draw(s, lf_buf_str(&s->scratch), LF_CUT_END, t);
}

static void
row(void *arg, const struct lf_cover_row *r)
{
	struct strips *s = arg;
	const struct lf_line *l = &s->c->lines.list[r->line];

	if (r->heads && !r->alone)
		heading(s, l);
	if (r->calm)
		draw_calm(s, r);
	else
		draw_lines(s, r);
}

/* What the signs that occur mean. */
static void
legend(struct strips *s)
{
	const char *const *signs = s->o->ascii ? signs_ascii : signs_utf8;
	char length[32];

	lf_buf_reset(&s->scratch);
	for (size_t i = LF_SIGN_QUIET; i < LF_SIGNS; i++) {
		if (!s->seen[i] || (i == LF_SIGN_MISSING && s->seen[LF_SIGN_OFF]))
			continue;
		lf_buf_printf(&s->scratch, "%s %s; ", signs[i], meanings[i]);
	}
	if (s->seen[LF_SIGN_NONE])
		lf_buf_puts(&s->scratch, "blank: outside what the evidence speaks of; ");
	lf_buf_printf(&s->scratch, "a sign for each %s, the worst of it", lf_slots_length(s->slots.seconds, length));
	lf_textw_style(s->w, LF_DIM);
	lf_textw_wrap(s->w, 2, lf_buf_str(&s->scratch));
	lf_textw_style(s->w, LF_PLAIN);
}

static void
all(struct strips *s)
{
	layout(s);
	if (s->slots.n == 0)
		return;
	axis(s);
	lf_cover_rows(s->c, &s->index, &s->slots, s->fold, row, s);
	if (s->hidden > 0)
		lf_textw_printf(s->w, "  ... and %u more lines: -v or -f json shows all\n", s->hidden);
	legend(s);
}

void
lf_gaps_strips(struct lf_textw *w, const struct lf_coverage *c, const struct lf_write_opts *o)
{
	struct strips s = {.w = w, .c = c, .o = o, .fold = c->lines.n > FOLD_FROM && !o->detail};

	if (!lf_gaps_any(c))
		return;
	if (!lf_gap_index_make(c, &s.index)) {
		w->error = ENOMEM;
		return;
	}
	lf_buf_init(&s.scratch);
	lf_text_heading(w, "COVERAGE");
	all(&s);
	if (s.scratch.failed)
		w->error = ENOMEM;
	lf_buf_free(&s.scratch);
	lf_gap_index_free(&s.index);
}
