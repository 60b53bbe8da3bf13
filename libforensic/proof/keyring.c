#include "proof/keyring.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "proof/keyfile.h"

#define MD5_HEX 32
#define SPKI_ALGORITHM 15 /* bytes of rsaEncryption with its NULL (RFC 8017 appendix A.1) */

/* One file on its way into the ring. */
struct loading {
	struct lf_keyring *ring;
	struct lf_keyfile *file;
};

void
lf_keyring_init(struct lf_keyring *k)
{
	lf_list_init(&k->keys, sizeof(struct lf_key));
	lf_list_init(&k->files, sizeof(struct lf_keyfile));
	lf_index_init(&k->by_fingerprint);
	lf_arena_init(&k->arena);
}

void
lf_keyring_free(struct lf_keyring *k)
{
	for (uint32_t i = 0; i < k->keys.n; i++)
		lf_rsa_free(((struct lf_key *)lf_list_at(&k->keys, i))->rsa);
	lf_list_free(&k->keys);
	lf_list_free(&k->files);
	lf_index_free(&k->by_fingerprint);
	lf_arena_free(&k->arena);
}

/* Copies a fingerprint in lower case; false when it is not 32 hexadecimal digits. */
static bool
fold(const char *text, char out[MD5_HEX + 1])
{
	unsigned char bytes[MD5_HEX / 2];

	if (!lf_hex_decode(text, strnlen(text, MD5_HEX + 1), bytes, sizeof(bytes)))
		return false;
	lf_hex_encode(bytes, sizeof(bytes), out);
	return true;
}

static int
md5_hex(const unsigned char *bytes, size_t len, char out[MD5_HEX + 1], struct lf_err *err)
{
	unsigned char md5[MD5_HEX / 2];

	if (lf_md5(bytes, len, md5) != 0)
		return lf_err_set(err, "OpenSSL gives no MD5, which names the keys of CloudTrail");
	lf_hex_encode(md5, sizeof(md5), out);
	return 0;
}

/* The bytes of an element's tag and length in DER that OpenSSL made. */
static size_t
der_head(const unsigned char *der)
{
	return (der[1] & 0x80) == 0 ? 2 : 2 + (size_t)(der[1] & 0x7f);
}

/* Takes a key as SPKI in OpenSSL's own DER: the names that both of its forms give it. */
static int
name_forms(void *arg, const struct lf_keyfile_entry *e, struct lf_err *err)
{
	struct lf_key *key = arg;
	size_t at = der_head(e->der) + SPKI_ALGORITHM;

	at += der_head(e->der + at) + 1; /* BIT STRING, and its count of unused bits */
	if (md5_hex(e->der, e->der_len, key->spki, err) != 0)
		return -1;
	return md5_hex(e->der + at, e->der_len - at, key->pkcs1, err);
}

/* Fills in every name under which a digest may ask for the key. */
static int
name_key(struct lf_key *key, const struct lf_keyfile_entry *e, struct lf_err *err)
{
	struct lf_buf pem;
	int rc;

	if (e->stated != NULL && e->stated[0] != '\0' && !fold(e->stated, key->stated))
		return lf_err_set(err, "its Fingerprint is not 32 hexadecimal digits");
	if (md5_hex(e->der, e->der_len, key->fingerprint, err) != 0)
		return -1;
	lf_buf_init(&pem);
	if (lf_rsa_to_pem(key->rsa, &pem) != 0)
		rc = lf_err_nomem(err);
	else
		rc = lf_keyfile_parse(pem.data, pem.len, name_forms, key, err);
	lf_buf_free(&pem);
	return rc;
}

static uint64_t
name_hash(const char *fingerprint)
{
	return lf_index_hash(fingerprint, MD5_HEX);
}

