#include "timeline/calls.h"

#include <stdlib.h>
#include <string.h>

#include "forensic.h"

int
lf_calls_init(struct lf_calls *c, struct lf_err *err)
{
	int rc;

	lf_list_init(&c->list, sizeof(struct lf_call));
	rc = lf_texts_init(&c->texts, err);
	return lf_texts_init(&c->shared, err) == 0 ? rc : -1;
}

void
lf_calls_forget(struct lf_calls *c)
{
	lf_texts_free(&c->shared);
	lf_list_free(&c->list);
}

void
lf_calls_free(struct lf_calls *c)
{
	lf_calls_forget(c);
	lf_texts_free(&c->texts);
}

static char
kind_of(enum lf_issuance_field f)
{
	if (f == LF_ISS_KEY || f == LF_ISS_CALLER_KEY)
		return LF_TEXT_KEY;
	return f == LF_ISS_ARN || f == LF_ISS_CALLER ? LF_TEXT_NAME : LF_TEXT_OTHER;
}

int
lf_calls_add(struct lf_calls *c, const struct lf_issuance *i, uint32_t object, struct lf_err *err)
{
	struct lf_call *call = lf_list_push(&c->list);
	struct lf_texts *t;

	if (call == NULL)
		return lf_err_nomem(err);
	call->time = i->time;
	call->caller = (uint8_t)i->caller;
	call->object = object;
	call->denied = LF_CALLS_UNDENIED;
	for (enum lf_issuance_field f = 0; f < LF_ISS_FIELDS; f++) {
		t = f == LF_ISS_SHARED_ID ? &c->shared : &c->texts;
		call->text[f] = LF_TEXTS_NONE;
		if (i->f[f].len > 0 && (call->text[f] = lf_texts_add(t, kind_of(f), i->f[f])) == LF_TEXTS_NONE)
			return lf_err_nomem(err);
	}
	return 0;
}

/* What a sort needs to know: calls are grouped by one field, and stand in a group in the order of what they say. */
struct by {
	const struct lf_calls *c;
	enum lf_issuance_field field;
};

/* The best proved first, then callers that are known, then by time, unknown ones last, then by text. */
static int
cmp_calls(const struct lf_calls *c, const struct lf_call *a, const struct lf_call *b)
{
	bool foreign_a = a->caller == LF_CALLER_FOREIGN, foreign_b = b->caller == LF_CALLER_FOREIGN;
	int order = a->told != b->told ? a->told - b->told : a->proof - b->proof;

	if (order == 0)
		order = foreign_a - foreign_b;
	if (order == 0)
		order = (a->time == LF_TIME_NONE) - (b->time == LF_TIME_NONE);
	if (order == 0)
		order = (a->time > b->time) - (a->time < b->time);
	for (size_t f = 0; f < LF_ISS_FIELDS && order == 0; f++)
		order = lf_texts_cmp(f == LF_ISS_SHARED_ID ? &c->shared : &c->texts, a->text[f], b->text[f]);
	return order != 0 ? order : a->caller - b->caller;
}

static int
cmp_grouped(const void *a, const void *b, void *context)
{
	const struct by *by = context;
	const struct lf_call *x = lf_calls_at(by->c, *(const uint32_t *)a), *y = lf_calls_at(by->c, *(const uint32_t *)b);
	uint32_t k = x->text[by->field], l = y->text[by->field];

	return k != l ? (k > l ? 1 : -1) : cmp_calls(by->c, x, y);
}

/* Sorts calls (numbers) into groups of one text. */
static void
group(const struct lf_calls *c, enum lf_issuance_field field, uint32_t *calls, uint32_t n)
{
	qsort_r(calls, n, sizeof(*calls), cmp_grouped, &(struct by){c, field});
}

/* How many calls from calls[0] on are of one group. */
static uint32_t
group_len(const struct lf_calls *c, enum lf_issuance_field field, const uint32_t *calls, uint32_t n)
{
	uint32_t i = 1;

	while (i < n && lf_calls_at(c, calls[i])->text[field] == lf_calls_at(c, calls[0])->text[field])
		i++;
	return i;
}

/* Gives the target account's record of a call what the caller's record knows. */
static void
lend(struct lf_call *to, const struct lf_call *from)
{
	to->caller = from->caller;
	to->text[LF_ISS_CALLER] = from->text[LF_ISS_CALLER];
	to->text[LF_ISS_CALLER_KEY] = from->text[LF_ISS_CALLER_KEY];
	if (to->text[LF_ISS_IDENTITY] == LF_TEXTS_NONE)
		to->text[LF_ISS_IDENTITY] = from->text[LF_ISS_IDENTITY];
	to->told = to->told > from->told ? to->told : from->told;
}

/* Joins the records of one call where the caller's does not have the key: the best proved of those lends. */
static void
join(const struct lf_calls *c, const uint32_t *calls, uint32_t n)
{
	const struct lf_call *from = NULL;

	for (uint32_t i = 0; i < n && from == NULL; i++) {
		const struct lf_call *x = lf_calls_at(c, calls[i]);
		if (x->caller != LF_CALLER_FOREIGN && x->text[LF_ISS_KEY] == LF_TEXTS_NONE)
			from = x;
	}
	for (uint32_t i = 0; i < n && from != NULL; i++) {
		struct lf_call *x = lf_calls_at(c, calls[i]);
		if (x->caller == LF_CALLER_FOREIGN && x->text[LF_ISS_ACCOUNT] == from->text[LF_ISS_ACCOUNT])
			lend(x, from);
	}
}

