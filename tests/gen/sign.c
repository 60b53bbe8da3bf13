/* Hashes, RSA keys and signatures. */
#include <err.h>
#include <glob.h>
#include <limits.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gen.h"

/* SHA-256 of n bytes. */
void
sha256(const void *p, size_t n, unsigned char out[SHA_LEN])
{
	if (EVP_Digest(p, n, out, NULL, EVP_sha256(), NULL) != 1)
		errx(2, "SHA-256");
}

/* SHA-256 as lower hex with a NUL. */
void
sha256_hex(const void *p, size_t n, char out[2 * SHA_LEN + 1])
{
	unsigned char h[SHA_LEN];
	int i;

	sha256(p, n, h);
	for (i = 0; i < SHA_LEN; i++)
		snprintf(out + 2 * i, 3, "%02x", h[i]);
}

/* MD5 as lower hex with a NUL. */
void
md5_hex(const void *p, size_t n, char out[33])
{
	unsigned char h[16];
	int i;

	if (EVP_Digest(p, n, h, NULL, EVP_md5(), NULL) != 1)
		errx(2, "MD5");
	for (i = 0; i < 16; i++)
		snprintf(out + 2 * i, 3, "%02x", h[i]);
}

/* Append base64 on one line. */
void
base64(struct buf *b, const void *p, size_t n)
{
	int len;

	buf_room(b, n / 3 * 4 + 8);
	len = EVP_EncodeBlock((unsigned char *)b->p + b->len, p, (int)n);
	b->len += (size_t)len;
}

/* PKCS#1 v1.5 over SHA-256 of a message; *sig is allocated. Returns its length. */
size_t
key_sign(const struct key *k, const void *msg, size_t n, unsigned char **sig)
{
	unsigned char h[SHA_LEN];
	EVP_PKEY_CTX *ctx;
	size_t len;

	sha256(msg, n, h);
	len = (size_t)EVP_PKEY_get_size(k->pkey);
	*sig = xrealloc(NULL, len, 1);
	ctx = EVP_PKEY_CTX_new(k->pkey, NULL);
	if (ctx == NULL || EVP_PKEY_sign_init(ctx) != 1 ||
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) != 1 ||
	    EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) != 1 ||
	    EVP_PKEY_sign(ctx, *sig, &len, h, sizeof(h)) != 1)
		errx(2, "signing failed");
	EVP_PKEY_CTX_free(ctx);
	return len;
}

/* Append a key to the ring, with its public encodings and fingerprint. */
static void
keys_add(struct gen *g, EVP_PKEY *pkey)
{
	X509_PUBKEY *pub = NULL;
	const unsigned char *inner;
	int inner_len;
	struct key *k;

	g->keys = xrealloc(g->keys, g->nkeys + 1, sizeof(*k));
	k = &g->keys[g->nkeys++];
	memset(k, 0, sizeof(*k));
	k->pkey = pkey;
	k->swapped = -1;
	k->first = INT64_MAX;
	k->last = INT64_MIN;
	if (X509_PUBKEY_set(&pub, pkey) != 1 ||
	    (k->spki_len = i2d_X509_PUBKEY(pub, &k->spki)) <= 0 ||
	    X509_PUBKEY_get0_param(NULL, &inner, &inner_len, NULL, pub) != 1)
		errx(2, "public key");
	k->pkcs1_len = inner_len;
	k->pkcs1 = xrealloc(NULL, (size_t)inner_len, 1);
	memcpy(k->pkcs1, inner, (size_t)inner_len);
	X509_PUBKEY_free(pub);
	if (g->o.key_spki)
		md5_hex(k->spki, (size_t)k->spki_len, k->fp);
	else
		md5_hex(k->pkcs1, (size_t)k->pkcs1_len, k->fp);
}

/* Read one private key in PEM. */
static void
keys_read(struct gen *g, const char *path)
{
	EVP_PKEY *pkey;
	FILE *f;

	if ((f = fopen(path, "re")) == NULL)
		err(2, "%s", path);
	pkey = PEM_read_PrivateKey(f, NULL, NULL, NULL);
	fclose(f);
	if (pkey == NULL || EVP_PKEY_get_base_id(pkey) != EVP_PKEY_RSA)
		errx(2, "%s: not an RSA private key in PEM", path);
	keys_add(g, pkey);
}

/* Where the fixed keys are: tests/gen/keys below here, or below a folder above the program. */
static char *
keys_folder(void)
{
	char exe[PATH_MAX], *slash, *dir;
	ssize_t n;

	if (access("tests/gen/keys", R_OK) == 0)
		return xstrdup("tests/gen/keys");
	n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	exe[n > 0 ? n : 0] = '\0';
	while ((slash = strrchr(exe, '/')) != NULL) {
		*slash = '\0';
		dir = xasprintf("%s/tests/gen/keys", exe);
		if (access(dir, R_OK) == 0)
			return dir;
		free(dir);
	}
	errx(2, "the folder of fixed keys was not found: give --keys-dir");
}

/* Fill the ring: fixed keys in order of their names, or fresh ones. */
void
keys_load(struct gen *g)
{
	char *dir, *pattern;
	glob_t gl;
	size_t i;

	for (i = 0; i < g->o.fresh; i++)
		keys_add(g, EVP_RSA_gen(g->o.key_bits));
	if (g->o.fresh > 0)
		return;
	dir = g->o.keys_dir != NULL ? xstrdup(g->o.keys_dir) : keys_folder();
	pattern = xasprintf("%s/*.pem", dir);
	if (glob(pattern, 0, NULL, &gl) != 0)
		errx(2, "%s: no *.pem", dir);
	for (i = 0; i < gl.gl_pathc; i++)
		keys_read(g, gl.gl_pathv[i]);
	globfree(&gl);
	free(pattern);
	free(dir);
	if (g->nkeys > 255)
		errx(2, "more than 255 keys");
}

/* The key of a region at a time: one for each region, moving on at each rotation. */
unsigned
key_of(const struct gen *g, unsigned region, int64_t when)
{
	int64_t turn = 0;

	if (g->o.rotate_hours > 0)
		turn = (when - g->o.start) / ((int64_t)g->o.rotate_hours * 3600);
	return (unsigned)((region + (uint64_t)turn) % g->nkeys);
}
