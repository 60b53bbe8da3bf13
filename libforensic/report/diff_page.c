#include "report/diff_page.h"

/* A page without a script.  Colours do not stand alone: A has "-", B has "+". */
const char lf_diff_sheet[] =
    ".lead{font-size:1.1rem;margin:.6rem 0}.pair{display:grid;grid-template-columns:1fr 1fr;gap:.75rem;margin-top:1rem}"
    ".pair p{overflow-wrap:anywhere}.a{color:var(--bad)}.b{color:var(--good)}.a::before{content:\"- \"}.b::before{content:\"+ \"}\n"
    ".told{margin-top:.8rem;border-left:4px solid var(--warn);break-inside:avoid}.told h3{font-size:.95rem;overflow-wrap:anywhere;margin:0}"
    ".told p{overflow-wrap:anywhere}.told table{margin-top:.5rem}\n"
    "table{width:100%;border-collapse:collapse;font-size:.86rem;line-height:1.4}th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;"
    "border-bottom:1px solid var(--line);overflow-wrap:anywhere;min-width:0}th{color:var(--soft);font-weight:600}"
    "td small{display:block;color:var(--soft)}td small.good{color:var(--good)}td small.bad{color:var(--bad)}td small.warn{color:var(--warn)}"
    ".fields{table-layout:fixed}.fields th:first-child{width:24%}td.a,td.b{white-space:pre-wrap}td.t{white-space:nowrap}\n"
    ".proof{border-left:3px solid var(--accent);padding:.2rem .9rem;margin:.8rem 0}.limits li{margin:.25rem 0}"
    ".note{border-left:3px solid var(--warn);padding:.3rem .9rem;margin:1rem 0}\n"
    "@media(max-width:700px){.pair{grid-template-columns:1fr}td.t{white-space:normal}}\n"
    "@media print{tr{break-inside:avoid}h2,h3{break-after:avoid}}\n";