/* Whether b, which issued the same key as a, may be another record of the same call. */
static bool
same_call(const struct lf_call *a, const struct lf_call *b)
{
	bool shared = a->text[LF_ISS_SHARED_ID] != LF_TEXTS_NONE &&
	    a->text[LF_ISS_SHARED_ID] == b->text[LF_ISS_SHARED_ID];

	if (a->caller != LF_CALLER_FOREIGN && b->caller == LF_CALLER_FOREIGN)
		return (shared || a->time == b->time) && a->text[LF_ISS_ACCOUNT] == b->text[LF_ISS_ACCOUNT];
	return (shared || a->time == b->time) && a->text[LF_ISS_CALLER] == b->text[LF_ISS_CALLER] &&
	    a->text[LF_ISS_CALLER_KEY] == b->text[LF_ISS_CALLER_KEY];
}

/*
 * The calls that issued one key: the first stands for it.  What is less proved does not count, but for a record of the
 * same call that knows the caller where the first does not.
 */
static void
settle_key(const struct lf_calls *c, const uint32_t *calls, uint32_t n, uint32_t *of)
{
	struct lf_call *first = lf_calls_at(c, calls[0]);
	uint8_t told = first->told;

	for (uint32_t i = 1; i < n; i++) {
		const struct lf_call *x = lf_calls_at(c, calls[i]);
		if (x->told == told && x->proof == first->proof)
			first->twice |= !same_call(first, x);
		else if (first->caller == LF_CALLER_FOREIGN && x->caller != LF_CALLER_FOREIGN && same_call(x, first))
			lend(first, x);
	}
	of[first->text[LF_ISS_KEY]] = calls[0];
}

/* Whether x may be of the same caller as first.  A record that knows only the account says no more than that. */
static bool
same_caller(const struct lf_call *first, const struct lf_call *x)
{
	if (first->caller == LF_CALLER_FOREIGN)
		return false;
	if (x->caller == LF_CALLER_FOREIGN)
		return x->text[LF_ISS_ACCOUNT] == first->text[LF_ISS_ACCOUNT];
	return x->text[LF_ISS_CALLER] == first->text[LF_ISS_CALLER];
}

/*
 * The calls that gave one session ARN.  A session that calls for itself under its own name says nothing of where it
 * came from.
 */
static void
settle_name(const struct lf_calls *c, const uint32_t *calls, uint32_t n, uint32_t *of)
{
	struct lf_call *first = NULL;
	uint32_t name = lf_calls_at(c, calls[0])->text[LF_ISS_ARN];

	for (uint32_t i = 0; i < n; i++) {
		const struct lf_call *x = lf_calls_at(c, calls[i]);
		if (x->text[LF_ISS_CALLER] == name)
			continue;
		if (first == NULL) {
			first = lf_calls_at(c, calls[i]);
			of[name] = calls[i];
		} else {
			first->named_again |= x->told == first->told;
		}
		if (!same_caller(first, x)) {
			if (x->told == first->told)
				of[name] = LF_CALLS_NONE;
			else
				first->denied = x->told;
			return;
		}
	}
}

/* Those of n calls that stand for their keys or have none, moved to the front.  Returns how many. */
static uint32_t
keep_settled(const struct lf_calls *c, uint32_t *calls, uint32_t n, const uint32_t *of)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t key = lf_calls_at(c, calls[i])->text[LF_ISS_KEY];
		if (key == LF_TEXTS_NONE || of[key] == calls[i])
			calls[kept++] = calls[i];
	}
	return kept;
}

int
lf_calls_settle(struct lf_calls *c, uint32_t *of, struct lf_err *err)
{
	uint32_t n = c->list.n, *calls = malloc(((size_t)n + 1) * sizeof(*calls));

	if (calls == NULL)
		return lf_err_nomem(err);
	for (uint32_t i = 0; i < n; i++) {
		calls[i] = i;
		lf_calls_at(c, i)->told = lf_calls_at(c, i)->proof;
	}
	for (uint32_t i = 0; i < c->texts.list.n; i++)
		of[i] = LF_CALLS_NONE;
	group(c, LF_ISS_SHARED_ID, calls, n);
	for (uint32_t i = 0, len; i < n; i += len) {
		len = group_len(c, LF_ISS_SHARED_ID, calls + i, n - i);
		if (lf_calls_at(c, calls[i])->text[LF_ISS_SHARED_ID] != LF_TEXTS_NONE)
			join(c, calls + i, len);
	}
	group(c, LF_ISS_KEY, calls, n);
	for (uint32_t i = 0, len; i < n; i += len) {
		len = group_len(c, LF_ISS_KEY, calls + i, n - i);
		if (lf_calls_at(c, calls[i])->text[LF_ISS_KEY] != LF_TEXTS_NONE)
			settle_key(c, calls + i, len, of);
	}
	n = keep_settled(c, calls, n, of);
	group(c, LF_ISS_ARN, calls, n);
	for (uint32_t i = 0, len; i < n; i += len) {
		len = group_len(c, LF_ISS_ARN, calls + i, n - i);
		if (lf_calls_at(c, calls[i])->text[LF_ISS_ARN] != LF_TEXTS_NONE)
			settle_name(c, calls + i, len, of);
	}
	free(calls);
	return 0;
}
