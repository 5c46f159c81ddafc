/* decoys_parts.h: between the files that make the decoys; nobody else includes it. */
#pragma once
#include "sandbox/canary.h"

/* What is being made, with what all decoys share. */
struct sp_decoy_making {
    struct sp_decoys *out;
    const struct sp_decoy_wishes *wishes;
    char account[12];             /* plausible: "jlarsen" */
    unsigned char ssh_public[32]; /* of the SSH key, once it was written */
    struct sp_canaries canaries;  /* of the decoy being written: the first is ready */
    struct sp_buffer bytes;       /* what the decoy being written holds */
    struct sp_error *err;
};

/* One file of the home. */
struct sp_home_decoy {
    const char *id, *title;
    const char *path; /* beneath the home */
    bool reading_proves;
    bool companion; /* has no secret */
    mode_t mode;
    /* Appends the content to making->bytes, with making->canaries.texts[0] in it; further texts that must not
     * leave are added to the canaries. */
    int (*write)(struct sp_decoy_making *making);
};
extern const struct sp_home_decoy sp_home_decoys[];
extern const size_t sp_home_decoy_count;

/* Appends to making->bytes. */
int sp_decoy_printf(struct sp_decoy_making *making, const char *format, ...) SP_PRINTF(2, 3);
int sp_decoy_append(struct sp_decoy_making *making, const void *bytes, size_t length);
int sp_decoy_random(struct sp_decoy_making *making, size_t length, const char *alphabet);
int sp_decoy_random_bytes(struct sp_decoy_making *making, size_t length);
/* A 30-letter token body that holds the canary, and its checksum, behind PREFIX. */
int sp_decoy_token(struct sp_decoy_making *making, const char *prefix);

/* Puts making->bytes and its canaries into the list; ID, TITLE, PATH and NAME live in the arena or for ever.
 */
int sp_decoys_add(struct sp_decoy_making *making, const char *id, const char *title, bool reading_proves,
                  const char *path, const char *name, mode_t mode);

int sp_decoys_of_project(struct sp_decoy_making *making);
int sp_decoys_of_environment(struct sp_decoy_making *making);

/* Writers; the table in decoys_home.c lists them. */
int sp_write_ssh_key(struct sp_decoy_making *making);
int sp_write_ssh_public(struct sp_decoy_making *making);
int sp_write_known_hosts(struct sp_decoy_making *making);
int sp_write_ssh_config(struct sp_decoy_making *making);
int sp_write_kube(struct sp_decoy_making *making);
int sp_write_gcloud(struct sp_decoy_making *making);
int sp_write_chrome_logins(struct sp_decoy_making *making);
int sp_write_chrome_cookies(struct sp_decoy_making *making);
int sp_write_firefox_logins(struct sp_decoy_making *making);
int sp_write_bitcoin(struct sp_decoy_making *making);
int sp_write_ethereum(struct sp_decoy_making *making);
int sp_write_solana(struct sp_decoy_making *making);
int sp_write_exodus(struct sp_decoy_making *making);
int sp_write_electrum(struct sp_decoy_making *making);
int sp_write_metamask_log(struct sp_decoy_making *making);
int sp_write_metamask_manifest(struct sp_decoy_making *making);
int sp_write_keyring(struct sp_decoy_making *making);
int sp_write_password_store(struct sp_decoy_making *making);
int sp_write_pypi_token(struct sp_decoy_making *making);
