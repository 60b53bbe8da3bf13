/* What was carved as one page: outcome, map, states, what digests list, places, what was turned down, limits. */
#include <string.h>

#include "base/text.h"
#include "base/utc.h"
#include "report/carve_map.h"
#include "report/carve_page.h"
#include "report/carve_words.h"
#include "report/flush.h"
#include "report/html.h"
#include "report/html_parts.h"

#define ROWS_MAX  3000 /* of a table */
#define PARTS_MAX 5    /* perhaps of one log */

struct page {
	const struct lf_carve_told *t;
	struct lf_carve_map *map;
	struct lf_buf out, places; /* places: rows of their table */
	uint64_t n_places;
};

static void
head(struct lf_buf *out, const char *title, const char *columns)
{
	lf_buf_printf(out, "<h2>%s</h2>\n<table>\n<thead><tr>%s</tr></thead>\n<tbody>\n", title, columns);
}

static void
foot(struct lf_buf *out, uint64_t left, const char *where)
{
	lf_buf_puts(out, "</tbody>\n</table>\n");
	if (left > 0)
		lf_buf_printf(out, "<p class=\"note\">... and %llu more: %s has all.</p>\n", (unsigned long long)left, where);
}

static void
cell(struct lf_buf *out, const char *text)
{
	lf_buf_puts(out, "<td>");
	lf_html_puts(out, text);
	lf_buf_puts(out, "</td>");
}

static void
figure(struct lf_buf *out, uint64_t n)
{
	lf_buf_puts(out, "<td class=\"n\">");
	lf_html_number(out, n);
	lf_buf_puts(out, "</td>");
}

/* A soft line below, where there is something to say. */
static void
below(struct lf_buf *out, const char *label, const char *text)
{
	if (text[0] == '\0')
		return;
	lf_buf_printf(out, "<small>%s", label);
	lf_html_puts(out, text);
	lf_buf_puts(out, "</small>");
}

/* ---- The outcome ---- */

static void
lead(struct page *p)
{
	static const char *const tones[] = {"good", "bad", "warn"};
	const struct lf_carve_result *r = p->t->r;
	char first[LF_UTC_LEN], last[LF_UTC_LEN];

	lf_buf_printf(&p->out, "<p class=\"lead\"><b class=\"%s\">%s</b>: %s</p>\n", tones[p->t->verdict],
	    lf_carve_outcome(p->t->verdict), lf_carve_meaning(p->t));
	if (r->first != LF_TIME_NONE)
		lf_buf_printf(&p->out, "<p class=\"soft\">Events from %s to %s, all times UTC.</p>\n", lf_utc_format(r->first, first),
		    lf_utc_format(r->last, last));
	if (lf_carve_proof_caveat(r) != NULL) {
		lf_buf_puts(&p->out, "<p class=\"note\">");
		lf_html_puts(&p->out, lf_carve_proof_caveat(r));
		lf_buf_puts(&p->out, "</p>\n");
	}
}

static void
tiles(struct page *p)
{
	const struct lf_carve_result *r = p->t->r;
	const uint64_t *fates = p->t->fates->count;
	uint64_t authentic = lf_carve_in_state(r, LF_CARVE_AUTHENTIC), bad = 0;

	for (size_t i = 0; i < r->n_images; i++)
		bad += r->images[i].n_bad;
	lf_buf_puts(&p->out, "<div class=\"tiles\">\n");
	lf_html_tile(&p->out, r->n_images, r->n_images == 1 ? "image" : "images", "");
	lf_html_tile(&p->out, lf_carve_locations(r), "places", "");
	lf_html_tile(&p->out, authentic, "of them authentic", authentic > 0 ? "good" : "");
	lf_html_tile(&p->out, r->records, "complete records", "");
	if (r->incomplete > 0)
		lf_html_tile(&p->out, r->incomplete, "more events in part", "warn");
	if (r->proof.n_listed > 0) {
		lf_html_tile(&p->out, fates[LF_FATE_CARVED], "listed logs carved", "good");
		lf_html_tile(&p->out, fates[LF_FATE_MISSING] + fates[LF_FATE_PARTIAL], "listed logs still missing",
		    fates[LF_FATE_MISSING] + fates[LF_FATE_PARTIAL] > 0 ? "warn" : "");
	}
	if (r->conflicts.n > 0)
		lf_html_tile(&p->out, r->conflicts.n, "events with conflicting content", "bad");
	if (bad > 0)
		lf_html_tile(&p->out, bad, "areas that could not be read", "warn");
	lf_buf_puts(&p->out, "</div>\n");
}

