/*
 * What comes behind a hole in a gzip member.  A log is one DEFLATE block as a rule: no other block follows to go on
 * from, but the codes stand before the hole, and the end of the data and the length of the content in the trailer.
 *
 * The item that the hole's end cuts has at most 47 bits behind it, so decoding from each of 48 bits includes the right
 * one.  Of these, only those that come to the end of the block right before the trailer can be right; a bit at which
 * all of them have an item begin is where the right one has one begin too.  From there on all is proved, and the length
 * of the content says where in the content it stands.  A match that copies from the hole gives bytes that stay unknown.
 *
 * A large log has more blocks.  One that is not the last may end in the hole, and what follows have other codes;
 * decoded with the wrong ones it comes to the right end all the same, for the codes of blocks of one log are much
 * alike.  So decoding goes on at the next block's header that is found behind the hole: one with codes of its own, from
 * which all decodes as text to the right end.  Nothing else in DEFLATE comes as near to a checksum.  What of the block
 * is left before that header is taken only where the number of its items shows that no block ends in the hole.
 */
#ifndef LF_CARVE_SALVAGE_H
#define LF_CARVE_SALVAGE_H

#include "base/err.h"
#include "carve/inflate.h"
#include "carve/known.h"

enum lf_salvage_state {
	LF_SALVAGE_NONE,   /* no content is known */
	LF_SALVAGE_PREFIX, /* the content before the hole */
	LF_SALVAGE_RESYNC  /* and of the content behind it what does not copy from the hole */
};

/* Why it did not come to LF_SALVAGE_RESYNC. */
enum lf_salvage_why {
	LF_SALVAGE_FINE,
	LF_SALVAGE_HEADER,    /* the hole, or other damage, is in the header */
	LF_SALVAGE_OUTSIDE,   /* the hole does not end before the trailer, or the data end before the hole */
	LF_SALVAGE_EARLIER,   /* the data before the hole are damaged: from where is not known, so all is left out */
	LF_SALVAGE_TOO_LARGE, /* more content than max */
	LF_SALVAGE_BLOCK,     /* the hole took codes, or begins in a block not the last; and no header follows */
	LF_SALVAGE_NO_SYNC,   /* in the last block, no bit is proved */
	LF_SALVAGE_LENGTH,    /* the length in the trailer cannot be */
	LF_SALVAGE_DISTANCE   /* behind it something copies from before the beginning: trailer or hole are others */
};

/* The work of one thread and its result, used again and again. */
struct lf_salvage {
	enum lf_salvage_state state;
	enum lf_salvage_why why;
	unsigned char *content; /* NUL bytes where unknown */
	struct lf_known known;  /* of content: its len is that of the content */
	size_t before;          /* bytes of content before the hole */
	size_t resumed;         /* where in the content decoding goes on (RESYNC) */
	unsigned sync_bits;     /* from the hole's end to the proved bit */

	/* Internal. */
	size_t room;
	struct lf_inflate inflate;
	uint16_t *symbols;
};

int lf_salvage_init(struct lf_salvage *s, struct lf_err *err) __attribute__((warn_unused_result, nonnull));
void lf_salvage_free(struct lf_salvage *s);

/*
 * Salvages the member stored[0 .. len), which ends with its trailer, of which the bytes [from, to) are lost.  All
 * damage must lie in the hole: a hole that is said to be larger than it is costs bytes, a smaller one makes them
 * wrong.  Content of more than max bytes is not made.  Returns 0 whatever the bytes are, -1 when memory is out.
 */
int lf_salvage_member(struct lf_salvage *s, const unsigned char *stored, size_t len, size_t from, size_t to, size_t max,
    struct lf_err *err) __attribute__((warn_unused_result, nonnull));

/*
 * Finds out how long a member is that begins at stored, of which [from, to) is lost and whose end is not known: len is
 * how much there is, of it and of what follows it.  *end is where its trailer ends.  Returns 1, or 0 when that is not
 * proved, as it never is of a hole outside of the last block; -1 when memory is out.  The hole must end before the
 * trailer, as lf_salvage_member() finds out by the length there.
 */
int lf_salvage_find_end(struct lf_salvage *s, const unsigned char *stored, size_t len, size_t from, size_t to,
    size_t max, size_t *end, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

#endif
