/* landing_refusals.c: what must not land, and what must not be lost: forbidden things, conflicts, crashes
 * that were followed by edits, races. */
#include "landing_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* ------------------------------------------------------------- what never lands */

void
forbidden_things_are_left_out(void **state SP_UNUSED)
{
    start_over(false);
    shell("cd layer/upper; mkdir -p n/d; echo a >n/a; echo s >n/setuid; chmod 4755 n/setuid; echo s "
          ">n/d/setgid; "
          "chmod 2755 n/d/setgid; mkfifo n/d/fifo fifo; made socket n/sock; "
          "echo t >top; chmod 4711 top");
    if (geteuid() == 0)
        shell("cd layer/upper; mknod n/null c 1 3; mknod n/d/disk b 8 0; mknod null c 1 3; echo c >n/cap; "
              "made capability n/cap");
    shell("cd layer/upper; touch -d 2003-03-03 n/d n");
    autofixture struct fixture fixture = { 0 };
    struct sp_landing_totals totals = land(&fixture);
    assert_told(&fixture, "lands n\n");
    assert_told(&fixture, "refused n/setuid: setuid bit\n");
    assert_told(&fixture, "refused n/d/setgid: setgid bit\n");
    assert_told(&fixture, "refused n/d/fifo: FIFO\n");
    assert_told(&fixture, "refused fifo: FIFO\n");
    assert_told(&fixture, "refused n/sock: socket\n");
    assert_told(&fixture, "refused top: setuid bit\n");
    if (geteuid() == 0) {
        assert_told(&fixture, "refused n/null: device node\n");
        assert_told(&fixture, "refused n/d/disk: device node\n");
        assert_told(&fixture, "refused null: device node\n");
        assert_told(&fixture, "refused n/cap: file capability\n");
    }
    assert_int_equal(totals.new, 3);
    assert_int_equal(totals.refused, geteuid() == 0 ? 10 : 6);
    shell("test \"$(cd host; find . | sort | tr '\\n' ' ')\" = '. ./n ./n/a ./n/d '; "
          "test \"$(stat -c %%y host/n host/n/d | cut -c1-10 | uniq)\" = 2003-03-03");
    assert_cleared_up();
}

void
links_that_leave_are_asked_for(void **state SP_UNUSED)
{
    static const struct {
        const char *where, *text;
        bool leaves;
    } cases[] = {
        { "n/x", "../a", false },        { "n/x", "../../a", true },    { "n/x", "/etc/passwd", true },
        { "n/d/x", "../..", false },     { "n/d/x", "../../..", true }, { "x", "..", true },
        { "x", "n/../..", true },        { "x", "n/./../q", false },    { "x", "/", true },
        { "n/x", "a/../../../b", true }, { "x", "...", false },         { "x", "n//..//..", true },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        start_over(false);
        shell("cd layer/upper; mkdir -p n/d; echo a >n/a; ln -s '%s' %s", cases[i].text, cases[i].where);
        autofixture struct fixture fixture = { .links_stay_out = true };
        land(&fixture);
        char line[64];
        snprintf(line, sizeof(line), "refused %s: link out of the project\n", cases[i].where);
        if (cases[i].leaves != (strstr(sp_buffer_string(&fixture.told), line) != NULL))
            fail_msg("%s -> %s: %s", cases[i].where, cases[i].text, sp_buffer_string(&fixture.told));
        struct stat st;
        char path[64];
        snprintf(path, sizeof(path), "host/%s", cases[i].where);
        assert_int_equal(lstat(at(path), &st) == 0, !cases[i].leaves);
    }
    /* absolute, but into the project */
    start_over(false);
    shell(
        "cd layer/upper; mkdir n; ln -s '%s/host/q' n/in; ln -s '%s/host2' n/out; ln -s '%s/host/../x' n/up",
        base, base, base);
    autofixture struct fixture fixture = { .links_stay_out = true };
    land(&fixture);
    shell("test -L host/n/in; test ! -L host/n/out; test ! -L host/n/up");
}

