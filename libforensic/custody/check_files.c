/* The files of an entry: whether its manifest is what it was, and its time stamp and its signature hold. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/utc.h"
#include "custody/check_parts.h"

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
check_manifest(struct lf_check *c, const struct lf_entry *e, const struct lf_ledger_line *line, struct lf_err *err)
{
	unsigned char hash[LF_SHA256_LEN];
	char name[LF_STORE_NAME], hex[2 * LF_SHA256_LEN + 1];
	struct lf_finding *x;
	bool odd;
	int fd, rc;

	if (strcmp(e->manifest, lf_store_name(e->number, LF_STORE_MANIFEST, name)) != 0)
		return lf_check_add(c, LF_F_LEDGER_MALFORMED, line, "names a manifest that is not its own", err) == NULL ? -1 : 0;
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
	x = lf_check_add_file(c, fd < 0 && !odd ? LF_F_MANIFEST_MISSING : LF_F_MANIFEST_ALTERED, e->number, LF_STORE_MANIFEST,
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
mark(struct lf_check *c, enum lf_held held, bool anchors, const enum lf_finding_id ids[2], uint64_t entry,
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
	x = lf_check_add_file(c, ids[held == LF_HELD_UNTRUSTED], entry, f, text, err);
	if (x != NULL && held == LF_HELD_UNTRUSTED)
		x->severity = anchors ? LF_ALERT : LF_WARNING;
	return x == NULL ? -1 : 0;
}

int
lf_check_find_stamp(struct lf_check *c, uint64_t entry, struct lf_err *err)
{
	int rc = lf_store_look(&c->s->ledger, entry, LF_STORE_STAMP, &c->file, err); /* what is none does not hold */

	c->stamp_of = entry;
	c->stamped = rc > 0;
	if (rc <= 0)
		return rc;
	if (lf_hash_bytes(c->hash, lf_buf_str(&c->file), c->file.len, c->stamp) != 0)
		return lf_err_set(err, "SHA-256 failed in OpenSSL");
	return 1;
}

/* The time stamp of a line, if it has one. */
static int
check_stamp(struct lf_check *c, const struct lf_ledger_line *line, const struct lf_entry *e, struct lf_seal_row *row,
    struct lf_err *err)
{
	static const enum lf_finding_id ids[] = {LF_F_TIMESTAMP_INVALID, LF_F_TIMESTAMP_UNTRUSTED};
	struct lf_seal *s = c->s;
	struct lf_stamp held;
	enum lf_mark m;
	int rc = lf_check_find_stamp(c, e->number, err);

	if (rc <= 0)
		return rc;
	if (lf_store_look(&s->ledger, e->number, LF_STORE_REQUEST, &c->request, err) < 0)
		return -1;
	lf_stamp_judge(s->trust, &c->file, line->hash, &c->request, &held);
	if (held.starved)
		return lf_err_nomem(err);
	if (mark(c, held.held, lf_trust_authorities(s->trust), ids, e->number, LF_STORE_STAMP, held.authority, held.why,
	    &m, err) != 0)
		return -1;
	row->stamp = (uint8_t)m;
	row->stamped = held.time;
	if (held.authority[0] != '\0' && (row->authority = lf_intern(&s->names, held.authority)) == NULL)
		return lf_err_nomem(err);
	if (m == LF_MARK_VERIFIED)
		s->anchored = line->number;
	return 0;
}

/* A signature that holds: is it by whom the entry names, and does its certificate still speak for it. */
static int
check_signer(struct lf_check *c, const struct lf_entry *e, const struct lf_seal_row *row, struct lf_cms *held,
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
	return lf_check_add_file(c, LF_F_CERTIFICATE_EXPIRED, e->number, LF_STORE_SIGNATURE, text, err) == NULL ? -1 : 0;
}

static int
check_signature(struct lf_check *c, const struct lf_ledger_line *line, const struct lf_entry *e, struct lf_seal_row *row,
    struct lf_err *err)
{
	static const enum lf_finding_id ids[] = {LF_F_SIGNATURE_INVALID, LF_F_SIGNATURE_UNTRUSTED};
	struct lf_seal *s = c->s;
	struct lf_cms held = {.starved = true};
	enum lf_mark m = LF_MARK_NONE;
	struct lf_buf bytes;
	int rc = lf_store_look(&s->ledger, e->number, LF_STORE_SIGNATURE, &c->file, err);

	if (rc == 0 && e->is_signed) {
		row->signature = LF_MARK_MISSING;
		return lf_check_add_file(c, LF_F_SIGNATURE_MISSING, e->number, LF_STORE_SIGNATURE,
		    "the entry names a signer, and there is no signature", err) == NULL ? -1 : 0;
	}
	if (rc <= 0)
		return rc;
	lf_buf_init(&bytes);
	lf_buf_add(&bytes, line->text, line->len);
	lf_buf_putc(&bytes, '\n');
	if (!bytes.failed)
		lf_cms_judge(s->trust, &c->file, bytes.data, bytes.len,
		    row->stamp == LF_MARK_VERIFIED ? row->stamped : e->finished, &held);
	rc = held.starved ? lf_err_nomem(err) : check_signer(c, e, row, &held, err);
	lf_buf_free(&bytes);
	if (rc != 0 || mark(c, held.held, lf_trust_any(s->trust), ids, e->number, LF_STORE_SIGNATURE, held.subject,
	    held.why, &m, err) != 0)
		return -1;
	row->signature = (uint8_t)m;
	if (held.subject[0] != '\0' && (row->signer = lf_intern(&s->names, held.subject)) == NULL)
		return lf_err_nomem(err);
	if (m == LF_MARK_VERIFIED)
		s->anchored = line->number;
	return 0;
}

int
lf_check_files(struct lf_check *c, const struct lf_ledger_line *line, const struct lf_entry *e, struct lf_seal_row *row,
    struct lf_err *err)
{
	if (check_manifest(c, e, line, err) != 0 || check_stamp(c, line, e, row, err) != 0)
		return -1;
	return check_signature(c, line, e, row, err);
}