static void
states(struct page *p)
{
	const struct lf_carve_result *r = p->t->r;

	head(&p->out, "What was found",
	    "<th>State</th><th class=\"n\">Logs</th><th class=\"n\">Digests</th><th class=\"n\">Wrapped</th>"
	    "<th class=\"n\">Records</th><th class=\"n\">Bytes</th><th>Meaning</th>");
	for (size_t s = 0; s < LF_CARVE_STATES; s++) {
		lf_buf_printf(&p->out, "<tr><td class=\"s\">%s</td>", lf_carve_state_name((enum lf_carve_state)s));
		for (size_t k = 0; k < LF_CARVE_KINDS; k++)
			figure(&p->out, r->finds[s][k]);
		figure(&p->out, r->bytes[s]);
		cell(&p->out, lf_carve_state_text((enum lf_carve_state)s));
		lf_buf_puts(&p->out, "</tr>\n");
	}
	foot(&p->out, 0, "");
}

/* ---- What digests list ---- */

static void
listed_log(struct page *p, size_t i)
{
	const struct lf_carve_listed *l = &p->t->r->proof.listed[i];
	const struct lf_carve_listed_fate *f = &p->t->fates->list[i];
	char hex[2 * LF_SHA256_LEN + 1];

	lf_buf_printf(&p->out, "<tr><td class=\"s\">%s</td><td>", lf_carve_fate_name(f->fate));
	lf_html_puts(&p->out, l->key);
	below(&p->out, "bucket ", l->bucket);
	if (f->where != NULL)
		below(&p->out, "at ", f->where);
	for (uint32_t k = 0; k < f->n_parts && k < PARTS_MAX; k++)
		below(&p->out, "perhaps ", ((const struct lf_carve_part *)lf_list_at(&p->t->r->parts, f->parts[k]))->path);
	if (f->n_parts > PARTS_MAX)
		lf_buf_printf(&p->out, "<small>or %u more</small>", f->n_parts - PARTS_MAX);
	lf_hex_encode(l->sha256, sizeof(l->sha256), hex);
	lf_buf_printf(&p->out, "</td><td class=\"mono\">%s</td></tr>\n", hex);
}

static void
listed(struct page *p)
{
	static const enum lf_carve_fate order[] = {LF_FATE_MISSING, LF_FATE_PARTIAL, LF_FATE_CARVED};
	const struct lf_carve_result *r = p->t->r;
	uint64_t shown = 0, all = r->proof.n_listed - p->t->fates->count[LF_FATE_GIVEN];

	if (all == 0)
		return;
	head(&p->out, "What digests list", "<th>Fate</th><th>Log</th><th>SHA-256 of its content</th>");
	for (size_t k = 0; k < sizeof(order) / sizeof(order[0]); k++)
		for (size_t i = 0; i < r->proof.n_listed && shown < ROWS_MAX; i++)
			if (p->t->fates->list[p->t->fates->by_key[i]].fate == order[k]) {
				listed_log(p, p->t->fates->by_key[i]);
				shown++;
			}
	foot(&p->out, all - shown, "report.json");
}

/* ---- Places ---- */

static int
take_row(void *arg, const struct lf_carve_row *row, struct lf_err *err)
{
	struct page *p = arg;
	struct lf_buf *out = &p->places;

	lf_carve_map_add(p->map, row);
	if (++p->n_places > ROWS_MAX)
		return 0;
	lf_buf_printf(out, "<tr><td class=\"s\">%s</td><td class=\"s\">%s</td>", lf_carve_state_name(row->state),
	    lf_carve_kind_name(row->kind));
	lf_buf_puts(out, "<td>");
	lf_html_puts(out, row->path);
	below(out, "", row->problem);
	below(out, "file ", row->file);
	below(out, "digest ", row->digest);
	lf_buf_puts(out, "</td>");
	cell(out, row->method);
	figure(out, row->stored);
	figure(out, row->inflated);
	figure(out, row->records);
	cell(out, row->first);
	cell(out, row->last);
	lf_buf_puts(out, "</tr>\n");
	return out->failed ? lf_err_nomem(err) : 0;
}

static void
places(struct page *p)
{
	if (p->n_places == 0)
		return;
	head(&p->out, "Places",
	    "<th>State</th><th>Kind</th><th>Where</th><th>How</th><th class=\"n\">Stored</th><th class=\"n\">Content</th>"
	    "<th class=\"n\">Records</th><th>First</th><th>Last</th>");
	lf_buf_add(&p->out, p->places.data, p->places.len);
	foot(&p->out, p->n_places > ROWS_MAX ? p->n_places - ROWS_MAX : 0, "carve.jsonl");
}

/* ---- The rest ---- */

