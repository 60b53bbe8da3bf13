#include "evidence/archive_handle.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "forensic.h"

#define ZIP_END_LEN 22 /* the end of central directory record without its comment */

typedef int setup_fn(struct archive *a);

int
lf_handle_base(const struct lf_handle *h)
{
	return archive_format(h->a) & ARCHIVE_FORMAT_BASE_MASK;
}

/* The last filter of a handle is what it reads from. */
static int
filters_of(struct archive *a)
{
	return a == NULL ? 0 : archive_filter_count(a) - 1;
}

int
lf_handle_filters(const struct lf_handle *h)
{
	return filters_of(h->packed) + filters_of(h->a);
}

const char *
lf_handle_filter_name(const struct lf_handle *h, int i)
{
	int n = filters_of(h->packed);
	const char *name = i < n ? archive_filter_name(h->packed, i) : archive_filter_name(h->a, i - n);

	return name == NULL ? "compressed" : name;
}

static const char *
error_of(const struct lf_handle *h, struct archive *a)
{
	const char *text = archive_error_string(a);

	if (text != NULL)
		return text;
	return h->at >= h->size ? "its data end early" : "no reason given";
}

const char *
lf_handle_error(const struct lf_handle *h)
{
	return error_of(h, h->a);
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
	la_int64_t n = archive_filter_bytes(h->packed != NULL ? h->packed : h->a, -1);

	return n < 0 ? 0 : (uint64_t)n;
}

bool
lf_handle_over_ratio(const struct lf_handle *h)
{
	uint64_t out = h->inflated > h->unpacked ? h->inflated : h->unpacked;
	uint64_t in = h->got < h->size ? h->got : h->size;

	return out > LF_RATIO_FREE && out / LF_RATIO_MAX >= in;
}

/* ---- Reading the file ---- */

static la_ssize_t
read_file(struct archive *a, void *arg, const void **out)
{
	struct lf_handle *h = arg;
	ssize_t n;

	do
		n = pread(h->fd, h->block, sizeof(h->block), (off_t)h->at);
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

/* Gives the next block of what packed inflates. */
static la_ssize_t
read_packed(struct archive *a, void *arg, const void **out)
{
	struct lf_handle *h = arg;
	la_int64_t offset;
	size_t n = 0;
	int rc = ARCHIVE_OK;

	while (rc == ARCHIVE_OK && n == 0)
		rc = archive_read_data_block(h->packed, out, &n, &offset);
	if (rc == ARCHIVE_EOF)
		return 0;
	if (rc != ARCHIVE_OK) {
		archive_set_error(a, archive_errno(h->packed), "%s", error_of(h, h->packed));
		return -1;
	}
	h->unpacked += n;
	if (lf_handle_over_ratio(h)) {
		h->over = true;
		archive_set_error(a, EFBIG, "over the ratio cap");
		return -1;
	}
	return (la_ssize_t)n;
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

static int
add_filters(struct archive *a)
{
	static setup_fn *const filters[] = {archive_read_support_filter_gzip,
	    archive_read_support_filter_bzip2, archive_read_support_filter_compress,
	    archive_read_support_filter_xz, archive_read_support_filter_lzma,
	    archive_read_support_filter_lzip, archive_read_support_filter_zstd,
	    archive_read_support_filter_lz4};

	for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++)
		if (add_filter(a, filters[i]) != 0)
			return -1;
	return 0;
}

static int
add_formats(struct archive *a)
{
	static setup_fn *const formats[] = {archive_read_support_format_tar, archive_read_support_format_zip,
	    archive_read_support_format_7zip, archive_read_support_format_cpio,
	    archive_read_support_format_iso9660, archive_read_support_format_xar,
	    archive_read_support_format_ar, archive_read_support_format_cab, archive_read_support_format_lha,
	    archive_read_support_format_rar, archive_read_support_format_rar5};

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (formats[i](a) == ARCHIVE_FATAL) /* less than that: a format that is not built in */
			return -1;
	return archive_read_set_format_option(a, "tar", "read_concatenated_archives", "1") == ARCHIVE_OK ? 0 : -1;
}

/* Opens a: 1 when it knows the data, 0 when not, -1 when memory is out. */
static int
open_on(struct archive *a, struct lf_handle *h, archive_read_callback *reader)
{
	archive_read_set_read_callback(a, reader);
	if (reader == read_file) {
		archive_read_set_skip_callback(a, skip_bytes);
		archive_read_set_seek_callback(a, seek_to);
	}
	archive_read_set_callback_data(a, h);
	if (archive_read_open1(a) >= ARCHIVE_WARN)
		return 1;
	return archive_errno(a) == ENOMEM ? -1 : 0;
}

/* Opens h->packed when the file is compressed.  Returns as open_on(), and 1 also when it is not compressed. */
static int
open_packed(struct lf_handle *h)
{
	struct archive_entry *whole;
	int rc;

	h->packed = archive_read_new();
	if (h->packed == NULL || archive_read_support_format_raw(h->packed) != ARCHIVE_OK ||
	    add_filters(h->packed) != 0 || (whole = archive_entry_new2(h->packed)) == NULL)
		return -1;
	rc = open_on(h->packed, h, read_file);
	if (rc == 1 && filters_of(h->packed) > 0) {
		if (archive_read_next_header2(h->packed, whole) < ARCHIVE_WARN)
			rc = archive_errno(h->packed) == ENOMEM ? -1 : 0;
	} else if (rc == 1) {
		archive_read_free(h->packed);
		h->packed = NULL;
		h->at = h->got = 0;
	}
	archive_entry_free(whole);
	return rc;
}

/*
 * Opens the file with locale as this thread's.  The handle for the archive gets filters only to notice a
 * second compression.
 */
static int
open_here(struct lf_handle *h)
{
	int rc = open_packed(h);

	if (rc != 1)
		return rc;
	h->a = archive_read_new();
	if (h->a == NULL || add_formats(h->a) != 0 || (h->packed != NULL && add_filters(h->a) != 0) ||
	    (h->entry = archive_entry_new2(h->a)) == NULL)
		return -1;
	rc = open_on(h->a, h, h->packed != NULL ? read_packed : read_file);
	if (rc != 1)
		return rc;
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
	archive_read_free(h->packed);
	h->entry = NULL;
	h->a = h->packed = NULL;
	if (h->locale != (locale_t)0)
		freelocale(h->locale);
	h->locale = (locale_t)0;
	h->at = h->got = h->unpacked = 0;
	h->over = false;
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
	    base == ARCHIVE_FORMAT_ISO9660) /* what may inflate here is packed, and that is counted */
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
