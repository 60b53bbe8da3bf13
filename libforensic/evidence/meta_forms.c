#include "evidence/meta_forms.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"

#define MAX_BROKEN 16 /* documents that cannot be read before the rest of a text is given up */

/* A text of JSON documents on its way. */
struct documents {
	const char *text;
	size_t len, at;
	unsigned broken;
	bool known;
};

/* Whether word, in lower case, stands somewhere in text. */
static bool
contains(const char *text, size_t len, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= len; i++)
		if ((text[i] | 0x20) == word[0] && strncasecmp(text + i, word, n) == 0)
			return true;
	return false;
}

/* A byte order mark and white space in front do not count. */
static size_t
skip_space(const char *text, size_t len, size_t at)
{
	if (at == 0 && len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		at = 3;
	while (at < len && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r'))
		at++;
	return at;
}

bool
lf_meta_plausible(const char *text, size_t len)
{
	size_t at = skip_space(text, len, 0);

	if (at == len)
		return false;
	if (text[at] == '{' || text[at] == '[')
		return contains(text, len, "metadata");
	return contains(text, len, "x-amz-meta-");
}

/* ---- JSON ---- */

/* A member's string by a name without regard to case; empty, odd and missing ones are all absent. */
static struct lf_slice
member_text(const json_t *object, const char *name)
{
	const json_t *value = lf_json_get_nocase(object, name);
	struct lf_slice t = {NULL, 0};

	if (json_is_string(value) && json_string_length(value) > 0 &&
	    memchr(json_string_value(value), '\0', json_string_length(value)) == NULL) {
		t.s = json_string_value(value);
		t.len = json_string_length(value);
	}
	return t;
}

/* The object's name: "key" in our own form and boto3's, "path" in rclone's, "name" in mc's. */
static struct lf_slice
object_name(const json_t *object)
{
	struct lf_slice t = member_text(object, "key");

	if (t.s == NULL)
		t = member_text(object, "path");
	return t.s != NULL ? t : member_text(object, "name");
}

/* Fills f from the map of metadata. */
static void
read_map(json_t *map, struct lf_meta_fact *f)
{
	for (void *i = json_object_iter(map); i != NULL; i = json_object_iter_next(map, i)) {
		const char *name = json_object_iter_key(i);
		struct lf_slice *field = lf_meta_field(f, name, strlen(name));
		const json_t *value = json_object_iter_value(i);

		if (field == NULL || field->s != NULL || !json_is_string(value) ||
		    memchr(json_string_value(value), '\0', json_string_length(value)) != NULL)
			continue;
		field->s = json_string_value(value);
		field->len = json_string_length(value);
	}
}

/* Whether an object without any name or value that we know is an answer of S3 all the same. */
static bool
is_answer(const json_t *object)
{
	return lf_json_get_nocase(object, "etag") != NULL || lf_json_get_nocase(object, "contentlength") != NULL ||
	    lf_json_get_nocase(object, "lastmodified") != NULL;
}

/* Whether a listing's line is about a folder (rclone, mc). */
static bool
is_folder(const json_t *object)
{
	struct lf_slice type = member_text(object, "type");

	return json_is_true(lf_json_get_nocase(object, "isdir")) ||
	    (type.s != NULL && strcmp(type.s, "folder") == 0);
}

/* Hands a fact over if it is one; answer tells whether its object is an answer of S3 anyhow. */
static int
take_filled(const struct lf_meta_fact *f, bool answer, lf_meta_take_fn *take, void *arg, bool *known,
    struct lf_err *err)
{
	if (!lf_meta_says(f) && f->key.s == NULL && !answer)
		return 0;
	*known = true;
	return take(arg, f, err);
}

static int
take_object(const json_t *object, lf_meta_take_fn *take, void *arg, bool *known, struct lf_err *err)
{
	struct lf_meta_fact f = {.key = object_name(object), .bucket = member_text(object, "bucket")};
	json_t *map = lf_json_get_nocase(object, "metadata");

	if (!json_is_object(map) || is_folder(object))
		return 0;
	read_map(map, &f);
	return take_filled(&f, is_answer(object), take, arg, known, err);
}

/* Moves to the next line that starts a document, or to the end when too many could not be read. */
static void
find_document(struct documents *d)
{
	const char *nl;

	if (++d->broken > MAX_BROKEN)
		d->at = d->len;
	while (d->at < d->len) {
		nl = memchr(d->text + d->at, '\n', d->len - d->at);
		d->at = nl == NULL ? d->len : (size_t)(nl - d->text) + 1;
		if (d->at < d->len && (d->text[d->at] == '{' || d->text[d->at] == '['))
			return;
	}
}

/* Reads the document at d->at.  NULL when it cannot be read; jansson takes a lack of memory for a fault of the
 * text, and errno tells. */
static json_t *
read_document(const struct documents *d, size_t *used, bool *nomem, struct lf_err *err)
{
	json_t *object;

	errno = 0;
	object = lf_json_read(d->text + d->at, d->len - d->at, used, err);
	*nomem = object == NULL && errno == ENOMEM;
	return object;
}

/*
 * Reads objects one after the other, on lines or in an array, so that no more than one is in memory.  What is
 * between them is not looked at closely: this is no test of JSON.
 */
static int
read_documents(struct documents *d, lf_meta_take_fn *take, void *arg, struct lf_err *err)
{
	struct lf_meta_fact f;
	json_t *object;
	size_t used;
	bool nomem;
	int rc = 0;

	while (rc == 0 && (d->at = skip_space(d->text, d->len, d->at)) < d->len) {
		if (strchr("[],", d->text[d->at]) != NULL && d->text[d->at] != '\0') {
			d->at++;
			continue;
		}
		if (d->text[d->at] != '{') {
			find_document(d);
			continue;
		}
		if (lf_meta_flat(d->text + d->at, d->len - d->at, &f, &used)) {
			d->at += used;
			rc = take_filled(&f, false, take, arg, &d->known, err);
			continue;
		}
		object = read_document(d, &used, &nomem, err);
		if (nomem)
			return lf_err_nomem(err);
		if (object == NULL) {
			find_document(d);
			continue;
		}
		d->at += used;
		rc = take_object(object, take, arg, &d->known, err);
		json_decref(object);
	}
	return rc;
}

int
lf_meta_parse(const char *text, size_t len, lf_meta_take_fn *take, void *arg, bool *known,
    struct lf_err *err)
{
	struct documents d = {.text = text, .len = len, .at = skip_space(text, len, 0)};
	int rc;

	*known = false;
	if (!lf_meta_plausible(text, len))
		return 0;
	if (text[d.at] != '{' && text[d.at] != '[')
		return lf_meta_headers(text + d.at, len - d.at, take, arg, known, err);
	rc = read_documents(&d, take, arg, err);
	*known = d.known;
	return rc;
}
