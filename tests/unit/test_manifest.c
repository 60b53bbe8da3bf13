/* Manifests: written and read again, cut anywhere, and held against each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/hash.h"
#include "custody/manifest.h"
#include "proof/finding.h"
#include "chaos.h"
#include "scratch.h"

static struct lf_err err;

static void
add_source(struct lf_manifest *m, const char *name, enum lf_source_kind kind)
{
	struct lf_manifest_source *s = lf_list_push(&m->sources);

	assert_non_null(s);
	*s = (struct lf_manifest_source){.name = name, .kind = kind, .mtime = LF_TIME_NONE};
	if (kind == LF_SOURCE_FOLDER)
		return;
	s->hashed = true;
	s->size = 10;
	s->format = kind == LF_SOURCE_ARCHIVE ? "tar" : NULL;
}

/* An object whose hash is made of one number; 0 for one that could not be read. */
static struct lf_manifest_object *
add(struct lf_manifest *m, uint32_t source, const char *path, unsigned char content)
{
	struct lf_manifest_object *o = lf_list_push(&m->objects);

	assert_non_null(o);
	*o = (struct lf_manifest_object){.source = source, .path = path, .size = content, .mtime = 1709269200, .role = LF_ROLE_LOG};
	if (content == 0)
		o->problem = "cannot be opened";
	memset(o->hash, content, sizeof(o->hash));
	lf_manifest_count(m, o);
	return o;
}

static int
into_buf(void *arg, const void *bytes, size_t len)
{
	lf_buf_add(arg, bytes, len);
	return ((struct lf_buf *)arg)->failed ? -1 : 0;
}

static void
fill(struct lf_manifest *m)
{
	struct lf_manifest_object *o;

	lf_manifest_init(m);
	add_source(m, "a \xff", LF_SOURCE_FOLDER);
	add_source(m, "b.tar", LF_SOURCE_ARCHIVE);
	add_source(m, "c", LF_SOURCE_FILE);
	o = add(m, 0, "AWSLogs/x", 1);
	o->key = "AWSLogs/x";
	o->inflated = true;
	m->content = o->content = 1ULL << 50;
	memset(o->content_hash, 9, sizeof(o->content_hash));
	add(m, 0, "\\xff \"q\" \n", 2)->mtime = LF_TIME_NONE;
	add(m, 0, "\xff\xfe", 3)->role = LF_ROLE_OTHER;
	add(m, 0, "unread", 0);
	add(m, 1, "", 4);
	add(m, 2, "c", 5);
}

/* ---- As JSON ---- */

static int
read_text(const char *text, size_t len, struct lf_manifest *m, unsigned char hash[LF_SHA256_LEN])
{
	int fd, rc;

	scratch_write("m", text, len);
	fd = open(scratch_path("m"), O_RDONLY);
	assert_true(fd >= 0);
	lf_manifest_init(m);
	rc = lf_manifest_read(fd, m, hash, &err);
	close(fd);
	return rc;
}

static void
test_json(void **state)
{
	unsigned char hash[LF_SHA256_LEN], want[LF_SHA256_LEN];
	struct lf_hash *h = lf_hash_new(&err);
	struct lf_manifest m, back;
	struct lf_buf text, again;

	(void)state;
	fill(&m);
	lf_buf_init(&text);
	lf_buf_init(&again);
	assert_int_equal(lf_manifest_json(&m, into_buf, &text, &err), 0);
	assert_int_equal(read_text(text.data, text.len, &back, hash), 0);
	assert_int_equal(lf_hash_bytes(h, text.data, text.len, want), 0);
	assert_memory_equal(hash, want, sizeof(hash));
	assert_int_equal(back.sources.n, 3);
	assert_int_equal(back.objects.n, 6);
	assert_int_equal(back.skipped, 1);
	assert_int_equal(back.bytes, m.bytes);
	for (uint32_t i = 0; i < m.objects.n; i++)
		assert_string_equal(lf_manifest_object_at(&back, i)->path, lf_manifest_object_at(&m, i)->path);
	assert_string_equal(lf_manifest_source_at(&back, 0)->name, "a \xff");
	assert_int_equal(lf_manifest_json(&back, into_buf, &again, &err), 0);
	assert_string_equal(lf_buf_str(&again), lf_buf_str(&text));
	lf_manifest_free(&back);
	lf_manifest_free(&m);
	/* nothing at all is a manifest, too */
	lf_manifest_init(&m);
	lf_buf_reset(&text);
	assert_int_equal(lf_manifest_json(&m, into_buf, &text, &err), 0);
	assert_int_equal(read_text(text.data, text.len, &back, hash), 0);
	assert_int_equal(back.objects.n, 0);
	lf_manifest_free(&back);
	lf_manifest_free(&m);
	lf_buf_free(&text);
	lf_buf_free(&again);
	lf_hash_free(h);
}

