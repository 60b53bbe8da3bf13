#include "report/timeline_charts.h"

#include <string.h>

#include "base/utc.h"
#include "report/html.h"
#include "report/timeline_picture.h"

#define BINS     240 /* of the large picture */
#define HEIGHT   1000
#define ACCOUNTS 12
#define TOP      10

/* Height of n where most is the full one; what is not 0 can be seen. */
static unsigned
height(uint64_t n, uint64_t most)
{
	unsigned h = most == 0 ? 0 : (unsigned)((unsigned __int128)n * HEIGHT / most);

	return n > 0 && h < HEIGHT / 100 ? HEIGHT / 100 : h;
}

static void
bar(struct lf_buf *out, const char *class, size_t at, unsigned from, unsigned tall)
{
	if (tall == 0)
		return;
	lf_buf_printf(out, "<rect class=\"%s\" x=\"%zu\" y=\"%u\" width=\"9\" height=\"%u\"/>", class, at * 10,
	    from + tall > HEIGHT ? 0 : HEIGHT - from - tall, tall);
}

static uint64_t
most_of(const uint64_t *ok, const uint64_t *failed, size_t n)
{
	uint64_t most = 0;

	for (size_t i = 0; i < n; i++)
		most = ok[i] + failed[i] > most ? ok[i] + failed[i] : most;
	return most;
}

/* Failed calls stand at the bottom, where their heights can be compared. */
static void
bars(const struct lf_bins *b, const uint64_t *ok, const uint64_t *failed, const char *label, struct lf_buf *out)
{
	uint64_t most = most_of(ok, failed, b->n);
	char time[LF_UTC_LEN];
	unsigned low;

	lf_buf_printf(out, "<svg role=\"img\" aria-label=\"%s\" viewBox=\"0 0 %zu %d\" preserveAspectRatio=\"none\">\n",
	    label, (b->n < 24 ? 24 : b->n) * 10, HEIGHT);
	for (size_t i = 0; i < b->n; i++) {
		if (ok[i] + failed[i] == 0)
			continue;
		low = height(failed[i], most);
		lf_utc_format(b->start + (int64_t)i * b->seconds, time);
		lf_buf_printf(out, "<g><title>%.10s %.5s: %llu events", time, time + 11, (unsigned long long)ok[i] + failed[i]);
		if (failed[i] > 0)
			lf_buf_printf(out, ", %llu failed", (unsigned long long)failed[i]);
		lf_buf_puts(out, "</title>");
		bar(out, "x", i, 0, low);
		bar(out, "k", i, low, height(ok[i], most));
		lf_buf_puts(out, "</g>\n");
	}
	lf_buf_puts(out, "</svg>");
}

static void
accounts(const struct lf_timeline_stats *stats, const struct lf_bins *b, struct lf_buf *out)
{
	uint64_t ok[BINS], failed[BINS], others;
	size_t n, hours;
	const struct lf_top_row *top = lf_timeline_stats_top(stats, LF_TOP_ACCOUNT, &n, &others);
	const struct lf_stats_hour *h;

	if (n < 2)
		return;
	lf_buf_puts(out, "<div class=\"accounts\">\n");
	for (size_t i = 0, shown = 0; i < n && shown < ACCOUNTS; i++) {
		h = lf_timeline_stats_hours_of(stats, top[i].name, &hours);
		if (hours == 0)
			continue;
		lf_bins_fill(b, h, hours, ok, failed);
		lf_buf_puts(out, "<span class=\"mono\">");
		lf_html_puts(out, top[i].name);
		lf_buf_puts(out, "</span>");
		bars(b, ok, failed, "Events of this account", out);
		lf_buf_puts(out, "<span>");
		lf_html_number(out, top[i].n);
		lf_buf_puts(out, "</span>\n");
		shown++;
	}
	lf_buf_puts(out, "</div>\n");
	if (n > ACCOUNTS)
		lf_buf_printf(out, "<p class=\"soft\">and %zu further accounts</p>\n", n - ACCOUNTS);
}

