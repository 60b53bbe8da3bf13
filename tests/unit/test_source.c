/* Operands of every kind, and the reading of what they hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <cmocka.h>

#include <archive.h>
#include <archive_entry.h>

#include "evidence/source.h"
#include "chaos.h"
#include "scratch.h"

static const struct lf_limits plenty = {.max_object = LF_MAX_OBJECT};

static struct lf_source *
open_source(const char *operand)
{
	struct lf_source *s;
	struct lf_err err;

	assert_int_equal(lf_source_open(operand, scratch, &s, &err), 0);
	return s;
}

/* The message with which an operand is refused. */
static const char *
refusal(const char *operand, const char *tmpdir)
{
	static struct lf_err err;
	struct lf_source *s = (void *)&err;

	err.msg[0] = '\0';
	assert_int_equal(lf_source_open(operand, tmpdir, &s, &err), -1);
	assert_null(s);
	return err.msg;
}

/* "locator=bytes" or "locator: problem" of everything in a source, each with a newline. */
static const char *
content(const struct lf_source *s, const struct lf_limits *limits)
{
	static struct lf_buf out;
	struct lf_item item;
	struct lf_err err;
	struct lf_cursor *c = lf_cursor_new(s, limits, &err);
	int rc;

	lf_buf_free(&out);
	lf_item_init(&item);
	assert_non_null(c);
	while ((rc = lf_cursor_next(c, &item, &err)) == 1) {
		if (!item.read && item.problem.len == 0)
			assert_int_equal(lf_source_read(s, limits, &item, &err), 0);
		assert_int_equal(item.read, item.problem.len == 0);
		lf_source_locator(s, lf_buf_str(&item.path), item.path.len, &out);
		lf_buf_printf(&out, "%s%s\n", item.read ? "=" : ": ",
		    lf_buf_str(item.read ? &item.stored : &item.problem));
	}
	assert_int_equal(rc, 0);
	assert_int_equal(lf_cursor_next(c, &item, &err), 0);
	lf_cursor_free(c);
	lf_item_free(&item);
	return lf_buf_str(&out);
}

/* content() with the scratch folder's name taken out. */
static const char *
short_content(const struct lf_source *s, const struct lf_limits *limits)
{
	char *all = (char *)(uintptr_t)content(s, limits), *at;
	size_t n = strlen(scratch);

	while ((at = strstr(all, scratch)) != NULL)
		memmove(at, at + n, strlen(at + n) + 1);
	return all;
}

static void
write_tar(const char *name, bool gzip, size_t n)
{
	struct archive *a = archive_write_new();

	archive_write_set_format_ustar(a);
	if (gzip)
		archive_write_add_filter_gzip(a);
	assert_int_equal(archive_write_open_filename(a, scratch_path(name)), ARCHIVE_OK);
	for (size_t i = 0; i < n; i++) {
		struct archive_entry *e = archive_entry_new();
		char path[32];

		snprintf(path, sizeof(path), "AWSLogs/%zu", i);
		archive_entry_set_pathname(e, path);
		archive_entry_set_filetype(e, S_IFREG);
		archive_entry_set_size(e, 5);
		assert_int_equal(archive_write_header(a, e), ARCHIVE_OK);
		assert_int_equal(archive_write_data(a, "bytes", 5), 5);
		archive_entry_free(e);
	}
	archive_write_free(a);
}

static void
test_folder(void **state)
{
	struct lf_source *s;
	char slashes[300];

	(void)state;
	scratch_text("b/y", "1");
	scratch_text("b-x", "2");
	scratch_text("empty", "");
	assert_int_equal(symlink("b-x", scratch_path("link")), 0);
	snprintf(slashes, sizeof(slashes), "%s///", scratch);
	s = open_source(slashes);
	assert_int_equal(s->kind, LF_SOURCE_FOLDER);
	assert_string_equal(s->name, scratch);
	assert_null(s->format);
	assert_string_equal(short_content(s, &plenty),
	    "/b-x=2\n/b/y=1\n/empty=\n/link: symbolic link, not followed\n");
	assert_string_equal(short_content(s, &plenty), /* as often as wanted */
	    "/b-x=2\n/b/y=1\n/empty=\n/link: symbolic link, not followed\n");
	lf_source_free(s);
}

