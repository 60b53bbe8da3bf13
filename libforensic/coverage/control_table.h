/* The table of events that say something about logging: all that is known of them (trail-gaps(1), IMPAIRMENTS). */
#ifndef LF_COVERAGE_CONTROL_TABLE_H
#define LF_COVERAGE_CONTROL_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "coverage/control.h"
#include "coverage/control_thing.h"

/* What must hold beyond the name; judged in coverage/control_judge. */
enum lf_condition {
	LF_IF_ALWAYS,
	LF_IF_TRAIL_MADE,        /* always; tells whose trail it is */
	LF_IF_TRAIL_CHANGED,     /* UpdateTrail: switches off or moves something */
	LF_IF_SELECTORS,         /* some management events are no longer recorded, or all are again */
	LF_IF_INSIGHTS,          /* fewer than both kinds */
	LF_IF_STORE_CHANGED,     /* UpdateEventDataStore: retention, regions, protection, selectors */
	LF_IF_CLOUDTRAIL,        /* the service principal is CloudTrail's */
	LF_IF_SERVICE_CONTROL,   /* unless the event says that the policy is of another type */
	LF_IF_LOG_OBJECTS,       /* objects below AWSLogs/ */
	LF_IF_EXPIRES,           /* Expiration in less than a week */
	LF_IF_WRITE_DENIED,      /* CloudTrail may not put objects any more */
	LF_IF_SUSPENDED,
	LF_IF_NO_LOGGING,        /* server access logging off */
	LF_IF_KEY_DENIED,        /* always listed; delivery is at risk when CloudTrail may not use the key any more */
	LF_IF_RETENTION,         /* always listed, with its days */
	LF_IF_DETECTOR_OFF,      /* enable false */
	LF_IF_CLUSTER_LOGS_OFF,
};

struct lf_control_row {
	const char *class_name;
	const char *service;     /* eventSource is SERVICE.amazonaws.com, also with .cn */
	const char *name;
	/* paths in requestParameters, separated by '|': the first that is there; "=account": the account itself */
	const char *target;
	uint8_t len;             /* of name */
	uint8_t condition;       /* enum lf_condition */
	uint8_t effect;          /* enum lf_effect, when the condition adds none */
	uint8_t thing;           /* enum lf_thing that the target is and that must be a trail's, or NONE */
	bool trail;              /* the target is a trail */
	bool restores;           /* it is no impairment, but ends one */
};

/* Whether some event of that name has a row; rejects most others by their length and first letter. */
bool lf_control_row_may(struct lf_slice name);

/* The row of an event, or NULL. */
const struct lf_control_row *lf_control_row(struct lf_slice source, struct lf_slice name);

/* The one for an event of any name whose parameters were too large to be recorded. */
extern const char lf_control_oversize[]; /* its class */
const struct lf_control_row *lf_control_row_oversize(void);

/* Rows have numbers, for their classes to travel as bytes. */
unsigned lf_control_row_number(const struct lf_control_row *row);
const struct lf_control_row *lf_control_row_at(unsigned number);

#endif
