/* What the containers look like: one file of each holds the events of one log. */
#include <stdlib.h>
#include <string.h>

#include "gen.h"

/* Append a record as a JSON string. */
static void
put_string(const struct text *t, struct buf *b)
{
	size_t i;

	buf_chr(b, '"');
	for (i = 0; i < t->len; i++) {
		if (t->p[i] == '"' || t->p[i] == '\\')
			buf_chr(b, '\\');
		buf_chr(b, t->p[i]);
	}
	buf_chr(b, '"');
}

/* Append a member's value, or what stands for it where there is none. */
static void
put_value(const struct text *record, const char *name, const char *otherwise, struct buf *b)
{
	struct text v;

	if (record_member(record, name, &v))
		buf_add(b, v.p, v.len);
	else
		buf_str(b, otherwise);
}

/* When a record happened. */
static int64_t
time_of(const struct text *record)
{
	struct text v;
	char iso[ISO_LEN] = "";
	int64_t t = 0;

	if (record_member(record, "eventTime", &v) && v.len == ISO_LEN + 1)
		memcpy(iso, v.p + 1, ISO_LEN - 1);
	stamp_parse(iso, &t);
	return t;
}

/* [record, record] */
static void
form_array(const struct gen *g, const struct text *v, size_t n, struct buf *b)
{
	size_t i;

	(void)g;
	buf_chr(b, '[');
	for (i = 0; i < n; i++) {
		buf_str(b, i ? ",\n" : "");
		buf_add(b, v[i].p, v[i].len);
	}
	buf_str(b, "]\n");
}

/* A record a line. */
static void
form_lines(const struct gen *g, const struct text *v, size_t n, struct buf *b)
{
	size_t i;

	(void)g;
	for (i = 0; i < n; i++) {
		buf_add(b, v[i].p, v[i].len);
		buf_chr(b, '\n');
	}
}

/* A new line, and as much space as the depth says. */
static void
put_line(struct buf *b, unsigned depth)
{
	buf_chr(b, '\n');
	while (depth-- > 0)
		buf_str(b, "  ");
}

/* Append a record as jq would print it. */
static void
put_pretty(const struct text *t, unsigned depth, struct buf *b)
{
	const char *p = t->p, *end = t->p + t->len;
	bool open = false;

	for (; p < end; p++) {
		if (*p == '}' || *p == ']') {
			depth--;
			if (!open)
				put_line(b, depth);
		} else if (open) {
			put_line(b, depth);
		}
		open = *p == '{' || *p == '[';
		buf_chr(b, *p);
		if (*p == '"') {
			while (*++p != '"') {
				if (*p == '\\')
					buf_chr(b, *p++);
				buf_chr(b, *p);
			}
			buf_chr(b, '"');
		} else if (*p == ':') {
			buf_chr(b, ' ');
		} else if (*p == ',') {
			put_line(b, depth);
		}
		depth += open;
	}
}

/* A log that went through jq. */
static void
form_pretty(const struct gen *g, const struct text *v, size_t n, struct buf *b)
{
	size_t i;

	(void)g;
	buf_str(b, "{\n  \"Records\": [");
	for (i = 0; i < n; i++) {
		buf_str(b, i ? ",\n    " : "\n    ");
		put_pretty(&v[i], 2, b);
	}
	buf_str(b, "\n  ]\n}\n");
}

/* The answer of LookupEvents. */
static void
form_lookup(const struct gen *g, const struct text *v, size_t n, struct buf *b)
{
	struct text who;
	size_t i;

	(void)g;
	buf_str(b, "{\"Events\":[");
	for (i = 0; i < n; i++) {
		buf_fmt(b, "%s{\"EventId\":", i ? "," : "");
		put_value(&v[i], "eventID", "\"\"", b);
		buf_str(b, ",\"EventName\":");
		put_value(&v[i], "eventName", "\"\"", b);
		buf_str(b, ",\"ReadOnly\":\"");
		put_value(&v[i], "readOnly", "false", b);
		buf_fmt(b, "\",\"EventTime\":%lld.0,\"EventSource\":", (long long)time_of(&v[i]));
		put_value(&v[i], "eventSource", "\"\"", b);
		if (record_member(&v[i], "userIdentity", &who)) {
			buf_str(b, ",\"AccessKeyId\":");
			put_value(&who, "accessKeyId", "\"\"", b);
		}
		buf_str(b, ",\"Resources\":[],\"CloudTrailEvent\":");
		put_string(&v[i], b);
		buf_chr(b, '}');
	}
	buf_str(b, "]}\n");
}

