/*
 * Salvage behind a hole: members are made, damaged and salvaged, and every byte that is called known is held to the
 * undamaged content.  SHARED_DATA, where it is set, adds logs that AWS wrote.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <ctype.h>

#include "carve/fragment.h"
#include "carve/salvage.h"
#include "deflated.h"

#define ALL_MAX ((size_t)64 << 20)
#define HEADER  10u
#define SECTOR  512u

static struct lf_salvage s;

static int
set_up(void **state)
{
	struct lf_err err;

	(void)state;
	return lf_salvage_init(&s, &err);
}

static int
tear_down(void **state)
{
	(void)state;
	lf_salvage_free(&s);
	return 0;
}

/* ---- Members ---- */

struct member {
	unsigned char *content, *stored;
	size_t len, stored_len;
};

static void
put32(unsigned char *p, uint32_t n)
{
	for (int i = 0; i < 4; i++)
		p[i] = (unsigned char)(n >> (8 * i));
}

/* Takes content over. */
static struct member
member_of(void *content, size_t len, struct deflate_way way)
{
	struct deflated d = deflated(content, len, way);
	struct member m = {.content = content, .len = len, .stored_len = HEADER + d.len + 8};

	m.stored = malloc(m.stored_len);
	assert_non_null(m.stored);
	memcpy(m.stored, "\x1f\x8b\x08\0\0\0\0\0\0\3", HEADER);
	memcpy(m.stored + HEADER, d.bytes, d.len);
	put32(m.stored + m.stored_len - 8, (uint32_t)crc32(0, content, (uInt)len));
	put32(m.stored + m.stored_len - 4, (uint32_t)len);
	free(d.bytes);
	return m;
}

static struct member
log_member(unsigned events, uint64_t seed, int level)
{
	size_t len;
	char *log = made_log(events, seed, &len);

	return member_of(log, len, (struct deflate_way){level, 0, 8, 0, 0});
}

static void
free_member(struct member *m)
{
	free(m->content);
	free(m->stored);
}

/* Salvages the member with [from, to) overwritten by what fill says: zeros, ones, noise. */
static void
salvage(const struct member *m, size_t from, size_t to, int fill)
{
	unsigned char *hurt = malloc(m->stored_len);
	uint64_t seed = from;
	struct lf_err err;

	assert_non_null(hurt);
	memcpy(hurt, m->stored, m->stored_len);
	for (size_t i = from; i < to; i++)
		hurt[i] = fill == 0 ? 0 : fill == 1 ? 0xff : (unsigned char)scratch_random(&seed);
	assert_int_equal(lf_salvage_member(&s, hurt, m->stored_len, from, to, ALL_MAX, &err), 0);
	free(hurt);
}

/* Bytes that are called known and are not those of the content. */
static size_t
wrong_bytes(const struct member *m)
{
	size_t wrong = 0;

	for (size_t i = 0; i < s.known.len; i++)
		wrong += lf_known_at(&s.known, i) && (i >= m->len || s.content[i] != m->content[i]);
	return wrong;
}

/* ---- The measure ---- */

enum { ID, NAME, TIME, ASKED };

struct tally {
	unsigned files, resynced;
	unsigned events, complete;           /* that begin or end behind the hole */
	unsigned known[ASKED], named[ASKED]; /* values wholly known, and those that are found */
	uint64_t behind, recovered, wrong; /* bytes behind the hole */
	unsigned bits_max;
};

static const struct {
	const char *name;
	enum lf_fragment_field field;
} asked[ASKED] = {{"\"eventID\":\"", LF_FRAGMENT_EVENT_ID}, {"\"eventName\":\"", LF_FRAGMENT_NAME},
    {"\"eventTime\":\"", LF_FRAGMENT_TIME}};

/* Whether a fragment is that value: of that field, or of none. */
static bool
found(const struct lf_list *fragments, enum lf_fragment_field field, size_t at, size_t len)
{
	for (uint32_t i = 0; i < fragments->n; i++) {
		const struct lf_fragment *f = lf_list_at(fragments, i);

		if (f->at == at && f->len == len && (f->field == field || f->field >= LF_FRAGMENT_SOME_ID))
			return true;
	}
	return false;
}

