/* rules_scene.h: a short text of acts, played to the rules, and what they found.
 *
 * One act a line: WHO VERB WORDS. WHO is a process: a letter, or one made before. Words are parted by spaces,
 * an underlined space "␣" stands for one within a word. Times run by 10 ms a line; "wait N" lets N seconds
 * pass. p package PURL | p manager | p project | p command | p unknown     begins a process without a maker
 *   p load PURL                   the same in the load phase; "p build PURL" in the build phase
 *   p fork q                      q is made by p, and laid to whom p is
 *   p as PURL                     from here on p is laid to another
 *   p at DIRECTORY                where its programs are started
 *   p exec FILE WORD...           flags before FILE: +socket +pipe +memory +deleted
 *   p read PATH [DECOY] | p write PATH | p append PATH | p create PATH
 *   p unlink|truncate PATH | p rename|link|symlink PATH TO | p mkdir|mode PATH
 *   p look PATH
 *   p connect ADDRESS PORT        as the kernel sees it; "refused" the same, refused
 *   p outside ADDRESS PORT DETAIL...   as the sinkhole hears it; "datagram" likewise; "passed" of an allowed
 * host p said ADDRESS PORT BYTES...  | p name NAME p socket KIND | p unix PATH | p bind KIND ADDRESS PORT | p
 * listen ADDRESS PORT p code KIND SUBJECT [DETAIL]  KIND as sp_code_name has it p slept MS SLEEPS | p exit p
 * forks N                     N children, all alive; "forks-ended" each ends at once
 *   unanswered                    as the first line: nobody outside answers
 *   - place DIRECTORY PURL | - left PATH     a package's directory; a change that does not land
 */
#pragma once
#include "behaviour/rules.h"

extern struct sp_decoys scene_decoys;
int scene_begin_all(void **state); /* group set-up: makes the decoys of /home/user */
int scene_end_all(void **state);
/* Plays TEXT; the findings go to VERDICT. The worst severity that a take gave is returned. ALLOW_WRITE may be
 * NULL. */
enum sp_severity scene_play(const char *text, const char *const *allow_write, struct sp_verdict *verdict);
