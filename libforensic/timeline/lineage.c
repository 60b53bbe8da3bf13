#include "timeline/lineage.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "timeline/calls.h"
#include "timeline/forest.h"
#include "timeline/issuance.h"

#define NONE LF_TEXTS_NONE

enum how {
	UNTOLD,    /* nothing is known of it */
	PRINCIPAL, /* who is at the root */
	MISSING,   /* the record that issued a session is not there */
	FOREIGN,   /* only the target account's record is there */
	CIRCLE
};

/* Who stands behind a key or a session's name.  Numbers are of texts. */
struct answer {
	uint32_t at;        /* MISSING, FOREIGN: the key nobody issued; CIRCLE: the first in it by text */
	uint32_t principal, account, identity;
	uint32_t twice;     /* the nearest key that was issued twice */
	uint8_t how;
	bool by_name;       /* somewhere on the way a session's name had to do, for want of its key */
};

struct lf_lineage {
	struct lf_calls calls;
	struct lf_forest keys;  /* keys and the keys that asked for them */
	struct answer *answers; /* one for each text; NULL before the end */
};

/* Only while it is worked out. */
struct work {
	uint32_t *of;        /* lf_calls_settle() */
	uint32_t *seen;      /* whose name a caller's key was used under; SEVERAL */
	struct lf_forest all; /* keys and names */
};
#define SEVERAL (UINT32_MAX - 1)

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
	free(l->answers);
	free(l);
}

bool
lf_lineage_extract(const struct lf_event *e, const struct lf_values *v, struct lf_buf *out)
{
	return lf_issuance_put(e, v, out);
}

int
lf_lineage_add(struct lf_lineage *l, const void *bytes, size_t len, struct lf_err *err)
{
	const char *at = bytes;
	struct lf_issuance i;

	assert(l->answers == NULL);
	while (lf_issuance_take(&at, &len, &i))
		if (lf_calls_add(&l->calls, &i, err) != 0)
			return -1;
	return 0;
}

static bool
holds(struct lf_slice s, const char *text)
{
	return s.len > 0 && memmem(s.s, s.len, text, strlen(text)) != NULL;
}

/* Whether somebody must have issued what goes by that name. */
static bool
is_session(struct lf_slice name)
{
	return holds(name, ":assumed-role/") || holds(name, ":federated-user/");
}

static bool
is_session_text(const struct lf_lineage *l, uint32_t text)
{
	return text != NONE && is_session(lf_texts_at(&l->calls.texts, text));
}

/* The session name that leads further up, or NONE. */
static uint32_t
name_above(const struct lf_lineage *l, const struct work *w, uint32_t name)
{
	return name < SEVERAL && w->of[name] != LF_CALLS_NONE && is_session_text(l, name) ? name : NONE;
}

/* Notes under which name each key that was not issued here made its calls. */
static void
note_names(const struct lf_lineage *l, const struct work *w)
{
	for (uint32_t i = 0; i < l->calls.texts.list.n; i++)
		w->seen[i] = NONE;
	for (uint32_t i = 0; i < l->calls.list.n; i++) {
		const struct lf_call *c = lf_calls_at(&l->calls, i);
		uint32_t key = c->text[LF_ISS_CALLER_KEY];
		if (key == NONE)
			continue;
		if (w->seen[key] == NONE)
			w->seen[key] = c->text[LF_ISS_CALLER];
		else if (w->seen[key] != c->text[LF_ISS_CALLER])
			w->seen[key] = SEVERAL;
	}
}

/* Which key or name asked for what the call gave: of several that gave the same name no key counts. */
static uint32_t
parent_of_call(const struct lf_lineage *l, const struct work *w, uint32_t text, const struct lf_call *c)
{
	bool of_name = text == c->text[LF_ISS_ARN];

	if (c->caller != LF_CALLER_PRINCIPAL)
		return NONE;
	if (c->text[LF_ISS_CALLER_KEY] != NONE && !(of_name && c->named_again))
		return c->text[LF_ISS_CALLER_KEY];
	return name_above(l, w, c->text[LF_ISS_CALLER]);
}

static void
set_parents(const struct lf_lineage *l, const struct work *w)
{
	for (uint32_t i = 0; i < w->all.n; i++) {
		const struct lf_call *c = w->of[i] == LF_CALLS_NONE ? NULL : lf_calls_at(&l->calls, w->of[i]);
		w->all.parent[i] = c != NULL ? parent_of_call(l, w, i, c) : name_above(l, w, w->seen[i]);
		if (c != NULL && i == c->text[LF_ISS_KEY])
			l->keys.parent[i] = c->caller == LF_CALLER_PRINCIPAL ? c->text[LF_ISS_CALLER_KEY] : NONE;
	}
}

/* What the call itself says of who stands behind it, where nothing above it is known.  key: the caller's. */
static void
answer_from_call(const struct lf_lineage *l, uint32_t text, uint32_t key, const struct lf_call *c, struct answer *a)
{
	a->principal = c->text[LF_ISS_CALLER];
	a->how = PRINCIPAL;
	if (c->caller == LF_CALLER_FOREIGN) {
		a->how = FOREIGN;
		a->at = text;
		a->account = c->text[LF_ISS_ACCOUNT];
	} else if (a->principal == NONE) {
		a->how = MISSING;
		a->at = text;
	} else if (c->caller == LF_CALLER_PRINCIPAL && is_session_text(l, a->principal)) {
		a->how = MISSING;
		a->at = key;
	}
}

