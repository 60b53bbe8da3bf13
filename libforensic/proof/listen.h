/* Every object of the one pass for two: its product for the proof, and another for a listener. */
#ifndef LF_PROOF_LISTEN_H
#define LF_PROOF_LISTEN_H

#include "proof/body.h"
#include "proof/verify.h"

struct lf_listening {
	struct lf_body *body;
	const struct lf_listener *listener;
};

/* Makes the reader serve both; l must live as long as it runs. */
void lf_listen(struct lf_listening *l, struct lf_reader *r);

/*
 * Two listeners as one: both see every object that either wants.  work_both, where there is one, does the work of both
 * in one go.
 */
struct lf_two_listeners {
	struct lf_listener a, b;
	/* arg: a's */
	int (*work_both)(void *arg, const struct lf_object *o, void **a_product, void **b_product, struct lf_err *err);
};
void lf_listen_two(struct lf_two_listeners *two, struct lf_listener *out);

#endif
