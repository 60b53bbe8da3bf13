#include "proof/listen.h"

#include <stdlib.h>

#include "proof/gather.h"
#include "proof/product.h"

struct pair {
	void *proof, *other;
};

static void
drop(void *arg, void *product)
{
	struct lf_listening *l = arg;
	struct pair *p = product;

	if (p == NULL)
		return;
	lf_product_drop(l->body, p->proof);
	l->listener->drop(l->listener->arg, p->other);
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
	if (lf_product_work(l->body, o, &p->proof, err) != 0)
		return -1;
	return l->listener->work(l->listener->arg, o, &p->other, err);
}

static int
deliver(void *arg, void *product, struct lf_err *err)
{
	struct lf_listening *l = arg;
	struct pair *p = product;
	uint32_t before = l->body->present.n;
	void *proof = p->proof, *other = p->other;

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

	return p->other == NULL ? 0 : l->listener->weight(l->listener->arg, p->other);
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
