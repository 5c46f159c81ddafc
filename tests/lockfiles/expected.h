/* expected.h: what test_manifest.c expects of the fixtures beside this file, and of small contents. */
#pragma once
#include <stddef.h>

/* ---- single packages of the fixtures ---- */

enum { DIRECT = 1, DEV = 2 };

static const struct {
    const char *file, *format, *name, *version, *alias, *source;
    unsigned line, column;
    int flags;
} packages[] = {
    /* package-lock */
    { "npm/v3-package-lock.json", NULL, "express", "4.22.3", NULL, NULL, 3808, 19, DIRECT },
    { "npm/v3-package-lock.json", NULL, "lodash-es", "4.18.1", "lodash-es-alias", NULL, 5630, 16, DIRECT },
    { "npm/v3-package-lock.json", NULL, "@fixture/inner", NULL, NULL, "packages/inner", 598, 19, 0 },
    { "npm/v3-package-lock.json", NULL, "semver", "5.7.3", NULL, NULL, 10669, 34, DIRECT },
    { "npm/v2-package-lock.json", NULL, "webpack", "5.112.2", NULL, NULL, 10288, 19, DIRECT | DEV },
    { "npm/v1-package-lock.json", NULL, "lodash-es", "4.18.1", "lodash-es-alias", NULL, 3865, 23, DIRECT },
    { "npm/v1-package-lock.json", NULL, "local-tool", NULL, NULL, "file:local-tool", 3842, 6, DIRECT },
    { "npm/aliases-package-lock.json", NULL, "@s/b", "2.0.0", NULL, NULL, 22, 34, DEV },
    { "npm/aliases-package-lock.json", NULL, "@scope/real", "2.0.1", "alias", NULL, 28, 16, DIRECT },
    { "npm/aliases-package-lock.json", NULL, "other", "4.17.21", "swapped", NULL, 34, 20, 0 },
    { "npm/aliases-package-lock.json", NULL, "tarball", "1.0.0", NULL, "https://example.com/tarball.tgz", 40,
      19, DIRECT },
    { "npm/aliases-package-lock.json", NULL, "mirrored", "1.0.0", NULL, NULL, 44, 19, 0 },
    { "npm/aliases-package-lock.json", NULL, "escaped", "1.0.0", NULL, NULL, 48, 6, 0 },
    { "npm/aliases-package-lock.json", NULL, "inner", "1.1.0", NULL,
      "the archive of another package (inBundle)", 50, 37, DEV },
    { "npm/aliases-package-lock.json", NULL, "absent", "^3.0.0", NULL, NULL, 13, 10, DIRECT },
    /* package.json */
    { "npm/all-package.json", "package-json", "plain", "^1.0.0", NULL, NULL, 5, 6, DIRECT },
    { "npm/all-package.json", "package-json", "@scope/real", "^2.0.0", "alias", NULL, 6, 19, DIRECT },
    { "npm/all-package.json", "package-json", "7zip-bin", NULL, "alias-of-digits", NULL, 7, 29, DIRECT },
    { "npm/all-package.json", "package-json", "yarn-range", "^4.0.0", NULL, NULL, 8, 6, DIRECT },
    { "npm/all-package.json", "package-json", "short", NULL, NULL, "someone/short", 9, 6, DIRECT },
    { "npm/all-package.json", "package-json", "sibling", NULL, NULL, "workspace:*", 13, 6, DIRECT },
    { "npm/all-package.json", "package-json", "catalogued", "catalog:", NULL, NULL, 15, 6, DIRECT },
    { "npm/all-package.json", "package-json", "tool", "~1.2.3", NULL, NULL, 22, 25, DIRECT | DEV },
    { "npm/all-package.json", "package-json", "bundled", NULL, NULL, NULL, 25, 27, DIRECT },
    { "npm/all-package.json", "package-json", "deep", "1.0.0", NULL, NULL, 27, 6, 0 },
    { "npm/all-package.json", "package-json", "evil-twin", "2.0.0", "deeper", NULL, 27, 47, 0 },
    { "npm/all-package.json", "package-json", "nested", "1.0.0", NULL, NULL, 30, 24, 0 },
    { "npm/all-package.json", "package-json", "@c/d", "2.0.0", NULL, NULL, 30, 48, 0 },
    { "npm/all-package.json", "package-json", "inner", "3.0.0", NULL, NULL, 31, 37, 0 },
    /* requirements */
    { "python/all-requirements.txt", NULL, "requests", ">= 2.8.1, == 2.8.*", NULL, NULL, 6, 1, DIRECT },
    { "python/all-requirements.txt", NULL, "Flask", "3.0.3", NULL, NULL, 7, 1, DIRECT },
    { "python/all-requirements.txt", NULL, "name-at", NULL, NULL, "https://example.com/name-at-1.0.zip", 10,
      1, DIRECT },
    { "python/all-requirements.txt", NULL, "paren", ">=1,<2", NULL, NULL, 11, 1, DIRECT },
    { "python/all-requirements.txt", NULL, "from_egg", NULL, NULL,
      "git+https://example.com/repo.git@v1#egg=from_egg&subdirectory=x", 12, 41, DIRECT },
    { "python/all-requirements.txt", NULL, "hidden-by-separator", "1", NULL, NULL, 17, 49, DIRECT },
    { "python/all-requirements.txt", NULL, "name-continued", "1.0", NULL, NULL, 18, 1, DIRECT },
    { "python/all-requirements.txt", NULL, "idna", "<4", NULL, NULL, 1, 1, 0 },
    { "python/all-requirements.txt", NULL, "certifi", NULL, NULL, NULL, 1, 1, DIRECT },
    { "python/utf16-requirements.txt", NULL, "flask", "3.0.3", NULL, NULL, 2, 1, DIRECT },
    /* go.mod */
    { "go/go.mod", NULL, "github.com/gin-gonic/gin", "v1.12.0", NULL, NULL, 6, 2, DIRECT },
    { "go/go.mod", NULL, "github.com/bytedance/gopkg", "v0.1.3", NULL, NULL, 13, 2, 0 },
    { "go/all-go.mod", "go-mod", "example.com/single", "v1.0.0", NULL, NULL, 8, 9, DIRECT },
    { "go/all-go.mod", "go-mod", "example.com/quoted", "v1.1.0", NULL, NULL, 10, 3, DIRECT },
    { "go/all-go.mod", "go-mod", "evil.example.com/replacement", "v1.2.1", "example.com/replaced", NULL, 21,
      26, DIRECT },
    { "go/all-go.mod", "go-mod", "example.com/replaced-version", "v1.3.9", NULL, NULL, 22, 41, DIRECT },
    { "go/all-go.mod", "go-mod", "example.com/replaced-other", "v1.3.0", NULL, NULL, 14, 2, 0 },
    { "go/all-go.mod", "go-mod", "example.com/local", "v1.4.0", NULL, "../local", 15, 2, DIRECT },
    { "go/all-go.mod", "go-mod", "example.com/fork", "v0.1.0", "example.com/only-indirectly", NULL, 26, 40,
      0 },
    /* Gemfile.lock */
    { "ruby/Gemfile.lock", NULL, "rails", "8.0.0.alpha", NULL, "https://github.com/rails/rails.git", 6, 5,
      DIRECT },
    { "ruby/Gemfile.lock", NULL, "billing", "0.1.0", NULL, "engines/billing", 12, 5, DIRECT },
    { "ruby/Gemfile.lock", NULL, "nokogiri", "1.16.5", NULL, NULL, 27, 5, DIRECT },
    { "ruby/Gemfile.lock", NULL, "racc", "1.8.0", NULL, NULL, 31, 5, 0 },
    { "ruby/Gemfile.lock", NULL, "tzinfo-data", NULL, NULL, NULL, 46, 3, DIRECT },
    /* pom.xml */
    { "maven/pom.xml", NULL, "org.example:parent", "1.0", NULL, NULL, 8, 17, DIRECT },
    { "maven/pom.xml", NULL, "org.slf4j:slf4j-api", "2.0.13", NULL, NULL, 38, 19, DIRECT },
    { "maven/pom.xml", NULL, "org.example:sibling", "1.0", NULL, NULL, 50, 9, DIRECT },
    { "maven/pom.xml", NULL, "org.junit.jupiter:junit-jupiter", "${junit.version}", NULL, NULL, 56, 19,
      DIRECT | DEV },
    { "maven/pom.xml", NULL, "com.google.guava:guava", "33.2.1-jre", NULL, NULL, 30, 21, 0 },
    { "maven/pom.xml", NULL, "com.vendor:on-disk", "1", NULL, "/opt/vendor/on-disk.jar", 61, 48, DIRECT },
    { "maven/pom.xml", NULL, "org.apache.maven.plugins:maven-compiler-plugin", NULL, NULL, NULL, 92, 21,
      DIRECT | DEV },
    { "maven/pom.xml", NULL, "org.projectlombok:lombok", "1.18.32", NULL, NULL, 97, 27, DIRECT | DEV },
    { "maven/pom.xml", NULL, "io.netty:netty-transport-native-epoll", NULL, NULL, NULL, 119, 23, DIRECT },
};

