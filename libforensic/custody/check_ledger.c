/* Whether a ledger is what it was: each line, and its place in the chain. */
#include "custody/check_parts.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define MAX_MALFORMED 100 /* that are listed: a line of two bytes must not cost hundreds */

/* ---- The chain ---- */

/*
 * Whether the files of an entry are held against it: not those that entries of one number share, a manifest of
 * gigabytes for each of a million lines.  The one in its place has them, and of those that strayed the ones that
 * ascend, as where others were taken out.
 */
static bool
owns_files(struct lf_check *c, const struct lf_ledger_line *line, const struct lf_entry *e)
{
	if (e->number == line->number)
		return true;
	if (e->number <= c->strayed)
		return false;
	c->strayed = e->number;
	return true;
}

/* Holds number and hash of an entry against the line before. */
static int
check_link(struct lf_check *c, const struct lf_entry *e, const struct lf_ledger_line *line, bool owns, struct lf_err *err)
{
	char text[512], has[2 * LF_SHA256_LEN + 1], is[2 * LF_SHA256_LEN + 1];
	bool linked = memcmp(e->previous, c->previous, LF_SHA256_LEN) == 0;

	lf_hex_encode(e->previous, LF_SHA256_LEN, has);
	lf_hex_encode(c->previous, LF_SHA256_LEN, is);
	if (e->number != c->expected)
		snprintf(text, sizeof(text), "entry %llu stands where entry %llu should: entries were taken out, put in or moved%s",
		    (unsigned long long)e->number, (unsigned long long)c->expected, owns ? "" : "; its files are not held against it");
	else if (!owns)
		snprintf(text, sizeof(text), "is not in its place, and its files are not held against it");
	else if (!linked && line->number == 1)
		snprintf(text, sizeof(text), "the first entry records a line before it, with SHA-256 %s", has);
	else if (!linked)
		snprintf(text, sizeof(text), "records SHA-256 %s of the line before, which now has %s: that line was changed, or "
		    "another was put in its place", has, is);
	else
		return 0;
	return lf_check_add(c, LF_F_LEDGER_CHAIN_BROKEN, line, text, err) == NULL ? -1 : 0;
}

/*
 * Whether the time stamp that an entry found at the one before is still there.  Where the line before is not that
 * entry, its time stamp is looked for, unless the entry has no files of its own.
 */
static int
check_previous_stamp(struct lf_check *c, const struct lf_entry *e, bool owns, struct lf_err *err)
{
	const char *message;
	bool seen = c->stamp_of == e->number - 1;

	if (!e->previous_stamped || (!seen && !owns))
		return 0;
	if (!seen && lf_check_find_stamp(c, e->number - 1, err) < 0)
		return -1;
	if (c->stamped && memcmp(e->previous_stamp, c->stamp, LF_SHA256_LEN) == 0)
		return 0;
	message = c->stamped ? "is another time stamp than the next entry records" :
	    "the next entry records a time stamp here, and there is none";
	return lf_check_add_file(c, LF_F_TIMESTAMP_MISSING, e->number - 1, LF_STORE_STAMP, message, err) == NULL ? -1 : 0;
}

/* ---- Lines ---- */

/* What was remembered elsewhere: --head and --timestamp. */
static void
check_remembered(struct lf_check *c, const struct lf_ledger_line *line)
{
	struct lf_seal *s = c->s;

	if (s->has_head && memcmp(line->hash, s->head, LF_SHA256_LEN) == 0) {
		c->head_seen = true;
		s->anchored = line->number;
	}
	if (c->outside.imprint && memcmp(line->hash, c->outside.hash, LF_SHA256_LEN) == 0) {
		c->stamp_seen = true;
		if (c->outside.held == LF_HELD_TRUSTED)
			s->anchored = line->number;
	}
}

static struct lf_seal_row *
add_row(struct lf_seal *s, const struct lf_ledger_line *line)
{
	struct lf_seal_row *r = lf_list_push(&s->rows);

	if (r == NULL)
		return NULL;
	*r = (struct lf_seal_row){.offset = line->offset, .len = line->len, .stamped = LF_TIME_NONE};
	memcpy(r->hash, line->hash, sizeof(r->hash));
	return r;
}

/* An entry that could be read. */
static int
check_entry(struct lf_check *c, const struct lf_ledger_line *line, const struct lf_entry *e, struct lf_err *err)
{
	struct lf_seal_row *row = add_row(c->s, line);
	bool owns = owns_files(c, line, e);

	if (row == NULL)
		return lf_err_nomem(err);
	if (check_link(c, e, line, owns, err) != 0 || check_previous_stamp(c, e, owns, err) != 0)
		return -1;
	if (owns && lf_check_files(c, line, e, row, err) != 0)
		return -1;
	c->s->marks[0][row->signature]++;
	c->s->marks[1][row->stamp]++;
	c->expected = e->number + 1;
	return 0;
}

