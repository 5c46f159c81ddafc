/* The text of a run's report, from runs made by hand: what it says, that it is bounded, that nothing in it
 * can harm a terminal. */
#include "run_scene.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static size_t
lines_of(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += *text == '\n';
    return count;
}

/* ------------------------------------------------------------------ clean */

static void
a_clean_run_is_one_line(void **state)
{
    (void)state;
    struct run run;
    given_run(&run);
    assert_string_equal(text_of(&run),
                        "sallyport: allow: 177 packages (12 ran code), no findings; landed 2,311 things; "
                        "+0.41 s; watched by registry proxy, sinkhole, decoys, overlay\n");
    given_end(&run);
}

static void
the_line_says_what_became_of_a_run(void **state)
{
    (void)state;
    static const struct {
        enum sp_landed landed;
        int status, code;
        const char *kind, *landing, *want;
    } cases[] = {
        { SP_LANDED_NOTHING, 0, 0, "run", NULL, "no findings; nothing to land; +0.41 s" },
        { SP_LANDED_WOULD, 0, 0, "run", NULL, "no findings; 2,311 things would land; +0.41 s" },
        { SP_LANDED_REFUSED, 1, 1, "run", "--land-failed lands it all the same",
          "nothing landed (--land-failed lands it all the same); the command ended with 1; +0.41 s" },
        { SP_LANDED_REFUSED, 0, 125, "run", "package-lock.json was changed meanwhile",
          "nothing landed (package-lock.json was changed meanwhile); exit code 125; +0.41 s" },
        { SP_LANDED_NEVER, 0, 0, "scan", NULL, "no findings; +0.41 s" },
        { SP_LANDED_NEVER, 0, 0, "run", "'make' declares no outputs",
          "no findings; nothing landed ('make' declares no outputs); +0.41 s" },
        { SP_LANDED_NOTHING, -1, 127, "run", NULL,
          "nothing to land; the command did not run; exit code 127; +0.41 s" },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct run run;
        given_run(&run);
        run.report.landed = cases[i].landed;
        run.report.command_status = cases[i].status;
        run.report.exit_code = cases[i].code;
        run.report.kind = cases[i].kind;
        run.report.landing = cases[i].landing;
        assert_holds(text_of(&run), cases[i].want);
        assert_int_equal(lines_of(run.out.bytes), 1);
        given_end(&run);
    }
}

/* No alarm, and yet not to be passed over: all of it is still one line. */
static void
what_is_no_alarm_is_a_remark_in_the_line(void **state)
{
    (void)state;
    struct run run;
    const struct sp_event events[] = { given_call, given_call, given_passed };
    given_run(&run);
    run.report.events = events;
    run.report.event_count = 3;
    run.report.loads = &given_unloaded;
    run.report.load_count = 1;
    run.report.changes = given_changes;
    run.report.change_count = SP_COUNT(given_changes);
    run.report.load_time = 200 * MS;
    run.report.limits_missing = "disk, files";
    assert_string_equal(text_of(&run),
                        "sallyport: allow: 177 packages (12 ran code), no findings; landed 2,311 things; "
                        "2 changes not landed; 2 connections held in the sandbox; 1 connection passed "
                        "through; 1 did not load; +0.41 s (loading 0.20 s); no limit on disk, files; "
                        "watched by registry proxy, sinkhole, decoys, overlay\n");
    given_end(&run);
}

static void
one_thing_is_not_called_things(void **state)
{
    (void)state;
    struct run run;
    given_run(&run);
    run.report.package_count = 1;
    run.report.ran_code = 0;
    run.report.landed_things = 0;
    run.report.changes = &given_changes[2];
    run.report.change_count = 1;
    assert_holds(text_of(&run), "allow: 1 package (none ran code), no findings; landed 1 thing;");
    given_end(&run);
}

/* -------------------------------------------------------------- not clean */

