/* The steps by which an ordinary package becomes one of a pattern. */
#include "eval/made_dress.h"

#include <string.h>

int64_t
sp_made_days_ago(struct sp_made_pair *pair, unsigned least, unsigned most)
{
    return pair->now - (int64_t)(least + sp_draw_below(&pair->draw, most - least + 1)) * SP_MADE_DAY -
           (int64_t)sp_draw_below(&pair->draw, SP_MADE_DAY);
}

/* RELEASES of them, all within the last DAYS. */
void
sp_made_make_young(struct sp_made_pair *pair, unsigned days, unsigned releases)
{
    struct sp_made_package *name = &pair->name;
    name->created = sp_made_days_ago(pair, 1, days);
    name->updated = name->created + (pair->now - name->created) / 2;
    name->releases = 1 + (unsigned)sp_draw_below(&pair->draw, releases);
    name->major = pair->name.ecosystem->id == SP_GOLANG ? 1 : (unsigned)sp_draw_below(&pair->draw, 2);
    name->downloads = (int64_t)sp_draw_below(&pair->draw, 900);
}

void
sp_made_make_single(struct sp_made_pair *pair, const char *version)
{
    pair->name.version = version;
    pair->name.releases = 1;
    pair->name.updated = pair->name.created;
}

/* Where the package's own people and name lead to. */
static void
settle(struct sp_made_pair *pair)
{
    struct sp_made_package *name = &pair->name;
    const char *owner = name->ecosystem->id == SP_GOLANG ? name->namespace_ : name->people[0].id;
    name->repository = sp_made_print(pair, "https://github.com/%s/%s", owner, name->base);
    if (name->homepage)
        name->homepage = sp_made_print(pair, "https://%s.example/", name->base);
}

void
sp_made_give_to_stranger(struct sp_made_pair *pair)
{
    pair->name.people_count = 1;
    sp_made_draw_person(pair, &pair->name.people[0]);
    settle(pair);
}

void
sp_made_copy_text(struct sp_made_pair *pair)
{
    pair->name.topic = pair->target.topic;
    pair->name.description = pair->target.description;
    pair->name.readme = pair->target.readme;
}

void
sp_made_take_topic(struct sp_made_pair *pair, unsigned topic)
{
    pair->name.topic = topic;
    pair->name.description = sp_made_describe(pair, topic);
    sp_made_write_readme(pair, &pair->name);
}

void
sp_made_say(struct sp_made_pair *pair, const char *description)
{
    pair->name.description = description;
    sp_made_write_readme(pair, &pair->name);
}

void
sp_made_say_nothing(struct sp_made_pair *pair)
{
    pair->name.readme = pair->name.repository = pair->name.homepage = pair->name.licence = NULL;
}

/* A namespace that is not the target's; where IMITATED one that looks like it. */
const char *
sp_made_other_namespace(struct sp_made_pair *pair, bool imitated)
{
    const char *old = pair->target.namespace_;
    struct sp_made_person person;
    sp_made_draw_person(pair, &person);
    switch (pair->target.ecosystem->id) {
    case SP_NPM:
        return old && imitated ? sp_made_change(pair, old, SP_MADE_TYPO) : NULL;
    case SP_GOLANG:
        return !imitated                         ? person.id
               : sp_draw_chance(&pair->draw, 50) ? sp_made_print(pair, "%s-go", old)
                                                 : sp_made_change(pair, old, SP_MADE_TYPO);
    case SP_MAVEN:
        return !imitated                         ? sp_made_print(pair, "net.%s", person.id)
               : sp_draw_chance(&pair->draw, 50) ? sp_made_print(pair, "io.github.%s", old + 4)
                                                 : sp_made_print(pair, "dev.%s", old + 4);
    default:
        return NULL;
    }
}

/* So that there is one to drop, to imitate or to share. */
void
sp_made_give_namespace(struct sp_made_pair *pair)
{
    struct sp_made_person person;
    if (pair->target.namespace_)
        return;
    sp_made_draw_person(pair, &person);
    sp_made_call(pair, &pair->target, person.id, pair->target.base);
    sp_made_write_readme(pair, &pair->target);
}

void
sp_made_call_like(struct sp_made_pair *pair, enum sp_made_change change, bool imitated)
{
    sp_made_call(pair, &pair->name, sp_made_other_namespace(pair, imitated),
                 sp_made_change(pair, pair->target.base, change));
    settle(pair);
}

void
sp_made_call_honestly(struct sp_made_pair *pair, const char *base)
{
    sp_made_call(pair, &pair->name, sp_made_other_namespace(pair, false), base);
    settle(pair);
}

void
sp_made_call_within(struct sp_made_pair *pair, const char *suffix)
{
    sp_made_call(pair, &pair->name, pair->target.namespace_,
                 sp_made_print(pair, "%s-%s", pair->target.base, suffix));
}

void
sp_made_share_people(struct sp_made_pair *pair)
{
    pair->name.people_count = pair->target.people_count;
    memcpy(pair->name.people, pair->target.people, sizeof(pair->target.people));
}

void
sp_made_hook(struct sp_made_pair *pair, const char *command)
{
    if (pair->name.ecosystem->id == SP_PYPI) {
        pair->name.source_only = true;
        return;
    }
    pair->name.hook = sp_draw_chance(&pair->draw, 70) ? "postinstall" : "preinstall";
    pair->name.hook_command = command;
}

void
sp_made_depend_on_target(struct sp_made_pair *pair)
{
    pair->name.dependencies[pair->name.dependency_count++] = pair->target.name;
}
