#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"

/* What is asked of a timeline. */
struct timeline {
	struct lf_timeline_opts opts;
	struct lf_pattern *patterns;
	bool merge, raw_csv, gaps;
};

/* ---- Options ---- */

static struct timeline *
own(struct cli *c)
{
	return c->own;
}

/* "at" of the option is the kind of pattern. */
static int
set_pattern(struct cli *c, const struct cli_option *o, void *state, const char *value)
{
	struct timeline *t = state;
	struct lf_pattern *grown = reallocarray(t->patterns, t->opts.n_patterns + 1, sizeof(*grown));

	if (grown == NULL)
		return cli_error(c, "out of memory");
	grown[t->opts.n_patterns++] = (struct lf_pattern){(enum lf_pattern_kind)o->at, value == NULL ? "" : value};
	t->opts.patterns = t->patterns = grown;
	return CLI_CONTINUE;
}

static const struct cli_option own_options[] = {
    {"columns", 0, "LIST", "these columns, in this order: event_time,principal,...", CLI_TEXT(struct timeline, opts.columns)},
    {"user", 0, "PATTERN", "ARN, user, role or session name, or principal id", set_pattern, LF_PATTERN_USER, 0},
    {"event", 0, "PATTERN", "name of the event", set_pattern, LF_PATTERN_EVENT, 0},
    {"service", 0, "PATTERN", "event source, with or without .amazonaws.com", set_pattern, LF_PATTERN_SERVICE, 0},
    {"ip", 0, "PATTERN", "source address: CIDR, address or glob", set_pattern, LF_PATTERN_IP, 0},
    {"access-key", 0, "KEY", "access key id that was used, asked for or issued", set_pattern, LF_PATTERN_ACCESS_KEY, 0},
    {"error", 0, "[=PATTERN]", "failures, or those with this error code", set_pattern, LF_PATTERN_ERROR, 0},
    {"resource", 0, "PATTERN", "resource, or any string of the request", set_pattern, LF_PATTERN_RESOURCE, 0},
    {"category", 0, "PATTERN", "Management, Data, Insight, NetworkActivity, Aggregated", set_pattern, LF_PATTERN_CATEGORY, 0},
    {"id", 0, "PATTERN", "event, shared event or request id", set_pattern, LF_PATTERN_ID, 0},
    {"grep", 0, "TEXT", "text anywhere in the record", set_pattern, LF_PATTERN_GREP, 0},
    {"write-only", 0, NULL, "what changes things (readOnly false)", CLI_FLAG(struct timeline, opts.write_only)},
    {"read-only", 0, NULL, "what only reads (readOnly true)", CLI_FLAG(struct timeline, opts.read_only)},
    {"lineage", 0, NULL, "fill the column actor: who stands behind a session", CLI_FLAG(struct timeline, opts.lineage)},
    {"gaps", 0, NULL, "a marked row where coverage ends and begins", CLI_FLAG(struct timeline, gaps)},
    {"session", 0, "KEY", "only what this access key did, and what came of it", CLI_TEXT(struct timeline, opts.session)},
    {"memory", 0, "SIZE", "memory for sorting (256M)", CLI_MEMORY(struct timeline, opts.memory)},
    {"merge", 0, NULL, "merge sorted runs: jsonl output of this tool", CLI_FLAG(struct timeline, merge)},
    {"raw-csv", 0, NULL, "CSV without the guard against spreadsheet formulas", CLI_FLAG(struct timeline, raw_csv)},
    CLI_NO_OPTION,
};

/* In the order of enum lf_timeline_format. */
static const char *const formats[] = {"text", "csv", "jsonl", "timesketch", "records", "html", NULL};

