#include "compare/ignore.h"

#include <string.h>

/* Resolves ~0 and ~1 of one step; false for any other use of the tilde. */
static bool
resolve(char *to, struct lf_slice from, size_t *len)
{
	*len = 0;
	for (size_t i = 0; i < from.len; i++) {
		char c = from.s[i];

		if (c == '~') {
			if (++i == from.len || (from.s[i] != '0' && from.s[i] != '1'))
				return false;
			c = from.s[i] == '0' ? '~' : '/';
		}
		to[(*len)++] = c;
	}
	return true;
}

static size_t
count_steps(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += *text == '/';
	return n;
}

static int
add_path(struct lf_ignore *g, const char *text, struct lf_err *err)
{
	struct lf_ignored_path *p = &g->paths[g->n];
	struct lf_slice rest = {text + 1, strlen(text) - (text[0] != '\0')}, step;
	char *copy;

	if (text[0] == '\0')
		return lf_err_set(err, "a path to ignore is empty: that is the whole record");
	if (text[0] != '/')
		return lf_err_set(err, "'%.200s' is no JSON Pointer: it does not begin with /", text);
	p->text = lf_arena_strdup(&g->arena, text);
	p->steps = lf_arena_alloc(&g->arena, count_steps(text) * sizeof(*p->steps));
	copy = lf_arena_alloc(&g->arena, rest.len + 1);
	if (p->text == NULL || p->steps == NULL || copy == NULL)
		return lf_err_nomem(err);
	for (p->n = 0;;) {
		const char *slash = memchr(rest.s, '/', rest.len);

		step = (struct lf_slice){rest.s, slash == NULL ? rest.len : (size_t)(slash - rest.s)};
		p->steps[p->n].s = copy;
		if (!resolve(copy, step, &p->steps[p->n].len))
			return lf_err_set(err, "'%.200s' is no JSON Pointer: ~ stands for itself as ~0, and / as ~1", text);
		copy += p->steps[p->n++].len;
		if (slash == NULL)
			break;
		rest = lf_slice_behind(rest, step.len + 1);
	}
	g->n++;
	return 0;
}

int
lf_ignore_init(struct lf_ignore *g, const char *const *paths, size_t n, struct lf_err *err)
{
	g->n = 0;
	lf_arena_init(&g->arena);
	if (n > LF_MAX_IGNORE)
		return lf_err_set(err, "%zu paths to ignore: over the limit of %d", n, LF_MAX_IGNORE);
	for (size_t i = 0; i < n; i++)
		if (add_path(g, paths[i], err) != 0)
			return -1;
	return 0;
}

void
lf_ignore_free(struct lf_ignore *g)
{
	lf_arena_free(&g->arena);
	g->n = 0;
}

uint64_t
lf_ignore_start(const struct lf_ignore *g)
{
	return g->n == LF_MAX_IGNORE ? UINT64_MAX : (UINT64_C(1) << g->n) - 1;
}

uint64_t
lf_ignore_step(const struct lf_ignore *g, uint64_t alive, size_t depth, struct lf_slice step, bool *ignored)
{
	uint64_t on = 0;

	*ignored = false;
	for (size_t i = 0; i < g->n; i++) {
		const struct lf_ignored_path *p = &g->paths[i];

		if (!(alive >> i & 1) || depth >= p->n ||
		    (!lf_slice_is(p->steps[depth], "*") && !lf_slice_equal(p->steps[depth], step)))
			continue;
		on |= UINT64_C(1) << i;
		*ignored |= depth + 1 == p->n;
	}
	return on;
}
