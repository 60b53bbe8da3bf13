#include <string.h>

#include "forensic.h"
#include "proof/finding.h"

/* The entries of trail-findings(7), so that page and tool cannot differ. */
static const struct {
	const char *id, *text;
} entries[] = {
#include "findings_text.h"
};

const char *
lf_finding_explain(const char *id)
{
	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++)
		if (strcmp(entries[i].id, id) == 0)
			return entries[i].text;
	return NULL;
}

/* The smallest name that is greater than after (NULL for the first), or NULL. */
static const char *
name_after(const char *after)
{
	const char *best = NULL;

	for (int i = 0; i < LF_F_COUNT; i++) {
		const char *name = lf_finding_kind((enum lf_finding_id)i)->name;
		if ((after == NULL || strcmp(name, after) > 0) && (best == NULL || strcmp(name, best) < 0))
			best = name;
	}
	return best;
}

const char *
lf_finding_name(size_t i)
{
	const char *name = name_after(NULL);

	while (name != NULL && i-- > 0)
		name = name_after(name);
	return name;
}
