#include "record/names.h"

#include <string.h>

#include "base/utc.h"

#define UNIQ_LEN 16
#define DATE_LEN 11 /* "YYYY/MM/DD/" */
#define STAMP_MAX 16

/* Texts of a group, of which the lengths are kept. */
enum { TEXT_FOLDER, TEXT_HEAD, TEXT_TAIL, TEXT_ACCOUNT, TEXT_REGION, TEXT_ORG, N_TEXTS };

/* A group, and what its names need besides to be written out.  The public part comes first. */
struct group {
	struct lf_name_group pub;
	const char *head; /* of the base name, up to the stamp */
	const char *tail; /* behind the random part of a log, behind the stamp of a digest */
	bool dated;       /* the year, month and day stand between folder and base name */
	size_t len[N_TEXTS];
};

/* A path taken apart: folder, date, head, stamp, random part of a log, tail. */
struct parts {
	struct lf_slice folder, head, tail;
	bool dated;
	struct lf_name name;
};

/* ---- Times as they stand in paths ---- */

/* n in two digits; returns what is behind them. */
static inline char *
put(char *to, int n)
{
	to[0] = (char)('0' + (unsigned)n / 10 % 10);
	to[1] = (char)('0' + (unsigned)n % 10);
	return to + 2;
}

static inline char *
put_year(char *to, int n)
{
	return put(put(to, n / 100), n % 100);
}

static void
write_date(const struct lf_civil *c, char out[DATE_LEN])
{
	out = put_year(out, c->year);
	*out++ = '/';
	out = put(out, c->month);
	*out++ = '/';
	out = put(out, c->day);
	*out = '/';
}

/* "YYYYMMDDTHHMMZ_" of a log, "YYYYMMDDTHHMMSSZ" of a digest; returns the length. */
static size_t
write_stamp(const struct lf_civil *c, bool digest, char out[STAMP_MAX])
{
	char *p = out;

	p = put_year(p, c->year);
	p = put(p, c->month);
	p = put(p, c->day);
	*p++ = 'T';
	p = put(p, c->hour);
	p = put(p, c->minute);
	if (digest)
		p = put(p, c->second);
	*p++ = 'Z';
	if (!digest)
		*p++ = '_';
	return (size_t)(p - out);
}

/* ---- Taking paths apart ---- */

/*
 * Whether path can be written again from its parts to the last byte.  Where the date folders do not stand between
 * folder and base name, or not the right ones, all that precedes the base name is the folder.
 */
static bool
take_apart(const char *path, size_t len, const struct lf_s3key *key, struct parts *p)
{
	size_t base = len - key->base.len, n = base;
	bool digest = key->kind == LF_KEY_DIGEST;
	char stamp[STAMP_MAX], date[DATE_LEN];
	struct lf_civil when;
	size_t stamp_len;
	const char *at;

	if (key->stamp < 0 || (!digest && (key->kind != LF_KEY_LOG || key->uniq.len != UNIQ_LEN)))
		return false;
	lf_utc_to_civil(key->stamp, &when);
	stamp_len = write_stamp(&when, digest, stamp);
	at = digest ? key->home_region.s + key->home_region.len + 1 : key->uniq.s - stamp_len;
	if (at < path + base || memcmp(at, stamp, stamp_len) != 0 || memchr(path, '\0', len) != NULL)
		return false;
	write_date(&when, date);
	p->dated = n >= DATE_LEN && memcmp(path + n - DATE_LEN, date, DATE_LEN) == 0 &&
	    (n == DATE_LEN || path[n - DATE_LEN - 1] == '/');
	p->folder = (struct lf_slice){path, p->dated ? n - DATE_LEN : n};
	p->head = (struct lf_slice){path + base, (size_t)(at - path) - base};
	at += stamp_len + (digest ? 0 : UNIQ_LEN);
	p->tail = (struct lf_slice){at, (size_t)(path + len - at)};
	p->name.minute = (uint32_t)(key->stamp / 60);
	memset(p->name.rest, 0, sizeof(p->name.rest));
	if (digest)
		p->name.rest[0] = (char)(key->stamp % 60);
	else
		memcpy(p->name.rest, key->uniq.s, UNIQ_LEN);
	return true;
}

/* ---- Groups ---- */

int
lf_names_init(struct lf_names *n, struct lf_err *err)
{
	(void)err;
	lf_list_init(&n->groups, sizeof(struct group));
	lf_index_init(&n->by_folder);
	n->last = 0;
	lf_arena_init(&n->arena);
	return 0;
}

void
lf_names_free(struct lf_names *n)
{
	if (n == NULL)
		return;
	lf_list_free(&n->groups);
	lf_index_free(&n->by_folder);
	lf_arena_free(&n->arena);
}

static uint64_t
mix(uint64_t h, uint64_t word)
{
	h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return h ^ (h >> 29);
}

