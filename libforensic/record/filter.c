#include "record/filter.h"

#include <stdlib.h>
#include <string.h>

#include "record/cidr.h"
#include "record/glob.h"
#include "record/looks.h"
#include "record/needle.h"

/* A pattern, made ready: one of glob, needle and range. */
struct rule {
	bool negative;
	bool ranged;
	struct lf_cidr range;
	struct lf_glob *glob;
	struct lf_needle *needle;
};

struct lf_filter {
	bool write_only, read_only;
	size_t n;
	size_t first[LF_PATTERN_KINDS + 1]; /* the rules of a kind are those from first[kind] up to first[kind + 1] */
	struct rule rules[];
};

static const char *const options[LF_PATTERN_KINDS] = {
    [LF_PATTERN_USER] = "user",
    [LF_PATTERN_EVENT] = "event",
    [LF_PATTERN_SERVICE] = "service",
    [LF_PATTERN_IP] = "ip",
    [LF_PATTERN_ACCESS_KEY] = "access-key",
    [LF_PATTERN_ERROR] = "error",
    [LF_PATTERN_RESOURCE] = "resource",
    [LF_PATTERN_CATEGORY] = "category",
    [LF_PATTERN_ID] = "id",
    [LF_PATTERN_GREP] = "grep",
};

static const char *const categories[] = {"Management", "Data", "Insight", "NetworkActivity", "Aggregated"};

/* ---- Making ---- */

static int
make_glob(struct rule *r, const char *option, const char *text, struct lf_err *err)
{
	struct lf_err why;

	if (lf_glob_new(text, &r->glob, &why) == 0)
		return 0;
	return lf_err_set(err, "--%s: %.400s", option, why.msg);
}

static int
make_ip(struct rule *r, const char *text, struct lf_err *err)
{
	switch (lf_cidr_read(text, &r->range)) {
	case LF_CIDR_READ:
		r->ranged = true;
		return 0;
	case LF_CIDR_BAD:
		return lf_err_set(err, "--ip: \"%.80s\" is no address and no range: give 192.0.2.7, 192.0.2.0/24, "
		    "2001:db8::/32, or a glob for names and addresses as they stand (*.amazonaws.com, 10.0.*)", text);
	case LF_CIDR_TEXT:
		break;
	}
	return make_glob(r, options[LF_PATTERN_IP], text, err);
}

/* A name that no event can have would give an empty timeline without a word. */
static int
make_category(struct rule *r, const char *text, struct lf_err *err)
{
	if (make_glob(r, options[LF_PATTERN_CATEGORY], text, err) != 0)
		return -1;
	for (size_t i = 0; i < sizeof(categories) / sizeof(categories[0]); i++)
		if (lf_glob_match(r->glob, (struct lf_slice){categories[i], strlen(categories[i])}))
			return 0;
	return !lf_glob_literal(r->glob) ? 0 : lf_err_set(err, "--category: \"%.80s\" is none of Management, Data, Insight, "
	    "NetworkActivity, Aggregated", text);
}

static int
make_rule(struct rule *r, const struct lf_pattern *p, struct lf_err *err)
{
	const char *text = p->text;

	r->negative = *text == '!';
	text += r->negative;
	if (*text == '\0' && p->kind != LF_PATTERN_ERROR)
		return lf_err_set(err, "--%s: its pattern is empty", options[p->kind]);
	switch (p->kind) {
	case LF_PATTERN_IP:
		return make_ip(r, text, err);
	case LF_PATTERN_CATEGORY:
		return make_category(r, text, err);
	case LF_PATTERN_GREP:
		return lf_needle_new(text + (text[0] == '\\' && text[1] == '!'), &r->needle, err);
	case LF_PATTERN_ERROR:
		return make_glob(r, options[p->kind], *text == '\0' ? "*" : text, err);
	default:
		return make_glob(r, options[p->kind], text, err);
	}
}

int
lf_filter_new(const struct lf_pattern *patterns, size_t n, bool write_only, bool read_only, struct lf_filter **out,
    struct lf_err *err)
{
	struct lf_filter *f;

