/* Whether a ledger is what it was: each line, its place in the chain, and the files of its entry. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/text.h"
#include "base/utc.h"
#include "custody/custody.h"
#include "custody/store.h"

#define MAX_MALFORMED 100 /* that are listed: a line of two bytes must not cost hundreds */

/* What is known of the lines so far. */
struct chain {
	struct lf_seal *s;
	struct lf_hash *hash;
	struct lf_arena line;    /* strings of the entry at hand */
	struct lf_buf file, request;
	unsigned char previous[LF_SHA256_LEN]; /* of the line before */
	uint64_t expected;       /* number of the entry at hand */
	uint64_t malformed;      /* lines that are no entries */
	bool stamped;            /* the line before has a time stamp, with this hash: */
	unsigned char stamp[LF_SHA256_LEN];
	bool head_seen, stamp_seen; /* --head and --timestamp were met */
	struct lf_stamp outside; /* what --timestamp is */
};

/* ---- Findings ---- */

/* Adds a finding about a line. */
static struct lf_finding *
add(struct chain *c, enum lf_finding_id id, const struct lf_ledger_line *line, const char *message, struct lf_err *err)
{
	struct lf_finding *x = lf_findings_add(&c->s->findings, err, id, "%s", message);
	struct lf_buf where;

	if (x == NULL)
		return NULL;
	lf_buf_init(&where);
	lf_buf_printf(&where, "%s, line %llu", c->s->ledger.path, (unsigned long long)line->number);
	x->locator = where.failed ? NULL : lf_findings_string(&c->s->findings, lf_buf_str(&where));
	x->offset = (int64_t)line->offset;
	lf_buf_free(&where);
	if (x->locator != NULL)
		return x;
	lf_err_nomem(err);
	return NULL;
}

/* The same about a file of an entry. */
static struct lf_finding *
add_file(struct chain *c, enum lf_finding_id id, uint64_t entry, enum lf_store_file f, const char *message,
    struct lf_err *err)
{
	struct lf_finding *x = lf_findings_add(&c->s->findings, err, id, "%s", message);
	char name[LF_STORE_NAME];
	struct lf_buf where;

	if (x == NULL)
		return NULL;
	lf_buf_init(&where);
	lf_buf_printf(&where, "%s/%s", c->s->ledger.store, lf_store_name(entry, f, name));
	x->locator = where.failed ? NULL : lf_findings_string(&c->s->findings, lf_buf_str(&where));
	lf_buf_free(&where);
	if (x->locator != NULL)
		return x;
	lf_err_nomem(err);
	return NULL;
}

/* ---- The chain ---- */

/* Holds number and hash of an entry against the line before. */
static int
check_link(struct chain *c, const struct lf_entry *e, const struct lf_ledger_line *line, struct lf_err *err)
{
	char text[512], has[2 * LF_SHA256_LEN + 1], is[2 * LF_SHA256_LEN + 1];
	bool linked = memcmp(e->previous, c->previous, LF_SHA256_LEN) == 0;

	lf_hex_encode(e->previous, LF_SHA256_LEN, has);
	lf_hex_encode(c->previous, LF_SHA256_LEN, is);
	if (e->number != c->expected)
		snprintf(text, sizeof(text), "entry %llu stands where entry %llu should: entries were taken out, put in or moved",
		    (unsigned long long)e->number, (unsigned long long)c->expected);
	else if (!linked && line->number == 1)
		snprintf(text, sizeof(text), "the first entry records a line before it, with SHA-256 %s", has);
	else if (!linked)
		snprintf(text, sizeof(text), "records SHA-256 %s of the line before, which now has %s: that line was changed, or "
		    "another was put in its place", has, is);
	else
		return 0;
	return add(c, LF_F_LEDGER_CHAIN_BROKEN, line, text, err) == NULL ? -1 : 0;
}