static void
test_locators(void **state)
{
	static const struct {
		enum lf_source_kind kind;
		const char *name, *path, *want;
	} cases[] = {
	    {LF_SOURCE_FOLDER, ".", "a/b", "./a/b"},
	    {LF_SOURCE_FOLDER, "/", "a/b", "/a/b"},
	    {LF_SOURCE_FOLDER, "copy", "a\nb", "copy/a\nb"},
	    {LF_SOURCE_FOLDER, "copy", "", "copy"},
	    {LF_SOURCE_ARCHIVE, "x.tar", "a", "x.tar!a"},
	    {LF_SOURCE_ARCHIVE, "-", "a", "-!a"},
	    {LF_SOURCE_ARCHIVE, "x.tar", "", "x.tar"},
	    {LF_SOURCE_FILE, "x.json", "", "x.json"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lf_source s = {.kind = cases[i].kind, .name = (char *)(uintptr_t)cases[i].name};
		struct lf_buf b;

		lf_buf_init(&b);
		lf_source_locator(&s, cases[i].path, strlen(cases[i].path), &b);
		assert_string_equal(lf_buf_str(&b), cases[i].want);
		lf_buf_free(&b);
	}
}

static void
test_file(void **state)
{
	struct lf_source *s;
	char link[300];

	(void)state;
	scratch_text("x.json", "{\"Records\":[]}");
	s = open_source(scratch_path("x.json"));
	assert_int_equal(s->kind, LF_SOURCE_FILE);
	assert_int_equal(s->size, 14);
	assert_string_equal(short_content(s, &plenty), "/x.json={\"Records\":[]}\n");
	assert_string_equal(short_content(s, &plenty), "/x.json={\"Records\":[]}\n");
	assert_non_null(strstr(content(s, &(struct lf_limits){.max_object = 13}),
	    ": is larger (14 bytes) than the cap on one object (13)"));
	lf_source_free(s);
	snprintf(link, sizeof(link), "%s/link", scratch); /* an operand itself may be a link */
	assert_int_equal(symlink("x.json", link), 0);
	s = open_source(link);
	assert_int_equal(s->kind, LF_SOURCE_FILE);
	assert_string_equal(short_content(s, &plenty), "/link={\"Records\":[]}\n");
	lf_source_free(s);
	scratch_text("nothing", "");
	s = open_source(scratch_path("nothing"));
	assert_int_equal(s->kind, LF_SOURCE_FILE);
	assert_string_equal(short_content(s, &plenty), "/nothing=\n");
	lf_source_free(s);
}

static void
test_archive(void **state)
{
	struct lf_source *s;

	(void)state;
	write_tar("x.json.gz", true, 2); /* by content, never by name */
	s = open_source(scratch_path("x.json.gz"));
	assert_int_equal(s->kind, LF_SOURCE_ARCHIVE);
	assert_string_equal(s->format, "POSIX ustar format, gzip");
	assert_string_equal(short_content(s, &plenty), "/x.json.gz!AWSLogs/0=bytes\n/x.json.gz!AWSLogs/1=bytes\n");
	assert_string_equal(short_content(s, &plenty), "/x.json.gz!AWSLogs/0=bytes\n/x.json.gz!AWSLogs/1=bytes\n");
	assert_int_equal(truncate(scratch_path("x.json.gz"), 0), 0);
	assert_non_null(strstr(content(s, &plenty), ": was an archive when it was opened, and is none any more"));
	lf_source_free(s);
	write_tar("empty", true, 0);
	s = open_source(scratch_path("empty"));
	assert_int_equal(s->kind, LF_SOURCE_ARCHIVE);
	assert_string_equal(content(s, &plenty), "");
	lf_source_free(s);
	write_tar("cut", false, 3); /* the first header is whole */
	assert_int_equal(truncate(scratch_path("cut"), 512), 0);
	s = open_source(scratch_path("cut"));
	assert_int_equal(s->kind, LF_SOURCE_ARCHIVE);
	assert_non_null(strstr(content(s, &plenty), "the archive is cut or damaged at byte 512 of the file"));
	lf_source_free(s);
}

static void
test_refused(void **state)
{
	(void)state;
	assert_non_null(strstr(refusal(scratch_path("absent"), scratch), "No such file or directory"));
	assert_non_null(strstr(refusal("", scratch), "No such file or directory"));
	assert_non_null(strstr(refusal("/dev/null", scratch), "/dev/null is a device"));
	assert_non_null(strstr(refusal("/dev/null", scratch), "a folder, a file, a pipe or - is needed"));
	assert_int_equal(symlink("self", scratch_path("self")), 0);
	assert_non_null(strstr(refusal(scratch_path("self"), scratch), "Too many levels of symbolic links"));
}

/* Opens what a child writes into a FIFO, which is spooled and can be gone through twice. */
static void
test_fifo(void **state)
{
	char expected[256];
	struct lf_source *s;
	pid_t child;

	(void)state;
	assert_int_equal(mkfifo(scratch_path("fifo"), 0644), 0);
	child = fork();
	if (child == 0) {
		int fd = open(scratch_path("fifo"), O_WRONLY);

		_exit(fd < 0 || write(fd, "{\"Records\":[]}", 14) != 14);
	}
	s = open_source(scratch_path("fifo"));
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(s->kind, LF_SOURCE_FILE);
	assert_true(s->stream);
	assert_int_equal(s->size, 14);
	snprintf(expected, sizeof(expected), "%s={\"Records\":[]}\n", scratch_path("fifo"));
	assert_string_equal(content(s, &plenty), expected);
	assert_string_equal(content(s, &plenty), expected);
	lf_source_free(s);
}

/* ---- Reading ---- */

/* Reads one item of the scratch folder by its path, and gives the problem. */
static const char *
problem_of(const struct lf_source *s, const char *path)
{
	static char text[256];
	struct lf_item item;
	struct lf_err err;

	lf_item_init(&item);
	lf_buf_puts(&item.path, path);
	assert_int_equal(lf_source_read(s, &plenty, &item, &err), 0);
	assert_int_equal(item.read, item.problem.len == 0);
	assert_true(item.read || item.stored.len == 0);
	snprintf(text, sizeof(text), "%s", lf_buf_str(&item.problem));
	lf_item_free(&item);
	return text;
}

static void
test_trouble(void **state)
{
	struct lf_source *s = open_source(scratch);
	uid_t me = geteuid();

	(void)state;
	scratch_text("folder/file", "x");
	scratch_text("closed", "x");
	assert_int_equal(symlink("folder/file", scratch_path("link")), 0);
	assert_int_equal(symlink("folder", scratch_path("way")), 0);
	assert_int_equal(mkfifo(scratch_path("fifo"), 0644), 0);
	assert_string_equal(problem_of(s, "folder/file"), "");
	assert_string_equal(problem_of(s, "gone"), "has vanished since its name was read");
	assert_string_equal(problem_of(s, "link"), "became a symbolic link, not followed");
	assert_string_equal(problem_of(s, "way/file"), "became a symbolic link, not followed");
	assert_string_equal(problem_of(s, "fifo"), "is no regular file any more");
	assert_string_equal(problem_of(s, "folder"), "is no regular file any more");
	assert_string_equal(problem_of(s, "folder/file/below"), "cannot be opened: Not a directory");
	assert_int_equal(chmod(scratch, 0755), 0);
	assert_int_equal(chmod(scratch_path("closed"), 0), 0);
	if (me == 0)
		assert_int_equal(seteuid(65534), 0);
	assert_string_equal(problem_of(s, "closed"), "cannot be opened: Permission denied");
	if (me == 0)
		assert_int_equal(seteuid(0), 0);
	lf_source_free(s);
}

/* A file that another process writes to all the time is either read whole or told to have changed. */
static void
test_changing(void **state)
{
	struct lf_source *s = open_source(scratch);
	bool changed = false;
	pid_t pid;

	(void)state;
	scratch_text("log", "");
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		int fd = open(scratch_path("log"), O_WRONLY | O_APPEND);
		char bytes[4096] = {0};

		for (int i = 0; i < 200000; i++)
			if (write(fd, bytes, sizeof(bytes)) < 0 || (i % 500 == 0 && ftruncate(fd, 0) != 0))
				_exit(1);
		_exit(0);
	}
	for (int i = 0; i < 20000 && !changed; i++) {
		const char *p = problem_of(s, "log");

		changed = strcmp(p, "changed while it was read") == 0;
		assert_true(changed || p[0] == '\0');
	}
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_true(changed);
	lf_source_free(s);
}

