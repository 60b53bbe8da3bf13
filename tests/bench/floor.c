/*
 * floor: the least that verifying can cost.  Reads the same objects as trail-verify, inflates them
 * and takes their SHA-256, and does nothing else: no order, no keys, no chains.  What trail-verify
 * takes beyond this is its own.  With --inflate it takes no SHA-256: the least that a timeline can cost.
 *
 *   floor [-j N] [--inflate] DIR...
 *   floor [-j N] [--inflate] --tar FILE      any archive that libarchive reads
 *
 * N threads in all.  In a folder a task is a folder to list or a batch of its files.  An archive
 * can only be read by one thread at a time: the one at it takes a load of entries, gives the
 * archive to the next, and works.
 */
#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <errno.h>
#include <err.h>
#include <fcntl.h>
#include <getopt.h>
#include <libdeflate.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define BATCH_FILES  64
#define LOAD_ENTRIES 32
#define LOAD_BYTES   ((size_t)1 << 20)
#define TAR_BLOCK    ((size_t)1 << 20)
#define MAX_JOBS     256

struct dir {
	int fd;
	unsigned users; /* tasks and threads that need fd */
};

/* A folder to list, "name" below dir, or files of dir. */
struct task {
	struct task *next;
	struct dir *dir;
	bool list;
	unsigned n;
	size_t len, cap;
	char *names; /* one after the other, each with its NUL */
};

struct worker {
	pthread_t thread;
	struct libdeflate_decompressor *inflater;
	EVP_MD_CTX *hash;
	unsigned char *stored, *inflated;
	size_t stored_cap, inflated_cap;
	uint64_t objects, bytes, stored_bytes, largest;
	unsigned char seen; /* keeps the hashes from being thrown away */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER;
static struct task *tasks;
static unsigned at_work; /* threads that may still add tasks */
static struct archive *archive;
static bool archive_done;
static EVP_MD *sha256; /* NULL: inflate only */

static void *
need(void *p)
{
	if (p == NULL)
		err(1, NULL);
	return p;
}

/* Makes a buffer hold len bytes; what was in it is lost. */
static void
make_room(unsigned char **buf, size_t *cap, size_t len)
{
	if (len <= *cap)
		return;
	free(*buf);
	*cap = len < 65536 ? 65536 : len + len / 2;
	*buf = need(malloc(*cap));
}

/* ---- One object ---- */

static uint32_t
le32(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Inflates the first gzip member into the worker's buffer and returns the length. */
static size_t
inflate_object(struct worker *w, const unsigned char *in, size_t len)
{
	size_t used, made, want = le32(in + len - 4);
	enum libdeflate_result rc;

	make_room(&w->inflated, &w->inflated_cap, want < len * 1032 ? want : len);
	for (;;) {
		rc = libdeflate_gzip_decompress_ex(
		    w->inflater, in, len, w->inflated, w->inflated_cap, &used, &made);
		if (rc != LIBDEFLATE_INSUFFICIENT_SPACE)
			break;
		make_room(&w->inflated, &w->inflated_cap, w->inflated_cap * 2);
	}
	return rc == LIBDEFLATE_SUCCESS ? made : 0;
}

static void
do_object(struct worker *w, const unsigned char *in, size_t len)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	const unsigned char *out = in;
	size_t made = len;

	if (len >= 18 && in[0] == 0x1f && in[1] == 0x8b) {
		made = inflate_object(w, in, len);
		out = w->inflated;
	}
	hash[0] = made > 0 ? out[made - 1] : 0;
	if (sha256 != NULL && (EVP_DigestInit_ex2(w->hash, sha256, NULL) != 1 ||
	    EVP_DigestUpdate(w->hash, out, made) != 1 ||
	    EVP_DigestFinal_ex(w->hash, hash, NULL) != 1))
		errx(1, "SHA-256 failed");
	w->seen ^= hash[0];
	w->objects++;
	w->bytes += made;
	w->stored_bytes += len;
	if (made > w->largest)
		w->largest = made;
}

static void
do_file(struct worker *w, int dirfd, const char *name)
{
	int fd = openat(dirfd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;
	size_t len = 0;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) != 0)
		err(1, "%s", name);
	make_room(&w->stored, &w->stored_cap, (size_t)st.st_size + 1);
	while (len < (size_t)st.st_size) {
		if ((n = read(fd, w->stored + len, (size_t)st.st_size - len)) < 0)
			err(1, "%s", name);
		if (n == 0)
			break;
		len += (size_t)n;
	}
	close(fd);
	do_object(w, w->stored, len);
}

