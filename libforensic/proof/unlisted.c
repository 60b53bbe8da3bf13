#include "proof/unlisted.h"

#include <ctype.h>
#include <string.h>

#include "base/utc.h"
#include "proof/logs.h"

void
lf_unlisteds_free(struct lf_unlisteds *u)
{
	lf_list_free(&u->list);
}

/* Account, region, class and time of a log. */
static void
place(const struct lf_body *b, struct lf_unlisted *u)
{
	const struct lf_present_row *p = lf_body_present(b, u->present);
	const struct lf_name_group *g = lf_names_group(&b->names, &p->name);

	u->account = g->account;
	u->region = g->region;
	u->log_class = g->log_class;
	u->time = g->kind == LF_KEY_LOG ? lf_names_stamp(&b->names, &p->name) : LF_TIME_NONE;
	if (g->kind != LF_KEY_LOG && p->scan != NULL) {
		u->account = p->scan->account;
		u->region = p->scan->region;
		u->log_class = LF_CLASS_CLOUDTRAIL;
		u->time = p->scan->newest;
	} else if (u->time == LF_TIME_NONE && p->scan != NULL) {
		u->time = p->scan->newest;
	}
}

/* Whether the run was asked about this log at all. */
static bool
wanted(const struct lf_body *b, const struct lf_unlisted *u)
{
	if (b->select->n_trails > 0)
		return false;
	if (u->account[0] == '\0')
		return lf_select_homeless(b->select);
	return lf_select_place(b->select, u->account, strlen(u->account), u->region, strlen(u->region)) &&
	    (u->time == LF_TIME_NONE || lf_select_time(b->select, u->time));
}

/* Whether a digest that was asked for lists the log's base name: then this is a second content of it. */
static bool
name_listed(const struct lf_body *b, const struct lf_present_row *p, struct lf_buf *path, struct lf_buf *listed)
{
	size_t cursor = 0;
	uint32_t i;

	lf_buf_reset(path);
	lf_names_path(&b->names, &p->name, path);
	while ((i = lf_index_next(&b->listed_by_name, lf_s3key_base_hash(lf_buf_str(path), path->len), &cursor)) !=
	    LF_INDEX_END) {
		if (!lf_body_digest(b, lf_body_listed(b, i)->digest)->selected)
			continue;
		lf_buf_reset(listed);
		lf_names_path(&b->names, &lf_body_listed(b, i)->name, listed);
		if (lf_s3key_base_equal(lf_buf_str(path), path->len, lf_buf_str(listed), listed->len))
			return true;
	}
	return false;
}

/* Unlisted rows whose base names were looked up: one of each name, by what was found. */
struct asked {
	struct lf_index rows[2];
	struct lf_buf path, other;
};

/* What name_listed() said of a row of the same base name, or -1. */
static int
answered(const struct lf_body *b, struct asked *k, uint64_t hash)
{
	size_t cursor;
	uint32_t i;

	for (int yes = 0; yes < 2; yes++) {
		for (cursor = 0; (i = lf_index_next(&k->rows[yes], hash, &cursor)) != LF_INDEX_END;) {
			lf_buf_reset(&k->other);
			lf_names_path(&b->names, &lf_body_present(b, i)->name, &k->other);
			if (lf_s3key_base_equal(lf_buf_str(&k->path), k->path.len, lf_buf_str(&k->other), k->other.len))
				return yes;
		}
	}
	return -1;
}

/* name_listed() of a row, but once for each base name: any number of rows may have one.  -1 when memory is out. */
static int
is_named(const struct lf_body *b, struct asked *k, uint32_t row)
{
	const struct lf_present_row *p = lf_body_present(b, row);
	uint64_t hash;
	int yes;

	lf_buf_reset(&k->path);
	lf_names_path(&b->names, &p->name, &k->path);
	hash = lf_s3key_base_hash(lf_buf_str(&k->path), k->path.len);
	if ((yes = answered(b, k, hash)) < 0) {
		yes = name_listed(b, p, &k->path, &k->other);
		if (lf_index_add(&k->rows[yes], hash, row) != 0)
			return -1;
	}
	return k->path.failed || k->other.failed ? -1 : yes;
}

/* Whether every digest that could list the log is there: one covers its time, and none that may is missing. */
static bool
covered(const struct lf_chains *c, struct lf_unlisted *u)
{
	int64_t from = u->time - LF_LOG_BEFORE, to = u->time + LF_LOG_AFTER;
	bool by_one = false, unseen = false;
	uint32_t n;
	const struct lf_chain *first = lf_chains_of(c, u->account, u->region, &n);

	for (const struct lf_chain *k = first; k < first + n; k++) {
		if (k->backfill)
			continue;
		if (u->chain == LF_NO_CHAIN)
			u->chain = (uint32_t)(k - c->list);
		if ((k->classes & (1U << u->log_class)) == 0) {
			unseen |= lf_chain_covers(k, from, to);
			continue;
		}
		if (lf_chain_may_lack(k, from, to))
			return false;
		if (lf_chain_covers(k, from, to)) {
			u->chain = (uint32_t)(k - c->list);
			by_one = true;
		}
	}
	u->class_unseen = !by_one && unseen;
	return by_one;
}

