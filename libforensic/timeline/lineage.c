#include "timeline/lineage.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "forensic.h"
#include "timeline/calls.h"
#include "timeline/forest.h"
#include "timeline/issuance.h"
#include "timeline/roots.h"
#include "timeline/timeline.h"

#define NONE LF_TEXTS_NONE

struct lf_lineage {
	struct lf_calls calls;
	struct lf_forest keys;  /* keys and the keys that asked for them, of lf_roots_find() */
	struct lf_root *roots;   /* one for each text; NULL before the end */
};

int
lf_lineage_new(struct lf_lineage **out, struct lf_err *err)
{
	struct lf_lineage *l = calloc(1, sizeof(*l));

	*out = NULL;
	if (l == NULL)
		return lf_err_nomem(err);
	if (lf_calls_init(&l->calls, err) != 0) {
		lf_lineage_free(l);
		return -1;
	}
	*out = l;
	return 0;
}

void
lf_lineage_free(struct lf_lineage *l)
{
	if (l == NULL)
		return;
	lf_calls_free(&l->calls);
	lf_forest_free(&l->keys);
	free(l->roots);
	free(l);
}

bool
lf_lineage_may(const struct lf_event *e)
{
	return lf_event_name_hidden(e) || lf_issuance_may(e->field[LF_EV_NAME]);
}

bool
lf_lineage_extract(const struct lf_event *e, const struct lf_values *v, struct lf_buf *out)
{
	return lf_issuance_put(e, v, out);
}

int
lf_lineage_add(struct lf_lineage *l, const void *bytes, size_t len, uint32_t object, struct lf_err *err)
{
	const char *at = bytes;
	struct lf_issuance i;

	assert(l->roots == NULL);
	while (lf_issuance_take(&at, &len, &i))
		if (lf_calls_add(&l->calls, &i, object, err) != 0)
			return -1;
	return 0;
}

/* How little records of that integrity are proved: 0 is best. */
static uint8_t
proof_of(unsigned integrity)
{
	switch (integrity) {
	case LF_INTEGRITY_VERIFIED:
		return 0;
	case LF_INTEGRITY_UNPROVEN:
		return 1;
	case LF_INTEGRITY_MODIFIED:
	case LF_INTEGRITY_UNREFERENCED:
		return 3;
	default:
		return 2;
	}
}

void
lf_lineage_prove(struct lf_lineage *l, const uint8_t *integrity, uint32_t n)
{
	assert(l->roots == NULL);
	for (uint32_t i = 0; i < l->calls.list.n; i++) {
		struct lf_call *c = lf_calls_at(&l->calls, i);
		c->proof = proof_of(c->object < n ? integrity[c->object] : LF_INTEGRITY_NONE);
	}
}

int
lf_lineage_finish(struct lf_lineage *l, struct lf_err *err)
{
	uint32_t n = l->calls.texts.list.n;
	int rc = -1;

	assert(l->roots == NULL);
	l->roots = malloc(((size_t)n + 1) * sizeof(*l->roots));
	if (l->roots == NULL || n > UINT32_MAX / 2 - 1)
		lf_err_nomem(err);
	else if (lf_forest_new(&l->keys, 2 * n, err) == 0)
		rc = lf_roots_find(&l->calls, &l->keys, l->roots, err);
	lf_forest_settle(&l->keys);
	lf_calls_forget(&l->calls);
	return rc;
}

static void
put_text(const struct lf_lineage *l, uint32_t text, struct lf_buf *out)
{
	struct lf_slice s = lf_texts_at(&l->calls.texts, text);

	lf_buf_add(out, s.s, s.len);
}

/* Appends " (LABEL TEXT)", or nothing where there is no text. */
static void
put_note(const struct lf_lineage *l, const char *label, uint32_t text, struct lf_buf *out)
{
	if (text == NONE)
		return;
	lf_buf_printf(out, " (%s", label);
	put_text(l, text, out);
	lf_buf_putc(out, ')');
}

/* proof: that of the row. */
static void
put_answer(const struct lf_lineage *l, const struct lf_root *a, bool by_name, uint8_t proof, struct lf_buf *out)
{
	if (a->how == LF_ROOT_PRINCIPAL) {
		put_text(l, a->principal, out);
	} else if (a->how == LF_ROOT_CIRCLE) {
		lf_buf_puts(out, "cycle of sessions at ");
		put_text(l, a->at, out);
	} else {
		lf_buf_puts(out, "unknown issuer of ");
		put_text(l, a->at != NONE ? a->at : a->principal, out);
		if (a->at != NONE)
			put_note(l, "", a->principal, out);
		put_note(l, "account ", a->account, out);
	}
	put_note(l, "source identity ", a->identity, out);
	if (a->by_name || by_name)
		lf_buf_puts(out, " (by session name)");
	put_note(l, "issued twice: ", a->twice, out);
	if (a->proof > proof)
		lf_buf_puts(out, " (by an unproven record)");
}

