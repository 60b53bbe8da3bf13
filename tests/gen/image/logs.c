/* The logs that are planted: their sizes are spread as those of delivered logs are. */
#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "image.h"

/*
 * Sizes of stored logs, over 3,872 logs of a lab account; that of 99.9 % is a guess.
 */
static const struct {
	double part, size;
} spread[] = {
    {0, 560},
    {.01, 722},
    {.1, 1042},
    {.5, 1551},
    {.9, 3727},
    {.95, 4131},
    {.99, 6580},
    {.999, 20000},
    {1, 83136},
};

/* The size below which that part of all logs lies. */
static double
size_at(double part)
{
	size_t i;

	for (i = 1; i + 1 < sizeof(spread) / sizeof(spread[0]) && part > spread[i].part; i++)
		;
	return spread[i - 1].size + (spread[i].size - spread[i - 1].size) *
					(part - spread[i - 1].part) /
					(spread[i].part - spread[i - 1].part);
}

/* A size as logs have it between two bounds; when none of a hundred tries is, one of those next to
 * the lower bound. */
static size_t
size_pick(struct rng *r, size_t least, size_t most)
{
	double size = 0;
	unsigned i;

	for (i = 0; i < 100; i++) {
		size = size_at(rng_below(r, 100000) / 100000.);
		if (size >= (double)least && size <= (double)most)
			return (size_t)size;
	}
	return least + rng_below(r, most - least < BLOCK ? (unsigned)(most - least) + 1 : BLOCK);
}

/* The byte behind the JSON value at p, which opens with a bracket; NULL when it does not close. */
static const char *
close_of(const char *p, const char *end)
{
	unsigned depth = 0;

	for (; p < end; p++) {
		if (*p == '"') {
			for (p++; p < end && *p != '"'; p++)
				p += *p == '\\';
		} else if (*p == '{' || *p == '[') {
			depth++;
		} else if (*p == '}' || *p == ']') {
			if (--depth == 0)
				return p + 1;
		}
	}
	return NULL;
}

/* Find the string value of a member at the top of a record, without its quotes; blanks may stand
 * between the parts. */
bool
member_of(const struct text *rec, const char *name, struct text *out)
{
	const char *p, *end = rec->p + rec->len, *key, *q;
	unsigned depth = 0;

	for (p = rec->p; p < end; p++) {
		depth += *p == '{' || *p == '[';
		depth -= *p == '}' || *p == ']';
		if (*p != '"')
			continue;
		for (key = p + 1, p = key; p < end && *p != '"'; p++)
			p += *p == '\\';
		for (q = p + 1; q < end && strchr(" \t\r\n", *q) != NULL; q++)
			;
		if (depth != 1 || q >= end || *q != ':' || (size_t)(p - key) != strlen(name) ||
		    strncmp(key, name, strlen(name)) != 0)
			continue;
		for (q++; q < end && *q != '"'; q++)
			;
		for (p = ++q; p < end && *p != '"'; p++)
			p += *p == '\\';
		*out = (struct text){q, p < end ? (size_t)(p - q) : 0};
		return p < end;
	}
	return false;
}

/* Find the records, and what is stored of the log. */
static void
log_read(struct log *l)
{
	const char *p, *end = l->body.p + l->body.len, *next;

	p = strstr(l->body.p, "\"Records\"");
	p = p != NULL ? strchr(p, '[') : NULL;
	if (p == NULL)
		errx(2, "a log without Records");
	while (
	    (p = memchr(p, '{', (size_t)(end - p))) != NULL && (next = close_of(p, end)) != NULL) {
		if (l->nrec % 64 == 0)
			l->rec = xrealloc(l->rec, l->nrec + 64, sizeof(*l->rec));
		l->rec[l->nrec++] = (struct text){p, (size_t)(next - p)};
		p = next;
	}
	l->inflated = l->body.len;
	sha256_hex(l->body.p, l->body.len, l->sha);
	sha256_hex(l->gz.p, l->gz.len, l->gzsha);
}

/* Compress the log, with zlib and libdeflate in turn. */
static void
log_pack(struct image *im, struct log *l)
{
	im->g.o.libdeflate = l->number % 2 == 1;
	l->gz.len = 0;
	gz_pack(&im->g, &l->gz, l->body.p, l->body.len);
}

/* Write n events as a log. */
static void
log_fill(
    struct image *im, struct log *l, unsigned n, struct place *p, int64_t *first, int64_t *last)
{
	int64_t t;
	unsigned e;

	p->total = n;
	l->body.len = 0;
	buf_str(&l->body, "{\"Records\":[");
	for (e = 0; e < n; e++) {
		buf_str(&l->body, e ? "," : "");
		event_write(p, e, &l->body, &t);
		if (e == 0 || t < *first)
			*first = t;
		if (e == 0 || t > *last)
			*last = t;
	}
	buf_str(&l->body, "]}");
	log_pack(im, l);
}

