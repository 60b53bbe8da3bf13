#include "record/classify.h"

#include <magic.h>
#include <stdlib.h>
#include <string.h>

#include "record/digest.h"
#include "record/envelope_parts.h"
#include "record/lake.h"
#include "record/records.h"
#include "record/scan.h"

#define TEXT_MAX  4096            /* bytes of a text that is no JSON looked at */
#define MAGIC_LEN ((size_t)1 << 20)

/* Members that tell what a JSON object is. */
enum member {
	CLOUDTRAIL_EVENT,
	LOOKUP_EVENTS,
	LOG_EVENTS,
	FILTERED_EVENTS,
	DETAIL,
	DETAIL_TYPE,
	SOURCE,
	ACCOUNT,
	REGION,
	CARVED_ID,
	CARVED_RECORD,
	ECS_TIME,
	ECS_AWS,
	KEY_LIST,
	KEY_LIST_LOWER,
	METADATA,
	METADATA_LOWER,
	RCLONE_PATH,
	RCLONE_IS_DIR,
	MC_STATUS,
	MC_ETAG,
	SQS_ID,
	SQS_ID_LOWER,
	SQS_BODY,
	SQS_BODY_LOWER,
	SNS_TOPIC,
	SNS_MESSAGE,
	N_MEMBERS
};

static const struct lf_scan_name members[N_MEMBERS] = {LF_SCAN_NAME("CloudTrailEvent"), LF_SCAN_NAME("Events"),
    LF_SCAN_NAME("logEvents"), LF_SCAN_NAME("events"), LF_SCAN_NAME("detail"), LF_SCAN_NAME("detail-type"),
    LF_SCAN_NAME("source"), LF_SCAN_NAME("account"), LF_SCAN_NAME("region"), LF_SCAN_NAME("event_id"),
    LF_SCAN_NAME("record"), LF_SCAN_NAME("@timestamp"), LF_SCAN_NAME("aws"), LF_SCAN_NAME("PublicKeyList"),
    LF_SCAN_NAME("publicKeyList"), LF_SCAN_NAME("Metadata"), LF_SCAN_NAME("metadata"), LF_SCAN_NAME("Path"),
    LF_SCAN_NAME("IsDir"), LF_SCAN_NAME("status"), LF_SCAN_NAME("etag"), LF_SCAN_NAME("MessageId"),
    LF_SCAN_NAME("messageId"), LF_SCAN_NAME("Body"), LF_SCAN_NAME("body"), LF_SCAN_NAME("TopicArn"),
    LF_SCAN_NAME("Message")};

#define BIT(m) (UINT64_C(1) << (m))

/* All of "all" and, unless it is 0, one of "any": then it is "kind".  The first that fits decides. */
static const struct {
	enum lf_kind kind;
	uint64_t all, any;
} shapes[] = {
    {LF_KIND_KEYS, 0, BIT(KEY_LIST) | BIT(KEY_LIST_LOWER)},
    {LF_KIND_EVENTS, 0, BIT(CLOUDTRAIL_EVENT) | BIT(LOOKUP_EVENTS) | BIT(LOG_EVENTS) | BIT(FILTERED_EVENTS)},
    {LF_KIND_EVENTS, BIT(DETAIL), BIT(DETAIL_TYPE) | BIT(SOURCE) | BIT(ACCOUNT) | BIT(REGION)},
    {LF_KIND_EVENTS, BIT(CARVED_ID) | BIT(CARVED_RECORD), 0},
    {LF_KIND_EVENTS, BIT(ECS_TIME) | BIT(ECS_AWS), 0},
    {LF_KIND_EVENTS, BIT(SQS_ID) | BIT(SQS_BODY), 0},
    {LF_KIND_EVENTS, BIT(SQS_ID_LOWER) | BIT(SQS_BODY_LOWER), 0},
    {LF_KIND_EVENTS, BIT(SNS_TOPIC) | BIT(SNS_MESSAGE), 0},
    {LF_KIND_METADATA, 0, BIT(METADATA) | BIT(METADATA_LOWER)},
    {LF_KIND_METADATA, BIT(RCLONE_PATH) | BIT(RCLONE_IS_DIR), 0},
    {LF_KIND_METADATA, BIT(MC_STATUS) | BIT(MC_ETAG), 0},
};

/* ---- Text ---- */

static bool
is_hex(char c)
{
	return (c >= '0' && c <= '9') || (lf_lower(c) >= 'a' && lf_lower(c) <= 'f');
}

static bool
contains(struct lf_slice text, const char *word)
{
	for (; text.len > 0; text.s++, text.len--)
		if (lf_slice_starts_nocase(text, word))
			return true;
	return false;
}