static void
a_block_says_what_who_and_what_to_do(void **state)
{
    (void)state;
    struct run run;
    given_run(&run);
    given_finding(&run, &given_startup_file);
    given_finding(&run, &given_thief);
    given_refusal(&run);
    run.report.evidence = "/home/u/.local/state/sallyport/evidence/7";
    run.report.events = &given_call;
    run.report.event_count = 1;
    run.report.changes = &given_changes[4];
    run.report.change_count = 1;
    run.report.loads = &given_unloaded;
    run.report.load_count = 1;
    run.report.stopped = "the first proof ends a run in enforce mode";
    assert_string_equal(
        text_of(&run),
        "sallyport: block: 1 to block, 1 to review; nothing landed; exit code 100\n"
        "\n"
        "Block: do not install\n"
        "\n"
        "  left-thief@1.3.1  npm\n"
        "      read ~/.ssh/id_ed25519 (an SSH private key) and then called\n"
        "      203.0.113.9:443\n"
        "      pkg:npm/left-thief@1.3.1, through @corp/app > left-thief\n"
        "      rule run/decoy-sent\n"
        "      > remove it; if it ran elsewhere, change the keys that it could read\n"
        "      to allow it: echo 'allow run/decoy-sent pkg:npm/left-thief@1.3.1' >> sallyport.policy\n"
        "\n"
        "Review: look before you install\n"
        "\n"
        "  laid to no package\n"
        "      /home/u/.bashrc was changed, which is no output of npm\n"
        "      rule run/write-outside\n"
        "      > look at it; --allow-write /home/u/.bashrc lets it land\n"
        "      to allow it: echo 'allow run/write-outside' >> sallyport.policy\n"
        "\n"
        "Changes that do not land\n"
        "  ! .git/hooks/post-checkout  (no declared output)\n"
        "\n"
        "Connections\n"
        "  203.0.113.9:443  TLS to evil.example; refused, 517 B sent; "
        "pkg:npm/left-thief@1.3.1\n"
        "\n"
        "Did not load (a note, not an alarm)\n"
        "  pkg:npm/left-thief@1.3.1  require('left-thief'): failed: Error: Cann...dule 'react'\n"
        "\n"
        "Stopped: the first proof ends a run in enforce mode\n"
        "Landing: the verdict is block\n"
        "Evidence: /home/u/.local/state/sallyport/evidence/7\n"
        "3 packages (1 ran code); +0.41 s; watched by registry proxy, sinkhole, decoys,\n"
        "overlay\n"
        "Do not install this outside the sandbox before what is under block is put right.\n");
    given_end(&run);
}

static void
a_name_found_in_a_run_looks_as_check_shows_it(void **state)
{
    (void)state;
    struct run run;
    given_run(&run);
    given_finding(&run, &given_crossenv);
    given_refusal(&run);
    assert_holds(text_of(&run), "  crossenv@6.1.1  npm, package-lock.json:17:5\n"
                                "      may be mistaken for 'cross-env' (number 1342 on npm)\n"
                                "      pkg:npm/crossenv@6.1.1\n"
                                "      name    cross\xc2\xb7"
                                "env\n"
                                "      target  cross-env\n"
                                "                   ^\n"
                                "      delimiter; risk 0.97\n"
                                "      > did you mean 'cross-env'?\n");
    given_end(&run);
}

static void
a_review_that_landed_says_so(void **state)
{
    (void)state;
    struct run run;
    given_run(&run);
    given_finding(&run, &given_startup_file);
    assert_string_equal(text_of(&run),
                        "sallyport: review: 1 to review; landed 2,311 things; exit code 0\n"
                        "\n"
                        "Review: look before you install\n"
                        "\n"
                        "  laid to no package\n"
                        "      /home/u/.bashrc was changed, which is no output of npm\n"
                        "      rule run/write-outside\n"
                        "      > look at it; --allow-write /home/u/.bashrc lets it land\n"
                        "      to allow it: echo 'allow run/write-outside' >> sallyport.policy\n"
                        "\n"
                        "177 packages (12 ran code); +0.41 s; watched by registry proxy, sinkhole,\n"
                        "decoys, overlay\n"
                        "It has landed: look at what is under review before you use it.\n");
    given_end(&run);
}