void
marks_of_no_such_overlay_are_an_error(void **state SP_UNUSED)
{
    static const char *const marks[] = { "redirect", "metacopy", "whiteout" };
    for (size_t i = 0; i < SP_COUNT(marks); i++) {
        for (int deep = 0; deep < 2; deep++) {
            start_over(false);
            shell("mkdir -p layer/upper/n/d; made attribute %s.overlay.%s /x layer/upper/n%s",
                  geteuid() ? "user" : "trusted", marks[i], deep ? "/d" : "");
            autofixture struct fixture fixture = { 0 };
            autolanding struct sp_landing *landing = NULL;
            assert_int_equal(plan(&fixture, &landing), -1);
            assert_error(&fixture, marks[i]);
        }
    }
    /* marks of the other name space are planted by hand: they mean nothing and do not land */
    if (geteuid() != 0)
        return;
    start_over(false);
    shell("mkdir host/d; echo a >host/d/a; mkdir layer/upper/d layer/upper/n; echo b >layer/upper/d/b; "
          "made attribute user.overlay.opaque y layer/upper/d; "
          "made attribute user.overlay.redirect /etc layer/upper/n");
    autofixture struct fixture fixture = { 0 };
    land(&fixture);
    shell("test -e host/d/a -a -e host/d/b; made bare host/n");
}

/* ------------------------------------------------------------- conflicts */

struct conflict_case {
    const char *name, *host, *layer, *meanwhile, *where; /* NULL: no conflict */
};
#define OPAQUE "made attribute $NS.overlay.opaque y "
static const struct conflict_case conflict_cases[] = {
    { "new, but something stands there", "true", "echo a >a", "echo b >a", "a" },
    { "new directory, but one stands there with the same file", "true", "mkdir n; echo a >n/a",
      "mkdir n; echo b >n/a", "n/a" },
    { "modified, and edited", "echo a >a", "echo b >a", "echo c >a", "a" },
    { "modified, and its mode changed", "echo a >a", "echo b >a", "chmod 600 a", "a" },
    { "edited, with its time set back", "echo a >a", "echo b >a", "echo c >a; touch -d 2000-01-01 a", "a" },
    { "deleted, but edited", "echo a >a", "mknod a c 0 0", "echo b >a", "a" },
    { "deleted directory, edited within", "mkdir -p d/e; echo a >d/e/a", "mknod d c 0 0", "echo b >d/e/a",
      "d/e/a" },
    { "deleted directory, added within", "mkdir -p d/e; echo a >d/e/a", "mknod d c 0 0", "echo b >d/e/b",
      "d/e" },
    { "replaced directory, edited within", "mkdir d; echo a >d/a", "mkdir d; " OPAQUE "d", "echo b >d/a",
      "d/a" },
    { "replaced by a file, but edited", "mkdir d; echo a >d/a", "echo f >d", "echo b >d/a", "d/a" },
    { "merged directory that was removed", "mkdir d; echo a >d/a",
      "mkdir d; echo b >d/b; made attribute $NS.overlay.origin x d", "rm -r d", "d was removed" },
    { "mode of a directory that was changed", "mkdir -m 755 d", "mkdir -m 700 d", "chmod 711 d", "d" },
    { "another file in the same directory", "mkdir d; echo a >d/a", "mkdir d; echo b >d/b", "echo c >d/c",
      NULL },
    { "deleted on both sides", "echo a >a", "mknod a c 0 0", "rm a", NULL },
    { "a file with a time in the future", "echo a >a; touch -d 2099-01-01 a", "echo b >a", "true", NULL },
    { "edited, but not to land", "echo a >left", "echo b >left", "echo c >left", NULL },
};

