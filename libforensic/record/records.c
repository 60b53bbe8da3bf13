#include "record/records.h"

#include <string.h>

#define SNIFF ((size_t)64 << 10) /* bytes that tell what a text is */

enum form {
	FORM_START,
	FORM_WRAPPER, /* inside the array of {"Records":[...]} */
	FORM_ARRAY,   /* inside a bare array */
	FORM_LINES,   /* records one after another */
	FORM_END,
	FORM_BROKEN
};

void
lf_records_init(struct lf_records *r, const char *text, size_t len)
{
	lf_scan_init(&r->scan, text, len);
	r->form = FORM_START;
	r->n = 0;
	r->problem = NULL;
	r->at = 0;
}

static int
broken(struct lf_records *r, const char *problem)
{
	r->form = FORM_BROKEN;
	r->problem = problem;
	r->at = r->scan.at;
	return -1;
}

/* For a token that should not be there: an error of JSON or one of ours. */
static int
unexpected(struct lf_records *r, enum lf_token token, const char *problem)
{
	return broken(r, token == LF_TOKEN_ERROR ? r->scan.problem : problem);
}

/* Whether text starts with an object that has a record's own members. */
static bool
is_record(const char *text, size_t len)
{
	static const struct lf_scan_name own[] = {LF_SCAN_NAME("eventVersion"), LF_SCAN_NAME("eventID"),
	    LF_SCAN_NAME("eventId"), LF_SCAN_NAME("eventTime"), LF_SCAN_NAME("eventName")};
	uint64_t found = lf_scan_glance(text, len, own, sizeof(own) / sizeof(own[0]));

	return (found & 7) != 0 || __builtin_popcountll(found) > 1;
}

/* Goes on inside the object that was just entered to the array of its member Records: 1, 0 without, -1. */
static int
find_records(struct lf_records *r)
{
	enum lf_token token;

	while ((token = lf_scan_next(&r->scan)) == LF_TOKEN_KEY) {
		bool here = lf_scan_is(&r->scan, "Records");

		token = lf_scan_next(&r->scan);
		if (here && token == LF_TOKEN_ARRAY)
			return 1;
		if (here)
			return unexpected(r, token, "Records is no array");
		if (!lf_scan_skip(&r->scan, token))
			return broken(r, r->scan.problem);
	}
	return token == LF_TOKEN_OBJECT_END ? 0 : unexpected(r, token, "no log");
}

/* Finds out the form and stands before the first record. */
static int
start(struct lf_records *r)
{
	const char *text = r->scan.text;
	size_t len = (size_t)(r->scan.end - text);
	enum lf_token token = lf_scan_next(&r->scan);
	int rc;

	if (token == LF_TOKEN_ARRAY) {
		r->form = FORM_ARRAY;
		return 0;
	}
	if (token != LF_TOKEN_OBJECT)
		return unexpected(r, token, "no CloudTrail log: neither an object nor an array");
	rc = find_records(r);
	if (rc > 0)
		r->form = FORM_WRAPPER;
	if (rc != 0)
		return rc > 0 ? 0 : -1;
	lf_scan_init(&r->scan, text, len);
	if (!is_record(text, len))
		return broken(r, "no CloudTrail log: no Records, and no record's members");
	r->form = FORM_LINES;
	return 0;
}

/* Behind the last record: what else there is must be right, too. */
static int
finish(struct lf_records *r)
{
	enum lf_token token = LF_TOKEN_OBJECT_END;

	while (r->form == FORM_WRAPPER && (token = lf_scan_next(&r->scan)) == LF_TOKEN_KEY) {
		if (lf_scan_is(&r->scan, "Records"))
			return broken(r, "duplicate key Records");
		if (!lf_scan_skip(&r->scan, lf_scan_next(&r->scan)))
			return broken(r, r->scan.problem);
	}
	if (token != LF_TOKEN_OBJECT_END)
		return unexpected(r, token, "no log");
	if (!lf_scan_at_end(&r->scan))
		return broken(r, "bytes behind the JSON text");
	r->form = FORM_END;
	return 0;
}

/* The token at which the next record should start. */
static enum lf_token
next_token(struct lf_records *r)
{
	if (r->form == FORM_LINES) {
		lf_scan_again(&r->scan);
		if (lf_scan_at_end(&r->scan))
			return LF_TOKEN_END;
	}
	return lf_scan_next(&r->scan);
}

/* The record whose { was just read. */
static int
read_record(struct lf_records *r, struct lf_event *out)
{
	if (!lf_event_read(&r->scan, NULL, out))
		return broken(r, r->scan.problem);
	if (out->duplicate != NULL) {
		r->scan.at = out->repeated;
		return broken(r, out->duplicate);
	}
	r->n++;
	return 1;
}

int
lf_records_next(struct lf_records *r, struct lf_event *out)
{
	enum lf_token token;

	if (r->form == FORM_START && start(r) != 0)
		return -1;
	if (r->form >= FORM_END)
		return r->form == FORM_END ? 0 : -1;
	token = next_token(r);
	if (token == LF_TOKEN_OBJECT)
		return read_record(r, out);
	if (token == LF_TOKEN_ARRAY_END || token == LF_TOKEN_END)
		return finish(r);
	return unexpected(r, token, "a record that is no object");
}

/* A bare array of nothing is no log. */
bool
lf_records_sniff(const char *text, size_t len)
{
	struct lf_records r;
	enum lf_token token;

	if (len > SNIFF)
		len = SNIFF;
	lf_records_init(&r, text, len);
	token = lf_scan_next(&r.scan);
	if (token == LF_TOKEN_OBJECT && find_records(&r) > 0)
		return true;
	return is_record(text, len);
}
