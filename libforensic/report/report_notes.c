/* What results and ledger say against each other, as it is told. */
#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "report/report.h"

int
lf_report_note(struct lf_report *r, enum lf_severity severity, const char *id, struct lf_err *err, const char *fmt, ...)
{
	struct lf_report_note *x = lf_list_push(&r->notes);
	struct lf_buf text;
	va_list ap;

	lf_buf_init(&text);
	va_start(ap, fmt);
	lf_buf_vprintf(&text, fmt, ap);
	va_end(ap);
	if (x != NULL && !text.failed)
		*x = (struct lf_report_note){id, lf_arena_strndup(&r->arena, lf_buf_str(&text), text.len), severity};
	lf_buf_free(&text);
	return x == NULL || x->text == NULL ? lf_err_nomem(err) : 0;
}

void
lf_report_notes(const struct lf_report *r, void (*say)(void *arg, const char *line), void *arg)
{
	struct lf_buf line;

	lf_buf_init(&line);
	for (uint32_t i = 0; i < r->notes.n; i++) {
		const char *text = lf_report_note_at(r, i)->text;

		lf_buf_reset(&line);
		lf_text_terminal(&line, text, strlen(text));
		if (!line.failed)
			say(arg, lf_buf_str(&line));
	}
	lf_buf_free(&line);
}
