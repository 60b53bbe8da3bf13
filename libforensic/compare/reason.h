/* Why an event that one side has may be absent on the other without a difference. */
#ifndef LF_COMPARE_REASON_H
#define LF_COMPARE_REASON_H

#include <stdint.h>

#include "compare/note.h"

enum lf_reason {
	LF_REASON_NONE,
	LF_REASON_INSIGHT,    /* event history has no Insight events */
	LF_REASON_DATA,       /* ... no data events */
	LF_REASON_NETWORK,    /* ... no NetworkActivity events */
	LF_REASON_AGGREGATED, /* ... no Aggregated events */
	LF_REASON_LARGE,      /* CloudWatch Logs and EventBridge have no events over 256 KB */
	LF_REASON_CSV_NO_ID,  /* a line of CSV without an event ID */
	LF_REASON_CSV_COPY,   /* a line of CSV beside a full record of its event */
	LF_REASON_CROWD,      /* more versions of one event than are held against each other */
	LF_REASONS
};

/* As sentences; NULL for LF_REASON_NONE. */
extern const char *const lf_reason_texts[LF_REASONS];

/* What a side's containers are: bit i for enum lf_envelope_form i, and for enum lf_note_category i of their events. */
struct lf_carried {
	uint32_t forms, categories;
};

/* Why a side cannot have the event, or LF_REASON_NONE. */
enum lf_reason lf_reason_absent(const struct lf_carried *side, const struct lf_note *n);

#endif
