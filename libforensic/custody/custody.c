#include "custody/custody.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/sandbox.h"
#include "base/text.h"
#include "custody/host.h"

static const char *const actions[LF_SEAL_ACTIONS] = {"collected", "received", "copied", "examined", "transferred"};

const char *
lf_seal_action_name(unsigned action)
{
	return action < LF_SEAL_ACTIONS ? actions[action] : NULL;
}

const char *
lf_mark_name(enum lf_mark m)
{
	static const char *const names[LF_MARKS] = {"none", "verified", "untrusted", "invalid", "missing"};

	return names[m];
}

/* ---- Opening ---- */

/* Copies a string that may be NULL. */
static bool
keep(struct lf_seal *s, const char **text)
{
	return *text == NULL || (*text = lf_arena_strdup(&s->arena, *text)) != NULL;
}

/* Copies a list of strings. */
static bool
keep_list(struct lf_seal *s, const char *const **list, size_t n)
{
	const char **copy = lf_arena_alloc(&s->arena, (n + 1) * sizeof(*copy));

	for (size_t i = 0; i < n && copy != NULL; i++)
		if ((copy[i] = lf_arena_strdup(&s->arena, (*list)[i])) == NULL)
			return false;
	*list = copy;
	return copy != NULL;
}

static bool
keep_opts(struct lf_seal *s)
{
	struct lf_seal_opts *o = &s->opts;

	return keep(s, &o->ledger) && keep(s, &o->case_id) && keep(s, &o->examiner) && keep(s, &o->exhibit) &&
	    keep(s, &o->organization) && keep(s, &o->note) && keep(s, &o->key) && keep(s, &o->head) &&
	    keep(s, &o->timestamp) && keep_list(s, &o->certs, o->n_certs) && keep_list(s, &o->cas, o->n_cas) &&
	    keep_list(s, &o->arguments, o->n_arguments);
}

/* Whether what an entry must say is there. */
static int
check_opts(const struct lf_seal_opts *o, struct lf_err *err)
{
	if (o->task == LF_SEAL_APPEND && (o->case_id == NULL || o->examiner == NULL || (unsigned)o->action >= LF_SEAL_ACTIONS))
		return lf_err_set(err, "an entry needs a case, an examiner and an action");
	if (o->task == LF_SEAL_APPEND && (o->key != NULL) != (o->n_certs == 1))
		return lf_err_set(err, "a signature takes a key and one file with its certificate");
	if (o->task == LF_SEAL_STAMP && o->timestamp == NULL)
		return lf_err_set(err, "there is no time stamp to attach");
	return 0;
}

static int
read_stamp(struct lf_seal *s, const char *path, struct lf_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), rc = 0;

	if (fd < 0 || lf_file_read_all(fd, LF_MAX_SIGNATURE, &s->stamp) != 0)
		rc = lf_err_sys(err, "cannot read %s", path);
	if (fd >= 0)
		close(fd);
	return rc;
}

/* Opens what the task needs besides the evidence. */
static int
open_all(struct lf_seal *s, struct lf_err *err)
{
	const struct lf_seal_opts *o = &s->opts;
	enum lf_ledger_use use = o->task == LF_SEAL_APPEND ? LF_LEDGER_ADD : o->task == LF_SEAL_STAMP ? LF_LEDGER_BESIDE
	    : LF_LEDGER_READ;

	s->has_head = o->head != NULL;
	if (s->has_head && !lf_hex_decode(o->head, strlen(o->head), s->head, LF_SHA256_LEN))
		return lf_err_set(err, "\"%s\" is no SHA-256: give 64 hexadecimal digits", o->head);
	if (o->timestamp != NULL && read_stamp(s, o->timestamp, err) != 0)
		return -1;
	if (o->task == LF_SEAL_APPEND) {
		if (o->key != NULL && lf_signer_load(o->key, o->certs[0], o->passphrase, o->passphrase_arg, &s->signer, err) != 0)
			return -1;
		if (lf_host_fill(&s->entry, &s->arena, err) != 0)
			return -1;
	} else if (lf_trust_load(o->certs, o->n_certs, o->cas, o->n_cas, &s->trust, err) != 0) {
		return -1;
	}
	if (lf_ledger_open(&s->ledger, o->ledger, use, err) != 0)
		return -1;
	if (use != LF_LEDGER_READ)
		return 0;
	if (lf_ledger_lock(&s->ledger, false, err) != 0)
		return -1;
	s->fd = lf_ledger_read(&s->ledger, err);
	return s->fd < 0 ? -1 : 0;
}

