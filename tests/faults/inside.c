/*
 * What a tool may still do once it is confined: loaded by LD_PRELOAD, this tries from inside of it, right behind the last step
 * (seccomp_load()) and at the first read of evidence or results in each thread, what hostile evidence would want to do.  To
 * INSIDE_LOG a line "STAGE ATTEMPT RESULT" is written for each, the result being "done" or the name of the error.
 *   INSIDE_FILE    a file outside of the evidence        INSIDE_BESIDE  a path beside the evidence, for a new file
 *   INSIDE_OLD=1   plays a kernel without Landlock and seccomp filters, and tries nothing
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

int seccomp_load(void *filter);

static int log_fd = -1;
static bool confined, old;
static char file[4096], beside[4096];

static void
note(const char *stage, const char *attempt, long rc)
{
	char line[160];
	int n = snprintf(line, sizeof(line), "%s %s %s\n", stage, attempt, rc >= 0 ? "done" : strerrorname_np(errno));

	if (write(log_fd, line, (size_t)n) != n)
		abort();
}

/* Each gives the number of the call, or -1 with errno set. */
static void
try_all(const char *stage)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = 0x5000, .sin_addr = {0x0100007f}};
	char *const argv[] = {(char *)(uintptr_t)"true", NULL};
	int saved = errno;

	note(stage, "read-file", open(file, O_RDONLY | O_CLOEXEC));
	note(stage, "read-passwd", open("/etc/passwd", O_RDONLY | O_CLOEXEC));
	note(stage, "write-beside", open(beside, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	note(stage, "write-file", open(file, O_WRONLY | O_CLOEXEC));
	note(stage, "make-folder", mkdir(beside, 0700));
	note(stage, "remove", unlink(file));
	note(stage, "chmod", chmod(file, 0777));
	note(stage, "socket", socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
	note(stage, "connect", connect(0, (struct sockaddr *)&to, sizeof(to)));
	note(stage, "exec", execve("/bin/true", argv, NULL));
#ifndef INSIDE_SANITIZED
	note(stage, "ptrace", ptrace(PTRACE_TRACEME, 0, NULL, NULL));
	note(stage, "executable-memory", mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0);
#endif
	note(stage, "namespace", syscall(SYS_unshare, 0x10000000));
	note(stage, "io-uring", syscall(SYS_io_uring_setup, 1, NULL));
	errno = saved;
}

EXPORT int
seccomp_load(void *filter)
{
	static __typeof__(&seccomp_load) real;
	int rc;

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "seccomp_load");
	rc = real(filter);
	if (rc == 0 && !confined && !old && log_fd >= 0)
		try_all("confined");
	confined = true;
	return rc;
}

/* A digest or log is inflated, or a member of an image is. */
static void
parsing(void)
{
	static __thread bool tried;

	if (tried || old || log_fd < 0)
		return;
	tried = true;
	if (confined)
		try_all("parsing");
	else
		note("parsing", "unconfined", 0);
}

#define READ(name, type, ...) \
	static type(*real)(__VA_ARGS__); \
	if (real == NULL) \
		*(void **)&real = dlsym(RTLD_NEXT, name)

EXPORT int libdeflate_deflate_decompress_ex(void *d, const void *in, size_t in_len, void *out, size_t out_len, size_t *in_used,
    size_t *out_used);

EXPORT int
libdeflate_deflate_decompress_ex(void *d, const void *in, size_t in_len, void *out, size_t out_len, size_t *in_used, size_t *out_used)
{
	READ("libdeflate_deflate_decompress_ex", int, void *, const void *, size_t, void *, size_t, size_t *, size_t *);
	parsing();
	return real(d, in, in_len, out, out_len, in_used, out_used);
}

EXPORT ssize_t
pread64(int fd, void *to, size_t len, off64_t at)
{
	READ("pread64", ssize_t, int, void *, size_t, off64_t);
	if (confined)
		parsing();
	return real(fd, to, len, at);
}

/* A result of a tool, a ledger: where nothing is inflated. */
EXPORT void *json_loadb(const char *text, size_t len, size_t flags, void *error);

EXPORT void *
json_loadb(const char *text, size_t len, size_t flags, void *error)
{
	READ("json_loadb", void *, const char *, size_t, size_t, void *);
	if (confined)
		parsing();
	return real(text, len, flags, error);
}

/* The kernel of long ago. */
EXPORT long
syscall(long number, ...)
{
	static long (*real)(long, ...);
	long a[6];
	va_list ap;

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "syscall");
	if (old && (number == SYS_landlock_create_ruleset || number == SYS_seccomp)) {
		errno = ENOSYS;
		return -1;
	}
	va_start(ap, number);
	for (size_t i = 0; i < 6; i++)
		a[i] = va_arg(ap, long);
	va_end(ap);
	return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

__attribute__((constructor)) static void
begin(void)
{
	const char *log = getenv("INSIDE_LOG"), *f = getenv("INSIDE_FILE"), *b = getenv("INSIDE_BESIDE");

	old = getenv("INSIDE_OLD") != NULL;
	snprintf(file, sizeof(file), "%s", f != NULL ? f : "/etc/hostname");
	snprintf(beside, sizeof(beside), "%s", b != NULL ? b : "/nowhere");
	if (log != NULL)
		log_fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}
