/*
 * Runs a fuzz target over inputs without a fuzzer: replay [-m N] PATH...  A PATH is a file, or a folder whose files are taken in
 * the order of their names.  With -m each input is also run N times with a few bytes changed, always in the same way.  Prints
 * how many runs there were; the target aborts where something does not hold, and then the input is in the file that -w names.
 */
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "fuzz.h"

#define LARGEST ((size_t)4 << 20)

struct replay {
	unsigned mutations;
	const char *witness;
	uint64_t random;
	unsigned long runs;
};

/* xorshift64* */
static uint64_t
next(struct replay *r)
{
	r->random ^= r->random >> 12;
	r->random ^= r->random << 25;
	r->random ^= r->random >> 27;
	return r->random * UINT64_C(0x2545f4914f6cdd1d);
}

static void
run(struct replay *r, const struct lf_buf *input)
{
	uint8_t *copy = fuzz_copy(input->data, input->len);
	FILE *f;

	if (r->witness != NULL) {
		f = fopen(r->witness, "wb");
		HOLDS(f != NULL && fwrite(copy, 1, input->len, f) == input->len && fclose(f) == 0);
	}
	LLVMFuzzerTestOneInput(copy, input->len);
	free(copy);
	r->runs++;
}

/* Bytes changed, taken out, doubled, or all from some place on cut off. */
static void
mutate(struct replay *r, struct lf_buf *b)
{
	static const uint8_t telling[] = {0, 0xff, 0x7f, 0x80, '"', '\\', '{', '}', '[', ',', ':', '\n', '/', '9'};
	size_t at, n;

	if (b->len == 0)
		return;
	at = (size_t)(next(r) % b->len);
	n = 1 + (size_t)(next(r) % 16);
	n = n < b->len - at ? n : b->len - at;
	switch (next(r) % 6) {
	case 0:
		b->data[at] = (char)(b->data[at] ^ (1 << next(r) % 8));
		break;
	case 1:
		b->data[at] = (char)telling[next(r) % sizeof(telling)];
		break;
	case 2:
		memmove(b->data + at, b->data + at + n, b->len - at - n);
		b->len -= n;
		break;
	case 3:
		HOLDS(lf_buf_reserve(b, n) != NULL);
		memmove(b->data + at + n, b->data + at, b->len - at);
		b->len += n;
		break;
	case 4:
		memmove(b->data + at, b->data + next(r) % (b->len - n + 1), n);
		break;
	default:
		if (next(r) % 4 == 0)
			b->len = at;
		else
			b->data[at] = (char)(b->data[at] + 1);
	}
}

static void
run_all(struct replay *r, const struct lf_buf *input)
{
	struct lf_buf b;

	run(r, input);
	lf_buf_init(&b);
	for (unsigned i = 0; i < r->mutations; i++) {
		lf_buf_reset(&b);
		lf_buf_add(&b, input->data, input->len);
		for (uint64_t n = 1 + next(r) % 4; n > 0; n--)
			mutate(r, &b);
		run(r, &b);
	}
	lf_buf_free(&b);
}

static void
run_file(struct replay *r, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct lf_buf b;

	lf_buf_init(&b);
	if (fd < 0 || lf_file_read_all(fd, LARGEST, &b) != 0) {
		perror(path);
		exit(2);
	}
	close(fd);
	run_all(r, &b);
	lf_buf_free(&b);
}

static void
run_path(struct replay *r, const char *path)
{
	struct dirent **names;
	struct stat st;
	char file[4096];
	int n;

	if (stat(path, &st) == 0 && !S_ISDIR(st.st_mode)) {
		run_file(r, path);
		return;
	}
	n = scandir(path, &names, NULL, alphasort);
	if (n < 0) {
		perror(path);
		exit(2);
	}
	for (int i = 0; i < n; i++) {
		snprintf(file, sizeof(file), "%s/%s", path, names[i]->d_name);
		if (names[i]->d_name[0] != '.')
			run_file(r, file);
		free(names[i]);
	}
	free(names);
}

int
main(int argc, char **argv)
{
	struct replay r = {.random = UINT64_C(0x9e3779b97f4a7c15)};
	int c;

	while ((c = getopt(argc, argv, "m:w:")) != -1) {
		if (c == 'm')
			r.mutations = (unsigned)strtoul(optarg, NULL, 10);
		else if (c == 'w')
			r.witness = optarg;
		else
			return 2;
	}
	for (int i = optind; i < argc; i++)
		run_path(&r, argv[i]);
	printf("%lu runs\n", r.runs);
	return r.runs > 0 ? 0 : 2;
}
