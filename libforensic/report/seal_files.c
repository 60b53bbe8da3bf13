/* The files of a manifest, for the forms that list files. */
#include <string.h>

#include "report/seal_form.h"

void
lf_manifest_files(const struct lf_manifest *m, void (*each)(void *arg, const struct lf_manifest_file *f), void *arg)
{
	for (uint32_t i = 0; i < m->sources.n; i++) {
		const struct lf_manifest_source *s = lf_manifest_source_at(m, i);

		if (s->kind == LF_SOURCE_ARCHIVE && s->hashed)
			each(arg, &(struct lf_manifest_file){.source = s, .size = s->size, .mtime = s->mtime, .hash = s->hash});
	}
	for (uint32_t i = 0; i < m->objects.n; i++) {
		const struct lf_manifest_object *o = lf_manifest_object_at(m, i);
		const struct lf_manifest_source *s = lf_manifest_source_at(m, o->source);

		if (s->kind != LF_SOURCE_ARCHIVE && o->problem == NULL)
			each(arg, &(struct lf_manifest_file){.source = s, .object = o, .size = o->size, .mtime = o->mtime,
			    .hash = o->hash});
	}
}

bool
lf_has_line_feed(const char *name)
{
	return strchr(name, '\n') != NULL;
}