/* Notes how far past its chains' ends an unlisted log lies. */
static void
stretch_tails(struct lf_chains *c, const struct lf_unlisted *u)
{
	uint32_t n;
	struct lf_chain *first = lf_chains_of(c, u->account, u->region, &n);

	for (struct lf_chain *k = first; k < first + n; k++)
		if (!k->backfill && (k->classes & (1U << u->log_class)) != 0 &&
		    (k->tail.newest_log == LF_TIME_NONE || u->time > k->tail.newest_log))
			k->tail.newest_log = u->time;
}

static void
judge_status(const struct lf_body *b, struct lf_chains *c, struct lf_unlisted *u, bool named)
{
	const struct lf_present_row *p = lf_body_present(b, u->present);

	if (p->unreadable)
		u->status = LF_L_UNDIGESTED;
	else if (named)
		u->status = LF_L_MODIFIED;
	else if (p->container != LF_GZIP_PLAIN && p->container != LF_GZIP_WHOLE)
		u->status = LF_L_MALFORMED;
	else
		u->status = u->time != LF_TIME_NONE && covered(c, u) ? LF_L_UNREFERENCED : LF_L_UNDIGESTED;
	if (u->status == LF_L_UNDIGESTED && u->time != LF_TIME_NONE && !p->unreadable)
		stretch_tails(c, u);
}

/* A region in lower case: copies from case-folding systems spell it otherwise than its chain. */
static const char *
lower(struct lf_body *b, const char *region)
{
	char text[64];
	size_t n = 0;

	for (; n < sizeof(text) - 1 && region[n] != '\0'; n++)
		text[n] = (char)tolower((unsigned char)region[n]);
	return region[n] == '\0' ? lf_intern_n(&b->strings, text, n) : region;
}

int
lf_unlisted_find(struct lf_body *b, struct lf_chains *c, struct lf_unlisteds *out, struct lf_err *err)
{
	struct asked asked;
	int named, rc = -1;

	lf_list_init(&out->list, sizeof(struct lf_unlisted));
	lf_index_init(&asked.rows[0]);
	lf_index_init(&asked.rows[1]);
	lf_buf_init(&asked.path);
	lf_buf_init(&asked.other);
	for (uint32_t i = 0; i < b->present.n; i++) {
		struct lf_present_row *p = lf_body_present(b, i);
		struct lf_unlisted u = {.present = i, .chain = LF_NO_CHAIN}, *kept;
		bool keyless = lf_names_group(&b->names, &p->name)->kind != LF_KEY_LOG;

		place(b, &u);
		if ((u.region = lower(b, u.region)) == NULL) {
			lf_err_nomem(err);
			goto out;
		}
		if (keyless && (p->claimed || wanted(b, &u))) {
			b->objects++;
			b->bytes += ((struct lf_trouble *)lf_list_at(&b->troubles, p->trouble))->inflated;
		}
		if (p->claimed)
			continue;
		if ((named = is_named(b, &asked, i)) < 0) {
			lf_err_nomem(err);
			goto out;
		}
		if (named == 0 && !wanted(b, &u))
			continue;
		judge_status(b, c, &u, named != 0);
		p->status = u.status;
		if ((kept = lf_list_push(&out->list)) == NULL) {
			lf_err_nomem(err);
			goto out;
		}
		*kept = u;
	}
	rc = 0;
out:
	lf_index_free(&asked.rows[0]);
	lf_index_free(&asked.rows[1]);
	lf_buf_free(&asked.path);
	lf_buf_free(&asked.other);
	return rc;
}

/* The key that a log of a chain has in its bucket: from the path where that goes up to "AWSLogs/", else as the
 * grammar makes it of the base name. */
static void
chain_key(const struct lf_chain *k, const struct lf_unlisted *u, const struct lf_s3key *key, struct lf_buf *out)
{
	struct lf_civil c;

	lf_buf_printf(out, "s3://%s/", k->bucket);
	lf_buf_add(out, k->prefix.s, k->prefix.len);
	if (key->key.len > 0) {
		lf_buf_add(out, key->key.s, key->key.len);
		return;
	}
	lf_utc_to_civil(u->time, &c);
	lf_buf_printf(out, "AWSLogs/%s%s%s/%s/%s/%04d/%02d/%02d/", k->org, k->org[0] != '\0' ? "/" : "", u->account,
	    lf_class_name(u->log_class), u->region, c.year, c.month, c.day);
	lf_buf_add(out, key->base.s, key->base.len);
}

void
lf_unlisted_object(const struct lf_body *b, const struct lf_chains *c, const struct lf_unlisted *u,
    struct lf_buf *out)
{
	const struct lf_present_row *p = lf_body_present(b, u->present);
	const struct lf_chain *k = u->chain == LF_NO_CHAIN ? NULL : &c->list[u->chain];
	struct lf_s3key key;
	struct lf_buf path;

