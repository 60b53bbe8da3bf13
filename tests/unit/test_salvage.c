/*
 * Salvage behind a hole: members are made, damaged and salvaged, and every byte that is called known is held to the
 * undamaged content.  SHARED_DATA, where it is set, adds logs that AWS wrote.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "carve/fragment.h"
#include "carve/salvage.h"
#include "chaos.h"
#include "deflated.h"
#include "known_bytes.h"

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
		wrong += known_at(&s.known, i) && (i >= m->len || s.content[i] != m->content[i]);
	return wrong;
}

/* ---- The measure ---- */

enum { ID, NAME, TIME, ASKED };

struct tally {
	unsigned files, resynced, early; /* early: the hole took codes, or a block's end */
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
	t->complete += known_all(&s.known, from, to);
	for (int a = 0; a < ASKED; a++) {
		const char *name = memmem(m->content + from, to - from, asked[a].name, strlen(asked[a].name));
		size_t at, len;

		if (name == NULL)
			continue;
		at = (size_t)((const unsigned char *)name - m->content) + strlen(asked[a].name);
		len = (size_t)((unsigned char *)memchr(m->content + at, '"', m->len - at) - m->content) - at;
		t->known[a] += known_all(&s.known, at, at + len);
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

		assert_memory_equal(m->content + f->at, s.content + f->at, f->len);
		if (f->field >= LF_FRAGMENT_SOME_ID)
			continue;
		assert_memory_equal(m->content + f->at - n - 3, name, n);
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
		t->early += s.why == LF_SALVAGE_BLOCK;
		return;
	}
	t->resynced++;
	assert_int_equal(s.known.len, m->len);
	t->behind += m->len - s.before;
	t->recovered += known_count(&s.known) - s.before;
	count_fields(m, t);
	t->bits_max = s.sync_bits > t->bits_max ? s.sync_bits : t->bits_max;
}

