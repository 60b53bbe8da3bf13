/* The JSON twin of a report: all that the page is made of, and no list is shortened (trail-report(5) describes every
 * member). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/jsonw.h"
#include "report/json_parts.h"
#include "report/report.h"
#include "report/report_value.h"
#include "report/words.h"

/* A value that was read, as it was read. */
static void
value(struct lf_jsonw *w, const char *name, const json_t *v)
{
	char *text;

	if (v == NULL) {
		lf_jsonw_null(w, name);
		return;
	}
	if ((text = json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY)) == NULL) {
		lf_jsonw_null(w, name);
		w->error = ENOMEM;
		return;
	}
	lf_jsonw_value(w, name, text, strlen(text));
	free(text);
}

static void
number(struct lf_jsonw *w, const char *name, uint64_t n)
{
	lf_jsonw_int(w, name, n > INT64_MAX ? INT64_MAX : (int64_t)n);
}

/* ---- What is said of the whole ---- */

static void
about(struct lf_jsonw *w, const struct lf_report *r)
{
	lf_jsonw_string(w, "title", r->title);
	lf_jsonw_object(w, "case");
	lf_jsonw_string(w, "id", lf_report_said(r, r->case_id, "case"));
	lf_jsonw_string(w, "exhibit", lf_report_said(r, r->exhibit, "exhibit"));
	lf_jsonw_string(w, "examiner", lf_report_said(r, r->examiner, "examiner"));
	lf_jsonw_string(w, "organization", lf_report_said(r, r->organization, "organization"));
	lf_jsonw_string(w, "purpose", r->purpose);
	lf_jsonw_end(w);
}

static void
machine(struct lf_jsonw *w, const struct lf_report *r)
{
	lf_jsonw_object_flat(w, "host");
	lf_jsonw_string(w, "name", r->machine.nodename);
	lf_jsonw_string(w, "kernel", r->machine.release);
	lf_jsonw_string(w, "machine", r->machine.machine);
	lf_jsonw_end(w);
	lf_jsonw_array(w, "programs");
	for (uint32_t i = 0; i < r->n_programs; i++) {
		lf_jsonw_object_flat(w, NULL);
		lf_jsonw_string(w, "name", r->programs[i].name);
		lf_jsonw_string(w, "sha256", r->programs[i].sha256);
		lf_jsonw_end(w);
	}
	lf_jsonw_end(w);
}

static void
summary(struct lf_jsonw *w, const struct lf_report *r)
{
	struct lf_report_tally t;

	lf_report_tally(r, &t);
	lf_jsonw_object(w, "summary");
	number(w, "results", t.results);
	number(w, "alerts", t.findings[LF_ALERT]);
	number(w, "warnings", t.findings[LF_WARNING]);
	number(w, "notices", t.findings[LF_NOTICE]);
	number(w, "gaps", t.gaps);
	number(w, "unexplained", t.unexplained);
	number(w, "impairments", t.impairments);
	number(w, "events", t.events);
	number(w, "differences", t.differences);
	number(w, "recovered", t.recovered);
	number(w, "skipped", t.skipped);
	number(w, "contradictions", r->notes.n);
	lf_jsonw_end(w);
}

/* ---- A timeline ---- */

static void
totals(struct lf_jsonw *w, const struct lf_report_input *in)
{
	const struct lf_stats_totals *t = lf_timeline_stats_totals(in->stats);

	number(w, "events", t->rows);
	lf_jsonw_time(w, "first", t->first);
	lf_jsonw_time(w, "last", t->last);
	number(w, "failed", t->failed);
	number(w, "duplicates", t->copies);
	number(w, "conflicts", t->conflicts);
	number(w, "without_id", t->no_id);
	number(w, "without_time", t->no_time);
	number(w, "partial", in->partial);
	number(w, "marks", in->marks);
	lf_jsonw_object_flat(w, "integrity");
	for (int i = 0; i <= LF_INTEGRITY_UNKNOWN; i++)
		number(w, i == LF_INTEGRITY_UNKNOWN ? "unknown" : lf_integrity_names[i], t->integrity[i]);
	lf_jsonw_end(w);
}

static void
slots(struct lf_jsonw *w, const struct lf_timeline_stats *s)
{
	const struct lf_stats_proof *p = lf_timeline_stats_proof(s);
	size_t n;
	const struct lf_stats_hour *h = lf_timeline_stats_hours(s, &n);

	number(w, "slot_seconds", (uint64_t)lf_timeline_stats_slot(s));
	lf_jsonw_array(w, "slots");
	for (size_t i = 0; i < n; i++) {
		lf_jsonw_object_flat(w, NULL);
		lf_jsonw_time(w, "start", h[i].start);
		number(w, "failed", h[i].failed);
		for (int k = 0; k <= LF_INTEGRITY_UNKNOWN; k++)
			number(w, k == LF_INTEGRITY_UNKNOWN ? "unknown" : lf_integrity_names[k], p[i].n[k]);
		lf_jsonw_end(w);
	}
	lf_jsonw_end(w);
}

