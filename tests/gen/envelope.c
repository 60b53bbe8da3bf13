/* The events of the bucket once more, in the containers in which they are handed over besides. */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "gen.h"

/* The files of one form. */
struct job {
	struct gen *g;
	const struct form *form;
	unsigned files;
	size_t events;
};

/* The end of the JSON value that starts at p: of a scalar, the first byte that is none of it. */
static const char *
value_end(const char *p, const char *end)
{
	unsigned depth = 0;

	do {
		if (*p == '"') {
			for (p++; *p != '"'; p++)
				p += *p == '\\';
			p++;
		} else if (*p == '{' || *p == '[') {
			depth++;
			p++;
		} else if (*p == '}' || *p == ']') {
			depth--;
			p++;
		} else {
			p++;
		}
		if (depth == 0 && (p == end || strchr(",}]:", *p) != NULL))
			return p;
	} while (p < end);
	errx(2, "a record that was just made cannot be read");
}

/* Find the value of a member of a record, as it stands there. */
bool
record_member(const struct text *record, const char *name, struct text *out)
{
	const char *p = record->p + 1, *end = record->p + record->len - 1, *key, *colon;

	while (p < end) {
		key = p;
		colon = value_end(p, end);
		p = value_end(colon + 1, end);
		if ((size_t)(colon - key) == strlen(name) + 2 &&
		    strncmp(key + 1, name, strlen(name)) == 0) {
			*out = (struct text){colon + 1, (size_t)(p - colon - 1)};
			return true;
		}
		p += p < end;
	}
	return false;
}

/* The records of a log: {"Records":[...]}. */
static size_t
split(const struct buf *log, struct text **out)
{
	const char *p = strchr(log->p, '[') + 1, *end = log->p + log->len - 2, *next;
	struct text *v = NULL;
	size_t n = 0;

	for (; p < end; p = next + (next < end)) {
		next = value_end(p, end);
		if (n % 64 == 0)
			v = xrealloc(v, n + 64, sizeof(*v));
		v[n++] = (struct text){p, (size_t)(next - p)};
	}
	*out = v;
	return n;
}

/* Write one log's events in the form of the job. */
static void
envelope_log(const char *path, void *arg)
{
	struct job *j = arg;
	struct buf z = {0}, log = {0}, out = {0}, packed = {0};
	struct text *records = NULL;
	char *name;
	size_t n;

	if (strstr(path, "/CloudTrail/") == NULL || strlen(path) < 8 ||
	    strcmp(path + strlen(path) - 8, ".json.gz") != 0)
		return;
	file_read(path, &z);
	if (!gz_unpack(&log, z.p, z.len))
		errx(2, "%s: not gzip", path);
	n = split(&log, &records);
	j->form->write(j->g, records, n, &out);
	if (j->form->gzip)
		gz_pack(j->g, &packed, out.p, out.len);
	name =
	    xasprintf("%s/other/%s/%06u%s", j->g->o.out, j->form->name, j->files++, j->form->file);
	file_write(name, j->form->gzip ? packed.p : out.p, j->form->gzip ? packed.len : out.len);
	j->events += n;
	free(name);
	free(records);
	buf_free(&z);
	buf_free(&log);
	buf_free(&out);
	buf_free(&packed);
}

/* Write DIR/other/FORM/N for each form that was asked for, and say so in facts.json. */
void
envelope_make(struct gen *g)
{
	struct job j = {.g = g};
	char *dir[2];
	unsigned i, k;

	if (g->o.nenvelopes == 0)
		return;
	dir[0] = xasprintf("%s/bucket", g->o.out);
	dir[1] = g->o.bucket_change >= 0 ? xasprintf("%s/bucket2", g->o.out) : NULL;
	buf_str(&g->extra, "  \"envelopes\": [");
	for (i = 0; i < g->o.nenvelopes; i++) {
		for (k = 0; strcmp(envelope_forms[k].name, g->o.envelope[i]) != 0; k++)
			;
		j.form = &envelope_forms[k];
		j.files = 0;
		j.events = 0;
		for (k = 0; k < 2 && dir[k] != NULL; k++)
			file_walk(dir[k], envelope_log, &j);
		buf_fmt(&g->extra, "%s{\"form\": \"%s\", \"files\": %u, \"events\": %zu}",
		    i ? ", " : "", j.form->name, j.files, j.events);
	}
	buf_str(&g->extra, "],\n");
	free(dir[0]);
	free(dir[1]);
}
