/* What fills a disk besides logs: random bytes, and text of the kinds that lie about on one. */
#include <string.h>

#include "image.h"

#define POOL (1u << 20)

static const char *const words[] = {"the", "server", "of", "request", "and", "backup", "to",
    "volume", "in", "region", "a", "policy", "is", "started", "for", "user", "with", "event", "on",
    "trail", "not", "found", "by", "account", "version", "from", "record", "error", "timeout",
    "after", "retry", "queue", "worker", "bucket", "object", "digest", "key", "session", "token",
    "expired"};

#define WORDS (sizeof(words) / sizeof(words[0]))

/* A word. */
static const char *
word(struct rng *r)
{
	return words[rng_below(r, WORDS)];
}

/* Append n words. */
static void
put_words(struct rng *r, unsigned n, struct buf *b)
{
	while (n-- > 0) {
		buf_str(b, word(r));
		buf_chr(b, n > 0 ? ' ' : '.');
	}
}

/* Append a line as a daemon logs it. */
static void
put_syslog(struct rng *r, struct buf *b)
{
	char iso[ISO_LEN];

	stamp_iso(1709251200 + rng_below(r, 1u << 21), iso);
	buf_fmt(b, "%s host%u %sd[%u]: ", iso, rng_below(r, 9), word(r), rng_below(r, 30000));
	put_words(r, 4 + rng_below(r, 9), b);
	buf_chr(b, '\n');
}

/* Append a line of JSON as programs log it. */
static void
put_json(struct rng *r, struct buf *b)
{
	char id[37];

	rng_uuid(r, id);
	buf_fmt(b,
	    "{\"level\":\"%s\",\"ts\":%u,\"request\":\"%s\",\"%s\":{\"name\":\"%s\",\"n\":%u},"
	    "\"msg\":\"",
	    rng_below(r, 9) ? "info" : "warn", 1709251200 + rng_below(r, 1u << 21), id, word(r),
	    word(r), rng_below(r, 1000));
	put_words(r, 3 + rng_below(r, 8), b);
	buf_str(b, "\"}\n");
}

/* Append a piece of a page. */
static void
put_html(struct rng *r, struct buf *b)
{
	buf_fmt(b, "<div class=\"%s\"><p>", word(r));
	put_words(r, 20 + rng_below(r, 60), b);
	buf_fmt(b, " <a href=\"/%s/%u\">%s</a></p></div>\n", word(r), rng_below(r, 1000), word(r));
}

/* Make the text from which extents are cut. */
void
filler_pool(struct image *im)
{
	struct rng r = rng_make(im->g.o.seed, TAG('p', 'o', 'o', 'l'), 0, 0, 0, 0);
	unsigned dice, n;

	while (im->pool.len < POOL) {
		dice = rng_below(&r, 4);
		for (n = 0; n < 40; n++) {
			if (dice == 0)
				put_syslog(&r, &im->pool);
			else if (dice == 1)
				put_json(&r, &im->pool);
			else if (dice == 2)
				put_html(&r, &im->pool);
			else
				put_words(&r, 12, &im->pool);
		}
		buf_str(&im->pool, "\n\n");
	}
}

/* Fill n bytes with text; n is no more than an extent. */
void
filler_text(const struct image *im, struct rng *r, void *p, size_t n)
{
	memcpy(p, im->pool.p + rng_below(r, (unsigned)(POOL - n)), n);
}

/* Fill n bytes with random ones. */
void
filler_random(struct rng *r, void *p, size_t n)
{
	unsigned char *to = p;
	uint64_t v;
	size_t k;

	while (n > 0) {
		v = rng_next(r);
		k = n < 8 ? n : 8;
		memcpy(to, &v, k);
		to += k;
		n -= k;
	}
}
