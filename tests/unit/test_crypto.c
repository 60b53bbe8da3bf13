/* Hashes, RSA keys and signatures, base64; with keys made here and with those that AWS published.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <pthread.h>

#include "base/base64.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/rsa.h"
#include "base/text.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* ---- hashes ---- */

static void
assert_sum(const unsigned char *sum, size_t len, const char *expected)
{
	char hex[2 * LF_SHA256_LEN + 1];

	lf_hex_encode(sum, len, hex);
	assert_string_equal(hex, expected);
}

static const char abc_sum[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

/* The examples of FIPS 180-4, through one context. */
static void
test_sha256(void **state)
{
	static const char two[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
	unsigned char sum[LF_SHA256_LEN];
	char *million = malloc(1000000);
	struct lf_err err;
	struct lf_hash *h = lf_hash_new(&err);

	(void)state;
	assert_non_null(h);
	assert_non_null(million);
	memset(million, 'a', 1000000);
	for (int round = 0; round < 3; round++) {
		assert_int_equal(lf_hash_bytes(h, "abc", 3, sum), 0);
		assert_sum(sum, sizeof(sum), abc_sum);
		assert_int_equal(lf_hash_bytes(h, NULL, 0, sum), 0);
		assert_sum(sum, sizeof(sum),
		    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
		assert_int_equal(lf_hash_bytes(h, two, sizeof(two) - 1, sum), 0);
		assert_sum(sum, sizeof(sum),
		    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
		assert_int_equal(lf_hash_bytes(h, million, 1000000, sum), 0);
		assert_sum(sum, sizeof(sum),
		    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	}
	lf_hash_free(h);
	lf_hash_free(NULL);
	free(million);
}

static void
test_sha256_in_steps(void **state)
{
	unsigned char sum[LF_SHA256_LEN];
	struct lf_err err;
	struct lf_hash *h = lf_hash_new(&err);

	(void)state;
	assert_non_null(h);
	assert_int_equal(lf_hash_start(h), 0);
	assert_int_equal(lf_hash_add(h, "garbage", 7), 0);
	assert_int_equal(lf_hash_start(h), 0); /* forgets what was added */
	assert_int_equal(lf_hash_add(h, "a", 1), 0);
	assert_int_equal(lf_hash_add(h, NULL, 0), 0);
	assert_int_equal(lf_hash_add(h, "bc", 2), 0);
	assert_int_equal(lf_hash_end(h, sum), 0);
	assert_sum(sum, sizeof(sum), abc_sum);
	lf_hash_free(h);
}

/* The test suite of RFC 1321, section A.5. */
static void
test_md5(void **state)
{
	unsigned char sum[16];

	(void)state;
	assert_int_equal(lf_md5(NULL, 0, sum), 0);
	assert_sum(sum, sizeof(sum), "d41d8cd98f00b204e9800998ecf8427e");
	assert_int_equal(lf_md5("message digest", 14, sum), 0);
	assert_sum(sum, sizeof(sum), "f96b697d7cb7938d525a2f31aaf161d0");
}

/* ---- keys ---- */

struct made_key {
	EVP_PKEY *pkey;
	unsigned char *spki, *pkcs1;
	size_t spki_len, pkcs1_len;
};

static void
export_key(struct made_key *k)
{
	int n = i2d_PUBKEY(k->pkey, &k->spki);

	assert_true(n > 0);
	k->spki_len = (size_t)n;
	n = i2d_PublicKey(k->pkey, &k->pkcs1);
	assert_true(n > 0);
	k->pkcs1_len = (size_t)n;
}

static void
make_key(struct made_key *k, unsigned bits)
{
	memset(k, 0, sizeof(*k));
	k->pkey = EVP_RSA_gen(bits);
	assert_non_null(k->pkey);
	export_key(k);
}

static void
free_key(struct made_key *k)
{
	EVP_PKEY_free(k->pkey);
	OPENSSL_free(k->spki);
	OPENSSL_free(k->pkcs1);
}

/* Signs a hash as RSASSA-PKCS1-v1_5 with the digest named. */
static size_t
sign(EVP_PKEY *pkey, const EVP_MD *md, int padding, const unsigned char *in, size_t len,
    unsigned char sig[1024])
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);
	size_t n = 1024;

	assert_int_equal(EVP_PKEY_sign_init(ctx), 1);
	assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(ctx, padding), 1);
	if (md != NULL)
		assert_int_equal(EVP_PKEY_CTX_set_signature_md(ctx, md), 1);
	assert_int_equal(EVP_PKEY_sign(ctx, sig, &n, in, len), 1);
	EVP_PKEY_CTX_free(ctx);
	return n;
}

static struct lf_rsa *
must_read(const unsigned char *der, size_t len)
{
	struct lf_err err = {""};
	struct lf_rsa *k = lf_rsa_from_der(der, len, &err);

	if (k == NULL)
		fail_msg("%s", err.msg);
	return k;
}

static void
must_refuse(const unsigned char *der, size_t len, const char *why)
{
	struct lf_err err = {""};

	assert_null(lf_rsa_from_der(der, len, &err));
	if (strstr(err.msg, why) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", err.msg, why);
}

static void
test_key_forms(void **state)
{
	static const unsigned sizes[] = {1024, 2048, 3072, 4096};
	struct made_key made;
	struct lf_rsa *k;

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		make_key(&made, sizes[i]);
		k = must_read(made.spki, made.spki_len);
		assert_int_equal(lf_rsa_bits(k), sizes[i]);
		lf_rsa_free(k);
		k = must_read(made.pkcs1, made.pkcs1_len);
		assert_int_equal(lf_rsa_bits(k), sizes[i]);
		lf_rsa_free(k);
		free_key(&made);
	}
	lf_rsa_free(NULL);
}

/* Every cut, a byte too many, every changed byte of the head: no crash, and no key where there is
 * none. */
static void
test_key_damaged(void **state)
{
	unsigned char longer[2000];
	struct made_key made;
	struct lf_err err;

	(void)state;
	make_key(&made, 2048);
	for (size_t len = 0; len < made.spki_len; len++)
		must_refuse(made.spki, len, "no RSA public key");
	for (size_t len = 0; len < made.pkcs1_len; len++)
		must_refuse(made.pkcs1, len, "no RSA public key");
	memcpy(longer, made.spki, made.spki_len);
	longer[made.spki_len] = 0;
	must_refuse(longer, made.spki_len + 1, "no RSA public key");
	memcpy(longer, made.pkcs1, made.pkcs1_len);
	longer[made.pkcs1_len] = 0;
	must_refuse(longer, made.pkcs1_len + 1, "no RSA public key");
	longer[3]++; /* the outer length now takes the byte in */
	must_refuse(longer, made.pkcs1_len + 1, "no RSA public key");
	for (size_t i = 0; i < 34; i++) {
		for (int bit = 0; bit < 8; bit++) {
			memcpy(longer, made.spki, made.spki_len);
			longer[i] ^= (unsigned char)(1 << bit);
			lf_rsa_free(lf_rsa_from_der(longer, made.spki_len, &err));
		}
	}
	free_key(&made);
}

static void
test_key_of_another_kind(void **state)
{
	struct made_key ec = {0};
	unsigned char *der = NULL;
	int len;

	(void)state;
	ec.pkey = EVP_EC_gen("P-256");
	assert_non_null(ec.pkey);
	len = i2d_PUBKEY(ec.pkey, &der);
	assert_true(len > 0);
	must_refuse(der, (size_t)len, "no RSA public key");
	OPENSSL_free(der);
	der = NULL;
	len = i2d_PrivateKey(ec.pkey, &der);
	must_refuse(der, (size_t)len, "no RSA public key");
	OPENSSL_free(der);
	EVP_PKEY_free(ec.pkey);

	ec.pkey = EVP_RSA_gen(2048); /* a private key is no public one */
	der = NULL;
	len = i2d_PrivateKey(ec.pkey, &der);
	must_refuse(der, (size_t)len, "no RSA public key");
	OPENSSL_free(der);
	EVP_PKEY_free(ec.pkey);
	must_refuse((const unsigned char *)"-----BEGIN PUBLIC KEY-----", 26, "no RSA public key");
}

static size_t
put_der(unsigned char *out, unsigned char tag, const unsigned char *body, size_t len)
{
	unsigned char head[4] = {tag, 0x82, (unsigned char)(len >> 8), (unsigned char)len};
	size_t n = 4;

	if (len < 0x80)
		head[1] = (unsigned char)len, n = 2;
	else if (len < 0x100)
		head[1] = 0x81, head[2] = (unsigned char)len, n = 3;
	memcpy(out, head, n);
	memcpy(out + n, body, len);
	return n + len;
}

/* RSAPublicKey of a modulus of bits ones (last byte as given) and an exponent. */
static size_t
craft(unsigned char *out, size_t bits, unsigned char last, const unsigned char *e, size_t elen)
{
	unsigned char modulus[2000] = {0}, body[2200];
	size_t bytes = (bits + 7) / 8, n;

	memset(modulus + 1, 0xff, bytes);
	modulus[1] = (unsigned char)(0xff >> (bytes * 8 - bits));
	modulus[bytes] = last;
	n = modulus[1] >= 0x80 ? put_der(body, 2, modulus, bytes + 1)
			       : put_der(body, 2, modulus + 1, bytes);
	n += put_der(body + n, 2, e, elen);
	return put_der(out, 0x30, body, n);
}

static void
test_key_bounds(void **state)
{
	static const unsigned char f4[] = {1, 0, 1}, three[] = {3}, one[] = {1}, two[] = {2},
				   zero[] = {0}, even[] = {1, 0, 0},
				   long64[] = {0, 0x80, 0, 0, 0, 0, 0, 0, 1},
				   long65[] = {1, 0, 0, 0, 0, 0, 0, 0, 1};
	unsigned char der[2400];

	(void)state;
	lf_rsa_free(must_read(der, craft(der, 1024, 0xff, f4, 3)));
	lf_rsa_free(must_read(der, craft(der, 8192, 0xff, f4, 3)));
	lf_rsa_free(must_read(der, craft(der, 2048, 0xff, three, 1)));
	lf_rsa_free(must_read(der, craft(der, 2048, 0xff, long64, 9)));
	must_refuse(der, craft(der, 1023, 0xff, f4, 3), "1023 bits: outside 1024 to 8192");
	must_refuse(der, craft(der, 512, 0xff, f4, 3), "512 bits: outside");
	must_refuse(der, craft(der, 8193, 0xff, f4, 3), "8193 bits: outside");
	must_refuse(der, craft(der, 2048, 0xfe, f4, 3), "modulus is even");
	must_refuse(der, craft(der, 2048, 0xff, one, 1), "exponent");
	must_refuse(der, craft(der, 2048, 0xff, two, 1), "exponent");
	must_refuse(der, craft(der, 2048, 0xff, zero, 1), "exponent");
	must_refuse(der, craft(der, 2048, 0xff, even, 3), "exponent");
	must_refuse(der, craft(der, 2048, 0xff, long65, 9), "exponent");
}

static void
test_key_to_pem(void **state)
{
	struct made_key made;
	struct lf_rsa *k;
	struct lf_buf b;
	EVP_PKEY *back;
	BIO *bio;

	(void)state;
	make_key(&made, 2048);
	k = must_read(made.pkcs1, made.pkcs1_len);
	lf_buf_init(&b);
	lf_buf_puts(&b, "before\n");
	assert_int_equal(lf_rsa_to_pem(k, &b), 0);
	assert_memory_equal(b.data, "before\n-----BEGIN PUBLIC KEY-----\n", 34);
	bio = BIO_new_mem_buf(b.data + 7, (int)b.len - 7);
	back = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
	assert_non_null(back);
	assert_int_equal(EVP_PKEY_eq(back, made.pkey), 1);
	EVP_PKEY_free(back);
	BIO_free(bio);
	lf_buf_free(&b);
	lf_rsa_free(k);
	free_key(&made);
}

/* ---- signatures ---- */

static void
test_verify(void **state)
{
	unsigned char hash[LF_SHA256_LEN], sig[1024], bad[1024];
	struct made_key made, other;
	struct lf_rsa *k, *o;
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof(hash); i++)
		hash[i] = (unsigned char)(i * 37);
	make_key(&made, 2048);
	make_key(&other, 2048);
	k = must_read(made.spki, made.spki_len);
	o = must_read(other.pkcs1, other.pkcs1_len);
	len = sign(made.pkey, EVP_sha256(), RSA_PKCS1_PADDING, hash, sizeof(hash), sig);
	assert_int_equal(len, 256);
	assert_int_equal(lf_rsa_verify(k, hash, sig, len), 1);
	assert_int_equal(lf_rsa_verify(o, hash, sig, len), 0);
	for (size_t i = 0; i < len; i++) {
		memcpy(bad, sig, len);
		bad[i] ^= (unsigned char)(1 << (i % 8));
		assert_int_equal(lf_rsa_verify(k, hash, bad, len), 0);
	}
	for (size_t i = 0; i < sizeof(hash); i++) {
		hash[i] ^= 1;
		assert_int_equal(lf_rsa_verify(k, hash, sig, len), 0);
		hash[i] ^= 1;
	}
	memset(bad, 0, sizeof(bad));
	assert_int_equal(lf_rsa_verify(k, hash, bad, len), 0);
	memcpy(bad + 1, sig, len); /* a leading zero makes it the same number, and too long */
	assert_int_equal(lf_rsa_verify(k, hash, bad, len + 1), 0);
	assert_int_equal(lf_rsa_verify(k, hash, sig, len - 1), 0);
	assert_int_equal(lf_rsa_verify(k, hash, sig, 0), 0);
	assert_int_equal(lf_rsa_verify(k, hash, sig, len), 1);
	lf_rsa_free(k);
	lf_rsa_free(o);
	free_key(&made);
	free_key(&other);
}

static const unsigned char sha256_info[] = {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48,
    0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};

/* EM = 00 01 FF.. 00 info hash (RFC 8017 section 9.2) with "rest" bytes left behind it; returns
 * where info stands. */
static size_t
encode_message(unsigned char em[256], const unsigned char *info, size_t info_len,
    const unsigned char *hash, size_t rest)
{
	size_t at = 256 - rest - LF_SHA256_LEN - info_len;

	memset(em, 0xff, 256);
	em[0] = 0;
	em[1] = 1;
	em[at - 1] = 0;
	memcpy(em + at, info, info_len);
	memcpy(em + at + info_len, hash, LF_SHA256_LEN);
	memset(em + 256 - rest, 0x5a, rest);
	return at;
}

/* Messages that a lax verifier lets pass, each signed with the very key: only the right one may. */
static void
test_verify_whole_message(void **state)
{
	static const unsigned char no_null[] = {0x30, 0x2f, 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86,
	    0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x04, 0x20};
	static const unsigned char ber[] = {0x30, 0x81, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86,
	    0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};
	static const unsigned char sha512_info[] = {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86,
	    0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03, 0x05, 0x00, 0x04, 0x20};
	unsigned char hash[LF_SHA256_LEN], em[256], sig[1024];
	struct made_key made;
	struct lf_rsa *k;
	size_t at;

	(void)state;
	memset(hash, 0x42, sizeof(hash));
	make_key(&made, 2048);
	k = must_read(made.spki, made.spki_len);
#define SIGNED()                                                                                   \
	lf_rsa_verify(k, hash, sig, sign(made.pkey, NULL, RSA_NO_PADDING, em, sizeof(em), sig))
	at = encode_message(em, sha256_info, sizeof(sha256_info), hash, 0);
	assert_true(SIGNED());
	em[1] = 2; /* the block type of encryption */
	assert_false(SIGNED());
	em[1] = 1, em[100] = 0xfe; /* padding that is not all ones */
	assert_false(SIGNED());
	em[100] = 0xff, em[at - 1] = 0xff; /* no end of the padding */
	assert_false(SIGNED());
	encode_message(em, sha256_info, sizeof(sha256_info), hash, 100); /* bytes behind the hash */
	assert_false(SIGNED());
	encode_message(em, sha256_info, sizeof(sha256_info), hash, 1);
	assert_false(SIGNED());
	encode_message(em, no_null, sizeof(no_null), hash, 0); /* parameters left out */
	assert_false(SIGNED());
	encode_message(em, ber, sizeof(ber), hash, 0); /* a length in long form */
	assert_false(SIGNED());
	encode_message(em, sha512_info, sizeof(sha512_info), hash, 0); /* another hash function */
	assert_false(SIGNED());
	encode_message(em, sha256_info, 0, hash, 0); /* the bare hash */
	assert_false(SIGNED());
#undef SIGNED
	assert_false(lf_rsa_verify(
	    k, hash, sig, sign(made.pkey, EVP_sha256(), RSA_PKCS1_PSS_PADDING, hash, 32, sig)));
	lf_rsa_free(k);
	free_key(&made);
}

struct shared {
	const struct lf_rsa *key;
	const unsigned char *hash, *sig;
	size_t len;
	unsigned good, bad;
};

static void *
verify_often(void *arg)
{
	struct shared *s = arg;
	unsigned char wrong[256];

	memcpy(wrong, s->sig, sizeof(wrong));
	wrong[17] ^= 4;
	for (int i = 0; i < 200; i++) {
		s->good += lf_rsa_verify(s->key, s->hash, s->sig, s->len) == 1;
		s->bad += lf_rsa_verify(s->key, s->hash, wrong, s->len) == 1;
	}
	return NULL;
}

static void
test_threads_share_a_key(void **state)
{
	unsigned char hash[LF_SHA256_LEN] = {9}, sig[1024];
	struct shared work[8];
	struct made_key made;
	pthread_t threads[8];
	struct lf_rsa *k;
	size_t len;

	(void)state;
	make_key(&made, 2048);
	k = must_read(made.spki, made.spki_len);
	len = sign(made.pkey, EVP_sha256(), RSA_PKCS1_PADDING, hash, sizeof(hash), sig);
	for (size_t i = 0; i < COUNT(threads); i++) {
		work[i] = (struct shared){k, hash, sig, len, 0, 0};
		assert_int_equal(pthread_create(&threads[i], NULL, verify_often, &work[i]), 0);
	}
	for (size_t i = 0; i < COUNT(threads); i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(work[i].good, 200);
		assert_int_equal(work[i].bad, 0);
	}
	lf_rsa_free(k);
	free_key(&made);
}

/* ---- what AWS published ---- */

static const char *const fingerprints[] = {"31e8b5433410dfb61a9dc45cc65b22ff",
    "7f3f401420072e50a65a141430817ab3", "8933b39ddc64d26d8e14ffbf6566fee4",
    "8eba5db5bea9b640d1c96a77256fe7f2"};

static const char *const signatures[] = {"20150817T140131Z", "20150820T170131Z"};

/* Reads a file of aws-public-keys; skips the test where there is none. */
static size_t
read_shared(const char *name, const char *suffix, unsigned char *out, size_t cap)
{
	const char *root = getenv("SHARED_DATA");
	char path[4096];
	size_t n;
	FILE *f;

	if (root == NULL || root[0] == '\0')
		skip();
	snprintf(path, sizeof(path), "%s/aws-public-keys/%s%s", root, name, suffix);
	f = fopen(path, "rb");
	if (f == NULL)
		skip();
	n = fread(out, 1, cap, f);
	fclose(f);
	return n;
}

static struct lf_rsa *
read_published(const char *fingerprint, bool pem)
{
	unsigned char file[4096];
	size_t len =
	    read_shared(fingerprint, pem ? ".spki.pem" : ".pkcs1.der", file, sizeof(file) - 1);
	char *body, *end;
	struct lf_rsa *k;
	struct lf_buf der;

	if (!pem)
		return must_read(file, len);
	file[len] = '\0';
	body = strchr((char *)file, '\n');
	end = strstr((char *)file, "-----END");
	assert_non_null(body);
	assert_non_null(end);
	lf_buf_init(&der);
	assert_true(lf_base64_decode(body, (size_t)(end - body), &der));
	k = must_read((const unsigned char *)der.data, der.len);
	lf_buf_free(&der);
	return k;
}

/* Both signatures hold under the first key, in either form of it, and under no other. */
static void
test_known_answers(void **state)
{
	unsigned char sig[1000], hash[100];
	struct lf_rsa *k;

	(void)state;
	for (size_t f = 0; f < COUNT(fingerprints); f++) {
		for (int pem = 0; pem < 2; pem++) {
			k = read_published(fingerprints[f], pem);
			assert_int_equal(lf_rsa_bits(k), 2048);
			for (size_t i = 0; i < COUNT(signatures); i++) {
				assert_int_equal(
				    read_shared(signatures[i], ".sig", sig, sizeof(sig)), 256);
				assert_int_equal(read_shared(signatures[i], ".signed-sha256.bin",
						     hash, sizeof(hash)),
				    32);
				assert_int_equal(lf_rsa_verify(k, hash, sig, 256), f == 0);
				hash[31] ^= 1;
				assert_int_equal(lf_rsa_verify(k, hash, sig, 256), 0);
			}
			lf_rsa_free(k);
		}
	}
}

/* The fingerprint is the MD5 of the DER as published: SPKI for the first key, PKCS#1 for the
 * others. */
static void
test_fingerprints(void **state)
{
	unsigned char file[8192], sum[16];
	size_t len = read_shared("list-public-keys", ".json", file, sizeof(file) - 1), found = 0;
	char *at = (char *)file, *end;
	struct lf_buf der;
	char hex[33];

	(void)state;
	file[len] = '\0';
	lf_buf_init(&der);
	while ((at = strstr(at, "\"Value\"")) != NULL) {
		at = strchr(strchr(at, ':'), '"') + 1;
		end = strchr(at, '"');
		lf_buf_reset(&der);
		assert_true(lf_base64_decode(at, (size_t)(end - at), &der));
		assert_int_equal(lf_md5(der.data, der.len, sum), 0);
		lf_hex_encode(sum, sizeof(sum), hex);
		for (size_t i = 0; i < COUNT(fingerprints); i++)
			found += strcmp(hex, fingerprints[i]) == 0;
		at = end;
	}
	assert_int_equal(found, COUNT(fingerprints));
	lf_buf_free(&der);
}

/* ---- base64 ---- */

static void
test_base64(void **state)
{
	static const char *const pairs[][2] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="},
	    {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"},
	    {"\xff\xff\xfe", "///+"}, {"\xfb\xf0", "+/A="}};
	static const char *const bad[] = {"Z", "Zg", "Zg=", "Zg===", "Zm8",
	    "Zm8==", "Zm9v=", "====", "=", "Zg==Zg==", "Zm=8", "Zh==", "Zm9=", "Zm9_", "Zm9-",
	    "Zm9v!", "Z m 9", "Zg==x", "Zm9v\xc3\xa4", "Zg= =="};
	struct lf_buf b;

	(void)state;
	lf_buf_init(&b);
	for (size_t i = 0; i < COUNT(pairs); i++) {
		lf_buf_reset(&b);
		lf_base64_encode((const unsigned char *)pairs[i][0], strlen(pairs[i][0]), &b);
		assert_string_equal(lf_buf_str(&b), pairs[i][1]);
		lf_buf_reset(&b);
		assert_true(lf_base64_decode(pairs[i][1], strlen(pairs[i][1]), &b));
		assert_string_equal(lf_buf_str(&b), pairs[i][0]);
	}
	lf_buf_reset(&b);
	assert_true(lf_base64_decode(" Zm\n9v\r\n\tYg = =\f\v", 17, &b));
	assert_string_equal(lf_buf_str(&b), "foob");
	for (size_t i = 0; i < COUNT(bad); i++) {
		if (lf_base64_decode(bad[i], strlen(bad[i]), &b))
			fail_msg("taken: %s", bad[i]);
		assert_string_equal(lf_buf_str(&b), "foob");
		assert_int_equal(b.len, 4);
	}
	assert_false(lf_base64_decode("Zm9v\0", 5, &b));
	lf_buf_free(&b);
}

static void
test_base64_round_trip(void **state)
{
	unsigned char bytes[300];
	struct lf_buf text, back;

	(void)state;
	lf_buf_init(&text);
	lf_buf_init(&back);
	for (size_t len = 0; len < sizeof(bytes); len++) {
		for (size_t i = 0; i < len; i++)
			bytes[i] = (unsigned char)(i * 167 + len * 13);
		lf_buf_reset(&text);
		lf_buf_reset(&back);
		lf_base64_encode(bytes, len, &text);
		assert_int_equal(text.len, (len + 2) / 3 * 4);
		assert_true(lf_base64_decode(lf_buf_str(&text), text.len, &back));
		assert_int_equal(back.len, len);
		assert_memory_equal(lf_buf_str(&back), bytes, len);
	}
	lf_buf_free(&text);
	lf_buf_free(&back);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sha256),
		cmocka_unit_test(test_sha256_in_steps),
		cmocka_unit_test(test_md5),
		cmocka_unit_test(test_key_forms),
		cmocka_unit_test(test_key_damaged),
		cmocka_unit_test(test_key_of_another_kind),
		cmocka_unit_test(test_key_bounds),
		cmocka_unit_test(test_key_to_pem),
		cmocka_unit_test(test_verify),
		cmocka_unit_test(test_verify_whole_message),
		cmocka_unit_test(test_threads_share_a_key),
		cmocka_unit_test(test_known_answers),
		cmocka_unit_test(test_fingerprints),
		cmocka_unit_test(test_base64),
		cmocka_unit_test(test_base64_round_trip),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("crypto", tests, NULL, NULL);
}
