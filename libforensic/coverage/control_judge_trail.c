#include "coverage/control_judge_trail.h"

#include "coverage/control_detail.h"
#include "coverage/control_selectors.h"

#define BIT(effect) (UINT32_C(1) << (effect))

enum {
	MULTI_REGION, GLOBAL, VALIDATION, VALIDATION_STATE, ORGANIZATION, /* switches */
	BUCKET, PREFIX, KEY, GROUP, ROLE, TOPIC,                          /* things */
	MEMBERS
};
static const struct lf_scan_name members[MEMBERS] = {
    [MULTI_REGION] = LF_SCAN_NAME("isMultiRegionTrail"),
    [GLOBAL] = LF_SCAN_NAME("includeGlobalServiceEvents"),
    [VALIDATION] = LF_SCAN_NAME("enableLogFileValidation"),
    [VALIDATION_STATE] = LF_SCAN_NAME("logFileValidationEnabled"),
    [ORGANIZATION] = LF_SCAN_NAME("isOrganizationTrail"),
    [BUCKET] = LF_SCAN_NAME("s3BucketName"),
    [PREFIX] = LF_SCAN_NAME("s3KeyPrefix"),
    [KEY] = LF_SCAN_NAME("kmsKeyId"),
    [GROUP] = LF_SCAN_NAME("cloudWatchLogsLogGroupArn"),
    [ROLE] = LF_SCAN_NAME("cloudWatchLogsRoleArn"),
    [TOPIC] = LF_SCAN_NAME("snsTopicName"),
};

static void
does(struct lf_judging *j, enum lf_effect effect, bool impairs)
{
	j->effects |= BIT(effect);
	j->impairs |= impairs;
}

/* The response states what holds now, whatever the request left out: the first "false" there is the end of digests. */
static void
judge_validation(struct lf_judging *j, const struct lf_value asked[MEMBERS], const struct lf_value now[MEMBERS])
{
	const struct lf_value *v = &asked[VALIDATION];

	if (!lf_value_is_there(v))
		v = &asked[VALIDATION_STATE];
	if (lf_value_is_there(&now[VALIDATION_STATE]))
		v = &now[VALIDATION_STATE];
	if (lf_value_true(v))
		does(j, LF_EFFECT_VALIDATION_ON, false);
	if (!lf_value_false(v))
		return;
	does(j, LF_EFFECT_VALIDATION_OFF, true);
	lf_detail_add(j->out, j->at, "logFileValidationEnabled", "false");
}

/* Trails of one region are no rarity: an impairment is only to make one of them. */
static void
judge_regions(struct lf_judging *j, const struct lf_value asked[MEMBERS], const struct lf_value now[MEMBERS])
{
	const struct lf_value *v = lf_value_is_there(&now[MULTI_REGION]) ? &now[MULTI_REGION] : &asked[MULTI_REGION];

	if (lf_value_true(v))
		does(j, LF_EFFECT_MULTI_REGION, false);
	if (!lf_value_false(v))
		return;
	does(j, LF_EFFECT_SINGLE_REGION, lf_value_false(&asked[MULTI_REGION]) || !j->recorded);
	lf_detail_add(j->out, j->at, "isMultiRegionTrail", "false");
}

/* A response without a word of an organization is that of a trail of the account. */
static void
judge_owner(struct lf_judging *j, const struct lf_value asked[MEMBERS], const struct lf_value now[MEMBERS])
{
	const struct lf_value *v = lf_value_is_there(&now[ORGANIZATION]) ? &now[ORGANIZATION] : &asked[ORGANIZATION];

	if (lf_value_true(v))
		j->owner = LF_OWNER_ORGANIZATION;
	else if (lf_value_false(v) || j->response.token == LF_TOKEN_OBJECT)
		j->owner = LF_OWNER_ACCOUNT;
}

static void
judge_rest(struct lf_judging *j, const struct lf_value asked[MEMBERS])
{
	if (lf_value_false(&asked[ORGANIZATION])) {
		does(j, LF_EFFECT_ORG_OFF, true);
		lf_detail_add(j->out, j->at, "isOrganizationTrail", "false");
	}
	if (lf_value_false(&asked[GLOBAL])) {
		j->impairs = true;
		lf_detail_add(j->out, j->at, "includeGlobalServiceEvents", "false");
	}
	if (lf_value_is_there(&asked[BUCKET]) || lf_value_is_there(&asked[PREFIX]))
		does(j, LF_EFFECT_MOVED, true);
	for (unsigned i = BUCKET; i <= TOPIC; i++) {
		if (!lf_value_is_there(&asked[i]))
			continue;
		j->impairs = true;
		lf_detail_value(j->out, j->at, members[i].s, &asked[i]);
	}
}

