/* One input of a report: read, hashed, and told apart from the others. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "report/gaps_read.h"
#include "report/report.h"
#include "report/report_value.h"
#include "report/verify_read.h"
#include "report/words.h"

#define HEAD ((size_t)64 << 10) /* by which a timeline is known from a document */

const char *const lf_report_tool_names[LF_REPORT_TOOLS] = {
    "trail-seal", "trail-verify", "trail-gaps", "trail-timeline", "trail-diff", "trail-carve"};

static int
bad(const struct lf_report_input *in, const char *what, struct lf_err *err)
{
	return lf_err_set(err, "%.300s: %s", in->name, what);
}

static int
read_failed(const struct lf_report_input *in, struct lf_err *err)
{
	if (errno == ENOMEM)
		return lf_err_nomem(err);
	if (errno == EFBIG)
		return lf_err_set(err, "%.300s: is larger than a result may be (%u bytes)", in->name, LF_MAX_RESULT);
	return lf_err_sys(err, "cannot read %.300s", in->name);
}

/* Which tool wrote a document, and whether in a schema that is known. */
static int
whose(struct lf_report_input *in, struct lf_err *err)
{
	const char *tool = lf_json_string(in->doc, "tool");
	const json_t *schema = json_object_get(in->doc, "schema");
	char shown[64];
	int i = 0;

	if (tool == NULL)
		return bad(in, json_object_get(in->doc, "entry") != NULL ? "is a ledger: give it with --ledger" :
		    "is no result: it has no member \"tool\"", err);
	while (i < LF_REPORT_TOOLS && strcmp(lf_report_tool_names[i], tool) != 0)
		i++;
	lf_text_printable(tool, strlen(tool), shown, sizeof(shown));
	if (strcmp(tool, "trail-report") == 0)
		return bad(in, "is a report: give the results that it was made of", err);
	if (i == LF_REPORT_TOOLS || i == LF_OF_TIMELINE)
		return lf_err_set(err, "%.300s: is the result of \"%s\", which is no tool of this kit", in->name, shown);
	if (!json_is_integer(schema) || json_integer_value(schema) != 1)
		return lf_err_set(err,
		    "%.300s: has another schema than 1: make the result again with this version (%s)", in->name,
		    LF_VERSION);
	if (!lf_verdict_read(lf_json_string(in->doc, "verdict"), &in->verdict))
		return bad(in, "has no verdict", err);
	in->tool = (enum lf_report_tool)i;
	return 0;
}

/*
 * A member of a summary that counts: whole and not negative.  Strings and null are times and names, and lists are not
 * counts.
 */
static bool
is_count(const json_t *o)
{
	return json_is_integer(o) ? json_integer_value(o) >= 0 : !json_is_real(o);
}

/*
 * Whether all numbers of a summary are counts, three objects deep, which is as deep as they go; *name gets the first
 * that is none.  Members of trail-verify's "digests" and "logs" are numbers and nothing else.
 */
static bool
counts(const json_t *summary, const char **name)
{
	const char *inner, *deep;
	json_t *a, *b, *c; /* as jansson's loops want them */

	json_object_foreach((json_t *)(uintptr_t)summary, *name, a) {
		bool numbers = strcmp(*name, "digests") == 0 || strcmp(*name, "logs") == 0;

		if (!is_count(a))
			return false;
		json_object_foreach(a, inner, b) {
			if (!is_count(b) || (numbers && !json_is_integer(b)))
				return false;
			json_object_foreach(b, deep, c)
				if (!is_count(c))
					return false;
		}
	}
	return true;
}

/* The lists that a document of a tool must have. */
static int
shape(const struct lf_report_input *in, struct lf_err *err)
{
	static const char *const lists[LF_REPORT_TOOLS][5] = {[LF_OF_SEAL] = {"findings"},
	    [LF_OF_VERIFY] = {"findings", "skipped", "chains", "anchors"},
	    [LF_OF_GAPS] = {"findings", "skipped", "coverage", "gaps", "impairments"}, [LF_OF_DIFF] = {"skipped"},
	    [LF_OF_CARVE] = {"findings", "skipped"}};

	const char *name;

	if (!json_is_object(json_object_get(in->doc, "summary")))
		return bad(in, "has no summary", err);
	if (!counts(json_object_get(in->doc, "summary"), &name))
		return lf_err_set(err, "%.300s: counts in \"summary\" with something that is no count: \"%.40s\"", in->name, name);
	for (size_t i = 0; i < 5 && lists[in->tool][i] != NULL; i++)
		if (!json_is_array(json_object_get(in->doc, lists[in->tool][i])))
			return lf_err_set(err, "%.300s: has no list \"%s\"", in->name, lists[in->tool][i]);
	return 0;
}

