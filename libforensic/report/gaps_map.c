#include "report/gaps_map.h"

#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "report/gaps_rows.h"
#include "report/gaps_tell.h"
#include "report/gaps_words.h"
#include "report/html.h"

#define FOLD_FROM 60   /* lines */
#define ROWS_MAX  1500
#define CELLS_MAX 6000
#define GAPS_MAX  3000 /* drawn each at its place, with a text; the rest by slots */
#define GAPS_ROW  200

struct map {
	const struct lf_coverage *c;
	struct lf_gap_index index;
	struct lf_marks marks;
	struct lf_slots slots;
	uint32_t *group_of; /* gaps: place of their group from 1 on */
	uint32_t linked, rows, cells, gaps, hidden;
	bool fold, open;    /* open: a <section> is */
	struct lf_buf *out;
};

/* Classes and words of signs, in the order of enum lf_sign. */
static const char *const classes[LF_SIGNS] = {"", "quiet", "ok", "un", "logs", "hole", "hole", "gap", "blind"};
static const char *const words[LF_SIGNS] = {"", "quiet: proved that nothing was delivered", "verified", "not proved",
    "known from logs only", "", "a gap left out as too short", "gap, explained", "gap, unexplained"};

int64_t
lf_map_x(const struct lf_slots *s, int64_t t)
{
	int64_t all = (int64_t)s->n * s->seconds, at = t < s->start ? 0 : t - s->start > all ? all : t - s->start;

	return (int64_t)((__int128)at * LF_MAP_WIDTH / (all > 0 ? all : 1));
}

/* Runs of one sign. */
static uint32_t
runs(const unsigned char *signs, uint32_t n)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < n; i++)
		count += signs[i] != LF_SIGN_NONE && (i == 0 || signs[i] != signs[i - 1]);
	return count;
}

static void
count_row(void *arg, const struct lf_cover_row *row)
{
	struct map *m = arg;

	if (m->rows++ < ROWS_MAX)
		m->cells += runs(row->states, m->slots.n);
}

/* As fine as a page can hold. */
static void
choose(struct map *m)
{
	for (uint32_t most = LF_SLOTS_MAX;; most /= 2) {
		m->slots = lf_slots_make(m->c->lines.shown_first, m->c->lines.shown_last, most, 3600);
		m->rows = m->cells = 0;
		lf_cover_rows(m->c, &m->index, &m->slots, m->fold, count_row, m);
		if (m->cells <= CELLS_MAX || most <= 12)
			break;
	}
	m->rows = 0;
}

/* A rectangle for each run of a sign that is shown. */
static void
draw_runs(const struct map *m, const unsigned char *signs)
{
	for (uint32_t i = 0, n; i < m->slots.n; i += n) {
		int64_t x = (int64_t)i * LF_MAP_WIDTH / m->slots.n;

		for (n = 1; i + n < m->slots.n && signs[i + n] == signs[i];)
			n++;
		if (signs[i] != LF_SIGN_NONE)
			lf_buf_printf(m->out, "<rect class=\"%s\" x=\"%lld\" y=\"%d\" width=\"%lld\" height=\"%d\"/>", classes[signs[i]],
			    (long long)x, signs[i] == LF_SIGN_QUIET ? LF_MAP_HEIGHT / 2 : 0,
			    (long long)((int64_t)(i + n) * LF_MAP_WIDTH / m->slots.n - x),
			    signs[i] == LF_SIGN_QUIET ? LF_MAP_HEIGHT / 2 : LF_MAP_HEIGHT);
	}
}

/* "UNEXPLAINED 2h00m digest-missing, 2024-.. to 2024-.., by X from Y" */
static void
gap_title(const struct lf_gap *g, struct lf_buf *out)
{
	char start[LF_UTC_LEN], end[LF_UTC_LEN];
	struct lf_gap_group alone = {.n = 1, .first = g, .longest = g->end - g->start};

	lf_gap_title(&alone, out);
	lf_buf_printf(out, ", %s to %s", lf_utc_format(g->start, start), lf_utc_format(g->end, end));
	if (lf_control_who(g->by) != NULL) {
		lf_buf_puts(out, ", by ");
		lf_html_puts(out, lf_control_who(g->by));
	}
	if (g->by != NULL && lf_or_null(g->by->source_ip) != NULL) {
		lf_buf_puts(out, " from ");
		lf_html_puts(out, g->by->source_ip);
	}
}

