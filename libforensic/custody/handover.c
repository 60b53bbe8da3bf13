/*
 * Whether evidence is what it was when it was handed on: the manifest of an entry, held against that of the entry
 * before it with the same case and exhibit.
 */
#include "custody/handover.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NONE UINT32_MAX

static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* Whether an action goes on with evidence that is there: to collect is to begin. */
static bool
goes_on(const char *action)
{
	return strcmp(action, "collected") != 0;
}

/*
 * What differs, as a finding: a warning where evidence was to be passed on as it was; who examines may take a part, or
 * add to it, so that only what became other is noted.
 */
static int
judge(struct lf_seal *s, const struct lf_entry *now, const struct lf_entry *then, const struct lf_manifest_tally *t,
    const char *locator, struct lf_err *err)
{
	bool examined = strcmp(now->action, "examined") == 0;
	struct lf_finding *x;

	if (t->altered == 0 && (examined || t->removed + t->moved + t->added == 0))
		return 0;
	x = lf_findings_add(&s->findings, err, LF_F_CUSTODY_DIFFERS, "what was %s is not what entry %llu sealed (%s by %s): %llu altered, "
	    "%llu removed, %llu moved, %llu added; --check --entry %llu with this evidence names them", now->action,
	    (unsigned long long)then->number, then->action, then->examiner, (unsigned long long)t->altered,
	    (unsigned long long)t->removed, (unsigned long long)t->moved, (unsigned long long)t->added, (unsigned long long)then->number);
	if (x == NULL || (x->locator = lf_findings_string(&s->findings, locator)) == NULL)
		return lf_err_nomem(err);
	x->severity = examined ? LF_NOTICE : LF_WARNING;
	return 0;
}

/* Holds a manifest against that of an earlier entry.  One that cannot be loaded is a finding of its own, elsewhere. */
static int
compare(struct lf_seal *s, const struct lf_entry *now, const struct lf_manifest *m, const struct lf_entry *then, const char *locator,
    struct lf_err *err)
{
	struct lf_manifest_tally tally;
	struct lf_findings each;
	struct lf_manifest was;
	struct lf_err why;
	int rc = 0, loaded;

	lf_manifest_init(&was);
	lf_findings_init(&each);
	loaded = lf_seal_manifest_of(s, then, &was, &why);
	if (loaded > 0)
		rc = lf_manifest_compare(&was, m, &each, &tally, err);
	if (loaded > 0 && rc == 0)
		rc = judge(s, now, then, &tally, locator, err);
	lf_findings_free(&each);
	lf_manifest_free(&was);
	return loaded < 0 && lf_err_is_nomem(&why) ? lf_err_nomem(err) : rc;
}

/* ---- A new entry ---- */

/* The last entry of the same case and exhibit. */
struct last {
	const struct lf_entry *like;
	struct lf_arena kept[2]; /* the entry lies in kept[which] */
	struct lf_entry entry;
	unsigned which;
};

static int
look(void *arg, const struct lf_ledger_line *line, struct lf_err *err)
{
	struct last *l = arg;
	struct lf_arena *spare = &l->kept[1 - l->which];
	struct lf_entry e;
	struct lf_err why;
	int rc;

	lf_arena_reset(spare);
	rc = lf_entry_read(line->text, line->len, spare, &e, &why);
	if (rc < 0)
		return lf_err_nomem(err);
	if (rc == 0 && same_text(e.case_id, l->like->case_id) && same_text(e.exhibit, l->like->exhibit)) {
		l->entry = e;
		l->which = 1 - l->which;
	}
	return 0;
}

int
lf_handover_new(struct lf_seal *s, struct lf_err *err)
{
	struct lf_entry like = {.action = lf_seal_action_name((unsigned)s->opts.action), .case_id = s->opts.case_id,
	    .exhibit = s->opts.exhibit};
	struct last last = {.like = &like};
	struct lf_err why;
	int fd = goes_on(like.action) ? lf_ledger_read(&s->ledger, &why) : -1, rc;

	if (fd < 0) /* there is none yet, or what is wrong with it will be said when the entry is added */
		return 0;
	lf_arena_init(&last.kept[0]);
	lf_arena_init(&last.kept[1]);
	rc = lf_ledger_lines(&s->ledger, fd, look, &last, &why);
	if (rc == 0 && last.entry.number > 0)
		rc = compare(s, &like, &s->manifest, &last.entry, s->ledger.path, &why);
	rc = rc != 0 && lf_err_is_nomem(&why) ? lf_err_nomem(err) : 0;
	lf_arena_free(&last.kept[0]);
	lf_arena_free(&last.kept[1]);
	close(fd);
	return rc;
}

