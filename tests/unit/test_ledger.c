/* The ledger: its lines, its entries, the files beside it, and how it grows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/hash.h"
#include "base/json.h"
#include "custody/ledger.h"
#include "custody/linefile.h"
#include "custody/store.h"
#include "chaos.h"
#include "scratch.h"

static struct lf_err err;

/* ---- Lines ---- */

static int
open_scratch(const char *name)
{
	int fd = open(scratch_path(name), O_RDONLY);

	assert_true(fd >= 0);
	return fd;
}

/* Lines of every length around the size of a buffer, and what they are told to be. */
static void
test_lines(void **state)
{
	static const size_t lengths[] = {0, 1, 2, 65534, 65535, 65536, 65537, 131072, 300000, 0, 0, 7};
	static char text[800000];
	struct lf_linefile l;
	size_t at = 0, n = sizeof(lengths) / sizeof(lengths[0]), offset = 0;
	int fd;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		memset(text + at, 'a' + (int)i, lengths[i]);
		at += lengths[i];
		text[at++] = '\n';
	}
	for (int last = 0; last < 2; last++) { /* with and without a line feed at the end */
		scratch_write("lines", text, at - (size_t)last);
		fd = open_scratch("lines");
		lf_linefile_init(&l, fd);
		for (size_t i = offset = 0; i < n; i++) {
			assert_int_equal(lf_linefile_next(&l), 1);
			assert_int_equal(l.number, i + 1);
			assert_int_equal(l.offset, offset);
			assert_int_equal(l.len, lengths[i]);
			assert_int_equal(l.ended, last == 0 || i + 1 < n);
			assert_memory_equal(l.text, text + offset, l.len);
			assert_int_equal(l.text[l.len], '\0');
			offset += lf_linefile_bytes(&l);
		}
		assert_int_equal(lf_linefile_next(&l), 0);
		lf_linefile_free(&l);
		close(fd);
	}
}

static void
test_lines_odd(void **state)
{
	struct lf_linefile l;
	int fd;

	(void)state;
	scratch_text("empty", "");
	fd = open_scratch("empty");
	lf_linefile_init(&l, fd);
	assert_int_equal(lf_linefile_next(&l), 0);
	lf_linefile_free(&l);
	close(fd);
	scratch_write("nul", "a\0b\n\0", 5);
	fd = open_scratch("nul");
	lf_linefile_init(&l, fd);
	assert_int_equal(lf_linefile_next(&l), 1);
	assert_int_equal(l.len, 3);
	assert_int_equal(lf_linefile_next(&l), 1);
	assert_int_equal(l.len, 1);
	assert_false(l.ended);
	assert_int_equal(lf_linefile_next(&l), 0);
	lf_linefile_free(&l);
	close(fd);
	scratch_text("long", "");
	assert_int_equal(truncate(scratch_path("long"), (off_t)LF_MAX_ENTRY + 200000), 0);
	fd = open_scratch("long");
	lf_linefile_init(&l, fd);
	assert_int_equal(lf_linefile_next(&l), -1);
	assert_int_equal(errno, EFBIG);
	lf_linefile_free(&l);
	close(fd);
}

/* ---- Entries ---- */

static const struct lf_entry *
sample(uint64_t number)
{
	static const char *const arguments[] = {"--note", "a \"b\" \xff", ""};
	static struct lf_entry e;

	e = (struct lf_entry){.number = number, .previous = {1, 2, 3}, .previous_stamped = number > 2, .previous_stamp = {9},
	    .action = "copied", .case_id = "7", .examiner = "A \xe2\x80\xae B", .note = "line\nfeed", .started = 1709269200,
	    .finished = 1709269201, .clock = {.synchronized = true, .max_error_us = 500, .source = "tsc", .utc_offset = -3600},
	    .host = "h", .system = "Linux 6", .machine = "x86_64", .uid = 1000, .version = LF_VERSION, .tool_hashed = true,
	    .tool_hash = {7}, .libraries = "none", .arguments = arguments, .n_arguments = 3, .manifest = "0001.manifest.json",
	    .manifest_hash = {8}, .sources = 1, .objects = 2, .bytes = 1ULL << 60, .skipped = 3, .rehashed = true};
	return &e;
}

