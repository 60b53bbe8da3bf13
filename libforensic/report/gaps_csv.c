/*
 * Gaps as comma-separated values: RFC 4180, but that lines end in LF, as a timeline has them.  A row for each gap; the
 * columns are the members of the JSON document, ended_by in three.  Lists are joined by "; ": whoever must tell two
 * names from one that holds a semicolon takes the JSON.
 */
#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "base/text.h"
#include "base/utc.h"
#include "report/flush.h"
#include "report/gaps_form.h"
#include "report/gaps_words.h"

#define FLUSH_AT (64U << 10)

struct csv {
	const struct lf_write_opts *o;
	struct lf_buf out, list, shown;
	bool begun; /* the row has a field */
};

static void
field_n(struct csv *v, const char *s, size_t len)
{
	if (v->begun)
		lf_buf_putc(&v->out, ',');
	v->begun = true;
	if (v->o->terminal && !v->o->raw_csv) {
		lf_buf_reset(&v->shown);
		lf_text_terminal(&v->shown, s, len);
		v->out.failed |= v->shown.failed;
		s = lf_buf_str(&v->shown);
		len = v->shown.len;
	}
	lf_csv_field(&v->out, s, len, !v->o->raw_csv);
}

static void
field(struct csv *v, const char *s)
{
	field_n(v, s == NULL ? "" : s, s == NULL ? 0 : strlen(s));
}

static void
time_field(struct csv *v, int64_t t)
{
	char text[LF_UTC_LEN];

	field(v, t == LF_TIME_NONE ? "" : lf_utc_format(t, text));
}

static void
list_add(struct csv *v, const char *s)
{
	lf_buf_puts(&v->list, v->list.len > 0 ? "; " : "");
	lf_buf_puts(&v->list, s);
}

static void
list_field(struct csv *v)
{
	v->out.failed |= v->list.failed;
	field_n(v, lf_buf_str(&v->list), v->list.failed ? 0 : v->list.len);
	lf_buf_reset(&v->list);
}

static void
row(struct csv *v, const struct lf_coverage *c, const struct lf_gap *g)
{
	const struct lf_line *l = &c->lines.list[g->line];
	char seconds[24];

	v->begun = false;
	field(v, l->account);
	field(v, l->region);
	field(v, l->trail);
	time_field(v, g->start);
	time_field(v, g->end);
	snprintf(seconds, sizeof(seconds), "%lld", (long long)(g->end - g->start));
	field(v, seconds);
	field(v, lf_cause_names[g->cause]);
	field(v, g->explained ? "true" : "false");
	field(v, lf_control_who(g->by));
	field(v, g->by == NULL ? NULL : g->by->source_ip);
	for (uint32_t i = 0; i < g->n_events; i++)
		list_add(v, g->events[i]->event_id);
	list_field(v);
	field(v, g->ended_by == NULL ? NULL : g->ended_by->event_id);
	field(v, lf_control_who(g->ended_by));
	time_field(v, g->ended_by == NULL ? LF_TIME_NONE : g->ended_by->time);
	for (uint32_t i = 0; i < g->n_covered_by; i++)
		list_add(v, g->covered_by[i]);
	list_field(v);
	lf_buf_putc(&v->out, '\n');
}

int
lf_gaps_csv(const struct lf_coverage *c, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err)
{
	struct csv v = {.o = o};
	int rc = 0;

	lf_buf_init(&v.out);
	lf_buf_init(&v.list);
	lf_buf_init(&v.shown);
	lf_buf_puts(&v.out,
	    "account,region,trail,start,end,seconds,cause,explained,actor,source_ip,event_ids,ended_by_event_id,"
	    "ended_by_actor,ended_by_time,covered_by\n");
	for (uint32_t i = 0; i < c->gaps.n && rc == 0; i++) {
		row(&v, c, &c->gaps.list[i]);
		rc = lf_report_flush(&v.out, FLUSH_AT, write, arg, err);
	}
	if (rc == 0)
		rc = lf_report_flush(&v.out, 0, write, arg, err);
	lf_buf_free(&v.out);
	lf_buf_free(&v.list);
	lf_buf_free(&v.shown);
	return rc;
}
