#include "record/needle.h"

#include <stdlib.h>
#include <string.h>

/* Horspool, "Practical fast searching in strings" (1980). */
struct lf_needle {
	size_t len;
	size_t skip[256]; /* how far to go on when a byte, of either case, stands under the needle's end */
	char text[];      /* lower */
};

int
lf_needle_new(const char *text, struct lf_needle **out, struct lf_err *err)
{
	size_t len = strlen(text);
	struct lf_needle *n = malloc(sizeof(*n) + len + 1);

	if (n == NULL)
		return lf_err_nomem(err);
	n->len = len;
	for (size_t i = 0; i <= len; i++)
		n->text[i] = lf_lower(text[i]);
	for (int c = 0; c < 256; c++)
		n->skip[c] = len;
	for (size_t i = 0; i + 1 < len; i++)
		for (int c = 0; c < 256; c++)
			if (lf_lower((char)c) == n->text[i])
				n->skip[c] = len - 1 - i;
	*out = n;
	return 0;
}

void
lf_needle_free(struct lf_needle *n)
{
	free(n);
}

static bool
stands_at(const struct lf_needle *n, const char *p)
{
	for (size_t i = 0; i < n->len; i++)
		if (lf_lower(p[i]) != n->text[i])
			return false;
	return true;
}

bool
lf_needle_in(const struct lf_needle *n, struct lf_slice hay)
{
	size_t at = 0, last = n->len - 1;

	if (n->len == 0)
		return true;
	while (hay.len - at >= n->len) {
		if (lf_lower(hay.s[at + last]) == n->text[last] && stands_at(n, hay.s + at))
			return true;
		at += n->skip[(unsigned char)hay.s[at + last]];
	}
	return false;
}
