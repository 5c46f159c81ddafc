/* mask.h: a file of the user's with its secrets replaced and every other byte kept.
 * Sources: dotenv's README, npm's npmrc(5), Yarn's .yarnrc.yml reference, pip's configuration files,
 * distutils' .pypirc, git-config(1), netrc(5). */
#pragma once
#include "sandbox/secret.h"

enum sp_mask_kind {
    SP_MASK_DOTENV,   /* KEY=VALUE, export KEY='VALUE' */
    SP_MASK_SETTINGS, /* key = value: .npmrc, .pypirc, pip.conf, .git/config */
    SP_MASK_YAML,     /* key: value */
    SP_MASK_NETRC,    /* words */
    SP_MASK_KEY,      /* PEM */
    SP_MASK_KIND_COUNT,
};
/* How to read a file by its name within a directory; false: it is none that holds secrets. */
bool sp_mask_kind_of(const char *file_name, enum sp_mask_kind *kind);

/* Appends CONTENT (LENGTH bytes, any) to OUT with stand-ins for its secrets, whose canaries are added to
 * CANARIES. 1: something was replaced, 0: there was nothing, OUT equals CONTENT. */
int sp_mask_file(enum sp_mask_kind kind, const char *content, size_t length, struct sp_buffer *out,
                 struct sp_canaries *canaries, struct sp_error *err);
