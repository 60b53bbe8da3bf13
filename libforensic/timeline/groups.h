/*
 * Rows in order, each event once: rows of equal time, account, region and eventID that are copies of one another become
 * one, with the places of the others.
 */
#ifndef LF_TIMELINE_GROUPS_H
#define LF_TIMELINE_GROUPS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/list.h"
#include "timeline/partial.h"
#include "timeline/sort.h"
#include "timeline/twins.h"

/* Where another copy of a row stands. */
struct lf_place {
	uint32_t object, record;
};

/* A row as it goes to the writers: this head, the places of its copies, the row; all aligned to 8 bytes. */
struct lf_shown {
	uint32_t size;     /* bytes in all */
	uint32_t places;   /* bytes of places */
	uint32_t copies;   /* how many there are */
	uint32_t conflict; /* 0 or 1 */
};

/* One version of the event at hand. */
struct lf_group_row {
	size_t at;         /* of its row in the group's bytes */
	size_t slot;       /* that of its version */
	bool conflict;
	bool absorbs;      /* the row that came first may have absorbed partial ones */
	struct lf_place first;
	uint32_t copies;
	struct lf_buf places; /* of copies, as place() and settle() left them */
};

struct lf_groups {
	struct lf_sorter *rows;
	const struct lf_twins *twins;
	const struct lf_partials *partials; /* NULL where no row is partial */
	/* Whether a row is shown at all; NULL for all. */
	bool (*shows)(void *arg, const struct lf_row *row);
	/* Appends where a row stands, for those who expand it; a multiple of 8 bytes. */
	void (*place)(const struct lf_row *row, struct lf_buf *out);
	/* Whether a copy is to be shown rather than the one that is, which stands before it. */
	bool (*better)(void *arg, const struct lf_row *copy, const struct lf_row *shown);
	/*
	 * All copies are known: puts their places in order, with those that the shown row names itself.  Returns how
	 * many they are.
	 */
	uint32_t (*settle)(const struct lf_row *shown, struct lf_buf *places);
	void *arg;

	struct lf_buf bytes;  /* rows of the group at hand */
	struct lf_list group; /* struct lf_group_row */
	uint32_t made;        /* group rows whose places were made ready once */
	uint32_t given;       /* of the group */
	struct lf_buf slots;  /* uint32_t: where in group a version stands, plus one */
	const struct lf_row *ahead; /* read, and not of the group */
	bool started;
};

void lf_groups_init(struct lf_groups *g);
void lf_groups_free(struct lf_groups *g);

/* Before the first row. */
int lf_groups_rewind(struct lf_groups *g, struct lf_err *err) __attribute__((warn_unused_result));

/* The next row and what else is known of it, valid until the next call; *row NULL at the end. */
int lf_groups_next(struct lf_groups *g, const struct lf_row **row, const struct lf_group_row **group, struct lf_err *err)
    __attribute__((warn_unused_result));

static inline const struct lf_row *
lf_shown_row(const struct lf_shown *s)
{
	return (const struct lf_row *)(const void *)((const char *)(s + 1) + s->places);
}

#endif
