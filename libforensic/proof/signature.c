#include "proof/signature.h"

#include <string.h>

#include "base/text.h"

int
lf_signature_decode(struct lf_arena *arena, const char *hex, struct lf_signature *out, struct lf_err *err)
{
	size_t len = strlen(hex);
	unsigned char *bytes;

	*out = (struct lf_signature){.bad_hex = true};
	if (len == 0 || len % 2 != 0 || len / 2 > LF_MAX_RSA_BITS / 8)
		return 0;
	if ((bytes = lf_arena_alloc(arena, len / 2)) == NULL)
		return lf_err_nomem(err);
	if (lf_hex_decode(hex, len, bytes, len / 2))
		*out = (struct lf_signature){.bytes = bytes, .len = (uint16_t)(len / 2)};
	return 0;
}

bool
lf_signature_equal(const struct lf_signature *a, const struct lf_signature *b)
{
	return a->len == b->len && (a->len == 0 || memcmp(a->bytes, b->bytes, a->len) == 0);
}
