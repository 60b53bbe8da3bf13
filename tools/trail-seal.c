#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"

enum form { FORM_RESULT, FORM_JSON, FORM_HASHDEEP, FORM_BAGIT, FORM_DFXML, FORMS };

struct seal {
	struct lf_seal_opts opts;
	struct cli_passphrase passphrase;
	enum form form; /* of the manifest, when that is to be printed */
	bool action, check;
};

static struct seal *
own(const struct cli *c)
{
	return c->own;
}

/* ---- Options ---- */

static int
set_action(struct cli *c, const struct cli_option *o, void *state, const char *value)
{
	struct seal *seal = state;
	const char *name;

	(void)o;
	for (unsigned i = 0; (name = lf_seal_action_name(i)) != NULL; i++) {
		if (strcmp(name, value) != 0)
			continue;
		seal->opts.action = (enum lf_seal_action)i;
		seal->action = true;
		return CLI_CONTINUE;
	}
	return cli_usage(c, "--action: \"%s\" is none of collected, received, copied, examined, transferred", value);
}

static int
set_passphrase_fd(struct cli *c, const struct cli_option *o, void *state, const char *value)
{
	struct seal *seal = state;
	uint64_t n;

	if (!cli_number(value, strlen(value), 0, INT_MAX, &n))
		return cli_usage(c, "--%s: \"%s\" is no number from 0 on", o->name, value);
	seal->passphrase.fd = (int)n;
	return CLI_CONTINUE;
}

static int
set_entry(struct cli *c, const struct cli_option *o, void *state, const char *value)
{
	struct seal *seal = state;

	if (!cli_number(value, strlen(value), 1, INT64_MAX, &seal->opts.entry))
		return cli_usage(c, "--%s: \"%s\" is no number from 1 on", o->name, value);
	return CLI_CONTINUE;
}

static int
set_head(struct cli *c, const struct cli_option *o, void *state, const char *value)
{
	struct seal *seal = state;

	(void)o;
	if (strlen(value) != 64 || strspn(value, "0123456789abcdefABCDEF") != 64)
		return cli_usage(c, "--head: \"%s\" is no SHA-256: give 64 hexadecimal digits", value);
	seal->opts.head = value;
	return CLI_CONTINUE;
}

static int
set_manifest_format(struct cli *c, const struct cli_option *o, void *state, const char *value)
{
	struct seal *seal = state;
	static const char *const forms[] = {"", "json", "hashdeep", "bagit", "dfxml"};

	(void)o;
	for (int i = FORM_JSON; i < FORMS; i++) {
		if (strcmp(forms[i], value) != 0)
			continue;
		seal->form = (enum form)i;
		return CLI_CONTINUE;
	}
	return cli_usage(c, "--manifest-format: \"%s\" is none of json, hashdeep, bagit, dfxml", value);
}

static const struct cli_option own_options[] = {
    {"ledger", 0, "FILE", "the ledger; the files of its entries lie in FILE.d", CLI_TEXT(struct seal, opts.ledger)},
    {"action", 0, "WORD", "collected, received, copied, examined, transferred", set_action, 0, 0},
    {"case", 0, "ID", "the case", CLI_TEXT(struct seal, opts.case_id)},
    {"examiner", 0, "NAME", "who does it", CLI_TEXT(struct seal, opts.examiner)},
    {"exhibit", 0, "ID", "the exhibit", CLI_TEXT(struct seal, opts.exhibit)},
    {"organization", 0, "NAME", "for whom", CLI_TEXT(struct seal, opts.organization)},
    {"note", 0, "TEXT", "what there is to say", CLI_TEXT(struct seal, opts.note)},
    {"sign", 0, "KEY.pem", "sign the entry with this private key", CLI_TEXT(struct seal, opts.key)},
    {"cert", 0, "FILE.pem", "its certificate; with --check who is trusted", CLI_LIST(struct seal, opts.certs, opts.n_certs)},
    {"passphrase-file", 0, "FILE", "the key's pass phrase, its first line", CLI_TEXT(struct seal, passphrase.file)},
    {"passphrase-fd", 0, "N", "the same, from an open descriptor", set_passphrase_fd, 0, 0},
    {"manifest-format", 0, "FORM", "print the manifest: json, hashdeep, bagit, dfxml", set_manifest_format, 0, 0},
    {"timestamp", 0, "TSR", "attach the answer to an entry's request", CLI_TEXT(struct seal, opts.timestamp)},
    {"entry", 0, "N", "another entry than the last", set_entry, 0, 0},
    {"check", 0, NULL, "prove that all is as it was sealed", CLI_FLAG(struct seal, check)},
    {"ca", 0, "FILE.pem", "authorities that are trusted", CLI_LIST(struct seal, opts.cas, opts.n_cas)},
    {"head", 0, "HASH", "with --check: an entry's hash that you kept", set_head, 0, 0},
    CLI_NO_OPTION,
};

