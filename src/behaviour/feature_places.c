/* feature_places.c: which paths hold secrets, and which tell about the host.
 * Sources: MITRE ATT&CK T1552, T1555, T1539, T1003.008, T1082, T1497.001; the paths that published stealers
 * in npm and PyPI packages looked for. */
#include "behaviour/feature_places.h"
#include "base/attributes.h"

#include <string.h>

const char *const sp_feature_place_classes[SP_PLACE_CLASSES] = {
    [SP_SENSITIVE_SSH] = "ssh",         [SP_SENSITIVE_CLOUD] = "cloud",
    [SP_SENSITIVE_BROWSER] = "browser", [SP_SENSITIVE_WALLET] = "wallet",
    [SP_SENSITIVE_HISTORY] = "history", [SP_SENSITIVE_MANAGER] = "manager",
    [SP_SENSITIVE_TOKEN] = "token",     [SP_SENSITIVE_CI] = "ci",
    [SP_SENSITIVE_DOTENV] = "dotenv",   [SP_SENSITIVE_PASSWORD] = "password",
    [SP_SENSITIVE_KEYRING] = "keyring", [SP_SENSITIVE_MESSENGER] = "messenger",
    [SP_PLACE_HOST] = "host",           [SP_PLACE_SANDBOX] = "sandbox",
};

