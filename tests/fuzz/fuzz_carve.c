/* A whole pass over a small image: the same finds whatever the windows are, each within the image and whole in itself. */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "carve/pass.h"
#include "fuzz.h"

#define MAX_FINDS 512

struct seen {
	struct lf_find find[MAX_FINDS];
	size_t n;
};

static struct seen a, b;

static int
take(void *arg, struct lf_find *f, struct lf_tally *tally, struct lf_err *err)
{
	struct seen *s = arg;

	(void)tally;
	(void)err;
	if (s->n < MAX_FINDS) {
		s->find[s->n++] = *f;
		memset(f, 0, sizeof(*f));
	}
	return 0;
}

static int
by_find(const void *x, const void *y)
{
	return lf_find_cmp(x, y);
}

static void
run(int fd, size_t window, struct seen *s)
{
	struct lf_pass p = {.detect = {(uint64_t)1 << 20, (size_t)16 << 10}, .jobs = 1, .window = window, .found = take, .arg = s};
	struct lf_pass_place place = {0};
	struct lf_err err;
	char path[64];

	s->n = 0;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	HOLDS(lf_image_open(path, &p.image, &err) == 0);
	HOLDS(lf_pass_run(&p, &place, &err) == 0);
	lf_image_free(p.image);
	qsort(s->find, s->n, sizeof(s->find[0]), by_find);
}

static void
check(const struct lf_find *f, size_t size)
{
	HOLDS(f->state < LF_CARVE_STATES && f->kind < LF_CARVE_KINDS && f->method < LF_CARVE_METHODS && f->n_runs <= 2);
	HOLDS(f->start < size && (f->complete || f->problem != NULL || f->state == LF_CARVE_FRAGMENT));
	for (unsigned i = 0; i < f->n_runs; i++)
		HOLDS(f->runs[i].from < f->runs[i].to && f->runs[i].to <= size);
	HOLDS(f->path + f->path_len <= f->text.len && f->content + f->content_len <= f->text.len &&
	    f->file + f->file_len <= f->text.len);
	for (size_t i = 0; i < f->n_records; i++)
		HOLDS(f->records[i].json + f->records[i].len <= f->text.len);
	for (size_t i = 0; i < f->n_known; i++)
		HOLDS(f->known[i].name != NULL && f->known[i].value + f->known[i].len <= f->text.len);
	for (size_t i = 0; i < f->n_unknown; i++)
		HOLDS(f->unknown[i].from < f->unknown[i].to && f->unknown[i].to <= f->content_len);
}

static void
same(const struct lf_find *x, const struct lf_find *y)
{
	HOLDS(lf_find_cmp(x, y) == 0 && x->state == y->state && x->kind == y->kind && x->method == y->method);
	HOLDS(x->n_records == y->n_records && x->complete == y->complete && x->text.len == y->text.len);
	HOLDS(memcmp(lf_buf_str(&x->text), lf_buf_str(&y->text), x->text.len) == 0);
}

static void
drop(struct seen *s)
{
	for (size_t i = 0; i < s->n; i++)
		lf_find_free(&s->find[i]);
	s->n = 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = {data, size};
	size_t window = (size_t)4096 << fuzz_byte(&in) % 3;
	int fd = memfd_create("image", MFD_CLOEXEC);

	HOLDS(fd >= 0 && write(fd, in.p, in.left) == (ssize_t)in.left);
	run(fd, (size_t)1 << 20, &a);
	run(fd, window, &b);
	for (size_t i = 0; i < a.n; i++)
		check(&a.find[i], in.left);
	if (a.n < MAX_FINDS && b.n < MAX_FINDS) {
		HOLDS(a.n == b.n);
		for (size_t i = 0; i < a.n; i++)
			same(&a.find[i], &b.find[i]);
	}
	drop(&a);
	drop(&b);
	close(fd);
	return 0;
}
