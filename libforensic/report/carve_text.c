/*
 * What was carved, for people: the outcome, counts, states, what digests list and is missing, and what was turned down.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/utc.h"
#include "report/carve_words.h"
#include "report/text_parts.h"

#define LISTED_MAX    40 /* logs named without -v */
#define CONFLICTS_MAX 40
#define BAD_MAX       20
#define PARTS_MAX     3 /* perhaps of one log, named */

static void
outcome(struct lf_textw *w, const struct lf_carve_told *t)
{
	static const enum lf_style style[] = {LF_GREEN, LF_RED, LF_YELLOW};
	const struct lf_carve_result *r = t->r;
	char text[4][48], first[LF_UTC_LEN], last[LF_UTC_LEN], line[256];

	snprintf(line, sizeof(line), "%s: %s", lf_carve_outcome(t->verdict), lf_carve_meaning(t));
	lf_text_say(w, style[t->verdict], line);
	snprintf(line, sizeof(line), "%s in %s: %s in %s.", lf_plural(lf_carve_locations(r), "find", text[0]),
	    lf_plural(r->n_images, "image", text[1]), lf_plural(r->records, "complete record", text[2]),
	    lf_plural(r->places, "place", text[3]));
	lf_text_say(w, LF_PLAIN, line);
	if (r->first != LF_TIME_NONE) {
		snprintf(line, sizeof(line), "Their eventTime is from %s to %s.", lf_utc_format(r->first, first),
		    lf_utc_format(r->last, last));
		lf_text_say(w, LF_PLAIN, line);
	}
	if (r->incomplete > 0) {
		snprintf(line, sizeof(line), "Of %s only parts were found.", lf_plural(r->incomplete, "more event", text[0]));
		lf_text_say(w, LF_YELLOW, line);
	}
	if (lf_carve_proof_caveat(r) != NULL)
		lf_text_say(w, LF_YELLOW, lf_carve_proof_caveat(r));
}

/* ---- Images ---- */

static void
bad_areas(struct lf_textw *w, const struct lf_carve_image *m, bool all)
{
	uint64_t bytes = 0;
	char text[48];

	if (m->n_bad == 0)
		return;
	for (size_t i = 0; i < m->n_bad; i++)
		bytes += m->bad[i].to - m->bad[i].from;
	lf_textw_style(w, LF_YELLOW);
	lf_textw_printf(w, "    %s could not be read: ", lf_plural(m->n_bad, "area", text));
	lf_textw_size(w, bytes);
	lf_textw_printf(w, "\n");
	lf_textw_style(w, LF_PLAIN);
	for (size_t i = 0; i < m->n_bad && (all || i < BAD_MAX); i++)
		lf_textw_printf(w, "      %llu to %llu\n", (unsigned long long)m->bad[i].from, (unsigned long long)m->bad[i].to);
	if (!all && m->n_bad > BAD_MAX)
		lf_textw_printf(w, "      ... and %zu more: -v lists all\n", m->n_bad - BAD_MAX);
}

static void
image(struct lf_textw *w, const struct lf_carve_image *m, const struct lf_write_opts *o)
{
	char hex[2 * LF_SHA256_LEN + 1], time[LF_UTC_LEN];

	lf_textw_printf(w, "  ");
	lf_textw_safe(w, m->name, 0);
	lf_textw_printf(w, ": ");
	lf_textw_size(w, m->size);
	if (m->mtime != LF_TIME_NONE && !o->reproducible)
		lf_textw_printf(w, ", modified %s", lf_utc_format(m->mtime, time));
	lf_textw_printf(w, "\n    ");
	lf_textw_size(w, m->tally.scanned);
	lf_textw_printf(w, " scanned, ");
	lf_textw_size(w, m->tally.zero);
	lf_textw_printf(w, " of zeros and ");
	lf_textw_size(w, m->tally.holes);
	lf_textw_printf(w, " of holes passed over\n");
	if (m->streams)
		lf_textw_printf(w, "    read once and forwards: no fragments were joined\n");
	if (m->hashed) {
		lf_hex_encode(m->sha256, sizeof(m->sha256), hex);
		lf_textw_printf(w, "    SHA-256 %s\n", hex);
	}
	bad_areas(w, m, o->detail);
}

