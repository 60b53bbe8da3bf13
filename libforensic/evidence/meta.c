#include "evidence/meta.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "evidence/meta_forms.h"
#include "evidence/walk.h"

#define HASHED_MAX 1024 /* bytes of a base name that go into its hash; an S3 key has no more */
#define START_LEN  ((size_t)512)      /* bytes by which a file that is no text is told */
#define LOOK_LEN   ((size_t)64 << 10) /* bytes of a file over LF_MAX_META that are looked at */

/* One call of lf_meta_add(). */
struct adding {
	struct lf_meta *m;
	const char *file_name;
	const char *from;                   /* file_name in the arena, once it is needed */
	struct lf_meta_entry nameless;      /* what was said without naming an object */
	bool has_nameless, ambiguous;
};

/* ---- Names ---- */

/* The last part of key without ".json" or ".json.gz": a download may have lost either. */
static struct lf_slice
base_name(const char *key)
{
	const char *slash = strrchr(key, '/');
	struct lf_slice t = {slash == NULL ? key : slash + 1, 0};

	t.len = strlen(t.s);
	if (lf_slice_ends_nocase(t, ".json.gz"))
		t.len -= strlen(".json.gz");
	else if (lf_slice_ends_nocase(t, ".json"))
		t.len -= strlen(".json");
	return t;
}

/* A byte of a base name as it is compared: tools that write files replace what a file system does not take. */
static char
fold(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-')
		return c;
	return '_';
}

static uint64_t
base_hash(struct lf_slice base)
{
	char folded[HASHED_MAX];
	size_t len = base.len < sizeof(folded) ? base.len : sizeof(folded);

	for (size_t i = 0; i < len; i++)
		folded[i] = fold(base.s[i]);
	return lf_index_hash(folded, len);
}

static bool
base_equal(struct lf_slice a, struct lf_slice b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (fold(a.s[i]) != fold(b.s[i]))
			return false;
	return true;
}

/* The object that a metadata file is about when it says so by its name only: "X.meta.json", "X.headers.txt",
 * "X.json.gz.json" ... are about X, X and X.json.gz. */
static struct lf_slice
object_of_file(const char *file_name)
{
	static const char *const outer[] = {".json", ".txt"};
	static const char *const inner[] = {".meta", ".metadata", ".head", ".headers", ".header", ".hdr", ".http",
	    ".stat"};
	struct lf_slice t = {file_name, strlen(file_name)};

	for (size_t i = 0; i < sizeof(outer) / sizeof(outer[0]); i++) {
		if (lf_slice_ends_nocase(t, outer[i])) {
			t.len -= strlen(outer[i]);
			break;
		}
	}
	for (size_t i = 0; i < sizeof(inner) / sizeof(inner[0]); i++) {
		if (lf_slice_ends_nocase(t, inner[i])) {
			t.len -= strlen(inner[i]);
			break;
		}
	}
	return t;
}

/* ---- Entries ---- */

void
lf_meta_init(struct lf_meta *m)
{
	lf_list_init(&m->entries, sizeof(struct lf_meta_entry));
	lf_index_init(&m->by_name);
	lf_intern_init(&m->keys);
	lf_signatures_init(&m->signatures);
	lf_arena_init(&m->arena);
}

void
lf_meta_free(struct lf_meta *m)
{
	if (m == NULL)
		return;
	lf_list_free(&m->entries);
	lf_index_free(&m->by_name);
	lf_intern_free(&m->keys);
	lf_signatures_free(&m->signatures);
	lf_arena_free(&m->arena);
}

/* Copies t into the arena, or takes same when that says the same.  Returns -1 when memory is out. */
static int
keep_text(struct lf_meta *m, struct lf_slice t, const char *same, const char **out)
{
	*out = NULL;
	if (t.s == NULL)
		return 0;
	if (same != NULL && lf_slice_is(t, same))
		*out = same;
	else
		*out = lf_arena_strndup(&m->arena, t.s, t.len);
	return *out == NULL ? -1 : 0;
}

/* ... of a signature: those that say the same are one.  Returns -1 when memory is out. */
static int
keep_signature(struct lf_meta *m, struct lf_slice t, const struct lf_signature **out)
{
	struct lf_err ignored;

	*out = t.s == NULL ? NULL : lf_signatures_add(&m->signatures, t.s, t.len, &ignored);
	return t.s != NULL && *out == NULL ? -1 : 0;
}

