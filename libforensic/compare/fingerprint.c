#include "compare/fingerprint.h"

#include <stdio.h>
#include <stdlib.h>

#include "record/content.h"
#include "record/event_name.h"
#include "record/scan.h"

/*
 * The hash of an object is made of the sum of its members', in which their order does not count; a name that stands
 * twice would not count as it should.  Such objects, and those of so many members that looking for one takes long, are
 * left to struct lf_tree: both are properties of the value, not of its spelling.
 */
#define MEMBERS 64

enum kind { KIND_ARRAY, KIND_OBJECT, KINDS };

/* A container that is open. */
struct level {
	uint64_t hash;   /* of what was read of it */
	uint64_t place;  /* hash of its name, of an element 0 */
	uint64_t alive;  /* of the paths to ignore */
	uint64_t slots;  /* an object's: bit i: a name has slot i; an array's: the next index, with paths to ignore */
	size_t names;    /* where its names begin */
	uint32_t n;      /* elements, or members that count */
	bool object;
	bool left_out;   /* it does not count */
};

struct lf_fingerprint {
	const struct lf_seed *seed;
	const struct lf_ignore *ignore;
	const char *p, *end;
	size_t depth;
	struct level levels[LF_MAX_JSON_DEPTH + 1];
	struct lf_buf names;   /* struct lf_slice */
	struct lf_buf scratch;
	struct lf_tree value; /* of those that are left to it */
};

struct lf_fingerprint *
lf_fingerprint_new(const struct lf_seed *seed, const struct lf_ignore *ignore)
{
	struct lf_fingerprint *f = malloc(sizeof(*f));

	if (f == NULL)
		return NULL;
	f->seed = seed;
	f->ignore = ignore;
	lf_buf_init(&f->names);
	lf_buf_init(&f->scratch);
	lf_tree_init(&f->value);
	return f;
}

void
lf_fingerprint_free(struct lf_fingerprint *f)
{
	if (f == NULL)
		return;
	lf_buf_free(&f->names);
	lf_buf_free(&f->scratch);
	lf_tree_free(&f->value);
	free(f);
}

/* ---- Pieces of text ---- */

static inline void
pass_blanks(struct lf_fingerprint *f)
{
	while (f->p < f->end && (unsigned char)*f->p <= ' ')
		f->p++;
}

/* Passes over the string at p; false where it does not end. */
static inline bool
pass_string(struct lf_fingerprint *f, bool *escaped)
{
	const char *p = lf_scan_plain(f->p + 1, f->end);

	while (p < f->end && *p == '\\') {
		*escaped = true;
		p = f->end - p < 2 ? f->end : lf_scan_plain(p + 2, f->end);
	}
	f->p = p + (p < f->end);
	return p < f->end;
}

/* Passes over a number or a literal; false where there is none. */
static inline bool
pass_word(struct lf_fingerprint *f)
{
	const char *from = f->p;

	while (f->p < f->end && (unsigned char)*f->p > ' ' && *f->p != ',' && *f->p != '}' && *f->p != ']')
		f->p++;
	return f->p > from;
}

static inline bool
is_number(char c)
{
	return c == '-' || (c >= '0' && c <= '9');
}

/* ---- Names ---- */

/* Whether a name stands in an object already.  escaped: one of them has escapes. */
static __attribute__((noinline)) bool
look_up(const struct lf_fingerprint *f, const struct level *l, struct lf_slice name, bool escaped)
{
	const struct lf_slice *names = (const struct lf_slice *)(const void *)(f->names.data + l->names);

	for (uint32_t i = 0; i < l->n; i++)
		if (escaped ? lf_event_name_same(names[i], name) : lf_slice_equal(names[i], name))
			return true;
	return false;
}

/* Notes the name of a member; false where it stands there twice, or there are too many. */
static inline bool
note_name(struct lf_fingerprint *f, struct level *l, struct lf_slice name, bool escaped)
{
	const unsigned char *u = (const unsigned char *)name.s;
	size_t slot = name.len == 0 ? 0 : (u[0] * 5u + u[name.len / 2] * 3u + u[name.len - 1] * 11u + name.len) % 64;

	if (l->n == MEMBERS || ((escaped || l->slots >> slot & 1) && look_up(f, l, name, escaped || l->slots == UINT64_MAX)))
		return false;
	l->slots = escaped ? UINT64_MAX : l->slots | UINT64_C(1) << slot;
	lf_buf_add(&f->names, &name, sizeof(name));
	return true;
}

/* Whether what a step leads to is left out; *alive are the paths that go on there. */
static bool
is_ignored(struct lf_fingerprint *f, struct lf_slice step, bool escaped, uint64_t *alive)
{
	bool out = false;

	if (escaped) {
		lf_buf_reset(&f->scratch);
		lf_scan_unescape(step.s, step.len, &f->scratch);
		step = (struct lf_slice){lf_buf_str(&f->scratch), f->scratch.len};
	}
	*alive = lf_ignore_step(f->ignore, *alive, f->depth - 1, step, &out);
	return out;
}

/* ---- Values ---- */

/* Adds a part to the container that is open. */
static inline void
add(const struct lf_fingerprint *f, struct level *l, uint64_t hash)
{
	l->hash = l->object ? l->hash + hash : lf_seed_mix(f->seed, l->hash, hash);
	l->n++;
}

