#include "compare/fields_csv.h"

#include <string.h>

#include "base/text.h"
#include "record/scan.h"

/* Resolves the escapes of a string; empty for what is none. */
static struct lf_slice
string_of(const struct lf_tree *v, uint32_t node, struct lf_buf *out)
{
	const struct lf_tree_node *n = lf_tree_at(v, node);
	const char *s = v->json.s + n->at;

	lf_buf_reset(out);
	if (n->type == LF_TREE_SCALAR && n->len >= 2 && *s == '"')
		lf_scan_unescape(s + 1, n->len - 2, out);
	return (struct lf_slice){lf_buf_str(out), out->failed ? 0 : out->len};
}

/* ---- Users ---- */

/* The member of this name (without escapes) in the object at node; 0 for none. */
static uint32_t
member(const struct lf_tree *v, uint32_t node, const char *name)
{
	const struct lf_tree_node *n = lf_tree_at(v, node);

	for (uint32_t i = node + 1; n->type == LF_TREE_OBJECT && i < n->next; i = lf_tree_at(v, i)->next) {
		const struct lf_tree_node *m = lf_tree_at(v, i);

		if (lf_slice_is((struct lf_slice){v->json.s + m->name, m->name_len}, name))
			return i;
	}
	return 0;
}

/* What stands behind the last / or : of an ARN or an id. */
static struct lf_slice
last_part(struct lf_slice v)
{
	size_t at = v.len;

	while (at > 0 && v.s[at - 1] != '/' && v.s[at - 1] != ':')
		at--;
	return (struct lf_slice){v.s + at, v.len - at};
}

bool
lf_fields_user_fits(const struct lf_tree *full, const struct lf_tree *line, uint32_t user, struct lf_buf scratch[2])
{
	struct lf_slice want = string_of(line, user, &scratch[0]), have;
	uint32_t identity = member(full, 0, "userIdentity"), type, end;
	bool root;

	if (identity == 0)
		return false;
	type = member(full, identity, "type");
	root = type != 0 && lf_slice_is(string_of(full, type, &scratch[1]), "Root");
	if (root && lf_slice_is_nocase(want, "root"))
		return true;
	if (want.len == 0 || (!root && member(full, identity, "userName") != 0))
		return false;
	end = lf_tree_at(full, identity)->next;
	for (uint32_t i = identity + 1; i < end; i++) {
		if (i == type)
			continue;
		have = string_of(full, i, &scratch[1]);
		if (lf_slice_equal(have, want) || lf_slice_equal(last_part(have), want))
			return true;
	}
	return false;
}

/* ---- Resources ---- */

/* Whether a name would go on with this character. */
static bool
goes_on(char c)
{
	char l = lf_lower(c);

	return (l >= 'a' && l <= 'z') || (l >= '0' && l <= '9') || l == '-' || l == '_';
}

/* Whether text holds name, not as a piece of a longer one. */
static bool
holds(struct lf_slice text, struct lf_slice name, uint64_t *left)
{
	const char *end = text.s + text.len, *p = text.s, *hit;
	uint64_t cost;

	while (name.len > 0 && (size_t)(end - p) >= name.len) {
		hit = *left > 0 ? memmem(p, (size_t)(end - p), name.s, name.len) : NULL;
		cost = (uint64_t)((hit == NULL ? end : hit) - p) + name.len;
		*left = *left > cost ? *left - cost : 0;
		if (hit == NULL)
			return false;
		if ((hit == text.s || !goes_on(hit[-1])) && (hit + name.len == end || !goes_on(hit[name.len])))
			return true;
		p = hit + 1;
	}
	return false;
}

/* Takes what stands in front of the next comma off *rest. */
static struct lf_slice
next_name(struct lf_slice *rest)
{
	struct lf_slice name = lf_slice_take_up_to(rest, ',');

	while (name.len > 0 && *name.s == ' ')
		name = (struct lf_slice){name.s + 1, name.len - 1};
	while (name.len > 0 && name.s[name.len - 1] == ' ')
		name.len--;
	return name;
}

bool
lf_fields_resource_said(const struct lf_tree *full, const struct lf_tree *line, uint32_t name, struct lf_buf *said,
    struct lf_buf *scratch, uint64_t *left)
{
	struct lf_slice want = string_of(line, name, scratch), text, part;

	if (said->len == 0)
		lf_scan_unescape(full->json.s, full->json.len, said);
	text = (struct lf_slice){lf_buf_str(said), said->failed ? 0 : said->len};
	if (want.len == 0 || holds(text, want, left))
		return true;
	if (memchr(want.s, ',', want.len) == NULL)
		return false;
	while (want.len > 0) {
		part = next_name(&want);
		if (part.len > 0 && !holds(text, part, left))
			return false;
	}
	return true;
}
