#include "report/timeline_say.h"

#include <string.h>

#include "forensic.h"
#include "record/arn.h"

#define DAY 86400

bool
lf_say_default_columns(const struct lf_timeline *t)
{
	size_t n;
	const enum lf_column *c = lf_timeline_columns(t, &n);

	for (size_t i = 0; i < n; i++)
		if (c[i] != (enum lf_column)i)
			return false;
	return n == LF_COL_DEFAULT;
}

bool
lf_say_failed(const struct lf_timeline_row *row)
{
	return row->v[LF_COL_RESULT].len > 0 && !lf_slice_is(row->v[LF_COL_RESULT], "success");
}

int
lf_say_writes(const struct lf_timeline_row *row)
{
	struct lf_slice v = row->v[LF_COL_READ_ONLY];

	return v.len == 0 ? 0 : lf_slice_is(v, "true") ? -1 : lf_slice_is(v, "false") ? 1 : 0;
}

struct lf_slice
lf_say_service(struct lf_slice source)
{
	static const char common[] = ".amazonaws.com";

	if (source.len >= sizeof(common) && lf_slice_ends(source, common))
		source.len -= sizeof(common) - 1;
	return source;
}

struct lf_slice
lf_say_own(struct lf_slice arn, struct lf_slice account, struct lf_slice *other)
{
	struct lf_arn parts;

	*other = (struct lf_slice){NULL, 0};
	if (!lf_arn_read(arn, &parts) || parts.account.len == 0)
		return arn;
	if (!lf_slice_equal(parts.account, account))
		*other = parts.account;
	return parts.resource;
}

void
lf_say_principal(struct lf_slice arn, struct lf_slice account, struct lf_buf *out)
{
	struct lf_slice other, own = lf_say_own(arn, account, &other);

	if (other.len > 0) {
		lf_buf_add(out, other.s, other.len);
		lf_buf_putc(out, ':');
	}
	lf_buf_add(out, own.s, own.len);
}

bool
lf_say_has_actor(const struct lf_timeline_row *row)
{
	struct lf_slice a = row->v[LF_COL_ACTOR], p = row->v[LF_COL_PRINCIPAL];

	return a.len > 0 && (a.len != p.len || memcmp(a.s, p.s, a.len) != 0);
}

/* Appends a slice, or what is said where there is none. */
static void
word(struct lf_buf *out, struct lf_slice v, const char *none)
{
	if (v.len > 0)
		lf_buf_add(out, v.s, v.len);
	else
		lf_buf_puts(out, none);
}

void
lf_say_mark(const struct lf_timeline_row *row, struct lf_slice by, struct lf_buf *out)
{
	word(out, row->v[LF_COL_NAME], "");
	lf_buf_puts(out, " (gap: ");
	word(out, row->v[LF_COL_RESULT], "");
	lf_buf_putc(out, ')');
	if (by.len > 0) {
		lf_buf_puts(out, " by ");
		word(out, by, "");
	}
	lf_buf_puts(out, ": ");
	word(out, row->v[LF_COL_ACCOUNT], "unknown account");
	lf_buf_putc(out, ' ');
	word(out, row->v[LF_COL_REGION], "unknown region");
	lf_buf_puts(out, " trail ");
	word(out, row->v[LF_COL_RESOURCES], "unknown");
}

void
lf_say_sentence(const struct lf_timeline_row *row, struct lf_buf *out)
{
	if (row->mark) {
		lf_say_mark(row, row->v[LF_COL_PRINCIPAL], out);
		return;
	}
	if (lf_say_has_actor(row)) {
		word(out, row->v[LF_COL_ACTOR], "");
		lf_buf_puts(out, " as ");
	}
	word(out, row->v[LF_COL_PRINCIPAL], "unknown principal");
	lf_buf_putc(out, ' ');
	word(out, row->v[LF_COL_SOURCE], "unknown service");
	lf_buf_putc(out, ' ');
	word(out, row->v[LF_COL_NAME], "unknown event");
	if (row->v[LF_COL_RESULT].len > 0) {
		lf_buf_putc(out, ' ');
		word(out, row->v[LF_COL_RESULT], "");
	}
	if (row->v[LF_COL_SOURCE_IP].len > 0) {
		lf_buf_puts(out, " from ");
		word(out, row->v[LF_COL_SOURCE_IP], "");
	}
}

bool
lf_say_next_place(struct lf_slice *rest, struct lf_slice *locator, struct lf_slice *index)
{
	const char *end, *hash;

	if (rest->len == 0)
		return false;
	end = memchr(rest->s, '\0', rest->len);
	*locator = (struct lf_slice){rest->s, end == NULL ? rest->len : (size_t)(end - rest->s)};
	*rest = lf_slice_behind(*rest, locator->len + (end != NULL));
	hash = locator->len == 0 ? NULL : memrchr(locator->s, '#', locator->len);
	*index = (struct lf_slice){"", 0};
	if (hash != NULL) {
		*index = lf_slice_behind(*locator, (size_t)(hash - locator->s) + 1);
		locator->len = (size_t)(hash - locator->s);
	}
	return true;
}

struct lf_slice
lf_say_value(const struct lf_timeline_row *row, enum lf_column c, struct lf_buf *scratch)
{
	struct lf_slice v = row->v[c];

	if (c != LF_COL_ALSO_IN || v.len == 0 || memchr(v.s, '\0', v.len) == NULL)
		return v;
	lf_buf_reset(scratch);
	for (size_t i = 0; i < v.len; i++)
		lf_buf_add(scratch, v.s[i] == '\0' ? "; " : v.s + i, v.s[i] == '\0' ? 2 : 1);
	return (struct lf_slice){lf_buf_str(scratch), scratch->failed ? 0 : scratch->len};
}

const char *
lf_say_unproven(void)
{
	return "give -m with the signatures of the newest digests, and -k with all keys; trail-verify names what is lacking";
}

int64_t
lf_say_day(int64_t time)
{
	return time == LF_TIME_NONE ? LF_TIME_NONE : time / DAY - (time % DAY < 0);
}
