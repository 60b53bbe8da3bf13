#include "record/scan_map.h"

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__) && !defined(LF_PORTABLE)
#define SIMD 1
#include <immintrin.h>
#else
#define SIMD 0
#endif

#define ONES  UINT64_C(0x0101010101010101)
#define HIGHS (ONES * 0x80)

/* The high bit of each byte of x that equals c. */
static uint64_t
bytes_equal(uint64_t x, unsigned char c)
{
	uint64_t t = x ^ (ONES * c);

	return ~(((t & ~HIGHS) + ~HIGHS) | t) & HIGHS;
}

/* The high bits of eight bytes as eight bits, the first byte lowest. */
static unsigned char
gather(uint64_t highs)
{
	return (unsigned char)(((highs >> 7) * UINT64_C(0x0102040810204080)) >> 56);
}

static void
map_portable(const char *p, size_t blocks, unsigned char *quote, unsigned char *other)
{
	uint64_t x, control;

	for (size_t i = 0; i < blocks * (LF_SCAN_BLOCK / 8); i++) {
		memcpy(&x, p + i * 8, sizeof(x));
		x = le64toh(x);
		control = ~((x | HIGHS) - ONES * 0x20);
		quote[i] = gather(bytes_equal(x, '"'));
		other[i] = gather(bytes_equal(x, '\\') | ((x | control) & HIGHS));
	}
}

#if SIMD

/* Compared as signed numbers, bytes that are not ASCII lie below the control characters. */
static void
map_sse2(const char *p, size_t blocks, unsigned char *quote, unsigned char *other)
{
	const __m128i q = _mm_set1_epi8('"'), b = _mm_set1_epi8('\\'), space = _mm_set1_epi8(' ');
	__m128i x;
	uint16_t m;

	for (size_t i = 0; i < blocks * (LF_SCAN_BLOCK / 16); i++) {
		x = _mm_loadu_si128((const __m128i *)(const void *)(p + i * 16));
		m = (uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(x, q));
		memcpy(quote + i * 2, &m, sizeof(m));
		m = (uint16_t)_mm_movemask_epi8(
		    _mm_or_si128(_mm_cmpeq_epi8(x, b), _mm_cmplt_epi8(x, space)));
		memcpy(other + i * 2, &m, sizeof(m));
	}
}

__attribute__((target("avx2"))) static void
map_avx2(const char *p, size_t blocks, unsigned char *quote, unsigned char *other)
{
	const __m256i q = _mm256_set1_epi8('"'), b = _mm256_set1_epi8('\\'), space = _mm256_set1_epi8(' ');
	__m256i x;
	uint32_t m;

	for (size_t i = 0; i < blocks * (LF_SCAN_BLOCK / 32); i++) {
		x = _mm256_loadu_si256((const __m256i *)(const void *)(p + i * 32));
		m = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(x, q));
		memcpy(quote + i * 4, &m, sizeof(m));
		m = (uint32_t)_mm256_movemask_epi8(
		    _mm256_or_si256(_mm256_cmpeq_epi8(x, b), _mm256_cmpgt_epi8(space, x)));
		memcpy(other + i * 4, &m, sizeof(m));
	}
}

#endif

lf_scan_map_fn *
lf_scan_map_at(size_t i)
{
	switch (i) {
	case 0:
		return map_portable;
#if SIMD
	case 1:
		return map_sse2;
	case 2:
		return __builtin_cpu_supports("avx2") ? map_avx2 : NULL;
#endif
	default:
		return NULL;
	}
}

lf_scan_map_fn *
lf_scan_map_best(void)
{
	size_t i = 0;

	while (lf_scan_map_at(i + 1) != NULL)
		i++;
	return lf_scan_map_at(i);
}

void
lf_scan_map_text(lf_scan_map_fn *map, const char *p, size_t len, unsigned char *quote, unsigned char *other)
{
	size_t blocks = len / LF_SCAN_BLOCK, rest = len % LF_SCAN_BLOCK;
	char tail[LF_SCAN_BLOCK];

	map(p, blocks, quote, other);
	if (rest > 0) {
		memset(tail, ' ', sizeof(tail));
		memcpy(tail, p + blocks * LF_SCAN_BLOCK, rest);
		map(tail, 1, quote + blocks * 8, other + blocks * 8);
		blocks++;
	}
	memset(quote + blocks * 8, 0, 8);
	memset(other + blocks * 8, 0, 8);
}

const char *
lf_scan_plain(const char *p, const char *end)
{
#if SIMD
	const __m128i q = _mm_set1_epi8('"'), b = _mm_set1_epi8('\\');

	for (; end - p >= 16; p += 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
		unsigned m = (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(x, q), _mm_cmpeq_epi8(x, b)));
		if (m != 0)
			return p + __builtin_ctz(m);
	}
#else
	uint64_t x, m;

	for (; end - p >= 8; p += 8) {
		memcpy(&x, p, sizeof(x));
		x = le64toh(x);
		m = bytes_equal(x, '"') | bytes_equal(x, '\\');
		if (m != 0)
			return p + __builtin_ctzll(m) / 8;
	}
#endif
	while (p < end && *p != '"' && *p != '\\')
		p++;
	return p;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

const char *
lf_scan_blanks(const char *p, const char *end)
{
#if SIMD
	const __m128i space = _mm_set1_epi8(' '), nl = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r'),
	    tab = _mm_set1_epi8('\t');

	while (end - p >= 16 && is_blank(p[1])) {
		__m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
		__m128i m = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(x, space), _mm_cmpeq_epi8(x, nl)),
		    _mm_or_si128(_mm_cmpeq_epi8(x, cr), _mm_cmpeq_epi8(x, tab)));
		unsigned other = ~(unsigned)_mm_movemask_epi8(m) & 0xffff;
		if (other != 0)
			return p + __builtin_ctz(other);
		p += 16;
	}
#endif
	while (p < end && is_blank(*p))
		p++;
	return p;
}
