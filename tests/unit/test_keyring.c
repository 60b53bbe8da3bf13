#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/base64.h"
#include "base/buf.h"
#include "base/text.h"
#include "proof/keyring.h"

/* One key of 1024 bits made for this test, in both forms, with the MD5 that md5sum gives for each. */
#define PKCS1 \
	"MIGJAoGBAM1xPIJyWMFNW8sPb4REfMKGWwbcGeq1oEoGUppg+sQ1aSmOozM+sq89xBYy7iXepo3daFfTuqPTZYcUP3mG" \
	"kmJpmgjPFC7lxepMC90BkQq3x1mp0v/VdxSnf8IaACZeoKJNYk80H9l+RYHigU1/+KbAUsnqr7D5RUzrWXrKM69NAgMB" \
	"AAE="
#define SPKI \
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDNcTyCcljBTVvLD2+ERHzChlsG3BnqtaBKBlKaYPrENWkpjqMzPrKv" \
	"PcQWMu4l3qaN3WhX07qj02WHFD95hpJiaZoIzxQu5cXqTAvdAZEKt8dZqdL/1XcUp3/CGgAmXqCiTWJPNB/ZfkWB4oFN" \
	"f/imwFLJ6q+w+UVM61l6yjOvTQIDAQAB"
#define SMALL \
	"MEgCQQDJE0OHuOE1Koro7aW1k28hdc6WbG9Al4bHQAXgDqdxuQiNzBy76fdCEkkJXMVLMy+TV3Z9CqT8jrhrdpHZSI9T" \
	"AgMBAAE="
#define CURVE \
	"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAENLSlhG0rBpDiMjeB/f5LftiVaWOWo0IlUVKbg21ZA0yXnP9fYP2VTyMu" \
	"oGDK3IBd/okuXHX/2DWmQ/0PIyXG1A=="
#define PKCS1_MD5 "81dbf2fa9e273d57060cbdcb49818c24"
#define SPKI_MD5  "d8e1b1e4c689d8dab3fce8edff841ca4"
#define OTHER_MD5 "0123456789abcdef0123456789abcdef"

#define LIST(keys)        "{\"PublicKeyList\": [" keys "]}"
#define KEY(value, more)  "{\"Value\": \"" value "\"" more "}"
#define PEM(label, value) "-----BEGIN " label "-----\n" value "\n-----END " label "-----\n"
#define NO_KEY            "holds no public key: "

struct fixture {
	char path[64];
	struct lf_keyring ring;
	struct lf_err err;
};

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	int fd;

	strcpy(f->path, "/tmp/test_keyring.XXXXXX");
	fd = mkstemp(f->path);
	close(fd);
	lf_keyring_init(&f->ring);
	*state = f;
	return fd < 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	unlink(f->path);
	lf_keyring_free(&f->ring);
	free(f);
	return 0;
}

static int
load_bytes(struct fixture *f, const void *bytes, size_t len)
{
	FILE *out = fopen(f->path, "wb");

	assert_non_null(out);
	assert_int_equal(fwrite(bytes, 1, len, out), len);
	assert_int_equal(fclose(out), 0);
	return lf_keyring_load(&f->ring, f->path, &f->err);
}

static int
load(struct fixture *f, const char *text)
{
	return load_bytes(f, text, strlen(text));
}

static void
load_fresh(struct fixture *f, const char *text)
{
	lf_keyring_free(&f->ring);
	lf_keyring_init(&f->ring);
	if (load(f, text) != 0)
		fail_msg("%s\n%s", f->err.msg, text);
}

static struct lf_key *
key_at(const struct fixture *f, uint32_t i)
{
	assert_in_range(i, 0, f->ring.keys.n - 1);
	return lf_list_at(&f->ring.keys, i);
}

static unsigned
count(const struct fixture *f, const char *fingerprint)
{
	size_t cursor = 0;
	unsigned n = 0;

	while (lf_keyring_next(&f->ring, fingerprint, &cursor) != NULL)
		n++;
	return n;
}

