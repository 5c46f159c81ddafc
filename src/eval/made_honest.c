/* Patterns of honest packages that look like another; each says who has described it. */
#include "eval/made_dress.h"

#include <string.h>

/* npm's own place holder, "security holding package" 0.0.1-security, repository npm/security-holder. */
void
sp_made_dress_security_holding(struct sp_made_pair *pair)
{
    sp_made_call_like(pair, SP_MADE_TYPO, false);
    sp_made_say_nothing(pair);
    pair->name.people_count = 1;
    pair->name.people[0] = (struct sp_made_person){ "npm", "npm@npmjs.com" };
    pair->name.created = sp_made_days_ago(pair, 100, 1500);
    sp_made_make_single(pair, "0.0.1-security");
    pair->name.downloads = (int64_t)sp_draw_below(&pair->draw, 100);
    pair->name.description = "security holding package";
    pair->name.readme = "# Security holding package\n\nThis package contained malicious code and was removed "
                        "from the registry "
                        "by the npm security team. A placeholder was published to ensure users are not "
                        "affected in the future.\n";
    pair->name.repository = "https://github.com/npm/security-holder";
}

/* Zhou et al., "How Has Forking Changed in the Last 20 Years?" (ICSE 2020): hard forks under a name of their
 * own, which say what they are. */
void
sp_made_dress_fork(struct sp_made_pair *pair)
{
    static const char *const marks[] = { "fork", "ng", "next", "community", "maintained" };
    const char *mark = sp_draw_word(&pair->draw, marks);
    sp_made_call_honestly(pair, pair->name.ecosystem->id == SP_GOLANG
                                    ? pair->target.base
                                    : sp_made_print(pair, "%s-%s", pair->target.base, mark));
    pair->name.topic = pair->target.topic;
    pair->name.is_fork = true;
    sp_made_say(pair, sp_made_print(pair, "A maintained fork of %s: %s", pair->target.name,
                                    pair->target.description));
    pair->name.downloads = 500 + (int64_t)sp_draw_below(&pair->draw, 90000);
}

/* ConfuGuard, rule on extensions of the target. */
void
sp_made_dress_plugin(struct sp_made_pair *pair)
{
    static const char *const marks[] = { "plugin-s3", "plugin-redis", "adapter-sql", "loader-yaml",
                                         "preset-web" };
    const char *mark = sp_draw_word(&pair->draw, marks);
    sp_made_call_honestly(pair, sp_made_print(pair, "%s-%s", pair->target.base, mark));
    sp_made_say(pair, sp_made_print(pair, "A plugin for %s: %s", pair->target.base, mark));
    sp_made_depend_on_target(pair);
}

/* DefinitelyTyped on npm; typeshed's stubs on PyPI. */
void
sp_made_dress_types(struct sp_made_pair *pair)
{
    bool npm = pair->name.ecosystem->id == SP_NPM;
    const char *base = pair->target.base;
    if (npm && pair->target.namespace_)
        base = sp_made_print(pair, "%s__%s", pair->target.namespace_, base);
    sp_made_call(pair, &pair->name, npm ? "types" : NULL, npm ? base : sp_made_print(pair, "types-%s", base));
    sp_made_say(pair, sp_made_print(pair, "%s for %s", npm ? "TypeScript definitions" : "Typing stubs",
                                    pair->target.name));
    pair->name.repository =
        npm ? "https://github.com/DefinitelyTyped/DefinitelyTyped" : "https://github.com/python/typeshed";
    pair->name.people_count = 1;
    pair->name.people[0] = npm ? (struct sp_made_person){ "types", "types@example.org" }
                               : (struct sp_made_person){ "typeshed-bot", "stubs@example.org" };
}

