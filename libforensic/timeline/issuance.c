#include "timeline/issuance.h"

#include <assert.h>
#include <string.h>

#include "forensic.h"
#include "record/arn.h"

#define KEY_MAX  128  /* STS API reference, "Credentials" */
#define TEXT_MAX 2048 /* IAM user guide, "IAM and AWS STS quotas": the longest ARN */

/* As it stands in front of the texts, which follow one another without anything between. */
struct head {
	int64_t time;
	uint32_t len[LF_ISS_FIELDS];
	uint32_t caller;
};

static bool
is(struct lf_slice s, const char *text)
{
	return s.len == strlen(text) && memcmp(s.s, text, s.len) == 0;
}

static bool
starts(struct lf_slice s, const char *text)
{
	return s.len >= strlen(text) && memcmp(s.s, text, strlen(text)) == 0;
}

/* Nearly all events end here: their names have another length or beginning. */
static bool
is_sts_call(struct lf_slice name)
{
	switch (name.len) {
	case 10:
		return memcmp(name.s, "AssumeRo", 8) == 0 && (is(name, "AssumeRole") || is(name, "AssumeRoot"));
	case 15:
		return is(name, "GetSessionToken");
	case 18:
		return is(name, "AssumeRoleWithSAML") || is(name, "GetFederationToken");
	case 25:
		return is(name, "AssumeRoleWithWebIdentity");
	default:
		return false;
	}
}

/* Appends the string at path of a whole-value field; false when there is none. */
static bool
put_member(const struct lf_event *e, enum lf_event_field f, const char *path, struct lf_buf *out)
{
	struct lf_slice s;
	bool is_string;

	if (!lf_event_member(e->field[f], path, &s, &is_string) || !is_string || s.len == 0)
		return false;
	lf_scan_unescape(s.s, s.len, out);
	return true;
}

/*
 * "NAME via PROVIDER" of who comes with the word of an identity provider.  A name alone, which its bearer may have
 * chosen, is never the whole.
 */
static void
put_outsider(const struct lf_event *e, struct lf_buf *out)
{
	size_t start = out->len, at;

	lf_event_text(e, e->field[LF_EV_UI_USER_NAME].len > 0 ? LF_EV_UI_USER_NAME : LF_EV_UI_PRINCIPAL, out);
	at = out->len;
	lf_buf_puts(out, " via ");
	if (put_member(e, LF_EV_USER_IDENTITY, "identityProvider", out) || out->failed)
		return;
	out->data[out->len = at] = '\0';
	if (at > start)
		lf_buf_puts(out, is(e->field[LF_EV_UI_TYPE], "SAMLUser") ? " (SAML identity)" : " (web identity)");
}

static enum lf_caller
caller_of(const struct lf_event *e)
{
	struct lf_slice type = e->field[LF_EV_UI_TYPE];

	if (is(type, "AWSAccount") && e->field[LF_EV_UI_ARN].len == 0)
		return LF_CALLER_FOREIGN;
	if (is(type, "AWSService") || is(type, "SAMLUser") || is(type, "WebIdentityUser"))
		return LF_CALLER_OUTSIDE;
	return LF_CALLER_PRINCIPAL;
}

static void
put_caller(const struct lf_event *e, const struct lf_values *v, enum lf_caller caller, struct lf_buf *out)
{
	struct lf_slice principal = v->v[LF_COL_PRINCIPAL];

	if (caller == LF_CALLER_FOREIGN)
		lf_event_text(e, LF_EV_UI_PRINCIPAL, out);
	else if (caller == LF_CALLER_OUTSIDE && !is(e->field[LF_EV_UI_TYPE], "AWSService"))
		put_outsider(e, out);
	else
		lf_buf_add(out, principal.s, principal.len);
}

/* Once set, a source identity goes from session to session: the caller's holds for what it is given, too. */
static void
put_identity(const struct lf_event *e, struct lf_buf *out)
{
	if (!put_member(e, LF_EV_RESPONSE, "sourceIdentity", out) &&
	    !put_member(e, LF_EV_REQUEST, "sourceIdentity", out))
		lf_event_text(e, LF_EV_SOURCE_IDENTITY, out);
}

static void
put_arn(const struct lf_event *e, struct lf_buf *out)
{
	if (!put_member(e, LF_EV_RESPONSE, "assumedRoleUser/arn", out))
		put_member(e, LF_EV_RESPONSE, "federatedUser/arn", out);
}

/* Appends one field of a call to STS. */
static void
put_sts(const struct lf_event *e, const struct lf_values *v, enum lf_issuance_field f, enum lf_caller caller,
    struct lf_buf *out)
{
	switch (f) {
	case LF_ISS_KEY:
		put_member(e, LF_EV_RESPONSE, "credentials/accessKeyId", out);
		break;
	case LF_ISS_ARN:
		put_arn(e, out);
		break;
	case LF_ISS_CALLER_KEY:
		lf_buf_add(out, v->v[LF_COL_ACCESS_KEY].s, v->v[LF_COL_ACCESS_KEY].len);
		break;
	case LF_ISS_CALLER:
		put_caller(e, v, caller, out);
		break;
	case LF_ISS_ACCOUNT:
		lf_event_text(e, LF_EV_UI_ACCOUNT, out);
		break;
	case LF_ISS_SHARED_ID:
		lf_buf_add(out, v->v[LF_COL_SHARED_ID].s, v->v[LF_COL_SHARED_ID].len);
		break;
	default:
		put_identity(e, out);
		break;
	}
}

