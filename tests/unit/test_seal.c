/* Signatures and time stamps: made, judged, and hostile ones survived. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <cmocka.h>

#include "custody/seal.h"
#include "scratch.h"

static struct lf_err err;

/* Keys, certificates and answers are made by openssl(1). */
static const char script[] =
    "set -e\n"
    "openssl req -x509 -newkey rsa:2048 -nodes -keyout rsa.key -out rsa.pem -subj /CN=Rsa -days 9\n"
    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -keyout ec.key -out ec.pem -subj /CN=Ec -days 9\n"
    "openssl pkey -in rsa.key -aes256 -passout pass:sesame -out locked.key\n"
    "openssl req -x509 -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.pem -subj /CN=Tsa -days 9 "
    "-addext extendedKeyUsage=critical,timeStamping\n"
    "printf '%s\\n' '[tsa]' serial=serial signer_digest=sha256 default_policy=1.2.3 digests=sha256,sha512 >tsa.cnf\n"
    "echo 01 >serial\n"
    "echo text >text\n"
    "openssl ts -query -data text -sha512 -cert -out other.tsq\n"
    "openssl ts -reply -config tsa.cnf -section tsa -queryfile other.tsq -signer tsa.pem -inkey tsa.key -out other.tsr\n";

static int
run(const char *text)
{
	pid_t child = fork();
	int status = 1;

	if (child == 0) {
		if (chdir(scratch) != 0 || freopen("/dev/null", "w", stdout) == NULL || freopen("log", "w", stderr) == NULL)
			_exit(1);
		execl("/bin/sh", "sh", "-c", text, (char *)NULL);
		_exit(1);
	}
	return child > 0 && waitpid(child, &status, 0) == child && status == 0 ? 0 : -1;
}

static int
make(void **state)
{
	return scratch_make(state) != 0 ? -1 : run(script);
}

static void
slurp(const char *name, struct lf_buf *out)
{
	char bytes[65536];
	FILE *f = fopen(scratch_path(name), "rb");

	assert_non_null(f);
	lf_buf_reset(out);
	lf_buf_add(out, bytes, fread(bytes, 1, sizeof(bytes), f));
	fclose(f);
}

static struct lf_signer *
load(const char *key, const char *cert, lf_passphrase_fn *passphrase)
{
	struct lf_signer *s;

	return lf_signer_load(scratch_path(key), scratch_path(cert), passphrase, NULL, &s, &err) == 0 ? s : NULL;
}

static struct lf_trust *
trust(const char *cert, const char *ca)
{
	const char *certs[1], *cas[1];
	struct lf_trust *t;

	certs[0] = cert == NULL ? NULL : scratch_path(cert);
	cas[0] = ca == NULL ? NULL : scratch_path(ca);
	assert_int_equal(lf_trust_load(certs, cert != NULL, cas, ca != NULL, &t, &err), 0);
	return t;
}

static int
say_sesame(void *arg, char *buf, size_t cap, struct lf_err *e)
{
	(void)arg;
	(void)e;
	assert_true(cap > 6);
	memcpy(buf, "sesame", 6);
	return 6;
}

static int
say_nothing(void *arg, char *buf, size_t cap, struct lf_err *e)
{
	(void)arg;
	(void)buf;
	(void)cap;
	snprintf(e->msg, sizeof(e->msg), "nobody is there");
	return -1;
}

static void
test_keys(void **state)
{
	struct lf_signer *s;

	(void)state;
	s = load("rsa.key", "rsa.pem", NULL);
	assert_non_null(s);
	assert_string_equal(lf_signer_subject(s), "CN=Rsa");
	lf_signer_free(s);
	assert_null(load("rsa.key", "ec.pem", NULL));
	assert_non_null(strstr(err.msg, "is not that of the key"));
	assert_null(load("locked.key", "rsa.pem", NULL));
	assert_non_null(strstr(err.msg, "no pass phrase"));
	assert_null(load("locked.key", "rsa.pem", say_nothing));
	assert_string_equal(err.msg, "nobody is there");
	s = load("locked.key", "rsa.pem", say_sesame);
	assert_non_null(s);
	lf_signer_free(s);
	assert_null(load("none", "rsa.pem", NULL));
	assert_null(load("rsa.pem", "rsa.pem", NULL));
	assert_null(load("rsa.key", "text", NULL));
	lf_signer_free(NULL);
}

