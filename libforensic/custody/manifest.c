#include "custody/manifest.h"

#include <string.h>

static const char *const roles[LF_ROLES] = {
    [LF_ROLE_LOG] = "log",
    [LF_ROLE_DIGEST] = "digest",
    [LF_ROLE_INSIGHT] = "insight",
    [LF_ROLE_NETWORK] = "network",
    [LF_ROLE_AGGREGATED] = "aggregated",
    [LF_ROLE_LAKE_SIGN] = "lake-signature",
    [LF_ROLE_LAKE_RESULT] = "lake-result",
    [LF_ROLE_METADATA] = "metadata",
    [LF_ROLE_KEYS] = "keys",
    [LF_ROLE_EVENTS] = "events",
    [LF_ROLE_OTHER] = "other",
};

const char *
lf_role_name(enum lf_role r)
{
	return roles[r];
}

enum lf_role
lf_role_of(const char *name)
{
	int i = 0;

	while (i < LF_ROLES && strcmp(roles[i], name) != 0)
		i++;
	return (enum lf_role)i;
}

void
lf_manifest_init(struct lf_manifest *m)
{
	memset(m, 0, sizeof(*m));
	lf_list_init(&m->sources, sizeof(struct lf_manifest_source));
	lf_list_init(&m->objects, sizeof(struct lf_manifest_object));
	lf_arena_init(&m->arena);
}

void
lf_manifest_free(struct lf_manifest *m)
{
	lf_list_free(&m->sources);
	lf_list_free(&m->objects);
	lf_arena_free(&m->arena);
}

void
lf_manifest_count(struct lf_manifest *m, const struct lf_manifest_object *o)
{
	if (o->problem != NULL) {
		m->skipped++;
		return;
	}
	m->bytes += o->size;
	m->content += o->inflated ? o->content : 0;
}

void
lf_manifest_locator(const struct lf_manifest *m, const struct lf_manifest_object *o, struct lf_buf *out)
{
	const struct lf_manifest_source *s = lf_manifest_source_at(m, o->source);
	size_t len = strlen(s->name);

	lf_buf_add(out, s->name, len);
	if (s->kind == LF_SOURCE_FILE || o->path[0] == '\0')
		return;
	if (s->kind == LF_SOURCE_ARCHIVE)
		lf_buf_putc(out, '!');
	else if (len == 0 || s->name[len - 1] != '/')
		lf_buf_putc(out, '/');
	lf_buf_puts(out, o->path);
}
