#include "proof/listen.h"

#include <stdlib.h>

#include "proof/gather.h"
#include "proof/product.h"

/* The products of an object for two. */
struct pair {
	void *first, *second;
};

static void
drop(void *arg, void *product)
{
	struct lf_listening *l = arg;
	struct pair *p = product;

	if (p == NULL)
		return;
	lf_product_drop(l->body, p->first);
	l->listener->drop(l->listener->arg, p->second);
	free(p);
}

static int
work(void *arg, const struct lf_object *o, void **product, struct lf_err *err)
{
	struct lf_listening *l = arg;
	struct pair *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return lf_err_nomem(err);
	*product = p;
	if (lf_product_work(l->body, o, &p->first, err) != 0)
		return -1;
	return l->listener->work(l->listener->arg, o, &p->second, err);
}

static int
deliver(void *arg, void *product, struct lf_err *err)
{
	struct lf_listening *l = arg;
	struct pair *p = product;
	uint32_t before = l->body->present.n;
	void *proof = p->first, *other = p->second;

	free(p);
	if (lf_gather_deliver(l->body, proof, err) != 0) {
		l->listener->drop(l->listener->arg, other);
		return -1;
	}
	return l->listener->deliver(l->listener->arg, other, l->body->present.n > before ? before : LF_NONE, err);
}

static bool
want(void *arg, uint32_t source, const char *place, size_t len, const struct lf_s3key *key)
{
	struct lf_listening *l = arg;

	return l->listener->want(l->listener->arg, source, place, len, key);
}

static uint64_t
weight(void *arg, const void *product)
{
	struct lf_listening *l = arg;
	const struct pair *p = product;

	return p->second == NULL ? 0 : l->listener->weight(l->listener->arg, p->second);
}

void
lf_listen(struct lf_listening *l, struct lf_reader *r)
{
	r->want = want;
	r->work = work;
	r->deliver = deliver;
	r->drop = drop;
	r->arg = l;
	r->weight = l->listener->weight == NULL ? NULL : weight;
	r->bound = l->listener->bound;
}

/* ---- Two listeners ---- */

static bool
want_two(void *arg, uint32_t source, const char *place, size_t len, const struct lf_s3key *key)
{
	struct lf_two_listeners *t = arg;
	bool a = t->a.want(t->a.arg, source, place, len, key);

	return t->b.want(t->b.arg, source, place, len, key) || a;
}

static void
drop_two(void *arg, void *product)
{
	struct lf_two_listeners *t = arg;
	struct pair *p = product;

	if (p == NULL)
		return;
	t->a.drop(t->a.arg, p->first);
	t->b.drop(t->b.arg, p->second);
	free(p);
}

static int
work_two(void *arg, const struct lf_object *o, void **product, struct lf_err *err)
{
	struct lf_two_listeners *t = arg;
	struct pair *p = calloc(1, sizeof(*p));

	if ((*product = p) == NULL)
		return lf_err_nomem(err);
	if (t->work_both != NULL)
		return t->work_both(t->a.arg, o, &p->first, &p->second, err);
	if (t->a.work(t->a.arg, o, &p->first, err) != 0)
		return -1;
	return t->b.work(t->b.arg, o, &p->second, err);
}

static int
deliver_two(void *arg, void *product, uint32_t present, struct lf_err *err)
{
	struct lf_two_listeners *t = arg;
	struct pair p = *(struct pair *)product;

	free(product);
	if (t->a.deliver(t->a.arg, p.first, present, err) != 0) {
		t->b.drop(t->b.arg, p.second);
		return -1;
	}
	return t->b.deliver(t->b.arg, p.second, present, err);
}

/* What both products weigh. */
static uint64_t
weight_two(void *arg, const void *product)
{
	const struct lf_two_listeners *t = arg;
	const struct pair *p = product;

	return (p->first == NULL || t->a.weight == NULL ? 0 : t->a.weight(t->a.arg, p->first)) +
	    (p->second == NULL || t->b.weight == NULL ? 0 : t->b.weight(t->b.arg, p->second));
}

void
lf_listen_two(struct lf_two_listeners *two, struct lf_listener *out)
{
	*out = (struct lf_listener){.weight = two->a.weight == NULL ? NULL : weight_two, .bound = two->a.bound, .want = want_two,
	    .work = work_two, .deliver = deliver_two, .drop = drop_two, .arg = two};
}
