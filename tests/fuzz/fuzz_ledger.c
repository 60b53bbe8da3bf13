/*
 * A ledger of trail-seal, the files of its entries, and the evidence, all hostile.  The input: five bytes that say what is asked
 * (below), and a bundle.  The other opinion on the chain is jansson's and OpenSSL's: nothing that it rejects passes as unbroken,
 * nothing that it accepts is called broken, and of what is verified no bit can be changed.
 */
#include <jansson.h>
#include <openssl/sha.h>
#include <strings.h>

#include "base/text.h"
#include "bundle.h"
#include "custody/custody.h"
#include "custody/store.h"
#include "report/report_ledger.h"

#define STORE "l.jsonl.d/"

enum { LEDGER, MANIFEST, STAMP = 4, SECOND, SECOND_STAMP = 8, SECOND_PENDING, THIRD = 11, CA, ANSWER, TEXT, GZIP };
static const char *const names[] = {
    "l.jsonl", STORE "0001.manifest.json", STORE "0001.p7s", STORE "0001.tsq", STORE "0001.tsr",
    STORE "0002.manifest.json", STORE "0002.p7s", STORE "0002.tsq", STORE "0002.tsr",
    STORE ".0002.manifest.json.pending", STORE ".0002.tsr.pending", STORE "0003.manifest.json",
    "ca.pem", "answer.tsr", "e/a.txt", "e/b.gz",
    STORE "lock",
};

/* What is asked: bits of the first byte. */
enum {
	APPEND = 1,    /* a line is added afterwards */
	HEAD = 2,      /* the hash of the last line was remembered */
	CERT = 4,      /* the authority vouches for signers alone */
	OUTSIDE = 8,   /* the answer was kept elsewhere */
	ATTACH = 16,   /* the answer is attached */
	LOAD = 32,     /* the manifest is written in its forms */
	NO_EVIDENCE = 64,
	REPAIR = 128   /* a forger makes numbers and hashes fit, who has no key */
};

/* ---- The other opinion ---- */

struct opinion {
	size_t lines;
	char head[2 * LF_SHA256_LEN + 1]; /* of the last line */
	bool entries; /* each line is whole, and an entry to the library */
	bool chain;   /* numbers and hashes fit */
	bool files;   /* each manifest is what its entry says */
	bool behind;  /* there is a file of an entry that there is not */
};

static void
hash_hex(const void *bytes, size_t len, char hex[2 * LF_SHA256_LEN + 1])
{
	unsigned char sum[LF_SHA256_LEN];

	SHA256(bytes, len, sum);
	lf_hex_encode(sum, sizeof(sum), hex);
}

/* The length of the first line, its line feed included. */
static size_t
line_len(const char *s, size_t left)
{
	const char *feed = memchr(s, '\n', left);

	return feed == NULL ? left : (size_t)(feed - s) + 1;
}

/* Hashes the manifest of an entry, pending where it has no name yet; false when there is none. */
static bool
hash_manifest(size_t number, char hex[2 * LF_SHA256_LEN + 1])
{
	struct lf_buf b;
	bool there;

	lf_buf_init(&b);
	there = number <= 3 && (bundle_read(names[number == 1 ? MANIFEST : number == 2 ? SECOND : THIRD], &b) ||
	    (number == 2 && bundle_read(names[SECOND_PENDING], &b)));
	hash_hex(lf_buf_str(&b), b.len, hex);
	lf_buf_free(&b);
	return there;
}

