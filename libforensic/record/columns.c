#include "record/columns.h"

#include <stdio.h>
#include <string.h>

#include "record/resources.h"

const char *const lf_column_names[LF_COLUMNS] = {
    [LF_COL_EVENT_TIME] = "event_time",
    [LF_COL_ACCOUNT] = "account_id",
    [LF_COL_REGION] = "region",
    [LF_COL_PRINCIPAL] = "principal",
    [LF_COL_SOURCE] = "event_source",
    [LF_COL_NAME] = "event_name",
    [LF_COL_RESULT] = "result",
    [LF_COL_SOURCE_IP] = "source_ip",
    [LF_COL_USER_AGENT] = "user_agent",
    [LF_COL_ACCESS_KEY] = "access_key_id",
    [LF_COL_RESOURCES] = "resources",
    [LF_COL_READ_ONLY] = "read_only",
    [LF_COL_CATEGORY] = "event_category",
    [LF_COL_ID] = "event_id",
    [LF_COL_SHARED_ID] = "shared_event_id",
    [LF_COL_ACTOR] = "actor",
    [LF_COL_INTEGRITY] = "integrity",
    [LF_COL_LOCATOR] = "locator",
    [LF_COL_RECORD_INDEX] = "record_index",
    [LF_COL_ALSO_IN] = "also_in",
};

/* ---- Names ---- */

/* Fails with a message that lists the columns. */
static int
bad_column(const char *name, size_t len, const char *problem, struct lf_err *err)
{
	char all[400] = "";
	size_t used = 0;

	for (int i = 0; i < LF_COLUMNS; i++)
		used += (size_t)snprintf(all + used, sizeof(all) - used, "%s%s", i == 0 ? "" : ", ", lf_column_names[i]);
	return lf_err_set(err, "\"%.*s\" %s: give some of %s", len > 60 ? 60 : (int)len, name, problem, all);
}

static int
column_of(const char *name, size_t len)
{
	int i = 0;

	while (i < LF_COLUMNS && (strlen(lf_column_names[i]) != len || memcmp(lf_column_names[i], name, len) != 0))
		i++;
	return i;
}

int
lf_columns_parse(const char *text, enum lf_column list[LF_COLUMNS], size_t *n, struct lf_err *err)
{
	bool taken[LF_COLUMNS] = {false};
	size_t len;
	int c;

	*n = 0;
	for (;; text += len + 1) {
		len = strcspn(text, ",");
		c = column_of(text, len);
		if (c == LF_COLUMNS)
			return bad_column(text, len, "is no column", err);
		if (taken[c])
			return bad_column(text, len, "is given twice", err);
		taken[c] = true;
		list[(*n)++] = (enum lf_column)c;
		if (text[len] == '\0')
			return 0;
	}
}

/* ---- Times ---- */

size_t
lf_time_text(int64_t time, int32_t nanos, char buf[LF_TIME_TEXT_LEN])
{
	size_t len;

	buf[0] = '\0';
	if (time == LF_TIME_NONE)
		return 0;
	len = strlen(lf_utc_format(time, buf));
	if (nanos <= 0 || nanos > 999999999 || buf[len - 1] != 'Z')
		return len;
	len += (size_t)snprintf(buf + len - 1, LF_TIME_TEXT_LEN - len + 1, ".%09d", (int)nanos) - 1;
	while (buf[len - 1] == '0')
		len--;
	buf[len++] = 'Z';
	buf[len] = '\0';
	return len;
}

/* ---- Values ---- */

/* The values of one event in the making. */
struct making {
	const struct lf_event *e;
	struct lf_buf *scratch;
	struct lf_values *out;
	uint32_t owned;              /* bit i: value i lies in scratch, which may still move, from start[i] on */
	size_t start[LF_COL_OF_EVENT];
};

static void
begin(struct making *m, enum lf_column c)
{
	m->owned |= UINT32_C(1) << c;
	m->start[c] = m->scratch->len;
}

static void
end(struct making *m, enum lf_column c)
{
	m->out->v[c].len = m->scratch->len - m->start[c];
}

/* Gives a value, unless it is empty. */
static bool
put(struct making *m, enum lf_column c, struct lf_slice value, bool escaped)
{
	if (value.len == 0)
		return false;
	if (!escaped) {
		m->out->v[c] = value;
		return true;
	}
	begin(m, c);
	lf_scan_unescape(value.s, value.len, m->scratch);
	end(m, c);
	return true;
}

