#include "base/seed.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

int
lf_seed_new(struct lf_seed *seed, struct lf_err *err)
{
	unsigned char *to = (unsigned char *)seed->k;
	size_t left = sizeof(seed->k);
	ssize_t n;

	while (left > 0) {
		n = getrandom(to, left, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return lf_err_sys(err, "the kernel gives no random numbers");
		to += n;
		left -= (size_t)n;
	}
	return 0;
}

static inline uint64_t
read64(const unsigned char *p)
{
	uint64_t x;

	memcpy(&x, p, sizeof(x));
	return x;
}

static inline uint64_t
read32(const unsigned char *p)
{
	uint32_t x;

	memcpy(&x, p, sizeof(x));
	return x;
}

/* The product of two numbers in 128 bits, the halves folded, over the factors: a factor of 0 does not swallow the
 * other. */
static inline uint64_t
fold(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64) ^ a ^ b;
#else
	uint64_t ah = a >> 32, al = (uint32_t)a, bh = b >> 32, bl = (uint32_t)b;
	uint64_t low = al * bl, cross = ah * bl + (low >> 32), other = al * bh + (uint32_t)cross;

	return (other << 32 | (uint32_t)low) ^ (ah * bh + (cross >> 32) + (other >> 32)) ^ a ^ b;
#endif
}

uint64_t
lf_seed_mix(const struct lf_seed *seed, uint64_t a, uint64_t b)
{
	return fold(a ^ seed->k[0], b ^ seed->k[1]);
}

/* At most 16 bytes as two numbers, from reads that overlap: with the length they tell all apart. */
static inline void
read_short(const unsigned char *p, size_t len, uint64_t *a, uint64_t *b)
{
	if (len >= 8) {
		*a = read64(p);
		*b = read64(p + len - 8);
	} else if (len >= 4) {
		*a = read32(p);
		*b = read32(p + len - 4);
	} else {
		*a = len > 0 ? (uint64_t)p[0] << 16 | (uint64_t)p[len / 2] << 8 | p[len - 1] : 0;
		*b = 0;
	}
}

/* Two lanes of 16 bytes each, so that one multiplication need not wait for the other. */
uint64_t
lf_seed_hash(const struct lf_seed *seed, const void *bytes, size_t len)
{
	const unsigned char *p = bytes, *last = p + len;
	uint64_t a, b, x = seed->k[0], y = seed->k[3];

	if (len <= 16) {
		read_short(p, len, &a, &b);
		x = fold(a ^ seed->k[1], b ^ x);
	} else {
		for (; last - p > 32; p += 32) {
			x = fold(read64(p) ^ seed->k[1], read64(p + 8) ^ x);
			y = fold(read64(p + 16) ^ seed->k[2], read64(p + 24) ^ y);
		}
		if (len >= 32)
			p = last - 32;
		x = fold(read64(p) ^ seed->k[1], read64(p + 8) ^ x);
		y = fold(read64(last - 16) ^ seed->k[2], read64(last - 8) ^ y);
	}
	return fold(x ^ seed->k[2], y ^ len);
}
