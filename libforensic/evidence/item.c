#include "evidence/item.h"

#include <unistd.h>

#define KEEP_MAX ((size_t)8 << 20) /* a larger buffer is given back when it is not needed any more */

void
lf_item_init(struct lf_item *i)
{
	lf_buf_init(&i->path);
	lf_buf_init(&i->stored);
	lf_buf_init(&i->problem);
	lf_buf_init(&i->signature);
	lf_buf_init(&i->backfill);
	lf_buf_init(&i->folder);
	i->folder_fd = -1;
	i->folder_root = -1;
	i->read = i->large = false;
	i->mtime = LF_TIME_NONE;
}

void
lf_item_free(struct lf_item *i)
{
	lf_buf_free(&i->path);
	lf_buf_free(&i->stored);
	lf_buf_free(&i->problem);
	lf_buf_free(&i->signature);
	lf_buf_free(&i->backfill);
	lf_buf_free(&i->folder);
	if (i->folder_fd >= 0)
		close(i->folder_fd);
	i->folder_fd = -1;
	i->read = false;
}

void
lf_item_reset(struct lf_item *i)
{
	if (i->stored.cap > KEEP_MAX)
		lf_buf_free(&i->stored);
	lf_buf_reset(&i->path);
	lf_buf_reset(&i->stored);
	lf_buf_reset(&i->problem);
	lf_buf_reset(&i->signature);
	lf_buf_reset(&i->backfill);
	i->read = i->large = false;
	i->mtime = LF_TIME_NONE;
}
