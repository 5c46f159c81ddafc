/* decoys_home.c: the list of what is planted in the home, and those that are plain text. */
#include "sandbox/decoys_parts.h"
#include "sandbox/mask.h"

#include "base/file.h"

#include <limits.h>
#include <string.h>
#include <strings.h>

static const char *
canary(const struct sp_decoy_making *making)
{
    return making->canaries.texts[0];
}

/* One more secret in the same file. */
static const char *
another(struct sp_decoy_making *making)
{
    char text[SP_CANARY_LENGTH + 1];
    if (sp_canary_new(text, making->err) < 0 ||
        sp_canaries_add(&making->canaries, text, SP_CANARY_LENGTH, making->err) < 0)
        return NULL;
    return making->canaries.texts[making->canaries.count - 1];
}

/* ------------------------------------------------------------------------------------------------- clouds */

static int
write_aws_credentials(struct sp_decoy_making *making)
{
    char id[21] = "AKIA";
    if (sp_random_text(id + 4, 16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", making->err) < 0 ||
        sp_canaries_add(&making->canaries, id, 20, making->err) < 0 ||
        sp_decoy_printf(making, "[default]\naws_access_key_id = %s\naws_secret_access_key = %s", id,
                        canary(making)) < 0 ||
        sp_decoy_random(making, 16, SP_BASE62 "+/") < 0)
        return -1;
    return sp_decoy_printf(making, "\n");
}

static int
write_aws_config(struct sp_decoy_making *making)
{
    return sp_decoy_printf(making, "[default]\nregion = eu-central-1\noutput = json\n");
}

static int
write_azure(struct sp_decoy_making *making)
{
    if (sp_decoy_printf(making,
                        "{\n  \"AccessToken\": {},\n  \"RefreshToken\": {\n    \"login\": {\n"
                        "      \"credential_type\": \"RefreshToken\",\n"
                        "      \"environment\": \"login.microsoftonline.com\",\n"
                        "      \"secret\": \"0.AXEA%s",
                        canary(making)) < 0 ||
        sp_decoy_random(making, 90, SP_BASE62 "-_") < 0)
        return -1;
    return sp_decoy_printf(making, "\"\n    }\n  }\n}\n");
}

static int
write_vault(struct sp_decoy_making *making)
{
    if (sp_decoy_printf(making, "hvs.CAESI%s", canary(making)) < 0)
        return -1;
    return sp_decoy_random(making, 62, SP_BASE62 "-_");
}

static int
write_gh(struct sp_decoy_making *making)
{
    if (sp_decoy_printf(making, "github.com:\n    git_protocol: https\n    user: %s\n    oauth_token: ",
                        making->account) < 0 ||
        sp_decoy_token(making, "gho_") < 0)
        return -1;
    return sp_decoy_printf(making, "\n");
}

/* "user:password" in base64: with a user of five letters the password begins at byte 6, a whole three. */
static int
write_docker(struct sp_decoy_making *making)
{
    char pair[64];
    sp_autobuffer struct sp_buffer wrapped = { 0 };
    int length = snprintf(pair, sizeof(pair), "robot:%s", canary(making));
    if (sp_base64_append(&wrapped, pair, (size_t)length, 0, making->err) < 0 ||
        sp_canaries_add(&making->canaries, wrapped.bytes + 8, 32, making->err) < 0)
        return -1;
    return sp_decoy_printf(making,
                           "{\n\t\"auths\": {\n\t\t\"https://registry.corp.example.org/v2/\": {\n"
                           "\t\t\t\"auth\": \"%s\"\n\t\t}\n\t}\n}\n",
                           wrapped.bytes);
}

/* ---------------------------------------------------------------------------- registries and repositories */

int
sp_write_pypi_token(struct sp_decoy_making *making)
{
    /* a macaroon, version 2: location pypi.org, an identifier, no caveat but one, a signature; the last lies
     * at a multiple of three, so that the canary's letters stand in the base64 */
    unsigned char bytes[128], *at = bytes;
    char uuid[37];
    if (sp_random_text(uuid, 36, SP_HEX, making->err) < 0)
        return -1;
    uuid[8] = uuid[13] = uuid[18] = uuid[23] = '-';
    memcpy(at, "\x02\x01\x08pypi.org\x02\x24", 13);
    memcpy(at + 13, uuid, 36);
    memcpy(at + 49, "\0\x02\x03[3]\0\0\x06\x20", 10);
    at += 59;
    if (sp_random_bytes(at, 32, making->err) < 0)
        return -1;
    sp_base64_decode(canary(making), SP_CANARY_LENGTH, bytes + 60);
    sp_autobuffer struct sp_buffer text = { 0 };
    if (sp_base64_append(&text, bytes, 91, 0, making->err) < 0)
        return -1;
    for (size_t i = 0; i < text.length; i++) {
        if (text.bytes[i] == '+')
            text.bytes[i] = '-';
        if (text.bytes[i] == '/')
            text.bytes[i] = '_';
        if (text.bytes[i] == '=')
            text.bytes[i] = '\0';
    }
    return sp_decoy_printf(making, "pypi-%s", text.bytes);
}

static int
write_pypirc(struct sp_decoy_making *making)
{
    if (sp_decoy_printf(making, "[distutils]\nindex-servers =\n    pypi\n\n[pypi]\nusername = __token__\n"
                                "password = ") < 0 ||
        sp_write_pypi_token(making) < 0)
        return -1;
    return sp_decoy_printf(making, "\n");
}

/* The user's own file NAME of the real home with its secrets replaced, in OUT; empty where there is none. */
static int
carry_over(struct sp_decoy_making *making, const char *name, struct sp_buffer *out)
{
    char path[PATH_MAX];
    sp_autobuffer struct sp_buffer content = { 0 };
    if (!making->wishes->real_home ||
        snprintf(path, sizeof(path), "%s/%s", making->wishes->real_home, name) >= (int)sizeof(path) ||
        sp_file_read(path, 1 << 20, &content, NULL) < 0 ||
        memchr(sp_buffer_string(&content), 0, content.length))
        return 0;
    return sp_mask_file(SP_MASK_SETTINGS, sp_buffer_string(&content), content.length, out, &making->canaries,
                        making->err) < 0
               ? -1
               : 0;
}

/* The host's settings stay (ignore-scripts must not be lost on the way), its tokens are canaries; registries
 * and proxies are for whoever starts the command to say, by variables, which go before this file. */
static int
write_npmrc(struct sp_decoy_making *making)
{
    sp_autobuffer struct sp_buffer own = { 0 };
    if (carry_over(making, ".npmrc", &own) < 0)
        return -1;
    /* a second line for the same host would go before the user's own */
    const char *host = strstr(sp_buffer_string(&own), "//registry.npmjs.org/:_authToken")
                           ? "npm.corp.example.org"
                           : "registry.npmjs.org";
    bool newline = !own.length || own.bytes[own.length - 1] == '\n';
    if (sp_decoy_append(making, sp_buffer_string(&own), own.length) < 0 ||
        sp_decoy_printf(making, "%s//%s/:_authToken=", newline ? "" : "\n", host) < 0 ||
        sp_decoy_token(making, "npm_") < 0)
        return -1;
    return sp_decoy_printf(making, "\n");
}

/* Switches of git that what is built may depend on; they name no program and no file to run. */
static bool
is_git_switch(const char *line, size_t length)
{
    static const char *const names[] = { "autocrlf",      "eol",       "longpaths", "symlinks",
                                         "filemode",      "directory", "insteadOf", "safecrlf",
                                         "defaultBranch", "sslVerify", "sslCAInfo", "ignorecase" };
    size_t from = 0, to;
    while (from < length && (line[from] == ' ' || line[from] == '\t'))
        from++;
    for (to = from; to < length && line[to] != '=' && line[to] != ' ' && line[to] != '\t';)
        to++;
    for (size_t i = 0; i < SP_COUNT(names); i++)
        if (strlen(names[i]) == to - from && !strncasecmp(line + from, names[i], to - from))
            return true;
    return false;
}

/* Of the host's file its sections and switches; who the user is, helpers and aliases stay outside. */
static int
write_gitconfig(struct sp_decoy_making *making)
{
    sp_autobuffer struct sp_buffer own = { 0 };
    if (sp_decoy_printf(making,
                        "[user]\n\tname = %s\n\temail = %s@example.org\n[credential]\n\thelper = store\n",
                        making->account, making->account) < 0 ||
        carry_over(making, ".gitconfig", &own) < 0)
        return -1;
    const char *section = NULL; /* not yet written */
    size_t section_length = 0;
    for (const char *line = sp_buffer_string(&own); *line;) {
        size_t length = strcspn(line, "\n"), indent = strspn(line, " \t");
        if (line[indent] == '[') {
            section = line;
            section_length = length;
        } else if (is_git_switch(line, length) && line[length - 1] != '\\') {
            if (section && sp_decoy_append(making, section, section_length) < 0)
                return -1;
            if ((section && sp_decoy_printf(making, "\n") < 0) || sp_decoy_append(making, line, length) < 0 ||
                sp_decoy_printf(making, "\n") < 0)
                return -1;
            section = NULL;
        }
        line += length + (line[length] == '\n');
    }
    return 0;
}

static int
write_git_credentials(struct sp_decoy_making *making)
{
    if (sp_decoy_printf(making, "https://%s:", making->account) < 0 || sp_decoy_token(making, "ghp_") < 0)
        return -1;
    return sp_decoy_printf(making, "@github.com\n");
}

static int
write_netrc(struct sp_decoy_making *making)
{
    return sp_decoy_printf(making, "machine git.corp.example.org\n  login %s\n  password %s\n",
                           making->account, canary(making));
}

static int
write_env(struct sp_decoy_making *making)
{
    const char *second = another(making), *third = second ? another(making) : NULL;
    if (!third)
        return -1;
    return sp_decoy_printf(making,
                           "# production, do not commit\n"
                           "DATABASE_URL=postgres://app:%s@db.corp.example.org:5432/app\n"
                           "JWT_SECRET=%s\nSTRIPE_SECRET_KEY=sk_live_%s\n",
                           canary(making), second, third);
}

static int
write_gpg_id(struct sp_decoy_making *making)
{
    return sp_decoy_printf(making, "%s@example.org\n", making->account);
}

static int
write_firefox_profiles(struct sp_decoy_making *making)
{
    return sp_decoy_printf(making, "[Profile0]\nName=default-release\nIsRelative=1\n"
                                   "Path=k7w2m9qd.default-release\nDefault=1\n\n"
                                   "[General]\nStartWithLastProfile=1\nVersion=2\n");
}

static int
write_metamask_current(struct sp_decoy_making *making)
{
    return sp_decoy_printf(making, "MANIFEST-000001\n");
}

#define CHROME ".config/google-chrome/Default/"
#define FIREFOX ".mozilla/firefox/"
#define METAMASK CHROME "Local Extension Settings/nkbihfbeogaeaoehlefnkodbefgpgknn/"

/* docs/decoys.md shows this table; a test compares them. */
/* clang-format off */
const struct sp_home_decoy sp_home_decoys[] = {
    { "ssh-key", "an SSH private key", ".ssh/id_ed25519", true, false, 0600, sp_write_ssh_key },
    { "ssh-public-key", "an SSH public key", ".ssh/id_ed25519.pub", false, true, 0644, sp_write_ssh_public },
    { "ssh-known-hosts", "SSH's known hosts", ".ssh/known_hosts", false, true, 0600, sp_write_known_hosts },
    { "ssh-config", "SSH's configuration", ".ssh/config", false, true, 0600, sp_write_ssh_config },
    { "aws-credentials", "AWS credentials", ".aws/credentials", true, false, 0600, write_aws_credentials },
    { "aws-config", "AWS's configuration", ".aws/config", false, true, 0600, write_aws_config },
    { "gcloud", "Google Cloud credentials", ".config/gcloud/application_default_credentials.json", true, false, 0600, sp_write_gcloud },
    { "azure", "Azure credentials", ".azure/msal_token_cache.json", true, false, 0600, write_azure },
    { "kube", "Kubernetes credentials", ".kube/config", true, false, 0600, sp_write_kube },
    { "vault-token", "a HashiCorp Vault token", ".vault-token", true, false, 0600, write_vault },
    { "gh", "the GitHub command line's token", ".config/gh/hosts.yml", true, false, 0600, write_gh },
    { "docker", "Docker registry credentials", ".docker/config.json", false, false, 0600, write_docker },
    { "npmrc", "npm's configuration", ".npmrc", false, false, 0600, write_npmrc },
    { "pypirc", "a PyPI upload token", ".pypirc", true, false, 0600, write_pypirc },
    { "gitconfig", "git's configuration", ".gitconfig", false, true, 0644, write_gitconfig },
    { "git-credentials", "git credentials", ".git-credentials", false, false, 0600, write_git_credentials },
    { "netrc", "a .netrc with a password", ".netrc", false, false, 0600, write_netrc },
    { "env", "a .env with secrets", ".env", false, false, 0600, write_env },
    { "chrome-logins", "Chrome's saved passwords", CHROME "Login Data", true, false, 0600, sp_write_chrome_logins },
    { "chrome-cookies", "Chrome's cookies", CHROME "Cookies", true, false, 0600, sp_write_chrome_cookies },
    { "firefox-profiles", "Firefox's list of profiles", FIREFOX "profiles.ini", false, true, 0644, write_firefox_profiles },
    { "firefox-logins", "Firefox's saved passwords", FIREFOX "k7w2m9qd.default-release/logins.json", true, false, 0600, sp_write_firefox_logins },
    { "bitcoin", "a Bitcoin wallet", ".bitcoin/wallet.dat", true, false, 0600, sp_write_bitcoin },
    { "ethereum", "an Ethereum key", ".ethereum/keystore/UTC--2023-04-11T09-26-53.120375201Z--6b1f0c7d5a94e2838e07c0a5d1f4b9a263e8d75c", true, false, 0600, sp_write_ethereum },
    { "solana", "a Solana key", ".config/solana/id.json", true, false, 0600, sp_write_solana },
    { "exodus", "an Exodus wallet", ".config/Exodus/exodus.wallet/seed.seco", true, false, 0600, sp_write_exodus },
    { "electrum", "an Electrum wallet", ".electrum/wallets/default_wallet", true, false, 0600, sp_write_electrum },
    { "metamask", "a MetaMask vault", METAMASK "000003.log", true, false, 0600, sp_write_metamask_log },
    { "metamask-manifest", "MetaMask's manifest", METAMASK "MANIFEST-000001", false, true, 0600, sp_write_metamask_manifest },
    { "metamask-current", "MetaMask's current manifest", METAMASK "CURRENT", false, true, 0600, write_metamask_current },
    { "keyring", "the login keyring", ".local/share/keyrings/login.keyring", true, false, 0600, sp_write_keyring },
    { "gpg-id", "the password store's key name", ".password-store/.gpg-id", false, true, 0600, write_gpg_id },
    { "password-store", "a password of the password store", ".password-store/bank.example.org.gpg", true, false, 0600, sp_write_password_store },
};
/* clang-format on */
const size_t sp_home_decoy_count = SP_COUNT(sp_home_decoys);
