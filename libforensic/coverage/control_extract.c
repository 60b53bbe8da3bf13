#include <assert.h>
#include <string.h>

#include "base/index.h"
#include "coverage/control.h"
#include "coverage/control_judge.h"
#include "coverage/control_record.h"
#include "coverage/control_text.h"
#include "coverage/control_use.h"
#include "record/arn.h"

/* What is made of one event. */
struct making {
	const struct lf_event *e;
	const struct lf_values *v;
	struct lf_judging judging;
	struct lf_control_head head;
	struct lf_buf *out;
	size_t start, at; /* in out: of the head, and of the text that is being put */
	bool cut;
};

static void
put_slice(struct making *m, struct lf_slice s)
{
	lf_control_text(s, false, m->out);
}

/* The next text begins; what was appended since the last is that of field. */
static void
end_field(struct making *m, enum lf_control_field field)
{
	lf_control_keep(m->out, m->at);
	m->head.len[field] = (uint32_t)(m->out->len - m->at);
	m->cut |= m->head.len[field] > LF_CONTROL_TEXT;
	m->at = m->out->len;
}

/* Appends a value, of an array all elements, or the member at rest of each; joined by commas. */
static void
put_values(struct making *m, const struct lf_value *v, const char *rest)
{
	struct lf_items items;
	struct lf_value one;

	lf_items_start(&items, v);
	while (m->out->len - m->at <= LF_CONTROL_TEXT && lf_items_next(&items, &one)) {
		if (rest[0] != '\0')
			one = lf_value_at(&one, rest);
		if (!lf_value_is_there(&one))
			continue;
		if (m->out->len > m->at)
			lf_buf_puts(m->out, ", ");
		lf_control_value(&one, m->out);
	}
}

/* Appends what stands at a path, "a/b|...", to the first array on it and through it. */
static void
put_path(struct making *m, const char *path, size_t len)
{
	struct lf_value v = m->judging.request;
	const char *end = path + len;
	char name[64];
	size_t n;

	while (path < end && v.token == LF_TOKEN_OBJECT) {
		n = strcspn(path, "/|");
		assert(n < sizeof(name));
		memcpy(name, path, n);
		name[n] = '\0';
		v = lf_value_at(&v, name);
		path += n + (path + n < end ? 1 : 0);
	}
	n = (size_t)(end - path);
	assert(n < sizeof(name));
	memcpy(name, path, n);
	name[n] = '\0';
	if (n == 0 || v.token == LF_TOKEN_ARRAY)
		put_values(m, &v, name);
}

/* The part of eventSource that ARNs have, too. */
static struct lf_slice
service_of(struct lf_slice source)
{
	const char *dot = source.len == 0 ? NULL : memchr(source.s, '.', source.len);

	return (struct lf_slice){source.s, dot == NULL ? source.len : (size_t)(dot - source.s)};
}

/* The ARN in what a call was refused with. */
static bool
put_from_message(struct making *m)
{
	struct lf_buf text;
	struct lf_slice arn;
	size_t before = m->out->len;

	if (m->e->field[LF_EV_ERROR_MESSAGE].len == 0)
		return false;
	lf_buf_init(&text);
	arn = lf_arn_in_message(lf_event_slice(m->e, LF_EV_ERROR_MESSAGE, &text), service_of(m->v->v[LF_COL_SOURCE]));
	put_slice(m, arn);
	m->out->failed |= text.failed;
	lf_buf_free(&text);
	return m->out->len > before;
}

/* The response names the trail in full. */
static struct lf_value
response_arn(const struct making *m)
{
	return lf_value_at(&m->judging.response, "trailARN");
}

/*
 * From the request, or else from the response, the message of a refusal, or the resources.  Returns whether it may be a
 * trail.
 */
static bool
put_target(struct making *m)
{
	const char *path = m->judging.row->target;
	struct lf_value arn;
	size_t len;

	for (bool first = true;; first = false, path += len + 1) {
		len = strcspn(path, "|");
		if (len == 8 && strncmp(path, "=account", 8) == 0)
			put_slice(m, m->v->v[LF_COL_ACCOUNT]);
		else if (len > 0)
			put_path(m, path, len);
		if (m->out->len > m->at)
			return first;
		if (path[len] == '\0')
			break;
	}
	arn = response_arn(m);
	if (m->judging.row->trail && lf_value_is_there(&arn))
		lf_control_value(&arn, m->out);
	else if (!put_from_message(m))
		put_slice(m, m->v->v[LF_COL_RESOURCES]);
	return true;
}

