/* The command line: one table. */
#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gen.h"

#define AT(member) offsetof(struct options, member)

/* Another trail. */
static void
opt_trail(struct gen *g, char *v)
{
	if (g->o.ntrails == MAX_TRAILS)
		errx(2, "too many trails");
	g->o.trails[g->o.ntrails++] = v;
}

/* When the first window begins. */
static void
opt_start(struct gen *g, char *v)
{
	if (!stamp_parse(v, &g->o.start))
		errx(2, "%s: not a time", v);
}

/* MM:SS of the hour. */
static void
opt_phase(struct gen *g, char *v)
{
	unsigned m, s;

	if (sscanf(v, "%u:%u", &m, &s) != 2 || m > 59 || s > 59)
		errx(2, "%s: want MM:SS", v);
	g->o.phase = m * 60 + s;
}

/* Hours between two keys, in days. */
static void
opt_rotate_days(struct gen *g, char *v)
{
	g->o.rotate_hours = 24 * opt_number(v);
}

/* The number of backfill digests. */
static void
opt_backfill(struct gen *g, char *v)
{
	g->o.backfill = v != NULL ? opt_number(v) : 2;
}

/* How often the scenario of sessions is played. */
static void
opt_lineage(struct gen *g, char *v)
{
	g->o.lineage = v != NULL ? opt_number(v) : 1;
}

/* In which containers the events are written again. */
static void
opt_envelope(struct gen *g, char *v)
{
	char *p;
	size_t i;

	while ((p = strsep(&v, ",")) != NULL) {
		for (i = 0;
		     envelope_forms[i].name != NULL && strcmp(p, envelope_forms[i].name) != 0; i++)
			;
		if (envelope_forms[i].name == NULL || g->o.nenvelopes == MAX_LIST)
			errx(2,
			    "--envelope: lookup, cwl, cwl-export, eventbridge, lines, array, csv, "
			    "pretty");
		g->o.envelope[g->o.nenvelopes++] = envelope_forms[i].name;
	}
}

/* The number of Lake results. */
static void
opt_lake(struct gen *g, char *v)
{
	g->o.lake = v != NULL ? opt_number(v) : 2;
}

/* The number of new keys. */
static void
opt_fresh(struct gen *g, char *v)
{
	g->o.fresh = v != NULL ? opt_number(v) : 4;
}

/* Any number is a seed. */
static void
opt_seed(struct gen *g, char *v)
{
	g->o.seed = strtoull(v, NULL, 10);
}

/* Which compressor. */
static void
opt_compressor(struct gen *g, char *v)
{
	if (strcmp(v, "zlib") != 0 && strcmp(v, "libdeflate") != 0)
		errx(2, "--compressor: zlib, libdeflate");
	g->o.libdeflate = v[0] == 'l';
}

/* Bytes of a log. */
static void
opt_pad(struct gen *g, char *v)
{
	g->o.pad = opt_number(v);
}

/* Variants of keys.json. */
static void
opt_keys_form(struct gen *g, char *v)
{
	static const char *const names[] = {"iso", "spki", "lower", "string", "float", "nofp"};
	bool *const flags[] = {&g->o.key_iso, &g->o.key_spki, &g->o.key_lower, &g->o.key_string,
	    &g->o.key_float, &g->o.key_nofp};
	char *p;
	size_t i;

	while ((p = strsep(&v, ",")) != NULL) {
		for (i = 0; i < 6 && strcmp(p, names[i]) != 0; i++)
			;
		if (i == 6)
			errx(2, "--keys-form: iso, spki, lower, string, float, nofp");
		*flags[i] = true;
	}
}

/* Of which digests there is metadata. */
static void
opt_metadata(struct gen *g, char *v)
{
	if (strcmp(v, "none") == 0)
		g->o.meta = META_NONE;
	else if (strcmp(v, "heads") == 0)
		g->o.meta = META_HEADS;
	else if (strcmp(v, "all") == 0)
		g->o.meta = META_ALL;
	else
		errx(2, "--metadata: none, heads, all");
}

/* In which form. */
static void
opt_metadata_form(struct gen *g, char *v)
{
	static const char *const forms[] = {
	    "jsonl", "meta.json", "meta-tree", "rclone", "mc", "headers", "xattr"};
	size_t i;

	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (strcmp(v, forms[i]) == 0) {
			g->o.meta_form = forms[i];
			return;
		}
	}
	errx(2, "--metadata-form: jsonl, meta.json, meta-tree, rclone, mc, headers, xattr");
}