static void
test_attributes(void **state)
{
	static const char digest[] = "AWSLogs/1/CloudTrail-Digest/d.json.gz";
	struct lf_source *s = open_source(scratch);
	struct lf_item item;
	struct lf_err err;

	(void)state;
	scratch_text(digest, "x");
	scratch_text("other", "x");
	if (setxattr(scratch_path(digest), "user.signature", "c0ffee", 6, 0) != 0) {
		lf_source_free(s);
		skip();
	}
	assert_int_equal(setxattr(scratch_path("other"), "user.signature", "c0ffee", 6, 0), 0);
	assert_int_equal(setxattr(scratch_path(digest), "user.backfill-generation-timestamp", "2024", 4, 0), 0);
	lf_item_init(&item);
	lf_buf_puts(&item.path, digest);
	assert_int_equal(lf_source_read(s, &plenty, &item, &err), 0);
	assert_string_equal(lf_buf_str(&item.signature), "c0ffee");
	assert_string_equal(lf_buf_str(&item.backfill), "2024");
	lf_item_reset(&item);
	assert_string_equal(lf_buf_str(&item.signature), "");
	lf_buf_puts(&item.path, "other"); /* not looked for */
	assert_int_equal(lf_source_read(s, &plenty, &item, &err), 0);
	assert_int_equal(item.signature.len, 0);
	lf_item_free(&item);
	lf_source_free(s);
	s = open_source(scratch_path(digest)); /* named itself */
	lf_item_init(&item);
	assert_int_equal(lf_source_read(s, &plenty, &item, &err), 0);
	assert_string_equal(lf_buf_str(&item.signature), "c0ffee");
	lf_item_free(&item);
	lf_source_free(s);
}

