/* What is no log but looks like one, and what is made to exhaust a reader. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image.h"

#define DEPTH 100000

/* Text with the words of a record: %u is a number, %s a UUID, %i 32 hexadecimal digits. */
static const struct {
	const char *what, *text;
	bool gzip;
} traps[] = {
    {"documentation",
	"## Record contents\n\nA record begins with `{\"eventVersion\":\"1.08\",` and names the "
	"caller in "
	"`\"userIdentity\":{...}`. Example %u:\n\n    {\"eventVersion\": \"1.08\", "
	"\"userIdentity\": {...}, "
	"\"eventID\": \"%s\", ...\n\nThe key \"eventVersion\" is in every record; \"eventID\" is "
	"unique.\n",
	false},
    {"an IAM policy",
	"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"trail%u\",\"Effect\":\"Deny\","
	"\"Action\":"
	"[\"cloudtrail:StopLogging\",\"cloudtrail:DeleteTrail\"],\"Resource\":\"*\",\"Condition\":"
	"{\"StringEquals\":{\"aws:RequestTag/eventVersion\":\"1.08\",\"aws:RequestTag/"
	"eventID\":\"%s\"}}}]}\n",
	false},
    {"a notification of S3",
	"{\"Records\":[{\"eventVersion\":\"2.1\",\"eventSource\":\"aws:s3\",\"awsRegion\":\"us-"
	"east-1\","
	"\"eventTime\":\"2024-03-01T00:00:00.000Z\",\"eventName\":\"ObjectCreated:Put\","
	"\"userIdentity\":"
	"{\"principalId\":\"AWS:AIDAEXAMPLE%u\"},\"requestParameters\":{\"sourceIPAddress\":\"192."
	"0.2.1\"},"
	"\"responseElements\":{\"x-amz-request-id\":\"%s\"},\"s3\":{\"bucket\":{\"name\":\"b\"}}}]"
	"}",
	false},
    {"rows of trail-timeline",
	"{\"event_time\":\"2024-03-01T00:00:%u0Z\",\"account_id\":\"111122223333\",\"region\":\"us-"
	"east-1\","
	"\"event_source\":\"iam.amazonaws.com\",\"event_name\":\"CreateUser\",\"result\":"
	"\"success\","
	"\"event_id\":\"%s\"}\n",
	false},
    {"a report of trail-verify",
	"{\"findings\":[{\"id\":\"log-modified\",\"severity\":\"alert\",\"object\":\"s3://b/"
	"%u.json.gz\","
	"\"observed\":\"eventID "
	"%s\",\"rule\":\"hashValue\"}],\"summary\":{\"logs\":{\"listed\":12}}}\n",
	false},
    {"a schema",
	"{\"$id\":\"record%u\",\"type\":\"object\",\"properties\":{\"eventVersion\":{\"type\":"
	"\"string\"},"
	"\"eventID\":{\"type\":\"string\",\"examples\":[\"%s\"]},\"eventTime\":{\"type\":"
	"\"string\"}},"
	"\"required\":[\"eventVersion\",\"eventID\"]}\n",
	false},
    {"gzip of a notification of S3",
	"{\"Records\":[{\"eventVersion\":\"2.1\",\"eventSource\":\"aws:s3\",\"awsRegion\":\"us-"
	"east-1\","
	"\"eventTime\":\"2024-03-01T00:00:00.000Z\",\"eventName\":\"ObjectRemoved:Delete\",\"s3\":{"
	"\"object\":"
	"{\"key\":\"%u\",\"sequencer\":\"%s\"}}}]}",
	true},
    {"a stream record of DynamoDB",
	"{\"Records\":[{\"eventID\":\"%i\",\"eventName\":\"INSERT\",\"eventVersion\":\"1.1\","
	"\"eventSource\":"
	"\"aws:dynamodb\",\"awsRegion\":\"us-east-1\",\"dynamodb\":{\"Keys\":{\"Id\":{\"N\":\"%u\"}"
	"},"
	"\"SequenceNumber\":\"111\",\"StreamViewType\":\"KEYS_ONLY\"}}]}",
	false},
};

#define TRAPS (sizeof(traps) / sizeof(traps[0]))

/* Append a text with its places filled in. */
static void
put_trap(const char *s, struct rng *r, struct buf *b)
{
	char id[37];

	for (; *s != '\0'; s++) {
		if (*s != '%') {
			buf_chr(b, *s);
			continue;
		}
		rng_uuid(r, id);
		if (*++s == 'u')
			buf_fmt(b, "%u", rng_below(r, 6));
		else if (*s == 's')
			buf_str(b, id);
		else
			rng_hex(r, id, 32), buf_add(b, id, 32);
	}
}

