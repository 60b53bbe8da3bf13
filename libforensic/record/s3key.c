#include "record/s3key.h"

#include <string.h>

#include "base/utc.h"
#include "forensic.h"

#define FOLDERS     5  /* between the account and the base name: class, region, year, month, day */
#define ACCOUNT_LEN 12
#define MINUTES_LEN 13 /* YYYYMMDDTHHMM */
#define STAMP_LEN   16 /* YYYYMMDDTHHMMSSZ */

/* Where an object lies. */
struct place {
	struct lf_slice folder[FOLDERS]; /* above the base name, the nearest first; empty where there is none */
	struct lf_slice account, service; /* behind "AWSLogs/", empty where they are not there */
	size_t depth; /* folders between "AWSLogs/" (or the start of the path) and the base name */
};

static const char *const class_names[LF_CLASSES] = {"CloudTrail", "CloudTrail-Insight",
    "CloudTrail-NetworkActivity", "CloudTrail-Aggregated", "other"};

static const char digest_tag[] = "CloudTrail-Digest";

/* ---- Characters and parts ---- */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_alnum(char c)
{
	return is_digit(c) || (lf_lower(c) >= 'a' && lf_lower(c) <= 'z');
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
	*path = lf_slice_behind(*path, part.len + 1);
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
	*name = lf_slice_behind(*name, field->len + 1);
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
		if (i == 8 ? lf_lower(s[i]) != 't' : !is_digit(s[i]))
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
	out->backfill = lf_slice_ends_nocase(s, tail);
	if (out->backfill)
		s.len -= sizeof(tail) - 1;
	if (s.len < STAMP_LEN + 1 || s.s[s.len - STAMP_LEN - 1] != '_')
		return false;
	s.len -= STAMP_LEN + 1;
	*stamp = s.s + s.len + 1;
	if (!is_stamp(*stamp, STAMP_LEN - 1) || lf_lower((*stamp)[STAMP_LEN - 1]) != 'z' ||
	    !read_stamp(*stamp, STAMP_LEN - 1, &out->stamp))
		return false;
	bar = memrchr(s.s, '_', s.len);
	if (bar == NULL || bar == s.s)
		return false;
	out->trail = (struct lf_slice){s.s, (size_t)(bar - s.s)};
	out->home_region = lf_slice_behind(s, out->trail.len + 1);
	return is_region(out->home_region);
}

/* What follows the minutes in a log's name: "Z_uniq", "Zuniq", "Z" or nothing. */
static bool
read_uniq(struct lf_slice s, struct lf_slice *uniq)
{
	bool z = s.len > 0 && lf_lower(s.s[0]) == 'z', bar;

	if (z)
		s = lf_slice_behind(s, 1);
	bar = s.len > 0 && s.s[0] == '_';
	if (bar)
		s = lf_slice_behind(s, 1);
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
	    read_uniq(lf_slice_behind(s, i + 1 + MINUTES_LEN), &out->uniq);
}

/* Whether a folder or tag is that of a log class, known or not. */
static bool
is_class(struct lf_slice s)
{
	return lf_slice_starts_nocase(s, "CloudTrail") && (s.len == 10 || s.s[10] == '-') && !lf_slice_is_nocase(s, digest_tag) &&
	    !lf_slice_is_nocase(s, "CloudTrail-Lake");
}

static enum lf_log_class
class_of(struct lf_slice s)
{
	for (int c = 0; c < LF_CLASS_OTHER; c++)
		if (lf_slice_is_nocase(s, class_names[c]))
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

	if (lf_slice_ends_nocase(name, ".json.gz"))
		name.len -= 8;
	else if (lf_slice_ends_nocase(name, ".json"))
		name.len -= 5;
	else
		return false;
	if (!take_field(&name, &k.account) || !is_account(k.account) || !take_field(&name, &k.tag))
		return false;
	if (lf_slice_is_nocase(k.tag, digest_tag)) {
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
		part = lf_slice_take_last(&path);
		if (lf_slice_is_nocase(part, "AWSLogs"))
			break;
		if (p->depth < FOLDERS)
			p->folder[p->depth] = part;
	}
	if (!lf_slice_is_nocase(part, "AWSLogs"))
		return;
	out->key = (struct lf_slice){part.s, (size_t)(end - part.s)};
	out->prefix = (struct lf_slice){path.s, (size_t)(part.s - path.s)};
	rest = lf_slice_behind(out->key, 8);
	part = take_folder(&rest);
	if (part.len > 2 && lf_slice_starts_nocase(part, "o-")) {
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
	    lf_slice_equal_nocase(p->account, k->account) && lf_slice_equal_nocase(p->folder[3], k->region) &&
	    lf_slice_equal_nocase(p->folder[2], year) && lf_slice_equal_nocase(p->folder[1], month) &&
	    lf_slice_equal_nocase(p->folder[0], day) &&
	    (k->kind == LF_KEY_DIGEST ? lf_slice_is_nocase(p->service, digest_tag)
				      : is_class(p->service) && tag_agrees(k->tag, p->service));
}

/* "result_sign.json", "result_N.csv.gz" */
static bool
is_lake_name(struct lf_slice base)
{
	size_t n = 7;

	if (!lf_slice_starts_nocase(base, "result_"))
		return false;
	while (n < base.len && is_digit(base.s[n]))
		n++;
	return lf_slice_is_nocase(base, "result_sign.json") || (n > 7 && lf_slice_is_nocase(lf_slice_behind(base, n), ".csv.gz"));
}

/* Objects that services leave in the account's folder to see whether they may write there. */
static bool
is_probe(struct lf_slice base)
{
	return lf_slice_is_nocase(base, "ELBAccessLogTestFile") || lf_slice_is_nocase(base, "ELBConnectionLogTestFile");
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
	if (lf_slice_is_nocase(p->service, "CloudTrail-Lake"))
		return LF_KEY_LAKE;
	return lf_slice_starts_nocase(p->service, "CloudTrail") ? LF_KEY_NONE : LF_KEY_FOREIGN;
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
	out->base = lf_slice_take_last(&rest);
	read_place(rest, path + len, &p, out);
	if (read_base(out->base, &p, out, &stamp))
		out->in_place = folders_agree(&p, out, stamp);
	else
		out->kind = other_kind(&p, out);
}

void
lf_s3key_move(struct lf_s3key *key, const char *from, const char *to)
{
	struct lf_slice *const slices[] = {&key->key, &key->prefix, &key->org, &key->account, &key->region, &key->trail,
	    &key->home_region, &key->base, &key->uniq, &key->tag};

	for (size_t i = 0; i < sizeof(slices) / sizeof(slices[0]); i++)
		if (slices[i]->s != NULL)
			slices[i]->s = to + (slices[i]->s - from);
}

const char *
lf_class_name(enum lf_log_class c)
{
	return class_names[c];
}
