#include "report/timeline_who.h"

#include <string.h>

#include "report/timeline_say.h"

/* Parts of a name: "111122223333:assumed-role/Role/session (by session name)". */
struct who {
	struct lf_slice account; /* of another account than the row's */
	struct lf_slice front;   /* "assumed-role/", or nothing */
	struct lf_slice path;    /* "Role/", or nothing; of others than sessions it belongs to last */
	struct lf_slice last;    /* "session", "user/alice" */
	struct lf_slice note;    /* " (by session name)" */
};

/* How much of a name is left out. */
enum level { WHOLE, SHORT_ACCOUNT, NO_FRONT, NO_ROLE, NO_NOTE, LEVELS };

/* Takes what stands from a word on off a name. */
static struct lf_slice
take_from(struct lf_slice *name, const char *word)
{
	const char *at = name->len == 0 ? NULL : memmem(name->s, name->len, word, strlen(word));
	struct lf_slice rest = {name->s + name->len, 0};

	if (at == NULL || at == name->s)
		return rest;
	rest = lf_slice_behind(*name, (size_t)(at - name->s));
	name->len -= rest.len;
	return rest;
}

static struct lf_slice
take_front(struct lf_slice *name, size_t n)
{
	struct lf_slice front = {name->s, n};

	*name = lf_slice_behind(*name, n);
	return front;
}

static struct who
parts_of(struct lf_slice name, struct lf_slice account, bool notes)
{
	static const char *const marks[] = {"unknown issuer", "cycle of sessions"}, session[] = "assumed-role/";
	struct who w = {.note = {"", 0}};
	struct lf_slice dir;

	for (size_t i = 0; notes && i < 2; i++)
		if (lf_slice_starts(name, marks[i])) {
			w.last = take_front(&name, strlen(marks[i]));
			w.note = name;
			return w;
		}
	w.last = lf_say_own(name, account, &w.account);
	if (notes) {
		w.note = take_from(&w.last, " (");
		if (w.note.len == 0)
			w.note = take_from(&w.last, " via ");
	}
	if (lf_slice_starts(w.last, session)) {
		w.front = take_front(&w.last, sizeof(session) - 1);
		dir = w.last;
		lf_slice_take_last(&dir);
		if (dir.len > 0)
			w.path = take_front(&w.last, dir.len + 1);
	}
	return w;
}

static void
add(struct lf_buf *out, struct lf_slice v)
{
	lf_buf_add(out, v.s, v.len);
}

static const char *
dots(const struct lf_write_opts *o)
{
	return o->ascii ? "~" : "…";
}

static void
put_account(const struct lf_write_opts *o, struct lf_slice account, enum level level, struct lf_buf *out)
{
	if (account.len == 0)
		return;
	if (level == WHOLE || account.len <= 5) {
		add(out, account);
	} else {
		lf_buf_puts(out, dots(o));
		if (level < NO_NOTE)
			add(out, lf_slice_behind(account, account.len - 4));
	}
	lf_buf_putc(out, ':');
}

/* A name at a level. */
static void
put(const struct lf_write_opts *o, const struct who *w, enum level level, struct lf_buf *out)
{
	struct lf_slice last;

	put_account(o, w->account, level, out);
	if (level < NO_FRONT) {
		add(out, w->front);
	} else if (w->front.len > 0) {
		lf_buf_puts(out, dots(o));
		lf_buf_putc(out, '/');
	}
	if (level < NO_ROLE)
		add(out, w->path);
	last = level < NO_FRONT ? w->last : lf_say_service(w->last);
	add(out, last);
	if (last.len < w->last.len)
		lf_buf_puts(out, dots(o));
	if (level < NO_NOTE)
		add(out, w->note);
}

static struct lf_slice
text(const struct lf_buf *b)
{
	return (struct lf_slice){lf_buf_str(b), b->failed ? 0 : b->len};
}

/* Whether a name fits at a level; then it is in out. */
static bool
fits(const struct lf_write_opts *o, const struct who *w, enum level level, size_t width, struct lf_buf *out)
{
	lf_buf_reset(out);
	put(o, w, level, out);
	return lf_cell_columns(text(out)) <= width;
}

/*
 * Where a name that has no more to leave out is cut: what stands behind a slash tells more than what stands before it.
 */
static enum lf_cut
cut_of(const struct who *w)
{
	return w->last.len > 0 && memchr(w->last.s, '/', w->last.len) != NULL ? LF_CUT_START : LF_CUT_MIDDLE;
}

/* What no level makes short enough.  A session that fits keeps its end whole, with as much of the role as goes. */
static void
cut_name(const struct lf_write_opts *o, const struct who *w, size_t width, struct lf_buf *out)
{
	bool session = w->front.len > 0 && fits(o, w, NO_NOTE, width, out);
	struct lf_buf name;

	lf_buf_init(&name);
	lf_buf_reset(out);
	if (session) {
		put_account(o, w->account, NO_NOTE, &name);
		lf_buf_add(out, lf_buf_str(&name), name.len);
		width -= lf_cell_columns(text(&name));
		lf_buf_reset(&name);
		add(&name, w->front);
		add(&name, w->path);
		add(&name, w->last);
		lf_cell(o, text(&name), width, false, LF_CUT_START, out);
	} else {
		put(o, w, w->front.len > 0 ? NO_ROLE : NO_NOTE, &name);
		lf_cell(o, text(&name), width, false, cut_of(w), out);
	}
	out->failed |= name.failed;
	lf_buf_free(&name);
}

