#include "metadata/npm_manifest.h"
#include "base/hash.h"
#include "metadata/told.h"

#include <string.h>

enum key {
    NAME,
    DESCRIPTION,
    LICENSE,
    LICENSES,
    REPOSITORY,
    HOMEPAGE,
    KEYWORDS,
    MAINTAINERS,
    AUTHOR,
    CONTRIBUTORS,
    SCRIPTS,
    GYPFILE,
    HAS_INSTALL_SCRIPT,
    DEPENDENCIES,
    OPTIONAL,
    PEERS,
    DEPRECATED,
    DIST,
    PUBLISHER,
    KEY_COUNT,
};
static const char *const keys[KEY_COUNT] = {
    "name",
    "description",
    "license",
    "licenses",
    "repository",
    "homepage",
    "keywords",
    "maintainers",
    "author",
    "contributors",
    "scripts",
    "gypfile",
    "hasInstallScript",
    "dependencies",
    "optionalDependencies",
    "peerDependencies",
    "deprecated",
    "dist",
    "_npmUser",
};

static const struct sp_teller *
teller_of(struct sp_json_walk *walk)
{
    return walk->teller;
}

/* ---- values that npm writes in several shapes ---- */

void
sp_npm_tell_text(struct sp_json_walk *walk, enum sp_field field)
{
    if (sp_json_walk_text(walk))
        sp_json_walk_did(
            walk, sp_tell_text(teller_of(walk), field, walk->reader.text, walk->reader.length, &walk->err));
}

void
sp_npm_tell_link(struct sp_json_walk *walk, enum sp_field field)
{
    static const char *const url[] = { "url" };
    struct sp_json_walk_mark mark, start;
    sp_json_walk_here(walk, &start);
    enum sp_json_token token = sp_json_walk_value(walk);
    if (token == SP_JSON_OBJECT) {
        /* { "type": "git", "url": ... } */
        if (!sp_json_walk_go(walk, &start) || !sp_json_walk_marks(walk, url, 1, &mark) ||
            !sp_json_walk_go(walk, &mark))
            return;
        token = sp_json_walk_value(walk);
    }
    if (token == SP_JSON_STRING)
        sp_json_walk_did(
            walk, sp_tell_link(teller_of(walk), field, walk->reader.text, walk->reader.length, &walk->err));
    else
        sp_json_walk_leave(walk, token);
}

/* "MIT", { "type": "MIT" }, or a list of these: the first counts. */
void
sp_npm_tell_licence(struct sp_json_walk *walk)
{
    static const char *const inner[] = { "type" };
    struct sp_json_walk_mark start, mark;
    sp_json_walk_here(walk, &start);
    enum sp_json_token token = sp_json_walk_value(walk);
    if (token == SP_JSON_ARRAY) {
        sp_json_walk_here(walk, &start);
        if (!sp_json_walk_item(walk, &token))
            return;
    }
    if (token == SP_JSON_OBJECT) {
        if (!sp_json_walk_go(walk, &start) || !sp_json_walk_marks(walk, inner, 1, &mark) ||
            !sp_json_walk_go(walk, &mark))
            return;
        token = sp_json_walk_value(walk);
    }
    if (token == SP_JSON_STRING)
        sp_json_walk_did(walk, sp_tell_text(teller_of(walk), SP_FIELD_LICENCE, walk->reader.text,
                                            walk->reader.length, &walk->err));
}

void
sp_npm_tell_keywords(struct sp_json_walk *walk)
{
    const struct sp_teller *teller = teller_of(walk);
    enum sp_json_token token = sp_json_walk_value(walk);
    if ((token != SP_JSON_ARRAY && token != SP_JSON_STRING) || !sp_tell_list(teller, SP_FIELD_KEYWORDS)) {
        sp_json_walk_leave(walk, token);
        return;
    }
    if (token == SP_JSON_STRING) {
        sp_json_walk_did(walk,
                         sp_tell_keywords_text(teller, walk->reader.text, walk->reader.length, &walk->err));
        return;
    }
    while (sp_json_walk_item(walk, &token)) {
        if (token == SP_JSON_STRING)
            sp_json_walk_did(walk, sp_tell_name(teller, SP_FIELD_KEYWORDS, walk->reader.text,
                                                walk->reader.length, &walk->err));
        else
            sp_json_walk_leave(walk, token);
    }
}