static void
conflicts(struct page *p)
{
	const struct lf_list *all = &p->t->r->conflicts;

	if (all->n == 0)
		return;
	head(&p->out, "Conflicts", "<th>Event</th><th class=\"n\">Versions</th>");
	for (uint32_t i = 0; i < all->n && i < ROWS_MAX; i++) {
		const struct lf_carve_conflict *c = lf_list_at(all, i);

		lf_buf_puts(&p->out, "<tr>");
		cell(&p->out, c->event_id);
		figure(&p->out, c->versions);
		lf_buf_puts(&p->out, "</tr>\n");
	}
	foot(&p->out, all->n > ROWS_MAX ? all->n - ROWS_MAX : 0, "report.json");
}

static void
images(struct page *p, const struct lf_write_opts *o)
{
	char hex[2 * LF_SHA256_LEN + 1], time[LF_UTC_LEN];

	head(&p->out, "Images",
	    "<th>Image</th><th class=\"n\">Bytes</th><th class=\"n\">Scanned</th><th class=\"n\">Zeros</th>"
	    "<th class=\"n\">Holes</th><th class=\"n\">Unreadable areas</th>");
	for (size_t i = 0; i < p->t->r->n_images; i++) {
		const struct lf_carve_image *m = &p->t->r->images[i];

		lf_buf_puts(&p->out, "<tr><td>");
		lf_html_puts(&p->out, m->name);
		if (m->mtime != LF_TIME_NONE && !o->reproducible)
			below(&p->out, "modified ", lf_utc_format(m->mtime, time));
		lf_hex_encode(m->sha256, sizeof(m->sha256), hex);
		below(&p->out, "SHA-256 ", m->hashed ? hex : "");
		below(&p->out, "", m->streams ? "read once and forwards: no fragments were joined" : "");
		lf_buf_puts(&p->out, "</td>");
		figure(&p->out, m->size);
		figure(&p->out, m->tally.scanned);
		figure(&p->out, m->tally.zero);
		figure(&p->out, m->tally.holes);
		figure(&p->out, m->n_bad);
		lf_buf_puts(&p->out, "</tr>\n");
	}
	foot(&p->out, 0, "");
}

static void
count(struct page *p, uint64_t n, const char *what)
{
	lf_buf_puts(&p->out, "<tr>");
	figure(&p->out, n);
	cell(&p->out, what);
	lf_buf_puts(&p->out, "</tr>\n");
}

static void
turned_down(struct page *p)
{
	struct lf_tally all;

	lf_carve_tally_all(p->t->r, &all);
	head(&p->out, "Looked at", "<th class=\"n\">Candidates</th><th>For</th>");
	for (size_t i = 0; i < LF_TRIGGERS; i++)
		count(p, all.candidates[i], lf_trigger_name((enum lf_trigger)i));
	foot(&p->out, 0, "");
	head(&p->out, "Turned down", "<th class=\"n\">Candidates</th><th>Why</th>");
	for (size_t i = 0; i < LF_REJECTS; i++)
		count(p, all.rejected[i], lf_reject_text((enum lf_reject)i));
	foot(&p->out, 0, "");
	head(&p->out, "Joins", "<th class=\"n\">Number</th><th>Of what</th>");
	count(p, all.joins_tried, "trials of joining fragments");
	count(p, all.join_budgets, "members whose trials were used up");
	foot(&p->out, 0, "");
}

static void
body(struct page *p, const struct lf_write_opts *o)
{
	lead(p);
	tiles(p);
	lf_buf_puts(&p->out, "<h2>Where it lies</h2>\n");
	lf_carve_map_put(p->map, &p->out);
	states(p);
	conflicts(p);
	listed(p);
	places(p);
	images(p, o);
	turned_down(p);
	lf_buf_puts(&p->out, "<h2>What this does not show</h2>\n<ul class=\"limits\">\n");
	lf_html_limits(&p->out, lf_carve_limit_text);
	lf_buf_puts(&p->out,
	    "</ul>\n<footer>Written by trail-carve " LF_VERSION
	    ". This page loads nothing and sends nothing.</footer>\n");
}

int
lf_carve_as_html(const struct lf_carve_told *t, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err)
{
	struct page p = {.t = t};
	int rc = -1;

	lf_buf_init(&p.out);
	lf_buf_init(&p.places);
	if ((p.map = lf_carve_map_new(t->r)) == NULL) {
		lf_err_nomem(err);
		goto out;
	}
	if (lf_carve_rows_each(&t->rows, take_row, &p, err) != 0)
		goto out;
	lf_html_begin(&p.out, "Carved CloudTrail records", lf_carve_sheet, NULL);
	body(&p, o);
	lf_html_end(&p.out, NULL);
	rc = lf_report_flush(&p.out, 0, write, arg, err);
out:
	lf_carve_map_free(p.map);
	lf_buf_free(&p.places);
	lf_buf_free(&p.out);
	return rc;
}
