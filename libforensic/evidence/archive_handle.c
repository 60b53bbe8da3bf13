#include "evidence/archive_handle.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "forensic.h"

#define ZIP_END_LEN 22 /* the end of central directory record without its comment */
#define BZIP2_STEP  ((size_t)4 << 10) /* 40 bytes of bzip2 can become 45 MB: so little between two looks at the ratio */

typedef int setup_fn(struct archive *a);

int
lf_handle_base(const struct lf_handle *h)
{
	return archive_format(h->a) & ARCHIVE_FORMAT_BASE_MASK;
}

int
lf_handle_filters(const struct lf_handle *h)
{
	return archive_filter_count(h->a) - 1; /* the last is the file itself */
}

const char *
lf_handle_error(const struct lf_handle *h)
{
	const char *text = archive_error_string(h->a);

	if (text != NULL)
		return text;
	return h->at >= h->size ? "its data end early" : "no reason given";
}

uint64_t
lf_handle_inner(const struct lf_handle *h)
{
	la_int64_t n = archive_filter_bytes(h->a, 0);

	return n < 0 ? 0 : (uint64_t)n;
}

uint64_t
lf_handle_outer(const struct lf_handle *h)
{
	la_int64_t n = archive_filter_bytes(h->a, -1);

	return n < 0 ? 0 : (uint64_t)n;
}

bool
lf_handle_over_ratio(const struct lf_handle *h)
{
	uint64_t out = h->inflated, in = h->got < h->size ? h->got : h->size;

	if (lf_handle_filters(h) > 0 && lf_handle_inner(h) > out)
		out = lf_handle_inner(h);
	return out > LF_RATIO_FREE && out / LF_RATIO_MAX >= in;
}

/* ---- Reading the file ---- */

/* The ratio is looked at here too, since libarchive passes over entries and empty blocks on its own. */
static la_ssize_t
read_block(struct archive *a, void *arg, const void **out)
{
	struct lf_handle *h = arg;
	size_t step = archive_filter_code(a, 0) == ARCHIVE_FILTER_BZIP2 ? BZIP2_STEP : sizeof(h->block);
	ssize_t n;

	if (h->opened && lf_handle_over_ratio(h)) {
		h->over = true;
		archive_set_error(a, EFBIG, "over the ratio cap");
		return -1;
	}
	do
		n = pread(h->fd, h->block, step, (off_t)h->at);
	while (n < 0 && errno == EINTR);
	if (n < 0) {
		archive_set_error(a, errno, "cannot be read at byte %llu", (unsigned long long)h->at);
		return -1;
	}
	h->at += (uint64_t)n;
	h->got += (uint64_t)n;
	*out = h->block;
	return n;
}

static la_int64_t
skip_bytes(struct archive *a, void *arg, la_int64_t request)
{
	struct lf_handle *h = arg;
	uint64_t left = h->at < h->size ? h->size - h->at : 0;
	uint64_t n = request < 0 ? 0 : (uint64_t)request;

	(void)a;
	if (n > left)
		n = left;
	h->at += n;
	return (la_int64_t)n;
}

static la_int64_t
seek_to(struct archive *a, void *arg, la_int64_t offset, int whence)
{
	struct lf_handle *h = arg;
	uint64_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? h->at : h->size;
	la_int64_t to;

	(void)a;
	if (__builtin_add_overflow((la_int64_t)base, offset, &to) || to < 0)
		return ARCHIVE_FATAL;
	h->at = (uint64_t)to;
	return to;
}

/* ---- Opening ---- */

/* Registers a filter only when libarchive has it built in: else it would run an outside program. */
static int
add_filter(struct archive *a, setup_fn *filter)
{
	struct archive *probe = archive_read_new();
	int rc;

	if (probe == NULL)
		return -1;
	rc = filter(probe);
	archive_read_free(probe);
	return rc == ARCHIVE_OK && filter(a) != ARCHIVE_OK ? -1 : 0;
}

/* A handle for the formats and filters that evidence comes in; NULL when memory is out. */
static struct archive *
new_handle(void)
{
	static setup_fn *const formats[] = {archive_read_support_format_tar, archive_read_support_format_zip,
	    archive_read_support_format_7zip, archive_read_support_format_cpio,
	    archive_read_support_format_iso9660, archive_read_support_format_xar,
	    archive_read_support_format_ar, archive_read_support_format_cab, archive_read_support_format_lha,
	    archive_read_support_format_rar, archive_read_support_format_rar5};
	static setup_fn *const filters[] = {archive_read_support_filter_gzip,
	    archive_read_support_filter_bzip2, archive_read_support_filter_compress,
	    archive_read_support_filter_xz, archive_read_support_filter_lzma,
	    archive_read_support_filter_lzip, archive_read_support_filter_zstd,
	    archive_read_support_filter_lz4};
	struct archive *a = archive_read_new();
	bool ok = a != NULL;

	for (size_t i = 0; ok && i < sizeof(formats) / sizeof(formats[0]); i++)
		ok = formats[i](a) != ARCHIVE_FATAL; /* less than that: a format that is not built in */
	for (size_t i = 0; ok && i < sizeof(filters) / sizeof(filters[0]); i++)
		ok = add_filter(a, filters[i]) == 0;
	if (ok)
		ok = archive_read_set_format_option(a, "tar", "read_concatenated_archives", "1") == ARCHIVE_OK;
	if (!ok) {
		archive_read_free(a);
		a = NULL;
	}
	return a;
}

