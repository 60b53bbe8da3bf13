#include "compare/reason.h"

/* AWS CloudTrail user guide, "Working with CloudTrail event history" and "Logging events to CloudWatch Logs". */
const char *const lf_reason_texts[LF_REASONS] = {
    NULL,
    "the other side is event history, which does not hold Insight events",
    "the other side is event history, which does not hold data events",
    "the other side is event history, which does not hold NetworkActivity events",
    "the other side is event history, which does not hold Aggregated events",
    "the other side comes from CloudWatch Logs or EventBridge, which get no events over 256 KB",
    "a line of CSV without an event ID",
    "a line of CSV beside a full record of the same event",
    "too many versions of one event to hold them against each other",
};

#define BIT(x)  (1u << (x))
#define HISTORY (BIT(LF_FORM_LOOKUP) | BIT(LF_FORM_CSV))
#define STREAMS (BIT(LF_FORM_CLOUDWATCH) | BIT(LF_FORM_EVENTBRIDGE))

/* Whether all containers of a side are among those; a side that holds nothing has none. */
static bool
all_of(const struct lf_carried *side, uint32_t forms)
{
	return side->forms != 0 && (side->forms & ~forms) == 0;
}

enum lf_reason
lf_reason_absent(const struct lf_carried *side, const struct lf_note *n)
{
	static const enum lf_reason of_category[LF_NOTE_CATEGORIES] = {LF_REASON_NONE, LF_REASON_DATA, LF_REASON_INSIGHT,
	    LF_REASON_NETWORK, LF_REASON_AGGREGATED};

	/* One such event shows that they are there. */
	if (of_category[n->category] != LF_REASON_NONE && all_of(side, HISTORY) && !(side->categories & BIT(n->category)))
		return of_category[n->category];
	if ((n->flags & LF_NOTE_LARGE) && all_of(side, STREAMS))
		return LF_REASON_LARGE;
	if ((n->flags & LF_NOTE_PARTIAL) && (n->flags & LF_NOTE_NO_ID))
		return LF_REASON_CSV_NO_ID;
	return LF_REASON_NONE;
}
