/* One thing found in a source: a path and, once read, its stored bytes. */
#ifndef LF_EVIDENCE_ITEM_H
#define LF_EVIDENCE_ITEM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "forensic.h"

struct lf_limits {
	uint64_t max_object; /* bytes of one object, stored or inflated */
	uint64_t max_total;  /* inflated bytes of one source; 0 for no absolute cap */
};

struct lf_item {
	struct lf_buf path;      /* inside the source; raw bytes, '/' between parts, no leading "./" */
	struct lf_buf stored;    /* the bytes as stored */
	bool read;               /* stored is filled (archives do so at once, folders in lf_source_read()) */
	struct lf_buf problem;   /* why it cannot be read; empty when all is well */
	struct lf_buf signature; /* user.signature extended attribute, hex as found; empty without */
	struct lf_buf backfill;  /* user.backfill-generation-timestamp, likewise */
	/* when it was changed last, as the source has it; LF_TIME_NONE where it does not tell */
	int64_t mtime;
	bool large;              /* problem is that it is larger than max_object: lf_source_feed() reads it */

	/* The folder opened last, so that the objects of one folder are opened by their base names. */
	int folder_fd;           /* -1 without */
	int folder_root;         /* the source's fd */
	struct lf_buf folder;
};

void lf_item_init(struct lf_item *i);
void lf_item_free(struct lf_item *i);
void lf_item_reset(struct lf_item *i);

#endif