/* Whether the time stamp that an entry found at the one before is still there. */
static int
check_previous_stamp(struct chain *c, const struct lf_entry *e, struct lf_err *err)
{
	const char *message;

	if (!e->previous_stamped || (c->stamped && memcmp(e->previous_stamp, c->stamp, LF_SHA256_LEN) == 0))
		return 0;
	message = c->stamped ? "is another time stamp than the next entry records" :
	    "the next entry records a time stamp here, and there is none";
	return add_file(c, LF_F_TIMESTAMP_MISSING, e->number - 1, LF_STORE_STAMP, message, err) == NULL ? -1 : 0;
}

/* ---- Files of an entry ---- */

/* Hashes an open file to its end. */
static int
hash_file(struct lf_hash *h, int fd, unsigned char out[LF_SHA256_LEN])
{
	char piece[65536];
	ssize_t n;

	if (lf_hash_start(h) != 0)
		return -1;
	while ((n = read(fd, piece, sizeof(piece))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || lf_hash_add(h, piece, (size_t)n) != 0)
			return -1;
	}
	return lf_hash_end(h, out);
}

static int
check_manifest(struct chain *c, const struct lf_entry *e, const struct lf_ledger_line *line, struct lf_err *err)
{
	unsigned char hash[LF_SHA256_LEN];
	char name[LF_STORE_NAME], hex[2 * LF_SHA256_LEN + 1];
	struct lf_finding *x;
	bool odd;
	int fd, rc;

	if (strcmp(e->manifest, lf_store_name(e->number, LF_STORE_MANIFEST, name)) != 0)
		return add(c, LF_F_LEDGER_MALFORMED, line, "names a manifest that is not its own", err) == NULL ? -1 : 0;
	fd = lf_store_open(&c->s->ledger, e->number, LF_STORE_MANIFEST);
	odd = fd < 0 && errno == EINVAL;
	if (fd < 0 && errno != ENOENT && !odd)
		return lf_err_sys(err, "cannot open %s/%s", c->s->ledger.store, name);
	rc = fd < 0 ? 0 : hash_file(c->hash, fd, hash);
	if (rc != 0)
		lf_err_sys(err, "cannot read %s/%s", c->s->ledger.store, name);
	if (fd >= 0)
		close(fd);
	if (rc != 0 || (fd >= 0 && memcmp(hash, e->manifest_hash, sizeof(hash)) == 0))
		return rc;
	x = add_file(c, fd < 0 && !odd ? LF_F_MANIFEST_MISSING : LF_F_MANIFEST_ALTERED, e->number, LF_STORE_MANIFEST,
	    odd ? "is no regular file" : fd < 0 ? "the manifest is not there" : "is not what its entry says: another SHA-256", err);
	lf_hex_encode(e->manifest_hash, LF_SHA256_LEN, hex);
	if (x == NULL || (x->expected_sha256 = lf_findings_string(&c->s->findings, hex)) == NULL)
		return lf_err_nomem(err);
	return 0;
}

/*
 * What a judgement of held is for the reader, with the finding that it makes; anchors tells whether there are any to
 * trust.
 */
static int
mark(struct chain *c, enum lf_held held, bool anchors, const enum lf_finding_id ids[2], uint64_t entry,
    enum lf_store_file f, const char *who, const char *why, enum lf_mark *out, struct lf_err *err)
{
	static const enum lf_mark marks[] = {LF_MARK_INVALID, LF_MARK_UNTRUSTED, LF_MARK_VERIFIED};
	struct lf_finding *x;
	char text[640];

	*out = marks[held];
	if (held == LF_HELD_TRUSTED)
		return 0;
	if (held == LF_HELD_NOT)
		snprintf(text, sizeof(text), "does not hold: %.256s", why);
	else
		snprintf(text, sizeof(text), "holds, but is by \"%.256s\", who is not proved: %.256s", who, why);
	x = add_file(c, ids[held == LF_HELD_UNTRUSTED], entry, f, text, err);
	if (x != NULL && held == LF_HELD_UNTRUSTED)
		x->severity = anchors ? LF_ALERT : LF_WARNING;
	return x == NULL ? -1 : 0;
}