/* An object { name, email } is open. */
static void
tell_person_object(struct sp_json_walk *walk, enum sp_field field, bool account)
{
    char name[256] = "", email[256] = "", other[256];
    while (sp_json_walk_key(walk)) {
        char *out = sp_json_is(&walk->reader, "name")    ? name
                    : sp_json_is(&walk->reader, "email") ? email
                                                         : other;
        if (sp_json_walk_text(walk))
            snprintf(out, 256, "%.*s", walk->reader.length < 256 ? (int)walk->reader.length : 255,
                     walk->reader.text);
    }
    const struct sp_person person = { .id = account ? name : NULL, .name = name, .email = email };
    if (!walk->failed)
        sp_json_walk_did(walk, sp_tell_person(teller_of(walk), field, &person, &walk->err));
}

static void
tell_person(struct sp_json_walk *walk, enum sp_json_token token, enum sp_field field, bool accounts)
{
    if (token == SP_JSON_OBJECT)
        tell_person_object(walk, field, accounts);
    else if (token == SP_JSON_STRING)
        sp_json_walk_did(walk, sp_tell_person_text(teller_of(walk), field, walk->reader.text,
                                                   walk->reader.length, &walk->err));
    else
        sp_json_walk_leave(walk, token);
}

void
sp_npm_tell_people(struct sp_json_walk *walk, enum sp_field field, bool accounts)
{
    enum sp_json_token token = sp_json_walk_value(walk);
    if (token != SP_JSON_ARRAY) {
        tell_person(walk, token, field, accounts);
        return;
    }
    while (sp_json_walk_item(walk, &token))
        tell_person(walk, token, field, accounts);
}

/* ---- what runs at install ---- */

static void
tell_hook(struct sp_json_walk *walk, const char *name, const char *text, size_t length)
{
    sp_autobuffer struct sp_buffer line = { 0 };
    if (sp_buffer_printf(&line, &walk->err, "%s: ", name) < 0 ||
        sp_buffer_append(&line, text, length < 1024 ? length : 1024, &walk->err) < 0 ||
        sp_tell_name(teller_of(walk), SP_FIELD_HOOKS, line.bytes, line.length, &walk->err) < 0)
        walk->failed = true;
}

/* Tells the scripts that npm runs at install; whether there are any. */
static bool
tell_scripts(struct sp_json_walk *walk, bool tell, bool *builds)
{
    static const char *const runs[] = { "preinstall", "install", "postinstall" };
    bool any = false;
    while (sp_json_walk_key(walk)) {
        size_t i = 0;
        while (i < SP_COUNT(runs) && !sp_json_is(&walk->reader, runs[i]))
            i++;
        if (!sp_json_walk_text(walk) || i == SP_COUNT(runs) || !walk->reader.length)
            continue;
        any = true;
        *builds &= i == 2; /* either of the others takes the place of npm's own build */
        if (tell)
            tell_hook(walk, runs[i], walk->reader.text, walk->reader.length);
    }
    return any;
}

static void
tell_hooks(struct sp_json_walk *walk, const struct sp_json_walk_mark *marks, bool whole,
           struct sp_npm_manifest *out)
{
    int stated = sp_json_walk_go(walk, &marks[HAS_INSTALL_SCRIPT]) ? sp_json_walk_flag(walk) : -1;
    bool gyp = sp_json_walk_go(walk, &marks[GYPFILE]) && sp_json_walk_flag(walk) == 1, builds = true;
    out->scripts = sp_json_walk_go(walk, &marks[SCRIPTS]) && sp_json_walk_enter(walk, SP_JSON_OBJECT);
    struct sp_json_walk_mark inside;
    sp_json_walk_here(walk, &inside);
    if (!out->scripts && stated < 0 && !gyp && !whole)
        return;
    bool tell = sp_tell_list(teller_of(walk), SP_FIELD_HOOKS);
    if (out->scripts && sp_json_walk_go(walk, &inside))
        out->install_scripts = tell_scripts(walk, tell, &builds);
    if (tell && gyp && builds)
        tell_hook(walk, "install", "node-gyp rebuild", 16);
    else if (tell && stated == 1 && !out->install_scripts)
        tell_hook(walk, "install", "the registry says that there is one, not which", 46);
}

