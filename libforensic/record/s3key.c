#include "record/s3key.h"

#include <string.h>

#include "base/utc.h"
#include "forensic.h"

#define FOLDERS     5  /* between the account and the base name: class, region, year, month, day */
#define ACCOUNT_LEN 12
#define MINUTES_LEN 13 /* YYYYMMDDTHHMM */
#define STAMP_LEN   16 /* YYYYMMDDTHHMMSSZ */
#define FOLD        64 /* characters compared in one go; a multiple of 8 */

/* Where an object lies. */
struct place {
	struct lf_slice folder[FOLDERS]; /* above the base name, the nearest first; empty where there is none */
	struct lf_slice account, service; /* behind "AWSLogs/", empty where they are not there */
	size_t depth; /* folders between "AWSLogs/" (or the start of the path) and the base name */
};

static const char *const class_names[LF_CLASSES] = {"CloudTrail", "CloudTrail-Insight",
    "CloudTrail-NetworkActivity", "CloudTrail-Aggregated", "other"};

static const char digest_tag[] = "CloudTrail-Digest";

/* ---- Slices ---- */

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_alnum(char c)
{
	return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z');
}

static bool
same_letters(const char *a, const char *b, size_t len)
{
	if (len == 0 || memcmp(a, b, len) == 0)
		return true;
	for (size_t i = 0; i < len; i++)
		if (lower(a[i]) != lower(b[i]))
			return false;
	return true;
}

static bool
starts(struct lf_slice s, const char *text)
{
	size_t n = strlen(text);

	return s.len >= n && same_letters(s.s, text, n);
}

static bool
equals(struct lf_slice s, const char *text)
{
	return s.len == strlen(text) && same_letters(s.s, text, s.len);
}

static bool
equal_slices(struct lf_slice a, struct lf_slice b)
{
	return a.len == b.len && same_letters(a.s, b.s, a.len);
}

static bool
ends(struct lf_slice s, const char *text)
{
	size_t n = strlen(text);

	return s.len >= n && same_letters(s.s + s.len - n, text, n);
}

static struct lf_slice
behind(struct lf_slice s, size_t n)
{
	return (struct lf_slice){s.s + n, s.len - n};
}

/* Takes the part behind the last '/' off a path. */
static struct lf_slice
take_last(struct lf_slice *path)
{
	const char *slash = path->len == 0 ? NULL : memrchr(path->s, '/', path->len);
	struct lf_slice part = *path;

	if (slash != NULL)
		part = behind(*path, (size_t)(slash - path->s) + 1);
	path->len = slash == NULL ? 0 : (size_t)(slash - path->s);
	return part;
}

/* Takes the part before the first '/' off a path: empty, and nothing taken, where there is no '/'. */
static struct lf_slice
take_folder(struct lf_slice *path)
{
	const char *slash = memchr(path->s, '/', path->len);
	struct lf_slice part = {path->s, 0};

	if (slash == NULL)
		return part;
	part.len = (size_t)(slash - path->s);
	*path = behind(*path, part.len + 1);
	return part;
}

/* Takes what stands before the first '_', and the '_', off a name. */
static bool
take_field(struct lf_slice *name, struct lf_slice *field)
{
	const char *bar = memchr(name->s, '_', name->len);

	if (bar == NULL || bar == name->s)
		return false;
	*field = (struct lf_slice){name->s, (size_t)(bar - name->s)};
	*name = behind(*name, field->len + 1);
	return true;
}

/* ---- The base name ---- */

static bool
is_account(struct lf_slice s)
{
	size_t n = 0;

	while (n < s.len && is_digit(s.s[n]))
		n++;
	return n == ACCOUNT_LEN && s.len == ACCOUNT_LEN;
}

/* Known regions and those to come: letters, digits and hyphens, with a hyphen inside. */
static bool
is_region(struct lf_slice s)
{
	bool hyphen = false;

	if (s.len < 4 || is_digit(s.s[0]) || !is_alnum(s.s[0]) || !is_alnum(s.s[s.len - 1]))
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.s[i] == '-')
			hyphen = true;
		else if (!is_alnum(s.s[i]))
			return false;
	}
	return hyphen;
}

/* YYYYMMDDT and n - 9 more digits. */
static bool
is_stamp(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (i == 8 ? lower(s[i]) != 't' : !is_digit(s[i]))
			return false;
	return true;
}