/* A shard tells a part of what its run would: a report is made of the whole. */
static int
no_shard(const struct lf_report_input *in, struct lf_err *err)
{
	const char *tool = lf_report_tool_names[in->tool];
	const json_t *shard = json_object_get(in->doc, "shard");
	long long k = json_integer_value(json_object_get(shard, "k")), n = json_integer_value(json_object_get(shard, "n"));

	if (n <= 1)
		return 0;
	if (in->tool == LF_OF_VERIFY || in->tool == LF_OF_GAPS)
		return lf_err_set(err, "%.300s: is shard %lld of %lld: join all of them with %s --merge, and give what that writes",
		    in->name, k, n, tool);
	return lf_err_set(err, "%.300s: is shard %lld of %lld: give the result of %s without --shard", in->name, k, n, tool);
}

/* Reads a document, and gives its text back before more memory is taken. */
static int
document(struct lf_report_input *in, struct lf_buf *text, struct lf_err *err)
{
	struct lf_err why;

	in->doc = lf_json_read(lf_buf_str(text), text->len, NULL, &why);
	lf_buf_free(text);
	if (in->doc == NULL)
		return lf_err_set(err, "%.200s: is no JSON document: %.200s", in->name, why.msg);
	if (whose(in, err) != 0 || shape(in, err) != 0 || no_shard(in, err) != 0)
		return -1;
	if (in->tool == LF_OF_VERIFY)
		return lf_verify_read(in->doc, &in->name, &in->proof, err);
	if (in->tool == LF_OF_GAPS && lf_gaps_read(in->doc, &in->coverage, &why) != 0)
		return lf_err_set(err, "%.200s: %.250s", in->name, why.msg);
	return 0;
}

/* The rest of a document of which head is read and hashed. */
static int
whole(struct lf_report *r, struct lf_report_input *in, struct lf_buf *head, struct lf_err *err)
{
	size_t had = head->len;

	if (lf_file_read_upto(in->fd, (size_t)LF_MAX_RESULT + 1, head) != 0)
		return read_failed(in, err);
	if (head->len > LF_MAX_RESULT) {
		errno = EFBIG;
		return read_failed(in, err);
	}
	if (lf_hash_add(r->hash, lf_buf_str(head) + had, head->len - had) != 0)
		return bad(in, "OpenSSL gives no SHA-256", err);
	in->size = head->len;
	return document(in, head, err);
}

int
lf_report_input_read(struct lf_report *r, struct lf_report_input *in, struct lf_err *err)
{
	unsigned char sum[LF_SHA256_LEN];
	struct lf_buf head;
	int rc = -1, is;

	lf_buf_init(&head);
	if (lf_hash_start(r->hash) != 0) {
		lf_err_set(err, "OpenSSL gives no SHA-256");
		goto out;
	}
	if (lf_file_read_upto(in->fd, HEAD, &head) != 0) {
		read_failed(in, err);
		goto out;
	}
	if (head.len == 0) {
		bad(in, "is empty: no result", err);
		goto out;
	}
	if (lf_hash_add(r->hash, head.data, head.len) != 0)
		goto out;
	if ((is = lf_report_is_timeline(head.data, head.len)) < 0) {
		lf_err_nomem(err);
	} else if (is > 0) {
		in->tool = LF_OF_TIMELINE;
		in->size = head.len;
		rc = lf_report_timeline_read(r, in, &head, err);
	} else {
		rc = whole(r, in, &head, err);
	}
	if (rc == 0 && (rc = lf_hash_end(r->hash, sum)) == 0)
		lf_hex_encode(sum, sizeof(sum), in->sha256);
out:
	lf_buf_free(&head);
	close(in->fd);
	in->fd = -1;
	return rc;
}
