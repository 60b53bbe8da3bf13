/*
 * Records, digests and logs that stand in a view as text: UTF-8 or UTF-16, plain or escaped (a string inside of JSON, up to
 * LF_TEXT_LEVELS deep).  From the name of a member back to the brace that opens its object, then forward to the end.
 */
#ifndef LF_CARVE_TEXT_H
#define LF_CARVE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "carve/sift.h"
#include "carve/tally.h"
#include "carve/view.h"

#define LF_TEXT_LEVELS 4u

struct lf_text; /* of one thread: remembers what the last triggers led to, so that no byte is gone over again and again */

struct lf_text *lf_text_new(size_t max_record, size_t max_log, struct lf_err *err) __attribute__((warn_unused_result, nonnull));
void lf_text_free(struct lf_text *t);
/* Another view: forgets. */
void lf_text_reset(struct lf_text *t);

enum lf_text_outcome {
	LF_TEXT_NONE,     /* *reject says why */
	LF_TEXT_AGAIN,    /* the object that an earlier trigger of this view led to: nothing new */
	LF_TEXT_RECORD,   /* one whole record, outside of a log */
	LF_TEXT_FRAGMENT, /* a record's beginning: eventVersion and an eventID, or an eventTime with eventName, are whole in it */
	LF_TEXT_DIGEST,   /* a whole digest file */
	LF_TEXT_LOG       /* {"Records":[...]} from its first byte to its last (given at its first record), or (whole is false) as much as is there */
};

/* Valid until the next call. */
struct lf_text_found {
	enum lf_text_outcome outcome;
	enum lf_reject reject;
	uint64_t from, to;      /* in the view, as it stands there */
	unsigned unit, level;   /* 1, or 2 for UTF-16; escapes: 0 for none */
	const char *text;       /* decoded to UTF-8 and unescaped */
	size_t len;
	bool whole;
};

/*
 * What the name at offset (a hit of lf_sift()) belongs to.  The answer depends on the bytes of the view alone, not on what lies in its window nor on
 * earlier calls, but for LF_TEXT_AGAIN.  Returns -1 only when memory is out.
 */
int lf_text_look(struct lf_text *t, struct lf_view *v, uint64_t offset, enum lf_trigger trigger, struct lf_text_found *out, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

#endif
