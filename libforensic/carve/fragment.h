/*
 * What is left of records in a text that is known in part: members whose name and value are wholly known, and values
 * whose name is not but whose form is an eventID's or an eventTime's.
 */
#ifndef LF_CARVE_FRAGMENT_H
#define LF_CARVE_FRAGMENT_H

#include "base/list.h"
#include "carve/known.h"

#define LF_FRAGMENT_VALUE_MAX 1024u /* bytes; longer values are left out */

enum lf_fragment_field {
	LF_FRAGMENT_VERSION, /* eventVersion: the first member of a record, as AWS writes them */
	LF_FRAGMENT_TIME,
	LF_FRAGMENT_SOURCE,
	LF_FRAGMENT_NAME,
	LF_FRAGMENT_REGION,
	LF_FRAGMENT_IP,
	LF_FRAGMENT_REQUEST_ID,
	LF_FRAGMENT_EVENT_ID,
	LF_FRAGMENT_ACCOUNT, /* recipientAccountId */
	LF_FRAGMENT_SOME_ID, /* an identifier: eventID, requestID, another of this form, or one inside a longer value */
	LF_FRAGMENT_SOME_TIME,
	LF_FRAGMENT_FIELDS
};

/* A value, at at in the text, without quotes and escapes. */
struct lf_fragment {
	enum lf_fragment_field field;
	size_t at, len;
	/*
	 * It and the fragment before it are members of one object: all between them is known, and says so.  Otherwise
	 * that may be so or not.
	 */
	bool same_object;
};

/* The name of a field as it stands in a record; "identifier" and "time" for the two without one.  Static text. */
const char *lf_fragment_name(enum lf_fragment_field f);

/*
 * Appends the fragments (struct lf_fragment) in text[from .. to), in their order.  Whether an object is a record, or
 * lies inside one, they do not tell.  Returns 0, or -1 when memory is out.
 */
int lf_fragments(const unsigned char *text, const struct lf_known *known, size_t from, size_t to, struct lf_list *out)
    __attribute__((warn_unused_result, nonnull));

#endif