static uint64_t
mix_bytes(uint64_t h, const char *s, size_t len)
{
	uint64_t word;

	h = mix(h, len);
	for (; len >= sizeof(word); s += sizeof(word), len -= sizeof(word)) {
		memcpy(&word, s, sizeof(word));
		h = mix(h, word);
	}
	word = 0;
	if (len > 0)
		memcpy(&word, s, len);
	return mix(h, word);
}

static uint64_t
group_hash(const struct parts *p, bool odd, const char *scope, uint32_t source, const struct lf_s3key *key)
{
	uint64_t h = mix(source, (uint64_t)key->kind << 8 | (uint64_t)key->log_class << 4 | odd);

	if (scope != NULL)
		h = mix_bytes(h, scope, strlen(scope));
	h = mix_bytes(h, p->folder.s, p->folder.len);
	h = mix_bytes(h, p->head.s, p->head.len);
	h = mix_bytes(h, p->tail.s, p->tail.len);
	h = mix_bytes(h, key->account.s, key->account.len);
	h = mix_bytes(h, key->region.s, key->region.len);
	return mix_bytes(h, key->org.s, key->org.len);
}

static bool
same(const char *s, size_t len, struct lf_slice slice)
{
	return len == slice.len && (len == 0 || memcmp(s, slice.s, len) == 0);
}

static bool
is_group(const struct group *g, const struct parts *p, bool odd, const char *scope, uint32_t source,
    const struct lf_s3key *key)
{
	if (g->pub.odd != odd || g->dated != p->dated || g->pub.kind != key->kind ||
	    g->pub.log_class != key->log_class || g->pub.source != source ||
	    (g->pub.scope == NULL) != (scope == NULL))
		return false;
	return (scope == NULL || strcmp(scope, g->pub.scope) == 0) && same(g->pub.folder, g->len[0], p->folder) &&
	    same(g->head, g->len[1], p->head) && same(g->tail, g->len[2], p->tail) &&
	    same(g->pub.account, g->len[3], key->account) && same(g->pub.region, g->len[4], key->region) &&
	    same(g->pub.org, g->len[5], key->org);
}

/* Copies what a group needs; NULL when memory is out. */
static struct group *
group_new(struct lf_names *n, const struct parts *p, bool odd, const char *scope, uint32_t source,
    const struct lf_s3key *key)
{
	const struct lf_slice from[N_TEXTS] = {p->folder, p->head, p->tail, key->account, key->region, key->org};
	char *copy[N_TEXTS], *scope_copy = NULL;
	struct group *g;

	for (size_t i = 0; i < N_TEXTS; i++)
		if ((copy[i] = lf_arena_strndup(&n->arena, from[i].s, from[i].len)) == NULL)
			return NULL;
	if (scope != NULL && (scope_copy = lf_arena_strdup(&n->arena, scope)) == NULL)
		return NULL;
	if ((g = lf_list_push(&n->groups)) == NULL)
		return NULL;
	*g = (struct group){.pub = {.scope = scope_copy, .source = source, .folder = copy[0],
	    .account = copy[3], .region = copy[4], .org = copy[5], .log_class = key->log_class,
	    .kind = key->kind, .odd = odd}, .head = copy[1], .tail = copy[2], .dated = p->dated};
	for (size_t i = 0; i < N_TEXTS; i++)
		g->len[i] = from[i].len;
	return g;
}

/* Finds or adds a group that is not the last; returns its place, or LF_INDEX_END when memory is out. */
static uint32_t
other_group(struct lf_names *n, const struct parts *p, bool odd, const char *scope, uint32_t source,
    const struct lf_s3key *key)
{
	uint64_t hash = group_hash(p, odd, scope, source, key);
	size_t cursor = 0;
	uint32_t i;

	while ((i = lf_index_next(&n->by_folder, hash, &cursor)) != LF_INDEX_END)
		if (is_group(lf_list_at(&n->groups, i), p, odd, scope, source, key))
			return i;
	i = n->groups.n;
	if (group_new(n, p, odd, scope, source, key) == NULL || lf_index_add(&n->by_folder, hash, i) != 0)
		return LF_INDEX_END;
	return i;
}

/* As other_group(), for any: objects of one folder come one after another. */
static uint32_t
group_of(struct lf_names *n, const struct parts *p, bool odd, const char *scope, uint32_t source,
    const struct lf_s3key *key)
{
	if (n->last >= n->groups.n || !is_group(lf_list_at(&n->groups, n->last), p, odd, scope, source, key))
		n->last = other_group(n, p, odd, scope, source, key);
	return n->last;
}

/* ---- Names ---- */

int
lf_names_add(struct lf_names *n, const char *scope, uint32_t source, const char *path, size_t len,
    const struct lf_s3key *key, struct lf_name *out, struct lf_err *err)
{
	struct parts p;
	const char *copy;
	bool odd;

	memset(&p, 0, sizeof(p));
	odd = !take_apart(path, len, key, &p);
	if (odd) {
		memset(&p, 0, sizeof(p));
		if (len > UINT32_MAX)
			return lf_err_set(err, "a name of %zu bytes", len);
		if ((copy = lf_arena_strndup(&n->arena, path, len)) == NULL)
			return lf_err_nomem(err);
		p.name.minute = (uint32_t)len;
		memcpy(p.name.rest, &copy, sizeof(copy));
	}
	p.name.group = group_of(n, &p, odd, scope, scope == NULL ? source : 0, key);
	if (p.name.group == LF_INDEX_END)
		return lf_err_nomem(err);
	*out = p.name;
	return 0;
}

