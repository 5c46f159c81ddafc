/* landing_fixture.h: a project, its layer and its journals in a folder of the test's own, and how they land.
 */
#pragma once
#include "base/buffer.h"
#include "sandbox/landing.h"
#include "sandbox/landing_internal.h"
#include "tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <cmocka.h>

extern char base[64]; /* the folder: host/ layer/upper/ merged/ journal/ outside/ */
extern bool overlays; /* can be mounted */

#define ALL (TREE_TIMES | TREE_OWNERS | TREE_ROOT)
/* an overlay's root has the time of its layer's, even where nothing in it changed */
#define SHOWN (TREE_TIMES | TREE_OWNERS)
#define FULL_HOST                                                                                            \
    "mkdir -p src/deep/er keep gone/a/b todir.d; echo one >src/a; echo two >src/b; echo k >keep/k; "         \
    "echo g >gone/a/b/g; echo f >tofile; echo x >todir.d/x; ln -s a src/link; ln -s /etc/passwd src/abs; "   \
    "echo r >readonly; chmod 444 readonly; mkdir -p node_modules/old; echo o >node_modules/old/o; "          \
    "echo t >touched; ln -s keep swap; mkdir emptied; echo e >emptied/e; mkdir -m 2775 group; "              \
    "find . -exec touch -hd '2020-01-02 03:04:05.678901234' {} +; "
#define FULL_CHANGE                                                                                          \
    "echo more >>src/a; rm src/b; rm src/link; ln -s ../keep src/link; echo n >src/deep/er/new; "            \
    "rm -rf gone; rm tofile; mkdir tofile; echo i >tofile/i; rm -rf todir.d; echo now >todir.d; "            \
    "chmod 755 readonly; rm -rf node_modules; mkdir node_modules; mkdir -p node_modules/p/q; "               \
    "echo p >node_modules/p/q/p; ln node_modules/p/q/p node_modules/p/hard; ln node_modules/p/hard same; "   \
    "chmod 600 node_modules/p/hard; touch touched; rm swap; mkdir swap; echo s >swap/s; "                    \
    "rm emptied/e; chmod 700 keep; mkdir -p fresh/x/y; echo z >fresh/x/y/z; mkdir fresh/none; "              \
    "echo g >group/in; mkdir group/sub; : >empty; touch -d '2021-05-06 07:08:09.123456789' src/a fresh/x; "  \
    "ln -s x/y fresh/inside; chmod 555 fresh/x; : >.wh.foo; made attribute user.colour red empty; "

/* Runs a command in the folder; anything but 0 fails the test. "made WHAT ..." makes what a shell cannot. */
void shell(const char *format, ...) SP_PRINTF(1, 2);
/* The path of NAME in the folder; the last eight stay valid. */
const char *at(const char *name);
/* Files are stamped with the clock's last tick; two things that are to be told apart lie further apart. */
void wait_for_ticks(void);
/* An empty host/ and layer; FAR: on another file system. Nothing is mounted. */
void start_over(bool far);
/* On merged/. */
void mount_overlay(void);

struct fixture {
    const char *leave, *refuse, *descend; /* exact paths, ",a,b," */
    bool links_stay_out;
    struct sp_buffer told; /* "refused PATH: why\n", "lands PATH\n" */
    struct sp_landing_tree tree;
    struct timespec started;
    const char *restored; /* the content of lock.json */
    uint64_t entries_max;
    struct sp_error err;
};

#define autofixture __attribute__((cleanup(end_fixture)))
#define autolanding __attribute__((cleanup(clean_landing)))
/* Plans what the layer holds; where fixture->started is 0, all that stands there is from before. */
int plan(struct fixture *fixture, struct sp_landing **out);
/* Plans and lands; both must work. */
struct sp_landing_totals land(struct fixture *fixture);
void end_fixture(struct fixture *fixture);
void clean_landing(struct sp_landing **landing);

void assert_told(const struct fixture *fixture, const char *line);
void assert_error(const struct fixture *fixture, const char *part);
void assert_equal_lists(const char *what, const char *expected, const char *found);
void assert_cleared_up(void);

/* A checkpoint that kills the process at one step. */
struct kill_point {
    unsigned step;
};
int die_at(void *context, unsigned step);
/* Waits; true: it was killed. Any other end but 0 fails the test. */
bool dies(pid_t child);

int landing_set_up(void **state);
int landing_tear_down(void **state);
/* What "made" does, as the program started anew: its exit code; -1: this is no such start. */
int landing_made(int argc, char **argv);

/* The tests of landing_refusals.c. */
void forbidden_things_are_left_out(void **state);
void links_that_leave_are_asked_for(void **state);
void marks_of_no_such_overlay_are_an_error(void **state);
void conflicts_are_seen(void **state);
void edited_while_it_lands_everything_goes_back(void **state);
void two_landings_at_once_do_not_mix(void **state);
void a_living_landing_is_left_alone(void **state);
void a_damaged_journal_is_named_and_nothing_touched(void **state);
void the_next_landing_asks_for_recovery_first(void **state);
void edited_between_crash_and_recovery_is_not_lost(void **state);
void a_journal_directory_of_others_is_refused(void **state);
void a_directory_swapped_for_a_link_leads_nowhere(void **state);
