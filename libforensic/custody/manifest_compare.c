/* What became of sealed evidence: which objects are as they were, and which are not. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "custody/manifest_pair.h"
#include "proof/finding.h"

struct comparison {
	struct lf_pairing pairs;
	struct lf_findings *f;
	struct lf_manifest_tally *tally;
	struct lf_buf where;
};

static bool
same_hash(const struct lf_manifest_object *a, const struct lf_manifest_object *b)
{
	return a->problem == NULL && b->problem == NULL && a->size == b->size && memcmp(a->hash, b->hash, sizeof(a->hash)) == 0;
}

/* Adds a finding about an object of m. */
static struct lf_finding *
add(struct comparison *c, enum lf_finding_id id, const struct lf_manifest *m, const struct lf_manifest_object *o, const char *message,
    struct lf_err *err)
{
	struct lf_finding *x = lf_findings_add(c->f, err, id, "%s", message);

	if (x == NULL)
		return NULL;
	lf_buf_reset(&c->where);
	lf_manifest_locator(m, o, &c->where);
	x->locator = lf_findings_string(c->f, lf_buf_str(&c->where));
	x->object = o->key == NULL ? NULL : lf_findings_string(c->f, o->key);
	if (c->where.failed || x->locator == NULL || (o->key != NULL && x->object == NULL)) {
		lf_err_nomem(err);
		return NULL;
	}
	return x;
}

/* Names the SHA-256 that a copy of what was sealed must have. */
static int
expect(struct comparison *c, struct lf_finding *x, const struct lf_manifest_object *then, struct lf_err *err)
{
	char hex[2 * LF_SHA256_LEN + 1];

	if (x == NULL)
		return -1;
	if (then->problem != NULL)
		return 0;
	lf_hex_encode(then->hash, LF_SHA256_LEN, hex);
	x->expected_sha256 = lf_findings_string(c->f, hex);
	return x->expected_sha256 != NULL ? 0 : lf_err_nomem(err);
}

/* Whether what cannot be read is something else than a file: then the file that was here is gone. */
static bool
is_other_thing(const char *problem)
{
	static const char *const things[] = {"symbolic link", "became a symbolic link", "hard link", "FIFO", "socket", "device",
	    "is no regular file"};

	for (size_t i = 0; i < sizeof(things) / sizeof(things[0]); i++)
		if (strncmp(problem, things[i], strlen(things[i])) == 0)
			return true;
	return false;
}

/*
 * Whether what stood here and could not be read was another thing than what is here now: a link became a file, or a
 * device.
 */
static bool
became(const struct lf_manifest_object *then, const struct lf_manifest_object *now)
{
	return then->problem != NULL && is_other_thing(then->problem) &&
	    (now->problem == NULL || (is_other_thing(now->problem) && strcmp(then->problem, now->problem) != 0));
}

/* A pair at one place that is not equal. */
static int
differs(struct comparison *c, const struct lf_manifest_object *then, const struct lf_manifest_object *now, struct lf_err *err)
{
	char text[512], hex[2 * LF_SHA256_LEN + 1];

	if (then->problem == NULL && (now->problem == NULL || is_other_thing(now->problem))) {
		c->tally->altered++;
		lf_hex_encode(now->hash, LF_SHA256_LEN, hex);
		if (now->problem != NULL)
			snprintf(text, sizeof(text), "was a file of %llu bytes when it was sealed, and is none now: %.400s",
			    (unsigned long long)then->size, now->problem);
		else
			snprintf(text, sizeof(text), "has %llu bytes and SHA-256 %s; it had %llu bytes when it was sealed",
			    (unsigned long long)now->size, hex, (unsigned long long)then->size);
		return expect(c, add(c, LF_F_OBJECT_ALTERED, c->pairs.now, now, text, err), then, err);
	}
	if (became(then, now)) {
		c->tally->altered++;
		snprintf(text, sizeof(text), "was no file when it was sealed (%.200s), and is now %.200s", then->problem,
		    now->problem == NULL ? "a file" : now->problem);
		return add(c, LF_F_OBJECT_ALTERED, c->pairs.now, now, text, err) == NULL ? -1 : 0;
	}
	c->tally->unread++;
	if (now->problem != NULL)
		snprintf(text, sizeof(text), "%s: %.400s", then->problem == NULL ? "cannot be read now, though it was sealed" :
		    "could not be read when it was sealed, nor now", now->problem);
	else
		snprintf(text, sizeof(text), "could not be read when it was sealed (%.400s): there is nothing to compare", then->problem);
	return add(c, LF_F_EVIDENCE_UNREADABLE, c->pairs.now, now, text, err) == NULL ? -1 : 0;
}