static struct lf_slice
first_line(struct lf_slice text)
{
	const char *end = text.len == 0 ? NULL : memchr(text.s, '\n', text.len);

	if (end != NULL)
		text.len = (size_t)(end - text.s);
	if (text.len > 0 && text.s[text.len - 1] == '\r')
		text.len--;
	return text;
}

/* Lists of check sums: "HEX  name" as sha256sum writes, "SHA256 (name) = HEX" as BSD does, hashdeep. */
static bool
is_checksums(struct lf_slice line, const char *path, size_t path_len)
{
	static const size_t lengths[] = {32, 40, 56, 64, 96, 128};
	static const char *const words[] = {"%%%% HASHDEEP-", "MD5 (", "SHA1 (", "SHA256 (", "SHA2-256 (",
	    "SHA512 ("};
	static const char *const tails[] = {".sha256", ".sha512", ".sha1", ".md5", "sums"};
	struct lf_slice name = {path, path_len};
	size_t n = 0;
	bool hash = false, alone = false;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (lf_slice_starts_nocase(line, words[i]))
			return true;
	while (n < line.len && is_hex(line.s[n]))
		n++;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		hash |= n == lengths[i];
	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++)
		alone |= lf_slice_ends_nocase(name, tails[i]);
	if (n == line.len)
		return hash && alone;
	return hash && n + 2 < line.len && line.s[n] == ' ' && (line.s[n + 1] == ' ' || line.s[n + 1] == '*');
}

/* What trail-carve --dfxml writes. */
static bool
is_dfxml(struct lf_slice text)
{
	return lf_slice_starts(text, "<?xml ") && contains(text, "<program>trail-carve</program>");
}

/* A line of a CloudWatch Logs export: a time, a blank, a record.  Or a record as a string. */
static bool
is_event_line(struct lf_slice line)
{
	return (lf_envelope_stamped(line.s, line.s + line.len) != NULL ||
	    (lf_slice_starts(line, "\"") && lf_envelope_is_json(line.s + 1, line.len - 1))) &&
	    contains(line, "eventVersion");
}

/* The header of a console's event history. */
static bool
is_history(struct lf_slice text)
{
	struct lf_history h = {.lost = 0};

	return lf_history_start(&h, text.s, text.len);
}

/* An answer of SQS: the records are further in than a glance goes. */
static bool
is_queue(struct lf_slice text)
{
	return text.len > 0 && lf_slice_starts(text, "{") && contains(text, "\"Messages\"") &&
	    contains(text, "\"ReceiptHandle\"") && contains(text, "\"Body\"");
}

static struct lf_slice
behind_blanks(struct lf_slice text)
{
	const char *p = text.len == 0 ? text.s : lf_scan_blanks(text.s, text.s + text.len);

	return lf_slice_behind(text, (size_t)(p - text.s));
}

static enum lf_kind
text_kind(struct lf_slice text, const char *path, size_t path_len)
{
	struct lf_slice line;

	text = behind_blanks(text);
	if (text.len > TEXT_MAX)
		text.len = TEXT_MAX;
	line = first_line(text);
	if (lf_slice_starts_nocase(line, "-----BEGIN ") && lf_slice_ends_nocase(line, "PUBLIC KEY-----"))
		return LF_KIND_KEYS;
	if (lf_slice_starts_nocase(line, "HTTP/") || contains(text, "x-amz-meta-signature:"))
		return LF_KIND_METADATA;
	if (is_checksums(line, path, path_len) || is_dfxml(text))
		return LF_KIND_FOREIGN;
	return is_event_line(line) || is_history(text) || is_queue(text) ? LF_KIND_EVENTS : LF_KIND_UNKNOWN;
}

/* ---- Kinds ---- */

static enum lf_kind
json_kind(struct lf_slice text)
{
	uint64_t found;

	if (lf_records_sniff(text.s, text.len))
		return LF_KIND_LOG;
	if (lf_digest_sniff(text.s, text.len))
		return LF_KIND_DIGEST;
	if (lf_lake_sniff(text.s, text.len))
		return LF_KIND_LAKE_SIGN;
	found = lf_scan_glance(text.s, text.len, members, N_MEMBERS);
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		if ((found & shapes[i].all) == shapes[i].all &&
		    (shapes[i].any == 0 || (found & shapes[i].any) != 0))
			return shapes[i].kind;
	return LF_KIND_UNKNOWN;
}

/* A zero-length object that stands for a folder: below AWSLogs, and named like a folder. */
static bool
is_folder_marker(const struct lf_s3key *key)
{
	return key->key.len > 0 && (key->kind == LF_KEY_NONE || key->kind == LF_KEY_LAKE) &&
	    (key->base.len == 0 || memchr(key->base.s, '.', key->base.len) == NULL);
}

