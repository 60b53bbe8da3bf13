/* The answer key: what was planted where, and what of it can be read. */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image.h"

/* Begin an item; expect is the best that can be made of it. */
void
item_begin(
    struct image *im, struct item *it, char class, unsigned n, const char *what, const char *expect)
{
	static char names[CLASSES][2];

	memset(it, 0, sizeof(*it));
	if (class >= 'A' && class < 'A' + CLASSES) {
		names[class - 'A'][0] = class;
		it->class = names[class - 'A'];
	} else {
		it->class = class == 'a'   ? "real-A"
			    : class == 'c' ? "real-C"
			    : class == 'e' ? "real-E"
					   : "real-F";
	}
	snprintf(it->id, sizeof(it->id), "%s-%u", it->class, n);
	it->what = what;
	it->expect = expect;
	it->disk = &im->disk;
	it->complete = SIZE_MAX;
}

/* The item is number i of those that belong together. */
void
item_member(struct item *it, unsigned i)
{
	memcpy(it->group, it->id, sizeof(it->group));
	snprintf(it->id, sizeof(it->id), "%.20s.%u", it->group, i);
}

/* The next length bytes of the item, from at on, lie at offset. */
void
item_run(struct item *it, uint64_t offset, uint64_t length, uint64_t at)
{
	if (it->nrun == MAX_RUN)
		errx(2, "%s: too many runs", it->id);
	it->run[it->nrun++] = (struct run){offset, length, at};
}

/* The bytes of the item from at on are lost. */
void
item_hurt(struct item *it, uint64_t at, uint64_t length, const char *kind)
{
	it->hurt = xrealloc(it->hurt, it->nhurt + 1, sizeof(*it->hurt));
	it->hurt[it->nhurt++] = (struct hurt){at, length, kind};
}

/* Append the text of a log to originals.bin, once. */
void
log_keep(struct image *im, struct log *l)
{
	ssize_t w;
	size_t n;

	if (l->kept)
		return;
	l->original = im->kept;
	l->kept = true;
	for (n = 0; n < l->body.len; n += (size_t)w)
		if ((w = write(im->originals, l->body.p + n, l->body.len - n)) <= 0)
			err(2, "originals.bin");
	im->kept += l->body.len;
}

/* Append a record. */
static void
put_record(const struct log *l, size_t i, bool complete, struct buf *b)
{
	static const char *const names[][2] = {
	    {"event_id", "eventID"}, {"event_time", "eventTime"}, {"event_name", "eventName"}};
	char sha[2 * SHA_LEN + 1];
	struct text v;
	unsigned k;

	sha256_hex(l->rec[i].p, l->rec[i].len, sha);
	buf_fmt(b, "%s\n      {", i ? "," : "");
	for (k = 0; k < 3; k++) {
		buf_fmt(b, "\"%s\": ", names[k][0]);
		if (member_of(&l->rec[i], names[k][1], &v))
			buf_fmt(b, "\"%.*s\", ", (int)v.len, v.p);
		else
			buf_str(b, "null, ");
	}
	buf_fmt(b, "\"at\": %zu, \"length\": %zu, \"sha256\": \"%s\", \"complete\": %s}",
	    (size_t)(l->rec[i].p - l->body.p), l->rec[i].len, sha, complete ? "true" : "false");
}

/* Append what is known of the item's log. */
static void
put_log(const struct item *it, struct buf *b)
{
	const struct log *l = it->log;
	size_t i, complete = it->complete < l->nrec ? it->complete : l->nrec;

	buf_fmt(b, ",\n    \"stored\": {\"length\": %zu, \"sha256\": \"%s\"}", l->gz.len, l->gzsha);
	buf_fmt(b, ", \"inflated\": {\"length\": %zu, \"sha256\": \"%s\"}", l->inflated, l->sha);
	buf_str(b, ",\n    \"object\": ");
	buf_json(b, l->object, false);
	buf_str(b, ", \"digest\": ");
	buf_json(b, l->digest, false);
	buf_fmt(b, ", \"original\": {\"offset\": %llu, \"length\": %zu}",
	    (unsigned long long)l->original, l->body.len);
	buf_fmt(b, ",\n    \"complete\": %zu, \"records\": [", complete);
	for (i = 0; i < l->nrec; i++)
		put_record(l, i, i < complete, b);
	buf_chr(b, ']');
}

