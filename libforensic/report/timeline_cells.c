#include "report/timeline_cells.h"

#include <string.h>

#include "base/text.h"

/* One character of printable text: its bytes, and the columns it takes. */
static size_t
step(const char *s, size_t len, size_t *columns)
{
	uint32_t cp;
	size_t used = lf_utf8_decode(s, len, &cp);

	used = used == 0 ? 1 : used;
	*columns = lf_text_columns(s, used);
	return used;
}

/* The bytes of the longest start of s that takes no more than width columns; *took is how many it takes. */
static size_t
start_of(const char *s, size_t len, size_t width, size_t *took)
{
	size_t at = 0, used, columns;

	for (*took = 0; at < len; at += used, *took += columns) {
		used = step(s + at, len - at, &columns);
		if (*took + columns > width)
			break;
	}
	return at;
}

/* The same from its end: where it starts.  all is the columns of the whole. */
static size_t
end_of(const char *s, size_t len, size_t all, size_t width, size_t *took)
{
	size_t at = 0, columns;

	for (*took = all; at < len && *took > width; *took -= columns)
		at += step(s + at, len - at, &columns);
	return at;
}

/* Text that is too wide.  The ellipsis takes one column, in ASCII a tilde. */
static size_t
shortened(const struct lf_write_opts *o, const char *s, size_t len, size_t all, size_t width, enum lf_cut cut,
    struct lf_buf *out)
{
	size_t head = cut == LF_CUT_END ? width - 1 : cut == LF_CUT_START ? 0 : (width - 1) / 2;
	size_t took = 0, tail_took = 0, at;

	at = start_of(s, len, head, &took);
	lf_buf_add(out, s, at);
	lf_buf_puts(out, o->ascii ? "~" : "…");
	if (cut != LF_CUT_END) {
		at = end_of(s, len, all, width - 1 - took, &tail_took);
		lf_buf_add(out, s + at, len - at);
	}
	return took + 1 + tail_took;
}

static bool
plain(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (s[i] < 0x20 || s[i] >= 0x7f)
			return false;
	return true;
}

size_t
lf_cell(const struct lf_write_opts *o, struct lf_slice v, size_t width, bool whole, enum lf_cut cut, struct lf_buf *out)
{
	struct lf_buf shown;
	const char *s = v.s;
	size_t len = v.len, columns = v.len;

	lf_buf_init(&shown);
	if (!plain(v.s, v.len)) {
		lf_text_terminal(&shown, v.s, v.len);
		s = lf_buf_str(&shown);
		len = shown.failed ? 0 : shown.len;
		columns = lf_text_columns(s, len);
	}
	if (whole || columns <= width)
		lf_buf_add(out, s, len);
	else if (width > 0)
		columns = shortened(o, s, len, columns, width, cut, out);
	for (; columns < width; columns++)
		lf_buf_putc(out, ' ');
	out->failed |= shown.failed;
	lf_buf_free(&shown);
	return columns;
}

size_t
lf_cell_columns(struct lf_slice v)
{
	struct lf_buf shown;
	size_t columns = v.len;

	if (plain(v.s, v.len))
		return columns;
	lf_buf_init(&shown);
	lf_text_terminal(&shown, v.s, v.len);
	columns = shown.failed ? 0 : lf_text_columns(lf_buf_str(&shown), shown.len);
	lf_buf_free(&shown);
	return columns;
}

void
lf_cell_style(const struct lf_write_opts *o, enum lf_style s, struct lf_buf *out)
{
	if (o->color)
		lf_buf_puts(out, lf_style_sgr(s));
}

void
lf_cells_next(struct lf_cells *l, struct lf_slice v, size_t width, enum lf_cut cut, enum lf_style style)
{
	size_t start = l->target == 0 ? 0 : l->at + l->gap > l->target ? l->at + l->gap : l->target;
	bool whole = l->o->width == 0;

	for (; l->at < start; l->at++)
		lf_buf_putc(l->out, ' ');
	if (style != LF_PLAIN)
		lf_cell_style(l->o, style, l->out);
	l->at += lf_cell(l->o, v, whole ? 0 : width, whole, cut, l->out);
	if (style != LF_PLAIN)
		lf_cell_style(l->o, LF_PLAIN, l->out);
	l->target += width + l->gap;
}

/* The letters that stand for a word of a region's name, or NULL. */
static const char *
short_word(struct lf_slice w)
{
	static const char *const words[][2] = {{"north", "n"}, {"south", "s"}, {"east", "e"}, {"west", "w"}, {"central", "c"},
	    {"northeast", "ne"}, {"northwest", "nw"}, {"southeast", "se"}, {"southwest", "sw"}, {"gov", "g"}};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (w.len == strlen(words[i][0]) && memcmp(w.s, words[i][0], w.len) == 0)
			return words[i][1];
	return NULL;
}

struct lf_slice
lf_cell_region(struct lf_slice region, char buf[LF_REGION_SHORT])
{
	const char *dash = region.len == 0 ? NULL : memchr(region.s, '-', region.len), *letters;
	struct lf_slice rest, w;
	size_t n = 2;

	if (dash == NULL || dash - region.s != 2)
		return region;
	memcpy(buf, region.s, 2);
	for (rest = lf_slice_behind(region, 3); (dash = memchr(rest.s, '-', rest.len)) != NULL;
	    rest = lf_slice_behind(rest, w.len + 1)) {
		w = (struct lf_slice){rest.s, (size_t)(dash - rest.s)};
		if ((letters = short_word(w)) == NULL || n > 6)
			return region;
		n = (size_t)(stpcpy(buf + n, letters) - buf);
	}
	if (rest.len != 1 || rest.s[0] < '1' || rest.s[0] > '9')
		return region;
	buf[n++] = rest.s[0];
	return (struct lf_slice){buf, n};
}
