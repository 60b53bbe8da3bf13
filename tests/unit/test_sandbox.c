/* The sandbox: each test confines a child of its own and tries there what must work and what must
 * not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sandbox.h"
#include "forensic.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED true
#else
#define SANITIZED false
#endif

/* A folder with "read/file", "write/" and "beside/file". */
struct ground {
	char root[64];
	int read_dir, write_dir;
};

static void
make_file(const struct ground *g, const char *name)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", g->root, name);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	assert_true(fd >= 0 && write(fd, "x", 1) == 1 && close(fd) == 0);
}

static int
make_dir(const struct ground *g, const char *name)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", g->root, name);
	assert_int_equal(mkdir(path, 0700), 0);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}

static int
set_up(void **state)
{
	struct ground *g = calloc(1, sizeof(*g));

	assert_non_null(g);
	strcpy(g->root, "/tmp/lf_sandbox_XXXXXX");
	assert_non_null(mkdtemp(g->root));
	g->read_dir = make_dir(g, "read");
	g->write_dir = make_dir(g, "write");
	close(make_dir(g, "beside"));
	make_file(g, "read/file");
	make_file(g, "beside/file");
	*state = g;
	return 0;
}

static int
tear_down(void **state)
{
	static const char *const names[] = {
	    "read/file", "beside/file", "write/old", "write/new", "read", "beside", "write"};
	struct ground *g = *state;
	char path[128];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", g->root, names[i]);
		remove(path);
	}
	assert_int_equal(rmdir(g->root), 0);
	close(g->read_dir);
	close(g->write_dir);
	free(g);
	return 0;
}

static int
open_at(const struct ground *g, const char *name, int flags)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", g->root, name);
	return open(path, flags | O_CLOEXEC, 0600);
}

