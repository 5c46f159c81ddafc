#include "metadata/scene.h"

#include "base/utf8.h"
#include "metadata/owners.h"

#include <stdarg.h>
#include <string.h>
#include <strings.h>

/* More accounts than this are not compared with each other. */
#define ACCOUNTS_MAX 128

struct sp_excerpt
sp_excerpt(const char *foreign)
{
    struct sp_excerpt shown;
    /* cut early: a readme of 256 KB is not worth reading for its first words */
    sp_utf8_printable(shown.text, sizeof(shown.text), foreign ? foreign : "",
                      strnlen(foreign ? foreign : "", 2 * sizeof(shown.text)));
    return shown;
}

void
sp_see(struct sp_signal_seen *seen, bool yes, const char *format, ...)
{
    char line[4 * SP_EVIDENCE_MAX];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    seen->state = yes ? SP_SIGNAL_YES : SP_SIGNAL_NO;
    /* again, since it may have to be cut */
    sp_utf8_printable(seen->evidence, sizeof(seen->evidence), length < 0 ? "" : line, strlen(line));
}

const char *
sp_scene_target(const struct sp_signal_scene *scene)
{
    if (scene->target && scene->target->name)
        return scene->target->name;
    return scene->match && scene->match->target ? scene->match->target : "";
}

bool
sp_scene_has(const struct sp_record *record, uint32_t needs)
{
    if (!needs)
        return true;
    if (!record)
        return false;
    for (int field = 0; field < SP_FIELD_COUNT; field++)
        if (needs >> field & 1 && !sp_record_knows(record, (enum sp_field)field))
            return false;
    return true;
}

bool
sp_scene_text_known(const struct sp_record *record)
{
    return record &&
           (sp_record_knows(record, SP_FIELD_DESCRIPTION) || sp_record_knows(record, SP_FIELD_README));
}

/* ---- owners */

static bool
same(const char *a, const char *b)
{
    return a && b && *a && strcasecmp(a, b) == 0;
}

static size_t
named_accounts(const struct sp_record *record)
{
    size_t count = 0;
    for (size_t i = 0; i < record->maintainer_count; i++)
        count += record->maintainers[i].id && *record->maintainers[i].id;
    return count;
}

static bool
has_account(const struct sp_record *record, const char *id, size_t before)
{
    for (size_t i = 0; i < before; i++)
        if (same(record->maintainers[i].id, id))
            return true;
    return false;
}

static int
compare_accounts(struct sp_compared *out, const struct sp_record *name, const struct sp_record *target)
{
    if (!sp_record_knows(name, SP_FIELD_MAINTAINERS) || !sp_record_knows(target, SP_FIELD_MAINTAINERS))
        return -1;
    out->target_accounts = named_accounts(target);
    if (!out->target_accounts || !named_accounts(name))
        return -1;
    size_t names = name->maintainer_count < ACCOUNTS_MAX ? name->maintainer_count : ACCOUNTS_MAX;
    size_t targets = target->maintainer_count < ACCOUNTS_MAX ? target->maintainer_count : ACCOUNTS_MAX;
    size_t used = 0;
    int shared = 0;
    for (size_t i = 0; i < names; i++) {
        const char *id = name->maintainers[i].id;
        if (!id || !has_account(target, id, targets) || has_account(name, id, i))
            continue;
        if (shared < 3)
            used += (size_t)snprintf(out->shared + used, sizeof(out->shared) - used, "%s`%s`",
                                     shared ? ", " : "", sp_excerpt(id).text);
        else if (shared == 3)
            snprintf(out->shared + used, sizeof(out->shared) - used, " and others");
        shared++;
    }
    return shared;
}

