#include "report/report_page.h"

#include <string.h>

#include "base/text.h"
#include "report/html.h"

/* What the page needs beside the sheets of the other pages. */
const char lf_report_sheet[] =
    ".skip{position:absolute;left:-99rem}.skip:focus{position:static}\n"
    ".front{border-top:4px solid var(--accent);padding-top:.4rem}.verdict{font-size:1.35rem;margin:.8rem 0 .2rem}\n"
    "h2{border-bottom:2px solid var(--line);padding-bottom:.25rem;margin-top:2.6rem}"
    "h2 .no{color:var(--soft);font-weight:400;margin-right:.5rem}"
    "h3{margin:1.3rem 0 .5rem}h3.of{font-size:1rem;border-left:4px solid var(--accent);padding-left:.6rem}"
    ".card h3{margin-top:0}.map h3{margin-top:0}\n"
    ".toc ol{columns:3 16rem;column-gap:2rem;list-style:none;padding:0;margin:.4rem 0}.toc li{padding:.12rem 0}"
    ".toc li span{color:var(--soft);display:inline-block;min-width:1.7rem}\n"
    ".facts{max-width:62rem}.facts th{width:15rem}.notes{list-style:none;padding:0}"
    ".notes li{border-left:4px solid var(--warn);padding:.3rem .9rem;margin:.5rem 0;background:var(--card)}"
    ".notes li.soft{border-color:var(--line)}.none{color:var(--soft);font-style:italic}\n"
    "pre{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.7rem .9rem;font-size:.8rem;"
    "white-space:pre-wrap;overflow-wrap:anywhere}\n"
    ".sign{display:grid;grid-template-columns:1fr 1fr;gap:2.6rem 3rem;margin-top:2rem}"
    ".sign div{border-top:1px solid var(--ink);padding-top:.3rem;min-height:3.2rem;font-size:.85rem}"
    ".wide th{overflow-wrap:normal;white-space:nowrap}.wide td{overflow-wrap:break-word}"
    ".wide td code,.wide td.long{overflow-wrap:anywhere;word-break:normal}"
    ".wide+.soft,.wide+.wide{margin-top:.9rem}.tiles+.wide,.tiles+.notes{margin-top:1.4rem}p.key{float:none}"
    ".row.axis{display:grid;margin:0}.facts td{overflow-wrap:anywhere}"
    "a:focus-visible{outline:2px solid var(--accent);outline-offset:2px}\n"
    "@media(max-width:700px){.facts tr,.facts th,.facts td{display:block;border:0;padding:.1rem 0;width:auto}"
    ".facts tr{padding:.4rem 0;border-bottom:1px solid var(--line)}"
    "main{padding:1.2rem .9rem 3rem}.sign{grid-template-columns:1fr}.objects{font-size:.85rem}}\n"
    "@media print{body{font-size:9pt}h2{break-after:avoid}h3{break-after:avoid}.front+nav{break-after:auto}"
    "section{break-inside:auto}.wide table{font-size:7.5pt}td code,.objects code{font-size:6.8pt}"
    "td small{font-size:6.8pt}td small code,.objects small code{font-size:1em}.objects{font-size:8pt}"
    ".card{padding:.6rem .7rem}h1{font-size:17pt}.verdict{font-size:12pt}"
    "tr{break-inside:avoid}thead{display:table-header-group}.signing{break-before:page}"
    ".toc a{color:inherit;text-decoration:none}pre{break-inside:avoid}"
    ".notes li{break-inside:avoid}.chart{break-inside:avoid}.map{break-inside:auto}}\n";

void
lf_page_say(struct lf_page *p, const char *text)
{
	lf_buf_printf(&p->out, "<p class=\"soft\">%s</p>\n", text);
}

void
lf_page_rows(struct lf_page *p)
{
	lf_buf_puts(&p->out, "<table class=\"facts\">\n<tbody>\n");
}

static void
label_cell(struct lf_page *p, const char *label)
{
	lf_buf_printf(&p->out, "<tr><th scope=\"row\">%s</th><td>", label);
}

void
lf_page_row(struct lf_page *p, const char *label, const char *text)
{
	label_cell(p, label);
	if (text == NULL || *text == '\0')
		lf_buf_puts(&p->out, "<span class=\"none\">not recorded</span>");
	else
		lf_html_cut(&p->out, text, LF_PAGE_TEXT);
	lf_buf_puts(&p->out, "</td></tr>\n");
}

