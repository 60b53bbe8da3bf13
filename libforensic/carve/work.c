#include "carve/work.h"

#include <stddef.h>
#include <string.h>

#include "base/text.h"
#include "base/utc.h"
#include "record/event.h"
#include "record/scan.h"

/* ---- JSON ---- */

static void
put_text(struct lf_buf *out, const char *name, const char *s, size_t len)
{
	lf_buf_printf(out, "%s\"%s\":\"", out->len > 0 && out->data[out->len - 1] != '{' ? "," : "", name);
	lf_text_json(out, s, len);
	lf_buf_putc(out, '"');
}

static void
put_hash(struct lf_buf *out, const char *name, bool known, const unsigned char hash[LF_SHA256_LEN])
{
	char hex[2 * LF_SHA256_LEN + 1];

	if (known)
		lf_hex_encode(hash, LF_SHA256_LEN, hex);
	lf_buf_printf(out, known ? ",\"%s\":\"%s\"" : ",\"%s\":null", name, hex);
}

static const char *
yes(bool there, bool right)
{
	return !there ? "null" : right ? "true" : "false";
}

static void
put_runs(struct lf_buf *out, const struct lf_find *f)
{
	lf_buf_puts(out, ",\"runs\":[");
	for (unsigned i = 0; i < f->n_runs; i++)
		lf_buf_printf(out, "%s{\"offset\":%llu,\"length\":%llu}", i == 0 ? "" : ",", (unsigned long long)f->runs[i].from,
		    (unsigned long long)(f->runs[i].to - f->runs[i].from));
	lf_buf_putc(out, ']');
}

static void
put_time(struct lf_buf *out, const char *name, int64_t t)
{
	char text[LF_UTC_LEN];

	if (t == LF_TIME_NONE)
		lf_buf_printf(out, ",\"%s\":null", name);
	else
		lf_buf_printf(out, ",\"%s\":\"%s\"", name, lf_utc_format(t, text));
}

/* The values as they stand there are strings of JSON already, but for what is no UTF-8 of it. */
static void
put_value(struct lf_buf *out, const struct lf_find *f, const struct lf_carve_known *k)
{
	struct lf_buf plain = {0};

	lf_scan_unescape(f->text.data + k->value, k->len, &plain);
	put_text(out, k->name, plain.data == NULL ? "" : plain.data, plain.len);
	out->failed |= plain.failed;
	lf_buf_free(&plain);
}

/* Whether value i goes on with the object that begins with value from: no name stands twice in one. */
static bool
same_object(const struct lf_find *f, size_t from, size_t i)
{
	if (i == f->n_known || !f->known[i].same_object)
		return false;
	for (size_t k = from; k < i; k++)
		if (strcmp(f->known[k].name, f->known[i].name) == 0)
			return false;
	return true;
}

/* Values [from, to) as an object; to is where another one begins. */
static size_t
put_object(struct lf_buf *out, const struct lf_find *f, size_t from)
{
	size_t to = from;

	lf_buf_putc(out, '{');
	do
		put_value(out, f, &f->known[to]);
	while (same_object(f, from, ++to));
	lf_buf_putc(out, '}');
	return to;
}

static void
put_known(struct lf_buf *out, const struct lf_find *f)
{
	lf_buf_puts(out, ",\"known\":[");
	for (size_t i = 0; i < f->n_known;) {
		lf_buf_puts(out, i > 0 ? "," : "");
		i = put_object(out, f, i);
	}
	lf_buf_putc(out, ']');
}

static uint64_t
unknown_bytes(const struct lf_find *f)
{
	uint64_t n = 0;

	for (size_t i = 0; i < f->n_unknown; i++)
		n += f->unknown[i].to - f->unknown[i].from;
	return n;
}

/* The members of a row that do not depend on the proof. */
static void
put_body(struct lf_buf *out, const struct lf_find *f, int64_t first, int64_t last, const char *part)
{
	lf_buf_printf(out, ",\"method\":\"%s\"", lf_carve_method_name(f->method));
	put_runs(out, f);
	lf_buf_printf(out, ",\"stored\":%llu,\"inflated\":%llu", (unsigned long long)f->stored,
	    (unsigned long long)f->inflated);
	put_hash(out, "stored_sha256", f->file_len > 0, f->stored_sha256);
	put_hash(out, "inflated_sha256", f->complete, f->inflated_sha256);
	lf_buf_printf(out, ",\"crc_right\":%s,\"size_right\":%s", yes(f->trailer, f->crc_right),
	    yes(f->trailer, f->size_right));
	lf_buf_printf(out, ",\"records\":%zu", f->n_records);
	put_time(out, "first", first);
	put_time(out, "last", last);
	if (f->problem != NULL)
		put_text(out, "problem", f->problem, strlen(f->problem));
	if (f->wrapper[0] != '\0')
		put_text(out, "member", f->wrapper, strlen(f->wrapper));
	if (f->n_unknown > 0)
		lf_buf_printf(out, ",\"unknown\":%llu", (unsigned long long)unknown_bytes(f));
	if (f->n_known > 0)
		put_known(out, f);
	if (part != NULL)
		put_text(out, "file", part, strlen(part));
}

