#include "proof/keyfile.h"

#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/rsa.h"
#include "base/utc.h"

#define PEM_BEGIN "-----BEGIN "
#define PEM_DASHES "-----"
#define NO_KEY "holds no public key: "
#define LAST_SECOND 253402300799.0 /* 9999-12-31T23:59:59Z */

/* One run of lf_keyfile_parse(). */
struct parse {
	lf_keyfile_fn *each;
	void *arg;
	struct lf_buf der; /* of the key at hand */
	uint32_t n;        /* keys met so far */
};

struct pem {
	const char *label, *body;
	size_t label_len, body_len;
};

/* Puts the number of the key at hand in front of what is wrong with it. */
static int
bad_key(const struct parse *p, const char *what, struct lf_err *err)
{
	return lf_err_set(err, "key %u: %s", p->n, what);
}

/* Hands on the key whose DER stands in p->der. */
static int
deliver(struct parse *p, struct lf_keyfile_entry *e, struct lf_err *err)
{
	if (p->der.failed)
		return lf_err_nomem(err);
	e->der = (const unsigned char *)lf_buf_str(&p->der);
	e->der_len = p->der.len;
	return p->each(p->arg, e, err) == 0 ? 0 : bad_key(p, err->msg, err);
}

/* Puts what base64 text holds into p->der. */
static int
decode(struct parse *p, const char *what, const char *text, size_t len, struct lf_err *err)
{
	lf_buf_reset(&p->der);
	if (lf_base64_decode(text, len, &p->der))
		return 0;
	if (p->der.failed)
		return lf_err_nomem(err);
	lf_err_set(err, "%s is not base64", what);
	return bad_key(p, err->msg, err);
}

static const char *
find(const char *text, const char *end, const char *word)
{
	return memmem(text, (size_t)(end - text), word, strlen(word));
}

/* Finds the next PEM block (RFC 7468) and moves *text behind it.  Returns 1, 0 when there is none, or
 * -1 when it has no end. */
static int
pem_next(const char **text, const char *end, struct pem *out)
{
	char tail[64];
	const char *p = find(*text, end, PEM_BEGIN), *q;

	if (p == NULL)
		return 0;
	out->label = p + strlen(PEM_BEGIN);
	q = find(out->label, end, PEM_DASHES);
	if (q == NULL || q - out->label > 32)
		return -1;
	out->label_len = (size_t)(q - out->label);
	out->body = q + strlen(PEM_DASHES);
	snprintf(tail, sizeof(tail), "-----END %.*s-----", (int)out->label_len, out->label);
	q = find(out->body, end, tail);
	if (q == NULL)
		return -1;
	out->body_len = (size_t)(q - out->body);
	*text = q + strlen(tail);
	return 1;
}

static bool
pem_labelled(const struct pem *b, const char *label)
{
	return b->label_len == strlen(label) && memcmp(b->label, label, b->label_len) == 0;
}

/* Puts the content of a block into p->der. */
static int
pem_decode(struct parse *p, const struct pem *b, struct lf_err *err)
{
	char label[2 * 32 + 1];

	if (pem_labelled(b, "PUBLIC KEY") || pem_labelled(b, "RSA PUBLIC KEY"))
		return decode(p, "its PEM block", b->body, b->body_len, err);
	lf_text_printable(b->label, b->label_len, label, sizeof(label));
	lf_err_set(err, "a PEM block of %s: expected PUBLIC KEY or RSA PUBLIC KEY", label);
	return bad_key(p, err->msg, err);
}

static int
parse_pem(struct parse *p, const char *text, size_t len, struct lf_err *err)
{
	struct lf_keyfile_entry e = {.valid_from = LF_TIME_NONE, .valid_until = LF_TIME_NONE};
	const char *end = text + len;
	struct pem block;
	int more;

	while ((more = pem_next(&text, end, &block)) != 0) {
		p->n++;
		if (more < 0)
			return bad_key(p, "its PEM block has no end", err);
		if (pem_decode(p, &block, err) != 0 || deliver(p, &e, err) != 0)
			return -1;
	}
	return 0;
}

static int
parse_der(struct parse *p, const char *bytes, size_t len, struct lf_err *err)
{
	struct lf_keyfile_entry e = {.valid_from = LF_TIME_NONE, .valid_until = LF_TIME_NONE};

	p->n++;
	lf_buf_add(&p->der, bytes, len);
	return deliver(p, &e, err);
}

/* Seconds from a JSON number; fractions are dropped. */
static bool
number_time(const json_t *v, int64_t *out)
{
	double d = json_number_value(v);

	if (!json_is_number(v) || d < 0 || d > LAST_SECOND)
		return false;
	*out = (int64_t)d;
	return true;
}

/* ISO 8601 with an offset, or a number written as a string. */
static bool
string_time(const char *text, size_t len, int64_t *out)
{
	struct lf_err unused;
	json_t *number;
	bool ok;

	if (lf_utc_read_rfc3339(text, len, out, NULL))
		return true;
	number = lf_json_read(text, len, NULL, &unused);
	ok = number_time(number, out);
	json_decref(number);
	return ok;
}

