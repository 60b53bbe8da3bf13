/* Which object of evidence as it is (now) is which of evidence as it was (then). */
#ifndef LF_CUSTODY_MANIFEST_PAIR_H
#define LF_CUSTODY_MANIFEST_PAIR_H

#include <string.h>

#include "custody/manifest.h"

#define LF_PAIR_NONE UINT32_MAX

struct lf_pairing {
	const struct lf_manifest *then, *now;
	uint32_t *source; /* of each source of now, the one of then; LF_PAIR_NONE */
	uint32_t *then_of, *now_of; /* of each object of now and of then, its partner; LF_PAIR_NONE */
};

/*
 * Finds the partner of every object: first what is as it was, then what changed at its place, then what moved.  Safe to
 * free in any case.
 */
int lf_pairing_make(struct lf_pairing *p, const struct lf_manifest *then, const struct lf_manifest *now, struct lf_err *err)
    __attribute__((warn_unused_result));
void lf_pairing_free(struct lf_pairing *p);

/* Whether a pair lies where it lay: operands are paired, so that these may have other names. */
bool lf_pairing_same_place(const struct lf_pairing *p, const struct lf_manifest_object *then, const struct lf_manifest_object *now);

#endif
