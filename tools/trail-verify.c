#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* What is asked, where it is not simply to verify. */
struct verify {
	const char *prove;
	bool merge;
};

static const struct cli_option own_options[] = {
    {"prove", 0, "OBJECT", "print the proof of one log or digest, step by step", CLI_TEXT(struct verify, prove)},
    {"merge", 0, NULL, "join the JSON results of all shards of a run", CLI_FLAG(struct verify, merge)},
    CLI_NO_OPTION,
};

static const char *const formats[] = {"text", "json", "html", NULL};
static const enum lf_format format_values[] = {LF_TEXT, LF_JSON, LF_HTML};

static const struct cli_tool tool = {
    .name = "trail-verify",
    .purpose = "prove that a copy of CloudTrail logs is genuine and complete",
    .examples =
	"  trail-verify -k keys.json copy/\n"
	"  trail-verify -k keys-eu-west-1.json -k keys-us-east-1.json -m meta.jsonl copy/\n"
	"  trail-verify -k keys.json --since 2024-03-02 --until 2024-03-03 copy/\n"
	"  trail-verify -k keys.json -f json -o result.json exhibit-7.tar.zst\n"
	"  trail-verify -k keys.json --prove 20240302T1015Z_a1B2c3D4e5F6g7H8 copy/\n"
	"  trail-verify --explain log-unreferenced\n",
    .usage =
	"  trail-verify [options] EVIDENCE...           a directory, file, archive or -\n"
	"  trail-verify --prove OBJECT [options] EVIDENCE...\n"
	"  trail-verify --merge [-f FORMAT] [-o FILE] RESULT.json...\n"
	"  trail-verify --explain ID\n",
    .options = own_options,
    .formats = formats,
};

/* Writes the result, or one proof out of it, and gives the exit status. */
static int
print(const struct cli *c, const struct lf_result *r, struct cli_output *out)
{
	const struct verify *v = c->own;
	struct lf_write_opts w;
	struct lf_err err;
	enum lf_verdict verdict = LF_INCONCLUSIVE;
	int rc;

	cli_write_opts(out, &w);
	w.format = format_values[c->format];
	if (v->prove != NULL)
		rc = lf_result_prove(r, v->prove, &w, &verdict, cli_output_write, out, &err);
	else
		rc = lf_result_write(r, &w, cli_output_write, out, &err);
	if (rc != 0)
		return cli_output_fail(out, &err);
	if (v->prove != NULL)
		return cli_output_finish(out, lf_verdict_exit(verdict));
	return cli_output_finish(out, lf_verdict_exit(lf_result_verdict(r)));
}

static int
merge(const struct cli *c)
{
	struct cli_output out;
	struct lf_result *r;
	struct lf_err err;
	int rc;

	if (lf_verify_merge(c->opts.evidence, c->opts.n_evidence, &r, &err) != 0)
		return cli_error(c, "%s", err.msg);
	rc = cli_output_open(&out, c);
	if (rc == CLI_CONTINUE)
		rc = print(c, r, &out);
	lf_result_free(r);
	return rc;
}

/* Reads the evidence of an open case, confined, and prints what it proves. */
static int
examine(const struct cli *c, struct lf_case *k)
{
	struct cli_output out;
	struct lf_result *r;
	struct lf_err err;
	int rc = cli_output_open(&out, c);

	if (rc != CLI_CONTINUE)
		return rc;
	if (lf_case_confine(k, out.folder, &err) != 0 || lf_verify(k, c->verbose, &r, &err) != 0)
		return cli_output_fail(&out, &err);
	rc = print(c, r, &out);
	lf_result_free(r);
	return rc;
}

static int
verify(const struct cli *c)
{
	struct lf_case *k;
	struct lf_err err;
	int rc;

	if (lf_case_open(&c->opts, &k, &err) != 0)
		return cli_error(c, "%s", err.msg);
	rc = examine(c, k);
	lf_case_free(k);
	return rc;
}

/* --merge takes results, and what was asked for is settled in them. */
static int
check_merge(const struct cli *c)
{
	int rc = cli_check_joins(c, "result");

	if (rc == CLI_CONTINUE && c->opts.n_evidence == 0)
		rc = cli_usage(c, "no RESULT given");
	return rc;
}

/* Whether the options and operands go together. */
static int
check(const struct cli *c)
{
	const struct verify *v = c->own;

	if ((c->explain != NULL) + (v->prove != NULL) + v->merge > 1)
		return cli_usage(c, "--explain, --merge and --prove exclude one another");
	if (v->merge)
		return check_merge(c);
	return c->explain == NULL ? cli_check_evidence(c) : CLI_CONTINUE;
}

int
main(int argc, char **argv)
{
	struct verify v = {0};
	struct cli c;
	int rc = cli_parse(&c, &tool, &v, argc, argv);

	if (rc == CLI_CONTINUE)
		rc = check(&c);
	if (rc == CLI_CONTINUE)
		rc = c.explain != NULL ? cli_explain(&c) : v.merge ? merge(&c) : verify(&c);
	cli_free(&c);
	return rc;
}
