#include "record/event.h"

#include <string.h>

#include "record/content.h"
#include "record/event_name.h"

enum {
	LEVEL_RECORD,
	LEVEL_IDENTITY, /* inside userIdentity */
	LEVEL_SESSION,  /* inside sessionContext */
	LEVEL_ISSUER,   /* inside sessionIssuer */
	LEVELS
};

/* Places of members: the fields, and behind them what leads to fields. */
enum {
	PLACE_SESSION = LF_EV_FIELDS,
	PLACE_ISSUER,
	PLACE_ID_AGGREGATED,
	PLACE_ACCOUNT_AGGREGATED,
	PLACES,
	ELSEWHERE = 0xff /* plus one, 0 in the table: a member that nobody asked for */
};

/* The place of each name on each level, plus one. */
static const uint8_t places[LEVELS][LF_EVENT_NAMES + 1] = {
    [LEVEL_RECORD] = {
	[LF_NAME_EVENT_VERSION] = LF_EV_VERSION + 1,
	[LF_NAME_EVENT_TIME] = LF_EV_TIME + 1,
	[LF_NAME_EVENT_SOURCE] = LF_EV_SOURCE + 1,
	[LF_NAME_EVENT_NAME] = LF_EV_NAME + 1,
	[LF_NAME_AWS_REGION] = LF_EV_REGION + 1,
	[LF_NAME_SOURCE_IP] = LF_EV_SOURCE_IP + 1,
	[LF_NAME_USER_AGENT] = LF_EV_USER_AGENT + 1,
	[LF_NAME_ERROR_CODE] = LF_EV_ERROR_CODE + 1,
	[LF_NAME_ERROR_MESSAGE] = LF_EV_ERROR_MESSAGE + 1,
	[LF_NAME_EVENT_ID] = LF_EV_ID + 1,
	[LF_NAME_EVENT_ID_AGGREGATED] = PLACE_ID_AGGREGATED + 1,
	[LF_NAME_EVENT_TYPE] = LF_EV_TYPE + 1,
	[LF_NAME_EVENT_CATEGORY] = LF_EV_CATEGORY + 1,
	[LF_NAME_RECIPIENT] = LF_EV_RECIPIENT + 1,
	[LF_NAME_ACCOUNT_ID] = PLACE_ACCOUNT_AGGREGATED + 1,
	[LF_NAME_SHARED_ID] = LF_EV_SHARED_ID + 1,
	[LF_NAME_READ_ONLY] = LF_EV_READ_ONLY + 1,
	[LF_NAME_VPC_ENDPOINT] = LF_EV_VPC_ENDPOINT + 1,
	[LF_NAME_USER_IDENTITY] = LF_EV_USER_IDENTITY + 1,
	[LF_NAME_RESOURCES] = LF_EV_RESOURCES + 1,
	[LF_NAME_REQUEST] = LF_EV_REQUEST + 1,
	[LF_NAME_RESPONSE] = LF_EV_RESPONSE + 1,
	[LF_NAME_ADDITIONAL] = LF_EV_ADDITIONAL + 1,
	[LF_NAME_ADDENDUM] = LF_EV_ADDENDUM + 1,
	[LF_NAME_INSIGHT] = LF_EV_INSIGHT + 1,
	[LF_NAME_TIME_WINDOW] = LF_EV_TIME_WINDOW + 1,
	[LF_NAME_SUMMARY] = LF_EV_SUMMARY + 1,
	[LF_NAME_SERVICE] = LF_EV_SERVICE + 1,
    },
    [LEVEL_IDENTITY] = {
	[LF_NAME_TYPE] = LF_EV_UI_TYPE + 1,
	[LF_NAME_PRINCIPAL_ID] = LF_EV_UI_PRINCIPAL + 1,
	[LF_NAME_ARN] = LF_EV_UI_ARN + 1,
	[LF_NAME_ACCOUNT_ID] = LF_EV_UI_ACCOUNT + 1,
	[LF_NAME_ACCESS_KEY] = LF_EV_UI_ACCESS_KEY + 1,
	[LF_NAME_USER_NAME] = LF_EV_UI_USER_NAME + 1,
	[LF_NAME_INVOKED_BY] = LF_EV_UI_INVOKED_BY + 1,
	[LF_NAME_SESSION] = PLACE_SESSION + 1,
    },
    [LEVEL_SESSION] = {
	[LF_NAME_SOURCE_IDENTITY] = LF_EV_SOURCE_IDENTITY + 1,
	[LF_NAME_ISSUER] = PLACE_ISSUER + 1,
    },
    [LEVEL_ISSUER] = {
	[LF_NAME_TYPE] = LF_EV_ISSUER_TYPE + 1,
	[LF_NAME_PRINCIPAL_ID] = LF_EV_ISSUER_PRINCIPAL + 1,
	[LF_NAME_ARN] = LF_EV_ISSUER_ARN + 1,
	[LF_NAME_USER_NAME] = LF_EV_ISSUER_USER_NAME + 1,
    },
};

