#include "report/html.h"

#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "base/hash.h"
#include "base/text.h"

/* What all pages share.  Colours by name, for light, dark and paper; text in the fonts of the reader's system. */
static const char sheet[] =
    ":root{color-scheme:light dark;--bg:#fbfbfa;--card:#fff;--ink:#1d2129;--soft:#5f6773;--line:#e3e5e8;"
    "--hover:#f1f4f8;"
    "--accent:#2f6feb;--ok:#8fb3d9;--good:#1a7f4b;--bad:#c8372d;--warn:#9a6700;--badbg:#fdf0ee}\n"
    "@media(prefers-color-scheme:dark){:root{--bg:#14171c;--card:#1b1f26;--ink:#e4e7ec;--soft:#98a1ae;--line:#2c323b;"
    "--hover:#232932;"
    "--accent:#79a8ff;--ok:#4f7eae;--good:#57c98b;--bad:#ff7b6e;--warn:#e3b341;--badbg:#2d1d1d}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:var(--bg);color:var(--ink);"
    "font:15px/1.5 system-ui,-apple-system,\"Segoe UI\",Roboto,\"Noto Sans\",sans-serif}\n"
    "main{max-width:1500px;margin:0 auto;padding:2rem 1.5rem 4rem}\n"
    "h1{font-size:1.6rem;font-weight:650;letter-spacing:-.01em;margin:0 0 .25rem}\n"
    "h2{font-size:1.05rem;font-weight:650;margin:2.2rem 0 .7rem}\n"
    "h3{font-size:.9rem;font-weight:600;margin:0 0 .5rem}\n"
    "p{margin:.3rem 0}a{color:var(--accent)}\n"
    "code,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,\"DejaVu Sans Mono\",monospace;"
    "font-size:.86em}\n"
    ".soft{color:var(--soft)}.good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}\n"
    ".card{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:1rem 1.1rem}\n"
    ".tiles{display:flex;flex-wrap:wrap;gap:.75rem;margin:1.2rem 0 0}\n"
    ".tile{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.6rem 1rem;min-width:7.5rem}\n"
    ".tile b{display:block;font-size:1.35rem;font-weight:650;font-variant-numeric:tabular-nums;line-height:1.3}\n"
    ".tile span{color:var(--soft);font-size:.85rem}\n"
    "footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--soft);font-size:.85rem}\n"
    "@page{margin:17mm 15mm 19mm;@bottom-right{content:\"page \" counter(page) \" of \" counter(pages);"
    "font:8pt sans-serif;color:#444}}\n"
    "@media print{:root{color-scheme:light;--bg:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--hover:#fff;"
    "--ok:#9ab;--good:#060;"
    "--bad:#a00;--warn:#740;--badbg:#fff}body{font-size:9.5pt}main{max-width:none;padding:0}"
    ".card,.tile{break-inside:avoid}.noprint{display:none!important}}\n";

/* Escapes what lf_text_terminal() leaves: all is printable by now. */
static void
escape(struct lf_buf *out, const char *s, size_t len)
{
	size_t run;

	for (; len > 0; s += run, len -= run) {
		for (run = 0; run < len && strchr("&<>\"'", s[run]) == NULL;)
			run++;
		if (run > 0) {
			lf_buf_add(out, s, run);
			continue;
		}
		run = 1;
		lf_buf_puts(out, *s == '&' ? "&amp;" : *s == '<' ? "&lt;" : *s == '>' ? "&gt;" : *s == '"' ? "&quot;" : "&#39;");
	}
}

/* Whether nothing needs an escape of either kind. */
static bool
plain(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (s[i] < 0x20 || s[i] >= 0x7f || s[i] == '&' || s[i] == '<' || s[i] == '>' || s[i] == '"' || s[i] == '\'')
			return false;
	return true;
}

void
lf_html_text(struct lf_buf *out, const char *s, size_t len)
{
	struct lf_buf shown;

	if (plain(s, len)) {
		lf_buf_add(out, s, len);
		return;
	}
	lf_buf_init(&shown);
	lf_text_terminal(&shown, s, len);
	if (shown.failed)
		out->failed = true;
	else
		escape(out, shown.data, shown.len);
	lf_buf_free(&shown);
}

void
lf_html_puts(struct lf_buf *out, const char *s)
{
	lf_html_text(out, s, strlen(s));
}

void
lf_html_cut(struct lf_buf *out, const char *s, size_t max)
{
	size_t len = strlen(s), n = len;

	if (len > max) {
		n = max;
		for (int back = 0; back < 3 && n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80; back++)
			n--;
	}
	lf_html_text(out, s, n);
	if (n == len)
		return;
	lf_buf_puts(out, "<small class=\"soft\"> ... cut here: ");
	lf_html_number(out, len);
	lf_buf_puts(out, " bytes in all</small>");
}

void
lf_html_number(struct lf_buf *out, uint64_t n)
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)n);

	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			lf_buf_putc(out, ',');
		lf_buf_putc(out, digits[i]);
	}
}

/* " 'sha256-...'" of one or two texts, one behind the other. */
static void
source_hash(struct lf_buf *out, const char *a, const char *b)
{
	unsigned char sum[LF_SHA256_LEN];
	struct lf_err err;
	struct lf_hash *h = lf_hash_new(&err);

	if (h == NULL || lf_hash_start(h) != 0 || lf_hash_add(h, a, strlen(a)) != 0 || lf_hash_add(h, b, strlen(b)) != 0 ||
	    lf_hash_end(h, sum) != 0) {
		out->failed = true;
	} else {
		lf_buf_puts(out, " 'sha256-");
		lf_base64_encode(sum, sizeof(sum), out);
		lf_buf_putc(out, '\'');
	}
	lf_hash_free(h);
}

void
lf_html_begin(struct lf_buf *out, const char *title, const char *style, const char *script)
{
	lf_buf_puts(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri 'none'; form-action 'none'; "
	    "style-src");
	source_hash(out, sheet, style);
	if (script != NULL) {
		lf_buf_puts(out, "; script-src");
		source_hash(out, script, "");
	}
	lf_buf_puts(out, "\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
	lf_html_puts(out, title);
	lf_buf_puts(out, "</title>\n<style>");
	lf_buf_puts(out, sheet);
	lf_buf_puts(out, style);
	lf_buf_puts(out, "</style>\n</head>\n<body>\n<main>\n<h1>");
	lf_html_puts(out, title);
	lf_buf_puts(out, "</h1>\n");
}

void
lf_html_end(struct lf_buf *out, const char *script)
{
	lf_buf_puts(out, "</main>\n");
	if (script != NULL) {
		lf_buf_puts(out, "<script>");
		lf_buf_puts(out, script);
		lf_buf_puts(out, "</script>\n");
	}
	lf_buf_puts(out, "</body>\n</html>\n");
}

void
lf_html_tile(struct lf_buf *out, uint64_t n, const char *label, const char *tone)
{
	lf_buf_printf(out, "<div class=\"tile\"><b class=\"%s\">", tone);
	lf_html_number(out, n);
	lf_buf_puts(out, "</b><span>");
	lf_html_puts(out, label);
	lf_buf_puts(out, "</span></div>\n");
}
