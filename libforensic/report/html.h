/*
 * Pages of HTML that stand alone: escaping, and the frame that all of them share.  A page loads nothing, and its
 * Content-Security-Policy says so: one style sheet and at most one script are allowed, by their SHA-256 (CSP Level 3,
 * "Hash usage for script and style elements").  So no element may have a style attribute or an event handler; pictures
 * are inline SVG with attributes.
 */
#ifndef LF_REPORT_HTML_H
#define LF_REPORT_HTML_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Text from evidence, for content and for attributes in double quotes.  Control, bidi and other format characters and
 * invalid bytes are shown as lf_text_terminal() shows them: what is read is what is there. */
void lf_html_text(struct lf_buf *out, const char *s, size_t len);
void lf_html_puts(struct lf_buf *out, const char *s);

/* The same of no more than max bytes, not into a character; what is cut says how long it was. */
void lf_html_cut(struct lf_buf *out, const char *s, size_t max);

/* 1234567 as 1,234,567. */
void lf_html_number(struct lf_buf *out, uint64_t n);

/*
 * Everything up to and with <main> and the <h1>.  style is added to the sheet that all pages share; script may be
 * NULL.  Both are our own text, never evidence, and hold no "</".  script is written by lf_html_end(), which must get
 * the same. When OpenSSL gives no hash, out fails.
 */
void lf_html_begin(struct lf_buf *out, const char *title, const char *style, const char *script);
void lf_html_end(struct lf_buf *out, const char *script);

/* A tile of a row of figures: number and what it counts.  tone is "", "good", "bad" or "warn". */
void lf_html_tile(struct lf_buf *out, uint64_t n, const char *label, const char *tone);

#endif
