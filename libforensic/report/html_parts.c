#include "report/html_parts.h"

#include "base/utc.h"
#include "report/html.h"
#include "report/text_parts.h"

static void
names(struct lf_buf *out, const char *what, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		lf_buf_printf(out, " %s ", what);
		lf_html_puts(out, list[i]);
	}
}

void
lf_html_selection(struct lf_buf *out, const struct lf_select *s)
{
	char time[LF_UTC_LEN];

	if (!lf_select_restricts(s))
		return;
	lf_buf_puts(out, "Only part was asked for:");
	names(out, "account", s->accounts, s->n_accounts);
	names(out, "region", s->regions, s->n_regions);
	names(out, "trail", s->trails, s->n_trails);
	if (s->since != LF_TIME_NONE)
		lf_buf_printf(out, " since %s", lf_utc_format(s->since, time));
	if (s->until != LF_TIME_NONE)
		lf_buf_printf(out, " until %s", lf_utc_format(s->until, time));
	if (s->shards > 0)
		lf_buf_printf(out, " shard %u of %u", s->shard, s->shards);
	lf_buf_puts(out, ". ");
}

void
lf_html_anchors(struct lf_buf *out, const struct lf_result *r)
{
	lf_buf_puts(out, "<h2>Trust anchors</h2>\n");
	if (r->n_anchors == 0) {
		lf_buf_puts(out, "<p class=\"soft\">None: without public keys no signature can be checked.</p>\n");
		return;
	}
	lf_buf_puts(out,
	    "<table>\n<thead><tr><th scope=\"col\">File</th><th scope=\"col\">SHA-256</th><th scope=\"col\">Keys used</th>"
	    "</tr></thead>\n<tbody>\n");
	for (uint32_t i = 0; i < r->n_anchors; i++) {
		const struct lf_anchor_row *a = &r->anchors[i];

		lf_buf_puts(out, "<tr><td>");
		lf_html_puts(out, a->file);
		lf_buf_puts(out, "</td><td class=\"mono\">");
		lf_html_puts(out, a->sha256);
		lf_buf_puts(out, "</td><td>");
		for (uint32_t k = 0; k < a->n_keys; k++) {
			if (!a->keys[k].used)
				continue;
			lf_buf_printf(out, "<small>RSA-%u, fingerprint ", a->keys[k].bits);
			lf_html_puts(out, a->keys[k].fingerprint);
			lf_buf_puts(out, "</small>");
		}
		lf_buf_puts(out, "</td></tr>\n");
	}
	lf_buf_puts(out, "</tbody>\n</table>\n");
}

void
lf_html_limits(struct lf_buf *out, const char *(*limit)(size_t))
{
	for (size_t i = 0; limit(i) != NULL; i++) {
		lf_buf_puts(out, "<li>");
		lf_html_puts(out, limit(i));
		lf_buf_puts(out, "</li>\n");
	}
}

void
lf_html_skipped_start(struct lf_buf *out)
{
	lf_buf_puts(out,
	    "<h2>Not read</h2>\n<table>\n<thead><tr><th scope=\"col\">Object</th><th scope=\"col\">Why</th></tr></thead>\n"
	    "<tbody>\n");
}

void
lf_html_skip(struct lf_buf *out, const char *locator, const char *reason)
{
	lf_buf_puts(out, "<tr><td>");
	lf_html_puts(out, locator);
	lf_buf_puts(out, "</td><td>");
	lf_html_puts(out, reason);
	lf_buf_puts(out, "</td></tr>\n");
}

void
lf_html_skipped_end(struct lf_buf *out, uint64_t left)
{
	lf_buf_puts(out, "</tbody>\n</table>\n");
	if (left > 0)
		lf_buf_printf(out, "<p class=\"note\">... and %llu more: the format json holds all.</p>\n", (unsigned long long)left);
}
