/*
 * A folder that trail-carve has written, as evidence (trail-carve(1), FILES): whole files in files/, and in
 * records.jsonl every record that was found.  The rest are lists of places, reports, and parts of logs whose records
 * stand in records.jsonl.
 */
#ifndef LF_RECORD_CARVED_H
#define LF_RECORD_CARVED_H

#include <stdbool.h>
#include <stddef.h>

enum lf_carved {
	LF_CARVED_NONE,   /* nothing of it by its name */
	LF_CARVED_ASIDE,  /* no evidence in itself */
	LF_CARVED_RECORDS /* records.jsonl */
};

/*
 * What the name of path is.  *root is the length of what stands in front of the folder's own names, "out/" of
 * "out/partial/0.map".
 */
enum lf_carved lf_carved_name(const char *path, size_t len, size_t *root);

/* Whether bytes are the first ones of carve.jsonl, which may be empty. */
bool lf_carved_is_list(const char *bytes, size_t len);

/* What the state of a row of records.jsonl says of its record. */
enum lf_carved_state {
	LF_CARVED_LOOSE,  /* complete, and in no whole file */
	LF_CARVED_WHOLE,  /* complete, and in a file of files/ */
	LF_CARVED_PART    /* incomplete */
};
enum lf_carved_state lf_carved_state(const char *word, size_t len);

/* Whether a row of records.jsonl (its text) has a record that is complete and stands in no whole file. */
bool lf_carved_has_loose(const char *text, size_t len);

#endif
