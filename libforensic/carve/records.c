#include "carve/records.h"

#include <stdlib.h>
#include <string.h>

#include "carve/out.h"
#include "carve/versions.h"
#include "carve/work.h"
#include "record/canonical.h"
#include "timeline/sort.h"

/* A line of records.jsonl, to be sorted by time. */
struct line {
	uint32_t size, len;
	int64_t time;
	unsigned char sha256[LF_SHA256_LEN];
	char id[64];
};

struct records {
	const struct lf_rows_opts *o;
	struct lf_carve_result *result;
	struct lf_sorter *raw;     /* struct lf_work_record, by id and bytes */
	struct lf_sorter *values;  /* of ids that have records of different bytes: by id and value */
	struct lf_sorter *lines;   /* struct line */
	struct lf_canonical *canonical;
	struct lf_carve_versions *versions;
	struct lf_buf item;
	unsigned char *mixed;      /* a bit for each id, in order: has records of different bytes */
	size_t n_mixed, room_mixed;
};

/* ---- Orders ---- */

static uint64_t
big_endian(const void *bytes)
{
	const unsigned char *p = bytes;
	uint64_t n = 0;

	for (size_t i = 0; i < 8; i++)
		n = n << 8 | p[i];
	return n;
}

static uint64_t
record_prefix(const void *item)
{
	return big_endian(((const struct lf_work_record *)item)->id);
}

static int
record_cmp(const void *a, const void *b)
{
	const struct lf_work_record *x = a, *y = b;
	int d = memcmp(x->id, y->id, sizeof(x->id));

	if (d == 0)
		d = (x->place.state == LF_CARVE_FRAGMENT) - (y->place.state == LF_CARVE_FRAGMENT);
	if (d == 0)
		d = memcmp(x->sha256, y->sha256, sizeof(x->sha256));
	if (d == 0 && x->place.image != y->place.image)
		d = x->place.image < y->place.image ? -1 : 1;
	if (d == 0 && x->place.start != y->place.start)
		d = x->place.start < y->place.start ? -1 : 1;
	if (d == 0)
		d = lf_slice_cmp(lf_work_record_path(x), lf_work_record_path(y));
	if (d == 0 && x->index != y->index)
		d = x->index < y->index ? -1 : 1;
	return d;
}

static uint64_t
line_prefix(const void *item)
{
	/* What has no time comes last. */
	int64_t t = ((const struct line *)item)->time;

	return t == LF_TIME_NONE ? UINT64_MAX : (uint64_t)t ^ UINT64_C(1) << 63;
}

static int
line_cmp(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	uint64_t p = line_prefix(x), q = line_prefix(y);
	int d = (p > q) - (p < q);

	if (d == 0)
		d = memcmp(x->id, y->id, sizeof(x->id));
	if (d == 0)
		d = memcmp(x->sha256, y->sha256, sizeof(x->sha256));
	if (d == 0)
		d = lf_slice_cmp((struct lf_slice){(const char *)(x + 1), x->len}, (struct lf_slice){(const char *)(y + 1), y->len});
	return d;
}

/* ---- Which ids have records of different bytes ---- */

static bool
is_fragment(const struct lf_work_record *r)
{
	return r->place.state == LF_CARVE_FRAGMENT;
}

static int
push_mixed(struct records *r, bool mixed, struct lf_err *err)
{
	if (r->n_mixed / 8 == r->room_mixed) {
		size_t room = r->room_mixed == 0 ? 4096 : r->room_mixed * 2;
		unsigned char *more = realloc(r->mixed, room);

		if (more == NULL)
			return lf_err_nomem(err);
		memset(more + r->room_mixed, 0, room - r->room_mixed);
		r->mixed = more;
		r->room_mixed = room;
	}
	r->mixed[r->n_mixed / 8] |= (unsigned char)((unsigned)mixed << (r->n_mixed % 8));
	r->n_mixed++;
	return 0;
}

/* A record without an eventID is an id of its own. */
static bool
same_id(const char *id, const unsigned char *sha256, const struct lf_work_record *r)
{
	return memcmp(id, r->id, sizeof(r->id)) == 0 && (id[0] != '\0' || memcmp(sha256, r->sha256, sizeof(r->sha256)) == 0);
}

