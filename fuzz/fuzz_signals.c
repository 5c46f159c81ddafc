/* fuzz_signals: bytes become two records, one line a field ("d a parser of trees", "D" for the target's), and
 * all signals are read. What they say is held to what signal.h and record.h promise. The first byte chooses
 * the ecosystem. */
#include "base/utf8.h"
#include "metadata/scene.h"
#include "metadata/owners.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define REQUIRE(condition)                                                                                   \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                          \
            abort();                                                                                         \
        }                                                                                                    \
    } while (0)

static void
tell_line(const struct sp_teller *teller, char key, const char *text, size_t length)
{
    static const struct {
        char key;
        enum sp_field field;
    } texts[] = { { 'd', SP_FIELD_DESCRIPTION }, { 'r', SP_FIELD_README },     { 'l', SP_FIELD_LICENCE },
                  { 'o', SP_FIELD_OWNER },       { 'g', SP_FIELD_REPOSITORY }, { 'w', SP_FIELD_HOMEPAGE },
                  { 'x', SP_FIELD_DEPRECATED },  { 'y', SP_FIELD_RELOCATED } };
    char word[128];
    size_t part = length < sizeof(word) - 1 ? length : sizeof(word) - 1;
    memcpy(word, text, part);
    word[part] = '\0';
    for (size_t i = 0; i < SP_COUNT(texts); i++)
        if (texts[i].key == key)
            REQUIRE(sp_tell_text(teller, texts[i].field, text, length, NULL) == 0);
    if (key == 'a') {
        sp_tell_list(teller, SP_FIELD_MAINTAINERS);
        REQUIRE(sp_tell_person(teller, SP_FIELD_MAINTAINERS, &(struct sp_person){ .id = word }, NULL) == 0);
    } else if (key == 'v') {
        const char *equal = memchr(text, '=', length);
        size_t number = equal ? (size_t)(equal - text) : length;
        int64_t time = equal ? sp_time_read(equal + 1, length - number - 1) : SP_TIME_UNKNOWN;
        sp_tell_list(teller, SP_FIELD_RELEASES);
        if (equal)
            sp_tell_list(teller, SP_FIELD_RELEASE_TIMES);
        REQUIRE(sp_tell_release(teller, text, number, time, false, NULL) == 0);
    } else if (key == 'h' || key == 'p') {
        enum sp_field field = key == 'h' ? SP_FIELD_HOOKS : SP_FIELD_DEPENDENCIES;
        sp_tell_list(teller, field);
        REQUIRE(sp_tell_name(teller, field, text, length, NULL) == 0);
    } else if (key == 'c') {
        sp_tell_number(teller, SP_FIELD_CREATED, sp_time_read(text, length), NULL);
    } else if (key == 'n') {
        sp_tell_number(teller, SP_FIELD_DOWNLOADS, atoll(word), NULL);
    } else if (key == 's') {
        sp_tell_flag(teller, SP_FIELD_HOLDING, length & 1);
        sp_tell_flag(teller, SP_FIELD_PROVENANCE, length & 2);
    }
}

/* A readme has lines of its own: in it 0x1e stands for the line's end. */
static void
tell_all(struct sp_record *records[2], char *text, size_t size)
{
    char *end = text + size;
    for (char *line = text, *next; line < end; line = next + 1) {
        next = memchr(line, '\n', (size_t)(end - line));
        if (!next)
            next = end;
        if (next == line)
            continue;
        for (char *at = line; at < next; at++)
            if (*at == '\x1e')
                *at = '\n';
        bool target = *line >= 'A' && *line <= 'Z';
        struct sp_teller teller = { records[target], "fuzz", 1790000000 };
        tell_line(&teller, target ? (char)(*line + 32) : *line, line + 1, (size_t)(next - line - 1));
    }
}

static void
check(const struct sp_signal_seen seen[SP_SIGNAL_COUNT])
{
    for (int i = 0; i < SP_SIGNAL_COUNT; i++) {
        size_t length = strlen(seen[i].evidence), size;
        REQUIRE(seen[i].state <= SP_SIGNAL_YES && !isinf(seen[i].value));
        REQUIRE(seen[i].state != SP_SIGNAL_YES || length);
        for (size_t at = 0; at < length; at += size) {
            uint32_t point = sp_utf8_decode(seen[i].evidence + at, length - at, &size);
            REQUIRE(point != SP_UTF8_INVALID && sp_utf8_is_printable(point));
        }
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct sp_owner_list *owners;
    if (!owners)
        REQUIRE(sp_owner_list_new(&owners, NULL, NULL) == 0 &&
                sp_owner_list_add(owners, SP_NPM, "ann", NULL) == 0);
    if (size < 2)
        return 0;
    const struct sp_ecosystem *ecosystem = sp_ecosystems[bytes[0] % SP_ECOSYSTEM_COUNT];
    sp_autofree char *text = malloc(size);
    REQUIRE(text);
    memcpy(text, bytes + 1, size - 1);
    text[size - 1] = '\0';
    sp_autofree char *name = strndup(text, strcspn(text, "\n") < 300 ? strcspn(text, "\n") : 300);
    sp_autorecord struct sp_record *one = NULL, *other = NULL;
    REQUIRE(name && sp_record_new(&one, ecosystem, name, NULL) == 0 &&
            sp_record_new(&other, ecosystem, "@babel/core", NULL) == 0);
    tell_all((struct sp_record *[2]){ one, other }, text, size - 1);
    REQUIRE(sp_record_finish(one, NULL) == 0 && sp_record_finish(other, NULL) == 0);
    struct sp_match match = { .target = "@babel/core", .distance = bytes[0], .categories = bytes[1] };
    struct sp_signal_scene scene = { one, other, &match, NULL, owners, NULL, 1793534400 };
    struct sp_signal_seen seen[SP_SIGNAL_COUNT], again[SP_SIGNAL_COUNT];
    sp_signals_read(&scene, seen);
    check(seen);
    /* the same twice */
    sp_signals_read(&scene, again);
    for (int i = 0; i < SP_SIGNAL_COUNT; i++)
        REQUIRE(seen[i].state == again[i].state && strcmp(seen[i].evidence, again[i].evidence) == 0);
    /* one without the other */
    scene.target = NULL;
    sp_signals_read(&scene, seen);
    check(seen);
    scene.name = NULL;
    sp_signals_read(&scene, seen);
    check(seen);
    return 0;
}
