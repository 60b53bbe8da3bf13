#include "carve/content.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/hash.h"
#include "carve/fragment.h"
#include "carve/genuine.h"
#include "carve/grammar.h"
#include "record/digest.h"
#include "record/envelope.h"

#define DOUBT 512u
#define TAIL ((size_t)256 << 10) /* behind the last whole record: what is looked at for known values */

struct lf_content {
	struct lf_envelope *envelope;
	struct lf_hash *hash;
	struct lf_known all;    /* of content of which all is known */
	struct lf_buf extra;    /* records that the content holds in another form */
	size_t cap_records;     /* of the find at work */
};

struct lf_content *
lf_content_new(struct lf_err *err)
{
	struct lf_content *c = calloc(1, sizeof(*c));

	if (c == NULL) {
		lf_err_nomem(err);
		return NULL;
	}
	lf_known_init(&c->all);
	c->envelope = lf_envelope_new(err);
	c->hash = c->envelope == NULL ? NULL : lf_hash_new(err);
	if (c->hash == NULL) {
		lf_content_free(c);
		return NULL;
	}
	return c;
}

void
lf_content_free(struct lf_content *c)
{
	if (c == NULL)
		return;
	lf_envelope_free(c->envelope);
	lf_hash_free(c->hash);
	lf_known_free(&c->all);
	lf_buf_free(&c->extra);
	free(c);
}

int
lf_content_hash(struct lf_content *c, const void *bytes, size_t len, unsigned char out[LF_SHA256_LEN],
    struct lf_err *err)
{
	return lf_hash_bytes(c->hash, bytes, len, out) < 0 ? lf_err_set(err, "OpenSSL cannot make a SHA-256") : 0;
}

/* ---- A glance ---- */

static bool
is_space(unsigned char b)
{
	return b == ' ' || b == '\t' || b == '\n' || b == '\r';
}

