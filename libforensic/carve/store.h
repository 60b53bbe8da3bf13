/*
 * The output directory while a pass goes on.  Everything is written below one open folder, under a temporary name
 * first; whole files are named by the SHA-256 of their bytes, so that writing one again changes nothing.
 *
 *   files/SHA256.json.gz   stored bytes of whole members (SHA256.json: text that was found inflated)
 *   partial/OFFSET.json    content of what is incomplete: each byte in its place, those that are not known NUL
 *   partial/OFFSET.map     {"unknown":[{"offset","length"},...],"unproved":[...]}: which those are; and which were
 *                          decoded from data that are damaged, nobody knows from where on
 *   carve.finds, carve.records  work files: finds and records as found; they go when a run is over
 * OFFSET is followed by the rest of the path, and led by the image's number and '_' but for the first.
 */
#ifndef LF_CARVE_STORE_H
#define LF_CARVE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "carve/find.h"

struct lf_carve_store;

/*
 * Makes dir, or takes an empty one; with resume one that an earlier run left.  A symbolic link is refused, and so is a
 * directory that another run is at work in.
 */
int lf_carve_store_open(const char *dir, bool resume, struct lf_carve_store **out, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));
void lf_carve_store_free(struct lf_carve_store *s);
int lf_carve_store_folder(const struct lf_carve_store *s); /* open; the store's */

/* Goes back to work files of so many bytes. */
int lf_carve_store_cut(struct lf_carve_store *s, uint64_t finds, uint64_t records, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));
/* Writes a find of image (a number) down. */
int lf_carve_store_add(struct lf_carve_store *s, uint32_t image, const struct lf_find *f, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));
/* All that was added is on the disk when this returns; how long the work files are. */
int lf_carve_store_sync(struct lf_carve_store *s, uint64_t *finds, uint64_t *records, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));
/* Calls take(arg, item) for all items of a work file, records or finds, in the order in which they were written. */
int lf_carve_store_each(struct lf_carve_store *s, bool records,
    int (*take)(void *arg, const void *item, struct lf_err *err), void *arg, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull(1, 3, 5)));
/* Takes away what lf_carve_store_open() made in an empty folder, and that: nothing was done yet. */
void lf_carve_store_undo(struct lf_carve_store *s) __attribute__((nonnull));
/* The run is over: the work files go. */
int lf_carve_store_end(struct lf_carve_store *s, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

#endif
