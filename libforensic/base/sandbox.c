#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A sanitizer's runtime makes executable memory, and its leak check reads /proc and uses ptrace. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/*
 * ---- Landlock: Documentation/userspace-api/landlock.rst of the kernel ----
 * Written out here, since headers of a build machine may be older than the kernel that runs.
 */

enum {
	FS_EXECUTE = 1 << 0,
	FS_WRITE_FILE = 1 << 1,
	FS_READ_FILE = 1 << 2,
	FS_READ_DIR = 1 << 3,
	FS_REMOVE_FILE = 1 << 5,
	FS_MAKE_REG = 1 << 8,
	FS_ABI_1 = (1 << 13) - 1, /* all rights up to FS_MAKE_SYM */
	FS_REFER = 1 << 13,       /* ABI 2 */
	FS_TRUNCATE = 1 << 14,    /* ABI 3 */
	FS_IOCTL_DEV = 1 << 15,   /* ABI 5 */
	FS_READ = FS_READ_FILE | FS_READ_DIR,
	FS_WRITE = FS_READ | FS_WRITE_FILE | FS_REMOVE_FILE | FS_MAKE_REG | FS_REFER | FS_TRUNCATE,
	FS_OF_A_FILE = FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV,
	NET_ALL = 3,   /* ABI 4: bind and connect of TCP */
	SCOPE_ALL = 3, /* ABI 6: abstract sockets and signals to others */
};

struct ruleset {
	uint64_t fs, net, scoped;
};

struct beneath {
	uint64_t allowed;
	int32_t fd;
} __attribute__((packed));

#define CREATE_VERSION 1 /* LANDLOCK_CREATE_RULESET_VERSION */
#define RULE_BENEATH   1 /* LANDLOCK_RULE_PATH_BENEATH */

/* The ABI of the running kernel; below 1, with errno set, when it has none. */
static int
landlock_abi(void)
{
	return (int)syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_VERSION);
}

/* Makes a ruleset that denies all that this ABI knows.  Naming a right is what denies it. */
static int
ruleset_new(int abi, struct ruleset *r)
{
	size_t size = abi >= 6 ? sizeof(*r) : abi >= 4 ? 2 * sizeof(uint64_t) : sizeof(uint64_t);

	memset(r, 0, sizeof(*r));
	r->fs = FS_ABI_1 | (abi >= 2 ? FS_REFER : 0) | (abi >= 3 ? FS_TRUNCATE : 0) |
	    (abi >= 5 ? FS_IOCTL_DEV : 0);
	r->net = abi >= 4 ? NET_ALL : 0;
	r->scoped = abi >= 6 ? SCOPE_ALL : 0;
	return (int)syscall(SYS_landlock_create_ruleset, r, size, 0);
}

/* What is part of no mounted file system (a pipe) needs no rule: only its descriptor reaches it. */
static int
allow(int ruleset, int fd, uint64_t rights)
{
	struct beneath b = {.allowed = rights, .fd = fd};
	struct stat st;

	if (fstat(fd, &st) != 0)
		return -1;
	if (!S_ISDIR(st.st_mode))
		b.allowed &= FS_OF_A_FILE;
	if (syscall(SYS_landlock_add_rule, ruleset, RULE_BENEATH, &b, 0) == 0 || errno == EBADFD)
		return 0;
	return -1;
}

static int
allow_all(int ruleset, const int *fds, size_t n, uint64_t rights)
{
	for (size_t i = 0; i < n; i++)
		if (allow(ruleset, fds[i], rights) != 0)
			return -1;
	return 0;
}

static int
allow_proc(int ruleset)
{
	int fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int rc;

	if (fd < 0)
		return 0;
	rc = allow(ruleset, fd, FS_READ);
	close(fd);
	return rc;
}

static int
enter_landlock(const struct lf_sandbox *s, struct lf_err *err)
{
	int abi = landlock_abi(), rc = -1, fd;
	struct ruleset r;

	if (abi < 1)
		return 0;
	fd = ruleset_new(abi, &r);
	if (fd < 0)
		return lf_err_sys(err, "Landlock ruleset");
	if (allow_all(fd, s->read_dirs, s->n_read, FS_READ & r.fs) != 0 ||
	    allow_all(fd, s->write_dirs, s->n_write, FS_WRITE & r.fs) != 0 ||
	    (SANITIZED && allow_proc(fd) != 0))
		lf_err_sys(err, "Landlock rule");
	else if (syscall(SYS_landlock_restrict_self, fd, 0) != 0)
		lf_err_sys(err, "Landlock");
	else
		rc = 0;
	close(fd);
	return rc;
}