/* Maven's "Guide to relocation"; npm's deprecation notices. */
void
sp_made_dress_relocated(struct sp_made_pair *pair)
{
    sp_made_share_people(pair);
    if (pair->name.ecosystem->id == SP_MAVEN) {
        sp_made_call(pair, &pair->name, sp_made_print(pair, "%s.old", pair->target.namespace_),
                     pair->target.base);
        pair->name.relocated = &pair->target;
        return;
    }
    sp_made_call(pair, &pair->name, NULL, sp_made_change(pair, pair->target.base, SP_MADE_DELIMITER));
    sp_made_copy_text(pair);
    pair->name.repository = pair->target.repository;
    pair->name.deprecated = sp_made_print(pair, "This package has moved to %s", pair->target.name);
    pair->name.updated = pair->now - 700 * (int64_t)SP_MADE_DAY;
}

/* ConfuGuard, rule on experiments and test packages. */
void
sp_made_dress_experiment(struct sp_made_pair *pair)
{
    static const char *const marks[] = { "test", "demo", "example", "playground", "tutorial" };
    sp_made_call_honestly(pair,
                          sp_made_print(pair, "%s-%s", pair->target.base, sp_draw_word(&pair->draw, marks)));
    sp_made_give_to_stranger(pair);
    pair->name.created = sp_made_days_ago(pair, 20, 1500);
    sp_made_make_single(pair, "0.0.1");
    pair->name.downloads = (int64_t)sp_draw_below(&pair->draw, 50);
    sp_made_say(pair, "My first package: a test of how publishing works, do not use");
    if (sp_draw_chance(&pair->draw, 50))
        pair->name.readme = NULL;
}

/* ConfuGuard, rule on overlapping maintainers. */
void
sp_made_dress_same_people(struct sp_made_pair *pair)
{
    sp_made_call_like(pair, sp_draw_chance(&pair->draw, 50) ? SP_MADE_COMBINED : SP_MADE_TYPO, false);
    sp_made_share_people(pair);
    sp_made_take_topic(pair, sp_made_draw_topic(pair));
}

/* ConfuGuard, overlapping maintainers at their barest: the owners hold a name that theirs is mistyped as. */
void
sp_made_dress_defensive(struct sp_made_pair *pair)
{
    sp_made_call_like(pair, SP_MADE_TYPO, false);
    sp_made_share_people(pair);
    sp_made_make_young(pair, 800, 1);
    sp_made_make_single(pair, "0.0.1");
    sp_made_say(pair, sp_made_print(pair, "Did you mean %s? This name is held by its maintainers.",
                                    pair->target.name));
    pair->name.repository = pair->target.repository;
}

/* Packages of one namespace or organisation, as monorepos publish them (Babel's "Why is Babel a monorepo?").
 */
void
sp_made_dress_same_organisation(struct sp_made_pair *pair)
{
    static const char *const marks[] = { "core", "cli", "testing", "server", "extras" };
    sp_made_give_namespace(pair);
    sp_made_call_within(pair, sp_draw_word(&pair->draw, marks));
    sp_made_share_people(pair);
    sp_made_take_topic(pair, pair->target.topic);
    pair->name.repository = pair->target.repository;
    if (pair->name.ecosystem->id == SP_GOLANG)
        pair->name.repository =
            sp_made_print(pair, "https://github.com/%s/%s", pair->name.namespace_, pair->name.base);
    pair->name.provenance = sp_draw_chance(&pair->draw, 50);
}

/* ConfuGuard, rule on distinct purpose: two words that happen to be near each other. */
void
sp_made_dress_distinct_purpose(struct sp_made_pair *pair)
{
    sp_made_call_honestly(pair, sp_made_change(pair, pair->target.base, SP_MADE_TYPO));
    sp_made_take_topic(pair, sp_made_draw_topic(pair));
    pair->name.downloads = 50 + (int64_t)sp_draw_below(&pair->draw, 200000);
}

/* Ports of a known library to another language, which keep its name (Kannee et al., "Intertwining
 * Ecosystems", MSR 2023). */
