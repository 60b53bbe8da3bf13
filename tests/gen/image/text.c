/* Logs that are not compressed: as delivered, in UTF-16, escaped in envelopes, as base64. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image.h"

/* Plant text that holds the records of a log. */
static void
place_text(struct image *im, struct item *it, struct log *l, const struct buf *b, unsigned align)
{
	uint64_t at = disk_take(&im->disk, b->len, align);

	disk_put(&im->disk, at, b->p, b->len);
	item_run(it, at, b->len, 0);
	it->log = l;
	log_keep(im, l);
	item_end(im, it);
}

/* Append the records in one of the generator's forms. */
static void
form(const struct image *im, const char *name, const struct log *l, struct buf *b)
{
	const struct form *f;

	for (f = envelope_forms; strcmp(f->name, name) != 0; f++)
		;
	f->write(&im->g, l->rec, l->nrec, b);
}

/* F: inflated, as delivered; every third a record a line. */
void
put_plain(struct image *im, char class, unsigned n)
{
	bool lines = n % 3 == 2;
	struct buf b = {0};
	struct item it;
	struct log l;

	log_new(im, &l, 0, SIZE_MAX);
	item_begin(im, &it, class, n, lines ? "a record a line" : "inflated",
	    lines ? "records" : "inflated");
	it.plain = !lines;
	if (lines)
		form(im, "lines", &l, &b);
	else
		buf_add(&b, l.body.p, l.body.len);
	place_text(im, &it, &l, &b, n % 2 ? 1 : BLOCK);
	log_drop(&l);
	buf_free(&b);
}

/* The character at *i, which is moved behind it; the text is valid UTF-8 and ends in a NUL. */
static unsigned
take_utf8(const unsigned char *p, size_t *i)
{
	unsigned c = p[(*i)++], more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : c >= 0xc0 ? 1 : 0;

	c &= more > 0 ? 0x3fu >> more : 0x7f;
	for (; more > 0; more--)
		c = c << 6 | (p[(*i)++] & 0x3f);
	return c;
}

/* Append 16 bits. */
static void
put_unit(unsigned v, bool big, struct buf *b)
{
	buf_chr(b, (char)(big ? v >> 8 : v));
	buf_chr(b, (char)(big ? v : v >> 8));
}

/* G: the text in UTF-16, in both orders of bytes; half of them with the mark of the order. */
void
put_wide(struct image *im, char class, unsigned n)
{
	bool big = n % 2 == 1;
	struct buf b = {0};
	struct item it;
	struct log l;
	unsigned c;
	size_t i;

	log_new(im, &l, 0, SIZE_MAX);
	item_begin(im, &it, class, n, big ? "UTF-16 BE" : "UTF-16 LE", "records");
	if (n % 4 < 2)
		buf_add(&b, big ? "\xfe\xff" : "\xff\xfe", 2);
	for (i = 0; i < l.body.len;) {
		c = take_utf8((const unsigned char *)l.body.p, &i);
		if (c > 0xffff)
			put_unit(0xd7c0 + (c >> 10), big, &b);
		put_unit(c > 0xffff ? 0xdc00 + (c & 0x3ff) : c, big, &b);
	}
	place_text(im, &it, &l, &b, n % 3 ? 1 : BLOCK);
	log_drop(&l);
	buf_free(&b);
}

/* Append a notification of SNS for each line of the text. */
static void
put_sns(const struct buf *lines, struct buf *b)
{
	char *copy = xstrdup(lines->p), *rest = copy, *line;
	unsigned i = 0;

	while ((line = strsep(&rest, "\n")) != NULL) {
		if (*line == '\0')
			continue;
		buf_fmt(b,
		    "{\"Type\":\"Notification\",\"MessageId\":\"00000000-0000-5000-8000-%012u\","
		    "\"TopicArn\":"
		    "\"arn:aws:sns:us-east-1:111122223333:trail\",\"Message\":",
		    i++);
		buf_json(b, line, false);
		buf_str(
		    b, ",\"Timestamp\":\"2024-03-01T00:00:00.000Z\",\"SignatureVersion\":\"1\"}\n");
	}
	free(copy);
}