static void
test_entry(void **state)
{
	struct lf_entry e = *sample(3), back;
	struct lf_arena arena;
	struct lf_buf line;

	(void)state;
	lf_arena_init(&arena);
	lf_buf_init(&line);
	e.is_signed = true;
	e.signer = "CN=x";
	assert_int_equal(lf_entry_write(&e, &line, &err), 0);
	assert_int_equal(line.data[line.len - 1], '\n');
	assert_ptr_equal(memchr(line.data, '\n', line.len), line.data + line.len - 1);
	assert_int_equal(lf_entry_read(line.data, line.len - 1, &arena, &back, &err), 0);
	assert_int_equal(back.number, 3);
	assert_memory_equal(back.previous, e.previous, sizeof(e.previous));
	assert_true(back.previous_stamped && back.is_signed && back.rehashed && back.clock.synchronized && back.tool_hashed);
	assert_memory_equal(back.previous_stamp, e.previous_stamp, sizeof(e.previous_stamp));
	assert_memory_equal(back.manifest_hash, e.manifest_hash, sizeof(e.manifest_hash));
	assert_string_equal(back.note, e.note);
	assert_string_equal(back.examiner, e.examiner);
	assert_null(back.exhibit);
	assert_null(back.distribution);
	assert_string_equal(back.signer, "CN=x");
	assert_string_equal(back.arguments[1], "a \"b\" \\xff");
	assert_int_equal(back.n_arguments, 3);
	assert_int_equal(back.bytes, 1ULL << 60);
	assert_int_equal(back.clock.utc_offset, -3600);
	assert_int_equal(back.finished, 1709269201);
	lf_buf_free(&line);
	lf_arena_free(&arena);
}

/* Reads what jansson makes of a document; the message is in err. */
static int
read_json(const json_t *x)
{
	char *text = json_dumps(x, JSON_COMPACT);
	struct lf_arena arena;
	struct lf_entry e;
	int rc;

	assert_non_null(text);
	lf_arena_init(&arena);
	rc = lf_entry_read(text, strlen(text), &arena, &e, &err);
	lf_arena_free(&arena);
	free(text);
	return rc;
}

/* Every member is needed, and none may be of another kind. */
static void
test_entry_hostile(void **state)
{
	const char *path[2], *name, *below;
	struct lf_buf line;
	json_t *x, *v, *copy, *w;
	unsigned n = 0;

	(void)state;
	lf_buf_init(&line);
	assert_int_equal(lf_entry_write(sample(2), &line, &err), 0);
	x = lf_json_read(line.data, line.len, NULL, &err);
	assert_non_null(x);
	assert_int_equal(read_json(x), 0);
	/* zeros in the place of a hash are no way to say that there is none */
	json_object_set_new(x, "previous", json_string("0000000000000000000000000000000000000000000000000000000000000000"));
	for (json_int_t number = 1; number <= 2; number++) {
		json_object_set_new(x, "entry", json_integer(number));
		assert_int_equal(read_json(x), 1);
		assert_non_null(strstr(err.msg, "previous"));
	}
	json_object_set_new(x, "previous", json_string("0000000000000000000000000000000000000000000000000000000000000001"));
	assert_int_equal(read_json(x), 0);
	json_object_foreach(x, name, v) {
		copy = json_deep_copy(x);
		json_object_del(copy, name);
		/* who signed may be left out by nobody */
		assert_int_equal(read_json(copy), 1);
		json_object_set_new(copy, name, json_real(0.5));
		assert_int_equal(read_json(copy), 1);
		assert_non_null(strstr(err.msg, name));
		json_decref(copy);
		n++;
		json_object_foreach(v, below, w) {
			(void)w;
			copy = json_deep_copy(x);
			json_object_del(json_object_get(copy, name), below);
			path[0] = name;
			path[1] = below;
			/* the name of a tool is for people */
			assert_int_equal(read_json(copy), strcmp(path[0], "tool") == 0 && strcmp(path[1], "name") == 0 ? 0 : 1);
			json_decref(copy);
		}
	}
	assert_true(n > 15);
	json_decref(x);
	lf_buf_free(&line);
}

