/* The sorted walk and the opening of what it finds, in trees as an attacker would leave them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <cmocka.h>

#include "evidence/walk.h"
#include "chaos.h"
#include "scratch.h"

#define MAX_SEEN 2000

/* What a walk gave: "path" for a file, "path: problem" for a problem. */
static char *seen[MAX_SEEN];
static size_t n_seen;

static void
forget(void)
{
	while (n_seen > 0)
		free(seen[--n_seen]);
}

static int
open_root(void)
{
	int fd = open(scratch, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

static void
note(const struct lf_walk_entry *e)
{
	size_t len = e->path_len + (e->problem == NULL ? 0 : strlen(e->problem)) + 3;

	assert_true(n_seen < MAX_SEEN);
	assert_int_equal(strlen(e->path), e->path_len);
	assert_int_equal(e->type == LF_WALK_PROBLEM, e->problem != NULL);
	seen[n_seen] = malloc(len);
	assert_non_null(seen[n_seen]);
	snprintf(seen[n_seen++], len, "%s%s%s", e->path, e->problem == NULL ? "" : ": ",
	    e->problem == NULL ? "" : e->problem);
}

static void
walk_all(void)
{
	struct lf_err err;
	struct lf_walk_entry e;
	int fd = open_root(), rc;
	struct lf_walk *w = lf_walk_new(fd, &err);

	assert_non_null(w);
	forget();
	while ((rc = lf_walk_next(w, &e, &err)) == 1)
		note(&e);
	assert_int_equal(rc, 0);
	assert_int_equal(lf_walk_next(w, &e, &err), 0);
	lf_walk_free(w);
	close(fd);
}

/* Checks that the walk gives exactly these, in this order. */
static void
expect(const char *const *want, size_t n)
{
	walk_all();
	for (size_t i = 0; i < n && i < n_seen; i++)
		assert_string_equal(seen[i], want[i]);
	assert_int_equal(n_seen, n);
	forget();
}
#define EXPECT(...) \
	do { \
		static const char *const want_[] = {__VA_ARGS__}; \
		expect(want_, sizeof(want_) / sizeof(want_[0])); \
	} while (0)

/* Counts what it is asked about; wants no "b", be it a file or a folder. */
static bool
keep(void *arg, const char *name, size_t len, bool folder)
{
	*(unsigned *)arg += folder ? 100 : 1;
	assert_int_equal(strlen(name), len);
	return strcmp(name, "b") != 0;
}

static void
test_only(void **state)
{
	static const char *const want[] = {"a", "c", "d/c"};
	struct lf_err err;
	struct lf_walk_entry e;
	unsigned asked = 0;
	size_t n = 0;
	int fd = open_root();
	struct lf_walk *w = lf_walk_new(fd, &err);

	(void)state;
	scratch_text("a", "");
	scratch_text("b/not-asked", "");
	assert_int_equal(symlink("a", scratch_path("c")), 0);
	scratch_text("d/b", "");
	scratch_text("d/c", "");
	lf_walk_only(w, keep, &asked);
	for (; lf_walk_next(w, &e, &err) == 1; n++) {
		assert_true(n < sizeof(want) / sizeof(want[0]));
		assert_string_equal(e.path, want[n]);
		assert_int_equal(e.type, n == 1 ? LF_WALK_PROBLEM : LF_WALK_FILE);
	}
	assert_int_equal(n, 3);
	assert_int_equal(asked, 203);
	lf_walk_free(w);
	close(fd);
}

static void
test_order(void **state)
{
	(void)state;
	scratch_text("b/z", "");
	scratch_text("b/a", "1");
	scratch_text("b-1", "");
	scratch_text("b0", "");
	scratch_text("b.json", "");
	scratch_text("B", "");
	scratch_text("b/c/d/e", "");
	scratch_text("b/c-", "");
	scratch_text("\xff", "");
	assert_int_equal(mkdir(scratch_path("empty"), 0755), 0);
	EXPECT("B", "b-1", "b.json", "b/a", "b/c-", "b/c/d/e", "b/z", "b0", "\xff");
}

static void
test_empty(void **state)
{
	(void)state;
	walk_all();
	assert_int_equal(n_seen, 0);
}

/* The order of any tree is that of the bytes of whole paths. */
static void
test_order_random(void **state)
{
	static const char *const parts[] = {"a", "a-", "a.", "a0", "a\x01", "a!", "a\n", "a\xc3\xa9", "ab", "a b", "A", "-"};
	char name[64];
	uint64_t seed = 3;

	(void)state;
	for (int i = 0; i < 400; i++) {
		uint64_t r = scratch_random(&seed);
		int depth = 1 + (int)(r % 4);

		name[0] = '\0';
		for (int d = 0; d < depth; d++) {
			r = scratch_random(&seed);
			strcat(name, parts[r % 12]);
			strcat(name, d + 1 < depth ? "/" : (r >> 32) % 2 ? "x" : "");
		}
		if (access(scratch_path(name), F_OK) != 0 && errno == ENOENT) {
			struct stat st;
			char *slash = strrchr(name, '/');

			if (slash != NULL) { /* only where no file is in the way */
				*slash = '\0';
				if (stat(scratch_path(name), &st) == 0 ? !S_ISDIR(st.st_mode) : errno != ENOENT)
					continue;
				*slash = '/';
			}
			scratch_text(name, "");
		}
	}
	walk_all();
	assert_true(n_seen > 100);
	for (size_t i = 1; i < n_seen; i++)
		assert_true(strcmp(seen[i - 1], seen[i]) < 0);
	forget();
}

static void
test_links_and_devices(void **state)
{
	struct sockaddr_un sun = {.sun_family = AF_UNIX};
	int sock = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)state;
	scratch_text("folder/file", "x");
	assert_int_equal(symlink("folder/file", scratch_path("link")), 0);
	assert_int_equal(symlink("..", scratch_path("folder/loop")), 0);
	assert_int_equal(symlink("nowhere", scratch_path("dangling")), 0);
	assert_int_equal(symlink(".", scratch_path("self")), 0);
	assert_int_equal(mkfifo(scratch_path("fifo"), 0644), 0);
	assert_true(snprintf(sun.sun_path, sizeof(sun.sun_path), "%s/socket", scratch) < (int)sizeof(sun.sun_path));
	assert_int_equal(bind(sock, (struct sockaddr *)&sun, sizeof(sun)), 0);
	close(sock);
	EXPECT("dangling: symbolic link, not followed", "fifo: FIFO", "folder/file",
	    "folder/loop: symbolic link, not followed", "link: symbolic link, not followed",
	    "self: symbolic link, not followed", "socket: socket");
	if (mknod(scratch_path("null"), S_IFCHR | 0600, 0x103) == 0) {
		walk_all();
		assert_string_equal(seen[5], "null: character device");
		forget();
	}
}

static void
test_hostile_names(void **state)
{
	(void)state;
	scratch_text("a\nb", "");
	scratch_text("\x1b[31mred", "");
	scratch_text("\xff\xfe", "");
	scratch_text("..dots", "");
	scratch_text("...", "");
	scratch_text("-rf", "");
	scratch_text("sp ace/\xe2\x80\xae", "");
	EXPECT("\x1b[31mred", "-rf", "...", "..dots", "a\nb", "sp ace/\xe2\x80\xae", "\xff\xfe");
}

/* Makes folders one in another, all named as given, with a file at the bottom. */
static void
dig(const char *name, int depth)
{
	int at = open_root(), next;

	for (int i = 0; i < depth; i++) {
		assert_int_equal(mkdirat(at, name, 0755), 0);
		next = openat(at, name, O_RDONLY | O_DIRECTORY);
		assert_true(next >= 0);
		close(at);
		at = next;
	}
	next = openat(at, "file", O_CREAT | O_WRONLY, 0644);
	assert_true(next >= 0);
	assert_int_equal(write(next, "deep", 4), 4);
	close(next);
	close(at);
}

static void
test_depth_cap(void **state)
{
	(void)state;
	dig("d", LF_MAX_TREE_DEPTH);
	walk_all();
	assert_int_equal(n_seen, 1);
	assert_int_equal(strlen(seen[0]), 2 * LF_MAX_TREE_DEPTH + 4);
	assert_null(strchr(seen[0], ':'));
	forget();
}

static void
test_too_deep(void **state)
{
	(void)state;
	dig("d", LF_MAX_TREE_DEPTH + 1);
	scratch_text("e", "");
	walk_all();
	assert_int_equal(n_seen, 2);
	assert_non_null(strstr(seen[0], "d/d: more than 256 folders deep, not followed"));
	assert_string_equal(seen[1], "e");
	forget();
}

/* Paths longer than the kernel takes in one call, and longer than the cap. */
static void
test_long_paths(void **state)
{
	char name[251];
	char byte[4];
	int root, fd;

	(void)state;
	memset(name, 'n', 250);
	name[250] = '\0';
	dig(name, 20);
	walk_all();
	assert_int_equal(n_seen, 1);
	assert_int_equal(strlen(seen[0]), 20 * 251 + 4);
	root = open_root();
	fd = lf_open_beneath(root, seen[0], 0);
	assert_true(fd >= 0);
	assert_int_equal(read(fd, byte, 4), 4);
	assert_memory_equal(byte, "deep", 4);
	close(fd);
	close(root);
	forget();
	name[0] = 'm';
	dig(name, 33);
	walk_all();
	assert_int_equal(n_seen, 2);
	assert_non_null(strstr(seen[0], ": path longer than 8192 bytes"));
	forget();
}

/* What was a folder when its name was read is something else when it is entered. */
static void
test_changes(void **state)
{
	struct lf_err err;
	struct lf_walk_entry e;
	struct lf_walk *w;
	int fd = open_root();

	(void)state;
	scratch_text("a", "");
	scratch_text("b/file", "");
	scratch_text("c/file", "");
	scratch_text("d/file", "");
	scratch_text("e", "");
	w = lf_walk_new(fd, &err);
	assert_int_equal(lf_walk_next(w, &e, &err), 1);
	assert_string_equal(e.path, "a");
	assert_int_equal(rename(scratch_path("b"), scratch_path("b2")), 0);
	assert_int_equal(symlink("b2", scratch_path("b")), 0);
	assert_int_equal(rename(scratch_path("c"), scratch_path("c2")), 0);
	scratch_text("c", "");
	assert_int_equal(rename(scratch_path("d"), scratch_path("d2")), 0);
	assert_int_equal(lf_walk_next(w, &e, &err), 1);
	assert_string_equal(e.path, "b");
	assert_string_equal(e.problem, "became a symbolic link, not followed");
	assert_int_equal(e.error, ELOOP);
	assert_int_equal(lf_walk_next(w, &e, &err), 1);
	assert_string_equal(e.path, "c");
	assert_string_equal(e.problem, "is no folder any more");
	assert_int_equal(lf_walk_next(w, &e, &err), 1);
	assert_string_equal(e.path, "d");
	assert_string_equal(e.problem, "has vanished since its name was read");
	assert_int_equal(lf_walk_next(w, &e, &err), 1);
	assert_string_equal(e.path, "e");
	assert_null(e.problem);
	assert_int_equal(e.error, 0);
	assert_int_equal(lf_walk_next(w, &e, &err), 0);
	lf_walk_free(w);
	close(fd);
}

static void
test_no_right(void **state)
{
	uid_t me = geteuid();

	(void)state;
	scratch_text("a", "");
	scratch_text("closed/file", "");
	scratch_text("z", "");
	assert_int_equal(chmod(scratch, 0755), 0);
	assert_int_equal(chmod(scratch_path("closed"), 0), 0);
	if (me == 0)
		assert_int_equal(seteuid(65534), 0);
	walk_all();
	if (me == 0)
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(n_seen, 3);
	assert_string_equal(seen[0], "a");
	assert_string_equal(seen[1], "closed: cannot be opened: Permission denied");
	assert_string_equal(seen[2], "z");
	forget();
}

static int
error_of(int root, const char *path, int flags)
{
	int fd = lf_open_beneath(root, path, flags);

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

/* Both ways of opening: "./" again and again makes a path that is too long for one call. */
static void
test_open_beneath(void **state)
{
	char prefix[4200] = "", path[4300];
	int root;

	(void)state;
	scratch_text("folder/file", "x");
	scratch_text("file", "x");
	assert_int_equal(symlink("folder", scratch_path("link")), 0);
	assert_int_equal(symlink("file", scratch_path("folder/link")), 0);
	assert_int_equal(symlink("/etc", scratch_path("out")), 0);
	assert_int_equal(mkfifo(scratch_path("fifo"), 0644), 0);
	root = open_root();
	for (int way = 0; way < 2; way++) {
#define ERROR_OF(name, flags) (snprintf(path, sizeof(path), "%s%s", prefix, name), error_of(root, path, flags))
		assert_int_equal(ERROR_OF("file", 0), 0);
		assert_int_equal(ERROR_OF("folder/file", 0), 0);
		assert_int_equal(ERROR_OF("folder", O_DIRECTORY), 0);
		assert_int_equal(ERROR_OF("fifo", 0), 0);
		assert_int_equal(ERROR_OF("file", O_DIRECTORY), ENOTDIR);
		assert_int_equal(ERROR_OF("file/below", 0), ENOTDIR);
		assert_int_equal(ERROR_OF("nothing", 0), ENOENT);
		assert_int_equal(ERROR_OF("folder/link", 0), ELOOP);
		assert_int_equal(ERROR_OF("link", 0), ELOOP);
		assert_int_equal(ERROR_OF("link", O_DIRECTORY), ELOOP);
		assert_int_equal(ERROR_OF("link/file", 0), ELOOP);
		assert_int_equal(ERROR_OF("out/passwd", 0), ELOOP);
		assert_int_equal(ERROR_OF("../x", 0), EXDEV);
		for (int i = 0; i < 2080; i++)
			strcpy(prefix + 2 * i, "./");
	}
	assert_int_equal(error_of(root, "/etc/passwd", 0), EXDEV);
	memset(path, '/', 4200);
	path[4200] = '\0';
	assert_int_equal(error_of(root, path, 0), EXDEV);
	memset(path, 'x', 4200);
	assert_int_equal(error_of(root, path, 0), ENAMETOOLONG);
	close(root);
}

static int
chaos_step(void)
{
	struct lf_err err = {""};
	struct lf_walk_entry e;
	int fd = open_root(), rc = -1;
	struct lf_walk *w = lf_walk_new(fd, &err);

	while (w != NULL && (rc = lf_walk_next(w, &e, &err)) == 1)
		;
	lf_walk_free(w);
	close(fd);
	return rc == -1 && strcmp(err.msg, "out of memory") != 0 ? 1 : rc;
}

static void
test_out_of_memory(void **state)
{
	char name[32];

	(void)state;
	if (!CHAOS)
		skip();
	for (int i = 0; i < 80; i++) {
		snprintf(name, sizeof(name), "%d/%d", i % 3, i);
		scratch_text(name, "");
	}
	assert_int_equal(symlink("0", scratch_path("link")), 0);
	assert_true(chaos_run(chaos_step) > 10);
}

int
main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)
	const struct CMUnitTest tests[] = {
		IN_FOLDER(test_only),
		IN_FOLDER(test_order),
		IN_FOLDER(test_empty),
		IN_FOLDER(test_order_random),
		IN_FOLDER(test_links_and_devices),
		IN_FOLDER(test_hostile_names),
		IN_FOLDER(test_depth_cap),
		IN_FOLDER(test_too_deep),
		IN_FOLDER(test_long_paths),
		IN_FOLDER(test_changes),
		IN_FOLDER(test_no_right),
		IN_FOLDER(test_open_beneath),
		IN_FOLDER(test_out_of_memory),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("walk", tests, NULL, NULL);
}
