/* The pass over the evidence that makes a manifest of it. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/hash.h"
#include "custody/manifest.h"
#include "record/reader.h"

#define FIRST_TIME (-INT64_C(62135596800)) /* 0001-01-01T00:00:00Z */
#define LAST_TIME  INT64_C(253402300799)   /* 9999-12-31T23:59:59Z */

/* One pass. */
struct gather {
	struct lf_case *c;
	struct lf_manifest *m;
	bool again;
};

/* What a worker hands on: the object, its text in one piece of memory with it. */
struct product {
	struct lf_manifest_object o;
	char text[]; /* path, NUL, problem, NUL */
};

/* Hashes as it comes. */
struct stream {
	struct lf_hash *hash;
	uint64_t bytes;
	bool failed;
};

static int
take(void *arg, const void *bytes, size_t len)
{
	struct stream *s = arg;

	s->bytes += len;
	s->failed = s->failed || lf_hash_add(s->hash, bytes, len) != 0;
	return s->failed ? -1 : 0;
}

/* Hashes an item of any size: item->problem is filled when it cannot be read. */
static int
hash_item(const struct lf_source *s, struct lf_item *item, uint64_t *size, unsigned char hash[LF_SHA256_LEN],
    struct lf_err *err)
{
	struct stream t = {.hash = lf_hash_new(err)};
	int rc = -1;

	if (t.hash == NULL)
		return -1;
	if (lf_hash_start(t.hash) != 0)
		lf_err_set(err, "SHA-256 failed in OpenSSL");
	else if (lf_source_feed(s, item, take, &t, err) != 0)
		;
	else if (t.failed || lf_hash_end(t.hash, hash) != 0)
		lf_err_set(err, "SHA-256 failed in OpenSSL");
	else
		rc = 0;
	*size = t.bytes;
	lf_hash_free(t.hash);
	return rc;
}

static enum lf_role
role(const struct lf_object *o)
{
	static const enum lf_role of_class[LF_CLASSES] = {
	    [LF_CLASS_CLOUDTRAIL] = LF_ROLE_LOG,
	    [LF_CLASS_INSIGHT] = LF_ROLE_INSIGHT,
	    [LF_CLASS_NETWORK] = LF_ROLE_NETWORK,
	    [LF_CLASS_AGGREGATED] = LF_ROLE_AGGREGATED,
	    [LF_CLASS_OTHER] = LF_ROLE_LOG,
	};
	static const enum lf_role of_kind[] = {
	    [LF_KIND_DIGEST] = LF_ROLE_DIGEST,
	    [LF_KIND_LAKE_SIGN] = LF_ROLE_LAKE_SIGN,
	    [LF_KIND_LAKE_RESULT] = LF_ROLE_LAKE_RESULT,
	    [LF_KIND_METADATA] = LF_ROLE_METADATA,
	    [LF_KIND_KEYS] = LF_ROLE_KEYS,
	    [LF_KIND_FOREIGN] = LF_ROLE_OTHER,
	    [LF_KIND_EVENTS] = LF_ROLE_EVENTS,
	    [LF_KIND_UNKNOWN] = LF_ROLE_OTHER,
	};

	if (o->kind != LF_KIND_LOG)
		return of_kind[o->kind];
	return o->key.kind == LF_KEY_LOG ? of_class[o->key.log_class] : LF_ROLE_LOG;
}

/* What is known of an object that could be read. */
static void
describe(const struct gather *g, const struct lf_object *o, struct lf_manifest_object *out)
{
	out->size = o->item->stored.len;
	memcpy(out->hash, o->stored_hash, sizeof(out->hash));
	out->role = (uint8_t)(g->again ? LF_ROLE_OTHER : role(o));
	out->inflated = !g->again && o->gz.state == LF_GZIP_WHOLE;
	out->content = out->inflated ? o->gz.len : 0;
	if (out->inflated)
		memcpy(out->content_hash, o->hash, sizeof(out->content_hash));
}

