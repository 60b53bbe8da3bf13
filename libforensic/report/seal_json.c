/* What a seal did or found, as a JSON document. */
#include <errno.h>
#include <stdlib.h>

#include "custody/store.h"
#include "report/json_parts.h"
#include "report/seal_form.h"

static void
marks(struct lf_jsonw *w, const char *name, const uint64_t *n)
{
	lf_jsonw_object_flat(w, name);
	for (int i = 0; i < LF_MARKS; i++)
		lf_jsonw_int(w, lf_mark_name((enum lf_mark)i), (int64_t)n[i]);
	lf_jsonw_end(w);
}

static void
tally(struct lf_jsonw *w, const struct lf_seal *s)
{
	const struct lf_manifest_tally *t = &s->tally;

	if (!s->compared) {
		lf_jsonw_null(w, "evidence");
		return;
	}
	lf_jsonw_object_flat(w, "evidence");
	lf_jsonw_int(w, "entry", (int64_t)s->entry.number);
	lf_jsonw_int(w, "same", (int64_t)t->same);
	lf_jsonw_int(w, "altered", (int64_t)t->altered);
	lf_jsonw_int(w, "removed", (int64_t)t->removed);
	lf_jsonw_int(w, "moved", (int64_t)t->moved);
	lf_jsonw_int(w, "added", (int64_t)t->added);
	lf_jsonw_int(w, "unread", (int64_t)t->unread);
	lf_jsonw_end(w);
}

static void
summary(struct lf_jsonw *w, const struct lf_seal *s)
{
	lf_jsonw_object(w, "summary");
	if (s->opts.task == LF_SEAL_CHECK) {
		lf_jsonw_int(w, "entries", (int64_t)s->end.entries);
		lf_jsonw_int(w, "anchored", (int64_t)s->anchored);
		marks(w, "signatures", s->marks[0]);
		marks(w, "timestamps", s->marks[1]);
		tally(w, s);
	} else if (s->opts.task == LF_SEAL_APPEND) {
		lf_jsonw_bool(w, "appended", s->entry.number > 0);
		lf_jsonw_bool(w, "unchanged", s->unchanged);
		lf_jsonw_int(w, "objects", s->manifest.objects.n);
		lf_jsonw_int(w, "bytes", (int64_t)s->manifest.bytes);
		lf_jsonw_int(w, "inflated_bytes", (int64_t)s->manifest.content);
		lf_jsonw_int(w, "skipped", (int64_t)s->manifest.skipped);
	}
	lf_jsonw_end(w);
}

/* The name of a file of an entry, or null. */
static void
file(struct lf_jsonw *w, const char *name, const struct lf_seal *s, enum lf_store_file f, bool there)
{
	char text[LF_STORE_NAME];

	lf_jsonw_string(w, name, there ? lf_store_name(s->entry.number, f, text) : NULL);
}

/* The entry that was appended, or stamped. */
static void
entry(struct lf_jsonw *w, const struct lf_seal *s, bool reproducible)
{
	const struct lf_entry *e = &s->entry;

	if (e->number == 0 || s->opts.task == LF_SEAL_CHECK) {
		lf_jsonw_null(w, "entry");
		return;
	}
	lf_jsonw_object(w, "entry");
	lf_jsonw_int(w, "number", (int64_t)e->number);
	if (!reproducible)
		lf_jsonw_sha256(w, "sha256", s->entry_hash);
	lf_jsonw_string(w, "action", e->action);
	lf_jsonw_string(w, "case", e->case_id);
	lf_jsonw_string(w, "exhibit", e->exhibit);
	lf_jsonw_string(w, "examiner", e->examiner);
	lf_jsonw_string(w, "organization", e->organization);
	lf_jsonw_string(w, "note", e->note);
	if (!reproducible) {
		lf_jsonw_time(w, "started", e->started);
		lf_jsonw_time(w, "finished", e->finished);
	}
	lf_jsonw_string(w, "manifest", e->manifest);
	lf_jsonw_sha256(w, "manifest_sha256", e->manifest_hash);
	file(w, "signature", s, LF_STORE_SIGNATURE, e->is_signed);
	lf_jsonw_string(w, "signer", e->signer);
	file(w, "request", s, LF_STORE_REQUEST, true);
	file(w, "timestamp", s, LF_STORE_STAMP, s->stamped.held != LF_HELD_NOT);
	lf_jsonw_time(w, "timestamp_time", s->stamped.held == LF_HELD_NOT ? LF_TIME_NONE : s->stamped.time);
	lf_jsonw_end(w);
}

