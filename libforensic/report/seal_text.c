/* What a seal did or found, for people. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/utc.h"
#include "custody/store.h"
#include "report/seal_form.h"
#include "report/text_parts.h"
#include "report/words.h"

/* Findings shown of one kind without -v: of alerts, warnings and notices. */
static const uint32_t shown[] = {12, 6, 2};

static const enum lf_style severity_style[] = {LF_RED, LF_YELLOW, LF_CYAN};

/* Whether an entry that should have sealed what the one before it did sealed something else. */
static bool
handed_on_other(const struct lf_seal *s)
{
	for (uint32_t i = 0; i < s->findings.list.n; i++) {
		const struct lf_finding *x = lf_list_at(&s->findings.list, i);

		if (x->id == LF_F_CUSTODY_DIFFERS && x->severity == LF_WARNING)
			return true;
	}
	return false;
}

static const char *
meaning(const struct lf_seal *s)
{
	static const char *const checked[] = {"all is as it was sealed, and something outside vouches for that.",
	    "something is not as it was sealed. Read on.",
	    "nothing was found against it, but not all could be proved or read."};
	static const char *const sealed[] = {"sealed.", "not sealed: the evidence changed while it was read. Read on.",
	    "sealed, but not all could be read."};
	static const char *const differs[] = {"the ledger holds, but what was handed on is not what had been sealed. Read on.",
	    "sealed, but it is not what was sealed before. Read on."};
	static const char *const stamped[] = {"the time stamp is attached, and holds.",
	    "the time stamp is not attached. Read on.", "the time stamp is attached, but not proved."};
	enum lf_verdict v = lf_seal_verdict(s);

	if (s->opts.task == LF_SEAL_APPEND && s->manifest.objects.n == 0)
		return "sealed, but there is nothing in the evidence.";
	if (v == LF_INCONCLUSIVE && handed_on_other(s))
		return differs[s->opts.task != LF_SEAL_CHECK];
	return s->opts.task == LF_SEAL_CHECK ? checked[v] : s->opts.task == LF_SEAL_STAMP ? stamped[v] : sealed[v];
}

static void
verdict(struct lf_textw *w, const struct lf_seal *s)
{
	static const char *const words[] = {"VERIFIED", "FINDINGS", "INCONCLUSIVE"};
	static const char *const done[] = {"DONE", "FINDINGS", "INCONCLUSIVE"};
	static const enum lf_style style[] = {LF_GREEN, LF_RED, LF_YELLOW};
	enum lf_verdict v = lf_seal_verdict(s);

	lf_textw_style(w, style[v]);
	lf_textw_printf(w, "%s", s->opts.task == LF_SEAL_CHECK ? words[v] : done[v]);
	lf_textw_style(w, LF_PLAIN);
	lf_textw_printf(w, ": %s\n", meaning(s));
}

static void
labelled_hash(struct lf_textw *w, const char *label, const unsigned char bytes[LF_SHA256_LEN])
{
	char hex[2 * LF_SHA256_LEN + 1];

	lf_hex_encode(bytes, LF_SHA256_LEN, hex);
	lf_textw_printf(w, "%s%s\n", label, hex);
}

static void
maybe(struct lf_textw *w, const char *label, const char *text)
{
	if (text != NULL)
		lf_text_labelled(w, label, text);
}

/* A file of the entry. */
static void
file(struct lf_textw *w, const char *label, const struct lf_seal *s, enum lf_store_file f)
{
	char name[LF_STORE_NAME];

	lf_textw_printf(w, "%s", label);
	lf_textw_safe(w, s->ledger.store, 0);
	lf_textw_printf(w, "/%s\n", lf_store_name(s->entry.number, f, name));
}

