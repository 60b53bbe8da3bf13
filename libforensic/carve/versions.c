#include "carve/versions.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "base/utc.h"

/* A place, whose path stands in paths. */
struct place {
	enum lf_carve_state state;
	uint32_t image, index;
	uint64_t start;
	size_t path, len;
};

struct lf_carve_versions {
	bool open, fragment;  /* fragment: the one at hand is incomplete */
	uint64_t count;
	char id[64];
	unsigned char sha256[LF_SHA256_LEN];
	int64_t time;
	struct lf_buf json, paths, line;
	struct place *places;
	size_t n, cap;
};

struct lf_carve_versions *
lf_carve_versions_new(void)
{
	return calloc(1, sizeof(struct lf_carve_versions));
}

void
lf_carve_versions_free(struct lf_carve_versions *v)
{
	if (v == NULL)
		return;
	lf_buf_free(&v->json);
	lf_buf_free(&v->paths);
	lf_buf_free(&v->line);
	free(v->places);
	free(v);
}

static bool
is_fragment(const struct lf_work_record *r)
{
	return r->place.state == LF_CARVE_FRAGMENT;
}

enum lf_carve_versions_step
lf_carve_versions_step(const struct lf_carve_versions *v, const struct lf_work_record *r)
{
	bool same = memcmp(v->sha256, r->sha256, sizeof(v->sha256)) == 0;

	if (!v->open)
		return LF_VERSIONS_PLACE;
	if (memcmp(v->id, r->id, sizeof(v->id)) != 0 || (v->id[0] == '\0' && !same))
		return LF_VERSIONS_ID;
	/* Incomplete ones come last, and are places of what is complete; without that, one of them. */
	return same || is_fragment(r) ? LF_VERSIONS_PLACE : LF_VERSIONS_VERSION;
}

/* The state that a place has by the whole log that it is in. */
static enum lf_carve_state
state_of(const struct lf_work_record *r, struct lf_carve_proof *proof)
{
	enum lf_carve_state was = (enum lf_carve_state)r->place.state;

	if (!r->place.complete || r->place.kind == LF_CARVE_LOOSE)
		return was;
	return lf_carve_proof_of(proof, (enum lf_carve_kind)r->place.kind, was, r->place.inflated_sha256, NULL);
}

static struct place *
push_place(struct lf_carve_versions *v)
{
	struct place *places = lf_array_more(v->places, v->n, &v->cap, sizeof(*places));

	if (places == NULL)
		return NULL;
	v->places = places;
	return &v->places[v->n++];
}

/* Begins a version with the item's record. */
static void
begin(struct lf_carve_versions *v, const struct lf_work_record *r, bool same_id)
{
	struct lf_slice json = lf_work_record_json(r);

	v->count = (same_id ? v->count : 0) + !is_fragment(r);
	v->fragment = is_fragment(r);
	v->open = true;
	v->time = r->time;
	memcpy(v->id, r->id, sizeof(v->id));
	memcpy(v->sha256, r->sha256, sizeof(v->sha256));
	lf_buf_reset(&v->json);
	lf_buf_add(&v->json, json.s, json.len);
	lf_buf_reset(&v->paths);
	v->n = 0;
}

int
lf_carve_versions_take(struct lf_carve_versions *v, const struct lf_work_record *r, struct lf_carve_proof *proof)
{
	struct lf_slice path = lf_work_record_path(r), json = lf_work_record_json(r);
	enum lf_carve_versions_step step = lf_carve_versions_step(v, r);
	struct place *p;

	if (!v->open || step != LF_VERSIONS_PLACE) {
		begin(v, r, v->open && step == LF_VERSIONS_VERSION);
	} else if (v->fragment && json.len > v->json.len) {
		/* Of incomplete ones the line holds the one of which most is known. */
		lf_buf_reset(&v->json);
		lf_buf_add(&v->json, json.s, json.len);
		if (r->time != LF_TIME_NONE)
			v->time = r->time;
	}
	p = push_place(v);
	if (p == NULL)
		return -1;
	*p = (struct place){state_of(r, proof), r->place.image, r->index, r->place.start, v->paths.len, path.len};
	lf_buf_add(&v->paths, path.s, path.len);
	return v->json.failed || v->paths.failed ? -1 : 0;
}