/* The region and account of a trail's ARN; false when text is none. */
static bool
read_trail(struct lf_slice text, struct lf_arn *out)
{
	return lf_arn_read(text, out) && lf_slice_starts(out->resource, "trail/");
}

/* The trail, its region and its account: of the target, of the response, or of a message that names it in full. */
static void
put_trail(struct making *m, struct lf_slice target)
{
	struct lf_buf text;
	struct lf_value said = response_arn(m);
	struct lf_arn arn;
	struct lf_slice full;

	lf_buf_init(&text);
	lf_buf_add(&text, target.s == NULL ? "" : target.s, target.len);
	target.s = lf_buf_str(&text);
	put_slice(m, lf_trail_name(target));
	end_field(m, LF_CTL_TRAIL);
	if (!read_trail(target, &arn)) {
		lf_buf_reset(&text);
		lf_control_value(&said, &text);
		full = (struct lf_slice){lf_buf_str(&text), text.len};
		if (full.len == 0 && m->e->field[LF_EV_ERROR_MESSAGE].len > 0)
			full = lf_arn_in_message(lf_event_slice(m->e, LF_EV_ERROR_MESSAGE, &text),
			    service_of(m->v->v[LF_COL_SOURCE]));
		if (!read_trail(full, &arn))
			memset(&arn, 0, sizeof(arn));
	}
	put_slice(m, arn.region);
	end_field(m, LF_CTL_TRAIL_REGION);
	put_slice(m, arn.account);
	end_field(m, LF_CTL_TRAIL_ACCOUNT);
	m->out->failed |= text.failed;
	lf_buf_free(&text);
}

/* A key that is named by an alias has its ARN among the resources. */
static struct lf_slice
key_of(const struct making *m, struct lf_slice target)
{
	struct lf_slice first = m->v->v[LF_COL_RESOURCES];
	const char *end = first.len == 0 ? NULL : memchr(first.s, ';', first.len);
	struct lf_arn arn;

	if (end != NULL)
		first.len = (size_t)(end - first.s);
	return lf_arn_read(first, &arn) && lf_slice_starts(arn.resource, "key/") ? first : target;
}

static void
put_thing(struct making *m, struct lf_slice target)
{
	enum lf_thing thing = (enum lf_thing)m->judging.row->thing;
	struct lf_buf text;

	lf_buf_init(&text);
	if (thing == LF_THING_KEY)
		target = key_of(m, target);
	lf_thing_put(thing, target, m->v->v[LF_COL_ACCOUNT], m->v->v[LF_COL_REGION], &text);
	put_slice(m, (struct lf_slice){text.data, text.len});
	m->out->failed |= text.failed;
	lf_buf_free(&text);
	end_field(m, LF_CTL_THING);
}

/* Who, where and how it went. */
static void
put_call(struct making *m)
{
	static const struct {
		enum lf_control_field field;
		enum lf_column column;
	} columns[] = {
	    {LF_CTL_SOURCE, LF_COL_SOURCE},
	    {LF_CTL_NAME, LF_COL_NAME},
	    {LF_CTL_ERROR, LF_COL_RESULT},
	    {LF_CTL_ID, LF_COL_ID},
	    {LF_CTL_PRINCIPAL, LF_COL_PRINCIPAL},
	    {LF_CTL_KEY, LF_COL_ACCESS_KEY},
	    {LF_CTL_IP, LF_COL_SOURCE_IP},
	    {LF_CTL_ACCOUNT, LF_COL_ACCOUNT},
	    {LF_CTL_REGION, LF_COL_REGION},
	};

	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		if (columns[i].field != LF_CTL_ERROR || !m->judging.effective)
			put_slice(m, m->v->v[columns[i].column]);
		end_field(m, columns[i].field);
	}
}

static void
put_what(struct making *m)
{
	bool may_be_trail = put_target(m);
	struct lf_slice target;
	size_t at = m->at;

	end_field(m, LF_CTL_TARGET);
	target = (struct lf_slice){m->out->data + at, m->head.len[LF_CTL_TARGET]};
	if (m->judging.row->trail && may_be_trail)
		put_trail(m, target);
	target.s = m->out->data + at; /* it may have moved */
	put_thing(m, target);
}