/* The entry that was appended, or stamped. */
static void
entry(struct lf_textw *w, const struct lf_seal *s)
{
	const struct lf_entry *e = &s->entry;
	char time[LF_UTC_LEN];

	lf_textw_printf(w, "\n");
	lf_textw_style(w, LF_BOLD);
	lf_textw_printf(w, "Entry %llu of ", (unsigned long long)e->number);
	lf_textw_safe(w, s->ledger.path, 0);
	lf_textw_style(w, LF_PLAIN);
	lf_textw_printf(w, "\n");
	lf_text_labelled(w, "  action      ", e->action);
	lf_text_labelled(w, "  case        ", e->case_id);
	maybe(w, "  exhibit     ", e->exhibit);
	lf_text_labelled(w, "  examiner    ", e->examiner);
	maybe(w, "  for         ", e->organization);
	maybe(w, "  note        ", e->note);
	lf_textw_printf(w, "  finished    %s\n", lf_utc_format(e->finished, time));
	lf_textw_printf(w, "  evidence    %llu objects, ", (unsigned long long)e->objects);
	lf_textw_size(w, e->bytes);
	lf_textw_printf(w, "%s\n", e->rehashed ? ", hashed twice and the same" : "");
	file(w, "  manifest    ", s, LF_STORE_MANIFEST);
	labelled_hash(w, "              SHA-256 ", e->manifest_hash);
	if (e->is_signed) {
		file(w, "  signature   ", s, LF_STORE_SIGNATURE);
		lf_text_labelled(w, "              by ", e->signer);
	}
	if (s->opts.task == LF_SEAL_STAMP && s->stamped.held != LF_HELD_NOT) {
		if (lf_seal_verdict(s) != LF_FINDINGS)
			file(w, "  time stamp  ", s, LF_STORE_STAMP);
		lf_textw_printf(w, "  %-12s%s by ", lf_seal_verdict(s) != LF_FINDINGS ? "" : "the answer",
		    lf_utc_format(s->stamped.time, time));
		lf_textw_safe(w, s->stamped.authority, 0);
		lf_textw_printf(w, "\n");
	} else if (s->opts.task == LF_SEAL_APPEND) {
		file(w, "  request     ", s, LF_STORE_REQUEST);
	}
	labelled_hash(w, "  head        ", s->entry_hash);
	if (s->opts.task == LF_SEAL_APPEND)
		lf_textw_wrap(w, 2, "Keep the head where who can write the ledger cannot: --check --head takes it.");
}

static void
counts(struct lf_textw *w, const char *what, const uint64_t *n)
{
	const char *comma = "";

	lf_textw_printf(w, "  %-12s", what);
	for (int i = 1; i < LF_MARKS; i++) {
		if (n[i] == 0)
			continue;
		lf_textw_printf(w, "%s%llu %s", comma, (unsigned long long)n[i], lf_mark_name((enum lf_mark)i));
		comma = ", ";
	}
	lf_textw_printf(w, "%s\n", *comma == '\0' ? "none" : "");
}

/* What was checked. */
static void
checked(struct lf_textw *w, const struct lf_seal *s)
{
	const struct lf_manifest_tally *t = &s->tally;
	char text[48];

	lf_textw_printf(w, "\n");
	lf_text_labelled(w, "  ledger      ", s->ledger.path);
	if (s->rows.n == s->end.entries)
		lf_textw_printf(w, "              %llu %s", (unsigned long long)s->end.entries,
		    s->end.entries == 1 ? "entry" : "entries");
	else
		lf_textw_printf(w, "              %s, of which %u %s", lf_plural(s->end.entries, "line", text), s->rows.n,
		    s->rows.n == 1 ? "is an entry" : "are entries");
	if (s->anchored > 0)
		lf_textw_printf(w, ", vouched for from outside up to entry %llu", (unsigned long long)s->anchored);
	lf_textw_printf(w, "\n");
	counts(w, "signatures", s->marks[0]);
	counts(w, "time stamps", s->marks[1]);
	if (s->compared)
		lf_textw_printf(w,
		    "  evidence    against entry %llu: %llu as sealed, %llu altered, %llu removed, %llu moved, %llu added, %llu "
		    "unread\n",
		    (unsigned long long)s->entry.number, (unsigned long long)t->same, (unsigned long long)t->altered,
		    (unsigned long long)t->removed, (unsigned long long)t->moved, (unsigned long long)t->added,
		    (unsigned long long)t->unread);
	else if (s->c == NULL)
		lf_textw_printf(w, "  evidence    none was given: only the ledger was checked\n");
	if (s->end.entries > 0)
		labelled_hash(w, "  head        ", s->end.hash);
}