/* One more tampering. */
static void
opt_tamper(struct gen *g, char *v)
{
	g->deeds = xrealloc(g->deeds, g->ndeeds + 1, sizeof(*g->deeds));
	memset(&g->deeds[g->ndeeds], 0, sizeof(*g->deeds));
	g->deeds[g->ndeeds++].spec = v;
}

/* Print help and end. */
static void
opt_help(struct gen *g, char *v)
{
	(void)g;
	(void)v;
	help_print();
	exit(0);
}

/* An option: a number, a name or a switch at a place in struct options, or a function. */
static const struct row {
	const char *name;
	enum { NUMBER, NAME, SWITCH, CALL, CALL_OPTIONAL, CALL_BARE } kind;
	size_t at;
	void (*fn)(struct gen *, char *);
} rows[] = {
    {"help", CALL_BARE, 0, opt_help},
    {"output", NAME, AT(out), NULL},
    {"seed", CALL, 0, opt_seed},
    {"accounts", NUMBER, AT(accounts), NULL},
    {"regions", CALL, 0, opt_regions},
    {"home-region", CALL, 0, opt_home},
    {"trail", CALL, 0, opt_trail},
    {"single-region", SWITCH, AT(single_region), NULL},
    {"start", CALL, 0, opt_start},
    {"hours", NUMBER, AT(hours), NULL},
    {"logs", NUMBER, AT(logs), NULL},
    {"events", NUMBER, AT(events), NULL},
    {"pad", CALL, 0, opt_pad},
    {"event-version", NUMBER, AT(version), NULL},
    {"bare", SWITCH, AT(bare), NULL},
    {"global-everywhere", SWITCH, AT(everywhere), NULL},
    {"lineage", CALL_OPTIONAL, 0, opt_lineage},
    {"duplicates", NUMBER, AT(duplicates), NULL},
    {"conflict", NUMBER, AT(conflict), NULL},
    {"envelope", CALL, 0, opt_envelope},
    {"insight", SWITCH, AT(insight), NULL},
    {"insight-listed", SWITCH, AT(insight_listed), NULL},
    {"network", SWITCH, AT(network), NULL},
    {"aggregated", SWITCH, AT(aggregated), NULL},
    {"backfill", CALL_OPTIONAL, 0, opt_backfill},
    {"lake", CALL_OPTIONAL, 0, opt_lake},
    {"noise", SWITCH, AT(noise), NULL},
    {"bucket", NAME, AT(bucket), NULL},
    {"bucket2", NAME, AT(bucket2), NULL},
    {"prefix", NAME, AT(prefix), NULL},
    {"prefix2", NAME, AT(prefix2), NULL},
    {"org", NAME, AT(org), NULL},
    {"org-as-prefix", SWITCH, AT(org_prefix), NULL},
    {"plain-slashes", SWITCH, AT(plain_slashes), NULL},
    {"escape-logs", SWITCH, AT(escape_logs), NULL},
    {"old-names", SWITCH, AT(old_names), NULL},
    {"phase", CALL, 0, opt_phase},
    {"phase-vary", SWITCH, AT(phase_vary), NULL},
    {"phase-change", CALL, 0, opt_phase_change},
    {"tail", NUMBER, AT(tail), NULL},
    {"quiet", CALL, 0, opt_quiet},
    {"stop", CALL, 0, opt_stop},
    {"recreate", CALL, 0, opt_recreate},
    {"restart-empty", SWITCH, AT(restart_empty), NULL},
    {"short-final", NUMBER, AT(narrow_final), NULL},
    {"validation-off", CALL, 0, opt_unsigned},
    {"delivery-failure", CALL, 0, opt_failure},
    {"narrow", CALL, 0, opt_narrow},
    {"bucket-change", NUMBER, AT(bucket_change), NULL},
    {"prefix-change", NUMBER, AT(prefix_change), NULL},
    {"drop-regions", NUMBER, AT(drop_regions), NULL},
    {"region-from", CALL, 0, opt_region_from},
    {"region-until", CALL, 0, opt_region_until},
    {"account-from", CALL, 0, opt_account_from},
    {"account-until", CALL, 0, opt_account_until},
    {"attempts", NUMBER, AT(attempts), NULL},
    {"by-arn", SWITCH, AT(by_arn), NULL},
    {"by-session", SWITCH, AT(by_session), NULL},
    {"no-events", SWITCH, AT(no_events), NULL},
    {"backfill-lost", SWITCH, AT(backfill_lost), NULL},
    {"inject", CALL, 0, opt_inject},
    {"rotate-days", CALL, 0, opt_rotate_days},
    {"rotate-hours", NUMBER, AT(rotate_hours), NULL},
    {"keys-dir", NAME, AT(keys_dir), NULL},
    {"fresh-keys", CALL_OPTIONAL, 0, opt_fresh},
    {"key-bits", NUMBER, AT(key_bits), NULL},
    {"keys-form", CALL, 0, opt_keys_form},
    {"metadata", CALL, 0, opt_metadata},
    {"metadata-form", CALL, 0, opt_metadata_form},
    {"metadata-bucket", NAME, AT(meta_bucket), NULL},
    {"compressor", CALL, 0, opt_compressor},
    {"level", NUMBER, AT(level), NULL},
    {"threads", NUMBER, AT(threads), NULL},
    {"tamper", CALL, 0, opt_tamper},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

/* Do what one option says. */
static void
take(struct gen *g, const struct row *r, char *v)
{
	char *base = (char *)&g->o;

	switch (r->kind) {
	case NUMBER:
		*(unsigned *)(void *)(base + r->at) = opt_number(v);
		break;
	case NAME:
		*(const char **)(void *)(base + r->at) = v;
		break;
	case SWITCH:
		*(bool *)(base + r->at) = true;
		break;
	default:
		r->fn(g, v);
		break;
	}
}

/* Defaults that depend on nothing. */
static void
defaults(struct options *o)
{
	static char region[] = "us-east-1";
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	o->seed = 1;
	o->start = 1709251200; /* 2024-03-01 */
	o->accounts = 1;
	o->regions[0] = region;
	o->nregions = 1;
	o->hours = 12;
	o->logs = 1;
	o->events = 8;
	o->phase = 91;
	o->bucket = "example-trail-logs";
	o->bucket2 = "example-trail-logs-2";
	o->bucket_change = o->prefix_change = o->drop_regions = o->attempts = o->version =
	    o->conflict = -1;
	o->prefix2 = "moved";
	o->level = 6;
	o->key_bits = 2048;
	o->meta = META_ALL;
	o->meta_form = "jsonl";
	o->threads = cpus > 0 ? (unsigned)cpus : 1;
}

/* What only makes sense together. */
static void
check(struct options *o)
{
	static char trail[] = "management-events";

	if (o->out == NULL)
		errx(2, "give -o DIR; --help explains");
	if (o->ntrails == 0)
		o->trails[o->ntrails++] = trail;
	if (o->org_prefix && o->org == NULL)
		errx(2, "--org-as-prefix needs --org");
	if (o->accounts == 0 || o->accounts > 800 || o->hours == 0 || o->level > 9 ||
	    o->level < 1 || o->version > 11)
		errx(2, "a value is out of its range");
	if ((o->duplicates > 0 || o->conflict >= 0) && (o->logs < 2 || o->duplicates > o->events))
		errx(2, "--duplicates, --conflict: want two logs an hour, and as many events");
	if (o->by_session && o->lineage == 0)
		errx(2, "--by-session needs --lineage");
	o->start -= o->start % 3600;
	if (o->logs == 0)
		o->events = 0;
}

/* Read the command line, or print help; ends the program when it is wrong. */
void
options_parse(struct gen *g, int argc, char **argv)
{
	struct option longs[ROWS + 1] = {0};
	size_t i;
	int c, at = 0;

	for (i = 0; i < ROWS; i++) {
		longs[i].name = rows[i].name;
		longs[i].val = 256;
		if (rows[i].kind != SWITCH && rows[i].kind != CALL_BARE)
			longs[i].has_arg =
			    rows[i].kind == CALL_OPTIONAL ? optional_argument : required_argument;
	}
	defaults(&g->o);
	while ((c = getopt_long(argc, argv, "ho:", longs, &at)) != -1) {
		if (c == '?')
			exit(2);
		if (c == 'h')
			opt_help(g, NULL);
		if (c == 'o')
			g->o.out = optarg;
		else
			take(g, &rows[at], optarg);
	}
	if (optind < argc)
		errx(2, "%s: not an option", argv[optind]);
	check(&g->o);
}
