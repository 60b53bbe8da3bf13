#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "carve/detect_look.h"

static enum lf_carve_method
method_of(const struct lf_coding *c)
{
	if (c->level > 0)
		return LF_CARVE_ESCAPED;
	return c->unit == 1 ? LF_CARVE_TEXT : c->big ? LF_CARVE_UTF16BE : LF_CARVE_UTF16LE;
}

static void
text_label(const struct lf_coding *c, char *out, size_t size)
{
	snprintf(out, size, "%s%s", c->unit == 1 ? "" : c->big ? "-UTF16BE-0" : "-UTF16LE-0", c->level > 0 ? "-ESCAPED-0" : "");
}

/* The members of a broken record that came whole. */
static int
add_members(const struct lf_look *l, struct lf_find *f, const struct lf_text_found *t)
{
	static const struct {
		enum lf_event_field field;
		const char *name;
	} members[] = {{LF_EV_VERSION, "eventVersion"}, {LF_EV_TIME, "eventTime"}, {LF_EV_SOURCE, "eventSource"},
	    {LF_EV_NAME, "eventName"}, {LF_EV_REGION, "awsRegion"}, {LF_EV_SOURCE_IP, "sourceIPAddress"}, {LF_EV_UI_ARN, "userIdentity.arn"},
	    {LF_EV_ID, "eventID"}, {LF_EV_RECIPIENT, "recipientAccountId"}};

	f->known = calloc(sizeof(members) / sizeof(*members), sizeof(*f->known));
	if (f->known == NULL)
		return lf_err_nomem(l->err);
	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++) {
		struct lf_slice s = t->event.field[members[i].field];

		if (s.s != NULL)
			f->known[f->n_known++] = (struct lf_carve_known){members[i].name, f->content + (size_t)(s.s - t->text), s.len, f->n_known > 0};
	}
	return 0;
}

/* What the text holds: its records, or its members. */
static int
read_found(const struct lf_look *l, struct lf_find *f, const struct lf_text_found *t)
{
	struct lf_event e = t->event;

	switch (t->outcome) {
	case LF_TEXT_RECORD:
		f->kind = LF_CARVE_LOOSE;
		f->state = LF_CARVE_RECORD;
		e.raw = (struct lf_slice){f->text.data + f->content, t->len};
		return lf_content_record(l->d->content, f, &e, f->content, l->err);
	case LF_TEXT_FRAGMENT:
		f->kind = LF_CARVE_LOOSE;
		f->state = LF_CARVE_FRAGMENT;
		f->problem = "the record breaks off";
		return add_members(l, f, t);
	default:
		f->state = LF_CARVE_WHOLE;
		return lf_content_read(l->d->content, f, NULL, f->content_len, l->err) < 0 ? -1 : 0;
	}
}

static int
fill_text(const struct lf_look *l, struct lf_find *f, const struct lf_text_found *t)
{
	char label[32];

	f->complete = t->outcome != LF_TEXT_FRAGMENT;
	f->late = l->origin->depth == 0;
	f->method = method_of(&t->coding);
	f->stored = t->to - t->from;
	f->inflated = f->content_len = t->len;
	lf_buf_add(&f->text, t->text, t->len);
	memcpy(f->wrapper, t->wrapper, sizeof(f->wrapper));
	text_label(&t->coding, label, sizeof(label));
	if (f->text.failed)
		return lf_err_nomem(l->err);
	if (f->complete && lf_content_hash(l->d->content, t->text, t->len, f->inflated_sha256, l->err) < 0)
		return -1;
	return read_found(l, f, t) < 0 ? -1 : lf_look_place(l, f, t->from, t->to, label);
}

int
lf_look_text(const struct lf_look *l, uint64_t offset, enum lf_trigger trigger)
{
	struct lf_text_found t;
	struct lf_find f = {0};

	if (lf_text_look(l->text, l->v, offset, trigger, &t, l->err) < 0)
		return -1;
	if (t.outcome == LF_TEXT_NONE)
		return lf_look_reject(l, t.reject);
	if (t.outcome == LF_TEXT_AGAIN)
		return 0;
	if (fill_text(l, &f, &t) == 0)
		return lf_look_add(l, &f);
	lf_find_free(&f);
	return -1;
}