void
lf_page_row_number(struct lf_page *p, const char *label, uint64_t n)
{
	label_cell(p, label);
	lf_html_number(&p->out, n);
	lf_buf_puts(&p->out, "</td></tr>\n");
}

void
lf_page_rows_end(struct lf_page *p)
{
	lf_buf_puts(&p->out, "</tbody>\n</table>\n");
}

void
lf_page_table(struct lf_page *p, const char *heads)
{
	size_t n;

	lf_buf_puts(&p->out, "<div class=\"wide\" tabindex=\"0\">\n<table>\n<thead><tr>");
	for (; *heads != '\0'; heads += n + (heads[n] == '|')) {
		n = strcspn(heads, "|");
		lf_buf_puts(&p->out, *heads == '#' ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">");
		lf_buf_add(&p->out, heads + (*heads == '#'), n - (*heads == '#'));
		lf_buf_puts(&p->out, "</th>");
	}
	lf_buf_puts(&p->out, "</tr></thead>\n<tbody>\n");
}

static void
cell(struct lf_page *p, const char *class, const char *text)
{
	lf_buf_printf(&p->out, "<td%s>", class);
	lf_html_cut(&p->out, text != NULL ? text : "", LF_PAGE_TEXT);
	lf_buf_puts(&p->out, "</td>");
}

/* A long text may break anywhere, a short one stays whole. */
void
lf_page_cell(struct lf_page *p, const char *text)
{
	cell(p, text != NULL && strlen(text) > 24 ? " class=\"long\"" : "", text);
}

void
lf_page_cell_time(struct lf_page *p, const char *text)
{
	cell(p, text != NULL && strlen(text) > 24 ? " class=\"long\"" : " class=\"t\"", text);
}

void
lf_page_cell_code(struct lf_page *p, const char *text)
{
	lf_buf_puts(&p->out, "<td><code>");
	lf_html_cut(&p->out, text != NULL ? text : "", LF_PAGE_TEXT);
	lf_buf_puts(&p->out, "</code></td>");
}

void
lf_page_cell_number(struct lf_page *p, uint64_t n)
{
	lf_buf_puts(&p->out, "<td class=\"n\">");
	lf_html_number(&p->out, n);
	lf_buf_puts(&p->out, "</td>");
}

void
lf_page_table_end(struct lf_page *p, uint64_t left, const char *where)
{
	lf_buf_puts(&p->out, "</tbody>\n</table>\n</div>\n");
	if (left == 0)
		return;
	lf_buf_puts(&p->out, "<p class=\"note\">... and ");
	lf_html_number(&p->out, left);
	lf_buf_puts(&p->out, " more: ");
	lf_html_cut(&p->out, where, LF_PAGE_TEXT);
	lf_buf_puts(&p->out, " holds all, and so does the JSON twin of this report.</p>\n");
}

const struct lf_report_input *
lf_page_next(const struct lf_page *p, enum lf_report_tool tool, const struct lf_report_input *in)
{
	const struct lf_report_input *end = p->r->inputs + p->r->n_inputs;

	for (in = in == NULL ? p->r->inputs : in + 1; in < end; in++)
		if (in->tool == tool && !in->again)
			return in;
	return NULL;
}

void
lf_page_of(struct lf_page *p, const struct lf_report_input *in)
{
	const struct lf_report_input *first = lf_page_next(p, in->tool, NULL);

	if (lf_page_next(p, in->tool, first) == NULL)
		return;
	lf_buf_puts(&p->out, "<h3 class=\"of\">");
	lf_html_cut(&p->out, in->name, LF_PAGE_TEXT);
	lf_buf_puts(&p->out, "</h3>\n");
}

void
lf_page_command(struct lf_page *p, const char *tool, const json_t *arguments)
{
	struct lf_buf word;
	const json_t *o;
	size_t at;

	lf_buf_init(&word);
	lf_buf_puts(&word, tool);
	json_array_foreach(arguments, at, o) {
		if (word.len > LF_PAGE_TEXT * 4)
			break;
		lf_buf_putc(&word, ' ');
		lf_text_shell(&word, json_string_value(o) != NULL ? json_string_value(o) : "", json_string_length(o));
	}
	lf_buf_puts(&p->out, "<code>");
	lf_html_cut(&p->out, lf_buf_str(&word), LF_PAGE_TEXT * 4);
	lf_buf_puts(&p->out, "</code>");
	p->out.failed |= word.failed;
	lf_buf_free(&word);
}
