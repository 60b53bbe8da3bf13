/*
 * What was carved as Digital Forensics XML (DFXML 1.1, the schema of the DFXML working group): a fileobject for each
 * place.  What the schema has no word for stands in a namespace of its own.
 */
#include <string.h>

#include "base/text.h"
#include "base/utc.h"
#include "report/carve_words.h"
#include "report/flush.h"
#include "report/html.h"

#define FLUSH_AT ((size_t)64 << 10)

struct xml {
	struct lf_buf out;
	lf_write_fn *write;
	void *arg;
};

static int
flush(struct xml *x, size_t at, struct lf_err *err)
{
	return lf_report_flush(&x->out, at, x->write, x->arg, err);
}

static void
element(struct lf_buf *out, const char *indent, const char *name, const char *text)
{
	lf_buf_printf(out, "%s<%s>", indent, name);
	lf_html_puts(out, text);
	lf_buf_printf(out, "</%s>\n", name);
}

static void
digest(struct lf_buf *out, const char *indent, const char *hex)
{
	if (hex[0] != '\0')
		lf_buf_printf(out, "%s<hashdigest type=\"sha256\">%s</hashdigest>\n", indent, hex);
}

static void
creator(struct lf_buf *out, const struct lf_write_opts *o)
{
	struct lf_buf line;
	char time[LF_UTC_LEN];

	lf_buf_puts(out, "  <creator>\n    <program>trail-carve</program>\n    <version>" LF_VERSION "</version>\n");
	if (!o->reproducible) {
		lf_buf_init(&line);
		lf_buf_puts(&line, "trail-carve");
		for (size_t i = 0; i < o->n_arguments; i++) {
			lf_buf_putc(&line, ' ');
			lf_text_shell(&line, o->arguments[i], strlen(o->arguments[i]));
		}
		lf_buf_puts(out, "    <execution_environment>\n");
		element(out, "      ", "command_line", lf_buf_str(&line));
		element(out, "      ", "start_time", lf_utc_format(o->started, time));
		lf_buf_puts(out, "    </execution_environment>\n");
		out->failed |= line.failed;
		lf_buf_free(&line);
	}
	lf_buf_puts(out, "  </creator>\n");
}

static void
source(struct lf_buf *out, const struct lf_carve_result *r)
{
	char hex[2 * LF_SHA256_LEN + 1];

	lf_buf_puts(out, "  <source>\n");
	for (size_t i = 0; i < r->n_images; i++) {
		const struct lf_carve_image *m = &r->images[i];

		element(out, "    ", "image_filename", m->name);
		lf_buf_printf(out, "    <carve:image_size>%llu</carve:image_size>\n", (unsigned long long)m->size);
		lf_hex_encode(m->sha256, sizeof(m->sha256), hex);
		digest(out, "    ", m->hashed ? hex : "");
	}
	lf_buf_puts(out, "  </source>\n");
}

static void
runs(struct lf_buf *out, const struct lf_carve_row *row)
{
	uint64_t at = 0;

	lf_buf_puts(out, "    <byte_runs>\n");
	for (unsigned i = 0; i < row->n_runs; i++) {
		uint64_t len = row->runs[i].to - row->runs[i].from;

		lf_buf_printf(out, "      <byte_run file_offset=\"%llu\" img_offset=\"%llu\" len=\"%llu\"/>\n",
		    (unsigned long long)at, (unsigned long long)row->runs[i].from, (unsigned long long)len);
		at += len;
	}
	lf_buf_puts(out, "    </byte_runs>\n");
}

static int
put_row(void *arg, const struct lf_carve_row *row, struct lf_err *err)
{
	struct xml *x = arg;
	bool stored = row->stored_sha256[0] != '\0';

	lf_buf_puts(&x->out, "  <fileobject>\n");
	element(&x->out, "    ", "filename", row->file[0] != '\0' ? row->file : row->path);
	lf_buf_printf(&x->out, "    <name_type>r</name_type>\n    <filesize>%llu</filesize>\n",
	    (unsigned long long)(stored ? row->stored : row->inflated));
	runs(&x->out, row);
	digest(&x->out, "    ", stored ? row->stored_sha256 : row->inflated_sha256);
	element(&x->out, "    ", "carve:state", lf_carve_state_name(row->state));
	element(&x->out, "    ", "carve:kind", lf_carve_kind_name(row->kind));
	element(&x->out, "    ", "carve:image", row->image);
	element(&x->out, "    ", "carve:path", row->path);
	lf_buf_puts(&x->out, "  </fileobject>\n");
	return flush(x, FLUSH_AT, err);
}

int
lf_carve_as_dfxml(const struct lf_carve_told *t, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err)
{
	struct xml x = {.write = write, .arg = arg};
	int rc;

	lf_buf_init(&x.out);
	lf_buf_puts(&x.out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<dfxml version=\"1.1.0\" xmlns=\"http://www.forensicswiki.org/wiki/Category:Digital_Forensics_XML\"\n"
	    "    xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:carve=\"urn:x-trail-carve:1\">\n"
	    "  <metadata>\n    <dc:type>Carve Report</dc:type>\n  </metadata>\n");
	creator(&x.out, o);
	source(&x.out, t->r);
	rc = lf_carve_rows_each(&t->rows, put_row, &x, err);
	lf_buf_puts(&x.out, "</dfxml>\n");
	if (rc == 0)
		rc = flush(&x, 0, err);
	lf_buf_free(&x.out);
	return rc;
}