/* ---- The entries of a ledger ---- */

/* What is needed to read two entries, one after the other. */
struct walk {
	struct lf_seal *s;
	struct lf_arena arena[2];
	struct lf_buf line;
};

/* A row, and what its entry is about: case and exhibit, interned. */
struct about {
	const char *what;
	uint32_t row;
};

static int
by_what(const void *a, const void *b)
{
	const struct about *x = a, *y = b;

	if (x->what != y->what)
		return (uintptr_t)x->what < (uintptr_t)y->what ? -1 : 1;
	return (x->row > y->row) - (x->row < y->row);
}

static int
read_row(struct walk *w, uint32_t row, unsigned slot, struct lf_entry *out, struct lf_err *err)
{
	return lf_seal_row_read(w->s, lf_list_at(&w->s->rows, row), &w->line, &w->arena[slot], out, err);
}

/* Sets before[row] to the row before it that is about the same, or NONE. */
static int
pair_rows(struct walk *w, struct about *all, uint32_t *before, struct lf_err *err)
{
	uint32_t n = w->s->rows.n;
	struct lf_entry e;
	struct lf_buf what;
	int rc = 0;

	lf_buf_init(&what);
	for (uint32_t i = 0; i < n && rc == 0; i++) {
		if ((rc = read_row(w, i, 0, &e, err)) != 0)
			break;
		lf_buf_reset(&what);
		lf_buf_printf(&what, "%s%c%s", e.case_id, e.exhibit == NULL ? '-' : '+', e.exhibit == NULL ? "" : e.exhibit);
		all[i] = (struct about){what.failed ? NULL : lf_intern(&w->s->names, lf_buf_str(&what)), i};
		before[i] = NONE;
		rc = all[i].what == NULL ? lf_err_nomem(err) : 0;
	}
	lf_buf_free(&what);
	if (rc != 0)
		return -1;
	qsort(all, n, sizeof(*all), by_what);
	for (uint32_t i = 1; i < n; i++)
		if (all[i].what == all[i - 1].what)
			before[all[i].row] = all[i - 1].row;
	return 0;
}

/* Holds one entry against the one before it. */
static int
check_pair(struct walk *w, uint32_t row, uint32_t earlier, struct lf_err *err)
{
	struct lf_entry now, then;
	struct lf_manifest m;
	struct lf_buf where;
	struct lf_err why;
	int rc, loaded;

	if (read_row(w, row, 0, &now, err) != 0 || read_row(w, earlier, 1, &then, err) != 0)
		return -1;
	if (!goes_on(now.action) || memcmp(now.manifest_hash, then.manifest_hash, LF_SHA256_LEN) == 0)
		return 0;
	lf_manifest_init(&m);
	lf_buf_init(&where);
	lf_buf_printf(&where, "%s, line %llu", w->s->ledger.path, (unsigned long long)now.number);
	loaded = lf_seal_manifest_of(w->s, &now, &m, &why);
	rc = loaded > 0 ? compare(w->s, &now, &m, &then, lf_buf_str(&where), err) : 0;
	if (where.failed || (loaded < 0 && lf_err_is_nomem(&why)))
		rc = lf_err_nomem(err);
	lf_buf_free(&where);
	lf_manifest_free(&m);
	return rc;
}

int
lf_handover_check(struct lf_seal *s, struct lf_err *err)
{
	struct walk w = {.s = s};
	struct about *all = calloc((size_t)s->rows.n + 1, sizeof(*all));
	uint32_t *before = calloc((size_t)s->rows.n + 1, sizeof(*before));
	int rc = all == NULL || before == NULL ? lf_err_nomem(err) : 0;

	lf_arena_init(&w.arena[0]);
	lf_arena_init(&w.arena[1]);
	lf_buf_init(&w.line);
	if (rc == 0)
		rc = pair_rows(&w, all, before, err);
	for (uint32_t i = 0; i < s->rows.n && rc == 0; i++)
		if (before[i] != NONE)
			rc = check_pair(&w, i, before[i], err);
	lf_arena_free(&w.arena[0]);
	lf_arena_free(&w.arena[1]);
	lf_buf_free(&w.line);
	free(all);
	free(before);
	return rc;
}