static void
images(struct lf_textw *w, const struct lf_carve_result *r, const struct lf_write_opts *o)
{
	lf_text_heading(w, "IMAGES");
	for (size_t i = 0; i < r->n_images; i++)
		image(w, &r->images[i], o);
}

/* ---- States ---- */

static void
states(struct lf_textw *w, const struct lf_carve_result *r)
{
	lf_text_heading(w, "WHAT WAS FOUND");
	if (lf_carve_locations(r) == 0) {
		lf_textw_printf(w, "  Nothing.\n");
		return;
	}
	lf_textw_printf(w, "  %-10s %9s %9s %9s %9s  %s\n", "state", "logs", "digests", "wrapped", "records", "content");
	for (size_t s = 0; s < LF_CARVE_STATES; s++) {
		const uint64_t *n = r->finds[s];

		if (lf_carve_in_state(r, (enum lf_carve_state)s) == 0)
			continue;
		lf_textw_style(w, s <= LF_CARVE_AUTHENTIC ? LF_GREEN : LF_PLAIN);
		lf_textw_printf(w, "  %-10s %9llu %9llu %9llu %9llu  ", lf_carve_state_name((enum lf_carve_state)s),
		    (unsigned long long)n[LF_CARVE_LOG], (unsigned long long)n[LF_CARVE_DIGEST],
		    (unsigned long long)n[LF_CARVE_ENVELOPE], (unsigned long long)n[LF_CARVE_LOOSE]);
		lf_textw_size(w, r->bytes[s]);
		lf_textw_printf(w, "\n");
		lf_textw_style(w, LF_PLAIN);
		lf_textw_wrap(w, 6, lf_carve_state_text((enum lf_carve_state)s));
	}
}

/* ---- Conflicts ---- */

static void
conflicts(struct lf_textw *w, const struct lf_carve_result *r, bool all)
{
	char text[48];

	if (r->conflicts.n == 0)
		return;
	lf_text_heading(w, "CONFLICTS");
	lf_textw_wrap(w, 2,
	    "One event has one content: of these, records.jsonl holds each version and the places where it was found.");
	for (uint32_t i = 0; i < r->conflicts.n && (all || i < CONFLICTS_MAX); i++) {
		const struct lf_carve_conflict *c = lf_list_at(&r->conflicts, i);

		lf_textw_printf(w, "  ");
		lf_textw_safe(w, c->event_id, 0);
		lf_textw_printf(w, ": %s\n", lf_plural(c->versions, "version", text));
	}
	if (!all && r->conflicts.n > CONFLICTS_MAX)
		lf_textw_printf(w, "  ... and %u more: -v or -f json lists all\n", r->conflicts.n - CONFLICTS_MAX);
}

/* ---- What digests list ---- */

/* A part that may be of a log, and of how many others. */
static void
perhaps(struct lf_textw *w, const struct lf_carve_told *t, uint32_t part)
{
	const struct lf_carve_part *p = lf_list_at(&t->r->parts, part);
	uint32_t others = t->fates->fits[part] - 1;
	char text[48];

	lf_textw_printf(w, "           perhaps ");
	lf_textw_safe(w, p->path, 0);
	if (others > 0)
		lf_textw_printf(w, ", or of %s", lf_plural(others, "other log", text));
	lf_textw_printf(w, "\n");
}

/* "missing  bucket/KEY", and below it what is known of it. */
static void
listed_log(struct lf_textw *w, const struct lf_carve_told *t, size_t i)
{
	const struct lf_carve_listed *l = &t->r->proof.listed[i];
	const struct lf_carve_listed_fate *f = &t->fates->list[i];
	char label[24], hex[2 * LF_SHA256_LEN + 1];
	struct lf_buf text;

	lf_buf_init(&text);
	snprintf(label, sizeof(label), "  %-8s ", lf_carve_fate_name(f->fate));
	lf_buf_printf(&text, "%s%s%s%s", l->bucket[0] == '\0' ? "" : "s3://", l->bucket,
	    l->bucket[0] == '\0' ? "" : "/", l->key);
	lf_textw_hang(w, 11, label, lf_buf_str(&text));
	if (f->where != NULL)
		lf_text_labelled(w, "           at ", f->where);
	for (uint32_t p = 0; p < f->n_parts && p < PARTS_MAX; p++)
		perhaps(w, t, f->parts[p]);
	if (f->n_parts > PARTS_MAX)
		lf_textw_printf(w, "           or %u more: -f json lists them\n", f->n_parts - PARTS_MAX);
	lf_hex_encode(l->sha256, sizeof(l->sha256), hex);
	if (f->fate == LF_FATE_MISSING || f->fate == LF_FATE_PARTIAL)
		lf_textw_printf(w, "           SHA-256 of its content %s\n", hex);
	w->error = text.failed ? ENOMEM : w->error;
	lf_buf_free(&text);
}

