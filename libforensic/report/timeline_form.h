/*
 * A timeline's formats.  A form writes what comes before the rows, each row, and what comes after; rows are written by
 * many threads at once into buffers that are joined in order (report/timeline_write.c).
 */
#ifndef LF_REPORT_TIMELINE_FORM_H
#define LF_REPORT_TIMELINE_FORM_H

#include "base/buf.h"
#include "base/err.h"
#include "report/timeline_stats.h"
#include "timeline/timeline.h"

#define LF_FORM_BLOCK 200

struct lf_timeline_form {
	const char *name;
	bool stats;      /* whether stats are wanted before the first row: then the rows are gone through twice */
	size_t max_rows; /* 0 for no bound */
	const char *block; /* written between two blocks of LF_FORM_BLOCK rows; or NULL */
	/* stats is NULL without.  What is appended to out is written before the first row.  Or NULL. */
	void (*head)(const struct lf_timeline *t, const struct lf_write_opts *o, const struct lf_timeline_stats *stats,
	    struct lf_buf *out);
	void (*row)(const struct lf_timeline *t, const struct lf_write_opts *o, const struct lf_timeline_row *row,
	    struct lf_buf *out);
	/*
	 * Written before the first row of each day, time being that row's (LF_TIME_NONE before the first without); or
	 * NULL.
	 */
	void (*day)(const struct lf_timeline *t, const struct lf_write_opts *o, int64_t time, struct lf_buf *out);
	/*
	 * Written below rows that stand one after the other and are versions of one event in conflict: differ has a bit
	 * for each column, 1 << enum lf_column, that is not the same in all of them.  id is that of the event.  Or
	 * NULL.
	 */
	void (*versions)(const struct lf_timeline *t, const struct lf_write_opts *o, struct lf_slice id, uint32_t differ,
	    struct lf_buf *out);
	/* summary is complete.  Or NULL. */
	void (*tail)(const struct lf_timeline *t, const struct lf_write_opts *o, const struct lf_timeline_stats *stats,
	    const struct lf_timeline_summary *summary, struct lf_buf *out);
};

extern const struct lf_timeline_form lf_timeline_text;       /* timeline_text.c */
extern const struct lf_timeline_form lf_timeline_csv;        /* timeline_csv.c */
extern const struct lf_timeline_form lf_timeline_timesketch; /* timeline_csv.c */
extern const struct lf_timeline_form lf_timeline_jsonl;      /* timeline_jsonl.c */
extern const struct lf_timeline_form lf_timeline_records;    /* timeline_jsonl.c */
extern const struct lf_timeline_form lf_timeline_html;       /* timeline_html.c */

#endif