/* ---- the rest ---- */

static void
tell_dependencies(struct sp_json_walk *walk, const struct sp_json_walk_mark *marks, bool whole)
{
    static const enum key kinds[] = { DEPENDENCIES, OPTIONAL, PEERS };
    sp_automap struct sp_map seen = { .seed = (uintptr_t)marks };
    bool any = whole;
    for (size_t i = 0; i < SP_COUNT(kinds); i++)
        any |= marks[kinds[i]].there;
    if (!any || !sp_tell_list(teller_of(walk), SP_FIELD_DEPENDENCIES))
        return;
    for (size_t i = 0; i < SP_COUNT(kinds); i++) {
        if (!sp_json_walk_go(walk, &marks[kinds[i]]) || !sp_json_walk_enter(walk, SP_JSON_OBJECT))
            continue;
        while (sp_json_walk_key(walk)) {
            const struct sp_json_reader *at = &walk->reader;
            if (seen.count <= SP_RECORD_NAMES_MAX && !sp_map_get(&seen, at->text, at->length, NULL)) {
                sp_json_walk_did(walk, sp_map_set(&seen, at->text, at->length, 0, &walk->err));
                sp_json_walk_did(walk, sp_tell_name(teller_of(walk), SP_FIELD_DEPENDENCIES, at->text,
                                                    at->length, &walk->err));
            }
            sp_json_walk_skip(walk);
        }
    }
}

static void
read_dist(struct sp_json_walk *walk, struct sp_npm_manifest *out)
{
    static const char *const inner[] = { "tarball", "unpackedSize", "attestations" };
    struct sp_json_walk_mark marks[SP_COUNT(inner)];
    if (!sp_json_walk_marks(walk, inner, SP_COUNT(inner), marks))
        return;
    if (sp_json_walk_go(walk, &marks[0]))
        out->tarball = sp_json_walk_copy(walk);
    if (sp_json_walk_go(walk, &marks[1]))
        out->size = sp_json_walk_number(walk);
    /* only its presence speaks: an extract leaves it out as well */
    if (sp_json_walk_go(walk, &marks[2]) && sp_json_walk_enter(walk, SP_JSON_OBJECT))
        sp_tell_flag(teller_of(walk), SP_FIELD_PROVENANCE, true);
}

/* Who published this version; a machine that publishes for a repository is no account. Whether it says so:
 * then the registry has written the manifest's maintainers, too. */
static bool
tell_publisher(struct sp_json_walk *walk, const struct sp_json_walk_mark *mark)
{
    static const char *const inner[] = { "name", "trustedPublisher" };
    struct sp_json_walk_mark marks[SP_COUNT(inner)];
    if (!sp_json_walk_go(walk, mark) || !sp_json_walk_marks(walk, inner, SP_COUNT(inner), marks))
        return false;
    if (marks[0].there && !marks[1].there && sp_json_walk_go(walk, &marks[0]))
        sp_npm_tell_text(walk, SP_FIELD_OWNER);
    return !walk->failed;
}

static void
tell_deprecated(struct sp_json_walk *walk, const struct sp_json_walk_mark *mark)
{
    const struct sp_teller *teller = teller_of(walk);
    enum sp_json_token token = sp_json_walk_go(walk, mark) ? sp_json_walk_value(walk) : SP_JSON_NULL;
    if (walk->failed || sp_record_knows(teller->record, SP_FIELD_DEPRECATED))
        return;
    sp_autobuffer struct sp_buffer to = { 0 };
    bool notice = token == SP_JSON_STRING && walk->reader.length;
    if (notice)
        sp_json_walk_did(walk, sp_tell_text(teller, SP_FIELD_DEPRECATED, walk->reader.text,
                                            walk->reader.length, &walk->err));
    else /* "" and false take a deprecation back */
        sp_json_walk_did(walk, sp_tell_text(teller, SP_FIELD_DEPRECATED,
                                            token == SP_JSON_TRUE ? "deprecated" : NULL, 10, &walk->err));
    if (notice && !walk->failed)
        sp_json_walk_did(
            walk, sp_npm_relocation(teller->record->deprecated, teller->record->name, &to, &walk->err));
    if (!walk->failed)
        sp_json_walk_did(walk, sp_tell_text(teller, SP_FIELD_RELOCATED, to.length ? to.bytes : NULL,
                                            to.length, &walk->err));
}