/* ---- seccomp ---- */

/* Refused with EPERM for any arguments.  A name that libseccomp does not know is left out. */
static const char *const denied[] = {
	/* the network */
	"socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "sendto",
	"sendmsg", "sendmmsg", "recvfrom", "recvmsg", "recvmmsg", "socketcall",
	/* other programs and other processes */
	"execve", "execveat", "uselib", "ptrace", "process_vm_readv", "process_vm_writev",
	"process_madvise", "process_mrelease", "pidfd_open", "pidfd_getfd", "kcmp", "memfd_create",
	"memfd_secret", "personality", "shmget", "shmat", "shmctl", "shmdt", "semget", "semop",
	"semtimedop", "semctl", "msgget", "msgsnd", "msgrcv", "msgctl", "ipc", "mq_open",
	"mq_unlink",
	/* namespaces, mounts and roots */
	"unshare", "setns", "mount", "umount", "umount2", "pivot_root", "chroot", "open_tree",
	"move_mount", "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr",
	/* file handles, and the owners, modes and attributes of what is only to be read */
	"open_by_handle_at", "name_to_handle_at", "truncate", "truncate64", "chmod", "fchmodat",
	"chown", "chown32", "lchown", "lchown32", "fchown", "fchown32", "fchownat", "setxattr",
	"lsetxattr", "fsetxattr", "removexattr", "lremovexattr", "fremovexattr", "utime", "utimes",
	"futimesat", "fanotify_init", "fanotify_mark", "quotactl", "quotactl_fd", "acct",
	/* rights */
	"setuid", "setuid32", "setgid", "setgid32", "setreuid", "setreuid32", "setregid",
	"setregid32", "setresuid", "setresuid32", "setresgid", "setresgid32", "setfsuid",
	"setfsuid32", "setfsgid", "setfsgid32", "setgroups", "setgroups32", "capset", "add_key",
	"request_key", "keyctl",
	/* wide or seldom tested ways into the kernel */
	"bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter",
	"io_uring_register", "io_setup", "io_submit", "kexec_load", "kexec_file_load",
	"init_module", "finit_module", "delete_module", "create_module", "modify_ldt", "iopl",
	"ioperm", "lookup_dcookie", "nfsservctl", "vmsplice", "_sysctl", "sysfs", "ustat",
	/* the machine */
	"reboot", "swapon", "swapoff", "sethostname", "setdomainname", "settimeofday", "stime",
	"clock_settime", "clock_settime64", "clock_adjtime", "clock_adjtime64", "adjtimex",
	"syslog", "vhangup",
};

/* Calls up to this number were weighed above; younger ones, and fchmodat2, get ENOSYS. */
#define LAST_KNOWN 462
#define LAST_SLOT  511
#define FCHMODAT2  452

/* The bits of a new namespace, as clone() takes them. */
static const uint64_t namespaces[] = {
	CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID,
	CLONE_NEWNET,
};

#ifdef __s390x__
#define CLONE_FLAGS 1
#else
#define CLONE_FLAGS 0
#endif

static int
deny_with(scmp_filter_ctx f, int nr, int error)
{
	return nr < 0 ? 0 : seccomp_rule_add(f, SCMP_ACT_ERRNO((uint16_t)error), nr, 0);
}

/* Refuses a call when the bits of mask in an argument are value. */
static int
deny_bits(scmp_filter_ctx f, int nr, unsigned argument, uint64_t mask, uint64_t value)
{
	struct scmp_arg_cmp bits = SCMP_CMP(argument, SCMP_CMP_MASKED_EQ, mask, value);

	return nr < 0 ? 0 : seccomp_rule_add(f, SCMP_ACT_ERRNO(EPERM), nr, 1, bits);
}

