/* Objects inside archives: every format, cut and damaged ones, hostile names, bombs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

#include "evidence/archive.h"
#include "chaos.h"
#include "scratch.h"

#define COUNT(a)   (sizeof(a) / sizeof((a)[0]))
#define MAX_SEEN   3000
#define TAR_BLOCK  512
#define MIB        ((size_t)1 << 20)

static const struct lf_limits plenty = {.max_object = LF_MAX_OBJECT};

/* ---- Making archives ---- */

struct thing {
	const char *path;
	const void *bytes;
	size_t len;
	mode_t type; /* 0 for a file */
	const char *hard, *soft; /* where a link leads */
	const char *xattr, *value;
	size_t hole; /* bytes of zeros in front of bytes, not stored */
};

typedef int setter(struct archive *a);

static void
write_thing(struct archive *a, const struct thing *t)
{
	struct archive_entry *e = archive_entry_new();

	archive_entry_set_pathname(e, t->path);
	archive_entry_set_filetype(e, t->type == 0 ? S_IFREG : t->type);
	archive_entry_set_perm(e, 0644);
	archive_entry_set_mtime(e, 1700000000, 0);
	archive_entry_set_size(e, (la_int64_t)(t->len + t->hole));
	if (t->hard != NULL)
		archive_entry_set_hardlink(e, t->hard);
	if (t->soft != NULL)
		archive_entry_set_symlink(e, t->soft);
	if (t->xattr != NULL)
		archive_entry_xattr_add_entry(e, t->xattr, t->value, strlen(t->value));
	if (t->hole > 0)
		archive_entry_sparse_add_entry(e, (la_int64_t)t->hole, (la_int64_t)t->len);
	assert_true(archive_write_header(a, e) >= ARCHIVE_WARN);
	if (t->hole > 0) {
		char *zeros = calloc(1, t->hole);

		assert_non_null(zeros);
		assert_true(archive_write_data(a, zeros, t->hole) >= 0);
		free(zeros);
	}
	assert_true(t->len == 0 || archive_write_data(a, t->bytes, t->len) == (la_ssize_t)t->len);
	archive_entry_free(e);
}

/* Writes things to a file below the scratch folder.  False when libarchive cannot write such an archive. */
static bool
make(const char *name, setter *format, setter *filter, const struct thing *things, size_t n)
{
	struct archive *a = archive_write_new();
	bool able = format(a) == ARCHIVE_OK && (filter == NULL || filter(a) == ARCHIVE_OK);

	archive_write_set_bytes_in_last_block(a, 1);
	if (able) {
		assert_int_equal(archive_write_open_filename(a, scratch_path(name)), ARCHIVE_OK);
		for (size_t i = 0; i < n; i++)
			write_thing(a, &things[i]);
		assert_int_equal(archive_write_close(a), ARCHIVE_OK);
	}
	archive_write_free(a);
	return able;
}

/* A whole file in memory. */
static unsigned char *
load(const char *name, size_t *len)
{
	FILE *f = fopen(scratch_path(name), "rb");
	unsigned char *bytes;

	assert_non_null(f);
	fseek(f, 0, SEEK_END);
	*len = (size_t)ftell(f);
	rewind(f);
	bytes = malloc(*len + 1);
	assert_non_null(bytes);
	assert_int_equal(fread(bytes, 1, *len, f), *len);
	fclose(f);
	return bytes;
}

/* ---- Reading them ---- */

/* What came out: "path=bytes" for short contents, "path (N)" for longer ones, "path: problem". */
static char *seen[MAX_SEEN];
static size_t n_seen;
static char format[128];
static char signature[600], backfill[64];

static void
forget(void)
{
	while (n_seen > 0)
		free(seen[--n_seen]);
}

static void
note(const struct lf_item *i)
{
	char text[9600];

	assert_true(n_seen < MAX_SEEN);
	assert_int_equal(i->read, i->problem.len == 0);
	if (!i->read)
		snprintf(text, sizeof(text), "%s: %s", lf_buf_str(&i->path), lf_buf_str(&i->problem));
	else if (i->stored.len < 40)
		snprintf(text, sizeof(text), "%s=%s", lf_buf_str(&i->path), lf_buf_str(&i->stored));
	else
		snprintf(text, sizeof(text), "%s (%zu)", lf_buf_str(&i->path), i->stored.len);
	if (i->signature.len > 0)
		snprintf(signature, sizeof(signature), "%s", lf_buf_str(&i->signature));
	if (i->backfill.len > 0)
		snprintf(backfill, sizeof(backfill), "%s", lf_buf_str(&i->backfill));
	seen[n_seen++] = strdup(text);
}