static const struct cli_tool tool = {
    .name = "trail-timeline",
    .purpose = "every event of a copy of CloudTrail logs, once, in order",
    .examples =
	"  trail-timeline --color=always copy/ | less -RS\n"
	"  trail-timeline -k keys.json -m meta.jsonl -f csv -o timeline.csv copy/\n"
	"  trail-timeline --event '*Logging' --event DeleteTrail --user '!audit*' copy/\n"
	"  trail-timeline --error --ip 203.0.113.0/24 --since 2024-03-02 copy/\n"
	"  trail-timeline --lineage --session ASIAIOSFODNN7EXAMPLE copy/\n"
	"  trail-timeline -f timesketch -o timesketch.csv exhibit-7.tar.zst\n"
	"  trail-timeline --merge -f csv -o all.csv run-1.jsonl run-2.jsonl\n",
    .usage =
	"  trail-timeline [options] EVIDENCE...         a directory, file, archive or -\n"
	"  trail-timeline --merge [-f FORMAT] [-o FILE] RUN.jsonl...\n"
	"  trail-timeline --explain ID\n"
	"\n"
	"A PATTERN is a glob (* ? [a-z]) for the whole value, without regard to case; a !\n"
	"negates it.  Of one option any may match, of different options all must.\n",
    .options = own_options,
    .formats = formats,
};

/* ---- What standard error gets ---- */

/* "1,234" */
static const char *
grouped(uint64_t n, char buf[32])
{
	char *p = buf + 31;

	*p = '\0';
	for (int digits = 0; n > 0 || digits == 0; n /= 10, digits++) {
		if (digits > 0 && digits % 3 == 0)
			*--p = ',';
		*--p = (char)('0' + n % 10);
	}
	return p;
}

static void
say_count(uint64_t n, const char *one, const char *many)
{
	char buf[32];

	fprintf(stderr, "%s %s", grouped(n, buf), n == 1 ? one : many);
}

/* The same where there is something to count. */
static void
say_more(uint64_t n, const char *one, const char *many)
{
	if (n == 0)
		return;
	fputs(", ", stderr);
	say_count(n, one, many);
}

static void
say_time(const char *before, int64_t t)
{
	time_t clock = (time_t)t;
	char text[64];
	struct tm tm;

	if (gmtime_r(&clock, &tm) != NULL && strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm) > 0)
		fprintf(stderr, "%s%s", before, text);
}

/* One line; text and html carry the same themselves. */
static void
say_summary(const struct cli *c, const struct lf_timeline_summary *s)
{
	fprintf(stderr, "%s: ", c->tool->name);
	say_count(s->events, "event", "events");
	fputs(", ", stderr);
	say_count(s->duplicates, "duplicate", "duplicates");
	fputs(", ", stderr);
	say_count(s->conflicts, "conflict", "conflicts");
	say_more(s->filtered, "filtered out", "filtered out");
	say_more(s->no_time, "without a time", "without a time");
	say_more(s->no_id, "without an eventID", "without an eventID");
	say_more(s->no_identity, "without a userIdentity", "without a userIdentity");
	say_more(s->skipped, "object not read in full", "objects not read in full");
	say_more(s->dated, "object left out by its date", "objects left out by their date");
	if (s->first != LF_TIME_NONE && s->last != LF_TIME_NONE) {
		say_time(", ", s->first);
		say_time(" to ", s->last);
	}
	fputc('\n', stderr);
}

static void
report(struct cli *c, const struct lf_timeline *t)
{
	enum lf_timeline_format f = own(c)->opts.format;

	if (c->quiet)
		return;
	cli_progress_clear();
	lf_timeline_notes(t, c->verbose, cli_say, c);
	if (f != LF_TIMELINE_TEXT && f != LF_TIMELINE_HTML)
		say_summary(c, lf_timeline_summary(t));
}

/* ---- Running ---- */

static int
read_all(struct cli *c, struct lf_case *k, struct lf_timeline *t, struct lf_err *err)
{
	const struct lf_coverage_opts gaps = {.lineage = own(c)->opts.lineage};

	return own(c)->gaps ? lf_timeline_run_gaps(t, k, &gaps, err) : lf_timeline_run(t, err);
}

/* Runs a timeline that stands ready, of a case or of runs (k is NULL), into the output. */
static int
run(struct cli *c, struct lf_case *k, struct lf_timeline *t)
{
	struct cli_output out;
	struct lf_write_opts w;
	struct lf_err err;
	int rc = cli_output_open(&out, c);

	if (rc != CLI_CONTINUE)
		return rc;
	if (lf_timeline_confine(t, out.folder, &err) != 0 || read_all(c, k, t, &err) != 0)
		return cli_output_fail(&out, &err);
	cli_write_opts(&out, &w);
	w.raw_csv = own(c)->raw_csv;
	if (lf_timeline_write(t, &w, cli_output_write, &out, &err) != 0)
		return cli_output_fail(&out, &err);
	rc = cli_output_finish(&out, lf_verdict_exit(lf_timeline_verdict(t)));
	if (rc != CLI_TROUBLE)
		report(c, t);
	return rc;
}