/* One entry of the history. */
static void
custody(void *arg, const struct lf_seal_row *r, const struct lf_entry *e)
{
	struct lf_textw *w = arg;
	char time[LF_UTC_LEN];

	lf_textw_printf(w, "  %4llu %s ", (unsigned long long)e->number, lf_utc_format(e->finished, time));
	lf_textw_safe(w, e->action, 12);
	lf_textw_safe(w, e->examiner, 0);
	lf_textw_printf(w, ", case ");
	lf_textw_safe(w, e->case_id, 0);
	lf_textw_printf(w, "; %llu objects; signature %s, time stamp %s", (unsigned long long)e->objects,
	    lf_mark_name((enum lf_mark)r->signature), lf_mark_name((enum lf_mark)r->stamp));
	if (r->stamped != LF_TIME_NONE && r->stamp == LF_MARK_VERIFIED)
		lf_textw_printf(w, " (%s)", lf_utc_format(r->stamped, time));
	lf_textw_printf(w, "\n");
	if (e->note != NULL)
		lf_textw_hang(w, 7, "", e->note);
}

static int
history(struct lf_textw *w, const struct lf_seal *s, struct lf_err *err)
{
	lf_text_heading(w, "CUSTODY");
	return lf_seal_each_row(s, custody, w, err);
}

static void
item(struct lf_textw *w, const struct lf_finding *x)
{
	if (x->locator != NULL) {
		lf_textw_printf(w, "    ");
		lf_textw_safe(w, x->locator, 0);
		lf_textw_printf(w, "\n");
	}
	lf_textw_wrap(w, x->locator != NULL ? 6 : 4, x->message);
	if (x->expected_sha256 != NULL)
		lf_text_labelled(w, "      expected SHA-256 ", x->expected_sha256);
}

static void
findings(struct lf_textw *w, const struct lf_seal *s, const struct lf_finding *const *list, bool all)
{
	uint32_t total = s->findings.list.n;

	for (uint32_t i = 0, n; i < total; i += n) {
		const struct lf_finding *x = list[i];

		for (n = 1; i + n < total && list[i + n]->id == x->id && list[i + n]->severity == x->severity;)
			n++;
		lf_textw_printf(w, "\n  ");
		lf_textw_style(w, severity_style[x->severity]);
		lf_textw_printf(w, "%s", lf_finding_kind(x->id)->name);
		lf_textw_style(w, LF_PLAIN);
		lf_textw_printf(w, " (%s, %u)\n", lf_severity_name(x->severity), n);
		for (uint32_t k = 0; k < n && (all || k < shown[x->severity]); k++)
			item(w, list[i + k]);
		if (!all && n > shown[x->severity])
			lf_textw_printf(w, "    ... and %u more: -v or -f json lists all\n", n - shown[x->severity]);
	}
}

int
lf_seal_text(const struct lf_seal *s, const struct lf_write_opts *o, lf_write_fn *write, void *arg, struct lf_err *err)
{
	const struct lf_finding **list = lf_seal_findings(s);
	struct lf_textw w;
	struct lf_err why;
	int rc = 0;

	if (list == NULL)
		return lf_err_nomem(err);
	lf_textw_init(&w, o, write, arg);
	verdict(&w, s);
	if (s->opts.task == LF_SEAL_CHECK && !o->quiet)
		checked(&w, s);
	if (s->opts.task != LF_SEAL_CHECK && s->entry.number > 0 && !o->quiet)
		entry(&w, s);
	if (s->opts.task == LF_SEAL_APPEND && s->entry.number > 0 && o->quiet)
		labelled_hash(&w, "head ", s->entry_hash);
	findings(&w, s, list, o->detail);
	if (s->opts.task == LF_SEAL_CHECK && !o->quiet) {
		if (s->rows.n > 0 && o->detail)
			rc = history(&w, s, &why);
		lf_text_heading(&w, "WHAT THIS DOES NOT PROVE");
		lf_text_limits(&w, lf_seal_limit);
	}
	if (lf_textw_finish(&w, err) != 0)
		rc = -1;
	else if (rc != 0)
		*err = why;
	free(list);
	return rc;
}