/* What a whole manifest does not say is known to be missing. */
static void
tell_missing(struct sp_json_walk *walk)
{
    static const enum sp_field fields[] = { SP_FIELD_DESCRIPTION, SP_FIELD_LICENCE, SP_FIELD_REPOSITORY,
                                            SP_FIELD_HOMEPAGE };
    for (size_t i = 0; i < SP_COUNT(fields); i++)
        sp_json_walk_did(walk, sp_tell_text(teller_of(walk), fields[i], NULL, 0, &walk->err));
    sp_tell_list(teller_of(walk), SP_FIELD_KEYWORDS);
}

void
sp_npm_manifest_tell(struct sp_json_walk *walk, bool whole, struct sp_npm_manifest *out)
{
    struct sp_json_walk_mark marks[KEY_COUNT];
    const struct sp_teller *teller = teller_of(walk);
    *out = (struct sp_npm_manifest){ .size = -1 };
    if (!sp_json_walk_marks(walk, keys, KEY_COUNT, marks))
        return;
    if (whole && sp_json_walk_go(walk, &marks[NAME]))
        sp_npm_tell_text(walk, SP_FIELD_MODULE);
    if (sp_json_walk_go(walk, &marks[DESCRIPTION]))
        sp_npm_tell_text(walk, SP_FIELD_DESCRIPTION);
    if (sp_json_walk_go(walk, &marks[LICENSE]))
        sp_npm_tell_licence(walk);
    if (sp_json_walk_go(walk, &marks[LICENSES]))
        sp_npm_tell_licence(walk);
    if (sp_json_walk_go(walk, &marks[REPOSITORY]))
        sp_npm_tell_link(walk, SP_FIELD_REPOSITORY);
    if (sp_json_walk_go(walk, &marks[HOMEPAGE]))
        sp_npm_tell_link(walk, SP_FIELD_HOMEPAGE);
    if (sp_json_walk_go(walk, &marks[KEYWORDS]))
        sp_npm_tell_keywords(walk);
    /* without a publisher they may be what the author wrote into package.json: anybody's names */
    bool registry = !whole && tell_publisher(walk, &marks[PUBLISHER]);
    if (registry && marks[MAINTAINERS].there && sp_tell_list(teller, SP_FIELD_MAINTAINERS) &&
        sp_json_walk_go(walk, &marks[MAINTAINERS]))
        sp_npm_tell_people(walk, SP_FIELD_MAINTAINERS, true);
    bool people = marks[AUTHOR].there || marks[CONTRIBUTORS].there || (!registry && marks[MAINTAINERS].there);
    if ((people || whole) && sp_tell_list(teller, SP_FIELD_AUTHORS)) {
        if (sp_json_walk_go(walk, &marks[AUTHOR]))
            sp_npm_tell_people(walk, SP_FIELD_AUTHORS, false);
        if (sp_json_walk_go(walk, &marks[CONTRIBUTORS]))
            sp_npm_tell_people(walk, SP_FIELD_AUTHORS, false);
        if (!registry && sp_json_walk_go(walk, &marks[MAINTAINERS]))
            sp_npm_tell_people(walk, SP_FIELD_AUTHORS, false);
    }
    tell_hooks(walk, marks, whole || registry, out);
    tell_dependencies(walk, marks, whole || registry);
    if (!whole && sp_json_walk_go(walk, &marks[DIST]))
        read_dist(walk, out);
    if (registry)
        sp_tell_flag(teller, SP_FIELD_PROVENANCE, false);
    if (registry || (!whole && marks[DEPRECATED].there))
        tell_deprecated(walk, &marks[DEPRECATED]);
    if (whole)
        tell_missing(walk);
}
