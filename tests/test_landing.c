/* What an overlay's upper layer holds reaches the project: all of it, nothing else, or nothing at all.
 * With root real overlays are mounted, in a mount namespace of the test's own, on disk and on tmpfs. Without
 * root the layers are made by hand, and what needs an overlay is skipped. */
#include "landing_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* ------------------------------------------------------------- what lands equals what the overlay showed */

struct tree_case {
    const char *name, *host, *change;
    bool near_only; /* an overlay over two file systems does not show it itself */
};
static const struct tree_case tree_cases[] = {
    { "nothing at all", "echo a >a", "true" },
    { "a new file", "true", "echo a >a" },
    { "a new file deep in what exists", "mkdir -p a/b/c; echo x >a/b/c/x", "echo y >a/b/c/y" },
    { "a new directory", "echo a >a", "mkdir -p n/o/p; echo q >n/o/p/q; mkdir n/empty" },
    { "an empty new directory", "echo a >a", "mkdir n; chmod 1777 n" },
    { "modified in place", "echo a >a; chmod 640 a", "echo b >>a" },
    { "modified by renaming over it", "echo a >a", "echo b >b; mv b a" },
    { "written again with the same bytes", "echo a >a; touch -d 2001-01-01 a", "echo a >a" },
    { "mode alone", "echo a >a", "chmod 751 a" },
    { "mode of a directory alone", "mkdir d; echo a >d/a", "chmod 711 d" },
    { "mode of a directory, and a file in it", "mkdir d; echo a >d/a", "chmod 711 d; echo b >d/b" },
    { "deleted file", "echo a >a; echo b >b", "rm a" },
    { "deleted directory", "mkdir -p a/b/c; echo a >a/b/c/d; echo x >x", "rm -rf a" },
    { "deleted and made again", "mkdir a; echo a >a/b; echo c >a/c", "rm -rf a; mkdir a; echo n >a/n" },
    { "opaque and empty", "mkdir a; echo a >a/b", "rm -rf a; mkdir a" },
    { "file to directory", "echo a >a", "rm a; mkdir a; echo b >a/b" },
    { "directory to file", "mkdir -p a/b; echo c >a/b/c", "rm -rf a; echo f >a" },
    { "file to link and back", "echo a >a; ln -s a b", "rm a b; ln -s b a; echo b >b" },
    { "directory to link", "mkdir a b; echo x >a/x", "rm -rf a; ln -s b a" },
    { "links in and out", "mkdir d", "ln -s ../x d/in; ln -s /etc/hosts d/abs; ln -s ../../up d/climb" },
    { "hard links among new ones", "mkdir d", "echo a >d/a; ln d/a d/b; ln d/a c; mkdir e; ln c e/f" },
    { "hard link to what was", "mkdir d; echo a >a", "ln a d/b; echo more >>a", .near_only = true },
    { "times in the past, and before 1970", "echo a >a; mkdir d",
      "touch -d '1969-12-31 23:59:58.5 UTC' a; echo b >d/b; touch -d '1999-09-09 09:09:09.999999999' d/b d" },
    { "attributes of the user", "echo a >a; mkdir d",
      "made attribute user.x 1 a; echo b >d/b; made attribute user.y 2 d/b; mkdir e; made attribute user.z 3 "
      "e" },
    { "names of all kinds", "mkdir 'h\xc3\xa4'; echo a >\"h\xc3\xa4/new\nline\"",
      "echo b >\"h\xc3\xa4/new\nline\"; mkdir \"$(printf 'esc\\033[31m\\377')\"; echo c >\"$(printf "
      "'esc\\033[31m\\377')/\n\"; echo d >\"h\xc3\xa4/ space and 'quote\" " },
    { "whiteouts planted by name", "echo a >a; mkdir d; echo b >d/b",
      ": >.wh.a; mkdir n; : >n/.wh..wh..opq; : >d/.wh.b; : >.wh..wh..opq" },
    { "copied up and nothing else", "mkdir d; echo a >d/a; echo b >d/b", "touch -c -r d/a d/a; echo c >d/c" },
    { "setgid directory", "mkdir -m 2775 g", "mkdir g/h; echo a >g/h/a" },
    { "a sparse file", "true",
      "truncate -s 3G big; printf x | dd of=big bs=1 seek=2147483648 conv=notrunc "
      "status=none; truncate -s 1M hole; echo a >>hole" },
    { "a move within the tree", "mkdir a b; echo x >a/x", "mv a/x b/y" },
    { "everything at once", FULL_HOST, FULL_CHANGE },
};