/* Logs of one fate. */
static void
listed_of(struct lf_textw *w, const struct lf_carve_told *t, enum lf_carve_fate fate, bool all)
{
	uint64_t shown = 0;

	for (size_t i = 0; i < t->r->proof.n_listed && (all || shown < LISTED_MAX); i++) {
		if (t->fates->list[t->fates->by_key[i]].fate != fate)
			continue;
		listed_log(w, t, t->fates->by_key[i]);
		shown++;
	}
	if (shown < t->fates->count[fate])
		lf_textw_printf(w, "  ... and %llu more %s: -v or -f json lists all\n",
		    (unsigned long long)(t->fates->count[fate] - shown), lf_carve_fate_name(fate));
}

static void
listed(struct lf_textw *w, const struct lf_carve_told *t, bool all)
{
	const uint64_t *n = t->fates->count;
	char text[2][48], line[256];

	if (t->r->proof.n_digests == 0)
		return;
	lf_text_heading(w, "WHAT DIGESTS LIST");
	snprintf(line, sizeof(line),
	    "%s list%s %s: %llu among the evidence given, %llu more carved, %llu perhaps in part, %llu missing.",
	    lf_plural(t->r->proof.n_digests, "digest", text[0]), t->r->proof.n_digests == 1 ? "s" : "",
	    lf_plural(t->r->proof.n_listed, "log", text[1]), (unsigned long long)n[LF_FATE_GIVEN],
	    (unsigned long long)n[LF_FATE_CARVED], (unsigned long long)n[LF_FATE_PARTIAL],
	    (unsigned long long)n[LF_FATE_MISSING]);
	lf_textw_wrap(w, 2, line);
	listed_of(w, t, LF_FATE_MISSING, all);
	listed_of(w, t, LF_FATE_PARTIAL, all);
	if (all)
		listed_of(w, t, LF_FATE_CARVED, all);
	else if (n[LF_FATE_CARVED] > 0)
		lf_textw_wrap(w, 2, "Those that were carved are named by -v, and in report.txt.");
}

/* ---- What was turned down ---- */

static void
turned_down(struct lf_textw *w, const struct lf_carve_result *r)
{
	struct lf_tally all;

	lf_carve_tally_all(r, &all);
	lf_text_heading(w, "LOOKED AT AND TURNED DOWN");
	for (size_t i = 0; i < LF_TRIGGERS; i++)
		if (all.candidates[i] > 0)
			lf_textw_printf(w, "  %12llu  candidates: %s\n", (unsigned long long)all.candidates[i],
			    lf_trigger_name((enum lf_trigger)i));
	for (size_t i = 0; i < LF_REJECTS; i++)
		lf_textw_printf(w, "  %12llu  turned down: %s\n", (unsigned long long)all.rejected[i],
		    lf_reject_text((enum lf_reject)i));
	lf_textw_printf(w, "  %12llu  trials of joining fragments\n", (unsigned long long)all.joins_tried);
	lf_textw_printf(w, "  %12llu  members whose trials were used up\n", (unsigned long long)all.join_budgets);
}

int
lf_carve_as_text(const struct lf_carve_told *t, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err)
{
	struct lf_textw w;

	lf_textw_init(&w, o, write, arg);
	outcome(&w, t);
	if (!o->quiet)
		images(&w, t->r, o);
	states(&w, t->r);
	conflicts(&w, t->r, o->detail);
	listed(&w, t, o->detail);
	turned_down(&w, t->r);
	if (!o->quiet) {
		lf_text_heading(&w, "WHAT THIS DOES NOT SHOW");
		lf_text_limits(&w, lf_carve_limit_text);
	}
	return lf_textw_finish(&w, err);
}
