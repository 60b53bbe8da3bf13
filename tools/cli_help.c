#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"

#define HELP_COLUMN 25

void
cli_print(void *unused, const char *line)
{
	(void)unused;
	puts(line);
}

int
cli_finish_stdout(const struct cli *c)
{
	if (fflush(stdout) != 0 || ferror(stdout))
		return cli_error(c, "cannot write standard output: %s", strerror(errno));
	return 0;
}

static void
print_formats(const char *const *formats)
{
	for (size_t i = 0; formats[i] != NULL; i++)
		printf("%s%s", i == 0 ? "" : formats[i + 1] == NULL ? " or " : ", ", formats[i]);
	printf(" (%s)\n", formats[0]);
}

bool
cli_refuses(const struct cli_tool *t, const struct cli_option *o)
{
	for (size_t i = 0; t->refuses != NULL && t->refuses[i] != NULL; i++)
		if (strcmp(t->refuses[i], o->name) == 0)
			return true;
	return false;
}

/* Whether the tool has an option of this name itself. */
static bool
overridden(const struct cli_tool *t, const struct cli_option *o)
{
	const struct cli_option *own = t->options;

	while (own->name != NULL && own != o && strcmp(own->name, o->name) != 0)
		own++;
	return own->name != NULL && own != o;
}

static void
print_options(const struct cli *c, const struct cli_option *o)
{
	int n;

	for (; o->name != NULL; o++) {
		if (cli_refuses(c->tool, o) || overridden(c->tool, o))
			continue;
		n = o->letter != 0 ? printf("  -%c, --%s", o->letter, o->name) : printf("      --%s", o->name);
		if (o->argument != NULL)
			n += printf("%s%s", o->argument[0] == '[' ? "" : " ", o->argument);
		printf("%s%*s", n < HELP_COLUMN ? "" : "\n", n < HELP_COLUMN ? HELP_COLUMN - n : HELP_COLUMN, "");
		if (o->help != NULL)
			printf("%s\n", o->help);
		else
			print_formats(c->tool->formats);
	}
}

/* Whether an option of a list takes a size. */
static bool
takes_size(const struct cli_tool *t, const struct cli_option *o)
{
	while (o->name != NULL && (o->argument == NULL || strcmp(o->argument, "SIZE") != 0 || cli_refuses(t, o)))
		o++;
	return o->name != NULL;
}

int
cli_help(const struct cli *c)
{
	const struct cli_tool *t = c->tool;

	printf("%s: %s\n\nExamples:\n%s\nUsage:\n%s\nOptions:\n", t->name, t->purpose, t->examples, t->usage);
	print_options(c, t->options);
	print_options(c, cli_common);
	printf("\n");
	if (t->refuses == NULL)
		printf("TIME is UTC: 2024-03-01T05:30:00Z, 2024-03-01, 2024-03-01T05, @1709269200,\n"
		    "90m, 36h or 7d (ago), or now.  SIZE is a number of bytes, with K, M, G or T.\n"
		    "-k, -m, --account, --region and --trail may be repeated.\n\n");
	else if (takes_size(t, t->options) || takes_size(t, cli_common))
		printf("SIZE is a number of bytes, with K, M, G or T.\n\n");
	printf("Exit status: 0 all proved or done, 1 findings, 3 inconclusive,\n"
	    "2 no complete result.\n"
	    "See %s(1).\n", t->name);
	return cli_finish_stdout(c);
}

/* Prints text with a newline at its end. */
static void
print_block(const char *text)
{
	size_t len = strlen(text);

	printf("%s%s", text, len > 0 && text[len - 1] == '\n' ? "" : "\n");
}

int
cli_version(const struct cli *c)
{
	char text[1024];

	printf("%s %s\n", c->tool->name, LF_VERSION);
	lf_version_text(text, sizeof(text));
	print_block(text);
	printf("sandbox: %s\n", lf_sandbox_state());
	return cli_finish_stdout(c);
}
