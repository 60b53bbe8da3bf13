#include "timeline/roots.h"

#include <stdlib.h>
#include <string.h>

#include "forensic.h"
#include "timeline/lineage.h"

#define NONE LF_TEXTS_NONE

/* Only while it is worked out. */
struct work {
	struct lf_calls *calls;
	struct lf_forest *keys;
	struct lf_root *roots;
	uint32_t *of;        /* lf_calls_settle() */
	uint32_t *seen;      /* whose name a caller's key was used under, by the best proved calls; SEVERAL */
	uint8_t *seen_proof; /* how little those are proved */
	bool *mixed;         /* circles, by the one that they are called after, whose records are not equally proved */
	struct lf_forest all; /* keys and names */
};
#define SEVERAL (UINT32_MAX - 1)

static bool
holds(struct lf_slice s, const char *text)
{
	return s.len > 0 && memmem(s.s, s.len, text, strlen(text)) != NULL;
}

bool
lf_root_is_session(struct lf_slice name)
{
	return holds(name, ":assumed-role/") || holds(name, ":federated-user/");
}

static bool
is_session_text(const struct work *w, uint32_t text)
{
	return text != NONE && lf_root_is_session(lf_texts_at(&w->calls->texts, text));
}

/* The session name that leads further up, or NONE. */
static uint32_t
name_above(const struct work *w, uint32_t name)
{
	return name < SEVERAL && w->of[name] != LF_CALLS_NONE && is_session_text(w, name) ? name : NONE;
}

/* Notes under which name each key that was not issued here made its calls. */
static void
note_names(const struct work *w)
{
	for (uint32_t i = 0; i < w->calls->texts.list.n; i++)
		w->seen[i] = NONE;
	for (uint32_t i = 0; i < w->calls->list.n; i++) {
		const struct lf_call *c = lf_calls_at(w->calls, i);
		uint32_t key = c->text[LF_ISS_CALLER_KEY];
		if (key == NONE || (w->seen[key] != NONE && w->seen_proof[key] < c->told))
			continue;
		if (w->seen[key] == NONE || c->told < w->seen_proof[key])
			w->seen[key] = c->text[LF_ISS_CALLER];
		else if (w->seen[key] != c->text[LF_ISS_CALLER])
			w->seen[key] = SEVERAL;
		w->seen_proof[key] = c->told;
	}
}

static const struct lf_call *
call_of(const struct work *w, uint32_t text)
{
	return w->of[text] == LF_CALLS_NONE ? NULL : lf_calls_at(w->calls, w->of[text]);
}

/* The key that asked for what the call gave, or NONE: of several calls that gave the same name no key counts. */
static uint32_t
key_above(uint32_t text, const struct lf_call *c)
{
	bool of_name = text == c->text[LF_ISS_ARN];

	return c->caller != LF_CALLER_PRINCIPAL || (of_name && c->named_again) ? NONE : c->text[LF_ISS_CALLER_KEY];
}

/* Which key or name asked for what the call gave. */
static uint32_t
parent_of_call(const struct work *w, uint32_t text, const struct lf_call *c)
{
	uint32_t key = key_above(text, c);

	if (key != NONE || c->caller != LF_CALLER_PRINCIPAL)
		return key;
	return name_above(w, c->text[LF_ISS_CALLER]);
}

bool
lf_root_is_before(int64_t used, int64_t issued)
{
	return used != LF_TIME_NONE && issued != LF_TIME_NONE && used < issued &&
	    (uint64_t)issued - (uint64_t)used > LF_LINEAGE_SKEW;
}

static void
set_parents(const struct work *w)
{
	for (uint32_t i = 0; i < w->all.n; i++) {
		const struct lf_call *c = call_of(w, i);
		w->all.parent[i] = c != NULL ? parent_of_call(w, i, c) : name_above(w, w->seen[i]);
		if (c != NULL && i == c->text[LF_ISS_KEY])
			w->keys->parent[i] = c->caller == LF_CALLER_PRINCIPAL ? c->text[LF_ISS_CALLER_KEY] : NONE;
	}
}

/* How little what is known of a text is proved. */
static uint8_t
proof_of_text(const struct work *w, uint32_t text)
{
	const struct lf_call *c = call_of(w, text);

	return c != NULL ? c->told : w->seen_proof[text];
}

static void
note_mixed(const struct work *w)
{
	for (uint32_t i = 0; i < w->all.n; i++) {
		uint32_t circle = w->all.circle[i];
		if (circle != LF_FOREST_NONE && proof_of_text(w, i) != proof_of_text(w, circle))
			w->mixed[circle] = true;
	}
}

/* Whether what is known of a key or name holds for the use of it by a call. */
static bool
explains(const struct work *w, uint32_t up, const struct lf_call *use)
{
	uint32_t name = w->of[up] != LF_CALLS_NONE ? up : w->all.parent[up];
	const struct lf_call *c = name == NONE ? NULL : call_of(w, name);

	if (c == NULL)
		return true;
	return !lf_root_is_before(use->time, c->time) && !(name == c->text[LF_ISS_ARN] && use->told >= c->denied);
}

/*
 * Takes away parents that came only after their children, or whose names may be others', too.  Circles always hold such
 * a one; those whose records are equally proved stay, for nobody can say which of them is wrong.
 */
