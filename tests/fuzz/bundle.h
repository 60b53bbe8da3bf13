/*
 * A small tree of files in a scratch folder, filled anew from each input: a bundle, as seeds.sh makes it.  For each file a byte
 * (bits 0 to 3 its place in a table of names, bit 4: to be stored as gzip), two bytes of length, and so many bytes.
 */
#ifndef LF_TEST_FUZZ_BUNDLE_H
#define LF_TEST_FUZZ_BUNDLE_H

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/buf.h"
#include "base/file.h"
#include "fuzz.h"

#define BUNDLE_PLACES 16 /* that an input can fill */
#define BUNDLE_PATH   320

static struct {
	const char *const *names; /* NULL for a place of nothing; those past the places are only taken away again */
	size_t n;
	char folder[64];
	int root;
} bundle = {.root = -1};

/* ---- The folder ---- */

static inline char *
bundle_path(const char *name, char out[BUNDLE_PATH])
{
	HOLDS(snprintf(out, BUNDLE_PATH, "%s/%s", bundle.folder, name) < BUNDLE_PATH);
	return out;
}

static inline void
bundle_clear(void)
{
	for (size_t i = 0; i < bundle.n; i++)
		if (bundle.names[i] != NULL)
			unlinkat(bundle.root, bundle.names[i], 0);
}

static inline void
bundle_remove(void)
{
	bundle_clear();
	for (size_t i = 0; i < bundle.n; i++) {
		char path[BUNDLE_PATH], *slash;

		if (bundle.names[i] == NULL)
			continue;
		strcpy(path, bundle.names[i]);
		while ((slash = strrchr(path, '/')) != NULL) {
			*slash = '\0';
			unlinkat(bundle.root, path, AT_REMOVEDIR);
		}
	}
	rmdir(bundle.folder);
}

/* Makes the folder of these names, once; it goes when the program ends. */
static inline void
bundle_make(const char *const *names, size_t n)
{
	const char *tmp = getenv("TMPDIR");

	if (bundle.root >= 0)
		return;
	bundle.names = names;
	bundle.n = n;
	snprintf(bundle.folder, sizeof(bundle.folder), "%.40s/trail-fuzz-XXXXXX", tmp != NULL ? tmp : "/tmp");
	HOLDS(mkdtemp(bundle.folder) != NULL && (bundle.root = open(bundle.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) >= 0);
	for (size_t i = 0; i < n; i++) {
		char path[BUNDLE_PATH];

		if (names[i] == NULL)
			continue;
		strcpy(path, names[i]);
		for (char *p = path; (p = strchr(p, '/')) != NULL; *p++ = '/') {
			*p = '\0';
			HOLDS(mkdirat(bundle.root, path, 0700) == 0 || errno == EEXIST);
		}
	}
	atexit(bundle_remove);
}

/* ---- Its files ---- */

static inline void
bundle_write(const char *name, const void *bytes, size_t len)
{
	int fd = openat(bundle.root, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	HOLDS(fd >= 0 && write(fd, bytes, len) == (ssize_t)len);
	close(fd);
}

static inline void
bundle_write_gzip(const char *name, const void *bytes, size_t len)
{
	static uint8_t out[70000];
	z_stream z = {0};

	HOLDS(deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
	z.next_in = (Bytef *)(uintptr_t)bytes;
	z.avail_in = (uInt)len;
	z.next_out = out;
	z.avail_out = sizeof(out);
	HOLDS(deflate(&z, Z_FINISH) == Z_STREAM_END);
	bundle_write(name, out, z.total_out);
	deflateEnd(&z);
}

/* Lays out the rest of an input, and nothing else; bit i of what is returned: file i is there. */
static inline unsigned
bundle_lay_out(struct fuzz_input in)
{
	unsigned there = 0;

	bundle_clear();
	while (in.left > 3) {
		unsigned which = fuzz_byte(&in), place = which % BUNDLE_PLACES, len = fuzz_short(&in);
		const char *name = place < bundle.n ? bundle.names[place] : NULL;

		if (len > in.left)
			len = (unsigned)in.left;
		if (name != NULL)
			((which & 16) != 0 ? bundle_write_gzip : bundle_write)(name, in.p, len);
		there |= name != NULL ? 1u << place : 0;
		in.p += len;
		in.left -= len;
	}
	return there;
}

/* Reads a file into an empty buffer; false, and nothing in it, when there is none. */
static inline bool
bundle_read(const char *name, struct lf_buf *out)
{
	int fd = openat(bundle.root, name, O_RDONLY | O_CLOEXEC);

	lf_buf_reset(out);
	if (fd < 0)
		return false;
	HOLDS(lf_file_read_all(fd, (size_t)1 << 24, out) == 0);
	close(fd);
	return true;
}

/* ---- What is written ---- */

/* A lf_write_fn into a buffer. */
static inline int
bundle_collect(void *arg, const void *bytes, size_t len)
{
	lf_buf_add(arg, bytes, len);
	return 0;
}

#endif
