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

#endif
