/*
 * A pull scanner over one JSON text (RFC 8259): strict, no tree, no copies, no recursion.  Tokens are slices of
 * the text; nested values that nobody wants are passed over with lf_scan_skip(), still validated.
 */
#ifndef LF_RECORD_SCAN_H
#define LF_RECORD_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"
#include "forensic.h"
#include "record/scan_map.h"

enum lf_token {
	LF_TOKEN_ERROR,  /* scan->problem and scan->at say what and where; nothing follows */
	LF_TOKEN_END,    /* the value is complete (what follows is the caller's business) */
	LF_TOKEN_OBJECT, /* { */
	LF_TOKEN_OBJECT_END,
	LF_TOKEN_ARRAY,
	LF_TOKEN_ARRAY_END,
	LF_TOKEN_KEY,    /* the name of a member; its value is the next token */
	LF_TOKEN_STRING, /* s, len: between the quotes, escapes as they stand */
	LF_TOKEN_NUMBER, /* s, len: as it stands */
	LF_TOKEN_TRUE,
	LF_TOKEN_FALSE,
	LF_TOKEN_NULL
};

#define LF_SCAN_MAP 2048 /* bytes of text looked at ahead, in one go */

struct lf_scan {
	const char *text, *p, *end; /* p: behind the last token, and behind the ':' of a key */
	const char *s;      /* of the last key, string or number */
	size_t len;
	bool escaped;       /* the last key or string holds a backslash */
	bool loose;         /* set, and never cleared: white space outside of strings, or a backslash, was passed */
	const char *problem; /* static text */
	size_t at;          /* offset of the problem, or of the last token */
	unsigned depth;
	unsigned state;     /* internal */
	uint64_t stack[LF_MAX_JSON_DEPTH / 64]; /* a bit a level: object or array */

	/* Internal, and only what is in use is ever written: of the bytes from base on, which are quotes, and
	 * which are anything else that a plain string does not hold.  A bit a byte. */
	const char *base;
	size_t mapped;
	lf_scan_map_fn *map;
	unsigned char quote[LF_SCAN_MAP / 8 + 8], other[LF_SCAN_MAP / 8 + 8];
};

/* A name to look for: LF_SCAN_NAME("eventID"). */
struct lf_scan_name {
	const char *s;
	size_t len;
};
#define LF_SCAN_NAME(text) {text, sizeof(text) - 1}

/* Starts at text; a UTF-8 byte-order mark is passed over. */
void lf_scan_init(struct lf_scan *s, const char *text, size_t len);

enum lf_token lf_scan_next(struct lf_scan *s);

/* A member of an object: its name, and whether that holds a backslash.  Once the value is read, s has no more of it. */
struct lf_scan_member {
	struct lf_slice name; /* s NULL where there is none */
	bool escaped;
};

/*
 * Takes the next member of the object that s stands in, as two calls of lf_scan_next() do: returns the first token of
 * its value, LF_TOKEN_OBJECT_END behind the last, or LF_TOKEN_ERROR: then m has the name if that came before.
 */
enum lf_token lf_scan_member(struct lf_scan *s, struct lf_scan_member *m);

/* Passes over the value whose first token was just returned (for a scalar: nothing).  Returns false on an error. */
bool lf_scan_skip(struct lf_scan *s, enum lf_token first);

/* A place inside a text to come back to. */
struct lf_scan_mark {
	const char *p;
	size_t at;
	unsigned depth, state;
};

/* Remembers where s stands, and goes back there (also after an error), as long as the containers that were open then
 * were not left in between. */
static inline struct lf_scan_mark
lf_scan_mark(const struct lf_scan *s)
{
	return (struct lf_scan_mark){s->p, s->at, s->depth, s->state};
}

static inline void
lf_scan_back(struct lf_scan *s, const struct lf_scan_mark *m)
{
	s->p = s->base = m->p;
	s->mapped = 0;
	s->at = m->at;
	s->depth = m->depth;
	s->state = m->state;
	s->problem = NULL;
}

/* After LF_TOKEN_END: makes ready for another value behind it, as in JSON lines. */
void lf_scan_again(struct lf_scan *s);

/* After LF_TOKEN_END: whether only white space follows; scan->at is the first other byte. */
bool lf_scan_at_end(struct lf_scan *s);

/* Whether the last key or string, unescaped, equals text. */
bool lf_scan_is(const struct lf_scan *s, const char *text);

/* Which of names the last key or string, unescaped, equals; n for none. */
size_t lf_scan_which(const struct lf_scan *s, const struct lf_scan_name *names, size_t n);

/*
 * For telling what a text is: which of names (at most 64) the object at its start has as members, or the first
 * object of an array at its start.  Bit i stands for names[i].  Looks no further than the first 64 KiB, and what is
 * broken there ends the look.
 */
uint64_t lf_scan_glance(const char *text, size_t len, const struct lf_scan_name *names, size_t n);

/* Appends a string's content with escapes resolved (a lone surrogate becomes U+FFFD). */
void lf_scan_unescape(const char *s, size_t len, struct lf_buf *out);

#endif
