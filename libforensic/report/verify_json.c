#include "report/verify_json.h"

#include <errno.h>

#include "base/jsonw.h"
#include "report/json_parts.h"
#include "report/words.h"

static void
summary(struct lf_jsonw *w, const struct lf_summary *s)
{
	lf_jsonw_object(w, "summary");
	lf_jsonw_object_flat(w, "digests");
	for (int i = 0; i < 5; i++)
		lf_jsonw_int(w, lf_summary_digest_names[i], (int64_t)s->digests[i]);
	lf_jsonw_end(w);
	lf_jsonw_object_flat(w, "logs");
	for (int i = 0; i < 7; i++)
		lf_jsonw_int(w, lf_summary_log_names[i], (int64_t)s->logs[i]);
	lf_jsonw_end(w);
	lf_jsonw_int(w, "bytes", (int64_t)s->bytes);
	lf_jsonw_int(w, "objects", (int64_t)s->objects);
	lf_jsonw_int(w, "ignored", (int64_t)s->ignored);
	lf_jsonw_object_flat(w, "metadata");
	lf_jsonw_int(w, "entries", (int64_t)s->metadata_entries);
	lf_jsonw_int(w, "matched", (int64_t)s->metadata_matched);
	lf_jsonw_end(w);
	lf_jsonw_end(w);
}

static void
chain(struct lf_jsonw *w, const struct lf_chain_row *c)
{
	lf_jsonw_object(w, NULL);
	lf_jsonw_string(w, "account", c->account);
	lf_jsonw_string(w, "organization", c->organization);
	lf_jsonw_string(w, "region", c->region);
	lf_jsonw_string(w, "trail", c->trail);
	lf_jsonw_string(w, "home_region", c->home_region);
	lf_jsonw_string(w, "kind", c->kind);
	lf_jsonw_time(w, "first", c->first);
	lf_jsonw_time(w, "last", c->last);
	lf_jsonw_int(w, "digests", (int64_t)c->digests);
	lf_jsonw_int(w, "logs", (int64_t)c->logs);
	lf_jsonw_string(w, "verdict", lf_verdict_name(c->verdict));
	lf_jsonw_array(w, "segments");
	for (uint32_t i = 0; i < c->n_segments; i++) {
		lf_jsonw_object_flat(w, NULL);
		lf_jsonw_time(w, "start", c->segments[i].start);
		lf_jsonw_time(w, "end", c->segments[i].end);
		lf_jsonw_int(w, "digests", c->segments[i].digests);
		lf_jsonw_int(w, "quiet", c->segments[i].quiet);
		lf_jsonw_end(w);
	}
	lf_jsonw_end(w);
	lf_jsonw_object(w, "tail");
	lf_jsonw_string(w, "object", c->last_object);
	lf_jsonw_string(w, "locator", c->last_locator);
	lf_jsonw_time(w, "end", c->tail.end);
	lf_jsonw_time(w, "until", c->tail.until);
	lf_jsonw_time(w, "newest_log", c->tail.newest_log);
	lf_jsonw_time(w, "newest_named", c->tail.newest_named);
	lf_jsonw_end(w);
	lf_jsonw_end(w);
}

static void
objects(struct lf_jsonw *w, const struct lf_result *r, const char *name, uint32_t n,
    void (*fill)(const struct lf_result *, uint32_t, struct lf_object_row *, struct lf_buf *))
{
	struct lf_object_row row;
	struct lf_buf scratch;

	lf_buf_init(&scratch);
	lf_jsonw_array(w, name);
	for (uint32_t i = 0; i < n; i++) {
		fill(r, i, &row, &scratch);
		lf_jsonw_object_flat(w, NULL);
		lf_jsonw_string(w, "object", row.object);
		lf_jsonw_string(w, "locator", row.locator);
		lf_jsonw_string(w, "status", row.status);
		lf_jsonw_string(w, "by", row.by);
		lf_jsonw_end(w);
	}
	lf_jsonw_end(w);
	if (scratch.failed)
		w->error = ENOMEM;
	lf_buf_free(&scratch);
}

static void
lists(struct lf_jsonw *w, const struct lf_result *r)
{
	struct lf_finding x;
	struct lf_buf scratch;

	lf_buf_init(&scratch);
	lf_jsonw_array(w, "chains");
	for (uint32_t i = 0; i < r->n_chains; i++)
		chain(w, &r->chains[i]);
	lf_jsonw_end(w);
	lf_jsonw_array(w, "lake");
	for (uint32_t i = 0; i < r->n_lake; i++) {
		lf_jsonw_object_flat(w, NULL);
		lf_jsonw_string(w, "kind", "lake");
		lf_jsonw_string(w, "object", r->lake[i].object);
		lf_jsonw_string(w, "locator", r->lake[i].locator);
		lf_jsonw_string(w, "status", r->lake[i].status);
		lf_jsonw_int(w, "files", r->lake[i].files);
		lf_jsonw_end(w);
	}
	lf_jsonw_end(w);
	lf_jsonw_array(w, "findings");
	for (uint32_t i = 0; i < r->n_findings; i++) {
		r->finding(r, i, &x, &scratch);
		lf_json_finding(w, &x);
	}
	lf_jsonw_end(w);
	lf_jsonw_array(w, "skipped");
	for (uint32_t i = 0; i < r->n_skipped; i++)
		lf_json_skip(w, r->skipped[i].locator, r->skipped[i].reason);
	lf_jsonw_end(w);
	if (scratch.failed)
		w->error = ENOMEM;
	lf_buf_free(&scratch);
}

int
lf_verify_json(const struct lf_result *r, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err)
{
	struct lf_jsonw w;

	lf_jsonw_init(&w, write, arg);
	lf_jsonw_object(&w, NULL);
	lf_json_head(&w, "trail-verify", r->verdict, &r->select, o);
	summary(&w, &r->summary);
	lf_json_anchors(&w, r);
	lf_jsonw_array(&w, "limits");
	lf_json_limits(&w, lf_limit_text);
	lf_jsonw_end(&w);
	lists(&w, r);
	if (r->detail) {
		objects(&w, r, "digests", r->n_digests, r->digest);
		objects(&w, r, "logs", r->n_logs, r->log);
	}
	lf_jsonw_end(&w);
	return lf_jsonw_finish(&w, err);
}