/* Batches of a CloudWatch Logs subscription, one behind the other, with up to five events each. */
static void
form_cwl(const struct gen *g, const struct text *v, size_t n, struct buf *b)
{
	char account[13];
	size_t i;

	account_id(0, account);
	for (i = 0; i < n; i++) {
		if (i % 5 == 0)
			buf_fmt(b,
			    "{\"messageType\":\"DATA_MESSAGE\",\"owner\":\"%s\",\"logGroup\":"
			    "\"trail\","
			    "\"logStream\":\"%s_CloudTrail_%s\",\"subscriptionFilters\":[\"all\"],"
			    "\"logEvents\":[",
			    account, account, g->o.regions[g->o.home]);
		buf_fmt(b,
		    "%s{\"id\":\"%056zu\",\"timestamp\":%lld000,\"message\":", i % 5 ? "," : "", i,
		    (long long)time_of(&v[i]));
		put_string(&v[i], b);
		buf_str(b, i % 5 == 4 || i + 1 == n ? "}]}" : "}");
	}
}

/* A CloudWatch Logs export task: the time of ingestion in front of each line. */
static void
form_export(const struct gen *g, const struct text *v, size_t n, struct buf *b)
{
	char iso[ISO_LEN];
	size_t i;

	(void)g;
	for (i = 0; i < n; i++) {
		stamp_iso(time_of(&v[i]) + 300, iso);
		buf_fmt(b, "%.19s.123Z ", iso);
		buf_add(b, v[i].p, v[i].len);
		buf_chr(b, '\n');
	}
}

/* What EventBridge sends, an event a line. */
static void
form_bridge(const struct gen *g, const struct text *v, size_t n, struct buf *b)
{
	size_t i;

	for (i = 0; i < n; i++) {
		buf_fmt(b,
		    "{\"version\":\"0\",\"id\":\"00000000-0000-4000-8000-%012zu\",\"detail-type\":"
		    "\"AWS API Call via CloudTrail\",\"source\":\"aws.any\",\"account\":",
		    i);
		put_value(&v[i], "recipientAccountId", "\"111122223333\"", b);
		buf_str(b, ",\"time\":");
		put_value(&v[i], "eventTime", "null", b);
		buf_str(b, ",\"region\":");
		put_value(&v[i], "awsRegion", "null", b);
		buf_str(b, ",\"resources\":[],\"detail\":");
		buf_add(b, v[i].p, v[i].len);
		buf_str(b, "}\n");
	}
	(void)g;
}

/* Append a string member as a field of CSV. What the generator writes there needs no more than its
 * \" undone. */
static void
put_field(const struct text *record, const char *name, struct buf *b)
{
	struct text v;
	size_t i, from, to;

	buf_chr(b, '"');
	if (record_member(record, name, &v)) {
		from = v.p[0] == '"';
		to = v.len - from;
		for (i = from; i < to; i++) {
			i += v.p[i] == '\\';
			buf_str(b, v.p[i] == '"' ? "\"" : "");
			buf_chr(b, v.p[i]);
		}
	}
	buf_chr(b, '"');
}

/* The event history that the console saves: fewer members than a record has. */
static void
form_csv(const struct gen *g, const struct text *v, size_t n, struct buf *b)
{
	static const char *const fields[] = {"eventName", "eventTime", "eventSource", "awsRegion",
	    "sourceIPAddress", "readOnly", "errorCode", "eventID", "requestID"};
	struct text who;
	size_t i, k;

	(void)g;
	buf_str(b,
	    "Event name,Event time,Event source,AWS region,Source IP address,Read-only,Error "
	    "code,Event ID,Request ID,User name,AWS access key\r\n");
	for (i = 0; i < n; i++) {
		for (k = 0; k < sizeof(fields) / sizeof(fields[0]); k++) {
			put_field(&v[i], fields[k], b);
			buf_chr(b, ',');
		}
		if (!record_member(&v[i], "userIdentity", &who))
			who = (struct text){"{}", 2};
		put_field(&who, "userName", b);
		buf_chr(b, ',');
		put_field(&who, "accessKeyId", b);
		buf_str(b, "\r\n");
	}
}

const struct form envelope_forms[] = {
    {"lookup", ".json", form_lookup, false},
    {"cwl", ".gz", form_cwl, true},
    {"cwl-export", "/000000.gz", form_export, true},
    {"eventbridge", ".json", form_bridge, false},
    {"lines", ".jsonl", form_lines, false},
    {"array", ".json", form_array, false},
    {"csv", ".csv", form_csv, false},
    {"pretty", ".json", form_pretty, false},
    {NULL, NULL, NULL, false},
};