	lf_buf_init(&path);
	lf_names_path(&b->names, &p->name, &path);
	lf_s3key_read(lf_buf_str(&path), path.len, &key);
	if (k != NULL && k->bucket[0] != '\0' && key.kind == LF_KEY_LOG && u->time != LF_TIME_NONE)
		chain_key(k, u, &key, out);
	else if (key.key.len > 0)
		lf_buf_add(out, key.key.s, key.key.len);
	else
		lf_buf_add(out, lf_buf_str(&path), path.len);
	out->failed |= path.failed;
	lf_buf_free(&path);
}

/* One of them under judgement. */
struct judged {
	struct lf_body *b;
	struct lf_findings *f;
	const struct lf_unlisted *u;
	const char *object, *locator;
	struct lf_err *err;
};

static int
about(struct judged *j, struct lf_finding *x)
{
	if (x == NULL)
		return -1;
	x->object = j->object;
	x->locator = j->locator;
	x->chain = j->u->chain;
	return 0;
}

static int
main_finding(struct judged *j)
{
	const struct lf_present_row *p = lf_body_present(j->b, j->u->present);
	const struct lf_trouble *t = p->trouble == LF_NONE ? NULL : lf_list_at(&j->b->troubles, p->trouble);
	struct lf_finding *x;

	if (p->unreadable)
		return 0; /* evidence-unreadable says so */
	if (j->u->status == LF_L_MODIFIED)
		return about(j, lf_findings_add(j->f, j->err, LF_F_LOG_MODIFIED,
		    "a second object of this name, with another content than the digest lists"));
	if (j->u->status == LF_L_MALFORMED) {
		x = lf_findings_add(j->f, j->err, LF_F_LOG_MALFORMED, "offset %llu: %s; no digest lists it",
		    (unsigned long long)(t != NULL ? t->offset : 0), lf_gzip_state_text((enum lf_gzip_state)p->container));
		if (about(j, x) != 0)
			return -1;
		x->offset = t != NULL ? (int64_t)t->offset : -1;
		return 0;
	}
	if (j->u->copy)
		return about(j, lf_findings_add(j->f, j->err, LF_F_LOG_UNLISTED_COPY,
		    "no digest lists it, but each of its %llu events stands, equal, in a verified log: a second trail "
		    "without validation writes here", (unsigned long long)(p->scan != NULL ? p->scan->n : 0)));
	if (j->u->status == LF_L_UNREFERENCED)
		return about(j, lf_findings_add(j->f, j->err, LF_F_LOG_UNREFERENCED,
		    "the digests of its time are there and none lists it: forged, or of a trail without validation"));
	return about(j, lf_findings_add(j->f, j->err, LF_F_LOG_UNDIGESTED,
	    j->u->class_unseen ? "no verified digest seen here lists logs of class %s: nothing speaks for it"
			       : "no digest of its time is there to list it (class %s)",
	    lf_class_name(j->u->log_class)));
}

static int
contents(struct judged *j)
{
	const struct lf_log_scan *s = lf_body_present(j->b, j->u->present)->scan;
	struct lf_finding *x;

	if (s == NULL || j->u->status == LF_L_MALFORMED)
		return 0;
	if (s->problem != NULL) {
		x = lf_findings_add(j->f, j->err, LF_F_LOG_MALFORMED, "inflated offset %llu: %s (RFC 8259)",
		    (unsigned long long)s->at, s->problem);
		if (about(j, x) != 0)
			return -1;
		x->offset = (int64_t)s->at;
	}
	return s->mismatch == NULL
		? 0
		: about(j, lf_findings_add(j->f, j->err, LF_F_LOG_SCOPE_MISMATCH, "%s", s->mismatch));
}

int
lf_unlisted_judge(struct lf_body *b, const struct lf_chains *c, const struct lf_unlisteds *list, struct lf_findings *f,
    struct lf_err *err)
{
	struct lf_buf locator, object;
	int rc = -1;

	lf_buf_init(&locator);
	lf_buf_init(&object);
	for (uint32_t i = 0; i < list->list.n; i++) {
		struct judged j = {.b = b, .f = f, .u = lf_list_at(&list->list, i), .err = err};

		lf_buf_reset(&locator);
		lf_body_locator(b, lf_body_present(b, j.u->present), &locator);
		lf_buf_reset(&object);
		lf_unlisted_object(b, c, j.u, &object);
		if (locator.failed || object.failed || (j.object = lf_findings_string(f, lf_buf_str(&object))) == NULL ||
		    (j.locator = lf_findings_string(f, lf_buf_str(&locator))) == NULL) {
			lf_err_nomem(err);
			goto out;
		}
		if (main_finding(&j) != 0 || contents(&j) != 0 ||
		    lf_logs_container(b, f, lf_body_present(b, j.u->present), j.object, j.u->chain, err) != 0)
			goto out;
	}
	rc = 0;
out:
	lf_buf_free(&locator);
	lf_buf_free(&object);
	return rc;
}
