/* Raw bytes, sifted by both paths and in runs of any length; and the text that each hit leads to. */
#include "carve/text.h"
#include "fuzz.h"

#define MAX_HITS 4096

static struct lf_hit best[MAX_HITS], portable[MAX_HITS], in_runs[MAX_HITS];
static struct lf_text *text;

/* All hits, in runs of so many bytes. */
static size_t
sift_runs(const uint8_t *bytes, size_t size, size_t run)
{
	size_t from = 0, n = 0;

	for (size_t end = 0; end < size || end == 0;) {
		size_t back = from > LF_SIFT_REACH ? from - LF_SIFT_REACH : 0, next, got;

		end = run < size - end ? end + run : size;
		for (;;) {
			got = lf_sift(bytes + back, end - back, from - back, back, end == size, in_runs + n, MAX_HITS - n, &next);
			for (size_t i = 0; i < got; i++)
				in_runs[n + i].at += back;
			n += got;
			HOLDS(next + back >= from || got == 0);
			if (n == MAX_HITS || next + back == from)
				break;
			from = next + back;
		}
		if (size == 0)
			break;
	}
	return n;
}

static void
same(const struct lf_hit *a, const struct lf_hit *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		HOLDS(a[i].at == b[i].at && a[i].trigger == b[i].trigger);
}

static void
look(const uint8_t *bytes, size_t size, const struct lf_hit *h)
{
	struct lf_view v = {.window = bytes, .len = size, .size = size};
	struct lf_text_found f;
	struct lf_err err;

	HOLDS(lf_text_look(text, &v, h->at, h->trigger, &f, &err) == 0);
	lf_view_free(&v);
	if (f.outcome == LF_TEXT_NONE) {
		HOLDS(lf_reject_text(f.reject) != NULL);
		return;
	}
	HOLDS(f.from <= f.to && f.to <= size);
	if (f.outcome == LF_TEXT_AGAIN)
		return;
	fuzz_touch(f.text, f.len);
	HOLDS(memchr(f.wrapper, '\0', sizeof(f.wrapper)) != NULL);
	if (f.outcome == LF_TEXT_RECORD || f.outcome == LF_TEXT_FRAGMENT)
		for (int i = 0; i < LF_EV_FIELDS; i++)
			HOLDS(fuzz_inside(f.event.field[i], f.text, f.len));
	if (f.outcome != LF_TEXT_FRAGMENT) {
		struct lf_scan s;

		lf_scan_init(&s, f.text, f.len);
		HOLDS(lf_scan_skip(&s, lf_scan_next(&s)) && lf_scan_next(&s) == LF_TOKEN_END && lf_scan_at_end(&s));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = {data, size};
	size_t run = 1 + fuzz_short(&in) % 512, n, next;
	uint8_t *bytes = fuzz_copy(in.p, in.left);
	struct lf_err err;

	if (text == NULL)
		text = lf_text_new((size_t)64 << 10, (size_t)256 << 10, &err);
	HOLDS(text != NULL);
	n = lf_sift(bytes, in.left, 0, 0, true, best, MAX_HITS, &next);
	HOLDS(lf_sift_portable(bytes, in.left, 0, 0, true, portable, MAX_HITS, &next) == n);
	same(best, portable, n);
	HOLDS(sift_runs(bytes, in.left, run) == n);
	same(best, in_runs, n);
	lf_text_reset(text);
	for (size_t i = 0; i < n; i++) {
		HOLDS(best[i].at < in.left && (i == 0 || best[i].at >= best[i - 1].at));
		if (best[i].trigger != LF_TRIGGER_GZIP && best[i].trigger != LF_TRIGGER_BASE64 && best[i].trigger != LF_TRIGGER_NTFS)
			look(bytes, in.left, &best[i]);
	}
	free(bytes);
	return 0;
}
