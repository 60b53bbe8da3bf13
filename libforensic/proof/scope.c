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
category_fits(enum lf_log_class c, struct lf_slice category)
{
	if (category.len == 0)
		return c == LF_CLASS_CLOUDTRAIL;
	switch (c) {
	case LF_CLASS_CLOUDTRAIL:
		return lf_slice_is(category, "Management") || lf_slice_is(category, "Data");
	case LF_CLASS_INSIGHT:
		return lf_slice_is(category, "Insight");
	case LF_CLASS_NETWORK:
		return lf_slice_is(category, "NetworkActivity");
	case LF_CLASS_AGGREGATED:
		return lf_slice_is(category, "Aggregated");
	default:
		return !lf_slice_is(category, "Management") && !lf_slice_is(category, "Data");
	}
}

/* Writes which field of a record contradicts the key. */
static const char *
describe(struct lf_arena *arena, const struct lf_event *e, size_t offset, const char *field, struct lf_slice have,
    struct lf_slice want)
{
	struct lf_slice id = e->field[LF_EV_ID];
	char text[512];

	snprintf(text, sizeof(text), "record at offset %zu, eventID %.*s: %s is \"%.*s\", the key says \"%.*s\"",
	    offset, (int)(id.len > 64 ? 64 : id.len), id.len > 0 ? id.s : "", field,
	    (int)(have.len > 64 ? 64 : have.len), have.len > 0 ? have.s : "",
	    (int)(want.len > 64 ? 64 : want.len), want.len > 0 ? want.s : "");
	return lf_arena_strdup(arena, text);
}

/* The mismatch of the record at offset, NULL when there is none; *failed when memory is out. */
static const char *
mismatch(const struct lf_s3key *key, const struct lf_event *e, size_t offset, struct lf_arena *arena, bool *failed)
{
	struct lf_slice account = e->field[LF_EV_RECIPIENT], region = e->field[LF_EV_REGION];
	struct lf_slice category = e->field[LF_EV_CATEGORY];
	const char *text = NULL;
	const char *class_text;

	if (key->kind != LF_KEY_LOG)
		return NULL;
	if (account.len > 0 && !lf_slice_equal(account, key->account))
		text = describe(arena, e, offset, "recipientAccountId", account, key->account);
	else if (region.len > 0 && !is_global_region(region) && !lf_slice_equal(region, key->region))
		text = describe(arena, e, offset, "awsRegion", region, key->region);
	else if (!category_fits(key->log_class, category)) {
		class_text = lf_class_name(key->log_class);
		text = describe(arena, e, offset, "eventCategory", category,
		    (struct lf_slice){class_text, strlen(class_text)});
	} else
		return NULL;
	*failed = text == NULL;
	return text;
}

/* Widens the scan's range by a record's time. */
static void
widen(struct lf_log_scan *s, struct lf_slice time)
{
	int64_t t;

	if (time.len == 0 || !lf_utc_read_rfc3339(time.s, time.len, &t, NULL))
		return;
	if (s->oldest == LF_TIME_NONE || t < s->oldest)
		s->oldest = t;
	if (s->newest == LF_TIME_NONE || t > s->newest)
		s->newest = t;
}

static const char *
copy(struct lf_arena *arena, struct lf_slice s)
{
	return lf_arena_strndup(arena, s.s, s.len);
}

struct lf_log_scan *
lf_scope_scan(const struct lf_s3key *key, const char *text, size_t len, struct lf_arena *arena)
{
	struct lf_log_scan *s = lf_arena_alloc(arena, sizeof(*s));
	struct lf_records records;
	struct lf_event e;
	bool failed = false;
	int rc;

	if (s == NULL)
		return NULL;
	*s = (struct lf_log_scan){.oldest = LF_TIME_NONE, .newest = LF_TIME_NONE, .account = "", .region = ""};
	lf_records_init(&records, text, len);
	while ((rc = lf_records_next(&records, &e)) > 0) {
		if (s->n++ == 0) {
			s->account = copy(arena, e.field[LF_EV_RECIPIENT]);
			s->region = copy(arena, e.field[LF_EV_REGION]);
			if (s->account == NULL || s->region == NULL)
				return NULL;
		}
		if (s->mismatch == NULL)
			s->mismatch = mismatch(key, &e, (size_t)(e.raw.s - text), arena, &failed);
		if (failed)
			return NULL;
		widen(s, e.field[LF_EV_TIME]);
	}
	if (rc < 0) {
		s->problem = records.problem;
		s->at = records.at;
	}
	return s;
}