static void
inconclusive_is_never_a_clean_line(void **state)
{
    (void)state;
    struct run run;
    given_run(&run);
    given_unseen(&run, "the sinkhole heard only the common ports: this kernel has no tproxy");
    run.report.exit_code = 102;
    run.report.landed = SP_LANDED_REFUSED;
    assert_string_equal(
        text_of(&run),
        "sallyport: inconclusive: no findings, 1 thing not seen; nothing landed; exit code 102\n"
        "\n"
        "Could not be seen\n"
        "  the sinkhole heard only the common ports: this kernel has no tproxy\n"
        "\n"
        "177 packages (12 ran code); +0.41 s; watched by registry proxy, sinkhole,\n"
        "decoys, overlay\n"
        "Mend what could not be seen and run again: nothing is proved safe.\n");
    given_end(&run);
}

static void
a_failed_landing_is_not_a_clean_line(void **state)
{
    (void)state;
    struct run run;
    given_run(&run);
    run.report.landed = SP_LANDED_FAILED;
    run.report.landing = "/home/u/app: no space left on device";
    run.report.exit_code = 125;
    assert_holds(text_of(&run), "allow: no findings; the landing failed and was undone; exit code 125\n");
    assert_holds(text_of(&run), "\nLanding: /home/u/app: no space left on device\n");
    given_end(&run);
}

static void
what_has_landed_in_spite_of_a_block_is_to_be_removed(void **state)
{
    (void)state;
    struct run run;
    given_run(&run);
    given_finding(&run, &given_thief);
    run.report.mode = "audit";
    run.report.exit_code = 100;
    assert_holds(text_of(&run), "1 to block; landed 2,311 things; exit code 100\n");
    assert_holds(text_of(&run), "; audit mode; watched by");
    assert_holds(text_of(&run), "What is under block has landed: remove it");
    given_end(&run);
}

static void
a_call_repeated_is_one_line_with_a_count(void **state)
{
    (void)state;
    struct run run;
    struct sp_event events[] = { given_call, given_call, given_call, given_passed };
    events[1].bytes = 3;
    given_run(&run);
    given_finding(&run, &given_thief);
    run.report.events = events;
    run.report.event_count = SP_COUNT(events);
    assert_holds(
        text_of(&run),
        "Connections\n"
        "  203.0.113.9:443  TLS to evil.example; refused, 517 B sent; pkg:npm/left-thief@1.3.1 (3 times)\n"
        "  cdn.example:443 passed through (--allow-host), 1.2 kB sent, 3.4 MB back\n"
        "\n");
    given_end(&run);
}

/* ------------------------------------------------------------------- diff */

static void
a_diff_lists_what_would_land(void **state)
{
    (void)state;
    struct run run;
    given_run(&run);
    run.options.diff = true;
    run.report.landed = SP_LANDED_WOULD;
    run.report.changes = given_changes;
    run.report.change_count = SP_COUNT(given_changes);
    run.report.change_more = 1200;
    const char *text = text_of(&run);
    assert_string_equal(strchr(text, '\n'), "\n\nChanges\n"
                                            "  + node_modules/left-pad/ (12 things, 9.8 kB)\n"
                                            "  + node_modules/.package-lock.json (512 B)\n"
                                            "  ~ package-lock.json\n"
                                            "  - old\n"
                                            "  ! .git/hooks/post-checkout  (no declared output)\n"
                                            "  ! /home/u/app2/x  (no declared output)\n"
                                            "  1,200 more were counted but not kept\n");
    given_end(&run);
}

static void
a_long_diff_is_cut_unless_all_is_asked_for(void **state)
{
    (void)state;
    static struct sp_run_change list[5000];
    struct run run;
    given_run(&run);
    for (size_t i = 0; i < SP_COUNT(list); i++)
        list[i] = given_changes[2];
    run.options.diff = true;
    run.report.changes = list;
    run.report.change_count = SP_COUNT(list);
    assert_int_equal(lines_of(text_of(&run)), 1 + 2 + 200 + 1);
    assert_holds(run.out.bytes, "  4,800 more; --verbose lists them\n");
    run.options.verbose = true;
    assert_true(lines_of(text_of(&run)) > 5000);
    given_end(&run);
}

/* ---------------------------------------------------------------- verbose */

