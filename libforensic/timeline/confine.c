/* What a timeline may still do once it reads. */
#include <fcntl.h>
#include <unistd.h>

#include "base/sandbox.h"
#include "timeline/state.h"

/* Runs are open already: there is nothing else to read. */
static int
confine_runs(const char *outdir, struct lf_err *err)
{
	int out = outdir == NULL ? -1 : open(outdir, O_PATH | O_DIRECTORY | O_CLOEXEC), rc;

	rc = lf_sandbox_enter(&(struct lf_sandbox){.write_dirs = &out, .n_write = out >= 0}, err);
	if (out >= 0)
		close(out);
	return rc;
}

int
lf_timeline_confine(struct lf_timeline *t, const char *outdir, struct lf_err *err)
{
	return t->c != NULL ? lf_case_confine(t->c, outdir, err) : confine_runs(outdir, err);
}