/* Leaves of the ARN that was appended from at on its account; of what is no ARN nothing. */
static void
keep_account(struct lf_buf *out, size_t at)
{
	struct lf_arn arn;
	size_t len = 0;

	if (lf_arn_read((struct lf_slice){out->data + at, out->len - at}, &arn)) {
		len = arn.account.len;
		memmove(out->data + at, arn.account.s, len);
	}
	out->len = at + len;
	out->data[out->len] = '\0';
}

/* A console switch: the record is the new session's own and names who it was before; keys are nowhere in it. */
static void
put_switch(const struct lf_event *e, enum lf_issuance_field f, struct lf_buf *out)
{
	size_t at = out->len;

	if (f == LF_ISS_ARN)
		lf_event_text(e, LF_EV_UI_ARN, out);
	else if (f == LF_ISS_CALLER)
		put_member(e, LF_EV_ADDITIONAL, "SwitchFrom", out);
	else if (f == LF_ISS_IDENTITY)
		lf_event_text(e, LF_EV_SOURCE_IDENTITY, out);
	else if (f == LF_ISS_ACCOUNT && put_member(e, LF_EV_ADDITIONAL, "SwitchFrom", out) && !out->failed)
		keep_account(out, at);
}

/* Cuts what was appended from at on to what may stand there; returns its length. */
static uint32_t
cut(struct lf_buf *out, size_t at, enum lf_issuance_field f)
{
	size_t len = out->len - at;
	bool key = f == LF_ISS_KEY || f == LF_ISS_CALLER_KEY;

	if (out->failed || len <= (key ? KEY_MAX : TEXT_MAX))
		return (uint32_t)len;
	out->data[out->len = at + (key ? 0 : TEXT_MAX)] = '\0';
	if (!key)
		lf_buf_printf(out, "... (%zu bytes)", len);
	return (uint32_t)(out->len - at);
}

/* Whether it can matter to anybody. */
static bool
says_something(const struct head *h, bool console)
{
	if (console)
		return h->len[LF_ISS_ARN] > 0 && h->len[LF_ISS_CALLER] > 0;
	return h->len[LF_ISS_KEY] > 0 || (h->len[LF_ISS_SHARED_ID] > 0 && h->caller == LF_CALLER_PRINCIPAL);
}

/* Whether the call failed.  A console switch says so in its result only. */
static bool
failed(const struct lf_event *e, bool console)
{
	struct lf_slice result;
	bool is_string;

	if (e->field[LF_EV_ERROR_CODE].len > 0 || e->field[LF_EV_ERROR_MESSAGE].len > 0)
		return true;
	return console && lf_event_member(e->field[LF_EV_RESPONSE], "SwitchRole", &result, &is_string) &&
	    !is(result, "Success");
}

bool
lf_issuance_may(struct lf_slice name)
{
	return is_sts_call(name) || is(name, "SwitchRole");
}

bool
lf_issuance_put(const struct lf_event *e, const struct lf_values *v, struct lf_buf *out)
{
	struct lf_slice name = v->v[LF_COL_NAME];
	bool console = is(name, "SwitchRole") && starts(v->v[LF_COL_SOURCE], "signin.");
	size_t start = out->len, at;
	struct head h = {.time = v->time};

	if (!console && !(is_sts_call(name) && starts(v->v[LF_COL_SOURCE], "sts.")))
		return false;
	if (failed(e, console))
		return false;
	h.caller = console ? LF_CALLER_PRINCIPAL : caller_of(e);
	lf_buf_add(out, &h, sizeof(h));
	for (enum lf_issuance_field f = 0; f < LF_ISS_FIELDS; f++) {
		at = out->len;
		if (console)
			put_switch(e, f, out);
		else
			put_sts(e, v, f, (enum lf_caller)h.caller, out);
		h.len[f] = cut(out, at, f);
	}
	if (out->failed)
		return true;
	if (!says_something(&h, console)) {
		out->data[out->len = start] = '\0';
		return false;
	}
	memcpy(out->data + start, &h, sizeof(h));
	return true;
}

bool
lf_issuance_take(const char **bytes, size_t *len, struct lf_issuance *out)
{
	const char *p = *bytes;
	struct head h;

	if (*len == 0)
		return false;
	assert(*len >= sizeof(h));
	memcpy(&h, p, sizeof(h));
	p += sizeof(h);
	out->time = h.time;
	out->caller = (enum lf_caller)h.caller;
	for (size_t i = 0; i < LF_ISS_FIELDS; i++) {
		assert(h.len[i] <= *len - (size_t)(p - *bytes));
		out->f[i] = (struct lf_slice){p, h.len[i]};
		p += h.len[i];
	}
	*len -= (size_t)(p - *bytes);
	*bytes = p;
	return true;
}