static void
draw_gap(const struct map *m, uint32_t i)
{
	const struct lf_gap *g = &m->c->gaps.list[i];
	int64_t x = lf_map_x(&m->slots, g->start), width = lf_map_x(&m->slots, g->end) - x;
	bool link = m->group_of[i] <= m->linked;

	width = width < 25 ? 25 : width; /* or none would see it */
	x = x + width > LF_MAP_WIDTH ? LF_MAP_WIDTH - width : x;
	if (link)
		lf_buf_printf(m->out, "<a href=\"#gap-%u\">", m->group_of[i]);
	lf_buf_printf(m->out, "<rect class=\"%s\" x=\"%lld\" y=\"0\" width=\"%lld\" height=\"%d\"><title>",
	    classes[g->explained ? LF_SIGN_EXPLAINED : LF_SIGN_UNEXPLAINED], (long long)x, (long long)width, LF_MAP_HEIGHT);
	gap_title(g, m->out);
	lf_buf_puts(m->out, link ? "</title></rect></a>" : "</title></rect>");
}

static void
draw_gaps(struct map *m, const struct lf_cover_row *row)
{
	uint32_t from = m->index.first[row->line], n = m->index.first[row->line + 1] - from;

	if (row->calm)
		return;
	if (n > GAPS_ROW || m->gaps + n > GAPS_MAX) {
		draw_runs(m, row->gaps);
		return;
	}
	m->gaps += n;
	for (uint32_t i = 0; i < n; i++)
		draw_gap(m, m->index.gaps[from + i]);
}

static void
label(const struct map *m, const struct lf_cover_row *row, bool named)
{
	const struct lf_line *l = &m->c->lines.list[row->line];

	lf_buf_puts(m->out, "<span>");
	if (named) {
		lf_buf_puts(m->out, "<b>");
		lf_html_puts(m->out, l->account);
		lf_buf_printf(m->out, "</b> <small>%u line%s, no gap</small></span>", row->lines, row->lines == 1 ? "" : "s");
		return;
	}
	if (row->calm) {
		lf_buf_printf(m->out, "%u line%s without a gap</span>", row->lines, row->lines == 1 ? "" : "s");
		return;
	}
	lf_html_puts(m->out, l->region);
	lf_buf_puts(m->out, " <small>");
	if (row->lines > 1)
		lf_buf_printf(m->out, "and %u more", row->lines - 1);
	else
		lf_html_puts(m->out, l->trail != NULL ? l->trail : "logs only");
	lf_buf_puts(m->out, "</small></span>");
}

/* Ends the account before, and begins the next; named: its only row carries its name. */
static void
head(struct map *m, const struct lf_line *l, bool named)
{
	lf_buf_puts(m->out, m->open ? "</section>\n" : "");
	lf_buf_puts(m->out, named ? "<section class=\"calm\">" : "<section><h3>");
	m->open = true;
	if (named)
		return;
	lf_html_puts(m->out, l->account);
	if (lf_or_null(l->org) != NULL) {
		lf_buf_puts(m->out, " <small>of ");
		lf_html_puts(m->out, l->org);
		lf_buf_puts(m->out, "</small>");
	}
	lf_buf_puts(m->out, "</h3>\n");
	lf_marks_account(&m->marks, &m->slots, l->account, m->out);
}

/* What the picture of a row shows, for who cannot see it. */
static void
spoken(const struct map *m, const struct lf_cover_row *row)
{
	const struct lf_line *l = &m->c->lines.list[row->line];
	uint32_t n = m->index.first[row->line + 1] - m->index.first[row->line];
	char first[LF_UTC_LEN], last[LF_UTC_LEN];

	lf_html_puts(m->out, l->account);
	lf_buf_putc(m->out, ' ');
	lf_html_puts(m->out, row->calm ? "lines without a gap" : l->region);
	if (l->n_spans > 0)
		lf_buf_printf(m->out, ", %s to %s", lf_utc_format(l->spans[0].start, first),
		    lf_utc_format(l->spans[l->n_spans - 1].end, last));
	if (!row->calm)
		lf_buf_printf(m->out, ", gaps: %u", n);
}

static void
draw_row(void *arg, const struct lf_cover_row *row)
{
	struct map *m = arg;
	const struct lf_line *l = &m->c->lines.list[row->line];
	bool named = row->alone && !lf_marks_any(&m->marks, l->account);

	if (m->rows >= ROWS_MAX) {
		m->hidden += row->lines;
		return;
	}
	m->rows++;
	if (row->heads)
		head(m, l, named);
	lf_buf_puts(m->out, "<div class=\"row\">");
	label(m, row, named);
	lf_buf_puts(m->out, "<svg role=\"img\" aria-label=\"");
	spoken(m, row);
	lf_buf_printf(m->out, "\" viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\">", LF_MAP_WIDTH, LF_MAP_HEIGHT);
	draw_runs(m, row->states);
	draw_gaps(m, row);
	lf_buf_puts(m->out, "</svg></div>\n");
}

