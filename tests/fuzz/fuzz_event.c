/* One record of any bytes: its members are parts of it, and white space changes no value. */
#include "base/seed.h"
#include "fuzz.h"
#include "record/event.h"

static const struct lf_seed seed = {{5, 6, 7, 8}};

static void
look(const struct lf_event *e, struct lf_buf *scratch)
{
	static const char *const paths[] = {"", "a", "credentials/accessKeyId", "name", "bucketName/x"};
	struct lf_slice found;
	bool is_string;
	int32_t nanos;

	for (int i = 0; i < LF_EV_FIELDS; i++) {
		enum lf_event_field f = (enum lf_event_field)i;

		HOLDS(fuzz_inside(e->field[i], e->raw.s, e->raw.len));
		HOLDS(e->field[i].s == NULL || (e->members >> i & 1) != 0);
		if (i >= LF_EV_STRINGS)
			continue;
		lf_buf_reset(scratch);
		lf_event_text(e, f, scratch);
		found = lf_event_slice(e, f, scratch);
		fuzz_touch(found.s, found.len);
		lf_event_is_string(e, f);
	}
	for (int i = LF_EV_STRINGS; i < LF_EV_FIELDS; i++)
		for (size_t p = 0; p < sizeof(paths) / sizeof(paths[0]); p++)
			if (e->field[i].s != NULL && lf_event_member(e->field[i], paths[p], &found, &is_string))
				HOLDS(fuzz_inside(found, e->field[i].s, e->field[i].len));
	HOLDS(lf_event_time(e, &nanos) == LF_TIME_NONE || (nanos >= 0 && nanos < 1000000000));
	lf_event_is_record(e);
}

/* What is read of the record on one line is what was read. */
static void
again(const struct lf_event *e)
{
	struct lf_buf line;
	struct lf_event same;
	struct lf_scan s;

	lf_buf_init(&line);
	lf_json_compact(e->raw, &line);
	lf_scan_init(&s, line.data, line.len);
	HOLDS(lf_scan_next(&s) == LF_TOKEN_OBJECT && lf_event_read(&s, &seed, &same));
	HOLDS(same.content == e->content && same.members == e->members && same.escaped == e->escaped);
	HOLDS((same.duplicate == NULL) == (e->duplicate == NULL));
	for (int i = 0; i < LF_EV_STRINGS; i++) {
		HOLDS((same.field[i].s == NULL) == (e->field[i].s == NULL));
		/* an object where a string should be stands there as it stands, white space in it too */
		if (e->field[i].len == 0 || strchr("{[", e->field[i].s[0]) == NULL || lf_event_is_string(e, (enum lf_event_field)i))
			HOLDS(lf_slice_equal(same.field[i], e->field[i]));
	}
	HOLDS(lf_event_time(&same, NULL) == lf_event_time(e, NULL));
	lf_buf_free(&line);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_copy(data, size);
	struct lf_buf scratch;
	struct lf_event e;
	struct lf_scan s;
	bool good;

	lf_buf_init(&scratch);
	lf_scan_init(&s, text, size);
	if (lf_scan_next(&s) == LF_TOKEN_OBJECT) {
		good = lf_event_read(&s, &seed, &e);
		HOLDS(good == (s.problem == NULL) && fuzz_inside(e.raw, text, size));
		HOLDS(e.duplicate == NULL || e.repeated < size);
		if (good) {
			look(&e, &scratch);
			again(&e);
		}
	}
	lf_buf_free(&scratch);
	free(text);
	return 0;
}