enum lf_content_form
lf_content_glance(const unsigned char *b, size_t len)
{
	size_t i = len >= 3 && memcmp(b, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	if (len >= 4 && b[0] == 0x1f && b[1] == 0x8b && b[2] == 8 && (b[3] & 0xe0) == 0)
		return LF_CONTENT_GZIP;
	if (len >= 262 && memcmp(b + 257, "ustar", 5) == 0)
		return LF_CONTENT_TAR;
	while (i < len && is_space(b[i]))
		i++;
	if (i == len)
		return LF_CONTENT_NONE;
	if (b[i] == '{' || b[i] == '[')
		return LF_CONTENT_JSON;
	/*
	 * CloudWatch's export writes a time in front of each record; a console's event history begins with the name of
	 * a column.
	 */
	if (len - i > 11 && b[i + 4] == '-' && b[i + 7] == '-' && b[i + 10] == 'T')
		return LF_CONTENT_JSON;
	return len - i > 5 && (memcmp(b + i, "Event", 5) == 0 || memcmp(b + i, "\"Event", 6) == 0) ? LF_CONTENT_JSON
	    : LF_CONTENT_NONE;
}

/* ---- Records ---- */

static struct lf_carve_record *
push_record(struct lf_content *c, struct lf_find *f)
{
	struct lf_carve_record *records;

	if (f->n_records == 0)
		c->cap_records = 0;
	records = lf_array_more(f->records, f->n_records, &c->cap_records, sizeof(*records));
	if (records == NULL)
		return NULL;
	f->records = records;
	memset(&f->records[f->n_records], 0, sizeof(*f->records));
	return &f->records[f->n_records++];
}

int
lf_content_record(struct lf_content *c, struct lf_find *f, const struct lf_event *e, size_t json, struct lf_err *err)
{
	struct lf_carve_record *r = push_record(c, f);
	struct lf_slice id;
	struct lf_buf scratch;
	int32_t nanos;

	if (r == NULL)
		return lf_err_nomem(err);
	lf_buf_init(&scratch);
	r->json = json;
	r->len = e->raw.len;
	r->index = (uint32_t)f->n_records - 1;
	r->time = lf_event_time(e, &nanos);
	id = lf_event_slice(e, LF_EV_ID, &scratch);
	snprintf(r->id, sizeof(r->id), "%.*s", (int)(id.len < sizeof(r->id) ? id.len : sizeof(r->id) - 1),
	    id.s == NULL ? "" : id.s);
	lf_buf_free(&scratch);
	return lf_content_hash(c, e->raw.s, e->raw.len, r->sha256, err);
}

/* Where a record's bytes will stand in the text: in the content, or behind it, where c->extra goes. */
static size_t
place_record(struct lf_content *c, const struct lf_find *f, const struct lf_event *e)
{
	const char *content = f->text.data + f->content;
	size_t at;

	if (e->raw.s >= content && e->raw.s + e->raw.len <= content + f->content_len)
		return (size_t)(e->raw.s - f->text.data);
	at = f->text.len + c->extra.len;
	lf_buf_add(&c->extra, e->raw.s, e->raw.len);
	return at;
}

/* All records of the first len bytes of the content; *end is where the last one of those that lie in it ends. */
static int
read_records(struct lf_content *c, struct lf_find *f, size_t len, size_t *end, struct lf_err *err)
{
	struct lf_event e;
	int r;

	*end = 0;
	lf_envelope_start(c->envelope, f->text.data + f->content, len, NULL);
	while ((r = lf_envelope_next(c->envelope, &e)) > 0) {
		size_t json = place_record(c, f, &e);

		if (lf_content_record(c, f, &e, json, err) < 0)
			return -1;
		f->records[f->n_records - 1].index = (uint32_t)lf_envelope_index(c->envelope);
		if (json < f->text.len)
			*end = json + e.raw.len - f->content;
		if (lf_envelope_form(c->envelope) != LF_FORM_LOG)
			f->kind = LF_CARVE_ENVELOPE;
	}
	if (r < 0 || c->extra.failed)
		return lf_err_nomem(err);
	return 0;
}

/* ---- What is known of the rest ---- */

static int
add_known(struct lf_find *f, const struct lf_list *fragments, size_t base, struct lf_err *err)
{
	if (fragments->n == 0)
		return 0;
	f->known = calloc(fragments->n, sizeof(*f->known));
	if (f->known == NULL)
		return lf_err_nomem(err);
	for (uint32_t i = 0; i < fragments->n; i++) {
		const struct lf_fragment *p = lf_list_at(fragments, i);

		f->known[f->n_known++] = (struct lf_carve_known){lf_fragment_name(p->field), base + p->at, p->len, p->same_object};
	}
	return 0;
}

/* Where [from, to) of the content stops being JSON, less what may be wrong in front of that. */
static size_t
still_json(const struct lf_find *f, size_t to)
{
	const unsigned char *content = (const unsigned char *)f->text.data + f->content;
	struct lf_grammar g = {0};
	size_t at = 0, step;

	for (; at < to; at += step) {
		step = to - at < 64 ? to - at : 64;
		if (!lf_grammar_feed(&g, content + at, step))
			break;
	}
	return at == to ? to : at < DOUBT ? 0 : at - DOUBT;
}

static int
read_rest(struct lf_content *c, struct lf_find *f, const struct lf_known *known, size_t from, struct lf_err *err)
{
	const unsigned char *content = (const unsigned char *)f->text.data + f->content;
	size_t to = f->doubtful ? still_json(f, f->content_len) : f->content_len;
	struct lf_list fragments;
	int r = 0;

	if (to <= from)
		return 0;
	if (known == NULL) {
		to = to - from > TAIL ? from + TAIL : to;
		if (lf_known_reset(&c->all, to) < 0)
			return lf_err_nomem(err);
		lf_known_add(&c->all, from, to);
		known = &c->all;
	}
	lf_list_init(&fragments, sizeof(struct lf_fragment));
	if (lf_fragments(content, known, from, to, &fragments) < 0)
		r = lf_err_nomem(err);
	if (r == 0)
		r = add_known(f, &fragments, f->content, err);
	lf_list_free(&fragments);
	return r;
}

/* ---- All of it ---- */

/* {"Records":[ as AWS writes it, white space aside. */
static bool
begins_log(const char *s, size_t len)
{
	static const char sign[] = "{\"Records\":[";
	size_t k = 0;

	for (size_t i = 0; i < len && i < 4096 && sign[k] != '\0'; i++) {
		if (s[i] == sign[k])
			k++;
		else if (!is_space((unsigned char)s[i]))
			return false;
	}
	return sign[k] == '\0';
}

/* 1 when the content is a digest. */
static int
read_digest(struct lf_find *f, struct lf_err *err)
{
	struct lf_digest *d = NULL;
	const char *s = f->text.data + f->content;
	char problem[256];

	if (!lf_digest_sniff(s, f->content_len))
		return 0;
	f->kind = LF_CARVE_DIGEST;
	if (f->complete && lf_digest_parse(s, f->content_len, &d, problem, sizeof(problem), err) < 0)
		return -1;
	if (f->complete && d == NULL)
		return 0;
	lf_digest_free(d);
	return 1;
}

/* Whether the last text held nothing but records. */
static bool
is_clean(const struct lf_content *c)
{
	const struct lf_damage *d = lf_envelope_damage(c->envelope);

	return d->places == 0 && d->strangers == 0;
}

static int
finish(struct lf_content *c, struct lf_find *f, struct lf_err *err)
{
	lf_buf_add(&f->text, c->extra.data, c->extra.len);
	if (f->text.failed)
		return lf_err_nomem(err);
	f->inflated = f->content_len;
	if (!f->complete)
		return 1;
	return lf_content_hash(c, f->text.data + f->content, f->content_len, f->inflated_sha256, err) < 0 ? -1 : 1;
}

int
lf_content_read(struct lf_content *c, struct lf_find *f, const struct lf_known *known, size_t before,
    struct lf_err *err)
{
	bool log = begins_log(f->text.data + f->content, f->content_len);
	size_t end = 0;
	int digest = read_digest(f, err);

	lf_buf_reset(&c->extra);
	if (digest < 0)
		return -1;
	if (digest == 1)
		return finish(c, f, err);
	f->kind = log ? LF_CARVE_LOG : LF_CARVE_ENVELOPE;
	if (read_records(c, f, before, &end, err) < 0)
		return -1;
	if (!f->complete && read_rest(c, f, known, end, err) < 0)
		return -1;
	if (f->n_records == 0 && f->n_known == 0 && !(log && f->complete && is_clean(c)))
		return 0;
	return finish(c, f, err);
}