static int
merge(struct cli *c)
{
	struct lf_timeline *t;
	struct lf_err err;
	int rc;

	if (lf_timeline_check(&own(c)->opts, &err) != 0)
		return cli_usage(c, "%s", err.msg);
	if (lf_timeline_open_runs(c->opts.evidence, c->opts.n_evidence, &own(c)->opts, c->opts.tmpdir, &t, &err) != 0)
		return cli_error(c, "%s", err.msg);
	rc = run(c, NULL, t);
	lf_timeline_free(t);
	return rc;
}

/* An error code behind a blank is evidence that does not exist: whoever gave one is told how it is given. */
static const char *
error_hint(struct cli *c)
{
	const struct lf_timeline_opts *o = &own(c)->opts;
	bool bare = false, absent = false;

	for (size_t i = 0; i < o->n_patterns; i++)
		bare |= o->patterns[i].kind == LF_PATTERN_ERROR && *o->patterns[i].text == '\0';
	for (size_t i = 0; i < c->opts.n_evidence; i++)
		absent |= strcmp(c->opts.evidence[i], "-") != 0 && access(c->opts.evidence[i], F_OK) != 0;
	return bare && absent ? " (an error code is given as --error=CODE)" : "";
}

static int
examine(struct cli *c)
{
	struct lf_timeline *t;
	struct lf_case *k;
	struct lf_err err;
	int rc;

	if (lf_timeline_check(&own(c)->opts, &err) != 0)
		return cli_usage(c, "%s", err.msg);
	if (lf_case_open(&c->opts, &k, &err) != 0)
		return cli_error(c, "%s%s", err.msg, error_hint(c));
	if (lf_timeline_open(k, &own(c)->opts, &t, &err) == 0) {
		rc = run(c, k, t);
		lf_timeline_free(t);
	} else {
		rc = cli_error(c, "%s", err.msg);
	}
	lf_case_free(k);
	return rc;
}

/* --merge takes runs, and what was asked for is settled in them. */
static int
check_merge(struct cli *c)
{
	const struct lf_timeline_opts *t = &own(c)->opts;
	int rc = cli_check_joins(c, "run");

	if (rc != CLI_CONTINUE)
		return rc;
	if (t->n_patterns > 0 || t->write_only || t->read_only || t->lineage || t->session != NULL ||
	    own(c)->gaps)
		return cli_usage(c, "--merge joins runs: filters, --gaps, --lineage and --session belong to the runs");
	if (t->format == LF_TIMELINE_RECORDS)
		return cli_usage(c, "--merge cannot give records: runs do not hold them");
	if (c->opts.n_evidence == 0)
		return cli_usage(c, "no RUN given");
	return cli_check_evidence(c);
}

/* Whether the options and operands go together. */
static int
check(struct cli *c)
{
	struct timeline *t = own(c);

	t->opts.format = (enum lf_timeline_format)c->format;
	t->opts.integrity = c->opts.n_keys > 0;
	t->opts.jobs = c->opts.jobs;
	if (t->opts.write_only && t->opts.read_only)
		return cli_usage(c, "--write-only and --read-only exclude one another");
	return t->merge ? check_merge(c) : cli_check_evidence(c);
}

int
main(int argc, char **argv)
{
	struct timeline t = {0};
	struct cli c;
	int rc = cli_parse(&c, &tool, &t, argc, argv);

	if (rc == CLI_CONTINUE && c.explain != NULL)
		rc = cli_explain(&c);
	if (rc == CLI_CONTINUE)
		rc = check(&c);
	if (rc == CLI_CONTINUE)
		rc = t.merge ? merge(&c) : examine(&c);
	free(t.patterns);
	cli_free(&c);
	return rc;
}
