#include "report/timeline_picture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "report/html.h"
#include "report/spark.h"
#include "report/textw.h"
#include "report/timeline_cells.h"
#include "report/timeline_say.h"

#define SPARK_MAX  160
#define SPARK_FREE 96 /* signs where the output is no terminal */

/* Lengths of bins that people think in; beyond them multiples of the last. */
static const int64_t nice[] = {
    3600, 2 * 3600, 3 * 3600, 4 * 3600, 6 * 3600, 12 * 3600, 86400, 2 * 86400, 7 * 86400, 14 * 86400, 28 * 86400};
#define NICE (sizeof(nice) / sizeof(nice[0]))

static int64_t
floor_to(int64_t t, int64_t unit)
{
	return t - (t % unit + unit) % unit;
}

struct lf_bins
lf_bins_of(const struct lf_timeline_stats *stats, size_t max)
{
	size_t n;
	const struct lf_stats_hour *h = lf_timeline_stats_hours(stats, &n);
	int64_t slot = lf_timeline_stats_slot(stats), end, seconds = slot;

	if (n == 0)
		return (struct lf_bins){0, slot, 0};
	end = h[n - 1].start + slot;
	for (size_t i = 0; i < NICE && (end - h[0].start) / seconds >= (int64_t)max; i++)
		if (nice[i] > seconds && nice[i] % slot == 0)
			seconds = nice[i];
	while ((end - floor_to(h[0].start, seconds) + seconds - 1) / seconds > (int64_t)max)
		seconds *= 2;
	return (struct lf_bins){floor_to(h[0].start, seconds), seconds,
	    (size_t)((end - floor_to(h[0].start, seconds) + seconds - 1) / seconds)};
}

void
lf_bins_fill(const struct lf_bins *b, const struct lf_stats_hour *hours, size_t n, uint64_t *ok, uint64_t *failed)
{
	size_t at;

	memset(ok, 0, b->n * sizeof(*ok));
	memset(failed, 0, b->n * sizeof(*failed));
	for (size_t i = 0; i < n; i++) {
		at = (size_t)((hours[i].start - b->start) / b->seconds);
		if (at >= b->n)
			continue;
		ok[at] += hours[i].ok;
		failed[at] += hours[i].failed;
	}
}

const char *
lf_bins_length(int64_t seconds, char buf[32])
{
	bool days = seconds % 86400 == 0;
	long long n = seconds / (days ? 86400 : 3600);

	if (n == 1)
		snprintf(buf, 32, "%s", days ? "day" : "hour");
	else
		snprintf(buf, 32, "%lld %s", n, days ? "days" : "hours");
	return buf;
}

void
lf_picture_fold(const struct lf_write_opts *o, struct lf_buf *out, size_t from)
{
	size_t column = 0, blank = 0, at_blank = 0;

	for (size_t i = from; o->width > 0 && !out->failed && i < out->len; i++) {
		char c = out->data[i];

		if (c == '\n') {
			column = blank = 0;
			continue;
		}
		if (c == '\033')
			while (i < out->len && out->data[i] != 'm')
				i++;
		else
			column += ((unsigned char)c & 0xc0) != 0x80;
		if (c == ' ') {
			blank = i;
			at_blank = column;
		}
		if (column > o->width && blank > 0) {
			out->data[blank] = '\n';
			column -= at_blank;
			blank = 0;
		}
	}
}

/* "1,234 events" */
static void
counted(struct lf_buf *out, uint64_t n, const char *one, const char *many)
{
	lf_html_number(out, n);
	lf_buf_printf(out, " %s", n == 1 ? one : many);
}

static size_t
busiest(const uint64_t *n, size_t count)
{
	size_t best = 0;

	for (size_t i = 1; i < count; i++)
		if (n[i] > n[best])
			best = i;
	return best;
}

/* A time as it is said behind another: of slots of days without the hour, on the other's day without the day. */
static void
say_time(struct lf_buf *out, int64_t t, int64_t before, int64_t seconds)
{
	char text[LF_UTC_LEN];

	lf_utc_format(t, text);
	if (seconds % 86400 == 0)
		lf_buf_printf(out, "%.10s", text);
	else if (floor_to(t, 86400) == before)
		lf_buf_printf(out, "%.5s", text + 11);
	else
		lf_buf_printf(out, "%.10s %.5s", text, text + 11);
}

/* "events per hour, 2024-03-01 00:00 to 09:00; highest 77 at 01:00" */
static void
spark_label(const struct lf_bins *b, size_t top, uint64_t most, struct lf_buf *out)
{
	int64_t end = b->start + (int64_t)b->n * b->seconds, day = floor_to(b->start, 86400);
	char length[32];

	lf_buf_printf(out, "events per %s, ", lf_bins_length(b->seconds, length));
	say_time(out, b->start, LF_TIME_NONE, b->seconds);
	lf_buf_puts(out, " to ");
	if (end == day + 86400 && b->seconds % 86400 != 0)
		lf_buf_puts(out, "24:00");
	else
		say_time(out, end - (b->seconds % 86400 == 0 ? 86400 : 0), day, b->seconds);
	lf_buf_puts(out, "; highest ");
	lf_html_number(out, most);
	lf_buf_puts(out, b->seconds == 3600 ? " at " : b->seconds == 86400 ? " on " : " from ");
	say_time(out, b->start + (int64_t)top * b->seconds, end <= day + 86400 ? day : LF_TIME_NONE, b->seconds);
	lf_buf_puts(out, b->seconds == 3600 || b->seconds == 86400 ? "\n" : " on\n");
}

