/* feature_places.h: paths that mean something, in classes. docs/features.md lists them. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sp_sensitive {
    SP_SENSITIVE_SSH,
    SP_SENSITIVE_CLOUD,
    SP_SENSITIVE_BROWSER,
    SP_SENSITIVE_WALLET,
    SP_SENSITIVE_HISTORY,
    SP_SENSITIVE_MANAGER,
    SP_SENSITIVE_TOKEN,
    SP_SENSITIVE_CI,
    SP_SENSITIVE_DOTENV,
    SP_SENSITIVE_PASSWORD,
    SP_SENSITIVE_KEYRING,
    SP_SENSITIVE_MESSENGER,
    SP_SENSITIVE_COUNT,
    SP_PLACE_HOST = SP_SENSITIVE_COUNT, /* tells about the host */
    SP_PLACE_SANDBOX,                   /* tells a sandbox, a virtual machine or a debugger */
    SP_PLACE_CLASSES,
};

/* PATTERN: "~/x" beneath a home, "/x" of the system, else the last part of a path. A '*' within the last part
 * stands for any letters, in a directory for one part of the path. What ends in '/' is all that lies beneath,
 * and itself. */
struct sp_feature_place_row {
    uint8_t class_;
    const char *pattern;
};
/* AT below sp_feature_place_count. */
const struct sp_feature_place_row *sp_feature_place_at(size_t at);
extern const size_t sp_feature_place_count;
extern const char *const sp_feature_place_classes[SP_PLACE_CLASSES]; /* "ssh" */

/* Bits of the classes that PATH, absolute, is in. HOME (may be NULL) is one besides /root and /home/NAME.
 * *ROW is the last row of class HOST or SANDBOX that it is. */
uint32_t sp_feature_classes_of(const char *home, const char *path, size_t *row);