/* Reads an archive to its end.  False when the file is none. */
static bool
read_all(const char *name, const struct lf_limits *limits)
{
	int fd = open(scratch_path(name), O_RDONLY | O_CLOEXEC), rc;
	struct lf_archive *a;
	struct lf_item item;
	struct lf_err err;

	forget();
	signature[0] = backfill[0] = '\0';
	assert_true(fd >= 0);
	assert_int_equal(lf_archive_open(fd, &a, &err), 0);
	if (a != NULL) {
		snprintf(format, sizeof(format), "%s", lf_archive_format(a));
		lf_item_init(&item);
		while ((rc = lf_archive_next(a, limits, &item, &err)) == 1)
			note(&item);
		assert_int_equal(rc, 0);
		assert_int_equal(lf_archive_next(a, limits, &item, &err), 0);
		lf_item_free(&item);
	}
	lf_archive_free(a);
	close(fd);
	return a != NULL;
}

static void
expect(const char *const *want, size_t n)
{
	for (size_t i = 0; i < n && i < n_seen; i++)
		assert_string_equal(seen[i], want[i]);
	assert_int_equal(n_seen, n);
}
#define EXPECT(...) \
	do { \
		static const char *const want_[] = {__VA_ARGS__}; \
		expect(want_, COUNT(want_)); \
	} while (0)

static int
remove_all(void **state)
{
	forget();
	return scratch_remove(state);
}

static bool
ends(const char *s, const char *with)
{
	return strlen(s) >= strlen(with) && strcmp(s + strlen(s) - strlen(with), with) == 0;
}

/* Whether a problem without a path, that of the archive itself, was told and holds text. */
static bool
told(const char *text)
{
	for (size_t i = 0; i < n_seen; i++)
		if (strncmp(seen[i], ": ", 2) == 0 && strstr(seen[i], text) != NULL)
			return true;
	return false;
}

/* ---- Formats ---- */

static char noise[200000]; /* does not compress */

static void
fill_noise(void)
{
	uint64_t seed = 11;

	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (char)scratch_random(&seed);
}

static const struct thing simple[] = {
    {.path = "AWSLogs/1/b.json.gz", .bytes = "first", .len = 5},
    {.path = "AWSLogs/1/a.json.gz", .bytes = noise, .len = 70000},
    {.path = "AWSLogs/empty", .len = 0},
    {.path = "last", .bytes = "the end", .len = 7},
};

static void
test_formats(void **state)
{
	static const struct {
		setter *set;
		const char *says;
	} formats[] = {
	    {archive_write_set_format_ustar, "POSIX ustar format"},
	    {archive_write_set_format_pax, "POSIX ustar format"}, /* until a name needs more */
	    {archive_write_set_format_pax_restricted, "POSIX ustar format"},
	    {archive_write_set_format_gnutar, "GNU tar format"},
	    {archive_write_set_format_v7tar, "tar (non-POSIX)"},
	    {archive_write_set_format_cpio, "POSIX octet-oriented cpio"},
	    {archive_write_set_format_cpio_newc, "ASCII cpio (SVR4 with no CRC)"},
	    {archive_write_set_format_zip, "ZIP"},
	    {archive_write_set_format_7zip, "7-Zip"},
	    {archive_write_set_format_xar, "xar"},
	};

	(void)state;
	fill_noise();
	for (size_t i = 0; i < COUNT(formats); i++) {
		if (!make("a", formats[i].set, NULL, simple, COUNT(simple)))
			continue;
		assert_true(read_all("a", &plenty));
		assert_non_null(strstr(format, formats[i].says));
		assert_int_equal(n_seen, 4);
		if (formats[i].set != archive_write_set_format_7zip) { /* whose writer puts empty files last */
			EXPECT("AWSLogs/1/b.json.gz=first", "AWSLogs/1/a.json.gz (70000)", "AWSLogs/empty=", "last=the end");
		}
	}
}

static void
test_filters(void **state)
{
	static const struct {
		setter *add;
		const char *says;
	} filters[] = {
	    {archive_write_add_filter_gzip, ", gzip"},
	    {archive_write_add_filter_bzip2, ", bzip2"},
	    {archive_write_add_filter_compress, ", compress (.Z)"},
	    {archive_write_add_filter_xz, ", xz"},
	    {archive_write_add_filter_lzma, ", lzma"},
	    {archive_write_add_filter_lzip, ", lzip"},
	    {archive_write_add_filter_zstd, ", zstd"},
	    {archive_write_add_filter_lz4, ", lz4"},
	};
	size_t len;
	unsigned char *bytes;

	(void)state;
	fill_noise();
	for (size_t i = 0; i < COUNT(filters); i++) {
		if (!make("a", archive_write_set_format_ustar, filters[i].add, simple, COUNT(simple)))
			continue;
		assert_true(read_all("a", &plenty));
		assert_true(ends(format, filters[i].says));
		EXPECT("AWSLogs/1/b.json.gz=first", "AWSLogs/1/a.json.gz (70000)", "AWSLogs/empty=", "last=the end");
		bytes = load("a", &len);
		for (size_t cut = len - 1; cut > len - 12; cut--) { /* no byte of the last ones can go unnoticed */
			scratch_write("cut", bytes, cut);
			if (read_all("cut", &plenty) && i != 2) /* compress(1) has no end mark: see test_compress_cut */
				assert_non_null(strstr(seen[n_seen - 1], "the archive is cut or damaged at byte "));
		}
		free(bytes);
	}
}

