/*
 * Documents of EventBridge.  Whoever may call PutEvents puts what he likes into "detail", and into "detail-type";
 * sources that begin with "aws." are AWS's alone, but for those of partners ("Amazon EventBridge events", PutEvents).
 */
#include "record/envelope_walk.h"

/* Whether the source or detail-type that was just read is one under which CloudTrail's events come. */
static enum lf_envelope_origin
judge(const struct lf_scan *s, bool source)
{
	struct lf_slice v = {s->s, s->len};
	bool ours = source ? lf_slice_starts(v, "aws.") && !lf_slice_starts(v, "aws.partner/") : lf_slice_ends(v, "via CloudTrail");

	return ours ? LF_ENVELOPE_CLOUDTRAIL : LF_ENVELOPE_ANYONE;
}

/*
 * By the members of the object that s was just entered into: its source, or where it has none its detail-type; of
 * several the worst counts.
 */
static enum lf_envelope_origin
look(struct lf_scan *s)
{
	static const struct lf_scan_name names[] = {LF_SCAN_NAME("source"), LF_SCAN_NAME("detail-type")};
	enum lf_envelope_origin found[3] = {LF_ENVELOPE_UNASKED, LF_ENVELOPE_UNASKED, LF_ENVELOPE_UNASKED}, one;
	enum lf_token token;
	size_t i;

	while (lf_scan_next(s) == LF_TOKEN_KEY) {
		i = lf_scan_which(s, names, 2);
		token = lf_scan_next(s);
		one = token == LF_TOKEN_STRING ? judge(s, i == 0) : LF_ENVELOPE_ANYONE;
		if (one > found[i])
			found[i] = one;
		if (!lf_scan_skip(s, token))
			break;
	}
	one = found[0] != LF_ENVELOPE_UNASKED ? found[0] : found[1];
	return one != LF_ENVELOPE_UNASKED ? one : LF_ENVELOPE_ANYONE;
}

/* Once for each object, however often it has the member. */
enum lf_envelope_origin
lf_envelope_origin(struct lf_envelope_text *t, struct lf_envelope_level *l)
{
	struct lf_scan_mark here = lf_scan_mark(&t->scan);

	if (l->origin == LF_ENVELOPE_UNASKED) {
		lf_scan_back(&t->scan, &l->mark);
		l->origin = look(&t->scan);
		lf_scan_back(&t->scan, &here);
	}
	return l->origin;
}
