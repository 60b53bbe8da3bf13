/* --timestamp: the answer of a time-stamping authority becomes part of an entry's files. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "custody/custody.h"
#include "custody/store.h"

/* The line that the answer is over. */
struct over {
	const unsigned char *hash;
	uint64_t line; /* 0: none */
};

static int
look(void *arg, const struct lf_ledger_line *line, struct lf_err *err)
{
	struct over *o = arg;

	(void)err;
	if (memcmp(line->hash, o->hash, LF_SHA256_LEN) == 0)
		o->line = line->number;
	return 0;
}

/* Says of which entry the answer is, where it is of another than the one that was asked for. */
static int
say_over(struct lf_seal *s, int fd, struct lf_err *err)
{
	struct over over = {.hash = s->stamped.hash};
	size_t len = strlen(s->stamped.why);

	if (!s->stamped.imprint || memcmp(s->stamped.hash, s->entry_hash, LF_SHA256_LEN) == 0)
		return 0;
	if (lf_ledger_lines(&s->ledger, fd, look, &over, err) != 0)
		return -1;
	if (over.line > 0)
		snprintf(s->stamped.why + len, sizeof(s->stamped.why) - len, ", that of entry %llu: --entry %llu attaches it",
		    (unsigned long long)over.line, (unsigned long long)over.line);
	return 0;
}

/* What is wrong with the answer, or not proved of it.  Returns whether it may be attached all the same. */
static int
judge(struct lf_seal *s, int fd, bool *good, struct lf_err *err)
{
	struct lf_buf request;
	struct lf_finding *x = NULL;
	int rc;

	*good = true;
	lf_buf_init(&request);
	rc = lf_store_read(&s->ledger, s->entry.number, LF_STORE_REQUEST, &request, err);
	if (rc >= 0)
		lf_stamp_judge(s->trust, &s->stamp, s->entry_hash, &request, &s->stamped);
	lf_buf_free(&request);
	if (rc >= 0 && s->stamped.starved)
		return lf_err_nomem(err);
	if (rc < 0 || s->stamped.held == LF_HELD_TRUSTED)
		return rc < 0 ? -1 : 0;
	if (say_over(s, fd, err) != 0)
		return -1;
	*good = s->stamped.held == LF_HELD_UNTRUSTED && !lf_trust_authorities(s->trust);
	x = lf_findings_add(&s->findings, err,
	    s->stamped.held == LF_HELD_NOT ? LF_F_TIMESTAMP_INVALID : LF_F_TIMESTAMP_UNTRUSTED, "%s: %s", *good ? "attached, but not proved" : "not attached", s->stamped.why);
	if (x == NULL || (x->locator = lf_findings_string(&s->findings, s->opts.timestamp)) == NULL)
		return lf_err_nomem(err);
	x->severity = *good ? LF_WARNING : LF_ALERT;
	return 0;
}

/* Puts it beside the entry, if none is there: what was attached is never replaced. */
static int
put(struct lf_seal *s, struct lf_err *err)
{
	struct lf_buf old;
	char name[LF_STORE_NAME];
	int rc;

	lf_buf_init(&old);
	rc = lf_store_read(&s->ledger, s->entry.number, LF_STORE_STAMP, &old, err);
	if (rc > 0 && (old.len != s->stamp.len || memcmp(old.data, s->stamp.data, old.len) != 0))
		rc = lf_err_set(err, "%s/%s is there already, and is another", s->ledger.store,
		    lf_store_name(s->entry.number, LF_STORE_STAMP, name));
	lf_buf_free(&old);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (lf_store_put(&s->ledger, s->entry.number, LF_STORE_STAMP, lf_buf_str(&s->stamp), s->stamp.len, err) != 0) {
		lf_store_discard(&s->ledger, s->entry.number);
		return -1;
	}
	for (unsigned tries = 0; tries < 2; tries++)
		if (lf_store_publish(&s->ledger, s->entry.number, err) == 0)
			return 0;
	lf_store_discard(&s->ledger, s->entry.number);
	return -1;
}

/* Under the lock. */
static int
attach(struct lf_seal *s, int fd, struct lf_err *err)
{
	bool good;

	if (lf_seal_find(s, fd, err) != 0 || lf_store_settle(&s->ledger, s->end.entries, err) != 0)
		return -1;
	if (judge(s, fd, &good, err) != 0)
		return -1;
	return good ? put(s, err) : 0;
}

int
lf_seal_attach(struct lf_seal *s, struct lf_err *err)
{
	int fd, rc;

	if (lf_ledger_lock(&s->ledger, true, err) != 0)
		return -1;
	fd = lf_ledger_read(&s->ledger, err);
	rc = fd < 0 ? -1 : attach(s, fd, err);
	if (fd >= 0)
		close(fd);
	lf_ledger_unlock(&s->ledger);
	return rc;
}
