#include "compare/fields.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "compare/fields_csv.h"
#include "record/scan.h"

#define ABSENT UINT32_MAX
#define SHOWN  1024 /* bytes of a value that is too long */

/* Two nodes that stand at one place, ABSENT on one side at most; base is the length of their parent's path. */
struct pair {
	uint32_t node[2];
	size_t base;
};

/* A child of either container. */
struct child {
	uint64_t place;
	uint32_t side, order, node;
};

struct comparing {
	struct lf_fields *f;
	const struct lf_tree *v[2];
	int partial;
	uint64_t left; /* what may still be looked through for resources */
};

/* Of a field, as it stands in out. */
struct head {
	uint32_t path, value[2]; /* lengths; ABSENT */
	uint32_t cut;            /* bit i: value[i] is */
};

void
lf_fields_init(struct lf_fields *f)
{
	memset(f, 0, sizeof(*f));
	lf_buf_init(&f->stack);
	lf_buf_init(&f->parts);
	lf_buf_init(&f->path);
	lf_buf_init(&f->text);
	lf_buf_init(&f->said);
	lf_buf_init(&f->out);
}

void
lf_fields_free(struct lf_fields *f)
{
	lf_buf_free(&f->stack);
	lf_buf_free(&f->parts);
	lf_buf_free(&f->path);
	lf_buf_free(&f->text);
	lf_buf_free(&f->said);
	lf_buf_free(&f->out);
}

/* ---- Writing ---- */

static void
put_string(struct lf_buf *out, const char *s, size_t len)
{
	lf_buf_putc(out, '"');
	lf_text_json(out, s, len);
	lf_buf_putc(out, '"');
}

/* Appends a JSON value on one line, each string in valid UTF-8. */
static void
put_clean(struct lf_slice json, struct lf_buf *text, struct lf_buf *out)
{
	const char *p = json.s, *end = p + json.len, *from;

	while (p < end) {
		if (*p == '"') {
			for (from = ++p; p < end && *p != '"'; p += *p == '\\' && end - p > 1 ? 2 : 1)
				;
			lf_buf_reset(text);
			lf_scan_unescape(from, (size_t)(p - from), text);
			put_string(out, lf_buf_str(text), text->len);
			p += p < end;
			continue;
		}
		if ((unsigned char)*p > ' ')
			lf_buf_putc(out, *p);
		p++;
	}
}

/* Appends the value of a node, *len its bytes; *cut when only its beginning. */
static void
put_value(struct comparing *c, unsigned side, const struct lf_tree_node *n, uint32_t *len, bool *cut)
{
	struct lf_buf *out = &c->f->out;
	const char *at = c->v[side]->json.s + n->at;
	size_t before = out->len;

	*cut = n->len > LF_DIFF_VALUE || n->type == LF_TREE_OPAQUE;
	if (*cut)
		put_string(out, at, n->len < SHOWN ? n->len : SHOWN);
	else
		put_clean((struct lf_slice){at, n->len}, &c->f->text, out);
	*len = (uint32_t)(out->len - before);
	if (c->f->text.failed)
		out->failed = true;
}

/* Notes that the pair differs, at c->f->path. */
static void
put_field(struct comparing *c, const struct pair *p)
{
	struct lf_fields *f = c->f;
	struct head h = {.path = (uint32_t)f->path.len, .value = {ABSENT, ABSENT}};
	size_t at = f->out.len;
	bool cut;

	if (f->n == LF_DIFF_FIELDS || f->out.len > LF_FIELDS_BYTES) {
		f->left_out++;
		return;
	}
	lf_buf_add(&f->out, &h, sizeof(h));
	lf_buf_add(&f->out, lf_buf_str(&f->path), f->path.len);
	for (unsigned i = 0; i < 2; i++) {
		if (p->node[i] == ABSENT)
			continue;
		put_value(c, i, lf_tree_at(c->v[i], p->node[i]), &h.value[i], &cut);
		h.cut |= (uint32_t)cut << i;
	}
	if (!f->out.failed)
		memcpy(f->out.data + at, &h, sizeof(h));
	f->n++;
}

/* Appends the step that leads to a node, below its parent. */
static void
put_step(struct comparing *c, unsigned side, const struct lf_tree_node *n)
{
	struct lf_buf *path = &c->f->path, *text = &c->f->text;

	lf_buf_putc(path, '/');
	if (n->name == 0) {
		lf_buf_printf(path, "%llu", (unsigned long long)n->place);
		return;
	}
	lf_buf_reset(text);
	lf_scan_unescape(c->v[side]->json.s + n->name, n->name_len, text);
	for (size_t i = 0; i < text->len; i++) {
		if (text->data[i] == '~')
			lf_buf_puts(path, "~0");
		else if (text->data[i] == '/')
			lf_buf_puts(path, "~1");
		else
			lf_buf_putc(path, text->data[i]);
	}
}