/* The time stamp of a line, if it has one. */
static int
check_stamp(struct chain *c, const struct lf_ledger_line *line, const struct lf_entry *e, struct lf_seal_row *row,
    struct lf_err *err)
{
	static const enum lf_finding_id ids[] = {LF_F_TIMESTAMP_INVALID, LF_F_TIMESTAMP_UNTRUSTED};
	struct lf_seal *s = c->s;
	struct lf_stamp held;
	enum lf_mark m;
	int rc = lf_store_look(&s->ledger, e->number, LF_STORE_STAMP, &c->file, err); /* what is none does not hold */

	c->stamped = rc > 0;
	if (rc <= 0)
		return rc;
	if (lf_hash_bytes(c->hash, lf_buf_str(&c->file), c->file.len, c->stamp) != 0)
		return lf_err_set(err, "SHA-256 failed in OpenSSL");
	if (lf_store_look(&s->ledger, e->number, LF_STORE_REQUEST, &c->request, err) < 0)
		return -1;
	lf_stamp_judge(s->trust, &c->file, line->hash, &c->request, &held);
	if (mark(c, held.held, lf_trust_authorities(s->trust), ids, e->number, LF_STORE_STAMP, held.authority, held.why,
	    &m, err) != 0)
		return -1;
	row->stamp = (uint8_t)m;
	row->stamped = held.time;
	row->authority = held.authority[0] == '\0' ? NULL : lf_intern(&s->names, held.authority);
	if (m == LF_MARK_VERIFIED)
		s->anchored = line->number;
	return 0;
}

/* A signature that holds: is it by whom the entry names, and does its certificate still speak for it. */
static int
check_signer(struct chain *c, const struct lf_entry *e, const struct lf_seal_row *row, struct lf_cms *held,
    struct lf_err *err)
{
	char text[160], time[LF_UTC_LEN];

	if (held->held == LF_HELD_NOT)
		return 0;
	if (!e->is_signed || memcmp(held->signer_hash, e->signer_hash, sizeof(held->signer_hash)) != 0) {
		held->held = LF_HELD_NOT;
		snprintf(held->why, sizeof(held->why), "it was made with another certificate than the entry names");
		return 0;
	}
	if (held->held != LF_HELD_TRUSTED || (!held->expired && !held->early) || row->stamp == LF_MARK_VERIFIED)
		return 0;
	if (held->early)
		snprintf(text, sizeof(text), "its certificate, or one behind it, is not valid before %s, and that is yet to come",
		    lf_utc_format(held->since, time));
	else
		snprintf(text, sizeof(text), "its certificate, or one behind it, expired %s, and no time stamp proves that it was made "
		    "before", lf_utc_format(held->since, time));
	return add_file(c, LF_F_CERTIFICATE_EXPIRED, e->number, LF_STORE_SIGNATURE, text, err) == NULL ? -1 : 0;
}

static int
check_signature(struct chain *c, const struct lf_ledger_line *line, const struct lf_entry *e, struct lf_seal_row *row,
    struct lf_err *err)
{
	static const enum lf_finding_id ids[] = {LF_F_SIGNATURE_INVALID, LF_F_SIGNATURE_UNTRUSTED};
	struct lf_seal *s = c->s;
	struct lf_cms held = {0};
	enum lf_mark m = LF_MARK_NONE;
	struct lf_buf bytes;
	int rc = lf_store_look(&s->ledger, e->number, LF_STORE_SIGNATURE, &c->file, err);

