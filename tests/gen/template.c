/*
 * Parts of records written as text with %x marks. Within one event the same
 * mark always gives the same value, so that a response fits its request.
 *
 *  %a account      %g region       %p partition    %i instance    %v VPC
 *  %w subnet       %s group        %m image        %l volume      %n interface
 *  %b bucket       %o object key   %k KMS key id   %u user        %r role
 *  %x UUID         %X other UUID   %h 8 hex        %d number      %t time
 *  %T human time   %f function     %c parameter    %N access key  %q policy
 *  %U user id      %R role id      %e 32 hex       %z 76 base64 characters
 *  %y free text in UTF-8
 */
#include <string.h>

#include "gen.h"

static const char *const names[] = {"reports", "orders", "billing-archive", "web-assets",
    "customer-data", "ml-training", "backup-2024", "audit"};
static const char *const objects[] = {"reports/2024/{draft}/summary.csv", "in/\\\"quoted\\\".json",
    "fotos/Z\xc3\xbcrich \xe2\x82\xac.png", "logs/]},{/odd.txt", "a/b/c/d/e/f.parquet",
    "\xe6\x97\xa5\xe6\x9c\xac/\xe8\xa8\x98\xe9\x8c\xb2.txt", "back\\\\slash\\\\path", "tab\\there",
    "state/terraform.tfstate", "\\u00fcber/plan.pdf"};
static const char *const texts[] = {"nightly copy of orders", "caf\xc3\xa9 \xe2\x80\x94 stage",
    "he said \\\"no\\\" {twice}", "R\xc3\xa9seau priv\xc3\xa9 [A]", "=1+1", "line one\\nline two",
    "\xf0\x9f\x94\x92 rotate", "plain"};
static const char *const policies[] = {
    "{\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\","
    "\\\"Action\\\":\\\"s3:*\\\","
    "\\\"Resource\\\":[\\\"arn:aws:s3:::orders\\\",\\\"arn:aws:s3:::orders/*\\\"]}]}",
    "{\\n  \\\"Version\\\": \\\"2012-10-17\\\",\\n  \\\"Statement\\\": [\\n    {\\n      "
    "\\\"Effect\\\": \\\"Deny\\\",\\n"
    "      \\\"Principal\\\": \\\"*\\\",\\n      \\\"Action\\\": \\\"*\\\",\\n      "
    "\\\"Resource\\\": \\\"*\\\"\\n    }\\n  ]\\n}",
    "{\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\","
    "\\\"Principal\\\":{\\\"Service\\\":"
    "\\\"lambda.amazonaws.com\\\"},\\\"Action\\\":\\\"sts:AssumeRole\\\"}]}"};

#define PICK(a, r) ((a)[rng_below((r), (unsigned)(sizeof(a) / sizeof((a)[0])))])

/* Append a prefix and n hex digits. */
static void
put_id(struct buf *b, struct rng *r, const char *prefix, size_t n)
{
	char hex[32];

	buf_str(b, prefix);
	rng_hex(r, hex, n);
	buf_add(b, hex, n);
}

/* Append a value made of random letters: the marks x X k N U R z. */
static void
put_random(struct buf *b, struct rng *r, char mark)
{
	char t[80];

	if (mark == 'U' || mark == 'R') {
		memcpy(t, mark == 'U' ? "AIDA" : "AROA", 4);
		rng_base32(r, t + 4, 10);
		memcpy(t + 14, "EXAMPLE", 8);
	} else if (mark == 'N') {
		memcpy(t, "AKIA", 4);
		rng_base32(r, t + 4, 9);
		memcpy(t + 13, "EXAMPLE", 8);
	} else if (mark == 'z') {
		rng_alnum(r, t, 75);
		t[20] = '/';
		t[50] = '+';
		memcpy(t + 75, "=", 2);
	} else {
		rng_uuid(r, t);
	}
	buf_str(b, t);
}

/* Append a value that comes from the place or the time: the marks a g p t T. */
static bool
put_place(struct buf *b, char mark, const struct place *p, int64_t t)
{
	char s[32];

	switch (mark) {
	case 'a':
		account_id(p->acct, s);
		break;
	case 'g':
		buf_str(b, p->g->o.regions[p->region]);
		return true;
	case 'p':
		buf_str(b, partition(p->g->o.regions[p->region]));
		return true;
	case 't':
		stamp_iso(t, s);
		break;
	case 'T':
		stamp_human(t, s);
		break;
	default:
		return false;
	}
	buf_str(b, s);
	return true;
}

/* Append an identifier of EC2: the marks i v w s m l n h e. */
static bool
put_ec2(struct buf *b, struct rng *r, char mark)
{
	static const char marks[] = "ivwsmlnhe";
	static const char *const prefixes[] = {
	    "i-0", "vpc-0", "subnet-0", "sg-0", "ami-0", "vol-0", "eni-0", "", ""};
	const char *at = strchr(marks, mark);

	if (at == NULL)
		return false;
	put_id(b, r, prefixes[at - marks], mark == 'h' ? 8 : mark == 'e' ? 32 : 16);
	return true;
}

/* Append the value of one mark. */
static void
put_mark(struct buf *b, char mark, const struct place *p, unsigned e, int64_t t)
{
	struct rng r = rng_make(p->g->o.seed ^ (uint64_t)(unsigned char)mark << 56,
	    TAG('t', 'm', 'p', 'l'), (uint64_t)p->acct << 32 | p->region, p->slot, e, p->salt);

	if (put_place(b, mark, p, t) || put_ec2(b, &r, mark))
		return;
	switch (mark) {
	case 'b':
		buf_fmt(b, "%s-%u", PICK(names, &r), rng_below(&r, 9));
		break;
	case 'o':
		buf_str(b, PICK(objects, &r));
		break;
	case 'u':
		buf_str(b, who_user(rng_below(&r, 16)));
		break;
	case 'r':
		buf_str(b, who_role(rng_below(&r, 10)));
		break;
	case 'd':
		buf_fmt(b, "%u", 1 + rng_below(&r, 9999));
		break;
	case 'f':
		buf_fmt(b, "fn-%s", PICK(names, &r));
		break;
	case 'c':
		buf_fmt(b, "/prod/%s/token-%u", PICK(names, &r), rng_below(&r, 99));
		break;
	case 'q':
		buf_str(b, PICK(policies, &r));
		break;
	case 'y':
		buf_str(b, PICK(texts, &r));
		break;
	default:
		put_random(b, &r, mark);
		break;
	}
}

/* Append a template for event e of a place, at time t. */
void
template_expand(struct buf *b, const char *s, const struct place *p, unsigned e, int64_t t)
{
	const char *mark;

	while ((mark = strchr(s, '%')) != NULL && mark[1] != '\0') {
		buf_add(b, s, (size_t)(mark - s));
		put_mark(b, mark[1], p, e, t);
		s = mark + 2;
	}
	buf_str(b, s);
}
