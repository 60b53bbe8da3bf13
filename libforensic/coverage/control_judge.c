#include "coverage/control_judge.h"

#include <string.h>

#include "coverage/control_detail.h"
#include "coverage/control_judge_trail.h"
#include "coverage/control_policy.h"
#include "coverage/control_text.h"
#include "record/resources.h"

#define DAYS_FEW 7 /* Panther's rule; Splunk's says 3 */

static struct lf_value
asked(const struct lf_judging *j, const char *path)
{
	return lf_value_at(&j->request, path);
}

static bool
asked_is(const struct lf_judging *j, const char *path, const char *text)
{
	struct lf_value v = asked(j, path);

	return lf_value_is(&v, text);
}

static bool
service_control(const struct lf_judging *j)
{
	struct lf_value type = lf_value_at(&j->response, "policy/policySummary/type");

	return !lf_value_is_there(&type) || lf_value_is(&type, "SERVICE_CONTROL_POLICY");
}

/* Objects that are named must lie below AWSLogs/; a DeleteObjects that names none may have deleted anything. */
static bool
log_objects(struct lf_judging *j)
{
	struct lf_value key = asked(j, "key");
	struct lf_resources all;
	struct lf_resource one;
	bool named = false;
	size_t at = j->out->len;

	if (lf_value_is_there(&key)) {
		lf_control_value(&key, j->out);
		return j->out->failed || memmem(j->out->data + at, j->out->len - at, "AWSLogs/", 8) != NULL;
	}
	lf_resources_start(&all, j->event);
	while (lf_resources_next(&all, &one)) {
		struct lf_slice arn = one.arn.len > 0 ? one.arn : one.prefix;
		if (arn.len == 0 || memchr(arn.s, '/', arn.len) == NULL)
			continue;
		if (memmem(arn.s, arn.len, "AWSLogs", 7) != NULL)
			return true;
		named = true;
	}
	return !named;
}

enum { STATUS, EXPIRATION, NONCURRENT, RULE_MEMBERS };
static const struct lf_scan_name rule_members[RULE_MEMBERS] = {
    [STATUS] = LF_SCAN_NAME("Status"),
    [EXPIRATION] = LF_SCAN_NAME("Expiration"),
    [NONCURRENT] = LF_SCAN_NAME("NoncurrentVersionExpiration"),
};

/* Whether a rule deletes objects soon, or on a day of its own. */
static bool
rule_expires(struct lf_judging *j, const struct lf_value *rule)
{
	struct lf_value m[RULE_MEMBERS], days, date, noncurrent;
	long n, old;

	lf_value_members(rule, rule_members, RULE_MEMBERS, m);
	if (lf_value_is(&m[STATUS], "Disabled"))
		return false;
	days = lf_value_at(&m[EXPIRATION], "Days");
	date = lf_value_at(&m[EXPIRATION], "Date");
	noncurrent = lf_value_at(&m[NONCURRENT], "NoncurrentDays");
	n = lf_value_count(&days);
	old = lf_value_count(&noncurrent);
	if (n >= 0 && n < DAYS_FEW)
		lf_detail_value(j->out, j->at, "Expiration.Days", &days);
	if (lf_value_is_there(&date))
		lf_detail_value(j->out, j->at, "Expiration.Date", &date);
	if (old >= 0 && old < DAYS_FEW)
		lf_detail_value(j->out, j->at, "NoncurrentVersionExpiration.NoncurrentDays", &noncurrent);
	return (n >= 0 && n < DAYS_FEW) || lf_value_is_there(&date) || (old >= 0 && old < DAYS_FEW);
}

static bool
expires(struct lf_judging *j)
{
	struct lf_value rules = asked(j, "LifecycleConfiguration/Rule"), rule;
	struct lf_items items;
	bool soon = false;

	lf_items_start(&items, &rules);
	while (lf_items_next(&items, &rule))
		soon |= rule_expires(j, &rule);
	return soon;
}

static bool
write_denied(struct lf_judging *j)
{
	struct lf_value policy = asked(j, "bucketPolicy");

	if (lf_policy_allows(&policy, "s3:PutObject", &j->out->failed))
		return false;
	lf_detail_add(j->out, j->at, "CloudTrail may not write", "");
	return true;
}

static bool
key_denied(struct lf_judging *j)
{
	struct lf_value policy = asked(j, "policy");

	if (lf_policy_allows(&policy, "kms:GenerateDataKeyWithoutPlaintext", &j->out->failed) ||
	    lf_policy_allows(&policy, "kms:GenerateDataKey", &j->out->failed))
		return true;
	lf_detail_add(j->out, j->at, "CloudTrail may not use the key", "");
	j->effects |= UINT32_C(1) << LF_EFFECT_DELIVERY;
	return true;
}

