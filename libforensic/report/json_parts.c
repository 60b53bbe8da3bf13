#include "report/json_parts.h"

#include "report/words.h"

void
lf_json_strings(struct lf_jsonw *w, const char *name, const char *const *list, size_t n)
{
	lf_jsonw_array_flat(w, name);
	for (size_t i = 0; i < n; i++)
		lf_jsonw_string(w, NULL, list[i]);
	lf_jsonw_end(w);
}

/* What was asked for. */
static void
selection(struct lf_jsonw *w, const struct lf_select *s)
{
	if (s->shards > 0) {
		lf_jsonw_object_flat(w, "shard");
		lf_jsonw_int(w, "k", s->shard);
		lf_jsonw_int(w, "n", s->shards);
		lf_jsonw_end(w);
	}
	lf_jsonw_object_flat(w, "selection");
	lf_jsonw_time(w, "since", s->since);
	lf_jsonw_time(w, "until", s->until);
	lf_json_strings(w, "accounts", s->accounts, s->n_accounts);
	lf_json_strings(w, "regions", s->regions, s->n_regions);
	lf_json_strings(w, "trails", s->trails, s->n_trails);
	lf_jsonw_end(w);
}

void
lf_json_head(struct lf_jsonw *w, const char *tool, enum lf_verdict verdict, const struct lf_select *select,
    const struct lf_write_opts *o)
{
	lf_jsonw_string(w, "tool", tool);
	lf_jsonw_string(w, "version", LF_VERSION);
	lf_jsonw_int(w, "schema", 1);
	if (!o->reproducible) {
		lf_json_strings(w, "arguments", o->arguments, o->n_arguments);
		lf_jsonw_time(w, "started", o->started);
		lf_jsonw_time(w, "finished", o->finished);
		lf_jsonw_string(w, "sandbox", lf_sandbox_state());
	}
	lf_jsonw_string(w, "verdict", lf_verdict_name(verdict));
	if (select != NULL)
		selection(w, select);
}

void
lf_json_anchors(struct lf_jsonw *w, const struct lf_result *r)
{
	lf_jsonw_array(w, "anchors");
	for (uint32_t i = 0; i < r->n_anchors; i++) {
		const struct lf_anchor_row *a = &r->anchors[i];

		lf_jsonw_object(w, NULL);
		lf_jsonw_string(w, "file", a->file);
		lf_jsonw_string(w, "sha256", a->sha256);
		lf_jsonw_array(w, "keys");
		for (uint32_t k = 0; k < a->n_keys; k++) {
			lf_jsonw_object_flat(w, NULL);
			lf_jsonw_string(w, "fingerprint", a->keys[k].fingerprint);
			lf_jsonw_int(w, "bits", a->keys[k].bits);
			lf_jsonw_time(w, "valid_from", a->keys[k].valid_from);
			lf_jsonw_time(w, "valid_until", a->keys[k].valid_until);
			lf_jsonw_bool(w, "used", a->keys[k].used);
			lf_jsonw_end(w);
		}
		lf_jsonw_end(w);
		lf_jsonw_end(w);
	}
	lf_jsonw_end(w);
}

void
lf_json_limits(struct lf_jsonw *w, const char *(*limit)(size_t))
{
	for (size_t i = 0; limit(i) != NULL; i++)
		lf_jsonw_string(w, NULL, limit(i));
}

void
lf_json_skip(struct lf_jsonw *w, const char *locator, const char *reason)
{
	lf_jsonw_object_flat(w, NULL);
	lf_jsonw_string(w, "locator", locator);
	lf_jsonw_string(w, "reason", reason);
	lf_jsonw_end(w);
}

void
lf_json_finding(struct lf_jsonw *w, const struct lf_finding *x)
{
	const struct lf_finding_kind *kind = lf_finding_kind(x->id);

	lf_jsonw_object(w, NULL);
	lf_jsonw_string(w, "id", kind->name);
	lf_jsonw_string(w, "severity", lf_severity_name(x->severity));
	lf_jsonw_string(w, "object", x->object);
	lf_jsonw_string(w, "locator", x->locator);
	lf_jsonw_string(w, "message", x->message);
	lf_jsonw_string(w, "rule", kind->rule);
	if (x->offset >= 0)
		lf_jsonw_int(w, "offset", x->offset);
	if (x->start != LF_TIME_NONE || x->end != LF_TIME_NONE) {
		lf_jsonw_time(w, "start", x->start);
		lf_jsonw_time(w, "end", x->end);
	}
	if (x->expected_sha256 != NULL || x->expected_signature != NULL) {
		lf_jsonw_object(w, "expected");
		lf_jsonw_string(w, "sha256", x->expected_sha256);
		lf_jsonw_string(w, "signature", x->expected_signature);
		lf_jsonw_end(w);
	}
	if (x->count > 0)
		lf_jsonw_int(w, "count", x->count);
	lf_jsonw_end(w);
}
