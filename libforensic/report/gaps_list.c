/* Gaps as paragraphs, unexplained and long ones first. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "report/gaps_form.h"
#include "report/gaps_tell.h"
#include "report/text_parts.h"

#define INDENT     13  /* of what stands behind a label */
#define GROUPS_MAX 100 /* shown without -v */

static void
say(void *arg, const char *label, const char *text)
{
	char padded[INDENT + 1];

	snprintf(padded, sizeof(padded), "   %s", label);
	lf_textw_hang(arg, INDENT, padded, text);
}

static void
group(struct lf_textw *w, const struct lf_coverage *c, const struct lf_gap_group *g, uint32_t number, bool all)
{
	struct lf_buf title;
	char label[16];

	lf_buf_init(&title);
	lf_gap_title(g, &title);
	snprintf(label, sizeof(label), "%2u", number);
	lf_textw_printf(w, "\n");
	lf_textw_style(w, g->first->explained ? LF_YELLOW : LF_RED);
	lf_textw_hang(w, strlen(label) + 1, label, lf_buf_str(&title));
	lf_textw_style(w, LF_PLAIN);
	if (title.failed || !lf_gap_tell(c, g, all, say, w))
		w->error = ENOMEM;
	lf_buf_free(&title);
}

void
lf_gaps_list(struct lf_textw *w, const struct lf_coverage *c, const struct lf_write_opts *o)
{
	struct lf_gap_groups groups;

	if (c->gaps.n == 0)
		return;
	if (!lf_gap_groups_make(c, &groups)) {
		w->error = ENOMEM;
		return;
	}
	lf_text_heading(w, "GAPS");
	for (uint32_t i = 0; i < groups.n; i++) {
		if (i == GROUPS_MAX && !o->detail) {
			lf_textw_printf(w, "\n... and %u more: -v or -f json lists all\n", groups.n - i);
			break;
		}
		group(w, c, &groups.list[i], i + 1, o->detail);
	}
	lf_gap_groups_free(&groups);
}
