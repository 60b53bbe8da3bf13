#include "carve/find.h"

#include <stdlib.h>

void
lf_find_free(struct lf_find *f)
{
	free(f->records);
	free(f->known);
	free(f->unknown);
	lf_buf_free(&f->text);
	f->records = NULL;
	f->known = NULL;
	f->unknown = NULL;
	f->n_records = f->n_known = f->n_unknown = 0;
}

uint64_t
lf_find_end(const struct lf_find *f)
{
	return f->n_runs == 0 ? f->start : f->runs[0].to;
}

int
lf_find_cmp(const struct lf_find *a, const struct lf_find *b)
{
	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	if (lf_find_end(a) != lf_find_end(b))
		return lf_find_end(a) > lf_find_end(b) ? -1 : 1;
	return lf_slice_cmp(lf_find_slice(a, a->path, a->path_len), lf_find_slice(b, b->path, b->path_len));
}

const char *
lf_carve_state_name(enum lf_carve_state s)
{
	static const char *const names[LF_CARVE_STATES] = {
	    [LF_CARVE_AUTHENTIC] = "authentic", [LF_CARVE_LISTED] = "listed", [LF_CARVE_WHOLE] = "whole",
	    [LF_CARVE_JOINED] = "joined", [LF_CARVE_PREFIX] = "prefix", [LF_CARVE_RESYNC] = "resync",
	    [LF_CARVE_RECORD] = "record", [LF_CARVE_FRAGMENT] = "fragment",
	};

	return names[s];
}

const char *
lf_carve_kind_name(enum lf_carve_kind k)
{
	static const char *const names[LF_CARVE_KINDS] = {
	    [LF_CARVE_LOG] = "log", [LF_CARVE_DIGEST] = "digest", [LF_CARVE_ENVELOPE] = "envelope",
	    [LF_CARVE_LOOSE] = "record",
	};

	return names[k];
}

const char *
lf_carve_method_name(enum lf_carve_method m)
{
	static const char *const names[LF_CARVE_METHODS] = {
	    [LF_CARVE_GZIP] = "gzip", [LF_CARVE_TEXT] = "text", [LF_CARVE_UTF16LE] = "utf-16le",
	    [LF_CARVE_UTF16BE] = "utf-16be", [LF_CARVE_ESCAPED] = "escaped", [LF_CARVE_BASE64] = "base64",
	    [LF_CARVE_JOIN] = "join", [LF_CARVE_SALVAGE] = "salvage",
	};

	return names[m];
}