/* clang-format off */
static const struct sp_feature_place_row of_home[] = {
    { SP_SENSITIVE_SSH, "~/.ssh/" },
    { SP_SENSITIVE_CLOUD, "~/.aws/" },
    { SP_SENSITIVE_CLOUD, "~/.azure/" },
    { SP_SENSITIVE_CLOUD, "~/.config/gcloud/" },
    { SP_SENSITIVE_CLOUD, "~/.config/doctl/" },
    { SP_SENSITIVE_CLOUD, "~/.config/hcloud/" },
    { SP_SENSITIVE_CLOUD, "~/.config/scw/" },
    { SP_SENSITIVE_CLOUD, "~/.oci/" },
    { SP_SENSITIVE_CLOUD, "~/.aliyun/" },
    { SP_SENSITIVE_CLOUD, "~/.kube/" },
    { SP_SENSITIVE_CLOUD, "~/.vault-token" },
    { SP_SENSITIVE_CLOUD, "~/.terraform.d/" },
    { SP_SENSITIVE_CLOUD, "~/.boto" },
    { SP_SENSITIVE_CLOUD, "~/.s3cfg" },
    { SP_SENSITIVE_CLOUD, "~/.config/rclone/" },
    { SP_SENSITIVE_CLOUD, "~/.fly/" },
    { SP_SENSITIVE_CLOUD, "~/.pulumi/" },
    { SP_SENSITIVE_BROWSER, "~/.config/google-chrome/" },
    { SP_SENSITIVE_BROWSER, "~/.config/google-chrome-*/" },
    { SP_SENSITIVE_BROWSER, "~/.config/chromium/" },
    { SP_SENSITIVE_BROWSER, "~/.config/BraveSoftware/" },
    { SP_SENSITIVE_BROWSER, "~/.config/microsoft-edge/" },
    { SP_SENSITIVE_BROWSER, "~/.config/vivaldi/" },
    { SP_SENSITIVE_BROWSER, "~/.config/opera/" },
    { SP_SENSITIVE_BROWSER, "~/.mozilla/" },
    { SP_SENSITIVE_BROWSER, "~/.librewolf/" },
    { SP_SENSITIVE_BROWSER, "~/snap/firefox/" },
    { SP_SENSITIVE_BROWSER, "~/snap/chromium/" },
    { SP_SENSITIVE_BROWSER, "~/.var/app/" },
    { SP_SENSITIVE_BROWSER, "~/Library/Application Support/Google/Chrome/" },
    { SP_SENSITIVE_BROWSER, "~/Library/Application Support/Firefox/" },
    { SP_SENSITIVE_WALLET, "~/.bitcoin/" },
    { SP_SENSITIVE_WALLET, "~/.litecoin/" },
    { SP_SENSITIVE_WALLET, "~/.dogecoin/" },
    { SP_SENSITIVE_WALLET, "~/.zcash/" },
    { SP_SENSITIVE_WALLET, "~/.ethereum/" },
    { SP_SENSITIVE_WALLET, "~/.electrum/" },
    { SP_SENSITIVE_WALLET, "~/.bitmonero/" },
    { SP_SENSITIVE_WALLET, "~/Monero/" },
    { SP_SENSITIVE_WALLET, "~/.config/solana/" },
    { SP_SENSITIVE_WALLET, "~/.config/Exodus/" },
    { SP_SENSITIVE_WALLET, "~/.config/atomic/" },
    { SP_SENSITIVE_WALLET, "~/.config/Ledger Live/" },
    { SP_SENSITIVE_WALLET, "~/.config/*/*/Local Extension Settings/" },
    { SP_SENSITIVE_WALLET, "~/.config/*/*/*/Local Extension Settings/" },
    { SP_SENSITIVE_WALLET, "~/Library/Application Support/Exodus/" },
    { SP_SENSITIVE_HISTORY, "~/.*_history" },
    { SP_SENSITIVE_HISTORY, "~/.history" },
    { SP_SENSITIVE_HISTORY, "~/.zhistory" },
    { SP_SENSITIVE_HISTORY, "~/.lesshst" },
    { SP_SENSITIVE_HISTORY, "~/.viminfo" },
    { SP_SENSITIVE_HISTORY, "~/.local/share/fish/fish_history" },
    { SP_SENSITIVE_MANAGER, "~/.npmrc" },
    { SP_SENSITIVE_MANAGER, "~/.yarnrc" },
    { SP_SENSITIVE_MANAGER, "~/.yarnrc.yml" },
    { SP_SENSITIVE_MANAGER, "~/.config/pnpm/" },
    { SP_SENSITIVE_MANAGER, "~/.pypirc" },
    { SP_SENSITIVE_MANAGER, "~/.pip/" },
    { SP_SENSITIVE_MANAGER, "~/.config/pip/" },
    { SP_SENSITIVE_MANAGER, "~/.config/pypoetry/" },
    { SP_SENSITIVE_MANAGER, "~/.config/uv/" },
    { SP_SENSITIVE_MANAGER, "~/.cargo/credentials" },
    { SP_SENSITIVE_MANAGER, "~/.cargo/credentials.toml" },
    { SP_SENSITIVE_MANAGER, "~/.gem/credentials" },
    { SP_SENSITIVE_MANAGER, "~/.bundle/config" },
    { SP_SENSITIVE_MANAGER, "~/.m2/settings.xml" },
    { SP_SENSITIVE_MANAGER, "~/.m2/settings-security.xml" },
    { SP_SENSITIVE_MANAGER, "~/.gradle/gradle.properties" },
    { SP_SENSITIVE_MANAGER, "~/.nuget/NuGet/NuGet.Config" },
    { SP_SENSITIVE_MANAGER, "~/.config/composer/auth.json" },
    { SP_SENSITIVE_TOKEN, "~/.config/gh/" },
    { SP_SENSITIVE_TOKEN, "~/.config/glab-cli/" },
    { SP_SENSITIVE_TOKEN, "~/.config/hub" },
    { SP_SENSITIVE_TOKEN, "~/.git-credentials" },
    { SP_SENSITIVE_TOKEN, "~/.config/git/credentials" },
    { SP_SENSITIVE_TOKEN, "~/.netrc" },
    { SP_SENSITIVE_TOKEN, "~/.docker/config.json" },
    { SP_SENSITIVE_TOKEN, "~/.config/containers/auth.json" },
    { SP_SENSITIVE_TOKEN, "~/.cache/huggingface/token" },
    { SP_SENSITIVE_TOKEN, "~/.huggingface/token" },
    { SP_SENSITIVE_TOKEN, "~/.config/netlify/" },
    { SP_SENSITIVE_TOKEN, "~/.config/configstore/" },
    { SP_SENSITIVE_CI, "~/.circleci/" },
    { SP_SENSITIVE_CI, "~/.travis/" },
    { SP_SENSITIVE_CI, "~/actions-runner/" },
    { SP_SENSITIVE_CI, "~/work/_temp/_runner_file_commands/" },
    { SP_SENSITIVE_KEYRING, "~/.local/share/keyrings/" },
    { SP_SENSITIVE_KEYRING, "~/.local/share/kwalletd/" },
    { SP_SENSITIVE_KEYRING, "~/.gnupg/" },
    { SP_SENSITIVE_KEYRING, "~/.password-store/" },
    { SP_SENSITIVE_KEYRING, "~/.config/keepassxc/" },
    { SP_SENSITIVE_KEYRING, "~/.config/Bitwarden/" },
    { SP_SENSITIVE_KEYRING, "~/.config/op/" },
    { SP_SENSITIVE_KEYRING, "~/.config/1Password/" },
    { SP_SENSITIVE_KEYRING, "~/Library/Keychains/" },
    { SP_SENSITIVE_MESSENGER, "~/.config/discord/" },
    { SP_SENSITIVE_MESSENGER, "~/.config/discordcanary/" },
    { SP_SENSITIVE_MESSENGER, "~/.config/discordptb/" },
    { SP_SENSITIVE_MESSENGER, "~/.config/Slack/" },
    { SP_SENSITIVE_MESSENGER, "~/.config/Signal/" },
    { SP_SENSITIVE_MESSENGER, "~/.config/Element/" },
    { SP_SENSITIVE_MESSENGER, "~/.local/share/TelegramDesktop/" },
    { SP_SENSITIVE_MESSENGER, "~/.thunderbird/" },
};

