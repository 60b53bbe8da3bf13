/* Other things that lie in a real bucket and are no evidence. */
#include <stdlib.h>
#include <string.h>

#include "gen.h"

/* Write one object below an account's root, compressed when its name says so. */
static void
noise_put(struct gen *g, unsigned acct, const char *tail, const char *text)
{
	struct buf key = {0}, body = {0}, z = {0};
	char *path;

	root_key(g, acct, false, &key);
	buf_str(&key, tail);
	buf_str(&body, text);
	path = file_object(g, 0, key.p);
	if (strlen(tail) > 3 && strcmp(tail + strlen(tail) - 3, ".gz") == 0) {
		gz_pack(g, &z, body.p, body.len);
		file_write(path, z.p, z.len);
	} else {
		file_write(path, body.p, body.len);
	}
	g->others++;
	free(path);
	buf_free(&key);
	buf_free(&body);
	buf_free(&z);
}

/* Write AWS Config, VPC flow and load balancer files, an empty marker and a stray text for each
 * account. */
void
noise_make(struct gen *g)
{
	unsigned a;

	for (a = 0; a < g->o.accounts; a++) {
		noise_put(g, a,
		    "Config/us-east-1/2024/3/1/ConfigHistory/history_20240301T000000Z_1.json.gz",
		    "{\"fileVersion\":\"1.0\",\"configurationItems\":[]}");
		noise_put(g, a,
		    "vpcflowlogs/us-east-1/2024/03/01/fl-0a1b2c3d_20240301T0000Z_0a1b2c3d.log.gz",
		    "version account-id interface-id srcaddr dstaddr\n2 111122223333 eni-0 "
		    "192.0.2.1 192.0.2.2\n");
		noise_put(g, a, "elasticloadbalancing/us-east-1/2024/03/01/access.log",
		    "http 2024-03-01T00:00:00.000000Z app/web 192.0.2.9:40000\n");
		noise_put(g, a, "CloudTrail_$folder$", "");
		noise_put(g, a, "CloudTrail/us-east-1/readme.txt", "not a log\n");
	}
}
