#include "proof/scope.h"

#include <stdio.h>
#include <string.h>

#include "base/utc.h"
#include "record/records.h"

/* Where a partition records the events of its global services. */
static bool
is_global_region(struct lf_slice region)
{
	static const char *const regions[] = {"us-east-1", "us-gov-west-1", "cn-northwest-1", "cn-north-1",
	    "us-iso-east-1", "us-isob-east-1", "eusc-de-east-1"};

	for (size_t i = 0; i < sizeof(regions) / sizeof(regions[0]); i++)
		if (lf_slice_is(region, regions[i]))
			return true;
	return false;
}

/* Whether a record's category belongs into a log of class c. */
static bool
category_fits(enum lf_log_class c, const struct lf_record *r)
{
	if (r->category.len == 0)
		return c == LF_CLASS_CLOUDTRAIL;
	switch (c) {
	case LF_CLASS_CLOUDTRAIL:
		return lf_slice_is(r->category, "Management") || lf_slice_is(r->category, "Data");
	case LF_CLASS_INSIGHT:
		return lf_slice_is(r->category, "Insight");
	case LF_CLASS_NETWORK:
		return lf_slice_is(r->category, "NetworkActivity");
	case LF_CLASS_AGGREGATED:
		return lf_slice_is(r->category, "Aggregated");
	default:
		return !lf_slice_is(r->category, "Management") && !lf_slice_is(r->category, "Data");
	}
}

/* Writes which field of a record contradicts the key. */
static const char *
describe(struct lf_arena *arena, const struct lf_record *r, const char *field, struct lf_slice have,
    struct lf_slice want)
{
	char text[512];

	snprintf(text, sizeof(text), "record at offset %zu, eventID %.*s: %s is \"%.*s\", the key says \"%.*s\"",
	    r->offset, (int)(r->event_id.len > 64 ? 64 : r->event_id.len), r->event_id.len > 0 ? r->event_id.s : "",
	    field, (int)(have.len > 64 ? 64 : have.len), have.len > 0 ? have.s : "",
	    (int)(want.len > 64 ? 64 : want.len), want.len > 0 ? want.s : "");
	return lf_arena_strdup(arena, text);
}

/* The mismatch of one record, NULL when there is none; *failed when memory is out. */
static const char *
mismatch(const struct lf_s3key *key, const struct lf_record *r, struct lf_arena *arena, bool *failed)
{
	const char *text = NULL;
	const char *class_text;

	if (key->kind != LF_KEY_LOG)
		return NULL;
	if (r->account.len > 0 && !lf_slice_equal(r->account, key->account))
		text = describe(arena, r, "recipientAccountId", r->account, key->account);
	else if (r->region.len > 0 && !is_global_region(r->region) && !lf_slice_equal(r->region, key->region))
		text = describe(arena, r, "awsRegion", r->region, key->region);
	else if (!category_fits(key->log_class, r)) {
		class_text = lf_class_name(key->log_class);
		text = describe(arena, r, "eventCategory", r->category,
		    (struct lf_slice){class_text, strlen(class_text)});
	} else
		return NULL;
	*failed = text == NULL;
	return text;
}

/* Widens the scan's range by a record's time. */
static void
widen(struct lf_log_scan *s, const struct lf_record *r)
{
	int64_t t;

	if (!lf_utc_read_rfc3339(r->event_time.s, r->event_time.len, &t, NULL))
		return;
	if (s->oldest == LF_TIME_NONE || t < s->oldest)
		s->oldest = t;
	if (s->newest == LF_TIME_NONE || t > s->newest)
		s->newest = t;
}

struct lf_log_scan *
lf_scope_scan(const struct lf_s3key *key, const char *text, size_t len, struct lf_arena *arena)
{
	struct lf_log_scan *s = lf_arena_alloc(arena, sizeof(*s));
	struct lf_records records;
	struct lf_record r;
	bool failed = false;
	int rc;

	if (s == NULL)
		return NULL;
	*s = (struct lf_log_scan){.oldest = LF_TIME_NONE, .newest = LF_TIME_NONE, .account = "", .region = ""};
	lf_records_init(&records, text, len);
	while ((rc = lf_records_next(&records, &r)) > 0) {
		if (s->n++ == 0) {
			s->account = lf_arena_strndup(arena, r.account.s, r.account.len);
			s->region = lf_arena_strndup(arena, r.region.s, r.region.len);
			if (s->account == NULL || s->region == NULL)
				return NULL;
		}
		if (s->mismatch == NULL)
			s->mismatch = mismatch(key, &r, arena, &failed);
		if (failed)
			return NULL;
		if (r.event_time.len > 0)
			widen(s, &r);
	}
	if (rc < 0) {
		s->problem = records.problem;
		s->at = records.at;
	}
	return s;
}
