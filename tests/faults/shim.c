/*
 * Faults, for a tool that is run with this in LD_PRELOAD.  From the environment:
 *   FAULT=KIND:N      at the N-th call, from 1:
 *     malloc          an allocation fails that the tool itself asks for
 *     any-malloc      one fails that a library of it asks for, once evidence is read: libcrypto and libseccomp crash when
 *                     they cannot be set up, and libarchive 3.6 does at any time, and is spared
 *     read            a read gives EIO           short    every third read gives one byte (N does not count)
 *     write           a write gives ENOSPC, from then on all          little   every third write takes one byte
 *     sync            fsync gives EIO            rename   renameat gives EIO
 *     kill            SIGKILL in front of a write, fsync or renameat, or behind it: two calls for each
 *   FAULT_COUNT=FILE  at the end, how many calls there were of that kind is written there
 * Allocations count once the tool's main() can run; so do the others.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))
#define RANGES 16

enum kind { NONE, MALLOC, ANY_MALLOC, READ, SHORT, WRITE, LITTLE, SYNC, RENAME, KILL };
static const char *const kinds[] = {
    "none", "malloc", "any-malloc", "read", "short", "write", "little", "sync", "rename", "kill"};

static enum kind kind;
static bool ready, confined;
static unsigned long fault_at;
static atomic_ulong calls;
static int count_fd = -1;

/* Where code lies: of the tool, and of libarchive. */
struct range {
	uintptr_t from, to;
};
static struct range own, spared[RANGES];
static size_t n_spared;

/* Whether this call of a kind is the one. */
static bool
is_due(enum kind k)
{
	if (!ready || k != kind)
		return false;
	return atomic_fetch_add(&calls, 1) + 1 == fault_at;
}

/* ---- Memory ---- */

static void *(*real_malloc)(size_t), *(*real_calloc)(size_t, size_t), *(*real_realloc)(void *, size_t);
static void (*real_free)(void *);

/* What is asked for while the real functions are looked up. */
static _Alignas(16) char early[16384];
static size_t early_used;

static void *
early_alloc(size_t size)
{
	void *p = early + early_used;

	size = (size + 15) & ~(size_t)15;
	if (size > sizeof(early) - early_used)
		abort();
	early_used += size;
	return p;
}

static bool
is_early(const void *p)
{
	return (const char *)p >= early && (const char *)p < early + sizeof(early);
}

static void
look_up(void)
{
	static bool under_way;

	if (under_way)
		return;
	under_way = true;
	*(void **)&real_calloc = dlsym(RTLD_NEXT, "calloc");
	*(void **)&real_realloc = dlsym(RTLD_NEXT, "realloc");
	*(void **)&real_free = dlsym(RTLD_NEXT, "free");
	*(void **)&real_malloc = dlsym(RTLD_NEXT, "malloc");
}

static bool
within(const struct range *r, const void *caller)
{
	return (uintptr_t)caller >= r->from && (uintptr_t)caller < r->to;
}

/* Where a debugger stops: break fault_now. */
static __attribute__((noinline)) void
fault_now(int error)
{
	errno = error;
	__asm__ volatile("");
}

static bool
memory_fails(const void *caller)
{
	if (!ready || (kind != MALLOC && kind != ANY_MALLOC) || within(&own, caller) != (kind == MALLOC))
		return false;
	if (kind == ANY_MALLOC && !confined)
		return false;
	for (size_t i = 0; i < n_spared; i++)
		if (within(&spared[i], caller))
			return false;
	if (!is_due(kind))
		return false;
	fault_now(ENOMEM);
	return true;
}

EXPORT void *
malloc(size_t size)
{
	if (real_malloc == NULL)
		look_up();
	if (real_malloc == NULL)
		return early_alloc(size);
	return memory_fails(__builtin_return_address(0)) ? NULL : real_malloc(size);
}

EXPORT void *
calloc(size_t n, size_t size)
{
	if (real_malloc == NULL)
		look_up();
	if (real_malloc == NULL)
		return early_alloc(n * size);
	return memory_fails(__builtin_return_address(0)) ? NULL : real_calloc(n, size);
}

EXPORT void *
realloc(void *p, size_t size)
{
	if (real_malloc == NULL)
		look_up();
	if (real_malloc == NULL || is_early(p))
		abort();
	return memory_fails(__builtin_return_address(0)) ? NULL : real_realloc(p, size);
}

EXPORT void *
reallocarray(void *p, size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size) {
		errno = ENOMEM;
		return NULL;
	}
	return memory_fails(__builtin_return_address(0)) ? NULL : real_realloc(p, n * size);
}

EXPORT void
free(void *p)
{
	if (p == NULL || is_early(p))
		return;
	if (real_malloc == NULL)
		look_up();
	real_free(p);
}

/* The last step in front of the evidence. */
int seccomp_load(void *filter);

