#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MAX_OPTIONS 64
#define LONG_VALUE  256 /* val of the first long option; a letter is its own */
#define NEAR        2   /* letters that a mistyped option may differ in */

/* The options of a run in the form that getopt_long() takes; last is a terminator. */
struct table {
	const struct cli_option *all[MAX_OPTIONS];
	struct option longs[MAX_OPTIONS + 1];
	char letters[2 * MAX_OPTIONS + 2];
	int n;
};

static void __attribute__((format(printf, 2, 0)))
say(const struct cli *c, const char *fmt, va_list ap)
{
	char *text = NULL, *shown;
	size_t need;

	cli_progress_clear();
	if (vasprintf(&text, fmt, ap) < 0)
		return;
	need = lf_text_printable(text, strlen(text), NULL, 0);
	shown = malloc(need + 1);
	if (shown != NULL) {
		lf_text_printable(text, strlen(text), shown, need + 1);
		fprintf(stderr, "%s: %s\n", c->tool->name, shown);
	}
	free(shown);
	free(text);
}

int
cli_error(const struct cli *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(c, fmt, ap);
	va_end(ap);
	return CLI_TROUBLE;
}

void
cli_say(void *cli, const char *line)
{
	const struct cli *c = cli;

	fprintf(stderr, "%s: %s\n", c->tool->name, line);
}

int
cli_usage(const struct cli *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(c, fmt, ap);
	va_end(ap);
	fprintf(stderr, "Try '%s --help'.\n", c->tool->name);
	return CLI_TROUBLE;
}

/* What getopt_long() is told of an option's value. */
static int
takes_value(const struct cli_option *o)
{
	if (o->argument == NULL)
		return no_argument;
	return o->argument[0] == '[' ? optional_argument : required_argument;
}

/* Whether o, or an option of its name, stands in the table. */
static bool
in_table(const struct table *t, const struct cli_option *o)
{
	for (int i = 0; i < t->n; i++)
		if (strcmp(t->all[i]->name, o->name) == 0)
			return true;
	return false;
}

/* Adds those whose names are not there yet. */
static void
add_options(struct table *t, const struct cli_option *o)
{
	char *letter = t->letters + strlen(t->letters);

	for (; o->name != NULL && t->n < MAX_OPTIONS; o++) {
		if (in_table(t, o))
			continue;
		t->longs[t->n] = (struct option){o->name, takes_value(o), NULL, LONG_VALUE + t->n};
		t->all[t->n++] = o;
		if (o->letter == 0)
			continue;
		*letter++ = (char)o->letter;
		if (o->argument != NULL)
			*letter++ = ':';
	}
}

/* The long option that is nearest to a mistyped one of three letters or more, within two letters; NULL without. */
static const char *
near_option(const struct table *t, const char *word, size_t len)
{
	size_t best = NEAR + 1, distance;
	const char *found = NULL;
	char name[32];

	if (len < 3 || len >= sizeof(name))
		return NULL;
	memcpy(name, word, len);
	name[len] = '\0';
	for (int i = 0; i < t->n; i++) {
		if ((distance = cli_distance(name, t->all[i]->name)) >= best)
			continue;
		best = distance;
		found = t->all[i]->name;
	}
	return found;
}

/* The option that a val of getopt_long() means, or NULL. */
static const struct cli_option *
option_of(const struct table *t, int val)
{
	if (val >= LONG_VALUE)
		return val - LONG_VALUE < t->n ? t->all[val - LONG_VALUE] : NULL;
	for (int i = 0; i < t->n; i++)
		if (t->all[i]->letter == val && val != 0)
			return t->all[i];
	return NULL;
}

/* What an option sets. */
static void *
state_of(struct cli *c, const struct cli_option *o)
{
	for (const struct cli_option *common = cli_common; common->name != NULL; common++)
		if (common == o)
			return c;
	return c->own;
}

/* A long option that getopt_long() does not take: none begins like it, or several do. */
static int
bad_long(const struct cli *c, const struct table *t, const char *word)
{
	size_t len = strcspn(word + 2, "=");
	const char *found[2] = {NULL, NULL};
	int n = 0;

	for (int i = 0; i < t->n && n < 2; i++)
		if (strncmp(t->all[i]->name, word + 2, len) == 0)
			found[n++] = t->all[i]->name;
	if (n == 2)
		return cli_usage(c, "\"%s\" is ambiguous: --%s, --%s", word, found[0], found[1]);
	found[0] = near_option(t, word + 2, len);
	return cli_usage(c, "there is no option \"%.*s\"%s%s", (int)len + 2, word, found[0] != NULL ? ": perhaps --" : "",
	    found[0] != NULL ? found[0] : "");
}

static int
bad_option(const struct cli *c, const struct table *t, int val, const char *word)
{
	const struct cli_option *o = option_of(t, optopt);

	if (val == ':' && o != NULL)
		return cli_usage(c, "--%s needs its %s", o->name, o->argument);
	if (optopt >= LONG_VALUE && o != NULL)
		return cli_usage(c, "--%s takes no value", o->name);
	if (optopt != 0)
		return cli_usage(c, "there is no option \"-%c\"", optopt);
	return bad_long(c, t, word);
}