/* ---- Standard input ---- */

/* Runs check with bytes of a file, by way of a pipe, as standard input. */
static void
with_input(const char *file, void (*check)(void))
{
	int ends[2], saved = dup(STDIN_FILENO), fd = open(scratch_path(file), O_RDONLY);
	char bytes[1000];
	ssize_t n;
	pid_t pid;

	assert_true(fd >= 0 && saved >= 0);
	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(ends[0]);
		while ((n = read(fd, bytes, sizeof(bytes))) > 0)
			if (write(ends[1], bytes, (size_t)n) != n)
				_exit(1);
		_exit(0);
	}
	close(fd);
	close(ends[1]);
	assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	close(ends[0]);
	check();
	assert_int_equal(dup2(saved, STDIN_FILENO), STDIN_FILENO);
	close(saved);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* Names in the scratch folder. */
static size_t
names(void)
{
	DIR *dir = opendir(scratch);
	size_t n = 0;

	while (readdir(dir) != NULL)
		n++;
	closedir(dir);
	return n - 2;
}

static void
check_input_file(void)
{
	struct lf_source *s = open_source("-");

	assert_int_equal(s->kind, LF_SOURCE_FILE);
	assert_int_equal(s->size, 14);
	assert_string_equal(content(s, &plenty), "-={\"Records\":[]}\n");
	assert_string_equal(content(s, &plenty), "-={\"Records\":[]}\n");
	assert_int_equal(names(), 1); /* the spool file has no name */
	lf_source_free(s);
}

static void
check_input_archive(void)
{
	struct lf_source *s = open_source("-");

	assert_int_equal(s->kind, LF_SOURCE_ARCHIVE);
	assert_string_equal(content(s, &plenty), "-!AWSLogs/0=bytes\n-!AWSLogs/1=bytes\n");
	assert_string_equal(content(s, &plenty), "-!AWSLogs/0=bytes\n-!AWSLogs/1=bytes\n");
	lf_source_free(s);
}

static void
check_input_nowhere(void)
{
	const char *folder = scratch_path("absent");
	const char *msg = refusal("-", folder);

	assert_non_null(strstr(msg, "cannot make a temporary file in "));
	assert_non_null(strstr(msg, folder));
	assert_non_null(strstr(msg, "No such file or directory"));
}

/* A limit on the size of files stands in for a disk that is full. */
static void
check_input_full(void)
{
	struct rlimit old, small;
	const char *msg;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small = old;
	small.rlim_cur = 4096;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	msg = refusal("-", scratch);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	signal(SIGXFSZ, SIG_DFL);
	assert_non_null(strstr(msg, "cannot spool standard input in "));
	assert_non_null(strstr(msg, scratch));
	assert_non_null(strstr(msg, "File too large"));
}