/* From when to when, and what the highest bar stands for. */
static void
axis(const struct lf_bins *b, uint64_t most, struct lf_buf *out)
{
	char from[LF_UTC_LEN], to[LF_UTC_LEN];

	lf_utc_format(b->start, from);
	lf_utc_format(b->start + (int64_t)b->n * b->seconds, to);
	lf_buf_printf(out, "\n<div class=\"axis\"><span>%.10s %.5s</span><span>highest: ", from, from + 11);
	lf_html_number(out, most);
	lf_buf_printf(out, "</span><span>%.10s %.5s</span></div>\n", to, to + 11);
}

void
lf_charts_hours(const struct lf_timeline_stats *stats, unsigned level, struct lf_buf *out)
{
	uint64_t ok[BINS], failed[BINS];
	struct lf_bins b = lf_bins_of(stats, BINS);
	char length[32];
	size_t n;
	const struct lf_stats_hour *h = lf_timeline_stats_hours(stats, &n);

	if (b.n == 0)
		return;
	lf_bins_fill(&b, h, n, ok, failed);
	lf_buf_printf(out,
	    "<h%u>Events per %s <span class=\"key\"><i class=\"k\"></i>succeeded, or does not say<i class=\"x\"></i>"
	    "failed</span></h%u>\n<div class=\"card chart\">\n",
	    level, lf_bins_length(b.seconds, length), level);
	bars(&b, ok, failed, "Events over time, by result", out);
	axis(&b, most_of(ok, failed, b.n), out);
	accounts(stats, &b, out);
	lf_buf_puts(out, "</div>\n");
}

/* ---- By what proves them ---- */

enum { ALTERED, UNPROVED, PROVED, GRADES };

static const unsigned grade_of[LF_INTEGRITY_UNKNOWN + 1] = {
    PROVED, UNPROVED, ALTERED, ALTERED, UNPROVED, UNPROVED, UNPROVED};

static void
fill_grades(const struct lf_timeline_stats *stats, const struct lf_bins *b, uint64_t n[][GRADES])
{
	size_t hours, at;
	const struct lf_stats_hour *h = lf_timeline_stats_hours(stats, &hours);
	const struct lf_stats_proof *p = lf_timeline_stats_proof(stats);

	memset(n, 0, b->n * sizeof(*n));
	for (size_t i = 0; i < hours; i++) {
		at = (size_t)((h[i].start - b->start) / b->seconds);
		for (size_t k = 0; k <= LF_INTEGRITY_UNKNOWN && at < b->n; k++)
			n[at][grade_of[k]] += p[i].n[k];
	}
}

/* What is wrong stands at the bottom. */
static void
grade_bars(const struct lf_bins *b, uint64_t n[][GRADES], uint64_t most, struct lf_buf *out)
{
	static const char *const classes[GRADES] = {"x", "u", "k"};
	char time[LF_UTC_LEN];
	unsigned low, tall;

	lf_buf_printf(out,
	    "<svg role=\"img\" aria-label=\"Events over time, by what proves them; the numbers stand below\" viewBox=\"0 0 "
	    "%zu %d\" preserveAspectRatio=\"none\">\n",
	    (b->n < 24 ? 24 : b->n) * 10, HEIGHT);
	for (size_t i = 0; i < b->n; i++) {
		if (n[i][ALTERED] + n[i][UNPROVED] + n[i][PROVED] == 0)
			continue;
		lf_utc_format(b->start + (int64_t)i * b->seconds, time);
		lf_buf_printf(out,
		    "<g><title>%.10s %.5s: %llu proved, %llu not proved, %llu altered or in no digest</title>", time,
		    time + 11, (unsigned long long)n[i][PROVED], (unsigned long long)n[i][UNPROVED],
		    (unsigned long long)n[i][ALTERED]);
		low = 0;
		for (size_t k = 0; k < GRADES; k++, low += tall)
			bar(out, classes[k], i, low, tall = height(n[i][k], most));
		lf_buf_puts(out, "</g>\n");
	}
	lf_buf_puts(out, "</svg>");
}

