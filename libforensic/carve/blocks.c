#include "carve/blocks.h"

#define LEAST 127u /* of memLevel 1 */

uint64_t
lf_blocks_items(const struct lf_inflate *d, const struct lf_inflate_in *in, uint64_t bit, uint64_t *end, bool *ended)
{
	enum lf_inflate_item item;
	uint64_t n = 0, next = bit;

	for (;; bit = next, n++) {
		item = lf_inflate_look(d, in, bit, &next);
		if (item != LF_INFLATE_IS_LITERAL && item != LF_INFLATE_IS_MATCH)
			break;
	}
	*ended = item == LF_INFLATE_IS_END;
	*end = *ended ? next : bit;
	return n;
}

static void
add(struct lf_blocks *b, uint64_t items)
{
	if ((items & (items + 1)) != 0 || items < LEAST || (b->each != 0 && b->each != items))
		b->differ = true;
	b->each = items;
}

void
lf_blocks_count(struct lf_blocks *b, const struct lf_inflate_in *in, uint64_t bit)
{
	struct lf_inflate d;
	uint16_t symbol;
	struct lf_inflate_symbols none = {.symbols = &symbol};
	bool ended = true;
	uint64_t items;

	b->begun = 0;
	while (ended && !b->differ) {
		lf_inflate_start(&d, bit);
		d.each_block = true;
		lf_inflate_symbols(&d, in, &none);
		if (d.place != LF_INFLATE_IN_CODES) {
			b->differ = b->differ || d.place == LF_INFLATE_IN_STORED || d.bit != bit;
			return;
		}
		items = lf_blocks_items(&d, in, d.bit, &bit, &ended);
		b->begun = ended ? 0 : items;
		if (d.final)
			return;
		if (ended)
			add(b, items);
	}
}
