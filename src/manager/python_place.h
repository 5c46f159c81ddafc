/* python_place.h: which Python a command means, and where it installs. Read from files; nothing is run. */
#pragma once
#include "manager/planning.h"

struct sp_python {
    const char *interpreter; /* absolute, links not resolved (a venv's link tells its venv) */
    const char *prefix;      /* of the venv, or of the installation */
    const char *base;        /* prefix of the Python that a venv was made from; equal to PREFIX else */
    const char *version;     /* "3.11" */
    const char *site;        /* site-packages that pip fills */
    bool venv;
    bool debian; /* the system's own: installs to /usr/local/lib/pythonX.Y/dist-packages */
};

/* NAME ("python3", a path) as the command's PATH and pyenv have it. False: not found. */
int sp_python_find(struct sp_planning *planning, const char *name, struct sp_python *out,
                   struct sp_error *err);
/* The Python of the pip that NAME ("pip3", a path) runs. .interpreter NULL: not found. */
int sp_python_of_script(struct sp_planning *planning, const char *name, struct sp_python *out,
                        struct sp_error *err);
/* Fills the rest from .interpreter. */
int sp_python_place(struct sp_planning *planning, struct sp_python *python, struct sp_error *err);
/* The outputs of an install to PYTHON's own place: the whole venv, or what lies beneath the prefix. */
int sp_python_outputs(struct sp_planning *planning, const struct sp_python *python, struct sp_error *err);
/* Makes what PYTHON needs readable. */
int sp_python_readable(struct sp_planning *planning, const struct sp_python *python, struct sp_error *err);