static int
check_line(void *arg, const struct lf_ledger_line *line, struct lf_err *err)
{
	struct lf_check *c = arg;
	struct lf_entry e;
	struct lf_err why;
	int rc;

	lf_arena_reset(&c->line);
	if (!line->ended && lf_check_add(c, LF_F_LEDGER_MALFORMED, line, "the line has no end: it was cut off", err) == NULL)
		return -1;
	check_remembered(c, line);
	if ((rc = lf_entry_read(line->text, line->len, &c->line, &e, &why)) == 0) {
		rc = check_entry(c, line, &e, err);
	} else if (rc < 0) {
		return lf_err_nomem(err);
	} else {
		c->expected++;
		rc = line->ended && c->malformed++ < MAX_MALFORMED &&
		    lf_check_add(c, LF_F_LEDGER_MALFORMED, line, why.msg, err) == NULL ? -1 : 0;
	}
	memcpy(c->previous, line->hash, LF_SHA256_LEN);
	c->s->end.entries = line->number;
	memcpy(c->s->end.hash, line->hash, LF_SHA256_LEN);
	return rc;
}

/* ---- The end ---- */

static int
behind(void *arg, uint64_t entry, enum lf_store_file f, const char *name, struct lf_err *err)
{
	struct lf_check *c = arg;
	char text[160];

	(void)name;
	snprintf(text, sizeof(text), "is of entry %llu, and the ledger ends with entry %llu: its end was cut off",
	    (unsigned long long)entry, (unsigned long long)c->expected - 1);
	return lf_check_add_file(c, LF_F_LEDGER_CUT, entry, f, text, err) == NULL ? -1 : 0;
}

/* Adds a finding about the ledger as a whole. */
static int
add_whole(struct lf_check *c, enum lf_finding_id id, const char *message, struct lf_err *err)
{
	struct lf_finding *x = lf_findings_add(&c->s->findings, err, id, "%s", message);

	if (x == NULL || (x->locator = lf_findings_string(&c->s->findings, c->s->ledger.path)) == NULL)
		return lf_err_nomem(err);
	return 0;
}

/* What --timestamp is, and whether it holds at all. */
static int
check_outside(struct lf_check *c, struct lf_err *err)
{
	struct lf_seal *s = c->s;
	char text[400];

	if (s->opts.timestamp == NULL || c->outside.held == LF_HELD_TRUSTED)
		return 0;
	snprintf(text, sizeof(text), "the time stamp that was given %s: %.256s",
	    c->outside.held == LF_HELD_NOT ? "does not hold" : "holds, but its authority is not proved", c->outside.why);
	if (add_whole(c, c->outside.held == LF_HELD_NOT ? LF_F_TIMESTAMP_INVALID : LF_F_TIMESTAMP_UNTRUSTED, text, err) != 0)
		return -1;
	if (c->outside.held == LF_HELD_UNTRUSTED && lf_trust_authorities(s->trust))
		((struct lf_finding *)lf_list_at(&s->findings.list, s->findings.list.n - 1))->severity = LF_ALERT;
	return 0;
}

static int
check_end(struct lf_check *c, struct lf_err *err)
{
	struct lf_seal *s = c->s;
	char text[256];

	if (lf_store_behind(&s->ledger, c->expected - 1, behind, c, err) != 0)
		return -1;
	snprintf(text, sizeof(text), "%llu more lines are no entries, and are not listed", (unsigned long long)c->malformed - MAX_MALFORMED);
	if (c->malformed > MAX_MALFORMED && add_whole(c, LF_F_LEDGER_MALFORMED, text, err) != 0)
		return -1;
	if (s->end.entries == 0 && add_whole(c, LF_F_LEDGER_CUT, "holds no entry", err) != 0)
		return -1;
	if (s->has_head && !c->head_seen && add_whole(c, LF_F_LEDGER_CUT,
	    "no line has the SHA-256 that was remembered (--head): the end was cut off, or what came before it was "
	    "written anew", err) != 0)
		return -1;
	if (s->opts.timestamp != NULL && c->outside.imprint && !c->stamp_seen &&
	    add_whole(c, LF_F_LEDGER_CUT, "no line is what the time stamp that was given is over: the end was cut off, or "
	    "what came before it was written anew", err) != 0)
		return -1;
	if (check_outside(c, err) != 0)
		return -1;
	if (s->anchored >= s->end.entries)
		return 0;
	if (s->anchored == 0)
		snprintf(text, sizeof(text), "nothing outside vouches for it: no signature or time stamp that is trusted, and "
		    "no head that was remembered; who can write it can write it anew");
	else
		snprintf(text, sizeof(text), "nothing outside vouches for what follows line %llu: who can write it can write that anew",
		    (unsigned long long)s->anchored);
	return add_whole(c, LF_F_LEDGER_UNANCHORED, text, err);
}

int
lf_seal_check_ledger(struct lf_seal *s, struct lf_err *err)
{
	struct lf_check c = {.s = s, .hash = lf_hash_new(err), .expected = 1};
	struct lf_buf none;
	int rc = -1;

	if (c.hash == NULL)
		return -1;
	lf_arena_init(&c.line);
	lf_buf_init(&c.file);
	lf_buf_init(&c.request);
	lf_buf_init(&none);
	if (s->opts.timestamp != NULL)
		lf_stamp_judge(s->trust, &s->stamp, NULL, &none, &c.outside);
	rc = c.outside.starved ? lf_err_nomem(err) : lf_ledger_lines(&s->ledger, s->fd, check_line, &c, err);
	if (rc == 0)
		rc = check_end(&c, err);
	lf_arena_free(&c.line);
	lf_buf_free(&c.file);
	lf_buf_free(&c.request);
	lf_hash_free(c.hash);
	return rc;
}
