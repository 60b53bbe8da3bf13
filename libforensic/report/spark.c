#include "report/spark.h"

#define LEVELS 8

/* 1 to LEVELS; 128 bits, so that no number is too large. */
static unsigned
level(uint64_t n, uint64_t most)
{
	return (unsigned)(((unsigned __int128)n * LEVELS + most - 1) / most);
}

void
lf_spark(struct lf_buf *out, const uint64_t *n, size_t count, bool ascii)
{
	static const char *const blocks[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	static const char *const signs[] = {" ", ".", ":", "-", "=", "+", "*", "%", "#"};
	uint64_t most = 0;
	unsigned l;

	for (size_t i = 0; i < count; i++)
		most = n[i] > most ? n[i] : most;
	for (size_t i = 0; i < count; i++) {
		l = most == 0 ? 0 : level(n[i], most);
		lf_buf_puts(out, ascii ? signs[l] : blocks[l]);
	}
}