static int
mark_mixed(struct records *r, struct lf_err *err)
{
	unsigned char sha256[LF_SHA256_LEN];
	char id[64];
	bool any = false, mixed = false;
	const void *item;

	for (;;) {
		const struct lf_work_record *w;

		if (lf_sorter_next(r->raw, &item, err) < 0)
			return -1;
		w = item;
		if (w != NULL && any && same_id(id, sha256, w)) {
			mixed |= !is_fragment(w) && memcmp(sha256, w->sha256, sizeof(sha256)) != 0;
			continue;
		}
		if (any && push_mixed(r, mixed, err) < 0)
			return -1;
		if (w == NULL)
			return 0;
		memcpy(id, w->id, sizeof(id));
		memcpy(sha256, w->sha256, sizeof(sha256));
		any = true;
		mixed = false;
	}
}

/* ---- Lines ---- */

/* Puts the version at hand to the lines. */
static int
end_version(struct records *r, struct lf_err *err)
{
	struct line l = {.time = lf_carve_versions_time(r->versions)};
	struct lf_buf *json = lf_carve_versions_line(r->versions, r->result);

	if (json == NULL || json->failed)
		return lf_err_nomem(err);
	memcpy(l.sha256, lf_carve_versions_sha256(r->versions), sizeof(l.sha256));
	memcpy(l.id, lf_carve_versions_id(r->versions), sizeof(l.id));
	l.len = (uint32_t)json->len;
	l.size = (uint32_t)((sizeof(l) + json->len + 7) / 8 * 8);
	lf_buf_reset(&r->item);
	lf_buf_add(&r->item, &l, sizeof(l));
	lf_buf_add(&r->item, json->data, json->len);
	lf_buf_add(&r->item, "\0\0\0\0\0\0\0", l.size - r->item.len);
	if (r->item.failed)
		return lf_err_nomem(err);
	return lf_sorter_add(r->lines, r->item.data, l.size, err);
}

static int
end_id(struct records *r, struct lf_err *err)
{
	uint64_t versions = lf_carve_versions_count(r->versions);
	struct lf_carve_conflict *c;

	if (versions < 2)
		return 0;
	c = lf_list_push(&r->result->conflicts);
	if (c == NULL)
		return lf_err_nomem(err);
	c->versions = versions;
	c->event_id = lf_arena_strndup(&r->result->strings, lf_carve_versions_id(r->versions),
	    strlen(lf_carve_versions_id(r->versions)));
	return c->event_id == NULL ? lf_err_nomem(err) : 0;
}

/* Adds a place; what it ends goes to the lines. */
static int
take_record(struct records *r, const struct lf_work_record *w, struct lf_err *err)
{
	enum lf_carve_versions_step step = lf_carve_versions_step(r->versions, w);

	if (step != LF_VERSIONS_PLACE && end_version(r, err) < 0)
		return -1;
	if (step == LF_VERSIONS_ID && end_id(r, err) < 0)
		return -1;
	return lf_carve_versions_take(r->versions, w, &r->result->proof) < 0 ? lf_err_nomem(err) : 0;
}

static int
end_records(struct records *r, struct lf_err *err)
{
	if (!lf_carve_versions_open(r->versions))
		return 0;
	if (end_version(r, err) < 0 || end_id(r, err) < 0)
		return -1;
	lf_carve_versions_reset(r->versions);
	return 0;
}

/* The record with the hash of its value, to be sorted among those of its id. */
static int
push_value(struct records *r, const struct lf_work_record *w, struct lf_err *err)
{
	unsigned char sha256[LF_SHA256_LEN];

	if (!is_fragment(w) && lf_canonical_hash(r->canonical, lf_work_record_json(w), sha256) < 0)
		return lf_err_nomem(err);
	lf_buf_reset(&r->item);
	lf_buf_add(&r->item, w, w->size);
	if (r->item.failed)
		return lf_err_nomem(err);
	if (!is_fragment(w))
		memcpy(((struct lf_work_record *)(void *)r->item.data)->sha256, sha256, sizeof(sha256));
	return lf_sorter_add(r->values, r->item.data, w->size, err);
}

