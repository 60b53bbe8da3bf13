#include "custody/host.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "evidence/archive.h"
#include "evidence/gzip.h"

#define SMALL_FILE ((size_t)64 << 10)
#define PIECE      ((size_t)64 << 10)

/* Reads the start of a small file of the system; empty when there is none. */
static void
slurp(const char *path, struct lf_buf *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	lf_buf_reset(out);
	if (fd < 0)
		return;
	if (lf_file_read_upto(fd, SMALL_FILE, out) != 0)
		lf_buf_reset(out);
	close(fd);
}

/* The value of PRETTY_NAME in os-release(5), without its quotes; NULL when there is none. */
static char *
pretty_name(char *text)
{
	static const char name[] = "PRETTY_NAME=";
	char *save = NULL;

	for (char *line = strtok_r(text, "\n", &save); line != NULL; line = strtok_r(NULL, "\n", &save)) {
		size_t len;

		if (strncmp(line, name, sizeof(name) - 1) != 0)
			continue;
		line += sizeof(name) - 1;
		len = strlen(line);
		if (len >= 2 && (line[0] == '"' || line[0] == '\'') && line[len - 1] == line[0]) {
			line[len - 1] = '\0';
			line++;
		}
		return line;
	}
	return NULL;
}

static void
fill_clock(struct lf_clock *c, struct lf_buf *scratch)
{
	struct timex t = {.modes = 0};
	int state = adjtimex(&t);
	time_t now = time(NULL);
	struct tm local;

	c->synchronized = state >= 0 && state != TIME_ERROR && (t.status & STA_UNSYNC) == 0;
	c->max_error_us = state >= 0 && c->synchronized ? t.maxerror : -1;
	c->utc_offset = localtime_r(&now, &local) == NULL ? 0 : local.tm_gmtoff;
	slurp("/sys/devices/system/clocksource/clocksource0/current_clocksource", scratch);
	snprintf(c->source, sizeof(c->source), "%.*s", (int)strcspn(lf_buf_str(scratch), "\n"),
	    scratch->len > 0 ? lf_buf_str(scratch) : "CLOCK_REALTIME");
}

/* Hashes the binary that runs; false when it cannot be read. */
static bool
hash_self(struct lf_hash *h, unsigned char out[LF_SHA256_LEN])
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	char piece[PIECE];
	ssize_t n;

	if (fd < 0 || lf_hash_start(h) != 0)
		n = -1;
	else
		while ((n = read(fd, piece, sizeof(piece))) > 0 || (n < 0 && errno == EINTR))
			if (n > 0 && lf_hash_add(h, piece, (size_t)n) != 0)
				break;
	if (fd >= 0)
		close(fd);
	return n == 0 && lf_hash_end(h, out) == 0;
}

/* The libraries that read and hash. */
static const char *
libraries(struct lf_arena *arena, struct lf_buf *scratch)
{
	static void (*const list[])(struct lf_buf *) = {lf_hash_library, lf_archive_library, lf_json_library, lf_gzip_library};

	lf_buf_reset(scratch);
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		lf_buf_puts(scratch, i == 0 ? "" : ", ");
		list[i](scratch);
	}
	return scratch->failed ? NULL : lf_arena_strdup(arena, lf_buf_str(scratch));
}

/* What uname(2) says. */
static bool
fill_system(struct lf_entry *e, struct lf_arena *arena)
{
	char kernel[3 * sizeof(((struct utsname *)0)->release) + 3];
	struct utsname u;

	if (uname(&u) != 0)
		memset(&u, 0, sizeof(u));
	snprintf(kernel, sizeof(kernel), "%s %s %s", u.sysname, u.release, u.version);
	e->host = lf_arena_strdup(arena, u.nodename);
	e->system = lf_arena_strdup(arena, kernel);
	e->machine = lf_arena_strdup(arena, u.machine);
	return e->host != NULL && e->system != NULL && e->machine != NULL;
}

int
lf_host_fill(struct lf_entry *e, struct lf_arena *arena, struct lf_err *err)
{
	struct lf_hash *h = lf_hash_new(err);
	struct lf_buf scratch;
	char *name = NULL;
	int rc = -1;

	if (h == NULL)
		return -1;
	lf_buf_init(&scratch);
	fill_clock(&e->clock, &scratch);
	slurp("/etc/os-release", &scratch);
	if (scratch.len == 0)
		slurp("/usr/lib/os-release", &scratch);
	if (scratch.len > 0)
		name = pretty_name(scratch.data);
	e->distribution = name == NULL ? NULL : lf_arena_strdup(arena, name);
	e->uid = getuid();
	e->version = LF_VERSION;
	e->tool_hashed = hash_self(h, e->tool_hash);
	e->libraries = libraries(arena, &scratch);
	if (!fill_system(e, arena) || e->libraries == NULL || (name != NULL && e->distribution == NULL))
		lf_err_nomem(err);
	else
		rc = 0;
	lf_buf_free(&scratch);
	lf_hash_free(h);
	return rc;
}
