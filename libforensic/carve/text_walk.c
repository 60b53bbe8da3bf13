#include "carve/text_walk.h"

#include <string.h>

#define CHUNK ((size_t)16 << 10)
#define SPACES 4096u /* white space between two signs, at most */

/* The unit that ends at offset end; -1 at the limit. */
static int
unit_before(struct lf_walk *w, uint64_t end)
{
	unsigned size = w->coding.unit;
	size_t got;

	if (end < w->limit + size)
		return -1;
	if (end - size < w->from || end > w->to) {
		uint64_t from = end < w->limit + CHUNK ? w->limit : end - CHUNK;

		w->bytes = lf_view_at(w->view, from, (size_t)(end - from), &got);
		w->failed |= w->bytes == NULL;
		w->from = from;
		w->to = from + got;
		if (w->bytes == NULL || w->to < end)
			return -1;
	}
	return (int)lf_coding_unit(&w->coding, w->bytes + (end - size - w->from));
}

/* Backslashes that end at offset; none counts beyond the most that a level can mean. */
static size_t
backslashes_before(struct lf_walk *w, uint64_t end)
{
	size_t n = 0;

	while (n < 4096 && unit_before(w, end - n * w->coding.unit) == '\\')
		n++;
	return n;
}

bool
lf_walk_level(struct lf_walk *w, uint64_t offset, uint64_t *quote)
{
	size_t n;
	int level;

	if (unit_before(w, offset) != '"')
		return false;
	n = backslashes_before(w, offset - w->coding.unit);
	level = lf_coding_level(n);
	if (level < 0)
		return false;
	w->coding.level = (unsigned)level;
	*quote = offset - (n + 1) * w->coding.unit;
	return true;
}

/* ---- What was passed before ---- */

static size_t
slot_of(uint64_t at)
{
	return (size_t)(at * UINT64_C(0x9e3779b97f4a7c15) >> 54) % LF_WALK_SEEN;
}

static bool
recall(const struct lf_walk_seen *seen, const struct lf_coding *c, uint64_t at, uint64_t *brace)
{
	size_t i = slot_of(at);

	if (!seen->slot[i].used || seen->slot[i].at != at || seen->slot[i].unit != c->unit || seen->slot[i].level != c->level)
		return false;
	*brace = seen->slot[i].brace;
	return true;
}

static void
remember(struct lf_walk_seen *seen, const struct lf_coding *c, uint64_t at, uint64_t brace)
{
	size_t i = slot_of(at);

	seen->slot[i].at = at;
	seen->slot[i].brace = brace;
	seen->slot[i].unit = c->unit;
	seen->slot[i].level = c->level;
	seen->slot[i].used = true;
}

/* ---- Back to the brace ---- */

/* One sign outside of strings.  Returns 1 for the brace, 0 to go on, -1 for what stands in no text. */
static int
sign(int c, unsigned *depth)
{
	if (c == '{' || c == '[') {
		if (*depth == 0)
			return c == '{' ? 1 : -1;
		--*depth;
	} else if (c == '}' || c == ']') {
		if (++*depth > LF_WALK_DEPTH)
			return -1;
	}
	return c >= 0x80 || (c < ' ' && c != '\n' && c != '\r' && c != '\t') ? -1 : 0;
}

uint64_t
lf_walk_brace(struct lf_walk *w, uint64_t quote, struct lf_walk_seen *seen)
{
	uint64_t at = quote, brace = UINT64_MAX;
	unsigned unit = w->coding.unit, depth = 0;
	bool inside = false;

	for (int c, r; (c = unit_before(w, at)) >= 0;) {
		if (c == '"') {
			size_t n = backslashes_before(w, at - unit);
			enum lf_quote q = lf_coding_quote(w->coding.level, n);

			if (q == LF_QUOTE_OUTSIDE)
				break;
			/* Content keeps the backslashes that are no part of its quote. */
			at -= (1 + n) * unit;
			if (q == LF_QUOTE_CONTENT && !inside)
				break;
			inside ^= q == LF_QUOTE_STRUCTURE;
			if (!inside && depth == 0 && q == LF_QUOTE_STRUCTURE && recall(seen, &w->coding, at, &brace))
				break;
			continue;
		}
		if (inside && c < ' ')
			break;
		at -= unit;
		r = inside ? 0 : sign(c, &depth);
		if (r == 1)
			brace = at;
		if (r != 0)
			break;
	}
	if (brace != UINT64_MAX && brace < w->limit)
		brace = UINT64_MAX;
	remember(seen, &w->coding, quote, brace);
	return brace;
}

/* ---- What stands in front ---- */

/*
 * Whether c, behind its backslashes when it is a quote of this level, stands in front of *at, white space between them
 * passed over; moves *at in front of it.
 */
static bool
sign_before(struct lf_walk *w, uint64_t *at, char c, unsigned level)
{
	unsigned unit = w->coding.unit;
	uint64_t end = *at;
	int u = unit_before(w, end);

	for (unsigned i = 0; i < SPACES && (u == ' ' || u == '\t' || u == '\n' || u == '\r'); i++) {
		end -= unit;
		u = unit_before(w, end);
	}
	if (u != c)
		return false;
	end -= unit;
	if (c == '"') {
		if (backslashes_before(w, end) != lf_coding_backslashes(level))
			return false;
		end -= lf_coding_backslashes(level) * unit;
	}
	*at = end;
	return true;
}

static bool
word_before(struct lf_walk *w, uint64_t *at, const char *word)
{
	unsigned unit = w->coding.unit;

	for (size_t i = strlen(word); i > 0; i--, *at -= unit)
		if (unit_before(w, *at) != word[i - 1])
			return false;
	return true;
}

uint64_t
lf_walk_log(struct lf_walk *w, uint64_t brace)
{
	unsigned level = w->coding.level;
	uint64_t at = brace;

	if (!sign_before(w, &at, '[', level) || !sign_before(w, &at, ':', level) || !sign_before(w, &at, '"', level) ||
	    !word_before(w, &at, "Records") || !sign_before(w, &at, '"', level) || !sign_before(w, &at, '{', level))
		return UINT64_MAX;
	return at;
}

void
lf_walk_name(struct lf_walk *w, uint64_t offset, char *name, size_t size)
{
	unsigned level = w->coding.level;
	uint64_t at = offset;
	size_t n = 0;
	int c;

	name[0] = '\0';
	/* An escaped text is a string of the level above, whose quote stands in front of it. */
	if (level > 0 && !sign_before(w, &at, '"', --level))
		return;
	if (!sign_before(w, &at, ':', level) || !sign_before(w, &at, '"', level))
		return;
	for (; n + 1 < size && (c = unit_before(w, at)) > ' ' && c < 0x7f && c != '"' && c != '\\'; at -= w->coding.unit)
		name[n++] = (char)c;
	if (!sign_before(w, &at, '"', level))
		n = 0;
	for (size_t i = 0; i < n / 2; i++) {
		char t = name[i];

		name[i] = name[n - 1 - i];
		name[n - 1 - i] = t;
	}
	name[n] = '\0';
}
