#include "carve/codes.h"

#include <assert.h>
#include <string.h>

#define LEN_MAX 15

/* A table in the making. */
struct making {
	uint32_t *table;
	unsigned root;
	size_t room, n; /* entries: at most, so far */
	unsigned count[LEN_MAX + 1]; /* codes of each length that are not placed yet */
	unsigned max;   /* length of the longest */
};

/* ---- What symbols mean (RFC 1951 section 3.2.5) ---- */

static uint32_t
entry(unsigned value, unsigned extra, uint32_t kind)
{
	return value << 16 | extra << 8 | kind;
}

static uint32_t
literal_entry(unsigned symbol)
{
	static const uint16_t bases[] = {3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83,
	    99, 115, 131, 163, 195, 227, 258};
	static const uint8_t extras[] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5,
	    5, 0};

	if (symbol < 256)
		return entry(symbol, 0, LF_CODE_LITERAL);
	if (symbol == 256)
		return entry(0, 0, LF_CODE_END);
	symbol -= 257;
	return symbol < sizeof(extras) ? entry(bases[symbol], extras[symbol], 0) : entry(0, 0, LF_CODE_BAD);
}

static uint32_t
distance_entry(unsigned symbol)
{
	unsigned extra = symbol < 4 ? 0 : symbol / 2 - 1;

	if (symbol >= 30)
		return entry(0, 0, LF_CODE_BAD);
	return entry(symbol < 2 ? symbol + 1 : ((2 + symbol % 2) << extra) + 1, extra, 0);
}

static uint32_t
length_entry(unsigned symbol)
{
	return entry(symbol, 0, 0);
}

/* ---- Tables ---- */

/* Counts the codes of each length.  Returns how many more of the longest would fit, below 0 when there are too many. */
static int
count_codes(struct making *m, const uint8_t *lengths, size_t n)
{
	int left = 1;

	memset(m->count, 0, sizeof(m->count));
	for (size_t i = 0; i < n; i++)
		m->count[lengths[i]]++;
	m->count[0] = 0;
	m->max = LEN_MAX;
	while (m->max > 0 && m->count[m->max] == 0)
		m->max--;
	for (unsigned len = 1; len <= m->max && left >= 0; len++)
		left = 2 * left - (int)m->count[len];
	return left;
}

/* The code behind one of len bits, both read from the right: counts up from the left; 0 behind the last. */
static unsigned
next_code(unsigned code, unsigned len)
{
	unsigned bit = 1u << (len - 1);

	while (code & bit)
		bit >>= 1;
	return bit == 0 ? 0 : (code & (bit - 1)) | bit;
}

/* Opens the table for the longer codes that begin as code does, the first of them of len bits. */
static void
open_sub(struct making *m, unsigned code, unsigned len)
{
	unsigned bits = len - m->root;
	int left = 1 << bits;

	while (bits + m->root < m->max && (left -= (int)m->count[bits + m->root]) > 0) {
		bits++;
		left *= 2;
	}
	m->table[code & ((1u << m->root) - 1)] = entry((unsigned)m->n, bits, LF_CODE_SUB) | m->root;
	m->n += (size_t)1 << bits;
	assert(m->n <= m->room);
}

/* Places a code that is longer than the root, and comes behind all that are shorter or smaller. */
static void
place_long(struct making *m, unsigned code, unsigned len, uint32_t meaning)
{
	uint32_t *at = &m->table[code & ((1u << m->root) - 1)];
	size_t room;

	if (!(*at & LF_CODE_SUB))
		open_sub(m, code, len);
	room = (size_t)1 << lf_code_extra(*at);
	for (size_t i = code >> m->root; i < room; i += (size_t)1 << (len - m->root))
		m->table[lf_code_value(*at) + i] = meaning | len;
	m->count[len]--;
}

/* Sorts the symbols that have a code by its length; returns their number. */
static size_t
sort_symbols(const struct making *m, const uint8_t *lengths, size_t n, uint16_t *sorted)
{
	uint16_t at[LEN_MAX + 2] = {0};

	for (unsigned len = 0; len <= LEN_MAX; len++)
		at[len + 1] = (uint16_t)(at[len] + m->count[len]);
	for (size_t i = 0; i < n; i++)
		if (lengths[i] != 0)
			sorted[at[lengths[i]]++] = (uint16_t)i;
	return at[LEN_MAX];
}

/*
 * Gives the codes out as RFC 1951 section 3.2.2 says: by length, then by symbol.  What the root holds of the codes of
 * up to len bits is its first 2^len entries; doubling them adds a bit that does not matter.
 */
static inline __attribute__((always_inline)) void
fill(struct making *m, const uint8_t *lengths, size_t n, uint32_t (*meaning)(unsigned))
{
	uint16_t sorted[LF_CODES_LITERALS];
	size_t used = sort_symbols(m, lengths, n, sorted);
	unsigned code = 0, len = 1, done = 1;

	m->table[0] = m->table[1] = entry(0, 0, LF_CODE_BAD) | 1; /* stays where codes are missing */
	m->n = (size_t)1 << m->root;
	for (size_t i = 0; i < used; i++) {
		for (len = lengths[sorted[i]]; done < len && done < m->root; done++)
			memcpy(m->table + ((size_t)1 << done), m->table, sizeof(*m->table) << done);
		if (len <= m->root)
			m->table[code] = meaning(sorted[i]) | len;
		else
			place_long(m, code, len, meaning(sorted[i]));
		code = next_code(code, len);
	}
	for (; done < m->root; done++)
		memcpy(m->table + ((size_t)1 << done), m->table, sizeof(*m->table) << done);
}

bool
lf_codes_literals(uint32_t table[LF_CODES_LITERAL_ROOM], const uint8_t *lengths, size_t n)
{
	struct making m = {.table = table, .root = LF_CODES_LITERAL_BITS, .room = LF_CODES_LITERAL_ROOM};
	int left = count_codes(&m, lengths, n);

	assert(n <= LF_CODES_LITERALS);
	if (left < 0 || (left > 0 && m.max != 1))
		return false;
	fill(&m, lengths, n, literal_entry);
	return true;
}

bool
lf_codes_distances(uint32_t table[LF_CODES_DISTANCE_ROOM], const uint8_t *lengths, size_t n)
{
	struct making m = {.table = table, .root = LF_CODES_DISTANCE_BITS, .room = LF_CODES_DISTANCE_ROOM};
	int left = count_codes(&m, lengths, n);

	assert(n <= LF_CODES_DISTANCES);
	if (left < 0 || (left > 0 && m.max > 1))
		return false;
	fill(&m, lengths, n, distance_entry);
	return true;
}

bool
lf_codes_lengths(uint32_t table[LF_CODES_LENGTH_ROOM], const uint8_t *lengths, size_t n)
{
	struct making m = {.table = table, .root = LF_CODES_LENGTH_BITS, .room = LF_CODES_LENGTH_ROOM};

	assert(n <= LF_CODES_LENGTHS);
	if (count_codes(&m, lengths, n) != 0)
		return false;
	fill(&m, lengths, n, length_entry);
	return true;
}