/* In the child: ends it with the line as its status when a claim does not hold. */
#define CLAIM(c) \
	do { \
		if (!(c)) { \
			printf("# line %d: %s (errno %d)\n", __LINE__, #c, errno); \
			fflush(stdout); \
			_exit(1); \
		} \
	} while (0)
#define REFUSED(call, number) (errno = 0, (call) == -1 && errno == (number))

static void
in_child(struct ground *g, void (*body)(struct ground *g))
{
	struct lf_err err = {""};
	struct lf_sandbox s = {
	    .read_dirs = &g->read_dir, .n_read = 1, .write_dirs = &g->write_dir, .n_write = 1};
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		if (lf_sandbox_enter(&s, &err) != 0) {
			printf("# %s\n", err.msg);
			fflush(stdout);
			_exit(2);
		}
		body(g);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static bool
have_landlock(void)
{
	return strncmp(lf_sandbox_state(), "Landlock ABI ", 13) == 0;
}

static bool
have_seccomp(void)
{
	return strstr(lf_sandbox_state(), "seccomp filter") != NULL;
}

static void
test_state(void **state)
{
	const char *text = lf_sandbox_state();
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, 1);
	char expected[40];

	(void)state;
	assert_ptr_equal(lf_sandbox_state(), text);
	if (abi > 0)
		snprintf(expected, sizeof(expected), "Landlock ABI %ld, ", abi);
	else
		snprintf(expected, sizeof(expected), "Landlock: ");
	assert_memory_equal(text, expected, strlen(expected));
	assert_non_null(strstr(text, "seccomp"));
}

static void
files(struct ground *g)
{
	int fd;

	CLAIM((fd = open_at(g, "read/file", O_RDONLY)) >= 0);
	CLAIM(REFUSED(open_at(g, "read/file", O_WRONLY), EACCES));
	CLAIM(REFUSED(open_at(g, "read/file", O_RDWR | O_TRUNC), EACCES));
	CLAIM(REFUSED(open_at(g, "read/new", O_WRONLY | O_CREAT), EACCES));
	CLAIM(REFUSED(unlinkat(g->read_dir, "file", 0), EACCES));
	CLAIM(openat(g->read_dir, ".", O_RDONLY | O_DIRECTORY) >= 0);

	CLAIM(REFUSED(open_at(g, "beside/file", O_RDONLY), EACCES));
	CLAIM(REFUSED(open_at(g, "beside/new", O_WRONLY | O_CREAT), EACCES));
	CLAIM(REFUSED(open("/etc/passwd", O_RDONLY), EACCES));
	CLAIM(REFUSED(open("/", O_RDONLY | O_DIRECTORY), EACCES));
	CLAIM(REFUSED(openat(g->read_dir, "../beside/file", O_RDONLY), EACCES));

	CLAIM((fd = openat(g->write_dir, "old", O_RDWR | O_CREAT | O_EXCL, 0600)) >= 0);
	CLAIM(write(fd, "abc", 3) == 3 && ftruncate(fd, 1) == 0 && fsync(fd) == 0);
	CLAIM(openat(g->write_dir, "old", O_WRONLY | O_TRUNC) >= 0);
	CLAIM(renameat(g->write_dir, "old", g->write_dir, "new") == 0);
	CLAIM(openat(g->write_dir, "new", O_RDONLY) >= 0);
	CLAIM(REFUSED(mkdirat(g->write_dir, "dir", 0700), EACCES));
	CLAIM(REFUSED(symlinkat("/etc/passwd", g->write_dir, "link"), EACCES));
	CLAIM(REFUSED(mkfifoat(g->write_dir, "fifo", 0600), EACCES));
	CLAIM(renameat(g->write_dir, "new", g->read_dir, "moved") == -1);
	CLAIM(linkat(g->read_dir, "file", g->write_dir, "hard", 0) == -1);
	CLAIM(unlinkat(g->write_dir, "new", 0) == 0);
}

static void
test_files(void **state)
{
	if (!have_landlock())
		skip();
	in_child(*state, files);
}

static void *
open_outside(void *arg)
{
	return (void *)(intptr_t)open_at(arg, "beside/file", O_RDONLY);
}

/* A thread made later is confined as well, and threads can still be made. */
static void
threads(struct ground *g)
{
	pthread_t thread;
	void *fd = NULL;

	CLAIM(pthread_create(&thread, NULL, open_outside, g) == 0);
	CLAIM(pthread_join(thread, &fd) == 0);
	CLAIM((intptr_t)fd == -1);
}

static void
test_threads(void **state)
{
	if (!have_landlock())
		skip();
	in_child(*state, threads);
}

static void
calls(struct ground *g)
{
	char *const argv[] = {"true", NULL};
	int pair[2];

	CLAIM(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
	CLAIM(REFUSED(socket(AF_INET, SOCK_STREAM, 0), EPERM));
	CLAIM(REFUSED(socket(AF_UNIX, SOCK_STREAM, 0), EPERM));
	CLAIM(REFUSED(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), EPERM));
	CLAIM(REFUSED(execv("/bin/true", argv), EPERM));
	CLAIM(REFUSED((int)syscall(SYS_execveat, g->read_dir, "file", argv, NULL, 0), EPERM));
	CLAIM(REFUSED(unshare(CLONE_NEWUSER), EPERM));
	CLAIM(REFUSED((int)syscall(SYS_setns, 0, 0), EPERM));
	CLAIM(REFUSED(
	    (int)syscall(SYS_clone, (long)CLONE_NEWUSER | SIGCHLD, NULL, NULL, NULL, 0), EPERM));
	CLAIM(REFUSED((int)syscall(SYS_clone3, NULL, 0), ENOSYS));
	CLAIM(REFUSED((int)syscall(SYS_mount, "a", "b", "c", 0, NULL), EPERM));
	CLAIM(REFUSED(chroot("/"), EPERM));
	CLAIM(REFUSED((int)syscall(SYS_bpf, 0, NULL, 0), EPERM));
	CLAIM(REFUSED((int)syscall(SYS_perf_event_open, NULL, 0, 0, 0, 0), EPERM));
	CLAIM(REFUSED((int)syscall(SYS_io_uring_setup, 1, NULL), EPERM));
	CLAIM(REFUSED((int)syscall(SYS_userfaultfd, 0), EPERM));
	CLAIM(REFUSED((int)syscall(SYS_keyctl, 0, 0, 0, 0, 0), EPERM));
	CLAIM(REFUSED((int)syscall(SYS_process_vm_readv, getpid(), NULL, 0, NULL, 0, 0), EPERM));
	CLAIM(REFUSED((int)syscall(SYS_open_by_handle_at, 0, NULL, 0), EPERM));
	CLAIM(REFUSED((int)syscall(SYS_memfd_create, "x", 0), EPERM));
	CLAIM(REFUSED(fchown(g->read_dir, 0, 0), EPERM));
	CLAIM(REFUSED((int)syscall(SYS_fsetxattr, g->read_dir, "user.x", "", 0, 0), EPERM));
	CLAIM(REFUSED((int)syscall(SYS_setuid, 0), EPERM));
	CLAIM(REFUSED(ioctl(0, TIOCSTI, "x"), EPERM));
	CLAIM(REFUSED((int)syscall(SYS_ioctl, 0, TIOCSTI | 0x100000000L, "x"), EPERM));
	CLAIM(REFUSED((int)syscall(452, g->read_dir, "file", 0600, 0), ENOSYS)); /* fchmodat2 */
	CLAIM(REFUSED((int)syscall(463, 0, NULL, 0, NULL, NULL, 0), ENOSYS)); /* setxattrat */
}

static void
test_calls(void **state)
{
	if (!have_seccomp())
		skip();
	in_child(*state, calls);
}

static void
executable_memory(struct ground *g)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)g;
	CLAIM(REFUSED((int)syscall(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0), EPERM));
	CLAIM(page != MAP_FAILED);
	CLAIM(REFUSED(mprotect(page, 4096, PROT_READ | PROT_EXEC), EPERM));
	CLAIM(mprotect(page, 4096, PROT_READ) == 0);
	CLAIM(mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
	      MAP_FAILED);
	CLAIM(errno == EPERM);
}