static void
grade_numbers(const struct lf_stats_totals *t, struct lf_buf *out)
{
	lf_buf_puts(out, "<p class=\"soft\">");
	for (size_t i = 0; i < LF_INTEGRITY_UNKNOWN; i++) {
		if (t->integrity[i] == 0)
			continue;
		lf_html_number(out, t->integrity[i]);
		lf_buf_printf(out, " %s. ", i == LF_INTEGRITY_NONE ? "from a source without digests" : lf_integrity_names[i]);
	}
	lf_buf_puts(out, "</p>\n");
}

void
lf_charts_proof(const struct lf_timeline_stats *stats, unsigned level, struct lf_buf *out)
{
	const struct lf_stats_totals *t = lf_timeline_stats_totals(stats);
	struct lf_bins b = lf_bins_of(stats, BINS);
	uint64_t n[BINS][GRADES], most = 0;
	char length[32];

	if (b.n == 0 || t->integrity[LF_INTEGRITY_UNKNOWN] == t->rows)
		return;
	fill_grades(stats, &b, n);
	for (size_t i = 0; i < b.n; i++)
		most = n[i][ALTERED] + n[i][UNPROVED] + n[i][PROVED] > most ? n[i][ALTERED] + n[i][UNPROVED] + n[i][PROVED] : most;
	lf_buf_printf(out,
	    "<h%u>Events per %s, by proof <span class=\"key\"><i class=\"k\"></i>proved<i class=\"u\"></i>"
	    "not proved<i class=\"x\"></i>altered, or in no digest</span></h%u>\n<div class=\"card chart\">\n",
	    level, lf_bins_length(b.seconds, length), level);
	grade_bars(&b, n, most, out);
	axis(&b, most, out);
	grade_numbers(t, out);
	lf_buf_puts(out, "</div>\n");
}

/* ---- Names ---- */

/* What is not among the names shown. */
static uint64_t
rest_of(const struct lf_top_row *top, size_t n, uint64_t others)
{
	for (size_t i = TOP; i < n; i++)
		others += top[i].n;
	return others;
}

static void
top_card(const struct lf_timeline_stats *stats, enum lf_top which, const char *heading, struct lf_buf *out)
{
	size_t n;
	uint64_t others;
	const struct lf_top_row *top = lf_timeline_stats_top(stats, which, &n, &others);

	if (n == 0)
		return;
	lf_buf_printf(out, "<div class=\"card\"><p class=\"head\">%s</p>\n<ol>\n", heading);
	for (size_t i = 0; i < n && i < TOP; i++) {
		lf_buf_puts(out, "<li><span>");
		lf_html_puts(out, top[i].name);
		lf_buf_puts(out, "</span><b>");
		lf_html_number(out, top[i].n);
		lf_buf_printf(out, "</b><svg aria-hidden=\"true\"><rect class=\"%s\" width=\"%u%%\" height=\"3\"/></svg></li>\n",
		    which == LF_TOP_ERROR ? "x" : "k", height(top[i].n, top[0].n) / (HEIGHT / 100));
	}
	others = rest_of(top, n, others);
	if (others > 0) {
		lf_buf_puts(out, "<li class=\"soft\"><span>all others</span><b>");
		lf_html_number(out, others);
		lf_buf_puts(out, "</b></li>\n");
	}
	lf_buf_puts(out, "</ol></div>\n");
}

void
lf_charts_tops(const struct lf_timeline_stats *stats, unsigned level, struct lf_buf *out)
{
	if (lf_timeline_stats_totals(stats)->rows == 0)
		return;
	lf_buf_printf(out, "<h%u>Most frequent</h%u>\n<div class=\"tops\">\n", level, level);
	top_card(stats, LF_TOP_PRINCIPAL, "Principals", out);
	top_card(stats, LF_TOP_SOURCE_IP, "Source addresses", out);
	top_card(stats, LF_TOP_SERVICE, "Services", out);
	top_card(stats, LF_TOP_NAME, "Events", out);
	top_card(stats, LF_TOP_ERROR, "Errors", out);
	lf_buf_puts(out, "</div>\n");
}
