#include "report/carve_words.h"

#include <string.h>

const char *
lf_carve_outcome(enum lf_verdict v)
{
	static const char *const words[] = {"DONE", "CONFLICTS", "PARTIAL"};

	return words[v];
}

/* Finds that are no whole thing. */
static uint64_t
incomplete(const struct lf_carve_result *r)
{
	return lf_carve_in_state(r, LF_CARVE_PREFIX) + lf_carve_in_state(r, LF_CARVE_RESYNC) +
	    lf_carve_in_state(r, LF_CARVE_FRAGMENT);
}

/* Why a run is not conclusive, the weightiest first. */
static const char *
why_partial(const struct lf_carve_result *r)
{
	struct lf_tally all;
	size_t bad = 0;

	lf_carve_tally_all(r, &all);
	for (size_t i = 0; i < r->n_images; i++)
		bad += r->images[i].n_bad;
	if (all.scanned == 0)
		return "there was nothing to look at.";
	if (bad > 0)
		return incomplete(r) > 0 ? "parts of what was given could not be read, and some of what was found is incomplete."
		    : "parts of what was given could not be read.";
	return incomplete(r) > 0 ? "some of what was found is incomplete."
	    : "not all ways of joining fragments could be tried.";
}

const char *
lf_carve_meaning(const struct lf_carve_told *t)
{
	if (t->verdict == LF_FINDINGS)
		return "the same event was found with different content: all versions are kept.";
	if (t->verdict == LF_INCONCLUSIVE)
		return why_partial(t->r);
	return lf_carve_locations(t->r) > 0 ? "all that was found is complete." : "nothing of CloudTrail was found.";
}

const char *
lf_carve_state_text(enum lf_carve_state s)
{
	static const char *const texts[LF_CARVE_STATES] = {
	    [LF_CARVE_AUTHENTIC] = "its SHA-256 stands in a digest whose signature holds, or it is such a digest",
	    [LF_CARVE_LISTED] = "its SHA-256 stands in a digest that could not be verified",
	    [LF_CARVE_WHOLE] = "complete (gzip's CRC-32 and length, or the JSON), and in no digest at hand",
	    [LF_CARVE_JOINED] = "complete, from two runs of bytes: the CRC-32 decided",
	    [LF_CARVE_PREFIX] = "ends early: what is complete before that",
	    [LF_CARVE_RESYNC] = "damaged: what is proved to stand in place behind that, too",
	    [LF_CARVE_RECORD] = "a complete record outside of any container",
	    [LF_CARVE_FRAGMENT] = "an incomplete record: known members only",
	};

	return texts[s];
}

const char *
lf_carve_reject_name(enum lf_reject r)
{
	static const char *const names[LF_REJECTS] = {
	    [LF_REJECT_HEADER] = "header",
	    [LF_REJECT_CONTENT] = "content",
	    [LF_REJECT_NO_BRACE] = "no-object",
	    [LF_REJECT_BROKEN] = "broken",
	    [LF_REJECT_LOOKALIKE] = "look-alike",
	    [LF_REJECT_BASE64] = "base64",
	    [LF_REJECT_DEPTH] = "depth",
	    [LF_REJECT_SIZE] = "size",
	    [LF_REJECT_INSIDE] = "inside",
	    [LF_REJECT_WORK] = "work",
	    [LF_REJECT_TOTAL] = "total",
	};

	return names[r];
}

const char *
lf_carve_limit_text(size_t i)
{
	static const char *const limits[] = {
	    "That anything that is not authentic is what CloudTrail delivered: a CRC-32 and complete JSON show that bytes "
	    "belong together, not who wrote them.",
	    "That what was not found never was there: bytes may be overwritten, encrypted, or compressed in a way other than "
	    "gzip (zstd, snappy, Parquet of CloudTrail Lake are not looked into).",
	    "What a file was named, when it was deleted, or whose it was: file systems are not interpreted, nor are network "
	    "streams put together.",
	    "Anything of a gzip member whose block header is lost: without its Huffman tables the rest cannot be decoded.",
	    "Records of members in more than two fragments, or in two that lie further apart than was tried.",
	};

	return i < sizeof(limits) / sizeof(limits[0]) ? limits[i] : NULL;
}

const char *
lf_carve_proof_caveat(const struct lf_carve_result *r)
{
	if (!r->proved || r->proof.n_digests == 0)
		return "No digest was given or carved: nothing can be authenticated, nor can be told what is missing. "
		       "--digests takes any evidence that holds some.";
	if (!r->keys)
		return "No public keys were given: no digest can be verified, so nothing is authentic. "
		       "-k takes the keys that \"aws cloudtrail list-public-keys\" gives.";
	if (r->asked && r->proof.n_given == 0)
		return "What --digests names holds no digest: only digests that were carved count.";
	return NULL;
}

void
lf_carve_tally_all(const struct lf_carve_result *r, struct lf_tally *out)
{
	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < r->n_images; i++)
		lf_tally_add(out, &r->images[i].tally);
}

uint64_t
lf_carve_in_state(const struct lf_carve_result *r, enum lf_carve_state s)
{
	uint64_t n = 0;

	for (size_t k = 0; k < LF_CARVE_KINDS; k++)
		n += r->finds[s][k];
	return n;
}

uint64_t
lf_carve_locations(const struct lf_carve_result *r)
{
	uint64_t n = 0;

	for (size_t s = 0; s < LF_CARVE_STATES; s++)
		n += lf_carve_in_state(r, (enum lf_carve_state)s);
	return n;
}