/* Finds who is behind a text whose parent, if any, has an answer. */
static void
answer(const struct lf_lineage *l, const struct work *w, uint32_t text)
{
	struct answer *a = &l->answers[text];
	uint32_t up = w->all.parent[text];
	const struct lf_call *c = w->of[text] == LF_CALLS_NONE ? NULL : lf_calls_at(&l->calls, w->of[text]);

	if (w->all.circle[text] != LF_FOREST_NONE) {
		a->how = CIRCLE;
		a->at = l->answers[w->all.circle[text]].at;
	} else if (up != NONE && l->answers[up].how != UNTOLD) {
		*a = l->answers[up];
		a->by_name |= w->of[up] != LF_CALLS_NONE && up == lf_calls_at(&l->calls, w->of[up])->text[LF_ISS_ARN];
	} else if (c != NULL) {
		answer_from_call(l, text, up, c, a);
	}
	if (c != NULL && c->text[LF_ISS_IDENTITY] != NONE)
		a->identity = c->text[LF_ISS_IDENTITY];
	if (c != NULL && c->twice)
		a->twice = c->text[LF_ISS_KEY];
}

/* Circles are called after the first text in them. */
static void
name_circles(const struct lf_lineage *l, const struct work *w)
{
	for (uint32_t i = 0; i < w->all.n; i++) {
		uint32_t circle = w->all.circle[i], *at;
		if (circle == LF_FOREST_NONE)
			continue;
		at = &l->answers[circle].at;
		if (*at == NONE || lf_texts_cmp(&l->calls.texts, i, *at) < 0)
			*at = i;
	}
}

static int
work_out(struct lf_lineage *l, struct work *w, struct lf_err *err)
{
	if (lf_calls_settle(&l->calls, w->of, err) != 0)
		return -1;
	note_names(l, w);
	set_parents(l, w);
	if (lf_forest_link(&w->all, err) != 0 || lf_forest_link(&l->keys, err) != 0)
		return -1;
	for (uint32_t i = 0; i < w->all.n; i++)
		l->answers[i] = (struct answer){NONE, NONE, NONE, NONE, NONE, UNTOLD, false};
	name_circles(l, w);
	for (uint32_t i = 0; i < w->all.n; i++)
		answer(l, w, w->all.order[i]);
	return 0;
}

int
lf_lineage_finish(struct lf_lineage *l, struct lf_err *err)
{
	uint32_t n = l->calls.texts.list.n;
	struct work w = {0};
	int rc = -1;

	assert(l->answers == NULL);
	w.of = malloc(((size_t)n + 1) * sizeof(*w.of));
	w.seen = malloc(((size_t)n + 1) * sizeof(*w.seen));
	l->answers = malloc(((size_t)n + 1) * sizeof(*l->answers));
	if (w.of == NULL || w.seen == NULL || l->answers == NULL)
		lf_err_nomem(err);
	else if (lf_forest_new(&w.all, n, err) == 0 && lf_forest_new(&l->keys, n, err) == 0)
		rc = work_out(l, &w, err);
	lf_forest_free(&w.all);
	lf_forest_settle(&l->keys);
	lf_calls_forget(&l->calls);
	free(w.of);
	free(w.seen);
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

static void
put_answer(const struct lf_lineage *l, const struct answer *a, bool by_name, struct lf_buf *out)
{
	if (a->how == PRINCIPAL) {
		put_text(l, a->principal, out);
	} else if (a->how == CIRCLE) {
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
}

/* What is known of a text, or NULL. */
static const struct answer *
answer_of(const struct lf_lineage *l, char kind, struct lf_slice s)
{
	uint32_t text = s.len > 0 ? lf_texts_find(&l->calls.texts, kind, s) : NONE;

	return text != NONE && l->answers[text].how != UNTOLD ? &l->answers[text] : NULL;
}

void
lf_lineage_actor(const struct lf_lineage *l, struct lf_slice access_key, struct lf_slice principal, struct lf_buf *out)
{
	const struct answer *a = answer_of(l, LF_TEXT_KEY, access_key);

	if (a != NULL) {
		put_answer(l, a, false, out);
		return;
	}
	if (!is_session(principal)) {
		lf_buf_add(out, principal.s, principal.len);
		return;
	}
	if ((a = answer_of(l, LF_TEXT_NAME, principal)) != NULL) {
		put_answer(l, a, true, out);
		return;
	}
	lf_buf_puts(out, "unknown issuer of ");
	if (access_key.len > 0) {
		lf_buf_add(out, access_key.s, access_key.len);
		lf_buf_puts(out, " (");
	}
	lf_buf_add(out, principal.s, principal.len);
	if (access_key.len > 0)
		lf_buf_putc(out, ')');
}

bool
lf_lineage_descends(const struct lf_lineage *l, struct lf_slice access_key, const char *root)
{
	struct lf_slice from = {root, strlen(root)};
	uint32_t a, b;

	if (access_key.len == 0 || from.len == 0)
		return false;
	if (access_key.len == from.len && memcmp(access_key.s, root, from.len) == 0)
		return true;
	a = lf_texts_find(&l->calls.texts, LF_TEXT_KEY, access_key);
	b = lf_texts_find(&l->calls.texts, LF_TEXT_KEY, from);
	return a != NONE && b != NONE && lf_forest_descends(&l->keys, a, b);
}