static void
land_and_compare(const struct tree_case *tree_case, bool far)
{
    start_over(far);
    shell("cd host; umask 022; %s", tree_case->host);
    autofixture struct fixture fixture = { 0 };
    wait_for_ticks();
    clock_gettime(CLOCK_REALTIME_COARSE, &fixture.started);
    mount_overlay();
    shell("cd merged; umask 022; %s", tree_case->change);
    sp_autofree char *expected = tree_list(at("merged"), SHOWN);
    umount2(at("merged"), MNT_DETACH);
    land(&fixture);
    sp_autofree char *found = tree_list(at("host"), SHOWN);
    assert_equal_lists(tree_case->name, expected, found);
    assert_cleared_up();
    sp_autofree char *outside = tree_list(at("outside"), 0);
    assert_int_equal(strchr(outside, '\n')[1], '\0');
}

static void
what_lands_is_what_the_overlay_showed(void **state SP_UNUSED)
{
    if (!overlays)
        skip();
    for (size_t i = 0; i < SP_COUNT(tree_cases); i++)
        land_and_compare(&tree_cases[i], false);
}

static void
the_same_from_another_file_system(void **state SP_UNUSED)
{
    if (!overlays)
        skip();
    for (size_t i = 0; i < SP_COUNT(tree_cases); i++)
        if (!tree_cases[i].near_only)
            land_and_compare(&tree_cases[i], true);
}

/* The journal may lie on another file system too: then the area lies beside the project. */
static void
a_journal_on_another_file_system(void **state SP_UNUSED)
{
    if (!overlays)
        skip();
    start_over(false);
    shell("cd host; %s", FULL_HOST);
    autofixture struct fixture fixture = { 0 };
    wait_for_ticks();
    clock_gettime(CLOCK_REALTIME_COARSE, &fixture.started);
    mount_overlay();
    shell("cd merged; %s", FULL_CHANGE);
    sp_autofree char *expected = tree_list(at("merged"), ALL);
    umount2(at("merged"), MNT_DETACH);
    assert_int_equal(mount("tmpfs", at("journal"), "tmpfs", 0, "mode=700"), 0);
    land(&fixture);
    assert_cleared_up();
    umount2(at("journal"), MNT_DETACH);
    sp_autofree char *found = tree_list(at("host"), ALL);
    assert_equal_lists("journal elsewhere", expected, found);
}

/* Project quotas and encrypted directories refuse renames though both ends are on one file system. */
static void
a_rename_that_is_refused_becomes_a_copy(void **state SP_UNUSED)
{
    if (!overlays)
        skip();
    start_over(true);
    shell("cd host; %s", FULL_HOST);
    autofixture struct fixture fixture = { 0 };
    wait_for_ticks();
    clock_gettime(CLOCK_REALTIME_COARSE, &fixture.started);
    mount_overlay();
    shell("cd merged; %s", FULL_CHANGE);
    sp_autofree char *expected = tree_list(at("merged"), ALL);
    umount2(at("merged"), MNT_DETACH);
    autolanding struct sp_landing *landing = NULL;
    assert_int_equal(plan(&fixture, &landing), 0);
    assert_true(landing->trees[0].copy);
    landing->trees[0].copy = false;
    if (sp_landing_apply(landing, at("journal"), &fixture.err) < 0)
        fail_msg("%s", fixture.err.text);
    sp_autofree char *found = tree_list(at("host"), ALL);
    assert_equal_lists("copied after all", expected, found);
    assert_cleared_up();
}

/* ------------------------------------------------------------- killed at each step */

/* Puts the saved host and layer back, and lands with HOOKS in a child. True: it was killed. */
static bool
land_killed(struct sp_landing_hooks *hooks)
{
    shell("chmod -R u+rwx host layer/upper; rm -rf host layer/upper; cp -a saved/host host; "
          "cp -a saved/upper layer/upper");
    autofixture struct fixture fixture = { 0 };
    autolanding struct sp_landing *landing = NULL;
    if (plan(&fixture, &landing) < 0)
        fail_msg("%s", fixture.err.text);
    pid_t child = fork();
    if (child == 0) {
        int result = sp_landing_apply_with(landing, at("journal"), hooks, &fixture.err);
        if (result < 0)
            fprintf(stderr, "%s\n", fixture.err.text);
        _exit(result < 0);
    }
    return dies(child);
}

