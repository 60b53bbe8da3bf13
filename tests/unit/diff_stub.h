/* Differences made by hand, behind compare/diff.h.  To be included once, by a test program. */
#ifndef LF_TEST_DIFF_STUB_H
#define LF_TEST_DIFF_STUB_H

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "compare/diff.h"

struct lf_diff {
	const struct lf_diff_row *rows; /* in the order of kinds; their fields.s is an array of struct lf_diff_field */
	size_t n_rows, repeat, at;      /* each comes repeat times */
	size_t fail_at;                 /* the next one fails there; 0: never */
	struct lf_diff_summary summary;
	enum lf_verdict verdict;
	const char *operands[2][3], *ignored[3];
	struct lf_select select;
	struct lf_diff_skip skips[2][2];
	uint32_t n_skips[2];
	char *moved; /* what the last row points to */
};

const char *const lf_diff_kind_names[LF_DIFF_KINDS] = {"changed", "only_in_a", "only_in_b", "outside_common_window",
    "not_comparable", "changed", "only_in_a", "only_in_b", "outside_common_window"};

bool
lf_diff_field(const struct lf_diff_row *row, size_t *cursor, struct lf_diff_field *out)
{
	if (*cursor >= row->n_fields)
		return false;
	memcpy(out, row->fields.s + *cursor * sizeof(*out), sizeof(*out));
	++*cursor;
	return true;
}

int
lf_diff_rewind(struct lf_diff *d, struct lf_err *err)
{
	(void)err;
	d->at = 0;
	return 0;
}

int
lf_diff_next(struct lf_diff *d, struct lf_diff_row *row, struct lf_err *err)
{
	struct lf_slice *name = &row->text[LF_DIFF_NAME];

	if (d->fail_at > 0 && d->at == d->fail_at)
		return lf_err_set(err, "the differences are gone");
	/* What the last row pointed to is no more: who keeps a slice reads freed memory. */
	free(d->moved);
	d->moved = NULL;
	if (d->at == d->n_rows * d->repeat)
		return 0;
	*row = d->rows[d->at++ / d->repeat];
	if ((d->moved = malloc(name->len + 1)) == NULL)
		return lf_err_nomem(err);
	if (name->len > 0)
		memcpy(d->moved, name->s, name->len);
	name->s = d->moved;
	return 1;
}

const char *
lf_diff_operand(const struct lf_diff *d, unsigned side, size_t i)
{
	return d->operands[side][i];
}

bool
lf_diff_skipped(const struct lf_diff *d, unsigned side, uint32_t i, struct lf_diff_skip *out)
{
	if (i >= d->n_skips[side])
		return false;
	*out = d->skips[side][i];
	return true;
}

const char *
lf_diff_ignored(const struct lf_diff *d, size_t i)
{
	return d->ignored[i];
}

const struct lf_select *
lf_diff_select(const struct lf_diff *d)
{
	return &d->select;
}

const struct lf_diff_summary *
lf_diff_summary(const struct lf_diff *d)
{
	return &d->summary;
}

enum lf_verdict
lf_diff_verdict(const struct lf_diff *d)
{
	return d->verdict;
}

/* Two sides that are the same. */
static inline void
stub_init(struct lf_diff *d)
{
	memset(d, 0, sizeof(*d));
	d->repeat = 1;
	d->select.since = d->select.until = LF_TIME_NONE;
	d->operands[0][0] = "monday";
	d->operands[1][0] = "friday";
	d->summary.events_compared = d->summary.objects_compared = true;
	d->summary.same = 117;
	d->summary.objects_same = 24;
	d->summary.first = 1709294400; /* 2024-03-01T12:00:00Z */
	d->summary.last = 1709298000;
	for (size_t i = 0; i < 2; i++) {
		d->summary.side[i].events = 120;
		d->summary.side[i].objects = 24;
		d->summary.side[i].first = d->summary.first;
		d->summary.side[i].last = d->summary.last;
	}
}

static inline struct lf_slice
stub_text(const char *s)
{
	return (struct lf_slice){s, strlen(s)};
}

/* An event on the sides that "where" names: "a", "b" or "ab". */
static inline struct lf_diff_row
stub_row(enum lf_diff_kind kind, const char *where)
{
	struct lf_diff_row row;

	memset(&row, 0, sizeof(row));
	row.kind = kind;
	row.time = 1709294700; /* 2024-03-01T12:05:00Z */
	for (size_t i = 0; i < LF_DIFF_TEXTS; i++)
		row.text[i].s = "";
	row.key.s = "";
	for (unsigned i = 0; i < 2; i++) {
		row.side[i].integrity = LF_INTEGRITY_UNKNOWN;
		row.side[i].locator = stub_text(i == 0 ? "monday/a.json" : "friday/b.json");
		row.side[i].record = i == 0 ? 4 : 7;
		row.side[i].there = strchr(where, i == 0 ? 'a' : 'b') != NULL;
	}
	row.text[LF_DIFF_ID] = stub_text("e5");
	row.text[LF_DIFF_ACCOUNT] = stub_text("123456789012");
	row.text[LF_DIFF_REGION] = stub_text("eu-west-1");
	row.text[LF_DIFF_SOURCE] = stub_text("iam.amazonaws.com");
	row.text[LF_DIFF_NAME] = stub_text("CreateUser");
	row.text[LF_DIFF_PRINCIPAL] = stub_text("arn:aws:iam::123456789012:user/alice");
	return row;
}

static inline void
stub_fields(struct lf_diff_row *row, const struct lf_diff_field *fields, uint32_t n)
{
	row->n_fields = n;
	row->fields = (struct lf_slice){(const char *)fields, n * sizeof(*fields)};
}

static inline struct lf_diff_field
stub_field(const char *path, const char *a, const char *b)
{
	struct lf_diff_field f;

	memset(&f, 0, sizeof(f));
	f.path = stub_text(path);
	if (a != NULL)
		f.value[0] = stub_text(a);
	if (b != NULL)
		f.value[1] = stub_text(b);
	return f;
}

#endif
