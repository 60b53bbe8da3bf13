/* Records in any container, or in none: each is a value that can be read, and what is lost is counted. */
#include "base/seed.h"
#include "fuzz.h"
#include "record/envelope.h"

static const struct lf_seed seed = {{9, 10, 11, 12}};

struct count {
	uint64_t records, content;
};

static void
check(const struct lf_event *e)
{
	struct lf_event same;
	struct lf_scan s;

	fuzz_touch(e->raw.s, e->raw.len);
	for (int i = 0; i < LF_EV_FIELDS; i++)
		fuzz_touch(e->field[i].s, e->field[i].len);
	lf_event_time(e, NULL);
	if (e->partial)
		return;
	lf_scan_init(&s, e->raw.s, e->raw.len);
	HOLDS(lf_scan_next(&s) == LF_TOKEN_OBJECT && lf_event_read(&s, NULL, &same));
	HOLDS(lf_event_is_record(&same));
}

/* All records of a text, and the sum of what they are. */
static struct count
read_all(struct lf_envelope *v, const char *text, size_t size, const struct lf_seed *with)
{
	const struct lf_damage *d;
	struct count c = {0, 0};
	uint64_t last = 0;
	struct lf_event e;
	int rc;

	lf_envelope_start(v, text, size, with);
	while ((rc = lf_envelope_next(v, &e)) == 1) {
		uint64_t index = lf_envelope_index(v);

		HOLDS(c.records == 0 || index > last);
		HOLDS((unsigned)lf_envelope_form(v) < LF_FORMS);
		check(&e);
		last = index;
		c.records++;
		c.content += e.content;
	}
	HOLDS(rc == 0);
	d = lf_envelope_damage(v);
	HOLDS(d->lost <= size && d->at <= size && d->places <= size);
	HOLDS((d->problem != NULL) == (d->places + d->strangers + d->duplicates + d->uneven > 0));
	return c;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct lf_envelope *v;
	char *text = fuzz_copy(data, size);
	struct count a, b, plain;
	struct lf_err err;

	if (v == NULL)
		v = lf_envelope_new(&err);
	HOLDS(v != NULL);
	a = read_all(v, text, size, &seed);
	b = read_all(v, text, size, &seed);
	plain = read_all(v, text, size, NULL);
	HOLDS(a.records == b.records && a.content == b.content && a.records == plain.records);
	lf_envelope_hints(text, size);
	free(text);
	return 0;
}