/* What is known of a text and holds for a use of it, or NULL. */
static const struct lf_root *
answer_for(const struct lf_lineage *l, char kind, struct lf_slice s, int64_t time, uint8_t proof)
{
	uint32_t text = s.len > 0 ? lf_texts_find(&l->calls.texts, kind, s) : NONE;
	const struct lf_root *a = text == NONE ? NULL : &l->roots[text];

	if (a == NULL || a->how == LF_ROOT_UNTOLD || proof >= a->denied)
		return NULL;
	return lf_root_is_before(time, a->since) && !(a->circled && a->proof <= proof) ? NULL : a;
}

/* Whether anything was told of a key, for whatever use. */
static bool
is_known(const struct lf_lineage *l, struct lf_slice key)
{
	uint32_t text = key.len > 0 ? lf_texts_find(&l->calls.texts, LF_TEXT_KEY, key) : NONE;

	return text != NONE && l->roots[text].how != LF_ROOT_UNTOLD;
}

/* The principal itself.  Who has no key yet comes with a name that may be written like any other. */
static void
put_principal(const struct lf_lineage_use *use, struct lf_buf *out)
{
	static const char web[] = "AssumeRoleWithWebIdentity", saml[] = "AssumeRoleWithSAML";
	struct lf_slice p = use->principal, e = use->event;

	lf_buf_add(out, p.s, p.len);
	if (use->access_key.len > 0 || p.len < 4 || memcmp(p.s, "arn:", 4) != 0)
		return;
	if (e.len == strlen(web) && memcmp(e.s, web, e.len) == 0)
		lf_buf_puts(out, " (web identity)");
	else if (e.len == strlen(saml) && memcmp(e.s, saml, e.len) == 0)
		lf_buf_puts(out, " (SAML identity)");
}

static void
put_unknown(const struct lf_lineage_use *use, struct lf_buf *out)
{
	struct lf_slice key = use->access_key, p = use->principal;

	lf_buf_puts(out, "unknown issuer of ");
	lf_buf_add(out, key.s, key.len);
	if (key.len > 0 && p.len > 0)
		lf_buf_puts(out, " (");
	lf_buf_add(out, p.s, p.len);
	if (key.len > 0 && p.len > 0)
		lf_buf_putc(out, ')');
}

void
lf_lineage_actor(const struct lf_lineage *l, const struct lf_lineage_use *use, struct lf_buf *out)
{
	uint8_t proof = proof_of(use->integrity);
	const struct lf_root *a = answer_for(l, LF_TEXT_KEY, use->access_key, use->time, proof);

	/* What others say of a key that no event issued is less than what the row says. */
	if (a != NULL && !a->issued && use->principal.len > 0)
		a = NULL;
	if (a != NULL)
		put_answer(l, a, false, proof, out);
	else if (use->principal.len > 0 && !lf_root_is_session(use->principal))
		put_principal(use, out);
	else if ((a = answer_for(l, LF_TEXT_NAME, use->principal, use->time, proof)) != NULL)
		put_answer(l, a, true, proof, out);
	else if (use->principal.len > 0 || is_known(l, use->access_key))
		put_unknown(use, out);
}

bool
lf_lineage_descends(const struct lf_lineage *l, struct lf_slice access_key, int64_t time, const char *root)
{
	struct lf_slice from = {root, strlen(root)};
	uint32_t a, b;

	if (access_key.len == 0 || from.len == 0)
		return false;
	if (access_key.len == from.len && memcmp(access_key.s, root, from.len) == 0)
		return true;
	a = lf_texts_find(&l->calls.texts, LF_TEXT_KEY, access_key);
	b = lf_texts_find(&l->calls.texts, LF_TEXT_KEY, from);
	if (a == NONE || b == NONE || (lf_root_is_before(time, l->roots[a].since) && !l->roots[a].circled))
		return false;
	return lf_forest_descends(&l->keys, a, b) || lf_forest_descends(&l->keys, a, l->keys.n / 2 + b);
}
