#include "record/digest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "base/utc.h"
#include "record/strict.h"

#define RULE "AWS user guide, CloudTrail digest file structure"

enum field {
	ACCOUNT,
	START,
	END,
	BUCKET,
	OBJECT,
	FINGERPRINT,
	SIGNATURE_ALGORITHM,
	NEWEST,
	OLDEST,
	PREV_BUCKET, /* the five previous* together */
	PREV_OBJECT,
	PREV_HASH,
	PREV_ALGORITHM,
	PREV_SIGNATURE,
	LOG_FILES,
	N_FIELDS
};
#define N_PREV 5

static const struct lf_scan_name field_names[N_FIELDS] = {LF_SCAN_NAME("awsAccountId"),
    LF_SCAN_NAME("digestStartTime"), LF_SCAN_NAME("digestEndTime"), LF_SCAN_NAME("digestS3Bucket"),
    LF_SCAN_NAME("digestS3Object"), LF_SCAN_NAME("digestPublicKeyFingerprint"),
    LF_SCAN_NAME("digestSignatureAlgorithm"), LF_SCAN_NAME("newestEventTime"),
    LF_SCAN_NAME("oldestEventTime"), LF_SCAN_NAME("previousDigestS3Bucket"),
    LF_SCAN_NAME("previousDigestS3Object"), LF_SCAN_NAME("previousDigestHashValue"),
    LF_SCAN_NAME("previousDigestHashAlgorithm"), LF_SCAN_NAME("previousDigestSignature"),
    LF_SCAN_NAME("logFiles")};

enum log_field { LOG_BUCKET, LOG_OBJECT, LOG_HASH, LOG_ALGORITHM, LOG_NEWEST, LOG_OLDEST, N_LOG_FIELDS };

static const struct lf_scan_name log_names[N_LOG_FIELDS] = {LF_SCAN_NAME("s3Bucket"),
    LF_SCAN_NAME("s3Object"), LF_SCAN_NAME("hashValue"), LF_SCAN_NAME("hashAlgorithm"),
    LF_SCAN_NAME("newestEventTime"), LF_SCAN_NAME("oldestEventTime")};

/* A digest on its way. */
struct parse {
	struct lf_strict in;
	struct lf_digest *d;
	const char *value[N_FIELDS];  /* of the fields that are strings; NULL for null */
	size_t at[N_FIELDS];          /* offsets of the values */
	struct lf_digest_log *logs;   /* grows */
	uint32_t n_logs;
	size_t cap;
	const char *bucket;           /* the last one named */
};

/* A name of a bucket: equal ones in a row, and most are, share one copy. */
static bool
keep_bucket(struct parse *p, const char **out)
{
	const char *s;
	size_t len;

	if (!lf_strict_string(&p->in, &s, &len))
		return false;
	if (p->bucket == NULL || strncmp(p->bucket, s, len) != 0 || p->bucket[len] != '\0') {
		p->bucket = lf_arena_strndup(&p->d->arena, s, len);
		if (p->bucket == NULL)
			return lf_strict_nomem(&p->in);
	}
	*out = p->bucket;
	return true;
}

/* ---- logFiles ---- */

static bool
log_hash(struct parse *p, struct lf_digest_log *log)
{
	const char *s;
	size_t len;

	if (!lf_strict_string(&p->in, &s, &len))
		return false;
	log->hash_known = lf_hex_decode(s, len, log->hash, sizeof(log->hash));
	return true;
}

static bool
log_algorithm(struct parse *p, const char **out)
{
	static const char usual[] = "SHA-256";

	if (!lf_scan_is(&p->in.scan, usual))
		return lf_strict_keep(&p->in, out);
	*out = usual;
	return true;
}

static bool
log_time(struct parse *p, const char *name, int64_t *out)
{
	const char *s;
	size_t len;

	if (!lf_strict_string(&p->in, &s, &len))
		return false;
	return lf_utc_read(s, len, out) ||
	    lf_strict_malformed(&p->in, p->in.scan.at, name, "is not in the form YYYY-MM-DDTHH:MM:SSZ");
}

