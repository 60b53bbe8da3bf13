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
	/* what --help calls its value; "[=NAME]" when it may be left out; NULL when it takes none */
	const char *argument;
	const char *help;
	/*
	 * Takes the value (NULL for none; "" never); state is the tool's own, or c for an option that every tool has.
	 * Returns CLI_CONTINUE, or an exit status with the message given.
	 */
	int (*set)(struct cli *c, const struct cli_option *o, void *state, const char *value);
	/* offset in the state of what is set; of options that share a setter also which one it is */
	size_t at;
	size_t count;         /* of a list: offset of its length */
};

/*
 * The last members of an option that only fills a member of the state: true for a flag, the value for a text, one more
 * value for a list.  A member of another type does not compile.
 */
#define CLI_AT(state, member, type)      _Generic(((state *)0)->member, type: offsetof(state, member))
#define CLI_FLAG(state, member)          cli_set_flag, CLI_AT(state, member, bool), 0
#define CLI_TEXT(state, member)          cli_set_text, CLI_AT(state, member, const char *), 0
#define CLI_SIZE(state, member)          cli_set_size, CLI_AT(state, member, uint64_t), 0
#define CLI_MEMORY(state, member)        cli_set_memory, CLI_AT(state, member, uint64_t), 0
#define CLI_LIST(state, list, n)         CLI_LIST_BY(cli_set_list, state, list, n)
#define CLI_LIST_BY(set, state, list, n) set, CLI_AT(state, list, const char *const *), CLI_AT(state, n, size_t)

/* Behind the last option. */
#define CLI_NO_OPTION {NULL, 0, NULL, NULL, NULL, 0, 0}

struct cli_tool {
	const char *name, *purpose;
	const char *examples, *usage;     /* lines for --help, each with its indent */
	/* its own, up to one without a name; one of the name of a common one stands for that */
	const struct cli_option *options;
	const char *const *formats;       /* of -f, the first by default, up to NULL */
	/* said where --explain is asked for another word: of which page those are; or NULL */
	const char *words;
	/* options of all tools that make no sense here, up to NULL; or NULL for none */
	const char *const *refuses;
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

/* These return CLI_CONTINUE, or an exit status with the message given. */

/* Whether "-", which can be read only once, is among the operands once at most. */
int cli_check_standard(const struct cli *c);

/* Holds the operands against each other: at least one, "-" once at most, --tmpdir not inside one. */
int cli_check_evidence(const struct cli *c);

/* For --merge, which joins whats: refuses what was settled when they were made, keys and all that selects,
 * and "-" twice. */
int cli_check_joins(const struct cli *c, const char *what);

/* Whether path, once symbolic links are resolved, is a folder given as EVIDENCE or lies inside one. */
bool cli_inside_evidence(const struct cli *c, const char *path);

/* Says what is wrong on standard error, made printable, behind the tool's name.  Returns CLI_TROUBLE. */
int cli_error(const struct cli *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Says a line that is printable already on standard error; cli is the struct cli: for the notes of a result. */
void cli_say(void *cli, const char *line);

/* The same as cli_error() with a hint at --help, for wrong usage. */
int cli_usage(const struct cli *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* ---- cli_near.c ---- */

/* Letters to change, add or drop to make a of b (Levenshtein); SIZE_MAX where either has over 64. */
size_t cli_distance(const char *a, const char *b);

/* ---- cli_options.c ---- */

/* The options that every tool has, up to one without a name. */
extern const struct cli_option cli_common[];

/* Where an option's value goes. */
static inline void *
cli_place(void *state, size_t at)
{
	return (char *)state + at;
}

/* Reads len digits, and nothing else, into *out: a number from min to max. */
bool cli_number(const char *text, size_t len, uint64_t min, uint64_t max, uint64_t *out) __attribute__((warn_unused_result));

/*
 * What the macros above name.  A list is the caller's to free; a size must be more than 0; of memory any size will do,
 * since too small a one is raised, and is never 0 here.
 */
int cli_set_flag(struct cli *c, const struct cli_option *o, void *state, const char *value);
int cli_set_text(struct cli *c, const struct cli_option *o, void *state, const char *value);
int cli_set_size(struct cli *c, const struct cli_option *o, void *state, const char *value);
int cli_set_memory(struct cli *c, const struct cli_option *o, void *state, const char *value);
int cli_set_list(struct cli *c, const struct cli_option *o, void *state, const char *value);

/* ---- cli_help.c ---- */

/* Print to standard output; return the exit status. */
int cli_help(const struct cli *c);
int cli_version(const struct cli *c);

/* Prints a line to standard output; and ends that.  Returns the exit status. */
void cli_print(void *unused, const char *line);
int cli_finish_stdout(const struct cli *c);

/* Whether an option of all tools is none of this one. */
bool cli_refuses(const struct cli_tool *t, const struct cli_option *o);

/* ---- cli_passphrase.c ---- */

struct cli_passphrase {
	const char *file; /* its first line; or NULL */
	int fd;           /* likewise; or -1 */
};

/*
 * An lf_passphrase_fn over a struct cli_passphrase: where neither file nor fd is given, asks on the terminal, if there
 * is one.
 */
int cli_passphrase(void *passphrase, char *buf, size_t cap, struct lf_err *err);

/* ---- cli_explain.c ---- */

/* Writes what the finding means to the output.  Returns the exit status. */
int cli_explain(const struct cli *c);

/* ---- cli_output.c ---- */

/* Whether two paths are the same, or name the same file or folder; false for NULL. */
bool cli_same_file(const char *a, const char *b);

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

/*
 * From now on, the first such signal only sets what is returned to its number, so that the tool may end in order, with
 * that many and 128; the second ends it at once.
 */
const volatile int *cli_signals_defer(void);

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