/* Reads n characters of a stamp, T and Z in any case and Z wherever it is absent. */
static bool
read_stamp(const char *s, size_t n, int64_t *out)
{
	char text[STAMP_LEN];

	memcpy(text, s, n);
	text[8] = 'T';
	text[n] = 'Z';
	return lf_utc_read_stamp(text, n + 1, out);
}

/* dname behind "ACCOUNT_CloudTrail-Digest_", without the extension; *stamp gets where the stamp stands. */
static bool
read_digest_name(struct lf_slice s, struct lf_s3key *out, const char **stamp)
{
	static const char tail[] = "_backfill";
	const char *bar;

	if (!take_field(&s, &out->region) || !is_region(out->region))
		return false;
	out->backfill = ends(s, tail);
	if (out->backfill)
		s.len -= sizeof(tail) - 1;
	if (s.len < STAMP_LEN + 1 || s.s[s.len - STAMP_LEN - 1] != '_')
		return false;
	s.len -= STAMP_LEN + 1;
	*stamp = s.s + s.len + 1;
	if (!is_stamp(*stamp, STAMP_LEN - 1) || lower((*stamp)[STAMP_LEN - 1]) != 'z' ||
	    !read_stamp(*stamp, STAMP_LEN - 1, &out->stamp))
		return false;
	bar = memrchr(s.s, '_', s.len);
	if (bar == NULL || bar == s.s)
		return false;
	out->trail = (struct lf_slice){s.s, (size_t)(bar - s.s)};
	out->home_region = behind(s, out->trail.len + 1);
	return is_region(out->home_region);
}

/* What follows the minutes in a log's name: "Z_uniq", "Zuniq", "Z" or nothing. */
static bool
read_uniq(struct lf_slice s, struct lf_slice *uniq)
{
	bool z = s.len > 0 && lower(s.s[0]) == 'z', bar;

	if (z)
		s = behind(s, 1);
	bar = s.len > 0 && s.s[0] == '_';
	if (bar)
		s = behind(s, 1);
	for (size_t i = 0; i < s.len; i++)
		if (!is_alnum(s.s[i]))
			return false;
	*uniq = s;
	return s.len > 0 ? z || bar : !bar;
}

/* lname behind "ACCOUNT_TAG_", without the extension.  '_' or '-' may stand between region and stamp. */
static bool
read_log_name(struct lf_slice s, struct lf_s3key *out, const char **stamp)
{
	size_t i = 1;

	while (i + 1 + MINUTES_LEN <= s.len &&
	    !((s.s[i] == '_' || s.s[i] == '-') && is_stamp(s.s + i + 1, MINUTES_LEN)))
		i++;
	if (i + 1 + MINUTES_LEN > s.len)
		return false;
	out->region = (struct lf_slice){s.s, i};
	*stamp = s.s + i + 1;
	return is_region(out->region) && read_stamp(*stamp, MINUTES_LEN, &out->stamp) &&
	    read_uniq(behind(s, i + 1 + MINUTES_LEN), &out->uniq);
}

/* Whether a folder or tag is that of a log class, known or not. */
static bool
is_class(struct lf_slice s)
{
	return starts(s, "CloudTrail") && (s.len == 10 || s.s[10] == '-') && !equals(s, digest_tag) &&
	    !equals(s, "CloudTrail-Lake");
}

static enum lf_log_class
class_of(struct lf_slice s)
{
	for (int c = 0; c < LF_CLASS_OTHER; c++)
		if (equals(s, class_names[c]))
			return (enum lf_log_class)c;
	return LF_CLASS_OTHER;
}

/* The folder that says of which class a log is; empty without. */
static struct lf_slice
class_folder(const struct place *p)
{
	if (is_class(p->folder[FOLDERS - 1]))
		return p->folder[FOLDERS - 1];
	return is_class(p->service) ? p->service : (struct lf_slice){"", 0};
}

/* Digests and logs.  Leaves out as it was when the name is neither. */
static bool
read_base(struct lf_slice name, const struct place *p, struct lf_s3key *out, const char **stamp)
{
	struct lf_s3key k = *out;
	struct lf_slice folder;

	if (ends(name, ".json.gz"))
		name.len -= 8;
	else if (ends(name, ".json"))
		name.len -= 5;
	else
		return false;
	if (!take_field(&name, &k.account) || !is_account(k.account) || !take_field(&name, &k.tag))
		return false;
	if (equals(k.tag, digest_tag)) {
		k.kind = LF_KEY_DIGEST;
		k.tag.len = 0;
		if (!read_digest_name(name, &k, stamp))
			return false;
	} else {
		folder = class_folder(p);
		k.kind = LF_KEY_LOG;
		if ((folder.len == 0 && !is_class(k.tag)) || !read_log_name(name, &k, stamp))
			return false;
		k.log_class = class_of(folder.len > 0 ? folder : k.tag);
	}
	*out = k;
	return true;
}

