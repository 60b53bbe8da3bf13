/* A timeline's jsonl, line by line: counted, never held. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "report/report.h"
#include "timeline/run_line.h"

#define PIECE ((size_t)1 << 20)

int
lf_report_is_timeline(const char *text, size_t len)
{
	static const enum lf_column own[] = {
	    LF_COL_EVENT_TIME, LF_COL_NAME, LF_COL_ID, LF_COL_LOCATOR, LF_COL_PRINCIPAL, LF_COL_INTEGRITY};
	const char *end = memchr(text, '\n', len);
	struct lf_slice first = {text, end != NULL ? (size_t)(end - text) : len};
	const char *problem;
	struct lf_run_line l;
	struct lf_buf scratch;
	int is = 0;

	lf_buf_init(&scratch);
	if (lf_run_line_read(first, &scratch, &l, &problem))
		for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
			is |= (l.present >> own[i] & 1) != 0;
	if (scratch.failed)
		is = -1;
	lf_buf_free(&scratch);
	return is;
}

static enum lf_integrity
integrity_of(struct lf_slice v)
{
	for (int i = 0; i < LF_INTEGRITY_UNKNOWN; i++)
		if (v.len > 0 && lf_slice_is(v, lf_integrity_names[i]))
			return (enum lf_integrity)i;
	return LF_INTEGRITY_UNKNOWN;
}

static int
count_line(struct lf_report_input *in, struct lf_slice text, struct lf_buf *scratch, struct lf_err *err)
{
	struct lf_timeline_row row = {.time = LF_TIME_NONE};
	struct lf_run_line l;
	const char *problem;

	in->lines++;
	if (text.len > LF_MAX_LINE)
		return lf_err_set(err, "%.300s: line %llu is longer than %u bytes", in->name,
		    (unsigned long long)in->lines, LF_MAX_LINE);
	if (!lf_run_line_read(text, scratch, &l, &problem))
		return scratch->failed ? lf_err_nomem(err) : lf_err_set(err, "%.300s: line %llu: %.100s", in->name,
		    (unsigned long long)in->lines, problem);
	memcpy(row.v, l.v, sizeof(row.v));
	if (!lf_utc_read_rfc3339(l.v[LF_COL_EVENT_TIME].s, l.v[LF_COL_EVENT_TIME].len, &row.time, NULL))
		row.time = LF_TIME_NONE;
	row.integrity = integrity_of(l.v[LF_COL_INTEGRITY]);
	row.conflict = l.conflict;
	row.mark = l.mark;
	for (size_t i = 0; i < l.v[LF_COL_ALSO_IN].len; i++)
		row.copies += i == 0 || l.v[LF_COL_ALSO_IN].s[i] == '\0';
	in->marks += l.mark;
	in->partial += l.partial;
	return lf_timeline_stats_add(in->stats, &row, err);
}

/* Takes the whole lines off buf; at the end of the file also a last one without a line feed. */
static int
take_lines(struct lf_report_input *in, struct lf_buf *buf, bool last, struct lf_buf *scratch, struct lf_err *err)
{
	size_t at = 0, n;
	const char *end;

	while (at < buf->len) {
		end = memchr(buf->data + at, '\n', buf->len - at);
		if (end == NULL && !last)
			break;
		n = end != NULL ? (size_t)(end - (buf->data + at)) : buf->len - at;
		if (count_line(in, (struct lf_slice){buf->data + at, n}, scratch, err) != 0)
			return -1;
		at += n + (end != NULL);
	}
	if (buf->len - at > LF_MAX_LINE)
		return lf_err_set(err, "%.300s: line %llu is longer than %u bytes", in->name,
		    (unsigned long long)in->lines + 1, LF_MAX_LINE);
	if (at > 0) {
		memmove(buf->data, buf->data + at, buf->len - at);
		buf->len -= at;
	}
	return 0;
}

/* As trail-timeline judges its rows; what nobody asked to prove is not proved. */
static enum lf_verdict
verdict_of(const struct lf_timeline_stats *stats)
{
	const struct lf_stats_totals *t = lf_timeline_stats_totals(stats);

	if (t->conflicts + t->integrity[LF_INTEGRITY_MODIFIED] + t->integrity[LF_INTEGRITY_UNREFERENCED] > 0)
		return LF_FINDINGS;
	return t->integrity[LF_INTEGRITY_VERIFIED] == t->rows && t->rows > 0 ? LF_VERIFIED : LF_INCONCLUSIVE;
}

int
lf_report_timeline_read(struct lf_report *r, struct lf_report_input *in, struct lf_buf *head, struct lf_err *err)
{
	struct lf_buf scratch;
	ssize_t n = 1;
	int rc = -1;

	lf_buf_init(&scratch);
	if (lf_timeline_stats_new(&in->stats, err) != 0)
		goto out;
	while (n != 0) {
		if (take_lines(in, head, false, &scratch, err) != 0)
			goto out;
		if (lf_buf_reserve(head, PIECE) == NULL) {
			lf_err_nomem(err);
			goto out;
		}
		n = read(in->fd, head->data + head->len, PIECE);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || lf_hash_add(r->hash, head->data + head->len, (size_t)n) != 0) {
			lf_err_sys(err, "%.300s", in->name);
			goto out;
		}
		head->len += (size_t)n;
		in->size += (uint64_t)n;
	}
	if (take_lines(in, head, true, &scratch, err) != 0 || lf_timeline_stats_finish(in->stats, err) != 0)
		goto out;
	in->verdict = verdict_of(in->stats);
	rc = 0;
out:
	lf_buf_free(&scratch);
	return rc;
}