bool
lf_carve_versions_open(const struct lf_carve_versions *v)
{
	return v->open;
}

const char *
lf_carve_versions_id(const struct lf_carve_versions *v)
{
	return v->id;
}

const unsigned char *
lf_carve_versions_sha256(const struct lf_carve_versions *v)
{
	return v->sha256;
}

int64_t
lf_carve_versions_time(const struct lf_carve_versions *v)
{
	return v->time;
}

uint64_t
lf_carve_versions_count(const struct lf_carve_versions *v)
{
	return v->count;
}

void
lf_carve_versions_reset(struct lf_carve_versions *v)
{
	v->open = false;
	v->n = 0;
	v->count = 0;
}

/* ---- The line ---- */

/* The surest first, then by where they lie. */
static int
by_state(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->state != y->state)
		return x->state < y->state ? -1 : 1;
	if (x->image != y->image)
		return x->image < y->image ? -1 : 1;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	/* Paths were added in their order. */
	return x->path != y->path ? (x->path < y->path ? -1 : 1) : (x->index > y->index) - (x->index < y->index);
}

static void
put_place(struct lf_carve_versions *v, const struct place *p, const struct lf_carve_result *r)
{
	const char *image = r->images[p->image].name;

	lf_buf_printf(&v->line, "{\"state\":\"%s\",\"image\":\"", lf_carve_state_name(p->state));
	lf_text_json(&v->line, image, strlen(image));
	lf_buf_printf(&v->line, "\",\"path\":\"");
	lf_text_json(&v->line, image, strlen(image));
	lf_buf_putc(&v->line, '|');
	lf_buf_add(&v->line, v->paths.data + p->path, p->len);
	lf_buf_printf(&v->line, "\",\"offset\":%llu,\"index\":%u}", (unsigned long long)p->start, p->index);
}

static void
count(const struct lf_carve_versions *v, struct lf_carve_result *r)
{
	if (v->fragment) {
		r->incomplete++;
		return;
	}
	r->records++;
	r->places += v->n;
	if (v->time == LF_TIME_NONE)
		return;
	if (r->first == LF_TIME_NONE || v->time < r->first)
		r->first = v->time;
	if (r->last == LF_TIME_NONE || v->time > r->last)
		r->last = v->time;
}

struct lf_buf *
lf_carve_versions_line(struct lf_carve_versions *v, struct lf_carve_result *result)
{
	char time[LF_UTC_LEN];

	count(v, result);
	if (v->n > 1)
		qsort(v->places, v->n, sizeof(*v->places), by_state);
	lf_buf_reset(&v->line);
	if (v->id[0] == '\0') {
		lf_buf_puts(&v->line, "{\"event_id\":null");
	} else {
		lf_buf_puts(&v->line, "{\"event_id\":\"");
		lf_text_json(&v->line, v->id, strnlen(v->id, sizeof(v->id)));
		lf_buf_putc(&v->line, '"');
	}
	if (v->time == LF_TIME_NONE)
		lf_buf_puts(&v->line, ",\"event_time\":null");
	else
		lf_buf_printf(&v->line, ",\"event_time\":\"%s\"", lf_utc_format(v->time, time));
	lf_buf_printf(&v->line, ",\"state\":\"%s\",\"locations\":[",
	    lf_carve_state_name(v->n == 0 ? LF_CARVE_FRAGMENT : v->places[0].state));
	for (size_t i = 0; i < v->n; i++) {
		lf_buf_puts(&v->line, i == 0 ? "" : ",");
		put_place(v, &v->places[i], result);
	}
	lf_buf_puts(&v->line, "],\"record\":");
	lf_buf_add(&v->line, v->json.data, v->json.len);
	lf_buf_putc(&v->line, '}');
	return v->line.failed ? NULL : &v->line;
}
