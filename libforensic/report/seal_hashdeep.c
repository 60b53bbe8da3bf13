/* A manifest as hashdeep reads it: "hashdeep -c sha256 -r -l -a -k MANIFEST OPERAND..." from where it was sealed. */
#include "base/text.h"
#include "report/seal_form.h"
#include "report/sink.h"

struct list {
	struct lf_sink sink;
	const struct lf_manifest *m;
	struct lf_buf name;
};

/* "SIZE,SHA-256,NAME"; a name with a line feed would be two lines. */
static void
line(void *arg, const struct lf_manifest_file *f)
{
	char hex[2 * LF_SHA256_LEN + 1];
	struct list *l = arg;

	lf_buf_reset(&l->name);
	if (f->object != NULL)
		lf_manifest_locator(l->m, f->object, &l->name);
	else
		lf_buf_puts(&l->name, f->source->name);
	if (lf_has_line_feed(lf_buf_str(&l->name)))
		return;
	lf_hex_encode(f->hash, LF_SHA256_LEN, hex);
	lf_buf_printf(&l->sink.buf, "%llu,%s,", (unsigned long long)f->size, hex);
	lf_buf_add(&l->sink.buf, lf_buf_str(&l->name), l->name.len);
	lf_buf_putc(&l->sink.buf, '\n');
	l->sink.buf.failed |= l->name.failed;
	lf_sink_flow(&l->sink);
}

int
lf_seal_hashdeep(const struct lf_seal *s, lf_write_fn *write, void *arg, struct lf_err *err)
{
	struct list l = {.m = &s->manifest};

	lf_sink_init(&l.sink, write, arg);
	lf_buf_init(&l.name);
	lf_buf_puts(&l.sink.buf, "%%%% HASHDEEP-1.0\n%%%% size,sha256,filename\n## trail-seal " LF_VERSION "\n##\n");
	lf_manifest_files(&s->manifest, line, &l);
	lf_buf_free(&l.name);
	return lf_sink_finish(&l.sink, err);
}