/* P: text that has the words of a record and is none. */
void
put_lookalike(struct image *im, char class, unsigned n)
{
	struct rng r = item_rng(im, class, n);
	unsigned kind = n % TRAPS, times = 1 + rng_below(&r, 5);
	struct buf b = {0}, z = {0}, *put = &b;
	struct item it;
	uint64_t at;

	if (traps[kind].gzip)
		times = 1;
	while (times-- > 0)
		put_trap(traps[kind].text, &r, &b);
	if (traps[kind].gzip) {
		gz_pack(&im->g, &z, b.p, b.len);
		put = &z;
	}
	item_begin(im, &it, class, n, traps[kind].what, "nothing");
	at = disk_take(&im->disk, put->len, n % 2 ? 1 : BLOCK);
	disk_put(&im->disk, at, put->p, put->len);
	item_run(&it, at, put->len, 0);
	item_end(im, &it);
	buf_free(&b);
	buf_free(&z);
}

/* Q: a log that inflates to more than anybody wants: blanks behind its last record or, every second
 * time, nothing but one string without an end. */
void
put_bomb(struct image *im, char class, unsigned n)
{
	struct buf b = {0};
	struct item it;
	struct log l;
	uint64_t at;
	char fill = n % 2 ? 'A' : ' ';

	log_lost(im, &l, 0, SIZE_MAX);
	item_begin(im, &it, class, n,
	    n % 2 ? "a string that does not end" : "blanks behind the records", "rejected");
	if (n % 2) {
		buf_str(&b, "{\"Records\":[{\"eventVersion\":\"");
		it.complete = 0;
	} else {
		buf_add(&b, l.body.p, l.body.len - 2);
	}
	buf_room(&b, im->bomb);
	memset(b.p + b.len, fill, im->bomb);
	b.len += im->bomb;
	buf_str(&b, "]}");
	log_wrap(im, &l, &b);
	if (n % 2)
		l.nrec = 0;
	at = disk_take(&im->disk, l.gz.len, BLOCK);
	disk_put(&im->disk, at, l.gz.p, l.gz.len);
	item_run(&it, at, l.gz.len, 0);
	it.log = &l;
	log_keep(im, &l);
	item_end(im, &it);
	log_drop(&l);
	buf_free(&b);
}

/* A record with brackets in brackets. */
static void
deep_record(struct rng *r, struct buf *b)
{
	char id[37];

	rng_uuid(r, id);
	buf_fmt(b,
	    "{\"eventVersion\":\"1.08\",\"eventTime\":\"2024-03-01T00:00:00Z\",\"eventID\":\"%s\","
	    "\"requestParameters\":",
	    id);
	buf_room(b, 2 * DEPTH);
	memset(b->p + b->len, '[', DEPTH);
	memset(b->p + b->len + DEPTH, ']', DEPTH);
	b->len += 2 * DEPTH;
	buf_str(b, "}");
}

/* Wrap the text in gzip or in a string, several times over. */
static void
wrap(struct image *im, struct buf *b, bool gzip, unsigned times)
{
	struct buf t = {0};

	while (times-- > 0) {
		if (gzip) {
			gz_pack(&im->g, &t, b->p, b->len);
		} else {
			buf_str(&t, "{\"Message\":");
			buf_json(&t, b->p, false);
			buf_chr(&t, '}');
		}
		buf_free(b);
		*b = t;
		memset(&t, 0, sizeof(t));
	}
}

/* R: a log that was compressed eight times more, a record 100,000 brackets deep, a log that was
 * escaped six times. */
void
put_depth(struct image *im, char class, unsigned n)
{
	static const char *const what[] = {
	    "compressed nine times", "100,000 brackets deep", "escaped six times"};
	struct rng r = item_rng(im, class, n);
	unsigned kind = n % 3;
	struct buf b = {0};
	struct item it;
	struct log l;
	uint64_t at;

	log_lost(im, &l, 0, 3000);
	item_begin(im, &it, class, n, what[kind], "rejected");
	if (kind == 1) {
		deep_record(&r, &b);
	} else {
		buf_add(&b, kind == 0 ? l.gz.p : l.body.p, kind == 0 ? l.gz.len : l.body.len);
		wrap(im, &b, kind == 0, kind == 0 ? 8 : 6);
		it.log = &l;
		it.complete = 0;
		log_keep(im, &l);
	}
	at = disk_take(&im->disk, b.len, n % 2 ? 1 : BLOCK);
	disk_put(&im->disk, at, b.p, b.len);
	item_run(&it, at, b.len, 0);
	sha256_hex(b.p, b.len, it.container);
	item_end(im, &it);
	log_drop(&l);
	buf_free(&b);
}
