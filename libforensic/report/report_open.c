/* What a report is made of: opened, confined, read. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/sandbox.h"
#include "base/text.h"
#include "report/gaps_read.h"
#include "report/report.h"

#define PROGRAM_MAX ((off_t)256 << 20)

/* Copies a string that may be NULL. */
static int
copy(struct lf_report *r, const char *s, const char **out, struct lf_err *err)
{
	if (s == NULL)
		return 0;
	*out = lf_arena_strdup(&r->arena, s);
	return *out == NULL ? lf_err_nomem(err) : 0;
}

static int
open_inputs(struct lf_report *r, const struct lf_report_opts *o, struct lf_err *err)
{
	if (o->n_results > LF_MAX_RESULTS)
		return lf_err_set(err, "more than %d results", LF_MAX_RESULTS);
	if ((r->inputs = calloc(o->n_results + 1, sizeof(*r->inputs))) == NULL)
		return lf_err_nomem(err);
	for (size_t i = 0; i < o->n_results; i++) {
		struct lf_report_input *in = &r->inputs[r->n_inputs];
		bool standard = strcmp(o->results[i], "-") == 0;

		if (copy(r, o->results[i], &in->name, err) != 0)
			return -1;
		in->fd = standard ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) : open(o->results[i], O_RDONLY | O_CLOEXEC);
		if (in->fd < 0)
			return lf_err_sys(err, "cannot open %.300s", o->results[i]);
		r->n_inputs++;
	}
	return 0;
}

/* SHA-256 of a file; false when it cannot be read. */
static bool
hash_file(struct lf_hash *h, int dir, const char *name, char hex[LF_HEX_LEN])
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	unsigned char sum[LF_SHA256_LEN];
	char bytes[32768];
	off_t total = 0;
	ssize_t n = -1;

	if (fd >= 0 && lf_hash_start(h) == 0)
		while ((n = read(fd, bytes, sizeof(bytes))) > 0 && (total += n) < PROGRAM_MAX &&
		    lf_hash_add(h, bytes, (size_t)n) == 0)
			;
	if (fd >= 0)
		close(fd);
	if (n != 0 || lf_hash_end(h, sum) != 0)
		return false;
	lf_hex_encode(sum, sizeof(sum), hex);
	return true;
}

/* The programs beside the one that runs, and itself: what is there is hashed. */
static void
programs(struct lf_report *r)
{
	char path[PATH_MAX], *slash;
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	int dir;

	if (n <= 0)
		return;
	path[n] = '\0';
	if ((slash = strrchr(path, '/')) == NULL)
		return;
	*slash = '\0';
	if ((dir = open(*path == '\0' ? "/" : path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
		return;
	for (int i = 0; i <= LF_REPORT_TOOLS; i++) {
		struct lf_report_program *p = &r->programs[r->n_programs];

		p->name = i < LF_REPORT_TOOLS ? lf_report_tool_names[i] : "trail-report";
		r->n_programs += hash_file(r->hash, dir, p->name, p->sha256);
	}
	close(dir);
}

static int
said(struct lf_report *r, const struct lf_report_opts *o, struct lf_err *err)
{
	const struct {
		const char *from, **to;
	} all[] = {{o->title, &r->title}, {o->case_id, &r->case_id}, {o->exhibit, &r->exhibit}, {o->examiner, &r->examiner},
	    {o->organization, &r->organization}, {o->purpose, &r->purpose}};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (copy(r, all[i].from, all[i].to, err) != 0)
			return -1;
	return 0;
}

int
lf_report_open(const struct lf_report_opts *o, struct lf_report **out, struct lf_err *err)
{
	struct lf_report *r = calloc(1, sizeof(*r));
	int rc = -1;

	if (r == NULL)
		return lf_err_nomem(err);
	lf_arena_init(&r->arena);
	lf_list_init(&r->notes, sizeof(struct lf_report_note));
	if ((r->hash = lf_hash_new(err)) == NULL || said(r, o, err) != 0 || open_inputs(r, o, err) != 0 ||
	    (o->ledger != NULL && lf_report_ledger_open(o->ledger, &r->ledger, err) != 0))
		goto out;
	if (uname(&r->machine) != 0)
		memset(&r->machine, 0, sizeof(r->machine));
	programs(r);
	*out = r;
	r = NULL;
	rc = 0;
out:
	lf_report_free(r);
	return rc;
}

void
lf_report_free(struct lf_report *r)
{
	if (r == NULL)
		return;
	for (uint32_t i = 0; i < r->n_inputs; i++) {
		struct lf_report_input *in = &r->inputs[i];

		if (in->fd >= 0)
			close(in->fd);
		lf_result_free(in->proof);
		lf_gaps_read_free(in->coverage);
		lf_timeline_stats_free(in->stats);
		json_decref(in->doc);
	}
	free(r->inputs);
	lf_report_ledger_free(r->ledger);
	lf_list_free(&r->notes);
	lf_hash_free(r->hash);
	lf_arena_free(&r->arena);
	free(r);
}

int
lf_report_confine(struct lf_report *r, const char *outdir, struct lf_err *err)
{
	int files = r->ledger != NULL ? r->ledger->ledger.files : -1;
	int out = outdir == NULL ? -1 : open(outdir, O_PATH | O_CLOEXEC), rc;

	rc = lf_sandbox_enter(&(struct lf_sandbox){.read_dirs = &files, .n_read = files >= 0, .write_dirs = &out,
	    .n_write = out >= 0}, err);
	if (out >= 0)
		close(out);
	return rc;
}

static int
input_cmp(const void *x, const void *y)
{
	const struct lf_report_input *a = x, *b = y;
	int c = (a->tool > b->tool) - (a->tool < b->tool);

	return c != 0 ? c : (c = strcmp(a->name, b->name)) != 0 ? c : strcmp(a->sha256, b->sha256);
}

int
lf_report_read(struct lf_report *r, struct lf_err *err)
{
	for (uint32_t i = 0; i < r->n_inputs; i++)
		if (lf_report_input_read(r, &r->inputs[i], err) != 0)
			return -1;
	if (r->ledger != NULL && lf_report_ledger_read(r->ledger, r->hash, err) != 0)
		return -1;
	qsort(r->inputs, r->n_inputs, sizeof(*r->inputs), input_cmp);
	return lf_report_check(r, err);
}

enum lf_verdict
lf_report_verdict(const struct lf_report *r)
{
	return r->verdict;
}