/* The value of a known member of a log. */
static bool
log_value(struct parse *p, struct lf_digest_log *log, enum log_field f, enum lf_token token)
{
	const char *name = log_names[f].s;

	if (token == LF_TOKEN_NULL && (f == LOG_NEWEST || f == LOG_OLDEST))
		return true;
	if (token != LF_TOKEN_STRING)
		return lf_strict_wrong_type(&p->in, name, token);
	switch (f) {
	case LOG_BUCKET:
		return keep_bucket(p, &log->bucket);
	case LOG_OBJECT:
		return lf_strict_keep(&p->in, &log->key);
	case LOG_HASH:
		return log_hash(p, log);
	case LOG_ALGORITHM:
		return log_algorithm(p, &log->algorithm);
	case LOG_NEWEST:
		return log_time(p, name, &log->newest);
	default:
		return log_time(p, name, &log->oldest);
	}
}

/* The members of a log, behind its {. */
static bool
read_log(struct parse *p, struct lf_digest_log *log)
{
	size_t start = p->in.scan.at, f;
	uint32_t seen = 0;
	enum lf_token token;
	int rc;

	*log = (struct lf_digest_log){.oldest = LF_TIME_NONE, .newest = LF_TIME_NONE};
	while ((rc = lf_strict_member(&p->in, log_names, N_LOG_FIELDS, &seen, &f, &token)) > 0)
		if (!log_value(p, log, (enum log_field)f, token))
			return false;
	if (rc < 0 || !lf_strict_required(&p->in, log_names, N_LOG_FIELDS, seen,
	    1U << LOG_NEWEST | 1U << LOG_OLDEST, start))
		return false;
	log->hash_known = log->hash_known && strcmp(log->algorithm, "SHA-256") == 0;
	return true;
}

static struct lf_digest_log *
push_log(struct parse *p)
{
	struct lf_digest_log *logs = lf_array_more(p->logs, p->n_logs, &p->cap, sizeof(*logs));

	if (logs == NULL)
		return NULL;
	p->logs = logs;
	return &p->logs[p->n_logs++];
}

static bool
read_logs(struct parse *p, enum lf_token token)
{
	struct lf_digest_log *log;

	if (token != LF_TOKEN_ARRAY)
		return lf_strict_wrong_type(&p->in, "logFiles", token);
	while ((token = lf_scan_next(&p->in.scan)) == LF_TOKEN_OBJECT) {
		if (p->n_logs == LF_MAX_DIGEST_LOGS)
			return lf_strict_malformed(&p->in, p->in.scan.at, "more logFiles than", "one digest may hold");
		if ((log = push_log(p)) == NULL)
			return lf_strict_nomem(&p->in);
		if (!read_log(p, log))
			return false;
	}
	return token == LF_TOKEN_ARRAY_END || lf_strict_wrong_type(&p->in, "an element of logFiles", token);
}

/* ---- The members of the digest ---- */

static bool
may_be_null(size_t f)
{
	return f == NEWEST || f == OLDEST || (f >= PREV_BUCKET && f < PREV_BUCKET + N_PREV);
}

static bool
read_known(struct parse *p, size_t f, enum lf_token token)
{
	p->at[f] = p->in.scan.at;
	if (f == LOG_FILES)
		return read_logs(p, token);
	if (token == LF_TOKEN_NULL && may_be_null(f))
		return true;
	if (token != LF_TOKEN_STRING)
		return lf_strict_wrong_type(&p->in, field_names[f].s, token);
	return f == BUCKET || f == PREV_BUCKET ? keep_bucket(p, &p->value[f]) : lf_strict_keep(&p->in, &p->value[f]);
}

/* Event times may be absent, as in digests of quiet hours they say nothing. */
static bool
read_members(struct parse *p)
{
	const uint32_t optional = 1U << FINGERPRINT | 1U << SIGNATURE_ALGORITHM | 1U << NEWEST | 1U << OLDEST;
	uint32_t seen = 0;
	enum lf_token token;
	size_t f;
	int rc;

	if (!lf_strict_enter(&p->in, "the digest"))
		return false;
	while ((rc = lf_strict_member(&p->in, field_names, N_FIELDS, &seen, &f, &token)) > 0)
		if (!read_known(p, f, token))
			return false;
	return rc == 0 && lf_strict_end(&p->in) && lf_strict_required(&p->in, field_names, N_FIELDS, seen, optional,
	    (size_t)(p->in.scan.p - p->in.scan.text));
}