/* All records: those whose bytes are the same for an id at once, the others to be sorted by value. */
static int
write_simple(struct records *r, struct lf_err *err)
{
	unsigned char sha256[LF_SHA256_LEN];
	char id[64];
	size_t n = 0;
	const void *item;

	for (;;) {
		const struct lf_work_record *w;

		if (lf_sorter_next(r->raw, &item, err) < 0)
			return -1;
		if ((w = item) == NULL)
			return end_records(r, err);
		if (n == 0 || !same_id(id, sha256, w))
			n++;
		memcpy(id, w->id, sizeof(id));
		memcpy(sha256, w->sha256, sizeof(sha256));
		if ((r->mixed[(n - 1) / 8] >> ((n - 1) % 8) & 1 ? push_value(r, w, err) : take_record(r, w, err)) < 0)
			return -1;
	}
}

static int
write_mixed(struct records *r, struct lf_err *err)
{
	const void *item;

	if (lf_sorter_finish(r->values, err) < 0)
		return -1;
	for (;;) {
		if (lf_sorter_next(r->values, &item, err) < 0)
			return -1;
		if (item == NULL)
			return end_records(r, err);
		if (take_record(r, item, err) < 0)
			return -1;
	}
}

static int
write_lines(struct records *r, struct lf_err *err)
{
	struct lf_out out = {0};
	const void *item = NULL;
	int result = lf_out_open(&out, lf_carve_store_folder(r->o->store), "records.jsonl", err);

	if (result == 0)
		result = lf_sorter_finish(r->lines, err);
	while (result == 0 && (result = lf_sorter_next(r->lines, &item, err)) == 0 && item != NULL) {
		const struct line *l = item;

		lf_buf_add(&out.buf, l + 1, l->len);
		lf_buf_putc(&out.buf, '\n');
		result = lf_out_line(&out, err);
	}
	if (result == 0)
		result = lf_out_close(&out, err);
	lf_out_drop(&out);
	return result;
}

/* ---- All of it ---- */

static int
take(void *arg, const void *item, struct lf_err *err)
{
	struct records *r = arg;

	if (!lf_work_record_holds(item, r->result->n_images))
		return lf_err_set(err, "a work file is not as it was written: begin anew");
	return lf_sorter_add(r->raw, item, ((const struct lf_work_record *)item)->size, err);
}

static int
make_sorter(const struct records *r, struct lf_sort_order order, size_t file, struct lf_sorter **out,
    struct lf_err *err)
{
	return lf_sorter_new(order, r->o->memory / 3, r->o->fd[file], r->o->folder, r->o->jobs, out, err);
}

/* All of them, so that each file has somebody who closes it. */
static int
make_sorters(struct records *r, struct lf_err *err)
{
	const struct lf_sort_order by_record = {record_prefix, record_cmp}, by_line = {line_prefix, line_cmp};
	int raw = make_sorter(r, by_record, 1, &r->raw, err), values = make_sorter(r, by_record, 2, &r->values, err);
	int lines = make_sorter(r, by_line, 3, &r->lines, err);

	return raw < 0 || values < 0 || lines < 0 ? -1 : 0;
}

static int
run(struct records *r, struct lf_err *err)
{
	if (make_sorters(r, err) < 0 || (r->canonical = lf_canonical_new(err)) == NULL)
		return -1;
	if ((r->versions = lf_carve_versions_new()) == NULL)
		return lf_err_nomem(err);
	if (lf_carve_store_each(r->o->store, true, take, r, err) < 0 ||
	    lf_sorter_finish(r->raw, err) < 0 || mark_mixed(r, err) < 0 || lf_sorter_rewind(r->raw, err) < 0)
		return -1;
	if (write_simple(r, err) < 0 || write_mixed(r, err) < 0)
		return -1;
	return write_lines(r, err);
}

int
lf_records_write(const struct lf_rows_opts *o, struct lf_carve_result *result, struct lf_err *err)
{
	struct records r = {.o = o, .result = result};
	int rc = run(&r, err);

	lf_sorter_free(r.raw);
	lf_sorter_free(r.values);
	lf_sorter_free(r.lines);
	lf_canonical_free(r.canonical);
	lf_carve_versions_free(r.versions);
	lf_buf_free(&r.item);
	free(r.mixed);
	return rc;
}