static void
put_ids(struct lf_buf *out, const struct lf_find *f)
{
	for (size_t i = 0; i < f->n_records; i++) {
		if (f->records[i].id[0] == '\0')
			continue;
		lf_buf_puts(out, out->len == 0 ? "\"" : ",\"");
		lf_text_json(out, f->records[i].id, strlen(f->records[i].id));
		lf_buf_putc(out, '"');
	}
}

/* ---- Items ---- */

static struct lf_work_place
place_of(uint32_t image, const struct lf_find *f)
{
	struct lf_work_place p = {f->start, image, (uint8_t)f->state, (uint8_t)f->kind, f->complete, {0}, 0};

	memcpy(p.inflated_sha256, f->inflated_sha256, sizeof(p.inflated_sha256));
	return p;
}

/* Appends an item: a fixed part, whose first member is its size, and texts. */
static void
put_item(struct lf_buf *out, void *fixed, size_t fixed_len, const struct lf_slice *texts, size_t n)
{
	static const char zeros[8];
	size_t len = fixed_len;
	uint32_t size;

	for (size_t i = 0; i < n; i++)
		len += texts[i].len;
	size = (uint32_t)((len + 7) / 8 * 8);
	memcpy(fixed, &size, sizeof(size));
	lf_buf_add(out, fixed, fixed_len);
	for (size_t i = 0; i < n; i++)
		lf_buf_add(out, texts[i].s, texts[i].len);
	lf_buf_add(out, zeros, size - len);
}

/* Account and region of the first record. */
static void
first_scope(const struct lf_find *f, struct lf_work_find *w)
{
	struct lf_event e = {0};
	struct lf_scan s;
	struct lf_slice account, region;

	if (f->n_records == 0)
		return;
	lf_scan_init(&s, f->text.data + f->records[0].json, f->records[0].len);
	if (lf_scan_next(&s) != LF_TOKEN_OBJECT || !lf_event_read(&s, NULL, &e))
		return;
	account = e.field[LF_EV_RECIPIENT];
	region = e.field[LF_EV_REGION];
	if (account.len < sizeof(w->account) && account.s != NULL)
		memcpy(w->account, account.s, account.len);
	if (region.len < sizeof(w->region) && region.s != NULL)
		memcpy(w->region, region.s, region.len);
}

static void
widen(struct lf_work_find *w, int64_t t)
{
	if (w->oldest == LF_TIME_NONE || t < w->oldest)
		w->oldest = t;
	if (w->newest == LF_TIME_NONE || t > w->newest)
		w->newest = t;
}

/*
 * What incomplete records tell of times, account and region.  A "time" without a name may be any other than an
 * eventTime.
 */
static void
known_scope(const struct lf_find *f, struct lf_work_find *w)
{
	w->oldest = w->first;
	w->newest = w->last;
	for (size_t i = 0; i < f->n_known; i++) {
		const struct lf_carve_known *k = &f->known[i];
		struct lf_slice v = lf_find_slice(f, k->value, k->len);
		int64_t t;

		if (strcmp(k->name, "eventTime") == 0 && lf_utc_read(v.s, v.len, &t))
			widen(w, t);
		else if (strcmp(k->name, "awsRegion") == 0 && w->region[0] == '\0' && v.len < sizeof(w->region))
			memcpy(w->region, v.s, v.len);
		else if (strcmp(k->name, "recipientAccountId") == 0 && w->account[0] == '\0' && v.len < sizeof(w->account))
			memcpy(w->account, v.s, v.len);
	}
}

void
lf_work_put_find(struct lf_buf *out, uint32_t image, const struct lf_find *f, const char *part)
{
	struct lf_work_find w = {0};
	struct lf_buf body = {0}, ids = {0};
	struct lf_slice texts[3];

	w.place = place_of(image, f);
	w.first = w.last = LF_TIME_NONE;
	for (size_t i = 0; i < f->n_records; i++) {
		int64_t t = f->records[i].time;

		if (t != LF_TIME_NONE && (w.first == LF_TIME_NONE || t < w.first))
			w.first = t;
		if (t != LF_TIME_NONE && (w.last == LF_TIME_NONE || t > w.last))
			w.last = t;
	}
	w.inflated = f->inflated;
	w.length = f->n_runs == 0 ? 0 : f->runs[0].to - f->runs[0].from;
	w.records = f->n_records;
	first_scope(f, &w);
	known_scope(f, &w);
	put_body(&body, f, w.first, w.last, part);
	put_ids(&ids, f);
	texts[0] = lf_find_slice(f, f->path, f->path_len);
	texts[1] = (struct lf_slice){lf_buf_str(&body), body.len};
	texts[2] = (struct lf_slice){lf_buf_str(&ids), ids.len};
	w.path = (uint32_t)texts[0].len;
	w.body = (uint32_t)texts[1].len;
	w.ids = (uint32_t)texts[2].len;
	put_item(out, &w, sizeof(w), texts, 3);
	out->failed |= body.failed || ids.failed;
	lf_buf_free(&body);
	lf_buf_free(&ids);
}