	if (write_only && read_only)
		return lf_err_set(err, "--write-only and --read-only exclude one another");
	f = n > (SIZE_MAX - sizeof(*f)) / sizeof(f->rules[0]) ? NULL : calloc(1, sizeof(*f) + n * sizeof(f->rules[0]));
	if (f == NULL)
		return lf_err_nomem(err);
	f->write_only = write_only;
	f->read_only = read_only;
	for (int kind = 0; kind < LF_PATTERN_KINDS; kind++) {
		f->first[kind] = f->n;
		for (size_t i = 0; i < n; i++) {
			if ((int)patterns[i].kind != kind)
				continue;
			if (make_rule(&f->rules[f->n++], &patterns[i], err) != 0) {
				lf_filter_free(f);
				return -1;
			}
		}
	}
	f->first[LF_PATTERN_KINDS] = f->n;
	*out = f;
	return 0;
}

void
lf_filter_free(struct lf_filter *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->n; i++) {
		lf_glob_free(f->rules[i].glob);
		lf_needle_free(f->rules[i].needle);
	}
	free(f);
}

/* ---- Matching ---- */

/* What the rules of one kind say of an event. */
struct judgement {
	const struct rule *rules;
	size_t n;
	bool asked;  /* there are rules of which one must hold */
	bool barred; /* there are rules of which none may hold */
	bool ranged; /* there are ranges of addresses among them */
	bool hit, struck;
};

static bool
fits(const struct rule *r, struct lf_slice value, const struct lf_cidr *address)
{
	return r->ranged ? address != NULL && lf_cidr_holds(&r->range, address) : lf_glob_match(r->glob, value);
}

/* Notes whether a rule holds; returns whether all is said. */
static bool
note(struct judgement *j, const struct rule *r, bool holds)
{
	if (holds && r->negative)
		j->struck = true;
	else if (holds)
		j->hit = true;
	return j->struck || (j->hit && !j->barred);
}

/* Holds a value against all rules; as lf_looks has it. */
static bool
judge(void *arg, struct lf_slice value)
{
	struct judgement *j = arg;
	struct lf_cidr address;
	bool is_address = j->ranged && lf_cidr_address(value, &address);

	for (size_t i = 0; i < j->n; i++)
		if (note(j, &j->rules[i], fits(&j->rules[i], value, is_address ? &address : NULL)))
			return true;
	return false;
}

static void
start(struct judgement *j, const struct lf_filter *f, int kind)
{
	*j = (struct judgement){.rules = f->rules + f->first[kind], .n = f->first[kind + 1] - f->first[kind]};
	for (size_t i = 0; i < j->n; i++) {
		j->asked = j->asked || !j->rules[i].negative;
		j->barred = j->barred || j->rules[i].negative;
		j->ranged = j->ranged || j->rules[i].ranged;
	}
}

static void
grep(struct judgement *j, struct lf_slice raw)
{
	for (size_t i = 0; i < j->n; i++)
		if (note(j, &j->rules[i], lf_needle_in(j->rules[i].needle, raw)))
			break;
}

static bool
wanted_by_access(const struct lf_filter *f, const struct lf_values *v)
{
	if (f->write_only)
		return lf_slice_is(v->v[LF_COL_READ_ONLY], "false");
	return !f->read_only || lf_slice_is(v->v[LF_COL_READ_ONLY], "true");
}

int
lf_filter_match(const struct lf_filter *f, const struct lf_event *e, const struct lf_values *v, struct lf_buf *scratch)
{
	struct lf_looks looks = {.e = e, .v = v, .scratch = scratch, .take = judge};
	struct judgement j;

	if (!wanted_by_access(f, v))
		return 0;
	for (int kind = 0; kind < LF_PATTERN_KINDS; kind++) {
		start(&j, f, kind);
		if (j.n == 0)
			continue;
		looks.arg = &j;
		if (kind == LF_PATTERN_GREP)
			grep(&j, e->raw);
		else
			lf_looks_at(&looks, (enum lf_pattern_kind)kind);
		if (looks.failed)
			return -1;
		if (j.struck || (j.asked && !j.hit))
			return 0;
	}
	return 1;
}
