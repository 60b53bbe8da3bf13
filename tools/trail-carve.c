#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

#define NUMBER_MAX 1000000u /* of blocks, and of trials */

struct carve {
	struct lf_carve_opts opts;
	const char *dfxml;
	const char **inputs;       /* images and the evidence of the digests */
	bool asks;                 /* --what-at */
	uint64_t offset;
};

static struct carve *
own(const struct cli *c)
{
	return c->own;
}

/* ---- Options ---- */

static int
set_output(struct cli *c, const struct cli_option *o, void *state, const char *value)
{
	if (strcmp(value, "-") == 0)
		return cli_usage(c, "--output: what is carved goes to a folder, not to standard output");
	(void)o;
	(void)state;
	c->output = value;
	return CLI_CONTINUE;
}

static int
set_digests(struct cli *c, const struct cli_option *o, void *state, const char *value)
{
	if (strcmp(value, "-") == 0)
		return cli_usage(c, "--digests: digests are not read from standard input");
	return cli_set_list(c, o, state, value);
}

static int
set_dfxml(struct cli *c, const struct cli_option *o, void *state, const char *value)
{
	if (strcmp(value, "-") == 0)
		return cli_usage(c, "--dfxml: the report goes to standard output already: give a file");
	return cli_set_text(c, o, state, value);
}

static int
set_number(struct cli *c, const struct cli_option *o, void *state, const char *value)
{
	uint64_t n;

	if (!cli_number(value, strlen(value), 1, NUMBER_MAX, &n))
		return cli_usage(c, "--%s: \"%s\" is no number from 1 to %u", o->name, value, NUMBER_MAX);
	*(unsigned *)cli_place(state, o->at) = (unsigned)n;
	return CLI_CONTINUE;
}

/* In bytes, as a size or in hexadecimal behind 0x. */
static int
set_what_at(struct cli *c, const struct cli_option *o, void *state, const char *value)
{
	struct lf_err err;
	bool hex = value[0] == '0' && (value[1] == 'x' || value[1] == 'X');
	size_t digits = hex ? strspn(value + 2, "0123456789abcdefABCDEF") : 0;

	(void)o;
	(void)state;
	own(c)->asks = true;
	if (hex && digits > 0 && digits <= 16 && value[2 + digits] == '\0')
		own(c)->offset = strtoull(value + 2, NULL, 16);
	else if (hex || lf_size_parse(value, &own(c)->offset, &err) != 0)
		return cli_usage(c, "--what-at: \"%s\" is no offset: give bytes as digits, with K, M, G or T for powers of 1024, or "
		    "hexadecimal behind 0x", value);
	return CLI_CONTINUE;
}

static const struct cli_option own_options[] = {
    {"output", 'o', "DIR", "the folder that is made, or is empty, for all that is carved", set_output, 0, 0},
    {"digests", 0, "EVIDENCE", "evidence whose digests authenticate what is carved",
	CLI_LIST_BY(set_digests, struct carve, opts.digests, opts.n_digests)},
    {"ranges", 0, "FILE", "only these parts of the image: lines of START LENGTH, in bytes", CLI_TEXT(struct carve, opts.ranges)},
    {"resume", 0, NULL, "go on where an earlier run into DIR was stopped", CLI_FLAG(struct carve, opts.resume)},
    {"dfxml", 0, "FILE", "also write Digital Forensics XML", set_dfxml, CLI_AT(struct carve, dfxml, const char *), 0},
    {"hash-image", 0, NULL, "also give the SHA-256 of each image", CLI_FLAG(struct carve, opts.hash_image)},
    {"what-at", 0, "OFFSET", "say what stands at an offset of IMAGE, and write nothing", set_what_at, 0, 0},
    {"no-joins", 0, NULL, "do not try to join fragments", CLI_FLAG(struct carve, opts.no_joins)},
    {"join-blocks", 0, "N", "how far the other fragment may lie, in blocks of 4 KiB (256)", set_number,
	CLI_AT(struct carve, opts.join_blocks, unsigned), 0},
    {"join-trials", 0, "N", "trials for one damaged member (8192)", set_number, CLI_AT(struct carve, opts.join_trials, unsigned), 0},
    {"max-member", 0, "SIZE", "cap on the content of one gzip member (64M)", CLI_SIZE(struct carve, opts.max_member)},
    {"max-record", 0, "SIZE", "cap on one record (4M)", CLI_SIZE(struct carve, opts.max_record)},
    {"max-total", 0, "SIZE", "cap on what is written of one image (200 times what was read)", CLI_SIZE(struct carve, opts.max_total)},
    {"checkpoint", 0, "SIZE", "how often the state that --resume takes is written (1G)", CLI_SIZE(struct carve, opts.checkpoint)},
    CLI_NO_OPTION,
};

static const char *const formats[] = {"text", "json", "html", NULL};
static const enum lf_carve_format format_values[] = {LF_CARVE_REPORT_TEXT, LF_CARVE_REPORT_JSON, LF_CARVE_REPORT_HTML};
static const char *const refused[] = {"since", "until", "account", "region", "trail", "shard", "max-object", NULL};

