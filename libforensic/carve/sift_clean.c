#include "carve/sift_clean.h"

#include <stdint.h>
#include <string.h>

#if defined(__x86_64__) && !defined(LF_PORTABLE)
#define SIMD 1
#else
#define SIMD 0
#endif

/*
 * The test, for vectors of any width: 1f 8b; H 4; F I; t V, t I, t S, and t 0 with one of these letters behind it.
 * A macro, because a function's target decides what its vectors become.
 */
#define DEFINE_CLEAN(name, width)                                                                      \
	typedef unsigned char name##_vector __attribute__((vector_size(width)));                       \
	typedef uint64_t name##_words __attribute__((vector_size(width)));                             \
                                                                                                       \
	static inline __attribute__((always_inline)) name##_vector name##_letter(name##_vector x)      \
	{                                                                                              \
		return (name##_vector)(x == 'V') | (name##_vector)(x == 'I') | (name##_vector)(x == 'S'); \
	}                                                                                              \
                                                                                                       \
	static inline __attribute__((always_inline)) name##_vector name##_test(const unsigned char *p) \
	{                                                                                              \
		name##_vector a, b, c;                                                                 \
                                                                                                       \
		memcpy(&a, p, sizeof(a));                                                              \
		memcpy(&b, p + 1, sizeof(b));                                                          \
		memcpy(&c, p + 2, sizeof(c));                                                          \
		return ((name##_vector)(a == 0x1f) & (name##_vector)(b == 0x8b)) |                     \
		    ((name##_vector)(a == 'H') & (name##_vector)(b == '4')) |                          \
		    ((name##_vector)(a == 'F') & (name##_vector)(b == 'I')) |                          \
		    ((name##_vector)(a == 't') &                                                       \
		        (name##_letter(b) | ((name##_vector)(b == 0) & name##_letter(c))));            \
	}                                                                                              \
                                                                                                       \
	static inline __attribute__((always_inline)) size_t name(const unsigned char *p, size_t blocks) \
	{                                                                                              \
		for (size_t i = 0; i < blocks; i++, p += LF_SIFT_BLOCK) {                              \
			name##_vector any = name##_test(p);                                            \
			name##_words words;                                                            \
			uint64_t sum = 0;                                                              \
                                                                                                       \
			for (size_t at = width; at < LF_SIFT_BLOCK; at += width)                       \
				any |= name##_test(p + at);                                            \
			words = (name##_words)any;                                                     \
			for (size_t k = 0; k < width / 8; k++)                                         \
				sum |= words[k];                                                       \
			if (sum != 0)                                                                  \
				return i;                                                              \
		}                                                                                      \
		return blocks;                                                                         \
	}

DEFINE_CLEAN(clean16, 16)

size_t
lf_sift_clean_portable(const unsigned char *p, size_t blocks)
{
	return clean16(p, blocks);
}

#if SIMD

#include <immintrin.h>

/* By hand, since the compiler reduces a vector to one bit in more steps than vptest needs. */
__attribute__((target("avx2"))) static size_t
clean_avx2(const unsigned char *p, size_t blocks)
{
	const __m256i gz0 = _mm256_set1_epi8(0x1f), gz1 = _mm256_set1_epi8((char)0x8b), h = _mm256_set1_epi8('H'),
	              four = _mm256_set1_epi8('4'), f = _mm256_set1_epi8('F'), i_ = _mm256_set1_epi8('I'),
	              t = _mm256_set1_epi8('t'), v = _mm256_set1_epi8('V'), s = _mm256_set1_epi8('S'),
	              zero = _mm256_setzero_si256();

	for (size_t i = 0; i < blocks; i++) {
		__m256i any = zero;

		for (size_t at = 0; at < LF_SIFT_BLOCK; at += 32, p += 32) {
			__m256i a = _mm256_loadu_si256((const __m256i *)(const void *)p);
			__m256i b = _mm256_loadu_si256((const __m256i *)(const void *)(p + 1));
			__m256i c = _mm256_loadu_si256((const __m256i *)(const void *)(p + 2));
			__m256i b_i = _mm256_cmpeq_epi8(b, i_);
			__m256i near = _mm256_or_si256(_mm256_or_si256(_mm256_cmpeq_epi8(b, v), _mm256_cmpeq_epi8(b, s)), b_i);
			__m256i far = _mm256_or_si256(_mm256_or_si256(_mm256_cmpeq_epi8(c, v), _mm256_cmpeq_epi8(c, s)),
			    _mm256_cmpeq_epi8(c, i_));
			__m256i word = _mm256_or_si256(near, _mm256_and_si256(_mm256_cmpeq_epi8(b, zero), far));

			any = _mm256_or_si256(any, _mm256_and_si256(_mm256_cmpeq_epi8(a, t), word));
			any = _mm256_or_si256(any, _mm256_and_si256(_mm256_cmpeq_epi8(a, f), b_i));
			any = _mm256_or_si256(any, _mm256_and_si256(_mm256_cmpeq_epi8(a, h), _mm256_cmpeq_epi8(b, four)));
			any = _mm256_or_si256(any, _mm256_and_si256(_mm256_cmpeq_epi8(a, gz0), _mm256_cmpeq_epi8(b, gz1)));
		}
		if (!_mm256_testz_si256(any, any))
			return i;
	}
	return blocks;
}

lf_sift_clean_fn *
lf_sift_clean_best(void)
{
	return __builtin_cpu_supports("avx2") ? clean_avx2 : lf_sift_clean_portable;
}

#else

lf_sift_clean_fn *
lf_sift_clean_best(void)
{
	return lf_sift_clean_portable;
}

#endif
