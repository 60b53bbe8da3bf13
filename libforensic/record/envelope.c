#include "record/envelope.h"

#include <stdlib.h>
#include <string.h>

#include "record/envelope_walk.h"

#define BUF_KEPT ((size_t)1 << 20) /* bytes of a buffer that are kept for the next text */

struct lf_envelope *
lf_envelope_new(struct lf_err *err)
{
	struct lf_envelope *e = calloc(1, sizeof(*e));

	if (e == NULL)
		lf_err_nomem(err);
	return e;
}

void
lf_envelope_free(struct lf_envelope *e)
{
	if (e == NULL)
		return;
	for (size_t i = 0; i < LF_ENVELOPE_TEXTS; i++)
		lf_buf_free(&e->texts[i].buf);
	lf_history_free(&e->history);
	free(e);
}

/* Notes what is odd about the line of CSV that was just read. */
static void
note_uneven(struct lf_envelope *e)
{
	if (e->history.uneven == NULL)
		return;
	e->damage.uneven++;
	lf_envelope_note(e, &e->texts[0], e->history.uneven, e->history.csv.at);
}

void
lf_envelope_start(struct lf_envelope *e, const char *text, size_t len, const struct lf_seed *seed)
{
	const char *problem = lf_envelope_unreadable(text, len);

	for (size_t i = 0; i < LF_ENVELOPE_TEXTS; i++)
		if (e->texts[i].buf.cap > BUF_KEPT)
			lf_buf_free(&e->texts[i].buf);
	e->n = 0;
	e->seed = seed;
	e->damage = (struct lf_damage){0};
	e->given = 0;
	e->failed = e->beside = false;
	e->csv = problem == NULL && lf_history_start(&e->history, text, len);
	lf_envelope_open(e, text, len);
	if (e->csv)
		note_uneven(e);
	if (problem == NULL)
		return;
	lf_envelope_note(e, &e->texts[0], problem, 0);
	e->damage.places = 1;
	e->damage.lost = len;
	e->n = 0;
}

/* The next line of CSV. */
static int
csv_next(struct lf_envelope *e, struct lf_event *out)
{
	struct lf_envelope_text *t = &e->texts[0];
	struct lf_history *h = &e->history;
	enum lf_history_rc rc;

	while ((rc = lf_history_next(h)) != LF_HISTORY_END) {
		if (rc == LF_HISTORY_NOMEM)
			return -1;
		if (rc == LF_HISTORY_BROKEN) {
			lf_envelope_note(e, t, h->csv.problem, h->csv.at);
			e->damage.places++;
			e->damage.lost += h->lost;
			continue;
		}
		lf_scan_init(&t->scan, h->json.data, h->json.len);
		if (rc == LF_HISTORY_RECORD && lf_scan_next(&t->scan) == LF_TOKEN_OBJECT &&
		    lf_event_read(&t->scan, e->seed, out)) {
			out->partial = true;
			out->no_result = !h->tells_errors;
			note_uneven(e);
			return lf_envelope_give(e, t, out);
		}
		lf_envelope_stranger(e, t, h->csv.at);
	}
	if (lf_envelope_found(e) == 0) {
		lf_envelope_note(e, t, "the header of an event history without a line", 0);
		e->damage.strangers++;
	}
	return 0;
}

int
lf_envelope_next(struct lf_envelope *e, struct lf_event *out)
{
	int rc = 0;

	if (e->failed)
		return -1;
	if (e->csv && e->n > 0)
		rc = csv_next(e, out);
	else
		while (e->n > 0 && (rc = lf_envelope_step(e, out)) == 0)
			;
	e->failed = rc < 0;
	return rc;
}

/* The innermost container that tells decides. */
enum lf_envelope_form
lf_envelope_form(const struct lf_envelope *e)
{
	if (e->csv)
		return LF_FORM_CSV;
	for (unsigned i = e->n; i-- > 0;) {
		const struct lf_envelope_text *t = &e->texts[i];

		for (unsigned k = t->n; k-- > 0;)
			if (t->levels[k].form != LF_FORM_LOG)
				return t->levels[k].form;
		if (t->stamped)
			return LF_FORM_CLOUDWATCH;
	}
	return LF_FORM_LOG;
}

uint64_t
lf_envelope_index(const struct lf_envelope *e)
{
	return e->given == 0 ? 0 : e->given - 1;
}

const struct lf_damage *
lf_envelope_damage(const struct lf_envelope *e)
{
	return &e->damage;
}
