/* A manifest as Digital Forensics XML, in the form that hashdeep -d writes. */
#include <string.h>

#include "base/text.h"
#include "base/utc.h"
#include "report/seal_form.h"
#include "report/sink.h"

struct xml {
	struct lf_sink sink;
	const struct lf_manifest *m;
	struct lf_buf raw, shown;
};

/* Text between tags: what XML cannot hold, and what would steer a terminal, is written as \xNN. */
static void
put(struct xml *x, const char *s, size_t len)
{
	struct lf_buf *out = &x->sink.buf;

	lf_buf_reset(&x->shown);
	lf_text_terminal(&x->shown, s, len);
	for (size_t i = 0; i < x->shown.len; i++) {
		char c = x->shown.data[i];

		if (c == '&' || c == '<' || c == '>')
			lf_buf_puts(out, c == '&' ? "&amp;" : c == '<' ? "&lt;" : "&gt;");
		else
			lf_buf_putc(out, c);
	}
	out->failed |= x->shown.failed;
}

static void
element(struct xml *x, const char *indent, const char *name, const char *text)
{
	if (text == NULL)
		return;
	lf_buf_printf(&x->sink.buf, "%s<%s>", indent, name);
	put(x, text, strlen(text));
	lf_buf_printf(&x->sink.buf, "</%s>\n", name);
}

static void
creator(struct xml *x, const struct lf_entry *e)
{
	struct lf_buf *out = &x->sink.buf;
	char time[LF_UTC_LEN];

	lf_buf_puts(out, "  <creator version='1.0'>\n    <program>trail-seal</program>\n");
	element(x, "    ", "version", e->version);
	lf_buf_puts(out, "    <build_environment>\n");
	element(x, "      ", "libraries", e->libraries);
	lf_buf_puts(out, "    </build_environment>\n    <execution_environment>\n");
	element(x, "      ", "os_version", e->system);
	element(x, "      ", "host", e->host);
	element(x, "      ", "arch", e->machine);
	lf_buf_reset(&x->raw);
	lf_buf_puts(&x->raw, "trail-seal");
	for (size_t i = 0; i < e->n_arguments; i++) {
		lf_buf_putc(&x->raw, ' ');
		lf_text_shell(&x->raw, e->arguments[i], strlen(e->arguments[i]));
	}
	element(x, "      ", "command_line", lf_buf_str(&x->raw));
	lf_buf_printf(out, "      <uid>%lld</uid>\n", (long long)e->uid);
	element(x, "      ", "start_time", lf_utc_format(e->started, time));
	lf_buf_puts(out, "    </execution_environment>\n  </creator>\n");
}

static void
file(struct xml *x, uint64_t size, int64_t mtime, const unsigned char *hash)
{
	struct lf_buf *out = &x->sink.buf;
	char hex[2 * LF_SHA256_LEN + 1], time[LF_UTC_LEN];

	lf_buf_puts(out, "  <fileobject>\n    <filename>");
	put(x, lf_buf_str(&x->raw), x->raw.len);
	lf_buf_printf(out, "</filename>\n    <filesize>%llu</filesize>\n", (unsigned long long)size);
	if (mtime != LF_TIME_NONE)
		element(x, "    ", "mtime", lf_utc_format(mtime, time));
	lf_hex_encode(hash, LF_SHA256_LEN, hex);
	lf_buf_printf(out, "    <hashdigest type='SHA256'>%s</hashdigest>\n  </fileobject>\n", hex);
	out->failed |= x->raw.failed;
	lf_sink_flow(&x->sink);
}

int
lf_seal_dfxml(const struct lf_seal *s, lf_write_fn *write, void *arg, struct lf_err *err)
{
	struct xml x = {.m = &s->manifest};

	lf_sink_init(&x.sink, write, arg);
	lf_buf_init(&x.raw);
	lf_buf_init(&x.shown);
	lf_buf_puts(&x.sink.buf, "<?xml version='1.0' encoding='UTF-8'?>\n"
	    "<dfxml xmlns='http://www.forensicswiki.org/wiki/Category:Digital_Forensics_XML'\n"
	    "  xmlns:dc='http://purl.org/dc/elements/1.1/' version='1.0'>\n"
	    "  <metadata>\n    <dc:type>Hash List</dc:type>\n  </metadata>\n");
	creator(&x, &s->entry);
	for (uint32_t i = 0; i < s->manifest.sources.n; i++) {
		const struct lf_manifest_source *f = lf_manifest_source_at(&s->manifest, i);

		lf_buf_reset(&x.raw);
		lf_buf_puts(&x.raw, f->name);
		if (f->kind == LF_SOURCE_ARCHIVE && f->hashed)
			file(&x, f->size, f->mtime, f->hash);
	}
	for (uint32_t i = 0; i < s->manifest.objects.n; i++) {
		const struct lf_manifest_object *o = lf_manifest_object_at(&s->manifest, i);

		lf_buf_reset(&x.raw);
		lf_manifest_locator(&s->manifest, o, &x.raw);
		if (o->problem == NULL)
			file(&x, o->size, o->mtime, o->hash);
	}
	lf_buf_puts(&x.sink.buf, "</dfxml>\n");
	lf_buf_free(&x.raw);
	lf_buf_free(&x.shown);
	return lf_sink_finish(&x.sink, err);
}
