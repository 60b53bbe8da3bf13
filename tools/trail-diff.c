#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* What is asked of a comparison. */
struct diff {
	struct lf_diff_opts opts;
	bool stat;
};

/* ---- Options ---- */

static struct diff *
own(struct cli *c)
{
	return c->own;
}

static const struct cli_option own_options[] = {
    {"ignore", 0, "PATH", "a member that does not count: /requestParameters/x, /resources/*/accountId", CLI_LIST(struct diff, opts.ignore, opts.n_ignore)},
    {"objects", 0, NULL, "compare objects only, by key and content", CLI_FLAG(struct diff, opts.objects_only)},
    {"events", 0, NULL, "compare events only, whatever they lie in", CLI_FLAG(struct diff, opts.events_only)},
    {"stat", 0, NULL, "counts only", CLI_FLAG(struct diff, stat)},
    {"memory", 0, "SIZE", "memory for sorting (256M)", CLI_MEMORY(struct diff, opts.memory)},
    CLI_NO_OPTION,
};

/* In the order of enum lf_diff_format. */
static const char *const formats[] = {"text", "json", "html", NULL};

static const struct cli_tool tool = {
    .name = "trail-diff",
    .purpose = "how two copies of CloudTrail logs differ",
    .examples =
	"  trail-diff monday/ friday/ | less -R\n"
	"  trail-diff -k keys.json monday/ friday.tar.zst\n"
	"  trail-diff --stat bucket/ siem-export.jsonl\n"
	"  trail-diff --events --ignore /tlsDetails --ignore '/resources/*/accountId' org/ member/\n"
	"  trail-diff -f html -o difference.html bucket/ carved/\n",
    .usage =
	"  trail-diff [options] A B         each a directory, file, archive or -\n"
	"  trail-diff --explain ID\n"
	"\n"
	"A PATH is a JSON Pointer into the record; a step * stands for any.\n",
    .options = own_options,
    .formats = formats,
};

/* ---- Running ---- */

/* Runs a comparison that stands ready into the output. */
static int
run(struct cli *c, struct lf_case *const sides[2], struct lf_diff *d)
{
	struct cli_output out;
	struct lf_write_opts w;
	struct lf_err err;
	int rc = cli_output_open(&out, c);

	if (rc != CLI_CONTINUE)
		return rc;
	if (lf_cases_confine(sides, 2, out.folder, &err) != 0 || lf_diff_run(d, &err) != 0)
		return cli_output_fail(&out, &err);
	cli_write_opts(&out, &w);
	if (lf_diff_write(d, (enum lf_diff_format)c->format, own(c)->stat, &w, cli_output_write, &out, &err) != 0)
		return cli_output_fail(&out, &err);
	rc = cli_output_finish(&out, lf_verdict_exit(lf_diff_verdict(d)));
	if (rc != CLI_TROUBLE && c->verbose && !c->quiet) {
		cli_progress_clear();
		lf_diff_notes(d, cli_say, c);
	}
	return rc;
}

/* Opens the i-th operand as a case of its own. */
static int
open_side(struct cli *c, size_t i, struct lf_case **out)
{
	struct lf_case_opts o = c->opts;
	struct lf_err err;

	o.evidence = &c->opts.evidence[i];
	o.n_evidence = 1;
	if (lf_case_open(&o, out, &err) != 0)
		return cli_error(c, "%s", err.msg);
	return CLI_CONTINUE;
}

static int
examine(struct cli *c)
{
	struct lf_case *sides[2] = {NULL, NULL};
	struct lf_diff *d = NULL;
	struct lf_err err;
	int rc = CLI_CONTINUE;

	if (lf_diff_check(&own(c)->opts, &err) != 0)
		return cli_usage(c, "%s", err.msg);
	for (size_t i = 0; i < 2 && rc == CLI_CONTINUE; i++)
		rc = open_side(c, i, &sides[i]);
	if (rc == CLI_CONTINUE && lf_diff_open(sides[0], sides[1], &own(c)->opts, &d, &err) != 0)
		rc = cli_error(c, "%s", err.msg);
	if (rc == CLI_CONTINUE)
		rc = run(c, sides, d);
	lf_diff_free(d);
	lf_case_free(sides[0]);
	lf_case_free(sides[1]);
	return rc;
}

/* Whether the options and operands go together. */
static int
check(struct cli *c)
{
	struct diff *d = own(c);

	d->opts.integrity = c->opts.n_keys > 0;
	if (c->opts.n_evidence != 2)
		return cli_usage(c, "two sides are compared: %zu given", c->opts.n_evidence);
	if (d->opts.objects_only && d->opts.events_only)
		return cli_usage(c, "--objects and --events exclude one another");
	return cli_check_evidence(c);
}

int
main(int argc, char **argv)
{
	struct diff d = {0};
	struct cli c;
	int rc = cli_parse(&c, &tool, &d, argc, argv);

	if (rc == CLI_CONTINUE && c.explain == NULL)
		rc = check(&c);
	if (rc == CLI_CONTINUE)
		rc = c.explain != NULL ? cli_explain(&c) : examine(&c);
	free((void *)(uintptr_t)d.opts.ignore);
	cli_free(&c);
	return rc;
}
