/*
 * Records, digests and logs that stand in a view as text: UTF-8 or UTF-16, plain or escaped (a string inside of JSON).
 * From the name of a member back to the brace that opens its object, then forward to the end.
 */
#ifndef LF_CARVE_TEXT_H
#define LF_CARVE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "carve/coding.h"
#include "carve/sift.h"
#include "carve/tally.h"
#include "carve/view.h"
#include "record/event.h"

/*
 * An object is looked for at most this many bytes before the name that gives it away: of a record each may be escaped.
 */
#define LF_TEXT_BACK(max_record) (4 * (uint64_t)(max_record))

/* Of one thread: remembers what the last triggers led to, so that no byte is gone over again and again. */
struct lf_text;

/* max_record and max_log: bytes of decoded text. */
struct lf_text *lf_text_new(size_t max_record, size_t max_log, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));
void lf_text_free(struct lf_text *t);
/* Another view: forgets. */
void lf_text_reset(struct lf_text *t);

enum lf_text_outcome {
	LF_TEXT_NONE,     /* reject says why */
	LF_TEXT_AGAIN,    /* an object that was found by an earlier trigger: nothing new */
	LF_TEXT_RECORD,   /* one whole record */
	LF_TEXT_FRAGMENT, /* a record's beginning, with enough whole in it to know it for one */
	LF_TEXT_DIGEST,   /* a whole digest file */
	LF_TEXT_LOG       /* a whole {"Records":[...]}, found by its first record */
};

/* Valid until the next call. */
struct lf_text_found {
	enum lf_text_outcome outcome;
	enum lf_reject reject;
	uint64_t from, to;       /* in the view, as it stands there; of a fragment up to where it breaks */
	struct lf_coding coding;
	const char *text;        /* decoded to UTF-8 and unescaped */
	size_t len;
	struct lf_event event;   /* of RECORD, and of FRAGMENT what came whole: slices of text */
	char wrapper[24];        /* the name of the member whose value it is, as "Message", "detail"; "" without */
};

/*
 * What the name at offset (a hit of lf_sift()) belongs to.  The answer depends on the bytes of the view alone, not on
 * what lies in its window, nor on earlier calls but for LF_TEXT_AGAIN.  Returns -1 only when memory is out.
 */
int lf_text_look(struct lf_text *t, struct lf_view *v, uint64_t offset, enum lf_trigger trigger,
    struct lf_text_found *out, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

#endif
