/* The inside of a timeline. */
#ifndef LF_TIMELINE_STATE_H
#define LF_TIMELINE_STATE_H

#include <stdio.h>

#include "base/arena.h"
#include "proof/case.h"
#include "proof/skips.h"
#include "proof/verify.h"
#include "timeline/collect.h"
#include "timeline/groups.h"
#include "timeline/lineage.h"
#include "timeline/objects.h"
#include "timeline/partial.h"
#include "timeline/timeline.h"
#include "timeline/twins.h"

/* An object with gzip members behind the first. */
struct lf_timeline_behind {
	const char *locator;
	uint32_t present; /* of the proof's body */
};

/* A row of an event of which other versions are shown, too. */
struct lf_timeline_conflict {
	const char *id, *account;
	const char *where; /* LOCATOR#INDEX */
};

/* The jsonl output of an earlier run. */
struct lf_timeline_run {
	const char *name;
	FILE *f;
};

struct lf_timeline {
	struct lf_case *c;     /* NULL over runs */
	unsigned jobs;
	enum lf_timeline_format format;
	enum lf_column columns[LF_COLUMNS];
	size_t n_columns;
	bool integrity;
	const char *session;   /* or NULL */
	struct lf_timeline_run *runs; /* by name */
	size_t n_runs;

	const struct lf_listener *other; /* joins the pass, or NULL */
	const struct lf_rider *rider;    /* ... and takes its events so */
	int (*judged)(void *arg, struct lf_result *proof, struct lf_err *err);
	void *judged_arg;

	struct lf_filter *filter;
	struct lf_select select; /* the case's, or none */
	struct lf_collect collect;
	struct lf_objects objects;
	struct lf_sorter *rows;
	struct lf_twins twins;
	struct lf_partials partials;
	bool partial;          /* there are partial rows */
	struct lf_lineage *lineage; /* NULL when nobody asked */
	struct lf_groups groups;    /* the pass over the rows */
	struct lf_skips skipped;
	struct lf_list behind;      /* struct lf_timeline_behind: those that a digest may list */
	struct lf_list conflicts;   /* struct lf_timeline_conflict, in the order of rows; of the pass over the rows */
	struct lf_index in_conflict; /* events among them, by id and account */
	uint64_t in_holes;          /* rows shown whose log no digest lists, though one should */
	uint64_t filtered;          /* events that were not wanted before they were rows */
	struct lf_arena pass;       /* what lives as long as that pass */
	struct lf_timeline_summary summary;
	struct lf_arena arena;
};

/* Notes what could not be read, or not be vouched for (both are copied). */
int lf_timeline_skip(struct lf_timeline *t, const char *locator, size_t len, const char *reason, struct lf_err *err)
    __attribute__((warn_unused_result));

/* Second look: sets the value of every listed twin by reading its object again. */
int lf_timeline_look_again(struct lf_timeline *t, struct lf_err *err) __attribute__((warn_unused_result));

/* Opens the jsonl runs, in the order of their names; what was opened belongs to t, also when this fails. */
int lf_timeline_open_files(struct lf_timeline *t, const char *const *names, size_t n, struct lf_err *err)
    __attribute__((warn_unused_result));
void lf_timeline_close_files(struct lf_timeline *t);

/* Reads the evidence of the case into rows: proves what they lie in where that is asked for, or somebody joined. */
int lf_timeline_read_case(struct lf_timeline *t, struct lf_err *err) __attribute__((warn_unused_result));

/* Reads the jsonl runs into rows. */
int lf_timeline_read_runs(struct lf_timeline *t, struct lf_err *err) __attribute__((warn_unused_result));

/* For struct lf_groups: rows of objects, and rows that come from runs.  arg is the timeline. */
void lf_timeline_place(const struct lf_row *row, struct lf_buf *out);
bool lf_timeline_better(void *arg, const struct lf_row *copy, const struct lf_row *shown);
uint32_t lf_timeline_settle(const struct lf_row *shown, struct lf_buf *places);
void lf_run_place(const struct lf_row *row, struct lf_buf *out);
bool lf_run_better(void *arg, const struct lf_row *copy, const struct lf_row *shown);
uint32_t lf_run_settle(const struct lf_row *shown, struct lf_buf *places);

/* The integrity that a row from a run states. */
unsigned lf_run_integrity(const struct lf_row *r);

/* Appends LOCATOR#INDEX of a row that comes from a run. */
void lf_run_where(const struct lf_row *r, struct lf_buf *out);

/* Fills the late columns of a row that comes from a run: from its line, and from the places of its copies. */
void lf_run_expand(const struct lf_shown *s, const struct lf_row *r, struct lf_buf *scratch, struct lf_timeline_row *out);

#endif