static void
test_input(void **state)
{
	(void)state;
	scratch_text("x.json", "{\"Records\":[]}");
	with_input("x.json", check_input_file);
	with_input("x.json", check_input_nowhere);
	write_tar("x.tgz", true, 2);
	with_input("x.tgz", check_input_archive);
	write_tar("x.tar", false, 20);
	with_input("x.tar", check_input_full);
}

static void
test_input_folder(void **state)
{
	int saved = dup(STDIN_FILENO), fd = open(scratch, O_RDONLY);

	(void)state;
	assert_int_equal(dup2(fd, STDIN_FILENO), STDIN_FILENO);
	close(fd);
	assert_string_equal(refusal("-", scratch), "cannot read standard input: Is a directory");
	close(STDIN_FILENO);
	assert_string_equal(refusal("-", scratch), "cannot read standard input: Bad file descriptor");
	assert_int_equal(dup2(saved, STDIN_FILENO), STDIN_FILENO);
	close(saved);
	assert_int_equal(names(), 0);
}

/* ---- Out of memory ---- */

static const char *chaos_operand;

static int
chaos_step(void)
{
	struct lf_err err = {""};
	struct lf_source *s = NULL;
	struct lf_cursor *c = NULL;
	struct lf_item item;
	struct lf_buf locator;
	int rc;

	lf_item_init(&item);
	lf_buf_init(&locator);
	rc = lf_source_open(chaos_operand, scratch, &s, &err);
	if (rc == 0 && (c = lf_cursor_new(s, &plenty, &err)) == NULL)
		rc = -1;
	while (rc == 0 && (rc = lf_cursor_next(c, &item, &err)) == 1) {
		rc = 0;
		if (!item.read && item.problem.len == 0)
			rc = lf_source_read(s, &plenty, &item, &err);
		lf_source_locator(s, lf_buf_str(&item.path), item.path.len, &locator);
		if (rc == 0 && item.problem.len > 0) /* libarchive takes its lack of memory for the archive's fault */
			rc = -2;
	}
	if (rc == -1 && strcmp(err.msg, "out of memory") != 0)
		rc = 1;
	if (locator.failed && rc == 0)
		rc = -1;
	lf_buf_free(&locator);
	lf_item_free(&item);
	lf_cursor_free(c);
	lf_source_free(s);
	return rc == -2 ? -1 : rc;
}

static void
test_out_of_memory(void **state)
{
	char operand[300];

	(void)state;
	if (!CHAOS)
		skip();
	chaos_ours = true;
	scratch_text("a/b", "x");
	scratch_text("a/CloudTrail-Digest", "x");
	scratch_text("file", "x");
	write_tar("tar", false, 2);
	chaos_operand = scratch;
	assert_true(chaos_run(chaos_step) > 5);
	snprintf(operand, sizeof(operand), "%s/file", scratch);
	chaos_operand = operand;
	assert_true(chaos_run(chaos_step) > 3);
	snprintf(operand, sizeof(operand), "%s/tar", scratch);
	assert_true(chaos_run(chaos_step) > 5);
}

/* ---- Too large to be held ---- */

struct taken {
	uint64_t bytes;
	unsigned sum, refuse;
};

static int
take_piece(void *arg, const void *bytes, size_t len)
{
	struct taken *t = arg;
	const unsigned char *b = bytes;

	t->bytes += len;
	for (size_t i = 0; i < len; i++)
		t->sum = t->sum * 31 + b[i];
	return t->refuse > 0 ? -1 : 0;
}

