/* The JSON results of the shards of one run: read, and checked to be one whole set. */
#ifndef LF_REPORT_SHARD_DOCS_H
#define LF_REPORT_SHARD_DOCS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/json.h"

/* Of which tool the documents are, and the lists that each must have, up to NULL. */
struct lf_shard_kind {
	const char *tool;
	const char *const *lists;
};

struct lf_shard_docs {
	const struct lf_shard_kind *kind; /* NULL: of trail-verify */
	const char *const *files;
	size_t n;
	json_t **docs;
};

/*
 * Reads the files.  Fails when one is no result of that tool, or when they are not the shards 1 to N of one run,
 * each once, made with the same version, window, key files and detail.  Free d in any case.
 */
int lf_shard_docs_read(struct lf_shard_docs *d, const char *const *files, size_t n, struct lf_err *err)
    __attribute__((warn_unused_result));
/* The same with one document that is read already, of which a reference is taken. */
int lf_shard_docs_take(struct lf_shard_docs *d, json_t *doc, const char *const *name, struct lf_err *err)
    __attribute__((warn_unused_result));
void lf_shard_docs_free(struct lf_shard_docs *d);

/* Elements of a list in all documents together. */
size_t lf_shard_docs_total(const struct lf_shard_docs *d, const char *list);

#endif
