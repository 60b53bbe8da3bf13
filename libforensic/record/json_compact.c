#include <string.h>

#include "record/event.h"
#include "record/scan_map.h"

/* What is behind the string that starts at p. */
static const char *
behind_string(const char *p, const char *end)
{
	for (p = lf_scan_plain(p + 1, end); p < end && *p != '"'; p = lf_scan_plain(p, end))
		p += end - p > 1 ? 2 : 1;
	return p < end ? p + 1 : end;
}

void
lf_json_compact(struct lf_slice json, struct lf_buf *out)
{
	const char *p = json.s, *end = p + json.len, *from;
	char *start = lf_buf_reserve(out, json.len), *to = start;

	if (start == NULL)
		return;
	while (p < end) {
		for (from = p; p < end && (unsigned char)*p > ' ';)
			p = *p == '"' ? behind_string(p, end) : p + 1;
		memcpy(to, from, (size_t)(p - from));
		to += p - from;
		if (p < end)
			p = lf_scan_blanks(p + 1, end);
	}
	*to = '\0';
	out->len += (size_t)(to - start);
}