static void
tops(struct lf_jsonw *w, const struct lf_timeline_stats *s)
{
	static const char *const names[LF_TOPS] = {
	    "principals", "source_addresses", "services", "event_names", "errors", "accounts"};
	uint64_t others;
	size_t n;

	for (int which = 0; which < LF_TOPS; which++) {
		const struct lf_top_row *top = lf_timeline_stats_top(s, (enum lf_top)which, &n, &others);

		lf_jsonw_object(w, names[which]);
		number(w, "others", others);
		lf_jsonw_array(w, "counted");
		for (size_t i = 0; i < n; i++) {
			lf_jsonw_object_flat(w, NULL);
			lf_jsonw_string(w, "name", top[i].name);
			number(w, "events", top[i].n);
			lf_jsonw_end(w);
		}
		lf_jsonw_end(w);
		lf_jsonw_end(w);
	}
}

/* ---- Results and ledger ---- */

static void
result(struct lf_jsonw *w, const struct lf_report_input *in)
{
	lf_jsonw_object(w, NULL);
	lf_jsonw_string(w, "file", in->name);
	number(w, "size", in->size);
	lf_jsonw_string(w, "sha256", in->sha256);
	lf_jsonw_string(w, "tool", lf_report_tool_names[in->tool]);
	lf_jsonw_string(w, "verdict", lf_verdict_name(in->verdict));
	lf_jsonw_bool(w, "repeated", in->again);
	value(w, "document", in->again ? NULL : in->doc);
	if (in->stats == NULL || in->again) {
		lf_jsonw_null(w, "timeline");
	} else {
		lf_jsonw_object(w, "timeline");
		totals(w, in);
		slots(w, in->stats);
		lf_jsonw_object(w, "most_frequent");
		tops(w, in->stats);
		lf_jsonw_end(w);
		lf_jsonw_end(w);
	}
	lf_jsonw_end(w);
}

static void
entry(struct lf_jsonw *w, const struct lf_report_entry *e)
{
	static const char *const states[] = {"absent", "altered", "sound"};

	lf_jsonw_object(w, NULL);
	lf_jsonw_string(w, "sha256", e->sha256);
	lf_jsonw_string(w, "problem", e->problem);
	lf_jsonw_string(w, "manifest", states[e->manifest]);
	lf_jsonw_bool(w, "signature", e->signature);
	lf_jsonw_bool(w, "timestamp_request", e->request);
	lf_jsonw_string(w, "timestamp_sha256", e->timestamp ? e->timestamp_sha256 : NULL);
	value(w, "entry", e->doc);
	lf_jsonw_end(w);
}

static void
ledger(struct lf_jsonw *w, const struct lf_report_ledger *l)
{
	if (l == NULL) {
		lf_jsonw_null(w, "ledger");
		return;
	}
	lf_jsonw_object(w, "ledger");
	lf_jsonw_string(w, "file", l->name);
	number(w, "size", l->size);
	lf_jsonw_string(w, "sha256", l->sha256);
	lf_jsonw_string(w, "head", lf_report_entry_at(l, l->entries.n - 1)->sha256);
	number(w, "broken", l->broken);
	number(w, "changed", l->changed);
	lf_jsonw_array(w, "entries");
	for (uint32_t i = 0; i < l->entries.n; i++)
		entry(w, lf_report_entry_at(l, i));
	lf_jsonw_end(w);
	if (l->manifest == NULL)
		lf_jsonw_null(w, "manifest_of");
	else
		number(w, "manifest_of", (uint64_t)l->manifest_of + 1);
	value(w, "manifest", l->manifest);
	lf_jsonw_end(w);
}

static void
notes(struct lf_jsonw *w, const struct lf_report *r)
{
	lf_jsonw_array(w, "contradictions");
	for (uint32_t i = 0; i < r->notes.n; i++) {
		const struct lf_report_note *x = lf_report_note_at(r, i);

		lf_jsonw_object_flat(w, NULL);
		lf_jsonw_string(w, "id", x->id);
		lf_jsonw_string(w, "severity", lf_severity_name(x->severity));
		lf_jsonw_string(w, "message", x->text);
		lf_jsonw_end(w);
	}
	lf_jsonw_end(w);
}

int
lf_report_json(const struct lf_report *r, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err)
{
	struct lf_jsonw w;

	lf_jsonw_init(&w, write, arg);
	lf_jsonw_object(&w, NULL);
	lf_json_head(&w, "trail-report", r->verdict, NULL, o);
	if (!o->reproducible)
		machine(&w, r);
	about(&w, r);
	summary(&w, r);
	notes(&w, r);
	lf_jsonw_array(&w, "findings");
	lf_jsonw_end(&w);
	lf_jsonw_array(&w, "skipped");
	lf_jsonw_end(&w);
	lf_jsonw_array(&w, "results");
	for (uint32_t i = 0; i < r->n_inputs; i++)
		result(&w, &r->inputs[i]);
	lf_jsonw_end(&w);
	ledger(&w, r->ledger);
	lf_jsonw_end(&w);
	return lf_jsonw_finish(&w, err);
}
