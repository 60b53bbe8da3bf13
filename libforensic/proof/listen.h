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

#endif
