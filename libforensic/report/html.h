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

/* What pages of plain tables begin their sheets with: the lead, the tables, notes and the list of limits. */
#define LF_HTML_TABLES \
	".lead{font-size:1.1rem;margin:.6rem 0}.limits li{margin:.25rem 0}" \
	".note{border-left:3px solid var(--warn);padding:.3rem .9rem;margin:1rem 0}\n" \
	"table{width:100%;border-collapse:collapse;font-size:.86rem;line-height:1.4}" \
	"th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid var(--line);" \
	"overflow-wrap:anywhere;min-width:0}th{color:var(--soft);font-weight:600}" \
	"td small{display:block;color:var(--soft)}\n"

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