/* ---- What the members mean ---- */

static bool
check_time(struct parse *p, enum field f, int64_t *out)
{
	const char *s = p->value[f];

	*out = LF_TIME_NONE;
	return s == NULL || lf_utc_read(s, strlen(s), out) ||
	    lf_strict_malformed(&p->in, p->at[f], field_names[f].s, "is not in the form YYYY-MM-DDTHH:MM:SSZ");
}

/* All five previous* are null, or none. */
static bool
check_previous(struct parse *p)
{
	size_t null = N_FIELDS, set = N_FIELDS;
	char how[96];

	for (size_t f = PREV_BUCKET; f < PREV_BUCKET + N_PREV; f++) {
		if (p->value[f] == NULL)
			null = f;
		else
			set = f;
	}
	p->d->is_start = set == N_FIELDS;
	if (null == N_FIELDS || set == N_FIELDS)
		return true;
	snprintf(how, sizeof(how), "is null but %s is not: all five previous* or none", field_names[set].s);
	return lf_strict_malformed(&p->in, p->at[null], field_names[null].s, how);
}

static const char *
or_empty(const char *s)
{
	return s != NULL ? s : "";
}

static bool
settle(struct parse *p)
{
	struct lf_digest *d = p->d;
	const char *hash = p->value[PREV_HASH];

	if (!check_time(p, START, &d->start) || !check_time(p, END, &d->end) ||
	    !check_time(p, NEWEST, &d->newest) || !check_time(p, OLDEST, &d->oldest) || !check_previous(p))
		return false;
	d->account = p->value[ACCOUNT];
	d->end_text = p->value[END];
	d->bucket = p->value[BUCKET];
	d->key = p->value[OBJECT];
	d->fingerprint = or_empty(p->value[FINGERPRINT]);
	d->signature_algorithm = or_empty(p->value[SIGNATURE_ALGORITHM]);
	d->prev_bucket = p->value[PREV_BUCKET];
	d->prev_key = p->value[PREV_OBJECT];
	d->prev_algorithm = p->value[PREV_ALGORITHM];
	d->prev_signature = p->value[PREV_SIGNATURE];
	d->prev_hash_known = hash != NULL && strcmp(d->prev_algorithm, "SHA-256") == 0 &&
	    lf_hex_decode(hash, strlen(hash), d->prev_hash, sizeof(d->prev_hash));
	lf_s3key_read(d->key, strlen(d->key), &d->name);
	d->n_logs = p->n_logs;
	d->logs = lf_arena_alloc(&d->arena, p->n_logs * sizeof(*d->logs));
	if (d->logs == NULL)
		return lf_strict_nomem(&p->in);
	if (p->n_logs > 0)
		memcpy(d->logs, p->logs, p->n_logs * sizeof(*d->logs));
	return true;
}

int
lf_digest_parse(const char *text, size_t len, struct lf_digest **out, char *problem, size_t problem_size,
    struct lf_err *err)
{
	struct lf_digest *d = calloc(1, sizeof(*d));
	struct parse p = {.d = d};
	bool nomem;

	*out = NULL;
	if (d == NULL)
		return lf_err_nomem(err);
	lf_arena_init(&d->arena);
	lf_strict_init(&p.in, text, len, &d->arena, RULE, problem, problem_size);
	if (read_members(&p) && settle(&p)) {
		*out = d;
		d = NULL;
	}
	nomem = p.in.nomem;
	lf_digest_free(d);
	free(p.logs);
	lf_strict_free(&p.in);
	return nomem ? lf_err_nomem(err) : 0;
}

void
lf_digest_free(struct lf_digest *d)
{
	if (d == NULL)
		return;
	lf_arena_free(&d->arena);
	free(d);
}

/* Two of the fields that nothing but a digest has. */
bool
lf_digest_sniff(const char *text, size_t len)
{
	uint64_t own = (UINT64_C(1) << N_FIELDS) - 1;

	own &= ~(UINT64_C(1) << ACCOUNT | UINT64_C(1) << NEWEST | UINT64_C(1) << OLDEST);
	return __builtin_popcountll(lf_scan_glance(text, len, field_names, N_FIELDS) & own) >= 2;
}