static bool
recover_killed(struct sp_landing_hooks *hooks)
{
    pid_t child = fork();
    if (child == 0) {
        struct sp_error err = { 0 };
        unsigned recovered;
        int result = sp_landing_recover_with(at("journal"), &recovered, hooks, &err);
        if (result < 0)
            fprintf(stderr, "%s\n", err.text);
        _exit(result < 0);
    }
    return dies(child);
}

static void
save_full_case(bool far, char **old, char **new)
{
    start_over(far);
    shell("cd host; %s", FULL_HOST);
    mount_overlay();
    shell("cd merged; %s", FULL_CHANGE);
    *new = tree_list(at("merged"), ALL);
    umount2(at("merged"), MNT_DETACH);
    *old = tree_list(at("host"), ALL);
    shell("mkdir saved; cp -a host saved/host; cp -a layer/upper saved/upper");
}

static void
kill_everywhere(bool far)
{
    sp_autofree char *old = NULL, *new = NULL;
    save_full_case(far, &old, &new);
    unsigned olds = 0, news = 0;
    for (struct kill_point point = { 0 };; point.step++) {
        struct sp_landing_hooks hooks = { .checkpoint = die_at, .context = &point };
        bool killed = land_killed(&hooks);
        struct sp_error err;
        unsigned recovered;
        if (sp_landing_recover(at("journal"), &recovered, &err) < 0)
            fail_msg("step %u: %s", point.step, err.text);
        assert_int_equal(recovered, killed);
        sp_autofree char *found = tree_list(at("host"), ALL);
        bool is_old = strcmp(found, old) == 0;
        char what[64];
        snprintf(what, sizeof(what), "killed at step %u", point.step);
        if (!is_old)
            assert_equal_lists(what, news || !killed ? new : strcmp(found, new) == 0 ? new : old, found);
        olds += is_old;
        news += !is_old;
        assert_cleared_up();
        if (!killed)
            break;
        if (is_old && news)
            fail_msg("%s: the old one after the commit", what);
    }
    assert_true(olds > 30);
    assert_true(news >= 2);
}

static void
killed_at_each_step_it_is_the_old_or_the_new(void **state SP_UNUSED)
{
    if (!overlays)
        skip();
    kill_everywhere(false);
}

static void
killed_at_each_step_from_another_file_system(void **state SP_UNUSED)
{
    if (!overlays)
        skip();
    kill_everywhere(true);
}

static void
recovery_killed_at_each_step_is_recovered(void **state SP_UNUSED)
{
    if (!overlays)
        skip();
    sp_autofree char *old = NULL, *new = NULL;
    save_full_case(false, &old, &new);
    struct kill_point last = { 0 };
    struct sp_landing_hooks count = { .checkpoint = die_at, .context = &last };
    last.step = 1000000;
    assert_false(land_killed(&count));
    /* the child's count stays there: find the last step before the commit by trying */
    bool killed = true, any = false;
    for (last.step = 25; killed; last.step += 9) {
        struct sp_landing_hooks hooks = { .checkpoint = die_at, .context = &last };
        for (struct kill_point point = { 0 };; point.step++) {
            hooks.step = 0;
            killed = land_killed(&hooks);
            if (!killed)
                break;
            any = true;
            struct sp_landing_hooks again = { .checkpoint = die_at, .context = &point };
            bool recovery_killed = recover_killed(&again);
            struct sp_error err;
            unsigned recovered;
            if (sp_landing_recover(at("journal"), &recovered, &err) < 0)
                fail_msg("landing killed at %u, recovery at %u: %s", last.step, point.step, err.text);
            sp_autofree char *found = tree_list(at("host"), ALL);
            if (strcmp(found, new) != 0)
                assert_equal_lists("recovered twice", old, found);
            assert_cleared_up();
            if (!recovery_killed)
                break;
            point.step += 3;
        }
    }
    assert_true(any);
}

static int
stop_at(void *context, unsigned step)
{
    const struct kill_point *point = context;
    return step == point->step;
}

/* A landing that fails, at whatever step, leaves the project and the layer as they were, and may be tried
 * again. */