static const struct sp_feature_place_row of_system[] = {
    { SP_SENSITIVE_SSH, "/etc/ssh/ssh_host_*_key" },
    { SP_SENSITIVE_CLOUD, "/var/run/secrets/kubernetes.io/" },
    { SP_SENSITIVE_CLOUD, "/run/secrets/kubernetes.io/" },
    { SP_SENSITIVE_MANAGER, "/etc/npmrc" },
    { SP_SENSITIVE_MANAGER, "/etc/pip.conf" },
    { SP_SENSITIVE_CI, "/run/secrets/" },
    { SP_SENSITIVE_CI, "/var/run/secrets/" },
    { SP_SENSITIVE_PASSWORD, "/etc/shadow*" },
    { SP_SENSITIVE_PASSWORD, "/etc/gshadow*" },
    { SP_SENSITIVE_PASSWORD, "/etc/sudoers" },
    { SP_SENSITIVE_PASSWORD, "/etc/sudoers.d/" },
    { SP_SENSITIVE_PASSWORD, "/etc/master.passwd" },
    { SP_SENSITIVE_PASSWORD, "/var/lib/AccountsService/" },
    { SP_PLACE_HOST, "/etc/machine-id" },
    { SP_PLACE_HOST, "/var/lib/dbus/machine-id" },
    { SP_PLACE_HOST, "/etc/hostname" },
    { SP_PLACE_HOST, "/etc/os-release" },
    { SP_PLACE_HOST, "/usr/lib/os-release" },
    { SP_PLACE_HOST, "/etc/lsb-release" },
    { SP_PLACE_HOST, "/etc/issue" },
    { SP_PLACE_HOST, "/etc/passwd" },
    { SP_PLACE_HOST, "/etc/group" },
    { SP_PLACE_HOST, "/proc/cpuinfo" },
    { SP_PLACE_HOST, "/proc/meminfo" },
    { SP_PLACE_HOST, "/proc/version" },
    { SP_PLACE_HOST, "/proc/uptime" },
    { SP_PLACE_HOST, "/proc/mounts" },
    { SP_PLACE_HOST, "/proc/net/" },
    { SP_PLACE_HOST, "/proc/*/net/" },
    { SP_PLACE_HOST, "/proc/*/cmdline" },
    { SP_PLACE_HOST, "/proc/sys/kernel/" },
    { SP_PLACE_HOST, "/sys/class/net/" },
    { SP_PLACE_HOST, "/var/run/utmp" },
    { SP_PLACE_HOST, "/run/utmp" },
    { SP_PLACE_SANDBOX, "/.dockerenv" },
    { SP_PLACE_SANDBOX, "/.dockerinit" },
    { SP_PLACE_SANDBOX, "/run/.containerenv" },
    { SP_PLACE_SANDBOX, "/run/systemd/container" },
    { SP_PLACE_SANDBOX, "/proc/1/*" },
    { SP_PLACE_SANDBOX, "/proc/*/status" },
    { SP_PLACE_SANDBOX, "/proc/*/mountinfo" },
    { SP_PLACE_SANDBOX, "/proc/scsi/" },
    { SP_PLACE_SANDBOX, "/proc/modules" },
    { SP_PLACE_SANDBOX, "/proc/xen/" },
    { SP_PLACE_SANDBOX, "/proc/device-tree/" },
    { SP_PLACE_SANDBOX, "/sys/class/dmi/" },
    { SP_PLACE_SANDBOX, "/sys/devices/virtual/dmi/" },
    { SP_PLACE_SANDBOX, "/sys/hypervisor/" },
    { SP_PLACE_SANDBOX, "/sys/fs/bpf/" },
    { SP_PLACE_SANDBOX, "/sys/kernel/debug/" },
    { SP_PLACE_SANDBOX, "/sys/kernel/tracing/" },
    { SP_PLACE_SANDBOX, "/dev/vboxguest" },
    { SP_PLACE_SANDBOX, "/dev/vmci" },
};

