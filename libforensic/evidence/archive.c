/*
 * libarchive says of hostile input that memory is out as readily as that it is damaged, so what it says is
 * a problem of the archive; -1 is for allocations of our own and of a handle.
 *
 * A tar is read to the end of its data, past end marks: what was appended behind one is evidence too.
 */
#include "evidence/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>

#include "evidence/archive_entry.h"
#include "evidence/archive_handle.h"

#define TAR_BLOCK    512
#define RESERVE_MAX  ((int64_t)4 << 20) /* room made on the word of a header */

struct lf_archive {
	struct lf_handle h;
	uint64_t kept;   /* bytes of entries handed out */
	bool ended;
	bool mark_seen;  /* tar: an end mark stands behind the last entry */
	bool is_pending; /* a header was read ahead ... */
	int pending;     /* ... with this result */
	struct lf_buf format;
};

/* ---- Opening ---- */

/* Describes the format, which the first header has settled, and the compression around it. */
static void
describe(struct lf_archive *ar)
{
	const char *name = archive_format_name(ar->h.a);

	lf_buf_puts(&ar->format, name == NULL ? "archive" : name);
	for (int i = 0; i < lf_handle_filters(&ar->h); i++)
		lf_buf_printf(&ar->format, ", %s", lf_handle_filter_name(&ar->h, i));
}

int
lf_archive_open(int fd, struct lf_archive **out, struct lf_err *err)
{
	struct lf_archive *ar = calloc(1, sizeof(*ar));
	int rc;

	*out = NULL;
	if (ar == NULL)
		return lf_err_nomem(err);
	lf_buf_init(&ar->format);
	rc = lf_handle_open(&ar->h, fd);
	if (rc == 1) {
		ar->is_pending = true;
		ar->pending = ar->h.first;
		describe(ar);
		if (ar->format.failed)
			rc = -1;
	}
	if (rc == 1)
		*out = ar;
	else
		lf_archive_free(ar);
	return rc < 0 ? lf_err_nomem(err) : 0;
}

void
lf_archive_free(struct lf_archive *a)
{
	if (a == NULL)
		return;
	lf_handle_close(&a->h);
	lf_buf_free(&a->format);
	free(a);
}

const char *
lf_archive_format(const struct lf_archive *a)
{
	return lf_buf_str(&a->format);
}

/* The problem of an archive that cannot be read on. */
static void
put_end(struct lf_archive *ar, struct lf_item *item)
{
	ar->ended = true;
	if (ar->h.over || lf_handle_over_ratio(&ar->h))
		lf_buf_printf(&item->problem, "the archive inflates to more than %d times its size by byte %llu of "
		    "the file; not read any further", LF_RATIO_MAX, (unsigned long long)lf_handle_outer(&ar->h));
	else
		lf_buf_printf(&item->problem, "the archive is cut or damaged at byte %llu of the file: %s",
		    (unsigned long long)lf_handle_outer(&ar->h), lf_handle_error(&ar->h));
}

/* ---- Bytes ---- */

/* Why bytes are not taken in. */
enum take { TAKE_OK, TAKE_LARGE, TAKE_END, TAKE_ORDER };

/*
 * Takes n bytes of an entry that begin at offset; zeros fill a hole before them.  Only tar has holes; with
 * other formats libarchive's offsets are not to be trusted (those of xar go on from entry to entry).
 */
static enum take
take_bytes(struct lf_archive *ar, const struct lf_limits *limits, struct lf_item *item, const void *bytes,
    size_t n, la_int64_t offset)
{
	struct lf_buf *b = &item->stored;
	uint64_t end;
	char *at;

	if (lf_handle_base(&ar->h) != ARCHIVE_FORMAT_TAR)
		offset = (la_int64_t)b->len;
	if (offset < 0 || (uint64_t)offset < b->len || __builtin_add_overflow((uint64_t)offset, n, &end))
		return TAKE_ORDER;
	if (end > limits->max_object)
		return TAKE_LARGE;
	ar->h.inflated += end - b->len;
	ar->kept += end - b->len;
	if (lf_handle_over_ratio(&ar->h) || (limits->max_total > 0 && ar->kept > limits->max_total))
		return TAKE_END;
	if ((uint64_t)offset > b->len && (at = lf_buf_reserve(b, (size_t)offset - b->len)) != NULL) {
		memset(at, 0, (size_t)offset - b->len);
		b->len = (size_t)offset;
	}
	lf_buf_add(b, bytes, n);
	return TAKE_OK;
}

/*
 * Reads the entry's bytes until they end or something is wrong.  Returns libarchive's last result; a warning is
 * one, since here it is that of a checksum.
 */