static void
failed_at_each_step_all_is_as_it_was(void **state SP_UNUSED)
{
    if (!overlays)
        skip();
    sp_autofree char *old = NULL, *new = NULL;
    save_full_case(false, &old, &new);
    for (struct kill_point point = { 0 };; point.step++) {
        shell("chmod -R u+rwx host layer/upper; rm -rf host layer/upper; cp -a saved/host host; "
              "cp -a saved/upper layer/upper");
        sp_autofree char *layer = tree_list(at("layer/upper"), 0);
        autofixture struct fixture fixture = { 0 };
        autolanding struct sp_landing *landing = NULL;
        if (plan(&fixture, &landing) < 0)
            fail_msg("%s", fixture.err.text);
        struct sp_landing_hooks hooks = { .checkpoint = stop_at, .context = &point };
        int result = sp_landing_apply_with(landing, at("journal"), &hooks, &fixture.err);
        sp_autofree char *found = tree_list(at("host"), ALL);
        if (result == 0) {
            assert_true(point.step > 30);
            assert_equal_lists("not stopped", new, found);
            break;
        }
        assert_error(&fixture, "was stopped at step");
        assert_equal_lists("failed", old, found);
        assert_cleared_up();
        sp_autofree char *count = NULL;
        shell("test $(find layer/upper | wc -l) = $(find saved/upper | wc -l)");
    }
}

/* ------------------------------------------------------------- layers made by hand */

static void
deep_paths_land_by_hand(void **state SP_UNUSED)
{
    start_over(false);
    /* 4,095 bytes below the layer's root: longer in all than the kernel takes */
    char name[256];
    memset(name, 'd', 255);
    name[255] = '\0';
    shell("cd layer/upper; made chain %s 15; mkdir -p ../../host/m/x/x m; cd m; made chain x 500", name);
    sp_autofree char *expected = tree_list(at("layer/upper"), TREE_OWNERS);
    autofixture struct fixture fixture = { .descend = ",dummy," };
    land(&fixture);
    sp_autofree char *found = tree_list(at("host"), TREE_OWNERS);
    assert_equal_lists("deep", expected, found);
    /* and they can be modified and deleted there */
    shell("rm -rf layer/upper; mkdir layer/upper; cd layer/upper; mknod m c 0 0");
    autofixture struct fixture again = { 0 };
    assert_int_equal(land(&again).deleted, 502);
    assert_cleared_up();
}

static void
deeper_than_the_limit_is_an_error(void **state SP_UNUSED)
{
    start_over(false);
    shell("cd layer/upper; made chain x 1100");
    autofixture struct fixture fixture = { 0 };
    autolanding struct sp_landing *landing = NULL;
    assert_int_equal(plan(&fixture, &landing), -1);
    assert_error(&fixture, "deeper than 1000 directories");
}

static void
more_entries_than_allowed_is_an_error(void **state SP_UNUSED)
{
    start_over(false);
    shell("cd layer/upper; mkdir n; cd n; touch $(seq 100)");
    for (uint64_t limit = 100; limit <= 101; limit++) {
        autofixture struct fixture fixture = { .entries_max = limit };
        autolanding struct sp_landing *landing = NULL;
        assert_int_equal(plan(&fixture, &landing), limit == 100 ? -1 : 0);
        if (limit == 100)
            assert_error(&fixture, "more files and directories");
    }
}

static void
the_judge_decides(void **state SP_UNUSED)
{
    start_over(false);
    shell("mkdir host/d; echo a >host/d/a; cd layer/upper; mkdir d; echo 1 >d/land; echo 2 >d/leave; "
          "echo 3 >d/refuse; mkdir -p n/in/ner n/other; echo 4 >n/in/ner/x; echo 5 >n/in/ner/y; echo 6 "
          ">n/other/z; "
          "touch -d 2004-04-04 n n/in n/in/ner; mkdir -p none/at; echo 7 >none/at/all; chmod 750 n/in");
    autofixture struct fixture fixture = { .leave = ",d/leave,n/other,none/at/all,",
                                           .refuse = ",d/refuse,n/in/ner/y,",
                                           .descend = ",n,n/in,n/in/ner,none,none/at," };
    struct sp_landing_totals totals = land(&fixture);
    assert_told(&fixture, "refused d/refuse: no declared output\n");
    assert_told(&fixture, "refused n/in/ner/y: no declared output\n");
    assert_null(strstr(fixture.told.bytes, "leave"));
    assert_null(strstr(fixture.told.bytes, "other"));
    assert_int_equal(totals.new, 5);
    assert_int_equal(totals.refused, 2);
    shell("test \"$(cd host; find . | sort | tr '\\n' ' ')\" = '. ./d ./d/a ./d/land ./n ./n/in ./n/in/ner "
          "./n/in/ner/x '; test \"$(stat -c %%y host/n host/n/in host/n/in/ner | cut -c1-10 | uniq)\" = "
          "2004-04-04; test $(stat -c %%a host/n/in) = 750");
}

