#include "name/osa.h"
#include "ecosystem/ecosystem.h"

#include <string.h>

/* One machine word holds a column, so the pattern has at most 64 bytes. */
static unsigned
osa_word(const char *pattern, size_t m, const char *text, size_t n)
{
    /* sparse clearing would cost more than this memset for names of usual length */
    uint64_t masks[256];
    for (size_t i = 0; i < n; i++)
        masks[(unsigned char)text[i]] = 0;
    for (size_t i = 0; i < m; i++)
        masks[(unsigned char)pattern[i]] = 0;
    for (size_t i = 0; i < m; i++)
        masks[(unsigned char)pattern[i]] |= (uint64_t)1 << i;

    uint64_t positive = ~(uint64_t)0, negative = 0, diagonal = 0, previous = 0;
    uint64_t last = (uint64_t)1 << (m - 1);
    unsigned score = (unsigned)m;
    for (size_t j = 0; j < n; j++) {
        uint64_t match = masks[(unsigned char)text[j]];
        diagonal = (((~diagonal) & match) << 1) & previous;
        diagonal |= (((match & positive) + positive) ^ positive) | match | negative;
        uint64_t up = negative | ~(diagonal | positive);
        uint64_t down = diagonal & positive;
        score += (up & last) != 0;
        score -= (down & last) != 0;
        up = up << 1 | 1;
        down <<= 1;
        positive = down | ~(diagonal | up);
        negative = diagonal & up;
        previous = match;
    }
    return score;
}

static unsigned
least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static unsigned
osa_rows(const char *a, size_t m, const char *b, size_t n)
{
    uint16_t rows[3][SP_NAME_MAX + 2];
    uint16_t *before = rows[0], *above = rows[1], *row = rows[2];
    for (size_t j = 0; j <= n; j++)
        above[j] = (uint16_t)j;
    for (size_t i = 1; i <= m; i++) {
        row[0] = (uint16_t)i;
        for (size_t j = 1; j <= n; j++) {
            unsigned cost = above[j - 1] + (a[i - 1] != b[j - 1]);
            cost = least(cost, least(above[j], row[j - 1]) + 1u);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                cost = least(cost, before[j - 2] + 1u);
            row[j] = (uint16_t)cost;
        }
        uint16_t *spare = before;
        before = above;
        above = row;
        row = spare;
    }
    return above[n];
}

unsigned
sp_osa(const char *a, size_t a_length, const char *b, size_t b_length)
{
    while (a_length && b_length && a[0] == b[0])
        a++, b++, a_length--, b_length--;
    while (a_length && b_length && a[a_length - 1] == b[b_length - 1])
        a_length--, b_length--;
    if (!a_length || !b_length)
        return (unsigned)(a_length + b_length);
    if (a_length <= 64)
        return osa_word(a, a_length, b, b_length);
    if (b_length <= 64)
        return osa_word(b, b_length, a, a_length);
    return osa_rows(a, a_length, b, b_length);
}

unsigned
sp_osa_within(const char *a, size_t a_length, const char *b, size_t b_length, unsigned limit)
{
    size_t apart = a_length > b_length ? a_length - b_length : b_length - a_length;
    /* a damaged index may hold longer strings than any name */
    if (apart > limit || a_length > SP_NAME_MAX || b_length > SP_NAME_MAX)
        return limit + 1;
    unsigned distance = sp_osa(a, a_length, b, b_length);
    return distance > limit ? limit + 1 : distance;
}

bool
sp_keys_adjacent(char a, char b)
{
    static const char *const rows[] = { "1234567890-", " qwertyuiop", " asdfghjkl;", "  zxcvbnm,." };
    if (a == b || !a || !b)
        return false;
    for (int row = 0; row < 4; row++) {
        const char *at = strchr(rows[row], a);
        if (!at || a == ' ')
            continue;
        long column = at - rows[row];
        for (int near = row > 0 ? row - 1 : 0; near <= row + 1 && near < 4; near++) {
            const char *other = strchr(rows[near], b);
            if (other && b != ' ') {
                long apart = (other - rows[near]) - column;
                return apart >= -1 && apart <= 1;
            }
        }
    }
    return false;
}

/* The cheapest alignment, by dynamic programming over whole characters of at most 128 each; longer names are
 * aligned by their common head and tail alone. */
#define ALIGN_MAX 128

static size_t
character_starts(const char *text, size_t length, uint16_t starts[ALIGN_MAX + 1])
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++) {
        if (((unsigned char)text[i] & 0xc0) == 0x80 && i)
            continue;
        if (count == ALIGN_MAX)
            return ALIGN_MAX + 1;
        starts[count++] = (uint16_t)i;
    }
    starts[count] = (uint16_t)length;
    return count;
}

static bool
same(const char *a, const uint16_t *as, size_t i, const char *b, const uint16_t *bs, size_t j)
{
    size_t size = (size_t)(as[i + 1] - as[i]);
    return size == (size_t)(bs[j + 1] - bs[j]) && memcmp(a + as[i], b + bs[j], size) == 0;
}

