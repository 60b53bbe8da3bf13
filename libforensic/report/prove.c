/* The proof of one object, step by step, with public commands (gzip, sha256sum, openssl) that repeat each step. */
#include <errno.h>
#include <string.h>

#include "base/base64.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/utc.h"
#include "report/prove_pick.h"
#include "report/prove_step.h"

static void
content_hash(struct lf_prove *v, const struct lf_digest_row *d)
{
	char hex[2 * LF_SHA256_LEN + 1];

	lf_hex_encode(d->hash, LF_SHA256_LEN, hex);
	lf_prove_say(v, "The digest, inflated, has this SHA-256:");
	lf_prove_digest(v, d);
	lf_buf_puts(&v->command, " | sha256sum");
	lf_prove_run_hash(v, hex);
}

/* The previousDigestSignature of a digest, until the next call. */
static const char *
signature_of(struct lf_prove *v, const struct lf_digest_row *d)
{
	lf_buf_reset(&v->text);
	if (d->prev_sig == NULL)
		return "null";
	lf_signature_text(d->prev_sig, &v->text);
	v->command.failed |= v->text.failed;
	return lf_buf_str(&v->text);
}

/* The string that is signed: its parts stand in the digest. */
static void
signed_text(struct lf_prove *v, const struct lf_digest_row *d)
{
	char hex[2 * LF_SHA256_LEN + 1], end[LF_UTC_LEN];

	lf_hex_encode(d->hash, LF_SHA256_LEN, hex);
	lf_prove_say(v,
	    "CloudTrail signs four lines: digestEndTime, bucket and key, that SHA-256, and previousDigestSignature (or null). "
	    "All but the hash stand in the digest.");
	lf_buf_puts(&v->command, "printf '%s\\n%s\\n%s\\n%s' ");
	lf_prove_quote(v, lf_utc_format(d->end, end));
	lf_buf_putc(&v->command, ' ');
	lf_buf_reset(&v->word);
	lf_buf_printf(&v->word, "%s/%s", d->bucket, d->key);
	lf_text_shell(&v->command, lf_buf_str(&v->word), v->word.len);
	lf_buf_printf(&v->command, " %s ", hex);
	lf_prove_quote(v, signature_of(v, d));
	lf_buf_puts(&v->command, " > \"$PROOF/signed.txt\"");
	lf_prove_run(v, NULL);
}

static void
signature_file(struct lf_prove *v, const struct lf_digest_row *d, const struct lf_signature *sig)
{
	lf_buf_reset(&v->word);
	if (d->by == LF_BY_METADATA) {
		lf_buf_printf(&v->word, "The signature stands in the metadata of the S3 object, as %s gives it. In binary:",
		    d->meta_from);
		lf_prove_say(v, lf_buf_str(&v->word));
	} else {
		lf_prove_say(v, "The signature stands in the next digest of the chain:");
		lf_prove_holds(v, lf_body_digest(&v->p->body, d->proved_by), "previousDigestSignature",
		    signature_of(v, lf_body_digest(&v->p->body, d->proved_by)));
		lf_prove_say(v, "In binary:");
	}
	lf_buf_puts(&v->command, "printf %s '");
	lf_base64_encode(sig->bytes, sig->len, &v->command);
	lf_buf_puts(&v->command, "' | openssl base64 -d -A > \"$PROOF/signature.bin\"");
	lf_prove_run(v, NULL);
}

/* Whether a key's fingerprint is the MD5 of its SPKI form, as PEM gives it; published as PKCS#1 it is not. */
static bool
fingerprint_of_spki(const struct lf_key *key, const char *pem)
{
	const char *body = strchr(pem, '\n'), *end = strstr(pem, "\n-----END");
	char hex[33] = "";
	unsigned char md5[16];
	struct lf_buf der;

	lf_buf_init(&der);
	if (body != NULL && end != NULL && end > body && lf_base64_decode(body, (size_t)(end - body), &der) &&
	    lf_md5(der.data, der.len, md5) == 0)
		lf_hex_encode(md5, sizeof(md5), hex);
	lf_buf_free(&der);
	return strcmp(hex, key->fingerprint) == 0;
}

