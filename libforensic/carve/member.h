/*
 * A gzip member (RFC 1952) that begins at some place of an image: its content, and the exact length of what is stored.
 * It is read in pieces, from wherever its bytes are; neither the image nor the content is ever in memory as a whole.
 */
#ifndef LF_CARVE_MEMBER_H
#define LF_CARVE_MEMBER_H

#include <sys/types.h>

#include "base/err.h"
#include "carve/inflate.h"

#define LF_MEMBER_TRAILER    8u /* bytes: CRC-32 and ISIZE */
#define LF_MEMBER_HEADER_MAX ((size_t)80 << 10) /* longer headers are taken for chance */

enum lf_member_state {
	LF_MEMBER_NONE, /* no member begins here; nothing was given */
	/* What was given begins as the content does.  Unless it is that the bytes end early, damage may lie before the
	 * trouble, and what was given be wrong from there on. */
	LF_MEMBER_PREFIX,
	LF_MEMBER_WHOLE /* CRC-32 and ISIZE are right */
};

enum lf_member_trouble {
	LF_MEMBER_FINE,
	LF_MEMBER_HEADER,        /* is none */
	LF_MEMBER_HEADER_CUT,    /* the bytes end inside it, or it is longer than LF_MEMBER_HEADER_MAX */
	LF_MEMBER_CUT,           /* the bytes end inside the DEFLATE data */
	LF_MEMBER_DAMAGED,       /* the DEFLATE data are invalid: stop says how */
	LF_MEMBER_TRAILER_CUT,
	LF_MEMBER_TRAILER_WRONG, /* so the damage is anywhere before it */
	LF_MEMBER_TOO_LARGE,     /* more content than max */
	LF_MEMBER_RATIO          /* over LF_RATIO_FREE bytes and LF_RATIO_MAX times what is stored */
};

/* Where stored bytes come from, and where content goes to. */
struct lf_member_io {
	void *arg;
	/* Copies up to len bytes from offset on.  Returns their number, 0 where there are none, -1 with err filled. */
	ssize_t (*read)(void *arg, uint64_t offset, unsigned char *to, size_t len, struct lf_err *err);
	/* Takes content, in order; NULL: nobody does.  Returns 0, or -1 with err filled to end everything. */
	int (*give)(void *arg, const unsigned char *bytes, size_t len, struct lf_err *err);
};

struct lf_member {
	enum lf_member_state state;
	enum lf_member_trouble trouble;
	enum lf_inflate_stop stop; /* of the DEFLATE data; LF_INFLATE_END where they are complete */
	uint64_t header;           /* bytes */
	uint64_t stored;           /* bytes: all of a whole member; else up to the trouble */
	uint64_t content;          /* bytes given */
	uint32_t crc;              /* of them */
	uint32_t said_crc, said_len; /* by the trailer, where there is one */
};

struct lf_member_reader; /* decoder and buffers of one thread, used again and again: about 280 KiB */

struct lf_member_reader *lf_member_reader_new(struct lf_err *err) __attribute__((warn_unused_result, nonnull));
void lf_member_reader_free(struct lf_member_reader *r);

/*
 * Reads the member that begins at offset, up to max bytes of content.  Returns 0 whatever the bytes are, -1 with err
 * filled when io fails.
 */
int lf_member_read(struct lf_member_reader *r, const struct lf_member_io *io, uint64_t offset, uint64_t max,
    struct lf_member *out, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

/*
 * Looks at what may be a member from its first bytes: puts the beginning of the content, *made bytes of at most room,
 * to content.  False when the header is none or is cut, or the DEFLATE data are invalid that early; fewer than room
 * bytes otherwise mean that the content or the stored bytes end.
 */
bool lf_member_probe(struct lf_member_reader *r, const unsigned char *stored, size_t len, unsigned char *content,
    size_t room, size_t *made) __attribute__((warn_unused_result, nonnull));

/* "the bytes end inside the data", ... for a message.  Static text. */
const char *lf_member_trouble_text(enum lf_member_trouble t);

#endif
