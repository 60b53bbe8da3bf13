#include "timeline/contents.h"

void
lf_contents_start(struct lf_contents *t, const struct lf_object *o, uint64_t max_object, struct lf_inflater **inflater)
{
	*t = (struct lf_contents){.o = o, .max_object = max_object, .inflater = inflater, .gz = o->gz};
}

/* Notes the first trouble. */
static void
note(struct lf_contents *t, const char *problem, size_t offset)
{
	if (t->problem != NULL)
		return;
	t->problem = problem;
	t->offset = offset;
}

/* The content of the object itself. */
static int
first(struct lf_contents *t, const char **text, size_t *len)
{
	t->started = true;
	if (t->gz.state > LF_GZIP_WHOLE)
		note(t, lf_gzip_state_text(t->gz.state), t->gz.offset);
	t->at = t->gz.offset;
	if (t->gz.data == NULL)
		return 0;
	*text = (const char *)t->gz.data;
	*len = t->gz.len;
	return 1;
}

int
lf_contents_next(struct lf_contents *t, const char **text, size_t *len, struct lf_err *err)
{
	const unsigned char *stored = (const unsigned char *)lf_buf_str(&t->o->item->stored);
	size_t at = t->at;

	if (!t->started)
		return first(t, text, len);
	if (t->gz.trailing == 0 || t->gz.state != LF_GZIP_WHOLE)
		return 0;
	if (!t->gz.member_follows || t->o->key.kind == LF_KEY_LOG) {
		note(t, "bytes behind the gzip member, not read", at);
		return 0;
	}
	if (*t->inflater == NULL && (*t->inflater = lf_inflater_new(err)) == NULL)
		return -1;
	if (lf_gunzip(*t->inflater, stored + at, t->o->item->stored.len - at, t->max_object, &t->gz, err) != 0)
		return -1;
	t->at = at + t->gz.offset;
	if (t->gz.state != LF_GZIP_WHOLE)
		note(t, lf_gzip_state_text(t->gz.state), t->at);
	if (t->gz.data == NULL)
		return 0;
	*text = (const char *)t->gz.data;
	*len = t->gz.len;
	return 1;
}
