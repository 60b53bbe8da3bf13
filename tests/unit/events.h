/* Events made of text, for the tests of what is done with them. */
#ifndef LF_TEST_EVENTS_H
#define LF_TEST_EVENTS_H

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/event.h"
#include "record/scan.h"
#include "bytes.h"

/* Reads one record, which must be whole. */
static inline void
event_read(const char *json, size_t len, struct lf_event *e)
{
	struct lf_scan s;

	lf_scan_init(&s, json, len);
	if (lf_scan_next(&s) != LF_TOKEN_OBJECT || !lf_event_read(&s, NULL, e))
		abort();
}

/* Calls each(arg, event) for the records of a log, {"Records": [...]} or a bare array. */
static inline void
events_of_log(const char *path, void (*each)(void *arg, const struct lf_event *e), void *arg)
{
	struct lf_scan s;
	struct lf_event e;
	size_t len = 0;
	char *text = bytes_of_file(path, &len);

	if (text == NULL)
		abort();
	lf_scan_init(&s, text, len);
	if (lf_scan_next(&s) == LF_TOKEN_OBJECT && (lf_scan_next(&s) != LF_TOKEN_KEY || lf_scan_next(&s) != LF_TOKEN_ARRAY))
		abort();
	while (lf_scan_next(&s) == LF_TOKEN_OBJECT) {
		if (!lf_event_read(&s, NULL, &e))
			abort();
		each(arg, &e);
	}
	free(text);
}

/* The same for all .json files of a folder below $SHARED_DATA; false where that is absent. */
static inline bool
events_of_folder(const char *name, void (*each)(void *arg, const struct lf_event *e), void *arg)
{
	const char *root = getenv("SHARED_DATA");
	char folder[4096], path[8192];
	const struct dirent *d;
	DIR *dir;

	snprintf(folder, sizeof(folder), "%s/%s", root == NULL ? "/nonexistent" : root, name);
	dir = opendir(folder);
	if (dir == NULL)
		return false;
	while ((d = readdir(dir)) != NULL) {
		size_t len = strlen(d->d_name);
		if (len < 5 || strcmp(d->d_name + len - 5, ".json") != 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, d->d_name);
		events_of_log(path, each, arg);
	}
	closedir(dir);
	return true;
}

#endif
