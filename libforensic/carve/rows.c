#include "carve/rows.h"

#include <string.h>

#include "base/text.h"
#include "carve/out.h"
#include "carve/work.h"
#include "timeline/sort.h"

struct rows {
	struct lf_carve_result *result;
	struct lf_sorter *sorter;
	struct lf_out rows, events;
	uint64_t id;
};

/* ---- Order: image, start, the longer first, path ---- */

static uint64_t
prefix(const void *item)
{
	const struct lf_work_find *f = item;
	uint64_t block = f->place.start >> 12;

	return (uint64_t)f->place.image << 48 | (block < (UINT64_C(1) << 48) ? block : (UINT64_C(1) << 48) - 1);
}

static int
cmp(const void *a, const void *b)
{
	const struct lf_work_find *x = a, *y = b;

	if (x->place.image != y->place.image)
		return x->place.image < y->place.image ? -1 : 1;
	if (x->place.start != y->place.start)
		return x->place.start < y->place.start ? -1 : 1;
	if (x->length != y->length)
		return x->length > y->length ? -1 : 1;
	return lf_slice_cmp(lf_work_find_path(x), lf_work_find_path(y));
}

/* ---- Rows ---- */

static void
put_string(struct lf_buf *out, const char *name, const char *s, size_t len)
{
	lf_buf_printf(out, ",\"%s\":\"", name);
	lf_text_json(out, s, len);
	lf_buf_putc(out, '"');
}

/* "IMAGE|PATH": which image, and the way to the bytes in it. */
static void
put_path(struct lf_buf *out, const struct lf_carve_result *r, const struct lf_work_find *f)
{
	struct lf_slice path = lf_work_find_path(f);

	lf_buf_puts(out, r->images[f->place.image].name);
	lf_buf_putc(out, '|');
	lf_buf_add(out, path.s, path.len);
}

static void
put_row(struct rows *w, const struct lf_work_find *f, enum lf_carve_state state, const char *digest)
{
	struct lf_slice body = lf_work_find_body(f);
	const char *name = w->result->images[f->place.image].name;
	struct lf_buf *out = &w->rows.buf, path = {0};

	put_path(&path, w->result, f);
	lf_buf_printf(out, "{\"id\":%llu,\"state\":\"%s\",\"kind\":\"%s\"", (unsigned long long)w->id,
	    lf_carve_state_name(state), lf_carve_kind_name((enum lf_carve_kind)f->place.kind));
	put_string(out, "image", name, strlen(name));
	put_string(out, "path", lf_buf_str(&path), path.len);
	lf_buf_printf(out, ",\"offset\":%llu", (unsigned long long)f->place.start);
	lf_buf_add(out, body.s, body.len);
	if (digest != NULL)
		put_string(out, "digest", digest, strlen(digest));
	lf_buf_puts(out, "}\n");
	out->failed |= path.failed;
	lf_buf_free(&path);
}

static void
put_events(struct rows *w, const struct lf_work_find *f)
{
	struct lf_slice ids = lf_work_find_ids(f);

	lf_buf_printf(&w->events.buf, "{\"id\":%llu,\"event_ids\":[", (unsigned long long)w->id);
	lf_buf_add(&w->events.buf, ids.s, ids.len);
	lf_buf_puts(&w->events.buf, "]}\n");
}

static int
add_part(struct rows *w, const struct lf_work_find *f, struct lf_err *err)
{
	struct lf_carve_part *p = lf_list_push(&w->result->parts);
	struct lf_buf path = {0};

	if (p == NULL)
		return lf_err_nomem(err);
	put_path(&path, w->result, f);
	p->path = lf_arena_strndup(&w->result->strings, lf_buf_str(&path), path.len);
	p->account = lf_arena_strndup(&w->result->strings, f->account, strlen(f->account));
	p->region = lf_arena_strndup(&w->result->strings, f->region, strlen(f->region));
	p->first = f->oldest;
	p->last = f->newest;
	lf_buf_free(&path);
	return p->path == NULL || p->account == NULL || p->region == NULL ? lf_err_nomem(err) : 0;
}

static int
write_find(struct rows *w, const struct lf_work_find *f, struct lf_err *err)
{
	enum lf_carve_state state = (enum lf_carve_state)f->place.state;
	const char *digest = NULL;

	if (f->place.complete && f->place.kind != LF_CARVE_LOOSE)
		state = lf_carve_proof_of(&w->result->proof, (enum lf_carve_kind)f->place.kind, state,
		    f->place.inflated_sha256, &digest);
	w->id++;
	w->result->finds[state][f->place.kind]++;
	w->result->bytes[state] += f->inflated;
	put_row(w, f, state, digest);
	put_events(w, f);
	if (lf_out_line(&w->rows, err) < 0 || lf_out_line(&w->events, err) < 0)
		return -1;
	return state == LF_CARVE_PREFIX || state == LF_CARVE_RESYNC ? add_part(w, f, err) : 0;
}

/* ---- The files ---- */

static int
take(void *arg, const void *item, struct lf_err *err)
{
	struct rows *w = arg;

	if (!lf_work_find_holds(item, w->result->n_images))
		return lf_err_set(err, "a work file is not as it was written: begin anew");
	return lf_sorter_add(w->sorter, item, ((const struct lf_work_find *)item)->size, err);
}

static int
write_all(struct rows *w, struct lf_err *err)
{
	const void *item;

	if (lf_sorter_finish(w->sorter, err) < 0)
		return -1;
	for (;;) {
		if (lf_sorter_next(w->sorter, &item, err) < 0)
			return -1;
		if (item == NULL)
			break;
		if (write_find(w, item, err) < 0)
			return -1;
	}
	return lf_out_close(&w->rows, err) < 0 ? -1 : lf_out_close(&w->events, err);
}

int
lf_rows_write(const struct lf_rows_opts *o, struct lf_carve_result *result, struct lf_err *err)
{
	struct rows w = {.result = result};
	int r = -1;

	if (lf_sorter_new((struct lf_sort_order){prefix, cmp}, o->memory, o->fd[0], o->folder, o->jobs, &w.sorter, err) < 0)
		return -1;
	if (lf_out_open(&w.rows, lf_carve_store_folder(o->store), "carve.jsonl", err) == 0 &&
	    lf_out_open(&w.events, lf_carve_store_folder(o->store), "events.jsonl", err) == 0 &&
	    lf_carve_store_each(o->store, false, take, &w, err) == 0)
		r = write_all(&w, err);
	lf_out_drop(&w.rows);
	lf_out_drop(&w.events);
	lf_sorter_free(w.sorter);
	return r;
}
