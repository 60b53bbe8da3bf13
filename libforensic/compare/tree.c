#include "compare/tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/content.h"
#include "record/scan.h"

/* A container that is being read. */
struct level {
	uint32_t node;
	uint32_t index; /* of the next element */
	uint64_t alive; /* of the paths to ignore */
};

struct reading {
	struct lf_tree *v;
	const struct lf_seed *seed;
	const struct lf_ignore *ignore;
	struct lf_scan scan;
	struct level levels[LF_MAX_JSON_DEPTH + 1];
	size_t depth; /* of levels */
};

/* What a container's hash is made of. */
struct part {
	uint64_t place, hash, order;
};

void
lf_tree_init(struct lf_tree *v)
{
	memset(v, 0, sizeof(*v));
	lf_buf_init(&v->nodes);
	lf_buf_init(&v->scratch);
}

void
lf_tree_free(struct lf_tree *v)
{
	lf_buf_free(&v->nodes);
	lf_buf_free(&v->scratch);
}

static uint32_t
count(const struct lf_tree *v)
{
	return (uint32_t)(v->nodes.len / sizeof(struct lf_tree_node));
}

static struct lf_tree_node *
node(struct lf_tree *v, uint32_t i)
{
	return (struct lf_tree_node *)(void *)v->nodes.data + i;
}

/* ---- Hashes ---- */

static int
part_cmp(const void *x, const void *y)
{
	const struct part *a = x, *b = y;

	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	return (a->order > b->order) - (a->order < b->order);
}

/* The hash of a container whose parts are all read. */
static uint64_t
container_hash(struct reading *r, uint32_t at)
{
	struct lf_tree *v = r->v;
	uint32_t end = count(v), type = node(v, at)->type;
	struct part *parts;
	size_t n;

	lf_buf_reset(&v->scratch);
	for (uint32_t i = at + 1; i < end; i = node(v, i)->next) {
		struct part p = {node(v, i)->place, node(v, i)->hash, i};

		lf_buf_add(&v->scratch, &p, sizeof(p));
	}
	if (v->scratch.failed)
		return 0;
	parts = (struct part *)(void *)v->scratch.data;
	n = v->scratch.len / sizeof(*parts);
	if (type == LF_TREE_OBJECT && n > 1)
		qsort(parts, n, sizeof(*parts), part_cmp);
	for (size_t i = 0; i < n; i++)
		parts[i].order = 0;
	return lf_seed_mix(r->seed, type, lf_seed_hash(r->seed, lf_buf_str(&v->scratch), v->scratch.len));
}

static uint64_t
scalar_hash(struct reading *r, enum lf_token token)
{
	const struct lf_scan *s = &r->scan;
	const char *from = s->text + s->at;

	if (token == LF_TOKEN_NUMBER)
		return lf_tree_number(r->seed, (struct lf_slice){s->s, s->len}, &r->v->scratch);
	return lf_content_hash(r->seed, (struct lf_slice){from, (size_t)(s->p - from)},
	    s->escaped && token == LF_TOKEN_STRING);
}

/* ---- Nodes ---- */

static void
push_node(struct reading *r, struct lf_slice name, uint64_t place)
{
	const char *base = r->v->json.s;
	struct lf_tree_node n = {.name = name.s == NULL ? 0 : (uint32_t)(name.s - base), .name_len = (uint32_t)name.len,
	    .place = place};

	n.at = (uint32_t)(r->scan.text + r->scan.at - base);
	lf_buf_add(&r->v->nodes, &n, sizeof(n));
}

/* All that is inside the node is read. */
static void
close_node(struct reading *r, uint32_t at)
{
	struct lf_tree_node *n = node(r->v, at);

	n->len = (uint32_t)(r->scan.p - r->v->json.s) - n->at;
	n->next = count(r->v);
}

/* The value whose first token was just read. */
static bool
take_value(struct reading *r, enum lf_token token, struct lf_slice name, uint64_t place, uint64_t alive)
{
	uint32_t at = count(r->v);

	if ((token != LF_TOKEN_OBJECT && token != LF_TOKEN_ARRAY && token < LF_TOKEN_STRING) || at == LF_TREE_NODES)
		return false;
	push_node(r, name, place);
	if (r->v->nodes.failed)
		return false;
	if (token == LF_TOKEN_OBJECT || token == LF_TOKEN_ARRAY) {
		node(r->v, at)->type = token == LF_TOKEN_OBJECT ? LF_TREE_OBJECT : LF_TREE_ARRAY;
		r->levels[r->depth++] = (struct level){at, 0, alive};
		return true;
	}
	node(r->v, at)->hash = scalar_hash(r, token);
	close_node(r, at);
	return !r->v->scratch.failed;
}

