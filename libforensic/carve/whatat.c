/* What stands at an offset: libmagic's words, and what the detectors make of it. */
#include <stdlib.h>
#include <string.h>

#include "base/sandbox.h"
#include "base/text.h"
#include "carve/detect.h"
#include "record/classify.h"

#define LOOKED_AT ((size_t)1 << 20) /* bytes that libmagic gets */
#define NEAR      512u              /* bytes behind the offset in which a detector's sign may stand */
#define HITS      256u
#define HITS_SAID 16u
#define FINDS_SAID 16u
#define MAX_MEMBER (UINT64_C(64) << 20)
#define MAX_RECORD ((size_t)4 << 20)

struct asked {
	struct lf_image *image;
	uint64_t offset;
	void (*say)(void *arg, const char *line);
	void *arg;
	struct lf_buf bytes, line, shown;
	size_t front;        /* bytes that stand in front of offset */
	struct lf_view view;
	struct lf_detector *detector;
};

/* Says the line that was put together, printable. */
static int
say(struct asked *a, struct lf_err *err)
{
	lf_buf_reset(&a->shown);
	lf_text_terminal(&a->shown, lf_buf_str(&a->line), a->line.len);
	if (a->line.failed || a->shown.failed)
		return lf_err_nomem(err);
	a->say(a->arg, lf_buf_str(&a->shown));
	lf_buf_reset(&a->line);
	return 0;
}

static int
read_bytes(struct asked *a, struct lf_err *err)
{
	uint64_t size = lf_image_size(a->image);

	if (lf_image_streams(a->image))
		return lf_err_set(err, "%s cannot be read by offset", lf_image_name(a->image));
	if (a->offset >= size)
		return lf_err_set(err, "%s ends at %llu: nothing is at %llu", lf_image_name(a->image), (unsigned long long)size,
		    (unsigned long long)a->offset);
	a->front = a->offset < LF_SIFT_REACH ? (size_t)a->offset : LF_SIFT_REACH;
	if (lf_buf_reserve(&a->bytes, LOOKED_AT + a->front) == NULL)
		return lf_err_nomem(err);
	a->bytes.len = lf_image_read(a->image, a->offset - a->front, a->bytes.data, LOOKED_AT + a->front, NULL);
	if (a->bytes.len <= a->front)
		return lf_err_set(err, "%s: nothing can be read at %llu", lf_image_name(a->image), (unsigned long long)a->offset);
	a->view = (struct lf_view){.image = a->image, .size = size, .window = (const unsigned char *)a->bytes.data,
	    .base = a->offset - a->front, .len = a->bytes.len};
	return 0;
}

/* The first bytes, and what libmagic calls them. */
static int
describe(struct asked *a, struct lf_magic *magic, struct lf_err *err)
{
	const unsigned char *p = (const unsigned char *)a->bytes.data + a->front;
	size_t len = a->bytes.len - a->front;

	lf_buf_printf(&a->line, "%s, offset %llu of %llu", lf_image_name(a->image), (unsigned long long)a->offset,
	    (unsigned long long)lf_image_size(a->image));
	if (say(a, err) < 0)
		return -1;
	lf_buf_puts(&a->line, "bytes:");
	for (size_t i = 0; i < len && i < 16; i++)
		lf_buf_printf(&a->line, " %02x", p[i]);
	if (say(a, err) < 0)
		return -1;
	if (lf_image_is_bad(a->image, (struct lf_area){a->offset, a->offset + len})) {
		lf_buf_puts(&a->line, "a part of what follows could not be read");
		if (say(a, err) < 0)
			return -1;
	}
	lf_buf_printf(&a->line, "libmagic: %s", magic == NULL ? "has no database here" : lf_magic_describe(magic, p, len));
	return say(a, err);
}