static int
push(struct sp_edit *edits, size_t *count, size_t limit, enum sp_edit_kind kind, size_t from, size_t from_end,
     size_t to, size_t to_end)
{
    if (*count && edits[*count - 1].kind == kind && kind != SP_EDIT_TRANSPOSE) {
        edits[*count - 1].from_length = (uint16_t)(from_end - edits[*count - 1].from);
        edits[*count - 1].to_length = (uint16_t)(to_end - edits[*count - 1].to);
        return 0;
    }
    if (*count == limit)
        return -1;
    edits[(*count)++] = (struct sp_edit){
        .kind = kind,
        .from = (uint16_t)from,
        .from_length = (uint16_t)(from_end - from),
        .to = (uint16_t)to,
        .to_length = (uint16_t)(to_end - to),
    };
    return 0;
}

static size_t
align_ends(size_t name_length, size_t target_length, const char *name, const char *target,
           struct sp_edit *edits, size_t limit)
{
    size_t head = 0, tail = 0, count = 0;
    while (head < name_length && head < target_length && name[head] == target[head])
        head++;
    while (head && head < name_length && ((unsigned char)name[head] & 0xc0) == 0x80)
        head--;
    while (tail < name_length - head && tail < target_length - head &&
           name[name_length - 1 - tail] == target[target_length - 1 - tail])
        tail++;
    while (tail && ((unsigned char)name[name_length - tail] & 0xc0) == 0x80)
        tail--;
    int status = 0;
    if (head)
        status |= push(edits, &count, limit, SP_EDIT_KEEP, 0, head, 0, head);
    if (name_length - tail > head || target_length - tail > head)
        status |=
            push(edits, &count, limit, SP_EDIT_REPLACE, head, name_length - tail, head, target_length - tail);
    if (tail)
        status |= push(edits, &count, limit, SP_EDIT_KEEP, name_length - tail, name_length,
                       target_length - tail, target_length);
    return status < 0 ? 0 : count;
}

size_t
sp_align(const char *name, size_t name_length, const char *target, size_t target_length,
         struct sp_edit *edits, size_t limit)
{
    uint16_t as[ALIGN_MAX + 2], bs[ALIGN_MAX + 2];
    size_t m = character_starts(name, name_length, as), n = character_starts(target, target_length, bs);
    if (m > ALIGN_MAX || n > ALIGN_MAX)
        return align_ends(name_length, target_length, name, target, edits, limit);

    /* cost[i][j] of turning the tails from i and j on into each other; the walk then goes forward. Gaps cost
     * a little extra where they open, so that inserted words stay whole. */
    static const unsigned step = 16, open = 1;
    uint16_t cost[ALIGN_MAX + 1][ALIGN_MAX + 1];
    for (size_t i = m + 1; i-- > 0;) {
        for (size_t j = n + 1; j-- > 0;) {
            if (i == m && j == n) {
                cost[i][j] = 0;
                continue;
            }
            unsigned best = UINT16_MAX;
            if (i < m && j < n)
                best = cost[i + 1][j + 1] + (same(name, as, i, target, bs, j) ? 0 : step);
            if (i < m)
                best = least(best, cost[i + 1][j] + step + (j < n && j ? open : 0));
            if (j < n)
                best = least(best, cost[i][j + 1] + step + (i < m && i ? open : 0));
            if (i + 1 < m && j + 1 < n && same(name, as, i, target, bs, j + 1) &&
                same(name, as, i + 1, target, bs, j))
                best = least(best, cost[i + 2][j + 2] + step);
            cost[i][j] = (uint16_t)best;
        }
    }

    size_t count = 0, i = 0, j = 0;
    while (i < m || j < n) {
        int status;
        bool both = i < m && j < n;
        if (both && same(name, as, i, target, bs, j) && cost[i][j] == cost[i + 1][j + 1]) {
            status = push(edits, &count, limit, SP_EDIT_KEEP, as[i], as[i + 1], bs[j], bs[j + 1]);
            i++, j++;
        } else if (i + 1 < m && j + 1 < n && same(name, as, i, target, bs, j + 1) &&
                   same(name, as, i + 1, target, bs, j) && cost[i][j] == cost[i + 2][j + 2] + step) {
            status = push(edits, &count, limit, SP_EDIT_TRANSPOSE, as[i], as[i + 2], bs[j], bs[j + 2]);
            i += 2, j += 2;
        } else if (i < m && cost[i][j] == cost[i + 1][j] + step + (j < n && j ? open : 0)) {
            status = push(edits, &count, limit, SP_EDIT_INSERT, as[i], as[i + 1], bs[j], bs[j]);
            i++;
        } else if (j < n && cost[i][j] == cost[i][j + 1] + step + (i < m && i ? open : 0)) {
            status = push(edits, &count, limit, SP_EDIT_DELETE, as[i], as[i], bs[j], bs[j + 1]);
            j++;
        } else {
            status = push(edits, &count, limit, SP_EDIT_REPLACE, as[i], as[i + 1], bs[j], bs[j + 1]);
            i++, j++;
        }
        if (status < 0)
            return align_ends(name_length, target_length, name, target, edits, limit);
    }
    return count;
}