/* Append the answer of ReceiveMessage with each line of the text as a body. */
static void
put_sqs(const struct buf *lines, struct buf *b)
{
	char *copy = xstrdup(lines->p), *rest = copy, *line;
	unsigned i = 0;

	buf_str(b, "{\"Messages\":[");
	while ((line = strsep(&rest, "\n")) != NULL) {
		if (*line == '\0')
			continue;
		buf_fmt(b,
		    "%s{\"MessageId\":\"00000000-0000-4000-9000-%012u\",\"ReceiptHandle\":\"AQEB%"
		    "08u\",\"Body\":",
		    i ? "," : "", i, i);
		i++;
		buf_json(b, line, false);
		buf_chr(b, '}');
	}
	buf_str(b, "]}\n");
	free(copy);
}

/* H: in an envelope: CloudWatch, LookupEvents and SNS escape once, SQS of SNS twice, EventBridge
 * does not. */
void
put_envelope(struct image *im, char class, unsigned n)
{
	static const char *const what[] = {"CloudWatch Logs", "LookupEvents", "EventBridge",
	    "SNS of EventBridge", "SQS of SNS of EventBridge", "SQS of EventBridge"};
	static const char *const forms[] = {
	    "cwl", "lookup", "eventbridge", "eventbridge", "eventbridge", "eventbridge"};
	struct buf b = {0}, outer = {0};
	unsigned kind = n % 6;
	struct item it;
	struct log l;

	log_new(im, &l, 0, SIZE_MAX);
	item_begin(im, &it, class, n, what[kind], "records");
	form(im, forms[kind], &l, &b);
	if (kind == 3 || kind == 4) {
		put_sns(&b, &outer);
		buf_free(&b);
		b = outer;
		memset(&outer, 0, sizeof(outer));
	}
	if (kind == 4 || kind == 5) {
		put_sqs(&b, &outer);
		buf_free(&b);
		b = outer;
	}
	place_text(im, &it, &l, &b, n % 2 ? 1 : BLOCK);
	log_drop(&l);
	buf_free(&b);
}

/* Append base64 in lines of 76 characters, as mail has it. */
static void
put_lines(const struct buf *z, struct buf *b)
{
	struct buf t = {0};
	size_t i;

	buf_str(b, "Content-Type: application/gzip\r\nContent-Transfer-Encoding: base64\r\n\r\n");
	base64(&t, z->p, z->len);
	for (i = 0; i < t.len; i += 76) {
		buf_add(b, t.p + i, t.len - i < 76 ? t.len - i : 76);
		buf_str(b, "\r\n");
	}
	buf_free(&t);
}

/* J: base64 of gzip: a log on one line, a log in lines, the batch of a subscription as Lambda gets
 * it. */
void
put_base64(struct image *im, char class, unsigned n)
{
	static const char *const what[] = {"base64 of a log, one line",
	    "base64 of a log, as mail has it", "base64 of a subscription batch"};
	struct buf b = {0}, batch = {0};
	unsigned kind = n % 3;
	struct item it;
	struct log l;

	if (kind == 2)
		log_lost(im, &l, 0, SIZE_MAX);
	else
		log_new(im, &l, 0, SIZE_MAX);
	item_begin(im, &it, class, n, what[kind], "exact");
	if (kind == 1) {
		put_lines(&l.gz, &b);
	} else {
		buf_str(&b, kind == 2 ? "{\"awslogs\":{\"data\":\"" : "{\"payload\":\"");
		if (kind == 2) {
			l.nrec = l.nrec < 5 ? l.nrec : 5;
			form(im, "cwl", &l, &batch);
			log_wrap(im, &l, &batch);
		}
		base64(&b, l.gz.p, l.gz.len);
		buf_str(&b, kind == 2 ? "\"}}\n" : "\"}\n");
	}
	place_text(im, &it, &l, &b, n % 2 ? 1 : BLOCK);
	log_drop(&l);
	buf_free(&b);
	buf_free(&batch);
}