static const struct cli_tool tool = {
    .name = "trail-carve",
    .purpose = "what can still be recovered of CloudTrail from raw bytes",
    .examples =
	"  trail-carve -o out/ disk.dd\n"
	"  trail-carve -o out/ -k keys.json --digests copy/ --hash-image disk.dd\n"
	"  trail-carve -o out/ --resume -k keys.json --digests copy/ --hash-image disk.dd\n"
	"  blkls -A disk.dd | trail-carve -o out/ -\n"
	"  trail-carve --what-at 0x101000 disk.dd\n"
	"  trail-timeline -k keys.json copy/ out/\n",
    .usage = "  trail-carve [options] -o DIR IMAGE...        raw or split images, devices, dumps, -\n"
	     "  trail-carve --what-at OFFSET IMAGE\n"
	     "  trail-carve --explain ID\n",
    .options = own_options,
    .formats = formats,
    .refuses = refused,
};

/* ---- Output ---- */

static const struct {
	const char *name;
	enum lf_carve_format format;
} reports[] = {{"report.txt", LF_CARVE_REPORT_TEXT}, {"report.json", LF_CARVE_REPORT_JSON}, {"report.html", LF_CARVE_REPORT_HTML}};
#define N_REPORTS (sizeof(reports) / sizeof(reports[0]))

/* Writes a report to an open output, which is not the terminal's. */
static int
fill(struct cli_output *out, struct lf_carve *v, enum lf_carve_format format)
{
	struct lf_write_opts w;
	struct lf_err err;

	cli_write_opts(out, &w);
	w.color = w.quiet = w.terminal = false;
	w.detail = true;
	w.width = 0;
	if (lf_carve_write(v, format, &w, cli_output_write, out, &err) != 0)
		return cli_output_fail(out, &err);
	return cli_output_finish(out, CLI_CONTINUE);
}

static int
write_file(const struct cli *c, struct lf_carve *v, const char *path, enum lf_carve_format format)
{
	struct cli to = *c;
	struct cli_output out;
	int rc;

	to.output = path;
	if ((rc = cli_output_open(&out, &to)) != CLI_CONTINUE)
		return rc;
	return fill(&out, v, format);
}

/* Whether name is that of a temporary file of one of the reports. */
static bool
is_temporary(const char *name)
{
	for (size_t i = 0; i < N_REPORTS; i++) {
		size_t len = strlen(reports[i].name);

		if (name[0] == '.' && strncmp(name + 1, reports[i].name, len) == 0 && name[1 + len] == '.' && strlen(name) == len + 8)
			return true;
	}
	return false;
}

/* Takes away what a run that was killed may have left of its reports. */
static void
sweep(const char *dir)
{
	DIR *d = opendir(dir);

	for (const struct dirent *e; d != NULL && (e = readdir(d)) != NULL;)
		if (is_temporary(e->d_name))
			(void)unlinkat(dirfd(d), e->d_name, 0);
	if (d != NULL)
		closedir(d);
}

static int
write_reports(const struct cli *c, struct lf_carve *v)
{
	char path[PATH_MAX];
	int rc = CLI_CONTINUE;

	sweep(c->output);
	for (size_t i = 0; i < N_REPORTS && rc == CLI_CONTINUE; i++) {
		if (snprintf(path, sizeof(path), "%s/%s", c->output, reports[i].name) >= (int)sizeof(path))
			return cli_error(c, "\"%s\": %s", c->output, strerror(ENAMETOOLONG));
		rc = write_file(c, v, path, reports[i].format);
	}
	return rc;
}

/* The report on standard output, and the exit status. */
static int
print(const struct cli *c, struct lf_carve *v)
{
	struct cli to = *c;
	struct cli_output out;
	struct lf_write_opts w;
	struct lf_err err;
	int rc;

	to.output = NULL;
	if ((rc = cli_output_open(&out, &to)) != CLI_CONTINUE)
		return rc;
	cli_write_opts(&out, &w);
	if (lf_carve_write(v, format_values[c->format], &w, cli_output_write, &out, &err) != 0)
		return cli_output_fail(&out, &err);
	return cli_output_finish(&out, lf_verdict_exit(lf_carve_verdict(v)));
}

/* Whether two paths name one folder, which need not be there yet. */
static bool
same_folder(const char *a, const char *b)
{
	size_t m = strlen(a), n = strlen(b);

	if (cli_same_file(a, b))
		return true;
	while (m > 1 && a[m - 1] == '/')
		m--;
	while (n > 1 && b[n - 1] == '/')
		n--;
	return m == n && strncmp(a, b, n) == 0;
}

/* Whether the file of --dfxml will stand in DIR, which is written to once all else is there. */
static bool
dfxml_in_dir(const struct cli *c)
{
	const char *slash = strrchr(own(c)->dfxml, '/');
	char *folder = slash == NULL ? strdup(".") : strndup(own(c)->dfxml, slash == own(c)->dfxml ? 1 : (size_t)(slash - own(c)->dfxml));
	bool same = folder != NULL && same_folder(folder, c->output);

	free(folder);
	return same;
}

