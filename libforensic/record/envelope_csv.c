/*
 * A console's event history, saved as CSV.  AWS user guide, "Viewing CloudTrail events": the columns that are there,
 * and what they are called, are the user's and the year's.  Names are compared by letters and digits alone.  A line
 * becomes a record with the members that CloudTrail would have written.
 */
#include "record/envelope_parts.h"

#include <string.h>

#include "base/text.h"
#include "base/utc.h"

#define NAME_CAP 40
#define AGAIN    0x80 /* of a column that is what one in front of it is */

enum column {
	COL_VERSION,
	COL_TIME,
	COL_SOURCE,
	COL_NAME,
	COL_REGION,
	COL_IP,
	COL_AGENT,
	COL_ERROR_CODE,
	COL_ERROR_MESSAGE,
	COL_REQUEST_ID,
	COL_EVENT_ID,
	COL_READ_ONLY,
	COL_TYPE,
	COL_CATEGORY,
	COL_RECIPIENT,
	COL_SHARED_ID,
	COL_VPC,
	COL_STRINGS,
	COL_USER = COL_STRINGS,
	COL_KEY,
	COL_RESOURCES,
	COL_RESOURCE_NAME,
	COL_RESOURCE_TYPE,
	COL_OTHER
};

static const char *const members[COL_STRINGS] = {"eventVersion", "eventTime", "eventSource", "eventName", "awsRegion",
    "sourceIPAddress", "userAgent", "errorCode", "errorMessage", "requestID", "eventID", "readOnly", "eventType",
    "eventCategory", "recipientAccountId", "sharedEventID", "vpcEndpointId"};

static const struct {
	const char *name;
	enum column column;
} columns[] = {
    {"eventversion", COL_VERSION}, {"eventtime", COL_TIME}, {"eventtimeutc", COL_TIME}, {"eventsource", COL_SOURCE},
    {"eventname", COL_NAME}, {"awsregion", COL_REGION}, {"region", COL_REGION}, {"sourceipaddress", COL_IP},
    {"sourceip", COL_IP}, {"useragent", COL_AGENT}, {"errorcode", COL_ERROR_CODE},
    {"errormessage", COL_ERROR_MESSAGE}, {"requestid", COL_REQUEST_ID}, {"eventid", COL_EVENT_ID},
    {"readonly", COL_READ_ONLY}, {"eventtype", COL_TYPE}, {"eventcategory", COL_CATEGORY},
    {"recipientaccountid", COL_RECIPIENT}, {"sharedeventid", COL_SHARED_ID}, {"vpcendpointid", COL_VPC},
    {"username", COL_USER}, {"awsaccesskey", COL_KEY}, {"awsaccesskeyid", COL_KEY}, {"accesskeyid", COL_KEY},
    {"accesskey", COL_KEY}, {"resources", COL_RESOURCES}, {"resourcename", COL_RESOURCE_NAME},
    {"resourcenames", COL_RESOURCE_NAME}, {"resourcetype", COL_RESOURCE_TYPE}, {"resourcetypes", COL_RESOURCE_TYPE},
};

/* ---- The header ---- */

