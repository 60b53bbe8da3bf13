#include "report/diff_cards.h"

#include <string.h>

#include "base/text.h"
#include "report/diff_excerpt.h"
#include "report/diff_say.h"
#include "report/html.h"
#include "report/timeline_say.h"

#define FIELDS_MAX  100  /* of one event */
#define VALUE_WIDTH 2000 /* columns of a value */

/* Indexed by enum lf_integrity. */
static const char *const tones[] = {"good", "warn", "bad", "bad", "warn", "", ""};

static void
text(struct lf_buf *out, struct lf_slice v)
{
	lf_html_text(out, v.s, v.len);
}

/* A soft line below; nothing for an empty value. */
static void
below(struct lf_buf *out, const char *label, struct lf_slice v)
{
	if (v.len == 0)
		return;
	lf_buf_printf(out, "<small>%s", label);
	text(out, v);
	lf_buf_puts(out, "</small>");
}

static void
integrity(struct lf_buf *out, const struct lf_diff_place *p)
{
	if (p->integrity == LF_INTEGRITY_UNKNOWN)
		return;
	lf_buf_printf(out, " <small class=\"%s\">%s</small>", tones[p->integrity],
	    p->integrity == LF_INTEGRITY_NONE ? "no digests" : lf_integrity_names[p->integrity]);
}

static void
when(struct lf_buf *out, const struct lf_diff_row *row)
{
	char time[LF_TIME_TEXT_LEN];

	if (row->time == LF_TIME_NONE)
		lf_buf_puts(out, "without a time");
	else
		lf_buf_add(out, time, lf_time_text(row->time, row->nanos, time));
}

static void
principal(struct lf_buf *out, const struct lf_diff_row *row)
{
	struct lf_buf who;

	lf_buf_init(&who);
	lf_say_principal(row->text[LF_DIFF_PRINCIPAL], row->text[LF_DIFF_ACCOUNT], &who);
	lf_html_text(out, lf_buf_str(&who), who.failed ? 0 : who.len);
	out->failed |= who.failed;
	lf_buf_free(&who);
}

static void
place(struct lf_buf *out, const struct lf_diff_row *row, unsigned side)
{
	text(out, row->side[side].locator);
	if (!lf_diff_is_object(row->kind))
		lf_buf_printf(out, "#%u", row->side[side].record);
}

/* ---- What changed ---- */

static void
value_cell(struct lf_buf *out, unsigned side, const struct lf_diff_field *f, const struct lf_buf *shown)
{
	if (f->value[side].s == NULL) {
		lf_buf_puts(out, "<td class=\"soft\">absent</td>");
		return;
	}
	lf_buf_printf(out, "<td class=\"mono %c\">", "ab"[side]);
	lf_html_text(out, lf_buf_str(shown), shown->failed ? 0 : shown->len);
	if (f->cut[side])
		lf_buf_puts(out, "<small>the beginning of a longer value</small>");
	lf_buf_puts(out, "</td>");
}

static void
field(struct lf_buf *out, const struct lf_diff_field *f)
{
	struct lf_buf shown[2];

	lf_buf_init(&shown[0]);
	lf_buf_init(&shown[1]);
	lf_diff_excerpt(f->value, VALUE_WIDTH, false, shown);
	lf_buf_puts(out, "<tr><td class=\"mono\">");
	if (f->path.len == 0)
		lf_buf_puts(out, "(the whole record)");
	text(out, f->path);
	lf_buf_puts(out, "</td>");
	for (unsigned i = 0; i < 2; i++) {
		value_cell(out, i, f, &shown[i]);
		out->failed |= shown[i].failed;
		lf_buf_free(&shown[i]);
	}
	lf_buf_puts(out, "</tr>\n");
}

static void
heads(struct lf_buf *out, const struct lf_diff_row *row)
{
	lf_buf_puts(out, "<table class=\"fields\">\n<thead><tr><th scope=\"col\">Member</th>");
	for (unsigned i = 0; i < 2; i++) {
		lf_buf_printf(out, "<th scope=\"col\">%c: ", "AB"[i]);
		place(out, row, i);
		integrity(out, &row->side[i]);
		if (row->partial[i])
			lf_buf_puts(out, " <small>a line of a CSV: compared on the members it has</small>");
		lf_buf_puts(out, "</th>");
	}
	lf_buf_puts(out, "</tr></thead>\n<tbody>\n");
}

static void
event_title(struct lf_buf *out, const struct lf_diff_row *row)
{
	lf_buf_puts(out, "<h3>");
	when(out, row);
	lf_buf_putc(out, ' ');
	text(out, row->text[LF_DIFF_NAME]);
	lf_buf_puts(out, "</h3><p class=\"soft\">");
	text(out, row->text[LF_DIFF_SOURCE]);
	lf_buf_puts(out, " ");
	principal(out, row);
	lf_buf_puts(out, "; event ");
	text(out, row->text[LF_DIFF_ID]);
	lf_buf_puts(out, ", account ");
	text(out, row->text[LF_DIFF_ACCOUNT]);
	lf_buf_puts(out, ", ");
	text(out, row->text[LF_DIFF_REGION]);
	if (row->reason != NULL) {
		lf_buf_puts(out, "; ");
		lf_html_puts(out, row->reason);
	}
	lf_buf_puts(out, "</p>\n");
}

