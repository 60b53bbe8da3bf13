#include <string.h>

#include "cli.h"

#define NEAR 3 /* letters that a mistyped id may differ in */

/* An unknown id: names those that are meant, perhaps. */
static int
unknown_id(const struct cli *c, const char *id)
{
	char near[1024] = "";
	const char *name;

	for (size_t i = 0; (name = lf_finding_name(i)) != NULL; i++) {
		if (cli_distance(id, name) > NEAR && strstr(name, id) == NULL)
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