/* Events per hour as a line of signs; of a single slot there is nothing to see. */
static void
spark(const struct lf_write_opts *o, const struct lf_timeline_stats *stats, struct lf_buf *out)
{
	size_t width = o->width == 0 ? SPARK_FREE : o->width < 20 ? 20 : o->width, n, top;
	uint64_t all[SPARK_MAX], failed[SPARK_MAX];
	struct lf_bins b = lf_bins_of(stats, width < SPARK_MAX ? width : SPARK_MAX);
	const struct lf_stats_hour *h = lf_timeline_stats_hours(stats, &n);

	if (b.n < 2)
		return;
	lf_bins_fill(&b, h, n, all, failed);
	for (size_t i = 0; i < b.n; i++)
		all[i] += failed[i];
	lf_cell_style(o, LF_CYAN, out);
	lf_spark(out, all, b.n, o->ascii);
	lf_cell_style(o, LF_PLAIN, out);
	top = busiest(all, b.n);
	lf_buf_putc(out, '\n');
	lf_cell_style(o, LF_DIM, out);
	spark_label(&b, top, all[top], out);
	lf_cell_style(o, LF_PLAIN, out);
}

void
lf_picture_text(const struct lf_write_opts *o, const struct lf_timeline_stats *stats, struct lf_buf *out)
{
	const struct lf_stats_totals *n = lf_timeline_stats_totals(stats);
	size_t from = out->len;
	char first[LF_UTC_LEN], last[LF_UTC_LEN];

	lf_cell_style(o, LF_BOLD, out);
	counted(out, n->rows, "event", "events");
	lf_cell_style(o, LF_PLAIN, out);
	if (n->failed > 0) {
		lf_buf_puts(out, ", ");
		lf_html_number(out, n->failed);
		lf_buf_puts(out, " failed");
	}
	if (n->first != LF_TIME_NONE)
		lf_buf_printf(out, ", %s to %s (all times UTC)", lf_utc_format(n->first, first), lf_utc_format(n->last, last));
	lf_buf_putc(out, '\n');
	spark(o, stats, out);
	lf_picture_fold(o, out, from);
}

/* A line of the summary: counts that are not 0, with what they count. */
struct count {
	uint64_t n;
	const char *one, *many;
};

static void
line(const char *label, const struct count *c, size_t n, struct lf_buf *out)
{
	bool any = false;

	for (size_t i = 0; i < n; i++) {
		if (c[i].n == 0)
			continue;
		if (any)
			lf_buf_puts(out, ", ");
		else
			lf_buf_printf(out, "%-10s ", label);
		counted(out, c[i].n, c[i].one, c[i].many);
		any = true;
	}
	if (any)
		lf_buf_putc(out, '\n');
}

static void
integrity(const struct lf_timeline_summary *s, struct lf_buf *out)
{
	struct count c[LF_INTEGRITY_UNKNOWN];

	for (size_t i = 0; i < LF_INTEGRITY_UNKNOWN; i++)
		c[i] = (struct count){s->integrity[i], lf_integrity_names[i], lf_integrity_names[i]};
	line("integrity", c, LF_INTEGRITY_UNKNOWN, out);
	if (s->integrity[LF_INTEGRITY_UNPROVEN] > 0)
		lf_buf_printf(out, "to prove   %s\n", lf_say_unproven());
}

void
lf_picture_summary(const struct lf_write_opts *o, const struct lf_timeline_summary *s, struct lf_buf *out)
{
	const struct count events[] = {{s->duplicates, "duplicate", "duplicates"},
	    {s->conflicts, "conflict: versions of one event that differ", "conflicts: versions of one event that differ"},
	    {s->filtered, "filtered out", "filtered out"}};
	const struct count lacking[] = {{s->no_time, "without a time (listed last)", "without a time (listed last)"},
	    {s->no_id, "without an eventID", "without an eventID"},
	    {s->no_identity, "without a userIdentity", "without a userIdentity"}};
	const struct count marks[] = {{s->marks, "row that tells where coverage ends or begins (trail-gaps tells why)",
	    "rows that tell where coverage ends or begins (trail-gaps tells why)"}};
	const struct count objects[] = {{s->objects, "object with events", "objects with events"},
	    {s->dated, "left out by its date", "left out by their date"},
	    {s->skipped, "object not read in full (-v names it)", "objects not read in full (-v names them)"}};
	char first[LF_UTC_LEN], last[LF_UTC_LEN];
	size_t from = out->len;

	if (s->events + s->marks > 0)
		lf_buf_putc(out, '\n');
	lf_cell_style(o, LF_BOLD, out);
	counted(out, s->events, "event", "events");
	lf_cell_style(o, LF_PLAIN, out);
	if (s->first != LF_TIME_NONE)
		lf_buf_printf(out, ", %s to %s", lf_utc_format(s->first, first), lf_utc_format(s->last, last));
	lf_buf_putc(out, '\n');
	line("besides", events, 3, out);
	integrity(s, out);
	line("gaps", marks, 1, out);
	line("incomplete", lacking, 3, out);
	lf_cell_style(o, s->skipped > 0 ? LF_YELLOW : LF_PLAIN, out);
	line("read", objects, 3, out);
	lf_cell_style(o, LF_PLAIN, out);
	if (s->events + s->filtered + s->objects + s->dated == 0)
		lf_buf_puts(out, "no events  nothing that could be read holds any: the result is inconclusive\n");
	lf_picture_fold(o, out, from);
}