static void
put_record(struct lf_buf *out, struct lf_work_record *w, const struct lf_find *f, struct lf_slice json)
{
	struct lf_slice texts[2] = {lf_find_slice(f, f->path, f->path_len), json};

	w->path = (uint32_t)texts[0].len;
	w->json = (uint32_t)texts[1].len;
	put_item(out, w, sizeof(*w), texts, 2);
}

/* Values of broken records, object by object: those with an eventID, of which it is the least that can be said. */
static void
put_fragments(struct lf_buf *out, uint32_t image, const struct lf_find *f)
{
	struct lf_buf json = {0};

	for (size_t i = 0, end; i < f->n_known; i = end) {
		struct lf_work_record w = {.index = (uint32_t)(f->n_records + i), .place = place_of(image, f), .time = LF_TIME_NONE};

		w.place.state = LF_CARVE_FRAGMENT;
		w.place.complete = false;
		lf_buf_reset(&json);
		end = put_object(&json, f, i);
		for (size_t k = i; k < end; k++) {
			struct lf_slice v = lf_find_slice(f, f->known[k].value, f->known[k].len);

			if (strcmp(f->known[k].name, "eventID") == 0 && v.len < sizeof(w.id))
				memcpy(w.id, v.s, v.len);
			if (strcmp(f->known[k].name, "eventTime") == 0)
				(void)!lf_utc_read(v.s, v.len, &w.time);
		}
		if (w.id[0] != '\0')
			put_record(out, &w, f, (struct lf_slice){lf_buf_str(&json), json.len});
	}
	out->failed |= json.failed;
	lf_buf_free(&json);
}

/* Where in the text the first byte of content stands that is not known. */
static size_t
first_unknown(const struct lf_find *f)
{
	return f->content + (f->n_unknown == 0 ? f->content_len : (size_t)f->unknown[0].from);
}

void
lf_work_put_records(struct lf_buf *out, uint32_t image, const struct lf_find *f, size_t from, size_t to)
{
	struct lf_buf json = {0};

	for (size_t i = from; i < to; i++) {
		const struct lf_carve_record *r = &f->records[i];
		struct lf_work_record w = {.index = r->index, .place = place_of(image, f), .time = r->time};

		/* Of a salvaged member those in front of the hole are what they are in any broken one. */
		if (f->state == LF_CARVE_RESYNC && r->json < first_unknown(f))
			w.place.state = LF_CARVE_PREFIX;
		memcpy(w.sha256, r->sha256, sizeof(w.sha256));
		memcpy(w.id, r->id, sizeof(w.id));
		lf_buf_reset(&json);
		lf_json_compact(lf_find_slice(f, r->json, r->len), &json);
		put_record(out, &w, f, (struct lf_slice){lf_buf_str(&json), json.len});
	}
	out->failed |= json.failed;
	lf_buf_free(&json);
	if (to == f->n_records)
		put_fragments(out, image, f);
}

/* ---- Reading back: whoever can write to the folder could have changed them between two runs ---- */

static bool
place_holds(const struct lf_work_place *p, size_t n_images)
{
	unsigned char complete; /* any byte may stand where a bool should */

	memcpy(&complete, (const char *)p + offsetof(struct lf_work_place, complete), sizeof(complete));
	return p->image < n_images && p->state < LF_CARVE_STATES && p->kind < LF_CARVE_KINDS && complete <= 1;
}

bool
lf_work_find_holds(const struct lf_work_find *f, size_t n_images)
{
	return f->size >= sizeof(*f) && (uint64_t)f->path + f->body + f->ids <= f->size - sizeof(*f) &&
	    place_holds(&f->place, n_images) && memchr(f->account, '\0', sizeof(f->account)) != NULL &&
	    memchr(f->region, '\0', sizeof(f->region)) != NULL;
}

bool
lf_work_record_holds(const struct lf_work_record *r, size_t n_images)
{
	return r->size >= sizeof(*r) && (uint64_t)r->path + r->json <= r->size - sizeof(*r) && place_holds(&r->place, n_images) &&
	    memchr(r->id, '\0', sizeof(r->id)) != NULL;
}
