#include "proof/logs.h"

#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "base/utc.h"

/* Paths written out again and again while matching. */
struct match {
	struct lf_body *b;
	struct lf_buf listed, present;
	struct lf_index by_hash; /* present rows that no digest claimed under their name */
	struct lf_index by_key;  /* listed rows that count, of base names that several rows have */
	struct lf_list shared;   /* struct shared */
	struct lf_index by_tag;  /* these */
	struct lf_index by_both; /* their present rows by base name and content */
	struct lf_index equal;   /* the best of these, where a listed row was matched */
	struct lf_index copied;  /* a present row of each content whose copies were all claimed */
	bool failed;
};

/* A base name that several present rows have, and how far these are claimed: they stay so. */
struct shared {
	uint32_t tag;
	size_t cursor;
};

static void
write_path(const struct lf_body *b, const struct lf_name *name, struct lf_buf *out)
{
	lf_buf_reset(out);
	lf_names_path(&b->names, name, out);
}

/* Whether a present row's base name is that of a listed one. */
static bool
named(struct match *m, const struct lf_listed_row *l, const struct lf_present_row *p)
{
	write_path(m->b, &l->name, &m->listed);
	write_path(m->b, &p->name, &m->present);
	return lf_s3key_base_equal(lf_buf_str(&m->present), m->present.len, lf_buf_str(&m->listed), m->listed.len);
}

static bool
content_equal(const struct lf_listed_row *l, const struct lf_present_row *p)
{
	return l->hash_known && !p->unreadable && memcmp(l->hash, p->hash, LF_SHA256_LEN) == 0;
}

static bool
container_whole(const struct lf_present_row *p)
{
	return p->container == LF_GZIP_PLAIN || p->container == LF_GZIP_WHOLE;
}

/* Whether a digest row's word is proof. */
static bool
digest_proved(const struct lf_body *b, uint32_t row)
{
	return lf_body_digest(b, row)->status == LF_D_VERIFIED;
}

/* Whether p is a better answer for a listed log than the best so far: whole before damaged, then by place. */
static bool
better(struct match *m, uint32_t best, uint32_t candidate)
{
	const struct lf_present_row *o, *p = lf_body_present(m->b, candidate);
	struct lf_buf other;
	bool less;

	if (best == LF_NONE)
		return true;
	o = lf_body_present(m->b, best);
	if (container_whole(o) != container_whole(p))
		return container_whole(p);
	lf_buf_init(&other);
	lf_body_locator(m->b, o, &other);
	lf_buf_reset(&m->present);
	lf_body_locator(m->b, p, &m->present);
	less = lf_slice_cmp((struct lf_slice){lf_buf_str(&m->present), m->present.len},
	    (struct lf_slice){lf_buf_str(&other), other.len}) < 0;
	lf_buf_free(&other);
	return less;
}

static void
claim(struct match *m, struct lf_listed_row *l, uint32_t i)
{
	struct lf_present_row *p = lf_body_present(m->b, i);

	p->claimed = true;
	if (digest_proved(m->b, l->digest))
		p->proved = true;
	if (better(m, l->present, i))
		l->present = i;
}

/* The first 64 bits of a hash of content. */
static uint64_t
content_of(const unsigned char hash[LF_SHA256_LEN])
{
	uint64_t content;

	memcpy(&content, hash, sizeof(content));
	return content;
}

static uint64_t
both_of(uint32_t tag, const unsigned char hash[LF_SHA256_LEN])
{
	return content_of(hash) ^ (uint64_t)tag << 32;
}

/* Notes a base name that several present rows have, and puts these under name and content. */
static struct shared *
share(struct match *m, uint32_t tag)
{
	struct shared *s = lf_list_push(&m->shared);
	size_t cursor = 0;
	uint32_t i;

	if (s == NULL || lf_index_add_tag(&m->by_tag, tag, m->shared.n - 1) != 0)
		return NULL;
	s->tag = tag;
	while ((i = lf_index_next_tag(&m->b->present_by_name, tag, &cursor)) != LF_INDEX_END)
		if (lf_index_add(&m->by_both, both_of(tag, lf_body_present(m->b, i)->hash), i) != 0)
			return NULL;
	return s;
}

/* The first present row of a listed one's base name, or LF_INDEX_END; *s is what was noted of the name when there are more, or NULL. */
static uint32_t
first_named(struct match *m, const struct lf_listed_row *l, struct shared **s)
{
	size_t cursor = 0;
	uint32_t k, first = lf_index_next_tag(&m->b->present_by_name, l->tag, &cursor);

	*s = NULL;
	if (first == LF_INDEX_END || lf_index_next_tag(&m->b->present_by_name, l->tag, &cursor) == LF_INDEX_END)
		return first;
	for (cursor = 0; *s == NULL && (k = lf_index_next_tag(&m->by_tag, l->tag, &cursor)) != LF_INDEX_END;) {
		struct shared *x = lf_list_at(&m->shared, k);
		*s = x->tag == l->tag ? x : NULL;
	}
	if (*s == NULL && (*s = share(m, l->tag)) == NULL)
		m->failed = true;
	return first;
}