/* ---- Pairing ---- */

static int
child_cmp(const void *x, const void *y)
{
	const struct child *a = x, *b = y;

	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	if (a->order != b->order)
		return a->order < b->order ? -1 : 1;
	return (a->side > b->side) - (a->side < b->side);
}

/* In the order in which they are to be looked at last: what b alone has, then the nodes of a from its end. */
static int
pair_cmp(const void *x, const void *y)
{
	const struct pair *a = x, *b = y;

	if (a->node[0] != b->node[0])
		return a->node[0] > b->node[0] ? -1 : 1;
	return (a->node[1] < b->node[1]) - (a->node[1] > b->node[1]);
}

static int
order_cmp(const void *x, const void *y)
{
	const struct child *a = x, *b = y;

	if (a->side != b->side)
		return a->side < b->side ? -1 : 1;
	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	return (a->node > b->node) - (a->node < b->node);
}

/* Collects the children of both nodes, each numbered among those of its place. */
static struct child *
collect(struct comparing *c, const struct pair *p, size_t *n)
{
	struct lf_buf *parts = &c->f->parts;
	struct child *all;

	lf_buf_reset(parts);
	for (uint32_t side = 0; side < 2; side++) {
		uint32_t end = lf_tree_at(c->v[side], p->node[side])->next;

		for (uint32_t i = p->node[side] + 1; i < end; i = lf_tree_at(c->v[side], i)->next) {
			struct child k = {lf_tree_at(c->v[side], i)->place, side, 0, i};

			lf_buf_add(parts, &k, sizeof(k));
		}
	}
	if (parts->failed || parts->len == 0)
		return NULL;
	all = (struct child *)(void *)parts->data;
	*n = parts->len / sizeof(*all);
	qsort(all, *n, sizeof(*all), order_cmp);
	for (size_t i = 1; i < *n; i++)
		if (all[i].side == all[i - 1].side && all[i].place == all[i - 1].place)
			all[i].order = all[i - 1].order + 1;
	return all;
}

static bool
differ(const struct comparing *c, const struct pair *p)
{
	return p->node[0] == ABSENT || p->node[1] == ABSENT ||
	    lf_tree_at(c->v[0], p->node[0])->hash != lf_tree_at(c->v[1], p->node[1])->hash;
}

/* Puts the children that differ onto the stack, so that they come off it in their order. */
static void
push_children(struct comparing *c, const struct pair *p)
{
	struct lf_buf *stack = &c->f->stack;
	size_t n = 0, from = stack->len;
	struct child *all = collect(c, p, &n);
	struct pair q;

	if (n > 0)
		qsort(all, n, sizeof(*all), child_cmp);
	for (size_t i = 0; i < n; i++) {
		q = (struct pair){{ABSENT, ABSENT}, c->f->path.len};
		q.node[all[i].side] = all[i].node;
		if (i + 1 < n && all[i + 1].place == all[i].place && all[i + 1].order == all[i].order) {
			i++;
			q.node[all[i].side] = all[i].node;
		}
		if (differ(c, &q))
			lf_buf_add(stack, &q, sizeof(q));
	}
	if (!stack->failed && stack->len - from > sizeof(q))
		qsort(stack->data + from, (stack->len - from) / sizeof(q), sizeof(q), pair_cmp);
}

/* ---- Walking ---- */

/* Whether a line of CSV that has no errorCode tells that the call did not fail. */
static bool
tells_success(const struct comparing *c)
{
	const struct lf_tree *line = c->v[c->partial];

	for (uint32_t i = 1; i < lf_tree_at(line, 0)->next; i = lf_tree_at(line, i)->next) {
		const struct lf_tree_node *n = lf_tree_at(line, i);

		if (lf_slice_is((struct lf_slice){line->json.s + n->name, n->name_len}, "errorMessage"))
			return false;
	}
	return c->f->tells_errors;
}

