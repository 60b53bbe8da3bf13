/* S3 object metadata in any form: what is told can be found again by its name, and is taken back whole. */
#include "evidence/meta.h"
#include "evidence/meta_forms.h"
#include "fuzz.h"

static int
take(void *arg, const struct lf_meta_fact *f, struct lf_err *err)
{
	const struct lf_slice parts[] = {f->bucket, f->key, f->signature, f->algorithm, f->backfill};

	(void)err;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		fuzz_touch(parts[i].s, parts[i].len);
	++*(unsigned *)arg;
	return 0;
}

static bool
found(const struct lf_meta *m, const struct lf_meta_entry *want)
{
	const struct lf_meta_entry *e;
	size_t cursor = 0;

	while ((e = lf_meta_next(m, want->key, &cursor)) != NULL)
		if (e == want)
			return true;
	return false;
}

static void
add(struct lf_meta *m, const char *name, const char *text, size_t len)
{
	struct lf_err err;
	bool known;

	HOLDS(lf_meta_add(m, name, text, len, &known, &err) == 0);
	HOLDS(known || m->entries.n == 0);
	for (uint32_t i = 0; i < m->entries.n; i++) {
		const struct lf_meta_entry *e = lf_list_at(&m->entries, i);

		HOLDS(e->key != NULL && e->from != NULL && !e->used);
		HOLDS(found(m, e));
	}
	HOLDS(lf_meta_rewind(m, 0, &err) == 0 && m->entries.n == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_copy(data, size);
	struct lf_meta_fact f = {{NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}};
	unsigned facts = 0;
	struct lf_meta m;
	struct lf_err err;
	size_t used;
	bool known;

	lf_meta_init(&m);
	add(&m, "x/111122223333_CloudTrail-Digest_us-east-1_t_us-east-1_20240301T000131Z.json.gz.meta.json", text, size);
	add(&m, "heads.txt", text, size);
	lf_meta_free(&m);
	lf_meta_plausible(text, size);
	HOLDS(lf_meta_parse(text, size, take, &facts, &known, &err) == 0 && (known || facts == 0));
	HOLDS(lf_meta_headers(text, size, take, &facts, &known, &err) == 0);
	if (lf_meta_flat(text, size, &f, &used)) {
		HOLDS(used <= size);
		take(&facts, &f, &err);
	}
	free(text);
	return 0;
}
