#include <string.h>

#include "cli.h"

/* What is asked: the ledger, what is said of the case, or the schema alone. */
struct report {
	struct lf_report_opts opts;
	bool schema;
};

static struct lf_report_opts *
own(struct cli *c)
{
	return &((struct report *)c->own)->opts;
}

static const struct cli_option own_options[] = {
    {"ledger", 0, "FILE", "the chain of custody, as trail-seal keeps it", CLI_TEXT(struct report, opts.ledger)},
    {"case", 0, "ID", "the case, where the ledger does not say", CLI_TEXT(struct report, opts.case_id)},
    {"exhibit", 0, "ID", "the exhibit", CLI_TEXT(struct report, opts.exhibit)},
    {"examiner", 0, "NAME", "who examined", CLI_TEXT(struct report, opts.examiner)},
    {"organization", 0, "ORG", "for whom", CLI_TEXT(struct report, opts.organization)},
    {"purpose", 0, "TEXT", "what the examination is for", CLI_TEXT(struct report, opts.purpose)},
    {"title", 0, "TEXT", "the heading of the report", CLI_TEXT(struct report, opts.title)},
    {"schema", 0, NULL, "print the JSON schema of -f json, and end", CLI_FLAG(struct report, schema)},
    CLI_NO_OPTION,
};

static const char *const refused[] = {"keys", "metadata", "since", "until", "account", "region", "trail", "shard", "max-object", "max-total",
    NULL};

static const char *const formats[] = {"html", "json", "case", NULL};

/* In the order of formats. */
static const enum lf_report_format format_values[] = {LF_REPORT_HTML, LF_REPORT_JSON, LF_REPORT_CASE};

static const struct cli_tool tool = {
    .name = "trail-report",
    .purpose = "one document for a court or an auditor from what the tools found",
    .examples =
	"  trail-verify -v -k keys.json -m meta.jsonl -f json -o verify.json copy/\n"
	"  trail-gaps -k keys.json -m meta.jsonl -f json -o gaps.json copy/\n"
	"  trail-timeline -k keys.json -m meta.jsonl -f jsonl -o timeline.jsonl copy/\n"
	"  trail-report -o report.html --ledger case7.jsonl verify.json gaps.json timeline.jsonl\n"
	"  trail-report -f json --case 7 --examiner 'A. Kay' verify.json\n"
	"  trail-report -f case --ledger case7.jsonl -o case7.jsonld verify.json\n",
    .usage = "  trail-report [options] RESULT...             JSON of the tools, and a timeline's jsonl\n"
	      "  trail-report --schema\n"
	      "  trail-report --explain ID\n",
    .options = own_options,
    .formats = formats,
    .refuses = refused,
};

/* Writes what was read.  The report was written is all that the exit status says. */
static int
print(const struct cli *c, const struct lf_report *r, struct cli_output *out)
{
	struct lf_write_opts w;
	struct lf_err err;
	int rc;

	cli_write_opts(out, &w);
	if (lf_report_write(r, format_values[c->format], &w, cli_output_write, out, &err) != 0)
		return cli_output_fail(out, &err);
	rc = cli_output_finish(out, 0);
	if (rc != CLI_TROUBLE && !c->quiet)
		lf_report_notes(r, cli_say, (void *)(uintptr_t)c);
	return rc;
}

static int
compile(const struct cli *c, struct lf_report *r)
{
	struct cli_output out;
	struct lf_err err;
	int rc = cli_output_open(&out, c);

	if (rc != CLI_CONTINUE)
		return rc;
	if (lf_report_confine(r, out.folder, &err) != 0 || lf_report_read(r, &err) != 0)
		return cli_output_fail(&out, &err);
	return print(c, r, &out);
}

static int
schema(const struct cli *c)
{
	struct cli_output out;
	struct lf_err err = {.msg = "cannot write the schema"};
	const char *text = lf_report_schema();
	int rc = cli_output_open(&out, c);

	if (rc != CLI_CONTINUE)
		return rc;
	if (cli_output_write(&out, text, strlen(text)) != 0)
		return cli_output_fail(&out, &err);
	return cli_output_finish(&out, 0);
}

/* Whether the operands go together. */
static int
check(const struct cli *c)
{
	int rc;

	if (c->opts.n_evidence == 0)
		return cli_usage(c, "no RESULT given");
	if ((rc = cli_check_standard(c)) != CLI_CONTINUE)
		return rc;
	if (cli_same_file(((const struct report *)c->own)->opts.ledger, c->output))
		return cli_error(c, "\"%s\" is the ledger: a report is not written over it", c->output);
	return CLI_CONTINUE;
}

static int
report(struct cli *c)
{
	struct lf_report *r;
	struct lf_err err;
	int rc = check(c);

	if (rc != CLI_CONTINUE)
		return rc;
	own(c)->results = c->opts.evidence;
	own(c)->n_results = c->opts.n_evidence;
	if (lf_report_open(own(c), &r, &err) != 0)
		return cli_error(c, "%s", err.msg);
	rc = compile(c, r);
	lf_report_free(r);
	return rc;
}

int
main(int argc, char **argv)
{
	struct report own_state = {.schema = false};
	struct cli c;
	int rc = cli_parse(&c, &tool, &own_state, argc, argv);

	if (rc == CLI_CONTINUE)
		rc = c.explain != NULL ? cli_explain(&c) : own_state.schema ? schema(&c) : report(&c);
	cli_free(&c);
	return rc;
}