/* Where a byte of the item lies; UINT64_MAX when it lies nowhere. */
static uint64_t
place_of_byte(const struct item *it, uint64_t at)
{
	unsigned i;

	for (i = 0; i < it->nrun; i++)
		if (at >= it->run[i].at && at - it->run[i].at < it->run[i].length)
			return it->run[i].offset + at - it->run[i].at;
	return UINT64_MAX;
}

/* Append the damage. */
static void
put_hurts(const struct item *it, struct buf *b)
{
	uint64_t offset;
	unsigned i;

	buf_str(b, ",\n    \"damage\": [");
	for (i = 0; i < it->nhurt; i++) {
		offset = place_of_byte(it, it->hurt[i].at);
		buf_fmt(b, "%s{\"kind\": \"%s\", \"at\": %llu, \"length\": %llu", i ? ", " : "",
		    it->hurt[i].kind, (unsigned long long)it->hurt[i].at,
		    (unsigned long long)it->hurt[i].length);
		if (offset != UINT64_MAX)
			buf_fmt(b, ", \"offset\": %llu", (unsigned long long)offset);
		buf_chr(b, '}');
	}
	buf_chr(b, ']');
}

/* Append the item to the key. */
void
item_end(struct image *im, struct item *it)
{
	struct buf *b = &im->items;
	unsigned i;

	buf_fmt(b,
	    "%s\n  {\"id\": \"%s\", \"class\": \"%s\", \"what\": \"%s\", \"expect\": \"%s\", "
	    "\"form\": \"%s\"",
	    b->len ? "," : "", it->id, it->class, it->what, it->expect,
	    it->plain ? "inflated" : "stored");
	buf_fmt(b, ", \"image\": \"%s\"", it->disk->name);
	if (it->group[0] != '\0')
		buf_fmt(b, ", \"group\": \"%s\"", it->group);
	if (it->conflict[0] != '\0')
		buf_fmt(b, ", \"conflict\": \"%s\"", it->conflict);
	if (it->container[0] != '\0')
		buf_fmt(b, ", \"container\": \"%s\"", it->container);
	buf_str(b, ",\n    \"runs\": [");
	for (i = 0; i < it->nrun; i++)
		buf_fmt(b, "%s{\"offset\": %llu, \"length\": %llu, \"at\": %llu}", i ? ", " : "",
		    (unsigned long long)it->run[i].offset, (unsigned long long)it->run[i].length,
		    (unsigned long long)it->run[i].at);
	buf_chr(b, ']');
	put_hurts(it, b);
	if (it->log != NULL)
		put_log(it, b);
	else
		buf_str(b, ",\n    \"complete\": 0, \"records\": []");
	buf_chr(b, '}');
	im->nitems++;
	free(it->hurt);
	it->hurt = NULL;
}

/* Write key.json. */
void
key_write(struct image *im)
{
	struct buf b = {0};
	char *path = xasprintf("%s/key.json", im->g.o.out);
	const struct disk *d = &im->disk;

	buf_fmt(&b,
	    "{\"seed\": %llu, \"image\": \"%s\", \"size\": %llu, \"originals\": "
	    "\"originals.bin\",\n",
	    (unsigned long long)im->g.o.seed, d->name, (unsigned long long)d->size);
	buf_fmt(&b, "\"extents\": {\"random\": %llu, \"text\": %llu, \"zero\": %llu},\n",
	    d->extents[0], d->extents[1], d->extents[2]);
	buf_str(&b, "\"items\": [");
	buf_add(&b, im->items.p, im->items.len);
	buf_str(&b, "],\n\"digests\": [");
	buf_add(&b, im->digests.p, im->digests.len);
	buf_str(&b, "]}\n");
	file_write(path, b.p, b.len);
	buf_free(&b);
	free(path);
}
