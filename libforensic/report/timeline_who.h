/* Who did it, in a cell of a timeline's text: the names that an investigator looks for are the last to be cut. */
#ifndef LF_REPORT_TIMELINE_WHO_H
#define LF_REPORT_TIMELINE_WHO_H

#include "report/timeline_cells.h"
#include "timeline/timeline.h"

/* The text of who did it, "ROOT › PRINCIPAL" where lineage found somebody else at the root, as it is. */
void lf_who(const struct lf_write_opts *o, const struct lf_timeline_row *row, struct lf_buf *out);

/* The columns that it takes when nothing is left out but what anybody can do without. */
size_t lf_who_columns(const struct lf_write_opts *o, const struct lf_timeline_row *row);

/*
 * The same in at most width columns, as printable text for lf_cell().  Left out come, in this order: another account
 * but for its last digits, "assumed-role" and ".amazonaws.com", the role, notes of lineage; then the session is cut,
 * and last the root. Somebody of another account keeps a colon in front.
 */
void lf_who_within(const struct lf_write_opts *o, const struct lf_timeline_row *row, size_t width, struct lf_buf *out);

/* One name in the same way, a principal or an actor, as it is seen from an account. */
void lf_who_name(const struct lf_write_opts *o, struct lf_slice name, struct lf_slice account, size_t width,
    struct lf_buf *out);

#endif