/* Expects a file to be refused, with the file's name and these words in the message. */
static void
refused(struct fixture *f, const char *text, const char *words)
{
	lf_keyring_free(&f->ring);
	lf_keyring_init(&f->ring);
	f->err.msg[0] = '\0';
	assert_int_equal(load(f, text), -1);
	if (strncmp(f->err.msg, f->path, strlen(f->path)) != 0 || strstr(f->err.msg, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", f->err.msg, words);
}

static void
test_list(void **state)
{
	struct fixture *f = *state;
	const struct lf_keyfile *file;
	const struct lf_key *k;

	load_fresh(f, LIST(KEY(PKCS1, ", \"ValidityStartTime\": 1436317441.0, \"ValidityEndTime\": "
	    "1438909441, \"Fingerprint\": \"81DBF2FA9E273D57060CBDCB49818C24\"")));
	k = key_at(f, 0);
	assert_string_equal(k->fingerprint, PKCS1_MD5);
	assert_string_equal(k->stated, PKCS1_MD5);
	assert_int_equal(k->valid_from, 1436317441);
	assert_int_equal(k->valid_until, 1438909441);
	assert_int_equal(lf_rsa_bits(k->rsa), 1024);
	assert_int_equal(k->file, 0);
	assert_false(k->used);
	file = lf_list_at(&f->ring.files, 0);
	assert_string_equal(file->name, f->path);
	assert_int_equal(file->n_keys, 1);
	assert_int_equal(strlen(file->sha256), 64);
}

static void
test_list_spellings(void **state)
{
	static const char *const good[] = {
	    "{\"publicKeyList\": [" KEY(PKCS1, "") "]}",
	    "{\"PublicKeyList\": [{\"value\": \"" PKCS1 "\"}], \"NextToken\": null}",
	    LIST(KEY(SPKI, "")),
	    LIST(KEY("-----BEGIN PUBLIC KEY-----\\n" SPKI "\\n-----END PUBLIC KEY-----\\n", "")),
	    LIST(KEY(PKCS1, ", \"Fingerprint\": null, \"ValidityStartTime\": null")),
	    LIST(KEY(PKCS1, ", \"Fingerprint\": \"\"")),
	    "\n\t " LIST(KEY(PKCS1, "")) "\r\n\r\n",
	    "\xef\xbb\xbf" LIST(KEY(PKCS1, "")),
	    LIST("") "\n" LIST(KEY(PKCS1, "")),
	};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		load_fresh(*state, good[i]);
		assert_int_equal(count(*state, PKCS1_MD5), 1);
		assert_int_equal(count(*state, SPKI_MD5), 1);
		assert_string_equal(key_at(*state, 0)->stated, "");
	}
}

static void
test_times(void **state)
{
	static const struct {
		const char *json;
		int64_t want;
	} rows[] = {
	    {"1436317441", 1436317441},
	    {"1436317441.75", 1436317441},
	    {"1.436317441E9", 1436317441},
	    {"\"1436317441\"", 1436317441},
	    {"\"1436317441.0\"", 1436317441},
	    {"\"2015-07-08T01:04:01Z\"", 1436317441},
	    {"\"2015-07-08T01:04:01+00:00\"", 1436317441},
	    {"\"2015-07-08T12:04:01+11:00\"", 1436317441},
	    {"\"2015-07-07T18:04:01.123000-07:00\"", 1436317441},
	    {"0", 0},
	    {"null", LF_TIME_NONE},
	};
	char text[1024];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(text, sizeof(text), LIST(KEY(PKCS1, ", \"ValidityStartTime\": %s")), rows[i].json);
		load_fresh(*state, text);
		assert_int_equal(key_at(*state, 0)->valid_from, rows[i].want);
		assert_int_equal(key_at(*state, 0)->valid_until, LF_TIME_NONE);
	}
}

static void
test_bad_times(void **state)
{
	static const char *const bad[] = {"\"yesterday\"", "\"2015-07-08T01:04:01\"", "\"\"", "true", "[]",
	    "-1", "1e300", "253402300800", "\"\\\"1436317441\\\"\"", "\"1436317441 x\""};
	char text[1024];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), LIST(KEY(PKCS1, "") ", " KEY(PKCS1, ", \"ValidityEndTime\": %s")),
		    bad[i]);
		refused(*state, text, "key 2: ValidityEndTime is neither");
	}
}

