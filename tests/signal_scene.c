#include "signal_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static void
tell_texts(const struct sp_teller *teller, const struct told *told)
{
    const struct {
        enum sp_field field;
        const char *text;
    } texts[] = {
        { SP_FIELD_DESCRIPTION, told->description }, { SP_FIELD_README, told->readme },
        { SP_FIELD_LICENCE, told->licence },         { SP_FIELD_OWNER, told->owner },
        { SP_FIELD_REPOSITORY, told->repository },   { SP_FIELD_HOMEPAGE, told->homepage },
        { SP_FIELD_DEPRECATED, told->deprecated },   { SP_FIELD_RELOCATED, told->relocated },
    };
    for (size_t i = 0; i < SP_COUNT(texts); i++) {
        const char *text = texts[i].text;
        bool none = text && !strcmp(text, "-");
        if (text)
            assert_int_equal(
                sp_tell_text(teller, texts[i].field, none ? NULL : text, none ? 0 : strlen(text), NULL), 0);
    }
}

/* Calls EACH for every word of TEXT. */
static void
each_word(const struct sp_teller *teller, const char *text, const char *separators,
          void (*each)(const struct sp_teller *teller, const char *word))
{
    char word[512];
    while (text && *(text += strspn(text, separators))) {
        size_t length = strcspn(text, separators);
        snprintf(word, sizeof(word), "%.*s", (int)length, text);
        each(teller, word);
        text += length;
    }
}

static void
tell_account(const struct sp_teller *teller, const char *word)
{
    struct sp_person person = { 0 };
    *(strchr(word, '@') ? &person.email : &person.id) = word;
    assert_int_equal(sp_tell_person(teller, SP_FIELD_MAINTAINERS, &person, NULL), 0);
}

static void
tell_release(const struct sp_teller *teller, const char *word)
{
    size_t length = strcspn(word, "=");
    int64_t time = SP_TIME_UNKNOWN;
    if (word[length])
        time = sp_time_read(word + length + 1, strlen(word + length + 1));
    assert_int_equal(sp_tell_release(teller, word, length, time, false, NULL), 0);
    if (word[length])
        sp_tell_list(teller, SP_FIELD_RELEASE_TIMES);
}

static void
tell_dependency(const struct sp_teller *teller, const char *word)
{
    assert_int_equal(sp_tell_name(teller, SP_FIELD_DEPENDENCIES, word, strlen(word), NULL), 0);
}

static void
tell_hook(const struct sp_teller *teller, const char *line)
{
    assert_int_equal(sp_tell_name(teller, SP_FIELD_HOOKS, line, strlen(line), NULL), 0);
}

struct sp_record *
tell(const struct told *told)
{
    if (!told->name)
        return NULL;
    struct sp_record *record = NULL;
    const char *ecosystem = told->ecosystem ? told->ecosystem : "npm";
    assert_int_equal(
        sp_record_new(&record, sp_ecosystem_find(ecosystem, strlen(ecosystem)), told->name, NULL), 0);
    record->presence = SP_PRESENT;
    record->namespace_ = told->namespace_;
    struct sp_teller teller = { record, "test", SCENE_NOW };
    tell_texts(&teller, told);
    if (told->accounts && sp_tell_list(&teller, SP_FIELD_MAINTAINERS))
        each_word(&teller, told->accounts, " ", tell_account);
    if (told->releases && sp_tell_list(&teller, SP_FIELD_RELEASES))
        each_word(&teller, told->releases, " ", tell_release);
    if (told->dependencies && sp_tell_list(&teller, SP_FIELD_DEPENDENCIES))
        each_word(&teller, told->dependencies, " ", tell_dependency);
    if (told->hooks && sp_tell_list(&teller, SP_FIELD_HOOKS))
        each_word(&teller, told->hooks, "\n", tell_hook);
    if (told->created)
        sp_tell_number(&teller, SP_FIELD_CREATED, sp_time_read(told->created, strlen(told->created)), NULL);
    if (told->downloads)
        sp_tell_number(&teller, SP_FIELD_DOWNLOADS, atoll(told->downloads), NULL);
    if (told->held)
        sp_tell_flag(&teller, SP_FIELD_HOLDING, !strcmp(told->held, "yes"));
    if (told->provenance)
        sp_tell_flag(&teller, SP_FIELD_PROVENANCE, !strcmp(told->provenance, "yes"));
    assert_int_equal(sp_record_finish(record, NULL), 0);
    return record;
}
