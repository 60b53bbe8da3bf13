#include "report/merge_findings.h"

#include <stdlib.h>
#include <string.h>

#include "proof/result.h"
#include "report/report_value.h"

void
lf_merge_findings_init(struct lf_merge_findings *f)
{
	*f = (struct lf_merge_findings){.order = NULL};
	lf_findings_init(&f->all);
}

void
lf_merge_findings_free(struct lf_merge_findings *f)
{
	lf_findings_free(&f->all);
	free(f->order);
}

const struct lf_finding *
lf_merge_finding(const struct lf_merge_findings *f, uint32_t i)
{
	return lf_list_at(&f->all.list, f->order[i]);
}

static bool
severity_read(const char *name, enum lf_severity *out)
{
	for (int i = LF_ALERT; name != NULL && i <= LF_NOTICE; i++) {
		if (strcmp(lf_severity_name((enum lf_severity)i), name) == 0) {
			*out = (enum lf_severity)i;
			return true;
		}
	}
	return false;
}

/* Takes over one finding. */
static int
take(struct lf_merge_findings *f, const json_t *o, struct lf_err *err)
{
	const json_t *expected = json_object_get(o, "expected"), *offset = json_object_get(o, "offset");
	const char *name = lf_json_string(o, "id"), *message = lf_json_string(o, "message");
	enum lf_finding_id id = name == NULL ? LF_F_COUNT : lf_finding_id(name);
	struct lf_finding *x;

	if (id == LF_F_COUNT || message == NULL)
		return lf_err_set(err, "a finding has no known \"id\" or no \"message\"");
	if (id == LF_F_CHAIN_TRUNCATED || id == LF_F_METADATA_WITHOUT_OBJECT)
		return 0;
	if ((x = lf_findings_add(&f->all, err, id, "%s", message)) == NULL)
		return -1;
	if (!severity_read(lf_json_string(o, "severity"), &x->severity))
		return lf_err_set(err, "a finding has no known \"severity\"");
	x->severity = lf_finding_severity(id, x->severity);
	x->object = lf_json_string(o, "object");
	x->locator = lf_json_string(o, "locator");
	x->start = lf_value_time(o, "start");
	x->end = lf_value_time(o, "end");
	x->offset = json_is_integer(offset) ? json_integer_value(offset) : -1;
	x->expected_sha256 = lf_json_string(expected, "sha256");
	x->expected_signature = lf_json_string(expected, "signature");
	x->count = (int64_t)lf_value_count(o, "count");
	return 0;
}

static int
order_cmp(const void *x, const void *y, void *arg)
{
	struct lf_merge_findings *f = arg;
	uint32_t i = *(const uint32_t *)x, j = *(const uint32_t *)y;
	int c = lf_finding_cmp(lf_list_at(&f->all.list, i), lf_list_at(&f->all.list, j));

	return c != 0 ? c : i < j ? -1 : i > j;
}

int
lf_merge_findings_take(struct lf_merge_findings *f, const struct lf_shard_docs *d, struct lf_err *err)
{
	const json_t *o;
	size_t at;

	for (size_t i = 0; i < d->n; i++)
		json_array_foreach(json_object_get(d->docs[i], "findings"), at, o)
			if (take(f, o, err) != 0)
				return -1;
	return 0;
}

/* Findings that every shard gives, because no account and region owns them, are kept once. */
static void
drop_repeated(struct lf_merge_findings *f)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < f->n; i++) {
		const struct lf_finding *x = lf_list_at(&f->all.list, f->order[i]);

		if (kept > 0 && x->id == LF_F_KEY_FINGERPRINT_MISMATCH &&
		    lf_finding_cmp(x, lf_list_at(&f->all.list, f->order[kept - 1])) == 0)
			continue;
		f->order[kept++] = f->order[i];
	}
	f->n = kept;
}

int
lf_merge_findings_sort(struct lf_merge_findings *f, struct lf_err *err)
{
	f->n = f->all.list.n;
	if ((f->order = calloc((size_t)f->n + 1, sizeof(*f->order))) == NULL)
		return lf_err_nomem(err);
	for (uint32_t i = 0; i < f->n; i++)
		f->order[i] = i;
	qsort_r(f->order, f->n, sizeof(*f->order), order_cmp, f);
	drop_repeated(f);
	return 0;
}