/* Opens the file with locale as this thread's. */
static int
open_here(struct lf_handle *h)
{
	if ((h->a = new_handle()) == NULL || (h->entry = archive_entry_new2(h->a)) == NULL)
		return -1;
	archive_read_set_read_callback(h->a, read_block);
	archive_read_set_skip_callback(h->a, skip_bytes);
	archive_read_set_seek_callback(h->a, seek_to);
	archive_read_set_callback_data(h->a, h);
	if (archive_read_open1(h->a) < ARCHIVE_WARN)
		return archive_errno(h->a) == ENOMEM ? -1 : 0;
	h->opened = true;
	h->first = ARCHIVE_FATAL;
	if (lf_handle_filters(h) <= LF_HANDLE_FILTERS)
		h->first = lf_handle_next(h);
	return 1;
}

static int
open_in_locale(struct lf_handle *h, const char *name)
{
	locale_t before;
	int rc;

	h->locale = newlocale(LC_CTYPE_MASK, name, (locale_t)0);
	if (h->locale == (locale_t)0)
		return errno == ENOMEM ? -1 : 0;
	before = uselocale(h->locale);
	rc = open_here(h);
	uselocale(before);
	return rc;
}

void
lf_handle_close(struct lf_handle *h)
{
	archive_entry_free(h->entry);
	archive_read_free(h->a);
	h->entry = NULL;
	h->a = NULL;
	if (h->locale != (locale_t)0)
		freelocale(h->locale);
	h->locale = (locale_t)0;
	h->at = h->got = 0;
	h->opened = false;
}

/*
 * The process's locale must not matter, and names should come out as they are stored.  Most formats state
 * how a name is encoded, and libarchive gives UTF-8 in a UTF-8 locale; those of tar and cpio are bytes,
 * which come out untouched only in the locale "C".
 */
int
lf_handle_open(struct lf_handle *h, int fd)
{
	struct stat st;
	int rc, base;
	bool again;

	memset(h, 0, offsetof(struct lf_handle, block));
	h->fd = fd;
	if (fstat(fd, &st) != 0)
		return 0;
	h->size = (uint64_t)st.st_size;
	rc = open_in_locale(h, "C.UTF-8");
	base = rc == 1 ? lf_handle_base(h) : 0;
	again = rc == 0 && h->locale == (locale_t)0; /* a system without that locale */
	if (!again && base != ARCHIVE_FORMAT_TAR && base != ARCHIVE_FORMAT_CPIO)
		return rc;
	lf_handle_close(h);
	return open_in_locale(h, "C");
}

int
lf_handle_next(struct lf_handle *h)
{
	return archive_read_next_header2(h->a, h->entry);
}

void
lf_handle_pass_over(struct lf_handle *h)
{
	int base = lf_handle_base(h);
	int rc = ARCHIVE_OK;
	const void *bytes;
	size_t n;
	la_int64_t offset;

	if (base == ARCHIVE_FORMAT_TAR || base == ARCHIVE_FORMAT_CPIO || base == ARCHIVE_FORMAT_AR ||
	    base == ARCHIVE_FORMAT_ISO9660) /* what may inflate here is the filter, on which read_block() looks */
		return;
	while ((rc == ARCHIVE_OK || rc == ARCHIVE_WARN) && !lf_handle_over_ratio(h)) {
		n = 0;
		rc = archive_read_data_block(h->a, &bytes, &n, &offset);
		h->inflated += n;
	}
}

/* ---- The end ---- */

bool
lf_handle_more(struct lf_handle *h, uint64_t at)
{
	ssize_t n;

	while ((n = pread(h->fd, h->block, sizeof(h->block), (off_t)at)) > 0) {
		if (h->block[0] != 0 || memcmp(h->block, h->block + 1, (size_t)n - 1) != 0)
			return true;
		at += (uint64_t)n;
	}
	return false;
}

bool
lf_handle_zip_end(const struct lf_handle *h)
{
	uint64_t want = ZIP_END_LEN + UINT16_MAX;
	uint64_t from = h->size > want ? h->size - want : 0;
	unsigned char *tail = malloc((size_t)(h->size - from) + 1);
	ssize_t n = tail == NULL ? -1 : pread(h->fd, tail, (size_t)(h->size - from), (off_t)from);
	bool found = tail == NULL;

	for (ssize_t i = n - ZIP_END_LEN; i >= 0 && !found; i--)
		found = memcmp(tail + i, "PK\5\6", 4) == 0 && tail[i + 20] + 256 * tail[i + 21] <= n - i - ZIP_END_LEN;
	free(tail);
	return found;
}