static void
test_entry_cut(void **state)
{
	struct lf_arena arena;
	struct lf_entry e;
	struct lf_buf line;

	(void)state;
	lf_arena_init(&arena);
	lf_buf_init(&line);
	assert_int_equal(lf_entry_write(sample(1), &line, &err), 0);
	for (size_t n = 0; n + 1 < line.len; n++) {
		assert_int_equal(lf_entry_read(line.data, n, &arena, &e, &err), 1);
		lf_arena_reset(&arena);
	}
	lf_buf_free(&line);
	lf_arena_free(&arena);
}

/* ---- Growing ---- */

static const char *
ledger_path(void)
{
	return scratch_path("l.jsonl");
}

/* Appends one entry, and leaves it pending when not committed. */
static int
append(bool commit)
{
	struct lf_ledger l;
	struct lf_ledger_next next = {0};
	struct lf_buf line;
	struct lf_entry e;
	int rc;

	lf_buf_init(&line);
	rc = lf_ledger_open(&l, ledger_path(), LF_LEDGER_ADD, &err);
	if (rc == 0)
		rc = lf_ledger_lock(&l, true, &err);
	if (rc == 0)
		rc = lf_ledger_prepare(&l, &next, &err);
	if (rc == 0) {
		e = *sample(next.end.entries + 1);
		memcpy(e.previous, next.end.hash, sizeof(e.previous));
		rc = lf_entry_write(&e, &line, &err);
	}
	if (rc == 0)
		rc = lf_store_put(&l, e.number, LF_STORE_MANIFEST, "m", 1, &err);
	if (rc == 0 && commit)
		rc = lf_ledger_commit(&l, &next, line.data, line.len, &err);
	lf_ledger_drop(&next);
	lf_ledger_close(&l);
	lf_buf_free(&line);
	return rc;
}

static bool
exists(const char *name)
{
	return access(scratch_path(name), F_OK) == 0;
}

struct seen {
	uint64_t lines;
	unsigned char last[LF_SHA256_LEN];
};

static int
see(void *arg, const struct lf_ledger_line *line, struct lf_err *e)
{
	struct seen *s = arg;

	(void)e;
	s->lines = line->number;
	memcpy(s->last, line->hash, sizeof(s->last));
	return 0;
}

static struct seen
look(void)
{
	struct seen s = {0};
	struct lf_ledger l;
	int fd;

	assert_int_equal(lf_ledger_open(&l, ledger_path(), LF_LEDGER_READ, &err), 0);
	fd = lf_ledger_read(&l, &err);
	assert_true(fd >= 0);
	assert_int_equal(lf_ledger_lines(&l, fd, see, &s, &err), 0);
	close(fd);
	lf_ledger_close(&l);
	return s;
}