/* Times come along; what is too large is told from other trouble, and can be read in pieces. */
static void
test_large(void **state)
{
	static char large[3000001];
	struct lf_limits small = {.max_object = 1000};
	struct timespec then[2] = {{.tv_sec = 1709269200}, {.tv_sec = 1709269201}};
	struct taken taken = {0}, whole = {0};
	struct lf_source *s;
	struct lf_item item;
	struct lf_err err;

	(void)state;
	for (size_t i = 0; i < sizeof(large); i++)
		large[i] = (char)(i * 7 + i / 1000);
	take_piece(&whole, large, sizeof(large));
	scratch_write("a/large", large, sizeof(large));
	scratch_text("a/small", "x");
	assert_int_equal(utimensat(AT_FDCWD, scratch_path("a/small"), then, 0), 0);
	s = open_source(scratch);
	lf_item_init(&item);
	assert_int_equal(item.mtime, LF_TIME_NONE);
	lf_buf_puts(&item.path, "a/small");
	assert_int_equal(lf_source_read(s, &small, &item, &err), 0);
	assert_int_equal(item.mtime, 1709269201);
	assert_false(item.large);
	lf_item_reset(&item);
	assert_int_equal(item.mtime, LF_TIME_NONE);
	lf_buf_puts(&item.path, "a/large");
	assert_int_equal(lf_source_read(s, &small, &item, &err), 0);
	assert_true(item.large);
	assert_true(item.problem.len > 0);
	assert_int_equal(lf_source_feed(s, &item, take_piece, &taken, &err), 0);
	assert_int_equal(item.problem.len, 0);
	assert_int_equal(taken.bytes, sizeof(large));
	assert_int_equal(taken.sum, whole.sum);
	taken = (struct taken){.refuse = 1};
	assert_int_equal(lf_source_feed(s, &item, take_piece, &taken, &err), 0);
	assert_true(taken.bytes < sizeof(large));
	unlink(scratch_path("a/large"));
	assert_int_equal(lf_source_feed(s, &item, take_piece, &taken, &err), 0);
	assert_string_equal(lf_buf_str(&item.problem), "has vanished since its name was read");
	assert_int_equal(symlink("small", scratch_path("a/large")), 0);
	assert_int_equal(lf_source_feed(s, &item, take_piece, &taken, &err), 0);
	assert_string_equal(lf_buf_str(&item.problem), "became a symbolic link, not followed");
	lf_item_free(&item);
	lf_source_free(s);
}

static int64_t
size_of(const struct lf_source *s, struct lf_item *item, const char *path)
{
	lf_buf_reset(&item->path);
	lf_buf_puts(&item->path, path);
	return lf_source_size(s, item);
}

/* Sizes are those of files of the folder, and of nothing that a link leads to. */
static void
test_size(void **state)
{
	struct lf_source *s;
	struct lf_item item;

	(void)state;
	scratch_text("in/a/b/one", "1");
	scratch_text("in/a/b/three", "123");
	scratch_text("in/a/two", "12");
	scratch_text("in/four", "1234");
	scratch_text("out/five", "12345");
	assert_int_equal(symlink("../../out", scratch_path("in/a/link")), 0);
	assert_int_equal(symlink("two", scratch_path("in/a/too")), 0);
	s = open_source(scratch_path("in"));
	lf_item_init(&item);
	assert_int_equal(size_of(s, &item, "a/b/one"), 1);
	assert_int_equal(size_of(s, &item, "a/b/three"), 3);
	assert_int_equal(size_of(s, &item, "a/two"), 2);
	assert_int_equal(size_of(s, &item, "four"), 4);
	assert_int_equal(size_of(s, &item, "a/b"), -1);
	assert_int_equal(size_of(s, &item, "a/none"), -1);
	assert_int_equal(size_of(s, &item, "none/one"), -1);
	assert_int_equal(size_of(s, &item, "a/too"), -1);
	assert_int_equal(size_of(s, &item, "a/link/five"), -1);
	assert_int_equal(size_of(s, &item, "../out/five"), -1);
	assert_int_equal(size_of(s, &item, "a/b/one"), 1);
	lf_source_free(s);
	s = open_source(scratch_path("in/four"));
	assert_int_equal(size_of(s, &item, "four"), -1);
	lf_item_free(&item);
	lf_source_free(s);
}

int
main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)
	const struct CMUnitTest tests[] = {
		IN_FOLDER(test_folder),
		cmocka_unit_test(test_locators),
		IN_FOLDER(test_file),
		IN_FOLDER(test_archive),
		IN_FOLDER(test_refused),
		IN_FOLDER(test_fifo),
		IN_FOLDER(test_trouble),
		IN_FOLDER(test_changing),
		IN_FOLDER(test_attributes),
		IN_FOLDER(test_large),
		IN_FOLDER(test_size),
		IN_FOLDER(test_input),
		IN_FOLDER(test_input_folder),
		IN_FOLDER(test_out_of_memory),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("source", tests, NULL, NULL);
}
