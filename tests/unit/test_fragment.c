/* What is known of a text, and what is left of records in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "carve/fragment.h"
#include "known_bytes.h"
#include "scratch.h"

static unsigned
below(uint64_t *seed, unsigned n)
{
	return (unsigned)((scratch_random(seed) >> 33) % n);
}

static void
test_known(void **state)
{
	struct lf_known k;
	bool plain[300];
	uint64_t seed = 82;

	(void)state;
	lf_known_init(&k);
	assert_false(known_at(&k, 0));
	assert_true(known_all(&k, 5, 5));
	for (unsigned round = 0; round < 2000; round++) {
		size_t len = below(&seed, 301), count = 0;

		memset(plain, 0, sizeof(plain));
		assert_int_equal(lf_known_reset(&k, len), 0);
		for (unsigned i = 0; i < 4 && len > 0; i++) {
			size_t from = below(&seed, (unsigned)len), to = from + below(&seed, (unsigned)(len - from) + 1);

			lf_known_add(&k, from, to);
			memset(plain + from, 1, to - from);
		}
		for (size_t i = 0; i < len; i++) {
			size_t next[2] = {i, i};

			assert_int_equal(known_at(&k, i), plain[i]);
			count += plain[i];
			for (int known = 0; known < 2; known++) {
				while (next[known] < len && plain[next[known]] != known)
					next[known]++;
				assert_int_equal(lf_known_next(&k, i, known), next[known]);
			}
			assert_int_equal(known_all(&k, i, len), next[0] == len);
		}
		assert_false(known_all(&k, 0, len + 1));
		assert_int_equal(known_count(&k), count);
	}
	lf_known_free(&k);
}

/* Lists the fragments of a text in which '~' is unknown as "name=value", with '+' before one of the same object. */
static void
fragments_are(const char *text, const char *expect)
{
	size_t len = strlen(text), n = 0;
	struct lf_known k;
	struct lf_list list;
	char got[1000] = "";

	lf_known_init(&k);
	lf_list_init(&list, sizeof(struct lf_fragment));
	assert_int_equal(lf_known_reset(&k, len), 0);
	for (size_t i = 0; i < len; i++)
		if (text[i] != '~')
			lf_known_add(&k, i, i + 1);
	assert_int_equal(lf_fragments((const unsigned char *)text, &k, 0, len, &list), 0);
	for (uint32_t i = 0; i < list.n; i++) {
		const struct lf_fragment *f = lf_list_at(&list, i);

		n += (size_t)snprintf(got + n, sizeof(got) - n, "%s%s=%.*s ", f->same_object ? "+" : "", lf_fragment_name(f->field),
		    (int)f->len, text + f->at);
	}
	assert_string_equal(got, expect);
	lf_list_free(&list);
	lf_known_free(&k);
}

#define UUID "0123abcd-89ef-4567-8901-0123456789ab"

static void
test_fragments(void **state)
{
	(void)state;
	fragments_are("", "");
	fragments_are("{\"eventName\":\"Get\",\"eventTime\" : \"T\"}", "eventName=Get +eventTime=T ");
	fragments_are("{\"eventName\":\"Get\"~\"eventTime\":\"T\"}", "eventName=Get ");
	fragments_are("{\"eventName\":\"Get\",~,\"eventTime\":\"T\"}", "eventName=Get eventTime=T ");
	fragments_are("{\"eventName\":\"G~t\",\"eventTime\":\"T\",\"awsRegion\":\"", "eventTime=T ");
	fragments_are("{\"eventNam~\":\"Get\"}", "");
	/* One object, another, one inside. */
	fragments_are("{\"eventName\":\"A\"},{\"eventName\":\"B\"}", "eventName=A eventName=B ");
	fragments_are("{\"eventName\":\"A\",\"x\":{\"y\":[\"}\\\"]\"]},\"eventID\":\"B\"}", "eventName=A +eventID=B ");
	fragments_are("{\"eventName\":\"A\",\"x\":{\"eventID\":\"B\"},\"awsRegion\":\"C\"}", "eventName=A eventID=B awsRegion=C ");
	/* Not members. */
	fragments_are("{\"x\":\"eventName\",\"y\":1}", "");
	fragments_are("{\"x\":\"{\\\"eventName\\\":\\\"A\\\"}\"}", "");
	fragments_are("{\"a\\\"eventName\":\"A\"}", "");
	fragments_are("{\"eventName\":null,\"eventTime\":17,\"eventID\":\"a\\nb\"}", "");
	fragments_are("{\"x\":\"eventName\":\"A\"", "");
	/* By its form. */
	fragments_are("~" UUID "~", "identifier=" UUID " ");
	fragments_are("~ventID\":\"" UUID "\",\"eventTime\":\"T\"", "identifier=" UUID " eventTime=T ");
	fragments_are("~stID\":\"" UUID "\"", "identifier=" UUID " ");
	fragments_are("~\"2023-07-10T12:00:59Z\"~", "time=2023-07-10T12:00:59Z ");
	fragments_are("~xyzID\":\"" UUID "\"", "");
	fragments_are("~" UUID "f~", "");
	fragments_are("~f" UUID "~", "");
	fragments_are("~\"2023-07-10T12:00:59.5Z\"~", "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_fragments),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("fragment", tests, NULL, NULL);
}