#define BIT(place) (UINT64_C(1) << (place))

/* The places that lie inside the places that are entered. */
#define INSIDE_ISSUER                                                                                          \
	(BIT(LF_EV_ISSUER_TYPE) | BIT(LF_EV_ISSUER_ARN) | BIT(LF_EV_ISSUER_PRINCIPAL) |                        \
	    BIT(LF_EV_ISSUER_USER_NAME))
#define INSIDE_SESSION (INSIDE_ISSUER | BIT(LF_EV_SOURCE_IDENTITY) | BIT(PLACE_ISSUER))
#define INSIDE_IDENTITY                                                                                        \
	(INSIDE_SESSION | BIT(PLACE_SESSION) | BIT(LF_EV_UI_TYPE) | BIT(LF_EV_UI_PRINCIPAL) |                  \
	    BIT(LF_EV_UI_ARN) | BIT(LF_EV_UI_ACCOUNT) | BIT(LF_EV_UI_ACCESS_KEY) |                             \
	    BIT(LF_EV_UI_USER_NAME) | BIT(LF_EV_UI_INVOKED_BY))

/* members of the record itself without a place that are told apart by their names: real ones have some ten */
#define STRANGERS 64

/* A record that is being read. */
struct reading {
	struct lf_scan *s;
	const struct lf_seed *seed; /* or NULL */
	struct lf_event *out;
	uint64_t seen;              /* bit i: a member of place i was there */
	uint64_t repeats;           /* members of the record itself that stood there before */
	struct lf_scan_member at;   /* the member that is being read */
	const char *member;         /* where the member of the record that is being read starts */
	const char *identity;       /* where the value of userIdentity starts */
	unsigned level;
	struct lf_slice aggregated[2]; /* eventId and accountId */
	struct lf_slice *strangers; /* names of members of the record itself without a place, as they stand */
	unsigned n_strangers;
	uint64_t slots;             /* bit i: one of them has slot i, or may have */
};

/* Notes the first member that stands there twice: the one at hand. */
static void
note(struct reading *r, const char *duplicate)
{
	if (r->out->duplicate != NULL)
		return;
	r->out->duplicate = duplicate;
	r->out->repeated = (size_t)(r->at.name.s - 1 - r->s->text);
}

/* Notes that a member stands there a second time: of what the first one held nothing must be left. */
static __attribute__((noinline)) void
repeat(struct reading *r, unsigned place, unsigned name)
{
	uint64_t inside = place == LF_EV_USER_IDENTITY ? INSIDE_IDENTITY :
	    place == PLACE_SESSION                     ? INSIDE_SESSION :
	    place == PLACE_ISSUER                      ? INSIDE_ISSUER :
							 0;

	note(r, lf_event_duplicate(name));
	r->seen &= ~inside;
	r->out->escaped &= ~inside;
	for (unsigned i = 0; i < LF_EV_FIELDS; i++)
		if (inside >> i & 1)
			r->out->field[i] = (struct lf_slice){NULL, 0};
	r->repeats += r->level == LEVEL_RECORD;
}

/* Looks whether a member without a place, of which that cannot be ruled out, was there before. */
static __attribute__((noinline)) void
look_up(struct reading *r)
{
	struct lf_slice name = r->at.name;

	for (unsigned i = 0; i < r->n_strangers; i++)
		if (lf_event_name_same(r->strangers[i], name)) {
			note(r, lf_event_duplicate(LF_EVENT_NAMES));
			r->repeats++;
			return;
		}
	if (r->n_strangers == STRANGERS) {
		note(r, "too many members to tell whether one of them is a duplicate key");
		r->repeats++;
		return;
	}
	r->strangers[r->n_strangers++] = name;
	if (r->at.escaped)
		r->slots = UINT64_MAX;
}

/* A member of the record itself without a place. */
static inline void
meet(struct reading *r, unsigned slot)
{
	if (__builtin_expect(r->at.escaped || (r->slots >> slot & 1) != 0 || r->n_strangers == STRANGERS, 0))
		look_up(r);
	else
		r->strangers[r->n_strangers++] = r->at.name;
	r->slots |= BIT(slot);
}

/* Adds the member that ends here to the content: a sum, so that order does not count.  Where names stand twice it does
 * count which is the last. */
