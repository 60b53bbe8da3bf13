#include "report/textw.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "base/text.h"

#define FLUSH_AT (64U << 10)

void
lf_textw_init(struct lf_textw *w, const struct lf_write_opts *o, lf_write_fn *write, void *arg)
{
	memset(w, 0, sizeof(*w));
	w->write = write;
	w->arg = arg;
	w->color = o->color;
	w->width = o->width > 0 ? o->width : 80;
	if (w->width < 40)
		w->width = 40;
	lf_buf_init(&w->buf);
	lf_buf_init(&w->word);
}

static void
flush(struct lf_textw *w, size_t at)
{
	if (w->buf.failed && w->error == 0)
		w->error = ENOMEM;
	if (w->buf.len <= at || w->error != 0)
		return;
	if (w->write(w->arg, w->buf.data, w->buf.len) != 0)
		w->error = errno != 0 ? errno : EIO;
	lf_buf_reset(&w->buf);
}

void
lf_textw_printf(struct lf_textw *w, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	lf_buf_vprintf(&w->buf, fmt, ap);
	va_end(ap);
	flush(w, FLUSH_AT);
}

const char *
lf_style_sgr(enum lf_style s)
{
	static const char *const sgr[] = {
	    "\033[0m", "\033[1m", "\033[2m", "\033[1;31m", "\033[1;32m", "\033[1;33m", "\033[36m"};

	return sgr[s];
}

void
lf_textw_style(struct lf_textw *w, enum lf_style s)
{
	if (w->color)
		lf_buf_puts(&w->buf, lf_style_sgr(s));
}

void
lf_textw_safe_n(struct lf_textw *w, const char *text, size_t len)
{
	lf_buf_reset(&w->word);
	lf_text_terminal(&w->word, text, len);
	if (w->word.failed)
		w->error = ENOMEM;
	else
		lf_buf_add(&w->buf, lf_buf_str(&w->word), w->word.len);
}

void
lf_textw_safe(struct lf_textw *w, const char *text, size_t pad)
{
	size_t columns;

	lf_textw_safe_n(w, text, strlen(text));
	columns = lf_text_columns(lf_buf_str(&w->word), w->word.len);
	for (; columns < pad; columns++)
		lf_buf_putc(&w->buf, ' ');
}

void
lf_textw_wrap(struct lf_textw *w, size_t indent, const char *text)
{
	lf_textw_hang(w, indent, "", text);
}

void
lf_textw_hang(struct lf_textw *w, size_t indent, const char *label, const char *text)
{
	size_t column = 0, columns;
	const char *p, *end;

	lf_buf_reset(&w->word);
	lf_text_terminal(&w->word, text, strlen(text));
	if (w->word.failed)
		w->error = ENOMEM;
	for (p = lf_buf_str(&w->word); *p != '\0'; p = end) {
		p += strspn(p, " ");
		end = p + strcspn(p, " ");
		if (end == p)
			break;
		columns = lf_text_columns(p, (size_t)(end - p));
		if (column > 0 && column + 1 + columns > w->width) {
			lf_buf_putc(&w->buf, '\n');
			column = 0;
		}
		if (column == 0)
			lf_buf_printf(&w->buf, "%-*s", (int)indent, label);
		else
			lf_buf_putc(&w->buf, ' ');
		column = (column == 0 ? indent : column + 1) + columns;
		label = "";
		lf_buf_add(&w->buf, p, (size_t)(end - p));
	}
	lf_buf_putc(&w->buf, '\n');
	flush(w, FLUSH_AT);
}

void
lf_textw_size(struct lf_textw *w, uint64_t bytes)
{
	static const char *const units[] = {"KiB", "MiB", "GiB", "TiB", "PiB"};
	double n = (double)bytes / 1024;
	size_t u = 0;

	if (bytes < 1024) {
		lf_textw_printf(w, "%llu bytes", (unsigned long long)bytes);
		return;
	}
	for (; n >= 1024 && u + 1 < sizeof(units) / sizeof(units[0]); u++)
		n /= 1024;
	lf_textw_printf(w, "%.1f %s", n, units[u]);
}

int
lf_textw_finish(struct lf_textw *w, struct lf_err *err)
{
	int error;

	flush(w, 0);
	error = w->error;
	lf_buf_free(&w->buf);
	lf_buf_free(&w->word);
	if (error == 0)
		return 0;
	errno = error;
	return lf_err_sys(err, "cannot write the report");
}
