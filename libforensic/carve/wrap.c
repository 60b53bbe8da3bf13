#include "carve/wrap.h"

#include <string.h>

#include "base/base64.h"

#define PIECE ((size_t)64 << 10)

/*
 * How many bytes at p stand between digits without meaning anything: a line end, or the backslashes of an escaped '/'
 * or line end.
 */
static size_t
filling(const unsigned char *p, size_t len)
{
	size_t n = 0;

	if (p[0] == '\n' || p[0] == '\r')
		return 1;
	while (n < len && n < 16 && p[n] == '\\')
		n++;
	if (n == 0 || n == len)
		return 0;
	return p[n] == '/' ? n : p[n] == 'n' || p[n] == 'r' ? n + 1 : 0;
}

bool
lf_wrap_base64(struct lf_view *v, uint64_t offset, size_t max, struct lf_buf *out, uint64_t *end)
{
	uint32_t bits = 0;
	unsigned n_bits = 0;
	size_t got, i;

	*end = offset;
	lf_buf_reset(out);
	for (;; *end += i) {
		const unsigned char *p = lf_view_at(v, *end, PIECE, &got);

		if (p == NULL)
			return false;
		for (i = 0; i < got && out->len < max;) {
			int d = lf_base64_digit((char)p[i]);
			size_t skip = d < 0 ? filling(p + i, got - i) : 1;

			if (skip == 0)
				break;
			i += skip;
			if (d < 0)
				continue;
			bits = bits << 6 | (uint32_t)d;
			n_bits += 6;
			if (n_bits < 8)
				continue;
			n_bits -= 8;
			lf_buf_putc(out, (char)(bits >> n_bits & 0xff));
		}
		if (i == 0 || got < PIECE || out->len >= max)
			break;
	}
	*end += i;
	return !out->failed;
}

bool
lf_wrap_ntfs(struct lf_view *v, uint64_t offset, struct lf_buf *out, bool *fits)
{
	size_t got, sequence, count, sectors;
	const unsigned char *p = lf_view_at(v, offset, 8, &got);
	char *b;

	*fits = false;
	lf_buf_reset(out);
	if (p == NULL)
		return false;
	if (got < 8)
		return true;
	sequence = (size_t)(p[4] | p[5] << 8);
	count = (size_t)(p[6] | p[7] << 8); /* the sequence's number, and two bytes of each sector */
	if (count < 2 || sequence + 2 * count > LF_SECTOR)
		return true;
	sectors = count - 1;
	p = lf_view_at(v, offset, sectors * LF_SECTOR, &got);
	if (p == NULL)
		return false;
	if (got < sectors * LF_SECTOR)
		return true;
	lf_buf_add(out, p, got);
	b = out->data;
	for (size_t i = 0; i < sectors && !out->failed; i++) {
		char *last = b + (i + 1) * LF_SECTOR - 2;

		if (memcmp(last, b + sequence, 2) != 0)
			return true;
		memcpy(last, b + sequence + 2 * (i + 1), 2);
	}
	*fits = true;
	return !out->failed;
}