static void
report(size_t size, const struct tally *t)
{
	static const char *const names[ASKED] = {"eventID", "eventName", "eventTime"};
	double events = t->events > 0 ? t->events / 100.0 : 1;

	print_message("# hole of %zu: %u of %u resynchronised (of %u codes are lost) after %u bits at most\n", size, t->resynced,
	    t->files, t->early, t->bits_max);
	print_message("#   %.1f%% of what is behind it, %llu wrong\n", 100.0 * (double)t->recovered / (double)t->behind,
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

/* Takes out the white space between tokens: AWS writes none. */
static size_t
compact(unsigned char *text, size_t len)
{
	bool string = false;
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		if (!string && strchr(" \t\r\n", text[i]) != NULL)
			continue;
		if (string && text[i] == '\\')
			text[n++] = text[i++];
		else if (text[i] == '"')
			string = !string;
		text[n++] = text[i];
	}
	return n;
}

/* Logs of AWS, compressed as they would be stored. */
static void
test_holes_in_real_logs(void **state)
{
	static const size_t sizes[] = {64, 512, 1024};
	const char *shared = getenv("SHARED_DATA");
	char folder[4096], path[8192];
	struct tally t[3] = {0};
	uint64_t seed = 78;
	struct dirent **names;
	int n = 0;

	(void)state;
	snprintf(folder, sizeof(folder), "%s/invictus-stratus-logs", shared == NULL ? "" : shared);
	if (shared == NULL || (n = scandir(folder, &names, NULL, alphasort)) < 0)
		skip();
	for (int i = 0; i < n; i++) {
		const char *dot;
		struct member m;
		struct stat st;
		FILE *f;

		snprintf(path, sizeof(path), "%s/%s", folder, names[i]->d_name);
		free(names[i]);
		dot = strrchr(path, '.');
		if (dot == NULL || strcmp(dot, ".json") != 0 || stat(path, &st) != 0 || (f = fopen(path, "rb")) == NULL)
			continue;
		m.len = (size_t)st.st_size;
		m.content = malloc(m.len + 1);
		assert_non_null(m.content);
		assert_int_equal(fread(m.content, 1, m.len, f), m.len);
		fclose(f);
		m.len = compact(m.content, m.len);
		m = member_of(m.content, m.len, (struct deflate_way){6, 0, 8, 0, 0});
		for (int again = 0; again < 8; again++)
			for (size_t size = 0; size < 3; size++)
				one_hole(&m, sizes[size], &seed, &t[size]);
		free_member(&m);
	}
	free(names);
	for (size_t i = 0; i < 3; i++) {
		report(sizes[i], &t[i]);
		assert_int_equal(t[i].wrong, 0);
		assert_true(t[i].files > 50);
		assert_true(100 * (t[i].resynced + t[i].early) >= 99 * t[i].files);
	}
}

/* What is salvaged does not depend on what stands in the hole; holes of any size at any byte. */
static void
test_any_hole(void **state)
{
	uint64_t seed = 79;
	unsigned resynced = 0;

	(void)state;
	for (unsigned round = 0; round < 1500; round++) {
		struct member m = log_member(1 + made_below(&seed, 40), round, 1 + (int)made_below(&seed, 9));
		size_t from = made_below(&seed, (unsigned)m.stored_len), to = from + 1 + made_below(&seed, round % 2 ? 8 : 900);
		unsigned char *content;
		size_t before, resumed, known;
		enum lf_salvage_state was;

		to = to < m.stored_len ? to : m.stored_len;
		salvage(&m, from, to, 0);
		assert_int_equal(wrong_bytes(&m), 0);
		was = s.state;
		before = s.before;
		resumed = s.resumed;
		known = known_count(&s.known);
		content = malloc(s.known.len + 1);
		memcpy(content, s.content != NULL ? s.content : content, s.known.len);
		salvage(&m, from, to, 2);
		assert_int_equal(s.state, was);
		assert_int_equal(s.before, before);
		assert_int_equal(s.resumed, resumed);
		assert_int_equal(known_count(&s.known), known);
		assert_memory_equal(s.content, content, s.known.len);
		if (s.state == LF_SALVAGE_RESYNC)
			assert_true(s.why == LF_SALVAGE_FINE && s.known.len == m.len && s.resumed > s.before);
		resynced += s.state == LF_SALVAGE_RESYNC;
		free(content);
		free_member(&m);
	}
	assert_true(resynced > 700);
}

/* The oracle has eyes: of a hole that is said to be smaller than it is, wrong bytes are called known. */
static void
test_damage_outside_is_seen(void **state)
{
	uint64_t seed = 80;
	size_t front = 0, back = 0;

	(void)state;
	for (unsigned round = 0; round < 200; round++) {
		struct member m = log_member(30, round, 6);
		size_t from = 1024 + made_below(&seed, 1024);
		unsigned char *hurt = malloc(m.stored_len);
		struct lf_err err;

		memcpy(hurt, m.stored, m.stored_len);
		for (size_t i = 0; i < 256; i++)
			hurt[from + i] = (unsigned char)scratch_random(&seed);
		assert_int_equal(lf_salvage_member(&s, hurt, m.stored_len, from + 6, from + 256, ALL_MAX, &err), 0);
		front += wrong_bytes(&m);
		assert_int_equal(lf_salvage_member(&s, hurt, m.stored_len, from, from + 128, ALL_MAX, &err), 0);
		back += wrong_bytes(&m);
		free(hurt);
		free_member(&m);
	}
	assert_true(front > 100);
	assert_true(back > 100);
}

static enum lf_salvage_why
why(const struct member *m, size_t from, size_t to)
{
	salvage(m, from, to, 1);
	assert_true(s.state != LF_SALVAGE_RESYNC);
	assert_int_equal(s.known.len, s.before);
	assert_int_equal(known_count(&s.known), s.before);
	assert_int_equal(wrong_bytes(m), 0);
	return s.why;
}

static void
test_what_cannot_be(void **state)
{
	struct member m = log_member(40, 3, 6), blocks;
	size_t last = m.stored_len - 8;
	struct lf_err err;
	size_t len;
	char *log;

	(void)state;
	assert_int_equal(why(&m, 0, 512), LF_SALVAGE_HEADER);
	assert_int_equal(why(&m, 9, 10), LF_SALVAGE_HEADER);
	assert_int_equal(why(&m, 10, 20), LF_SALVAGE_BLOCK);
	assert_int_equal(why(&m, 40, 300), LF_SALVAGE_BLOCK);
	assert_int_equal(why(&m, last, last + 8), LF_SALVAGE_OUTSIDE);
	assert_int_equal(why(&m, 600, last + 1), LF_SALVAGE_OUTSIDE);
	assert_int_equal(why(&m, 600, 600), LF_SALVAGE_OUTSIDE);
	assert_int_equal(lf_salvage_member(&s, m.stored, m.stored_len, 600, SIZE_MAX, ALL_MAX, &err), 0);
	assert_int_equal(s.why, LF_SALVAGE_OUTSIDE);
	assert_int_equal(why(&m, 600, last), LF_SALVAGE_NO_SYNC); /* nothing is left behind it */
	assert_true(s.before > 0);
	/* Damage before the hole, of which the codes tell. */
	m.stored[HEADER] |= 6;
	assert_int_equal(why(&m, 600, 700), LF_SALVAGE_EARLIER);
	assert_int_equal(s.before, 0);
	m.stored[HEADER] = (unsigned char)(m.stored[HEADER] & ~2);
	/* A length that cannot be: too small, and too large for the hole. */
	put32(m.stored + last + 4, 500);
	assert_int_equal(why(&m, 600, 700), LF_SALVAGE_LENGTH);
	put32(m.stored + last + 4, (uint32_t)m.len + 4000 * 129);
	assert_int_equal(why(&m, 600, 700), LF_SALVAGE_LENGTH);
	put32(m.stored + last + 4, 0xffffffff);
	assert_int_equal(why(&m, 600, 700), LF_SALVAGE_TOO_LARGE);
	put32(m.stored + last + 4, (uint32_t)m.len);
	/* Caps. */
	assert_int_equal(lf_salvage_member(&s, m.stored, m.stored_len, 1000, 1100, 700, &err), 0);
	assert_int_equal(s.why, LF_SALVAGE_TOO_LARGE);
	assert_int_equal(s.before, 700);
	assert_int_equal(lf_salvage_member(&s, m.stored, m.stored_len, 1000, 1100, m.len - 1, &err), 0);
	assert_int_equal(s.why, LF_SALVAGE_TOO_LARGE);
	assert_int_equal(lf_salvage_member(&s, m.stored, m.stored_len, 1000, 1100, m.len, &err), 0);
	assert_int_equal(s.state, LF_SALVAGE_RESYNC);
	free_member(&m);
	/* A member whose data end before the hole. */
	log = made_log(60, 4, &len);
	blocks = member_of(log, len, (struct deflate_way){6, 0, 2, 0, 0});
	blocks.stored = realloc(blocks.stored, blocks.stored_len + 100);
	memset(blocks.stored + blocks.stored_len, 0, 100);
	blocks.stored_len += 100;
	assert_int_equal(why(&blocks, blocks.stored_len - 50, blocks.stored_len - 20), LF_SALVAGE_OUTSIDE);
	free_member(&blocks);
}

/* A length that is a little too small moves what is behind, until something copies from before the beginning. */
static void
test_length_and_distance(void **state)
{
	struct member m = log_member(40, 3, 6);
	unsigned refused = 0;

	(void)state;
	for (unsigned less = 1; less < 1400; less += 10) {
		struct lf_err err;

		put32(m.stored + m.stored_len - 4, (uint32_t)(m.len - less));
		assert_int_equal(lf_salvage_member(&s, m.stored, m.stored_len, 700, 1000, ALL_MAX, &err), 0);
		refused += s.state != LF_SALVAGE_RESYNC;
		assert_true(s.state == LF_SALVAGE_RESYNC || known_count(&s.known) == s.before);
	}
	assert_true(refused > 0);
	free_member(&m);
}

/* Holes in logs of many blocks: in one, over the end of one, over several, over the first and the last header. */
static void
test_many_blocks(void **state)
{
	uint64_t seed = 83;
	unsigned resynced = 0, from_header = 0, rounds = 1500;

	(void)state;
	for (unsigned round = 0; round < rounds; round++) {
		size_t len, size = 1 + made_below(&seed, round % 3 == 0 ? 3000 : 300), from;
		char *log = made_log(20 + made_below(&seed, 60), round, &len);
		struct deflate_way way = {1 + (int)made_below(&seed, 9), 0, 1 + (int)made_below(&seed, 4), 0, 0};
		struct member m = member_of(log, len, way);

		from = HEADER + made_below(&seed, (unsigned)(m.stored_len - HEADER - 8));
		size = size < m.stored_len - 8 - from ? size : m.stored_len - 8 - from;
		salvage(&m, from, from + size, 2);
		assert_int_equal(wrong_bytes(&m), 0);
		resynced += s.state == LF_SALVAGE_RESYNC;
		from_header += s.state == LF_SALVAGE_RESYNC && s.sync_bits > 2000;
		free_member(&m);
	}
	print_message("# %u of %u resynchronised, %u of them far behind\n", resynced, rounds, from_header);
	assert_true(resynced > rounds * 8 / 10);
	assert_true(from_header > rounds / 20);
}

/* Inside stored bytes the hole's end is as good as any place, whatever blocks follow. */
static void
test_stored_blocks(void **state)
{
	size_t len;
	char *log = made_log(300, 5, &len);
	struct member m = member_of(log, len, (struct deflate_way){0, 0, 8, 0, 0});
	unsigned resynced = 0;

	(void)state;
	for (size_t from = 512; from + 600 < m.stored_len; from += 1024) {
		salvage(&m, from, from + 512, 2);
		assert_int_equal(wrong_bytes(&m), 0);
		if (s.state == LF_SALVAGE_RESYNC) {
			assert_int_equal(known_count(&s.known), m.len - 512);
			resynced++;
		} else {
			assert_int_equal(s.why, LF_SALVAGE_BLOCK); /* the hole holds a block's header */
		}
	}
	assert_true(resynced > 200);
	free_member(&m);
}

/* Content that is larger than the window behind the hole. */
static void
test_large(void **state)
{
	struct member m = log_member(3000, 6, 6);

	(void)state;
	/* zlib ends a block when it has so many items: this is of the last one. */
	salvage(&m, m.stored_len - 6000, m.stored_len - 5500, 2);
	assert_int_equal(s.state, LF_SALVAGE_RESYNC);
	assert_int_equal(wrong_bytes(&m), 0);
	assert_true(s.known.len == m.len && s.before > 1000000);
	free_member(&m);
	m = member_of(calloc(1, 3000000), 3000000, (struct deflate_way){6, Z_FIXED, 9, 0, 0});
	for (size_t from = 100; from + 200 < m.stored_len; from += 500) {
		salvage(&m, from, from + 64, 2);
		assert_int_equal(wrong_bytes(&m), 0);
	}
	free_member(&m);
}

/* Bytes of chance behind a header that is right: nothing but that it ends, and stays inside its bounds. */
static void
test_hostile(void **state)
{
	uint64_t seed = 81;

	(void)state;
	for (unsigned round = 0; round < 20000; round++) {
		size_t len = 20 + made_below(&seed, 600), from = 11 + made_below(&seed, 300), to = from + 1 + made_below(&seed, 100);
		unsigned char *bytes = malloc(len);
		struct lf_err err;

		for (size_t i = 0; i < len; i++)
			bytes[i] = (unsigned char)(scratch_random(&seed) >> 20);
		memcpy(bytes, "\x1f\x8b\x08\0", 4);
		bytes[HEADER] = (unsigned char)((bytes[HEADER] & 0xf8) | (round % 4 == 0 ? 5 : 3));
		put32(bytes + len - 4, made_below(&seed, 5000));
		if (from < len)
			assert_int_equal(lf_salvage_member(&s, bytes, len, from, to, 100000, &err), 0);
		free(bytes);
	}
}

/* The end of a member, in front of something else, is found or not, and never elsewhere. */
static void
test_find_end(void **state)
{
	uint64_t seed = 84;
	unsigned found = 0, rounds = 400;
	struct lf_err err;

	(void)state;
	for (unsigned round = 0; round < rounds; round++) {
		struct member m = log_member(12 + made_below(&seed, 60), round, 6);
		size_t from = 512 + made_below(&seed, (unsigned)m.stored_len - 1100), end = 0;

		m.stored = realloc(m.stored, m.stored_len + 3000);
		assert_non_null(m.stored);
		for (size_t i = 0; i < 3000; i++)
			m.stored[m.stored_len + i] = round % 2 ? 0 : (unsigned char)scratch_random(&seed);
		memset(m.stored + from, 0, 512);
		if (lf_salvage_find_end(&s, m.stored, m.stored_len + 3000, from, from + 512, ALL_MAX, &end, &err) == 1) {
			assert_int_equal(end, m.stored_len);
			found++;
		}
		/* What there is ends too early. */
		assert_int_equal(lf_salvage_find_end(&s, m.stored, m.stored_len - 1, from, from + 512, ALL_MAX, &end, &err), 0);
		assert_int_equal(lf_salvage_find_end(&s, m.stored, m.stored_len, 0, 512, ALL_MAX, &end, &err), 0);
		free_member(&m);
	}
	print_message("# the end of %u of %u is found\n", found, rounds);
	assert_true(found > rounds * 95 / 100);
}

static struct member chaos_member;

static int
chaos_step(void)
{
	struct lf_salvage own;
	struct lf_list fragments;
	struct lf_err err;
	size_t from = chaos_member.stored_len / 2;
	int rc = lf_salvage_init(&own, &err);

	lf_list_init(&fragments, sizeof(struct lf_fragment));
	if (rc == 0)
		rc = lf_salvage_member(&own, chaos_member.stored, chaos_member.stored_len, from, from + 64, ALL_MAX, &err);
	if (rc == 0 && own.state != LF_SALVAGE_RESYNC)
		rc = 1;
	if (rc == 0)
		rc = lf_fragments(own.content, &own.known, own.before, own.known.len, &fragments);
	lf_list_free(&fragments);
	lf_salvage_free(&own);
	return rc;
}

static void
test_out_of_memory(void **state)
{
	(void)state;
	chaos_member = log_member(300, 12, 6);
	chaos_check(chaos_step, 6);
	free_member(&chaos_member);
}

int
main(void)
{
#define SALVAGING(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		SALVAGING(test_holes_in_logs),
		SALVAGING(test_holes_in_real_logs),
		SALVAGING(test_any_hole),
		SALVAGING(test_damage_outside_is_seen),
		SALVAGING(test_what_cannot_be),
		SALVAGING(test_length_and_distance),
		SALVAGING(test_many_blocks),
		SALVAGING(test_stored_blocks),
		SALVAGING(test_large),
		SALVAGING(test_hostile),
		SALVAGING(test_find_end),
		cmocka_unit_test(test_out_of_memory),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("salvage", tests, NULL, NULL);
}
