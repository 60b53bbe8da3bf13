/* Any bytes as CSV: what is written of the fields is read as them again. */
#include "base/csv.h"
#include "fuzz.h"

/* Writes all records of a text again, as we write them, and returns how many. */
static size_t
rewrite(const char *text, size_t size, struct lf_buf *out)
{
	static struct lf_csv_field fields[LF_CSV_FIELDS];
	struct lf_buf value;
	struct lf_csv c;
	size_t n, records = 0;
	int rc;

	lf_buf_init(&value);
	lf_csv_init(&c, text, size);
	lf_buf_puts(out, "x\r\n"); /* so that no field is taken for a byte-order mark */
	while ((rc = lf_csv_next(&c, fields, &n)) != 0) {
		HOLDS(c.at <= size && c.line >= 1 && c.line <= size + 1 && (rc == 1 || c.problem != NULL));
		if (rc != 1)
			continue;
		HOLDS(n >= 1);
		for (size_t i = 0; i < n && i < LF_CSV_FIELDS; i++) {
			HOLDS(fuzz_inside((struct lf_slice){fields[i].s, fields[i].len}, text, size));
			lf_buf_reset(&value);
			lf_csv_unquote(&fields[i], &value);
			if (i > 0)
				lf_buf_putc(out, ',');
			if (n == 1 && value.len == 0)
				lf_buf_puts(out, "empty"); /* a line of nothing is passed over */
			lf_csv_field(out, lf_buf_str(&value), value.len, false);
		}
		lf_buf_puts(out, "\r\n");
		records++;
	}
	lf_buf_free(&value);
	return records;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_copy(data, size);
	struct lf_buf once, twice, thrice, guarded;
	size_t records;

	lf_buf_init(&once);
	lf_buf_init(&twice);
	lf_buf_init(&thrice);
	lf_buf_init(&guarded);
	records = rewrite(text, size, &once);
	HOLDS(rewrite(once.data, once.len, &twice) == records + 1);
	HOLDS(rewrite(twice.data, twice.len, &thrice) == records + 2); /* NUL needs quotes, and U+FFFD, which it became, none */
	HOLDS(thrice.len == twice.len + 3 && memcmp(thrice.data + 3, twice.data, twice.len) == 0);
	lf_csv_field(&guarded, text, size, true);
	HOLDS(size == 0 || memchr("=+-@\t\r", guarded.data[0], 6) == NULL);
	lf_buf_free(&once);
	lf_buf_free(&twice);
	lf_buf_free(&thrice);
	lf_buf_free(&guarded);
	free(text);
	return 0;
}