/* ---- Folders ---- */

static struct task *
task_new(struct dir *dir, bool list)
{
	struct task *t = need(calloc(1, sizeof(*t)));

	t->dir = dir;
	t->list = list;
	__atomic_add_fetch(&dir->users, 1, __ATOMIC_RELAXED);
	return t;
}

static void
dir_drop(struct dir *dir)
{
	if (__atomic_sub_fetch(&dir->users, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	if (dir->fd != AT_FDCWD)
		close(dir->fd);
	free(dir);
}

static void
task_free(struct task *t)
{
	dir_drop(t->dir);
	free(t->names);
	free(t);
}

static void
task_name(struct task *t, const char *name)
{
	size_t n = strlen(name) + 1;

	if (t->cap - t->len < n) {
		t->cap = t->list ? n : t->cap * 2 + n + 4096;
		t->names = need(realloc(t->names, t->cap));
	}
	memcpy(t->names + t->len, name, n);
	t->len += n;
	t->n++;
}

static void
push(struct task *t)
{
	pthread_mutex_lock(&lock);
	t->next = tasks;
	tasks = t;
	pthread_cond_signal(&more);
	pthread_mutex_unlock(&lock);
}

/* The next task, or NULL when there is none and no thread is left to make one. */
static struct task *
pop(void)
{
	struct task *t;

	pthread_mutex_lock(&lock);
	at_work--;
	while (tasks == NULL && at_work > 0)
		pthread_cond_wait(&more, &lock);
	if ((t = tasks) != NULL) {
		tasks = t->next;
		at_work++;
	} else {
		pthread_cond_broadcast(&more);
	}
	pthread_mutex_unlock(&lock);
	return t;
}

static unsigned char
type_of(int dirfd, const struct dirent *d)
{
	struct stat st;

	if (d->d_type != DT_UNKNOWN)
		return d->d_type;
	if (fstatat(dirfd, d->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return DT_UNKNOWN;
	return (unsigned char)IFTODT(st.st_mode);
}

static void
list_folder(const struct task *t)
{
	struct dir *dir = need(calloc(1, sizeof(*dir)));
	struct task *files = NULL, *folder;
	const struct dirent *d;
	DIR *listing;
	unsigned char type;

	dir->users = 1;
	dir->fd = openat(t->dir->fd, t->names, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir->fd < 0 || (listing = fdopendir(fcntl(dir->fd, F_DUPFD_CLOEXEC, 0))) == NULL)
		err(1, "%s", t->names);
	while ((d = readdir(listing)) != NULL) {
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		type = type_of(dir->fd, d);
		if (type == DT_DIR) {
			folder = task_new(dir, true);
			task_name(folder, d->d_name);
			push(folder);
		} else if (type == DT_REG) {
			if (files == NULL)
				files = task_new(dir, false);
			task_name(files, d->d_name);
			if (files->n == BATCH_FILES) {
				push(files);
				files = NULL;
			}
		}
	}
	if (files != NULL)
		push(files);
	closedir(listing);
	dir_drop(dir);
}

static void *
work_folders(void *arg)
{
	struct worker *w = arg;
	struct task *t;
	const char *name;

	while ((t = pop()) != NULL) {
		if (t->list) {
			list_folder(t);
		} else {
			name = t->names;
			for (unsigned i = 0; i < t->n; i++, name += strlen(name) + 1)
				do_file(w, t->dir->fd, name);
		}
		task_free(t);
	}
	return NULL;
}

/* ---- Archives ---- */

struct load {
	unsigned n;
	size_t ends[LOAD_ENTRIES]; /* in the worker's stored bytes */
};

/* Makes room for len stored bytes and keeps what is there. */
static void
make_longer(struct worker *w, size_t len)
{
	if (len <= w->stored_cap)
		return;
	w->stored_cap = len + len / 2;
	w->stored = need(realloc(w->stored, w->stored_cap));
}

/* Reads the data of the entry at hand behind the first at bytes, and returns where they end. */
static size_t
read_entry(struct worker *w, size_t at)
{
	la_ssize_t n;

	for (;;) {
		make_longer(w, at + 65536);
		n = archive_read_data(archive, w->stored + at, w->stored_cap - at);
		if (n < 0)
			errx(1, "%s", archive_error_string(archive));
		if (n == 0)
			return at;
		at += (size_t)n;
	}
}

/* Takes entries until the load is full.  Returns how many. */
static unsigned
take_load(struct worker *w, struct load *l)
{
	struct archive_entry *entry;
	size_t at = 0;
	int rc;

	l->n = 0;
	pthread_mutex_lock(&lock);
	while (!archive_done && l->n < LOAD_ENTRIES && at < LOAD_BYTES) {
		rc = archive_read_next_header(archive, &entry);
		if (rc == ARCHIVE_EOF)
			archive_done = true;
		else if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN)
			errx(1, "%s", archive_error_string(archive));
		else if (archive_entry_filetype(entry) == AE_IFREG)
			l->ends[l->n++] = at = read_entry(w, at);
	}
	pthread_mutex_unlock(&lock);
	return l->n;
}

static void *
work_archive(void *arg)
{
	struct worker *w = arg;
	struct load l;
	size_t start;

	while (take_load(w, &l) > 0) {
		start = 0;
		for (unsigned i = 0; i < l.n; start = l.ends[i++])
			do_object(w, w->stored + start, l.ends[i] - start);
	}
	return NULL;
}

static void
open_archive(const char *file)
{
	archive = need(archive_read_new());
	archive_read_support_format_all(archive);
	archive_read_support_filter_all(archive);
	if (archive_read_open_filename(archive, file, TAR_BLOCK) != ARCHIVE_OK)
		errx(1, "%s", archive_error_string(archive));
}

/* ---- The run ---- */

static void
run(struct worker *workers, unsigned jobs, void *(*work)(void *))
{
	for (unsigned i = 0; i < jobs; i++) {
		workers[i].inflater = need(libdeflate_alloc_decompressor());
		workers[i].hash = need(EVP_MD_CTX_new());
		if ((errno = pthread_create(&workers[i].thread, NULL, work, &workers[i])) != 0)
			err(1, "thread");
	}
	for (unsigned i = 0; i < jobs; i++)
		pthread_join(workers[i].thread, NULL);
}

static void
report(const struct worker *workers, unsigned jobs, const struct timespec *from)
{
	struct worker sum = {0};
	struct timespec now;

	for (unsigned i = 0; i < jobs; i++) {
		sum.objects += workers[i].objects;
		sum.bytes += workers[i].bytes;
		sum.stored_bytes += workers[i].stored_bytes;
		sum.largest = workers[i].largest > sum.largest ? workers[i].largest : sum.largest;
		sum.seen ^= workers[i].seen;
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	printf("objects=%llu bytes=%llu stored=%llu largest=%llu seconds=%.3f check=%02x\n",
	    (unsigned long long)sum.objects, (unsigned long long)sum.bytes,
	    (unsigned long long)sum.stored_bytes, (unsigned long long)sum.largest,
	    (double)(now.tv_sec - from->tv_sec) + (double)(now.tv_nsec - from->tv_nsec) / 1e9,
	    sum.seen);
}

static void
usage(void)
{
	fprintf(stderr, "usage: floor [-j N] [--inflate] DIR...\n       floor [-j N] [--inflate] --tar FILE\n");
	exit(2);
}

int
main(int argc, char **argv)
{
	static const struct option longs[] = {
	    {"tar", required_argument, NULL, 't'}, {"inflate", no_argument, NULL, 'i'}, {NULL, 0, NULL, 0}};
	const char *tar = NULL;
	struct worker *workers;
	struct timespec from;
	struct dir here = {.fd = AT_FDCWD, .users = 1};
	struct task *t;
	long jobs = sysconf(_SC_NPROCESSORS_ONLN);
	bool hash = true;
	int opt;

	clock_gettime(CLOCK_MONOTONIC, &from);
	while ((opt = getopt_long(argc, argv, "j:", longs, NULL)) != -1) {
		if (opt == 'j')
			jobs = strtol(optarg, NULL, 10);
		else if (opt == 't')
			tar = optarg;
		else if (opt == 'i')
			hash = false;
		else
			usage();
	}
	if (jobs < 1 || jobs > MAX_JOBS || (tar == NULL) == (optind == argc))
		usage();
	workers = need(calloc((size_t)jobs, sizeof(*workers)));
	if (hash)
		sha256 = need(EVP_MD_fetch(NULL, "SHA256", NULL));
	at_work = (unsigned)jobs;
	if (tar != NULL)
		open_archive(tar);
	for (int i = optind; i < argc; i++) {
		t = task_new(&here, true);
		task_name(t, argv[i]);
		push(t);
	}
	run(workers, (unsigned)jobs, tar != NULL ? work_archive : work_folders);
	report(workers, (unsigned)jobs, &from);
	return 0;
}