void
conflicts_are_seen(void **state SP_UNUSED)
{
    for (size_t i = 0; i < SP_COUNT(conflict_cases); i++) {
        const struct conflict_case *one = &conflict_cases[i];
        start_over(false);
        shell("cd host; umask 022; %s", one->host);
        autofixture struct fixture fixture = { .leave = ",left," };
        wait_for_ticks();
        clock_gettime(CLOCK_REALTIME_COARSE, &fixture.started);
        shell("export NS=%s; cd layer/upper; umask 022; %s", geteuid() ? "user" : "trusted", one->layer);
        shell("cd host; umask 022; %s", one->meanwhile);
        sp_autofree char *before = tree_list(at("host"), ALL);
        autolanding struct sp_landing *landing = NULL;
        if (plan(&fixture, &landing) < 0)
            fail_msg("%s: %s", one->name, fixture.err.text);
        const char *where = sp_landing_conflict(landing);
        if ((where != NULL) != (one->where != NULL) ||
            (where && strncmp(where, one->where, strlen(one->where)) != 0))
            fail_msg("%s: expected %s, found %s", one->name, one->where, where);
        int result = sp_landing_apply(landing, at("journal"), &fixture.err);
        assert_int_equal(result, one->where ? -1 : 0);
        if (!one->where)
            continue;
        assert_int_equal(sp_landing_totals(landing).conflicts, 1);
        assert_error(&fixture, "nothing landed");
        sp_autofree char *after = tree_list(at("host"), ALL);
        assert_equal_lists(one->name, before, after);
        assert_cleared_up();
    }
}

/* What is edited between plan and landing, or while it lands, is met by the look before each move. */
static int
edit_at(void *context, unsigned step)
{
    const unsigned *when = context;
    if (step == *when)
        shell("echo edited >host/z");
    return 0;
}

void
edited_while_it_lands_everything_goes_back(void **state SP_UNUSED)
{
    for (unsigned when = 0; when < 8; when++) {
        start_over(false);
        shell("cd host; for i in a b c d z; do echo $i >$i; done; mkdir y; echo y >y/y; cd ../layer/upper; "
              "for i in a b c d z; do echo new-$i >$i; done; mkdir n; mknod y c 0 0");
        autofixture struct fixture fixture = { 0 };
        autolanding struct sp_landing *landing = NULL;
        if (plan(&fixture, &landing) < 0)
            fail_msg("%s", fixture.err.text);
        struct sp_landing_hooks hooks = { .checkpoint = edit_at, .context = &when };
        assert_int_equal(sp_landing_apply_with(landing, at("journal"), &hooks, &fixture.err), -1);
        assert_error(&fixture, "host/z: was changed while the landing was under way");
        shell("cd host; test \"$(cat a b c d z y/y | tr '\\n' ' ')\" = 'a b c d edited y '; test ! -e n; "
              "cd ../layer/upper; test $(cat a) = new-a; test -d n");
        assert_cleared_up();
    }
}