static bool
trail_changed(struct lf_judging *j)
{
	struct lf_value asked[MEMBERS], now[MEMBERS];

	j->impairs = !j->recorded && !lf_value_is_there(&j->response);
	lf_value_members(&j->request, members, MEMBERS, asked);
	lf_value_members(&j->response, members, MEMBERS, now);
	judge_validation(j, asked, now);
	judge_regions(j, asked, now);
	judge_owner(j, asked, now);
	judge_rest(j, asked);
	return j->effects != 0 || j->owner != LF_OWNER_UNKNOWN || j->impairs;
}

static bool
trail_made(struct lf_judging *j)
{
	struct lf_value asked[MEMBERS], now[MEMBERS];

	lf_value_members(&j->request, members, MEMBERS, asked);
	lf_value_members(&j->response, members, MEMBERS, now);
	judge_owner(j, asked, now);
	return true;
}

/* What the response gives back, else what was asked for. */
static struct lf_value
outcome(const struct lf_judging *j, const char *name)
{
	struct lf_value v = lf_value_at(&j->response, name);

	return lf_value_is_there(&v) ? v : lf_value_at(&j->request, name);
}

/* Which of the two lists is in force; the other is empty or absent. */
static bool
selectors(struct lf_judging *j)
{
	struct lf_value basic = outcome(j, "eventSelectors"), advanced = outcome(j, "advancedEventSelectors");
	bool narrow;

	if (!lf_value_is_there(&basic) && !lf_value_is_there(&advanced)) {
		if (j->effective)
			lf_detail_add(j->out, j->at, "selectors not recorded", "");
		return true;
	}
	if (lf_value_is_there(&advanced) && !lf_value_empty(&advanced))
		narrow = lf_advanced_selectors_narrow(&advanced, j->out);
	else
		narrow = lf_selectors_narrow(&basic, j->out);
	j->impairs = narrow;
	does(j, narrow ? LF_EFFECT_NARROWED : LF_EFFECT_WIDENED, false);
	return true;
}

static bool
insights(struct lf_judging *j)
{
	static const char *const kinds[] = {"ApiCallRateInsight", "ApiErrorRateInsight"};
	struct lf_value list = outcome(j, "insightSelectors"), one, type;
	unsigned have = 0;
	struct lf_items items;

	if (!lf_value_is_there(&list))
		return true;
	lf_items_start(&items, &list);
	while (lf_items_next(&items, &one)) {
		type = lf_value_at(&one, "insightType");
		for (unsigned i = 0; i < 2; i++)
			have |= lf_value_is(&type, kinds[i]) ? 1u << i : 0u;
	}
	for (unsigned i = 0; i < 2; i++)
		if ((have >> i & 1) == 0)
			lf_detail_add(j->out, j->at, "without", kinds[i]);
	return have != 3;
}

/* Of a store, not of a trail: no effect. */
static bool
store_changed(struct lf_judging *j)
{
	static const char *const switches[] = {"multiRegionEnabled", "organizationEnabled", "terminationProtectionEnabled"};
	struct lf_value v = lf_value_at(&j->request, "retentionPeriod");
	bool changed = !j->recorded;

	if (lf_value_is_there(&v)) {
		lf_detail_value(j->out, j->at, "retentionPeriod", &v);
		changed = true;
	}
	for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++) {
		v = lf_value_at(&j->request, switches[i]);
		if (!lf_value_false(&v))
			continue;
		lf_detail_add(j->out, j->at, switches[i], "false");
		changed = true;
	}
	v = lf_value_at(&j->request, "advancedEventSelectors");
	if (lf_value_is_there(&v) && j->out->len > j->at && !j->out->failed)
		lf_buf_puts(j->out, ", ");
	return (lf_value_is_there(&v) && lf_advanced_selectors_narrow(&v, j->out)) || changed;
}

bool
lf_control_judge_trail(struct lf_judging *j)
{
	switch ((enum lf_condition)j->row->condition) {
	case LF_IF_TRAIL_MADE:
		return trail_made(j);
	case LF_IF_TRAIL_CHANGED:
		return trail_changed(j);
	case LF_IF_SELECTORS:
		return selectors(j);
	case LF_IF_INSIGHTS:
		return insights(j);
	default:
		return store_changed(j);
	}
}
