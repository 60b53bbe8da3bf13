#include "base/json.h"

#include <limits.h>
#include <string.h>

#include "base/slice.h"

/* jansson quotes what it met: made printable, since that comes from evidence. */
static void
explain(const json_error_t *e, struct lf_err *err)
{
	char text[2 * JSON_ERROR_TEXT_LENGTH];

	if (json_error_code(e) == json_error_out_of_memory) {
		lf_err_nomem(err);
		return;
	}
	lf_text_printable(e->text, strlen(e->text), text, sizeof(text));
	lf_err_set(err, "line %d, column %d: %s", e->line, e->column, text);
}

/*
 * jansson 2.14 says of few places that memory ran out: of others, that a string is no token, or nothing.  A text that
 * is no JSON is none the second time, either.
 */
static json_t *
load(const char *text, size_t len, size_t flags, json_error_t *e)
{
	json_t *json = json_loadb(text, len, flags, e);

	return json != NULL || json_error_code(e) == json_error_out_of_memory ? json : json_loadb(text, len, flags, e);
}

json_t *
lf_json_read(const char *text, size_t len, size_t *used, struct lf_err *err)
{
	size_t flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL;
	const char *nul;
	json_error_t e;
	json_t *json;

	if (len > INT_MAX) { /* jansson counts positions in an int */
		lf_err_set(err, "JSON of %zu bytes: over the limit of %d", len, INT_MAX);
		return NULL;
	}
	if (used != NULL)
		flags |= JSON_DISABLE_EOF_CHECK;
	json = load(len == 0 ? "" : text, len, flags, &e);
	if (json == NULL) {
		explain(&e, err);
	} else if (used != NULL) {
		*used = (size_t)e.position;
	} else if ((nul = memchr(text, '\0', len)) != NULL) { /* behind a number jansson 2.14 passes over one */
		lf_err_set(err, "a NUL behind the JSON value, at offset %zu", (size_t)(nul - text));
		json_decref(json);
		json = NULL;
	}
	return json;
}

/* Cut at U+0000 a string would be another one. */
const char *
lf_json_string(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	const char *s = json_string_value(value);

	return s != NULL && strlen(s) == json_string_length(value) ? s : NULL;
}

json_t *
lf_json_get_nocase(const json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);
	json_t *borrowed = (json_t *)(uintptr_t)object;
	const char *name;
	void *iter;

	if (value != NULL)
		return value;
	for (iter = json_object_iter(borrowed); iter != NULL;
	    iter = json_object_iter_next(borrowed, iter)) {
		name = json_object_iter_key(iter);
		if (lf_slice_is_nocase((struct lf_slice){name, strlen(name)}, key))
			return json_object_iter_value(iter);
	}
	return NULL;
}

void
lf_json_library(struct lf_buf *out)
{
	lf_buf_printf(out, "jansson %s", jansson_version_str());
}