static void
row(void *arg, const struct lf_seal_row *r, const struct lf_entry *e)
{
	struct lf_jsonw *w = arg;

	lf_jsonw_object(w, NULL);
	lf_jsonw_int(w, "number", (int64_t)e->number);
	lf_jsonw_sha256(w, "sha256", r->hash);
	lf_jsonw_string(w, "action", e->action);
	lf_jsonw_string(w, "case", e->case_id);
	lf_jsonw_string(w, "exhibit", e->exhibit);
	lf_jsonw_string(w, "examiner", e->examiner);
	lf_jsonw_string(w, "organization", e->organization);
	lf_jsonw_string(w, "note", e->note);
	lf_jsonw_string(w, "host", e->host);
	lf_jsonw_time(w, "started", e->started);
	lf_jsonw_time(w, "finished", e->finished);
	lf_jsonw_int(w, "objects", (int64_t)e->objects);
	lf_jsonw_int(w, "bytes", (int64_t)e->bytes);
	lf_jsonw_string(w, "signature", lf_mark_name((enum lf_mark)r->signature));
	lf_jsonw_string(w, "signer", r->signer);
	lf_jsonw_string(w, "timestamp", lf_mark_name((enum lf_mark)r->stamp));
	lf_jsonw_string(w, "authority", r->authority);
	lf_jsonw_time(w, "timestamp_time", r->stamped);
	lf_jsonw_end(w);
}

static int
rows(struct lf_jsonw *w, const struct lf_seal *s, struct lf_err *err)
{
	int rc;

	lf_jsonw_array(w, "entries");
	rc = lf_seal_each_row(s, row, w, err);
	lf_jsonw_end(w);
	return rc;
}

static void
skipped(struct lf_jsonw *w, const struct lf_seal *s)
{
	struct lf_buf where;

	lf_jsonw_array(w, "skipped");
	lf_buf_init(&where);
	for (uint32_t i = 0; i < s->manifest.objects.n && s->opts.task == LF_SEAL_APPEND; i++) {
		const struct lf_manifest_object *o = lf_manifest_object_at(&s->manifest, i);

		if (o->problem == NULL)
			continue;
		lf_buf_reset(&where);
		lf_manifest_locator(&s->manifest, o, &where);
		lf_json_skip(w, lf_buf_str(&where), o->problem);
	}
	w->error = where.failed ? ENOMEM : w->error;
	lf_buf_free(&where);
	lf_jsonw_end(w);
}

static int
lists(struct lf_jsonw *w, const struct lf_seal *s, const struct lf_finding *const *findings, struct lf_err *err)
{
	int rc = rows(w, s, err);

	lf_jsonw_array(w, "limits");
	lf_json_limits(w, lf_seal_limit);
	lf_jsonw_end(w);
	lf_jsonw_array(w, "findings");
	for (uint32_t i = 0; i < s->findings.list.n; i++)
		lf_json_finding(w, findings[i]);
	lf_jsonw_end(w);
	skipped(w, s);
	return rc;
}

int
lf_seal_json(const struct lf_seal *s, const struct lf_write_opts *o, lf_write_fn *write, void *arg, struct lf_err *err)
{
	const struct lf_finding **findings = lf_seal_findings(s);
	struct lf_jsonw w;
	struct lf_err why;
	int rc;

	if (findings == NULL)
		return lf_err_nomem(err);
	lf_jsonw_init(&w, write, arg);
	lf_jsonw_object(&w, NULL);
	lf_json_head(&w, "trail-seal", lf_seal_verdict(s), NULL, o);
	summary(&w, s);
	lf_jsonw_string(&w, "ledger", s->opts.ledger);
	if (s->opts.task == LF_SEAL_CHECK && s->end.entries > 0)
		lf_jsonw_sha256(&w, "head", s->end.hash);
	else if (s->opts.task == LF_SEAL_APPEND && s->entry.number > 0 && !o->reproducible)
		lf_jsonw_sha256(&w, "head", s->entry_hash);
	else
		lf_jsonw_null(&w, "head");
	entry(&w, s, o->reproducible);
	rc = lists(&w, s, findings, &why);
	lf_jsonw_end(&w);
	if (lf_jsonw_finish(&w, err) != 0)
		rc = -1;
	else if (rc != 0)
		*err = why;
	free(findings);
	return rc;
}