static void
test_executable_memory(void **state)
{
	if (!have_seccomp() || SANITIZED)
		skip();
	in_child(*state, executable_memory);
}

/* Pipes and single files may be among what is to be read. */
static void
test_other_operands(void **state)
{
	struct ground *g = *state;
	int fds[3], pipes[2], status;
	struct lf_sandbox s = {.read_dirs = fds, .n_read = 3};
	struct lf_err err;
	pid_t pid;

	if (!have_landlock())
		skip();
	assert_int_equal(pipe(pipes), 0);
	fds[0] = pipes[0];
	fds[1] = open_at(g, "beside/file", O_RDONLY);
	fds[2] = open_at(g, "read", O_PATH);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		CLAIM(lf_sandbox_enter(&s, &err) == 0);
		CLAIM(open_at(g, "beside/file", O_RDONLY) >= 0);
		CLAIM(REFUSED(open_at(g, "beside/file", O_WRONLY), EACCES));
		CLAIM(REFUSED(open_at(g, "beside", O_RDONLY), EACCES));
		CLAIM(open_at(g, "read/file", O_RDONLY) >= 0);
		CLAIM(lf_sandbox_enter(&s, &err) == 0); /* again: narrower, never wider */
		CLAIM(REFUSED(open("/etc/passwd", O_RDONLY), EACCES));
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	for (size_t i = 0; i < 3; i++)
		close(fds[i]);
	close(pipes[1]);
}

static void
test_bad_operand(void **state)
{
	int bad = -1, status;
	struct lf_sandbox s = {.read_dirs = &bad, .n_read = 1};
	struct lf_err err = {""};
	pid_t pid;

	(void)state;
	if (!have_landlock())
		skip();
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		CLAIM(lf_sandbox_enter(&s, &err) == -1);
		CLAIM(strstr(err.msg, "Landlock rule: ") != NULL);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int
main(void)
{
#define GROUNDED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_state),
		GROUNDED(test_files),
		GROUNDED(test_threads),
		GROUNDED(test_calls),
		GROUNDED(test_executable_memory),
		GROUNDED(test_other_operands),
		cmocka_unit_test(test_bad_operand),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("sandbox", tests, NULL, NULL);
}