static void
test_concatenated(void **state)
{
	static const char *const joins[] = {"", "\n", " \t\r\n\n"};
	char text[4096];

	for (size_t i = 0; i < sizeof(joins) / sizeof(joins[0]); i++) {
		snprintf(text, sizeof(text), "%s%s%s%s%s", LIST(KEY(PKCS1, "")), joins[i], LIST(""), joins[i],
		    LIST(KEY(SPKI, "") "," KEY(PKCS1, "")));
		load_fresh(*state, text);
		assert_int_equal(((struct fixture *)*state)->ring.keys.n, 3);
		assert_string_equal(key_at(*state, 1)->fingerprint, SPKI_MD5);
	}
	refused(*state, LIST(KEY(PKCS1, "")) "\n{\"Records\": []}", NO_KEY "it is JSON without a PublicKeyList");
	refused(*state, LIST(KEY(PKCS1, "")) "\nrubbish", "no valid JSON behind key 1: line 1");
	refused(*state, LIST(KEY(PKCS1, "") "," KEY(PKCS1, "")) LIST(KEY("AAAA", "")), "key 3: ");
}

static void
test_pem(void **state)
{
	struct fixture *f = *state;

	load_fresh(f, "exhibit 4\n" PEM("PUBLIC KEY", SPKI) "then\r\n" PEM("RSA PUBLIC KEY", PKCS1));
	assert_int_equal(f->ring.keys.n, 2);
	assert_string_equal(key_at(f, 0)->fingerprint, SPKI_MD5);
	assert_string_equal(key_at(f, 1)->fingerprint, PKCS1_MD5);
	assert_int_equal(key_at(f, 1)->valid_from, LF_TIME_NONE);
	/* CloudTrail names a key by the form it published: the one given may be the other. */
	assert_int_equal(count(f, PKCS1_MD5), 2);
	assert_int_equal(count(f, SPKI_MD5), 2);
}

static void
test_bad_pem(void **state)
{
	refused(*state, PEM("PUBLIC KEY", SPKI) PEM("CERTIFICATE", "AAAA"), "key 2: a PEM block of CERTIFICATE");
	refused(*state, PEM("PRIVATE KEY", "AAAA"), "key 1: a PEM block of PRIVATE KEY");
	refused(*state, PEM("PUBLIC KEY", SPKI) "-----BEGIN PUBLIC KEY-----\n" SPKI, "key 2: its PEM block has no end");
	refused(*state, PEM("PUBLIC KEY", "!!!!"), "key 1: its PEM block is not base64");
	refused(*state, PEM("PUBLIC KEY", CURVE), "key 1: no RSA public key");
	refused(*state, PEM("RSA PUBLIC KEY", SMALL), "key 1: RSA modulus of 512 bits");
	refused(*state, PEM("PUBLIC \033[31mKEY", SPKI), "PUBLIC \\x1b[31mKEY");
}

static void
test_der(void **state)
{
	static const char *const forms[] = {PKCS1, SPKI};
	struct fixture *f = *state;
	struct lf_buf der;

	lf_buf_init(&der);
	for (unsigned i = 0; i < 2; i++) {
		lf_buf_reset(&der);
		assert_true(lf_base64_decode(forms[i], strlen(forms[i]), &der));
		assert_int_equal(load_bytes(f, der.data, der.len), 0);
		assert_string_equal(key_at(f, i)->fingerprint, i == 0 ? PKCS1_MD5 : SPKI_MD5);
		assert_int_equal(key_at(f, i)->file, i);
	}
	for (size_t len = 0; len < der.len; len++)
		assert_int_equal(load_bytes(f, der.data, len), -1);
	lf_buf_putc(&der, '\n');
	assert_int_equal(load_bytes(f, der.data, der.len), -1);
	assert_non_null(strstr(f->err.msg, "key 1: "));
	lf_buf_free(&der);
}

