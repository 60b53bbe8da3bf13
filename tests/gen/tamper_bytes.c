/* Tampering with an object's bytes or place: which=log (default) or which=digest. */
#include <sys/stat.h>

#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gen.h"

struct object {
	struct target t;
	unsigned bucket;
	char *key, *path;
	struct buf z; /* as stored */
};

/* Select an object and read its bytes. */
static void
object_load(struct gen *g, const struct args *a, struct object *o)
{
	memset(o, 0, sizeof(*o));
	o->key = target_object(g, a, &o->t, &o->bucket);
	o->path = file_object(g, o->bucket, o->key);
	if (!file_read(o->path, &o->z))
		errx(2, "--tamper %s: %s is gone", a->spec, o->path);
}

/* Free an object. */
static void
object_free(struct object *o)
{
	buf_free(&o->z);
	free(o->key);
	free(o->path);
}

/* Write its bytes back. */
static void
object_store(struct gen *g, const struct args *a, struct object *o)
{
	file_write(o->path, o->z.p, o->z.len);
	fact(&a->deed->changed, g, o->bucket, o->key);
	object_free(o);
}

/* Read its text. */
static void
object_text(const struct args *a, const struct object *o, struct buf *b)
{
	if (!gz_unpack(b, o->z.p, o->z.len))
		errx(2, "--tamper %s: %s is damaged", a->spec, o->path);
}