void
sp_made_dress_port(struct sp_made_pair *pair)
{
    const char *base = pair->target.base;
    size_t which = sp_draw_below(&pair->draw, 3);
    if (pair->name.ecosystem->id == SP_NPM)
        base = which ? sp_made_print(pair, "%s%s", base, which == 2 ? "-js" : ".js")
                     : sp_made_print(pair, "node-%s", base);
    else if (pair->name.ecosystem->id == SP_PYPI)
        base = sp_made_print(pair, "%s%s", which ? "py" : "python-", base);
    else
        base = sp_made_print(pair, "%s-ruby", base);
    sp_made_call_honestly(pair, base);
    pair->name.topic = pair->target.topic;
    sp_made_say(pair, sp_made_print(pair, "A port of the library %s to this language", pair->target.base));
}

/* Abandoned packages: Zimmermann et al., "Small World with High Risks" (USENIX Security 2019). */
void
sp_made_dress_old_unmaintained(struct sp_made_pair *pair)
{
    sp_made_call_honestly(pair, sp_made_change(pair, pair->target.base, SP_MADE_TYPO));
    sp_made_give_to_stranger(pair);
    sp_made_take_topic(pair, sp_made_draw_topic(pair));
    pair->name.created =
        pair->target.created - (int64_t)(200 + sp_draw_below(&pair->draw, 900)) * SP_MADE_DAY;
    pair->name.releases = 1 + (unsigned)sp_draw_below(&pair->draw, 4);
    pair->name.updated = pair->name.created + 90 * (int64_t)SP_MADE_DAY;
    pair->name.major = pair->name.ecosystem->id == SP_GOLANG ? 1 : 0;
    pair->name.downloads = (int64_t)sp_draw_below(&pair->draw, 3000);
    if (sp_draw_chance(&pair->draw, 50))
        pair->name.readme = NULL;
    if (pair->name.ecosystem->id != SP_GOLANG && sp_draw_chance(&pair->draw, 40))
        pair->name.repository = NULL;
}

/* Taylor et al., "Defending Against Package Typosquatting" (NSS 2020): two popular packages with near names
 * are both what they say. */
void
sp_made_dress_popular_neighbour(struct sp_made_pair *pair)
{
    sp_made_call_honestly(pair,
                          sp_made_change(pair, pair->target.base,
                                         sp_draw_chance(&pair->draw, 50) ? SP_MADE_TYPO : SP_MADE_DELIMITER));
    sp_made_take_topic(pair, sp_made_draw_topic(pair));
    pair->name.downloads = pair->target.downloads / 2 + (int64_t)sp_draw_below(&pair->draw, 1000000);
    pair->name.provenance = sp_draw_chance(&pair->draw, 40);
}

/* ConfuGuard's discussion of false positives: a beginner's honest package looks poor and new as well. */
void
sp_made_dress_honest_newcomer(struct sp_made_pair *pair)
{
    sp_made_call_honestly(pair,
                          sp_made_change(pair, pair->target.base,
                                         sp_draw_chance(&pair->draw, 50) ? SP_MADE_TYPO : SP_MADE_COMBINED));
    sp_made_give_to_stranger(pair);
    sp_made_take_topic(pair, sp_made_draw_topic(pair));
    sp_made_make_young(pair, 28, 4);
    if (sp_draw_chance(&pair->draw, 30))
        pair->name.licence = NULL;
}

/* Native add-ons build at install: npm's documentation of scripts, "node-gyp rebuild". */
void
sp_made_dress_native_build(struct sp_made_pair *pair)
{
    sp_made_call_honestly(pair, sp_made_print(pair, "%s-native", pair->target.base));
    sp_made_say(pair, sp_made_print(pair, "Native bindings for %s", pair->target.base));
    sp_made_depend_on_target(pair);
    if (pair->name.ecosystem->id == SP_PYPI) {
        pair->name.source_only = true;
        return;
    }
    pair->name.hook = "install";
    pair->name.hook_command = sp_draw_chance(&pair->draw, 50) ? "node-gyp rebuild" : "prebuild-install";
}