static void
verbose_lists_packages_loads_and_events(void **state)
{
    (void)state;
    struct run run;
    const struct sp_event events[] = {
        { .kind = SP_EVENT_PHASE, .time = 500 * MS, .subject = "npm ci" },
        given_call,
    };
    given_run(&run);
    run.options.verbose = true;
    run.report.packages = given_packages;
    run.report.package_count = SP_COUNT(given_packages);
    run.report.loads = &given_unloaded;
    run.report.load_count = 1;
    run.report.events = events;
    run.report.event_count = SP_COUNT(events);
    run.report.event_more = 7;
    const char *text = text_of(&run);
    assert_holds(text, "\nDid not load (a note, not an alarm)\n"
                       "  pkg:npm/left-thief@1.3.1  require('left-thief'): failed: Error: Cannot find module "
                       "'react'\n");
    assert_holds(text, "\nPackages\n"
                       "  pkg:npm/%40corp/app@1.2.0  direct, through @corp/app\n"
                       "  pkg:npm/left-thief@1.3.1  indirect, ran code, from the cache, through @corp/app > "
                       "left-thief\n"
                       "  pkg:npm/crossenv@6.1.1  direct, refused\n");
    assert_holds(text, "\nEvents\n"
                       "     0.000 s  fetch    phase       npm ci\n"
                       "     1.000 s  install  connection  203.0.113.9:443: TLS to evil.example; "
                       "pkg:npm/left-thief@1.3.1\n"
                       "  7 more were counted but not kept\n");
    given_end(&run);
}

/* ---------------------------------------------------------------- hostile */

static const char *const hostile_strings[] = {
    "a\033[2J\033]0;owned\007b",
    "a\r\nsallyport: allow: fine\nb",
    "a\xe2\x80\xae"
    "b",
    "a\xff\xfe"
    "b",
    "a\tb",
    "\xc3",
    "",
    "\033",
};

static void
fill_with(struct run *run, const char *hostile, struct sp_run_package *package, struct sp_run_load *load,
          struct sp_run_change *change, struct sp_event *event)
{
    struct sp_finding finding = given_crossenv;
    finding.ecosystem = "npm";
    finding.name = finding.version = finding.target = finding.message = finding.advice = hostile;
    finding.place.file = hostile;
    finding.edit_count = 0;
    *package =
        (struct sp_run_package){ "npm", hostile, hostile, hostile, hostile, hostile, true, true, true, true };
    *load = (struct sp_run_load){ hostile, hostile, SP_LOAD_FAILED, hostile, 1 };
    *change = (struct sp_run_change){ hostile, '!', 1, 1, hostile };
    *event = given_call;
    event->package = event->subject = event->detail = hostile;
    given_finding(run, &finding);
    given_unseen(run, hostile);
    run->report.packages = package;
    run->report.loads = load;
    run->report.changes = change;
    run->report.events = event;
    run->report.package_count = run->report.load_count = run->report.change_count = run->report.event_count =
        1;
    run->report.watched = run->report.limits = run->report.limits_missing = run->report.stopped = hostile;
    run->report.landing = run->report.evidence = run->report.project = run->report.manager = hostile;
}

static void
hostile_strings_move_no_cursor(void **state)
{
    (void)state;
    for (size_t i = 0; i < SP_COUNT(hostile_strings); i++)
        for (int wide = 0; wide < 4; wide++) {
            struct run run;
            struct sp_run_package package;
            struct sp_run_load load;
            struct sp_run_change change;
            struct sp_event event;
            given_run(&run);
            fill_with(&run, hostile_strings[i], &package, &load, &change, &event);
            run.options = (struct sp_run_report_options){ .diff = wide & 1, .verbose = wide & 2 };
            assert_harmless(text_of(&run));
            assert_lacks(run.out.bytes, "\nsallyport: allow"); /* nobody forges a second verdict */
            json_t *document = json_loads(json_of(&run), JSON_REJECT_DUPLICATES, NULL);
            assert_non_null(document);
            json_decref(document);
            assert_harmless(run.out.bytes);
            given_end(&run);
        }
}