static bool
put_text(struct making *m, enum lf_column c, const char *text)
{
	return put(m, c, (struct lf_slice){text, strlen(text)}, false);
}

static bool
put_field(struct making *m, enum lf_column c, enum lf_event_field f)
{
	return put(m, c, m->e->field[f], m->e->escaped >> f & 1);
}

/* Gives a member of a nested object. */
static bool
put_member(struct making *m, enum lf_column c, enum lf_event_field f, const char *path)
{
	struct lf_slice value;
	bool is_string;

	if (m->e->field[f].len == 0 || !lf_event_member(m->e->field[f], path, &value, &is_string) || value.len == 0)
		return false;
	return put(m, c, value, is_string && memchr(value.s, '\\', value.len) != NULL);
}

/* Whether what can be read as a time is written as lf_time_text() has it.  The time of an Aggregated event may stand
 * elsewhere. */
static bool
is_plain_time(const struct lf_event *e, int32_t nanos)
{
	const struct lf_slice *text = &e->field[LF_EV_TIME];

	return text->len == LF_UTC_LEN - 1 && nanos == 0 && text->s[10] == 'T' && text->s[17] < '6' &&
	    text->s[19] == 'Z' && e->field[LF_EV_TIME_WINDOW].len == 0;
}

/* The record's own text where it is as it should be, or is no time. */
static void
put_time(struct making *m)
{
	char buf[LF_TIME_TEXT_LEN];
	int32_t nanos = 0;
	int64_t t = lf_event_time(m->e, &nanos);

	m->out->time = t;
	m->out->nanos = t == LF_TIME_NONE ? 0 : nanos;
	if (t == LF_TIME_NONE || is_plain_time(m->e, nanos)) {
		put_field(m, LF_COL_EVENT_TIME, LF_EV_TIME);
		return;
	}
	begin(m, LF_COL_EVENT_TIME);
	lf_buf_add(m->scratch, buf, lf_time_text(t, nanos, buf));
	end(m, LF_COL_EVENT_TIME);
}

static void
put_place(struct making *m)
{
	(void)(put_field(m, LF_COL_ACCOUNT, LF_EV_RECIPIENT) || put_field(m, LF_COL_ACCOUNT, LF_EV_UI_ACCOUNT));
	put_field(m, LF_COL_REGION, LF_EV_REGION);
}

/*
 * Who did it, by the most telling name that a record has ("CloudTrail userIdentity element"): IAM users, roles,
 * sessions and the root user have an ARN; failed sign-ins, SAML, web identity and directory users a name; services an
 * invokedBy; callers from other accounts a principalId; users of the Identity Center an id in onBehalfOf; anonymous
 * ones only the accountId ANONYMOUS_PRINCIPAL.
 */
static void
put_principal(struct making *m)
{
	static const enum lf_event_field order[] = {LF_EV_UI_ARN, LF_EV_UI_USER_NAME, LF_EV_UI_INVOKED_BY, LF_EV_UI_PRINCIPAL};

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (put_field(m, LF_COL_PRINCIPAL, order[i]))
			return;
	if (!put_member(m, LF_COL_PRINCIPAL, LF_EV_USER_IDENTITY, "onBehalfOf/userId"))
		put_field(m, LF_COL_PRINCIPAL, LF_EV_UI_ACCOUNT);
}

static void
put_what(struct making *m)
{
	(void)(put_field(m, LF_COL_SOURCE, LF_EV_SOURCE) || put_member(m, LF_COL_SOURCE, LF_EV_INSIGHT, "eventSource"));
	(void)(put_field(m, LF_COL_NAME, LF_EV_NAME) || put_member(m, LF_COL_NAME, LF_EV_INSIGHT, "eventName") ||
	    put_field(m, LF_COL_NAME, LF_EV_TYPE));
}

/* Whether a member of an object is the string "Failure". */
static bool
says_failure(struct lf_slice json)
{
	struct lf_scan s;
	enum lf_token t;

	if (json.len == 0)
		return false;
	lf_scan_init(&s, json.s, json.len);
	if (lf_scan_next(&s) != LF_TOKEN_OBJECT)
		return false;
	while (lf_scan_next(&s) == LF_TOKEN_KEY) {
		t = lf_scan_next(&s);
		if (t == LF_TOKEN_STRING && lf_scan_is(&s, "Failure"))
			return true;
		if (!lf_scan_skip(&s, t))
			break;
	}
	return false;
}

