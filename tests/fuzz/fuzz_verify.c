/*
 * The whole of trail-verify over a small tree.  The input is a bundle, as seeds.sh makes it: for each file a byte (bits 0 to 3
 * its place in the table below, bit 4: to be stored as gzip), two bytes of length, and so many bytes.  The result must be JSON,
 * the same with one thread and two, and without keys nothing may be verified.
 */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/buf.h"
#include "fuzz.h"

#define ROOT   "b/AWSLogs/111122223333/"
#define DAY    "us-east-1/2024/03/01/111122223333_"
#define QUERY  ROOT "CloudTrail-Lake/Query/2024/03/01/d25cfaae-5fe3-4c09-bf48-1cb3a4268036/"
#define DIGEST(stamp) ROOT "CloudTrail-Digest/" DAY "CloudTrail-Digest_us-east-1_management-events_us-east-1_" stamp ".json.gz"
#define LOG(stamp) ROOT "CloudTrail/" DAY "CloudTrail_us-east-1_" stamp ".json.gz"

enum { KEYS, METADATA };
/* What the generator makes with the options in seeds.sh, and some more. */
static const char *const names[16] = {
    "keys.json", "metadata.jsonl",
    DIGEST("20240301T010131Z"), DIGEST("20240301T020131Z"), DIGEST("20240301T030131Z"),
    LOG("20240301T0200Z_YS4mypPAY1mUlFjb"), LOG("20240301T0300Z_aTpFLW12LlWoyPzT"),
    QUERY "result_sign.json", QUERY "result_1.csv.gz",
    DIGEST("20240301T040131Z"), LOG("20240301T0205Z_AAAAAAAAAAAAAAAA"), LOG("20240301T0400Z_BBBBBBBBBBBBBBBB"),
    "b/x.tar", "b/notes.txt", "b/y/metadata.json",
};

static char folder[64];
static int root = -1;

/* ---- The tree ---- */

static void
remove_folder(void)
{
	for (size_t i = 0; i < 16; i++)
		if (names[i] != NULL)
			unlinkat(root, names[i], 0);
	for (size_t i = 0; i < 16; i++) {
		char path[256], *slash;

		if (names[i] == NULL)
			continue;
		strcpy(path, names[i]);
		while ((slash = strrchr(path, '/')) != NULL) {
			*slash = '\0';
			unlinkat(root, path, AT_REMOVEDIR);
		}
	}
	unlinkat(root, "b", AT_REMOVEDIR);
	rmdir(folder);
}

static void
make_folder(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(folder, sizeof(folder), "%.40s/trail-fuzz-XXXXXX", tmp != NULL ? tmp : "/tmp");
	HOLDS(mkdtemp(folder) != NULL && (root = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) >= 0);
	for (size_t i = 0; i < 16; i++) {
		char path[256];

		if (names[i] == NULL)
			continue;
		strcpy(path, names[i]);
		for (char *p = path; (p = strchr(p, '/')) != NULL; *p++ = '/') {
			*p = '\0';
			HOLDS(mkdirat(root, path, 0700) == 0 || errno == EEXIST);
		}
	}
	mkdirat(root, "b", 0700);
	atexit(remove_folder);
}

static void
write_file(const char *name, const uint8_t *bytes, size_t len)
{
	int fd = openat(root, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	HOLDS(fd >= 0 && write(fd, bytes, len) == (ssize_t)len);
	close(fd);
}

static void
write_gzip(const char *name, const uint8_t *bytes, size_t len)
{
	static uint8_t out[70000];
	z_stream z = {0};

	HOLDS(deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
	z.next_in = (Bytef *)(uintptr_t)bytes;
	z.avail_in = (uInt)len;
	z.next_out = out;
	z.avail_out = sizeof(out);
	HOLDS(deflate(&z, Z_FINISH) == Z_STREAM_END);
	write_file(name, out, z.total_out);
	deflateEnd(&z);
}

/* Lays out the bundle, and nothing else; bit i of what is returned: file i is there. */
static unsigned
lay_out(const uint8_t *data, size_t size)
{
	struct fuzz_input in = {data, size};
	unsigned there = 0;

	for (size_t i = 0; i < 16; i++)
		if (names[i] != NULL)
			unlinkat(root, names[i], 0);
	while (in.left > 3) {
		unsigned which = fuzz_byte(&in), len = fuzz_short(&in);
		const char *name = names[which & 15];

		if (len > in.left)
			len = (unsigned)in.left;
		if (name != NULL)
			((which & 16) != 0 ? write_gzip : write_file)(name, in.p, len);
		there |= name != NULL ? 1u << (which & 15) : 0;
		in.p += len;
		in.left -= len;
	}
	return there;
}

/* ---- The run ---- */

static int
collect(void *arg, const void *bytes, size_t len)
{
	lf_buf_add(arg, bytes, len);
	return 0;
}

/* What trail-verify would print, as text and as JSON; nothing when it could not begin. */
static void
verify(unsigned there, unsigned jobs, struct lf_buf *text, struct lf_buf *json)
{
	char keys[96], meta[96], bucket[96];
	const char *k = keys, *m = meta, *e = bucket;
	struct lf_case_opts o = {.evidence = &e, .n_evidence = 1, .keys = &k, .n_keys = there >> KEYS & 1,
	    .metadata = &m, .n_metadata = there >> METADATA & 1, .since = LF_TIME_NONE, .until = LF_TIME_NONE, .jobs = jobs,
	    .max_object = (uint64_t)1 << 20};
	struct lf_write_opts w = {.detail = true, .reproducible = true};
	struct lf_result *r;
	struct lf_case *c;
	struct lf_err err;

	snprintf(keys, sizeof(keys), "%s/%s", folder, names[KEYS]);
	snprintf(meta, sizeof(meta), "%s/%s", folder, names[METADATA]);
	snprintf(bucket, sizeof(bucket), "%s/b", folder);
	if (lf_case_open(&o, &c, &err) != 0) {
		HOLDS(err.msg[0] != '\0' && o.n_keys + o.n_metadata > 0);
		return;
	}
	HOLDS(lf_verify(c, true, &r, &err) == 0);
	HOLDS(o.n_keys > 0 || lf_result_verdict(r) != LF_VERIFIED);
	HOLDS(lf_result_write(r, &w, collect, text, &err) == 0);
	w.format = LF_JSON;
	HOLDS(lf_result_write(r, &w, collect, json, &err) == 0);
	HOLDS(!json->failed && !text->failed);
	lf_result_free(r);
	lf_case_free(c);
}

static void
is_json(const struct lf_buf *b)
{
	json_t *v = json_loadb(lf_buf_str(b), b->len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);

	HOLDS(v != NULL && json_is_string(json_object_get(v, "verdict")) && json_is_array(json_object_get(v, "findings")));
	json_decref(v);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lf_buf text, json, again;
	unsigned there;

	if (root < 0)
		make_folder();
	there = lay_out(data, size);
	lf_buf_init(&text);
	lf_buf_init(&json);
	lf_buf_init(&again);
	verify(there, 1, &text, &json);
	if (json.len > 0) {
		is_json(&json);
		verify(there, 2, &text, &again);
		HOLDS(json.len == again.len && memcmp(json.data, again.data, json.len) == 0);
	}
	lf_buf_free(&text);
	lf_buf_free(&json);
	lf_buf_free(&again);
	return 0;
}
