#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"

/* Reads a number from min to max, digits only. */
static bool
read_number(const char *text, size_t len, unsigned min, unsigned max, unsigned *out)
{
	unsigned n = 0;

	if (len == 0)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9' || n > max / 10)
			return false;
		n = n * 10 + (unsigned)(text[i] - '0');
	}
	*out = n;
	return n >= min && n <= max;
}

int
cli_push(const struct cli *c, const char *const **list, size_t *n, const char *value)
{
	const char **grown = reallocarray((void *)(uintptr_t)*list, *n + 1, sizeof(*grown));

	if (grown == NULL)
		return cli_error(c, "out of memory");
	grown[(*n)++] = value;
	*list = grown;
	return CLI_CONTINUE;
}

static int
set_keys(struct cli *c, const char *value)
{
	return cli_push(c, &c->opts.keys, &c->opts.n_keys, value);
}

static int
set_metadata(struct cli *c, const char *value)
{
	return cli_push(c, &c->opts.metadata, &c->opts.n_metadata, value);
}

static int
set_time(const struct cli *c, const char *name, const char *value, int64_t *out)
{
	struct lf_err err;

	return lf_time_parse(value, c->started, out, &err) == 0 ? CLI_CONTINUE :
	    cli_usage(c, "--%s: %s", name, err.msg);
}

static int
set_since(struct cli *c, const char *value)
{
	return set_time(c, "since", value, &c->opts.since);
}

static int
set_until(struct cli *c, const char *value)
{
	return set_time(c, "until", value, &c->opts.until);
}

static int
set_account(struct cli *c, const char *value)
{
	if (strlen(value) != 12 || strspn(value, "0123456789") != 12)
		return cli_usage(c, "--account: \"%s\" is no account id: give 12 digits", value);
	return cli_push(c, &c->opts.accounts, &c->opts.n_accounts, value);
}

static int
set_region(struct cli *c, const char *value)
{
	size_t len = strlen(value);

	if (len > 63 || strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789-") != len ||
	    strchr(value, '-') == NULL || value[0] < 'a' || value[len - 1] == '-')
		return cli_usage(c, "--region: \"%s\" is no region: give one like eu-west-1", value);
	return cli_push(c, &c->opts.regions, &c->opts.n_regions, value);
}

static int
set_trail(struct cli *c, const char *value)
{
	return cli_push(c, &c->opts.trails, &c->opts.n_trails, value);
}