/* One end of the validity of a key: a number, a number as a string, ISO 8601 with an offset, or nothing. */
static int
read_time(const struct parse *p, const json_t *entry, const char *name, int64_t *out, struct lf_err *err)
{
	const json_t *v = lf_json_get_nocase(entry, name);

	*out = LF_TIME_NONE;
	if (v == NULL || json_is_null(v) || number_time(v, out))
		return 0;
	if (json_is_string(v) && string_time(json_string_value(v), json_string_length(v), out))
		return 0;
	lf_err_set(err, "%s is neither epoch seconds nor ISO 8601 with an offset", name);
	return bad_key(p, err->msg, err);
}

/* The Value of an entry: base64 of DER; PEM will do too. */
static int
read_value(struct parse *p, const json_t *entry, struct lf_err *err)
{
	const json_t *v = lf_json_get_nocase(entry, "Value");
	const char *text = json_string_value(v), *rest = text;
	size_t len = json_string_length(v);
	struct pem block;

	if (text == NULL || len == 0)
		return bad_key(p, "it has no Value", err);
	if (pem_next(&rest, text + len, &block) == 1)
		return pem_decode(p, &block, err);
	return decode(p, "its Value", text, len, err);
}

static int
read_entry(struct parse *p, const json_t *entry, struct lf_err *err)
{
	struct lf_keyfile_entry e = {0};
	const json_t *stated = lf_json_get_nocase(entry, "Fingerprint");

	p->n++;
	if (!json_is_object(entry))
		return bad_key(p, "it is no JSON object", err);
	if (stated != NULL && !json_is_null(stated) && !json_is_string(stated))
		return bad_key(p, "its Fingerprint is no string", err);
	e.stated = json_string_value(stated);
	if (read_time(p, entry, "ValidityStartTime", &e.valid_from, err) != 0 ||
	    read_time(p, entry, "ValidityEndTime", &e.valid_until, err) != 0 ||
	    read_value(p, entry, err) != 0)
		return -1;
	return deliver(p, &e, err);
}

static int
read_list(struct parse *p, const json_t *document, struct lf_err *err)
{
	const json_t *list = lf_json_get_nocase(document, "PublicKeyList"), *entry;
	size_t i;

	if (!json_is_array(list))
		return lf_err_set(err, NO_KEY "it is JSON without a PublicKeyList");
	json_array_foreach(list, i, entry)
		if (read_entry(p, entry, err) != 0)
			return -1;
	return 0;
}

static size_t
skip_space(const char *text, size_t len)
{
	size_t i = 0;

	while (i < len && (text[i] == ' ' || (text[i] >= '\t' && text[i] <= '\r')))
		i++;
	return i;
}

static int
parse_json(struct parse *p, const char *text, size_t len, struct lf_err *err)
{
	json_t *document;
	size_t used;
	int rc;

	while ((used = skip_space(text, len)) < len) {
		text += used;
		len -= used;
		document = lf_json_read(text, len, &used, err);
		if (document == NULL)
			return lf_err_set(err, "no valid JSON behind key %u: %s", p->n, err->msg);
		rc = read_list(p, document, err);
		json_decref(document);
		if (rc != 0)
			return -1;
		text += used;
		len -= used;
	}
	if (p->n == 0)
		return lf_err_set(err, NO_KEY "its PublicKeyList is empty (keys are of one region and time)");
	return 0;
}

static int
parse_any(struct parse *p, const char *bytes, size_t len, struct lf_err *err)
{
	size_t blank = skip_space(bytes, len);

	if (blank < len && (bytes[blank] == '{' || bytes[blank] == '['))
		return parse_json(p, bytes, len, err);
	if (find(bytes, bytes + len, PEM_BEGIN) != NULL)
		return parse_pem(p, bytes, len, err);
	if (len > 2 && bytes[0] == 0x30 && (bytes[1] & 0x80) != 0) /* SEQUENCE with a long length */
		return parse_der(p, bytes, len, err);
	return lf_err_set(err, NO_KEY "expected list-public-keys output, PEM or DER");
}

/* The ASCII characters of UTF-16; any other becomes a byte that none of the forms takes. */
static void
narrow(const char *bytes, size_t len, bool big, struct lf_buf *out)
{
	size_t i;

	for (i = 0; i + 1 < len; i += 2) {
		char high = bytes[big ? i : i + 1], low = bytes[big ? i + 1 : i];
		lf_buf_putc(out, high == 0 && (low & 0x80) == 0 ? low : '?');
	}
}

int
lf_keyfile_parse(const char *bytes, size_t len, lf_keyfile_fn *each, void *arg, struct lf_err *err)
{
	struct parse p = {.each = each, .arg = arg};
	struct lf_buf text;
	int rc;

	lf_buf_init(&p.der);
	lf_buf_init(&text);
	if (len >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0)) {
		narrow(bytes + 2, len - 2, bytes[0] == '\xfe', &text);
		rc = text.failed ? lf_err_nomem(err) : parse_any(&p, lf_buf_str(&text), text.len, err);
	} else if (len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
		rc = parse_any(&p, bytes + 3, len - 3, err);
	} else {
		rc = parse_any(&p, bytes, len, err);
	}
	lf_buf_free(&text);
	lf_buf_free(&p.der);
	return rc;
}