/* clone3() hides its flags behind a pointer: glibc takes clone() when there is none. */
static int
deny_namespaces(scmp_filter_ctx f)
{
	int rc = deny_with(f, seccomp_syscall_resolve_name("clone3"), ENOSYS);

	for (size_t i = 0; rc == 0 && i < sizeof(namespaces) / sizeof(namespaces[0]); i++)
		rc = deny_bits(f, SCMP_SYS(clone), CLONE_FLAGS, namespaces[i], namespaces[i]);
	return rc;
}

/* Memory that can be executed, and key strokes put into the examiner's terminal. */
static int
deny_injection(scmp_filter_ctx f)
{
	int rc = deny_bits(f, SCMP_SYS(ioctl), 1, UINT32_MAX, TIOCSTI);

	if (rc == 0)
		rc = deny_bits(f, SCMP_SYS(ioctl), 1, UINT32_MAX, TIOCLINUX);
	if (SANITIZED)
		return rc;
	if (rc == 0)
		rc = deny_bits(f, SCMP_SYS(mmap), 2, PROT_EXEC, PROT_EXEC);
	if (rc == 0)
		rc = deny_bits(f, SCMP_SYS(mprotect), 2, PROT_EXEC, PROT_EXEC);
	if (rc == 0)
		rc = deny_bits(f, SCMP_SYS(pkey_mprotect), 2, PROT_EXEC, PROT_EXEC);
	return rc;
}

static int
add_denials(scmp_filter_ctx f)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sizeof(denied) / sizeof(denied[0]); i++) {
		if (SANITIZED && strcmp(denied[i], "ptrace") == 0)
			continue;
		rc = deny_with(f, seccomp_syscall_resolve_name(denied[i]), EPERM);
	}
	if (rc == 0)
		rc = deny_with(f, FCHMODAT2, ENOSYS);
	for (int nr = LAST_KNOWN + 1; rc == 0 && nr <= LAST_SLOT; nr++)
		rc = deny_with(f, nr, ENOSYS);
	if (rc == 0)
		rc = deny_namespaces(f);
	return rc == 0 ? deny_injection(f) : rc;
}

/* Whether the kernel has filters that can return an error number (Linux 4.14 or later). */
static bool
have_seccomp(void)
{
	uint32_t action = SECCOMP_RET_ERRNO;

	return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

static int
enter_seccomp(struct lf_err *err)
{
	scmp_filter_ctx f;
	int rc;

	if (!have_seccomp())
		return 0;
	f = seccomp_init(SCMP_ACT_ALLOW);
	if (f == NULL)
		return lf_err_nomem(err);
	seccomp_attr_set(f, SCMP_FLTATR_CTL_TSYNC, 1);
	seccomp_attr_set(f, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	rc = add_denials(f);
	if (rc == 0)
		rc = seccomp_load(f);
	seccomp_release(f);
	errno = -rc;
	return rc == 0 ? 0 : lf_err_sys(err, "seccomp filter");
}

/* To be called while there is one thread: Landlock binds the calling thread and those it starts. */
int
lf_sandbox_enter(const struct lf_sandbox *s, struct lf_err *err)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return lf_err_sys(err, "no_new_privs");
	if (enter_landlock(s, err) != 0)
		return -1;
	return enter_seccomp(err);
}

/* ---- What there is: the one static state of the library, written once and then constant. ---- */

static char state_text[160];
static pthread_once_t state_once = PTHREAD_ONCE_INIT;

static void
probe(void)
{
	const char *seccomp = !have_seccomp() ? "seccomp: not in this kernel" :
	    SANITIZED ? "seccomp filter (weaker: built with a sanitizer)" : "seccomp filter";
	int abi = landlock_abi();

	if (abi >= 1)
		snprintf(state_text, sizeof(state_text), "Landlock ABI %d, %s", abi, seccomp);
	else
		snprintf(state_text, sizeof(state_text), "Landlock: %s; %s",
		    errno == EOPNOTSUPP ? "switched off in this kernel" :
		    errno == ENOSYS ? "not in this kernel" : "refused here", seccomp);
}

const char *
lf_sandbox_state(void)
{
	pthread_once(&state_once, probe);
	return state_text;
}

void
lf_sandbox_library(struct lf_buf *out)
{
	const struct scmp_version *v = seccomp_version();

	lf_buf_printf(out, "libseccomp %u.%u.%u", v->major, v->minor, v->micro);
}