static void
fingerprint(struct lf_prove *v, const struct lf_key *key)
{
	lf_prove_say(v, "The fingerprint is the MD5 of the key as AWS publishes it, in DER:");
	lf_buf_puts(&v->command, fingerprint_of_spki(key, lf_buf_str(&v->word))
		? "openssl pkey -pubin -in \"$PROOF/key.pem\" -outform DER | md5sum"
		: "openssl rsa -pubin -in \"$PROOF/key.pem\" -RSAPublicKey_out -outform DER 2>/dev/null | md5sum");
	lf_prove_run_hash(v, key->fingerprint);
}

/* The key, where it came from, and the check. */
static void
check(struct lf_prove *v, const struct lf_digest_row *d)
{
	const struct lf_key *key = lf_list_at(&v->p->c->keys.keys, d->key_used);
	const struct lf_keyfile *file = lf_list_at(&v->p->c->keys.files, key->file);

	lf_prove_say(v,
	    "The public key is one of the examiner's; the digest names it by its fingerprint. The file it came from:");
	lf_buf_puts(&v->command, "sha256sum < ");
	lf_prove_quote(v, file->name);
	lf_prove_run_hash(v, file->sha256);
	lf_prove_holds(v, d, "digestPublicKeyFingerprint", d->fingerprint);
	lf_buf_puts(&v->command, "printf '%s\\n' '");
	lf_buf_reset(&v->word);
	if (lf_rsa_to_pem(key->rsa, &v->word) != 0)
		v->w.error = ENOMEM;
	while (v->word.len > 0 && v->word.data[v->word.len - 1] == '\n')
		v->word.len--;
	for (size_t i = 0; i < v->word.len; i++) {
		if (v->word.data[i] == '\n')
			lf_buf_puts(&v->command, "' '");
		else
			lf_buf_putc(&v->command, v->word.data[i]);
	}
	lf_buf_puts(&v->command, "' > \"$PROOF/key.pem\"");
	lf_prove_run(v, NULL);
	if (strcasecmp(key->fingerprint, d->fingerprint) == 0)
		fingerprint(v, key);
	lf_prove_say(v, "RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017):");
	lf_buf_puts(&v->command, "openssl dgst -sha256 -verify \"$PROOF/key.pem\" -signature \"$PROOF/signature.bin\" "
	    "\"$PROOF/signed.txt\"");
	lf_prove_run(v, "Verified OK");
}

/*
 * From d along recorded hashes to a digest whose signature holds, and that signature.  Returns whether it is reached.
 */
static bool
prove_digest(struct lf_prove *v, uint32_t row)
{
	const struct lf_digest_row *d = lf_body_digest(&v->p->body, row), *s;
	char hex[2 * LF_SHA256_LEN + 1];

	while (d->by == LF_BY_ANCHOR) {
		s = lf_body_digest(&v->p->body, d->proved_by);
		content_hash(v, d);
		lf_hex_encode(d->hash, LF_SHA256_LEN, hex);
		lf_prove_say(v, "The next digest of the chain records that hash:");
		lf_prove_holds(v, s, "previousDigestHashValue", hex);
		d = s;
	}
	if (d->by == LF_BY_NONE)
		return false;
	content_hash(v, d);
	signed_text(v, d);
	signature_file(v, d, d->by == LF_BY_METADATA ? d->meta_sig : lf_body_digest(&v->p->body, d->proved_by)->prev_sig);
	check(v, d);
	return true;
}