static void
part(const struct work *w)
{
	for (uint32_t i = 0; i < w->all.n; i++) {
		const struct lf_call *c = call_of(w, i);
		uint32_t up = w->all.parent[i], circle = w->all.circle[i], name;
		if (c == NULL || up == NONE || explains(w, up, c) || (circle != LF_FOREST_NONE && !w->mixed[circle]))
			continue;
		name = up == key_above(i, c) ? name_above(w, c->text[LF_ISS_CALLER]) : NONE;
		w->all.parent[i] = name != NONE && explains(w, name, c) ? name : NONE;
		if (w->keys->parent[i] == up && w->of[up] != LF_CALLS_NONE)
			w->keys->parent[i] = w->all.n + up;
	}
}

/* What the call itself says of who stands behind it, where nothing above it is known.  key: the caller's. */
static void
answer_from_call(const struct work *w, uint32_t text, uint32_t key, const struct lf_call *c, struct lf_root *a)
{
	a->principal = c->text[LF_ISS_CALLER];
	a->how = LF_ROOT_PRINCIPAL;
	if (c->caller == LF_CALLER_FOREIGN) {
		a->how = LF_ROOT_FOREIGN;
		a->at = text;
		a->account = c->text[LF_ISS_ACCOUNT];
	} else if (a->principal == NONE) {
		a->how = LF_ROOT_MISSING;
		a->at = text;
	} else if (c->caller == LF_CALLER_PRINCIPAL && is_session_text(w, a->principal)) {
		a->how = LF_ROOT_MISSING;
		a->at = key;
	}
}

/* Adds what the record says by which the text is known. */
static void
answer_of_record(uint32_t text, const struct lf_call *c, struct lf_root *a)
{
	a->since = c->time;
	a->denied = text == c->text[LF_ISS_ARN] ? c->denied : LF_CALLS_UNDENIED;
	a->issued = true;
	if (c->text[LF_ISS_IDENTITY] != NONE)
		a->identity = c->text[LF_ISS_IDENTITY];
	if (c->twice)
		a->twice = c->text[LF_ISS_KEY];
}

/* Finds who is behind a text whose parent, if any, has an answer. */
static void
answer(const struct work *w, uint32_t text)
{
	struct lf_root *a = &w->roots[text];
	uint32_t up = w->all.parent[text];
	const struct lf_call *c = call_of(w, text);
	uint8_t proof = proof_of_text(w, text);
	bool circled = false;

	if (w->all.circle[text] != LF_FOREST_NONE) {
		a->how = LF_ROOT_CIRCLE;
		circled = true;
		a->at = w->roots[w->all.circle[text]].at;
		a->proof = w->roots[w->all.circle[text]].proof;
	} else if (up != NONE && w->roots[up].how != LF_ROOT_UNTOLD) {
		*a = w->roots[up];
		a->by_name |= w->of[up] != LF_CALLS_NONE && up == lf_calls_at(w->calls, w->of[up])->text[LF_ISS_ARN];
	} else if (c != NULL) {
		answer_from_call(w, text, key_above(text, c), c, a);
	}
	if (a->proof < proof)
		a->proof = proof;
	a->issued = false;
	a->circled = circled;
	if (c != NULL)
		answer_of_record(text, c, a);
}

/* Circles are called after the first text in them, and are proved as the worst record in them is. */
static void
name_circles(const struct work *w)
{
	for (uint32_t i = 0; i < w->all.n; i++) {
		uint32_t circle = w->all.circle[i], *at;
		if (circle == LF_FOREST_NONE)
			continue;
		if (w->roots[circle].proof < proof_of_text(w, i))
			w->roots[circle].proof = proof_of_text(w, i);
		at = &w->roots[circle].at;
		if (*at == NONE || lf_texts_cmp(&w->calls->texts, i, *at) < 0)
			*at = i;
	}
}

static int
work_out(struct work *w, struct lf_err *err)
{
	if (lf_calls_settle(w->calls, w->of, err) != 0)
		return -1;
	note_names(w);
	set_parents(w);
	if (lf_forest_link(&w->all, err) != 0)
		return -1;
	note_mixed(w);
	part(w);
	if (lf_forest_link(&w->all, err) != 0 || lf_forest_link(w->keys, err) != 0)
		return -1;
	for (uint32_t i = 0; i < w->all.n; i++)
		w->roots[i] = (struct lf_root){.since = LF_TIME_NONE, .at = NONE, .principal = NONE, .account = NONE,
		    .identity = NONE, .twice = NONE, .how = LF_ROOT_UNTOLD, .denied = LF_CALLS_UNDENIED};
	name_circles(w);
	for (uint32_t i = 0; i < w->all.n; i++)
		answer(w, w->all.order[i]);
	return 0;
}


int
lf_roots_find(struct lf_calls *calls, struct lf_forest *keys, struct lf_root *roots, struct lf_err *err)
{
	uint32_t n = calls->texts.list.n;
	struct work w = {.calls = calls, .keys = keys, .roots = roots};
	int rc = -1;

	w.of = malloc(((size_t)n + 1) * sizeof(*w.of));
	w.seen = malloc(((size_t)n + 1) * sizeof(*w.seen));
	w.seen_proof = calloc((size_t)n + 1, sizeof(*w.seen_proof));
	w.mixed = calloc((size_t)n + 1, sizeof(*w.mixed));
	if (w.of == NULL || w.seen == NULL || w.seen_proof == NULL || w.mixed == NULL)
		lf_err_nomem(err);
	else if (lf_forest_new(&w.all, n, err) == 0)
		rc = work_out(&w, err);
	lf_forest_free(&w.all);
	free(w.of);
	free(w.seen);
	free(w.seen_proof);
	free(w.mixed);
	return rc;
}