/* The one line too: nothing of it is without a stranger's hand. */
static void
hostile_strings_leave_the_clean_line_one_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < SP_COUNT(hostile_strings); i++) {
        struct run run;
        given_run(&run);
        run.report.landed = SP_LANDED_REFUSED;
        run.report.landing = run.report.watched = run.report.limits_missing = hostile_strings[i];
        assert_harmless(text_of(&run));
        assert_int_equal(lines_of(run.out.bytes), 1);
        given_end(&run);
    }
}

static void
a_big_run_is_a_screenful(void **state)
{
    (void)state;
    static struct sp_run_load loads[3000];
    static struct sp_run_change list[3000];
    static struct sp_event events[3000];
    static char long_path[4096], subjects[3000][32];
    struct run run;
    memset(long_path, 'x', sizeof(long_path) - 1);
    given_run(&run);
    struct sp_finding wordy = given_thief;
    wordy.message = wordy.advice = long_path;
    for (size_t i = 0; i < 3000; i++) {
        loads[i] = given_unloaded;
        list[i] = given_changes[4];
        list[i].path = long_path;
        events[i] = given_call;
        snprintf(subjects[i], sizeof(subjects[i]), "203.0.113.%zu", i);
        events[i].subject = subjects[i];
        given_finding(&run, i % 3 ? &given_startup_file : i % 2 ? &wordy : &given_thief);
        given_unseen(&run, "something");
    }
    given_refusal(&run);
    run.report.loads = loads;
    run.report.changes = list;
    run.report.events = events;
    run.report.load_count = run.report.change_count = run.report.event_count = 3000;
    const char *text = text_of(&run);
    if (lines_of(text) > 46)
        fail_msg("%zu lines:\n%s", lines_of(text), text);
    assert_holds(text, " more findings; --verbose lists them\n");
    assert_lacks(text, "Review: "); /* not while blocks are left out */
    assert_true(strlen(text) < 8000);
    given_end(&run);
}

static void
lines_keep_to_the_width(void **state)
{
    (void)state;
    static const unsigned widths[] = { 60, 80, 120 };
    for (size_t i = 0; i < SP_COUNT(widths); i++) {
        struct run run;
        given_run(&run);
        given_finding(&run, &given_thief);
        given_unseen(
            &run, "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen");
        run.options.width = widths[i];
        char *line =
            strchr(text_of(&run), '\n') + 1; /* the first line is never broken: programs look for it */
        for (line = strtok(line, "\n"); line; line = strtok(NULL, "\n"))
            if (strlen(line) > widths[i] && !strstr(line, "to allow it: ")) /* to be copied whole */
                fail_msg("wider than %u: %s", widths[i], line);
        given_end(&run);
    }
}

static void
colour_only_where_it_is_asked_for(void **state)
{
    (void)state;
    struct run run;
    given_run(&run);
    given_finding(&run, &given_thief);
    assert_lacks(text_of(&run), "\033");
    run.options.colour = true;
    assert_holds(text_of(&run), "sallyport: \033[1;31mblock\033[0m: 1 to block");
    given_end(&run);
}

/* ------------------------------------------------------------------ acts */

static void
the_three_strongest_reasons_fit_a_screenful(void **state)
{
    (void)state;
    struct run run;
    given_run(&run);
    given_scene(&run);
    const char *text = text_of(&run);
    if (lines_of(text) > 48)
        fail_msg("%zu lines:\n%s", lines_of(text), text);
    /* the key that left comes before the key that was read, although it was found later */
    const char *sent = strstr(text, "rule run/canary-sent"), *read = strstr(text, "rule run/decoy-read");
    assert_true(sent && read && sent < read);
    assert_holds(text, "rule run/connection");
    assert_holds(text, "during install, 3.42 s after the start, by curl -s");
    assert_holds(text, "echo 'allow run/canary-sent pkg:npm/left-thief@1.3.1' >> sallyport.policy\n");
    assert_holds(text, "1 more finding; --verbose lists them");
    assert_holds(text, "\n  looked up  2 names: registry.npmjs.org, evil.example\n");
    assert_holds(text, "\n  wrote      2 files, 1 outside the project: /tmp/.k");
    assert_holds(text, "\n  ran        3 programs: /usr/bin/curl, sh, node\n");
    run.options.verbose = true;
    assert_holds(text_of(&run), "rule run/write-outside");
    given_end(&run);
}