/* Makes an entry, not yet in the list, of a fact; what the entry before it has too is shared. */
static int
make_entry(struct adding *a, const struct lf_meta_fact *f, struct lf_meta_entry *e)
{
	static const struct lf_meta_entry none;
	const struct lf_meta *m = a->m;
	const struct lf_meta_entry *last = m->entries.n == 0 ? &none : lf_list_at(&m->entries, m->entries.n - 1);

	if (a->from == NULL && (a->from = lf_arena_strdup(&a->m->arena, a->file_name)) == NULL)
		return -1;
	*e = (struct lf_meta_entry){.from = a->from};
	if (keep_signature(a->m, f->signature, &e->signature) != 0 || keep_text(a->m, f->bucket, last->bucket, &e->bucket) != 0 ||
	    (e->key = lf_intern_n(&a->m->keys, f->key.s, strnlen(f->key.s, f->key.len))) == NULL ||
	    keep_text(a->m, f->algorithm, last->algorithm, &e->algorithm) != 0 ||
	    keep_text(a->m, f->backfill, last->backfill, &e->backfill) != 0)
		return -1;
	return 0;
}

static int
push_entry(struct lf_meta *m, const struct lf_meta_entry *e)
{
	struct lf_meta_entry *at = lf_list_push(&m->entries);

	if (at == NULL)
		return -1;
	*at = *e;
	return lf_index_add(&m->by_name, base_hash(base_name(e->key)), m->entries.n - 1);
}

int
lf_meta_rewind(struct lf_meta *m, uint32_t n, struct lf_err *err)
{
	struct lf_list all = m->entries;
	int rc = 0;

	if (all.n <= n)
		return 0;
	lf_list_init(&m->entries, sizeof(struct lf_meta_entry));
	lf_index_free(&m->by_name);
	for (uint32_t i = 0; i < n && rc == 0; i++)
		rc = push_entry(m, lf_list_at(&all, i));
	lf_list_free(&all);
	return rc == 0 ? 0 : lf_err_nomem(err);
}

static bool
same_text(struct lf_slice t, const char *s)
{
	return t.s == NULL ? s == NULL : s != NULL && lf_slice_is(t, s);
}

/* Keeps what is said of an object that only the file's name can tell: it must be the same throughout. */
static int
take_nameless(struct adding *a, const struct lf_meta_fact *f)
{
	const struct lf_signature *signature;
	struct lf_meta_fact g = *f;

	if (a->has_nameless) {
		if (keep_signature(a->m, f->signature, &signature) != 0)
			return -1;
		if (signature != a->nameless.signature || !same_text(f->backfill, a->nameless.backfill))
			a->ambiguous = true;
		return 0;
	}
	a->has_nameless = true;
	g.key = object_of_file(a->file_name);
	return make_entry(a, &g, &a->nameless);
}

/* Whether a fact is worth its memory: a listing may name millions of logs, which carry no signature. */
static bool
worth_keeping(const struct lf_meta_fact *f, const char *file_name)
{
	static const char mark[] = "CloudTrail-Digest";

	if (lf_meta_says(f))
		return true;
	if (f->key.s == NULL)
		return strstr(file_name, mark) != NULL;
	return memmem(f->key.s, f->key.len, mark, sizeof(mark) - 1) != NULL;
}

static int
take_fact(void *arg, const struct lf_meta_fact *f, struct lf_err *err)
{
	struct adding *a = arg;
	struct lf_meta_entry e;
	int rc = 0;

	if (f->key.len > LF_MAX_PATH || !worth_keeping(f, a->file_name))
		return 0;
	if (f->key.s == NULL)
		rc = take_nameless(a, f);
	else if ((rc = make_entry(a, f, &e)) == 0)
		rc = push_entry(a->m, &e);
	return rc == 0 ? 0 : lf_err_nomem(err);
}

int
lf_meta_add(struct lf_meta *m, const char *file_name, const char *text, size_t len, bool *known,
    struct lf_err *err)
{
	struct adding a = {.m = m, .file_name = file_name};
	uint32_t before = m->entries.n;

	if (lf_meta_parse(text, len, take_fact, &a, known, err) != 0)
		return -1;
	if (a.ambiguous)
		*known = m->entries.n > before;
	else if (a.has_nameless && push_entry(m, &a.nameless) != 0)
		return lf_err_nomem(err);
	return 0;
}

struct lf_meta_entry *
lf_meta_next(const struct lf_meta *m, const char *key, size_t *cursor)
{
	struct lf_slice base = base_name(key);
	uint64_t hash = base_hash(base);
	struct lf_meta_entry *e;
	uint32_t i;

	while ((i = lf_index_next(&m->by_name, hash, cursor)) != LF_INDEX_END) {
		e = lf_list_at(&m->entries, i);
		if (base_equal(base_name(e->key), base))
			return e;
	}
	return NULL;
}

/* ---- Files ---- */

static int
read_failed(const char *name, struct lf_err *err)
{
	return errno == ENOMEM ? lf_err_nomem(err) : lf_err_sys(err, "cannot read %s", name);
}

/* Whether a file may be text, by its first bytes: a folder may hold a million compressed logs too. */
static bool
starts_as_text(const struct lf_buf *b)
{
	for (size_t i = 0; i < b->len; i++)
		if ((unsigned char)b->data[i] < ' ' && strchr("\t\r\n", b->data[i]) == NULL)
			return false;
	return b->len > 0 && b->data[0] != '\0';
}