/* What the key makes of content that says nothing. */
static enum lf_kind
kind_of_key(const struct lf_s3key *key)
{
	if (key->kind == LF_KEY_LOG)
		return LF_KIND_LOG;
	if (key->kind != LF_KEY_LAKE)
		return LF_KIND_UNKNOWN;
	if (lf_slice_starts_nocase(key->base, "result_sign.json") && lf_slice_ends_nocase(key->base, "result_sign.json"))
		return LF_KIND_LAKE_SIGN;
	if (lf_slice_starts_nocase(key->base, "result_") && lf_slice_ends_nocase(key->base, ".csv.gz"))
		return LF_KIND_LAKE_RESULT;
	return LF_KIND_UNKNOWN;
}

/*
 * Objects that lie among those of another service are events only where they begin as such: what callers of that
 * service wrote into its logs must not count.
 */
static enum lf_kind
kind_of_foreign(struct lf_slice text, const char *path, size_t path_len)
{
	enum lf_kind kind = LF_KIND_UNKNOWN;

	if (text.len > 0 && text.s != NULL && (kind = json_kind(text)) == LF_KIND_UNKNOWN)
		kind = text_kind(text, path, path_len);
	return kind == LF_KIND_LOG || kind == LF_KIND_EVENTS ? LF_KIND_EVENTS : LF_KIND_FOREIGN;
}

/* A digest's key makes a digest of anything; the result files of Lake are any CSV. */
enum lf_kind
lf_classify(const struct lf_gzip *gz, const struct lf_s3key *key, const char *path, size_t path_len)
{
	struct lf_slice text = {(const char *)gz->data, gz->len};
	enum lf_kind kind = kind_of_key(key), found = LF_KIND_UNKNOWN;

	if (key->kind == LF_KEY_DIGEST)
		return LF_KIND_DIGEST;
	if (key->kind == LF_KEY_FOREIGN)
		return kind_of_foreign(text, path, path_len);
	if (kind == LF_KIND_LAKE_RESULT || kind == LF_KIND_LAKE_SIGN)
		return kind;
	if (text.len > 0 && text.s != NULL) {
		found = json_kind(text);
		if (found == LF_KIND_UNKNOWN && kind != LF_KIND_LOG)
			found = text_kind(text, path, path_len);
	} else if (gz->state == LF_GZIP_PLAIN && is_folder_marker(key)) {
		return LF_KIND_FOREIGN;
	}
	if (kind == LF_KIND_LOG)
		return found == LF_KIND_DIGEST ? found : kind;
	return found;
}

/* The sign of tar stands where any text may have it, but a header of tar has a NUL in front. */
bool
lf_looks_like_archive(const void *bytes, size_t len)
{
	static const struct {
		size_t at, len;
		const char *magic;
	} magics[] = {{0, 4, "PK\3\4"}, {0, 6, "7z\274\257\047\034"}, {257, 5, "ustar"}, {0, 6, "070701"}, {0, 6, "\375" "7zXZ\0"},
	    {0, 3, "BZh"}, {0, 4, "\050\265\057\375"}, {0, 4, "Rar!"}};
	const char *p = bytes;

	for (size_t i = 0; p != NULL && i < sizeof(magics) / sizeof(magics[0]); i++)
		if (len >= magics[i].at + magics[i].len && memcmp(p + magics[i].at, magics[i].magic, magics[i].len) == 0 &&
		    (magics[i].at == 0 || memchr(p, '\0', magics[i].at) != NULL))
			return true;
	return false;
}

/* ---- libmagic ---- */

struct lf_magic {
	magic_t cookie;
};

/* Nothing is unpacked, and the parsers of containers that say nothing to us are left out. */
struct lf_magic *
lf_magic_new(struct lf_err *err)
{
	struct lf_magic *m = calloc(1, sizeof(*m));

	if (m == NULL) {
		lf_err_nomem(err);
		return NULL;
	}
	m->cookie = magic_open(MAGIC_NONE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_ELF | MAGIC_NO_CHECK_CDF);
	if (m->cookie == NULL || magic_load(m->cookie, NULL) != 0) {
		lf_err_set(err, "libmagic has no database: %s",
		    m->cookie != NULL && magic_error(m->cookie) != NULL ? magic_error(m->cookie) : "out of memory");
		lf_magic_free(m);
		return NULL;
	}
	return m;
}

void
lf_magic_free(struct lf_magic *m)
{
	if (m == NULL)
		return;
	if (m->cookie != NULL)
		magic_close(m->cookie);
	free(m);
}

const char *
lf_magic_describe(struct lf_magic *m, const void *bytes, size_t len)
{
	const char *text = NULL;

	if (m != NULL && len > 0)
		text = magic_buffer(m->cookie, bytes, len < MAGIC_LEN ? len : MAGIC_LEN);
	return text != NULL ? text : len == 0 ? "empty" : "data";
}

void
lf_magic_library(struct lf_buf *out)
{
	lf_buf_printf(out, "libmagic %d.%02d", magic_version() / 100, magic_version() % 100);
}
