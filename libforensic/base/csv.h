/* Comma-separated values (RFC 4180), read and written. */
#ifndef LF_BASE_CSV_H
#define LF_BASE_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * Appends one field.  It is quoted when it holds a comma, a quote, CR, LF or other control characters, or white space
 * at either end.  With guard, a field that a spreadsheet would take for a formula (first byte = + - @, tab or CR, also
 * behind white space) gets a ' in front, within the quotes.  Bytes that are no UTF-8 become U+FFFD; NUL is written as
 * U+FFFD too.
 */
void lf_csv_field(struct lf_buf *out, const char *s, size_t len, bool guard);

/*
 * Whether a text is n fields with a comma between two, each as lf_csv_field() writes it, with guard or without.  False
 * for some texts that are: those with quotes or anything but ASCII, very long ones, and where a field begins with one
 * of !#$%&'()*.
 */
bool lf_csv_is_line(const char *s, size_t len, unsigned n);

/* A text that is being read line by line. */
struct lf_csv {
	const char *text, *end, *p;
	size_t line;        /* of the last record, from 1; its first line where it spans several */
	const char *problem; /* static text, or NULL */
	size_t at;          /* offset of the problem, or of the last record */
	size_t next_line;   /* internal: the line that p stands in */
};

struct lf_csv_field {
	const char *s;
	size_t len;
	bool quoted; /* "" inside stands for one quote: lf_csv_unquote() */
};

#define LF_CSV_FIELDS 256

/* A byte-order mark is passed over. */
void lf_csv_init(struct lf_csv *c, const char *text, size_t len);

/*
 * The next record: 1 with up to LF_CSV_FIELDS fields (*n is how many there are, capped), 0 at the end, -1 on an open
 * quote or bytes behind a closing one (then the next call goes on with the next line).  Empty lines are passed over.
 * Lines end in LF, CRLF or CR.
 */
int lf_csv_next(struct lf_csv *c, struct lf_csv_field fields[LF_CSV_FIELDS], size_t *n);

/* Appends a field's value. */
void lf_csv_unquote(const struct lf_csv_field *f, struct lf_buf *out);

#endif