int
lf_seal_open(struct lf_case *c, const struct lf_seal_opts *o, struct lf_seal **out, struct lf_err *err)
{
	struct lf_seal *s = calloc(1, sizeof(*s));
	int rc;

	*out = NULL;
	if (s == NULL)
		return lf_err_nomem(err);
	s->c = c;
	s->opts = *o;
	s->fd = s->ledger.folder = s->ledger.files = s->ledger.lock = -1;
	lf_arena_init(&s->arena);
	lf_buf_init(&s->stamp);
	lf_manifest_init(&s->manifest);
	lf_findings_init(&s->findings);
	lf_list_init(&s->rows, sizeof(struct lf_seal_row));
	lf_intern_init(&s->names);
	s->entry.started = time(NULL);
	rc = check_opts(o, err);
	if (rc == 0 && !keep_opts(s))
		rc = lf_err_nomem(err);
	if (rc == 0)
		rc = open_all(s, err);
	if (rc != 0) {
		lf_seal_free(s);
		return -1;
	}
	*out = s;
	return 0;
}

void
lf_seal_free(struct lf_seal *s)
{
	if (s == NULL)
		return;
	if (s->fd >= 0)
		close(s->fd);
	lf_ledger_close(&s->ledger);
	lf_signer_free(s->signer);
	lf_trust_free(s->trust);
	lf_buf_free(&s->stamp);
	lf_manifest_free(&s->manifest);
	lf_findings_free(&s->findings);
	lf_list_free(&s->rows);
	lf_intern_free(&s->names);
	lf_arena_free(&s->arena);
	free(s);
}

/* ---- Confining ---- */

int
lf_seal_confine(struct lf_seal *s, const char *outdir, struct lf_err *err)
{
	bool writes = s->opts.task == LF_SEAL_APPEND || s->opts.task == LF_SEAL_STAMP;
	size_t n_sources = s->c == NULL ? 0 : s->c->n_sources, n_read = 0, n_write = 0;
	int *read_dirs = calloc(n_sources + 1, sizeof(*read_dirs)), write_dirs[3];
	int out = outdir == NULL ? -1 : open(outdir, O_PATH | O_DIRECTORY | O_CLOEXEC), rc;

	if (read_dirs == NULL)
		return lf_err_nomem(err);
	for (size_t i = 0; i < n_sources; i++)
		read_dirs[n_read++] = s->c->sources[i]->fd;
	if (writes) {
		write_dirs[n_write++] = s->ledger.folder;
		write_dirs[n_write++] = s->ledger.files;
	} else if (s->ledger.files >= 0) {
		read_dirs[n_read++] = s->ledger.files;
	}
	if (out >= 0)
		write_dirs[n_write++] = out;
	rc = lf_sandbox_enter(&(struct lf_sandbox){.read_dirs = read_dirs, .n_read = n_read, .write_dirs = write_dirs,
	    .n_write = n_write}, err);
	if (out >= 0)
		close(out);
	free(read_dirs);
	return rc;
}

/* ---- Running ---- */

int
lf_seal_run(struct lf_seal *s, struct lf_err *err)
{
	static int (*const tasks[])(struct lf_seal *, struct lf_err *) = {
	    [LF_SEAL_APPEND] = lf_seal_append,
	    [LF_SEAL_CHECK] = lf_seal_check,
	    [LF_SEAL_STAMP] = lf_seal_attach,
	    [LF_SEAL_MANIFEST] = lf_seal_load,
	};

	return tasks[s->opts.task](s, err);
}

uint32_t
lf_seal_count(const struct lf_seal *s, enum lf_severity severity)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < s->findings.list.n; i++)
		n += ((const struct lf_finding *)lf_list_at(&s->findings.list, i))->severity == severity;
	return n;
}

enum lf_verdict
lf_seal_verdict(const struct lf_seal *s)
{
	bool reads = s->opts.task == LF_SEAL_APPEND || s->compared;

	if (lf_seal_count(s, LF_ALERT) > 0)
		return LF_FINDINGS;
	if (lf_seal_count(s, LF_WARNING) > 0 || (reads && s->manifest.objects.n == 0))
		return LF_INCONCLUSIVE;
	return LF_VERIFIED;
}