/* One line, which has place number; o->head is the hash of the line before. */
static void
look_at(struct opinion *o, const char *s, size_t len, size_t number)
{
	json_t *x = json_loadb(s, len, JSON_REJECT_DUPLICATES, NULL), *manifest = json_object_get(x, "manifest");
	const char *previous = json_string_value(json_object_get(x, "previous"));
	const char *file = json_string_value(json_object_get(manifest, "file"));
	const char *sha256 = json_string_value(json_object_get(manifest, "sha256"));
	char name[32], hex[2 * LF_SHA256_LEN + 1];
	struct lf_arena arena;
	struct lf_entry e;
	struct lf_err err;

	lf_arena_init(&arena);
	o->entries = o->entries && s[len - 1] == '\n' && lf_entry_read(s, len - 1, &arena, &e, &err) == 0;
	o->chain = o->chain && json_integer_value(json_object_get(x, "entry")) == (json_int_t)number &&
	    (number == 1 ? json_is_null(json_object_get(x, "previous")) : previous != NULL && strcasecmp(previous, o->head) == 0);
	snprintf(name, sizeof(name), "%04zu.manifest.json", number);
	o->files = o->files && file != NULL && strcmp(file, name) == 0 && hash_manifest(number, hex) && sha256 != NULL &&
	    strcasecmp(sha256, hex) == 0;
	hash_hex(s, len, o->head);
	json_decref(x);
	lf_arena_free(&arena);
}

static void
look(const struct lf_buf *ledger, struct opinion *o)
{
	const char *s = lf_buf_str(ledger);

	*o = (struct opinion){.entries = true, .chain = true, .files = true};
	for (size_t left = ledger->len, n; left > 0; s += n, left -= n) {
		n = line_len(s, left);
		look_at(o, s, n, ++o->lines);
	}
	for (size_t i = MANIFEST; i <= THIRD; i++)
		o->behind = o->behind || (strchr(names[i], '/')[1] == '0' && faccessat(bundle.root, names[i], F_OK, 0) == 0 &&
		    strtoul(names[i] + strlen(STORE), NULL, 10) > o->lines);
}

/* What a forger does: number, hash of the line before and of the manifest, in each line that is an object. */
static void
repair(void)
{
	char previous[2 * LF_SHA256_LEN + 1] = "", hex[2 * LF_SHA256_LEN + 1];
	struct lf_buf old, new;
	size_t number = 0;

	lf_buf_init(&old);
	lf_buf_init(&new);
	bundle_read(names[LEDGER], &old);
	for (size_t at = 0, n; at < old.len; at += n) {
		size_t from = new.len;
		json_t *x, *manifest;
		char *text;

		n = line_len(old.data + at, old.len - at);
		x = json_loadb(old.data + at, n, 0, NULL);
		manifest = json_object_get(x, "manifest");
		number++;
		json_object_set_new(x, "entry", json_integer((json_int_t)number));
		json_object_set_new(x, "previous", number == 1 ? json_null() : json_string(previous));
		if (hash_manifest(number, hex))
			json_object_set_new(manifest, "sha256", json_string(hex));
		text = json_dumps(x, JSON_COMPACT);
		lf_buf_add(&new, text != NULL ? text : old.data + at, text != NULL ? strlen(text) : n);
		if (text != NULL)
			lf_buf_putc(&new, '\n');
		free(text);
		json_decref(x);
		hash_hex(new.data + from, new.len - from, previous);
	}
	bundle_write(names[LEDGER], lf_buf_str(&new), new.len);
	lf_buf_free(&old);
	lf_buf_free(&new);
}

/* ---- The library's ---- */

struct asked {
	unsigned flags, there;
	const char *head;
};

/* Opens a task; false, with a reason, when it does not begin. */
static bool
begin(const struct asked *a, enum lf_seal_task task, struct lf_case **c, struct lf_seal **s)
{
	char evidence[BUNDLE_PATH], ledger[BUNDLE_PATH], ca[BUNDLE_PATH], answer[BUNDLE_PATH];
	const char *e = bundle_path("e", evidence), *authority = bundle_path(names[CA], ca);
	bool check = task == LF_SEAL_CHECK, trust = (a->there >> CA & 1) != 0 && task != LF_SEAL_MANIFEST;
	struct lf_case_opts co = {.evidence = &e, .n_evidence = 1, .since = LF_TIME_NONE, .until = LF_TIME_NONE, .jobs = 1,
	    .max_object = (uint64_t)1 << 20};
	struct lf_seal_opts o = {.task = task, .ledger = bundle_path(names[LEDGER], ledger), .head = check ? a->head : NULL};
	struct lf_err err = {""};

	if (trust && check && (a->flags & CERT) != 0) {
		o.certs = &authority;
		o.n_certs = 1;
	} else if (trust) {
		o.cas = &authority;
		o.n_cas = 1;
	}
	if (task == LF_SEAL_STAMP || (check && (a->flags & OUTSIDE) != 0 && (a->there >> ANSWER & 1) != 0))
		o.timestamp = bundle_path(names[ANSWER], answer);
	*c = NULL;
	if (check && (a->flags & NO_EVIDENCE) == 0)
		HOLDS(lf_case_open(&co, c, &err) == 0);
	if (lf_seal_open(*c, &o, s, &err) == 0)
		return true;
	HOLDS(err.msg[0] != '\0');
	lf_case_free(*c);
	return false;
}

