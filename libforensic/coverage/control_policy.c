#include "coverage/control_policy.h"

#include <string.h>

#include "base/buf.h"

static const char cloudtrail[] = "cloudtrail.amazonaws.com";

enum { EFFECT, PRINCIPAL, NOT_PRINCIPAL, ACTION, NOT_ACTION, CONDITION, MEMBERS };

static const struct lf_scan_name members[MEMBERS] = {
    [EFFECT] = LF_SCAN_NAME("Effect"),
    [PRINCIPAL] = LF_SCAN_NAME("Principal"),
    [NOT_PRINCIPAL] = LF_SCAN_NAME("NotPrincipal"),
    [ACTION] = LF_SCAN_NAME("Action"),
    [NOT_ACTION] = LF_SCAN_NAME("NotAction"),
    [CONDITION] = LF_SCAN_NAME("Condition"),
};

/* "*" is any bytes, "?" one; letters without regard to case. */
static bool
matches(struct lf_slice pattern, const char *action)
{
	size_t p = 0, a = 0, len = strlen(action), star = SIZE_MAX, from = 0;

	while (a < len) {
		if (p < pattern.len && pattern.s[p] == '*') {
			star = p++;
			from = a;
		} else if (p < pattern.len && (pattern.s[p] == '?' || lf_lower(pattern.s[p]) == lf_lower(action[a]))) {
			p++;
			a++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			a = ++from;
		} else {
			return false;
		}
	}
	while (p < pattern.len && pattern.s[p] == '*')
		p++;
	return p == pattern.len;
}

static bool
covers(const struct lf_value *actions, const char *action)
{
	struct lf_items items;
	struct lf_value one;

	lf_items_start(&items, actions);
	while (lf_items_next(&items, &one))
		if (one.token == LF_TOKEN_STRING && matches(one.text, action))
			return true;
	return false;
}

/* "*", {"AWS": "*"} or {"Service": ["...", "cloudtrail.amazonaws.com"]}. */
static bool
includes_service(const struct lf_value *principal)
{
	struct lf_value aws, service;

	if (principal->token == LF_TOKEN_STRING)
		return lf_value_is(principal, "*");
	aws = lf_value_at(principal, "AWS");
	service = lf_value_at(principal, "Service");
	return lf_value_has(&aws, "*") || lf_value_has(&service, cloudtrail) || lf_value_has(&service, "*");
}

static bool
is_about(const struct lf_value m[MEMBERS], const char *action)
{
	bool who = lf_value_is_there(&m[NOT_PRINCIPAL]) ? !includes_service(&m[NOT_PRINCIPAL])
	                                               : includes_service(&m[PRINCIPAL]);
	bool what = lf_value_is_there(&m[NOT_ACTION]) ? !covers(&m[NOT_ACTION], action) : covers(&m[ACTION], action);

	return who && what;
}

/* Conditions of one statement must all hold: when one is that TLS is missing, CloudTrail never meets them. */
static bool
never_holds(const struct lf_value *condition)
{
	struct lf_value v = lf_value_at(condition, "Bool/aws:SecureTransport");
	struct lf_items items;

	lf_items_start(&items, &v);
	return lf_items_next(&items, &v) && lf_value_false(&v) && !lf_items_next(&items, &v);
}

static bool
object_allows(const struct lf_value *policy, const char *action)
{
	struct lf_value statements = lf_value_at(policy, "Statement"), one, m[MEMBERS];
	struct lf_items items;
	bool allowed = false;

	lf_items_start(&items, &statements);
	while (lf_items_next(&items, &one)) {
		lf_value_members(&one, members, MEMBERS, m);
		if (!is_about(m, action))
			continue;
		if (lf_value_is(&m[EFFECT], "Allow"))
			allowed = true;
		else if (!never_holds(&m[CONDITION]))
			return false;
	}
	return allowed;
}

bool
lf_policy_allows(const struct lf_value *policy, const char *action, bool *failed)
{
	struct lf_value inner;
	struct lf_buf text;
	bool allowed;

	if (policy->token != LF_TOKEN_STRING)
		return object_allows(policy, action);
	lf_buf_init(&text);
	lf_scan_unescape(policy->text.s, policy->text.len, &text);
	inner = lf_value_of((struct lf_slice){text.data, text.len});
	allowed = object_allows(&inner, action);
	*failed |= text.failed;
	lf_buf_free(&text);
	return allowed;
}