/* ---- The folders ---- */

/* Finds the last "AWSLogs/" and what surrounds it.  path: without the base name. */
static void
read_place(struct lf_slice path, const char *end, struct place *p, struct lf_s3key *out)
{
	struct lf_slice part = {"", 0}, rest;

	memset(p, 0, sizeof(*p));
	for (; path.len > 0; p->depth++) {
		part = take_last(&path);
		if (part.len == 7 && equals(part, "AWSLogs"))
			break;
		if (p->depth < FOLDERS)
			p->folder[p->depth] = part;
	}
	if (part.len != 7 || !equals(part, "AWSLogs"))
		return;
	out->key = (struct lf_slice){part.s, (size_t)(end - part.s)};
	out->prefix = (struct lf_slice){path.s, (size_t)(part.s - path.s)};
	rest = behind(out->key, 8);
	part = take_folder(&rest);
	if (part.len > 2 && starts(part, "o-")) {
		out->org = part;
		part = take_folder(&rest);
	}
	p->account = part;
	p->service = take_folder(&rest);
}

/* Classes whose tag AWS does not document may have another tag, but not one that means something else. */
static bool
tag_agrees(struct lf_slice tag, struct lf_slice folder)
{
	enum lf_log_class by_tag = class_of(tag), by_folder = class_of(folder);

	if (by_folder == LF_CLASS_CLOUDTRAIL || by_folder == LF_CLASS_INSIGHT)
		return by_tag == by_folder;
	return by_tag == by_folder || by_tag == LF_CLASS_CLOUDTRAIL || by_tag == LF_CLASS_OTHER;
}

static bool
folders_agree(const struct place *p, const struct lf_s3key *k, const char *stamp)
{
	const struct lf_slice year = {stamp, 4}, month = {stamp + 4, 2}, day = {stamp + 6, 2};

	return k->key.len > 0 && p->depth == FOLDERS + 1 + (k->org.len > 0) &&
	    equal_slices(p->account, k->account) && equal_slices(p->folder[3], k->region) &&
	    equal_slices(p->folder[2], year) && equal_slices(p->folder[1], month) &&
	    equal_slices(p->folder[0], day) &&
	    (k->kind == LF_KEY_DIGEST ? equals(p->service, digest_tag)
				      : is_class(p->service) && tag_agrees(k->tag, p->service));
}

/* "result_sign.json", "result_N.csv.gz" */
static bool
is_lake_name(struct lf_slice base)
{
	size_t n = 7;

	if (!starts(base, "result_"))
		return false;
	while (n < base.len && is_digit(base.s[n]))
		n++;
	return equals(base, "result_sign.json") || (n > 7 && equals(behind(base, n), ".csv.gz"));
}

/* Objects that services leave in the account's folder to see whether they may write there. */
static bool
is_probe(struct lf_slice base)
{
	return equals(base, "ELBAccessLogTestFile") || equals(base, "ELBConnectionLogTestFile");
}

/* What is no digest and no log by its base name. */
static enum lf_key_kind
other_kind(const struct place *p, const struct lf_s3key *k)
{
	if (is_lake_name(k->base))
		return LF_KEY_LAKE;
	if (k->key.len == 0)
		return LF_KEY_NONE;
	if (k->base.len == 0)
		return LF_KEY_FOREIGN;
	if (!is_account(p->account))
		return LF_KEY_NONE;
	if (p->service.len == 0)
		return is_probe(k->base) ? LF_KEY_FOREIGN : LF_KEY_NONE;
	if (equals(p->service, "CloudTrail-Lake"))
		return LF_KEY_LAKE;
	return starts(p->service, "CloudTrail") ? LF_KEY_NONE : LF_KEY_FOREIGN;
}