/* Something after the member. */
static void
trailing(struct gen *g, const struct args *a)
{
	const char *what = arg(a, "what", "member"),
		   *member =
		       "{\"Records\":[{\"eventVersion\":\"1.08\",\"eventName\":\"Smuggled\"}]}";
	struct object o;

	object_load(g, a, &o);
	if (strcmp(what, "member") == 0)
		gz_pack(g, &o.z, member, strlen(member));
	else if (strcmp(what, "zeros") == 0)
		buf_add(&o.z, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	else
		buf_str(&o.z, "garbage after the stream");
	object_store(g, a, &o);
}

/* The same with which=digest by default. */
static void
trailing_digest(struct gen *g, const struct args *a)
{
	struct args b = *a;
	char which[] = "which", digest[] = "digest";

	if (b.n == 16)
		errx(2, "--tamper %s: too many arguments", a->spec);
	b.k[b.n] = which;
	b.v[b.n++] = digest;
	trailing(g, &b);
}

/* The last n bytes are gone. */
static void
cut_trailer(struct gen *g, const struct args *a)
{
	unsigned n = arg_num(a, "n", 8);
	struct object o;

	object_load(g, a, &o);
	o.z.len -= n < o.z.len ? n : o.z.len;
	object_store(g, a, &o);
}

/* Half of the file is gone. */
static void
truncate_object(struct gen *g, const struct args *a)
{
	struct object o;

	object_load(g, a, &o);
	o.z.len = arg_num(a, "keep", (unsigned)o.z.len / 2);
	object_store(g, a, &o);
}

/* A wrong CRC. */
static void
bad_crc(struct gen *g, const struct args *a)
{
	struct object o;

	object_load(g, a, &o);
	o.z.p[o.z.len - 8] ^= 0x5a;
	object_store(g, a, &o);
}

/* A header with a comment, an extra field or a name. */
static void
extra_header(struct gen *g, const struct args *a)
{
	const char *what = arg(a, "what", "comment");
	struct buf z = {0};
	struct object o;
	char flag = 16;

	object_load(g, a, &o);
	if (strcmp(what, "extra") == 0)
		flag = 4;
	else if (strcmp(what, "name") == 0)
		flag = 8;
	buf_add(&z, o.z.p, 10);
	z.p[3] = flag;
	if (flag == 4)
		buf_add(&z, "\x0e\0hd\x0a\0stowedaway", 16);
	else
		buf_add(&z, flag == 8 ? "log.json\0" : "hidden comment\0", flag == 8 ? 9 : 15);
	buf_add(&z, o.z.p + 10, o.z.len - 10);
	buf_free(&o.z);
	o.z = z;
	object_store(g, a, &o);
}

/* Compressed again by zlib at another level. */
static void
recompress(struct gen *g, const struct args *a)
{
	struct buf b = {0};
	struct object o;

	object_load(g, a, &o);
	object_text(a, &o, &b);
	o.z.len = 0;
	gz_pack_zlib(&o.z, b.p, b.len, (int)arg_num(a, "level", 1));
	buf_free(&b);
	object_store(g, a, &o);
}

/* A gzip header and no stream behind it. */
static void
bad_gzip(struct gen *g, const struct args *a)
{
	struct object o;

	object_load(g, a, &o);
	o.z.len = 10;
	buf_str(&o.z, "\xff\xff\xff this is no DEFLATE stream");
	object_store(g, a, &o);
}

/* Text that is no JSON, well compressed. */
static void
bad_json(struct gen *g, const struct args *a)
{
	struct buf b = {0};
	struct object o;

	object_load(g, a, &o);
	object_text(a, &o, &b);
	b.len = b.len / 2;
	o.z.len = 0;
	gz_pack(g, &o.z, b.p, b.len);
	buf_free(&b);
	object_store(g, a, &o);
}

/* The text in n members instead of one. */
static void
split_members(struct gen *g, const struct args *a)
{
	unsigned i, n = arg_num(a, "n", 2);
	struct buf b = {0};
	struct object o;
	size_t from, to;

	object_load(g, a, &o);
	object_text(a, &o, &b);
	o.z.len = 0;
	for (i = 0; i < n; i++) {
		from = b.len * i / n;
		to = b.len * (i + 1) / n;
		gz_pack(g, &o.z, b.p + from, to - from);
	}
	buf_free(&b);
	object_store(g, a, &o);
}

/* Inflate one file in place, whatever it is. */
static void
inflate_file(const char *path, void *arg_)
{
	struct buf z = {0}, b = {0};

	(void)arg_;
	if (file_read(path, &z) && gz_unpack(&b, z.p, z.len))
		file_write(path, b.p, b.len);
	buf_free(&z);
	buf_free(&b);
}

/* Move the object to another key and remember it if it is a digest. */
static void
object_move(struct gen *g, const struct args *a, struct object *o, char *key)
{
	char *to = file_object(g, o->bucket, key);

	file_move(o->path, to);
	fact(&a->deed->removed, g, o->bucket, o->key);
	fact(&a->deed->added, g, o->bucket, key);
	if (strcmp(arg(a, "which", "log"), "digest") == 0)
		o->t.d->where = key;
	else
		free(key);
	free(to);
}

/* Plain JSON under the compressed name (or name=json: under a name without .gz). */
static void
stored_inflated(struct gen *g, const struct args *a)
{
	struct object o;
	char *root;

	if (arg_num(a, "all", 0)) {
		root = xasprintf("%s/bucket", g->o.out);
		file_walk(root, inflate_file, NULL);
		free(root);
		return;
	}
	object_load(g, a, &o);
	inflate_file(o.path, NULL);
	if (strcmp(arg(a, "name", "gz"), "json") == 0) {
		char *key = xstrdup(o.key);

		key[strlen(key) - 3] = '\0';
		object_move(g, a, &o, key);
	} else {
		fact(&a->deed->changed, g, o.bucket, o.key);
	}
	object_free(&o);
}

/* Same name, other folder. */
static void
relocate(struct gen *g, const struct args *a)
{
	struct object o;

	object_load(g, a, &o);
	object_move(
	    g, a, &o, xasprintf("%s/%s", arg(a, "to", "moved/away"), strrchr(o.key, '/') + 1));
	object_free(&o);
}

/* Same folder, other name. */
static void
rename_object(struct gen *g, const struct args *a)
{
	struct object o;

	object_load(g, a, &o);
	object_move(g, a, &o,
	    xasprintf("%.*s/%s", (int)(strrchr(o.key, '/') - o.key), o.key,
		arg(a, "to", "renamed.json.gz")));
	object_free(&o);
}

/* Mode 0. */
static void
unreadable(struct gen *g, const struct args *a)
{
	struct object o;

	object_load(g, a, &o);
	if (chmod(o.path, 0) == -1)
		err(2, "%s", o.path);
	fact(&a->deed->changed, g, o.bucket, o.key);
	object_free(&o);
}

/* A link to itself moved aside, instead of the file. */
static void
symlinked(struct gen *g, const struct args *a)
{
	struct object o;
	char *aside, *full;

	object_load(g, a, &o);
	aside = xasprintf("%s/aside/%s", g->o.out, strrchr(o.key, '/') + 1);
	file_move(o.path, aside);
	if ((full = realpath(aside, NULL)) == NULL || symlink(full, o.path) == -1)
		err(2, "%s", o.path);
	fact(&a->deed->changed, g, o.bucket, o.key);
	free(aside);
	free(full);
	object_free(&o);
}

const struct tamper tamper_bytes[] = {
    {"trailing-log", NULL, trailing,
	"[h,l,what=member|garbage|zeros] bytes or a second member after a log"},
    {"trailing-digest", NULL, trailing_digest, "[h,what] the same after a digest"},
    {"cut-trailer", NULL, cut_trailer, "[W,n=8] the last n bytes cut off"},
    {"truncate", NULL, truncate_object, "[W,keep=half] only the first bytes left"},
    {"bad-crc", NULL, bad_crc, "[W] a wrong CRC in the trailer"},
    {"extra-header", NULL, extra_header,
	"[W,what=comment|extra|name] gzip header with FCOMMENT, FEXTRA or FNAME"},
    {"recompress", NULL, recompress, "[W,level=1] compressed again, same text"},
    {"bad-gzip", NULL, bad_gzip, "[W] no DEFLATE stream behind the header"},
    {"bad-json", NULL, bad_json, "[W] half of the text, well compressed"},
    {"split-members", NULL, split_members, "[W,n=2] the same text in n gzip members"},
    {"stored-inflated", NULL, stored_inflated,
	"[W,name=gz|json,all=0] plain JSON under the .json.gz (or .json) name; all=1: every file"},
    {"relocate", NULL, relocate, "[W,to=moved/away] same name, other folder"},
    {"rename", NULL, rename_object, "[W,to=renamed.json.gz] same folder, other name"},
    {"unreadable", NULL, unreadable, "[W] mode 000"},
    {"symlink", NULL, symlinked, "[W] moved to DIR/aside, a symbolic link in its place"}, {0}};
