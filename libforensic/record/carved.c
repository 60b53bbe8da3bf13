#include "record/carved.h"

#include <string.h>

#include "base/slice.h"

/* "1052672-GZIP-0.json", "2_1052672-UTF16LE-0.map": offsets, labels and what divides them. */
static bool
is_part(struct lf_slice base)
{
	size_t n = 0;

	if (lf_slice_ends(base, ".json"))
		base.len -= strlen(".json");
	else if (lf_slice_ends(base, ".map"))
		base.len -= strlen(".map");
	else
		return false;
	while (n < base.len && ((base.s[n] >= '0' && base.s[n] <= '9') || (base.s[n] >= 'A' && base.s[n] <= 'Z') || base.s[n] == '-' ||
	    base.s[n] == '_'))
		n++;
	return n > 0 && n == base.len && base.s[0] >= '0' && base.s[0] <= '9';
}

enum lf_carved
lf_carved_name(const char *path, size_t len, size_t *root)
{
	static const char *const aside[] = {"carve.jsonl", "events.jsonl", "carve.state", "carve.finds", "carve.records", "report.txt",
	    "report.json", "report.html"};
	struct lf_slice front = {path, len}, base = lf_slice_take_last(&front), folder;

	*root = len - base.len;
	if (lf_slice_is(base, "records.jsonl"))
		return LF_CARVED_RECORDS;
	for (size_t i = 0; i < sizeof(aside) / sizeof(aside[0]); i++)
		if (lf_slice_is(base, aside[i]))
			return LF_CARVED_ASIDE;
	folder = lf_slice_take_last(&front);
	if (folder.s == NULL || folder.len == 0)
		return LF_CARVED_NONE;
	*root = (size_t)(folder.s - path);
	return lf_slice_is(folder, "partial") && is_part(base) ? LF_CARVED_ASIDE : LF_CARVED_NONE;
}

bool
lf_carved_is_list(const char *bytes, size_t len)
{
	static const char start[] = "{\"id\":1,\"state\":\"";

	return len == 0 || (len >= sizeof(start) - 1 && memcmp(bytes, start, sizeof(start) - 1) == 0);
}

enum lf_carved_state
lf_carved_state(const char *word, size_t len)
{
	static const char *const whole[] = {"authentic", "listed", "whole", "joined"};
	struct lf_slice s = {word, len};

	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
		if (lf_slice_is(s, whole[i]))
			return LF_CARVED_WHOLE;
	return lf_slice_is(s, "fragment") ? LF_CARVED_PART : LF_CARVED_LOOSE;
}

bool
lf_carved_has_loose(const char *text, size_t len)
{
	static const char name[] = "\"state\":\"";
	const char *end = text + len, *next, *word, *quote;

	for (; text < end; text = next) {
		next = memchr(text, '\n', (size_t)(end - text));
		next = next == NULL ? end : next + 1;
		word = memmem(text, (size_t)(next - text), name, sizeof(name) - 1);
		if (word == NULL)
			return true; /* no row of ours */
		word += sizeof(name) - 1;
		quote = memchr(word, '"', (size_t)(next - word));
		if (quote == NULL || lf_carved_state(word, (size_t)(quote - word)) == LF_CARVED_LOOSE)
			return true;
	}
	return false;
}
