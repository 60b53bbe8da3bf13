/* Repeatable randomness: every value is a function of the seed and of what it is for. */
#include "gen.h"

/* The splitmix64 finaliser: a bijection that spreads every bit. */
static uint64_t
mix(uint64_t z)
{
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* A generator for one purpose: the tag names it, the four numbers say which one. */
struct rng
rng_make(uint64_t seed, uint32_t tag, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	struct rng r;

	r.s = mix(seed + 0x9e3779b97f4a7c15u);
	r.s = mix(r.s ^ tag);
	r.s = mix(r.s + a * 0xd1342543de82ef95u + 1);
	r.s = mix(r.s + b * 0xd1342543de82ef95u + 3);
	r.s = mix(r.s + c * 0xd1342543de82ef95u + 5);
	r.s = mix(r.s + d * 0xd1342543de82ef95u + 7);
	return r;
}

/* The next 64 bits. */
uint64_t
rng_next(struct rng *r)
{
	r->s += 0x9e3779b97f4a7c15u;
	return mix(r->s);
}

/* A number in [0, n); n must not be 0. */
unsigned
rng_below(struct rng *r, unsigned n)
{
	return (unsigned)((rng_next(r) >> 32) * n >> 32);
}

/* Fill n characters of the alphabet, which has 1 << bits letters. */
static void
rng_fill(struct rng *r, char *out, size_t n, const char *alphabet, unsigned bits)
{
	uint64_t v = 0;
	unsigned left = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		if (left < bits) {
			v = rng_next(r);
			left = 60;
		}
		out[i] = alphabet[v & ((1u << bits) - 1)];
		v >>= bits;
		left -= bits;
	}
}

/* Write n lower hex digits and no NUL. */
void
rng_hex(struct rng *r, char *out, size_t n)
{
	rng_fill(r, out, n, "0123456789abcdef", 4);
}

/* Write n characters as they end the name of a log, and no NUL. */
void
rng_alnum(struct rng *r, char *out, size_t n)
{
	rng_fill(r, out, n, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789aZ", 6);
}

/* Write n characters as identifiers of IAM have them, and no NUL. */
void
rng_base32(struct rng *r, char *out, size_t n)
{
	rng_fill(r, out, n, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 5);
}

/* A random UUID, version 4. */
void
rng_uuid(struct rng *r, char out[37])
{
	rng_hex(r, out, 36);
	out[8] = out[13] = out[18] = out[23] = '-';
	out[14] = '4';
	out[19] = "89ab"[rng_next(r) & 3];
	out[36] = '\0';
}