	if (rc == 0 && e->is_signed) {
		row->signature = LF_MARK_MISSING;
		return add_file(c, LF_F_SIGNATURE_MISSING, e->number, LF_STORE_SIGNATURE, "the entry names a signer, and there is no "
		    "signature", err) == NULL ? -1 : 0;
	}
	if (rc <= 0)
		return rc;
	lf_buf_init(&bytes);
	lf_buf_add(&bytes, line->text, line->len);
	lf_buf_putc(&bytes, '\n');
	if (!bytes.failed)
		lf_cms_judge(s->trust, &c->file, bytes.data, bytes.len,
		    row->stamp == LF_MARK_VERIFIED ? row->stamped : e->finished, &held);
	rc = bytes.failed ? lf_err_nomem(err) : check_signer(c, e, row, &held, err);
	lf_buf_free(&bytes);
	if (rc != 0 || mark(c, held.held, lf_trust_any(s->trust), ids, e->number, LF_STORE_SIGNATURE, held.subject,
	    held.why, &m, err) != 0)
		return -1;
	row->signature = (uint8_t)m;
	row->signer = held.subject[0] == '\0' ? NULL : lf_intern(&s->names, held.subject);
	if (m == LF_MARK_VERIFIED)
		s->anchored = line->number;
	return 0;
}

/* ---- Lines ---- */

/* What was remembered elsewhere: --head and --timestamp. */
static void
check_remembered(struct chain *c, const struct lf_ledger_line *line)
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
check_entry(struct chain *c, const struct lf_ledger_line *line, const struct lf_entry *e, struct lf_err *err)
{
	struct lf_seal_row *row = add_row(c->s, line);

	if (row == NULL)
		return lf_err_nomem(err);
	if (check_link(c, e, line, err) != 0 || check_previous_stamp(c, e, err) != 0 || check_manifest(c, e, line, err) != 0 ||
	    check_stamp(c, line, e, row, err) != 0 || check_signature(c, line, e, row, err) != 0)
		return -1;
	c->s->marks[0][row->signature]++;
	c->s->marks[1][row->stamp]++;
	c->expected = e->number + 1;
	return 0;
}

static int
check_line(void *arg, const struct lf_ledger_line *line, struct lf_err *err)
{
	struct chain *c = arg;
	struct lf_entry e;
	struct lf_err why;
	int rc;

	lf_arena_reset(&c->line);
	if (!line->ended && add(c, LF_F_LEDGER_MALFORMED, line, "the line has no end: it was cut off", err) == NULL)
		return -1;
	check_remembered(c, line);
	if ((rc = lf_entry_read(line->text, line->len, &c->line, &e, &why)) == 0) {
		rc = check_entry(c, line, &e, err);
	} else if (rc < 0) {
		return lf_err_nomem(err);
	} else {
		c->expected++;
		c->stamped = false;
		rc = line->ended && c->malformed++ < MAX_MALFORMED && add(c, LF_F_LEDGER_MALFORMED, line, why.msg, err) == NULL ? -1 : 0;
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
	struct chain *c = arg;
	char text[160];

	(void)name;
	snprintf(text, sizeof(text), "is of entry %llu, and the ledger ends with entry %llu: its end was cut off",
	    (unsigned long long)entry, (unsigned long long)c->expected - 1);
	return add_file(c, LF_F_LEDGER_CUT, entry, f, text, err) == NULL ? -1 : 0;
}

/* Adds a finding about the ledger as a whole. */
static int
add_whole(struct chain *c, enum lf_finding_id id, const char *message, struct lf_err *err)
{
	struct lf_finding *x = lf_findings_add(&c->s->findings, err, id, "%s", message);

	if (x == NULL || (x->locator = lf_findings_string(&c->s->findings, c->s->ledger.path)) == NULL)
		return lf_err_nomem(err);
	return 0;
}

/* What --timestamp is, and whether it holds at all. */
static int
check_outside(struct chain *c, struct lf_err *err)
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
check_end(struct chain *c, struct lf_err *err)
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
	struct chain c = {.s = s, .hash = lf_hash_new(err), .expected = 1};
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
	rc = lf_ledger_lines(&s->ledger, s->fd, check_line, &c, err);
	if (rc == 0)
		rc = check_end(&c, err);
	lf_arena_free(&c.line);
	lf_buf_free(&c.file);
	lf_buf_free(&c.request);
	lf_hash_free(c.hash);
	return rc;
}
