/*
 * The output directory: what is written while a pass goes on, and what is made of it at its end.  Everything is written
 * below one open folder; whole files are named by the SHA-256 of their bytes, so that writing one again changes nothing.
 *
 *   files/SHA256.json.gz    stored bytes of exact members (SHA256.json for text that was found inflated)
 *   partial/IMAGE-OFFSET.json   content of parts, unknown bytes as U+FFFD never: left out, see the map
 *   partial/IMAGE-OFFSET.map    a line for each run of content: offset, length, known or unknown
 *   carve.jsonl             a row for each location (lf_rows_find())
 *   records.jsonl           each record once, with all its locations, by eventTime, eventID, SHA-256
 *   events.jsonl            the eventIDs of each row's complete records: {"id","event_ids"}
 *   carve.state             while it is not finished (carve/state)
 *   carve.work/             the same: finds and records as found, before the proof is known
 */
#ifndef LF_CARVE_STORE_H
#define LF_CARVE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "carve/find.h"

struct lf_store;

/* How long the appended work files are: what a checkpoint remembers, and what a resumed run cuts them to. */
struct lf_store_lengths {
	uint64_t finds, records;
};

/* Opens (makes, with resume opens again) dir: new or empty unless resume.  Refuses a symbolic link, and a directory that lies inside one of the
 * n folders, or is one. */
int lf_store_open(const char *dir, bool resume, struct lf_store **out, struct lf_err *err) __attribute__((warn_unused_result, nonnull));
void lf_store_free(struct lf_store *s);
int lf_store_fd(const struct lf_store *s); /* the folder */

/* Writes a find of image (a number) down: its file or part at once, its row and records to the work files. */
int lf_store_add(struct lf_store *s, unsigned image, const struct lf_find *f, struct lf_err *err) __attribute__((warn_unused_result, nonnull));
/* All that was added is on the disk when this returns. */
int lf_store_sync(struct lf_store *s, struct lf_store_lengths *out, struct lf_err *err) __attribute__((warn_unused_result, nonnull));
/* Goes back to lengths; parts and files written later are written again with the same bytes. */
int lf_store_cut(struct lf_store *s, const struct lf_store_lengths *lengths, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

#endif
