/*
 * An operand: a folder, a file, an archive, a pipe or standard input, opened once and gone through as often as
 * wanted.
 */
#ifndef LF_EVIDENCE_SOURCE_H
#define LF_EVIDENCE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"
#include "evidence/item.h"
#include "evidence/walk.h"

enum lf_source_kind { LF_SOURCE_FOLDER, LF_SOURCE_FILE, LF_SOURCE_ARCHIVE };

struct lf_source {
	enum lf_source_kind kind;
	char *name; /* the operand as given, trailing slashes gone */
	char *format; /* of an archive, else NULL */
	int fd;     /* opened read-only; of a stream an unlinked spool file */
	bool stream; /* standard input or a pipe: times of the spool file mean nothing */
	uint64_t size; /* bytes of a file or archive */
};

/*
 * Opens operand: a symbolic link is followed here and only here.  "-" and a FIFO, as the shell's <(...) names one,
 * are copied to an unlinked file in tmpdir so that they can be read twice.  Fails when it does not exist, cannot be
 * opened, or is no folder, file or stream.  A block or character device or socket named as operand other than "-" is
 * refused.
 */
int lf_source_open(const char *operand, const char *tmpdir, struct lf_source **out, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));
void lf_source_free(struct lf_source *s);

/* Appends where path lies: "FOLDER/path", "ARCHIVE!path", "FILE". */
void lf_source_locator(const struct lf_source *s, const char *path, size_t path_len, struct lf_buf *out);

struct lf_cursor; /* one going through of a source */

struct lf_cursor *lf_cursor_new(const struct lf_source *s, const struct lf_limits *limits,
    struct lf_err *err) __attribute__((warn_unused_result, nonnull));
void lf_cursor_free(struct lf_cursor *c);

/* As lf_walk_only(), for the cursor of a folder; any other gives all that it has. */
void lf_cursor_only(struct lf_cursor *c, lf_walk_keep_fn *keep, void *arg) __attribute__((nonnull(1, 2)));

/* Puts the next item into item: 1, 0 at the end, -1 when memory is out.  One thread at a time. */
int lf_cursor_next(struct lf_cursor *c, struct lf_item *item, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

/* ---- source_read.c ---- */

/*
 * Of a folder: copies the first bytes, len at most, of the file that stands beside path under another name, path's
 * first root bytes being its folder.  Returns how many, -1 when there is none that can be read.
 */
ssize_t lf_source_peek(const struct lf_source *s, const char *path, size_t root, const char *name, char *to, size_t len)
    __attribute__((nonnull));

/*
 * Reads an item that lf_cursor_next() gave without bytes: any thread.  Trouble (vanished, no right, became a link,
 * changed while it was read, larger than limits->max_object) fills item->problem.  Returns -1 only when memory is out.
 */
int lf_source_read(const struct lf_source *s, const struct lf_limits *limits, struct lf_item *item,
    struct lf_err *err) __attribute__((warn_unused_result, nonnull));

/*
 * Of a folder: how many bytes the regular file at item->path has, without opening it and following no link; -1 when
 * there is none, or that cannot be told.  item keeps the folder that the file lies in open, as in lf_source_read(): any
 * thread, but one at a time for an item.
 */
int64_t lf_source_size(const struct lf_source *s, struct lf_item *item) __attribute__((nonnull));

/* Takes a piece of the bytes of an item.  Returns 0 to go on. */
typedef int lf_source_take_fn(void *arg, const void *bytes, size_t len);

/*
 * Gives take() the stored bytes of an item of a folder, of a file, or of an archive as a whole, piece by piece and
 * whatever its size: any thread.  Trouble fills item->problem, which is empty when all was read.  Returns -1 only when
 * memory is out.
 */
int lf_source_feed(const struct lf_source *s, struct lf_item *item, lf_source_take_fn *take, void *arg, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull(1, 2, 3, 5)));

#endif