static void
less_sight_is_told_in_the_first_line(void **state)
{
    (void)state;
    for (int found = 0; found < 2; found++) {
        struct run run;
        given_run(&run);
        run.report.sight = "without probes: no process was seen";
        if (found)
            given_finding(&run, &given_thief);
        const char *line_end = strchr(text_of(&run), '\n'),
                   *told = strstr(run.out.bytes, "; without probes: no");
        assert_true(told && told < line_end);
        assert_int_equal(lines_of(run.out.bytes) == 1, !found);
        given_end(&run);
    }
}

static void
what_a_policy_allows_is_told_and_no_alarm(void **state)
{
    (void)state;
    struct run run;
    struct sp_finding allowed = given_thief;
    allowed.severity = SP_SEVERITY_NONE;
    allowed.was = SP_SEVERITY_BLOCK;
    allowed.allowed = "sallyport.policy:3";
    given_run(&run);
    given_finding(&run, &allowed);
    run.report.policy = "/home/u/app/sallyport.policy";
    assert_holds(text_of(&run), "; sallyport.policy followed (1 finding allowed); ");
    assert_int_equal(lines_of(run.out.bytes), 1);
    run.options.verbose = true;
    assert_holds(text_of(&run), "\nAllowed by the policy\n  run/decoy-sent  pkg:npm/left-thief@1.3.1: ");
    assert_holds(run.out.bytes, "(block; sallyport.policy:3)\n");
    given_end(&run);
}

static void
blocked_scripts_are_proposed_where_nothing_was_found(void **state)
{
    (void)state;
    struct run run;
    static const struct sp_run_load loads[] = {
        { .package = "pkg:npm/esbuild@0.19.2", .what = "postinstall", .outcome = SP_LOAD_DONE },
        { .package = "pkg:npm/%40a/ok@1.0.0", .what = "install", .outcome = SP_LOAD_DONE },
        { .package = "pkg:npm/left-thief@1.3.1", .what = "postinstall", .outcome = SP_LOAD_DONE },
        { .package = "pkg:npm/broken@1.0.0", .what = "postinstall", .outcome = SP_LOAD_FAILED },
    };
    static const struct sp_event events[] = {
        { .kind = SP_EVENT_EXEC,
          .phase = SP_PHASE_LOAD,
          .package = "pkg:npm/%40a/ok@1.0.0",
          .subject = "/bin/sh" },
        { .kind = SP_EVENT_BYTES,
          .phase = SP_PHASE_LOAD,
          .package = "pkg:npm/%40a/ok@1.0.0",
          .subject = "/home/u/app/node_modules/@a/ok/build/x.node",
          .bytes = 9 },
        { .kind = SP_EVENT_BYTES,
          .phase = SP_PHASE_LOAD,
          .package = "pkg:npm/%40a/ok@1.0.0",
          .subject = "/home/u/app/node_modules/@a/okay/x",
          .bytes = 9 },
    };
    given_run(&run);
    given_finding(&run, &given_thief);
    run.report.loads = loads;
    run.report.load_count = SP_COUNT(loads);
    run.report.script_count = 3;
    run.report.events = events;
    run.report.event_count = SP_COUNT(events);
    const char *text = text_of(&run);
    assert_holds(text,
                 "\n  pkg:npm/%40a/ok@1.0.0\n      install: ended well, ran 1 program, wrote 1 file beneath");
    assert_holds(text, "to let them run: \"allowScripts\": { \"@a/ok\": true } in package.json\n");
    json_t *document = json_loads(json_of(&run), 0, NULL),
           *scripts = json_object_get(document, "blocked_scripts");
    assert_int_equal(json_array_size(json_object_get(scripts, "packages")), 3);
    assert_int_equal(json_array_size(json_object_get(scripts, "proposed")), 1);
    json_decref(document);
    /* nothing is proposed by a run that did not see all */
    given_unseen(&run, "something");
    assert_lacks(text_of(&run), "to let them run");
    given_end(&run);
}