/* Counts what is known of an event's values, content[from .. to). */
static void
count_event(const struct member *m, size_t from, size_t to, const struct lf_list *fragments, struct tally *t)
{
	t->events++;
	t->complete += lf_known_all(&s.known, from, to);
	for (int a = 0; a < ASKED; a++) {
		const char *name = memmem(m->content + from, to - from, asked[a].name, strlen(asked[a].name));
		size_t at, len;

		if (name == NULL)
			continue;
		at = (size_t)((const unsigned char *)name - m->content) + strlen(asked[a].name);
		len = (size_t)((unsigned char *)memchr(m->content + at, '"', m->len - at) - m->content) - at;
		t->known[a] += lf_known_all(&s.known, at, at + len);
		t->named[a] += found(fragments, asked[a].field, at, len);
	}
}

/* Counts the events behind the hole, and holds every fragment to the content. */
static void
count_fields(const struct member *m, struct tally *t)
{
	static const char version[] = "{\"eventVersion\"";
	const unsigned char *p = m->content, *next;
	struct lf_list fragments;

	lf_list_init(&fragments, sizeof(struct lf_fragment));
	assert_int_equal(lf_fragments(s.content, &s.known, s.before, m->len, &fragments), 0);
	for (uint32_t i = 0; i < fragments.n; i++) {
		const struct lf_fragment *f = lf_list_at(&fragments, i);
		const char *name = lf_fragment_name(f->field);
		size_t n = strlen(name);

		if (f->field < LF_FRAGMENT_SOME_ID)
			assert_memory_equal(m->content + f->at - n - 3, name, n);
		assert_memory_equal(m->content + f->at, s.content + f->at, f->len);
		assert_int_equal(m->content[f->at + f->len], '"');
	}
	for (p = memmem(p, m->len, version, sizeof(version) - 1); p != NULL; p = next) {
		size_t from = (size_t)(p - m->content), to;

		next = memmem(p + 1, m->len - from - 1, version, sizeof(version) - 1);
		to = next != NULL ? (size_t)(next - m->content) - 1 : m->len - 2;
		if (to > s.before)
			count_event(m, from, to, &fragments, t);
	}
	lf_list_free(&fragments);
}

/* Salvages a member with a hole of size bytes at a sector of its own. */
static void
one_hole(const struct member *m, size_t size, uint64_t *seed, struct tally *t)
{
	size_t first = 1, n = (m->stored_len - 8 - size) / SECTOR, from;

	if (m->stored_len < 2048 || n <= first)
		return;
	from = SECTOR * (first + (size_t)(scratch_random(seed) % (n - first)));
	salvage(m, from, from + size, (int)(scratch_random(seed) % 3));
	t->files++;
	t->wrong += wrong_bytes(m);
	if (s.state != LF_SALVAGE_RESYNC) {
		print_message("# hole at %zu of %zu: %s\n", from, m->stored_len, lf_salvage_why_text(s.why));
		return;
	}
	t->resynced++;
	assert_int_equal(s.known.len, m->len);
	t->behind += m->len - s.before;
	t->recovered += lf_known_count(&s.known) - s.before;
	count_fields(m, t);
	t->bits_max = s.sync_bits > t->bits_max ? s.sync_bits : t->bits_max;
}

static void
report(size_t size, const struct tally *t)
{
	static const char *const names[ASKED] = {"eventID", "eventName", "eventTime"};
	double events = t->events > 0 ? t->events / 100.0 : 1;

	print_message("# hole of %zu: %u of %u resynchronised after %u bits at most; %.1f%% of what is behind, %llu wrong\n", size,
	    t->resynced, t->files, t->bits_max, 100.0 * (double)t->recovered / (double)t->behind,
	    (unsigned long long)t->wrong);
	print_message("#   %u events behind it, %u complete; known (and found):", t->events, t->complete);
	for (int a = 0; a < ASKED; a++)
		print_message(" %s %.0f%% (%.0f%%)", names[a], t->known[a] / events, t->named[a] / events);
	print_message("\n");
}

static void
test_holes_in_logs(void **state)
{
	static const size_t sizes[] = {64, 512, 1024};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct tally t = {0};
		uint64_t seed = 77;

		for (unsigned file = 0; file < 400; file++) {
			struct member m = log_member(12 + made_below(&seed, 80), file, file % 3 == 0 ? 9 : 6);

			one_hole(&m, sizes[i], &seed, &t);
			free_member(&m);
		}
		report(sizes[i], &t);
		assert_int_equal(t.wrong, 0);
		assert_true(t.files > 250);
		assert_true(100 * t.resynced >= 99 * t.files);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_holes_in_logs, set_up, tear_down),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("salvage", tests, NULL, NULL);
}
