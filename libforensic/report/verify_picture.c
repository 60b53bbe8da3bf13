/* The chains of digests over time: a row for each, its segments, what is missing between and in them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "record/s3key.h"
#include "report/gaps_map.h"
#include "report/html.h"
#include "report/verify_html.h"
#include "report/words.h"

#define ROWS_MAX     400
#define SEGMENTS_ROW 400
#define MISSING_MAX  2000

struct picture {
	const struct lf_result *r;
	struct lf_slots slots;
	struct lf_finding *missing; /* with a chain and a window, by chain */
	uint32_t n_missing;
	bool doubt; /* some digest is not proved */
	struct lf_buf *out;
};

static int
missing_cmp(const void *x, const void *y)
{
	const struct lf_finding *a = x, *b = y;

	if (a->chain != b->chain)
		return a->chain < b->chain ? -1 : 1;
	return (a->start > b->start) - (a->start < b->start);
}

static int
slice_cmp(struct lf_slice a, const char *b)
{
	size_t n = strlen(b);
	int c = memcmp(a.s, b, a.len < n ? a.len : n);

	return c != 0 ? c : (a.len > n) - (a.len < n);
}

/* The standard chain that a digest's key names, or LF_NO_CHAIN: chains are sorted. */
static uint32_t
chain_of(const struct lf_result *r, const char *object)
{
	uint32_t lo = 0, hi = r->n_chains, mid;
	struct lf_s3key k;
	int c;

	lf_s3key_read(object, strlen(object), &k);
	while (k.kind == LF_KEY_DIGEST && lo < hi) {
		mid = lo + (hi - lo) / 2;
		if ((c = slice_cmp(k.account, r->chains[mid].account)) == 0 && (c = slice_cmp(k.region, r->chains[mid].region)) == 0)
			c = slice_cmp(k.trail, r->chains[mid].trail);
		if (c == 0)
			return mid;
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return LF_NO_CHAIN;
}

/* The windows of digests that should be there, each with its chain.  False when memory is out. */
static bool
find_missing(struct picture *p)
{
	struct lf_buf scratch;
	struct lf_finding x;

	if ((p->missing = calloc(MISSING_MAX, sizeof(*p->missing))) == NULL)
		return false;
	lf_buf_init(&scratch);
	for (uint32_t i = 0; i < p->r->n_findings && p->n_missing < MISSING_MAX; i++) {
		p->r->finding(p->r, i, &x, &scratch);
		if (x.id != LF_F_DIGEST_MISSING || x.start == LF_TIME_NONE || x.end == LF_TIME_NONE || x.object == NULL)
			continue;
		if ((x.chain = chain_of(p->r, x.object)) != LF_NO_CHAIN)
			p->missing[p->n_missing++] = x;
	}
	lf_buf_free(&scratch);
	qsort(p->missing, p->n_missing, sizeof(*p->missing), missing_cmp);
	return true;
}

/* From the first start to the last end of all segments; false without any. */
static bool
span_of(const struct lf_result *r, int64_t *first, int64_t *last)
{
	*first = INT64_MAX;
	*last = INT64_MIN;
	for (uint32_t i = 0; i < r->n_chains; i++) {
		for (uint32_t k = 0; k < r->chains[i].n_segments; k++) {
			const struct lf_segment_row *s = &r->chains[i].segments[k];

			if (s->start == LF_TIME_NONE || s->end == LF_TIME_NONE)
				continue;
			*first = s->start < *first ? s->start : *first;
			*last = s->end > *last ? s->end : *last;
		}
	}
	return *first < *last;
}

static void
bar(const struct picture *p, const char *class, int64_t start, int64_t end, const char *what)
{
	int64_t x = lf_map_x(&p->slots, start), width = lf_map_x(&p->slots, end) - x;
	char from[LF_UTC_LEN], to[LF_UTC_LEN];

	width = width < 25 ? 25 : width; /* or none would see it */
	x = x + width > LF_MAP_WIDTH ? LF_MAP_WIDTH - width : x;
	lf_buf_printf(p->out,
	    "<rect class=\"%s\" x=\"%lld\" y=\"0\" width=\"%lld\" height=\"%d\"><title>%s, %s to %s</title></rect>",
	    class, (long long)x, (long long)width, LF_MAP_HEIGHT, what, lf_utc_format(start, from),
	    lf_utc_format(end, to));
}

static void
segment(const struct picture *p, const struct lf_chain_row *c, uint32_t k)
{
	const struct lf_segment_row *s = &c->segments[k], *before = k > 0 ? s - 1 : NULL;
	char what[80];

	if (s->start == LF_TIME_NONE || s->end == LF_TIME_NONE)
		return;
	if (before != NULL && before->end != LF_TIME_NONE && before->end < s->start)
		bar(p, "hole", before->end, s->start, "no digest between two segments");
	snprintf(what, sizeof(what), "segment %u: %u digests, %u of them quiet", k + 1, s->digests, s->quiet);
	bar(p, c->verdict == LF_INCONCLUSIVE && p->doubt ? "un" : "ok", s->start, s->end, what);
}

static void
row(const struct picture *p, uint32_t i, uint32_t *next)
{
	const struct lf_chain_row *c = &p->r->chains[i];
	char first[LF_UTC_LEN], last[LF_UTC_LEN];
	uint32_t from;

	while (*next < p->n_missing && p->missing[*next].chain < i)
		(*next)++;
	from = *next;
	while (*next < p->n_missing && p->missing[*next].chain == i)
		(*next)++;
	lf_buf_puts(p->out, "<div class=\"row\"><span>");
	lf_html_cut(p->out, c->region, 80);
	lf_buf_puts(p->out, " <small>");
	lf_html_cut(p->out, c->trail, 80);
	lf_buf_puts(p->out, strcmp(c->kind, "standard") == 0 ? "" : ", backfill");
	lf_buf_puts(p->out, "</small></span><svg role=\"img\" aria-label=\"");
	lf_html_text(p->out, c->account, strnlen(c->account, 80));
	lf_buf_putc(p->out, ' ');
	lf_html_text(p->out, c->region, strnlen(c->region, 80));
	lf_buf_printf(p->out, ": %s, %llu digests in %u segments, %s to %s, digests missing: %u\" viewBox=\"0 0 %d %d\" "
	    "preserveAspectRatio=\"none\">", lf_verdict_name(c->verdict), (unsigned long long)c->digests, c->n_segments,
	    lf_utc_format(c->first, first), lf_utc_format(c->last, last), *next - from, LF_MAP_WIDTH, LF_MAP_HEIGHT);
	for (uint32_t k = 0; k < c->n_segments && k < SEGMENTS_ROW; k++)
		segment(p, c, k);
	for (uint32_t k = from; k < *next; k++)
		bar(p, "blind", p->missing[k].start, p->missing[k].end, "digest missing");
	lf_buf_puts(p->out, "</svg></div>\n");
}

static void
legend(struct lf_buf *out)
{
	static const struct {
		const char *class, *text;
	} keys[] = {{"ok", "digests, one linked to the next"}, {"un", "a chain with digests that are not proved"},
	    {"hole", "between segments: no digest"}, {"blind", "a digest is missing"}};

	lf_buf_puts(out, "<p class=\"key\">");
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		lf_buf_printf(out,
		    "<span><svg aria-hidden=\"true\" viewBox=\"0 0 280 140\"><rect class=\"%s\" width=\"280\" height=\"140\"/></svg>"
		    "%s</span>\n",
		    keys[i].class, keys[i].text);
	lf_buf_puts(out, "</p>\n");
}

static void
rows(const struct picture *p)
{
	const struct lf_result *r = p->r;
	uint32_t next = 0;

	legend(p->out);
	lf_buf_puts(p->out, "<div class=\"card map\">\n");
	lf_map_axis(&p->slots, p->out);
	for (uint32_t i = 0; i < r->n_chains && i < ROWS_MAX; i++) {
		if (i == 0 || strcmp(r->chains[i].account, r->chains[i - 1].account) != 0) {
			lf_buf_puts(p->out, i > 0 ? "</section>\n<section><h3>" : "<section><h3>");
			lf_html_cut(p->out, r->chains[i].account, 80);
			lf_buf_puts(p->out, "</h3>\n");
		}
		row(p, i, &next);
	}
	lf_buf_puts(p->out, "</section>\n</div>\n");
	if (r->n_chains > ROWS_MAX)
		lf_buf_printf(p->out,
		    "<p class=\"note\">%u more chains are not drawn: the format json holds all.</p>\n",
		    r->n_chains - ROWS_MAX);
}

bool
lf_verify_picture(const struct lf_result *r, struct lf_buf *out)
{
	struct picture p = {.r = r, .out = out};
	int64_t first, last;

	if (!span_of(r, &first, &last))
		return true;
	p.doubt = r->summary.digests[1] + r->summary.digests[2] > 0;
	p.slots = lf_slots_make(first, last, 768, 60);
	if (!find_missing(&p))
		return false;
	rows(&p);
	free(p.missing);
	return true;
}
