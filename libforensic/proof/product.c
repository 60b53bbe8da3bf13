#include "proof/product.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proof/scope.h"
#include "record/carved.h"

void
lf_product_drop(void *arg, void *product)
{
	struct lf_product *p = product;

	(void)arg;
	if (p == NULL)
		return;
	lf_digest_free(p->digest);
	lf_lake_free(p->lake);
	free(p->text);
	free(p->problem);
	free(p->signature);
	free(p->backfill);
	lf_arena_free(&p->arena);
	free(p);
}

#define LOOKS 64 /* rows of one base name that are looked through: a scan too many does no harm */

/* Whether a verified digest is seen to list this very content under this base name. */
static bool
is_proved(const struct lf_body *b, const struct lf_object *o, uint32_t tag)
{
	size_t cursor = 0;
	uint32_t i;

	if (!b->proved_known)
		return false;
	for (unsigned n = 0; n < LOOKS && (i = lf_index_next_tag(&b->listed_by_name, tag, &cursor)) != LF_INDEX_END; n++) {
		const struct lf_listed_row *l = lf_body_listed(b, i);
		if (l->hash_known && memcmp(l->hash, o->hash, LF_SHA256_LEN) == 0 &&
		    lf_body_digest(b, l->digest)->status == LF_D_VERIFIED)
			return true;
	}
	return false;
}

/* Why an object cannot be inflated within the caps, or NULL. */
static const char *
over_cap(const struct lf_gzip *gz)
{
	if (gz->state == LF_GZIP_TOO_LARGE || gz->state == LF_GZIP_RATIO)
		return lf_gzip_state_text(gz->state);
	return NULL;
}

static int
keep(char **slot, const char *text, struct lf_err *err)
{
	if ((*slot = strdup(text)) == NULL)
		return lf_err_nomem(err);
	return 0;
}

static int
work_digest(const struct lf_object *o, struct lf_product *p, struct lf_err *err)
{
	char problem[256];

	if (o->item->signature.len > 0 && keep(&p->signature, lf_buf_str(&o->item->signature), err) != 0)
		return -1;
	if (o->item->backfill.len > 0 && keep(&p->backfill, lf_buf_str(&o->item->backfill), err) != 0)
		return -1;
	if (o->gz.state == LF_GZIP_CUT || o->gz.state == LF_GZIP_DAMAGED || o->gz.state == LF_GZIP_HEADER_BAD) {
		snprintf(problem, sizeof(problem), "offset %zu: %s (RFC 1952)", o->gz.offset,
		    lf_gzip_state_text(o->gz.state));
		return keep(&p->problem, problem, err);
	}
	if (lf_digest_parse((const char *)o->gz.data, o->gz.len, &p->digest, problem, sizeof(problem), err) != 0)
		return -1;
	return p->digest == NULL ? keep(&p->problem, problem, err) : 0;
}

static int
work_lake(const struct lf_object *o, struct lf_product *p, struct lf_err *err)
{
	char problem[256];

	if (lf_lake_parse((const char *)o->gz.data, o->gz.len, &p->lake, problem, sizeof(problem), err) != 0)
		return -1;
	return p->lake == NULL ? keep(&p->problem, problem, err) : 0;
}

static int
work_log(const struct lf_body *b, const struct lf_object *o, struct lf_product *p, struct lf_err *err)
{
	if (!b->proved_known || o->gz.data == NULL || is_proved(b, o, p->tag))
		return 0;
	p->scan = lf_scope_scan(&o->key, (const char *)o->gz.data, o->gz.len, &p->arena);
	return p->scan == NULL ? lf_err_nomem(err) : 0;
}

