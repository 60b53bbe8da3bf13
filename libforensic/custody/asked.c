/* The entry of a ledger that was asked for, and its manifest. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "custody/custody.h"
#include "custody/store.h"

/* Looks for an entry. */
struct search {
	uint64_t wanted; /* 0 for the last */
	struct lf_buf line;
	unsigned char hash[LF_SHA256_LEN];
	uint64_t place, lines;
};

static int
look(void *arg, const struct lf_ledger_line *line, struct lf_err *err)
{
	struct search *f = arg;

	f->lines = line->number;
	if (f->wanted != 0 && line->number != f->wanted)
		return 0;
	lf_buf_reset(&f->line);
	lf_buf_add(&f->line, line->text, line->len);
	memcpy(f->hash, line->hash, sizeof(f->hash));
	f->place = line->number;
	return f->line.failed ? lf_err_nomem(err) : 0;
}

int
lf_seal_find(struct lf_seal *s, int fd, struct lf_err *err)
{
	struct search f = {.wanted = s->opts.entry};
	struct lf_err why;
	int rc, read = 0;

	lf_buf_init(&f.line);
	rc = lf_ledger_lines(&s->ledger, fd, look, &f, err);
	if (rc == 0 && f.place == 0) {
		rc = 1;
		if (f.wanted == 0)
			lf_err_set(err, "%s holds no entry", s->ledger.path);
		else
			lf_err_set(err, "%s holds no entry %llu", s->ledger.path, (unsigned long long)f.wanted);
	}
	if (rc == 0 && (read = lf_entry_read(lf_buf_str(&f.line), f.line.len, &s->arena, &s->entry, &why)) != 0)
		rc = read < 0 ? lf_err_nomem(err) : -lf_err_set(err, "%s, line %llu: %s", s->ledger.path,
		    (unsigned long long)f.place, why.msg);
	if (rc == 0 && f.wanted != 0 && s->entry.number != f.wanted)
		rc = -lf_err_set(err, "%s, line %llu: it holds entry %llu", s->ledger.path, (unsigned long long)f.place,
		    (unsigned long long)s->entry.number);
	s->end.entries = f.lines;
	memcpy(s->entry_hash, f.hash, sizeof(f.hash));
	lf_buf_free(&f.line);
	return rc;
}

/* What an entry says, read once more from the ledger through line; strings go into arena. */
int
lf_seal_row_read(const struct lf_seal *s, const struct lf_seal_row *r, struct lf_buf *line, struct lf_arena *arena,
    struct lf_entry *out, struct lf_err *err)
{
	char *at;
	int rc;

	lf_buf_reset(line);
	lf_arena_reset(arena);
	if ((at = lf_buf_reserve(line, (size_t)r->len)) == NULL)
		return lf_err_nomem(err);
	if (lf_file_read_at(s->fd, at, (size_t)r->len, r->offset) != 0)
		return lf_err_set(err, "%s has changed since it was checked", s->ledger.path);
	rc = lf_entry_read(at, (size_t)r->len, arena, out, err);
	return rc > 0 ? lf_err_set(err, "%s has changed since it was checked", s->ledger.path) : rc;
}

int
lf_seal_each_row(const struct lf_seal *s,
    void (*each)(void *arg, const struct lf_seal_row *r, const struct lf_entry *e), void *arg, struct lf_err *err)
{
	struct lf_arena arena;
	struct lf_entry e;
	struct lf_buf line;
	int rc = 0;

	lf_arena_init(&arena);
	lf_buf_init(&line);
	for (uint32_t i = 0; i < s->rows.n && rc == 0; i++) {
		const struct lf_seal_row *r = lf_list_at(&s->rows, i);

		if ((rc = lf_seal_row_read(s, r, &line, &arena, &e, err)) == 0)
			each(arg, r, &e);
	}
	lf_buf_free(&line);
	lf_arena_free(&arena);
	return rc;
}

int
lf_seal_manifest_of(const struct lf_seal *s, const struct lf_entry *e, struct lf_manifest *out, struct lf_err *err)
{
	unsigned char hash[LF_SHA256_LEN];
	char name[LF_STORE_NAME];
	struct lf_err why;
	int fd = lf_store_open(&s->ledger, e->number, LF_STORE_MANIFEST), read;
	int rc = fd < 0 && errno != ENOENT && errno != EINVAL ? -1 : 0;

	lf_store_name(e->number, LF_STORE_MANIFEST, name);
	if (fd < 0) {
		lf_err_sys(err, "%s/%s", s->ledger.store, name);
		return rc;
	}
	if ((read = lf_manifest_read(fd, out, hash, &why)) != 0)
		rc = lf_err_set(err, "%s/%s: %s", s->ledger.store, name, why.msg);
	else if (memcmp(hash, e->manifest_hash, sizeof(hash)) != 0)
		lf_err_set(err, "%s/%s is not what entry %llu says: its SHA-256 is another", s->ledger.store, name,
		    (unsigned long long)e->number);
	else
		rc = 1;
	close(fd);
	return read > 0 ? 0 : rc;
}

int
lf_seal_load_manifest(struct lf_seal *s, struct lf_err *err)
{
	return lf_seal_manifest_of(s, &s->entry, &s->manifest, err);
}

int
lf_seal_load(struct lf_seal *s, struct lf_err *err)
{
	int rc = lf_seal_find(s, s->fd, err) == 0 && lf_seal_load_manifest(s, err) > 0 ? 0 : -1;

	lf_ledger_unlock(&s->ledger);
	return rc;
}