static int
read_blocks(struct lf_archive *ar, const struct lf_limits *limits, struct lf_item *item, enum take *take)
{
	const void *bytes;
	size_t n;
	la_int64_t offset;
	int rc;

	*take = TAKE_OK;
	if (lf_entry_has_size(ar->h.entry))
		lf_buf_reserve(&item->stored, (size_t)(archive_entry_size(ar->h.entry) < RESERVE_MAX ?
		    archive_entry_size(ar->h.entry) : RESERVE_MAX));
	do {
		bytes = NULL;
		n = 0;
		offset = 0;
		rc = archive_read_data_block(ar->h.a, &bytes, &n, &offset);
		if (rc == ARCHIVE_EOF && offset > 0 && (uint64_t)offset > item->stored.len)
			*take = take_bytes(ar, limits, item, "", 0, offset); /* a hole at the end */
		else if (rc >= ARCHIVE_WARN && n > 0)
			*take = take_bytes(ar, limits, item, bytes, n, offset);
	} while (rc == ARCHIVE_OK && *take == TAKE_OK && !item->stored.failed);
	return rc;
}

/* Passes over an entry that is too large; where that meets the ratio cap, it is the end. */
static void
pass_over(struct lf_archive *ar, struct lf_item *item)
{
	lf_handle_pass_over(&ar->h);
	if (!lf_handle_over_ratio(&ar->h))
		return;
	lf_buf_reset(&item->problem);
	put_end(ar, item);
}

/* Says why the bytes taken so far are not all. */
static void
put_take_problem(struct lf_archive *ar, const struct lf_limits *limits, enum take take, struct lf_item *item)
{
	if (take == TAKE_ORDER) {
		lf_buf_puts(&item->problem, "damaged: its data are out of order");
	} else if (take == TAKE_LARGE) {
		lf_buf_printf(&item->problem, "is larger than the cap on one object (%llu bytes)",
		    (unsigned long long)limits->max_object);
		pass_over(ar, item);
	} else if (lf_handle_over_ratio(&ar->h)) {
		put_end(ar, item);
	} else {
		ar->ended = true;
		lf_buf_printf(&item->problem, "the archive holds more than the cap of %llu bytes; not read any further",
		    (unsigned long long)limits->max_total);
	}
}

/* Reads the bytes of the entry whose name is in item. */
static void
read_entry(struct lf_archive *ar, const struct lf_limits *limits, struct lf_item *item)
{
	enum take take;
	int rc = read_blocks(ar, limits, item, &take);
	bool all = lf_entry_has_size(ar->h.entry) && item->stored.len == (uint64_t)archive_entry_size(ar->h.entry);

	if (take != TAKE_OK) {
		put_take_problem(ar, limits, take, item);
	} else if (rc == ARCHIVE_FATAL && all) { /* the trouble is in the padding: told with the next item */
		ar->is_pending = true;
		ar->pending = rc;
	} else if (rc == ARCHIVE_FATAL) {
		put_end(ar, item);
	} else if (rc != ARCHIVE_EOF && !item->stored.failed) {
		lf_buf_printf(&item->problem, "damaged: %s", lf_handle_error(&ar->h));
	} else if (lf_entry_has_size(ar->h.entry) && !all) {
		lf_buf_printf(&item->problem, "damaged: ends after %zu of %lld bytes", item->stored.len,
		    (long long)archive_entry_size(ar->h.entry));
	}
}

/* Fills item from the newest header.  Returns whether there is anything to hand out. */
static bool
put_entry(struct lf_archive *ar, const struct lf_limits *limits, struct lf_item *item)
{
	ar->mark_seen = false;
	lf_entry_name(ar->h.entry, item);
	if (lf_entry_is_folder(ar->h.entry, item)) {
		lf_item_reset(item);
		return false;
	}
	lf_entry_xattrs(ar->h.entry, item);
	if (archive_entry_mtime_is_set(ar->h.entry))
		item->mtime = archive_entry_mtime(ar->h.entry);
	if (item->problem.len == 0)
		lf_entry_judge(ar->h.entry, limits, item);
	if (item->problem.len == 0)
		read_entry(ar, limits, item);
	else if (lf_entry_has_size(ar->h.entry) && (uint64_t)archive_entry_size(ar->h.entry) > limits->max_object)
		pass_over(ar, item);
	item->read = item->problem.len == 0;
	return true;
}

/* ---- The end, and what libarchive passes over in silence ---- */

/* Bytes of empty blocks that the newest header was looked for behind. */
static uint64_t
empty_bytes(const struct lf_archive *ar)
{
	la_int64_t from = archive_read_header_position(ar->h.a);

	return from < 0 || (uint64_t)from > lf_handle_inner(&ar->h) ? 0 : lf_handle_inner(&ar->h) - (uint64_t)from;
}