static void
test_mismatch(void **state)
{
	struct fixture *f = *state;

	load_fresh(f, LIST(KEY(PKCS1, ", \"Fingerprint\": \"" OTHER_MD5 "\"")));
	assert_string_equal(key_at(f, 0)->stated, OTHER_MD5);
	assert_string_equal(key_at(f, 0)->fingerprint, PKCS1_MD5);
	assert_int_equal(count(f, OTHER_MD5), 1);
	assert_int_equal(count(f, PKCS1_MD5), 1);
	assert_int_equal(count(f, "0123456789ABCDEF0123456789ABCDEF"), 1);
}

static void
test_lookup(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(count(f, PKCS1_MD5), 0);
	load_fresh(f, LIST(KEY(PKCS1, "")));
	assert_int_equal(count(f, OTHER_MD5), 0);
	assert_int_equal(count(f, ""), 0);
	assert_int_equal(count(f, NULL), 0);
	assert_int_equal(count(f, "81dbf2fa9e273d57060cbdcb49818c2"), 0);
	assert_int_equal(count(f, PKCS1_MD5 "0"), 0);
	assert_int_equal(count(f, "../../../../../../../etc/passwd."), 0);
}

static void
test_twice(void **state)
{
	struct fixture *f = *state;

	load_fresh(f, LIST(KEY(PKCS1, "")));
	assert_int_equal(load(f, PEM("PUBLIC KEY", SPKI)), 0);
	assert_int_equal(load(f, LIST(KEY(PKCS1, ""))), 0);
	assert_int_equal(f->ring.files.n, 3);
	assert_int_equal(f->ring.keys.n, 3);
	assert_int_equal(count(f, PKCS1_MD5), 3);
}

/* More keys than a chunk of a list: each is still found, and all are tried under one name. */
static void
test_many(void **state)
{
	struct fixture *f = *state;
	struct lf_buf text;
	char stated[33];

	lf_buf_init(&text);
	lf_buf_puts(&text, "{\"PublicKeyList\": [");
	for (unsigned i = 0; i < 1500; i++)
		lf_buf_printf(&text, "%s" KEY(PKCS1, ", \"Fingerprint\": \"%032x\""), i == 0 ? "" : ",", i);
	lf_buf_puts(&text, "]}");
	load_fresh(f, lf_buf_str(&text));
	for (unsigned i = 0; i < 1500; i++) {
		snprintf(stated, sizeof(stated), "%032x", i);
		assert_int_equal(count(f, stated), 1);
	}
	assert_int_equal(count(f, PKCS1_MD5), 1500);
	lf_buf_free(&text);
}

static void
test_bad_entries(void **state)
{
	static const struct {
		const char *entry, *words;
	} rows[] = {
	    {"{}", "key 2: it has no Value"},
	    {"7", "key 2: it is no JSON object"},
	    {"{\"Value\": 7}", "key 2: it has no Value"},
	    {KEY("", ""), "key 2: it has no Value"},
	    {KEY("%%%", ""), "key 2: its Value is not base64"},
	    {KEY("AAAA", ""), "key 2: no RSA public key"},
	    {KEY(PKCS1 "AAAA", ""), "key 2: its Value is not base64"},
	    {KEY(CURVE, ""), "key 2: no RSA public key"},
	    {KEY(SMALL, ""), "key 2: RSA modulus of 512 bits"},
	    {KEY(PKCS1, ", \"Fingerprint\": \"81dbf2fa\""), "key 2: its Fingerprint is not 32 hex"},
	    {KEY(PKCS1, ", \"Fingerprint\": \"" PKCS1_MD5 "0\""), "key 2: its Fingerprint is not 32 hex"},
	    {KEY(PKCS1, ", \"Fingerprint\": 7"), "key 2: its Fingerprint is no string"},
	    {KEY(PKCS1, ", \"Value\": \"" SPKI "\""), "duplicate"},
	};
	char text[2048];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(text, sizeof(text), LIST(KEY(PKCS1, "") ", %s, " KEY(SPKI, "")), rows[i].entry);
		refused(*state, text, rows[i].words);
	}
}

