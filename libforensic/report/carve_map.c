#include "report/carve_map.h"

#include <stdlib.h>
#include <string.h>

#include "report/carve_words.h"
#include "report/html.h"

#define COLUMNS    128u
#define ROWS       8u
#define CELLS      (COLUMNS * ROWS)
#define UNIT       4096u /* a cell is a multiple of that many bytes */
#define IMAGES_MAX 64u   /* drawn */

struct cell {
	uint32_t n[LF_CARVE_STATES];
	bool bad; /* a part of it could not be read */
};

struct picture {
	uint64_t bytes; /* of a cell */
	struct cell cells[CELLS];
};

struct lf_carve_map {
	const struct lf_carve_result *r;
	size_t n, at; /* at: the image of the last row */
	struct picture *pictures;
};

/* The cells that area reaches into: [*from, *to). */
static void
cells_of(const struct picture *p, struct lf_area area, uint64_t *from, uint64_t *to)
{
	*from = area.from / p->bytes;
	*to = area.to <= area.from ? *from + 1 : (area.to - 1) / p->bytes + 1;
	if (*to > CELLS)
		*to = CELLS;
}

static void
mark_bad(struct picture *p, const struct lf_carve_image *m)
{
	uint64_t from, to;

	for (size_t i = 0; i < m->n_bad; i++) {
		cells_of(p, m->bad[i], &from, &to);
		for (; from < to; from++)
			p->cells[from].bad = true;
	}
}

struct lf_carve_map *
lf_carve_map_new(const struct lf_carve_result *r)
{
	struct lf_carve_map *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return NULL;
	m->r = r;
	m->n = r->n_images < IMAGES_MAX ? r->n_images : IMAGES_MAX;
	m->pictures = calloc(m->n + 1, sizeof(*m->pictures));
	if (m->pictures == NULL) {
		lf_carve_map_free(m);
		return NULL;
	}
	for (size_t i = 0; i < m->n; i++) {
		m->pictures[i].bytes = (r->images[i].size / CELLS / UNIT + 1) * UNIT;
		mark_bad(&m->pictures[i], &r->images[i]);
	}
	return m;
}

void
lf_carve_map_free(struct lf_carve_map *m)
{
	if (m != NULL)
		free(m->pictures);
	free(m);
}

void
lf_carve_map_add(struct lf_carve_map *m, const struct lf_carve_row *row)
{
	uint64_t from, to;

	while (m->at < m->r->n_images && strcmp(m->r->images[m->at].name, row->image) != 0)
		m->at++;
	if (m->at >= m->n)
		return;
	for (unsigned i = 0; i < row->n_runs; i++) {
		cells_of(&m->pictures[m->at], row->runs[i], &from, &to);
		for (; from < to; from++)
			m->pictures[m->at].cells[from].n[row->state]++;
	}
}

/* ---- The pictures ---- */

static bool
is_empty(const struct cell *c)
{
	static const struct cell none;

	return c->bad == none.bad && memcmp(c->n, none.n, sizeof(c->n)) == 0;
}

/* Of the surest find; "bad" where there is none. */
static const char *
class_of(const struct cell *c)
{
	for (size_t s = 0; s < LF_CARVE_STATES; s++)
		if (c->n[s] > 0)
			return lf_carve_state_name((enum lf_carve_state)s);
	return "bad";
}

static void
put_cell(struct lf_buf *out, const struct picture *p, uint64_t i)
{
	const struct cell *c = &p->cells[i];

	lf_buf_printf(out,
	    "<rect class=\"%s%s\" x=\"%llu\" y=\"%llu\" width=\"9\" height=\"13\"><title>from %llu:", class_of(c),
	    c->bad ? " torn" : "", (unsigned long long)(i % COLUMNS * 10), (unsigned long long)(i / COLUMNS * 15),
	    (unsigned long long)(i * p->bytes));
	for (size_t s = 0; s < LF_CARVE_STATES; s++)
		if (c->n[s] > 0)
			lf_buf_printf(out, " %u %s", c->n[s], lf_carve_state_name((enum lf_carve_state)s));
	lf_buf_printf(out, "%s</title></rect>\n", c->bad ? " unreadable" : "");
}

static void
put_picture(struct lf_buf *out, const struct lf_carve_image *m, const struct picture *p)
{
	uint64_t cells = m->size == 0 ? 1 : (m->size - 1) / p->bytes + 1, rows = (cells + COLUMNS - 1) / COLUMNS;

	lf_buf_puts(out, "<figure><figcaption>");
	lf_html_puts(out, m->name);
	lf_buf_puts(out, " <small>");
	lf_html_number(out, m->size);
	lf_buf_puts(out, " bytes, ");
	lf_html_number(out, p->bytes);
	lf_buf_printf(out,
	    " a cell</small></figcaption>\n<svg viewBox=\"0 0 %u %llu\" role=\"img\" aria-label=\"where finds lie\">\n",
	    COLUMNS * 10, (unsigned long long)(rows * 15));
	for (uint64_t row = 0; row < rows; row++) {
		uint64_t width = cells - row * COLUMNS < COLUMNS ? cells - row * COLUMNS : COLUMNS;

		lf_buf_printf(out, "<rect class=\"ground\" x=\"0\" y=\"%llu\" width=\"%llu\" height=\"13\"/>\n",
		    (unsigned long long)(row * 15), (unsigned long long)(width * 10 - 1));
	}
	for (uint64_t i = 0; i < cells && i < CELLS; i++)
		if (!is_empty(&p->cells[i]))
			put_cell(out, p, i);
	lf_buf_puts(out, "</svg></figure>\n");
}

void
lf_carve_map_put(const struct lf_carve_map *m, struct lf_buf *out)
{
	lf_buf_puts(out, "<p class=\"key\">");
	for (size_t s = 0; s < LF_CARVE_STATES; s++) {
		const char *name = lf_carve_state_name((enum lf_carve_state)s);

		lf_buf_printf(out,
		    "<span><svg viewBox=\"0 0 9 13\"><rect class=\"%s\" width=\"9\" height=\"13\"/></svg>%s</span>\n",
		    name, name);
	}
	lf_buf_puts(out,
	    "<span><svg viewBox=\"0 0 9 13\"><rect class=\"bad\" width=\"9\" height=\"13\"/></svg>unreadable</span></p>\n"
	    "<div class=\"map\">\n");
	for (size_t i = 0; i < m->n; i++)
		put_picture(out, &m->r->images[i], &m->pictures[i]);
	lf_buf_puts(out, "</div>\n");
	if (m->n < m->r->n_images)
		lf_buf_printf(out, "<p class=\"note\">... and %zu more images.</p>\n", m->r->n_images - m->n);
}