void
lf_s3key_read(const char *path, size_t len, struct lf_s3key *out)
{
	struct lf_slice rest = {path, len};
	const char *stamp = NULL;
	struct place p;

	memset(out, 0, sizeof(*out));
	out->stamp = LF_TIME_NONE;
	if (len == 0)
		return;
	out->base = take_last(&rest);
	read_place(rest, path + len, &p, out);
	if (read_base(out->base, &p, out, &stamp))
		out->in_place = folders_agree(&p, out, stamp);
	else
		out->kind = other_kind(&p, out);
}

/* ---- Base names of copies ---- */

static struct lf_slice
base_of(const char *path, size_t len)
{
	struct lf_slice rest = {path, len};

	return take_last(&rest);
}

bool
lf_s3key_looks_digest(const char *path, size_t len)
{
	struct lf_slice base = base_of(path, len);
	size_t n = sizeof(digest_tag) - 1;

	for (size_t i = 1; i + n < base.len; i++)
		if (base.s[i - 1] == '_' && base.s[i + n] == '_' && same_letters(base.s + i, digest_tag, n))
			return true;
	return false;
}

/* The length of a stand-in for ':' at the start of s (percent-encoded, Samba's and WSL's U+F03A, rclone's U+FF1A,
 * or ':' itself), or 0. */
static size_t
colon_len(struct lf_slice s)
{
	static const char *const colons[] = {":", "%3a", "\xef\x80\xba", "\xef\xbc\x9a"};

	for (size_t i = 0; i < sizeof(colons) / sizeof(colons[0]); i++)
		if (starts(s, colons[i]))
			return strlen(colons[i]);
	return 0;
}

/*
 * Takes off s up to FOLD characters in the form that is the same in any copy: in lower case, and every stand-in for
 * ':' as the one that is used most, '_'.  Returns their number; what is left of out is cleared.
 */
static size_t
fold(struct lf_slice *s, char out[FOLD])
{
	size_t n = 0, i = 0, colon;
	unsigned char c;

	while (n < FOLD && i < s->len) {
		c = (unsigned char)s->s[i];
		colon = c == ':' || c == '%' || c == 0xef ? colon_len(behind(*s, i)) : 0;
		out[n++] = colon > 0 ? '_' : lower((char)c);
		i += colon > 0 ? colon : 1;
	}
	*s = behind(*s, i);
	memset(out + n, 0, FOLD - n);
	return n;
}

static struct lf_slice
copy_base(const char *path, size_t len)
{
	struct lf_slice base = base_of(path, len);

	if (ends(base, ".json.gz"))
		base.len -= 3;
	return base;
}

uint64_t
lf_s3key_base_hash(const char *path, size_t len)
{
	struct lf_slice base = copy_base(path, len);
	uint64_t h = 0, word;
	char text[FOLD];
	size_t n;

	do {
		n = fold(&base, text);
		for (size_t i = 0; i < n; i += sizeof(word)) {
			memcpy(&word, text + i, sizeof(word));
			h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
			h ^= h >> 29;
		}
	} while (base.len > 0);
	h *= UINT64_C(0xff51afd7ed558ccd);
	return h ^ (h >> 33);
}

bool
lf_s3key_base_equal(const char *a, size_t alen, const char *b, size_t blen)
{
	struct lf_slice x = copy_base(a, alen), y = copy_base(b, blen);
	char xs[FOLD], ys[FOLD];
	size_t n;

	do {
		n = fold(&x, xs);
		if (n != fold(&y, ys) || memcmp(xs, ys, n) != 0)
			return false;
	} while (x.len > 0 && y.len > 0);
	return x.len == y.len;
}

/* Whether s ends in all of tail, at a '/' boundary. */
static bool
ends_in(struct lf_slice s, struct lf_slice tail)
{
	return tail.len > 0 && s.len >= tail.len &&
	    memcmp(s.s + s.len - tail.len, tail.s, tail.len) == 0 &&
	    (s.len == tail.len || s.s[s.len - tail.len - 1] == '/');
}

bool
lf_s3key_in_place(const char *path, size_t path_len, const char *key, size_t key_len)
{
	struct lf_slice here = {path, path_len}, there = {key, key_len}, rest = there, part;
	struct lf_slice tail = there;

	take_last(&rest);
	while (rest.len > 0) {
		part = take_last(&rest);
		if (part.len == 7 && memcmp(part.s, "AWSLogs", 7) == 0) {
			tail = behind(there, (size_t)(part.s - key));
			break;
		}
	}
	return ends_in(here, tail) || ends_in(there, here);
}

const char *
lf_class_name(enum lf_log_class c)
{
	return class_names[c];
}
