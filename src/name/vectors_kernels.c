#include "name/vectors_layout.h"

#include <string.h>

#define DIMENSION SP_VECTOR_DIMENSION
#define PARTS SP_VECTORS_PARTS
#define HALF SP_VECTORS_HALF
#define GROUP SP_VECTORS_GROUP

/* ---- portable */

static void
portable_means(const int16_t *means, uint32_t blocks, const int16_t query[DIMENSION], int32_t *out)
{
    for (uint32_t b = 0; b < blocks; b++, means += SP_VECTORS_BLOCK_NUMBERS, out += SP_VECTORS_BLOCK) {
        int32_t sums[SP_VECTORS_BLOCK] = { 0 };
        const int16_t *at = means;
        for (int i = 0; i < DIMENSION; i += 2, at += 2 * SP_VECTORS_BLOCK)
            for (int c = 0; c < SP_VECTORS_BLOCK; c++)
                sums[c] += at[2 * c] * query[i] + at[2 * c + 1] * query[i + 1];
        memcpy(out, sums, sizeof(sums));
    }
}

static void
portable_add(const uint8_t *codes, const uint8_t (*table)[SP_VECTORS_WORDS], int32_t sums[GROUP])
{
    for (int p = 0; p < HALF; p++)
        for (int m = 0; m < GROUP / 2; m++) {
            uint8_t code = codes[p * GROUP / 2 + m];
            sums[m] += table[p][code & 15];
            sums[m + GROUP / 2] += table[p][code >> 4];
        }
}

static uint32_t
portable_at_least(const int32_t sums[GROUP], int32_t floor)
{
    uint32_t mask = 0;
    for (int m = 0; m < GROUP; m++)
        mask |= (uint32_t)(sums[m] >= floor) << m;
    return mask;
}

static void
portable_scan(const uint8_t *first, const uint8_t *second, uint32_t groups,
              const uint8_t table[PARTS][SP_VECTORS_WORDS], int32_t half_floor, int32_t floor, uint32_t *out)
{
    for (uint32_t g = 0; g < groups; g++) {
        int32_t sums[GROUP] = { 0 };
        out[g] = 0;
        portable_add(first + (size_t)g * SP_VECTORS_HALF_BYTES, table, sums);
        if (!portable_at_least(sums, half_floor))
            continue;
        portable_add(second + (size_t)g * SP_VECTORS_HALF_BYTES, table + HALF, sums);
        out[g] = portable_at_least(sums, floor);
    }
}

static int32_t
portable_dot(const int8_t a[DIMENSION], const int16_t query[DIMENSION])
{
    int32_t sum = 0;
    for (int i = 0; i < DIMENSION; i++)
        sum += a[i] * query[i];
    return sum;
}

static void
portable_dots(const int8_t (*vectors)[DIMENSION], uint32_t count, const int16_t query[DIMENSION],
              int32_t *out)
{
    for (uint32_t i = 0; i < count; i++)
        out[i] = portable_dot(vectors[i], query);
}

const struct sp_vectors_kernels sp_vectors_portable = { portable_means, portable_scan, portable_dot,
                                                        portable_dots };

/* ---- AVX2 */

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))

AVX2 static void
avx2_means(const int16_t *means, uint32_t blocks, const int16_t query[DIMENSION], int32_t *out)
{
    __m256i pairs[DIMENSION / 2];
    for (int i = 0; i < DIMENSION / 2; i++) {
        int32_t pair;
        memcpy(&pair, query + 2 * i, sizeof(pair));
        pairs[i] = _mm256_set1_epi32(pair);
    }
    for (uint32_t b = 0; b < blocks; b++, means += SP_VECTORS_BLOCK_NUMBERS, out += SP_VECTORS_BLOCK) {
        __m256i even = _mm256_setzero_si256(), odd = even;
        const __m256i *at = (const __m256i *)means;
        for (int i = 0; i < DIMENSION / 2; i += 2) {
            even = _mm256_add_epi32(even, _mm256_madd_epi16(_mm256_loadu_si256(at + i), pairs[i]));
            odd = _mm256_add_epi32(odd, _mm256_madd_epi16(_mm256_loadu_si256(at + i + 1), pairs[i + 1]));
        }
        _mm256_storeu_si256((__m256i *)out, _mm256_add_epi32(even, odd));
    }
}

/* Adds the eight-bit numbers of SUMS (each below 255) to 16-bit ones: ODD gets those at odd places, BOTH
 * gets all of the 16-bit units, to be freed of 256 * ODD at the end. */
AVX2 __attribute__((always_inline)) static inline void
widen(__m256i sums, __m256i *both, __m256i *odd)
{
    *both = _mm256_add_epi16(*both, sums);
    *odd = _mm256_add_epi16(*odd, _mm256_srli_epi16(sums, 8));
}

/* Sums of all members of a group: even and odd ones apart, lanes that hold different parts. */
struct sums {
    __m256i first, first_odd, second, second_odd;
};