/* A log: its content, the digest that lists it, that digest. */
static bool
prove_log(struct lf_prove *v, const struct lf_listed_row *l)
{
	const struct lf_body *b = &v->p->body;
	const struct lf_digest_row *d = lf_body_digest(b, l->digest);
	const struct lf_present_row *p = l->present == LF_NONE ? NULL : lf_body_present(b, l->present);
	char want[2 * LF_SHA256_LEN + 1], have[2 * LF_SHA256_LEN + 1];
	const struct lf_trouble *t;
	struct lf_buf place;

	lf_hex_encode(l->hash, LF_SHA256_LEN, want);
	if (p == NULL || p->unreadable) {
		lf_prove_say(v, p == NULL ? "The log is not in the evidence. A copy must have this SHA-256, inflated:"
				 : "The log cannot be read. It must have this SHA-256, inflated:");
		lf_textw_printf(&v->w, "   %s\n", want);
		return false;
	}
	lf_hex_encode(p->hash, LF_SHA256_LEN, have);
	t = p->trouble == LF_NONE ? NULL : lf_list_at(&b->troubles, p->trouble);
	lf_prove_say(v, "The log, inflated, has this SHA-256:");
	lf_buf_init(&place);
	lf_names_path(&b->names, &p->name, &place);
	lf_prove_inflated(v, lf_names_group(&b->names, &p->name)->source, lf_buf_str(&place), p->container,
	    t != NULL ? t->trailing : 0, t != NULL ? t->offset : 0);
	if (place.failed)
		v->w.error = ENOMEM;
	lf_buf_free(&place);
	lf_buf_puts(&v->command, " | sha256sum");
	lf_prove_run_hash(v, have);
	if (!l->hash_known || memcmp(l->hash, p->hash, LF_SHA256_LEN) != 0) {
		lf_prove_say(v, "The digest that lists it says another one: this is not the content that CloudTrail delivered.");
		lf_textw_printf(&v->w, "   %s\n", want);
		return false;
	}
	lf_prove_say(v, "This digest lists it with that hash:");
	lf_prove_holds(v, d, "hashValue", want);
	return prove_digest(v, l->digest) && l->status == LF_L_VERIFIED;
}

/* A digest that is not there: what a recovered copy must be. */
static bool
prove_missing(struct lf_prove *v, const struct lf_finding *x)
{
	lf_prove_say(v, "The digest is not in the evidence.");
	if (x->expected_sha256 != NULL) {
		lf_prove_say(v, "Its successor recorded it. A copy must have this SHA-256, inflated:");
		lf_textw_printf(&v->w, "   %s\n", x->expected_sha256);
	}
	return false;
}

static void
open_proof(struct lf_prove *v, const struct lf_pick *c)
{
	bool from_stdin = false, from_pipe = false;

	lf_textw_printf(&v->w, "PROOF of ");
	lf_textw_safe(&v->w, lf_buf_str(&c->names), 0);
	lf_textw_printf(&v->w, "\n");
	lf_textw_wrap(&v->w, 0,
	    "Each step can be repeated by hand, from the folder where this was run; lines with $ are commands for "
	    "a POSIX shell, lines with > what they print.");
	lf_prove_say(v, "A folder for three small files:");
	lf_buf_puts(&v->command, "PROOF=$(mktemp -d)");
	lf_prove_run(v, NULL);
	for (size_t i = 0; i < v->p->c->n_sources; i++) {
		bool standard = strcmp(v->p->c->sources[i]->name, "-") == 0;

		from_stdin |= standard;
		from_pipe |= v->p->c->sources[i]->stream && !standard;
	}
	if (from_stdin)
		lf_prove_say(v, "Evidence came from standard input. Save it again, as \"$PROOF/stdin\", before you go on.");
	if (from_pipe)
		lf_prove_say(v, "Evidence came through a pipe. Save it again, and give the name of that file for the name of the pipe.");
}