static void
test_iso(void **state)
{
	bool b = false, a = false;

	(void)state;
	fill_noise();
	if (!make("a", archive_write_set_format_iso9660, NULL, simple, COUNT(simple)))
		skip();
	assert_true(read_all("a", &plenty));
	assert_int_equal(n_seen, 4);
	for (size_t i = 0; i < n_seen; i++) {
		b = b || strcmp(seen[i], "AWSLogs/1/b.json.gz=first") == 0;
		a = a || strcmp(seen[i], "AWSLogs/1/a.json.gz (70000)") == 0;
	}
	assert_true(a && b);
}

/* What the common tools make, where they are. */
static void
test_tools(void **state)
{
	static const struct {
		const char *command, *file;
	} tools[] = {
	    {"7z a -bd t.7z AWSLogs", "t.7z"},
	    {"7z a -bd -m0=PPMd t.7z AWSLogs", "t.7z"},
	    {"zip -qr t.zip AWSLogs", "t.zip"},
	    {"zip -q0r t.zip AWSLogs", "t.zip"},
	    {"zip -qr - AWSLogs | cat > t.zip", "t.zip"}, /* lengths behind the data */
	    {"tar -cf t.tar AWSLogs", "t.tar"},
	    {"tar --zstd -cf t.tar.zst AWSLogs", "t.tar.zst"},
	    {"tar -cJf t.tar.xz ./AWSLogs", "t.tar.xz"},
	};
	char command[1200];
	size_t ran = 0;

	(void)state;
	fill_noise();
	scratch_write("AWSLogs/1/a.json.gz", noise, 70000);
	scratch_text("AWSLogs/1/b.json.gz", "first");
	for (size_t i = 0; i < COUNT(tools); i++) {
		unlink(scratch_path(tools[i].file));
		snprintf(command, sizeof(command), "cd %s && { %s; } >/dev/null 2>&1", scratch, tools[i].command);
		if (system(command) != 0)
			continue;
		assert_true(read_all(tools[i].file, &plenty));
		assert_int_equal(n_seen, 2);
		for (size_t k = 0; k < 2; k++)
			assert_true(strcmp(seen[k], "AWSLogs/1/b.json.gz=first") == 0 ||
			    strcmp(seen[k], "AWSLogs/1/a.json.gz (70000)") == 0);
		ran++;
	}
	if (ran == 0)
		skip();
}

static void
test_no_archive(void **state)
{
	static const char *const texts[] = {"", "{\"Records\":[]}", "#mtree\nfile type=file\n",
	    "WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n", "eventName,eventTime\nA,B\n",
	    "\x1f\x8b", "PK", "begin 644 a\n#0V%T\n`\nend\n"};
	char json[3000];
	struct archive *a = archive_write_new();

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		scratch_text("text", texts[i]);
		assert_false(read_all("text", &plenty));
	}
	memset(json, ' ', sizeof(json)); /* a delivered log: gzip around JSON */
	memcpy(json, "{\"Records\":[]}", 14);
	archive_write_add_filter_gzip(a);
	archive_write_set_format_raw(a);
	assert_int_equal(archive_write_open_filename(a, scratch_path("x.json.gz")), ARCHIVE_OK);
	write_thing(a, &(struct thing){.path = "data", .bytes = json, .len = sizeof(json)});
	archive_write_free(a);
	assert_false(read_all("x.json.gz", &plenty));
}

static void
test_empty_archive(void **state)
{
	(void)state;
	assert_true(make("a.tar", archive_write_set_format_ustar, NULL, NULL, 0));
	assert_true(read_all("a.tar", &plenty));
	assert_int_equal(n_seen, 0);
	assert_true(make("a.tgz", archive_write_set_format_ustar, archive_write_add_filter_gzip, NULL, 0));
	assert_true(read_all("a.tgz", &plenty));
	assert_int_equal(n_seen, 0);
	assert_string_equal(format, "tar, gzip");
}

/* ---- Names, links, attributes ---- */

/* Nothing is extracted, so a name that leads out does no harm; it is told as it is. */
static void
test_zip_slip(void **state)
{
	static const struct thing things[] = {
	    {.path = "../../etc/passwd", .bytes = "1", .len = 1},
	    {.path = "/etc/shadow", .bytes = "2", .len = 1},
	    {.path = "./a", .bytes = "3", .len = 1},
	    {.path = "././/./b", .bytes = "4", .len = 1},
	    {.path = "c/../../d", .bytes = "5", .len = 1},
	    {.path = "new\nline", .bytes = "6", .len = 1},
	    {.path = ".hidden", .bytes = "7", .len = 1},
	    {.path = "back\\slash", .bytes = "8", .len = 1},
	};
	static setter *const formats[] = {archive_write_set_format_ustar, archive_write_set_format_pax,
	    archive_write_set_format_gnutar, archive_write_set_format_cpio_newc};

	(void)state;
	for (size_t i = 0; i < COUNT(formats); i++) {
		assert_true(make("a", formats[i], NULL, things, COUNT(things)));
		assert_true(read_all("a", &plenty));
		EXPECT("../../etc/passwd=1", "etc/shadow=2", "a=3", "b=4", "c/../../d=5", "new\nline=6", ".hidden=7",
		    "back\\slash=8");
	}
}

