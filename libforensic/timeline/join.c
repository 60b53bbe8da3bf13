/* What others put into a timeline (coverage/marks.c). */
#include "timeline/state.h"

void
lf_timeline_join(struct lf_timeline *t, const struct lf_listener *other, const struct lf_rider *rider,
    int (*judged)(void *arg, struct lf_result *proof, struct lf_err *err), void *arg)
{
	t->other = other;
	t->rider = rider;
	t->judged = judged;
	t->judged_arg = arg;
}

int
lf_timeline_mark(struct lf_timeline *t, const struct lf_values *v, struct lf_err *err)
{
	struct lf_buf row;
	int rc;

	lf_buf_init(&row);
	lf_row_pack(&row, v, 0, 0, LF_ROW_MARK, (struct lf_slice){"", 0});
	rc = row.failed ? lf_err_nomem(err) : lf_sorter_add(t->rows, row.data, row.len, err);
	lf_buf_free(&row);
	return rc;
}