/* A present row of l's name and content among those that an index has under both; LF_INDEX_END at the end. */
static uint32_t
next_equal(struct match *m, const struct lf_index *x, const struct lf_listed_row *l, size_t *cursor)
{
	uint32_t i;

	while ((i = lf_index_next(x, both_of(l->tag, l->hash), cursor)) != LF_INDEX_END) {
		const struct lf_present_row *p = lf_body_present(m->b, i);
		if (content_equal(l, p) && named(m, l, p))
			break;
	}
	return i;
}

/* Same name, same content.  Of listed rows of one name and content the first, proved before others, claims for all. */
static void
match_equal(struct match *m, struct lf_listed_row *l)
{
	struct shared *s;
	size_t cursor = 0;
	uint32_t i = first_named(m, l, &s);

	if (i == LF_INDEX_END || m->failed)
		return;
	if (s == NULL) {
		if (content_equal(l, lf_body_present(m->b, i)))
			claim(m, l, i);
		return;
	}
	if ((i = next_equal(m, &m->equal, l, &cursor)) != LF_INDEX_END) {
		l->present = i;
		return;
	}
	for (cursor = 0; (i = next_equal(m, &m->by_both, l, &cursor)) != LF_INDEX_END;)
		claim(m, l, i);
	if (l->present != LF_NONE && lf_index_add(&m->equal, both_of(l->tag, l->hash), l->present) != 0)
		m->failed = true;
}

/* Same content under another name. */
static void
match_renamed(struct match *m, struct lf_listed_row *l)
{
	size_t cursor = 0;
	uint32_t i;

	if (l->present != LF_NONE || !l->hash_known || l->duplicate)
		return;
	while ((i = lf_index_next(&m->by_hash, content_of(l->hash), &cursor)) != LF_INDEX_END) {
		if (!content_equal(l, lf_body_present(m->b, i)))
			continue;
		if (lf_body_present(m->b, i)->claimed) {
			/* Another log of this content has claimed them all. */
			if (l->present == LF_NONE)
				l->present = i;
			break;
		}
		claim(m, l, i);
	}
}

/* Whether nothing but its content says what a present row is: a file of trail-carve's, say. */
static bool
nameless(struct match *m, const struct lf_present_row *p)
{
	struct lf_s3key key;

	write_path(m->b, &p->name, &m->present);
	lf_s3key_read(lf_buf_str(&m->present), m->present.len, &key);
	return key.kind == LF_KEY_NONE;
}

/* Further copies of what is there, which claim to be no log of their own. */
static void
match_copies(struct match *m, struct lf_listed_row *l)
{
	size_t cursor = 0;
	uint32_t i, met = LF_NONE;

	if (l->present == LF_NONE || !l->hash_known || l->duplicate)
		return;
	while ((i = lf_index_next(&m->copied, content_of(l->hash), &cursor)) != LF_INDEX_END)
		if (content_equal(l, lf_body_present(m->b, i)))
			return;
	for (cursor = 0; (i = lf_index_next(&m->by_hash, content_of(l->hash), &cursor)) != LF_INDEX_END;) {
		struct lf_present_row *p = lf_body_present(m->b, i);

		if (!content_equal(l, p))
			continue;
		met = i;
		if (p->claimed || !nameless(m, p))
			continue;
		p->claimed = true;
		p->proved = digest_proved(m->b, l->digest);
	}
	if (met != LF_NONE && lf_index_add(&m->copied, content_of(l->hash), met) != 0)
		m->failed = true;
}

/* Same name, another content: of rows that nothing else explains. */
static void
match_altered(struct match *m, struct lf_listed_row *l)
{
	struct shared *s;
	bool all = true; /* those before were claimed */
	size_t cursor = 0;
	uint32_t i;

	if (l->present != LF_NONE || l->duplicate || first_named(m, l, &s) == LF_INDEX_END)
		return;
	cursor = s == NULL ? 0 : s->cursor;
	while ((i = lf_index_next_tag(&m->b->present_by_name, l->tag, &cursor)) != LF_INDEX_END) {
		struct lf_present_row *p = lf_body_present(m->b, i);

		if (!p->claimed && named(m, l, p)) {
			p->claimed = true;
			l->present = i;
			break;
		}
		all &= p->claimed;
		if (all && s != NULL)
			s->cursor = cursor;
	}
}

/* The row that lists the same key of the same bucket as l and is the one that counts, or LF_NONE: then l is. */
static uint32_t
listed_before(struct match *m, const struct lf_listed_row *l, uint32_t row, int *rc)
{
	uint32_t i, neighbour = LF_NONE;
	size_t cursor = 0;
	uint64_t hash;

	while (neighbour == LF_NONE && (i = lf_index_next_tag(&m->b->listed_by_name, l->tag, &cursor)) != LF_INDEX_END)
		if (i != row)
			neighbour = i;
	if (neighbour == LF_NONE)
		return LF_NONE; /* no other row has this base name */
	lf_buf_reset(&m->listed);
	lf_body_listed_object(m->b, l, &m->listed);
	hash = lf_index_hash(lf_buf_str(&m->listed), m->listed.len);
	cursor = 0;
	while ((i = lf_index_next(&m->by_key, hash, &cursor)) != LF_INDEX_END)
		if (lf_names_cmp(&m->b->names, &lf_body_listed(m->b, i)->name, &l->name) == 0)
			return i;
	if (lf_index_add(&m->by_key, hash, row) != 0)
		*rc = -1;
	return LF_NONE;
}

