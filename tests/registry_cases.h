/* registry_cases.h: the configurations that test_registry reads, a table. */
#pragma once

#define P "home/project/"
#define H "home/"
#define R "root/"
#define PACKAGE { P "package.json", "{}" }
#define NPM_DEFAULT "https://registry.npmjs.org/ - (default)\n"
#define YARN_DEFAULT "https://registry.yarnpkg.com/ - (default)\n"
#define PYPI_DEFAULT "https://pypi.org/simple/ - (default)\n"

/* clang-format off */
static const struct reading_case cases[] = {
    /* nothing is configured */
    { "defaults", { { 0 } }, { 0 }, { 0 }, "npc", NPM_DEFAULT PYPI_DEFAULT },
    { "defaults of an unknown command", { { 0 } }, { 0 }, { "make", "all" }, "np", NPM_DEFAULT PYPI_DEFAULT },
    { "Yarn has a default of its own", { { 0 } }, { 0 }, { "yarn" }, "n", YARN_DEFAULT NPM_DEFAULT },
    { "hosts of the public registries", { { 0 } }, { 0 }, { 0 }, "h", "registry.yarnpkg.com\nfiles.pythonhosted.org\n" },

    /* npm: who goes first */
    { "npm: the command line first", { PACKAGE, { P ".npmrc", "registry=https://p.example/" } }, { "npm_config_registry=https://e.example/" }, { "npm", "ci", "--registry=https://c.example" }, "n", "https://c.example/ - (command line --registry)\n" },
    { "npm: value as a word of its own", { { 0 } }, { 0 }, { "npm", "ci", "--registry", "https://c.example" }, "n", "https://c.example/ - (command line --registry)\n" },
    { "npm: the last word wins", { { 0 } }, { 0 }, { "npm", "--registry=https://a.example", "--registry=https://b.example" }, "n", "https://b.example/ - (command line --registry)\n" },
    { "npm: words behind -- are not npm's", { { 0 } }, { 0 }, { "npm", "run", "x", "--", "--registry=https://c.example" }, "n", NPM_DEFAULT },
    { "words of another command are not npm's", { { 0 } }, { 0 }, { "make", "--registry=https://c.example" }, "n", NPM_DEFAULT },
    { "npm behind env", { { 0 } }, { 0 }, { "/usr/bin/env", "A=b", "/opt/npm", "ci", "--registry=https://c.example" }, "n", "https://c.example/ - (command line --registry)\n" },
    { "npm: then the environment", { PACKAGE, { P ".npmrc", "registry=https://p.example/" } }, { "npm_config_registry=https://e.example/" }, { "npm" }, "n", "https://e.example/ - (environment npm_config_registry)\n" },
    { "npm: the environment in capitals", { { 0 } }, { "NPM_CONFIG_REGISTRY=https://e.example/" }, { 0 }, "n", "https://e.example/ - (environment NPM_CONFIG_REGISTRY)\n" },
    { "npm: empty in the environment is unset", { { 0 } }, { "npm_config_registry=" }, { 0 }, "n", NPM_DEFAULT },
    { "npm: then the project", { PACKAGE, { P ".npmrc", "registry=https://p.example/" }, { H ".npmrc", "registry=https://u.example/" } }, { 0 }, { 0 }, "n", "https://p.example/ - (/home/project/.npmrc:1) project\n" },
    { "npm: project found upwards", { { H "up/package.json", "{}" }, { H "project/.npmrc", "registry=https://wrong.example/" }, { H "project/node_modules/x", "" }, { H ".npmrc", "a=b" } }, { 0 }, { 0 }, "n", "https://wrong.example/ - (/home/project/.npmrc:1) project\n" },
    { "npm: the workspace's root counts", { PACKAGE, { "home/package.json", "{\"workspaces\": [\"project\"]}" }, { "home/.npmrc", "registry=https://root.example/" } }, { "npm_config_userconfig=/dev/null" }, { 0 }, "n", "https://root.example/ - (/home/.npmrc:1) project\n" },
    { "npm: then the user", { PACKAGE, { H ".npmrc", "registry=https://u.example/" }, { R "usr/etc/npmrc", "registry=https://g.example/" } }, { 0 }, { 0 }, "n", "https://u.example/ - (/home/.npmrc:1)\n" },
    { "npm: userconfig elsewhere", { { H ".npmrc", "registry=https://u.example/" }, { "x/rc", "registry=https://x.example/" } }, { "NPM_CONFIG_USERCONFIG=%T/x/rc" }, { 0 }, "n", "https://x.example/ - (/x/rc:1)\n" },
    { "npm: then the global file", { { R "usr/etc/npmrc", "registry=https://g.example/" } }, { 0 }, { 0 }, "n", "https://g.example/ - (/root/usr/etc/npmrc:1)\n" },
    { "npm: Debian's global file", { { R "usr/local/etc/npmrc", "registry=https://g.example/" } }, { 0 }, { 0 }, "n", "https://g.example/ - (/root/usr/local/etc/npmrc:1)\n" },
    { "npm: the global file of node's prefix", { { "n/bin/node", "" }, { "n/etc/npmrc", "registry=https://g.example/" } }, { "PATH=relative:/nonexistent:%T/n/bin" }, { 0 }, "n", "https://g.example/ - (/n/etc/npmrc:1)\n" },
    { "npm: prefix of the user", { { H ".npmrc", "prefix=${HOME}/n" }, { H "n/etc/npmrc", "registry=https://g.example/" } }, { "HOME=%T/home" }, { 0 }, "n", "https://g.example/ - (/home/n/etc/npmrc:1)\n" },
    { "npm: globalconfig", { { "g/rc", "registry=https://g.example/" } }, { "npm_config_globalconfig=%T/g/rc" }, { 0 }, "n", "https://g.example/ - (/g/rc:1)\n" },
    { "npm: pnpm's own file", { { H ".config/pnpm/rc", "registry=https://g.example/" } }, { 0 }, { "pnpm" }, "n", "https://g.example/ - (/home/.config/pnpm/rc:1)\n" },
    { "npm: NPM_TOKEN alone means nothing", { { 0 } }, { "NPM_TOKEN=secret" }, { 0 }, "nk", NPM_DEFAULT },

    /* npm: the format */
    { "npm: comments, blanks, quotes, CRLF", { { H ".npmrc", "\xef\xbb\xbf; one\r\n# two\r\n\r\n  registry = \"https://u.example/a\" \r\n'@x:registry' = 'https://x.example'\r\n" } }, { 0 }, { 0 }, "n", "@x https://x.example/ - (/home/.npmrc:5)\nhttps://u.example/a/ - (/home/.npmrc:4)\n" },
    { "npm: a comment behind a value", { { H ".npmrc", "registry=https://u.example/ ; mine" } }, { 0 }, { 0 }, "n", "https://u.example/ - (/home/.npmrc:1)\n" },
    { "npm: an escaped comment sign", { { H ".npmrc", "//h/:_authToken=a\\;b\\#c" } }, { 0 }, { 0 }, "k", "//h/ Bearer a;b#c (/home/.npmrc:1)\n" },
    { "npm: the last of a key", { { H ".npmrc", "registry=https://a.example\nregistry=https://b.example" } }, { 0 }, { 0 }, "n", "https://b.example/ - (/home/.npmrc:2)\n" },
    { "npm: sections are none of it", { { H ".npmrc", "[x]\nregistry=https://a.example\n" } }, { 0 }, { 0 }, "n", NPM_DEFAULT },
    { "npm: scopes", { { H ".npmrc", "@b:registry=https://b.example/\n@a:registry=https://a.example/" } }, { "npm_config_@b:registry=https://e.example" }, { "npm", "--@c:registry=https://c.example" }, "n", "@c https://c.example/ - (command line --@c:registry)\n@b https://e.example/ - (environment npm_config_@b:registry)\n@a https://a.example/ - (/home/.npmrc:2)\n" NPM_DEFAULT },
    { "npm: a variable", { { H ".npmrc", "registry=https://${H}/${P-npm}/${Q:-q}${Z?}" } }, { "H=u.example", "Q=" }, { 0 }, "n", "https://u.example/npm/q/ - (/home/.npmrc:1)\n" },
    { "npm: an escaped variable", { { H ".npmrc", "//h/:_authToken=\\${T}" } }, { "T=x" }, { 0 }, "k", "//h/ Bearer ${T} (/home/.npmrc:1)\n" },
    { "npm: a variable that is unset in a URL", { { H ".npmrc", "\nregistry=https://${NONE}/" } }, { 0 }, { 0 }, "e", "/home/.npmrc:2: a variable in the value is not set" },
    { "npm: no URL", { { H ".npmrc", "registry=nonsense" } }, { 0 }, { 0 }, "e", "/home/.npmrc:1: a URL that is neither" },
    { "npm: a query", { { H ".npmrc", "registry=https://h/?x" } }, { 0 }, { 0 }, "e", "/home/.npmrc:1: a registry with a query" },

    /* npm: logins */
    { "npm: the longest prefix", { { H ".npmrc", "registry=https://h/a/b/\n//h/:_authToken=1\n//h/a/:_authToken=2\n//h/a/b/c/:_authToken=3" } }, { 0 }, { 0 }, "n", "https://h/a/b/ Bearer 2 //h/a/ (/home/.npmrc:1)\n" },
    { "npm: a prefix without its slash", { { H ".npmrc", "registry=https://h/a/\n//h/a:_authToken=1" } }, { 0 }, { 0 }, "n", "https://h/a/ Bearer 1 //h/a/ (/home/.npmrc:1)\n" },
    { "npm: the port is part of the host", { { H ".npmrc", "registry=https://h:8443/\n//h/:_authToken=1" } }, { 0 }, { 0 }, "n", "https://h:8443/ - (/home/.npmrc:1)\n" },
    { "npm: a token from a variable", { { H ".npmrc", "//registry.npmjs.org/:_authToken=${T}" } }, { "T=secret" }, { 0 }, "n", "https://registry.npmjs.org/ Bearer secret //registry.npmjs.org/ (default)\n" },
    { "npm: a variable that is unset is no token", { { H ".npmrc", "//registry.npmjs.org/:_authToken=${T}" } }, { 0 }, { 0 }, "nk", NPM_DEFAULT },
    { "npm: user and password in one", { { H ".npmrc", "//h/:_auth=dTpw" } }, { 0 }, { 0 }, "k", "//h/ Basic dTpw (/home/.npmrc:1)\n" },
    { "npm: user and password apart", { { H ".npmrc", "//h/:username=u\n//h/:_password=cA==" } }, { 0 }, { 0 }, "k", "//h/ Basic dTpw (/home/.npmrc:2)\n" },
    { "npm: a password that is no base64", { { H ".npmrc", "//h/:username=u\n//h/:_password=*" } }, { 0 }, { 0 }, "e", "/home/.npmrc:2: a login that is no base64" },
    { "npm: a token before a password", { { H ".npmrc", "//h/:_auth=dTpw\n//h/:_authToken=t" } }, { 0 }, { 0 }, "k", "//h/ Bearer t (/home/.npmrc:2)\n" },
    { "npm: a token without a host is nobody's", { { H ".npmrc", "_authToken=t\n_auth=dTpw" } }, { 0 }, { 0 }, "nk", NPM_DEFAULT },
    { "npm: a token in the environment", { { 0 } }, { "npm_config_//registry.npmjs.org/:_authToken=t" }, { 0 }, "k", "//registry.npmjs.org/ Bearer t (environment npm_config_//registry.npmjs.org/:_authToken)\n" },
    { "npm: a line break in a token", { { H ".npmrc", "//h/:_authToken=${T}" } }, { "T=a\r\nX-Evil: 1" }, { 0 }, "e", "/home/.npmrc:1: a token with a byte" },
    { "npm: a login in the URL", { { H ".npmrc", "registry=https://u:p%40@h/a/" } }, { 0 }, { 0 }, "n", "https://h/a/ Basic dTpwQA== //h/a/ (/home/.npmrc:1)\n" },

    /* npm: a project of somebody else's */
    { "a project's registry gets no token of others", { PACKAGE, { P ".npmrc", "registry=https://evil.example/" }, { H ".npmrc", "//registry.npmjs.org/:_authToken=t" } }, { 0 }, { 0 }, "n", "https://evil.example/ - (/home/project/.npmrc:1) project\n" },
    { "a project's http does not get the token", { PACKAGE, { P ".npmrc", "registry=http://registry.npmjs.org/" }, { H ".npmrc", "//registry.npmjs.org/:_authToken=t" } }, { 0 }, { 0 }, "n", "http://registry.npmjs.org/ - (/home/project/.npmrc:1) project\n" },
    { "a user's http gets the token", { { H ".npmrc", "registry=http://h/\n//h/:_authToken=t" } }, { 0 }, { 0 }, "k", "//h/ Bearer t (/home/.npmrc:2) plain\n" },
    { "a project's variable in a URL is refused", { PACKAGE, { P ".npmrc", "registry=https://${NPM_TOKEN}.evil.example/" } }, { "NPM_TOKEN=secret" }, { 0 }, "e", "/home/project/.npmrc:1: a variable in a URL that the project sets" },
    { "a project's variable in a path is refused", { PACKAGE, { P ".npmrc", "@x:registry=https://evil.example/${NPM_TOKEN}" } }, { "NPM_TOKEN=secret" }, { 0 }, "e", "/home/project/.npmrc:1: a variable in a URL" },
    { "a project's variable in a key is refused", { PACKAGE, { P ".npmrc", "//${NPM_TOKEN}.evil.example/:_authToken=x" } }, { "NPM_TOKEN=secret" }, { 0 }, "e", "/home/project/.npmrc:1: a variable in a key" },
    { "a project's variable is let be where the user overrides it", { PACKAGE, { P ".npmrc", "registry=https://${NPM_TOKEN}.evil.example/" } }, { "NPM_TOKEN=secret" }, { "npm", "--registry=https://c.example" }, "n", "https://c.example/ - (command line --registry)\n" },
    { "a project's token by variable", { PACKAGE, { P ".npmrc", "//registry.npmjs.org/:_authToken=${NPM_TOKEN}" } }, { "NPM_TOKEN=t" }, { 0 }, "k", "//registry.npmjs.org/ Bearer t (/home/project/.npmrc:1) project\n" },
    { "a project's file does not switch checks off", { PACKAGE, { P ".npmrc", "strict-ssl=false\ncafile=evil.pem\nhttps-proxy=http://evil.example" } }, { 0 }, { 0 }, "c", "" },
    { "and that is said", { PACKAGE, { P ".npmrc", "strict-ssl=false" } }, { 0 }, { 0 }, "t", "/home/project/.npmrc:1: strict-ssl is not taken from a project's file; set it in your own configuration\n" },

    /* npm: the connection */
    { "npm: certificates and proxies", { { H ".npmrc", "cafile=~/ca.pem\nhttps-proxy=http://p:8080\nnoproxy=a,b\nstrict-ssl=false" } }, { "HTTPS_PROXY=http://other" }, { 0 }, "c", "cafile /home/ca.pem\nproxy http://p:8080\nno-proxy a,b\ninsecure\n" },
    { "npm: proxy null is none", { { H ".npmrc", "https-proxy=null\nproxy=false\ncafile=null" } }, { 0 }, { 0 }, "c", "" },
    { "npm: a certificate in place", { { H ".npmrc", "ca=\"-----BEGIN CERTIFICATE-----\\nx\"\nca[]=x" } }, { 0 }, { 0 }, "t", "/home/.npmrc:2: a certificate written into 'ca' is not used; name a file by 'cafile'\n" },

    /* what concerns all */
    { "proxies of the environment", { { 0 } }, { "https_proxy=http://p:1", "NO_PROXY=x" }, { 0 }, "c", "proxy http://p:1\nno-proxy x\n" },
    { "HTTPS_PROXY before ALL_PROXY", { { 0 } }, { "ALL_PROXY=http://a", "HTTPS_PROXY=http://p" }, { 0 }, "c", "proxy http://p\n" },
    { "a proxy that is none", { { 0 } }, { "HTTPS_PROXY=a b" }, { 0 }, "e", "environment HTTPS_PROXY: a proxy that is no URL" },
    { "certificates for Node", { { 0 } }, { "SSL_CERT_FILE=/s", "NODE_EXTRA_CA_CERTS=/n" }, { "npm" }, "ct", "cafile /n beside\nenvironment SSL_CERT_FILE: the certificates of /s are not used; /n comes first\n" },
    { "certificates for Python", { { 0 } }, { "NODE_EXTRA_CA_CERTS=/n", "CURL_CA_BUNDLE=/c", "SSL_CERT_FILE=/s", "REQUESTS_CA_BUNDLE=/r" }, { "pip" }, "c", "cafile /r\n" },
    { "pip's certificates first for pip", { { H ".npmrc", "cafile=/n" } }, { "PIP_CERT=/p" }, { "pip" }, "c", "cafile /p\n" },
    { "npm's certificates first for npm", { { H ".npmrc", "cafile=/n" } }, { "PIP_CERT=/p" }, { "npm" }, "c", "cafile /n\n" },
    { "Node told not to check", { { 0 } }, { "NODE_TLS_REJECT_UNAUTHORIZED=0" }, { 0 }, "c", "insecure\n" },

    /* pip */
    { "pip: the command line first", { { 0 } }, { "PIP_INDEX_URL=https://e.example/simple" }, { "pip", "install", "-i", "https://c.example/simple" }, "p", "https://c.example/simple/ - (command line --index-url)\n" },
    { "pip: joined short option", { { 0 } }, { 0 }, { "pip3.11", "install", "-ihttps://c.example/simple" }, "p", "https://c.example/simple/ - (command line --index-url)\n" },
    { "pip: as a module", { { 0 } }, { 0 }, { "python3", "-m", "pip", "install", "--index-url=https://c.example/simple" }, "p", "https://c.example/simple/ - (command line --index-url)\n" },
    { "-i of others is no index", { { 0 } }, { 0 }, { "perl", "-i", "x" }, "p", PYPI_DEFAULT },
    { "pip: extra ones add up", { { 0 } }, { "PIP_EXTRA_INDEX_URL=https://a.example/ https://b.example/" }, { "pip", "install", "--extra-index-url", "https://c.example", "--extra-index-url=https://d.example" }, "p", PYPI_DEFAULT "https://a.example/ - (environment PIP_EXTRA_INDEX_URL)\nhttps://b.example/ - (environment PIP_EXTRA_INDEX_URL)\nhttps://c.example/ - (command line --extra-index-url)\nhttps://d.example/ - (command line --extra-index-url)\n" },
    { "pip: then the environment", { { H ".config/pip/pip.conf", "[global]\nindex-url=https://u.example/" } }, { "PIP_INDEX_URL=https://e.example/simple" }, { 0 }, "p", "https://e.example/simple/ - (environment PIP_INDEX_URL)\n" },
    { "pip: then PIP_CONFIG_FILE", { { "x.conf", "[global]\nindex-url=https://x.example/" }, { H ".config/pip/pip.conf", "[global]\nindex-url=https://u.example/\nextra-index-url=https://u2.example/" }, { R "etc/pip.conf", "[global]\nextra-index-url=https://g.example/" } }, { "PIP_CONFIG_FILE=%T/x.conf" }, { 0 }, "p", "https://x.example/ - (/x.conf:2)\nhttps://g.example/ - (/root/etc/pip.conf:2)\n" },
    { "pip: no file at all", { { R "etc/pip.conf", "[global]\nindex-url=https://g.example/" } }, { "PIP_CONFIG_FILE=/dev/null" }, { 0 }, "p", PYPI_DEFAULT },
    { "pip: then the virtual environment", { { "v/pip.conf", "[global]\nindex-url=https://v.example/" }, { H ".config/pip/pip.conf", "[global]\nindex-url=https://u.example/" } }, { "VIRTUAL_ENV=%T/v" }, { 0 }, "p", "https://v.example/ - (/v/pip.conf:2)\n" },
    { "pip: that of the program", { { P "venv/pip.conf", "[global]\nindex-url=https://v.example/" }, { P "venv/pyvenv.cfg", "" } }, { 0 }, { "venv/bin/pip", "install", "x" }, "p", "https://v.example/ - (/home/project/venv/pip.conf:2)\n" },
    { "pip: then the user", { { H ".config/pip/pip.conf", "[global]\nindex-url=https://u.example/" }, { H ".pip/pip.conf", "[global]\nindex-url=https://old.example/" }, { R "etc/pip.conf", "[global]\nindex-url=https://g.example/" } }, { 0 }, { 0 }, "p", "https://u.example/ - (/home/.config/pip/pip.conf:2)\n" },
    { "pip: the user's old place", { { H ".pip/pip.conf", "[global]\nindex-url=https://old.example/" } }, { 0 }, { 0 }, "p", "https://old.example/ - (/home/.pip/pip.conf:2)\n" },
    { "pip: the user's other place", { { "c/pip/pip.conf", "[global]\nindex-url=https://c.example/" } }, { "XDG_CONFIG_HOME=%T/c" }, { 0 }, "p", "https://c.example/ - (/c/pip/pip.conf:2)\n" },
    { "pip: then the system", { { R "etc/pip.conf", "[global]\nindex-url=https://g.example/" }, { R "etc/xdg/pip/pip.conf", "[global]\nindex-url=https://x.example/" } }, { 0 }, { 0 }, "p", "https://g.example/ - (/root/etc/pip.conf:2)\n" },
    { "pip: the last of the system's directories", { { "a/pip/pip.conf", "[global]\nindex-url=https://a.example/" }, { "b/pip/pip.conf", "[global]\nindex-url=https://b.example/" } }, { "XDG_CONFIG_DIRS=%T/a:%T/b" }, { 0 }, "p", "https://b.example/ - (/b/pip/pip.conf:2)\n" },
    { "pip: the command's section before [global]", { { H ".pip/pip.conf", "[install]\nindex-url=https://i.example/\n[download]\nindex-url=https://d.example/\n[global]\nindex-url=https://u.example/" } }, { 0 }, { "pip", "download", "x" }, "p", "https://d.example/ - (/home/.pip/pip.conf:4)\n" },
    { "pip: several lines, underscores, colons, comments", { { H ".pip/pip.conf", "# c\n[global]\nEXTRA_Index_URL:\n    https://a.example/\n  ; c\n\n    https://b.example/\ntimeout = 5\n" } }, { 0 }, { 0 }, "p", PYPI_DEFAULT "https://a.example/ - (/home/.pip/pip.conf:3)\nhttps://b.example/ - (/home/.pip/pip.conf:3)\n" },
    { "pip: outside of any section", { { H ".pip/pip.conf", "index-url=https://a.example/" } }, { 0 }, { 0 }, "e", "/home/.pip/pip.conf:1: a setting outside of any section" },
    { "pip: nonsense", { { H ".pip/pip.conf", "[global]\nnonsense" } }, { 0 }, { 0 }, "e", "/home/.pip/pip.conf:2: neither a [section] nor a setting" },
    { "pip: no index", { { H ".pip/pip.conf", "[global]\nno-index = true\nextra-index-url=https://a.example/" } }, { 0 }, { 0 }, "pc", "no-index /home/.pip/pip.conf:2\n" },
    { "pip: no index on the command line", { { 0 } }, { 0 }, { "pip", "install", "--no-index", "x" }, "pc", "no-index command line --no-index\n" },
    { "pip: an index in a directory", { { 0 } }, { "PIP_INDEX_URL=file:///srv/simple" }, { 0 }, "pt", "environment PIP_INDEX_URL: an index that is no http(s) URL is not asked through Sallyport\n" },
    { "pip: the connection", { { H ".pip/pip.conf", "[global]\ncert=/ca.pem\nproxy=p:8080\ntrusted-host =\n  a.example\n  b.example:1\n" } }, { 0 }, { 0 }, "c", "cafile /ca.pem\nproxy p:8080\ntrusted a.example\ntrusted b.example:1\n" },
    { "pip: a login in the URL", { { 0 } }, { "PIP_INDEX_URL=https://u:p%2F@h/simple/" }, { 0 }, "p", "https://h/simple/ Basic dTpwLw== //h/ (environment PIP_INDEX_URL)\n" },
    { "pip: a login in netrc", { { H ".netrc", "# c\nmachine other login x password y\nmachine h\n login u\n password p\ndefault login d password d\n" } }, { "PIP_INDEX_URL=https://h:8443/simple" }, { 0 }, "pk", "https://h:8443/simple/ Basic dTpw //h:8443/ (environment PIP_INDEX_URL)\n//h:8443/ Basic dTpw (/home/.netrc:3)\n" },
    { "pip: netrc's default", { { "n", "default login d password d\n" } }, { "PIP_INDEX_URL=https://h/simple", "NETRC=%T/n" }, { 0 }, "p", "https://h/simple/ Basic ZDpk //h/ (environment PIP_INDEX_URL)\n" },
    { "pip: the URL's login before netrc's", { { H ".netrc", "machine h login x password y" } }, { "PIP_INDEX_URL=https://u:p@h/simple" }, { 0 }, "p", "https://h/simple/ Basic dTpw //h/ (environment PIP_INDEX_URL)\n" },
    { "netrc is not npm's", { { H ".netrc", "machine registry.npmjs.org login x password y" } }, { 0 }, { "npm" }, "n", NPM_DEFAULT },
    { "netrc with a macro and quotes", { { H ".netrc", "macdef init\nmachine h login no password no\n\nmachine \"h\" login \"u\" password \"p\"" } }, { "PIP_INDEX_URL=https://h/simple" }, { 0 }, "p", "https://h/simple/ Basic dTpw //h/ (environment PIP_INDEX_URL)\n" },

    /* Yarn 1 */
    { "yarn: its own file", { { P ".yarnrc", "# c\nregistry \"https://y.example\"\n\"@x:registry\" \"https://x.example\"\ncafile /ca.pem\n" } }, { 0 }, { "yarn" }, "nc", "@x https://x.example/ - (/home/project/.yarnrc:3) project\nhttps://y.example/ - (/home/project/.yarnrc:2) project\n" NPM_DEFAULT },
    { "yarn: npm's comes first", { { H ".yarnrc", "registry \"https://y.example\"" }, { H ".npmrc", "registry=https://n.example" } }, { 0 }, { "yarn" }, "n", "https://n.example/ - (/home/.npmrc:1)\nhttps://y.example/ - (/home/.yarnrc:1)\n" },
    { "yarn: the file of a directory above", { { "home/.yarnrc", "registry: \"https://u.example\"\nstrict-ssl false" } }, { 0 }, { "npm" }, "nc", NPM_DEFAULT "https://u.example/ - (/home/.yarnrc:1)\ninsecure\n" },
    { "yarn: environment", { { 0 } }, { "YARN_REGISTRY=https://e.example" }, { "yarn" }, "n", "https://e.example/ - (environment YARN_REGISTRY)\n" NPM_DEFAULT },
    { "yarn: a login comes from npm's file", { { H ".yarnrc", "registry \"https://y.example\"" }, { H ".npmrc", "//y.example/:_authToken=t" } }, { 0 }, { "yarn" }, "n", "https://y.example/ Bearer t //y.example/ (/home/.yarnrc:1)\n" NPM_DEFAULT },

    /* Yarn 2 and later, pnpm */
    { "berry: server, scopes, tokens", { { H ".yarnrc.yml", "npmRegistryServer: https://y.example\nnpmAuthToken: \"${T-t}\"\nnpmScopes:\n  corp:\n    npmRegistryServer: \"https://c.example/npm\"\n    npmAuthIdent: u:p\nnpmRegistries:\n  //z.example/:\n    npmAuthToken: z\nplugins:\n  - path: x\n    npmRegistryServer: https://wrong.example\n" }, { P ".yarnrc.yml", "" } }, { 0 }, { "yarn" }, "nk", "@corp https://c.example/npm/ Basic dTpw //c.example/npm/ (/home/.yarnrc.yml:5)\nhttps://y.example/ Bearer t //y.example/ (/home/.yarnrc.yml:1)\n" NPM_DEFAULT "//z.example/ Bearer z (/home/.yarnrc.yml:9)\n//c.example/npm/ Basic dTpw (/home/.yarnrc.yml:6)\n//y.example/ Bearer t (/home/.yarnrc.yml:2)\n" },
    { "berry: the default", { { P "yarn.lock", "# x\n__metadata:\n  version: 8\n" } }, { 0 }, { "yarn" }, "n", YARN_DEFAULT NPM_DEFAULT },
    { "berry: environment first", { { P ".yarnrc.yml", "npmRegistryServer: https://y.example" } }, { "YARN_NPM_REGISTRY_SERVER=https://e.example", "YARN_NPM_AUTH_TOKEN=t" }, { "yarn" }, "n", "https://e.example/ Bearer t //e.example/ (environment YARN_NPM_REGISTRY_SERVER)\n" NPM_DEFAULT },
    { "berry: a project's server does not get the user's token", { { P ".yarnrc.yml", "npmRegistryServer: https://evil.example" }, { H ".yarnrc.yml", "npmAuthToken: t" } }, { 0 }, { "yarn" }, "n", "https://evil.example/ - (/home/project/.yarnrc.yml:1) project\n" NPM_DEFAULT },
    { "berry: unless the user names it too", { { P ".yarnrc.yml", "npmRegistryServer: https://c.example" }, { H ".yarnrc.yml", "npmRegistryServer: https://c.example\nnpmAuthToken: t" } }, { 0 }, { "yarn" }, "n", "https://c.example/ Bearer t //c.example/ (/home/project/.yarnrc.yml:1) project\n" NPM_DEFAULT },
    { "berry: a project's variable in a URL", { { P ".yarnrc.yml", "npmRegistryServer: https://${T}.evil.example" } }, { "T=t" }, { 0 }, "e", "/home/project/.yarnrc.yml:1: a variable in a URL" },
    { "berry: a project does not switch checks off", { { P ".yarnrc.yml", "enableStrictSsl: false\nhttpsProxy: http://evil.example" } }, { 0 }, { 0 }, "c", "" },
    { "berry: no YAML", { { P ".yarnrc.yml", "a: b\n\tc: [" } }, { 0 }, { 0 }, "e", "/home/project/.yarnrc.yml:2: " },
    { "berry: aliases are no values", { { P ".yarnrc.yml", "a: &a [*a, *a]\nb: &b {c: d}\nnpmRegistryServer: *b\n" } }, { 0 }, { 0 }, "e", "/home/project/.yarnrc.yml:3: " },
    { "pnpm: registries of the workspace", { { P "pnpm-workspace.yaml", "packages:\n  - a\nregistries:\n  default: https://d.example\n  '@x': https://x.example\n" } }, { 0 }, { "pnpm" }, "n", NPM_DEFAULT "@x https://x.example/ - (/home/project/pnpm-workspace.yaml:5) project\nhttps://d.example/ - (/home/project/pnpm-workspace.yaml:4) project\n" },

    /* uv */
    { "uv: default", { { 0 } }, { 0 }, { "uv", "sync" }, "p", PYPI_DEFAULT },
    { "uv: pyproject", { { P "pyproject.toml", "[project]\nname = \"x\" # c\ndependencies = [\n  \"a>=1\", # c\n  'b',\n]\nversion = 1.0\nwhen = 1979-05-27T07:32:00Z\ntext = \"\"\"\n[tool.uv]\nindex-url = 1\n\"\"\"\n[tool.uv]\nextra-index-url = [\"https://e.example/simple\"]\n\n[[tool.uv.index]]\nname = \"corp\"\nurl = \"https://c.example/simple\"\n[[tool.uv.index]]\nurl = 'https://d.example/simple'\ndefault = true\n" } }, { 0 }, { "uv", "sync" }, "p", "https://e.example/simple/ - (/home/project/pyproject.toml:14) project\nhttps://c.example/simple/ - (/home/project/pyproject.toml:18) project\nhttps://d.example/simple/ - (/home/project/pyproject.toml:20) project\n" },
    { "uv: inline tables", { { P "uv.toml", "index = [{ name = \"a\", url = \"https://a.example\" },\n { url = \"https://b.example\", default = true }]\n" } }, { 0 }, { "uv" }, "p", "https://a.example/ - (/home/project/uv.toml:1) project\nhttps://b.example/ - (/home/project/uv.toml:2) project\n" },
    { "uv: pip's table", { { P "uv.toml", "[pip]\nindex-url = \"https://a.example\"" } }, { 0 }, { "uv" }, "p", "https://a.example/ - (/home/project/uv.toml:2) project\n" },
    { "uv: uv.toml before pyproject", { { P "uv.toml", "index-url = \"https://a.example\"" }, { P "pyproject.toml", "[tool.uv]\nindex-url = \"https://b.example\"" } }, { 0 }, { "uv" }, "p", "https://a.example/ - (/home/project/uv.toml:1) project\n" },
    { "uv: the directory above where this one is silent", { { P "pyproject.toml", "[project]\nname = \"uvx\"" }, { H "pyproject.toml", "[tool.uv]\nindex-url = \"https://b.example\"" } }, { 0 }, { "uv" }, "p", "https://b.example/ - (/home/pyproject.toml:2) project\n" },
    { "uv: environment", { { H ".config/uv/uv.toml", "index-url = \"https://u.example\"" } }, { "UV_DEFAULT_INDEX=https://d.example", "UV_EXTRA_INDEX_URL=https://x.example", "UV_INDEX=corp=https://c.example https://o.example", "UV_INDEX_CORP_USERNAME=u", "UV_INDEX_CORP_PASSWORD=p" }, { "uv" }, "p", "https://c.example/ Basic dTpw //c.example/ (environment UV_INDEX)\nhttps://o.example/ - (environment UV_INDEX)\nhttps://x.example/ - (environment UV_EXTRA_INDEX_URL)\nhttps://d.example/ - (environment UV_DEFAULT_INDEX)\n" },
    { "uv: command line", { { 0 } }, { "UV_INDEX_URL=https://e.example" }, { "uv", "pip", "install", "--index", "a=https://a.example", "-i", "https://c.example" }, "p", "https://a.example/ - (command line --index)\nhttps://c.example/ - (command line --index-url)\n" },
    { "uv: another file", { { "u.toml", "index-url = \"https://u.example\"" } }, { "UV_CONFIG_FILE=%T/u.toml" }, { "uv" }, "p", "https://u.example/ - (/u.toml:1)\n" },
    { "uv: no file", { { P "uv.toml", "nonsense" } }, { "UV_NO_CONFIG=1" }, { "uv" }, "p", PYPI_DEFAULT },
    { "uv: beside pip's", { { H ".config/uv/uv.toml", "index-url = \"https://u.example\"" } }, { 0 }, { "pip" }, "p", PYPI_DEFAULT "https://u.example/ - (/home/.config/uv/uv.toml:1)\n" },
    { "uv: a project's http index does not get the password", { { P "uv.toml", "[[index]]\nname=\"c\"\nurl=\"http://c.example\"" } }, { "UV_INDEX_C_PASSWORD=p" }, { "uv" }, "p", "http://c.example/ - (/home/project/uv.toml:3) project\n" PYPI_DEFAULT },
    { "uv: netrc's default is not for a project's choice", { { P "uv.toml", "index-url=\"https://evil.example\"" }, { H ".netrc", "default login d password d" } }, { 0 }, { "uv" }, "p", "https://evil.example/ - (/home/project/uv.toml:1) project\n" },
    { "uv: no TOML", { { P "uv.toml", "a = 1\nindex-url = \"x\n" } }, { 0 }, { 0 }, "e", "/home/project/uv.toml:2: a string that does not end on its line" },
    { "uv: a value is missing", { { P "uv.toml", "a =\n" } }, { 0 }, { 0 }, "e", "/home/project/uv.toml:1: a value is missing" },
    { "uv: two on a line", { { P "uv.toml", "a = \"x\" b = 1\n" } }, { 0 }, { 0 }, "e", "/home/project/uv.toml:1: something follows" },
    { "uv: escapes and quoted keys", { { P "uv.toml", "\"index-url\" = \"https://\\u0061.example\"\n\"a.b\" . 'c' = \"\"\"\\\n   x\"\"\"\"\"\n" } }, { 0 }, { "uv" }, "p", "https://a.example/ - (/home/project/uv.toml:1) project\n" },
};
/* clang-format on */
