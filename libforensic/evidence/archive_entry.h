/* What the header of an archive's entry says, for evidence/archive only. */
#ifndef LF_EVIDENCE_ARCHIVE_ENTRY_H
#define LF_EVIDENCE_ARCHIVE_ENTRY_H

#include <archive_entry.h>
#include <stdbool.h>

#include "evidence/item.h"

/* Puts the entry's name into item: raw bytes, without "./" and "/" in front. */
void lf_entry_name(struct archive_entry *e, struct lf_item *item);

/* Takes from the entry's extended attributes what rclone and the like keep of a digest's metadata. */
void lf_entry_xattrs(struct archive_entry *e, struct lf_item *item);

bool lf_entry_has_size(struct archive_entry *e);

/* Whether the entry is a folder, or the zero-length object that S3's console makes for one; item has its name. */
bool lf_entry_is_folder(struct archive_entry *e, const struct lf_item *item);

/* Fills item->problem when the entry has no bytes of its own to read. */
void lf_entry_judge(struct archive_entry *e, const struct lf_limits *limits, struct lf_item *item);

#endif