/* Whether what a step leads to is left out; *alive are the paths that go on there. */
static bool
ignored(struct reading *r, struct lf_slice step, bool escaped, uint64_t *alive)
{
	bool out = false;

	if (*alive == 0)
		return false;
	if (escaped) {
		lf_buf_reset(&r->v->scratch);
		lf_scan_unescape(step.s, step.len, &r->v->scratch);
		step = (struct lf_slice){lf_buf_str(&r->v->scratch), r->v->scratch.len};
	}
	*alive = lf_ignore_step(r->ignore, *alive, r->depth - 1, step, &out);
	return out;
}

static bool
take_member(struct reading *r)
{
	struct lf_slice name = {r->scan.s, r->scan.len};
	uint64_t alive = r->levels[r->depth - 1].alive;
	uint64_t place = lf_content_hash(r->seed, (struct lf_slice){name.s - 1, name.len + 2}, r->scan.escaped);
	bool out = ignored(r, name, r->scan.escaped, &alive);
	enum lf_token token = lf_scan_next(&r->scan);

	return out ? lf_scan_skip(&r->scan, token) : take_value(r, token, name, place, alive);
}

static bool
take_element(struct reading *r, enum lf_token token)
{
	struct level *l = &r->levels[r->depth - 1];
	uint64_t alive = l->alive;
	uint32_t index = l->index++;
	char text[16];
	int len;

	if (alive != 0) {
		len = snprintf(text, sizeof(text), "%u", index);
		if (ignored(r, (struct lf_slice){text, (size_t)len}, false, &alive))
			return lf_scan_skip(&r->scan, token);
	}
	return take_value(r, token, (struct lf_slice){NULL, 0}, index, alive);
}

/* One token further; false when the text is broken or memory is out. */
static bool
step(struct reading *r)
{
	uint32_t at = r->levels[r->depth - 1].node;
	enum lf_token token = lf_scan_next(&r->scan);

	switch (token) {
	case LF_TOKEN_OBJECT_END:
	case LF_TOKEN_ARRAY_END:
		node(r->v, at)->hash = container_hash(r, at);
		close_node(r, at);
		r->depth--;
		return !r->v->scratch.failed;
	case LF_TOKEN_KEY:
		return take_member(r);
	default:
		return take_element(r, token);
	}
}

/* All of the text as one node that holds nothing. */
static void
opaque(struct lf_tree *v, const struct lf_seed *seed, struct lf_slice json)
{
	uint32_t len = json.len < UINT32_MAX ? (uint32_t)json.len : UINT32_MAX;
	struct lf_tree_node n = {.len = len, .next = 1, .type = LF_TREE_OPAQUE};

	n.hash = lf_seed_mix(seed, LF_TREE_OPAQUE, lf_content_hash_any(seed, json, true));
	lf_buf_reset(&v->nodes);
	lf_buf_add(&v->nodes, &n, sizeof(n));
}

int
lf_tree_read(struct lf_tree *v, const struct lf_seed *seed, const struct lf_ignore *ignore, struct lf_slice json)
{
	struct reading r = {.v = v, .seed = seed, .ignore = ignore, .depth = 0};
	bool whole = false;

	v->json = json;
	lf_buf_reset(&v->nodes);
	lf_buf_reset(&v->scratch);
	if (json.len <= LF_TREE_MAX) {
		lf_scan_init(&r.scan, json.s, json.len);
		whole = take_value(&r, lf_scan_next(&r.scan), (struct lf_slice){NULL, 0}, 0,
		    ignore == NULL ? 0 : lf_ignore_start(ignore));
		while (whole && r.depth > 0)
			whole = step(&r);
		whole = whole && lf_scan_at_end(&r.scan);
	}
	if (!whole && !v->nodes.failed && !v->scratch.failed)
		opaque(v, seed, json);
	return v->nodes.failed || v->scratch.failed ? -1 : 0;
}