/* Names come out byte for byte, whatever the locale of the process. */
static void
test_odd_bytes(void **state)
{
	static const struct thing things[] = {
	    {.path = "caf\xc3\xa9", .bytes = "1", .len = 1},
	    {.path = "cafe\xcc\x81", .bytes = "2", .len = 1}, /* the same to look at, in another normal form */
	    {.path = "latin-\xe9", .bytes = "3", .len = 1},
	    {.path = "\xff\xfe\x80", .bytes = "4", .len = 1},
	    {.path = "\xe6\x97\xa5\xe6\x9c\xac", .bytes = "5", .len = 1},
	};
	static setter *const formats[] = {archive_write_set_format_ustar, archive_write_set_format_pax,
	    archive_write_set_format_gnutar, archive_write_set_format_cpio, archive_write_set_format_zip};
	static const char *const locales[] = {"C", "C.UTF-8", "en_US.UTF-8", "ja_JP.eucJP"};

	(void)state;
	for (size_t i = 0; i < COUNT(formats) * COUNT(locales); i++) {
		setlocale(LC_ALL, "C");
		assert_true(make("a", formats[i % COUNT(formats)], NULL, things, COUNT(things)));
		setlocale(LC_ALL, locales[i / COUNT(formats)]);
		assert_true(read_all("a", &plenty));
		setlocale(LC_ALL, "C");
		EXPECT("caf\xc3\xa9=1", "cafe\xcc\x81=2", "latin-\xe9=3", "\xff\xfe\x80=4", "\xe6\x97\xa5\xe6\x9c\xac=5");
	}
}

static void
test_long_names(void **state)
{
	static char name[LF_MAX_PATH + 2];
	static const struct thing after[] = {{.path = "after", .bytes = "x", .len = 1}};
	struct thing things[] = {{.path = name, .bytes = "x", .len = 1}, after[0]};

	(void)state;
	memset(name, 'n', LF_MAX_PATH);
	assert_true(make("a", archive_write_set_format_pax, NULL, things, 2));
	assert_true(read_all("a", &plenty));
	assert_int_equal(n_seen, 2);
	assert_int_equal(strlen(seen[0]), LF_MAX_PATH + 2);
	name[LF_MAX_PATH] = 'n';
	assert_true(make("a", archive_write_set_format_pax, NULL, things, 2));
	assert_true(read_all("a", &plenty));
	assert_int_equal(n_seen, 2);
	assert_true(ends(seen[0], "n: name longer than 8192 bytes"));
	assert_string_equal(seen[1], "after=x");
}

static void
test_links(void **state)
{
	static const struct thing things[] = {
	    {.path = "folder", .type = S_IFDIR},
	    {.path = "folder/file", .bytes = "x", .len = 1},
	    {.path = "marker/", .len = 0},
	    {.path = "hard", .hard = "folder/file"},
	    {.path = "soft", .type = S_IFLNK, .soft = "/etc/passwd"},
	    {.path = "fifo", .type = S_IFIFO},
	    {.path = "device", .type = S_IFCHR},
	    {.path = "disk", .type = S_IFBLK},
	    {.path = "after", .bytes = "y", .len = 1},
	};
	static setter *const formats[] = {archive_write_set_format_ustar, archive_write_set_format_pax,
	    archive_write_set_format_gnutar};

	(void)state;
	for (size_t i = 0; i < COUNT(formats); i++) {
		assert_true(make("a", formats[i], NULL, things, COUNT(things)));
		assert_true(read_all("a", &plenty));
		EXPECT("folder/file=x", "hard: hard link to folder/file, not followed", "soft: symbolic link, not followed",
		    "fifo: FIFO", "device: device", "disk: device", "after=y");
	}
}

static void
test_attributes(void **state)
{
	static const struct thing things[] = {
	    {.path = "digest", .bytes = "x", .len = 1, .xattr = "user.signature", .value = "c0ffee"},
	    {.path = "late", .bytes = "x", .len = 1, .xattr = "user.backfill-generation-timestamp",
		.value = "2024-03-01T00:00:00Z"},
	    {.path = "other", .bytes = "x", .len = 1, .xattr = "user.comment", .value = "nothing"},
	};

	(void)state;
	assert_true(make("a", archive_write_set_format_pax, NULL, things, 1));
	assert_true(read_all("a", &plenty));
	assert_string_equal(signature, "c0ffee");
	assert_string_equal(backfill, "");
	assert_true(make("a", archive_write_set_format_pax, NULL, things + 1, 2));
	assert_true(read_all("a", &plenty));
	assert_string_equal(signature, "");
	assert_string_equal(backfill, "2024-03-01T00:00:00Z");
}

