/* The one pass for two: the proof, and somebody who wants the objects for another reason. */
#ifndef LF_PROOF_VERIFY_H
#define LF_PROOF_VERIFY_H

#include "proof/case.h"
#include "proof/result.h"
#include "record/reader.h"

/* Who listens sees every object that the pass reads, each once.  Functions as in struct lf_reader. */
struct lf_listener {
	bool (*want)(void *arg, uint32_t source, const char *place, size_t len, const struct lf_s3key *key);
	int (*work)(void *arg, const struct lf_object *o, void **product, struct lf_err *err);
	/* present: the row of the object in the body's list of logs, LF_NONE when it is no log. */
	int (*deliver)(void *arg, void *product, uint32_t present, struct lf_err *err);
	void (*drop)(void *arg, void *product);
	uint64_t (*weight)(void *arg, const void *product);
	uint64_t bound;
	void *arg;
};

/*
 * lf_verify() with a listener.  All that the evidence holds is proved, whatever the case selects: what a log is does
 * not depend on what was asked for, and what is read the listener decides.
 */
int lf_verify_listen(struct lf_case *c, bool detail, const struct lf_listener *listener, struct lf_result **out,
    struct lf_err *err) __attribute__((warn_unused_result, nonnull));

#endif
