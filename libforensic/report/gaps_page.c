#include "report/gaps_page.h"

#include "report/html.h"

/* A page without a script: what hovering tells stands in the tables, too. */
const char lf_gaps_sheet[] =
    LF_HTML_TABLES
    ".defs{position:absolute}\n"
    ".map section{break-inside:avoid;margin-top:.9rem}.map .calm+.calm,.map .calm{margin-top:.15rem}.map h3{margin:0 0 .15rem}.map h3 small{font-weight:400;color:var(--soft)}"
    ".row{display:grid;grid-template-columns:minmax(6rem,15rem) 1fr;gap:0 .8rem;align-items:center;line-height:1.25;margin:.2rem 0}"
    ".row>span{font-size:.8rem;overflow-wrap:anywhere}.row small{color:var(--soft)}"
    ".row>svg{display:block;width:100%;height:1.05rem;border-bottom:1px solid var(--line)}"
    ".axis div{display:flex;justify-content:space-between;gap:.5rem;color:var(--soft);font-size:.75rem;white-space:nowrap;overflow:hidden}"
    ".key{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;font-size:.82rem}.key svg{height:.85em;margin-right:.4em;vertical-align:-.08em}"
    ".key+.soft{font-size:.85rem;margin:.3rem 0 .6rem}\n"
    ".ok{fill:var(--ok)}.quiet{fill:var(--ok)}.un{fill:url(#p-un)}.logs{fill:url(#p-logs)}.hole{fill:url(#p-hole)}"
    ".gap{fill:url(#p-gap);stroke:var(--warn);stroke-width:12}.blind{fill:var(--bad)}"
    ".ground{fill:var(--card)}.p-un{fill:var(--warn)}.p-logs{stroke:var(--accent);stroke-width:14}.p-hole{stroke:var(--soft);stroke-width:16}"
    ".p-gap{stroke:var(--warn);stroke-width:14}.hit{fill:var(--warn)}.try{fill:var(--card);stroke:var(--soft);stroke-width:14}"
    ".row a:hover rect,.hit:hover,.try:hover{opacity:.7}.row>svg a:focus-visible rect{stroke:var(--accent);stroke-width:40}\n"
    ".told{margin-top:.8rem;border-left:4px solid var(--warn)}.told.blind-told{border-left-color:var(--bad)}.told:target{background:var(--hover)}"
    ".told h3{font-size:1rem}.told dl{display:grid;grid-template-columns:6.5rem 1fr;gap:.1rem .8rem;margin:0}"
    ".told dt{color:var(--soft)}.told dd{margin:0;overflow-wrap:anywhere}.told dd:only-of-type{grid-column:2}\n"
    "tr.tried{color:var(--soft)}.touched td:first-child{white-space:nowrap}.touched{table-layout:fixed}.touched th:nth-child(1){width:18.5%}"
    ".touched th:nth-child(2){width:17%}.touched th:nth-child(3){width:18%}.touched th:nth-child(5){width:13%}.touched th:nth-child(6){width:14%}\n"
    "@media(max-width:900px){.axis div span:nth-child(even){display:none}}\n"
    "@media(max-width:700px){.row{grid-template-columns:6rem 1fr}.told dl{grid-template-columns:4.5rem 1fr}"
    ".axis div span:nth-child(3){display:none}.touched thead{display:none}.touched tr{display:block;padding:.5rem 0;border-bottom:1px solid var(--line)}"
    ".touched td{display:block;border:0;padding:.05rem 0}}\n"
    "@media print{html{font-size:12.5px}th,td{padding:.3rem .25rem}.axis div span:nth-child(even){display:none}.row,tr,.told{break-inside:avoid}h2,h3{break-after:avoid}.row>svg{height:.8rem}.ok{fill:#b9c4cf}.quiet{fill:#b9c4cf}"
    ".blind{fill:#000}a{color:inherit}}\n";
