#include "carve/ranges.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/buf.h"
#include "base/file.h"

static int
read_file(const char *file, struct lf_buf *text, struct lf_err *err)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY), r;

	if (fd < 0)
		return lf_err_sys(err, "cannot open %s", file);
	r = lf_file_read_all(fd, LF_MAX_RANGES, text);
	if (r < 0)
		lf_err_sys(err, "cannot read %s", file);
	close(fd);
	return r;
}

/* A number at *p, behind blanks; moves *p behind it. */
static bool
number(const char **p, uint64_t *out)
{
	char *end;
	int base;

	*p += strspn(*p, " \t");
	if (**p < '0' || **p > '9')
		return false;
	base = (*p)[0] == '0' && ((*p)[1] | 0x20) == 'x' ? 16 : 10;
	errno = 0;
	*out = strtoull(*p, &end, base);
	*p = end;
	return errno == 0;
}

/* One line, a string.  1 for a range, 0 for none, -1 for something else. */
static int
line(const char *p, struct lf_area *out)
{
	uint64_t start, length;

	p += strspn(p, " \t\r");
	if (*p == '\0' || *p == '#')
		return 0;
	if (!number(&p, &start) || (*p != ' ' && *p != '\t') || !number(&p, &length))
		return -1;
	p += strspn(p, " \t\r");
	if ((*p != '\0' && *p != '#') || length > UINT64_MAX - start)
		return -1;
	*out = (struct lf_area){start, start + length};
	return length > 0;
}

static int
by_start(const void *a, const void *b)
{
	const struct lf_area *x = a, *y = b;

	return x->from != y->from ? (x->from < y->from ? -1 : 1) : (x->to > y->to) - (x->to < y->to);
}

/* Sorts, and joins what overlaps or touches.  Returns how many are left. */
static size_t
join(struct lf_area *a, size_t n)
{
	size_t k = 0;

	qsort(a, n, sizeof(*a), by_start);
	for (size_t i = 1; i < n; i++) {
		if (a[i].from > a[k].to)
			a[++k] = a[i];
		else if (a[i].to > a[k].to)
			a[k].to = a[i].to;
	}
	return k + 1;
}

static int
add(struct lf_area **out, size_t *n, size_t *cap, struct lf_area a, struct lf_err *err)
{
	struct lf_area *all = lf_array_more(*out, *n, cap, sizeof(*all));

	if (all == NULL)
		return lf_err_nomem(err);
	*out = all;
	(*out)[(*n)++] = a;
	return 0;
}

/* text ends in a NUL. */
static int
read_lines(const char *file, char *text, size_t len, struct lf_area **out, size_t *n, struct lf_err *err)
{
	size_t cap = 0, at = 1;

	for (char *p = text, *end; p < text + len; p = end + 1, at++) {
		struct lf_area a;
		int r;

		end = memchr(p, '\n', (size_t)(text + len - p));
		if (end == NULL)
			end = text + len;
		*end = '\0';
		r = strlen(p) == (size_t)(end - p) ? line(p, &a) : -1;
		if (r < 0)
			return lf_err_set(err, "%s, line %zu: a range is START LENGTH, in bytes", file, at);
		if (r > 0 && add(out, n, &cap, a, err) < 0)
			return -1;
	}
	return 0;
}

int
lf_ranges_read(const char *file, struct lf_area **out, size_t *n, struct lf_err *err)
{
	struct lf_buf text = {0};
	int r = read_file(file, &text, err);

	*out = NULL;
	*n = 0;
	if (r == 0 && text.len > 0)
		r = read_lines(file, text.data, text.len, out, n, err);
	lf_buf_free(&text);
	if (r == 0 && *n == 0)
		r = lf_err_set(err, "%s holds no range", file);
	if (r < 0) {
		free(*out);
		*out = NULL;
		return -1;
	}
	*n = join(*out, *n);
	return 0;
}
