/* Whether the whole files that trail-carve lists lie where it put them. */
#include "record/carved_files.h"

#include <string.h>

#include "record/carved.h"

#define HEX   64
#define SHOWN (HEX + sizeof(".json.gz") - 1)

/* A member of carve.jsonl as trail-carve writes it, and the name in files/ that follows. */
static const char member[] = "\"file\":\"files/";

struct listing {
	const struct lf_source *s;
	const char *path;
	size_t root;
	size_t matched;  /* bytes of member */
	char name[SHOWN + 1];
	size_t n;
	bool any, gone;
};

/* Whether the file that was named is there and not empty; a name that trail-carve does not give is of none. */
static bool
is_there(const struct listing *l)
{
	const char *end = l->name + strspn(l->name, "0123456789abcdef");
	char file[sizeof("files/") + SHOWN] = "files/", byte;

	if (end - l->name != HEX || (strcmp(end, ".json") != 0 && strcmp(end, ".json.gz") != 0))
		return false;
	strcat(file, l->name);
	return lf_source_peek(l->s, l->path, l->root, file, &byte, 1) == 1;
}

/* Takes a byte of a name: at its end, or when it is too long, the file is looked for. */
static void
take_name(struct listing *l, char c)
{
	if (c != '"' && l->n < SHOWN) {
		l->name[l->n++] = c;
		return;
	}
	l->name[c == '"' ? l->n : 0] = '\0';
	l->any = true;
	l->gone = !is_there(l);
	l->n = l->matched = 0;
}

static int
take(void *arg, const void *bytes, size_t len)
{
	struct listing *l = arg;
	const char *text = bytes;

	for (size_t i = 0; i < len && !l->gone; i++) {
		if (l->matched == sizeof(member) - 1)
			take_name(l, text[i]);
		else if (text[i] == member[l->matched])
			l->matched++;
		else
			l->matched = text[i] == member[0];
	}
	return l->gone ? -1 : 0;
}

int
lf_carved_files(const struct lf_source *s, const char *path, size_t root, uint64_t cap, bool *whole, struct lf_err *err)
{
	struct listing l = {.s = s, .path = path, .root = root};
	struct lf_item item;
	int64_t size;
	int rc = -1;

	*whole = false;
	lf_item_init(&item);
	lf_buf_add(&item.path, path, root);
	lf_buf_puts(&item.path, "carve.jsonl");
	if (item.path.failed)
		lf_err_nomem(err);
	else if ((size = lf_source_size(s, &item)) < 0 || (uint64_t)size > cap)
		rc = 0;
	else if (lf_source_feed(s, &item, take, &l, err) == 0) {
		*whole = l.any && !l.gone && item.problem.len == 0;
		rc = 0;
	}
	lf_item_free(&item);
	return rc;
}
