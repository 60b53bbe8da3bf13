#include "report/verify_text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/utc.h"
#include "report/text_parts.h"
#include "report/words.h"

/* Objects shown of one kind of finding without -v: of alerts, warnings and notices. */
static const uint32_t shown[] = {12, 6, 2};

static const enum lf_style verdict_style[] = {LF_GREEN, LF_RED, LF_YELLOW};
static const enum lf_style severity_style[] = {LF_RED, LF_YELLOW, LF_CYAN};

static void
verdict(struct lf_textw *w, const struct lf_result *r)
{
	static const char *const words[] = {"VERIFIED", "FINDINGS", "INCONCLUSIVE"};
	const struct lf_summary *s = &r->summary;
	char text[3][48];
	uint64_t count[3];

	lf_result_tally(r, count);
	lf_textw_style(w, verdict_style[r->verdict]);
	lf_textw_printf(w, "%s", words[r->verdict]);
	lf_textw_style(w, LF_PLAIN);
	lf_textw_printf(w, ": %s\n", lf_verify_meaning(r->verdict));
	lf_textw_printf(w, "%llu of %llu digests and %llu of %llu logs are proved. %s, %s, %s.\n",
	    (unsigned long long)s->digests[0], (unsigned long long)lf_sum(s->digests, 5), (unsigned long long)s->logs[0],
	    (unsigned long long)lf_sum(s->logs, 7), lf_plural(count[LF_ALERT], "alert", text[0]),
	    lf_plural(count[LF_WARNING], "warning", text[1]), lf_plural(count[LF_NOTICE], "notice", text[2]));
	if (r->n_skipped > 0)
		lf_textw_printf(w, "%s could not be read or understood: see NOT READ.\n",
		    lf_plural(r->n_skipped, "object", text[0]));
	lf_text_selection(w, &r->select);
}

/* Widths of the columns of chains. */
struct columns {
	size_t account, region, trail;
};

static void
grow(size_t *width, const char *text)
{
	size_t n = strlen(text);

	if (n > *width)
		*width = n > 40 ? 40 : n;
}

static void
chain_line(struct lf_textw *w, const struct lf_chain_row *c, const struct columns *width)
{
	char first[LF_UTC_LEN], last[LF_UTC_LEN];

	lf_textw_printf(w, "  ");
	lf_textw_safe(w, c->account, width->account + 1);
	lf_textw_safe(w, c->region, width->region + 1);
	lf_textw_safe(w, c->trail, width->trail + 1);
	lf_textw_printf(w, "%-20s %-20s %7llu %7llu  ", lf_utc_format(c->first, first), lf_utc_format(c->last, last),
	    (unsigned long long)c->digests, (unsigned long long)c->logs);
	lf_textw_style(w, verdict_style[c->verdict]);
	lf_textw_printf(w, "%s", lf_verdict_name(c->verdict));
	lf_textw_style(w, LF_PLAIN);
	if (strcmp(c->kind, "backfill") == 0)
		lf_textw_printf(w, " (backfill)");
	if (c->n_segments > 1)
		lf_textw_printf(w, " (%u segments)", c->n_segments);
	lf_textw_printf(w, "\n");
}

static void
chains(struct lf_textw *w, const struct lf_result *r)
{
	struct columns width = {7, 6, 5};

	lf_text_heading(w, "CHAINS");
	if (r->n_chains == 0) {
		lf_textw_wrap(w, 2, lf_select_restricts(&r->select)
			? "No digest of what was asked for is in the evidence: run again without the options that select."
			: "No digest was found: nothing can be proved. A copy of CloudTrail/ alone lacks them; they lie in "
			  "CloudTrail-Digest/ of the same bucket.");
		return;
	}
	for (uint32_t i = 0; i < r->n_chains; i++) {
		grow(&width.account, r->chains[i].account);
		grow(&width.region, r->chains[i].region);
		grow(&width.trail, r->chains[i].trail);
	}
	lf_textw_style(w, LF_DIM);
	lf_textw_printf(w, "  %-*s %-*s %-*s %-20s %-20s %7s %7s  %s", (int)width.account, "account", (int)width.region,
	    "region", (int)width.trail, "trail", "first", "last", "digests", "logs", "verdict");
	lf_textw_style(w, LF_PLAIN);
	lf_textw_printf(w, "\n");
	for (uint32_t i = 0; i < r->n_chains; i++)
		chain_line(w, &r->chains[i], &width);
}

/* The length of locator in front of the key of object, when it ends in that key; 0 otherwise. */
static size_t
root_of(const char *object, const char *locator)
{
	const char *key = strstr(object, "AWSLogs/");
	size_t n = strlen(locator), m = key == NULL ? 0 : strlen(key);

	return m > 0 && n > m && strcmp(locator + n - m, key) == 0 ? n - m : 0;
}

static void
where(struct lf_textw *w, const char *object, const char *locator)
{
	size_t root = root_of(object, locator);

	lf_textw_style(w, LF_DIM);
	if (root > 0) {
		lf_textw_printf(w, "      in ");
		lf_textw_safe_n(w, locator, root);
	} else {
		lf_textw_printf(w, "      at ");
		lf_textw_safe(w, locator, 0);
	}
	lf_textw_style(w, LF_PLAIN);
	lf_textw_printf(w, "\n");
}