/*
 * Whether a digest's listing says anything: one that is neither proved nor asked for may be there to explain a log
 * away.
 */
static bool
speaks(const struct lf_body *b, const struct lf_listed_row *l)
{
	const struct lf_digest_row *d = lf_body_digest(b, l->digest);

	return d->by != LF_BY_NONE || d->selected;
}

/* Marks rows that list what another lists too: the row of a proved digest counts, among equals the first. */
static int
mark_duplicates(struct match *m, bool proved)
{
	struct lf_body *b = m->b;
	int rc = 0;

	for (uint32_t i = 0; i < b->listed.n && rc == 0; i++) {
		struct lf_listed_row *l = lf_body_listed(b, i);
		const struct lf_digest_row *d, *e;
		uint32_t other;

		if (!speaks(b, l) || digest_proved(b, l->digest) != proved || (other = listed_before(m, l, i, &rc)) == LF_NONE)
			continue;
		d = lf_body_digest(b, l->digest);
		e = lf_body_digest(b, lf_body_listed(b, other)->digest);
		l->duplicate = true;
		l->other_version = d != e && d->key == e->key && d->bucket == e->bucket;
	}
	return rc;
}

/* What became of a listed log. */
static enum lf_log_status
status(const struct lf_body *b, const struct lf_listed_row *l)
{
	const struct lf_present_row *p;

	if (l->present == LF_NONE)
		return LF_L_MISSING;
	p = lf_body_present(b, l->present);
	if (p->unreadable)
		return LF_L_UNPROVEN;
	if (!container_whole(p))
		return LF_L_MALFORMED;
	if (!l->hash_known)
		return LF_L_UNPROVEN;
	if (!content_equal(l, p))
		return LF_L_MODIFIED;
	return digest_proved(b, l->digest) ? LF_L_VERIFIED : LF_L_UNPROVEN;
}

/* Puts the present rows that are not claimed yet under their content. */
static int
index_unclaimed(struct match *m)
{
	for (uint32_t i = 0; i < m->b->present.n; i++) {
		const struct lf_present_row *p = lf_body_present(m->b, i);

		if (!p->claimed && !p->unreadable && lf_index_add(&m->by_hash, content_of(p->hash), i) != 0)
			return -1;
	}
	return 0;
}

/* Runs one way of matching over the rows that say something, those of proved digests first. */
static void
match_rows(struct match *m, void (*way)(struct match *, struct lf_listed_row *))
{
	for (int proved = 1; proved >= 0; proved--) {
		for (uint32_t i = 0; i < m->b->listed.n; i++) {
			struct lf_listed_row *l = lf_body_listed(m->b, i);
			if (speaks(m->b, l) && digest_proved(m->b, l->digest) == (proved != 0))
				way(m, l);
		}
	}
}

static int
match_all(struct match *m)
{
	struct lf_body *b = m->b;

	if (mark_duplicates(m, true) != 0 || mark_duplicates(m, false) != 0)
		return -1;
	match_rows(m, match_equal);
	if (index_unclaimed(m) != 0)
		return -1;
	if (m->by_hash.n > 0)
		match_rows(m, match_renamed);
	match_rows(m, match_altered);
	if (m->by_hash.n > 0)
		match_rows(m, match_copies);
	for (uint32_t i = 0; i < b->listed.n; i++) {
		struct lf_listed_row *l = lf_body_listed(b, i);
		l->status = (uint8_t)status(b, l);
	}
	return m->listed.failed || m->present.failed || m->failed ? -1 : 0;
}

int
lf_logs_match(struct lf_body *b, struct lf_err *err)
{
	struct match m = {.b = b};
	int rc;

	lf_buf_init(&m.listed);
	lf_buf_init(&m.present);
	lf_index_init(&m.by_hash);
	lf_index_init(&m.by_key);
	lf_list_init(&m.shared, sizeof(struct shared));
	lf_index_init(&m.by_tag);
	lf_index_init(&m.by_both);
	lf_index_init(&m.equal);
	lf_index_init(&m.copied);
	for (uint32_t i = 0; i < b->present.n; i++)
		lf_body_present(b, i)->claimed = lf_body_present(b, i)->proved = false;
	for (uint32_t i = 0; i < b->listed.n; i++) {
		lf_body_listed(b, i)->present = LF_NONE;
		lf_body_listed(b, i)->duplicate = false;
	}
	rc = match_all(&m) == 0 ? 0 : lf_err_nomem(err);
	lf_buf_free(&m.listed);
	lf_buf_free(&m.present);
	lf_index_free(&m.by_hash);
	lf_index_free(&m.by_key);
	lf_list_free(&m.shared);
	lf_index_free(&m.by_tag);
	lf_index_free(&m.by_both);
	lf_index_free(&m.equal);
	lf_index_free(&m.copied);
	return rc;
}