/* ---- small contents: what is read ---- */

/* name@version pairs, in order, separated by spaces; '?' for each unseen line behind them */
static const struct {
    const char *story, *format, *content, *expected;
} read_as[] = {
    { "root_says_it_needs_nothing", "package-lock", "{\"lockfileVersion\":3,\"packages\":{\"\":{}}}", "" },
    { "old_lock_with_empty_dependencies", "package-lock", "{\"lockfileVersion\":1,\"dependencies\":{}}", "" },
    { "hidden_lockfile_without_root", "package-lock",
      "{\"lockfileVersion\":3,\"packages\":{\"node_modules/a\":{\"version\":\"1.0.0\"}}}", "a@1.0.0" },
    { "version_behind_the_packages", "package-lock",
      "{\"packages\":{\"node_modules/a\":{\"version\":\"1.0.0\"}},\"lockfileVersion\":2}", "a@1.0.0" },
    { "v2_is_read_from_packages", "package-lock",
      "{\"lockfileVersion\":2,\"packages\":{\"node_modules/a\":{\"version\":\"1\"}},"
      "\"dependencies\":{\"b\":{\"version\":\"1\"}}}",
      "a@1" },
    { "v1_with_packages_is_read_from_both", "package-lock",
      "{\"lockfileVersion\":1,\"packages\":{\"node_modules/a\":{\"version\":\"1\"}},"
      "\"dependencies\":{\"b\":{\"version\":\"1\"}}}",
      "a@1 b@1" },
    { "alias_of_the_same_name_is_none", "package-json", "{\"dependencies\":{\"a\":\"npm:a@1\"}}", "a@1" },
    { "scope_joined_by_percent_2f", "package-lock",
      "{\"lockfileVersion\":3,\"packages\":{\"node_modules/q\":{\"resolved\":"
      "\"https://registry.npmjs.org/@s%2fq/-/q-1.tgz\"}}}",
      "@s/q@-" },
    { "archive_of_a_repository_host_is_no_package", "package-lock",
      "{\"lockfileVersion\":3,\"packages\":{\"node_modules/q\":{\"resolved\":"
      "\"https://gitlab.example/group/other/-/archive/main/other.tgz\"}}}",
      "q@-" },
    { "package_without_a_name_tail", "package-lock",
      "{\"lockfileVersion\":3,\"packages\":{\"node_modules/a\":{},\"node_modules/\":{}}}", "a@- ?" },
    { "byte_order_mark", "package-json", "\xef\xbb\xbf{\"dependencies\":{\"a\":\"1\"}}", "a@1" },
    { "package_json_without_dependencies", "package-json", "{\"name\":\"leaf\"}", "" },
    { "section_that_is_a_list", "package-json", "{\"dependencies\":[\"a\"]}", "?" },
    { "comment_joins_no_line", "requirements", "a # b \\\nc==1\nd\n", "a@- d@-" },
    { "comment_after_a_backslash_ends_the_line", "requirements", "a==1 \\\n# b\nc\n", "a@1 c@-" },
    { "long_options_may_be_shortened", "requirements", "--extra x\n--no-ind\na\n", "a@-" },
    { "hash_inside_a_url_is_no_comment", "requirements", "a @ https://e.example/a.zip#sha256=0\n", "a@-" },
    { "only_an_editable_project", "requirements", "-e .\n", "?" },
    { "options_before_and_behind", "requirements", "--pre\na==1 --hash=sha256:00 --hash sha256:11\n", "a@1" },
    { "include_behind_a_requirement", "requirements", "a -r b.txt\n", "a@- ?" },
    { "carriage_returns_alone", "requirements", "a==1\rb==2\r", "a@1 b@2" },
    { "quoted_option", "requirements", "-e 'x @ git+https://e.example/x'\n", "x@-" },
    { "name_in_another_script", "requirements", "r\xd0\xb5quests==1\n", "r\xd0\xb5quests@1" },
    { "wheel_without_a_name", "requirements", "./-1-py3-none-any.whl\n", "?" },
    { "wheel_path", "requirements", "dir/n-1.0-py3-none-any.whl\n", "n@1.0" },
    { "module_that_needs_nothing", "go-mod", "module example.com/x\n", "" },
    { "block_on_one_line", "go-mod", "module x\nrequire ( a v1 )\n", "a@v1" },
    { "gemfile_that_needs_nothing", "gemfile-lock", "GEM\n  specs:\n\nDEPENDENCIES\n", "" },
    { "gemfile_with_crlf", "gemfile-lock", "GEM\r\n  specs:\r\n    a (1.0-java)\r\n\r\nDEPENDENCIES\r\n",
      "a@1.0" },
    { "unknown_section", "gemfile-lock", "GEM\n  specs:\n    a (1)\n\nODD\n  x\n\nDEPENDENCIES\n", "a@1 ?" },
    { "pom_that_needs_nothing", "pom-xml", "<project><artifactId>a</artifactId></project>", "" },
    { "character_references", "pom-xml",
      "<project><dependencies><dependency><groupId>&#103;</groupId><artifactId><![CDATA[a]]>&amp;"
      "</artifactId></dependency></dependencies></project>",
      "g:a&@-" },
    { "latin1_pom", "pom-xml",
      "<?xml version='1.0' encoding='ISO-8859-1'?><project><name>caf\xe9</name><parent><groupId>g"
      "</groupId><artifactId>p</artifactId></parent></project>",
      "g:p@-" },
    { "property_that_differs_by_profile", "pom-xml",
      "<project><properties><n>good</n></properties><profiles><profile><properties><n>evil</n>"
      "</properties></profile></profiles><dependencies><dependency><groupId>g</groupId><artifactId>${n}"
      "</artifactId></dependency></dependencies></project>",
      "?" },
    { "billion_laughs_of_properties", "pom-xml",
      "<project><properties><a>${b}${b}${b}${b}</a><b>${c}${c}${c}${c}</b><c>${d}${d}${d}${d}</c>"
      "<d>${e}${e}${e}${e}</d><e>${f}${f}${f}${f}</e><f>${g}${g}${g}${g}</f><g></g></properties>"
      "<dependencies><dependency><groupId>g</groupId><artifactId>${a}</artifactId></dependency>"
      "</dependencies></project>",
      "?" },
};

