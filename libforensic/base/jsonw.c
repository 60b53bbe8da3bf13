#include "base/jsonw.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "base/utc.h"

#define FLUSH_AT ((size_t)64 << 10)

void
lf_jsonw_init(struct lf_jsonw *w, lf_write_fn *write, void *arg)
{
	memset(w, 0, sizeof(*w));
	w->write = write;
	w->arg = arg;
	lf_buf_init(&w->buf);
}

static void
flush(struct lf_jsonw *w)
{
	if (w->error == 0 && w->buf.failed)
		w->error = ENOMEM;
	if (w->error == 0 && w->buf.len > 0) {
		errno = 0;
		if (w->write(w->arg, w->buf.data, w->buf.len) != 0)
			w->error = errno != 0 ? errno : EIO;
	}
	lf_buf_reset(&w->buf);
}

static void
new_line(struct lf_jsonw *w)
{
	lf_buf_putc(&w->buf, '\n');
	for (unsigned i = 0; i < w->depth; i++)
		lf_buf_puts(&w->buf, "  ");
}

static void
quoted(struct lf_jsonw *w, const char *s, size_t len)
{
	lf_buf_putc(&w->buf, '"');
	lf_text_json(&w->buf, s, len);
	lf_buf_putc(&w->buf, '"');
}

/* What stands before a value: comma, white space and name. */
static void
begin(struct lf_jsonw *w, const char *name)
{
	unsigned inner = w->depth - 1;

	if (w->buf.len >= FLUSH_AT)
		flush(w);
	if (w->depth == 0) {
		assert(name == NULL);
		return;
	}
	assert((name == NULL) == w->array[inner]);
	if (!w->first[inner])
		lf_buf_puts(&w->buf, w->flat[inner] ? ", " : ",");
	w->first[inner] = false;
	if (!w->flat[inner])
		new_line(w);
	if (name != NULL) {
		quoted(w, name, strlen(name));
		lf_buf_puts(&w->buf, ": ");
	}
}

static void
open_container(struct lf_jsonw *w, const char *name, bool array, bool flat)
{
	assert(w->depth < LF_JSONW_DEPTH);
	begin(w, name);
	lf_buf_putc(&w->buf, array ? '[' : '{');
	w->first[w->depth] = true;
	w->flat[w->depth] = flat || (w->depth > 0 && w->flat[w->depth - 1]);
	w->array[w->depth] = array;
	w->depth++;
}

void
lf_jsonw_object(struct lf_jsonw *w, const char *name)
{
	open_container(w, name, false, false);
}

void
lf_jsonw_object_flat(struct lf_jsonw *w, const char *name)
{
	open_container(w, name, false, true);
}

void
lf_jsonw_array(struct lf_jsonw *w, const char *name)
{
	open_container(w, name, true, false);
}

void
lf_jsonw_array_flat(struct lf_jsonw *w, const char *name)
{
	open_container(w, name, true, true);
}

void
lf_jsonw_end(struct lf_jsonw *w)
{
	assert(w->depth > 0);
	w->depth--;
	if (!w->first[w->depth] && !w->flat[w->depth])
		new_line(w);
	lf_buf_putc(&w->buf, w->array[w->depth] ? ']' : '}');
}

void
lf_jsonw_string(struct lf_jsonw *w, const char *name, const char *s)
{
	if (s == NULL)
		lf_jsonw_null(w, name);
	else
		lf_jsonw_bytes(w, name, s, strlen(s));
}

void
lf_jsonw_bytes(struct lf_jsonw *w, const char *name, const char *s, size_t len)
{
	begin(w, name);
	quoted(w, s, len);
}

void
lf_jsonw_value(struct lf_jsonw *w, const char *name, const char *json, size_t len)
{
	size_t run;

	begin(w, name);
	for (; len > 0; json += run, len -= run) {
		bool ascii = (unsigned char)*json < 0x7f;

		for (run = 1; run < len && ((unsigned char)json[run] < 0x7f) == ascii;)
			run++;
		if (ascii)
			lf_buf_add(&w->buf, json, run);
		else
			lf_text_json(&w->buf, json, run);
	}
}

void
lf_jsonw_int(struct lf_jsonw *w, const char *name, int64_t n)
{
	begin(w, name);
	lf_buf_printf(&w->buf, "%" PRId64, n);
}

void
lf_jsonw_bool(struct lf_jsonw *w, const char *name, bool b)
{
	begin(w, name);
	lf_buf_puts(&w->buf, b ? "true" : "false");
}

void
lf_jsonw_null(struct lf_jsonw *w, const char *name)
{
	begin(w, name);
	lf_buf_puts(&w->buf, "null");
}

void
lf_jsonw_sha256(struct lf_jsonw *w, const char *name, const unsigned char *hash)
{
	char hex[2 * LF_SHA256_LEN + 1];

	if (hash != NULL)
		lf_hex_encode(hash, LF_SHA256_LEN, hex);
	lf_jsonw_string(w, name, hash == NULL ? NULL : hex);
}

void
lf_jsonw_time(struct lf_jsonw *w, const char *name, int64_t t)
{
	char text[LF_UTC_LEN];

	lf_jsonw_string(w, name, t == LF_TIME_NONE ? NULL : lf_utc_format(t, text));
}

int
lf_jsonw_finish(struct lf_jsonw *w, struct lf_err *err)
{
	assert(w->depth == 0);
	lf_buf_putc(&w->buf, '\n');
	flush(w);
	lf_buf_free(&w->buf);
	errno = w->error;
	return w->error == 0 ? 0 : lf_err_sys(err, "cannot write the output");
}
