/*
 * What was carved as a JSON document.  Places and records are not in it: carve.jsonl and records.jsonl have them, one a
 * line. "findings" holds conflicts, "skipped" what could not be read.
 */
#include <stdio.h>

#include "report/carve_words.h"
#include "report/json_parts.h"
#include "report/words.h"

static void
number(struct lf_jsonw *w, const char *name, uint64_t n)
{
	lf_jsonw_int(w, name, (int64_t)n);
}

static void
states(struct lf_jsonw *w, const struct lf_carve_result *r)
{
	lf_jsonw_object(w, "states");
	for (size_t s = 0; s < LF_CARVE_STATES; s++) {
		lf_jsonw_object_flat(w, lf_carve_state_name((enum lf_carve_state)s));
		for (size_t k = 0; k < LF_CARVE_KINDS; k++)
			number(w, lf_carve_kind_name((enum lf_carve_kind)k), r->finds[s][k]);
		number(w, "bytes", r->bytes[s]);
		lf_jsonw_end(w);
	}
	lf_jsonw_end(w);
}

static void
summary(struct lf_jsonw *w, const struct lf_carve_told *t)
{
	const struct lf_carve_result *r = t->r;

	lf_jsonw_object(w, "summary");
	number(w, "locations", lf_carve_locations(r));
	states(w, r);
	number(w, "records", r->records);
	number(w, "places", r->places);
	number(w, "incomplete", r->incomplete);
	lf_jsonw_time(w, "first", r->first);
	lf_jsonw_time(w, "last", r->last);
	number(w, "conflicts", r->conflicts.n);
	number(w, "digests", r->proof.n_digests);
	lf_jsonw_object_flat(w, "listed");
	for (size_t i = 0; i < LF_FATES; i++)
		number(w, lf_carve_fate_name((enum lf_carve_fate)i), t->fates->count[i]);
	lf_jsonw_end(w);
	lf_jsonw_bool(w, "keys", r->keys);
	lf_jsonw_end(w);
}

/* ---- What was looked at ---- */

static void
tally(struct lf_jsonw *w, const struct lf_tally *t)
{
	number(w, "scanned", t->scanned);
	number(w, "zero", t->zero);
	number(w, "holes", t->holes);
	lf_jsonw_object(w, "candidates");
	for (size_t i = 0; i < LF_TRIGGERS; i++)
		number(w, lf_trigger_name((enum lf_trigger)i), t->candidates[i]);
	lf_jsonw_end(w);
	lf_jsonw_object(w, "rejected");
	for (size_t i = 0; i < LF_REJECTS; i++)
		number(w, lf_carve_reject_name((enum lf_reject)i), t->rejected[i]);
	lf_jsonw_end(w);
	number(w, "joins_tried", t->joins_tried);
	number(w, "join_budgets", t->join_budgets);
}

static void
image(struct lf_jsonw *w, const struct lf_carve_image *m, const struct lf_write_opts *o)
{
	lf_jsonw_object(w, NULL);
	lf_jsonw_string(w, "image", m->name);
	number(w, "size", m->size);
	if (!o->reproducible)
		lf_jsonw_time(w, "modified", m->mtime);
	if (m->hashed)
		lf_jsonw_sha256(w, "sha256", m->sha256);
	else
		lf_jsonw_null(w, "sha256");
	lf_jsonw_bool(w, "streamed", m->streams);
	tally(w, &m->tally);
	lf_jsonw_array(w, "bad");
	for (size_t i = 0; i < m->n_bad; i++) {
		lf_jsonw_object_flat(w, NULL);
		number(w, "offset", m->bad[i].from);
		number(w, "length", m->bad[i].to - m->bad[i].from);
		lf_jsonw_end(w);
	}
	lf_jsonw_end(w);
	lf_jsonw_end(w);
}

/* ---- What digests list ---- */

