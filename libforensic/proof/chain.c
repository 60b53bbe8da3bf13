#include "proof/chain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
lf_chains_free(struct lf_chains *c)
{
	free(c->list);
	lf_arena_free(&c->arena);
	c->list = NULL;
	c->n = 0;
}

/* Orders a chain beside an account and region. */
static int
place_cmp(const struct lf_chain *c, const char *account, const char *region)
{
	int order = strcmp(c->account, account);

	return order != 0 ? order : strcmp(c->region, region);
}

struct lf_chain *
lf_chains_of(const struct lf_chains *c, const char *account, const char *region, uint32_t *n)
{
	uint32_t lo = 0, hi = c->n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (place_cmp(&c->list[mid], account, region) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (*n = 0; lo + *n < c->n && place_cmp(&c->list[lo + *n], account, region) == 0; (*n)++)
		;
	return c->list + lo;
}

/* Orders rows by the chain they belong to; equal means the same chain. */
static int
chain_cmp(const struct lf_digest_row *a, const struct lf_digest_row *b)
{
	int c;

	if ((c = strcmp(a->account, b->account)) != 0 || (c = strcmp(a->region, b->region)) != 0 ||
	    (c = strcmp(a->trail, b->trail)) != 0 || (c = strcmp(a->home_region, b->home_region)) != 0)
		return c;
	return (int)a->backfill - (int)b->backfill;
}

/* Whether two rows stand for the same key: different contents of it. */
static bool
same_key(const struct lf_digest_row *a, const struct lf_digest_row *b)
{
	if (a->parsed && b->parsed)
		return a->key == b->key && a->bucket == b->bucket;
	return a->end == b->end;
}

/* Compares folder and tail as the one string that they are. */
static int
locator_cmp(const struct lf_digest_row *a, const struct lf_digest_row *b)
{
	const char *p = a->folder, *q = b->folder;
	bool p_tail = false, q_tail = false;

	for (;; p++, q++) {
		if (*p == '\0' && !p_tail) {
			p = a->tail;
			p_tail = true;
		}
		if (*q == '\0' && !q_tail) {
			q = b->tail;
			q_tail = true;
		}
		if (*p != *q || *p == '\0')
			return (unsigned char)*p - (unsigned char)*q;
	}
}

static int
row_cmp(const void *x, const void *y, void *arg)
{
	const struct lf_body *body = arg;
	uint32_t i = *(const uint32_t *)x, j = *(const uint32_t *)y;
	const struct lf_digest_row *a = lf_body_digest(body, i), *b = lf_body_digest(body, j);
	int c;

	if ((c = chain_cmp(a, b)) != 0)
		return c;
	if (a->end != b->end)
		return a->end < b->end ? -1 : 1;
	if (a->parsed != b->parsed)
		return a->parsed ? -1 : 1;
	if (a->parsed && ((c = strcmp(a->key, b->key)) != 0 || (c = strcmp(a->bucket, b->bucket)) != 0))
		return c;
	if ((a->by != LF_BY_NONE) != (b->by != LF_BY_NONE))
		return a->by != LF_BY_NONE ? -1 : 1;
	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	if ((c = memcmp(a->hash, b->hash, LF_SHA256_LEN)) != 0 || (c = locator_cmp(a, b)) != 0)
		return c;
	return i < j ? -1 : 1;
}

/* The rows that make chains, sorted. */
static uint32_t *
sorted_rows(struct lf_body *b, uint32_t *n)
{
	uint32_t *rows = malloc((b->digests.n + 1) * sizeof(*rows));

	*n = 0;
	if (rows == NULL)
		return NULL;
	for (uint32_t i = 0; i < b->digests.n; i++) {
		const struct lf_digest_row *d = lf_body_digest(b, i);
		if (!d->extra_copy && d->end != LF_TIME_NONE)
			rows[(*n)++] = i;
	}
	qsort_r(rows, *n, sizeof(*rows), row_cmp, b);
	return rows;
}

/* Whether a digest may speak for time: what is neither proved nor asked for may not. */
static bool
counts(const struct lf_digest_row *d)
{
	return d->by != LF_BY_NONE || d->selected;
}

/* Merges the windows of present digests. */
static int
cover(const struct lf_body *b, struct lf_chain *c, struct lf_arena *arena)
{
	c->covered = lf_arena_alloc(arena, (c->n_digests + 1) * sizeof(*c->covered));
	if (c->covered == NULL)
		return -1;
	for (uint32_t i = 0; i < c->n_digests; i++) {
		const struct lf_digest_row *d = lf_body_digest(b, c->digests[i]);
		struct lf_window *last = c->n_covered > 0 ? &c->covered[c->n_covered - 1] : NULL;

		if (!d->parsed || d->start >= d->end || !counts(d))
			continue;
		/* In order of their ends: a window that begins before earlier ones swallows them. */
		while (last != NULL && d->start <= last->start && c->n_covered > 1 &&
		    d->start <= c->covered[c->n_covered - 2].end) {
			c->n_covered--;
			last--;
		}
		if (last != NULL && d->start <= last->end) {
			last->start = d->start < last->start ? d->start : last->start;
			last->end = d->end;
		} else {
			c->covered[c->n_covered++] = (struct lf_window){d->start, d->end};
		}
	}
	return 0;
}

/* Which classes of logs a verified digest of the chain lists. */
static uint32_t
classes(const struct lf_body *b, const struct lf_chain *c)
{
	uint32_t bits = 1U << LF_CLASS_CLOUDTRAIL;

	for (uint32_t i = 0; i < c->n_digests; i++) {
		const struct lf_digest_row *d = lf_body_digest(b, c->digests[i]);

		if (d->status != LF_D_VERIFIED)
			continue;
		for (uint32_t j = 0; j < d->n_logs; j++) {
			const struct lf_listed_row *l = lf_body_listed(b, d->first_log + j);
			bits |= 1U << lf_names_group(&b->names, &l->name)->log_class;
		}
	}
	return bits;
}

/* Whether a window of a trail was asked for. */
static bool
asked(const struct lf_select *s, const char *trail, int64_t start, int64_t end)
{
	return lf_select_trail(s, trail) && lf_select_window(s, start, end);
}

/*
 * Whether a digest was asked for.  What one that is not proved says of its window and trail may be there to keep it out
 * of sight: the name it lies under and the successor that names it count as well.
 */
static bool
is_selected(const struct lf_body *b, const struct lf_digest_row *d)
{
	const struct lf_digest_row *s = d->succ == LF_NONE ? NULL : lf_body_digest(b, d->succ);
	struct lf_s3key key;
	char trail[256];

	if (asked(b->select, d->trail, d->start, d->end))
		return true;
	if (d->by != LF_BY_NONE)
		return false;
	if (s != NULL && s->parsed && asked(b->select, s->trail, s->start - LF_HOUR, s->start))
		return true;
	lf_s3key_read(d->tail, strlen(d->tail), &key);
	if (key.kind != LF_KEY_DIGEST || key.stamp == LF_TIME_NONE)
		return false;
	snprintf(trail, sizeof(trail), "%.*s", (int)key.trail.len, key.trail.s);
	return asked(b->select, trail, key.stamp - LF_HOUR, key.stamp);
}

/* Makes one chain of rows[0..n). */
static int
make(struct lf_body *b, struct lf_chain *c, const uint32_t *rows, uint32_t n, uint32_t number, struct lf_arena *arena)
{
	const struct lf_digest_row *d = lf_body_digest(b, rows[0]);
	struct lf_s3key key;

	*c = (struct lf_chain){.account = d->account, .org = d->org, .region = d->region, .trail = d->trail,
	    .home_region = d->home_region, .backfill = d->backfill, .bucket = "", .prefix = {"", 0}};
	c->tail = (struct lf_tail){.end = lf_body_digest(b, rows[n - 1])->end, .until = b->select->until,
	    .newest_log = LF_TIME_NONE, .newest_named = LF_TIME_NONE};
	c->selected = lf_select_trail(b->select, c->trail);
	if ((c->digests = lf_arena_alloc(arena, n * sizeof(*c->digests))) == NULL)
		return -1;
	for (uint32_t i = 0; i < n; i++) {
		struct lf_digest_row *row = lf_body_digest(b, rows[i]);

		row->chain = number;
		row->selected = is_selected(b, row);
		c->selected |= row->selected;
		if (counts(row))
			c->tail.end = row->end;
		if (i > 0 && same_key(lf_body_digest(b, rows[i - 1]), row))
			continue;
		c->digests[c->n_digests++] = rows[i];
		if (row->org[0] != '\0')
			c->org = row->org;
		if (!row->parsed)
			continue;
		lf_s3key_read(row->key, strlen(row->key), &key);
		c->bucket = row->bucket;
		c->prefix = key.prefix;
	}
	c->classes = classes(b, c);
	return cover(b, c, arena);
}

int
lf_chains_make(struct lf_body *b, struct lf_chains *out, struct lf_err *err)
{
	uint32_t n, from = 0, number = 0;
	uint32_t *rows = sorted_rows(b, &n);
	int rc = -1;

	memset(out, 0, sizeof(*out));
	lf_arena_init(&out->arena);
	if (rows == NULL)
		goto nomem;
	for (uint32_t i = 0; i < n; i++)
		out->n += i == 0 || chain_cmp(lf_body_digest(b, rows[i - 1]), lf_body_digest(b, rows[i])) != 0;
	if ((out->list = calloc(out->n + 1, sizeof(*out->list))) == NULL)
		goto nomem;
	for (uint32_t i = 1; i <= n; i++) {
		if (i < n && chain_cmp(lf_body_digest(b, rows[from]), lf_body_digest(b, rows[i])) == 0)
			continue;
		if (make(b, &out->list[number], rows + from, i - from, number, &out->arena) != 0)
			goto nomem;
		number++;
		from = i;
	}
	for (uint32_t i = 0; i < b->digests.n; i++) {
		struct lf_digest_row *d = lf_body_digest(b, i);
		if (d->end == LF_TIME_NONE)
			d->selected = b->select->n_trails == 0;
		else if (d->extra_copy)
			d->selected = is_selected(b, d);
	}
	rc = 0;
	goto out;
nomem:
	lf_err_nomem(err);
out:
	free(rows);
	return rc;
}

bool
lf_chain_covers(const struct lf_chain *c, int64_t start, int64_t end)
{
	uint32_t lo = 0, hi = c->n_covered;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (c->covered[mid].end <= start)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < c->n_covered && c->covered[lo].start <= start && end <= c->covered[lo].end;
}

bool
lf_chain_may_lack(const struct lf_chain *c, int64_t start, int64_t end)
{
	if (c->n_covered == 0 || lf_chain_covers(c, start, end))
		return false;
	return end > c->covered[0].start && start < c->tail.end + LF_TAIL_SLACK;
}

const char *
lf_chain_label(const struct lf_chain *c, char *buf, size_t size)
{
	snprintf(buf, size, "%s %s trail %s of %s%s", c->account, c->region, c->trail, c->home_region,
	    c->backfill ? " (backfill)" : "");
	return buf;
}
