/*
 * Text for people: words wrapped to the terminal's width, colours, columns.  Strings from evidence are made printable
 * on the way.  Errors are sticky: look once, at lf_textw_finish().
 */
#ifndef LF_REPORT_TEXTW_H
#define LF_REPORT_TEXTW_H

#include "base/buf.h"
#include "base/err.h"

enum lf_style { LF_PLAIN, LF_BOLD, LF_DIM, LF_RED, LF_GREEN, LF_YELLOW, LF_CYAN };

/* The SGR sequence of a style. */
const char *lf_style_sgr(enum lf_style s);

struct lf_textw {
	lf_write_fn *write;
	void *arg;
	bool color;
	size_t width;
	struct lf_buf buf, word; /* word: scratch */
	int error;
};

void lf_textw_init(struct lf_textw *w, const struct lf_write_opts *o, lf_write_fn *write, void *arg);

/* Our own text, as it stands. */
void lf_textw_printf(struct lf_textw *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Starts and ends a style; nothing without colour. */
void lf_textw_style(struct lf_textw *w, enum lf_style s);

/* Text from evidence, made printable; with pad, filled up to that many columns. */
void lf_textw_safe(struct lf_textw *w, const char *text, size_t pad);

void lf_textw_safe_n(struct lf_textw *w, const char *text, size_t len);

/* A paragraph that may hold text from evidence: wrapped, each line indented. */
void lf_textw_wrap(struct lf_textw *w, size_t indent, const char *text);

/* The same with a label of our own in the first line's indent. */
void lf_textw_hang(struct lf_textw *w, size_t indent, const char *label, const char *text);

/* Bytes for people: "1.4 GiB". */
void lf_textw_size(struct lf_textw *w, uint64_t bytes);

/* Writes the rest, and frees.  Returns 0, or -1 with the first error. */
int lf_textw_finish(struct lf_textw *w, struct lf_err *err) __attribute__((warn_unused_result));

#endif
