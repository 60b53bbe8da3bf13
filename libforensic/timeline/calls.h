/*
 * The calls that issued sessions, and which of them stands for a session where several claim to.
 */
#ifndef LF_TIMELINE_CALLS_H
#define LF_TIMELINE_CALLS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/list.h"
#include "timeline/issuance.h"
#include "timeline/texts.h"

#define LF_CALLS_NONE UINT32_MAX
#define LF_CALLS_UNDENIED UINT8_MAX

/* Kinds of texts: access keys; ARNs and other names; whatever is only shown or compared. */
#define LF_TEXT_KEY   'k'
#define LF_TEXT_NAME  'n'
#define LF_TEXT_OTHER 'x'

struct lf_call {
	int64_t time;
	uint32_t text[LF_ISS_FIELDS]; /* LF_TEXTS_NONE where there is none */
	uint32_t object;              /* where its record stands */
	uint8_t caller;               /* enum lf_caller */
	uint8_t proof;                /* how little its record is proved: 0 is best */
	uint8_t told;                 /* the same of the worst of its record and that which told the caller */
	/* the best told among calls of other callers that gave the same session ARN; LF_CALLS_UNDENIED */
	uint8_t denied;
	bool twice;                   /* another call, proved as well, claims to have issued the same key */
	bool named_again;             /* other calls of the same caller, proved as well, gave the same session ARN */
};

struct lf_calls {
	struct lf_texts texts;
	struct lf_texts shared; /* sharedEventIDs: for joining copies only */
	struct lf_list list; /* struct lf_call */
};

/* lf_calls_free() may follow whether this succeeds or not. */
int lf_calls_init(struct lf_calls *c, struct lf_err *err) __attribute__((warn_unused_result, nonnull));
void lf_calls_free(struct lf_calls *c);

/* Keeps the texts alone. */
void lf_calls_forget(struct lf_calls *c);

/* object: any number by which the caller knows later how well the record is proved. */
int lf_calls_add(struct lf_calls *c, const struct lf_issuance *i, uint32_t object, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

/*
 * Joins the copies of cross-account calls, then fills of, one place for each of texts, with the call that stands for
 * it: of a key the one that issued it, the best proved first, then a record that knows the caller before one that does
 * not, then the earliest; of a session ARN one of the best proved that gave it when those all had the same caller.
 * LF_CALLS_NONE elsewhere.  What is less proved disputes nothing, but that its contradiction is noted in denied.  proof
 * of each call is set before; the order of adding does not matter.
 */
int lf_calls_settle(struct lf_calls *c, uint32_t *of, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

static inline struct lf_call *
lf_calls_at(const struct lf_calls *c, uint32_t i)
{
	return lf_list_at(&c->list, i);
}

#endif