static void
test_no_key(void **state)
{
	static const char *const rubbish[] = {"", "\n", "no key here\nnor here\n", "0", "00000", "\"text\"",
	    "-----BEGIN", PKCS1, ("\xff\xfe" "a"), "ssh-rsa AAAAB3NzaC1yc2E= a@b\n"};

	for (size_t i = 0; i < sizeof(rubbish) / sizeof(rubbish[0]); i++)
		refused(*state, rubbish[i], NO_KEY "expected list-public-keys output, PEM or DER");
	refused(*state, LIST(""), NO_KEY "its PublicKeyList is empty");
	refused(*state, "[" KEY(PKCS1, "") "]", NO_KEY "it is JSON without a PublicKeyList");
	refused(*state, "{\"PublicKeyList\": {}}", NO_KEY "it is JSON without a PublicKeyList");
	refused(*state, "{\"PublicKeyList\": [", "no valid JSON behind key 0: line 1");
}

/* What "aws ... > keys.json" leaves under PowerShell. */
static void
test_utf16(void **state)
{
	static const char text[] = LIST(KEY(PKCS1, "")) "\r\n";
	struct fixture *f = *state;
	char wide[2 * sizeof(text)] = "\xff\xfe";

	for (size_t i = 0; i + 1 < sizeof(text); i++)
		wide[2 + 2 * i] = text[i];
	assert_int_equal(load_bytes(f, wide, 2 * sizeof(text)), 0);
	memcpy(wide, "\xfe\xff", 2);
	for (size_t i = 0; i + 1 < sizeof(text); i++) {
		wide[2 + 2 * i] = '\0';
		wide[3 + 2 * i] = text[i];
	}
	assert_int_equal(load_bytes(f, wide, 2 * sizeof(text)), 0);
	assert_int_equal(count(f, PKCS1_MD5), 2);
}

static void
test_unreadable(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(lf_keyring_load(&f->ring, "/nonexistent/keys.json", &f->err), -1);
	assert_string_equal(f->err.msg, "/nonexistent/keys.json: cannot be opened: No such file or directory");
	assert_int_equal(lf_keyring_load(&f->ring, "/tmp", &f->err), -1);
	assert_non_null(strstr(f->err.msg, "/tmp: cannot be read: "));
	assert_int_equal(lf_keyring_load(&f->ring, "-", &f->err), -1);
	assert_non_null(strstr(f->err.msg, "-: cannot be opened: "));
	assert_int_equal(lf_keyring_load(&f->ring, "/dev/null", &f->err), -1);
	assert_non_null(strstr(f->err.msg, NO_KEY));
}

static void
test_cap(void **state)
{
	struct fixture *f = *state;
	int fd = open(f->path, O_WRONLY | O_TRUNC);

	assert_int_equal(lf_keyring_load(&f->ring, "/dev/zero", &f->err), -1);
	assert_non_null(strstr(f->err.msg, "more than 16 MiB"));
	assert_int_equal(ftruncate(fd, LF_MAX_KEYFILE + 1), 0);
	assert_int_equal(lf_keyring_load(&f->ring, f->path, &f->err), -1);
	assert_non_null(strstr(f->err.msg, "more than 16 MiB"));
	assert_int_equal(ftruncate(fd, LF_MAX_KEYFILE), 0);
	assert_int_equal(lf_keyring_load(&f->ring, f->path, &f->err), -1);
	assert_non_null(strstr(f->err.msg, NO_KEY));
	close(fd);
}

/* A pipe gives what it has, a few bytes at a time. */
static void
test_pipe(void **state)
{
	static const char text[] = LIST(KEY(PKCS1, ""));
	struct fixture *f = *state;
	char path[32];
	int fds[2];

	assert_int_equal(pipe(fds), 0);
	if (fork() == 0) {
		for (size_t i = 0; i + 1 < sizeof(text); i++)
			if (write(fds[1], text + i, 1) != 1)
				break;
		_exit(0);
	}
	close(fds[1]);
	snprintf(path, sizeof(path), "/dev/fd/%d", fds[0]);
	assert_int_equal(lf_keyring_load(&f->ring, path, &f->err), 0);
	assert_int_equal(f->ring.keys.n, 1);
	close(fds[0]);
}