/* Cut at every byte it is none; with any byte changed it is none, or one that can be used. */
static void
test_json_damaged(void **state)
{
	unsigned char hash[LF_SHA256_LEN];
	struct lf_manifest m, back;
	struct lf_buf text;
	uint64_t seed = 1;

	(void)state;
	fill(&m);
	lf_buf_init(&text);
	assert_int_equal(lf_manifest_json(&m, into_buf, &text, &err), 0);
	for (size_t n = 0; n + 1 < text.len; n++) {
		assert_int_equal(read_text(text.data, n, &back, hash), 1);
		lf_manifest_free(&back);
	}
	for (int i = 0; i < 3000; i++) {
		char *at = text.data + scratch_random(&seed) % text.len, was = *at;

		*at = (char)scratch_random(&seed);
		if (read_text(text.data, text.len, &back, hash) == 0)
			for (uint32_t k = 0; k < back.objects.n; k++)
				assert_true(lf_manifest_object_at(&back, k)->source < back.sources.n);
		lf_manifest_free(&back);
		*at = was;
	}
	lf_manifest_free(&m);
	lf_buf_free(&text);
}

/* ---- Against each other ---- */

/* "id locator" of each finding, each with a newline. */
static const char *
compare(const struct lf_manifest *then, const struct lf_manifest *now, struct lf_manifest_tally *t)
{
	static struct lf_buf out;
	struct lf_findings f;

	lf_buf_free(&out);
	lf_findings_init(&f);
	assert_int_equal(lf_manifest_compare(then, now, &f, t, &err), 0);
	for (uint32_t i = 0; i < f.list.n; i++) {
		const struct lf_finding *x = lf_list_at(&f.list, i);

		lf_buf_printf(&out, "%s %s\n", lf_finding_kind(x->id)->name, x->locator);
	}
	lf_findings_free(&f);
	return lf_buf_str(&out);
}

static void
test_compare(void **state)
{
	struct lf_manifest then, now;
	struct lf_manifest_tally t;

	(void)state;
	lf_manifest_init(&then);
	lf_manifest_init(&now);
	add_source(&then, "copy", LF_SOURCE_FOLDER);
	add_source(&now, "/mnt/other", LF_SOURCE_FOLDER);
	add(&then, 0, "same", 1);
	add(&then, 0, "altered", 2);
	add(&then, 0, "gone", 3);
	add(&then, 0, "moved", 4);
	add(&then, 0, "unread", 5);
	add(&then, 0, "never", 0);
	add(&then, 0, "link", 6);
	add(&now, 0, "altered", 12);
	add(&now, 0, "elsewhere", 4);
	add(&now, 0, "link", 0)->problem = "symbolic link, not followed";
	add(&now, 0, "never", 7);
	add(&now, 0, "new", 8);
	add(&now, 0, "same", 1);
	add(&now, 0, "unread", 0);
	assert_string_equal(compare(&then, &now, &t), "object-altered /mnt/other/altered\nevidence-unreadable /mnt/other/unread\n"
	    "evidence-unreadable /mnt/other/never\nobject-altered /mnt/other/link\nobject-removed copy/gone\n"
	    "object-moved /mnt/other/elsewhere\nobject-added /mnt/other/new\n");
	assert_int_equal(t.same, 1);
	assert_int_equal(t.altered, 2);
	assert_int_equal(t.removed, 1);
	assert_int_equal(t.moved, 1);
	assert_int_equal(t.added, 1);
	assert_int_equal(t.unread, 2);
	lf_manifest_free(&then);
	lf_manifest_free(&now);
}