static const char *const formats[] = {"text", "json", NULL};
static const enum lf_format format_values[] = {LF_TEXT, LF_JSON};

/* A seal is about all of its evidence, and proves no digest. */
static const char *const refuses[] = {"keys", "metadata", "since", "until", "account", "region", "trail", "shard", "max-total", NULL};

static const struct cli_tool tool = {
    .name = "trail-seal",
    .purpose = "chain of custody: seal evidence, and prove that it is unchanged",
    .examples =
	"  trail-seal --ledger case7.jsonl --action collected --case 7 --examiner 'A. Kay' \\\n"
	"      --sign kay.key --cert kay.pem copy/\n"
	"  trail-seal --ledger case7.jsonl --timestamp answer.tsr --ca tsa.pem\n"
	"  trail-seal --check --ledger case7.jsonl --cert kay.pem --ca tsa.pem copy/\n"
	"  trail-seal --check --ledger case7.jsonl --head 5d41...592f copy/\n"
	"  trail-seal --ledger case7.jsonl --manifest-format hashdeep -o case7.hashdeep\n",
    .usage =
	"  trail-seal --ledger FILE --action WORD --case ID --examiner NAME [options] EVIDENCE...\n"
	"  trail-seal --check --ledger FILE [options] [EVIDENCE...]\n"
	"  trail-seal --ledger FILE --timestamp TSR [--entry N] [--ca FILE.pem]\n"
	"  trail-seal --ledger FILE --manifest-format FORM [--entry N] [-o OUTPUT]\n"
	"  trail-seal --explain ID\n",
    .options = own_options,
    .formats = formats,
    .refuses = refuses,
};

/* ---- Checking ---- */

/* What belongs to a new entry, and to nothing else. */
static int
check_no_entry(const struct cli *c, const char *with)
{
	const struct seal *s = own(c);
	const struct lf_seal_opts *o = &s->opts;

	if (s->action || o->case_id != NULL || o->examiner != NULL || o->exhibit != NULL || o->organization != NULL ||
	    o->note != NULL || o->key != NULL || s->passphrase.file != NULL || s->passphrase.fd >= 0)
		return cli_usage(c, "%s makes no entry: it takes no --action, --case, --examiner, --exhibit, --organization, --note, "
		    "--sign or pass phrase", with);
	return CLI_CONTINUE;
}

static int
check_append(const struct cli *c)
{
	const struct seal *s = own(c);
	const struct lf_seal_opts *o = &s->opts;

	if (!s->action || o->case_id == NULL || o->examiner == NULL)
		return cli_usage(c, "an entry needs --action, --case and --examiner: %s is missing",
		    !s->action ? "--action" : o->case_id == NULL ? "--case" : "--examiner");
	if (o->n_cas > 0 || o->head != NULL || o->entry != 0)
		return cli_usage(c, "--ca, --head and --entry go with --check or --timestamp");
	if (o->key != NULL && o->n_certs != 1)
		return cli_usage(c, "--sign takes one --cert: the file with the certificate of the key");
	if (o->key == NULL && (o->n_certs > 0 || s->passphrase.file != NULL || s->passphrase.fd >= 0))
		return cli_usage(c, "--cert and a pass phrase go with --sign");
	if (s->passphrase.file != NULL && s->passphrase.fd >= 0)
		return cli_usage(c, "--passphrase-file and --passphrase-fd exclude each other");
	return cli_check_evidence(c);
}

static int
check_rest(const struct cli *c)
{
	const struct seal *s = own(c);
	const struct lf_seal_opts *o = &s->opts;
	const char *what = s->check ? "--check" : o->timestamp != NULL ? "--timestamp" : "--manifest-format";
	int rc = check_no_entry(c, what);

	if (rc != CLI_CONTINUE)
		return rc;
	if (s->check && s->form != FORM_RESULT)
		return cli_usage(c, "--check prints no manifest");
	if (!s->check && o->timestamp != NULL && s->form != FORM_RESULT)
		return cli_usage(c, "--timestamp prints no manifest");
	if (!s->check && (o->head != NULL || o->n_certs > 0))
		return cli_usage(c, "--head and --cert go with --check");
	if (o->task == LF_SEAL_MANIFEST && o->n_cas > 0)
		return cli_usage(c, "--ca goes with --check or --timestamp");
	if (s->check)
		return c->opts.n_evidence == 0 ? CLI_CONTINUE : cli_check_evidence(c);
	return c->opts.n_evidence == 0 ? CLI_CONTINUE : cli_usage(c, "%s reads no EVIDENCE", what);
}

