#include <stdlib.h>

#include "base/text.h"
#include "report/seal_form.h"

int
lf_seal_write(const struct lf_seal *s, const struct lf_write_opts *o, lf_write_fn *write, void *arg, struct lf_err *err)
{
	/* In the order of enum lf_format. */
	static int (*const writers[])(const struct lf_seal *, const struct lf_write_opts *, lf_write_fn *, void *,
	    struct lf_err *) = {lf_seal_text, lf_seal_json};

	return writers[o->format](s, o, write, arg, err);
}

int
lf_seal_manifest(const struct lf_seal *s, enum lf_manifest_format format, unsigned part, lf_write_fn *write, void *arg,
    struct lf_err *err)
{
	switch (format) {
	case LF_MANIFEST_HASHDEEP:
		return lf_seal_hashdeep(s, write, arg, err);
	case LF_MANIFEST_BAGIT:
		return lf_seal_bag(s, part, write, arg, err);
	case LF_MANIFEST_DFXML:
		return lf_seal_dfxml(s, write, arg, err);
	default:
		return lf_manifest_json(&s->manifest, write, arg, err);
	}
}

/* ---- Findings ---- */

/* Findings lie where they were added: of one id, the first is the one with the smaller place. */
struct placed {
	const struct lf_finding *x;
	uint32_t place;
};

static int
placed_cmp(const void *x, const void *y)
{
	const struct placed *a = x, *b = y;

	if (a->x->id != b->x->id)
		return (int)a->x->id - (int)b->x->id;
	return (a->place > b->place) - (a->place < b->place);
}

const struct lf_finding **
lf_seal_findings(const struct lf_seal *s)
{
	uint32_t n = s->findings.list.n;
	const struct lf_finding **list = calloc((size_t)n + 1, sizeof(*list));
	struct placed *order = calloc((size_t)n + 1, sizeof(*order));

	if (list != NULL && order != NULL) {
		for (uint32_t i = 0; i < n; i++)
			order[i] = (struct placed){lf_list_at(&s->findings.list, i), i};
		qsort(order, n, sizeof(*order), placed_cmp);
		for (uint32_t i = 0; i < n; i++)
			list[i] = order[i].x;
	} else {
		free(list);
		list = NULL;
	}
	free(order);
	return list;
}

const char *
lf_seal_limit(size_t i)
{
	static const char *const limits[] = {
	    "That the evidence is genuine: a seal proves that it is what was sealed, not what it was before. trail-verify "
	    "looks at that.",
	    "That whoever is named did what the entry says: a signature proves that somebody used the key.",
	    "That a certificate had not been revoked: nothing is asked over a network.",
	    "When an entry was made, but for a time stamp of an authority that is trusted: other times are those of this "
	    "machine's clock.",
	    "That an end which nobody remembered was not cut off: keep the head, or a time stamp, where who can write the "
	    "ledger cannot.",
	};

	return i < sizeof(limits) / sizeof(limits[0]) ? limits[i] : NULL;
}

/* ---- Notes ---- */

static void
say_printable(void (*say)(void *arg, const char *line), void *arg, const struct lf_buf *text)
{
	struct lf_buf shown;

	lf_buf_init(&shown);
	lf_text_terminal(&shown, lf_buf_str(text), text->len);
	if (!text->failed && !shown.failed)
		say(arg, lf_buf_str(&shown));
	lf_buf_free(&shown);
}

/* A new entry, of which a manifest says nothing: its head, and whether it is other evidence than before. */
static void
say_sealed(const struct lf_seal *s, void (*say)(void *arg, const char *line), void *arg, struct lf_buf *line)
{
	char hex[2 * LF_SHA256_LEN + 1];

	lf_hex_encode(s->entry_hash, LF_SHA256_LEN, hex);
	lf_buf_reset(line);
	lf_buf_printf(line, "sealed: entry %llu of %s, head %s", (unsigned long long)s->entry.number, s->ledger.path, hex);
	say_printable(say, arg, line);
	for (uint32_t i = 0; i < s->findings.list.n; i++) {
		const struct lf_finding *x = lf_list_at(&s->findings.list, i);

		if (x->id != LF_F_CUSTODY_DIFFERS)
			continue;
		lf_buf_reset(line);
		lf_buf_printf(line, "%s: %s", lf_finding_kind(x->id)->name, x->message);
		say_printable(say, arg, line);
	}
}

/* A time stamp that is beside its entry now. */
static void
say_attached(const struct lf_seal *s, void (*say)(void *arg, const char *line), void *arg, struct lf_buf *line)
{
	lf_buf_reset(line);
	lf_buf_printf(line, "attached: the time stamp of entry %llu of %s", (unsigned long long)s->entry.number, s->ledger.path);
	say_printable(say, arg, line);
}

void
lf_seal_notes(const struct lf_seal *s, bool detail, void (*say)(void *arg, const char *line), void *arg)
{
	struct lf_buf line, where;
	uint64_t feeds = 0;

	lf_buf_init(&line);
	lf_buf_init(&where);
	if (s->opts.task == LF_SEAL_APPEND && s->entry.number > 0)
		say_sealed(s, say, arg, &line);
	if (s->opts.task == LF_SEAL_STAMP && lf_seal_count(s, LF_ALERT) == 0)
		say_attached(s, say, arg, &line);
	for (uint32_t i = 0; i < s->manifest.objects.n; i++) {
		const struct lf_manifest_object *o = lf_manifest_object_at(&s->manifest, i);

		feeds += o->problem == NULL && lf_has_line_feed(o->path);
		if (o->problem == NULL || !detail)
			continue;
		lf_buf_reset(&line);
		lf_manifest_locator(&s->manifest, o, &line);
		lf_buf_printf(&line, ": %s", o->problem);
		say_printable(say, arg, &line);
	}
	lf_buf_reset(&line);
	if (feeds > 0)
		lf_buf_printf(&line, "%llu names hold a line feed: a list for hashdeep leaves them out, and a bag writes it as %%0A",
		    (unsigned long long)feeds);
	if (feeds > 0)
		say_printable(say, arg, &line);
	lf_buf_free(&line);
	lf_buf_free(&where);
}