static int
work_unknown(const struct lf_object *o, struct lf_product *p, struct lf_err *err)
{
	char reason[256];

	if (o->gz.state != LF_GZIP_PLAIN && o->gz.state != LF_GZIP_WHOLE)
		snprintf(reason, sizeof(reason), "offset %zu: %s", o->gz.offset, lf_gzip_state_text(o->gz.state));
	else if (lf_looks_like_archive(o->gz.data, o->gz.len))
		snprintf(reason, sizeof(reason), "an archive inside a folder or archive: name it as evidence of its own");
	else if (o->kind == LF_KIND_EVENTS)
		snprintf(reason, sizeof(reason), "CloudTrail events in a container that no digest covers");
	else if (o->magic != NULL && o->gz.data != NULL)
		snprintf(reason, sizeof(reason), "not CloudTrail's: %s",
		    lf_magic_describe(o->magic, o->gz.data, o->gz.len));
	else
		snprintf(reason, sizeof(reason), "not CloudTrail's");
	return keep(&p->problem, reason, err);
}

static int
work_metadata(const struct lf_object *o, struct lf_product *p, struct lf_err *err)
{
	if ((p->text = malloc(o->gz.len + 1)) == NULL)
		return lf_err_nomem(err);
	memcpy(p->text, o->gz.data, o->gz.len);
	p->text_len = o->gz.len;
	return 0;
}

/* Whether what a carved folder's list calls whole stands in whole files; in an archive its word is taken: logs are judged by them. */
static bool
stands_in_files(const struct lf_body *b, const struct lf_object *o)
{
	return o->beside || b->sources[o->source]->kind == LF_SOURCE_ARCHIVE;
}

/* Whether what would be ignored holds records: nobody's events are passed over for the company they keep. */
static bool
holds_records(const struct lf_object *o)
{
	static const char *const signs[] = {"\"Records\"", "\"eventVersion\"", "\"eventID\""};

	if ((o->kind != LF_KIND_KEYS && o->kind != LF_KIND_FOREIGN) || o->key.kind == LF_KEY_FOREIGN || o->gz.data == NULL)
		return false;
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (memmem(o->gz.data, o->gz.len, signs[i], strlen(signs[i])) != NULL)
			return true;
	return false;
}

int
lf_product_work(void *arg, const struct lf_object *o, void **product, struct lf_err *err)
{
	const struct lf_body *b = arg;
	const char *over = over_cap(&o->gz);
	struct lf_product *p = calloc(1, sizeof(*p) + o->locator_len + 1);

	if (p == NULL)
		return lf_err_nomem(err);
	*product = p;
	p->kind = o->kind;
	p->source = o->source;
	p->gz = o->gz;
	memcpy(p->hash, o->hash, sizeof(p->hash));
	memcpy(p->stored_hash, o->stored_hash, sizeof(p->stored_hash));
	p->len = o->locator_len;
	p->place = (size_t)(o->place - o->locator);
	memcpy(p->locator, o->locator, o->locator_len);
	p->key = o->key;
	lf_s3key_move(&p->key, o->locator, p->locator);
	lf_arena_init(&p->arena);
	p->tag = lf_index_tag(lf_s3key_base_hash(o->place, o->place_len));
	if (o->problem != NULL || over != NULL) {
		p->unreadable = true;
		return keep(&p->problem, o->problem != NULL ? o->problem : over, err);
	}
	if (holds_records(o)) {
		p->kind = LF_KIND_UNKNOWN;
		return keep(&p->problem, "looks like a list of keys or check sums, but holds records of events", err);
	}
	if (o->carved && (o->item->stored.len == 0 || (stands_in_files(b, o) && o->gz.data != NULL &&
	    !lf_carved_has_loose((const char *)o->gz.data, o->gz.len)))) {
		p->kind = LF_KIND_FOREIGN; /* what it holds stands in whole files, too */
		return 0;
	}
	switch (o->kind) {
	case LF_KIND_DIGEST:
		return work_digest(o, p, err);
	case LF_KIND_LOG:
		return work_log(b, o, p, err);
	case LF_KIND_LAKE_SIGN:
		return work_lake(o, p, err);
	case LF_KIND_METADATA:
		return work_metadata(o, p, err);
	case LF_KIND_EVENTS:
	case LF_KIND_UNKNOWN:
		return work_unknown(o, p, err);
	default:
		return 0;
	}
}
