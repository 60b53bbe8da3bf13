/* What the filters look at: for each option, the values of an event that its patterns are held against. */
#ifndef LF_RECORD_LOOKS_H
#define LF_RECORD_LOOKS_H

#include <stdbool.h>

#include "base/buf.h"
#include "forensic.h"
#include "record/columns.h"
#include "record/event.h"

struct lf_looks {
	const struct lf_event *e;
	const struct lf_values *v;
	struct lf_buf *scratch; /* where escapes are resolved, one value at a time */
	/* Takes a value, which lives until it returns; true when no more is wanted. */
	bool (*take)(void *arg, struct lf_slice value);
	void *arg;
	bool enough; /* take() said so */
	bool failed; /* out of memory */
};

/* Hands the values for one kind of pattern to take(), empty ones left out.  LF_PATTERN_GREP has none. */
void lf_looks_at(struct lf_looks *l, enum lf_pattern_kind kind);

#endif