/* Looks at how the archive ends.  Returns whether there is a last item to hand out. */
static bool
finish(struct lf_archive *ar, struct lf_item *item)
{
	int base = lf_handle_base(&ar->h);
	unsigned long long place = lf_handle_outer(&ar->h);

	ar->ended = true;
	if (base == ARCHIVE_FORMAT_TAR && !ar->mark_seen && empty_bytes(ar) < 2 * TAR_BLOCK)
		lf_buf_printf(&item->problem, "the archive ends without its end mark at byte %llu of the file", place);
	else if (base == ARCHIVE_FORMAT_ZIP && lf_handle_filters(&ar->h) == 0 && !lf_handle_zip_end(&ar->h))
		lf_buf_puts(&item->problem, "the archive is cut or damaged: the end of its central directory is missing");
	else if ((base == ARCHIVE_FORMAT_TAR || (base == ARCHIVE_FORMAT_CPIO && lf_handle_filters(&ar->h) == 0)) &&
	    lf_handle_more(&ar->h, place))
		lf_buf_printf(&item->problem, "%llu bytes behind the end of the archive, at byte %llu of the file, "
		    "not read", (unsigned long long)ar->h.size - place, place);
	return item->problem.len > 0;
}

/*
 * Goes on to the next header that is one.  libarchive searches a tar block by block; what lies between is
 * told as one item.
 */
static void
put_search(struct lf_archive *ar, struct lf_item *item)
{
	uint64_t behind = lf_handle_inner(&ar->h), from = behind - (behind < TAR_BLOCK ? behind : TAR_BLOCK);
	uint64_t to = behind, before;

	ar->mark_seen = ar->mark_seen || empty_bytes(ar) >= 3 * TAR_BLOCK;
	do {
		before = lf_handle_inner(&ar->h);
		ar->pending = lf_handle_next(&ar->h);
		if (ar->pending == ARCHIVE_RETRY)
			to = lf_handle_inner(&ar->h);
	} while (ar->pending == ARCHIVE_RETRY && lf_handle_inner(&ar->h) > before);
	if (ar->pending == ARCHIVE_RETRY)
		ar->pending = ARCHIVE_FATAL;
	ar->is_pending = true;
	lf_buf_printf(&item->problem, "damaged: no valid header in %llu bytes at byte %llu of the %sarchive",
	    (unsigned long long)(to - from), (unsigned long long)from, lf_handle_filters(&ar->h) > 0 ? "unpacked " : "");
}

/* Reads the next header, or takes the one that was read ahead. */
static int
next_header(struct lf_archive *ar)
{
	if (!ar->is_pending)
		return lf_handle_next(&ar->h);
	ar->is_pending = false;
	return ar->pending;
}

/* Makes an item of the next header.  Returns whether there is one to hand out. */
static bool
step(struct lf_archive *ar, const struct lf_limits *limits, struct lf_item *item)
{
	uint64_t before = lf_handle_inner(&ar->h);
	bool ahead = ar->is_pending;
	int rc = next_header(ar);

	if (lf_handle_filters(&ar->h) > LF_HANDLE_FILTERS) {
		ar->ended = true;
		lf_buf_printf(&item->problem, "compressed %d times over: not read", lf_handle_filters(&ar->h));
		return true;
	}
	switch (rc) {
	case ARCHIVE_OK:
	case ARCHIVE_WARN:
		return put_entry(ar, limits, item);
	case ARCHIVE_EOF:
		return finish(ar, item);
	case ARCHIVE_RETRY:
		put_search(ar, item);
		return true;
	case ARCHIVE_FAILED:
		if (ahead || lf_handle_inner(&ar->h) > before) {
			lf_entry_name(ar->h.entry, item);
			lf_buf_printf(&item->problem, "damaged: %s", lf_handle_error(&ar->h));
			return true;
		}
		__attribute__((fallthrough)); /* no way forward */
	default:
		put_end(ar, item);
		return true;
	}
}

int
lf_archive_next(struct lf_archive *a, const struct lf_limits *limits, struct lf_item *item, struct lf_err *err)
{
	locale_t before = uselocale(a->h.locale);
	int rc = 0;

	lf_item_reset(item);
	while (rc == 0 && !a->ended)
		rc = step(a, limits, item);
	uselocale(before);
	if (item->path.failed || item->stored.failed || item->problem.failed || item->signature.failed ||
	    item->backfill.failed)
		return lf_err_nomem(err);
	if (!item->read)
		lf_buf_reset(&item->stored);
	return rc;
}

void
lf_archive_library(struct lf_buf *out)
{
	int v = archive_version_number();

	lf_buf_printf(out, "libarchive %d.%d.%d", v / 1000000, v / 1000 % 1000, v % 1000);
}
