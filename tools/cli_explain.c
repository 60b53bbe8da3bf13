#include <string.h>

#include "cli.h"

#define ID_MAX 64
#define NEAR   3 /* letters that a mistyped id may differ in */

/* Letters to change, add or drop to make a of b (Levenshtein). */
static size_t
distance(const char *a, const char *b)
{
	size_t row[ID_MAX + 1], n = strnlen(b, ID_MAX), above, left;

	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 0; a[i] != '\0'; i++) {
		above = row[0]++;
		for (size_t j = 0; j < n; j++) {
			left = above + (a[i] != b[j]);
			above = row[j + 1];
			row[j + 1] = above + 1 < left ? above + 1 : left;
			if (row[j] + 1 < row[j + 1])
				row[j + 1] = row[j] + 1;
		}
	}
	return row[n];
}

/* An unknown id: names those that are meant, perhaps. */
static int
unknown_id(const struct cli *c, const char *id)
{
	char near[1024] = "";
	const char *name;

	for (size_t i = 0; (name = lf_finding_name(i)) != NULL; i++) {
		if (strlen(id) > ID_MAX || (distance(id, name) > NEAR && strstr(name, id) == NULL))
			continue;
		strncat(near, near[0] == '\0' ? "perhaps " : ", ", sizeof(near) - strlen(near) - 1);
		strncat(near, name, sizeof(near) - strlen(near) - 1);
	}
	return cli_error(c, "--explain: no finding is called \"%s\": %s%s", id,
	    near[0] != '\0' ? near : "trail-findings(7) lists them", near[0] == '\0' && c->tool->words != NULL ? c->tool->words : "");
}

int
cli_explain(const struct cli *c)
{
	const char *text = lf_finding_explain(c->explain);
	struct lf_err unused = {""};
	struct cli_output out;
	int rc;

	if (c->opts.n_evidence > 0)
		return cli_usage(c, "--explain takes no EVIDENCE");
	if (text == NULL)
		return unknown_id(c, c->explain);
	if ((rc = cli_output_open(&out, c)) != CLI_CONTINUE)
		return rc;
	if (cli_output_write(&out, text, strlen(text)) != 0)
		return cli_output_fail(&out, &unused);
	return cli_output_finish(&out, 0);
}
