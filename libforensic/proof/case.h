/* What lf_case_open() opened: sources, keys, metadata, and what of it a run is about. */
#ifndef LF_PROOF_CASE_H
#define LF_PROOF_CASE_H

#include "evidence/meta.h"
#include "evidence/source.h"
#include "proof/keyring.h"
#include "record/select.h"

struct lf_case {
	struct lf_source **sources; /* sorted by name, each once */
	size_t n_sources;
	struct lf_keyring keys;
	struct lf_meta meta;
	struct lf_select select;
	struct lf_limits limits;
	const char *tmpdir; /* for temporary files */
	unsigned jobs;
	lf_progress_fn *progress;
	void *progress_arg;
	struct lf_arena arena; /* copies of strings */
};

/* As lf_cases_confine(), with open folders in which files may be made, written and renamed. */
int lf_cases_confine_to(struct lf_case *const *cases, size_t n_cases, const int *write_dirs, size_t n_write,
    struct lf_err *err) __attribute__((warn_unused_result));

#endif