/* Hashes what is too large to be held; its role is that of its name. */
static int
describe_large(const struct gather *g, const struct lf_object *o, struct lf_manifest_object *out,
    struct lf_buf *problem, struct lf_err *err)
{
	const struct lf_source *s = g->c->sources[o->source];
	struct lf_item item;
	int rc;

	lf_item_init(&item);
	lf_buf_add(&item.path, lf_buf_str(&o->item->path), o->item->path.len);
	rc = item.path.failed ? lf_err_nomem(err) : hash_item(s, &item, &out->size, out->hash, err);
	lf_buf_reset(problem);
	lf_buf_add(problem, lf_buf_str(&item.problem), item.problem.len);
	lf_item_free(&item);
	return rc != 0 ? -1 : problem->failed ? lf_err_nomem(err) : 0;
}

/* The path of an object in its source; of a file, its base name. */
static struct lf_slice
path_of(const struct gather *g, const struct lf_object *o)
{
	struct lf_slice name = {o->place, o->place_len};

	if (g->c->sources[o->source]->kind != LF_SOURCE_FILE)
		return (struct lf_slice){lf_buf_str(&o->item->path), o->item->path.len};
	return lf_slice_take_last(&name);
}

/*
 * One piece of memory for what goes from thread to thread.  The key is the end of the path; of a file, deliver() finds
 * it.
 */
static struct product *
pack(const struct lf_manifest_object *x, struct lf_slice path, const struct lf_buf *problem, size_t key_len)
{
	struct product *p = malloc(sizeof(*p) + path.len + problem->len + 2);

	if (p == NULL)
		return NULL;
	p->o = *x;
	p->o.path = p->text;
	memcpy(p->text, path.s, path.len);
	p->text[path.len] = '\0';
	memcpy(p->text + path.len + 1, lf_buf_str(problem), problem->len + 1);
	if (problem->len > 0)
		p->o.problem = p->text + path.len + 1;
	if (key_len > 0)
		p->o.key = key_len <= path.len ? p->text + path.len - key_len : "";
	return p;
}

static int
work(void *arg, const struct lf_object *o, void **product, struct lf_err *err)
{
	const struct gather *g = arg;
	struct lf_manifest_object x = {.source = o->source, .role = LF_ROLE_OTHER, .mtime = o->item->mtime};
	struct lf_buf problem;
	int rc = 0;

	if (g->c->sources[o->source]->stream || x.mtime < FIRST_TIME || x.mtime > LAST_TIME)
		x.mtime = LF_TIME_NONE; /* that of the spool file, or one that RFC 3339 cannot say */
	lf_buf_init(&problem);
	if (o->problem == NULL)
		describe(g, o, &x);
	else if (o->item->large)
		rc = describe_large(g, o, &x, &problem, err);
	else
		lf_buf_puts(&problem, o->problem);
	if (rc == 0 && (problem.failed || (*product = pack(&x, path_of(g, o), &problem, o->key.key.len)) == NULL))
		rc = lf_err_nomem(err);
	lf_buf_free(&problem);
	return rc;
}

/* The key of a file whose operand names more of it than the base name. */
static const char *
key_of_file(const struct lf_manifest *m, const struct lf_manifest_object *o)
{
	struct lf_s3key key;
	const char *name = lf_manifest_source_at(m, o->source)->name;

	lf_s3key_read(name, strlen(name), &key);
	return key.key.len == 0 ? NULL : key.key.s;
}

static int
deliver(void *arg, void *product, struct lf_err *err)
{
	struct gather *g = arg;
	struct lf_manifest *m = g->m;
	struct product *p = product;
	struct lf_manifest_object *o = lf_list_push(&m->objects);
	size_t at = p->o.key == NULL || *p->o.key == '\0' ? 0 : (size_t)(p->o.key - p->o.path);
	int rc = -1;

	if (o == NULL)
		goto out;
	*o = p->o;
	if ((o->path = lf_arena_strdup(&m->arena, p->o.path)) == NULL ||
	    (o->problem != NULL && (o->problem = lf_arena_strdup(&m->arena, p->o.problem)) == NULL))
		goto out;
	if (o->key != NULL)
		o->key = *o->key != '\0' ? o->path + at : key_of_file(m, o);
	lf_manifest_count(m, o);
	rc = 0;
out:
	free(p);
	return rc == 0 ? 0 : lf_err_nomem(err);
}