static void
name_within(const struct lf_write_opts *o, const struct who *w, size_t width, struct lf_buf *out)
{
	for (enum level i = WHOLE; i < NO_ROLE; i++)
		if (fits(o, w, i, width, out))
			return;
	cut_name(o, w, width, out);
}

void
lf_who_name(const struct lf_write_opts *o, struct lf_slice name, struct lf_slice account, size_t width,
    struct lf_buf *out)
{
	struct who w = parts_of(name, account, true);

	name_within(o, &w, width, out);
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static const char *
arrow(const struct lf_write_opts *o)
{
	return o->ascii ? " > " : " › ";
}

/* "ROOT › PRINCIPAL", each at a level. */
static bool
both_fit(const struct lf_write_opts *o, const struct who *root, enum level a, const struct who *w, enum level b,
    size_t width, struct lf_buf *out)
{
	lf_buf_reset(out);
	put(o, root, a, out);
	lf_buf_puts(out, arrow(o));
	put(o, w, b, out);
	return lf_cell_columns(text(out)) <= width;
}

/* What no level makes short enough: the root whole and the start of the session, or the root alone, or cut. */
static void
cut_both(const struct lf_write_opts *o, const struct who *root, const struct who *w, size_t width, struct lf_buf *out)
{
	struct lf_buf a, b;
	size_t took, rest;

	lf_buf_init(&a);
	lf_buf_init(&b);
	put(o, root, NO_NOTE, &a);
	put(o, w, NO_ROLE, &b);
	took = lf_cell_columns(text(&a));
	rest = took + 4 <= width ? width - took - 3 : 0;
	lf_buf_reset(out);
	lf_cell(o, text(&a), rest > 0 ? took : least(took, width < 3 ? width : width - 2), false, cut_of(root), out);
	if (rest > 0 || width > 2)
		lf_buf_add(out, arrow(o), strlen(arrow(o)) - (rest == 0));
	if (rest > 0 && rest < 4 && lf_cell_columns(text(&b)) > rest)
		lf_buf_puts(out, dots(o));
	else
		lf_cell(o, text(&b), least(rest, lf_cell_columns(text(&b))), false, LF_CUT_END, out);
	out->failed |= a.failed || b.failed;
	lf_buf_free(&a);
	lf_buf_free(&b);
}

void
lf_who(const struct lf_write_opts *o, const struct lf_timeline_row *row, struct lf_buf *out)
{
	if (lf_say_has_actor(row)) {
		lf_say_principal(row->v[LF_COL_ACTOR], row->v[LF_COL_ACCOUNT], out);
		lf_buf_puts(out, arrow(o));
	}
	lf_say_principal(row->v[LF_COL_PRINCIPAL], row->v[LF_COL_ACCOUNT], out);
}

size_t
lf_who_columns(const struct lf_write_opts *o, const struct lf_timeline_row *row)
{
	struct who w = parts_of(row->v[LF_COL_PRINCIPAL], row->v[LF_COL_ACCOUNT], false), root;
	struct lf_buf shown;
	size_t columns;

	lf_buf_init(&shown);
	if (lf_say_has_actor(row)) {
		root = parts_of(row->v[LF_COL_ACTOR], row->v[LF_COL_ACCOUNT], true);
		put(o, &root, SHORT_ACCOUNT, &shown);
		lf_buf_puts(&shown, arrow(o));
	}
	put(o, &w, NO_FRONT, &shown);
	columns = lf_cell_columns(text(&shown));
	lf_buf_free(&shown);
	return columns;
}

void
lf_who_within(const struct lf_write_opts *o, const struct lf_timeline_row *row, size_t width, struct lf_buf *out)
{
	static const enum level levels[][2] = {{WHOLE, WHOLE}, {SHORT_ACCOUNT, SHORT_ACCOUNT}, {SHORT_ACCOUNT, NO_FRONT},
	    {SHORT_ACCOUNT, NO_ROLE}, {NO_FRONT, NO_ROLE}, {NO_NOTE, NO_ROLE}};
	struct who w = parts_of(row->v[LF_COL_PRINCIPAL], row->v[LF_COL_ACCOUNT], false), root;

	if (!lf_say_has_actor(row)) {
		name_within(o, &w, width, out);
		return;
	}
	root = parts_of(row->v[LF_COL_ACTOR], row->v[LF_COL_ACCOUNT], true);
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		if (both_fit(o, &root, levels[i][0], &w, levels[i][1], width, out))
			return;
	cut_both(o, &root, &w, width, out);
}