static inline void
add_content(struct reading *r)
{
	struct lf_slice json = {r->member, (size_t)(r->s->p - r->member)};
	uint64_t hash = lf_content_hash(r->seed, json, r->s->loose);

	if (__builtin_expect(r->repeats > 0, 0))
		hash = lf_seed_mix(r->seed, hash, r->repeats);
	r->out->content += hash;
}

static inline void
keep(struct reading *r, unsigned place, struct lf_slice value, bool escaped)
{
	struct lf_event *out = r->out;

	if (place < LF_EV_FIELDS)
		out->field[place] = value;
	else if (place >= PLACE_ID_AGGREGATED)
		r->aggregated[place - PLACE_ID_AGGREGATED] = value;
	out->escaped = (out->escaped & ~BIT(place)) | (uint64_t)escaped << place;
}

static inline bool
is_entered(unsigned place)
{
	return place == LF_EV_USER_IDENTITY || place == PLACE_SESSION || place == PLACE_ISSUER;
}

/* Reads the rest of the value of a member, whose first token was just read. */
static inline bool
read_value(struct reading *r, unsigned place, enum lf_token token)
{
	struct lf_scan *s = r->s;
	const char *from = s->text + s->at;
	struct lf_slice value = {NULL, 0};

	if (token == LF_TOKEN_OBJECT && is_entered(place)) {
		if (r->level++ == LEVEL_RECORD)
			r->identity = from;
		return true;
	}
	if (token < LF_TOKEN_STRING && !lf_scan_skip(s, token))
		return false;
	if (place != ELSEWHERE) {
		if (token == LF_TOKEN_STRING)
			value = (struct lf_slice){s->s, s->len};
		else if (token != LF_TOKEN_NULL)
			value = (struct lf_slice){from, (size_t)(s->p - from)};
		keep(r, place, value, token == LF_TOKEN_STRING && s->escaped);
	}
	if (r->level == LEVEL_RECORD && r->seed != NULL)
		add_content(r);
	return true;
}

/* Reads the member whose name was just read, and the first token of its value. */
static inline bool
read_member(struct reading *r, enum lf_token token)
{
	unsigned slot, name = lf_event_name(r->at.name, r->at.escaped, &slot), place = (places[r->level][name] - 1U) & 0xff;

	if (r->level == LEVEL_RECORD)
		r->member = r->at.name.s - 1;
	if (place != ELSEWHERE) {
		if (r->seen >> place & 1)
			repeat(r, place, name);
		r->seen |= BIT(place);
	} else if (r->level == LEVEL_RECORD) {
		meet(r, slot);
	}
	return read_value(r, place, token);
}

/* Leaves an object that holds fields, whose } was just read. */
static inline void
leave(struct reading *r)
{
	if (--r->level > LEVEL_RECORD)
		return;
	r->out->field[LF_EV_USER_IDENTITY] = (struct lf_slice){r->identity, (size_t)(r->s->p - r->identity)};
	if (r->seed != NULL)
		add_content(r);
}

/* The members of Aggregated events that are called otherwise stand in where the usual ones are absent. */
static void
stand_in(struct reading *r, enum lf_event_field f, unsigned place)
{
	struct lf_event *out = r->out;

	if (!(r->seen >> place & 1))
		return;
	out->members |= BIT(f);
	if (out->field[f].s != NULL)
		return;
	out->field[f] = r->aggregated[place - PLACE_ID_AGGREGATED];
	out->escaped |= (out->escaped >> place & 1) << f;
}

bool
lf_event_read(struct lf_scan *s, const struct lf_seed *seed, struct lf_event *out)
{
	struct lf_slice strangers[STRANGERS];
	struct reading r = {.s = s, .seed = seed, .out = out, .strangers = strangers};
	const char *start = s->text + s->at;
	enum lf_token token;

	memset(out, 0, sizeof(*out));
	for (;;) {
		if (r.level == LEVEL_RECORD)
			s->loose = false;
		token = lf_scan_member(s, &r.at);
		if (r.at.name.s != NULL) {
			if (!read_member(&r, token))
				break;
			continue;
		}
		if (token != LF_TOKEN_OBJECT_END || r.level == LEVEL_RECORD)
			break;
		leave(&r);
	}
	out->members = r.seen & (BIT(LF_EV_FIELDS) - 1);
	stand_in(&r, LF_EV_ID, PLACE_ID_AGGREGATED);
	stand_in(&r, LF_EV_RECIPIENT, PLACE_ACCOUNT_AGGREGATED);
	out->escaped &= BIT(LF_EV_FIELDS) - 1;
	out->raw = (struct lf_slice){start, (size_t)((s->problem == NULL ? s->p : s->text + s->at) - start)};
	return token == LF_TOKEN_OBJECT_END;
}
