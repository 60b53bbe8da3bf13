/* Which object of the evidence is meant by a part of its key. */
#ifndef LF_REPORT_PROVE_PICK_H
#define LF_REPORT_PROVE_PICK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "proof/rows.h"

enum lf_pick_kind {
	LF_PICK_NOTHING,
	LF_PICK_DIGEST,   /* row: of the digests */
	LF_PICK_LOG,      /* of the listed logs */
	LF_PICK_UNLISTED, /* of the logs that are present */
	LF_PICK_MISSING   /* of the findings */
};

struct lf_pick {
	enum lf_pick_kind kind;
	uint32_t row;        /* of the last that matched */
	unsigned matches;
	bool exact;          /* wanted is all of the key, or its last parts: then no others count */
	struct lf_buf names; /* of the first few, for the message; set up and freed by the caller */
};

/* Holds the keys of all objects against what was asked for.  names.failed tells that memory is out. */
void lf_pick_object(const struct lf_proof *p, const char *wanted, struct lf_pick *c);

#endif