static void
test_signature(void **state)
{
	static const char *const names[][2] = {{"rsa.key", "rsa.pem"}, {"ec.key", "ec.pem"}};
	struct lf_trust *none = trust(NULL, NULL), *other = trust("tsa.pem", NULL);
	struct lf_cms held;
	struct lf_buf sig;

	(void)state;
	lf_buf_init(&sig);
	for (size_t i = 0; i < 2; i++) {
		struct lf_signer *s = load(names[i][0], names[i][1], NULL);
		struct lf_trust *own = trust(names[i][1], NULL);

		assert_non_null(s);
		lf_buf_reset(&sig);
		assert_int_equal(lf_signer_sign(s, "a line\n", 7, &sig, &err), 0);
		lf_cms_judge(own, &sig, "a line\n", 7, LF_TIME_NONE, &held);
		assert_int_equal(held.held, LF_HELD_TRUSTED);
		assert_false(held.expired);
		assert_memory_equal(held.signer_hash, lf_signer_hash(s), LF_SHA256_LEN);
		lf_cms_judge(own, &sig, "a line", 6, LF_TIME_NONE, &held);
		assert_int_equal(held.held, LF_HELD_NOT);
		lf_cms_judge(own, &sig, "a line\n", 7, 1000000000, &held); /* before it was valid */
		assert_int_equal(held.held, LF_HELD_UNTRUSTED);
		lf_cms_judge(none, &sig, "a line\n", 7, LF_TIME_NONE, &held);
		assert_int_equal(held.held, LF_HELD_UNTRUSTED);
		lf_cms_judge(other, &sig, "a line\n", 7, LF_TIME_NONE, &held);
		assert_int_equal(held.held, LF_HELD_UNTRUSTED);
		lf_signer_free(s);
		lf_trust_free(own);
	}
	lf_buf_free(&sig);
	lf_trust_free(none);
	lf_trust_free(other);
}

/* Cut at any byte, or with any bit turned, it holds no more, but for bits that nothing is said by. */
static void
test_signature_damaged(void **state)
{
	struct lf_signer *s = load("rsa.key", "rsa.pem", NULL);
	struct lf_trust *own = trust("rsa.pem", NULL);
	struct lf_cms held;
	struct lf_buf sig;
	size_t len;

	(void)state;
	assert_non_null(s);
	lf_buf_init(&sig);
	assert_int_equal(lf_signer_sign(s, "x", 1, &sig, &err), 0);
	len = sig.len;
	for (sig.len = 0; sig.len < len; sig.len += 7) {
		lf_cms_judge(own, &sig, "x", 1, LF_TIME_NONE, &held);
		assert_int_equal(held.held, LF_HELD_NOT);
	}
	sig.len = len;
	for (size_t i = 0; i < len; i++) {
		sig.data[i] ^= 0x20;
		lf_cms_judge(own, &sig, "x", 1, LF_TIME_NONE, &held);
		if (i + 256 > len) /* the signature value itself */
			assert_int_equal(held.held, LF_HELD_NOT);
		lf_cms_judge(own, &sig, "y", 1, LF_TIME_NONE, &held);
		assert_int_equal(held.held, LF_HELD_NOT);
		sig.data[i] ^= 0x20;
	}
	lf_buf_putc(&sig, '\0');
	lf_cms_judge(own, &sig, "x", 1, LF_TIME_NONE, &held);
	assert_int_equal(held.held, LF_HELD_NOT);
	lf_buf_free(&sig);
	lf_signer_free(s);
	lf_trust_free(own);
}

