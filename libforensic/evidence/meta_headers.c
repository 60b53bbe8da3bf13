#include "evidence/meta_forms.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"

/* Header lines as curl -I, curl -v and proxies write them; one object is told of between two flushes. */
struct headers {
	lf_meta_take_fn *take;
	void *arg;
	struct lf_meta_fact fact;
	struct lf_slice host;
	struct lf_buf path; /* of the request line, decoded */
	bool named;         /* a request line gave the path */
	bool known;
};

enum line { LINE_BLANK, LINE_REQUEST, LINE_STATUS, LINE_HEADER, LINE_NOTE, LINE_OTHER };

/* White space at both ends is no part of a line or value (RFC 9112 section 5). */
static struct lf_slice
trim(const char *s, size_t len)
{
	while (len > 0 && (s[len - 1] == ' ' || s[len - 1] == '\t' || s[len - 1] == '\r'))
		len--;
	while (len > 0 && (*s == ' ' || *s == '\t')) {
		s++;
		len--;
	}
	return (struct lf_slice){s, len};
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The length of the token (RFC 9110 section 5.6.2) that t starts with. */
static size_t
token_len(struct lf_slice t)
{
	size_t n = 0;

	while (n < t.len && t.s[n] != '\0' &&
	    (is_letter(t.s[n]) || strchr("0123456789!#$%&'*+-.^_`|~", t.s[n]) != NULL))
		n++;
	return n;
}

/* "METHOD target HTTP/version": puts the target into *target. */
static bool
is_request(struct lf_slice line, struct lf_slice *target)
{
	size_t n = token_len(line);
	const char *end;

	for (size_t i = 0; i < n; i++)
		if (line.s[i] < 'A' || line.s[i] > 'Z')
			return false;
	if (n == 0 || n == line.len || line.s[n] != ' ')
		return false;
	end = memrchr(line.s + n + 1, ' ', line.len - n - 1);
	if (end == NULL)
		return false;
	*target = trim(line.s + n + 1, (size_t)(end - line.s) - n - 1);
	return target->len > 0 &&
	    lf_slice_starts(lf_slice_behind(line, (size_t)(end + 1 - line.s)), "HTTP/");
}

/* Says what a line is; the marks that curl -v puts in front of it go.  *target is for a request line. */
static enum line
line_kind(struct lf_slice *line, struct lf_slice *target)
{
	size_t n;

	if (lf_slice_starts(*line, "* "))
		return LINE_NOTE;
	if (lf_slice_starts(*line, "< ") || lf_slice_starts(*line, "> "))
		*line = trim(line->s + 2, line->len - 2);
	if (line->len == 0 || (line->len == 1 && (*line->s == '<' || *line->s == '>')))
		return LINE_BLANK;
	if (lf_slice_starts(*line, "HTTP/"))
		return LINE_STATUS;
	if (is_request(*line, target))
		return LINE_REQUEST;
	n = token_len(*line);
	return n > 0 && n < line->len && line->s[n] == ':' ? LINE_HEADER : LINE_OTHER;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes the path of a request target into h->path: no authority, no query, no %XX, no slash in front. */
static void
set_path(struct headers *h, struct lf_slice t)
{
	const char *slash, *scheme = memmem(t.s, t.len, "://", 3);
	size_t i = 0, end;

	lf_buf_reset(&h->path);
	if (*t.s != '/' && scheme != NULL) {
		i = (size_t)(scheme - t.s) + 3;
		slash = memchr(t.s + i, '/', t.len - i);
		i = slash == NULL ? t.len : (size_t)(slash - t.s);
	}
	for (end = i; end < t.len && t.s[end] != '?' && t.s[end] != '#'; end++)
		;
	while (i < end && t.s[i] == '/')
		i++;
	for (; i < end; i++) {
		int hi = t.s[i] == '%' && end - i > 2 ? hex_digit(t.s[i + 1]) : -1;
		int lo = hi >= 0 ? hex_digit(t.s[i + 2]) : -1;

		lf_buf_putc(&h->path, lo >= 0 && hi + lo > 0 ? (char)(hi * 16 + lo) : t.s[i]);
		i += lo >= 0 && hi + lo > 0 ? 2 : 0;
	}
	h->named = h->path.len > 0;
}

/* The bucket of a virtual-hosted request: what stands in front of ".s3." or ".s3-" (AWS: "Virtual hosting of
 * general purpose buckets"). */
static struct lf_slice
bucket_of(struct lf_slice host)
{
	const char *at = host.s == NULL ? NULL : memmem(host.s, host.len, ".s3.", 4);

	if (at == NULL && host.s != NULL)
		at = memmem(host.s, host.len, ".s3-", 4);
	return at == NULL || at == host.s ? (struct lf_slice){NULL, 0}
					  : (struct lf_slice){host.s, (size_t)(at - host.s)};
}

/* Hands over what was gathered, and begins anew. */
static int
flush(struct headers *h, struct lf_err *err)
{
	int rc = 0;

	if (h->path.failed)
		return lf_err_nomem(err);
	if (lf_meta_says(&h->fact)) {
		h->known = true;
		if (h->named)
			h->fact.key = (struct lf_slice){h->path.data, h->path.len};
		h->fact.bucket = bucket_of(h->host);
		rc = h->take(h->arg, &h->fact, err);
	}
	memset(&h->fact, 0, sizeof(h->fact));
	h->host = (struct lf_slice){NULL, 0};
	h->named = false;
	return rc;
}

static void
set_header(struct headers *h, struct lf_slice line)
{
	size_t n = token_len(line);
	struct lf_slice value = trim(line.s + n + 1, line.len - n - 1);
	struct lf_slice *field = lf_meta_field(&h->fact, line.s, n);

	if (n == 4 && strncasecmp(line.s, "host", 4) == 0)
		h->host = value;
	else if (field != NULL && field->s == NULL && memchr(value.s, '\0', value.len) == NULL)
		*field = value;
}

/*
 * A request line begins a new object; so does a status line when no request line gave the object's path.  Behind
 * an empty line only these two go on: anything else there is a body, and the end.
 */
int
lf_meta_headers(const char *text, size_t len, lf_meta_take_fn *take, void *arg, bool *known,
    struct lf_err *err)
{
	struct headers h = {.take = take, .arg = arg};
	struct lf_slice line, target = {NULL, 0};
	bool seen = false, blank = false;
	int rc = 0;

	lf_buf_init(&h.path);
	for (size_t at = 0, next; rc == 0 && at < len; at = next) {
		const char *nl = memchr(text + at, '\n', len - at);
		enum line kind;

		next = nl == NULL ? len : (size_t)(nl - text) + 1;
		line = trim(text + at, next - at - (nl != NULL));
		kind = line_kind(&line, &target);
		if (kind == LINE_NOTE || (kind == LINE_BLANK && !seen))
			continue;
		if (kind == LINE_OTHER || (kind == LINE_HEADER && blank))
			break;
		seen = true;
		blank = kind == LINE_BLANK;
		if (kind == LINE_REQUEST || (kind == LINE_STATUS && !h.named))
			rc = flush(&h, err);
		if (kind == LINE_REQUEST)
			set_path(&h, target);
		if (kind == LINE_HEADER)
			set_header(&h, line);
	}
	if (rc == 0)
		rc = flush(&h, err);
	*known = h.known;
	lf_buf_free(&h.path);
	return rc;
}