/* Whether the output would take the place of the ledger, of what lies beside it, or of what is read. */
static int
check_output(const struct cli *c, const char *store)
{
	const struct seal *s = own(c);
	const struct lf_seal_opts *o = &s->opts;
	const char *slash = c->output == NULL ? NULL : strrchr(c->output, '/');
	char folder[PATH_MAX];
	bool taken = cli_same_file(c->output, o->key) || cli_same_file(c->output, o->timestamp) ||
	    cli_same_file(c->output, s->passphrase.file);

	for (size_t i = 0; i < o->n_certs; i++)
		taken = taken || cli_same_file(c->output, o->certs[i]);
	for (size_t i = 0; i < o->n_cas; i++)
		taken = taken || cli_same_file(c->output, o->cas[i]);
	if (taken)
		return cli_error(c, "\"%s\" is read as input too", c->output);
	if (slash != NULL && snprintf(folder, sizeof(folder), "%.*s", (int)(slash - c->output) + 1, c->output) >= (int)sizeof(folder))
		return cli_error(c, "\"%s\": %s", c->output, strerror(ENAMETOOLONG));
	if (cli_same_file(c->output, o->ledger) || cli_same_file(c->output, store) ||
	    (slash != NULL && cli_same_file(folder, store)))
		return cli_error(c, "\"%s\" is the ledger, or lies in the folder of its files", c->output);
	return CLI_CONTINUE;
}

/* Whether what is written would lie in evidence, or be it. */
static int
check_place(const struct cli *c)
{
	const char *ledger = own(c)->opts.ledger, *slash = strrchr(ledger, '/');
	char folder[PATH_MAX], store[PATH_MAX];

	if (snprintf(folder, sizeof(folder), "%.*s", slash == NULL ? 1 : (int)(slash - ledger + 1), slash == NULL ? "." : ledger) >=
	    (int)sizeof(folder) || snprintf(store, sizeof(store), "%s.d", ledger) >= (int)sizeof(store))
		return cli_error(c, "--ledger \"%s\": %s", ledger, strerror(ENAMETOOLONG));
	if (cli_inside_evidence(c, folder) || cli_inside_evidence(c, ledger) || cli_inside_evidence(c, store))
		return cli_error(c, "--ledger \"%s\" lies in EVIDENCE: nothing is written inside evidence", ledger);
	for (size_t i = 0; i < c->opts.n_evidence; i++)
		if (cli_same_file(ledger, c->opts.evidence[i]))
			return cli_error(c, "--ledger \"%s\" is given as EVIDENCE, too", ledger);
	return check_output(c, store);
}

/* Finds out what is asked for, and whether the options go together. */
static int
check(const struct cli *c)
{
	struct seal *s = own(c);
	struct lf_seal_opts *o = &s->opts;
	int rc;

	if (c->explain != NULL)
		return CLI_CONTINUE;
	if (o->ledger == NULL)
		return cli_usage(c, "--ledger is missing");
	if (s->check)
		o->task = LF_SEAL_CHECK;
	else if (o->timestamp != NULL)
		o->task = LF_SEAL_STAMP;
	else if (s->form != FORM_RESULT && !s->action)
		o->task = LF_SEAL_MANIFEST;
	else
		o->task = LF_SEAL_APPEND;
	if (s->form == FORM_BAGIT && c->output == NULL)
		return cli_usage(c, "--manifest-format bagit makes several files: name their folder with -o");
	rc = o->task == LF_SEAL_APPEND ? check_append(c) : check_rest(c);
	return rc == CLI_CONTINUE ? check_place(c) : rc;
}

/* ---- Printing ---- */

/* Writes what -o names but for a bag: the result, or the manifest. */
static int
print(const struct cli *c, const struct lf_seal *l, struct cli_output *out)
{
	static const enum lf_manifest_format of_form[] = {[FORM_JSON] = LF_MANIFEST_JSON, [FORM_HASHDEEP] = LF_MANIFEST_HASHDEEP,
	    [FORM_DFXML] = LF_MANIFEST_DFXML};
	enum form form = own(c)->form;
	struct lf_write_opts w;
	struct lf_err err;
	int rc;

	cli_write_opts(out, &w);
	w.format = format_values[c->format];
	if (form == FORM_RESULT)
		rc = lf_seal_write(l, &w, cli_output_write, out, &err);
	else
		rc = lf_seal_manifest(l, of_form[form], 0, cli_output_write, out, &err);
	return rc != 0 ? cli_output_fail(out, &err) : cli_output_finish(out, lf_verdict_exit(lf_seal_verdict(l)));
}

