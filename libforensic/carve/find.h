/* One thing that was carved: what it is, how sure that is, where it lies, and the records in it. */
#ifndef LF_CARVE_FIND_H
#define LF_CARVE_FIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"
#include "evidence/image.h"
#include "forensic.h"

/* How sure, best first.  A named state, never a percentage. */
enum lf_carve_state {
	LF_CARVE_AUTHENTIC, /* a verified digest lists the complete content's SHA-256; or a digest verified itself */
	LF_CARVE_LISTED,    /* listed by a digest that could not be verified */
	LF_CARVE_WHOLE,     /* CRC-32 and ISIZE right (or, for plain text, the JSON complete), no digest lists it */
	LF_CARVE_JOINED,    /* as whole, from two runs: the CRC decided */
	LF_CARVE_PREFIX,    /* the DEFLATE data, or the text, end early: what is complete before that */
	LF_CARVE_RESYNC,    /* bytes behind damage proved to be in place */
	LF_CARVE_RECORD,    /* a complete JSON record outside of any container */
	LF_CARVE_FRAGMENT,  /* an incomplete record: known members only */
	LF_CARVE_STATES
};

enum lf_carve_kind {
	LF_CARVE_LOG,      /* {"Records":[...]} as delivered */
	LF_CARVE_DIGEST,
	LF_CARVE_ENVELOPE, /* records in another wrapper: CloudWatch Logs, lookup-events, JSON lines, ... */
	LF_CARVE_LOOSE,    /* one record */
	LF_CARVE_KINDS
};

/* The last step that brought it out; the path has all of them. */
enum lf_carve_method {
	LF_CARVE_GZIP, LF_CARVE_TEXT, LF_CARVE_UTF16LE, LF_CARVE_UTF16BE, LF_CARVE_ESCAPED, LF_CARVE_BASE64, LF_CARVE_JOIN,
	LF_CARVE_SALVAGE, LF_CARVE_METHODS
};

/* A known value of an incomplete record. */
struct lf_carve_known {
	const char *name;    /* of the member, static ("identifier", "time" where only the value's form tells) */
	size_t value, len;   /* in the find's text, as it stands there */
	bool same_object;    /* of one object with the one before it */
};

/* A complete record. */
struct lf_carve_record {
	size_t json, len;    /* in the find's text, as it stands there */
	uint32_t index;      /* in its container, from 0 */
	int64_t time;        /* eventTime, LF_TIME_NONE */
	char id[64];         /* eventID; "" without; longer ones are cut (no AWS service makes them) */
	unsigned char sha256[LF_SHA256_LEN]; /* of the json */
};

/* All bytes of a find lie in its text, so that it moves between threads as one thing. */
struct lf_find {
	enum lf_carve_state state;
	enum lf_carve_kind kind;
	enum lf_carve_method method;
	uint64_t start;          /* in the image: of the first byte of text, of anything else the hit that led to it */
	bool late;               /* text of the image itself, which begins in front of what gave it away */
	struct lf_area runs[2];  /* in the image; of something nested, all of the outermost, as far as it goes */
	unsigned n_runs;
	bool complete;           /* content is all of it: its hashes stand */
	bool joinable;           /* a member of the image itself that broke off: its rest may lie elsewhere */
	bool doubtful;           /* decoded from damaged data: nobody knows where the damage begins */
	bool trailer;            /* of gzip: there is one; and whether it is right */
	bool crc_right, size_right;
	const char *problem;     /* why it is not complete: static text, or NULL */
	char wrapper[24];        /* the name of the member that text is the value of; "" without */
	uint64_t stored, inflated; /* bytes; stored: up to the trouble, where there is any */
	unsigned char stored_sha256[LF_SHA256_LEN], inflated_sha256[LF_SHA256_LEN]; /* when complete */
	size_t path, path_len;   /* "1052672-GZIP-0", without the image's name in front */
	size_t content, content_len; /* inflated and decoded; what is not known of it is NUL bytes */
	size_t file, file_len;   /* as stored, of a complete gzip member; else 0 */
	struct lf_area *unknown; /* of content, ascending */
	size_t n_unknown;
	struct lf_carve_record *records;
	size_t n_records;
	struct lf_carve_known *known;
	size_t n_known;
	struct lf_buf text;
};

void lf_find_free(struct lf_find *f); /* what it holds, not itself */
/* A part of the text. */
static inline struct lf_slice
lf_find_slice(const struct lf_find *f, size_t at, size_t len)
{
	return (struct lf_slice){len == 0 ? "" : f->text.data + at, len};
}
/* Where the first run of bytes ends: how much of the image, in one piece, a find stands for. */
uint64_t lf_find_end(const struct lf_find *f);
/* By start, then the longer first, then path: total. */
int lf_find_cmp(const struct lf_find *a, const struct lf_find *b);
const char *lf_carve_state_name(enum lf_carve_state s);  /* "authentic" ... */
const char *lf_carve_kind_name(enum lf_carve_kind k);     /* "log" "digest" "envelope" "record" */
/* "gzip" "text" "utf-16le" "utf-16be" "escaped" "base64" "join" "salvage". */
const char *lf_carve_method_name(enum lf_carve_method m);

#endif
