#include "report/diff_page.h"

#include "report/html.h"

/* A page without a script.  Colours do not stand alone: A has "-", B has "+". */
const char lf_diff_sheet[] =
    LF_HTML_TABLES
    ".pair{display:grid;grid-template-columns:1fr 1fr;gap:.75rem;margin-top:1rem}"
    ".pair p{overflow-wrap:anywhere}.a{color:var(--bad)}.b{color:var(--good)}.a::before{content:\"- \"}"
    ".b::before{content:\"+ \"}\n"
    ".told{margin-top:.8rem;border-left:4px solid var(--warn);break-inside:avoid}"
    ".told h3{font-size:.95rem;overflow-wrap:anywhere;margin:0}"
    ".told p{overflow-wrap:anywhere}.told table{margin-top:.5rem}\n"
    "td small.good{color:var(--good)}td small.bad{color:var(--bad)}td small.warn{color:var(--warn)}"
    ".fields{table-layout:fixed}.fields th:first-child{width:24%}td.a,td.b{white-space:pre-wrap}"
    "td.t{white-space:nowrap}\n"
    ".proof{border-left:3px solid var(--accent);padding:.2rem .9rem;margin:.8rem 0}\n"
    "@media(max-width:700px){.pair{grid-template-columns:1fr}td.t{white-space:normal}}\n"
    "@media print{tr{break-inside:avoid}h2,h3{break-after:avoid}}\n";
