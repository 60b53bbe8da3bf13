#include "report/text_parts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/utc.h"

const char *
lf_plural(uint64_t n, const char *what, char buf[48])
{
	snprintf(buf, 48, "%llu %s%s", (unsigned long long)n, what, n == 1 ? "" : "s");
	return buf;
}

uint64_t
lf_sum(const uint64_t *n, size_t count)
{
	uint64_t total = 0;

	while (count-- > 0)
		total += n[count];
	return total;
}

const char *
lf_verify_meaning(enum lf_verdict v)
{
	static const char *const meaning[] = {
	    "everything asked was proved, and nothing speaks against it.",
	    "something here is not what CloudTrail delivered. Read on.",
	    "nothing was found against it, but not all could be proved or read.",
	};

	return meaning[v];
}

void
lf_result_tally(const struct lf_result *r, uint64_t count[3])
{
	struct lf_finding x;
	struct lf_buf scratch;

	lf_buf_init(&scratch);
	memset(count, 0, 3 * sizeof(*count));
	for (uint32_t i = 0; i < r->n_findings; i++) {
		r->finding(r, i, &x, &scratch);
		count[x.severity]++;
	}
	lf_buf_free(&scratch);
}

void
lf_text_heading(struct lf_textw *w, const char *text)
{
	lf_textw_printf(w, "\n");
	lf_textw_style(w, LF_BOLD);
	lf_textw_printf(w, "%s", text);
	lf_textw_style(w, LF_PLAIN);
	lf_textw_printf(w, "\n");
}

void
lf_text_say(struct lf_textw *w, enum lf_style style, const char *line)
{
	lf_textw_style(w, style);
	lf_textw_wrap(w, 0, line);
	if (style != LF_PLAIN)
		lf_textw_style(w, LF_PLAIN);
}

void
lf_text_labelled(struct lf_textw *w, const char *label, const char *text)
{
	lf_textw_printf(w, "%s", label);
	lf_textw_safe(w, text, 0);
	lf_textw_printf(w, "\n");
}

bool
lf_select_restricts(const struct lf_select *s)
{
	return s->n_accounts + s->n_regions + s->n_trails > 0 || s->since != LF_TIME_NONE || s->until != LF_TIME_NONE ||
	    s->shards > 0;
}

void
lf_text_selection(struct lf_textw *w, const struct lf_select *s)
{
	const struct {
		const char *label;
		const char *const *list;
		size_t n;
	} only[] = {{"account", s->accounts, s->n_accounts}, {"region", s->regions, s->n_regions},
	    {"trail", s->trails, s->n_trails}};
	char time[LF_UTC_LEN];
	struct lf_buf text;

	if (!lf_select_restricts(s))
		return;
	lf_buf_init(&text);
	lf_buf_puts(&text, "Only part was asked for:");
	for (size_t i = 0; i < sizeof(only) / sizeof(only[0]); i++)
		for (size_t k = 0; k < only[i].n; k++)
			lf_buf_printf(&text, " %s %s", only[i].label, only[i].list[k]);
	if (s->since != LF_TIME_NONE)
		lf_buf_printf(&text, " since %s", lf_utc_format(s->since, time));
	if (s->until != LF_TIME_NONE)
		lf_buf_printf(&text, " until %s", lf_utc_format(s->until, time));
	if (s->shards > 0)
		lf_buf_printf(&text, " shard %u of %u: the others tell the rest", s->shard, s->shards);
	lf_textw_wrap(w, 0, lf_buf_str(&text));
	w->error = text.failed ? ENOMEM : w->error;
	lf_buf_free(&text);
}

void
lf_text_anchors(struct lf_textw *w, const struct lf_result *r)
{
	lf_text_heading(w, "TRUST ANCHORS");
	if (r->n_anchors == 0)
		lf_textw_wrap(w, 2,
		    "None: without -k no signature can be checked. `aws cloudtrail list-public-keys` gives the keys.");
	for (uint32_t i = 0; i < r->n_anchors; i++) {
		const struct lf_anchor_row *a = &r->anchors[i];
		uint32_t used = 0;
		char text[48];

		for (uint32_t k = 0; k < a->n_keys; k++)
			used += a->keys[k].used;
		lf_textw_printf(w, "  ");
		lf_textw_safe(w, a->file, 0);
		lf_textw_printf(w, ": %s, %u used\n", lf_plural(a->n_keys, "key", text), used);
		lf_text_labelled(w, "    SHA-256 ", a->sha256);
		for (uint32_t k = 0; k < a->n_keys; k++)
			if (a->keys[k].used) {
				lf_textw_printf(w, "    used: RSA-%u, ", a->keys[k].bits);
				lf_text_labelled(w, "fingerprint ", a->keys[k].fingerprint);
			}
	}
}

void
lf_text_limits(struct lf_textw *w, const char *(*limit)(size_t))
{
	for (size_t i = 0; limit(i) != NULL; i++)
		lf_textw_wrap(w, 2, limit(i));
}