static void
test_holes(void **state)
{
	static const struct thing things[] = {
	    {.path = "sparse", .bytes = "end", .len = 3, .hole = 100000},
	    {.path = "after", .bytes = "y", .len = 1},
	};

	(void)state;
	assert_true(make("a", archive_write_set_format_pax, NULL, things, 2));
	assert_true(read_all("a", &plenty));
	EXPECT("sparse (100003)", "after=y");
}

/* ---- Cut and damaged ---- */

/*
 * Cuts a tar at every byte.  What comes out are the first entries and then the trouble; nothing but a cut behind
 * the end mark may pass in silence.
 */
static void
sweep_tar(setter *tar, size_t first_header)
{
	static const struct thing things[] = {
	    {.path = "one", .bytes = "1", .len = 1},
	    {.path = "two", .bytes = noise, .len = 512},
	    {.path = "three", .len = 0},
	    {.path = "four", .bytes = noise, .len = 700},
	};
	static const char *const whole[] = {"one=1", "two (512)", "three=", "four (700)"};
	size_t len, end;
	unsigned char *bytes;

	assert_true(make("a", tar, NULL, things, COUNT(things)));
	bytes = load("a", &len);
	for (end = len; bytes[end - 1] == 0; end--)
		;
	end = (end + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
	assert_true(len >= end + 2 * TAR_BLOCK);
	for (size_t cut = 1; cut <= len; cut++) {
		bool ok;

		scratch_write("cut", bytes, cut);
		ok = read_all("cut", &plenty);
		assert_int_equal(ok, cut >= first_header);
		for (size_t i = 0; i + 1 < n_seen; i++)
			assert_string_equal(seen[i], whole[i]);
		if (ok && (cut < end + 2 * TAR_BLOCK || cut % TAR_BLOCK != 0)) {
			assert_true(strstr(seen[n_seen - 1], "the archive is cut or damaged at byte ") != NULL ||
			    strstr(seen[n_seen - 1], "the archive ends without its end mark at byte ") != NULL);
		} else if (ok) {
			expect(whole, 4);
		}
	}
	free(bytes);
}

static void
test_tar_cut_everywhere(void **state)
{
	(void)state;
	fill_noise();
	sweep_tar(archive_write_set_format_ustar, TAR_BLOCK);
	sweep_tar(archive_write_set_format_gnutar, TAR_BLOCK);
	sweep_tar(archive_write_set_format_pax, TAR_BLOCK);
}

/* The same for archives of other kinds, in steps. */
static void
test_others_cut(void **state)
{
	static const struct {
		setter *format, *filter;
		size_t silent; /* bytes at the end whose loss cannot be noticed */
	} kinds[] = {
	    {archive_write_set_format_zip, NULL, 0},
	    {archive_write_set_format_7zip, NULL, 0},
	    {archive_write_set_format_cpio_newc, NULL, 511},
	    {archive_write_set_format_ustar, archive_write_add_filter_gzip, 0},
	    {archive_write_set_format_ustar, archive_write_add_filter_xz, 0},
	};
	size_t len;
	unsigned char *bytes;

	(void)state;
	fill_noise();
	for (size_t i = 0; i < COUNT(kinds); i++) {
		if (!make("a", kinds[i].format, kinds[i].filter, simple, COUNT(simple)))
			continue;
		bytes = load("a", &len);
		for (size_t cut = 1; cut < len - kinds[i].silent; cut += len - cut > 2200 ? 1999 : len - cut > 200 ? 97 : 1) {
			scratch_write("cut", bytes, cut);
			if (read_all("cut", &plenty)) {
				assert_true(n_seen > 0);
				assert_non_null(strstr(seen[n_seen - 1], "the archive is cut or damaged"));
			}
		}
		free(bytes);
	}
}

/* A byte of a header turned over loses its entry, and that is told; the others come out. */
static void
test_damaged_header(void **state)
{
	static const struct thing things[] = {
	    {.path = "one", .bytes = "1", .len = 1},
	    {.path = "two", .bytes = "22", .len = 2},
	    {.path = "three", .bytes = "333", .len = 3},
	};
	size_t len;
	unsigned char *bytes;

	(void)state;
	assert_true(make("a", archive_write_set_format_ustar, NULL, things, COUNT(things)));
	bytes = load("a", &len);
	for (size_t i = 2 * TAR_BLOCK; i < 3 * TAR_BLOCK; i++) {
		bytes[i] ^= 0x20;
		scratch_write("damaged", bytes, len);
		bytes[i] ^= 0x20;
		assert_true(read_all("damaged", &plenty));
		if (i >= 2 * TAR_BLOCK + 148 && i < 2 * TAR_BLOCK + 156 && n_seen == 3) /* a blank of the checksum */
			continue;
		assert_true(n_seen == 3);
		assert_string_equal(seen[0], "one=1");
		assert_string_equal(seen[1], ": damaged: no valid header in 1024 bytes at byte 1024 of the archive");
		assert_string_equal(seen[2], "three=333");
	}
	free(bytes);
}

/* What lies behind the end mark: another tar is read, anything else is told. */
static void
test_behind_the_end(void **state)
{
	static const struct thing one[] = {{.path = "one", .bytes = "1", .len = 1}};
	unsigned char both[8 * 1024] = {0};
	size_t len;
	unsigned char *bytes;

	(void)state;
	assert_true(make("a", archive_write_set_format_ustar, NULL, one, 1));
	bytes = load("a", &len);
	assert_int_equal(len, 2048);
	memcpy(both, bytes, len);
	memcpy(both + len, bytes, len);
	scratch_write("both", both, 2 * len);
	assert_true(read_all("both", &plenty));
	EXPECT("one=1", "one=1");
	scratch_write("both", both, 2 * len - TAR_BLOCK); /* the second one's mark is half */
	assert_true(read_all("both", &plenty));
	EXPECT("one=1", "one=1", ": the archive ends without its end mark at byte 3584 of the file");
	memset(both + len, 'x', 1024);
	scratch_write("both", both, len + 1024);
	assert_true(read_all("both", &plenty));
	EXPECT("one=1", ": damaged: no valid header in 1024 bytes at byte 2048 of the archive");
	scratch_write("both", both, len + 100);
	assert_true(read_all("both", &plenty));
	assert_int_equal(n_seen, 2);
	assert_true(told("the archive is cut or damaged at byte 2048 of the file"));
	memset(both + len, 0, len);
	scratch_write("both", both, 2 * len); /* padding */
	assert_true(read_all("both", &plenty));
	EXPECT("one=1");
	free(bytes);
}

static void
test_behind_a_compressed_end(void **state)
{
	static const struct thing one[] = {{.path = "one", .bytes = "1", .len = 1}};
	static setter *const filters[] = {archive_write_add_filter_gzip, archive_write_add_filter_bzip2};
	unsigned char tail[4096] = {0};
	size_t len;
	unsigned char *bytes;

	(void)state;
	for (size_t i = 0; i < COUNT(filters); i++) {
		if (!make("a", archive_write_set_format_ustar, filters[i], one, 1))
			continue;
		bytes = load("a", &len);
		assert_true(len < 2000);
		memcpy(tail, bytes, len);
		free(bytes);
		scratch_write("tail", tail, sizeof(tail));
		assert_true(read_all("tail", &plenty));
		EXPECT("one=1");
		tail[4000] = 'x';
		scratch_write("tail", tail, sizeof(tail));
		assert_true(read_all("tail", &plenty));
		assert_int_equal(n_seen, 2);
		assert_true(told("bytes behind the end of the archive, at byte "));
		tail[4000] = 0;
	}
}

/* A wrong checksum costs a zip's entry, not the ones behind it. */
static void
test_zip_wrong_crc(void **state)
{
	static const struct thing things[] = {
	    {.path = "one", .bytes = "aaaaaaaaaa", .len = 10},
	    {.path = "two", .bytes = "bbbbbbbbbb", .len = 10},
	};
	struct archive *a = archive_write_new();
	size_t len;
	unsigned char *bytes, *at;

	(void)state;
	archive_write_set_format_zip(a);
	archive_write_zip_set_compression_store(a);
	archive_write_set_bytes_in_last_block(a, 1);
	assert_int_equal(archive_write_open_filename(a, scratch_path("a.zip")), ARCHIVE_OK);
	write_thing(a, &things[0]);
	write_thing(a, &things[1]);
	archive_write_free(a);
	bytes = load("a.zip", &len);
	at = memmem(bytes, len, "aaaaaaaaaa", 10);
	assert_non_null(at);
	at[3] = 'x';
	scratch_write("a.zip", bytes, len);
	free(bytes);
	assert_true(read_all("a.zip", &plenty));
	assert_int_equal(n_seen, 2);
	assert_non_null(strstr(seen[0], "one: damaged: ZIP bad CRC"));
	assert_string_equal(seen[1], "two=bbbbbbbbbb");
}

static void
test_encrypted(void **state)
{
	static const struct thing secret[] = {{.path = "secret", .bytes = "x", .len = 1}};
	struct archive *a = archive_write_new();
	bool able;

	(void)state;
	archive_write_set_format_zip(a);
	able = archive_write_set_options(a, "zip:encryption=zipcrypt") == ARCHIVE_OK &&
	    archive_write_set_passphrase(a, "password") == ARCHIVE_OK;
	if (able) {
		assert_int_equal(archive_write_open_filename(a, scratch_path("a.zip")), ARCHIVE_OK);
		write_thing(a, secret);
	}
	archive_write_free(a);
	if (!able)
		skip();
	assert_true(read_all("a.zip", &plenty));
	EXPECT("secret: encrypted");
}

/* Random bits turned over: nothing is promised but an end. */
static void
test_flips(void **state)
{
	static setter *const formats[] = {archive_write_set_format_pax, archive_write_set_format_gnutar,
	    archive_write_set_format_zip, archive_write_set_format_7zip, archive_write_set_format_cpio_newc,
	    archive_write_set_format_xar, archive_write_set_format_iso9660};
	uint64_t seed = 5;
	size_t len;
	unsigned char *bytes;

	(void)state;
	for (size_t i = 0; i < COUNT(formats); i++) {
		fill_noise();
		if (!make("a", formats[i], NULL, simple, COUNT(simple)))
			continue;
		bytes = load("a", &len);
		for (int round = 0; round < 120; round++) {
			size_t from = round % 3 == 0 ? 0 : len > 1200 ? len - 1200 : 0; /* headers lie at both ends */
			unsigned char *copy = malloc(len);

			memcpy(copy, bytes, len);
			for (int k = 0; k < 1 + round % 4; k++) {
				uint64_t r = scratch_random(&seed);
				size_t span = len - from < 1200 ? len - from : 1200;
				copy[from + r % span] ^= (unsigned char)(1 << (r >> 40) % 8);
			}
			scratch_write("flipped", copy, len);
			free(copy);
			(void)read_all("flipped", &plenty);
		}
		free(bytes);
	}
}

/* ---- Caps ---- */

static void
test_max_object(void **state)
{
	static const struct lf_limits limits = {.max_object = 1000};
	static const struct thing things[] = {
	    {.path = "small", .bytes = "x", .len = 1},
	    {.path = "exact", .bytes = noise, .len = 1000},
	    {.path = "large", .bytes = noise, .len = 1001},
	    {.path = "after", .bytes = "y", .len = 1},
	};
	static setter *const formats[] = {archive_write_set_format_ustar, archive_write_set_format_zip,
	    archive_write_set_format_cpio_newc, archive_write_set_format_7zip};

	(void)state;
	fill_noise();
	for (size_t i = 0; i < COUNT(formats); i++) {
		assert_true(make("a", formats[i], NULL, things, COUNT(things)));
		assert_true(read_all("a", &limits));
		EXPECT("small=x", "exact (1000)", "large: is larger (1001 bytes) than the cap on one object (1000)",
		    "after=y");
	}
}

static void
test_max_total(void **state)
{
	static const struct lf_limits limits = {.max_object = 1000, .max_total = 12};
	static const struct thing things[] = {
	    {.path = "one", .bytes = "123456", .len = 6},
	    {.path = "two", .bytes = "123456", .len = 6},
	    {.path = "three", .bytes = "1", .len = 1},
	    {.path = "four", .bytes = "1", .len = 1},
	};

	(void)state;
	assert_true(make("a", archive_write_set_format_ustar, NULL, things, COUNT(things)));
	assert_true(read_all("a", &limits));
	EXPECT("one=123456", "two=123456",
	    "three: the archive holds more than the cap of 12 bytes; not read any further");
}

/* Little that becomes much: as one entry, as one that is passed over, and as empty blocks at the end. */
static void
test_tar_bomb(void **state)
{
	static const struct lf_limits small = {.max_object = 1000};
	size_t n = LF_RATIO_FREE + 8 * MIB;
	char *zeros = calloc(1, n);
	struct thing things[] = {{.path = "bomb", .bytes = zeros, .len = n}, {.path = "after", .bytes = "y", .len = 1}};
	static setter *const filters[] = {archive_write_add_filter_gzip, archive_write_add_filter_bzip2,
	    archive_write_add_filter_zstd};
	struct archive *a;

	(void)state;
	assert_non_null(zeros);
	for (size_t i = 0; i < COUNT(filters); i++) {
		if (!make("a", archive_write_set_format_ustar, filters[i], things, 2))
			continue;
		assert_true(read_all("a", &plenty));
		assert_int_equal(n_seen, 1);
		assert_true(strncmp(seen[0], "bomb: the archive inflates to more than 200 times its size", 58) == 0);
		assert_true(read_all("a", &small));
		assert_non_null(strstr(seen[0], "bomb: is larger"));
		a = archive_write_new();
		archive_write_set_format_raw(a);
		filters[i](a);
		assert_int_equal(archive_write_open_filename(a, scratch_path("b")), ARCHIVE_OK);
		write_thing(a, &(struct thing){.path = "data", .bytes = zeros, .len = n});
		archive_write_free(a);
		assert_true(read_all("b", &plenty));
		assert_true(told("the archive inflates to more than 200 times its size"));
	}
	free(zeros);
}

static void
test_solid_bomb(void **state)
{
	static const struct lf_limits small = {.max_object = 1000};
	size_t n = LF_RATIO_FREE + 8 * MIB;
	char *zeros = calloc(1, n);
	struct thing things[] = {{.path = "bomb", .bytes = zeros, .len = n}, {.path = "after", .bytes = "y", .len = 1}};
	static setter *const formats[] = {archive_write_set_format_7zip, archive_write_set_format_zip};

	(void)state;
	assert_non_null(zeros);
	for (size_t i = 0; i < COUNT(formats); i++) {
		assert_true(make("a", formats[i], NULL, things, 2));
		assert_true(read_all("a", &plenty));
		assert_int_equal(n_seen, 1);
		assert_non_null(strstr(seen[0], "bomb: the archive inflates to more than 200 times its size"));
		assert_true(read_all("a", &small)); /* too large is told first, then what passing over it meets */
		assert_int_equal(n_seen, 1);
		assert_non_null(strstr(seen[0], "bomb: the archive inflates to more than 200 times its size"));
	}
	free(zeros);
}

static void
test_compressed_twice(void **state)
{
	static const struct thing one[] = {{.path = "one", .bytes = "1", .len = 1}};
	struct archive *a = archive_write_new();

	(void)state;
	archive_write_set_format_ustar(a);
	archive_write_add_filter_gzip(a);
	archive_write_add_filter_gzip(a);
	assert_int_equal(archive_write_open_filename(a, scratch_path("a")), ARCHIVE_OK);
	write_thing(a, one);
	archive_write_free(a);
	assert_true(read_all("a", &plenty));
	EXPECT(": compressed 2 times over: not read");
}

/* Two passes over one descriptor do not disturb each other. */
static void
test_two_at_once(void **state)
{
	struct lf_archive *a, *b;
	struct lf_item x, y;
	struct lf_err err;
	int fd;

	(void)state;
	fill_noise();
	assert_true(make("a", archive_write_set_format_ustar, NULL, simple, COUNT(simple)));
	fd = open(scratch_path("a"), O_RDONLY);
	assert_true(fd >= 0);
	assert_int_equal(lf_archive_open(fd, &a, &err), 0);
	assert_int_equal(lf_archive_open(fd, &b, &err), 0);
	lf_item_init(&x);
	lf_item_init(&y);
	for (size_t i = 0; i < COUNT(simple); i++) {
		assert_int_equal(lf_archive_next(a, &plenty, &x, &err), 1);
		assert_int_equal(lf_archive_next(b, &plenty, &y, &err), 1);
		assert_string_equal(lf_buf_str(&x.path), simple[i].path);
		assert_string_equal(lf_buf_str(&y.path), simple[i].path);
		assert_int_equal(x.stored.len, simple[i].len);
		assert_memory_equal(y.stored.data, x.stored.data, x.stored.len);
	}
	lf_item_free(&x);
	lf_item_free(&y);
	lf_archive_free(a);
	lf_archive_free(b);
	close(fd);
}

static int
chaos_step(void)
{
	struct lf_err err = {""};
	struct lf_archive *a = NULL;
	struct lf_item item;
	int fd = open(scratch_path("a"), O_RDONLY | O_CLOEXEC);
	int rc = lf_archive_open(fd, &a, &err);
	bool problem = false;
	size_t n = 0;

	lf_item_init(&item);
	while (rc == 0 && a != NULL && (rc = lf_archive_next(a, &plenty, &item, &err)) == 1) {
		problem = problem || item.problem.len > 0;
		n++;
		rc = 0;
	}
	if (rc == 0 && (a == NULL || (n < 4 && !problem)))
		rc = 1; /* something was lost in silence */
	if (rc == -1 && strcmp(err.msg, "out of memory") != 0)
		rc = 1;
	if (rc == 0 && problem)
		rc = -1;
	lf_item_free(&item);
	lf_archive_free(a);
	close(fd);
	return rc;
}

static void
test_out_of_memory(void **state)
{
	(void)state;
	if (!CHAOS)
		skip();
	fill_noise();
	assert_true(make("a", archive_write_set_format_ustar, NULL, simple, COUNT(simple)));
	chaos_ours = true;
	assert_true(chaos_run(chaos_step) > 5);
}

int
main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, scratch_make, remove_all)
	const struct CMUnitTest tests[] = {
		IN_FOLDER(test_formats),
		IN_FOLDER(test_filters),
		IN_FOLDER(test_iso),
		IN_FOLDER(test_tools),
		IN_FOLDER(test_no_archive),
		IN_FOLDER(test_empty_archive),
		IN_FOLDER(test_zip_slip),
		IN_FOLDER(test_odd_bytes),
		IN_FOLDER(test_long_names),
		IN_FOLDER(test_links),
		IN_FOLDER(test_attributes),
		IN_FOLDER(test_holes),
		IN_FOLDER(test_tar_cut_everywhere),
		IN_FOLDER(test_others_cut),
		IN_FOLDER(test_damaged_header),
		IN_FOLDER(test_behind_the_end),
		IN_FOLDER(test_behind_a_compressed_end),
		IN_FOLDER(test_zip_wrong_crc),
		IN_FOLDER(test_encrypted),
		IN_FOLDER(test_flips),
		IN_FOLDER(test_max_object),
		IN_FOLDER(test_max_total),
		IN_FOLDER(test_tar_bomb),
		IN_FOLDER(test_solid_bomb),
		IN_FOLDER(test_compressed_twice),
		IN_FOLDER(test_two_at_once),
		IN_FOLDER(test_out_of_memory),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("archive", tests, NULL, NULL);
}
