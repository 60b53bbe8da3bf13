#include "coverage/control_detail.h"

#include "coverage/control.h"
#include "coverage/control_text.h"

/* Whether there is room for more; then makes ready for it. */
static bool
another(struct lf_buf *detail, size_t at)
{
	if (detail->failed || detail->len - at > LF_CONTROL_TEXT)
		return false;
	if (detail->len > at)
		lf_buf_puts(detail, ", ");
	return true;
}

void
lf_detail_add(struct lf_buf *detail, size_t at, const char *name, const char *value)
{
	if (!another(detail, at))
		return;
	lf_buf_puts(detail, name);
	if (value[0] != '\0')
		lf_buf_printf(detail, " %s", value);
}

void
lf_detail_value(struct lf_buf *detail, size_t at, const char *name, const struct lf_value *value)
{
	struct lf_items items;
	struct lf_value one;

	if (!another(detail, at))
		return;
	lf_buf_puts(detail, name);
	lf_items_start(&items, value);
	while (detail->len - at <= LF_CONTROL_TEXT && lf_items_next(&items, &one)) {
		lf_buf_putc(detail, ' ');
		lf_control_value(&one, detail);
	}
}
