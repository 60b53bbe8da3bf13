#include "carve/tally.h"

void
lf_tally_add(struct lf_tally *to, const struct lf_tally *t)
{
	for (size_t i = 0; i < LF_TRIGGERS; i++)
		to->candidates[i] += t->candidates[i];
	for (size_t i = 0; i < LF_REJECTS; i++)
		to->rejected[i] += t->rejected[i];
	to->joins_tried += t->joins_tried;
	to->join_budgets += t->join_budgets;
	to->scanned += t->scanned;
	to->zero += t->zero;
	to->holes += t->holes;
}

const char *
lf_trigger_name(enum lf_trigger t)
{
	static const char *const names[LF_TRIGGERS] = {
	    [LF_TRIGGER_GZIP] = "gzip",
	    [LF_TRIGGER_VERSION] = "eventVersion",
	    [LF_TRIGGER_VERSION_LE] = "eventVersion utf-16le",
	    [LF_TRIGGER_VERSION_BE] = "eventVersion utf-16be",
	    [LF_TRIGGER_ID] = "eventID",
	    [LF_TRIGGER_ID_LE] = "eventID utf-16le",
	    [LF_TRIGGER_ID_BE] = "eventID utf-16be",
	    [LF_TRIGGER_DIGEST] = "digestS3Object",
	    [LF_TRIGGER_DIGEST_LE] = "digestS3Object utf-16le",
	    [LF_TRIGGER_DIGEST_BE] = "digestS3Object utf-16be",
	    [LF_TRIGGER_BASE64] = "base64",
	    [LF_TRIGGER_NTFS] = "ntfs record",
	};

	return names[t];
}

const char *
lf_reject_text(enum lf_reject r)
{
	static const char *const texts[LF_REJECTS] = {
	    [LF_REJECT_HEADER] = "no gzip member (RFC 1952)",
	    [LF_REJECT_CONTENT] = "neither JSON nor a known container",
	    [LF_REJECT_NO_BRACE] = "a name outside of any object",
	    [LF_REJECT_BROKEN] = "broken JSON with nothing known in it",
	    [LF_REJECT_LOOKALIKE] = "JSON, but no CloudTrail record or digest",
	    [LF_REJECT_BASE64] = "base64 without gzip inside",
	    [LF_REJECT_DEPTH] = "nested too deep",
	    [LF_REJECT_SIZE] = "too large",
	    [LF_REJECT_INSIDE] = "inside something that was found",
	    [LF_REJECT_WORK] = "not followed, since what lies near by inflates to too much",
	    [LF_REJECT_TOTAL] = "found and not written, since all that was found comes to too much (--max-total)",
	};

	return texts[r];
}
