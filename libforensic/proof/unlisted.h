/*
 * Logs that no digest lists: forged, of a trail without validation, or of a time that no digest covers
 * (trail-findings(7), log-unreferenced and log-undigested).
 */
#ifndef LF_PROOF_UNLISTED_H
#define LF_PROOF_UNLISTED_H

#include "proof/chain.h"
#include "proof/finding.h"

/* What is known of an unlisted log. */
struct lf_unlisted {
	uint32_t present;  /* row */
	const char *account, *region; /* from its name, else from its first record; "" unknown */
	enum lf_log_class log_class;
	int64_t time;      /* the stamp in its name, else its newest event; LF_TIME_NONE unknown */
	/* of its account and region, the one that covers its time if any does; LF_NO_CHAIN without */
	uint32_t chain;
	/* LF_L_UNREFERENCED, LF_L_UNDIGESTED, LF_L_MODIFIED (a second content of a listed name), LF_L_MALFORMED */
	uint8_t status;
	bool class_unseen; /* undigested because no verified digest lists logs of its class */
	bool copy;         /* each of its records stands, equal, in a verified log */
};

struct lf_unlisteds {
	struct lf_list list; /* struct lf_unlisted, in the order of present rows */
};

/* Finds the unlisted logs of the run and places each; also sets the tails' newest_log and counts keyless logs. */
int lf_unlisted_find(struct lf_body *b, struct lf_chains *c, struct lf_unlisteds *out, struct lf_err *err)
    __attribute__((warn_unused_result));
void lf_unlisteds_free(struct lf_unlisteds *u);

/* Appends "s3://bucket/prefix/AWSLogs/..." where a chain covers the log, else its path from "AWSLogs/" on. */
void lf_unlisted_object(const struct lf_body *b, const struct lf_chains *c, const struct lf_unlisted *u,
    struct lf_buf *out);

/* Adds their findings. */
int lf_unlisted_judge(struct lf_body *b, const struct lf_chains *c, const struct lf_unlisteds *u, struct lf_findings *f,
    struct lf_err *err) __attribute__((warn_unused_result));

#endif