static int
set_format(struct cli *c, const char *value)
{
	const char *const *f = c->tool->formats;
	char all[256] = "";

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
set_output(struct cli *c, const char *value)
{
	c->output = strcmp(value, "-") == 0 ? NULL : value;
	return CLI_CONTINUE;
}

static int
set_jobs(struct cli *c, const char *value)
{
	if (!read_number(value, strlen(value), 1, LF_MAX_JOBS, &c->opts.jobs))
		return cli_usage(c, "--jobs: \"%s\" is no number from 1 to %u", value, LF_MAX_JOBS);
	return CLI_CONTINUE;
}

static int
set_shard(struct cli *c, const char *value)
{
	size_t len = strcspn(value, "/");

	if (value[len] != '/' ||
	    !read_number(value + len + 1, strlen(value + len + 1), 1, LF_MAX_SHARDS, &c->opts.shards) ||
	    !read_number(value, len, 1, c->opts.shards, &c->opts.shard))
		return cli_usage(c, "--shard: \"%s\" is no K/N with K from 1 to N and N at most %u", value,
		    LF_MAX_SHARDS);
	return CLI_CONTINUE;
}

static int
set_tmpdir(struct cli *c, const char *value)
{
	struct stat st;

	if (stat(value, &st) != 0)
		return cli_error(c, "--tmpdir \"%s\": %s", value, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return cli_error(c, "--tmpdir \"%s\": %s", value, strerror(ENOTDIR));
	c->opts.tmpdir = value;
	return CLI_CONTINUE;
}

int
cli_size(const struct cli *c, const char *name, const char *value, uint64_t *out)
{
	struct lf_err err;

	if (lf_size_parse(value, out, &err) != 0)
		return cli_usage(c, "--%s: %s", name, err.msg);
	return *out > 0 ? CLI_CONTINUE : cli_usage(c, "--%s: must be more than 0", name);
}

static int
set_max_object(struct cli *c, const char *value)
{
	return cli_size(c, "max-object", value, &c->opts.max_object);
}

static int
set_max_total(struct cli *c, const char *value)
{
	return cli_size(c, "max-total", value, &c->opts.max_total);
}

static int
set_when(const struct cli *c, const char *name, const char *value, enum cli_when *out)
{
	static const char *const words[] = {"auto", "always", "never"};

	for (int i = 0; i < 3; i++) {
		if (strcmp(value, words[i]) == 0) {
			*out = (enum cli_when)i;
			return CLI_CONTINUE;
		}
	}
	return cli_usage(c, "--%s: \"%s\" is none of auto, always, never", name, value);
}

static int
set_color(struct cli *c, const char *value)
{
	return set_when(c, "color", value, &c->color);
}

static int
set_progress(struct cli *c, const char *value)
{
	return set_when(c, "progress", value, &c->progress);
}

static int
set_reproducible(struct cli *c, const char *value)
{
	(void)value;
	c->reproducible = true;
	return CLI_CONTINUE;
}

static int
set_quiet(struct cli *c, const char *value)
{
	(void)value;
	c->quiet = true;
	return CLI_CONTINUE;
}

static int
set_verbose(struct cli *c, const char *value)
{
	(void)value;
	c->verbose = true;
	return CLI_CONTINUE;
}

static int
set_help(struct cli *c, const char *value)
{
	(void)value;
	return cli_help(c);
}

static int
set_version(struct cli *c, const char *value)
{
	(void)value;
	c->version = true; /* printed once -v is known */
	return CLI_CONTINUE;
}

static int
set_explain(struct cli *c, const char *value)
{
	c->explain = value;
	return CLI_CONTINUE;
}

const struct cli_option cli_common[] = {
    {"keys", 'k', "FILE", "public keys: list-public-keys output, PEM or DER", set_keys},
    {"metadata", 'm', "PATH", "S3 object metadata, a file or a folder", set_metadata},
    {"since", 0, "TIME", "from this time on (UTC)", set_since},
    {"until", 0, "TIME", "up to before this time", set_until},
    {"account", 0, "ID", "only this account", set_account},
    {"region", 0, "NAME", "only this region", set_region},
    {"trail", 0, "NAME", "only this trail", set_trail},
    {"format", 'f', "FORMAT", NULL, set_format}, /* its help names the formats of the tool */
    {"output", 'o', "FILE", "write to FILE, renamed into place when complete", set_output},
    {"jobs", 'j', "N", "worker threads (the online CPUs)", set_jobs},
    {"shard", 0, "K/N", "only the accounts and regions of shard K of N", set_shard},
    {"tmpdir", 0, "DIR", "where standard input is spooled ($TMPDIR, /tmp)", set_tmpdir},
    {"max-object", 0, "SIZE", "cap on one inflated object (1G)", set_max_object},
    {"max-total", 0, "SIZE", "cap on what one source inflates to", set_max_total},
    {"reproducible", 0, NULL, "no times, arguments or host in JSON", set_reproducible},
    {"color", 0, "WHEN", "auto, always or never", set_color},
    {"progress", 0, "WHEN", "auto, always or never", set_progress},
    {"explain", 0, "ID", "print what a finding means", set_explain},
    {"quiet", 'q', NULL, "the verdict and the findings only, no progress", set_quiet},
    {"verbose", 'v', NULL, "also a line for every object and what was skipped", set_verbose},
    {"help", 'h', NULL, "this text", set_help},
    {"version", 'V', NULL, "the version; with -v also what this machine gives", set_version},
    {NULL, 0, NULL, NULL, NULL},
};