void
lf_map_patterns(struct lf_buf *out)
{
	static const struct {
		const char *id, *path;
		int width, height;
	} all[] = {{"p-un", "M20 20h40v40h-40zM80 80h40v40h-40z", 120, 120}, {"p-logs", "M0 30h120M0 90h120", 120, 120},
	    {"p-hole", "M0 120L120 0", 120, 120}, {"p-gap", "M0 0L90 90M0 90L90 0", 90, 90}};

	lf_buf_puts(out, "<svg class=\"defs\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>");
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		lf_buf_printf(out,
		    "<pattern id=\"%s\" width=\"%d\" height=\"%d\" patternUnits=\"userSpaceOnUse\"><rect class=\"ground\" "
		    "width=\"%d\" height=\"%d\"/><path class=\"%s\" d=\"%s\"/></pattern>",
		    all[i].id, all[i].width, all[i].height, all[i].width, all[i].height, all[i].id, all[i].path);
	lf_buf_puts(out, "</defs></svg>\n");
}

static void
legend(const struct map *m)
{
	char length[32];

	lf_buf_puts(m->out, "<p class=\"key\">");
	for (size_t i = LF_SIGN_QUIET; i < LF_SIGNS; i++)
		if (*words[i] != '\0')
			lf_buf_printf(m->out,
			    "<span><svg aria-hidden=\"true\" viewBox=\"0 0 280 140\">"
			    "<rect class=\"%s\" y=\"%d\" width=\"280\" height=\"%d\"/></svg>%s</span>\n",
			    classes[i], i == LF_SIGN_QUIET ? 70 : 0, i == LF_SIGN_QUIET ? 70 : 140, words[i]);
	lf_buf_puts(m->out,
	    "<span><svg aria-hidden=\"true\" viewBox=\"0 0 140 140\"><path class=\"hit\" d=\"M70 130l-55 -110h110z\"/></svg>"
	    "somebody touched logging</span>\n<span><svg aria-hidden=\"true\" viewBox=\"0 0 140 140\">"
	    "<path class=\"try\" d=\"M70 130l-55 -110h110z\"/></svg>only attempted</span></p>\n");
	lf_buf_printf(m->out,
	    "<p class=\"soft\">Each cell is %s %s and shows the worst of it; gaps and marks stand at their own times. "
	    "Blank is outside what the evidence speaks of.</p>\n",
	    m->slots.seconds % 3600 == 0 && m->slots.seconds / 3600 == 1 ? "an" : "a slot of",
	    lf_slots_length(m->slots.seconds, length));
}

void
lf_map_axis(const struct lf_slots *s, struct lf_buf *out)
{
	char text[LF_UTC_LEN];

	lf_buf_puts(out, "<div class=\"row axis\"><span>UTC</span><div>");
	for (int64_t i = 0; i <= 4; i++) {
		lf_utc_format(s->start + (int64_t)s->n * s->seconds / 4 * i, text);
		lf_buf_printf(out, "<span>%.10s %.5s</span>", text, text + 11);
	}
	lf_buf_puts(out, "</div></div>\n");
}

static void
all(struct map *m)
{
	legend(m);
	lf_buf_puts(m->out, "<div class=\"card map\">\n");
	lf_map_axis(&m->slots, m->out);
	lf_cover_rows(m->c, &m->index, &m->slots, m->fold, draw_row, m);
	lf_buf_puts(m->out, m->open ? "</section>\n" : "");
	lf_marks_rest(&m->marks, &m->slots, m->out);
	lf_buf_puts(m->out, "</div>\n");
	if (m->hidden > 0)
		lf_buf_printf(m->out, "<p class=\"note\">%u more lines are not drawn: the format json holds all.</p>\n", m->hidden);
}

/* Which group each gap belongs to. */
static bool
number(struct map *m, const struct lf_gap_groups *groups)
{
	m->group_of = calloc((size_t)m->c->gaps.n + 1, sizeof(*m->group_of));
	if (m->group_of == NULL)
		return false;
	for (uint32_t i = 0; i < groups->n; i++)
		for (uint32_t k = 0; k < groups->list[i].n; k++)
			m->group_of[groups->list[i].gaps[k]] = i + 1;
	return true;
}

bool
lf_gaps_map(const struct lf_coverage *c, const struct lf_gap_groups *groups, uint32_t linked, struct lf_buf *out)
{
	struct map m = {.c = c, .linked = linked, .fold = c->lines.n > FOLD_FROM, .out = out};
	bool ok = false;

	if (!lf_gap_index_make(c, &m.index))
		return false;
	if (!lf_marks_make(c, &m.marks))
		goto out;
	if (!number(&m, groups))
		goto out;
	choose(&m);
	if (m.slots.n > 0)
		all(&m);
	ok = true;
out:
	free(m.group_of);
	lf_marks_free(&m.marks);
	lf_gap_index_free(&m.index);
	return ok;
}