static enum column
column_of(const struct lf_csv_field *f)
{
	char name[NAME_CAP];
	size_t n = 0, i;
	char c;

	for (i = 0; i < f->len; i++) {
		c = lf_lower(f->s[i]);
		if ((c < 'a' || c > 'z') && (c < '0' || c > '9'))
			continue;
		if (n == sizeof(name) - 1)
			return COL_OTHER;
		name[n++] = c;
	}
	name[n] = '\0';
	for (i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		if (strcmp(name, columns[i].name) == 0)
			return columns[i].column;
	return COL_OTHER;
}

/* Whether a text starts as JSON, or as a line of CloudWatch Logs does. */
static bool
starts_otherwise(const char *p, const char *end)
{
	p = lf_scan_blanks(p, end);
	while (end - p >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		p = lf_scan_blanks(p + 3, end);
	if (p == end || *p == '{' || *p == '[' || lf_envelope_stamped(p, end) != NULL)
		return true;
	return *p == '"' && lf_envelope_is_json(p + 1, (size_t)(end - p - 1));
}

/* Whether a field may be the name of a column: it holds nothing of JSON. */
static bool
is_name(const struct lf_csv_field *f)
{
	for (size_t i = 0; i < f->len; i++)
		if (f->s[i] == '{' || f->s[i] == '}' || f->s[i] == ':' || f->s[i] == '"')
			return false;
	return true;
}

static bool
same(const struct lf_csv_field *a, const struct lf_csv_field *b)
{
	return a->len == b->len && memcmp(a->s, b->s, a->len) == 0;
}

/* Two of its columns must be there: when, what, which. */
bool
lf_history_start(struct lf_history *h, const char *text, size_t len)
{
	struct lf_csv_field fields[LF_CSV_FIELDS];
	size_t first[COL_OTHER];
	uint64_t seen = 0, telling = 1U << COL_TIME | 1U << COL_NAME | 1U << COL_EVENT_ID;
	enum column column;

	lf_csv_init(&h->csv, text, len);
	if (starts_otherwise(h->csv.p, h->csv.end) || lf_csv_next(&h->csv, fields, &h->n_columns) <= 0)
		return false;
	h->uneven = h->n_columns < LF_CSV_FIELDS ? NULL : "more columns than are read";
	for (size_t i = 0; i < h->n_columns; i++) {
		if (!is_name(&fields[i]))
			return false;
		column = column_of(&fields[i]);
		h->column[i] = (unsigned char)column;
		if (column == COL_OTHER)
			continue;
		if ((seen >> column & 1) == 0)
			first[column] = i;
		else if (same(&fields[i], &fields[first[column]]))
			h->uneven = "a column that stands twice in the header, of which the first is read";
		if ((seen >> column & 1) != 0)
			h->column[i] |= AGAIN;
		seen |= UINT64_C(1) << column;
	}
	h->tells_errors = (seen >> COL_ERROR_CODE & 1) != 0 || (seen >> COL_ERROR_MESSAGE & 1) != 0;
	return __builtin_popcountll(seen & telling) > 1;
}

void
lf_history_free(struct lf_history *h)
{
	lf_buf_free(&h->json);
	lf_buf_free(&h->value);
	lf_buf_free(&h->type);
}

/* ---- The record ---- */

/* Appends "name": with a comma in front of all but the first. */
static void
put_name(struct lf_buf *out, const char *name)
{
	if (!out->failed && out->len > 0 && out->data[out->len - 1] != '{')
		lf_buf_putc(out, ',');
	lf_buf_printf(out, "\"%s\":", name);
}

static void
put_string(struct lf_buf *out, const char *name, const char *s, size_t len)
{
	put_name(out, name);
	lf_buf_putc(out, '"');
	lf_text_json(out, s, len);
	lf_buf_putc(out, '"');
}

/* Appends a member of the record's first level, but for those that are put together. */
static void
put_member(struct lf_buf *out, enum column column, const struct lf_buf *value)
{
	struct lf_slice v = {value->data, value->len};
	char time[LF_UTC_LEN];

	if (column == COL_TIME && lf_history_time(v, time))
		v = (struct lf_slice){time, strlen(time)};
	if (column == COL_READ_ONLY && (lf_slice_is_nocase(v, "true") || lf_slice_is_nocase(v, "false"))) {
		put_name(out, members[column]);
		lf_buf_puts(out, lf_slice_is_nocase(v, "true") ? "true" : "false");
	} else {
		put_string(out, members[column], v.s, v.len);
	}
}

/* One element of resources: what the console calls its name is an ARN or a bare name.  json: both are escaped. */
static void
put_resource(struct lf_buf *out, struct lf_slice type, struct lf_slice name, bool json)
{
	const struct {
		const char *name;
		struct lf_slice value;
	} parts[] = {{"ARN", name}, {"type", type}};

	if (type.len == 0 && name.len == 0)
		return;
	lf_buf_puts(out, !out->failed && out->data[out->len - 1] == '[' ? "{" : ",{");
	for (size_t i = 0; i < 2; i++) {
		if (parts[i].value.len == 0)
			continue;
		if (!json) {
			put_string(out, parts[i].name, parts[i].value.s, parts[i].value.len);
			continue;
		}
		put_name(out, parts[i].name);
		lf_buf_putc(out, '"');
		lf_buf_add(out, parts[i].value.s, parts[i].value.len);
		lf_buf_putc(out, '"');
	}
	lf_buf_putc(out, '}');
}

/* Reads an element of the column Resources, whose { was just read: its type and name, as they stand. */
static bool
read_resource(struct lf_scan *s, struct lf_slice part[3])
{
	static const struct lf_scan_name names[] = {LF_SCAN_NAME("resourceType"), LF_SCAN_NAME("ResourceType"),
	    LF_SCAN_NAME("resourceName"), LF_SCAN_NAME("ResourceName")};
	enum lf_token token;
	size_t i;

	memset(part, 0, 3 * sizeof(*part));
	while ((token = lf_scan_next(s)) == LF_TOKEN_KEY) {
		i = lf_scan_which(s, names, 4) / 2;
		token = lf_scan_next(s);
		if (token == LF_TOKEN_STRING)
			part[i] = (struct lf_slice){s->s, s->len};
		if (!lf_scan_skip(s, token))
			return false;
	}
	return token == LF_TOKEN_OBJECT_END;
}

/* The column Resources is JSON: [{"resourceType":...,"resourceName":...}].  False when it is something else. */
static bool
put_resource_list(struct lf_buf *out, const struct lf_buf *value)
{
	struct lf_slice part[3];
	enum lf_token token;
	struct lf_scan s;

	lf_scan_init(&s, value->data, value->len);
	if (lf_scan_next(&s) != LF_TOKEN_ARRAY)
		return false;
	while ((token = lf_scan_next(&s)) == LF_TOKEN_OBJECT) {
		if (!read_resource(&s, part))
			return false;
		put_resource(out, part[0], part[1], true);
	}
	return token == LF_TOKEN_ARRAY_END && lf_scan_at_end(&s);
}

/* The fields of a line by what they are; empty ones count as absent. */
struct line {
	const struct lf_csv_field *field[COL_OTHER];
};

static bool
has(const struct line *l, enum column column)
{
	return l->field[column] != NULL;
}

/* The value of a column, in buf; empty where it is absent. */
static struct lf_slice
value_of(const struct line *l, enum column column, struct lf_buf *buf)
{
	lf_buf_reset(buf);
	if (has(l, column))
		lf_csv_unquote(l->field[column], buf);
	return (struct lf_slice){lf_buf_str(buf), buf->failed ? 0 : buf->len};
}

static void
put_user(struct lf_history *h, const struct line *l)
{
	struct lf_buf *out = &h->json;
	struct lf_slice v;

	if (!has(l, COL_USER) && !has(l, COL_KEY))
		return;
	put_name(out, "userIdentity");
	lf_buf_putc(out, '{');
	v = value_of(l, COL_USER, &h->value);
	if (v.len > 0)
		put_string(out, "userName", v.s, v.len);
	v = value_of(l, COL_KEY, &h->value);
	if (v.len > 0)
		put_string(out, "accessKeyId", v.s, v.len);
	lf_buf_putc(out, '}');
}

static void
put_resources(struct lf_history *h, const struct line *l)
{
	struct lf_slice none = {"", 0}, v;
	struct lf_buf *out = &h->json;
	size_t from;

	if (!has(l, COL_RESOURCES) && !has(l, COL_RESOURCE_NAME) && !has(l, COL_RESOURCE_TYPE))
		return;
	put_name(out, "resources");
	lf_buf_putc(out, '[');
	from = out->len;
	v = value_of(l, COL_RESOURCES, &h->value);
	if (v.len > 0 && !put_resource_list(out, &h->value)) {
		if (!out->failed)
			out->len = from;
		put_resource(out, none, v, false);
	}
	v = value_of(l, COL_RESOURCE_NAME, &h->value);
	put_resource(out, value_of(l, COL_RESOURCE_TYPE, &h->type), v, false);
	lf_buf_putc(out, ']');
}

/* Writes the record; false for a line that tells no event. */
static bool
put_record(struct lf_history *h, const struct line *l)
{
	enum column column;

	if (!has(l, COL_TIME) && !has(l, COL_NAME) && !has(l, COL_EVENT_ID))
		return false;
	lf_buf_reset(&h->json);
	lf_buf_putc(&h->json, '{');
	for (column = 0; column < COL_STRINGS; column++)
		if (has(l, column)) {
			value_of(l, column, &h->value);
			put_member(&h->json, column, &h->value);
		}
	put_user(h, l);
	put_resources(h, l);
	lf_buf_putc(&h->json, '}');
	return true;
}

/* Takes a field of a line.  Empty is as good as absent. */
static void
take_field(struct lf_history *h, struct line *l, const struct lf_csv_field *f, unsigned char column)
{
	const struct lf_csv_field **slot;

	if (column == COL_OTHER || f->len == 0)
		return;
	slot = &l->field[column & ~AGAIN];
	if ((column & AGAIN) == 0 || *slot == NULL)
		*slot = f;
	else if (!same(f, *slot))
		h->uneven = "two columns that should be the same, of which the first is read";
}

enum lf_history_rc
lf_history_next(struct lf_history *h)
{
	struct lf_csv_field fields[LF_CSV_FIELDS];
	const char *start = h->csv.p;
	struct line l = {{NULL}};
	size_t n;
	int rc = lf_csv_next(&h->csv, fields, &n);

	if (rc == 0)
		return LF_HISTORY_END;
	if (rc < 0) {
		h->lost = (size_t)(h->csv.p - start);
		return LF_HISTORY_BROKEN;
	}
	h->uneven = n == h->n_columns ? NULL : n < h->n_columns ? "a line with fewer fields than its header" :
	    "a line with more fields than its header";
	if (n > h->n_columns)
		n = h->n_columns;
	for (size_t i = 0; i < n; i++)
		take_field(h, &l, &fields[i], h->column[i]);
	if (!put_record(h, &l))
		return LF_HISTORY_STRANGER;
	return h->json.failed || h->value.failed || h->type.failed ? LF_HISTORY_NOMEM : LF_HISTORY_RECORD;
}