/*
 * Sign-ins tell their outcome in responseElements, under the event's name (ConsoleLogin, CheckMfa, SwitchRole ...),
 * those of the Identity Center in serviceEventDetails ("AWS Management Console sign-in events", "IAM Identity Center
 * sign-in events").
 */
static bool
sign_in_failed(const struct lf_event *e)
{
	if (!lf_slice_starts(e->field[LF_EV_SOURCE], "signin.") && !lf_slice_is(e->field[LF_EV_TYPE], "AwsConsoleSignIn"))
		return false;
	return says_failure(e->field[LF_EV_RESPONSE]) || says_failure(e->field[LF_EV_SERVICE]);
}

/* An Insight or Aggregated event speaks of many calls, and is none that could succeed. */
static bool
is_call(const struct lf_event *e)
{
	return e->field[LF_EV_INSIGHT].len == 0 && e->field[LF_EV_TIME_WINDOW].len == 0 &&
	    !lf_slice_is(e->field[LF_EV_CATEGORY], "Insight") && !lf_slice_is(e->field[LF_EV_CATEGORY], "Aggregated");
}

static void
put_result(struct making *m)
{
	if (put_field(m, LF_COL_RESULT, LF_EV_ERROR_CODE))
		return;
	if (m->e->field[LF_EV_ERROR_MESSAGE].len > 0 || sign_in_failed(m->e))
		put_text(m, LF_COL_RESULT, "failure");
	else if (is_call(m->e) && !m->e->no_result)
		put_text(m, LF_COL_RESULT, "success");
}

static bool
has_escape(struct lf_slice s)
{
	return s.len > 0 && memchr(s.s, '\\', s.len) != NULL;
}

/* A single resource stays where it is; several are joined in scratch. */
static void
put_resources(struct making *m)
{
	struct lf_slice one = {NULL, 0}, label;
	struct lf_resources all;
	struct lf_resource r;
	bool joined = false;

	if (m->e->field[LF_EV_RESOURCES].len == 0)
		return;
	lf_resources_start(&all, m->e);
	while (lf_resources_next(&all, &r)) {
		label = lf_resource_label(&r);
		if (label.len == 0)
			continue;
		if (one.len == 0) {
			one = label;
			continue;
		}
		if (!joined) {
			begin(m, LF_COL_RESOURCES);
			lf_scan_unescape(one.s, one.len, m->scratch);
			joined = true;
		}
		lf_buf_add(m->scratch, "; ", 2);
		lf_scan_unescape(label.s, label.len, m->scratch);
	}
	if (joined)
		end(m, LF_COL_RESOURCES);
	else
		put(m, LF_COL_RESOURCES, one, has_escape(one));
}

static void
put_read_only(struct making *m)
{
	struct lf_slice s = m->e->field[LF_EV_READ_ONLY];

	if (lf_slice_is(s, "true") || lf_slice_is(s, "True"))
		put_text(m, LF_COL_READ_ONLY, "true");
	else if (lf_slice_is(s, "false") || lf_slice_is(s, "False"))
		put_text(m, LF_COL_READ_ONLY, "false");
}

int
lf_values_of(const struct lf_event *e, struct lf_buf *scratch, struct lf_values *out)
{
	struct making m = {.e = e, .scratch = scratch, .out = out};

	lf_buf_reset(scratch);
	for (int i = 0; i < LF_COL_OF_EVENT; i++)
		out->v[i] = (struct lf_slice){"", 0};
	put_time(&m);
	put_place(&m);
	put_principal(&m);
	put_what(&m);
	put_result(&m);
	put_field(&m, LF_COL_SOURCE_IP, LF_EV_SOURCE_IP);
	put_field(&m, LF_COL_USER_AGENT, LF_EV_USER_AGENT);
	put_field(&m, LF_COL_ACCESS_KEY, LF_EV_UI_ACCESS_KEY);
	put_resources(&m);
	put_read_only(&m);
	put_field(&m, LF_COL_CATEGORY, LF_EV_CATEGORY);
	put_field(&m, LF_COL_ID, LF_EV_ID);
	put_field(&m, LF_COL_SHARED_ID, LF_EV_SHARED_ID);
	if (scratch->failed)
		return -1;
	for (int i = 0; i < LF_COL_OF_EVENT; i++)
		if (m.owned >> i & 1)
			out->v[i].s = scratch->data + m.start[i];
	return 0;
}
