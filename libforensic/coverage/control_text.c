#include "coverage/control_text.h"

#include <string.h>

#include "coverage/control.h"

#define MUCH ((size_t)LF_CONTROL_TEXT * 4) /* more than is kept, whatever the escapes */

/* How much of an escaped text to resolve: about as much as MUCH, and no escape in part. */
static size_t
whole_escapes(struct lf_slice text)
{
	size_t i = 0;

	while (i < MUCH && i < text.len) {
		if (text.s[i] != '\\')
			i++;
		else
			i += i + 1 < text.len && text.s[i + 1] == 'u' ? 6 : 2;
	}
	return i < text.len ? i : text.len;
}

/* Cuts what was appended from at on, between characters, and tells how long it was. */
static void
cut(struct lf_buf *out, size_t at, size_t was)
{
	size_t end = at + LF_CONTROL_TEXT;

	if (end > out->len)
		end = out->len;
	while (end > at && end < out->len && ((unsigned char)out->data[end] & 0xc0) == 0x80)
		end--;
	out->data[out->len = end] = '\0';
	lf_buf_printf(out, "... (%zu bytes)", was);
}

/* Writes what was appended from at on, which holds NULs, again with "\x00" for them. */
static void
spell_nuls(struct lf_buf *out, size_t at)
{
	size_t len = out->len - at;

	for (size_t i = 0; i < len && !out->failed; i++) {
		char c = out->data[at + i];
		if (c == '\0')
			lf_buf_puts(out, "\\x00");
		else
			lf_buf_putc(out, c);
	}
	if (out->failed)
		return;
	memmove(out->data + at, out->data + at + len, out->len - at - len + 1);
	out->len -= len;
}

void
lf_control_text(struct lf_slice text, bool escaped, struct lf_buf *out)
{
	size_t at = out->len, take = escaped ? whole_escapes(text) : text.len, was;

	if (text.len == 0)
		return;
	if (take > MUCH + 16)
		take = MUCH + 16;
	if (escaped)
		lf_scan_unescape(text.s, take, out);
	else
		lf_buf_add(out, text.s, take);
	if (out->failed)
		return;
	was = take < text.len ? text.len : out->len - at;
	if (memchr(out->data + at, '\0', out->len - at) != NULL)
		spell_nuls(out, at);
	if (!out->failed && (take < text.len || out->len - at > LF_CONTROL_TEXT))
		cut(out, at, was);
}

void
lf_control_value(const struct lf_value *v, struct lf_buf *out)
{
	if (lf_value_is_there(v))
		lf_control_text(v->text, v->escaped, out);
}

void
lf_control_keep(struct lf_buf *out, size_t at)
{
	size_t len = out->len - at;

	if (!out->failed && len > LF_CONTROL_TEXT + 32) /* a mark that stands there already is no reason for another */
		cut(out, at, len);
}
