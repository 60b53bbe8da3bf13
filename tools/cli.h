/*
 * What the tools share: options, messages, output and progress.  A tool is a table
 * of its own options and a main; everything else about the command line is here.
 */
#ifndef CLI_H
#define CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "forensic.h"

#define CLI_TROUBLE  2    /* exit status: no complete result */
#define CLI_CONTINUE (-1) /* no exit status: go on */

enum cli_when { CLI_AUTO, CLI_ALWAYS, CLI_NEVER };

struct cli;

struct cli_option {
	const char *name;     /* the long one */
	int letter;           /* the short one, or 0 */
	const char *argument; /* what --help calls its value; "[=NAME]" when it may be left out; NULL when it takes none */
	const char *help;
	/* Takes the value (NULL for none; "" never).  Returns CLI_CONTINUE, or an exit status with the message given. */
	int (*set)(struct cli *c, const char *value);
};

struct cli_tool {
	const char *name, *purpose;
	const char *examples, *usage;     /* lines for --help, each with its indent */
	const struct cli_option *options; /* its own, up to one without a name */
	const char *const *formats;       /* of -f, the first by default, up to NULL */
	bool refuses_trail;               /* there is no selecting trails here: --help does not offer it */
	const char *const *refuses;       /* options of all tools that make no sense here, up to NULL; or NULL for none */
};

struct cli {
	const struct cli_tool *tool;
	void *own;                /* the tool's own state, for its options */
	struct lf_case_opts opts; /* evidence: the operands */
	const char *explain;      /* the finding to explain, or NULL: the tool calls cli_explain() */
	const char *output;       /* NULL for standard output */
	unsigned format;          /* place in tool->formats */
	bool quiet, verbose, reproducible, version;
	enum cli_when color, progress;
	int64_t started;          /* the "now" of all times given */
	const char **arguments;   /* argv without the name of the tool, as given */
	size_t n_arguments;
};

/* ---- cli.c ---- */

/*
 * Reads the command line into c, and holds every value against its bounds.  Returns CLI_CONTINUE, or
 * the exit status when all is said: 0 after --help and --version, 2 after wrong usage.  Also makes sure
 * that descriptors 0 to 2 are open.  cli_free() must follow in either case.
 */
int cli_parse(struct cli *c, const struct cli_tool *tool, void *own, int argc, char **argv);
void cli_free(struct cli *c);

/* Holds the operands against each other: at least one, "-" once at most, --tmpdir not inside one. */
int cli_check_evidence(const struct cli *c);

/* Whether path, once symbolic links are resolved, is a folder given as EVIDENCE or lies inside one. */
bool cli_inside_evidence(const struct cli *c, const char *path);

/* Says what is wrong on standard error, made printable, behind the tool's name.  Returns CLI_TROUBLE. */
int cli_error(const struct cli *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Says a line that is printable already on standard error; cli is the struct cli: for the notes of a result. */
void cli_say(void *cli, const char *line);

/* The same as cli_error() with a hint at --help, for wrong usage. */
int cli_usage(const struct cli *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* ---- cli_options.c ---- */

/* The options that every tool has, up to one without a name. */
extern const struct cli_option cli_common[];

/* Adds a value to a list of struct lf_case_opts. */
int cli_push(const struct cli *c, const char *const **list, size_t *n, const char *value);

/* Reads the size given to the option --name, which must be more than 0.  Returns CLI_CONTINUE, or CLI_TROUBLE with the message given. */
int cli_size(const struct cli *c, const char *name, const char *value, uint64_t *out);

/* ---- cli_help.c ---- */

/* Print to standard output; return the exit status. */
int cli_help(const struct cli *c);
int cli_version(const struct cli *c);

/* Whether an option of all tools is none of this one. */
bool cli_refuses(const struct cli_tool *t, const struct cli_option *o);

/* ---- cli_explain.c ---- */

/* Prints what a finding means.  Returns the exit status. */
int cli_explain(const struct cli *c);

/* ---- cli_output.c ---- */

#define CLI_BUFFER 65536

struct cli_output {
	const struct cli *cli;
	int fd, dir;          /* dir: that of the temporary file, or -1 */
	char *folder, *base;  /* where the output will stand, symbolic links resolved; NULL where it is no file */
	char temporary[256];  /* name in folder, or "" */
	int error;            /* errno of the first failure */
	size_t used;
	char buf[CLI_BUFFER];
};

/*
 * Opens what -o names: a temporary file beside it, or the thing itself where it is standard output or
 * no regular file.  From here on, a signal that ends the tool takes the temporary file with it.
 * Returns CLI_CONTINUE, or CLI_TROUBLE with the message given.
 */
int cli_output_open(struct cli_output *o, const struct cli *c);

/* An lf_write_fn. */
int cli_output_write(void *output, const void *bytes, size_t len);

/* Flushes, and renames the temporary file.  Returns status, or CLI_TROUBLE with the message given. */
int cli_output_finish(struct cli_output *o, int status);

/* Drops the output and says why: what failed in writing, or else err.  Returns CLI_TROUBLE. */
int cli_output_fail(struct cli_output *o, const struct lf_err *err);

/* The options of lf_result_write() that the command line and the output decide; "finished" is now. */
void cli_write_opts(const struct cli_output *o, struct lf_write_opts *w);

/* ---- cli_signal.c ---- */

/* Makes SIGINT, SIGTERM and SIGHUP end the tool with 128 + n; a write past a limit fails instead. */
void cli_signals(void);

/* The file that such a signal removes; name NULL for none. */
void cli_signals_remove(int dir, const char *name);

/* ---- cli_progress.c ---- */

/* Sets up the progress bar in c->opts where it is wanted. */
void cli_progress_start(struct cli *c);

/* Wipes the bar off standard error; async-signal-safe. */
void cli_progress_clear(void);

/* Columns of the terminal fd, else of $COLUMNS; 0 when neither says. */
unsigned cli_columns(int fd);

/* Whether TERM is unset or "dumb". */
bool cli_dumb_terminal(void);

#endif
