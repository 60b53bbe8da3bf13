#include "base/signature.h"

#include <string.h>

#include "base/text.h"
#include "forensic.h"

#define BYTES_MAX (LF_MAX_RSA_BITS / 8)
/* at what may be the same; who makes hashes fall together gains nothing but to have his signatures kept twice */
#define LOOKED    8

void
lf_signatures_init(struct lf_signatures *s)
{
	lf_list_init(&s->list, sizeof(const struct lf_signature *));
	lf_index_init(&s->index);
	lf_arena_init(&s->arena);
}

void
lf_signatures_free(struct lf_signatures *s)
{
	lf_list_free(&s->list);
	lf_index_free(&s->index);
	lf_arena_free(&s->arena);
}

/* What is kept verbatim of a signature; "" without. */
static const char *
verbatim(const struct lf_signature *s)
{
	return s->verbatim ? (const char *)s->bytes + s->len : "";
}

/* Whether bytes in lower case hexadecimal are the text. */
static bool
is_canonical(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] >= 'A' && text[i] <= 'F')
			return false;
	return true;
}

/* The one that is kept already, or NULL. */
static const struct lf_signature *
find(const struct lf_signatures *s, uint64_t hash, const unsigned char *bytes, size_t n, const char *rest, size_t rest_len)
{
	size_t cursor = 0;
	uint32_t i;

	for (int tries = 0; tries < LOOKED && (i = lf_index_next(&s->index, hash, &cursor)) != LF_INDEX_END; tries++) {
		const struct lf_signature *have = *(const struct lf_signature **)lf_list_at(&s->list, i);

		if (have->len == n && have->verbatim == (rest != NULL) && memcmp(have->bytes, bytes, n) == 0 &&
		    (rest == NULL || (strncmp(verbatim(have), rest, rest_len) == 0 && verbatim(have)[rest_len] == '\0')))
			return have;
	}
	return NULL;
}

const struct lf_signature *
lf_signatures_add(struct lf_signatures *s, const char *text, size_t len, struct lf_err *err)
{
	bool hex = len > 0 && len % 2 == 0 && len / 2 <= BYTES_MAX;
	uint64_t hash = lf_index_hash(text, len < 32 ? len : 32);
	unsigned char bytes[BYTES_MAX];
	const struct lf_signature **slot, *have;
	struct lf_signature *made;
	const char *rest;
	size_t n;

	hex = hex && lf_hex_decode(text, len, bytes, len / 2);
	n = hex ? len / 2 : 0;
	rest = hex && is_canonical(text, len) ? NULL : text;
	if ((have = find(s, hash, bytes, n, rest, len)) != NULL)
		return have;
	if ((made = lf_arena_alloc(&s->arena, sizeof(*made) + n + (rest == NULL ? 0 : len + 1))) == NULL ||
	    (slot = lf_list_push(&s->list)) == NULL || lf_index_add(&s->index, hash, s->list.n - 1) != 0) {
		lf_err_nomem(err);
		return NULL;
	}
	made->len = (uint16_t)n;
	made->verbatim = rest != NULL;
	memcpy(made->bytes, bytes, n);
	if (rest != NULL) {
		memcpy(made->bytes + n, rest, len);
		made->bytes[n + len] = '\0';
	}
	return *slot = made;
}

void
lf_signature_text(const struct lf_signature *s, struct lf_buf *out)
{
	char hex[2 * BYTES_MAX + 1];

	if (s->verbatim) {
		lf_buf_puts(out, verbatim(s));
		return;
	}
	lf_hex_encode(s->bytes, s->len, hex);
	lf_buf_add(out, hex, 2 * (size_t)s->len);
}

bool
lf_signature_equal(const struct lf_signature *a, const struct lf_signature *b)
{
	size_t n = a == NULL ? 0 : a->len, m = b == NULL ? 0 : b->len;

	return n == m && (n == 0 || a == b || memcmp(a->bytes, b->bytes, n) == 0);
}