/* Archives may hold a path more than once: none of the copies is lost, whatever their order. */
static void
test_compare_twice(void **state)
{
	struct lf_manifest then, now;
	struct lf_manifest_tally t;

	(void)state;
	lf_manifest_init(&then);
	lf_manifest_init(&now);
	add_source(&then, "a.tar", LF_SOURCE_ARCHIVE);
	add_source(&now, "a.tar", LF_SOURCE_ARCHIVE);
	add(&then, 0, "x", 1);
	add(&then, 0, "x", 2);
	add(&then, 0, "x", 1);
	add(&now, 0, "x", 2);
	add(&now, 0, "x", 1);
	add(&now, 0, "x", 1);
	assert_string_equal(compare(&then, &now, &t), "");
	assert_int_equal(t.same, 3);
	add(&now, 0, "x", 3);
	assert_string_equal(compare(&then, &now, &t), "object-added a.tar!x\n");
	lf_manifest_source_at(&now, 0)->hash[0] = 1;
	assert_string_equal(compare(&then, &now, &t), "object-altered a.tar\nobject-added a.tar!x\n");
	lf_manifest_free(&then);
	lf_manifest_free(&now);
}

/* Operands are paired by name, by base name, and what is left alone; else their objects are gone and new. */
static void
test_compare_sources(void **state)
{
	struct lf_manifest then, now;
	struct lf_manifest_tally t;

	(void)state;
	lf_manifest_init(&then);
	lf_manifest_init(&now);
	add_source(&then, "/a/one", LF_SOURCE_FOLDER);
	add_source(&then, "/a/two", LF_SOURCE_FOLDER);
	add_source(&then, "three", LF_SOURCE_FILE);
	add(&then, 0, "x", 1);
	add(&then, 1, "x", 2);
	add(&then, 2, "three", 3);
	add_source(&now, "/b/two", LF_SOURCE_FOLDER);
	add_source(&now, "/b/one", LF_SOURCE_FOLDER);
	add_source(&now, "drei", LF_SOURCE_FILE);
	add(&now, 0, "x", 2);
	add(&now, 1, "x", 1);
	add(&now, 2, "drei", 3);
	assert_string_equal(compare(&then, &now, &t), "");
	assert_int_equal(t.same, 3);
	/* a base name that is not the only one pairs nothing */
	lf_manifest_source_at(&now, 2)->name = "/c/two";
	assert_string_equal(compare(&then, &now, &t), "object-moved /b/two/x\nobject-moved /c/two\n");
	/* an operand more or less */
	add_source(&now, "/d/more", LF_SOURCE_FOLDER);
	add(&now, 3, "x", 1);
	assert_string_equal(compare(&then, &now, &t), "object-moved /b/two/x\nobject-moved /c/two\nobject-added /d/more/x\n");
	lf_manifest_free(&then);
	lf_manifest_free(&now);
}

static struct lf_manifest chaos_then, chaos_now;

static int
chaos_compare(void)
{
	struct lf_manifest_tally t;
	struct lf_findings f;
	int rc;

	lf_findings_init(&f);
	rc = lf_manifest_compare(&chaos_then, &chaos_now, &f, &t, &err);
	lf_findings_free(&f);
	return rc;
}

static void
test_compare_out_of_memory(void **state)
{
	(void)state;
	fill(&chaos_then);
	fill(&chaos_now);
	lf_manifest_object_at(&chaos_now, 0)->hash[0] = 77;
	add(&chaos_now, 0, "new", 50);
	chaos_check(chaos_compare, 8);
	lf_manifest_free(&chaos_then);
	lf_manifest_free(&chaos_now);
}

int
main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)
	const struct CMUnitTest tests[] = {
		IN_FOLDER(test_json),
		IN_FOLDER(test_json_damaged),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_compare_twice),
		cmocka_unit_test(test_compare_sources),
		cmocka_unit_test(test_compare_out_of_memory),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("manifest", tests, NULL, NULL);
}