void
two_landings_at_once_do_not_mix(void **state SP_UNUSED)
{
    start_over(false);
    shell("echo a >layer/upper/a");
    autofixture struct fixture fixture = { 0 };
    autolanding struct sp_landing *landing = NULL;
    assert_int_equal(plan(&fixture, &landing), 0);
    int other = open(at("host"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_int_equal(flock(other, LOCK_EX), 0);
    assert_int_equal(sp_landing_apply(landing, at("journal"), &fixture.err), -1);
    assert_error(&fixture, "another landing is under way");
    close(other);
    assert_int_equal(sp_landing_apply(landing, at("journal"), &fixture.err), 0);
    shell("test -e host/a");
}

/* Recovery while a landing is at work must not undo it under its hands. */
static int
recover_at(void *context, unsigned step SP_UNUSED)
{
    struct sp_error err = { 0 };
    unsigned recovered = 99;
    if (sp_landing_recover(at("journal"), &recovered, &err) < 0 || recovered != 0)
        fail_msg("recovery touched a living landing: %u %s", recovered, err.text);
    ++*(unsigned *)context;
    return 0;
}

void
a_living_landing_is_left_alone(void **state SP_UNUSED)
{
    start_over(false);
    shell("echo a >host/a; echo b >layer/upper/a; mkdir layer/upper/n");
    autofixture struct fixture fixture = { 0 };
    autolanding struct sp_landing *landing = NULL;
    assert_int_equal(plan(&fixture, &landing), 0);
    unsigned times = 0;
    struct sp_landing_hooks hooks = { .checkpoint = recover_at, .context = &times };
    if (sp_landing_apply_with(landing, at("journal"), &hooks, &fixture.err) < 0)
        fail_msg("%s", fixture.err.text);
    assert_true(times > 5);
    shell("test $(cat host/a) = b");
}

/* ------------------------------------------------------------- journals that are not as they were */

static void
interrupt(unsigned step)
{
    start_over(false);
    shell("echo a >host/a; echo b >layer/upper/a; echo n >layer/upper/n");
    autofixture struct fixture fixture = { 0 };
    autolanding struct sp_landing *landing = NULL;
    assert_int_equal(plan(&fixture, &landing), 0);
    struct kill_point point = { step };
    struct sp_landing_hooks hooks = { .checkpoint = die_at, .context = &point };
    pid_t child = fork();
    if (child == 0)
        _exit(sp_landing_apply_with(landing, at("journal"), &hooks, NULL) < 0);
    assert_true(dies(child));
}

void
a_damaged_journal_is_named_and_nothing_touched(void **state SP_UNUSED)
{
    static const char *const damages[] = {
        "truncate -s -1 journal/*/steps",
        "truncate -s 5 journal/*/steps",
        ": >journal/*/steps",
        /* what lies there may be an x already (an inode's number, a time): then a y */
        "f=$(ls journal/*/steps); c=x; test \"$(dd if=$f bs=1 skip=200 count=1 status=none | tr -d '\\0')\" "
        "!= x || c=y; "
        "printf $c | dd of=$f bs=1 seek=200 conv=notrunc status=none",
        "echo more >>$(ls journal/*/steps)",
    };
    for (size_t i = 0; i < SP_COUNT(damages); i++) {
        interrupt(5);
        shell("set -- journal/*/steps; test -e $1; %s", i == 2 ? ": >$1" : damages[i]);
        sp_autofree char *before = tree_list(at("."), TREE_TIMES);
        struct sp_error err;
        unsigned recovered;
        assert_int_equal(sp_landing_recover(at("journal"), &recovered, &err), -1);
        assert_non_null(strstr(err.text, "/steps: the journal of an interrupted landing is damaged"));
        sp_autofree char *after = tree_list(at("."), TREE_TIMES);
        assert_equal_lists("damaged", before, after);
    }
}

void
the_next_landing_asks_for_recovery_first(void **state SP_UNUSED)
{
    interrupt(5);
    autofixture struct fixture fixture = { 0 };
    autolanding struct sp_landing *landing = NULL;
    shell("echo x >layer/upper/x");
    assert_int_equal(plan(&fixture, &landing), 0);
    assert_int_equal(sp_landing_apply(landing, at("journal"), &fixture.err), -1);
    assert_error(&fixture, "an earlier landing was interrupted");
    struct sp_error err;
    unsigned recovered;
    assert_int_equal(sp_landing_recover(at("journal"), &recovered, &err), 0);
    assert_int_equal(recovered, 1);
    shell("test $(cat host/a) = a; test ! -e host/n");
}

void
edited_between_crash_and_recovery_is_not_lost(void **state SP_UNUSED)
{
    struct sp_error err;
    unsigned recovered;
    interrupt(7); /* a was replaced, n placed */
    shell("test $(cat host/a) = b; echo mine >host/a");
    assert_int_equal(sp_landing_recover(at("journal"), &recovered, &err), -1);
    assert_non_null(strstr(err.text, "host/a: was changed after the landing was interrupted"));
    shell("test $(cat host/a) = mine; mv host/a host/a.mine");
    assert_int_equal(sp_landing_recover(at("journal"), &recovered, &err), 0);
    shell("test $(cat host/a) = a; test $(cat host/a.mine) = mine; test ! -e host/n");

    interrupt(7);
    shell("mv host elsewhere; mkdir host");
    assert_int_equal(sp_landing_recover(at("journal"), &recovered, &err), -1);
    assert_non_null(strstr(err.text, "another directory now"));
    shell("rmdir host; mv elsewhere host");
    assert_int_equal(sp_landing_recover(at("journal"), &recovered, &err), 0);
    shell("test $(cat host/a) = a");
    assert_cleared_up();
}

void
a_journal_directory_of_others_is_refused(void **state SP_UNUSED)
{
    start_over(false);
    shell("echo a >layer/upper/a; chmod 777 journal");
    autofixture struct fixture fixture = { 0 };
    autolanding struct sp_landing *landing = NULL;
    assert_int_equal(plan(&fixture, &landing), 0);
    assert_int_equal(sp_landing_apply(landing, at("journal"), &fixture.err), -1);
    assert_error(&fixture, "must be yours");
    shell("test ! -e host/a; rmdir journal");
    unsigned recovered;
    assert_int_equal(sp_landing_recover(at("journal"), &recovered, &fixture.err), 0);
    assert_int_equal(sp_landing_apply(landing, at("journal/made/new"), &fixture.err), 0);
    shell("test -e host/a");
}

/* ------------------------------------------------------------- races on the host's side */

static atomic_bool racing;

/* A directory becomes a link to the outside, and a directory again. */
static void *
swap_directories(void *argument SP_UNUSED)
{
    char here[128], away[128], outside[128];
    snprintf(here, sizeof(here), "%s/host/d", base);
    snprintf(away, sizeof(away), "%s/host/d.away", base);
    snprintf(outside, sizeof(outside), "%s/outside", base);
    while (atomic_load(&racing)) {
        if (rename(here, away) == 0) {
            if (symlink(outside, here) == 0)
                unlink(here);
            rename(away, here);
        }
    }
    return NULL;
}

void
a_directory_swapped_for_a_link_leads_nowhere(void **state SP_UNUSED)
{
    unsigned landed = 0, refusals = 0;
    for (int round = 0; round < 60; round++) {
        start_over(false);
        shell("mkdir -p host/d/e outside/e; echo o >outside/a; echo o >outside/e/a; cd host/d; touch a b "
              "e/a; cd "
              "../../layer/upper; mkdir -p d/e; cd d; for i in 1 2 3 4 5 6 7 8 9; do echo $i >$i; echo $i "
              ">e/$i; done; "
              "echo new >a; echo new >e/a; mknod b c 0 0");
        sp_autofree char *outside = tree_list(at("outside"), ALL);
        autofixture struct fixture fixture = { 0 };
        autolanding struct sp_landing *landing = NULL;
        bool early = round % 2;
        wait_for_ticks();
        clock_gettime(CLOCK_REALTIME_COARSE, &fixture.started);
        pthread_t thread;
        if (!early && plan(&fixture, &landing) < 0)
            fail_msg("%s", fixture.err.text);
        atomic_store(&racing, true);
        pthread_create(&thread, NULL, swap_directories, NULL);
        int result = early ? plan(&fixture, &landing) : 0;
        if (result == 0)
            result = sp_landing_apply(landing, at("journal"), &fixture.err);
        atomic_store(&racing, false);
        pthread_join(thread, NULL);
        landed += result == 0;
        refusals += result < 0;
        sp_autofree char *after = tree_list(at("outside"), ALL);
        assert_equal_lists("outside", outside, after);
    }
    print_message("swapped for a link: %u landed, %u refused\n", landed, refusals);
    assert_true(refusals > 0);
}