EXPORT int
seccomp_load(void *filter)
{
	static __typeof__(&seccomp_load) real;
	int rc;

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "seccomp_load");
	rc = real(filter);
	confined = true;
	return rc;
}

/* ---- Reading and writing ---- */

#define REAL(name) \
	static __typeof__(&name) real; \
	if (real == NULL) \
		*(void **)&real = dlsym(RTLD_NEXT, #name)

static bool
read_fails(size_t *len)
{
	if (kind == SHORT && ready && *len > 1 && atomic_fetch_add(&calls, 1) % 3 == 2)
		*len = 1;
	if (!is_due(READ))
		return false;
	fault_now(EIO);
	return true;
}

EXPORT ssize_t
read(int fd, void *to, size_t len)
{
	REAL(read);
	return read_fails(&len) ? -1 : real(fd, to, len);
}

EXPORT ssize_t
pread(int fd, void *to, size_t len, off_t at)
{
	REAL(pread);
	return read_fails(&len) ? -1 : real(fd, to, len, at);
}

EXPORT ssize_t
pread64(int fd, void *to, size_t len, off64_t at)
{
	REAL(pread64);
	return read_fails(&len) ? -1 : real(fd, to, len, at);
}

static void
may_die(void)
{
	if (is_due(KILL))
		kill(getpid(), SIGKILL);
}

static bool
write_fails(size_t *len)
{
	if (kind == LITTLE && ready && *len > 1 && atomic_fetch_add(&calls, 1) % 3 == 2)
		*len = 1;
	if (!is_due(WRITE) && (kind != WRITE || !ready || atomic_load(&calls) <= fault_at || fault_at == 0))
		return false;
	errno = ENOSPC;
	return true;
}

/* What is said on standard error is no output. */
EXPORT ssize_t
write(int fd, const void *from, size_t len)
{
	REAL(write);
	ssize_t n;

	if (fd == STDERR_FILENO || fd == count_fd)
		return real(fd, from, len);
	may_die();
	n = write_fails(&len) ? -1 : real(fd, from, len);
	may_die();
	return n;
}

EXPORT ssize_t
pwrite(int fd, const void *from, size_t len, off_t at)
{
	REAL(pwrite);
	return write_fails(&len) ? -1 : real(fd, from, len, at);
}

EXPORT ssize_t
pwrite64(int fd, const void *from, size_t len, off64_t at)
{
	REAL(pwrite64);
	return write_fails(&len) ? -1 : real(fd, from, len, at);
}

EXPORT int
fsync(int fd)
{
	REAL(fsync);
	int rc;

	may_die();
	if (is_due(SYNC)) {
		errno = EIO;
		return -1;
	}
	rc = real(fd);
	may_die();
	return rc;
}

EXPORT int
renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	REAL(renameat);
	int rc;

	may_die();
	if (is_due(RENAME)) {
		errno = EIO;
		return -1;
	}
	rc = real(from_dir, from, to_dir, to);
	may_die();
	return rc;
}

/* ---- The beginning and the end ---- */

static int
see_object(struct dl_phdr_info *info, size_t size, void *arg)
{
	struct range r = {UINTPTR_MAX, 0};

	(void)size;
	(void)arg;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];

		if (p->p_type != PT_LOAD || (p->p_flags & PF_X) == 0)
			continue;
		r.from = info->dlpi_addr + p->p_vaddr < r.from ? info->dlpi_addr + p->p_vaddr : r.from;
		r.to = info->dlpi_addr + p->p_vaddr + p->p_memsz > r.to ? info->dlpi_addr + p->p_vaddr + p->p_memsz : r.to;
	}
	if (info->dlpi_name[0] == '\0' && own.to == 0)
		own = r;
	else if ((strstr(info->dlpi_name, "libarchive") != NULL || strstr(info->dlpi_name, "/ld-linux") != NULL ||
	    strstr(info->dlpi_name, "san.so") != NULL) && n_spared < RANGES)
		spared[n_spared++] = r;
	return 0;
}

__attribute__((constructor)) static void
begin(void)
{
	const char *fault = getenv("FAULT"), *count = getenv("FAULT_COUNT"), *colon;

	if (fault == NULL || (colon = strchr(fault, ':')) == NULL)
		return;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strlen(kinds[i]) == (size_t)(colon - fault) && strncmp(fault, kinds[i], strlen(kinds[i])) == 0)
			kind = (enum kind)i;
	fault_at = strtoul(colon + 1, NULL, 10);
	dl_iterate_phdr(see_object, NULL);
	if (count != NULL)
		count_fd = open(count, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ready = true;
}

__attribute__((destructor)) static void
end(void)
{
	char text[32];
	int n;

	ready = false;
	if (count_fd < 0)
		return;
	n = snprintf(text, sizeof(text), "%lu\n", atomic_load(&calls));
	if (write(count_fd, text, (size_t)n) != n)
		abort();
}
