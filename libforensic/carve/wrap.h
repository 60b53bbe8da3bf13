/* Bytes wrapped in a plain way: base64 (RFC 4648), and records of an NTFS master file table with their fix-ups. */
#ifndef LF_CARVE_WRAP_H
#define LF_CARVE_WRAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "carve/view.h"

/*
 * Decodes base64 from offset on until something else comes, which may be line ends (bare, or escaped as JSON does it)
 * between, up to max bytes. *end is behind the last character.  False when memory is out.
 */
bool lf_wrap_base64(struct lf_view *v, uint64_t offset, size_t max, struct lf_buf *out, uint64_t *end)
    __attribute__((warn_unused_result, nonnull));

/*
 * The record at offset with the last two bytes of each sector put back from the update sequence (they are replaced on
 * the disk so that a torn write shows).  *fits is false when a sector does not end in the sequence's number, or
 * there is none.  False when memory is out.
 */
bool lf_wrap_ntfs(struct lf_view *v, uint64_t offset, struct lf_buf *out, bool *fits)
    __attribute__((warn_unused_result, nonnull));

#endif
