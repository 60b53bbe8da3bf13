/*
 * The steps of a proof: a sentence, and a public command (gzip, sha256sum, openssl) that repeats it, with what that
 * prints.
 */
#ifndef LF_REPORT_PROVE_STEP_H
#define LF_REPORT_PROVE_STEP_H

#include <stdint.h>

#include "base/buf.h"
#include "proof/rows.h"
#include "report/textw.h"

/* One proof being written. */
struct lf_prove {
	const struct lf_proof *p;
	struct lf_textw w;
	unsigned step;
	struct lf_buf command; /* gathered for the next lf_prove_run() */
	struct lf_buf word;    /* scratch: what is appended to a command, or what it prints */
	struct lf_buf text;    /* scratch: a signature */
};

/* Begins a step. */
void lf_prove_say(struct lf_prove *v, const char *text);

/* Appends a word of a command, quoted for a shell. */
void lf_prove_quote(struct lf_prove *v, const char *text);

/* Appends the command that writes the inflated content: of the first member only when more follows. */
void lf_prove_inflated(struct lf_prove *v, uint32_t source, const char *place, uint8_t container, uint64_t trailing,
    uint64_t offset);
void lf_prove_digest(struct lf_prove *v, const struct lf_digest_row *d);

/*
 * The command gathered so far, and what it prints (NULL: nothing to see); and what sha256sum and its like print of it.
 */
void lf_prove_run(struct lf_prove *v, const char *prints);
void lf_prove_run_hash(struct lf_prove *v, const char *hex);

/* Shows that the digest holds this member with this string. */
void lf_prove_holds(struct lf_prove *v, const struct lf_digest_row *d, const char *member, const char *value);

#endif
