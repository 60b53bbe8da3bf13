#include "coverage/control_selectors.h"

#include <stdint.h>
#include <string.h>

#include "coverage/control_detail.h"
#include "coverage/control_text.h"

/* Which management events a selector records. */
enum { READS = 1, WRITES = 2, ALL = READS | WRITES };

enum { TYPE, MANAGEMENT, EXCLUDED, MEMBERS };
static const struct lf_scan_name members[MEMBERS] = {
    [TYPE] = LF_SCAN_NAME("readWriteType"),
    [MANAGEMENT] = LF_SCAN_NAME("includeManagementEvents"),
    [EXCLUDED] = LF_SCAN_NAME("excludeManagementEventSources"),
};

/* The defaults are All, true, and nothing excluded. */
static unsigned
basic_records(const struct lf_value *selector, size_t at, struct lf_buf *detail)
{
	struct lf_value m[MEMBERS];

	lf_value_members(selector, members, MEMBERS, m);
	if (lf_value_false(&m[MANAGEMENT]))
		lf_detail_add(detail, at, "includeManagementEvents", "false");
	if (lf_value_is_there(&m[TYPE]) && !lf_value_is(&m[TYPE], "All"))
		lf_detail_value(detail, at, "readWriteType", &m[TYPE]);
	if (!lf_value_empty(&m[EXCLUDED]))
		lf_detail_value(detail, at, "excludeManagementEventSources", &m[EXCLUDED]);
	if (lf_value_false(&m[MANAGEMENT]) || !lf_value_empty(&m[EXCLUDED]))
		return 0;
	if (!lf_value_is_there(&m[TYPE]) || lf_value_is(&m[TYPE], "All"))
		return ALL;
	return lf_value_is(&m[TYPE], "ReadOnly") ? READS : lf_value_is(&m[TYPE], "WriteOnly") ? WRITES : 0;
}

enum { FIELD, EQUALS, NOT_EQUALS, STARTS, ENDS, NOT_STARTS, NOT_ENDS, OPERATORS };
static const struct lf_scan_name operators[OPERATORS] = {
    [FIELD] = LF_SCAN_NAME("field"),
    [EQUALS] = LF_SCAN_NAME("equals"),
    [NOT_EQUALS] = LF_SCAN_NAME("notEquals"),
    [STARTS] = LF_SCAN_NAME("startsWith"),
    [ENDS] = LF_SCAN_NAME("endsWith"),
    [NOT_STARTS] = LF_SCAN_NAME("notStartsWith"),
    [NOT_ENDS] = LF_SCAN_NAME("notEndsWith"),
};

static bool
only_equals(const struct lf_value m[OPERATORS])
{
	for (size_t i = NOT_EQUALS; i < OPERATORS; i++)
		if (!lf_value_empty(&m[i]))
			return false;
	return true;
}

/* "FIELD OPERATOR VALUES" of a condition that leaves something out. */
static void
say_condition(const struct lf_value m[OPERATORS], size_t at, struct lf_buf *detail)
{
	struct lf_buf words;

	lf_buf_init(&words);
	lf_control_value(&m[FIELD], &words);
	for (size_t i = EQUALS; i < OPERATORS; i++) {
		if (lf_value_empty(&m[i]))
			continue;
		lf_buf_printf(&words, " %s", operators[i].s);
		lf_detail_value(detail, at, lf_buf_str(&words), &m[i]);
		break;
	}
	detail->failed |= words.failed;
	lf_buf_free(&words);
}

/* The conditions of a selector must all hold. */
static unsigned
advanced_records(const struct lf_value *selector, size_t at, struct lf_buf *detail)
{
	struct lf_value fields = lf_value_at(selector, "fieldSelectors"), one, m[OPERATORS];
	bool management = false;
	unsigned records = ALL;
	size_t was = detail->len;
	struct lf_items items;

	lf_items_start(&items, &fields);
	while (lf_items_next(&items, &one)) {
		lf_value_members(&one, operators, OPERATORS, m);
		if (lf_value_is(&m[FIELD], "eventCategory")) {
			management |= lf_value_has(&m[EQUALS], "Management");
			continue;
		}
		if (!lf_value_is(&m[FIELD], "readOnly") || !only_equals(m))
			records = 0;
		else
			records &= (lf_value_has(&m[EQUALS], "true") ? READS : 0u) |
			    (lf_value_has(&m[EQUALS], "false") ? WRITES : 0u);
		say_condition(m, at, detail);
	}
	if (!management && !detail->failed && detail->len > was)
		detail->data[detail->len = was] = '\0'; /* what narrows data events is not told */
	return management ? records : 0;
}

/* Joins what the selectors record, and keeps what was said of them only where that is not all. */
static bool
narrow(const struct lf_value *selectors,
    unsigned (*records)(const struct lf_value *selector, size_t at, struct lf_buf *detail), struct lf_buf *detail)
{
	size_t at = detail->len;
	unsigned all = 0;
	struct lf_items items;
	struct lf_value one;

	lf_items_start(&items, selectors);
	while (lf_items_next(&items, &one))
		all |= records(&one, at, detail);
	if (detail->failed)
		return all != ALL;
	if (all == ALL && detail->len > at)
		detail->data[detail->len = at] = '\0';
	else if (all == 0 && detail->len == at)
		lf_detail_add(detail, at, "no management events", "");
	return all != ALL;
}

bool
lf_selectors_narrow(const struct lf_value *selectors, struct lf_buf *detail)
{
	return narrow(selectors, basic_records, detail);
}

bool
lf_advanced_selectors_narrow(const struct lf_value *selectors, struct lf_buf *detail)
{
	return narrow(selectors, advanced_records, detail);
}