static enum sp_signal_state
compare_owners(struct sp_compared *out, const struct sp_record *name, const struct sp_record *target)
{
    bool spaces = sp_namespace_guarded(name->ecosystem, name->namespace_) &&
                  sp_namespace_guarded(target->ecosystem, target->namespace_);
    if (spaces && same(name->namespace_, target->namespace_)) {
        snprintf(out->owner, sizeof(out->owner), "both lie in `%s`", sp_excerpt(name->namespace_).text);
        return SP_SIGNAL_YES;
    }
    bool owners = sp_record_knows(name, SP_FIELD_OWNER) && sp_record_knows(target, SP_FIELD_OWNER) &&
                  name->owner && target->owner && *name->owner && *target->owner;
    if (owners && same(name->owner, target->owner)) {
        snprintf(out->owner, sizeof(out->owner), "both belong to `%s`", sp_excerpt(name->owner).text);
        return SP_SIGNAL_YES;
    }
    if (out->shared_accounts > 0) {
        snprintf(out->owner, sizeof(out->owner), "%.250s may publish both", out->shared);
        return SP_SIGNAL_YES;
    }
    return out->shared_accounts == 0 || owners || spaces ? SP_SIGNAL_NO : SP_SIGNAL_UNKNOWN;
}

void
sp_scene_compare(struct sp_compared *out, const struct sp_signal_scene *scene)
{
    const struct sp_record *name = scene->name, *target = scene->target;
    sp_scene_texts_read(&out->texts, scene);
    out->same_owner = SP_SIGNAL_UNKNOWN;
    out->shared_accounts = -1;
    out->target_accounts = 0;
    *out->owner = *out->shared = '\0';
    /* the accounts of two registries are different people's */
    if (!name || !target || name->ecosystem != target->ecosystem)
        return;
    out->shared_accounts = compare_accounts(out, name, target);
    out->same_owner = compare_owners(out, name, target);
}

/* ---- names */

static bool
same_word(const struct sp_phrase *a, unsigned i, const struct sp_phrase *b, unsigned k)
{
    return a->words[i].hash == b->words[k].hash && a->words[i].length == b->words[k].length &&
           strncasecmp(a->words[i].bytes, b->words[k].bytes, a->words[i].length) == 0;
}

bool
sp_phrase_has(const struct sp_phrase *phrase, const char *word)
{
    size_t length = strlen(word);
    for (unsigned i = 0; i < phrase->count; i++)
        if (phrase->words[i].length == length && strncasecmp(phrase->words[i].bytes, word, length) == 0)
            return true;
    return false;
}

const char *
sp_phrase_added(const struct sp_phrase *name, const struct sp_phrase *target, const char *const *words)
{
    for (; *words; words++)
        if (sp_phrase_has(name, *words) && !sp_phrase_has(target, *words))
            return *words;
    return NULL;
}

bool
sp_phrase_within(const struct sp_phrase *part, const struct sp_phrase *whole)
{
    for (unsigned at = 0; part->count && at + part->count <= whole->count; at++) {
        unsigned i = 0;
        while (i < part->count && same_word(part, i, whole, at + i))
            i++;
        if (i == part->count)
            return true;
    }
    return false;
}

/* ---- times */

double
sp_days_ago(const struct sp_signal_scene *scene, int64_t time)
{
    if (time == SP_TIME_UNKNOWN)
        return NAN;
    double days = ((double)scene->now - (double)time) / SP_DAY;
    if (days < -1)
        return NAN;
    return days > 0 ? days : 0; /* clocks differ */
}

int64_t
sp_last_release(const struct sp_record *record)
{
    int64_t last = SP_TIME_UNKNOWN;
    for (size_t i = 0; i < record->release_count; i++)
        if (record->releases[i].time > last)
            last = record->releases[i].time;
    return last;
}

int64_t
sp_first_release(const struct sp_record *record)
{
    int64_t first = SP_TIME_UNKNOWN;
    for (size_t i = 0; i < record->release_count; i++) {
        int64_t time = record->releases[i].time;
        if (time != SP_TIME_UNKNOWN && (first == SP_TIME_UNKNOWN || time < first))
            first = time;
    }
    return first;
}