static void
answer(const unsigned char hash[LF_SHA256_LEN], struct lf_buf *request, struct lf_buf *response)
{
	lf_buf_reset(request);
	assert_int_equal(lf_stamp_request(hash, request, &err), 0);
	scratch_write("q", request->data, request->len);
	assert_int_equal(run("openssl ts -reply -config tsa.cnf -section tsa -queryfile q -signer tsa.pem -inkey tsa.key -out r"), 0);
	slurp("r", response);
}

static void
test_stamp(void **state)
{
	unsigned char hash[LF_SHA256_LEN] = {1, 2, 3}, wrong[LF_SHA256_LEN] = {1, 2, 4};
	struct lf_trust *none = trust(NULL, NULL), *tsa = trust(NULL, "tsa.pem"), *other = trust(NULL, "rsa.pem"), *cert = trust("tsa.pem", NULL);
	struct lf_buf request, response, second, empty;
	struct lf_stamp held;
	size_t len;

	(void)state;
	lf_buf_init(&request);
	lf_buf_init(&response);
	lf_buf_init(&second);
	lf_buf_init(&empty);
	answer(hash, &request, &response);
	lf_stamp_judge(tsa, &response, hash, &request, &held);
	assert_int_equal(held.held, LF_HELD_TRUSTED);
	assert_true(held.time > 1700000000);
	assert_string_equal(held.authority, "CN=Tsa");
	lf_stamp_judge(tsa, &response, NULL, &empty, &held);
	assert_int_equal(held.held, LF_HELD_TRUSTED);
	assert_memory_equal(held.hash, hash, sizeof(hash));
	lf_stamp_judge(none, &response, hash, &request, &held);
	assert_int_equal(held.held, LF_HELD_UNTRUSTED);
	lf_stamp_judge(other, &response, hash, &request, &held);
	assert_int_equal(held.held, LF_HELD_UNTRUSTED);
	lf_stamp_judge(cert, &response, hash, &request, &held); /* who signs is not who stamps */
	assert_int_equal(held.held, LF_HELD_UNTRUSTED);
	lf_stamp_judge(tsa, &response, wrong, &request, &held);
	assert_int_equal(held.held, LF_HELD_NOT);
	/* two requests over one hash differ in their nonce */
	assert_int_equal(lf_stamp_request(hash, &second, &err), 0);
	lf_stamp_judge(tsa, &response, hash, &second, &held);
	assert_int_equal(held.held, LF_HELD_NOT);
	len = response.len;
	for (response.len = 0; response.len < len; response.len += 11) {
		lf_stamp_judge(tsa, &response, hash, &request, &held);
		assert_int_equal(held.held, LF_HELD_NOT);
	}
	response.len = len;
	for (size_t i = 0; i < len; i += 3) {
		response.data[i] ^= 0x11;
		lf_stamp_judge(tsa, &response, hash, &request, &held);
		if (i + 250 > len)
			assert_int_equal(held.held, LF_HELD_NOT);
		response.data[i] ^= 0x11;
	}
	lf_stamp_judge(tsa, &request, hash, &empty, &held);
	assert_int_equal(held.held, LF_HELD_NOT);
	slurp("other.tsr", &response); /* over a SHA-512 */
	lf_stamp_judge(tsa, &response, NULL, &empty, &held);
	assert_int_equal(held.held, LF_HELD_NOT);
	assert_false(held.imprint);
	lf_buf_free(&request);
	lf_buf_free(&response);
	lf_buf_free(&second);
	lf_trust_free(none);
	lf_trust_free(tsa);
	lf_trust_free(other);
	lf_trust_free(cert);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_signature),
		cmocka_unit_test(test_signature_damaged),
		cmocka_unit_test(test_stamp),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("seal", tests, make, scratch_remove);
}