static int
read_options(struct cli *c, int argc, char **argv)
{
	struct table t = {.letters = ":"};
	int val, rc;

	add_options(&t, c->tool->options);
	add_options(&t, cli_common);
	opterr = 0;
	while ((val = getopt_long(argc, argv, t.letters, t.longs, NULL)) != -1) {
		const struct cli_option *o = option_of(&t, val);
		if (val == ':' || val == '?' || o == NULL)
			return bad_option(c, &t, val, argv[optind - 1]);
		if (c->tool->refuses != NULL && cli_refuses(c->tool, o))
			return cli_usage(c, "--%s is no option of %s", o->name, c->tool->name);
		if (optarg != NULL && *optarg == '\0')
			return cli_usage(c, "--%s: its value is empty", o->name);
		if ((rc = o->set(c, o, state_of(c, o), optarg)) != CLI_CONTINUE)
			return rc;
	}
	c->opts.evidence = (const char *const *)argv + optind;
	c->opts.n_evidence = (size_t)(argc - optind);
	return c->version ? cli_version(c) : CLI_CONTINUE;
}

/* A descriptor that was closed would be taken by the first file opened: evidence as standard output. */
static void
open_standard(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
		    open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) < 0)
			_exit(CLI_TROUBLE);
}

int
cli_parse(struct cli *c, const struct cli_tool *tool, void *own, int argc, char **argv)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	size_t n = argc > 0 ? (size_t)argc - 1 : 0;
	int rc;

	open_standard();
	cli_signals();
	*c = (struct cli){.tool = tool, .own = own, .started = time(NULL)};
	c->opts.since = c->opts.until = LF_TIME_NONE;
	c->reproducible = epoch != NULL && *epoch != '\0';
	c->arguments = calloc(n + 1, sizeof(*c->arguments));
	if (c->arguments == NULL)
		return cli_error(c, "out of memory");
	for (size_t i = 0; i < n; i++) /* before getopt_long() moves them */
		c->arguments[i] = argv[i + 1];
	c->n_arguments = n;
	if ((rc = read_options(c, argc, argv)) != CLI_CONTINUE)
		return rc;
	if (c->opts.since != LF_TIME_NONE && c->opts.until != LF_TIME_NONE && c->opts.since >= c->opts.until)
		return cli_usage(c, "--since must be before --until");
	cli_progress_start(c);
	return CLI_CONTINUE;
}

void
cli_free(struct cli *c)
{
	const struct lf_case_opts *o = &c->opts;
	const char *const *const lists[] = {o->keys, o->metadata, o->accounts, o->regions, o->trails};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		free((void *)(uintptr_t)lists[i]);
	free(c->arguments);
}

/* Whether path is dir or lies below it; both absolute and without symbolic links. */
static bool
below(const char *dir, const char *path)
{
	size_t len = strlen(dir);

	if (strcmp(dir, "/") == 0)
		return true;
	return strncmp(dir, path, len) == 0 && (path[len] == '\0' || path[len] == '/');
}

bool
cli_inside_evidence(const struct cli *c, const char *path)
{
	char real[PATH_MAX], dir[PATH_MAX];
	struct stat st;

	if (realpath(path, real) == NULL)
		return false;
	for (size_t i = 0; i < c->opts.n_evidence; i++) {
		const char *operand = c->opts.evidence[i];
		if (stat(operand, &st) == 0 && S_ISDIR(st.st_mode) && realpath(operand, dir) != NULL &&
		    below(dir, real))
			return true;
	}
	return false;
}

int
cli_check_standard(const struct cli *c)
{
	unsigned standard = 0;

	for (size_t i = 0; i < c->opts.n_evidence; i++)
		standard += strcmp(c->opts.evidence[i], "-") == 0;
	return standard <= 1 ? CLI_CONTINUE :
	    cli_usage(c, "\"-\" is given more than once: standard input can be read only once");
}

int
cli_check_joins(const struct cli *c, const char *what)
{
	const struct lf_case_opts *o = &c->opts;

	if (o->n_keys + o->n_metadata + o->n_accounts + o->n_regions + o->n_trails > 0 || o->shards != 0 ||
	    o->since != LF_TIME_NONE || o->until != LF_TIME_NONE)
		return cli_usage(c, "--merge joins %ss: it takes no keys, metadata, times, accounts, regions, trails or shard", what);
	return cli_check_standard(c);
}

int
cli_check_evidence(const struct cli *c)
{
	const char *tmpdir = c->opts.tmpdir;
	int rc;

	if (c->opts.n_evidence == 0)
		return cli_usage(c, "no EVIDENCE given");
	if ((rc = cli_check_standard(c)) != CLI_CONTINUE)
		return rc;
	if (tmpdir != NULL && cli_inside_evidence(c, tmpdir))
		return cli_error(c, "--tmpdir \"%s\" lies in EVIDENCE: nothing is written inside evidence",
		    tmpdir);
	return CLI_CONTINUE;
}
