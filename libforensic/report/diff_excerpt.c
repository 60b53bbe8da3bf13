#include "report/diff_excerpt.h"

#include <stdint.h>

#include "base/text.h"

/* Where the character in front of at begins. */
static size_t
character_before(const char *s, size_t at)
{
	at--;
	while (at > 0 && ((unsigned char)s[at] & 0xc0) == 0x80)
		at--;
	return at;
}

/* The length of what both begin with, whole characters. */
static size_t
common_start(const struct lf_buf *a, const struct lf_buf *b)
{
	size_t n = 0;

	while (n < a->len && n < b->len && a->data[n] == b->data[n])
		n++;
	while (n > 0 && ((n < a->len && ((unsigned char)a->data[n] & 0xc0) == 0x80) ||
			    (n < b->len && ((unsigned char)b->data[n] & 0xc0) == 0x80)))
		n--;
	return n;
}

/* Where to begin so that what stands at "at" is a third of width away from the start. */
static size_t
start_for(const struct lf_buf *s, size_t at, size_t width)
{
	size_t columns = 0, before;

	if (lf_text_columns(s->data, at) <= width * 2 / 3)
		return 0;
	while (at > 0) {
		before = character_before(s->data, at);
		columns += lf_text_columns(s->data + before, at - before);
		if (columns > width / 3)
			break;
		at = before;
	}
	return at;
}

/* Printable text from a place on, in at most width columns. */
static void
cut(const struct lf_buf *s, size_t from, size_t width, bool ascii, struct lf_buf *out)
{
	const char *ellipsis = ascii ? "~" : "…";
	size_t room = from > 0 ? width - 1 : width, end = from, columns = 0, used, wide;
	bool all = lf_text_columns(lf_buf_str(s) + from, s->len - from) <= room;
	uint32_t cp;

	lf_buf_puts(out, from > 0 ? ellipsis : "");
	for (; end < s->len; end += used, columns += wide) {
		used = lf_utf8_decode(s->data + end, s->len - end, &cp);
		used = used == 0 ? 1 : used;
		wide = lf_text_columns(s->data + end, used);
		if (!all && columns + wide > room - 1)
			break;
	}
	lf_buf_add(out, lf_buf_str(s) + from, end - from);
	lf_buf_puts(out, all ? "" : ellipsis);
}

void
lf_diff_excerpt(const struct lf_slice value[2], size_t width, bool ascii, struct lf_buf out[2])
{
	bool both = value[0].s != NULL && value[1].s != NULL;
	struct lf_buf shown[2];
	size_t from = 0, at;

	for (unsigned i = 0; i < 2; i++) {
		lf_buf_init(&shown[i]);
		if (value[i].s != NULL)
			lf_text_terminal(&shown[i], value[i].s, value[i].len);
		out[i].failed |= shown[i].failed;
	}
	if (width > 0 && both && !shown[0].failed && !shown[1].failed && shown[0].len > 0 && shown[1].len > 0) {
		at = common_start(&shown[0], &shown[1]);
		for (unsigned i = 0; i < 2 && from == 0; i++)
			if (lf_text_columns(shown[i].data, shown[i].len) > width)
				from = start_for(&shown[i], at, width);
	}
	for (unsigned i = 0; i < 2; i++) {
		if (width == 0)
			lf_buf_puts(&out[i], lf_buf_str(&shown[i]));
		else if (!shown[i].failed)
			cut(&shown[i], from, width, ascii, &out[i]);
		lf_buf_free(&shown[i]);
	}
}