const struct lf_name_group *
lf_names_group(const struct lf_names *n, const struct lf_name *name)
{
	return lf_list_at(&n->groups, name->group);
}

/* The bytes of an odd name; name->minute is their number. */
static const char *
odd_bytes(const struct lf_name *name)
{
	const char *bytes;

	memcpy(&bytes, name->rest, sizeof(bytes));
	return bytes;
}

int64_t
lf_names_stamp(const struct lf_names *n, const struct lf_name *name)
{
	const struct group *g = lf_list_at(&n->groups, name->group);
	struct lf_s3key key;

	if (g->pub.odd) {
		lf_s3key_read(odd_bytes(name), name->minute, &key);
		return key.stamp;
	}
	return (int64_t)name->minute * 60 + (g->pub.kind == LF_KEY_DIGEST ? name->rest[0] : 0);
}

bool
lf_names_alike(const struct lf_names *n, const struct lf_name *a, const struct lf_name *b)
{
	const struct group *x = lf_list_at(&n->groups, a->group), *y = lf_list_at(&n->groups, b->group);

	return a->minute == b->minute && memcmp(a->rest, b->rest, sizeof(a->rest)) == 0 && !x->pub.odd && !y->pub.odd &&
	    x->dated && y->dated && x->pub.kind == y->pub.kind && strcmp(x->head, y->head) == 0 &&
	    strcmp(x->tail, y->tail) == 0;
}

/* A path as the runs of bytes that it is made of. */
struct pieces {
	struct lf_slice piece[6];
	size_t n;
	char date[DATE_LEN], stamp[STAMP_MAX];
};

static void
add_piece(struct pieces *p, const char *s, size_t len)
{
	if (len > 0)
		p->piece[p->n++] = (struct lf_slice){s, len};
}

static void
make_pieces(const struct lf_names *n, const struct lf_name *name, struct pieces *p)
{
	const struct group *g = lf_list_at(&n->groups, name->group);
	struct lf_civil when;

	p->n = 0;
	if (g->pub.odd) {
		add_piece(p, odd_bytes(name), name->minute);
		return;
	}
	lf_utc_to_civil(lf_names_stamp(n, name), &when);
	add_piece(p, g->pub.folder, g->len[TEXT_FOLDER]);
	if (g->dated) {
		write_date(&when, p->date);
		add_piece(p, p->date, DATE_LEN);
	}
	add_piece(p, g->head, g->len[TEXT_HEAD]);
	add_piece(p, p->stamp, write_stamp(&when, g->pub.kind == LF_KEY_DIGEST, p->stamp));
	if (g->pub.kind == LF_KEY_LOG)
		add_piece(p, name->rest, UNIQ_LEN);
	add_piece(p, g->tail, g->len[TEXT_TAIL]);
}

void
lf_names_path(const struct lf_names *n, const struct lf_name *name, struct lf_buf *out)
{
	struct pieces p;

	make_pieces(n, name, &p);
	for (size_t i = 0; i < p.n; i++)
		lf_buf_add(out, p.piece[i].s, p.piece[i].len);
}

/* Compares what two paths have, run by run; uses them up. */
static int
compare_pieces(struct pieces *a, struct pieces *b)
{
	size_t i = 0, j = 0, len;
	int d;

	while (i < a->n && j < b->n) {
		struct lf_slice *x = &a->piece[i], *y = &b->piece[j];

		len = x->len < y->len ? x->len : y->len;
		d = memcmp(x->s, y->s, len);
		if (d != 0)
			return d;
		*x = (struct lf_slice){x->s + len, x->len - len};
		*y = (struct lf_slice){y->s + len, y->len - len};
		i += x->len == 0;
		j += y->len == 0;
	}
	return (i < a->n) - (j < b->n);
}

/* Places come before objects of a bucket, in the order of their sources. */
static int
compare_scopes(const struct lf_name_group *a, const struct lf_name_group *b)
{
	if (a->scope != NULL && b->scope != NULL)
		return strcmp(a->scope, b->scope);
	if (a->scope != NULL || b->scope != NULL)
		return a->scope != NULL ? 1 : -1;
	return (a->source > b->source) - (a->source < b->source);
}

int
lf_names_cmp(const struct lf_names *n, const struct lf_name *a, const struct lf_name *b)
{
	struct pieces x, y;
	int d = compare_scopes(lf_names_group(n, a), lf_names_group(n, b));

	if (d != 0)
		return d;
	make_pieces(n, a, &x);
	make_pieces(n, b, &y);
	return compare_pieces(&x, &y);
}