static void
listed(struct lf_jsonw *w, const struct lf_carve_told *t, size_t i)
{
	const struct lf_carve_listed *l = &t->r->proof.listed[i];
	const struct lf_carve_listed_fate *f = &t->fates->list[i];

	lf_jsonw_object(w, NULL);
	lf_jsonw_string(w, "status", lf_carve_fate_name(f->fate));
	lf_jsonw_string(w, "bucket", l->bucket);
	lf_jsonw_string(w, "key", l->key);
	lf_jsonw_sha256(w, "sha256", l->sha256);
	lf_jsonw_string(w, "digest", l->digest);
	lf_jsonw_bool(w, "verified", l->verified);
	lf_jsonw_string(w, "where", f->where);
	lf_jsonw_array_flat(w, "perhaps");
	for (uint32_t p = 0; p < f->n_parts; p++)
		lf_jsonw_string(w, NULL, ((const struct lf_carve_part *)lf_list_at(&t->r->parts, f->parts[p]))->path);
	lf_jsonw_end(w);
	lf_jsonw_end(w);
}

/* ---- Lists that all documents have ---- */

static void
conflict(struct lf_jsonw *w, const struct lf_carve_conflict *c)
{
	struct lf_buf text;

	lf_buf_init(&text);
	lf_buf_printf(&text, "event %s was found with %llu different contents", c->event_id, (unsigned long long)c->versions);
	lf_jsonw_object(w, NULL);
	lf_jsonw_string(w, "id", "conflict");
	lf_jsonw_string(w, "severity", "alert");
	lf_jsonw_null(w, "object");
	lf_jsonw_string(w, "locator", "records.jsonl");
	lf_jsonw_string(w, "message", lf_buf_str(&text));
	lf_jsonw_string(w, "event_id", c->event_id);
	number(w, "versions", c->versions);
	lf_jsonw_end(w);
	lf_buf_free(&text);
}

static void
skipped(struct lf_jsonw *w, const struct lf_carve_image *m)
{
	struct lf_buf where;

	lf_buf_init(&where);
	for (size_t i = 0; i < m->n_bad; i++) {
		lf_buf_reset(&where);
		lf_buf_printf(&where, "%s|%llu", m->name, (unsigned long long)m->bad[i].from);
		lf_json_skip(w, lf_buf_str(&where), "could not be read");
	}
	lf_buf_free(&where);
}

static void
lists(struct lf_jsonw *w, const struct lf_carve_told *t, const struct lf_write_opts *o)
{
	const struct lf_carve_result *r = t->r;

	lf_jsonw_array(w, "images");
	for (size_t i = 0; i < r->n_images; i++)
		image(w, &r->images[i], o);
	lf_jsonw_end(w);
	lf_jsonw_array(w, "listed");
	for (size_t i = 0; i < r->proof.n_listed; i++)
		listed(w, t, t->fates->by_key[i]);
	lf_jsonw_end(w);
	lf_jsonw_array(w, "findings");
	for (uint32_t i = 0; i < r->conflicts.n; i++)
		conflict(w, lf_list_at(&r->conflicts, i));
	lf_jsonw_end(w);
	lf_jsonw_array(w, "skipped");
	for (size_t i = 0; i < r->n_images; i++)
		skipped(w, &r->images[i]);
	lf_jsonw_end(w);
}

int
lf_carve_as_json(const struct lf_carve_told *t, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err)
{
	struct lf_jsonw w;

	lf_jsonw_init(&w, write, arg);
	lf_jsonw_object(&w, NULL);
	lf_json_head(&w, "trail-carve", t->verdict, NULL, o);
	summary(&w, t);
	lf_jsonw_array(&w, "limits");
	if (lf_carve_proof_caveat(t->r) != NULL)
		lf_jsonw_string(&w, NULL, lf_carve_proof_caveat(t->r));
	lf_json_limits(&w, lf_carve_limit_text);
	lf_jsonw_end(&w);
	lists(&w, t, o);
	lf_jsonw_end(&w);
	return lf_jsonw_finish(&w, err);
}