/* A file of ../shared/data/aws-public-keys. */
static void
shared_path(char out[512], const char *name)
{
	const char *data = getenv("SHARED_DATA");

	snprintf(out, 512, "%s/aws-public-keys/%s", data == NULL ? "" : data, name);
	if (data == NULL || access(out, R_OK) != 0)
		skip();
}

static size_t
shared_bytes(const char *name, unsigned char *out, size_t cap)
{
	char path[512];
	FILE *in;
	size_t n;

	shared_path(path, name);
	in = fopen(path, "rb");
	assert_non_null(in);
	n = fread(out, 1, cap, in);
	fclose(in);
	return n;
}

/* The four genuine keys: each fingerprint is the MD5 of its Value. */
static void
test_genuine(void **state)
{
	struct fixture *f = *state;
	char path[512];

	shared_path(path, "list-public-keys.json");
	assert_int_equal(lf_keyring_load(&f->ring, path, &f->err), 0);
	assert_int_equal(f->ring.keys.n, 4);
	for (uint32_t i = 0; i < 4; i++) {
		const struct lf_key *k = key_at(f, i);
		assert_string_equal(k->stated, k->fingerprint);
		assert_int_equal(count(f, k->stated), 1);
		assert_int_equal(lf_rsa_bits(k->rsa), 2048);
		assert_in_range(k->valid_until - k->valid_from, 29 * 86400, 31 * 86400);
	}
}

/* Two genuine signatures hold under the key that their digests name, and under no other. */
static void
test_genuine_signatures(void **state)
{
	static const char *const stamps[] = {"20150817T140131Z", "20150820T170131Z"};
	struct fixture *f = *state;
	unsigned char hash[LF_SHA256_LEN], sig[512];
	char path[512], name[64];
	size_t len;

	shared_path(path, "list-public-keys.json");
	assert_int_equal(lf_keyring_load(&f->ring, path, &f->err), 0);
	for (unsigned i = 0; i < 2; i++) {
		snprintf(name, sizeof(name), "%s.signed-sha256.bin", stamps[i]);
		assert_int_equal(shared_bytes(name, hash, sizeof(hash)), sizeof(hash));
		snprintf(name, sizeof(name), "%s.sig", stamps[i]);
		len = shared_bytes(name, sig, sizeof(sig));
		for (uint32_t k = 0; k < 4; k++) {
			bool right = strncmp(key_at(f, k)->fingerprint, "31e8b543", 8) == 0;
			assert_int_equal(lf_rsa_verify(key_at(f, k)->rsa, hash, sig, len), right);
		}
	}
}

/* The same keys as PEM and as DER answer to the names that CloudTrail gave them. */
static void
test_genuine_forms(void **state)
{
	static const char *const names[] = {"31e8b5433410dfb61a9dc45cc65b22ff", "7f3f401420072e50a65a141430817ab3",
	    "8933b39ddc64d26d8e14ffbf6566fee4", "8eba5db5bea9b640d1c96a77256fe7f2"};
	struct fixture *f = *state;
	char path[512], file[64];

	for (unsigned i = 0; i < 4; i++) {
		snprintf(file, sizeof(file), "%s.spki.pem", names[i]);
		shared_path(path, file);
		assert_int_equal(lf_keyring_load(&f->ring, path, &f->err), 0);
		snprintf(file, sizeof(file), "%s.pkcs1.der", names[i]);
		shared_path(path, file);
		assert_int_equal(lf_keyring_load(&f->ring, path, &f->err), 0);
		assert_int_equal(count(f, names[i]), 2);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_list),
	    TEST(test_list_spellings),
	    TEST(test_times),
	    TEST(test_bad_times),
	    TEST(test_concatenated),
	    TEST(test_pem),
	    TEST(test_bad_pem),
	    TEST(test_der),
	    TEST(test_mismatch),
	    TEST(test_lookup),
	    TEST(test_twice),
	    TEST(test_many),
	    TEST(test_bad_entries),
	    TEST(test_no_key),
	    TEST(test_utf16),
	    TEST(test_unreadable),
	    TEST(test_cap),
	    TEST(test_pipe),
	    TEST(test_genuine),
	    TEST(test_genuine_signatures),
	    TEST(test_genuine_forms),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("keyring", tests, NULL, NULL);
}
