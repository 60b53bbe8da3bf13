#include "report/timeline_stats.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/index.h"
#include "base/list.h"
#include "base/seed.h"
#include "report/timeline_say.h"

#define NAME_BYTES (12U << 20) /* of all names together */

/* ---- Names ---- */

/*
 * A name that is counted.  Names are equal when their keyed hashes and lengths are: nobody who does not know the key
 * can make two that are and yet differ.
 */
struct name {
	const char *text;
	size_t len; /* of the whole name */
	uint64_t hash, n;
};

struct names {
	struct lf_list list; /* struct name */
	struct lf_index index;
	uint64_t others;
	struct lf_top_row *rows; /* sorted, once finished */
};

/* ---- Hours ---- */

struct series {
	const char *account; /* NULL: all */
	size_t account_len;
	struct lf_stats_hour *slots; /* LF_STATS_SLOTS of them */
	struct lf_stats_proof *proof; /* as many; NULL but for all */
	size_t n;
};

struct lf_timeline_stats {
	struct lf_stats_totals totals;
	struct lf_seed seed;
	struct lf_arena text;
	size_t text_bytes;
	struct names tops[LF_TOPS];
	struct series series[1 + LF_STATS_ACCOUNTS]; /* all, then accounts */
	size_t n_series;
	size_t step; /* of slot_seconds */
};

/* Each is a multiple of the one before, so that slots can be joined; the last covers any time that can be written. */
static const int64_t slot_seconds[] = {
    3600, 3 * 3600, 6 * 3600, 12 * 3600, 86400, 7 * 86400, 28 * 86400, 3640 * INT64_C(86400)};
#define STEPS (sizeof(slot_seconds) / sizeof(slot_seconds[0]))

int
lf_timeline_stats_new(struct lf_timeline_stats **out, struct lf_err *err)
{
	struct lf_timeline_stats *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return lf_err_nomem(err);
	lf_arena_init(&s->text);
	for (size_t i = 0; i < LF_TOPS; i++) {
		lf_list_init(&s->tops[i].list, sizeof(struct name));
		lf_index_init(&s->tops[i].index);
	}
	s->totals.first = s->totals.last = LF_TIME_NONE;
	s->n_series = 1;
	s->series[0].slots = malloc(LF_STATS_SLOTS * sizeof(*s->series[0].slots));
	s->series[0].proof = malloc(LF_STATS_SLOTS * sizeof(*s->series[0].proof));
	if (s->series[0].slots == NULL || s->series[0].proof == NULL) {
		lf_timeline_stats_free(s);
		return lf_err_nomem(err);
	}
	if (lf_seed_new(&s->seed, err) != 0) {
		lf_timeline_stats_free(s);
		return -1;
	}
	*out = s;
	return 0;
}

void
lf_timeline_stats_free(struct lf_timeline_stats *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < LF_TOPS; i++) {
		lf_list_free(&s->tops[i].list);
		lf_index_free(&s->tops[i].index);
		free(s->tops[i].rows);
	}
	for (size_t i = 0; i < s->n_series; i++) {
		free(s->series[i].slots);
		free(s->series[i].proof);
	}
	lf_arena_free(&s->text);
	free(s);
}

/* How many bytes of a name are kept: not into a character. */
static size_t
kept_of(struct lf_slice v)
{
	size_t n = LF_STATS_NAME_MAX;

	if (v.len <= n)
		return v.len;
	for (size_t back = 0; back < 3 && ((unsigned char)v.s[n] & 0xc0) == 0x80; back++)
		n--;
	return n;
}

/* Keeps a name, cut; NULL when memory is out. */
static char *
keep(struct lf_timeline_stats *s, struct lf_slice v)
{
	size_t kept = kept_of(v);
	char *text = lf_arena_alloc(&s->text, kept + sizeof("..."));

	if (text == NULL)
		return NULL;
	/* A NUL would end the name that readers get. */
	for (size_t i = 0; i < kept; i++)
		text[i] = v.s[i] != '\0' ? v.s[i] : ' ';
	strcpy(text + kept, v.len > kept ? "..." : "");
	s->text_bytes += kept + sizeof("...");
	return text;
}

static struct name *
find(const struct names *t, uint64_t hash, size_t len)
{
	size_t cursor = 0;
	uint32_t i;

	while ((i = lf_index_next(&t->index, hash, &cursor)) != LF_INDEX_END) {
		struct name *have = lf_list_at(&t->list, i);
		if (have->hash == hash && have->len == len)
			return have;
	}
	return NULL;
}

