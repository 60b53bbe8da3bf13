/* How far a mistyped word is from one that was meant, perhaps. */
#include <string.h>

#include "cli.h"

#define WORD_MAX 64

size_t
cli_distance(const char *a, const char *b)
{
	size_t row[WORD_MAX + 1], n = strlen(b), above, left;

	if (n > WORD_MAX || strnlen(a, WORD_MAX + 1) > WORD_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 0; a[i] != '\0'; i++) {
		above = row[0]++;
		for (size_t j = 0; j < n; j++) {
			left = above + (a[i] != b[j]);
			above = row[j + 1];
			row[j + 1] = above + 1 < left ? above + 1 : left;
			if (row[j] + 1 < row[j + 1])
				row[j + 1] = row[j] + 1;
		}
	}
	return row[n];
}