static void
sarif_is_sarif(void **state)
{
    (void)state;
    struct run run;
    const char *version, *rule, *level;
    given_run(&run);
    given_scene(&run);
    assert_int_equal(sp_run_report_sarif(&run.report, &run.out, NULL), 0);
    json_t *document = json_loads(sp_buffer_string(&run.out), JSON_REJECT_DUPLICATES, NULL);
    assert_int_equal(json_unpack(document, "{s:s, s:[{s:[{s:s, s:s}]}]}", "version", &version, "runs",
                                 "results", "ruleId", &rule, "level", &level),
                     0);
    assert_string_equal(version, "2.1.0");
    assert_string_equal(rule, "run/decoy-read");
    assert_string_equal(level, "error");
    json_decref(document);
    given_end(&run);
}

static void
risks_are_listed_when_all_is_asked_for_and_hostile_names_do_no_harm(void **state)
{
    (void)state;
    struct run run;
    given_run(&run);
    run.report.model = &given_model;
    run.report.risks = given_risks;
    run.report.risk_count = SP_COUNT(given_risks);
    assert_lacks(text_of(&run), "Risk by the behaviour model");
    run.options.verbose = true;
    const char *text = text_of(&run);
    assert_harmless(text);
    assert_holds(text, "Risk by the behaviour model");
    assert_holds(text, "  0.971 block   pkg:npm/left-thief@1.3.1\n"
                       "       +3.25  touched 2 planted secrets while installing\n"
                       "       -0.50  'strings compiled to code' could not be seen\n"
                       "       -1.50  where every package begins\n");
    assert_holds(text, "  0.600 review  what is laid to nobody");
    given_end(&run);
}

static void
a_silent_model_is_told_once(void **state)
{
    (void)state;
    struct run run;
    given_run(&run);
    run.report.model = &given_model;
    run.report.model_silent = "there are no counts";
    assert_holds(text_of(&run), "; not judged by the behaviour model: there are no counts\n");
    run.report.sight = "without probes, as was asked";
    assert_holds(text_of(&run), "; without probes, as was asked; not judged by the behaviour model\n");
    assert_lacks(text_of(&run), "there are no counts");
    given_end(&run);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(risks_are_listed_when_all_is_asked_for_and_hostile_names_do_no_harm),
        cmocka_unit_test(a_silent_model_is_told_once),
        cmocka_unit_test(a_clean_run_is_one_line),
        cmocka_unit_test(the_line_says_what_became_of_a_run),
        cmocka_unit_test(what_is_no_alarm_is_a_remark_in_the_line),
        cmocka_unit_test(one_thing_is_not_called_things),
        cmocka_unit_test(a_block_says_what_who_and_what_to_do),
        cmocka_unit_test(a_name_found_in_a_run_looks_as_check_shows_it),
        cmocka_unit_test(a_review_that_landed_says_so),
        cmocka_unit_test(inconclusive_is_never_a_clean_line),
        cmocka_unit_test(a_failed_landing_is_not_a_clean_line),
        cmocka_unit_test(what_has_landed_in_spite_of_a_block_is_to_be_removed),
        cmocka_unit_test(a_call_repeated_is_one_line_with_a_count),
        cmocka_unit_test(a_diff_lists_what_would_land),
        cmocka_unit_test(a_long_diff_is_cut_unless_all_is_asked_for),
        cmocka_unit_test(verbose_lists_packages_loads_and_events),
        cmocka_unit_test(hostile_strings_move_no_cursor),
        cmocka_unit_test(hostile_strings_leave_the_clean_line_one_line),
        cmocka_unit_test(a_big_run_is_a_screenful),
        cmocka_unit_test(lines_keep_to_the_width),
        cmocka_unit_test(colour_only_where_it_is_asked_for),
        cmocka_unit_test(the_three_strongest_reasons_fit_a_screenful),
        cmocka_unit_test(less_sight_is_told_in_the_first_line),
        cmocka_unit_test(what_a_policy_allows_is_told_and_no_alarm),
        cmocka_unit_test(blocked_scripts_are_proposed_where_nothing_was_found),
        cmocka_unit_test(sarif_is_sarif),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
