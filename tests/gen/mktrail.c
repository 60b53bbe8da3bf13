/* Makes signed CloudTrail evidence; see help.c for what it can do. */
#include <stdlib.h>

#include "gen.h"

/* Plan, make, tamper, and say what was done. */
int
main(int argc, char **argv)
{
	static struct gen g;

	options_parse(&g, argc, argv);
	keys_load(&g);
	tamper_plan(&g);
	control_plan(&g);
	lineage_plan(&g);
	plan_all(&g);
	chain_make_all(&g);
	if (g.o.lake > 0)
		lake_make(&g);
	if (g.o.noise)
		noise_make(&g);
	envelope_make(&g);
	tamper_all(&g);
	keyfile_write(&g);
	meta_write(&g);
	facts_write(&g);
	return 0;
}