/* By the last part of a path. */
static const struct sp_feature_place_row anywhere[] = {
    { SP_SENSITIVE_SSH, "id_rsa" },
    { SP_SENSITIVE_SSH, "id_dsa" },
    { SP_SENSITIVE_SSH, "id_ecdsa" },
    { SP_SENSITIVE_SSH, "id_ed25519" },
    { SP_SENSITIVE_WALLET, "wallet.dat" },
    { SP_SENSITIVE_MANAGER, ".npmrc" },
    { SP_SENSITIVE_CI, ".credentials_rsaparams" },
    { SP_SENSITIVE_DOTENV, ".env" },
    { SP_SENSITIVE_DOTENV, ".env.*" },
    { SP_SENSITIVE_DOTENV, ".envrc" },
    { SP_SENSITIVE_KEYRING, "*.kdbx" },
};
/* clang-format on */
const size_t sp_feature_place_count = SP_COUNT(of_home) + SP_COUNT(of_system) + SP_COUNT(anywhere);

const struct sp_feature_place_row *
sp_feature_place_at(size_t at)
{
    if (at < SP_COUNT(of_home))
        return &of_home[at];
    at -= SP_COUNT(of_home);
    return at < SP_COUNT(of_system) ? &of_system[at] : &anywhere[at - SP_COUNT(of_system)];
}

/* Whether PATTERN is PATH, or what PATH lies beneath where it ends in '/'. Both begin alike: beneath a home,
 * or with the system's '/'. Linear but for the few patterns with a '*'. */
static bool
matches(const char *pattern, const char *path)
{
    const char *before = pattern;
    while (*pattern) {
        if (*pattern == '*') {
            size_t length = strcspn(path, "/"), tail = strcspn(pattern + 1, "/");
            if (length < tail || memcmp(path + length - tail, pattern + 1, tail))
                return false;
            path += length;
            pattern += 1 + tail;
            continue;
        }
        if (*pattern != *path)
            return *pattern == '/' && !pattern[1] && !*path;
        pattern++;
        path++;
    }
    return !*path || (pattern > before && pattern[-1] == '/');
}

static bool
matches_last(const char *pattern, const char *last)
{
    const char *star = strchr(pattern, '*');
    if (!star)
        return !strcmp(pattern, last);
    size_t lead = (size_t)(star - pattern), tail = strlen(star + 1), length = strlen(last);
    return length > lead + tail && !strncmp(pattern, last, lead) && !strcmp(last + length - tail, star + 1);
}

/* What of PATH lies beneath a home; NULL: none. */
static const char *
within_home(const char *home, const char *path)
{
    size_t length = home ? strlen(home) : 0;
    while (length && home[length - 1] == '/')
        length--;
    if (length && !strncmp(path, home, length) && path[length] == '/')
        return path + length + 1;
    if (!strncmp(path, "/root/", 6))
        return path + 6;
    if (strncmp(path, "/home/", 6))
        return NULL;
    const char *rest = path + 6;
    while (*rest && *rest != '/')
        rest++;
    return *rest ? rest + 1 : NULL;
}

uint32_t
sp_feature_classes_of(const char *home, const char *path, size_t *row)
{
    uint32_t classes = 0;
    const char *within = within_home(home, path), *last = strrchr(path, '/');
    last = last ? last + 1 : path;
    for (size_t i = 0; within && i < SP_COUNT(of_home); i++) {
        const char *pattern = of_home[i].pattern + 2;
        if (pattern[0] == within[0] && (pattern[1] == within[1] || pattern[1] == '*') &&
            matches(pattern, within))
            classes |= 1u << of_home[i].class_;
    }
    for (size_t i = 0; !within && path[0] == '/' && i < SP_COUNT(of_system); i++) {
        if (of_system[i].pattern[1] != path[1] || !matches(of_system[i].pattern, path))
            continue;
        classes |= 1u << of_system[i].class_;
        if (of_system[i].class_ >= SP_SENSITIVE_COUNT)
            *row = SP_COUNT(of_home) + i;
    }
    for (size_t i = 0; i < SP_COUNT(anywhere); i++)
        if ((anywhere[i].pattern[0] == last[0] || anywhere[i].pattern[0] == '*') &&
            matches_last(anywhere[i].pattern, last))
            classes |= 1u << anywhere[i].class_;
    return classes;
}
