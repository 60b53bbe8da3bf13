#include "report/words.h"

#include <string.h>

static const char *const verdicts[] = {"verified", "findings", "inconclusive"};

const char *
lf_verdict_name(enum lf_verdict v)
{
	return verdicts[v];
}

bool
lf_verdict_read(const char *name, enum lf_verdict *out)
{
	for (int i = 0; name != NULL && i < 3; i++) {
		if (strcmp(verdicts[i], name) == 0) {
			*out = (enum lf_verdict)i;
			return true;
		}
	}
	return false;
}

const char *
lf_limit_text(size_t i)
{
	static const char *const limits[] = {
	    "That the public keys come from AWS: they are what -k was given. Keep the recorded ListPublicKeys call, or fetch "
	    "the keys again from a trusted account and compare the SHA-256 values.",
	    "That CloudTrail recorded and delivered every event: a digest proves what was delivered, not what happened.",
	    "That a trail was not narrowed (event selectors, regions, management events) before this evidence begins.",
	    "That no chain is absent as a whole: an account or a region of which nothing was copied leaves no trace.",
	    "That no digest followed the last one of a chain: at its end a chain can only be compared with other regions, "
	    "with logs and with metadata.",
	    "What the container of an object says (gzip header and trailer, file name, time): digests cover the inflated "
	    "bytes only.",
	};

	return i < sizeof(limits) / sizeof(limits[0]) ? limits[i] : NULL;
}

static const struct lf_advice changed = {"CHANGED OR BROKEN",
    "Preserve these as they are. Ask for object versions, replicas and backups of the same keys, and compare."};
static const struct lf_advice gone = {"GONE",
    "Look for these in object versions, replicas, backups and on disks: the hash proves any copy."};
static const struct lf_advice added = {"ADDED OR FORKED",
    "Find out who put these here: S3 data events, server access logs, object owner and version history."};
static const struct lf_advice interrupted = {"INTERRUPTED",
    "Look in the logs beside these holes for StopLogging, StartLogging, UpdateTrail, DeleteTrail and CreateTrail."};
static const struct lf_advice unproved = {"NOT PROVED",
    "Nothing speaks against these, and nothing proves them: fetch the keys or signatures named below."};
static const struct lf_advice unread = {"NOT READ",
    "These were left out. Make them readable, or take what is not CloudTrail's out of the copy, and run again."};
static const struct lf_advice record = {"FOR THE RECORD", "Not against the evidence; an opposing expert may ask."};

const struct lf_advice *
lf_advice_of(enum lf_finding_id id)
{
	if (id <= LF_F_LOG_SCOPE_MISMATCH)
		return &changed;
	if (id <= LF_F_LOG_MISSING)
		return &gone;
	if (id <= LF_F_CHAIN_WINDOW_BROKEN)
		return &added;
	if (id == LF_F_CHAIN_GAP)
		return &interrupted;
	if (id == LF_F_EVIDENCE_UNREADABLE)
		return &unread;
	if (id <= LF_F_LAKE_NAME_UNSIGNED)
		return &unproved;
	return &record;
}