/* Enters a key once under each of its names. */
static int
index_key(struct lf_keyring *k, const struct lf_key *key, uint32_t at, struct lf_err *err)
{
	const char *const names[] = {key->fingerprint, key->stated, key->pkcs1, key->spki};
	size_t i, j;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		for (j = 0; j < i && strcmp(names[i], names[j]) != 0; j++)
			;
		if (j < i || names[i][0] == '\0')
			continue;
		if (lf_index_add(&k->by_fingerprint, name_hash(names[i]), at) != 0)
			return lf_err_nomem(err);
	}
	return 0;
}

static int
add_key(void *arg, const struct lf_keyfile_entry *e, struct lf_err *err)
{
	struct loading *l = arg;
	struct lf_keyring *k = l->ring;
	struct lf_key *key = lf_list_push(&k->keys);

	if (key == NULL)
		return lf_err_nomem(err);
	key->rsa = lf_rsa_from_der(e->der, e->der_len, err);
	if (key->rsa == NULL || name_key(key, e, err) != 0)
		return -1;
	key->valid_from = e->valid_from;
	key->valid_until = e->valid_until;
	key->file = k->files.n - 1;
	l->file->n_keys++;
	return index_key(k, key, k->keys.n - 1, err);
}

static int
read_path(const char *path, struct lf_buf *out, struct lf_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), rc;

	if (fd < 0)
		return lf_err_sys(err, "cannot be opened");
	rc = lf_file_read_all(fd, LF_MAX_KEYFILE, out);
	if (rc != 0 && errno == ENOMEM)
		lf_err_nomem(err);
	else if (rc != 0 && errno == EFBIG)
		lf_err_set(err, "more than %u MiB: too large for a key file", LF_MAX_KEYFILE >> 20);
	else if (rc != 0)
		lf_err_sys(err, "cannot be read");
	close(fd);
	return rc;
}

/* Enters the file into the inventory: its name and SHA-256. */
static int
add_file(struct loading *l, const char *path, const struct lf_buf *bytes, struct lf_err *err)
{
	unsigned char sha256[LF_SHA256_LEN];
	struct lf_hash *h = lf_hash_new(err);
	int rc = -1;

	if (h == NULL)
		return -1;
	l->file = lf_list_push(&l->ring->files);
	if (l->file == NULL || (l->file->name = lf_arena_strdup(&l->ring->arena, path)) == NULL) {
		lf_err_nomem(err);
	} else if (lf_hash_bytes(h, bytes->data, bytes->len, sha256) != 0) {
		lf_err_set(err, "OpenSSL gives no SHA-256");
	} else {
		lf_hex_encode(sha256, sizeof(sha256), l->file->sha256);
		rc = 0;
	}
	lf_hash_free(h);
	return rc;
}

/* A ring whose loading failed may hold some of the file's keys, and is good for freeing only. */
int
lf_keyring_load(struct lf_keyring *k, const char *path, struct lf_err *err)
{
	struct loading l = {.ring = k};
	struct lf_buf bytes;
	int rc;

	lf_buf_init(&bytes);
	if (read_path(path, &bytes, err) != 0 || add_file(&l, path, &bytes, err) != 0)
		rc = -1;
	else
		rc = lf_keyfile_parse(lf_buf_str(&bytes), bytes.len, add_key, &l, err);
	lf_buf_free(&bytes);
	return rc == 0 ? 0 : lf_err_set(err, "%s: %s", path, err->msg);
}

static bool
goes_by(const struct lf_key *key, const char *name)
{
	return strcmp(key->fingerprint, name) == 0 || strcmp(key->stated, name) == 0 ||
	    strcmp(key->pkcs1, name) == 0 || strcmp(key->spki, name) == 0;
}

struct lf_key *
lf_keyring_next(const struct lf_keyring *k, const char *fingerprint, size_t *cursor)
{
	char name[MD5_HEX + 1];
	struct lf_key *key;
	uint32_t i;

	if (fingerprint == NULL || !fold(fingerprint, name))
		return NULL;
	while ((i = lf_index_next(&k->by_fingerprint, name_hash(name), cursor)) != LF_INDEX_END) {
		key = lf_list_at(&k->keys, i);
		if (goes_by(key, name))
			return key;
	}
	return NULL;
}
