/*
 * memmem: how fast a file is read and searched for one byte string, as a floor for carving.
 *
 *   memmem HEX FILE
 *
 * Reads FILE a MiB at a time into one buffer and looks for every occurrence with memmem(3); prints
 * how many there are.  An empty HEX only reads.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WINDOW (1u << 20)

static size_t
parse_hex(const char *s, unsigned char *out, size_t max)
{
	unsigned v;
	size_t n;

	for (n = 0; s[0] != '\0' && n < max; n++, s += 2) {
		if (sscanf(s, "%2x", &v) != 1 || s[1] == '\0')
			errx(2, "%s: not hexadecimal", s);
		out[n] = (unsigned char)v;
	}
	return n;
}

/* How often the needle occurs in n bytes, overlapping too. */
static unsigned long long
count(const unsigned char *p, size_t n, const unsigned char *needle, size_t len)
{
	const unsigned char *hit, *end = p + n;
	unsigned long long hits = 0;

	while ((hit = memmem(p, (size_t)(end - p), needle, len)) != NULL) {
		hits++;
		p = hit + 1;
	}
	return hits;
}

int
main(int argc, char **argv)
{
	unsigned char needle[32], *b = malloc(WINDOW + sizeof(needle));
	unsigned long long hits = 0;
	size_t len, keep = 0;
	ssize_t r;
	int fd;

	if (argc != 3)
		errx(2, "usage: memmem HEX FILE");
	if (b == NULL || (fd = open(argv[2], O_RDONLY | O_CLOEXEC)) == -1)
		err(2, "%s", argv[2]);
	len = parse_hex(argv[1], needle, sizeof(needle));
	while ((r = read(fd, b + keep, WINDOW)) > 0) {
		if (len == 0)
			continue;
		hits += count(b, keep + (size_t)r, needle, len);
		r += (ssize_t)keep;
		keep = (size_t)r < len - 1 ? (size_t)r : len - 1;
		memmove(b, b + r - keep, keep);
	}
	if (r < 0)
		err(2, "%s", argv[2]);
	printf("%llu\n", hits);
	free(b);
	close(fd);
	return 0;
}
