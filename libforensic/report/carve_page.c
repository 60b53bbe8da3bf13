#include "report/carve_page.h"

#include "report/html.h"

/* A page without a script: what hovering tells stands in the tables, too. */
const char lf_carve_sheet[] =
    LF_HTML_TABLES
    ".map figure{margin:.8rem 0 0;break-inside:avoid}.map figcaption{font-size:.85rem;overflow-wrap:anywhere}"
    ".map small{color:var(--soft)}"
    ".map svg{display:block;width:100%;margin-top:.2rem}.ground{fill:var(--line)}\n"
    ".key{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;font-size:.82rem}"
    ".key svg{height:.95em;margin-right:.4em;vertical-align:-.12em}\n"
    "rect.authentic{fill:var(--good)}rect.listed{fill:#5fae86}rect.whole{fill:var(--accent)}rect.joined{fill:#8a7fd6}"
    "rect.prefix{fill:var(--warn)}"
    "rect.resync{fill:#c98a4b}rect.record{fill:#3aa6b9}rect.fragment{fill:#b98aa0}rect.bad{fill:var(--bad)}"
    "rect.torn{stroke:var(--bad);stroke-width:2}\n"
    "th.n,td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}td.s{white-space:nowrap}\n"
    "@media print{tr{break-inside:avoid}h2{break-after:avoid}}\n";