static bool
retention(struct lf_judging *j)
{
	struct lf_value days = asked(j, "retentionInDays");

	if (lf_value_is_there(&days))
		lf_detail_value(j->out, j->at, "retentionInDays", &days);
	return true;
}

static bool
detector_off(struct lf_judging *j)
{
	struct lf_value enable = asked(j, "enable");

	if (!lf_value_false(&enable))
		return false;
	lf_detail_add(j->out, j->at, "enable", "false");
	return true;
}

static bool
cluster_logs_off(struct lf_judging *j)
{
	struct lf_value logging = asked(j, "logging/clusterLogging"), one, types, enabled;
	struct lf_items items;
	bool off = false;

	lf_items_start(&items, &logging);
	while (lf_items_next(&items, &one)) {
		types = lf_value_at(&one, "types");
		enabled = lf_value_at(&one, "enabled");
		if (!lf_value_false(&enabled) || lf_value_empty(&types))
			continue;
		lf_detail_value(j->out, j->at, "logging off:", &types);
		off = true;
	}
	return off;
}

static bool
no_logging(struct lf_judging *j)
{
	struct lf_value target = asked(j, "BucketLoggingStatus/LoggingEnabled");

	return !lf_value_is_there(&target) || lf_value_empty(&target);
}

/* A condition that needs the request alone. */
static bool
holds(struct lf_judging *j)
{
	switch ((enum lf_condition)j->row->condition) {
	case LF_IF_CLOUDTRAIL:
		return asked_is(j, "servicePrincipal", "cloudtrail.amazonaws.com");
	case LF_IF_SERVICE_CONTROL:
		return service_control(j);
	case LF_IF_LOG_OBJECTS:
		return log_objects(j);
	case LF_IF_EXPIRES:
		return expires(j);
	case LF_IF_WRITE_DENIED:
		return write_denied(j);
	case LF_IF_SUSPENDED:
		return asked_is(j, "VersioningConfiguration/Status", "Suspended");
	case LF_IF_NO_LOGGING:
		return no_logging(j);
	case LF_IF_KEY_DENIED:
		return key_denied(j);
	case LF_IF_RETENTION:
		return retention(j);
	case LF_IF_DETECTOR_OFF:
		return detector_off(j);
	case LF_IF_CLUSTER_LOGS_OFF:
		return cluster_logs_off(j);
	default:
		return true;
	}
}

bool
lf_control_judge(struct lf_judging *j)
{
	bool is;

	j->effects = 0;
	j->owner = LF_OWNER_UNKNOWN;
	j->impairs = !j->row->restores;
	if (j->row->condition >= LF_IF_TRAIL_MADE && j->row->condition <= LF_IF_STORE_CHANGED) {
		is = lf_control_judge_trail(j);
	} else if (!j->recorded && j->row->condition != LF_IF_ALWAYS) {
		if (j->effective)
			lf_detail_add(j->out, j->at, "request parameters not recorded", "");
		return true;
	} else {
		is = holds(j);
	}
	if (is && j->row->effect != LF_EFFECT_NONE)
		j->effects |= UINT32_C(1) << j->row->effect;
	return is;
}

/*
 * {"reason": "requestParameters too large", "originalSize": N, "omitted": true}, in any order.  Nearly all others end
 * at the first letter of their first member.
 */
static bool
may_be_omitted(struct lf_slice json)
{
	size_t i = 1;

	if (json.len < sizeof("{\"omitted\":true}") - 1 || json.len > 256)
		return false;
	while (i < json.len && (json.s[i] == ' ' || json.s[i] == '\n' || json.s[i] == '\r' || json.s[i] == '\t'))
		i++;
	return i + 1 < json.len && json.s[i] == '"' && (json.s[i + 1] == 'o' || json.s[i + 1] == 'r');
}

bool
lf_control_omitted(const struct lf_event *e)
{
	static const struct lf_scan_name name = LF_SCAN_NAME("omitted");
	struct lf_slice json = e->field[LF_EV_REQUEST];
	struct lf_value v, omitted;

	if (!may_be_omitted(json) || memmem(json.s, json.len, "omitted", 7) == NULL)
		return false;
	v = lf_value_of(json);
	lf_value_members(&v, &name, 1, &omitted);
	return lf_value_true(&omitted);
}