static bool
enter(struct lf_fingerprint *f, uint64_t place, uint64_t alive, bool left_out)
{
	if (f->depth > LF_MAX_JSON_DEPTH)
		return false;
	f->levels[f->depth++] = (struct level){.place = place, .alive = alive, .names = f->names.len, .object = *f->p == '{',
	    .left_out = left_out};
	f->p++;
	return true;
}

/* The innermost container ends: it is added to what holds it. */
static void
leave(struct lf_fingerprint *f, uint64_t *out)
{
	struct level *l = &f->levels[--f->depth];
	uint64_t hash = lf_seed_mix(f->seed, l->object ? KIND_OBJECT : KIND_ARRAY, l->hash);

	f->p++;
	f->names.len = l->names;
	if (f->depth == 0)
		*out = hash;
	else if (!l->left_out)
		add(f, l - 1, l->place == 0 ? hash : lf_seed_mix(f->seed, l->place, hash));
}

/* Passes over the scalar at p: its hash with what stands in front of it from from on, the name of length name_len. */
static bool
scalar(struct lf_fingerprint *f, const char *from, size_t name_len, bool loose, uint64_t *hash)
{
	const char *at = f->p;

	if (*at == '"' ? !pass_string(f, &loose) : !pass_word(f))
		return false;
	if (is_number(*at)) {
		*hash = lf_tree_number(f->seed, (struct lf_slice){at, (size_t)(f->p - at)}, &f->scratch);
		if (name_len > 0)
			*hash = lf_seed_mix(f->seed, lf_content_hash(f->seed, (struct lf_slice){from, name_len}, loose), *hash);
	} else {
		*hash = lf_content_hash(f->seed, (struct lf_slice){from, (size_t)(f->p - from)}, loose);
	}
	return true;
}

/* The value at p, which belongs to the container l.  Of a member the name begins at from. */
static bool
take_value(struct lf_fingerprint *f, struct level *l, const char *from, size_t name_len, bool loose, uint64_t alive,
    bool left_out)
{
	uint64_t hash = 0;

	if (f->p == f->end)
		return false;
	if (*f->p == '{' || *f->p == '[') {
		if (name_len > 0 && !left_out)
			hash = lf_content_hash(f->seed, (struct lf_slice){from, name_len}, loose) | 1;
		return enter(f, hash, alive, left_out);
	}
	if (!scalar(f, from, name_len, loose, &hash))
		return false;
	if (!left_out)
		add(f, l, hash);
	return true;
}

static bool
take_member(struct lf_fingerprint *f, struct level *l)
{
	const char *from = f->p;
	uint64_t alive = l->alive;
	bool escaped = false, left_out = l->left_out;
	struct lf_slice name;
	size_t len;

	if (*from != '"' || !pass_string(f, &escaped))
		return false;
	len = (size_t)(f->p - from);
	name = (struct lf_slice){from + 1, len - 2};
	if (f->p < f->end && *f->p != ':')
		pass_blanks(f);
	if (f->p == f->end || *f->p++ != ':')
		return false;
	if (alive != 0 && !left_out)
		left_out = is_ignored(f, name, escaped, &alive);
	if (!left_out && !note_name(f, l, name, escaped))
		return false;
	pass_blanks(f);
	/* A blank on either side of the colon. */
	return take_value(f, l, from, len, escaped || f->p != from + len + 1, alive, left_out);
}

static bool
take_element(struct lf_fingerprint *f, struct level *l)
{
	uint64_t alive = l->alive;
	bool left_out = l->left_out;
	char text[24];
	int len;

	if (alive != 0 && !left_out) {
		len = snprintf(text, sizeof(text), "%llu", (unsigned long long)l->slots++);
		left_out = is_ignored(f, (struct lf_slice){text, (size_t)len}, false, &alive);
	}
	return take_value(f, l, f->p, 0, false, alive, left_out);
}

/* Reads the container that f->p stands at; false when it is to be left to struct lf_tree. */
static bool
read_all(struct lf_fingerprint *f, uint64_t *out)
{
	if (!enter(f, 0, f->ignore == NULL ? 0 : lf_ignore_start(f->ignore), false))
		return false;
	while (f->depth > 0 && !f->names.failed && !f->scratch.failed) {
		struct level *l = &f->levels[f->depth - 1];

		while (f->p < f->end && ((unsigned char)*f->p <= ' ' || *f->p == ','))
			f->p++;
		if (f->p == f->end)
			return false;
		if (*f->p == (l->object ? '}' : ']'))
			leave(f, out);
		else if (!(l->object ? take_member(f, l) : take_element(f, l)))
			return false;
	}
	pass_blanks(f);
	return f->p == f->end;
}

int
lf_fingerprint_of(struct lf_fingerprint *f, struct lf_slice json, uint64_t *out)
{
	bool whole;

	f->p = json.s;
	f->end = json.s + json.len;
	f->depth = 0;
	lf_buf_reset(&f->names);
	lf_buf_reset(&f->scratch);
	whole = json.len > 0 && json.len <= LF_TREE_MAX && (*f->p == '{' || *f->p == '[') && read_all(f, out);
	if (f->names.failed || f->scratch.failed)
		return -1;
	if (whole)
		return 0;
	if (lf_tree_read(&f->value, f->seed, f->ignore, json) != 0)
		return -1;
	*out = lf_seed_mix(f->seed, KINDS, lf_tree_at(&f->value, 0)->hash);
	return 0;
}