/* Whether there is a finding that the ledger or a manifest is not what it was. */
static bool
is_broken(const struct lf_seal *s)
{
	for (uint32_t i = 0; i < s->findings.list.n; i++) {
		const struct lf_finding *x = lf_list_at(&s->findings.list, i);

		if (x->id >= LF_F_LEDGER_MALFORMED && x->id <= LF_F_MANIFEST_ALTERED)
			return true;
	}
	return false;
}

/* What would be printed: text that steers no terminal, and JSON. */
static void
print(const struct lf_seal *s)
{
	struct lf_write_opts w = {.detail = true, .reproducible = true, .terminal = true};
	struct lf_buf b;
	struct lf_err err;
	json_t *v;

	lf_buf_init(&b);
	HOLDS(lf_seal_write(s, &w, bundle_collect, &b, &err) == 0);
	for (size_t i = 0; i < b.len; i++)
		HOLDS((unsigned char)b.data[i] >= ' ' || b.data[i] == '\n');
	lf_buf_reset(&b);
	w.format = LF_JSON;
	HOLDS(lf_seal_write(s, &w, bundle_collect, &b, &err) == 0);
	v = json_loadb(lf_buf_str(&b), b.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
	HOLDS(json_is_string(json_object_get(v, "verdict")) && json_is_array(json_object_get(v, "findings")));
	json_decref(v);
	lf_buf_free(&b);
}

/* Whether the hash of a file of the evidence stands in the manifest that was read. */
static bool
is_sealed(const struct lf_seal *s, const char *name)
{
	char hex[2 * LF_SHA256_LEN + 1], sealed[2 * LF_SHA256_LEN + 1];
	bool found = false;
	struct lf_buf b;

	lf_buf_init(&b);
	if (!bundle_read(name, &b))
		found = true;
	hash_hex(lf_buf_str(&b), b.len, hex);
	for (uint32_t i = 0; i < s->manifest.objects.n && !found; i++) {
		lf_hex_encode(lf_manifest_object_at(&s->manifest, i)->hash, LF_SHA256_LEN, sealed);
		found = strcmp(hex, sealed) == 0;
	}
	lf_buf_free(&b);
	return found;
}

/* --check.  Returns whether all was verified. */
static bool
check(const struct asked *a)
{
	struct lf_buf ledger;
	struct opinion o;
	struct lf_case *c;
	struct lf_seal *s;
	struct lf_err err;
	bool verified, broken;

	if (!begin(a, LF_SEAL_CHECK, &c, &s))
		return false;
	lf_buf_init(&ledger);
	bundle_read(names[LEDGER], &ledger);
	look(&ledger, &o);
	lf_buf_free(&ledger);
	HOLDS(lf_seal_run(s, &err) == 0);
	verified = lf_seal_verdict(s) == LF_VERIFIED;
	broken = is_broken(s);
	HOLDS(broken || (o.lines > 0 && o.entries && o.chain && o.files && !o.behind));
	HOLDS(!broken || o.lines == 0 || !o.entries || !o.chain || !o.files || o.behind || a->head != NULL || s->opts.timestamp != NULL ||
	    (c != NULL && !s->compared));
	HOLDS(!verified || (!broken && s->anchored == o.lines && (c == NULL || s->compared)));
	HOLDS(!verified || c == NULL || (is_sealed(s, names[TEXT]) && is_sealed(s, names[GZIP])));
	print(s);
	lf_seal_free(s);
	lf_case_free(c);
	return verified;
}

/* One bit or more of the ledger, a manifest or the evidence that were verified. */
static void
tamper(const struct asked *a, unsigned which, unsigned at, unsigned mask)
{
	static const unsigned files[] = {LEDGER, LEDGER, MANIFEST, SECOND, TEXT, GZIP};
	unsigned file = files[which % (sizeof(files) / sizeof(files[0]))], bits = mask != 0 ? mask : 1;
	struct lf_buf b;

	lf_buf_init(&b);
	if ((file < TEXT || (a->flags & NO_EVIDENCE) == 0) && bundle_read(names[file], &b) && b.len > 0) {
		b.data[at % b.len] = (char)((unsigned char)b.data[at % b.len] ^ bits);
		bundle_write(names[file], b.data, b.len);
		HOLDS(!check(a));
		b.data[at % b.len] = (char)((unsigned char)b.data[at % b.len] ^ bits);
		bundle_write(names[file], b.data, b.len);
	}
	lf_buf_free(&b);
}

/* trail-report's own reader is of the same opinion. */
static void
report(const struct opinion *o)
{
	char path[BUNDLE_PATH];
	struct lf_report_ledger *l;
	struct lf_err err = {""};
	struct lf_hash *h = lf_hash_new(&err);

	HOLDS(h != NULL);
	if (lf_report_ledger_open(bundle_path(names[LEDGER], path), &l, &err) == 0) {
		if (lf_report_ledger_read(l, h, &err) == 0) {
			HOLDS(l->entries.n == o->lines);
			HOLDS((l->broken == 0) == (o->entries && o->chain));
		}
		lf_report_ledger_free(l);
	}
	lf_hash_free(h);
}

/* ---- What is written ---- */

static bool
is_still(const char *name, const struct lf_buf *before)
{
	struct lf_buf now;
	bool same;

	lf_buf_init(&now);
	bundle_read(name, &now);
	same = now.len == before->len && memcmp(lf_buf_str(&now), lf_buf_str(before), now.len) == 0;
	lf_buf_free(&now);
	return same;
}

/* A line is added to a sound ledger, and to no other; the old lines stay. */
static void
append(const struct opinion *o, struct lf_buf *ledger, unsigned there)
{
	bool conflict = (there >> SECOND & 1) != 0 && (there >> SECOND_PENDING & 1) != 0 && o->lines >= 2;
	bool sound = o->entries && o->chain && !o->behind;
	char path[BUNDLE_PATH];
	struct lf_ledger_next next;
	struct lf_err err = {""};
	struct lf_ledger l;
	int rc;

	HOLDS(lf_ledger_open(&l, bundle_path(names[LEDGER], path), LF_LEDGER_ADD, &err) == 0);
	rc = lf_ledger_prepare(&l, &next, &err);
	HOLDS(rc == 0 ? sound && next.end.entries == o->lines : (!sound || conflict) && err.msg[0] != '\0');
	if (rc == 0) {
		HOLDS(lf_ledger_commit(&l, &next, "more\n", 5, &err) == 0);
		lf_buf_add(ledger, "more\n", 5);
		lf_ledger_drop(&next);
	}
	lf_ledger_close(&l);
	HOLDS(ledger->len == 0 || is_still(names[LEDGER], ledger));
	HOLDS(faccessat(bundle.root, ".l.jsonl.next", F_OK, 0) != 0);
}

/* An answer is attached as it is, or not; neither the ledger nor another answer changes. */
static void
attach(const struct asked *a, const struct lf_buf *ledger)
{
	static const unsigned stamps[] = {STAMP, SECOND_STAMP};
	struct lf_buf before[2], answer;
	struct lf_case *c;
	struct lf_seal *s;
	struct lf_err err = {""};
	bool there[2];

	if ((a->there >> ANSWER & 1) == 0 || !begin(a, LF_SEAL_STAMP, &c, &s))
		return;
	lf_buf_init(&answer);
	bundle_read(names[ANSWER], &answer);
	for (size_t i = 0; i < 2; i++) {
		lf_buf_init(&before[i]);
		there[i] = bundle_read(names[stamps[i]], &before[i]);
	}
	HOLDS(lf_seal_run(s, &err) == 0 || err.msg[0] != '\0');
	HOLDS(is_still(names[LEDGER], ledger));
	for (size_t i = 0; i < 2; i++) {
		HOLDS(!there[i] || is_still(names[stamps[i]], &before[i]));
		HOLDS(there[i] || faccessat(bundle.root, names[stamps[i]], F_OK, 0) != 0 || is_still(names[stamps[i]], &answer));
		lf_buf_free(&before[i]);
	}
	lf_buf_free(&answer);
	lf_seal_free(s);
}

/* A manifest that is written and read again is the same. */
static void
again(const struct lf_buf *text)
{
	int fd = openat(bundle.root, ".", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
	unsigned char hash[LF_SHA256_LEN];
	struct lf_manifest m;
	struct lf_buf b;
	struct lf_err err;

	lf_buf_init(&b);
	lf_manifest_init(&m);
	HOLDS(fd >= 0 && write(fd, text->data, text->len) == (ssize_t)text->len);
	HOLDS(lf_manifest_read(fd, &m, hash, &err) == 0);
	HOLDS(lf_manifest_json(&m, bundle_collect, &b, &err) == 0);
	HOLDS(b.len == text->len && memcmp(b.data, text->data, b.len) == 0);
	lf_manifest_free(&m);
	lf_buf_free(&b);
	close(fd);
}

static void
load(const struct asked *a)
{
	struct lf_err err = {""};
	struct lf_case *c;
	struct lf_seal *s;
	struct lf_buf b;

	if (!begin(a, LF_SEAL_MANIFEST, &c, &s))
		return;
	lf_buf_init(&b);
	if (lf_seal_run(s, &err) == 0) {
		HOLDS(lf_seal_manifest(s, LF_MANIFEST_JSON, 0, bundle_collect, &b, &err) == 0);
		again(&b);
		HOLDS(lf_seal_manifest(s, LF_MANIFEST_HASHDEEP, 0, bundle_collect, &b, &err) == 0);
		HOLDS(lf_seal_manifest(s, LF_MANIFEST_DFXML, 0, bundle_collect, &b, &err) == 0);
		for (unsigned i = 0; lf_bag_file(i) != NULL; i++)
			HOLDS(lf_seal_manifest(s, LF_MANIFEST_BAGIT, i, bundle_collect, &b, &err) == 0);
		fuzz_touch(b.data, b.len);
	} else {
		HOLDS(err.msg[0] != '\0');
	}
	lf_buf_free(&b);
	lf_seal_free(s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = {data, size};
	struct asked a = {.flags = fuzz_byte(&in)};
	unsigned which = fuzz_byte(&in), at = fuzz_short(&in), mask = fuzz_byte(&in);
	struct lf_buf ledger;
	struct opinion o;

	bundle_make(names, sizeof(names) / sizeof(names[0]));
	a.there = bundle_lay_out(in);
	if ((a.flags & REPAIR) != 0 && (a.there >> LEDGER & 1) != 0)
		repair();
	lf_buf_init(&ledger);
	bundle_read(names[LEDGER], &ledger);
	look(&ledger, &o);
	a.head = (a.flags & HEAD) != 0 && o.lines > 0 ? o.head : NULL;
	if (check(&a))
		tamper(&a, which, at, mask);
	report(&o);
	if ((a.flags & LOAD) != 0)
		load(&a);
	if ((a.flags & ATTACH) != 0)
		attach(&a, &ledger);
	if ((a.flags & APPEND) != 0 && (a.flags & ATTACH) == 0)
		append(&o, &ledger, a.there);
	lf_buf_free(&ledger);
	return 0;
}