/* Fills the place at the start with what is known at the end. */
static void
put_head(struct making *m)
{
	m->head.time = m->v->time;
	m->head.cut = m->cut ? lf_index_hash(m->e->raw.s, m->e->raw.len) : 0;
	m->head.effects = m->judging.effects;
	m->head.row = (uint16_t)lf_control_row_number(m->judging.row);
	m->head.thing = m->judging.row->thing;
	m->head.owner = m->judging.owner & 3;
	m->head.effective = m->judging.effective;
	m->head.impairs = m->judging.impairs;
	memcpy(m->out->data + m->start, &m->head, sizeof(m->head));
}

static void
put_event(struct making *m)
{
	bool is;

	m->start = m->out->len;
	lf_buf_add(m->out, &m->head, sizeof(m->head));
	m->at = m->out->len;
	if (m->out->failed)
		return;
	put_call(m);
	put_what(m);
	m->judging.out = m->out;
	m->judging.at = m->at;
	is = lf_control_judge(&m->judging);
	end_field(m, LF_CTL_DETAIL);
	if (m->out->failed)
		return;
	if (is)
		put_head(m);
	else
		m->out->data[m->out->len = m->start] = '\0';
}

static struct lf_value
whole(const struct lf_event *e, enum lf_event_field f)
{
	return lf_event_is_string(e, f) ? (struct lf_value){.token = LF_TOKEN_ERROR} : lf_value_of(e->field[f]);
}

/* Insights and summaries name calls, and are none. */
static bool
is_call(const struct lf_event *e, const struct lf_values *v)
{
	return e->field[LF_EV_INSIGHT].len == 0 && e->field[LF_EV_TIME_WINDOW].len == 0 && v->v[LF_COL_RESULT].len > 0;
}

/* Of an event that has a row, or names what a trail uses. */
static bool
extract(const struct lf_event *e, const struct lf_values *v, const struct lf_control_row *row, bool uses,
    struct lf_buf *out)
{
	struct making m = {.e = e, .v = v, .out = out};
	struct lf_judging *j = &m.judging;
	size_t before = out->len;
	bool omitted = lf_control_omitted(e);

	if (omitted && (row == NULL || row->thing != LF_THING_NONE))
		row = lf_control_row_oversize();
	j->row = row;
	j->event = e;
	j->request = whole(e, LF_EV_REQUEST);
	j->response = whole(e, LF_EV_RESPONSE);
	j->effective = e->field[LF_EV_ERROR_CODE].len == 0 && lf_slice_is(v->v[LF_COL_RESULT], "success");
	j->recorded = j->request.token == LF_TOKEN_OBJECT && !omitted;
	if (row != NULL)
		put_event(&m);
	if (uses && j->effective)
		lf_control_use(v, &j->request, &j->response, out);
	return out->failed || out->len > before;
}

bool
lf_control_may(const struct lf_event *e)
{
	struct lf_slice name = e->field[LF_EV_NAME];

	return lf_event_name_hidden(e) || lf_control_row_may(name) || lf_control_use_may(name) || lf_control_omitted(e);
}

bool
lf_control_extract(const struct lf_event *e, const struct lf_values *v, struct lf_buf *out)
{
	const struct lf_control_row *row = lf_control_row(v->v[LF_COL_SOURCE], v->v[LF_COL_NAME]);
	bool uses = lf_control_names_things(v);

	return (row != NULL || uses || lf_control_omitted(e)) && is_call(e, v) && extract(e, v, row, uses, out);
}

bool
lf_control_take(const char **bytes, size_t *len, struct lf_control_record *out)
{
	const char *p = *bytes;

	if (*len == 0)
		return false;
	assert(*len >= sizeof(out->head));
	memcpy(&out->head, p, sizeof(out->head));
	p += sizeof(out->head);
	for (size_t i = 0; i < LF_CTL_FIELDS; i++) {
		assert(out->head.len[i] <= *len - (size_t)(p - *bytes));
		out->f[i] = (struct lf_slice){p, out->head.len[i]};
		p += out->head.len[i];
	}
	*len -= (size_t)(p - *bytes);
	*bytes = p;
	return true;
}
