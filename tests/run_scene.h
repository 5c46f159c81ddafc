/* run_scene.h: a whole run of npm with processes, files and calls, in which one package steals. */
#pragma once
#include "run_given.h"

/* Fills the run that given_run made; what it points to is static. */
void given_scene(struct run *run);
/* The page; owned by RUN until the next report. */
const char *html_of(struct run *run);