static bool
prove_choice(struct lf_prove *v, const struct lf_pick *c)
{
	open_proof(v, c);
	if (c->kind == LF_PICK_DIGEST)
		return prove_digest(v, c->row) && lf_body_digest(&v->p->body, c->row)->status == LF_D_VERIFIED;
	if (c->kind == LF_PICK_LOG)
		return prove_log(v, lf_body_listed(&v->p->body, c->row));
	if (c->kind == LF_PICK_MISSING)
		return prove_missing(v, lf_list_at(&v->p->findings.list, c->row));
	lf_prove_say(v, "No digest in the evidence lists this log: there is nothing to prove it by.");
	return false;
}

/* Writes the alerts and warnings about the object, and returns whether there is an alert. */
static bool
contradictions(struct lf_prove *v, const struct lf_result *r, const char *object)
{
	struct lf_finding x;
	struct lf_buf scratch;
	bool alert = false;

	lf_buf_init(&scratch);
	for (uint32_t i = 0; i < r->n_findings; i++) {
		r->finding(r, i, &x, &scratch);
		if (x.severity == LF_NOTICE || x.object == NULL || strcmp(x.object, object) != 0)
			continue;
		alert |= x.severity == LF_ALERT;
		lf_textw_printf(&v->w, "\n%s (%s)\n", lf_finding_kind(x.id)->name, lf_severity_name(x.severity));
		lf_textw_wrap(&v->w, 2, x.message);
	}
	if (scratch.failed)
		v->w.error = ENOMEM;
	lf_buf_free(&scratch);
	return alert;
}

/* The last words, and the verdict they stand for. */
static enum lf_verdict
conclude(struct lf_prove *v, bool proved, bool alert)
{
	if (proved && alert)
		lf_textw_printf(&v->w,
		    "\nPROVED, BUT: the steps above hold, and the finding above speaks against the object as it is stored.\n");
	else if (proved)
		lf_textw_printf(&v->w,
		    "\nPROVED: every step above holds, from the bytes to the public key. Whether that key is AWS's own is "
		    "for the examiner to show.\n");
	else if (alert)
		lf_textw_printf(&v->w, "\nNOT PROVED: the finding above speaks against it.\n");
	else
		lf_textw_printf(&v->w, "\nNOT PROVED: the steps above do not lead from the bytes to a signature that holds.\n");
	return alert ? LF_FINDINGS : proved ? LF_VERIFIED : LF_INCONCLUSIVE;
}

int
lf_result_prove(const struct lf_result *r, const char *object, const struct lf_write_opts *o, enum lf_verdict *verdict,
    lf_write_fn *write, void *arg, struct lf_err *err)
{
	struct lf_prove v = {.p = r->proof};
	struct lf_pick c = {.kind = LF_PICK_NOTHING};
	bool proved;
	int rc = -1;

	if (r->proof == NULL)
		return lf_err_set(err, "a merged result holds no evidence to prove an object by");
	lf_buf_init(&c.names);
	lf_pick_object(r->proof, object, &c);
	if (c.names.failed) {
		lf_err_nomem(err);
		goto out;
	}
	if (c.matches == 0) {
		lf_err_set(err, "no digest or log of the evidence has \"%s\" in its key", object);
		goto out;
	}
	if (c.matches > 1) {
		lf_err_set(err, "\"%s\" is in the keys of %u objects, among them %.300s", object, c.matches, lf_buf_str(&c.names));
		goto out;
	}
	lf_textw_init(&v.w, o, write, arg);
	lf_buf_init(&v.command);
	lf_buf_init(&v.word);
	lf_buf_init(&v.text);
	proved = prove_choice(&v, &c);
	*verdict = conclude(&v, proved, contradictions(&v, r, lf_buf_str(&c.names)));
	rc = lf_textw_finish(&v.w, err);
	lf_buf_free(&v.command);
	lf_buf_free(&v.word);
	lf_buf_free(&v.text);
out:
	lf_buf_free(&c.names);
	return rc;
}
