#include "evidence/meta_fact.h"

#include <strings.h>

struct lf_slice *
lf_meta_field(struct lf_meta_fact *f, const char *name, size_t len)
{
	static const char prefix[] = "x-amz-meta-";
	static const struct {
		const char *name;
		size_t offset;
	} fields[] = {
	    {"signature", offsetof(struct lf_meta_fact, signature)},
	    {"signature-algorithm", offsetof(struct lf_meta_fact, algorithm)},
	    {"backfill-generation-timestamp", offsetof(struct lf_meta_fact, backfill)},
	};

	if (len >= sizeof(prefix) - 1 && strncasecmp(name, prefix, sizeof(prefix) - 1) == 0) {
		name += sizeof(prefix) - 1;
		len -= sizeof(prefix) - 1;
	}
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (strlen(fields[i].name) == len && strncasecmp(name, fields[i].name, len) == 0)
			return (struct lf_slice *)(void *)((char *)f + fields[i].offset);
	return NULL;
}

bool
lf_meta_says(const struct lf_meta_fact *f)
{
	return f->signature.s != NULL || f->algorithm.s != NULL || f->backfill.s != NULL;
}
