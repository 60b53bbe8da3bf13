/*
 * Events that say something about logging itself: what stops it, narrows it, starts it again, or touches what it needs
 * (trail-gaps(1), IMPAIRMENTS).
 */
#ifndef LF_COVERAGE_CONTROL_H
#define LF_COVERAGE_CONTROL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/intern.h"
#include "base/list.h"
#include "record/columns.h"
#include "record/event.h"

/* What is kept of a text, in bytes; a longer one ends in "... (N bytes)". */
#define LF_CONTROL_TEXT 1024

/* What an event does, as far as gaps are concerned. */
enum lf_effect {
	LF_EFFECT_NONE,          /* an impairment, but no gap of a chain comes of it by itself */
	LF_EFFECT_STOP,          /* StopLogging */
	LF_EFFECT_DELETE,        /* DeleteTrail */
	LF_EFFECT_START,         /* StartLogging, CreateTrail: end a gap, and are no impairments */
	LF_EFFECT_VALIDATION_OFF, /* UpdateTrail whose response says logFileValidationEnabled false */
	LF_EFFECT_VALIDATION_ON,
	LF_EFFECT_SINGLE_REGION, /* UpdateTrail whose response says isMultiRegionTrail false */
	LF_EFFECT_MULTI_REGION,
	LF_EFFECT_MOVED,         /* another bucket or prefix: no gap */
	LF_EFFECT_NARROWED,      /* selectors: the chain stays whole */
	LF_EFFECT_WIDENED,       /* selectors that record all management events again */
	LF_EFFECT_REGION_OFF,    /* DisableRegion */
	LF_EFFECT_REGION_ON,
	LF_EFFECT_ACCOUNT_LEFT,  /* LeaveOrganization, RemoveAccountFromOrganization, CloseAccount */
	LF_EFFECT_ORG_OFF,       /* the trail stops being an organization's, or loses its access to it */
	LF_EFFECT_DELIVERY       /* bucket policy, key, bucket: delivery may fail */
};

/*
 * Whose a trail is once it was created or updated.  An organization's is made by the account that manages it, or its
 * delegate.
 */
enum lf_owner { LF_OWNER_UNKNOWN, LF_OWNER_ORGANIZATION, LF_OWNER_ACCOUNT };

/* One such event.  Strings are interned; "" where the event does not say. */
struct lf_control {
	int64_t time;
	uint8_t effect;          /* enum lf_effect: of several the one that weighs most */
	/* all of them, bit i for effect i: one UpdateTrail may switch off more than one thing */
	uint32_t effects;
	uint8_t owner;           /* enum lf_owner: CreateTrail and UpdateTrail tell */
	bool impairs;            /* is listed among the impairments */
	bool asked;              /* of the accounts, regions and times that were asked for, or named by a gap */
	bool effective;          /* no errorCode: it happened; else it was only tried */
	uint8_t integrity;       /* enum lf_integrity of the log that it comes from; the best of its copies */
	/* "hard-stop", "scope-cut", "lake", "organization", "bucket", "key", "cloudwatch-copy", ... */
	const char *class_name;
	const char *event_source, *event_name, *error_code, *event_id;
	const char *principal, *access_key, *source_ip; /* who, from where; the actor at the root comes from lineage */
	const char *actor;       /* filled once lineage is known */
	const char *account, *region; /* of the record, not of the target */
	const char *target;      /* trail name or ARN, bucket, key, region, account ... as the event states it */
	const char *trail;       /* the trail's bare name, where the target is one */
	/* of its ARN, where one is known (response, or a target that is an ARN) */
	const char *trail_region, *trail_account;
	/* what changed: "includeManagementEvents false", "Expiration 1 day", ...; for people */
	const char *detail;
};

/*
 * Whether an event is one of the table, or tells what a trail uses; then appends it to out as opaque bytes, for
 * lf_controls_add().  Failed attempts too.  What is conditional on more than the event itself (is this bucket a
 * trail's?  this key?) is appended and decided in lf_controls_settle(); of single objects deleted only those below
 * AWSLogs/, so that what is kept does not grow with data events.  Insight and Aggregated events are no calls, and never
 * one of the table.  Many threads at once; rejects the common event in a few nanoseconds.  When memory runs out,
 * out->failed is set.
 */
bool lf_control_extract(const struct lf_event *e, const struct lf_values *v, struct lf_buf *out);

/*
 * Whether lf_control_extract() may take an event, by its bare name and without any column made of it: true for all that
 * it takes.  Many threads at once.
 */
bool lf_control_may(const struct lf_event *e);

struct lf_controls {
	/* struct lf_control; after lf_controls_settle() by time, account, region, event id, each event once */
	struct lf_list list;
	struct lf_intern strings;
	/*
	 * const char *: what the trails of the evidence use, by their events and digests, each in one form whatever
	 * names it (coverage/control_thing.h).  Settled: sorted, each once.
	 */
	struct lf_list buckets, keys, roles, groups, topics;
	struct lf_list waiting;  /* what settling must know of each of list, and empties */
};

static inline bool
lf_control_does(const struct lf_control *c, enum lf_effect effect)
{
	return (c->effects >> effect & 1) != 0;
}

int lf_controls_init(struct lf_controls *c, struct lf_err *err) __attribute__((warn_unused_result));
void lf_controls_free(struct lf_controls *c);

/* Takes in what lf_control_extract() appended; integrity is that of the object (enum lf_integrity). */
int lf_controls_add(struct lf_controls *c, const void *bytes, size_t len, unsigned integrity, struct lf_err *err)
    __attribute__((warn_unused_result));

/* A bucket that digests of the evidence lie in: a trail's. */
int lf_controls_bucket(struct lf_controls *c, const char *bucket, struct lf_err *err) __attribute__((warn_unused_result));

/*
 * All is in: sorts, joins copies of one event (the order of adding does not matter), and drops what had to touch a
 * trail's bucket, key, role, log group or topic, and does not.  Events of one id that say different things stay apart.
 * Once only.
 */
int lf_controls_settle(struct lf_controls *c, struct lf_err *err) __attribute__((warn_unused_result));

#endif
