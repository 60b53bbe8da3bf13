#include "evidence/archive_entry.h"

#include <archive.h>
#include <string.h>

#include "forensic.h"

#define XATTR_MAX 4096

void
lf_entry_name(struct archive_entry *e, struct lf_item *item)
{
	const char *name = archive_entry_pathname(e);
	size_t len;

	if (name == NULL)
		name = archive_entry_pathname_utf8(e);
	if (name == NULL)
		name = "";
	while (name[0] == '/' || (name[0] == '.' && (name[1] == '/' || name[1] == '\0')))
		name++;
	len = strlen(name);
	if (len > LF_MAX_PATH) {
		len = LF_MAX_PATH;
		lf_buf_printf(&item->problem, "name longer than %d bytes", LF_MAX_PATH);
	}
	lf_buf_add(&item->path, name, len);
}

void
lf_entry_xattrs(struct archive_entry *e, struct lf_item *item)
{
	const char *name;
	const void *value;
	size_t len;

	archive_entry_xattr_reset(e);
	while (archive_entry_xattr_next(e, &name, &value, &len) == ARCHIVE_OK) {
		if (name == NULL || value == NULL || len > XATTR_MAX)
			continue;
		if (strcmp(name, "user.signature") == 0 && item->signature.len == 0)
			lf_buf_add(&item->signature, value, len);
		else if (strcmp(name, "user.backfill-generation-timestamp") == 0 && item->backfill.len == 0)
			lf_buf_add(&item->backfill, value, len);
	}
}

bool
lf_entry_has_size(struct archive_entry *e)
{
	return archive_entry_size_is_set(e) && archive_entry_size(e) >= 0;
}

bool
lf_entry_is_folder(struct archive_entry *e, const struct lf_item *item)
{
	if (archive_entry_filetype(e) == AE_IFDIR)
		return true;
	return item->path.len > 0 && item->path.data[item->path.len - 1] == '/' && lf_entry_has_size(e) &&
	    archive_entry_size(e) == 0;
}

void
lf_entry_judge(struct archive_entry *e, const struct lf_limits *limits, struct lf_item *item)
{
	const char *target = archive_entry_hardlink(e);

	if (target == NULL)
		target = archive_entry_hardlink_utf8(e);
	if (target != NULL && !(lf_entry_has_size(e) && archive_entry_size(e) > 0)) {
		lf_buf_printf(&item->problem, "hard link to %.1024s, not followed", target);
		return;
	}
	switch (archive_entry_filetype(e)) {
	case AE_IFLNK:
		lf_buf_puts(&item->problem, "symbolic link, not followed");
		return;
	case AE_IFIFO:
		lf_buf_puts(&item->problem, "FIFO");
		return;
	case AE_IFSOCK:
		lf_buf_puts(&item->problem, "socket");
		return;
	case AE_IFCHR:
	case AE_IFBLK:
		lf_buf_puts(&item->problem, "device");
		return;
	}
	if (archive_entry_is_encrypted(e))
		lf_buf_puts(&item->problem, "encrypted");
	else if (item->path.len == 0)
		lf_buf_puts(&item->problem, "entry without a readable name");
	else if (lf_entry_has_size(e) && (uint64_t)archive_entry_size(e) > limits->max_object)
		lf_buf_printf(&item->problem, "is larger (%llu bytes) than the cap on one object (%llu)",
		    (unsigned long long)archive_entry_size(e), (unsigned long long)limits->max_object);
}
