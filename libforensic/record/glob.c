#include "record/glob.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* What a place of a pattern matches: a byte (letters lower), or one of these; from OP_SET on a set by number. */
enum { OP_ANY = 256, OP_STAR, OP_SET };

/* Bytes, a bit each; letters as lower ones. */
struct set {
	uint64_t bits[4];
};

struct lf_glob {
	struct set *sets;
	size_t n_sets, n;
	bool literal;
	uint32_t ops[];
};

static unsigned char
fold(char c)
{
	return (unsigned char)lf_lower(c);
}

static bool
holds(const struct set *s, unsigned char c)
{
	return s->bits[c / 64] >> (c % 64) & 1;
}

/* A byte of a pattern, passing over the backslash in front of it, if that is one that takes a meaning away. */
static char
take(const char **p, const char *special)
{
	if (**p == '\\' && (*p)[1] != '\0' && strchr(special, (*p)[1]) != NULL)
		(*p)++;
	return *(*p)++;
}

/* Puts a range into a set, letters of either case as lower ones. */
static void
add_range(struct set *s, char low, char high)
{
	for (unsigned c = (unsigned char)low; c <= (unsigned char)high; c++) {
		unsigned char folded = fold((char)c);
		s->bits[folded / 64] |= UINT64_C(1) << (folded % 64);
	}
}

/*
 * Reads the set behind the '[' at p.  Returns what is behind its ']', or NULL with the problem.  A ']' at the start is
 * a member, and so is a '-' at either end.
 */
static const char *
read_set(const char *p, struct set *s, const char **problem)
{
	bool outside = *p == '!' || *p == '^';
	char low, high;

	*problem = "its [ is not closed";
	p += outside;
	for (bool first = true; first || *p != ']'; first = false) {
		if (*p == '\0')
			return NULL;
		low = high = take(&p, "[]\\!^-");
		if (p[0] == '-' && p[1] != '\0' && p[1] != ']') {
			p++;
			high = take(&p, "[]\\!^-");
		}
		if ((unsigned char)low > (unsigned char)high) {
			*problem = "a range in its [] is backwards";
			return NULL;
		}
		add_range(s, low, high);
	}
	for (int i = 0; outside && i < 4; i++)
		s->bits[i] = ~s->bits[i];
	return p + 1;
}

/* Reads one place of a pattern. */
static const char *
read_op(struct lf_glob *g, const char *p, uint32_t *op, const char **problem)
{
	switch (*p) {
	case '*':
		*op = OP_STAR;
		return p + 1;
	case '?':
		*op = OP_ANY;
		return p + 1;
	case '[':
		*op = OP_SET + (uint32_t)g->n_sets;
		return read_set(p + 1, &g->sets[g->n_sets++], problem);
	default:
		*op = fold(take(&p, "*?[]\\!"));
		return p;
	}
}

static size_t
count(const char *text, char c)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += *text == c;
	return n;
}

int
lf_glob_new(const char *text, struct lf_glob **out, struct lf_err *err)
{
	size_t len = strlen(text);
	struct lf_glob *g = calloc(1, sizeof(*g) + (len + 1) * sizeof(g->ops[0]));
	const char *problem = NULL, *p = text;
	uint32_t op;

	if (g == NULL || (g->sets = calloc(count(text, '[') + 1, sizeof(*g->sets))) == NULL) {
		lf_glob_free(g);
		return lf_err_nomem(err);
	}
	g->literal = true;
	while (*p != '\0') {
		p = read_op(g, p, &op, &problem);
		if (p == NULL) {
			lf_glob_free(g);
			return lf_err_set(err, "\"%.200s\" is no glob: %s", text, problem);
		}
		g->literal = g->literal && op < OP_ANY;
		if (op != OP_STAR || g->n == 0 || g->ops[g->n - 1] != OP_STAR)
			g->ops[g->n++] = op;
	}
	*out = g;
	return 0;
}

void
lf_glob_free(struct lf_glob *g)
{
	if (g == NULL)
		return;
	free(g->sets);
	free(g);
}

bool
lf_glob_literal(const struct lf_glob *g)
{
	return g->literal;
}

static inline bool
fits(const struct lf_glob *g, uint32_t op, char byte)
{
	unsigned char c = fold(byte);

	return op < OP_ANY ? op == c : op == OP_ANY || (op >= OP_SET && holds(&g->sets[op - OP_SET], c));
}

/* Where a place does not fit, the last star takes a byte more: stars before it never need to. */
bool
lf_glob_match(const struct lf_glob *g, struct lf_slice value)
{
	size_t star = SIZE_MAX, again = 0, o = 0, v = 0;

	if (g->literal && g->n != value.len)
		return false;
	while (v < value.len) {
		if (o < g->n && g->ops[o] == OP_STAR) {
			star = ++o;
			again = v;
		} else if (o < g->n && fits(g, g->ops[o], value.s[v])) {
			o++;
			v++;
		} else if (star != SIZE_MAX) {
			if (star == g->n)
				return true;
			o = star;
			v = ++again;
		} else {
			return false;
		}
	}
	while (o < g->n && g->ops[o] == OP_STAR)
		o++;
	return o == g->n;
}
