#include "metadata/scene.h"

#include <string.h>

#define SHORT_TEXT 80
#define HOOKS_MAX 32

/* wherever they stand */
static const char *const strong[] = { "exfiltrate",
                                      "exfiltrates",
                                      "exfiltration of",
                                      "pwned by",
                                      "you have been pwned",
                                      "you have been hacked",
                                      "bug bounty",
                                      "bugbounty",
                                      "hackerone",
                                      "bugcrowd",
                                      "dependency confusion poc",
                                      "dependency confusion test",
                                      "dependency confusion attack",
                                      "dependency confusion vulnerability",
                                      "dependency confusion proof",
                                      "for security research purposes",
                                      "security research purposes",
                                      "reverse shell",
                                      "burpcollaborator",
                                      "interactsh",
                                      "typosquatting test",
                                      NULL };
/* long readmes have these words for good reasons */
static const char *const weak[] = { "proof of concept",
                                    "poc",
                                    "security research",
                                    "security researcher",
                                    "dependency confusion",
                                    "typosquat",
                                    "typosquatting",
                                    "pwned",
                                    "hacked",
                                    "hacker",
                                    "malicious",
                                    "placeholder",
                                    "reserved",
                                    "name squatting",
                                    "supply chain",
                                    "penetration test",
                                    "pentest",
                                    "research purposes",
                                    "vulnerability",
                                    "exploit",
                                    "claimed",
                                    NULL };
/* in what runs at install */
static const char *const deeds[] = { "curl ",    "wget ",    "node -e",    "node --eval",   "base64",
                                     "http://",  "https://", "powershell", "eval ",         "| sh",
                                     "|sh",      "| bash",   "|bash",      "python -c",     "/dev/tcp",
                                     "nslookup", "whoami",   "hostname",   "child_process", "atob(",
                                     "bash -c",  "sh -c",    "certutil",   "/etc/passwd",   NULL };

static const char *
find_deed(const struct sp_record *record, const char **hook)
{
    for (size_t i = 0; i < record->hooks.count && i < HOOKS_MAX; i++) {
        *hook = record->hooks.items[i];
        for (const char *const *deed = deeds; *hook && *deed; deed++)
            if (strcasestr(*hook, *deed))
                return *deed;
    }
    return NULL;
}

static const char *
find_words(const struct sp_package_prose *prose)
{
    const char *said = sp_prose_says_any(&prose->description, strong);
    if (!said)
        said = sp_prose_says_any(&prose->readme, strong);
    if (said || prose->description.word_count + prose->readme.word_count > SHORT_TEXT)
        return said;
    said = sp_prose_says_any(&prose->description, weak);
    return said ? said : sp_prose_says_any(&prose->readme, weak);
}

/* Nothing is said, nothing is used, nothing runs: a name that is held for something. */
static bool
is_empty(const struct sp_record *record, const struct sp_package_prose *prose)
{
    return sp_record_knows(record, SP_FIELD_DESCRIPTION) && sp_record_knows(record, SP_FIELD_README) &&
           sp_record_knows(record, SP_FIELD_DEPENDENCIES) && !record->dependencies.count &&
           !prose->description.word_count && !prose->readme.word_count;
}

static void
read_suspicious_intent(const struct sp_signal_scene *scene, struct sp_signal_seen *seen)
{
    const struct sp_record *record = scene->name;
    if (!record)
        return;
    const struct sp_package_prose *prose = &scene->compared->texts.name;
    bool knows_hooks = sp_record_knows(record, SP_FIELD_HOOKS);
    const char *hook = NULL;
    const char *deed = knows_hooks ? find_deed(record, &hook) : NULL;
    if (deed) {
        sp_see(seen, true, "at install it runs `%s`", sp_excerpt(hook).text);
        return;
    }
    const char *said = find_words(prose);
    if (said)
        sp_see(seen, true, "its text says \"%s\"", said);
    else if (is_empty(record, prose))
        sp_see(seen, true, "it says nothing of itself and uses nothing");
    else if (sp_scene_text_known(record) || knows_hooks)
        sp_see_no(seen);
}

const struct sp_signal sp_signal_suspicious_intent = {
    .id = SP_SIGNAL_SUSPICIOUS_INTENT,
    .name = "suspicious-intent",
    .title = "it speaks or behaves as proofs of concept and attacks do",
    .definition = "The text speaks of exfiltration, of being pwned, of a bug bounty or a dependency "
                  "confusion test; or a short text of at most 80 words speaks of security research, a proof "
                  "of concept or a placeholder; or what runs at install fetches, decodes or evaluates "
                  "something; or description, readme and dependencies are all there and all empty.",
    .source = "ConfuGuard 2025, suspicious intent",
    .counterpart = "has_suspicious_intent",
    .lean = SP_LEANS_ATTACK,
    .read = read_suspicious_intent,
};
