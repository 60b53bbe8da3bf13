#include "report/prove_step.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"

void
lf_prove_say(struct lf_prove *v, const char *text)
{
	lf_textw_printf(&v->w, "\n%u. ", ++v->step);
	lf_textw_wrap(&v->w, 0, text);
}

void
lf_prove_run(struct lf_prove *v, const char *prints)
{
	lf_textw_printf(&v->w, "   $ %s\n", lf_buf_str(&v->command));
	if (prints != NULL)
		lf_textw_printf(&v->w, "   > %s\n", prints);
	if (v->command.failed)
		v->w.error = ENOMEM;
	lf_buf_reset(&v->command);
}

void
lf_prove_run_hash(struct lf_prove *v, const char *hex)
{
	lf_buf_reset(&v->word);
	lf_buf_printf(&v->word, "%s  -", hex);
	lf_prove_run(v, lf_buf_str(&v->word));
}

void
lf_prove_quote(struct lf_prove *v, const char *text)
{
	lf_text_shell(&v->command, text, strlen(text));
}

/* Appends the name of a source; standard input has to be saved again (the first step says so). */
static void
source_name(struct lf_prove *v, const char *name)
{
	if (strcmp(name, "-") == 0)
		lf_buf_puts(&v->command, "\"$PROOF/stdin\"");
	else
		lf_prove_quote(v, name);
}

/* Appends the name of a member; unzip takes it as a pattern. */
static void
quote_member(struct lf_prove *v, const char *place, bool pattern)
{
	lf_buf_reset(&v->word);
	if (*place == '-') { /* no option */
		lf_buf_puts(&v->word, pattern ? "[-]" : "./-");
		place++;
	}
	for (; *place != '\0'; place++) {
		if (pattern && strchr("*?[\\", *place) != NULL)
			lf_buf_putc(&v->word, '\\');
		lf_buf_putc(&v->word, *place);
	}
	lf_prove_quote(v, lf_buf_str(&v->word));
}

/* Appends the command that writes the stored bytes of an object to standard output. */
static void
stored(struct lf_prove *v, uint32_t source, const char *place)
{
	const struct lf_source *s = v->p->c->sources[source];
	struct lf_buf *c = &v->command;
	bool tar = false;

	if (s->kind != LF_SOURCE_ARCHIVE) {
		lf_buf_puts(c, "cat -- ");
		source_name(v, place[0] != '\0' ? place : s->name);
		return;
	}
	if (strncmp(s->format, "ZIP", 3) == 0)
		lf_buf_puts(c, "unzip -p ");
	else if (strncmp(s->format, "7-Zip", 5) == 0)
		lf_buf_puts(c, "7z x -so ");
	else {
		tar = true;
		lf_buf_puts(c, "tar --no-unquote --no-wildcards -xOf ");
	}
	source_name(v, s->name);
	lf_buf_puts(c, tar ? " -- " : " ");
	if (!tar) {
		quote_member(v, place, s->format[0] == 'Z');
		return;
	}
	lf_prove_quote(v, place);
	/* An archive of "." has every name behind "./", which is not part of the object's place. */
	lf_buf_reset(&v->word);
	lf_buf_printf(&v->word, "./%s", place);
	lf_buf_putc(c, ' ');
	lf_prove_quote(v, lf_buf_str(&v->word));
	lf_buf_puts(c, " 2>/dev/null");
}

void
lf_prove_inflated(struct lf_prove *v, uint32_t source, const char *place, uint8_t container, uint64_t trailing,
    uint64_t offset)
{
	stored(v, source, place);
	if (trailing > 0)
		lf_buf_printf(&v->command, " | head -c %llu", (unsigned long long)offset);
	if (container != LF_GZIP_PLAIN)
		lf_buf_puts(&v->command, " | gzip -dc");
}

void
lf_prove_digest(struct lf_prove *v, const struct lf_digest_row *d)
{
	struct lf_buf place;

	lf_buf_init(&place);
	lf_body_digest_place(&v->p->body, d, &place);
	lf_prove_inflated(v, d->source, lf_buf_str(&place), d->container, d->trailing, d->offset);
	v->command.failed |= place.failed;
	lf_buf_free(&place);
}

void
lf_prove_holds(struct lf_prove *v, const struct lf_digest_row *d, const char *member, const char *value)
{
	lf_prove_digest(v, d);
	lf_buf_puts(&v->command, " | grep -o ");
	lf_buf_reset(&v->word);
	lf_buf_printf(&v->word, "\"%s\" *: *\"%s\"", member, value);
	lf_prove_quote(v, lf_buf_str(&v->word));
	lf_buf_puts(&v->command, " | head -n 1");
	lf_buf_reset(&v->word);
	lf_buf_printf(&v->word, "\"%s\":\"%s\"", member, value);
	lf_prove_run(v, lf_buf_str(&v->word));
}