static void
changed_event(struct lf_buf *out, const struct lf_diff_row *row)
{
	uint64_t left = row->n_fields + row->fields_left_out;
	const char *proof = lf_diff_proof(row);
	struct lf_diff_field f;
	size_t cursor = 0;

	lf_buf_puts(out, "<article class=\"card told\">");
	event_title(out, row);
	if (proof != NULL)
		lf_buf_printf(out, "<p class=\"proof\">%s</p>\n", proof);
	heads(out, row);
	for (uint32_t i = 0; i < FIELDS_MAX && lf_diff_field(row, &cursor, &f); i++, left--)
		field(out, &f);
	lf_buf_puts(out, "</tbody>\n</table>");
	if (left > 0)
		lf_buf_printf(out,
		    "<p class=\"note\">... and %llu more members differ: the format json holds more.</p>",
		    (unsigned long long)left);
	lf_buf_puts(out, "</article>\n");
}

static void
changed_object(struct lf_buf *out, const struct lf_diff_row *row)
{
	char hex[2 * LF_SHA256_LEN + 1];

	lf_buf_puts(out, "<article class=\"card told\"><h3 class=\"mono\">");
	text(out, row->key);
	lf_buf_puts(out, "</h3>\n");
	heads(out, row);
	lf_buf_puts(out, "<tr><td>SHA-256</td>");
	for (unsigned i = 0; i < 2; i++) {
		lf_buf_printf(out, "<td class=\"mono %c\">", "ab"[i]);
		if (row->side[i].hash != NULL)
			lf_hex_encode(row->side[i].hash, LF_SHA256_LEN, hex);
		lf_buf_puts(out, row->side[i].hash != NULL ? hex : "unknown");
		lf_buf_puts(out, "</td>");
	}
	lf_buf_puts(out, "</tr>\n</tbody>\n</table></article>\n");
}

/* ---- What stands on one side ---- */

static void
side_cell(struct lf_buf *out, const struct lf_diff_row *row, unsigned side)
{
	lf_buf_printf(out, "<tr><td class=\"%c\">%c", "ab"[side], "AB"[side]);
	integrity(out, &row->side[side]);
	lf_buf_puts(out, "</td>");
}

static void
single_event(struct lf_buf *out, const struct lf_diff_row *row)
{
	unsigned side = row->side[0].there ? 0 : 1;

	side_cell(out, row, side);
	lf_buf_puts(out, "<td class=\"t\">");
	when(out, row);
	lf_buf_puts(out, "</td><td>");
	text(out, row->text[LF_DIFF_NAME]);
	below(out, "", row->text[LF_DIFF_SOURCE]);
	lf_buf_puts(out, "</td><td>");
	principal(out, row);
	lf_buf_puts(out, "</td><td>");
	text(out, row->text[LF_DIFF_ACCOUNT]);
	below(out, "", row->text[LF_DIFF_REGION]);
	lf_buf_puts(out, "</td><td>");
	text(out, row->text[LF_DIFF_ID]);
	lf_buf_puts(out, "<small>");
	place(out, row, side);
	lf_buf_puts(out, "</small>");
	if (row->reason != NULL)
		below(out, "", (struct lf_slice){row->reason, strlen(row->reason)});
	lf_buf_puts(out, "</td></tr>\n");
}

static void
single_object(struct lf_buf *out, const struct lf_diff_row *row)
{
	unsigned side = row->side[0].there ? 0 : 1;

	side_cell(out, row, side);
	lf_buf_puts(out, "<td class=\"mono\">");
	text(out, row->key);
	if (!lf_slice_equal(row->side[side].locator, row->key))
		below(out, "", row->side[side].locator);
	if (row->reason != NULL)
		below(out, "", (struct lf_slice){row->reason, strlen(row->reason)});
	lf_buf_puts(out, "</td></tr>\n");
}

void
lf_diff_cards_start(enum lf_diff_kind kind, struct lf_buf *out)
{
	if (kind == LF_DIFF_CHANGED || kind == LF_DIFF_OBJECT_CHANGED)
		return;
	lf_buf_puts(out, "<table>\n<thead><tr><th scope=\"col\">Side</th>");
	lf_buf_puts(out, lf_diff_is_object(kind) ? "<th scope=\"col\">Object</th>" :
	    "<th scope=\"col\">When</th><th scope=\"col\">What</th><th scope=\"col\">Who</th>"
	    "<th scope=\"col\">Where</th><th scope=\"col\">Event</th>");
	lf_buf_puts(out, "</tr></thead>\n<tbody>\n");
}

void
lf_diff_cards_end(enum lf_diff_kind kind, struct lf_buf *out)
{
	if (kind != LF_DIFF_CHANGED && kind != LF_DIFF_OBJECT_CHANGED)
		lf_buf_puts(out, "</tbody>\n</table>\n");
}

void
lf_diff_card(const struct lf_diff_row *row, struct lf_buf *out)
{
	if (row->kind == LF_DIFF_CHANGED)
		changed_event(out, row);
	else if (row->kind == LF_DIFF_OBJECT_CHANGED)
		changed_object(out, row);
	else if (lf_diff_is_object(row->kind))
		single_object(out, row);
	else
		single_event(out, row);
}
