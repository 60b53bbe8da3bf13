/* A report: the results of the tools, the ledger, and what is to be said of them together. */
#ifndef LF_REPORT_REPORT_H
#define LF_REPORT_REPORT_H

#include <sys/utsname.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/list.h"
#include "coverage/coverage.h"
#include "proof/result.h"
#include "report/report_ledger.h"
#include "report/timeline_stats.h"

/* In the order in which a report tells of them. */
enum lf_report_tool {
	LF_OF_SEAL,
	LF_OF_VERIFY,
	LF_OF_GAPS,
	LF_OF_TIMELINE,
	LF_OF_DIFF,
	LF_OF_CARVE,
	LF_REPORT_TOOLS
};
extern const char *const lf_report_tool_names[LF_REPORT_TOOLS]; /* "trail-seal", ... */

#define LF_HEX_LEN (2 * LF_SHA256_LEN + 1)

struct lf_report_input {
	const char *name;  /* as given */
	int fd;            /* until it is read, or -1 */
	char sha256[LF_HEX_LEN];
	uint64_t size;
	enum lf_report_tool tool;
	enum lf_verdict verdict;
	bool again;        /* the same bytes as an input before: counted, not told */
	json_t *doc;       /* NULL for a timeline */
	struct lf_result *proof;         /* of trail-verify */
	struct lf_coverage *coverage;    /* of trail-gaps */
	struct lf_timeline_stats *stats; /* of trail-timeline */
	uint64_t lines, marks, partial;  /* of a timeline */
};

/* Something that does not fit together. */
struct lf_report_note {
	const char *id, *text;
	enum lf_severity severity; /* a notice does not change the verdict */
};

/* A program of the toolkit that lies beside the one that runs. */
struct lf_report_program {
	const char *name;
	char sha256[LF_HEX_LEN];
};

struct lf_report {
	const char *title, *case_id, *exhibit, *examiner, *organization, *purpose; /* NULL where nobody says */
	struct lf_report_input *inputs; /* once read: by tool, then name */
	uint32_t n_inputs;
	struct lf_report_ledger *ledger; /* or NULL */
	struct lf_list notes;            /* struct lf_report_note */
	enum lf_verdict verdict;
	struct utsname machine;
	struct lf_report_program programs[LF_REPORT_TOOLS + 1];
	uint32_t n_programs;
	struct lf_hash *hash;
	struct lf_arena arena;
};

/* Reads and hashes an input, and finds out what it is. */
int lf_report_input_read(struct lf_report *r, struct lf_report_input *in, struct lf_err *err)
    __attribute__((warn_unused_result));

/* ---- report_timeline.c ---- */

/* Whether the first line of a file is one of a timeline's jsonl; -1 when memory is out.  It may be cut. */
int lf_report_is_timeline(const char *text, size_t len);

/* Sums up the lines of in->fd behind those in head, which were read and hashed already; hashes on. */
int lf_report_timeline_read(struct lf_report *r, struct lf_report_input *in, struct lf_buf *head, struct lf_err *err)
    __attribute__((warn_unused_result));

/* ---- report_check.c ---- */

/* Holds results and ledger against each other: fills notes and verdict. */
int lf_report_check(struct lf_report *r, struct lf_err *err) __attribute__((warn_unused_result));

/* ---- report_notes.c ---- */

/* Adds a note, whose id is static text.  Returns 0, or -1 when memory is out. */
int lf_report_note(struct lf_report *r, enum lf_severity severity, const char *id, struct lf_err *err, const char *fmt,
    ...) __attribute__((format(printf, 5, 6), warn_unused_result));

static inline const struct lf_report_note *
lf_report_note_at(const struct lf_report *r, uint32_t i)
{
	return lf_list_at(&r->notes, i);
}

/* ---- report_itself.c ---- */

/* Holds a result against itself: notes what was edited; in->verdict becomes what the result holds, not what it says. */
int lf_report_itself(struct lf_report *r, struct lf_report_input *in, struct lf_err *err) __attribute__((warn_unused_result));

/* ---- report_tally.c ---- */

/* Adds the findings that a document lists, by severity. */
void lf_report_findings(const json_t *doc, uint64_t n[3]);

struct lf_report_tally {
	uint64_t results, findings[3], gaps, unexplained, impairments, events, skipped, differences, recovered;
};
void lf_report_tally(const struct lf_report *r, struct lf_report_tally *out);

/* Who stands behind the case: what the options say, else the last entry of the ledger; NULL for neither. */
const char *lf_report_said(const struct lf_report *r, const char *given, const char *member);

/* ---- The forms ---- */

int lf_report_html(const struct lf_report *r, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err) __attribute__((warn_unused_result));
int lf_report_json(const struct lf_report *r, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err) __attribute__((warn_unused_result));
int lf_report_case(const struct lf_report *r, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err) __attribute__((warn_unused_result));

#endif