/* Counts a name; nothing for an empty one.  Returns -1 when memory is out. */
static int
count(struct lf_timeline_stats *s, enum lf_top which, struct lf_slice v)
{
	struct names *t = &s->tops[which];
	uint64_t hash;
	struct name *x;

	if (v.len == 0)
		return 0;
	hash = lf_seed_hash(&s->seed, v.s, v.len);
	if ((x = find(t, hash, v.len)) != NULL) {
		x->n++;
		return 0;
	}
	if (t->list.n >= LF_STATS_NAMES || s->text_bytes >= NAME_BYTES) {
		t->others++;
		return 0;
	}
	if ((x = lf_list_push(&t->list)) == NULL || (x->text = keep(s, v)) == NULL)
		return -1;
	x->len = v.len;
	x->hash = hash;
	x->n = 1;
	return lf_index_add(&t->index, hash, t->list.n - 1);
}

/* The start of the slot that holds a time. */
static int64_t
slot_of(const struct lf_timeline_stats *s, int64_t time)
{
	int64_t len = slot_seconds[s->step], over = time % len;

	return time - over - (over < 0 ? len : 0);
}

/* Adds what proves the events of a slot to those of another. */
static void
join_proof(struct series *r, size_t to, size_t from)
{
	for (size_t i = 0; i <= LF_INTEGRITY_UNKNOWN && r->proof != NULL; i++)
		r->proof[to].n[i] += r->proof[from].n[i];
}

/* Makes all slots longer, so that fewer are needed. */
static void
lengthen(struct lf_timeline_stats *s)
{
	struct series *r;
	struct lf_stats_hour h;
	size_t n;

	s->step++;
	for (size_t i = 0; i < s->n_series; i++) {
		r = &s->series[i];
		n = 0;
		for (size_t k = 0; k < r->n; k++) {
			h = r->slots[k];
			h.start = slot_of(s, h.start);
			if (n > 0 && r->slots[n - 1].start == h.start) {
				r->slots[n - 1].ok += h.ok;
				r->slots[n - 1].failed += h.failed;
				join_proof(r, n - 1, k);
			} else {
				if (r->proof != NULL)
					r->proof[n] = r->proof[k];
				r->slots[n++] = h;
			}
		}
		r->n = n;
	}
}