/* Notes the resources of a line of CSV (node) that the record does not name. */
static void
compare_resources(struct comparing *c, uint32_t node)
{
	const struct lf_tree *line = c->v[c->partial];
	uint32_t end = lf_tree_at(line, node)->next, next;
	struct lf_buf *path = &c->f->path;
	size_t base = path->len, element;
	struct pair p = {{ABSENT, ABSENT}, 0};

	for (uint32_t i = node + 1; i < end && !path->failed; i = next) {
		next = lf_tree_at(line, i)->next;
		path->len = base;
		put_step(c, (unsigned)c->partial, lf_tree_at(line, i));
		element = path->len;
		for (uint32_t k = i + 1; k < next && !path->failed; k = lf_tree_at(line, k)->next) {
			const struct lf_tree_node *n = lf_tree_at(line, k);

			if (!lf_slice_is((struct lf_slice){line->json.s + n->name, n->name_len}, "ARN") ||
			    lf_fields_resource_said(c->v[!c->partial], line, k, &c->f->said, &c->f->text, &c->left))
				continue;
			path->len = element;
			put_step(c, (unsigned)c->partial, n);
			p.node[c->partial] = k;
			put_field(c, &p);
		}
	}
}

/* Whether a difference counts where one side is a line of CSV. */
static bool
counts(struct comparing *c, const struct pair *p)
{
	struct lf_slice path = {lf_buf_str(&c->f->path), c->f->path.len};
	struct lf_buf scratch[2];
	bool fits;

	if (c->partial < 0 || path.len == 0)
		return true;
	if (p->node[c->partial] == ABSENT)
		return lf_slice_is(path, "/errorCode") && tells_success(c);
	if (lf_slice_is(path, "/resources")) {
		compare_resources(c, p->node[c->partial]);
		return false;
	}
	if (!lf_slice_is(path, "/userIdentity/userName"))
		return true;
	lf_buf_init(&scratch[0]);
	lf_buf_init(&scratch[1]);
	fits = lf_fields_user_fits(c->v[!c->partial], c->v[c->partial], p->node[c->partial], scratch);
	c->f->text.failed |= scratch[0].failed || scratch[1].failed;
	lf_buf_free(&scratch[0]);
	lf_buf_free(&scratch[1]);
	return !fits;
}

/* Looks at the pair that came off the stack. */
static void
visit(struct comparing *c, const struct pair *p)
{
	const struct lf_tree_node *a = p->node[0] == ABSENT ? NULL : lf_tree_at(c->v[0], p->node[0]);
	const struct lf_tree_node *b = p->node[1] == ABSENT ? NULL : lf_tree_at(c->v[1], p->node[1]);

	if (!c->f->path.failed)
		c->f->path.len = p->base;
	if (p->node[0] != 0 || p->node[1] != 0)
		put_step(c, a == NULL, a == NULL ? b : a);
	if (!counts(c, p))
		return;
	if (a != NULL && b != NULL && a->type == b->type && (a->type == LF_TREE_OBJECT || a->type == LF_TREE_ARRAY))
		push_children(c, p);
	else
		put_field(c, p);
}

int
lf_fields_compare(struct lf_fields *f, const struct lf_tree *a, const struct lf_tree *b, int partial)
{
	struct comparing c = {f, {a, b}, partial, LF_CSV_SEARCH};
	struct pair p = {{0, 0}, 0};

	lf_buf_reset(&f->stack);
	lf_buf_reset(&f->path);
	lf_buf_reset(&f->text);
	lf_buf_reset(&f->said);
	lf_buf_reset(&f->out);
	f->n = 0;
	f->left_out = 0;
	if (differ(&c, &p))
		lf_buf_add(&f->stack, &p, sizeof(p));
	while (!f->stack.failed && !f->parts.failed && f->stack.len > 0) {
		f->stack.len -= sizeof(p);
		memcpy(&p, f->stack.data + f->stack.len, sizeof(p));
		visit(&c, &p);
	}
	return f->stack.failed || f->parts.failed || f->path.failed || f->text.failed || f->said.failed ||
	    f->out.failed ? -1 : 0;
}

/* ---- Reading ---- */

bool
lf_diff_field(const struct lf_diff_row *row, size_t *cursor, struct lf_diff_field *out)
{
	const char *at = row->fields.s + *cursor;
	struct head h;

	if (*cursor >= row->fields.len)
		return false;
	memcpy(&h, at, sizeof(h));
	at += sizeof(h);
	out->path = (struct lf_slice){at, h.path};
	at += h.path;
	for (unsigned i = 0; i < 2; i++) {
		out->value[i] = (struct lf_slice){h.value[i] == ABSENT ? NULL : at, h.value[i] == ABSENT ? 0 : h.value[i]};
		out->cut[i] = h.cut >> i & 1;
		at += out->value[i].len;
	}
	*cursor = (size_t)(at - row->fields.s);
	return true;
}