static void
test_append(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(append(true), 0);
	assert_int_equal(chmod(ledger_path(), 0640), 0);
	for (int i = 0; i < 4; i++)
		assert_int_equal(append(true), 0);
	assert_int_equal(look().lines, 5);
	assert_int_equal(stat(ledger_path(), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_true(exists("l.jsonl.d/0005.manifest.json"));
	/* one that was given up leaves no line; its files wait, and go with the next */
	assert_int_equal(append(false), 0);
	assert_int_equal(look().lines, 5);
	assert_true(exists("l.jsonl.d/.0006.manifest.json.pending"));
	assert_false(exists(".l.jsonl.next"));
	assert_int_equal(append(true), 0);
	assert_int_equal(look().lines, 6);
	assert_false(exists("l.jsonl.d/.0006.manifest.json.pending"));
}

/* An allocation that fails anywhere leaves the old ledger or the new one, and nothing half done in it. */
static int
append_step(void)
{
	return append(true);
}

static void
test_append_out_of_memory(void **state)
{
	struct seen before, after;

	(void)state;
	if (!CHAOS)
		skip();
	for (long n = 1; n < 1000; n++) {
		int rc;

		/* Always the same work: what is survived must not make the next ledger longer. */
		unlink(ledger_path());
		unlink(scratch_path("l.jsonl.d/0001.manifest.json"));
		unlink(scratch_path("l.jsonl.d/0002.manifest.json"));
		assert_int_equal(append(true), 0);
		before = look();
		chaos_countdown = n;
		rc = append_step();
		after = (struct seen){0};
		if (chaos_countdown > 0) {
			chaos_countdown = 0;
			assert_int_equal(rc, 0);
			return;
		}
		chaos_countdown = 0;
		after = look();
		assert_true(after.lines == before.lines || after.lines == before.lines + 1);
		if (rc == 0)
			assert_int_equal(after.lines, before.lines + 1);
		assert_false(exists(".l.jsonl.next"));
	}
	fail_msg("memory never sufficed");
}

/* ---- Beside it ---- */

static int
count_behind(void *arg, uint64_t entry, enum lf_store_file f, const char *name, struct lf_err *e)
{
	struct lf_buf *out = arg;

	(void)e;
	lf_buf_printf(out, "%llu %d %s\n", (unsigned long long)entry, (int)f, name);
	return 0;
}

static void
test_store(void **state)
{
	static const char *const names[] = {"0001.p7s", "0002.tsr", "0002.p7s", "12345.tsq", "3.p7s", "00003.p7s", "0003.p7s.x",
	    ".0009.tsr.pending", "0003.P7S", "99999999999999999999999.tsr", "18446744073709551615.tsr", "-001.tsr", "lock", "x"};
	char name[LF_STORE_NAME];
	struct lf_ledger l;
	struct lf_buf out;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(name, sizeof(name), "l.jsonl.d/%s", names[i]);
		scratch_text(name, "x");
	}
	assert_int_equal(append(true), -1); /* files of entries that are not there */
	assert_non_null(strstr(err.msg, "lacks entry 1"));
	scratch_text("l.jsonl", "");
	assert_int_equal(lf_ledger_open(&l, ledger_path(), LF_LEDGER_READ, &err), 0);
	lf_buf_init(&out);
	assert_int_equal(lf_store_behind(&l, 1, count_behind, &out, &err), 0);
	assert_string_equal(lf_buf_str(&out), "2 1 0002.p7s\n2 3 0002.tsr\n12345 2 12345.tsq\n18446744073709551615 3 18446744073709551615.tsr\n");
	assert_int_equal(lf_store_read(&l, 2, LF_STORE_STAMP, &out, &err), 1);
	assert_string_equal(lf_buf_str(&out), "x");
	assert_int_equal(lf_store_read(&l, 3, LF_STORE_STAMP, &out, &err), 0);
	assert_int_equal(out.len, 0);
	lf_buf_free(&out);
	lf_ledger_close(&l);
}

static void
test_store_hostile(void **state)
{
	struct lf_ledger l;
	struct lf_buf out;

	(void)state;
	scratch_text("l.jsonl", "");
	scratch_text("secret", "s");
	scratch_text("l.jsonl.d/x", "x");
	assert_int_equal(symlink("../secret", scratch_path("l.jsonl.d/0001.tsr")), 0);
	assert_int_equal(mkfifo(scratch_path("l.jsonl.d/0002.tsr"), 0600), 0);
	scratch_text("l.jsonl.d/0003.tsr", "");
	assert_int_equal(truncate(scratch_path("l.jsonl.d/0003.tsr"), LF_MAX_SIGNATURE + 1), 0);
	assert_int_equal(lf_ledger_open(&l, ledger_path(), LF_LEDGER_READ, &err), 0);
	lf_buf_init(&out);
	for (uint64_t i = 1; i <= 3; i++) {
		assert_int_equal(lf_store_read(&l, i, LF_STORE_STAMP, &out, &err), -1);
		assert_int_equal(lf_store_look(&l, i, LF_STORE_STAMP, &out, &err), 2);
		assert_int_equal(out.len, 0);
	}
	lf_buf_free(&out);
	lf_ledger_close(&l);
}

int
main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)
	const struct CMUnitTest tests[] = {
		IN_FOLDER(test_lines),
		IN_FOLDER(test_lines_odd),
		cmocka_unit_test(test_entry),
		cmocka_unit_test(test_entry_hostile),
		cmocka_unit_test(test_entry_cut),
		IN_FOLDER(test_append),
		IN_FOLDER(test_append_out_of_memory),
		IN_FOLDER(test_store),
		IN_FOLDER(test_store_hostile),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}
