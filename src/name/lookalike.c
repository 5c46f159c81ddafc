#include "name/lookalike.h"
#include "ecosystem/ecosystem.h"
#include "name/tokens.h"

#include <string.h>
#include <unicode/ucasemap.h>
#include <unicode/uspoof.h>

void
sp_lookalike_free(struct sp_lookalike *lookalike)
{
    if (lookalike->spoof)
        uspoof_close(lookalike->spoof);
    if (lookalike->folder)
        ucasemap_close(lookalike->folder);
    *lookalike = (struct sp_lookalike){ 0 };
}

bool
sp_is_ascii(const char *string, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)string[i] >= 0x80)
            return false;
    return true;
}

static bool
open_icu(struct sp_lookalike *lookalike)
{
    UErrorCode status = U_ZERO_ERROR;
    if (!lookalike->spoof)
        lookalike->spoof = uspoof_open(&status);
    if (!lookalike->folder)
        lookalike->folder = ucasemap_open("", U_FOLD_CASE_DEFAULT, &status);
    return U_SUCCESS(status) && lookalike->spoof && lookalike->folder;
}

size_t
sp_skeleton(struct sp_lookalike *lookalike, const char *string, size_t length, char *out, size_t size)
{
    if (sp_is_ascii(string, length)) {
        size_t kept = length < size ? length : size;
        for (size_t i = 0; i < kept; i++)
            out[i] = sp_lower(string[i]);
        return kept;
    }
    if (!open_icu(lookalike))
        return 0;
    /* the skeleton first, of the letters as they are seen; then lower case. ICU takes m for rn, capital I for
     * l: undo what would part the skeleton from an ASCII name that is only lowered */
    char skeleton[SP_NAME_MAX * 4 + 4];
    size_t used = 0;
    for (size_t i = 0; i < length;) {
        size_t run = i;
        while (run < length && (unsigned char)string[run] < 0x80)
            run++;
        if (run > i) {
            size_t count = run - i < sizeof(skeleton) - used ? run - i : sizeof(skeleton) - used;
            memcpy(skeleton + used, string + i, count);
            used += count;
            i = run;
            continue;
        }
        while (run < length && (unsigned char)string[run] >= 0x80)
            run++;
        UErrorCode status = U_ZERO_ERROR;
        int32_t count = uspoof_getSkeletonUTF8(lookalike->spoof, 0, string + i, (int32_t)(run - i),
                                               skeleton + used, (int32_t)(sizeof(skeleton) - used), &status);
        if (U_FAILURE(status) || count < 0)
            return 0;
        if (count == 2 && memcmp(skeleton + used, "rn", 2) == 0) {
            skeleton[used] = 'm';
            count = 1;
        }
        used += (size_t)count;
        i = run;
    }
    char folded[SP_NAME_MAX * 4 + 4];
    UErrorCode status = U_ZERO_ERROR;
    int32_t count =
        ucasemap_utf8FoldCase(lookalike->folder, folded, sizeof(folded), skeleton, (int32_t)used, &status);
    if (U_FAILURE(status) || count < 0)
        return 0;
    size_t kept = (size_t)count < size ? (size_t)count : size;
    memcpy(out, folded, kept);
    return kept;
}

size_t
sp_fold_lookalikes(const char *string, size_t length, char *out)
{
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        char c = string[i], next = i + 1 < length ? string[i + 1] : '\0';
        if (sp_is_delimiter(c))
            continue;
        if (c == 'r' && next == 'n') {
            c = 'm';
            i++;
        } else if (c == 'v' && next == 'v') {
            c = 'w';
            i++;
        } else if (c == 'c' && next == 'l') {
            c = 'd';
            i++;
        } else {
            switch (c) {
            case '0':
                c = 'o';
                break;
            case '1':
            case 'i':
            case '|':
            case '!':
                c = 'l';
                break;
            case '5':
            case '$':
                c = 's';
                break;
            case '3':
                c = 'e';
                break;
            case '4':
                c = 'a';
                break;
            case '7':
                c = 't';
                break;
            case '8':
                c = 'b';
                break;
            case '9':
            case 'q':
                c = 'g';
                break;
            case '2':
                c = 'z';
                break;
            default:
                break;
            }
        }
        out[used++] = c;
    }
    return used;
}