/* The first slot of a series that does not start before a time. */
static size_t
place_of(const struct series *r, int64_t start)
{
	size_t lo = 0, hi = r->n, mid;

	/* Rows come in order but for those of careless merges: look at the end first. */
	if (hi > 0 && r->slots[hi - 1].start <= start)
		return r->slots[hi - 1].start == start ? hi - 1 : hi;
	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (r->slots[mid].start < start)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* Counts a row in a series.  All times that can be written need fewer of the longest slots than a series has. */
static void
count_time(struct lf_timeline_stats *s, struct series *r, const struct lf_timeline_row *row, bool failed)
{
	int64_t time = row->time;
	size_t at = place_of(r, slot_of(s, time));

	while (r->n == LF_STATS_SLOTS && (at == r->n || r->slots[at].start != slot_of(s, time))) {
		if (s->step + 1 == STEPS)
			return;
		lengthen(s);
		at = place_of(r, slot_of(s, time));
	}
	if (at == r->n || r->slots[at].start != slot_of(s, time)) {
		memmove(r->slots + at + 1, r->slots + at, (r->n - at) * sizeof(*r->slots));
		r->slots[at] = (struct lf_stats_hour){.start = slot_of(s, time)};
		if (r->proof != NULL) {
			memmove(r->proof + at + 1, r->proof + at, (r->n - at) * sizeof(*r->proof));
			r->proof[at] = (struct lf_stats_proof){{0}};
		}
		r->n++;
	}
	r->slots[at].ok += !failed;
	r->slots[at].failed += failed;
	if (r->proof != NULL)
		r->proof[at].n[row->integrity]++;
}

static struct series *
series_of(const struct lf_timeline_stats *s, const char *account, size_t len)
{
	for (size_t i = 1; i < s->n_series; i++)
		if (s->series[i].account_len == len && memcmp(s->series[i].account, account, len) == 0)
			return (struct series *)&s->series[i];
	return NULL;
}

/* The series of an account, made when there is room; *out NULL without. */
static int
account_series(struct lf_timeline_stats *s, struct lf_slice account, struct series **out)
{
	struct series *r;

	*out = NULL;
	if (account.len == 0 || account.len > LF_STATS_NAME_MAX || memchr(account.s, '\0', account.len) != NULL)
		return 0;
	if ((*out = series_of(s, account.s, account.len)) != NULL || s->n_series == 1 + LF_STATS_ACCOUNTS)
		return 0;
	r = &s->series[s->n_series];
	if ((r->account = lf_arena_strndup(&s->text, account.s, account.len)) == NULL ||
	    (r->slots = malloc(LF_STATS_SLOTS * sizeof(*r->slots))) == NULL)
		return -1;
	r->account_len = account.len;
	s->n_series++;
	*out = r;
	return 0;
}

static void
count_totals(struct lf_stats_totals *t, const struct lf_timeline_row *row, bool failed)
{
	t->rows++;
	t->failed += failed;
	t->conflicts += row->conflict;
	t->copies += row->copies;
	t->no_id += row->v[LF_COL_ID].len == 0;
	t->integrity[row->integrity]++;
	if (row->time == LF_TIME_NONE) {
		t->no_time++;
		return;
	}
	if (t->first == LF_TIME_NONE || row->time < t->first)
		t->first = row->time;
	if (t->last == LF_TIME_NONE || row->time > t->last)
		t->last = row->time;
}

int
lf_timeline_stats_add(struct lf_timeline_stats *s, const struct lf_timeline_row *row, struct lf_err *err)
{
	static const enum lf_column of[] = {
	    LF_COL_PRINCIPAL, LF_COL_SOURCE_IP, LF_COL_SOURCE, LF_COL_NAME, LF_COL_RESULT, LF_COL_ACCOUNT};
	bool failed = lf_say_failed(row);
	struct series *r;

	if (row->mark) /* no event */
		return 0;
	count_totals(&s->totals, row, failed);
	for (enum lf_top i = 0; i < LF_TOPS; i++)
		if ((i != LF_TOP_ERROR || failed) && count(s, i, row->v[of[i]]) != 0)
			return lf_err_nomem(err);
	if (row->time == LF_TIME_NONE)
		return 0;
	if (account_series(s, row->v[LF_COL_ACCOUNT], &r) != 0)
		return lf_err_nomem(err);
	count_time(s, &s->series[0], row, failed);
	if (r != NULL)
		count_time(s, r, row, failed);
	return 0;
}

static int
by_number(const void *a, const void *b)
{
	const struct lf_top_row *x = a, *y = b;

	return x->n != y->n ? (x->n < y->n) - (x->n > y->n) : strcmp(x->name, y->name);
}

int
lf_timeline_stats_finish(struct lf_timeline_stats *s, struct lf_err *err)
{
	struct names *t;
	const struct name *x;

	for (size_t i = 0; i < LF_TOPS; i++) {
		t = &s->tops[i];
		if (t->list.n == 0)
			continue;
		if ((t->rows = calloc(t->list.n, sizeof(*t->rows))) == NULL)
			return lf_err_nomem(err);
		for (uint32_t k = 0; k < t->list.n; k++) {
			x = lf_list_at(&t->list, k);
			t->rows[k] = (struct lf_top_row){x->text, x->n};
		}
		qsort(t->rows, t->list.n, sizeof(*t->rows), by_number);
	}
	return 0;
}

const struct lf_top_row *
lf_timeline_stats_top(const struct lf_timeline_stats *s, enum lf_top which, size_t *n, uint64_t *others)
{
	const struct names *t = &s->tops[which];

	*n = t->rows == NULL ? 0 : t->list.n;
	*others = t->others;
	return t->rows;
}

const struct lf_stats_totals *
lf_timeline_stats_totals(const struct lf_timeline_stats *s)
{
	return &s->totals;
}

int64_t
lf_timeline_stats_slot(const struct lf_timeline_stats *s)
{
	return slot_seconds[s->step];
}

const struct lf_stats_hour *
lf_timeline_stats_hours(const struct lf_timeline_stats *s, size_t *n)
{
	*n = s->series[0].n;
	return s->series[0].slots;
}

const struct lf_stats_proof *
lf_timeline_stats_proof(const struct lf_timeline_stats *s)
{
	return s->series[0].proof;
}

const struct lf_stats_hour *
lf_timeline_stats_hours_of(const struct lf_timeline_stats *s, const char *account, size_t *n)
{
	const struct series *r = series_of(s, account, strlen(account));

	*n = r == NULL ? 0 : r->n;
	return r == NULL ? NULL : r->slots;
}
