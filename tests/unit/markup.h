/* Whether a page is well formed: elements nest, attributes are quoted, text holds no stray "<" or "&". */
#ifndef LF_TEST_MARKUP_H
#define LF_TEST_MARKUP_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define MARKUP_DEPTH 64

struct markup {
	const char *p;
	char open[MARKUP_DEPTH][32];
	size_t depth;
	const char *problem; /* the text where it stands, or NULL */
};

static inline bool
markup_void(const char *name)
{
	return strcmp(name, "meta") == 0 || strcmp(name, "input") == 0 || strcmp(name, "br") == 0;
}

/* "&amp;" and its like. */
static inline bool
markup_entity(const char *p)
{
	static const char *const known[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};

	for (size_t i = 0; i < 5; i++)
		if (strncmp(p, known[i], strlen(known[i])) == 0)
			return true;
	return false;
}

/* Attributes up to ">": NAME, or NAME="VALUE".  False where it is no start of an element. */
static inline bool
markup_attributes(struct markup *m, bool *closed)
{
	size_t n;

	*closed = false;
	while (*m->p == ' ') {
		m->p++;
		if ((n = strspn(m->p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")) == 0)
			return false;
		/* What a Content-Security-Policy with hashes would drop. */
		if (strncmp(m->p, "style", n) == 0 || strncmp(m->p, "on", 2) == 0)
			return false;
		m->p += n;
		if (*m->p != '=')
			continue;
		if (*++m->p != '"')
			return false;
		for (m->p++; *m->p != '"'; m->p++)
			if (*m->p == '\0' || *m->p == '<' || (*m->p == '&' && !markup_entity(m->p)))
				return false;
		m->p++;
	}
	if (*m->p == '/') {
		*closed = true;
		m->p++;
	}
	return *m->p++ == '>';
}

static inline bool
markup_end(struct markup *m)
{
	size_t n = strcspn(m->p + 2, ">");

	if (m->depth == 0 || strlen(m->open[m->depth - 1]) != n || strncmp(m->open[m->depth - 1], m->p + 2, n) != 0)
		return false;
	m->depth--;
	m->p += n + 3;
	return true;
}

static inline bool
markup_start(struct markup *m)
{
	char name[32];
	size_t n = strspn(m->p + 1, "abcdefghijklmnopqrstuvwxyz0123456789");
	bool closed;

	if (n == 0 || n >= sizeof(name) || m->depth == MARKUP_DEPTH)
		return false;
	memcpy(name, m->p + 1, n);
	name[n] = '\0';
	m->p += n + 1;
	if (!markup_attributes(m, &closed))
		return false;
	if (closed || markup_void(name))
		return true;
	strcpy(m->open[m->depth++], name);
	if (strcmp(name, "script") == 0 || strcmp(name, "style") == 0)
		m->p = strstr(m->p, "</");
	return m->p != NULL;
}

/* NULL, or where the page is wrong. */
static inline const char *
markup_wrong(const char *page)
{
	static const char doctype[] = "<!DOCTYPE html>\n";
	struct markup m = {.p = page};
	const char *at;

	if (strncmp(page, doctype, sizeof(doctype) - 1) != 0)
		return page;
	for (m.p += sizeof(doctype) - 1; *m.p != '\0';) {
		at = m.p;
		if (*at == '<') {
			if (!(at[1] == '/' ? markup_end(&m) : markup_start(&m)))
				return at;
		} else if ((*at == '&' && !markup_entity(at)) || *at == '>') {
			return at;
		} else {
			m.p++;
		}
	}
	return m.depth == 0 ? NULL : "an element is open at the end";
}

#endif