static void
drop(void *arg, void *product)
{
	(void)arg;
	free(product);
}

/* Hashes an archive as a whole. */
static int
whole(const struct lf_source *s, struct lf_manifest_source *out, struct lf_err *err)
{
	struct lf_item item;
	int rc;

	lf_item_init(&item);
	rc = hash_item(s, &item, &out->size, out->hash, err);
	out->hashed = rc == 0 && item.problem.len == 0;
	lf_item_free(&item);
	return rc;
}

/* The operands; files are hashed as objects. */
static int
sources(const struct gather *g, struct lf_err *err)
{
	struct stat st;

	for (size_t i = 0; i < g->c->n_sources; i++) {
		const struct lf_source *s = g->c->sources[i];
		struct lf_manifest_source *x = lf_list_push(&g->m->sources);

		if (x == NULL)
			return lf_err_nomem(err);
		*x = (struct lf_manifest_source){.kind = s->kind, .mtime = LF_TIME_NONE};
		x->name = lf_arena_strdup(&g->m->arena, s->name);
		x->format = s->format == NULL ? NULL : lf_arena_strdup(&g->m->arena, s->format);
		if (x->name == NULL || (s->format != NULL && x->format == NULL))
			return lf_err_nomem(err);
		if (s->kind != LF_SOURCE_FOLDER && !s->stream && fstat(s->fd, &st) == 0 &&
		    st.st_mtim.tv_sec >= FIRST_TIME && st.st_mtim.tv_sec <= LAST_TIME)
			x->mtime = st.st_mtim.tv_sec;
		if (s->kind == LF_SOURCE_ARCHIVE && whole(s, x, err) != 0)
			return -1;
	}
	return 0;
}

/* Files have one object each. */
static void
fill_files(struct lf_manifest *m)
{
	for (uint32_t i = 0; i < m->objects.n; i++) {
		const struct lf_manifest_object *o = lf_manifest_object_at(m, i);
		struct lf_manifest_source *s = lf_manifest_source_at(m, o->source);

		if (s->kind != LF_SOURCE_FILE)
			continue;
		s->hashed = o->problem == NULL;
		s->size = o->size;
		memcpy(s->hash, o->hash, sizeof(s->hash));
	}
}

static int
gather(struct lf_case *c, struct lf_manifest *m, bool again, struct lf_err *err)
{
	struct gather g = {.c = c, .m = m, .again = again};
	struct lf_reader_total *totals = calloc(c->n_sources + 1, sizeof(*totals));
	struct lf_reader r = {.sources = c->sources, .n_sources = c->n_sources, .limits = c->limits, .jobs = c->jobs,
	    .stored = again ? LF_STORED_ONLY : LF_STORED_ALL, .work = work, .deliver = deliver, .drop = drop, .arg = &g,
	    .progress = c->progress, .progress_arg = c->progress_arg, .totals = totals};
	int rc;

	if (totals == NULL)
		return lf_err_nomem(err);
	r.limits.max_total = 0;
	rc = r.progress == NULL ? 0 : lf_reader_run(&r, LF_PASS_COUNT, err);
	if (rc == 0)
		rc = sources(&g, err);
	if (rc == 0)
		rc = lf_reader_run(&r, LF_PASS_ONE, err);
	fill_files(m);
	free(totals);
	return rc;
}

int
lf_manifest_gather(struct lf_case *c, struct lf_manifest *m, struct lf_err *err)
{
	return gather(c, m, false, err);
}

int
lf_manifest_gather_again(struct lf_case *c, struct lf_manifest *m, struct lf_err *err)
{
	return gather(c, m, true, err);
}