/* The number of records for which a log is stored in about so many bytes, when n gave have. */
static unsigned
records_for(size_t want, size_t have, unsigned n)
{
	double each = have > 320 ? (double)(have - 320) / n : 300,
	       v = ((double)want - 320) / each + .5;

	return v < 1 ? 1 : (unsigned)v;
}

/* Fill a log that is stored in about want bytes; when that is not in the bounds, more and more or
 * less of it. */
static void
log_sized(struct image *im, struct log *l, size_t want, size_t least, size_t most, struct place *p,
    int64_t *first, int64_t *last)
{
	unsigned n = records_for(want, 620, 1), tries;

	log_fill(im, l, n, p, first, last);
	for (tries = 0; tries < 2; tries++) {
		n = records_for(want, l->gz.len, n);
		log_fill(im, l, n, p, first, last);
	}
	for (tries = 0; tries < 400 && (l->gz.len < least || l->gz.len > most); tries++) {
		if (l->gz.len < least)
			n += 1 + n / 16;
		else if (n > 1)
			n -= 1 + n / 32;
		else
			p->salt += 1u << 24;
		log_fill(im, l, n, p, first, last);
	}
}

/*
 * Make the next log, stored in least to most bytes (when its records allow it). Every third is
 * listed in no digest, the others in those of two regions in turn, unless they are to be unlisted.
 */
void
log_new(struct image *im, struct log *l, size_t least, size_t most)
{
	struct place p = {.g = &im->g};
	struct rng r = rng_make(im->g.o.seed, TAG('s', 'i', 'z', 'e'), im->nlogs, 0, 0, 0);
	size_t want = size_pick(&r, least, most);
	int64_t first = 0, last = 0;

	memset(l, 0, sizeof(*l));
	l->number = im->nlogs++;
	p.region = l->number % 3;
	p.slot = 1 + l->number / 3 / 16;
	p.salt = 1000 + l->number;
	p.len = 3600;
	p.start = im->g.o.start + im->g.o.phase + (int64_t)p.slot * 3600;
	log_sized(im, l, want, least, most, &p, &first, &last);
	log_read(l);
	if (p.region < 2 && !im->unlisted)
		digests_list(im, l, &p, first, last);
}

/* The same of a log whose text cannot be had back as a digest would list it: none does. */
void
log_lost(struct image *im, struct log *l, size_t least, size_t most)
{
	im->unlisted = true;
	log_new(im, l, least, most);
	im->unlisted = false;
}

/* Read a log from a file, compressed or not; what is not is compressed. */
void
log_given(struct image *im, struct log *l, const char *path)
{
	struct buf b = {0};

	memset(l, 0, sizeof(*l));
	l->number = im->nlogs++;
	if (!file_read(path, &b))
		errx(2, "%s: not there", path);
	if (!gz_unpack(&l->body, b.p, b.len))
		errx(2, "%s: damaged gzip", path);
	if (b.len > 1 && memcmp(b.p, "\x1f\x8b", 2) == 0)
		buf_add(&l->gz, b.p, b.len);
	else
		log_pack(im, l);
	log_read(l);
	buf_free(&b);
}

/* A copy of a log in which one byte of the first record's userAgent is another. */
void
log_changed(struct image *im, const struct log *from, struct log *l)
{
	char *at;

	memset(l, 0, sizeof(*l));
	l->number = from->number;
	buf_add(&l->body, from->body.p, from->body.len);
	at = strstr(l->body.p, "\"userAgent\":\"") + strlen("\"userAgent\":\"");
	*at = *at == 'x' ? 'y' : 'x';
	log_pack(im, l);
	log_read(l);
}

/* Store another text instead of the log's own, from which its records can still be had; no digest
 * lists that. */
void
log_wrap(struct image *im, struct log *l, const struct buf *text)
{
	l->gz.len = 0;
	gz_pack(&im->g, &l->gz, text->p, text->len);
	free(l->object);
	free(l->digest);
	l->object = l->digest = NULL;
	l->inflated = text->len;
	sha256_hex(text->p, text->len, l->sha);
	sha256_hex(l->gz.p, l->gz.len, l->gzsha);
}

/* Free what a log holds. */
void
log_drop(struct log *l)
{
	buf_free(&l->body);
	buf_free(&l->gz);
	free(l->rec);
	free(l->object);
	free(l->digest);
	memset(l, 0, sizeof(*l));
}

/* How many records are complete in what inflates from the first n bytes as stored. */
size_t
log_readable(const struct log *l, size_t n)
{
	struct buf b = {0};
	size_t i;

	gz_unpack(&b, l->gz.p, n < l->gz.len ? n : l->gz.len);
	for (i = 0; i < l->nrec; i++)
		if ((size_t)(l->rec[i].p - l->body.p) + l->rec[i].len > b.len)
			break;
	buf_free(&b);
	return i;
}
