#include "proof/skips.h"

#include <string.h>

#include "base/text.h"

void
lf_skips_init(struct lf_skips *s)
{
	lf_list_init(&s->list, sizeof(struct lf_skip));
	lf_arena_init(&s->arena);
}

void
lf_skips_free(struct lf_skips *s)
{
	lf_list_free(&s->list);
	lf_arena_free(&s->arena);
}

int
lf_skips_add(struct lf_skips *s, const char *locator, size_t len, const char *reason, struct lf_err *err)
{
	struct lf_skip x = {lf_arena_strndup(&s->arena, locator, len), lf_arena_strdup(&s->arena, reason)}, *at;

	if (x.locator == NULL || x.reason == NULL || (at = lf_list_push(&s->list)) == NULL)
		return lf_err_nomem(err);
	*at = x;
	return 0;
}

void
lf_skips_say(const struct lf_skips *s, void (*say)(void *arg, const char *line), void *arg)
{
	struct lf_buf line;

	lf_buf_init(&line);
	for (uint32_t i = 0; i < s->list.n; i++) {
		const struct lf_skip *x = lf_skips_at(s, i);

		lf_buf_reset(&line);
		lf_buf_puts(&line, "not read: ");
		lf_text_terminal(&line, x->locator, strlen(x->locator));
		lf_buf_puts(&line, ": ");
		lf_text_terminal(&line, x->reason, strlen(x->reason));
		say(arg, lf_buf_str(&line));
	}
	lf_buf_free(&line);
}
