#include <stdlib.h>
#include <string.h>

#include "cli.h"

#define MIN_MAX 1000000 /* of a unit */

struct gaps {
	struct lf_coverage_opts opts;
	bool raw_csv, merge;
};

static struct gaps *
own(const struct cli *c)
{
	return c->own;
}

/* "90s", "30m", "2h", "1d", "1h30m": digits and a unit, once or more often, the larger one first; a bare 0. */
static int
set_min(struct cli *c, const struct cli_option *o, void *state, const char *value)
{
	static const char units[] = "dhms";
	static const int64_t seconds[] = {86400, 3600, 60, 1};
	const char *p = value, *unit, *next = units;
	int64_t sum = 0;

	for (char *end; *p != '\0' && strcmp(value, "0") != 0; p = end + 1) {
		long n = strtol(p, &end, 10);

		unit = *p < '0' || *p > '9' || *end == '\0' ? NULL : strchr(next, *end);
		if (unit == NULL)
			return cli_usage(c, "--min: \"%s\" is no duration: give one like 90s, 30m, 2h, 1d or 1h30m", value);
		if (n > MIN_MAX)
			return cli_usage(c, "--min: \"%s\" is too long: up to %d%c", value, MIN_MAX, *unit);
		sum += n * seconds[unit - units];
		next = unit + 1;
	}
	*(int64_t *)cli_place(state, o->at) = sum;
	return CLI_CONTINUE;
}

static const struct cli_option own_options[] = {
    {"min", 0, "DURATION", "leave out gaps shorter than this: 30m, 2h, 1h30m, 1d", set_min, CLI_AT(struct gaps, opts.min, int64_t), 0},
    {"lineage", 0, NULL, "carry actors to the root of their role chains", CLI_FLAG(struct gaps, opts.lineage)},
    {"raw-csv", 0, NULL, "no guard against spreadsheet formulas in CSV", CLI_FLAG(struct gaps, raw_csv)},
    {"merge", 0, NULL, "join the JSON results of all shards of a run", CLI_FLAG(struct gaps, merge)},
    CLI_NO_OPTION,
};

static const char *const formats[] = {"text", "json", "csv", "html", NULL};

/* In the order of formats. */
static const enum lf_coverage_format format_values[] = {LF_COVERAGE_TEXT, LF_COVERAGE_JSON, LF_COVERAGE_CSV, LF_COVERAGE_HTML};

static const struct cli_tool tool = {
    .name = "trail-gaps",
    .purpose = "where logging was blind, who blinded it, and what still saw",
    .examples =
	"  trail-gaps -k keys.json -m meta.jsonl copy/\n"
	"  trail-gaps -k keys.json --lineage --min 2h copy/\n"
	"  trail-gaps -k keys.json --since 2024-03-01 --until 2024-04-01 -f json -o gaps.json copy/\n"
	"  trail-gaps -k keys.json -f html -o coverage.html exhibit-7.tar.zst\n",
    .usage = "  trail-gaps [options] EVIDENCE...             a directory, file, archive or -\n"
	      "  trail-gaps --merge -f json [-o FILE] RESULT.json...\n"
	      "  trail-gaps --explain ID\n",
    .options = own_options,
    .formats = formats,
    .words = "; causes of gaps, classes and states stand in trail-gaps(1)",
};

/* Writes the result and gives the exit status. */
static int
print(const struct cli *c, const struct lf_coverage *v, struct cli_output *out)
{
	struct lf_write_opts w;
	struct lf_err err;
	int rc;

	cli_write_opts(out, &w);
	w.raw_csv = own(c)->raw_csv;
	if (lf_coverage_write(v, format_values[c->format], &w, cli_output_write, out, &err) != 0)
		return cli_output_fail(out, &err);
	rc = cli_output_finish(out, lf_verdict_exit(lf_coverage_verdict(v)));
	if (rc != CLI_TROUBLE && !c->quiet)
		lf_coverage_notes(v, c->verbose, cli_say, (void *)(uintptr_t)c);
	return rc;
}

/* Reads the evidence of an open case, confined, and prints what was covered and what was not. */
static int
examine(const struct cli *c, struct lf_case *k)
{
	struct cli_output out;
	struct lf_coverage *v;
	struct lf_err err;
	int rc = cli_output_open(&out, c);

	if (rc != CLI_CONTINUE)
		return rc;
	if (lf_case_confine(k, out.folder, &err) != 0 || lf_coverage_run(k, &own(c)->opts, &v, &err) != 0)
		return cli_output_fail(&out, &err);
	rc = print(c, v, &out);
	lf_coverage_free(v);
	return rc;
}

static int
gaps(const struct cli *c)
{
	struct lf_case *k;
	struct lf_err err;
	int rc = cli_check_evidence(c);

	if (rc != CLI_CONTINUE)
		return rc;
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

	if (rc != CLI_CONTINUE)
		return rc;
	if (own(c)->opts.lineage || own(c)->opts.min != 0 || own(c)->raw_csv || c->explain != NULL)
		return cli_usage(c, "--merge joins results: --lineage, --min, --raw-csv and --explain are not for it");
	if (format_values[c->format] != LF_COVERAGE_JSON)
		return cli_usage(c, "--merge writes JSON: give -f json");
	return c->opts.n_evidence == 0 ? cli_usage(c, "no RESULT given") : CLI_CONTINUE;
}

static int
merge(const struct cli *c)
{
	struct lf_write_opts w;
	struct cli_output out;
	struct lf_err err;
	enum lf_verdict verdict;
	int rc = check_merge(c);

	if (rc == CLI_CONTINUE)
		rc = cli_output_open(&out, c);
	if (rc != CLI_CONTINUE)
		return rc;
	cli_write_opts(&out, &w);
	if (lf_coverage_merge(c->opts.evidence, c->opts.n_evidence, &w, &verdict, cli_output_write, &out, &err) != 0)
		return cli_output_fail(&out, &err);
	return cli_output_finish(&out, lf_verdict_exit(verdict));
}

int
main(int argc, char **argv)
{
	struct gaps g = {.raw_csv = false};
	struct cli c;
	int rc = cli_parse(&c, &tool, &g, argc, argv);

	if (rc == CLI_CONTINUE)
		rc = g.merge ? merge(&c) : c.explain != NULL ? cli_explain(&c) : gaps(&c);
	cli_free(&c);
	return rc;
}