static void
restored_content_lands(void **state SP_UNUSED)
{
    start_over(false);
    shell("printf public >host/lock.json; touch -d 2005-05-05 host/lock.json; cd layer/upper; "
          "echo private >lock.json; mkdir -p n; echo private >n/lock.json; chmod 640 n/lock.json; "
          "echo private >new-lock.json; ln n/lock.json n/other; touch -d 2006-06-06 n/lock.json n "
          "new-lock.json");
    autofixture struct fixture fixture = { .restored = "public" };
    struct sp_landing_totals totals = land(&fixture);
    assert_int_equal(totals.same, 1);
    shell("test \"$(cat host/lock.json host/n/lock.json host/new-lock.json)\" = publicpublicpublic; "
          "test $(stat -c %%a host/n/lock.json) = 640; test $(cat host/n/other) = private; "
          "test \"$(stat -c %%y host/n/lock.json host/n host/new-lock.json | cut -c1-10 | uniq)\" = "
          "2006-06-06; "
          "test \"$(stat -c %%y host/lock.json | cut -c1-10)\" = 2005-05-05");
}

static void
owners_are_mapped_back(void **state SP_UNUSED)
{
    if (geteuid() != 0)
        skip();
    for (int far = 0; far < 2; far++) {
        start_over(far);
        shell("echo a >host/a; chown 1234:1235 host/a; cd layer/upper; echo b >a; chown 101234:101235 a; "
              "mkdir n n/m; "
              "echo r >n/r; ln -s r n/l; echo o >n/o; echo w >w; chown -hR 100000:100000 n w; chown "
              "100033:100005 n/o; "
              "mkdir k; echo k >k/k; chown -R 7:8 k; chown 100000:100000 n/m");
        autofixture struct fixture fixture = {
            .tree = { .owner_base = 100000, .owner_uid = 501, .owner_gid = 502 }, .descend = ",n,"
        };
        land(&fixture);
        shell(
            "test \"$(cd host; stat -c '%%n %%u:%%g' a n n/m n/r n/l n/o w k k/k | tr '\\n' ' ')\" = "
            "'a 1234:1235 n 501:502 n/m 501:502 n/r 501:502 n/l 501:502 n/o 33:5 w 501:502 k 7:8 k/k 7:8 '");
    }
}

int
main(int argc, char **argv)
{
    int code = landing_made(argc, argv);
    if (code >= 0)
        return code;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_lands_is_what_the_overlay_showed),
        cmocka_unit_test(the_same_from_another_file_system),
        cmocka_unit_test(a_journal_on_another_file_system),
        cmocka_unit_test(a_rename_that_is_refused_becomes_a_copy),
        cmocka_unit_test(killed_at_each_step_it_is_the_old_or_the_new),
        cmocka_unit_test(killed_at_each_step_from_another_file_system),
        cmocka_unit_test(recovery_killed_at_each_step_is_recovered),
        cmocka_unit_test(failed_at_each_step_all_is_as_it_was),
        cmocka_unit_test(forbidden_things_are_left_out),
        cmocka_unit_test(links_that_leave_are_asked_for),
        cmocka_unit_test(marks_of_no_such_overlay_are_an_error),
        cmocka_unit_test(deep_paths_land_by_hand),
        cmocka_unit_test(deeper_than_the_limit_is_an_error),
        cmocka_unit_test(more_entries_than_allowed_is_an_error),
        cmocka_unit_test(the_judge_decides),
        cmocka_unit_test(restored_content_lands),
        cmocka_unit_test(owners_are_mapped_back),
        cmocka_unit_test(conflicts_are_seen),
        cmocka_unit_test(edited_while_it_lands_everything_goes_back),
        cmocka_unit_test(two_landings_at_once_do_not_mix),
        cmocka_unit_test(a_living_landing_is_left_alone),
        cmocka_unit_test(a_damaged_journal_is_named_and_nothing_touched),
        cmocka_unit_test(the_next_landing_asks_for_recovery_first),
        cmocka_unit_test(edited_between_crash_and_recovery_is_not_lost),
        cmocka_unit_test(a_journal_directory_of_others_is_refused),
        cmocka_unit_test(a_directory_swapped_for_a_link_leads_nowhere),
    };
    return cmocka_run_group_tests(tests, landing_set_up, landing_tear_down);
}
