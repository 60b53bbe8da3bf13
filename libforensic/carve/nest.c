#include "carve/nest.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

void
lf_nest_free(struct lf_nest *n)
{
	lf_buf_free(&n->origin.path);
	lf_buf_free(&n->bytes);
}

void
lf_nests_free(struct lf_nests *s)
{
	for (size_t i = 0; i < s->n; i++)
		lf_nest_free(&s->nest[i]);
	free(s->nest);
	memset(s, 0, sizeof(*s));
}

int
lf_nests_push(struct lf_nests *s, const struct lf_origin *from, uint64_t offset, struct lf_area run, const char *label,
    struct lf_buf *bytes)
{
	struct lf_nest *nest = lf_array_more(s->nest, s->n, &s->cap, sizeof(*nest)), *n;

	if (nest == NULL)
		return -1;
	s->nest = nest;
	n = &nest[s->n];
	memset(n, 0, sizeof(*n));
	n->origin.depth = from->depth + 1;
	n->origin.start = from->depth == 0 ? offset : from->start;
	n->origin.run = from->depth == 0 ? run : from->run;
	lf_buf_add(&n->origin.path, from->path.data, from->path.len);
	lf_buf_printf(&n->origin.path, "%llu-%s-", (unsigned long long)offset, label);
	n->bytes = *bytes;
	memset(bytes, 0, sizeof(*bytes));
	s->held += n->bytes.len;
	s->n++;
	return n->origin.path.failed ? -1 : 0;
}

bool
lf_nests_pop(struct lf_nests *s, struct lf_nest *out)
{
	if (s->n == 0)
		return false;
	*out = s->nest[--s->n];
	s->held -= out->bytes.len;
	return true;
}
