/* A ledger of trail-seal as a report shows it: its entries, whether their chain holds, and the manifest of the last
 * one. */
#ifndef LF_REPORT_REPORT_LEDGER_H
#define LF_REPORT_REPORT_LEDGER_H

#include "base/arena.h"
#include "base/hash.h"
#include "base/index.h"
#include "base/json.h"
#include "base/list.h"
#include "custody/ledger.h"

enum lf_manifest_state { LF_MANIFEST_ABSENT, LF_MANIFEST_ALTERED, LF_MANIFEST_SOUND };

struct lf_report_entry {
	json_t *doc;       /* NULL for a line that is no entry */
	const char *problem; /* of such a line, or what is wrong with its place in the chain; NULL */
	char sha256[2 * LF_SHA256_LEN + 1]; /* of the line, its line feed included */
	enum lf_manifest_state manifest;
	bool own;          /* its files are looked for: it is in its place, or may be where others were taken out */
	bool signature, request, timestamp; /* whether these files are there: nothing here says that they hold */
	char timestamp_sha256[2 * LF_SHA256_LEN + 1]; /* where it is there */
};

struct lf_report_ledger {
	struct lf_ledger ledger;
	const char *name;  /* its path, as given */
	int fd;            /* of it, to read */
	char sha256[2 * LF_SHA256_LEN + 1];
	uint64_t size;
	struct lf_list entries;  /* struct lf_report_entry */
	struct lf_arena arena;   /* of what is said of them */
	uint32_t broken;         /* of them with a problem */
	uint64_t strayed;        /* the highest number of an entry that was not in its place */
	struct lf_list heads;    /* uint32_t: of each case and exhibit the last entry with a sound manifest, and */
	struct lf_index by_exhibit; /* where it stands there */
	json_t *manifest;        /* of the newest entry whose manifest is sound, or NULL */
	uint32_t manifest_of;    /* that entry, from 0 on */
	/* objects of one path and exhibit that differ between two manifests that follow one another */
	uint64_t changed;
};

/* Opens a ledger and the folder of its files to read; *out belongs to the caller. */
int lf_report_ledger_open(const char *path, struct lf_report_ledger **out, struct lf_err *err)
    __attribute__((warn_unused_result));
void lf_report_ledger_free(struct lf_report_ledger *l);

/* Reads the entries, and the files of each.  Fails when it is no ledger; a broken one is told. */
int lf_report_ledger_read(struct lf_report_ledger *l, struct lf_hash *h, struct lf_err *err)
    __attribute__((warn_unused_result));

static inline const struct lf_report_entry *
lf_report_entry_at(const struct lf_report_ledger *l, uint32_t i)
{
	return lf_list_at(&l->entries, i);
}

#endif