/* One object of a finding. */
static void
item(struct lf_textw *w, const struct lf_finding *x)
{
	const char *object = x->object != NULL ? x->object : x->locator;

	if (object != NULL) {
		lf_textw_printf(w, "    ");
		lf_textw_safe(w, object, 0);
		lf_textw_printf(w, "\n");
	}
	if (x->object != NULL && x->locator != NULL && strcmp(x->object, x->locator) != 0)
		where(w, x->object, x->locator);
	lf_textw_wrap(w, object != NULL ? 6 : 4, x->message);
	if (x->expected_sha256 != NULL)
		lf_text_labelled(w, "      expected SHA-256 ", x->expected_sha256);
}

static void
findings(struct lf_textw *w, const struct lf_result *r, bool all)
{
	const struct lf_advice *group = NULL;
	enum lf_severity severity;
	struct lf_buf scratch;
	struct lf_finding x;

	lf_buf_init(&scratch);
	for (uint32_t i = 0, n; i < r->n_findings; i += n) {
		n = lf_result_alike(r, i, &scratch);
		r->finding(r, i, &x, &scratch);
		severity = x.severity;
		if (lf_advice_of(x.id) != group) {
			group = lf_advice_of(x.id);
			lf_text_heading(w, group->heading);
			lf_textw_wrap(w, 2, group->text);
		} else {
			lf_textw_printf(w, "\n");
		}
		lf_textw_printf(w, "  ");
		lf_textw_style(w, severity_style[x.severity]);
		lf_textw_printf(w, "%s", lf_finding_kind(x.id)->name);
		lf_textw_style(w, LF_PLAIN);
		lf_textw_printf(w, " (%s, %u)\n", lf_severity_name(x.severity), n);
		for (uint32_t k = 0; k < n && (all || k < shown[severity]); k++) {
			r->finding(r, i + k, &x, &scratch);
			item(w, &x);
		}
		if (!all && n > shown[severity])
			lf_textw_printf(w, "    ... and %u more: -v or -f json lists all\n", n - shown[severity]);
	}
	if (scratch.failed)
		w->error = ENOMEM;
	lf_buf_free(&scratch);
}

static void
counts(struct lf_textw *w, const char *what, const char *const *names, const uint64_t *n, size_t count)
{
	const char *comma = "";

	lf_textw_printf(w, "  %-8s", what);
	for (size_t i = 0; i < count; i++) {
		if (n[i] == 0 && i != 0)
			continue;
		lf_textw_printf(w, "%s %llu %s", comma, (unsigned long long)n[i], names[i]);
		comma = ",";
	}
	lf_textw_printf(w, "\n");
}

static void
totals(struct lf_textw *w, const struct lf_result *r)
{
	const struct lf_summary *s = &r->summary;

	lf_text_heading(w, "TOTALS");
	counts(w, "digests", lf_summary_digest_names, s->digests, 5);
	counts(w, "logs", lf_summary_log_names, s->logs, 7);
	for (uint32_t i = 0; i < r->n_lake; i++) {
		lf_textw_printf(w, "  Lake     ");
		lf_textw_safe(w, r->lake[i].status, 0);
		lf_textw_printf(w, ", %u files: ", r->lake[i].files);
		lf_textw_safe(w, r->lake[i].locator, 0);
		lf_textw_printf(w, "\n");
	}
	lf_textw_printf(w, "  read     %llu objects, ", (unsigned long long)s->objects);
	lf_textw_size(w, s->bytes);
	lf_textw_printf(w, " inflated; %u skipped, %llu of other kinds ignored\n", r->n_skipped,
	    (unsigned long long)s->ignored);
	if (s->metadata_entries > 0)
		lf_textw_printf(w, "  metadata %llu objects named, %llu of them here\n", (unsigned long long)s->metadata_entries,
		    (unsigned long long)s->metadata_matched);
}

static void
object_lines(struct lf_textw *w, const struct lf_result *r, uint32_t n,
    void (*fill)(const struct lf_result *, uint32_t, struct lf_object_row *, struct lf_buf *))
{
	struct lf_object_row row;
	struct lf_buf scratch;

	lf_buf_init(&scratch);
	for (uint32_t i = 0; i < n; i++) {
		fill(r, i, &row, &scratch);
		lf_textw_printf(w, "  ");
		lf_textw_safe(w, row.status, 13);
		lf_textw_safe(w, row.by != NULL ? row.by : "-", 10);
		lf_textw_safe(w, row.object != NULL ? row.object : row.locator != NULL ? row.locator : "-", 0);
		lf_textw_printf(w, "\n");
	}
	if (scratch.failed)
		w->error = ENOMEM;
	lf_buf_free(&scratch);
}

int
lf_verify_text(const struct lf_result *r, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err)
{
	struct lf_textw w;

	lf_textw_init(&w, o, write, arg);
	verdict(&w, r);
	if (!o->quiet)
		chains(&w, r);
	findings(&w, r, o->detail);
	if (o->detail && r->detail) {
		lf_text_heading(&w, "DIGESTS");
		object_lines(&w, r, r->n_digests, r->digest);
		lf_text_heading(&w, "LOGS");
		object_lines(&w, r, r->n_logs, r->log);
	}
	if (!o->quiet) {
		if (o->detail && r->n_skipped > 0) {
			lf_text_heading(&w, "SKIPPED");
			for (uint32_t i = 0; i < r->n_skipped; i++) {
				lf_textw_printf(&w, "  ");
				lf_textw_safe(&w, r->skipped[i].locator, 0);
				lf_textw_printf(&w, ": ");
				lf_textw_safe(&w, r->skipped[i].reason, 0);
				lf_textw_printf(&w, "\n");
			}
		}
		totals(&w, r);
		lf_text_anchors(&w, r);
		lf_text_heading(&w, "WHAT THIS DOES NOT PROVE");
		lf_text_limits(&w, lf_limit_text);
	}
	return lf_textw_finish(&w, err);
}
