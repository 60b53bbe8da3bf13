/* What became of each log that a digest lists: given, carved, perhaps in part, or missing. */
#ifndef LF_REPORT_CARVE_FATES_H
#define LF_REPORT_CARVE_FATES_H

#include "base/arena.h"
#include "carve/result.h"
#include "report/carve_rows.h"

enum lf_carve_fate {
	LF_FATE_GIVEN,   /* among the evidence of the digests, and perhaps carved, too */
	LF_FATE_CARVED,  /* there and nowhere else */
	LF_FATE_PARTIAL, /* not there; something incomplete is of its account, region and time */
	LF_FATE_MISSING,
	LF_FATES
};

struct lf_carve_listed_fate {
	enum lf_carve_fate fate;
	const char *where;  /* of a carved one: the path of the first place; else NULL */
	uint32_t *parts;    /* of a partial one: which of the result's parts may be of it */
	uint32_t n_parts;
};

struct lf_carve_fates {
	struct lf_carve_listed_fate *list; /* in the order of proof.listed */
	uint32_t *by_key;                  /* that list, ascending by key */
	uint32_t *fits;                    /* of each part of the result: of how many logs it may be */
	uint64_t count[LF_FATES];
	struct lf_arena strings;
};

/* From the result and the rows; free it in either case. */
int lf_carve_fates_make(const struct lf_carve_result *r, const struct lf_carve_rows *rows, struct lf_carve_fates *out,
    struct lf_err *err) __attribute__((warn_unused_result, nonnull));
void lf_carve_fates_free(struct lf_carve_fates *f);

const char *lf_carve_fate_name(enum lf_carve_fate f); /* "given" "found" "partial" "missing" */

#endif