static int
say_find(struct asked *a, const struct lf_find *f, struct lf_err *err)
{
	struct lf_slice path = lf_find_slice(f, f->path, f->path_len);

	lf_buf_printf(&a->line, "  %s, %s, by %s: ", lf_carve_state_name(f->state), lf_carve_kind_name(f->kind),
	    lf_carve_method_name(f->method));
	lf_buf_add(&a->line, path.s, path.len);
	lf_buf_printf(&a->line, ", %llu bytes stored, %llu of content, %zu records", (unsigned long long)f->stored,
	    (unsigned long long)f->inflated, f->n_records);
	if (f->problem != NULL)
		lf_buf_printf(&a->line, "; %s", f->problem);
	return say(a, err);
}

/* Follows one hit and says what it leads to. */
static int
follow(struct asked *a, uint64_t at, enum lf_trigger trigger, struct lf_err *err)
{
	struct lf_finds finds = {0};
	struct lf_tally tally = {0};
	int r = -1;

	lf_buf_printf(&a->line, "%s at %llu", lf_trigger_name(trigger), (unsigned long long)at);
	if (say(a, err) < 0 || lf_detector_look(a->detector, &a->view, at, trigger, &finds, &tally, err) < 0)
		goto out;
	for (size_t i = 0; i < finds.n && i < FINDS_SAID; i++)
		if (say_find(a, &finds.find[i], err) < 0)
			goto out;
	if (finds.n > FINDS_SAID) {
		lf_buf_printf(&a->line, "  ... and %zu more", finds.n - FINDS_SAID);
		if (say(a, err) < 0)
			goto out;
	}
	for (size_t i = 0; i < LF_REJECTS; i++) {
		if (tally.rejected[i] == 0)
			continue;
		lf_buf_printf(&a->line, "  turned down: %s", lf_reject_text((enum lf_reject)i));
		if (say(a, err) < 0)
			goto out;
	}
	r = 0;
	if (finds.n == 0 && memcmp(tally.rejected, (uint64_t[LF_REJECTS]){0}, sizeof(tally.rejected)) == 0) {
		lf_buf_puts(&a->line, "  belongs to what stands above");
		r = say(a, err);
	}
out:
	lf_finds_free(&finds);
	return r;
}

/* What may begin in the first bytes from offset on. */
static int
detect(struct asked *a, struct lf_err *err)
{
	const unsigned char *bytes = (const unsigned char *)a->bytes.data;
	size_t len = a->bytes.len, next = a->front, said = 0;
	struct lf_hit hits[HITS];

	while (next < len && next < a->front + NEAR) {
		size_t n = lf_sift(bytes, len, next, a->view.base, true, hits, HITS, &next);

		for (size_t i = 0; i < n && hits[i].at < a->front + NEAR && said < HITS_SAID; i++, said++)
			if (follow(a, a->view.base + hits[i].at, hits[i].trigger, err) < 0)
				return -1;
	}
	if (said > 0)
		return 0;
	lf_buf_printf(&a->line, "no detector's sign stands in the %u bytes from there on", NEAR);
	return say(a, err);
}

static int
look(struct asked *a, struct lf_err *err)
{
	const struct lf_detect_opts o = {MAX_MEMBER, MAX_RECORD};
	struct lf_magic *magic = lf_magic_new(err); /* without it, this is said */
	struct lf_detect_shared *shared = NULL;
	int r = -1;

	if (lf_sandbox_enter(&(struct lf_sandbox){0}, err) < 0 || read_bytes(a, err) < 0 || describe(a, magic, err) < 0)
		goto out;
	if (lf_detect_shared_new(&o, &shared, err) < 0 || (a->detector = lf_detector_new(shared, err)) == NULL)
		goto out;
	r = detect(a, err);
out:
	lf_detector_free(a->detector);
	lf_detect_shared_free(shared);
	lf_magic_free(magic);
	return r;
}

int
lf_carve_what_at(const char *image, uint64_t offset, void (*say_line)(void *arg, const char *line), void *arg,
    struct lf_err *err)
{
	struct asked a = {.offset = offset, .say = say_line, .arg = arg};
	int r;

	if (lf_image_open(image, &a.image, err) < 0)
		return -1;
	r = look(&a, err);
	lf_view_free(&a.view);
	lf_buf_free(&a.bytes);
	lf_buf_free(&a.line);
	lf_buf_free(&a.shown);
	lf_image_free(a.image);
	return r;
}