/* An archive that was sealed as a whole, and what stands in its place. */
static int
judge_archive(struct comparison *c, uint32_t i, const struct lf_manifest_source *then, struct lf_err *err)
{
	const struct lf_manifest_source *now = lf_manifest_source_at(c->pairs.now, i);
	bool altered = now->kind == LF_SOURCE_ARCHIVE && now->hashed && then->hashed;
	struct lf_manifest_object as_object = {.source = i, .path = ""};
	struct lf_manifest_object was = {.path = "", .problem = then->hashed ? NULL : "not read"};
	char text[256], hex[2 * LF_SHA256_LEN + 1];

	memcpy(was.hash, then->hash, LF_SHA256_LEN);
	lf_hex_encode(now->hash, LF_SHA256_LEN, hex);
	if (altered)
		snprintf(text, sizeof(text), "the archive as a whole has SHA-256 %s, which is not that of the one that was sealed", hex);
	else
		snprintf(text, sizeof(text), "was sealed as an archive, and %s: its entries are compared, and the archive as a whole is not",
		    now->kind == LF_SOURCE_ARCHIVE ? "could not be read as a whole" : "is none now");
	c->tally->altered += altered;
	c->tally->unread += !altered;
	return expect(c, add(c, altered ? LF_F_OBJECT_ALTERED : LF_F_EVIDENCE_UNREADABLE, c->pairs.now, &as_object, text, err), &was, err);
}

/* Archives whose objects are the same may still be others as a whole. */
static int
judge_sources(struct comparison *c, struct lf_err *err)
{
	for (uint32_t i = 0; i < c->pairs.now->sources.n; i++) {
		const struct lf_manifest_source *now = lf_manifest_source_at(c->pairs.now, i), *then;

		then = c->pairs.source[i] == LF_PAIR_NONE ? NULL : lf_manifest_source_at(c->pairs.then, c->pairs.source[i]);
		if (then == NULL || then->kind != LF_SOURCE_ARCHIVE || (now->kind == LF_SOURCE_ARCHIVE && now->hashed && then->hashed &&
		    memcmp(now->hash, then->hash, LF_SHA256_LEN) == 0))
			continue;
		if (judge_archive(c, i, then, err) != 0)
			return -1;
	}
	return 0;
}

/* What is at its place, and not what it was. */
static int
judge_altered(struct comparison *c, struct lf_err *err)
{
	for (uint32_t i = 0; i < c->pairs.then->objects.n; i++) {
		const struct lf_manifest_object *then = lf_manifest_object_at(c->pairs.then, i), *now;

		if (c->pairs.now_of[i] == LF_PAIR_NONE)
			continue;
		now = lf_manifest_object_at(c->pairs.now, c->pairs.now_of[i]);
		if (!lf_pairing_same_place(&c->pairs, then, now))
			continue;
		if (same_hash(then, now))
			c->tally->same++;
		else if (differs(c, then, now, err) != 0)
			return -1;
	}
	return 0;
}

static int
judge_removed(struct comparison *c, struct lf_err *err)
{
	for (uint32_t i = 0; i < c->pairs.then->objects.n; i++) {
		const struct lf_manifest_object *then = lf_manifest_object_at(c->pairs.then, i);

		if (c->pairs.now_of[i] != LF_PAIR_NONE)
			continue;
		c->tally->removed++;
		if (expect(c, add(c, LF_F_OBJECT_REMOVED, c->pairs.then, then, "was sealed, and is not here", err), then, err) != 0)
			return -1;
	}
	return 0;
}

static int
judge_moved(struct comparison *c, struct lf_err *err)
{
	struct lf_buf text;
	int rc = 0;

	lf_buf_init(&text);
	for (uint32_t i = 0; i < c->pairs.then->objects.n && rc == 0; i++) {
		const struct lf_manifest_object *then = lf_manifest_object_at(c->pairs.then, i), *now;

		if (c->pairs.now_of[i] == LF_PAIR_NONE)
			continue;
		now = lf_manifest_object_at(c->pairs.now, c->pairs.now_of[i]);
		if (lf_pairing_same_place(&c->pairs, then, now))
			continue;
		c->tally->moved++;
		lf_buf_reset(&text);
		lf_buf_puts(&text, "was sealed as ");
		lf_manifest_locator(c->pairs.then, then, &text);
		if (text.failed || add(c, LF_F_OBJECT_MOVED, c->pairs.now, now, lf_buf_str(&text), err) == NULL)
			rc = text.failed ? lf_err_nomem(err) : -1;
	}
	lf_buf_free(&text);
	return rc;
}

static int
judge_added(struct comparison *c, struct lf_err *err)
{
	char text[512];

	for (uint32_t i = 0; i < c->pairs.now->objects.n; i++) {
		const struct lf_manifest_object *now = lf_manifest_object_at(c->pairs.now, i);

		if (c->pairs.then_of[i] != LF_PAIR_NONE)
			continue;
		c->tally->added++;
		snprintf(text, sizeof(text), "is here, and was not when this was sealed%s%.400s", now->problem == NULL ? "" : ": ",
		    now->problem == NULL ? "" : now->problem);
		if (add(c, LF_F_OBJECT_ADDED, c->pairs.now, now, text, err) == NULL)
			return -1;
	}
	return 0;
}

int
lf_manifest_compare(const struct lf_manifest *then, const struct lf_manifest *now, struct lf_findings *f,
    struct lf_manifest_tally *tally, struct lf_err *err)
{
	struct comparison c = {.f = f, .tally = tally};
	int rc = lf_pairing_make(&c.pairs, then, now, err);

	memset(tally, 0, sizeof(*tally));
	lf_buf_init(&c.where);
	if (rc == 0 && (judge_sources(&c, err) != 0 || judge_altered(&c, err) != 0 || judge_removed(&c, err) != 0 ||
	    judge_moved(&c, err) != 0 || judge_added(&c, err) != 0))
		rc = -1;
	lf_pairing_free(&c.pairs);
	lf_buf_free(&c.where);
	return rc;
}