AVX2 __attribute__((always_inline)) static inline void
add_half(struct sums *sums, const uint8_t *codes, const uint8_t (*table)[SP_VECTORS_WORDS])
{
    const __m256i nibble = _mm256_set1_epi8(15);
    const __m256i *at = (const __m256i *)codes, *words = (const __m256i *)table;
#pragma GCC unroll 4
    for (int p = 0; p < HALF / 2; p += 2) {
        __m256i x = _mm256_loadu_si256(at + p), y = _mm256_loadu_si256(at + p + 1);
        __m256i one = _mm256_loadu_si256(words + p), two = _mm256_loadu_si256(words + p + 1);
        __m256i low = _mm256_add_epi8(_mm256_shuffle_epi8(one, _mm256_and_si256(x, nibble)),
                                      _mm256_shuffle_epi8(two, _mm256_and_si256(y, nibble)));
        x = _mm256_and_si256(_mm256_srli_epi16(x, 4), nibble);
        y = _mm256_and_si256(_mm256_srli_epi16(y, 4), nibble);
        __m256i high = _mm256_add_epi8(_mm256_shuffle_epi8(one, x), _mm256_shuffle_epi8(two, y));
        widen(low, &sums->first, &sums->first_odd);
        widen(high, &sums->second, &sums->second_odd);
    }
}

/* Which of 16 members' sums are above BELOW. */
AVX2 __attribute__((always_inline)) static inline uint32_t
above(__m256i both, __m256i odd, __m128i below)
{
    __m256i even = _mm256_sub_epi16(both, _mm256_slli_epi16(odd, 8));
    __m128i evens = _mm_add_epi16(_mm256_castsi256_si128(even), _mm256_extracti128_si256(even, 1));
    __m128i odds = _mm_add_epi16(_mm256_castsi256_si128(odd), _mm256_extracti128_si256(odd, 1));
    __m128i low = _mm_cmpgt_epi16(_mm_unpacklo_epi16(evens, odds), below);
    __m128i high = _mm_cmpgt_epi16(_mm_unpackhi_epi16(evens, odds), below);
    return (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(low, high));
}

AVX2 static void
avx2_scan(const uint8_t *first, const uint8_t *second, uint32_t groups,
          const uint8_t table[PARTS][SP_VECTORS_WORDS], int32_t half_floor, int32_t floor, uint32_t *out)
{
    const __m128i half_below = _mm_set1_epi16((int16_t)(half_floor - 1));
    const __m128i below = _mm_set1_epi16((int16_t)(floor - 1));
    const __m256i zeros = _mm256_setzero_si256();
    for (uint32_t g = 0; g < groups; g++, first += SP_VECTORS_HALF_BYTES, second += SP_VECTORS_HALF_BYTES) {
        struct sums sums = { zeros, zeros, zeros, zeros };
        add_half(&sums, first, table);
        out[g] = 0;
        if (!(above(sums.first, sums.first_odd, half_below) |
              above(sums.second, sums.second_odd, half_below)))
            continue;
        add_half(&sums, second, table + HALF);
        out[g] = above(sums.first, sums.first_odd, below) | above(sums.second, sums.second_odd, below) << 16;
    }
}

AVX2 static inline __m256i
partial(const int8_t *a, const int16_t *query)
{
    __m256i wide = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)a));
    return _mm256_madd_epi16(wide, _mm256_loadu_si256((const __m256i *)query));
}

AVX2 static inline __m256i
partials(const int8_t a[DIMENSION], const int16_t query[DIMENSION])
{
    return _mm256_add_epi32(_mm256_add_epi32(partial(a, query), partial(a + 16, query + 16)),
                            _mm256_add_epi32(partial(a + 32, query + 32), partial(a + 48, query + 48)));
}

AVX2 static int32_t
avx2_dot(const int8_t a[DIMENSION], const int16_t query[DIMENSION])
{
    __m256i sums = partials(a, query);
    __m128i sum = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
    sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0x4e));
    sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0xb1));
    return _mm_cvtsi128_si32(sum);
}

AVX2 static void
avx2_dots(const int8_t (*vectors)[DIMENSION], uint32_t count, const int16_t query[DIMENSION], int32_t *out)
{
    uint32_t i = 0;
    for (; i + 4 <= count; i += 4) {
        __m256i ab = _mm256_hadd_epi32(partials(vectors[i], query), partials(vectors[i + 1], query));
        __m256i cd = _mm256_hadd_epi32(partials(vectors[i + 2], query), partials(vectors[i + 3], query));
        __m256i four = _mm256_hadd_epi32(ab, cd);
        _mm_storeu_si128((__m128i *)(out + i),
                         _mm_add_epi32(_mm256_castsi256_si128(four), _mm256_extracti128_si256(four, 1)));
    }
    for (; i < count; i++)
        out[i] = avx2_dot(vectors[i], query);
}

static const struct sp_vectors_kernels avx2 = { avx2_means, avx2_scan, avx2_dot, avx2_dots };

const struct sp_vectors_kernels *
sp_vectors_fastest(void)
{
    return __builtin_cpu_supports("avx2") ? &avx2 : &sp_vectors_portable;
}

#else

const struct sp_vectors_kernels *
sp_vectors_fastest(void)
{
    return &sp_vectors_portable;
}

#endif
