#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"

bool
cli_number(const char *text, size_t len, uint64_t min, uint64_t max, uint64_t *out)
{
	uint64_t n = 0;

	if (len == 0)
		return false;
	for (size_t i = 0; i < len; i++) {
		uint64_t digit = (uint64_t)(text[i] - '0');

		if (text[i] < '0' || text[i] > '9' || digit > max || n > (max - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	*out = n;
	return n >= min;
}

int
cli_set_flag(struct cli *c, const struct cli_option *o, void *state, const char *value)
{
	(void)c;
	(void)value;
	*(bool *)cli_place(state, o->at) = true;
	return CLI_CONTINUE;
}

int
cli_set_text(struct cli *c, const struct cli_option *o, void *state, const char *value)
{
	(void)c;
	*(const char **)cli_place(state, o->at) = value;
	return CLI_CONTINUE;
}

/* Reads a size, 0 among them. */
static int
read_size(const struct cli *c, const struct cli_option *o, const char *value, uint64_t *out)
{
	struct lf_err err;

	return lf_size_parse(value, out, &err) == 0 ? CLI_CONTINUE : cli_usage(c, "--%s: %s", o->name, err.msg);
}

int
cli_set_memory(struct cli *c, const struct cli_option *o, void *state, const char *value)
{
	uint64_t *out = cli_place(state, o->at);
	int rc = read_size(c, o, value, out);

	if (rc == CLI_CONTINUE && *out == 0)
		*out = 1; /* 0 is the default */
	return rc;
}

int
cli_set_size(struct cli *c, const struct cli_option *o, void *state, const char *value)
{
	uint64_t *out = cli_place(state, o->at);
	int rc = read_size(c, o, value, out);

	if (rc != CLI_CONTINUE)
		return rc;
	return *out > 0 ? CLI_CONTINUE : cli_usage(c, "--%s: must be more than 0", o->name);
}

int
cli_set_list(struct cli *c, const struct cli_option *o, void *state, const char *value)
{
	const char *const **list = cli_place(state, o->at);
	size_t *n = cli_place(state, o->count);
	const char **grown = reallocarray((void *)(uintptr_t)*list, *n + 1, sizeof(*grown));

	if (grown == NULL)
		return cli_error(c, "out of memory");
	grown[(*n)++] = value;
	*list = grown;
	return CLI_CONTINUE;
}

static int
set_time(struct cli *c, const struct cli_option *o, void *state, const char *value)
{
	struct lf_err err;

	return lf_time_parse(value, c->started, cli_place(state, o->at), &err) == 0 ? CLI_CONTINUE :
	    cli_usage(c, "--%s: %s", o->name, err.msg);
}

static int
set_account(struct cli *c, const struct cli_option *o, void *state, const char *value)
{
	if (strlen(value) != 12 || strspn(value, "0123456789") != 12)
		return cli_usage(c, "--account: \"%s\" is no account id: give 12 digits", value);
	return cli_set_list(c, o, state, value);
}

static int
set_region(struct cli *c, const struct cli_option *o, void *state, const char *value)
{
	size_t len = strlen(value);

	if (len > 63 || strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789-") != len ||
	    strchr(value, '-') == NULL || value[0] < 'a' || value[len - 1] == '-')
		return cli_usage(c, "--region: \"%s\" is no region: give one like eu-west-1", value);
	return cli_set_list(c, o, state, value);
}

static int
set_format(struct cli *c, const struct cli_option *o, void *state, const char *value)
{
	const char *const *f = c->tool->formats;
	char all[256] = "";

	(void)o;
	(void)state;
	for (unsigned i = 0; f[i] != NULL; i++) {
		if (strcmp(f[i], value) == 0) {
			c->format = i;
			return CLI_CONTINUE;
		}
		strncat(all, i == 0 ? "" : ", ", sizeof(all) - strlen(all) - 1);
		strncat(all, f[i], sizeof(all) - strlen(all) - 1);
	}
	return cli_usage(c, "--format: \"%s\" is none of %s", value, all);
}

static int
set_output(struct cli *c, const struct cli_option *o, void *state, const char *value)
{
	(void)o;
	(void)state;
	c->output = strcmp(value, "-") == 0 ? NULL : value;
	return CLI_CONTINUE;
}

static int
set_jobs(struct cli *c, const struct cli_option *o, void *state, const char *value)
{
	uint64_t n;

	(void)o;
	(void)state;
	if (!cli_number(value, strlen(value), 1, LF_MAX_JOBS, &n))
		return cli_usage(c, "--jobs: \"%s\" is no number from 1 to %u", value, LF_MAX_JOBS);
	c->opts.jobs = (unsigned)n;
	return CLI_CONTINUE;
}

static int
set_shard(struct cli *c, const struct cli_option *o, void *state, const char *value)
{
	size_t len = strcspn(value, "/");
	uint64_t k, n;

	(void)o;
	(void)state;
	if (value[len] != '/' || !cli_number(value + len + 1, strlen(value + len + 1), 1, LF_MAX_SHARDS, &n) ||
	    !cli_number(value, len, 1, n, &k))
		return cli_usage(c, "--shard: \"%s\" is no K/N with K from 1 to N and N at most %u", value,
		    LF_MAX_SHARDS);
	c->opts.shard = (unsigned)k;
	c->opts.shards = (unsigned)n;
	return CLI_CONTINUE;
}

static int
set_tmpdir(struct cli *c, const struct cli_option *o, void *state, const char *value)
{
	struct stat st;

	(void)o;
	(void)state;
	if (stat(value, &st) != 0)
		return cli_error(c, "--tmpdir \"%s\": %s", value, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return cli_error(c, "--tmpdir \"%s\": %s", value, strerror(ENOTDIR));
	c->opts.tmpdir = value;
	return CLI_CONTINUE;
}

static int
set_when(struct cli *c, const struct cli_option *o, void *state, const char *value)
{
	static const char *const words[] = {"auto", "always", "never"};

	for (int i = 0; i < 3; i++) {
		if (strcmp(value, words[i]) == 0) {
			*(enum cli_when *)cli_place(state, o->at) = (enum cli_when)i;
			return CLI_CONTINUE;
		}
	}
	return cli_usage(c, "--%s: \"%s\" is none of auto, always, never", o->name, value);
}

static int
set_help(struct cli *c, const struct cli_option *o, void *state, const char *value)
{
	(void)o;
	(void)state;
	(void)value;
	return cli_help(c);
}

const struct cli_option cli_common[] = {
    {"keys", 'k', "FILE", "public keys: list-public-keys output, PEM or DER", CLI_LIST(struct cli, opts.keys, opts.n_keys)},
    {"metadata", 'm', "PATH", "S3 object metadata, a file or a folder", CLI_LIST(struct cli, opts.metadata, opts.n_metadata)},
    {"since", 0, "TIME", "from this time on (UTC)", set_time, CLI_AT(struct cli, opts.since, int64_t), 0},
    {"until", 0, "TIME", "up to before this time", set_time, CLI_AT(struct cli, opts.until, int64_t), 0},
    {"account", 0, "ID", "only this account", CLI_LIST_BY(set_account, struct cli, opts.accounts, opts.n_accounts)},
    {"region", 0, "NAME", "only this region", CLI_LIST_BY(set_region, struct cli, opts.regions, opts.n_regions)},
    {"trail", 0, "NAME", "only this trail", CLI_LIST(struct cli, opts.trails, opts.n_trails)},
    {"format", 'f', "FORMAT", NULL, set_format, 0, 0}, /* its help names the formats of the tool */
    {"output", 'o', "FILE", "write to FILE, renamed into place when complete", set_output, 0, 0},
    {"jobs", 'j', "N", "worker threads (the online CPUs)", set_jobs, 0, 0},
    {"shard", 0, "K/N", "only the accounts and regions of shard K of N", set_shard, 0, 0},
    {"tmpdir", 0, "DIR", "where data is spooled and sorted ($TMPDIR, /tmp)", set_tmpdir, 0, 0},
    {"max-object", 0, "SIZE", "cap on one inflated object (1G)", CLI_SIZE(struct cli, opts.max_object)},
    {"max-total", 0, "SIZE", "cap on what one source inflates to", CLI_SIZE(struct cli, opts.max_total)},
    {"reproducible", 0, NULL, "no times, arguments or host in JSON", CLI_FLAG(struct cli, reproducible)},
    {"color", 0, "WHEN", "auto, always or never", set_when, CLI_AT(struct cli, color, enum cli_when), 0},
    {"progress", 0, "WHEN", "auto, always or never", set_when, CLI_AT(struct cli, progress, enum cli_when), 0},
    {"explain", 0, "ID", "print what a finding means", CLI_TEXT(struct cli, explain)},
    {"quiet", 'q', NULL, "the verdict and the findings only, no progress", CLI_FLAG(struct cli, quiet)},
    {"verbose", 'v', NULL, "also a line for every object and what was skipped", CLI_FLAG(struct cli, verbose)},
    {"help", 'h', NULL, "this text", set_help, 0, 0},
    {"version", 'V', NULL, "the version, and what build and machine give", CLI_FLAG(struct cli, version)},
    CLI_NO_OPTION,
};