/* Adds an open file.  One that is too large is refused if it looks like metadata, and passed over if not. */
static int
add_open_file(struct lf_meta *m, const char *name, int fd, struct lf_buf *text, bool *known,
    struct lf_err *err)
{
	struct stat st;
	size_t size;

	*known = false;
	if (fstat(fd, &st) != 0)
		return lf_err_sys(err, "cannot read %s", name);
	if (!S_ISREG(st.st_mode))
		return lf_err_set(err, "%s is no file", name);
	size = st.st_size > LF_MAX_META ? LOOK_LEN : (size_t)st.st_size;
	if (lf_file_read_upto(fd, size < START_LEN ? size : START_LEN, text) != 0)
		return read_failed(name, err);
	if (!starts_as_text(text))
		return 0;
	if (lf_file_read_upto(fd, size, text) != 0)
		return read_failed(name, err);
	if (st.st_size <= LF_MAX_META)
		return lf_meta_add(m, name, lf_buf_str(text), text->len, known, err);
	return !lf_meta_plausible(text->data, text->len) ? 0 : lf_err_set(err,
	    "%s is larger than the cap of %u bytes on a file of metadata", name, LF_MAX_META);
}

/* Adds what comes through an open pipe. */
static int
add_stream(struct lf_meta *m, const char *name, int fd, struct lf_buf *text, bool *known, struct lf_err *err)
{
	if (lf_file_read_all(fd, LF_MAX_META, text) == 0)
		return lf_meta_add(m, name, lf_buf_str(text), text->len, known, err);
	return errno != EFBIG ? read_failed(name, err) : lf_err_set(err,
	    "%s is larger than the cap of %u bytes on a file of metadata", name, LF_MAX_META);
}

/* Adds the file that a walk below rootfd has come to. */
static int
add_walked(struct lf_meta *m, const char *root, int rootfd, const char *path, bool *known, struct lf_err *err)
{
	struct lf_buf name, text;
	int fd = -1, rc;

	lf_buf_init(&name);
	lf_buf_init(&text);
	lf_buf_printf(&name, "%s%s%s", root, root[strlen(root) - 1] == '/' ? "" : "/", path);
	if (name.failed)
		rc = lf_err_nomem(err);
	else if ((fd = lf_open_beneath(rootfd, path, 0)) < 0)
		rc = lf_err_sys(err, "cannot open %s", name.data);
	else
		rc = add_open_file(m, name.data, fd, &text, known, err);
	if (fd >= 0)
		close(fd);
	lf_buf_free(&name);
	lf_buf_free(&text);
	return rc;
}

/* Adds every file below an open folder.  *any tells whether one was metadata. */
static int
add_folder(struct lf_meta *m, const char *root, int rootfd, bool *any, struct lf_err *err)
{
	struct lf_walk *w = lf_walk_new(rootfd, err);
	struct lf_walk_entry e;
	bool known = false;
	int rc = w == NULL ? -1 : 1;

	while (rc == 1 && (rc = lf_walk_next(w, &e, err)) == 1) {
		if (e.type == LF_WALK_FILE) {
			if (add_walked(m, root, rootfd, e.path, &known, err) != 0)
				rc = -1;
			*any = *any || known;
		} else if (e.error != 0) {
			errno = e.error;
			rc = lf_err_sys(err, "cannot read %s%s%s", root, e.path_len == 0 ? "" : "/", e.path);
		}
	}
	lf_walk_free(w);
	return rc;
}

/* Whether path is a pipe: who opens one waits for its writer. */
static bool
is_fifo(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISFIFO(st.st_mode);
}

int
lf_meta_load(struct lf_meta *m, const char *path, struct lf_err *err)
{
	struct lf_buf text;
	struct stat st;
	bool known = false;
	int fd, rc = -1;

	fd = open(path, O_RDONLY | O_CLOEXEC | (is_fifo(path) ? 0 : O_NONBLOCK) | O_NOCTTY);
	if (fd < 0 || fstat(fd, &st) != 0) {
		lf_err_sys(err, "cannot open %s", path);
	} else if (S_ISDIR(st.st_mode)) {
		rc = add_folder(m, path, fd, &known, err);
	} else {
		lf_buf_init(&text);
		rc = S_ISFIFO(st.st_mode) ? add_stream(m, path, fd, &text, &known, err) : add_open_file(m, path, fd, &text, &known, err);
		/* A list of nothing is a list: what head-object gave for a bucket without digests. */
		known |= strspn(lf_buf_str(&text), " \t\r\n") == text.len;
		lf_buf_free(&text);
	}
	if (fd >= 0)
		close(fd);
	if (rc == 0 && !known)
		rc = lf_err_set(err, "%s holds no S3 object metadata in a form that is known", path);
	return rc;
}