/* Makes sure that the folder of a bag is there and can be written, before all else. */
static int
make_bag(const struct cli *c)
{
	if (mkdir(c->output, 0777) != 0 && errno != EEXIST)
		return cli_error(c, "cannot make \"%s\": %s", c->output, strerror(errno));
	if (cli_inside_evidence(c, c->output))
		return cli_error(c, "\"%s\" lies in EVIDENCE: nothing is written inside evidence", c->output);
	return access(c->output, W_OK | X_OK) == 0 ? CLI_CONTINUE :
	    cli_error(c, "cannot write in \"%s\": %s", c->output, strerror(errno));
}

/* Writes the tag files of a bag, one after the other. */
static int
print_bag(const struct cli *c, const struct lf_seal *l)
{
	struct cli part = *c;
	struct lf_err err;
	char path[PATH_MAX];
	int rc = 0;

	for (unsigned i = 0; lf_bag_file(i) != NULL && rc == 0; i++) {
		struct cli_output out;

		if (snprintf(path, sizeof(path), "%s/%s", c->output, lf_bag_file(i)) >= (int)sizeof(path))
			return cli_error(c, "\"%s\": %s", c->output, strerror(ENAMETOOLONG));
		part.output = path;
		if ((rc = cli_output_open(&out, &part)) != CLI_CONTINUE)
			return rc;
		cli_progress_clear();
		if (lf_seal_manifest(l, LF_MANIFEST_BAGIT, i, cli_output_write, &out, &err) != 0)
			return cli_output_fail(&out, &err);
		rc = cli_output_finish(&out, 0);
	}
	return rc == 0 ? lf_verdict_exit(lf_seal_verdict(l)) : rc;
}

/* ---- Running ---- */

/* Evidence that changed meanwhile has no manifest to print. */
static bool
has_manifest(const struct cli *c, const struct lf_seal *l)
{
	return own(c)->form == FORM_RESULT || own(c)->opts.task != LF_SEAL_APPEND || lf_seal_verdict(l) != LF_FINDINGS;
}

/* Does the task of an open seal, confined, and prints what came of it. */
static int
run(const struct cli *c, struct lf_seal *l)
{
	bool bag = own(c)->form == FORM_BAGIT;
	struct cli_output out = {.folder = NULL};
	struct lf_err err;
	int rc = bag ? make_bag(c) : cli_output_open(&out, c);

	if (rc != CLI_CONTINUE)
		return rc;
	if (lf_seal_confine(l, bag ? c->output : out.folder, &err) != 0 || lf_seal_run(l, &err) != 0)
		return bag ? cli_error(c, "%s", err.msg) : cli_output_fail(&out, &err);
	if (!has_manifest(c, l)) {
		snprintf(err.msg, sizeof(err.msg), "the evidence changed while it was read: nothing was sealed");
		if (bag)
			cli_error(c, "%s", err.msg);
		else
			cli_output_fail(&out, &err);
		return lf_verdict_exit(LF_FINDINGS);
	}
	rc = bag ? print_bag(c, l) : print(c, l, &out);
	/* an entry that stands, or a time stamp, is named all the more where the output is not complete */
	if (rc == CLI_TROUBLE || (!c->quiet && own(c)->form != FORM_RESULT))
		lf_seal_notes(l, c->verbose, cli_say, (void *)(uintptr_t)c);
	return rc;
}

static int
seal(const struct cli *c)
{
	struct seal *s = own(c);
	struct lf_case *k = NULL;
	struct lf_seal *l;
	struct lf_err err;
	int rc;

	s->opts.passphrase = cli_passphrase;
	s->opts.passphrase_arg = &s->passphrase;
	s->opts.arguments = c->arguments;
	s->opts.n_arguments = c->n_arguments;
	if (c->opts.n_evidence > 0 && lf_case_open(&c->opts, &k, &err) != 0)
		return cli_error(c, "%s", err.msg);
	if (lf_seal_open(k, &s->opts, &l, &err) != 0) {
		lf_case_free(k);
		return cli_error(c, "%s", err.msg);
	}
	rc = run(c, l);
	lf_seal_free(l);
	lf_case_free(k);
	return rc;
}

int
main(int argc, char **argv)
{
	struct seal s = {.passphrase = {.fd = -1}};
	struct cli c;
	int rc = cli_parse(&c, &tool, &s, argc, argv);

	if (rc == CLI_CONTINUE)
		rc = check(&c);
	if (rc == CLI_CONTINUE)
		rc = c.explain != NULL ? cli_explain(&c) : seal(&c);
	free((void *)(uintptr_t)s.opts.certs);
	free((void *)(uintptr_t)s.opts.cas);
	cli_free(&c);
	return rc;
}
