/* Control events as bytes, between the threads that find them and the one that gathers them. */
#ifndef LF_COVERAGE_CONTROL_RECORD_H
#define LF_COVERAGE_CONTROL_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

enum lf_control_field {
	LF_CTL_SOURCE,
	LF_CTL_NAME,
	LF_CTL_ERROR,
	LF_CTL_ID,
	LF_CTL_PRINCIPAL,
	LF_CTL_KEY,
	LF_CTL_IP,
	LF_CTL_ACCOUNT,
	LF_CTL_REGION,
	LF_CTL_TARGET,
	LF_CTL_TRAIL,
	LF_CTL_TRAIL_REGION,
	LF_CTL_TRAIL_ACCOUNT,
	/* the one form of what the target is (coverage/control_thing.h); of a thing that a trail uses all there is */
	LF_CTL_THING,
	LF_CTL_DETAIL,
	LF_CTL_FIELDS
};

/*
 * As it stands in front of the texts, which follow one another without anything between.  No byte of it is undefined.
 */
struct lf_control_head {
	int64_t time;
	uint64_t cut;      /* where texts were cut, a hash of the record: what was cut away may differ */
	uint32_t effects;
	uint16_t row;      /* of the table */
	uint8_t thing;     /* enum lf_thing */
	uint8_t is_use : 1, effective : 1, impairs : 1, owner : 2; /* is_use: no event, but a thing that a trail uses */
	uint32_t len[LF_CTL_FIELDS];
};

struct lf_control_record {
	struct lf_control_head head;
	struct lf_slice f[LF_CTL_FIELDS];
};

/* Takes one from *bytes, which lies in *len bytes; both are moved on.  False at the end. */
bool lf_control_take(const char **bytes, size_t *len, struct lf_control_record *out);

#endif