/* ---- small contents: what is refused ---- */

#define LOCK "{\"lockfileVersion\":3,\"packages\":"

static const struct {
    const char *story, *format, *content, *message; /* behind "/nonexistent/bad:" */
} refused[] = {
    { "empty_lock", "package-lock", "",
      "1:1: the file ends where a value should stand; it is truncated: make it again" },
    { "truncated_lock", "package-lock", LOCK "{\n\"node_modules/a\":{\"versi",
      "2:25: the file ends where the end of a string should stand; it is truncated: make it again" },
    { "truncated_between_tokens", "package-lock", LOCK "{\"\":{}}",
      "1:40: the file ends where ',' or '}' should stand; it is truncated: make it again" },
    { "wrong_version", "package-lock", "{\n  \"lockfileVersion\": 4\n}",
      "2:22: lockfileVersion 4 is unknown; 1, 2 and 3 are read: 'npm install --package-lock-only "
      "--lockfile-version 3' writes it anew" },
    { "version_in_quotes", "package-lock", "{\"lockfileVersion\":\"3\"}",
      "1:21: lockfileVersion is a string; a number should stand" },
    { "no_version", "package-lock", "{\"packages\":{}}",
      "1:1: no lockfileVersion; is this a lockfile of npm 5 or later?" },
    { "no_packages", "package-lock", LOCK "{}}",
      "1:1: no packages; 'npm install --package-lock-only' writes the lockfile anew" },
    { "no_packages_though_root_needs_some", "package-lock", LOCK "{\"\":{\"dependencies\":{\"a\":\"1\"}}}}",
      "1:1: no packages; 'npm install --package-lock-only' writes the lockfile anew" },
    { "old_lock_without_dependencies", "package-lock", "{\"lockfileVersion\":1}",
      "1:1: no packages; 'npm install --package-lock-only' writes the lockfile anew" },
    { "packages_twice", "package-lock", LOCK "{\"\":{}},\"packages\":{}}",
      "1:42: \"packages\" stands twice; make the lockfile again" },
    { "field_twice", "package-lock", LOCK "{\"node_modules/a\":{\"name\":\"b\",\"name\":\"c\"}}}",
      "1:64: \"name\" stands twice; make the lockfile again" },
    { "nul_hides_the_rest_of_a_name", "package-lock", LOCK "{\"node_modules/a\\u0000b\":{}}}",
      "1:35: a NUL inside a name; do not trust this file" },
    { "lone_surrogate", "package-json", "{\"name\":\"a\\ud800b\"}",
      "1:11: half of a surrogate pair; write both halves or none" },
    { "invalid_utf8_in_json", "package-json", "{\"name\":\"a\xff\"}",
      "1:11: bytes that are no UTF-8; save the file as UTF-8" },
    { "utf16_json", "package-json", "\xff\xfe{", "1:1: UTF-16; save the file as UTF-8" },
    { "list_for_a_lockfile", "package-lock", "[]",
      "1:1: an array; a lockfile is an object: is this the right file?" },
    { "no_package_json", "package-json", "{}",
      "1:1: neither a name nor dependencies; is this a package.json?" },
    { "list_for_a_package_json", "package-json", "[]",
      "1:1: an array; a package.json is an object: is this the right file?" },
    { "comment_in_json", "package-json", "{\n// x\n}",
      "2:1: '/' where a key in double quotes should stand; make the file again, or mend it here" },
    { "empty_requirements", "requirements", "", "1:1: no requirements; is this the right file?" },
    { "only_comments", "requirements", "# a\n--pre\n", "1:1: no requirements; is this the right file?" },
    { "invalid_utf8_in_requirements", "requirements", "a\nb\xff\n",
      "2:2: bytes that are no UTF-8; save the file as UTF-8" },
    { "encoding_that_spells_names_otherwise", "requirements", "# coding: utf-7\na\n",
      "1:1: the encoding \"utf-7\" is not read; save it as UTF-8" },
    { "empty_go_mod", "go-mod", "", "1:1: no module directive; is this a go.mod?" },
    { "truncated_go_mod", "go-mod", "module x\nrequire (\n\ta v1\n",
      "2:1: a block that is not closed; the file is truncated: make it again" },
    { "go_requirement_without_version", "go-mod", "module x\nrequire a\n",
      "2:9: a requirement should read 'module version'; mend it" },
    { "go_replacement_without_arrow", "go-mod", "module x\nreplace a b\n",
      "2:9: a replacement should read 'old [version] => new [version]'; mend it" },
    { "go_string_escape", "go-mod", "module x\nrequire \"\\x61\" v1\n",
      "2:10: an escape in a string; write the module's path plainly" },
    { "empty_gemfile_lock", "gemfile-lock", "",
      "1:1: no DEPENDENCIES section; it is truncated or no lockfile: run 'bundle lock'" },
    { "gemfile_lock_without_gems", "gemfile-lock", "DEPENDENCIES\n  rails\n",
      "1:1: no gems though DEPENDENCIES names some; run 'bundle lock'" },
    { "merge_conflict", "gemfile-lock", "GEM\n  specs:\n<<<<<<< HEAD\n",
      "3:1: a merge conflict; solve it and run 'bundle lock'" },
    { "empty_pom", "pom-xml", "", "1:1: the XML ends too early; it is truncated: make it again" },
    { "entities", "pom-xml",
      "<?xml version='1.0'?>\n<!DOCTYPE p [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>\n"
      "<project><artifactId>&a;</artifactId></project>",
      "2:13: a DOCTYPE, which could define entities; no POM has one: remove it" },
    { "not_a_pom", "pom-xml", "<html></html>", "1:6: the root element is not 'project'; is this a POM?" },
    { "project_of_nothing", "pom-xml", "<project/>",
      "1:1: neither an artifactId nor dependencies; is this a POM?" },
    { "encoding_of_a_pom", "pom-xml", "<?xml version='1.0' encoding='UTF-7'?><project/>",
      "1:1: the encoding \"UTF-7\" is not read; save it as UTF-8" },
};