/* ---- The run ---- */

/* All that is written once the pass is over; xml is open when it stands outside of DIR, else NULL. */
static int
finish(const struct cli *c, struct lf_carve *v, struct cli_output *xml)
{
	struct lf_err err;
	int rc = CLI_CONTINUE;

	if (xml != NULL)
		rc = fill(xml, v, LF_CARVE_REPORT_DFXML);
	else if (own(c)->dfxml != NULL)
		rc = write_file(c, v, own(c)->dfxml, LF_CARVE_REPORT_DFXML);
	if (rc == CLI_CONTINUE)
		rc = write_reports(c, v);
	if (rc != CLI_CONTINUE)
		return rc;
	if (lf_carve_end(v, &err) != 0)
		return cli_error(c, "%s", err.msg);
	return print(c, v);
}

/* Carves what is open. */
static int
run(const struct cli *c, struct lf_carve *v, struct cli_output *xml)
{
	const struct lf_carve_opts *o = &own(c)->opts;
	struct lf_err err;
	int rc;

	if (lf_carve_confine(v, xml == NULL ? NULL : xml->folder, &err) != 0 || (rc = lf_carve_run(v, &err)) < 0)
		return xml == NULL ? cli_error(c, "%s", err.msg) : cli_output_fail(xml, &err);
	if (rc == 0)
		return finish(c, v, xml);
	snprintf(err.msg, sizeof(err.msg), "stopped: the same command with --resume goes on");
	(void)(xml == NULL ? cli_error(c, "%s", err.msg) : cli_output_fail(xml, &err));
	return 128 + *o->stop;
}

static int
carve(const struct cli *c)
{
	bool apart = own(c)->dfxml != NULL && !dfxml_in_dir(c);
	struct cli to = *c;
	struct cli_output xml;
	struct lf_carve *v;
	struct lf_err err;
	int rc;

	to.output = own(c)->dfxml;
	if (apart && (rc = cli_output_open(&xml, &to)) != CLI_CONTINUE)
		return rc;
	if (lf_carve_open(&own(c)->opts, &v, &err) != 0)
		return apart ? cli_output_fail(&xml, &err) : cli_error(c, "%s", err.msg);
	rc = run(c, v, apart ? &xml : NULL);
	lf_carve_free(v);
	return rc;
}

/* ---- The command line ---- */

static int
ask(const struct cli *c)
{
	struct lf_err err;

	if (c->opts.n_evidence != 1)
		return cli_usage(c, "--what-at takes one IMAGE");
	if (lf_carve_what_at(c->opts.evidence[0], own(c)->offset, cli_print, NULL, &err) != 0)
		return cli_error(c, "%s", err.msg);
	return cli_finish_stdout(c);
}

/* Fills the options of the library from those of the command line. */
static int
collect(struct cli *c)
{
	struct carve *k = own(c);
	struct lf_carve_opts *o = &k->opts;
	size_t n = 0;

	o->images = c->opts.evidence;
	o->n_images = c->opts.n_evidence;
	k->inputs = calloc(o->n_images + o->n_digests + 1, sizeof(*k->inputs));
	if (k->inputs == NULL)
		return cli_error(c, "out of memory");
	for (size_t i = 0; i < o->n_images; i++)
		k->inputs[n++] = o->images[i];
	for (size_t i = 0; i < o->n_digests; i++)
		k->inputs[n++] = o->digests[i];
	c->opts.evidence = k->inputs;
	c->opts.n_evidence = n;
	o->outdir = c->output;
	o->keys = c->opts.keys;
	o->n_keys = c->opts.n_keys;
	o->metadata = c->opts.metadata;
	o->n_metadata = c->opts.n_metadata;
	o->jobs = c->opts.jobs;
	o->tmpdir = c->opts.tmpdir;
	o->progress = c->opts.progress;
	o->stop = cli_signals_defer();
	return CLI_CONTINUE;
}

static int
start(struct cli *c)
{
	int rc;

	if (c->explain != NULL)
		return cli_explain(c);
	if (own(c)->asks)
		return ask(c);
	if (c->opts.n_evidence == 0)
		return cli_usage(c, "no IMAGE given");
	if (c->output == NULL)
		return cli_usage(c, "no folder given: -o DIR");
	if ((rc = collect(c)) != CLI_CONTINUE || (rc = cli_check_evidence(c)) != CLI_CONTINUE)
		return rc;
	return carve(c);
}

int
main(int argc, char **argv)
{
	struct carve k = {.dfxml = NULL};
	struct cli c;
	int rc = cli_parse(&c, &tool, &k, argc, argv);

	if (rc == CLI_CONTINUE)
		rc = start(&c);
	free((void *)(uintptr_t)k.opts.digests);
	free(k.inputs);
	cli_free(&c);
	return rc;
}
