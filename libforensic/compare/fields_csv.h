/* What a console's CSV says in a way of its own, held against the record of the event. */
#ifndef LF_COMPARE_FIELDS_CSV_H
#define LF_COMPARE_FIELDS_CSV_H

#include "compare/tree.h"

#define LF_CSV_SEARCH ((uint64_t)64 << 20) /* bytes looked through for a line's resources, and none beyond */

/*
 * Whether the console may have read a user name (node user of line) from a record that has no member of this name, or
 * that of a root user, whose userName is the alias of the account: it shows the name of a session, "root", or what else
 * the identity holds, of an ARN or an id the last part.  scratch is overwritten.
 */
bool lf_fields_user_fits(const struct lf_tree *full, const struct lf_tree *line, uint32_t user,
    struct lf_buf scratch[2]);

/*
 * Whether a record names a resource of a line (node name), or each of several with commas between them, anywhere: the
 * console takes them from parameters and answers.  said: the text of the record with its escapes resolved, made here
 * when it is empty. *left is what may still be looked through.
 */
bool lf_fields_resource_said(const struct lf_tree *full, const struct lf_tree *line, uint32_t name,
    struct lf_buf *said, struct lf_buf *scratch, uint64_t *left);

#endif
