/* Each category by pairs that people know: ten that are of its kind and ten that are not, as its source
 * defines it. */
#include "small_index.h"

struct pair_case {
    const char *ecosystem, *name, *target;
};

/* Where the category is judged by two names. */
#define CASES 16
struct table {
    enum sp_category_id id;
    struct pair_case holds[CASES], fails[CASES];
};

static const struct table tables[] = {
    /* one character added, lost, replaced, or two neighbours swapped; a delimiter alone is its own category
     */
    { .id = SP_CATEGORY_EDIT_DISTANCE,
      .holds = { { "npm", "loadsh", "lodash" },
                 { "npm", "lodahs", "lodash" },
                 { "npm", "expres", "express" },
                 { "npm", "reactt", "react" },
                 { "npm", "axois", "axios" },
                 { "npm", "@babel/croe", "@babel/core" },
                 { "npm", "@bable/core", "@babel/core" },
                 { "pypi", "reqests", "requests" },
                 { "pypi", "djanga", "django" },
                 { "pypi", "urllib", "urllib3" },
                 { "rubygems", "rials", "rails" },
                 { "golang", "github.com/spf13/corba", "github.com/spf13/cobra" } },
      .fails = { { "npm", "crossenv", "cross-env" },
                 { "npm", "body_parser", "body-parser" },
                 { "npm", "loadhs", "lodash" },
                 { "npm", "lodash-utils", "lodash" },
                 { "npm", "underscore", "lodash" },
                 { "npm", "expr", "express" },
                 { "npm", "parser-body", "body-parser" },
                 { "pypi", "rqeusst", "requests" },
                 { "pypi", "nmap-python", "python-nmap" },
                 { "pypi", "djangorestframework", "django" },
                 { "maven", "com.google.guava:gauvas", "com.google.guava:guava" },
                 { "npm", "azure-core-tracing", "@azure/core-tracing" } } },
    /* something stands before or behind the whole target */
    { .id = SP_CATEGORY_AFFIX,
      .holds = { { "npm", "lodash-utils", "lodash" },
                 { "npm", "node-sqlite3", "sqlite3" },
                 { "npm", "react-native-video-player", "react-native-video" },
                 { "npm", "expressjs", "express" },
                 { "npm", "my-body-parser", "body-parser" },
                 { "npm", "@babel/core-next", "@babel/core" },
                 { "pypi", "pyrequests", "requests" },
                 { "pypi", "requests-toolbox", "requests" },
                 { "pypi", "python-boto3", "boto3" },
                 { "pypi", "tensorflow-gpu-nightly", "tensorflow" },
                 { "rubygems", "rails-core", "rails" },
                 { "rubygems", "ruby-nokogiri", "nokogiri" } },
      .fails = { { "npm", "lodahs", "lodash" },
                 { "npm", "lodash", "lodash" },
                 { "npm", "lodashs", "lodash" },
                 { "npm", "cross-env", "cross-env-shell" },
                 { "npm", "parser-body", "body-parser" },
                 { "npm", "bodyparser", "body-parser" },
                 { "npm", "load-ash", "lodash" },
                 { "npm", "http-download", "http-fetch" },
                 { "npm", "@azure/core", "@azure/core-tracing" },
                 { "pypi", "opencv", "opencv-python" },
                 { "pypi", "request", "requests" },
                 { "rubygems", "sinatra", "rails" } } },
    /* the same words in another order */
    { .id = SP_CATEGORY_REORDERING,
      .holds = { { "npm", "parser-body", "body-parser" },
                 { "npm", "env-cross", "cross-env" },
                 { "npm", "native-react-video", "react-native-video" },
                 { "npm", "loader-css", "css-loader" },
                 { "npm", "@babel/env-preset", "@babel/preset-env" },
                 { "pypi", "nmap-python", "python-nmap" },
                 { "pypi", "dateutil-python", "python-dateutil" },
                 { "pypi", "learn-scikit", "scikit-learn" },
                 { "pypi", "client-mysql", "mysql-client" },
                 { "rubygems", "pool-connection", "connection-pool" },
                 { "rubygems", "support-active", "active-support" } },
      .fails = { { "npm", "body-parser", "body-parser" },
                 { "npm", "body_parser", "body-parser" },
                 { "npm", "parser-bodys", "body-parser" },
                 { "npm", "bodyparser", "body-parser" },
                 { "npm", "parser-body-json", "body-parser" },
                 { "npm", "parserbody", "body-parser" },
                 { "npm", "lodash", "lodahs" },
                 { "npm", "a-b-b", "b-a-a" },
                 { "pypi", "python-dateutils", "python-dateutil" },
                 { "pypi", "nmap", "python-nmap" },
                 { "rubygems", "connection-pool", "connection-pool" } } },
    /* delimiters added, removed or replaced, and nothing else */
    { .id = SP_CATEGORY_DELIMITER,
      .holds = { { "npm", "bodyparser", "body-parser" },
                 { "npm", "crossenv", "cross-env" },
                 { "npm", "body_parser", "body-parser" },
                 { "npm", "cross.env", "cross-env" },
                 { "npm", "socketio", "socket.io" },
                 { "npm", "socket-io", "socket.io" },
                 { "npm", "lo-dash", "lodash" },
                 { "npm", "node.fetch", "node-fetch" },
                 { "pypi", "pythondateutil", "python-dateutil" },
                 { "pypi", "scikitlearn", "scikit-learn" },
                 { "rubygems", "active-support", "activesupport" },
                 { "rubygems", "multi-json", "multi_json" } },
      .fails = { { "npm", "body-parser", "body-parser" },
                 { "npm", "bodyparsr", "body-parser" },
                 { "npm", "body-parser-", "body-parse" },
                 { "npm", "parser-body", "body-parser" },
                 { "npm", "azure-core-tracing", "@azure/core-tracing" },
                 { "npm", "lodash", "lodahs" },
                 { "npm", "socket.io-client", "socket.io" },
                 { "npm", "express", "express-session" },
                 { "pypi", "python_dateutil", "python-dateutil" },
                 { "pypi", "zope.interface", "zope-interface" },
                 { "rubygems", "rails", "rack" } } },
    /* number or form of a word changes, its meaning stays */
    { .id = SP_CATEGORY_GRAMMATICAL,
      .holds = { { "npm", "request-parsers", "request-parser" },
                 { "npm", "body-parsers", "body-parser" },
                 { "npm", "color-converter", "color-convert" },
                 { "npm", "css-loading", "css-loader" },
                 { "npm", "body-parsing", "body-parser" },
                 { "npm", "color-strings", "color-string" },
                 { "npm", "array-indices", "array-index" },
                 { "npm", "file-libraries", "file-library" },
                 { "pypi", "request", "requests" },
                 { "pypi", "python-mappers", "python-mapper" },
                 { "pypi", "http-responses", "http-response" },
                 { "rubygems", "connection-pools", "connection-pool" } },
      .fails = { { "npm", "body-parser", "body-parser" },
                 { "npm", "lodahs", "lodash" },
                 { "npm", "body-pursers", "body-parser" },
                 { "npm", "parsers-body", "body-parser" },
                 { "npm", "body-parsers-json", "body-parser" },
                 { "npm", "expres", "express" },
                 { "npm", "clas-names", "class-names" },
                 { "npm", "rub", "ruby" },
                 { "npm", "cach", "cache" },
                 { "npm", "colour", "color" },
                 { "pypi", "numpi", "numpy" },
                 { "rubygems", "redi", "redis" } } },
    /* the target's words under another scope, or with the scope made part of the name, or without it */
    { .id = SP_CATEGORY_SCOPE,
      .holds = { { "npm", "azure-core-tracing", "@azure/core-tracing" },
                 { "npm", "babel-preset-env", "@babel/preset-env" },
                 { "npm", "core-tracing", "@azure/core-tracing" },
                 { "npm", "preset-env", "@babel/preset-env" },
                 { "npm", "@azurre/core-tracing", "@azure/core-tracing" },
                 { "npm", "@evil/preset-env", "@babel/preset-env" },
                 { "npm", "babelcore", "@babel/core" },
                 { "npm", "@someone/lodash", "lodash" },
                 { "maven", "org.slf4j2:slf4j-api", "org.slf4j:slf4j-api" },
                 { "golang", "github.com/spf14/cobra", "github.com/spf13/cobra" },
                 { "huggingface", "g00gle/gemma-2b", "google/gemma-2b" },
                 { "npm", "types-node", "@types/node" } },
      .fails = { { "npm", "@azure/core-trace", "@azure/core-tracing" },
                 { "npm", "@babel/preset-env", "@babel/preset-env" },
                 { "npm", "@babel/preset-react", "@babel/preset-env" },
                 { "npm", "lodahs", "lodash" },
                 { "npm", "bodyparser", "body-parser" },
                 { "npm", "lodash-utils", "lodash" },
                 { "npm", "@someone/something", "lodash" },
                 { "npm", "babel-loader", "@babel/core" },
                 { "maven", "org.slf4j:slf4j-log4j12", "org.slf4j:slf4j-api" },
                 { "golang", "github.com/spf13/viper", "github.com/spf13/cobra" },
                 { "huggingface", "google/gemma-7b", "google/gemma-2b" } } },
    /* a word gives way to one that means much the same */
    { .id = SP_CATEGORY_SEMANTIC,
      .holds = { { "npm", "image-picture", "image-photo" },
                 { "npm", "http-download", "http-fetch" },
                 { "npm", "css-stylesheet", "css-style" },
                 { "npm", "redis-cache", "redis-store" },
                 { "npm", "calendar-picker", "date-picker" },
                 { "npm", "time-picker", "date-picker" },
                 { "npm", "mysql-server", "mysql-client" },
                 { "npm", "audio-player", "music-player" },
                 { "pypi", "string-length", "string-size" },
                 { "pypi", "django-rest-auth", "django-rest-login" },
                 { "pypi", "crypto-bitcoin", "crypto-ethereum" },
                 { "rubygems", "yaml-reader", "yaml-parser" } },
      .fails = { { "npm", "color-banana", "color-convert" },
                 { "npm", "body-zebra", "body-parser" },
                 { "npm", "lodahs", "lodash" },
                 { "npm", "body-parsr", "body-parser" },
                 { "npm", "lodash-utils", "lodash" },
                 { "npm", "parser-body", "body-parser" },
                 { "npm", "bodyparser", "body-parser" },
                 { "npm", "underscore", "lodash" },
                 { "npm", "cross-penguin", "cross-env" },
                 { "pypi", "python-quokka", "python-dateutil" },
                 { "rubygems", "connection-mango", "connection-pool" } } },
    /* a word gives way to one that means something else */
    { .id = SP_CATEGORY_ASEMANTIC,
      .holds = { { "npm", "color-banana", "color-convert" },
                 { "npm", "body-zebra", "body-parser" },
                 { "npm", "cross-penguin", "cross-env" },
                 { "npm", "express-walrus", "express-session" },
                 { "npm", "banana-loader", "css-loader" },
                 { "pypi", "python-quokka", "python-dateutil" },
                 { "pypi", "scikit-tortoise", "scikit-learn" },
                 { "pypi", "mango-interface", "zope-interface" },
                 { "rubygems", "connection-mango", "connection-pool" },
                 { "rubygems", "banana-support", "active-support" } },
      .fails = { { "npm", "body-parsr", "body-parser" },
                 { "npm", "lodahs", "lodash" },
                 { "npm", "body-parser", "body-parser" },
                 { "npm", "lodash-banana", "lodash" },
                 { "npm", "cross", "cross-env" },
                 { "npm", "parser-body", "body-parser" },
                 { "npm", "underscore", "lodash" },
                 { "npm", "crossenv", "cross-env" },
                 { "npm", "banana-mango", "body-parser" },
                 { "npm", "image-picture", "image-photo" },
                 { "pypi", "python-postgres", "python-postgresql" },
                 { "pypi", "django", "flask" } } },
    /* said alike, written otherwise */
    { .id = SP_CATEGORY_HOMOPHONIC,
      .holds = { { "npm", "fone-book", "phone-book" },
                 { "npm", "ekspress", "express" },
                 { "npm", "colour", "color" },
                 { "npm", "reakt", "react" },
                 { "npm", "bite-size", "byte-size" },
                 { "npm", "file-right", "file-write" },
                 { "npm", "kache-manager", "cache-manager" },
                 { "npm", "web-pac", "web-pack" },
                 { "pypi", "phlask", "flask" },
                 { "pypi", "numpie", "numpy" },
                 { "pypi", "sypher", "cipher" },
                 { "rubygems", "raels", "rails" },
                 { "rubygems", "cinatra", "sinatra" },
                 { "npm", "aksios", "axios" } },
      .fails = { { "npm", "lodash", "lodash" },
                 { "npm", "body_parser", "body-parser" },
                 { "npm", "lodax", "lodash" },
                 { "npm", "preact", "react" },
                 { "npm", "vue", "react" },
                 { "npm", "webpick", "webpack" },
                 { "npm", "color-canvart", "color-convert" },
                 { "pypi", "flusk", "flask" },
                 { "pypi", "numpy-x", "numpy" },
                 { "pypi", "pandas-gpu", "pandas" },
                 { "rubygems", "rolls", "rails" },
                 { "rubygems", "rock", "rack" } } },
    /* the target without some of its words */
    { .id = SP_CATEGORY_SIMPLIFICATION,
      .holds = { { "npm", "body", "body-parser" },
                 { "npm", "parser", "body-parser" },
                 { "npm", "react-native", "react-native-video" },
                 { "npm", "react-video", "react-native-video" },
                 { "npm", "@azure/core", "@azure/core-tracing" },
                 { "npm", "socket", "socket.io" },
                 { "npm", "fetch", "node-fetch" },
                 { "pypi", "opencv", "opencv-python" },
                 { "pypi", "dateutil", "python-dateutil" },
                 { "pypi", "yaml", "pyyaml" },
                 { "pypi", "scikit", "scikit-learn" },
                 { "rubygems", "connection", "connection-pool" } },
      .fails = { { "npm", "body-parser", "body-parser" },
                 { "npm", "body-parser-json", "body-parser" },
                 { "npm", "bodyparser", "body-parser" },
                 { "npm", "parser-body", "body-parser" },
                 { "npm", "body-banana", "body-parser" },
                 { "npm", "lodas", "lodash" },
                 { "npm", "dash", "lodash" },
                 { "npm", "core-tracing", "@azure/core-tracing" },
                 { "npm", "underscore", "lodash" },
                 { "pypi", "request", "requests" },
                 { "pypi", "num", "numpy" },
                 { "rubygems", "rails", "rack" } } },
    /* the other spelling of the same word: British, a number in letters, an abbreviation */
    { .id = SP_CATEGORY_SPELLING,
      .holds = { { "npm", "colour", "color" },
                 { "npm", "colour-convert", "color-convert" },
                 { "npm", "serialise", "serialize" },
                 { "npm", "css-normalise", "css-normalize" },
                 { "npm", "web-two", "web-2" },
                 { "npm", "analyse-css", "analyze-css" },
                 { "npm", "license-check", "licence-check" },
                 { "npm", "text-centre", "text-center" },
                 { "npm", "discord.javascript", "discord.js" },
                 { "pypi", "grey-image", "gray-image" },
                 { "pypi", "behaviour-tree", "behavior-tree" },
                 { "rubygems", "catalogue", "catalog" } },
      .fails = { { "npm", "color", "color" },
                 { "npm", "colr", "color" },
                 { "npm", "colour-string", "color-convert" },
                 { "npm", "colour-convert-cli", "color-convert" },
                 { "npm", "lodahs", "lodash" },
                 { "npm", "bodyparser", "body-parser" },
                 { "npm", "web-three", "web-2" },
                 { "npm", "text-left", "text-center" },
                 { "pypi", "numpi", "numpy" },
                 { "pypi", "requests-x", "requests" },
                 { "rubygems", "rack", "rails" } } },
    /* letters replaced by others that look alike */
    { .id = SP_CATEGORY_HOMOGRAPHIC,
      .holds = { { "npm", "1odash", "lodash" },
                 { "npm", "l0dash", "lodash" },
                 { "npm", "rnodernizr", "modernizr" },
                 { "npm", "vvebpack", "webpack" },
                 { "npm", "ax1os", "axios" },
                 { "npm", "5ocket.io", "socket.io" },
                 { "npm", "lod\xd0\xb0sh", "lodash" },
                 { "npm", "\xd0\xb0xios", "axios" },
                 { "pypi", "dj4ngo", "django" },
                 { "pypi", "f1ask", "flask" },
                 { "pypi", "num0y-7lib", "numoy-7lib" },
                 { "rubygems", "rai1s", "rails" },
                 { "nuget", "Newt\xd0\xbensoft.Json", "Newtonsoft.Json" } },
      .fails = { { "npm", "lodash", "lodash" },
                 { "npm", "ladash", "lodash" },
                 { "npm", "lodahs", "lodash" },
                 { "npm", "lo-dash", "lodash" },
                 { "npm", "webback", "webpack" },
                 { "npm", "axioz", "axios" },
                 { "npm", "lodash2", "lodash" },
                 { "npm",
                   "l\xd0\xb6"
                   "dash",
                   "lodash" },
                 { "pypi", "djungo", "django" },
                 { "pypi", "flaskk", "flask" },
                 { "rubygems", "raids", "rails" },
                 { "nuget", "Newtonsoft.Json", "newtonsoft.json" } } },
    /* the target's own mark in a name that is otherwise another one */
    { .id = SP_CATEGORY_FAMILIAR_TERM,
      .holds = { { "npm", "solana-rpc-client", "@solana/web3.js" },
                 { "npm", "axios-downloader", "axios-retry" },
                 { "npm", "azure-blob-tools", "@azure/core-tracing" },
                 { "npm", "sentry-express-hook", "@sentry/node" },
                 { "npm", "my-metamask-wallet", "metamask-sdk" },
                 { "npm", "binance-trader", "binance-connector" },
                 { "pypi", "nmap-helper", "nmap-scan" },
                 { "pypi", "coinbase-trading-bot", "coinbase-advanced-py" },
                 { "pypi", "opencv-toolkit", "opencv-python" },
                 { "pypi", "discordpy-selfbot", "discordpy-components" },
                 { "maven", "io.github.acme:caffeine-scanner",
                   "com.github.ben-manes.caffeine:caffeine-guava" },
                 { "rubygems", "nokogiri-forms", "nokogiri-happymapper" } },
      .fails = { { "npm", "lodash", "lodash" },
                 { "npm", "lodash-utils", "lodash" },
                 { "npm", "lodahs", "lodash" },
                 { "npm", "react-table", "node-fetch" },
                 { "npm", "body-banana", "cookie-parser" },
                 { "npm", "underscore", "lodash" },
                 { "npm", "node-server", "node-fetch" },
                 { "npm", "css-core", "css-loader" },
                 { "pypi", "opencv", "opencv-python" },
                 { "pypi", "nmap-python", "python-nmap" },
                 { "pypi", "python-helper", "python-dateutil" },
                 { "rubygems", "ruby-tools", "ruby-progressbar" } } },
    /* the publisher's name is imitated, the package's is kept */
    { .id = SP_CATEGORY_IMPERSONATION,
      .holds = { { "npm", "@typess/node", "@types/node" },
                 { "npm", "@bable/core", "@babel/core" },
                 { "npm", "@azurre/core-tracing", "@azure/core-tracing" },
                 { "npm", "@sentry-internals/node", "@sentry/node" },
                 { "npm", "@angular-dev/core", "@angular/core" },
                 { "maven", "org.slf4jj:slf4j-api", "org.slf4j:slf4j-api" },
                 { "maven", "com.gooogle.guava:guava", "com.google.guava:guava" },
                 { "golang", "github.com/spf14/cobra", "github.com/spf13/cobra" },
                 { "golang", "github.com/gorila/mux", "github.com/gorilla/mux" },
                 { "huggingface", "gooogle/gemma-2b", "google/gemma-2b" },
                 { "huggingface", "meta-Ilama/Llama-2-7b", "meta-llama/Llama-2-7b" } },
      .fails = { { "npm", "@types/node", "@types/node" },
                 { "npm", "@types/lodash", "@types/node" },
                 { "npm", "types-node", "@types/node" },
                 { "npm", "@typess/lodash", "@types/node" },
                 { "npm", "lodahs", "lodash" },
                 { "npm", "@someone/core", "@babel/core" },
                 { "maven", "com.acme:slf4j-api", "org.slf4j:slf4j-api" },
                 { "maven", "org.slf4j:slf4j-simple", "org.slf4j:slf4j-api" },
                 { "golang", "github.com/spf13/corba", "github.com/spf13/cobra" },
                 { "golang", "github.com/acme/cobra", "github.com/spf13/cobra" },
                 { "huggingface", "google/gemma-2c", "google/gemma-2b" },
                 { "huggingface", "mistralai/gemma-2b", "google/gemma-2b" } } },
    /* several changes at once */
    { .id = SP_CATEGORY_COMPOUND,
      .holds = { { "npm", "loadash-cli", "lodash" },
                 { "npm", "loadhs", "lodash" },
                 { "npm", "bodyparsr", "body-parser" },
                 { "npm", "node-expres", "express" },
                 { "npm", "crosenv", "cross-env" },
                 { "npm", "lodahs-utils", "lodash" },
                 { "npm", "socket-i0", "socket.io" },
                 { "pypi", "reqeust", "requests" },
                 { "pypi", "pythondateutl", "python-dateutil" },
                 { "pypi", "tensrflow-gpus", "tensorflow" },
                 { "rubygems", "active-suport", "activesupport" },
                 { "maven", "com.google.guava:gauvas", "com.google.guava:guava" } },
      .fails = { { "npm", "lodash", "lodash" },
                 { "npm", "lodahs", "lodash" },
                 { "npm", "bodyparser", "body-parser" },
                 { "npm", "lodash-utils", "lodash" },
                 { "npm", "parser-body", "body-parser" },
                 { "npm", "underscore", "lodash" },
                 { "npm", "vue", "vux" },
                 { "npm", "body", "body-parser" },
                 { "npm", "azure-core-tracing", "@azure/core-tracing" },
                 { "pypi", "flask", "django" },
                 { "pypi", "dateutil", "python-dateutil" },
                 { "rubygems", "rake", "rack" } } },
};

/* Where lists of names that are no packages decide. NAME is looked up; TARGET is what must be (or must not
 * be) said to be meant, NULL: whatever. */
static const struct table listed[] = {
    { .id = SP_CATEGORY_COMMAND,
      .holds = { { "npm", "install", NULL },
                 { "npm", "uninstall", NULL },
                 { "npm", "publish", NULL },
                 { "npm", "package.json", NULL },
                 { "npm", "audit", NULL },
                 { "pypi", "install", NULL },
                 { "pypi", "requirements.txt", NULL },
                 { "pypi", "timeit", NULL },
                 { "pypi", "asyncio", NULL },
                 { "pypi", "freeze", NULL },
                 { "rubygems", "install", NULL },
                 { "cargo", "add", NULL } },
      .fails = { { "npm", "lodahs", NULL },
                 { "npm", "installation-of-mine", NULL },
                 { "npm", "left-padding", NULL },
                 { "npm", "requests", NULL },
                 { "pypi", "reqests", NULL },
                 { "pypi", "pandaas", NULL },
                 { "pypi", "timeit-tool", NULL },
                 { "pypi", "colour-science-x", NULL },
                 { "rubygems", "rials", NULL },
                 { "cargo", "serde-jason", NULL } } },
    { .id = SP_CATEGORY_IMPORT_NAME,
      .holds = { { "pypi", "cv2", "opencv-python" },
                 { "pypi", "bs4", "beautifulsoup4" },
                 { "pypi", "yaml", "PyYAML" },
                 { "pypi", "dateutil", "python-dateutil" },
                 { "pypi", "sklearn", "scikit-learn" },
                 { "pypi", "PIL", "Pillow" },
                 { "pypi", "dotenv", "python-dotenv" },
                 { "pypi", "jwt", "PyJWT" },
                 { "pypi", "serial", "pyserial" },
                 { "pypi", "MySQLdb", "mysqlclient" },
                 { "pypi", "Crypto", "pycryptodome" },
                 { "pypi", "git", "GitPython" } },
      .fails = { { "pypi", "cv3", "opencv-python" },
                 { "pypi", "reqests", "requests" },
                 { "pypi", "bs5", "beautifulsoup4" },
                 { "pypi", "pyyml", "PyYAML" },
                 { "pypi", "cv2", "scikit-learn" },
                 { "pypi", "sklearn", "opencv-python" },
                 { "pypi", "install", "requests" },
                 { "pypi", "dateutl", "python-dateutil" },
                 { "npm", "cv2", "opencv-python" },
                 { "npm", "bs4", "beautifulsoup4" },
                 { "rubygems", "sklearn", "scikit-learn" } } },
    { .id = SP_CATEGORY_CROSS_ECOSYSTEM,
      .holds = { { "npm", "activesupport", "activesupport" },
                 { "npm", "nokogiri", "nokogiri" },
                 { "npm", "beautifulsoup4", "beautifulsoup4" },
                 { "npm", "scikit-learn", "scikit-learn" },
                 { "npm", "python-dateutil", "python-dateutil" },
                 { "npm", "matplotlib", "matplotlib" },
                 { "pypi", "lodash", "lodash" },
                 { "pypi", "cross-env", "cross-env" },
                 { "pypi", "body-parser", "body-parser" },
                 { "pypi", "activesupport", "activesupport" },
                 { "pypi", "nokogiri", "nokogiri" },
                 { "rubygems", "body-parser", "body-parser" },
                 { "rubygems", "pycryptodome", "pycryptodome" },
                 { "rubygems", "scikit-learn", "scikit-learn" } },
      .fails = { { "npm", "activesuport", "activesupport" },
                 { "npm", "nokogiri-x", "nokogiri" },
                 { "npm", "lodahs", "lodash" },
                 { "npm", "lodash", "lodash" },
                 { "npm", "@acme/nokogiri", "nokogiri" },
                 { "npm", "scikit-larn", "scikit-learn" },
                 { "pypi", "lodahs", "lodash" },
                 { "pypi", "vuex-thing", "react" },
                 { "pypi", "matplotlib", "matplotlib" },
                 { "rubygems", "lodash-es", "lodash" },
                 { "rubygems", "nokogiri", "nokogiri" } } },
    { .id = SP_CATEGORY_SLOPSQUATTING,
      .holds = { { "npm", "react-codeshift-helper", NULL },
                 { "npm", "lodash-async-map", NULL },
                 { "npm", "express-json-validator-pro", NULL },
                 { "npm", "@acme/never-published", NULL },
                 { "npm", "unused-imports-fixer", NULL },
                 { "npm", "loadash", NULL },
                 { "npm", "jwt-decode-verify", NULL },
                 { "npm", "node-email-parser-x", NULL },
                 { "npm", "axios-cache-layer", NULL },
                 { "npm", "huggingface-cli", NULL },
                 { "npm", "starlette-reverse-proxy", NULL } },
      .fails = { { "npm", "left-pad", NULL },
                 { "npm", "is-odd", NULL },
                 { "npm", "JSONStream", NULL },
                 { "npm", "@types/lodash", NULL },
                 { "npm", "eslint-plugin-react", NULL },
                 { "npm", "lodash", NULL },
                 { "npm", "lodash-es", NULL },
                 { "npm", "is-even", NULL },
                 { "npm", "babel-plugin-lodash", NULL },
                 { "npm", "q", NULL },
                 { "pypi", "no-list-is-loaded-for-pypi", NULL } } },
};

static struct small_index small;

static int
build_index(void **state SP_UNUSED)
{
    static const char *const npm[] = { "react",
                                       "lodash",
                                       "express",
                                       "axios",
                                       "webpack",
                                       "body-parser",
                                       "cross-env",
                                       "socket.io",
                                       "modernizr",
                                       "color-convert",
                                       "css-loader",
                                       "node-fetch",
                                       "@babel/core",
                                       "@types/node",
                                       "@babel/preset-env",
                                       "@azure/core-tracing",
                                       "color",
                                       NULL };
    static const char *const pypi[] = { "requests",   "django",          "numpy",
                                        "flask",      "python-dateutil", "scikit-learn",
                                        "PyYAML",     "opencv-python",   "beautifulsoup4",
                                        "Pillow",     "python-dotenv",   "PyJWT",
                                        "pyserial",   "mysqlclient",     "pycryptodome",
                                        "GitPython",  "matplotlib",      "pandas",
                                        "tensorflow", "python-nmap",     NULL };
    static const char *const rubygems[] = {
        "rails", "activesupport", "nokogiri", "rack", "multi_json", NULL
    };
    static const char *const cargo[] = { "serde", "tokio", NULL };
    small_begin(&small);
    small_trust(&small, "npm", npm);
    small_trust(&small, "pypi", pypi);
    small_trust(&small, "rubygems", rubygems);
    small_trust(&small, "cargo", cargo);
    small.recipe.names[SP_NPM] = small_write(
        &small, "names.tsv",
        "name\nleft-pad\nis-odd\nis-even\nJSONStream\n@types/lodash\neslint-plugin-react\nlodash\n"
        "lodash-es\nbabel-plugin-lodash\nq\n");
    if (!small_take_words(&small))
        fail_msg("SALLYPORT_DATA_DIR holds no word tables");
    small_build(&small);
    return 0;
}

static int
drop_index(void **state SP_UNUSED)
{
    small_end(&small);
    return 0;
}

static const char *
list_categories(uint32_t set)
{
    static char text[512];
    text[0] = '\0';
    for (int i = 0; i < SP_CATEGORY_COUNT; i++)
        if (set >> i & 1)
            snprintf(text + strlen(text), sizeof(text) - strlen(text), " %s", sp_categories[i]->name);
    return set ? text : " none";
}

static uint32_t
related(const struct pair_case *pair)
{
    struct sp_match match;
    struct sp_error err = { 0 };
    const struct sp_ecosystem *ecosystem = small_ecosystem(pair->ecosystem);
    if (sp_relate(small.searcher, ecosystem, pair->name, ecosystem, pair->target, &match, &err) < 0)
        fail_msg("%s", err.text);
    return match.categories;
}

/* The categories of the matches with this target (NULL: of any), and slopsquatting. */
static uint32_t
searched(const struct pair_case *pair)
{
    static struct sp_search_result result;
    struct sp_error err = { 0 };
    if (sp_search(small.searcher, small_ecosystem(pair->ecosystem), pair->name, strlen(pair->name), &result,
                  &err) < 0)
        return 0; /* a name that breaks the registry's rules cannot be confused with anything */
    uint32_t set = result.unlisted ? 1u << SP_CATEGORY_SLOPSQUATTING : 0;
    for (size_t i = 0; i < result.count; i++)
        if (!pair->target || strcmp(result.matches[i].target, pair->target) == 0)
            set |= result.matches[i].categories;
    return set;
}

static unsigned
check_cases(enum sp_category_id id, const struct pair_case *cases, bool expected,
            uint32_t (*judge)(const struct pair_case *))
{
    unsigned wrong = 0;
    for (size_t i = 0; i < CASES && cases[i].name; i++) {
        uint32_t set = judge(&cases[i]);
        if ((set >> id & 1) == expected)
            continue;
        print_message("%s: %s%s%s is %s %s; it is:%s\n", cases[i].ecosystem, cases[i].name,
                      cases[i].target ? " for " : "", cases[i].target ? cases[i].target : "",
                      expected ? "not found to be" : "wrongly found to be", sp_categories[id]->name,
                      list_categories(set));
        wrong++;
    }
    return wrong;
}

static void
pairs_are_of_the_kinds_that_people_see(void **state SP_UNUSED)
{
    unsigned wrong = 0;
    for (size_t i = 0; i < SP_COUNT(tables); i++) {
        wrong += check_cases(tables[i].id, tables[i].holds, true, related);
        wrong += check_cases(tables[i].id, tables[i].fails, false, related);
    }
    if (wrong)
        fail_msg("%u pairs are judged wrongly", wrong);
}

static void
names_in_lists_are_of_the_kinds_that_people_see(void **state SP_UNUSED)
{
    unsigned wrong = 0;
    for (size_t i = 0; i < SP_COUNT(listed); i++) {
        wrong += check_cases(listed[i].id, listed[i].holds, true, searched);
        wrong += check_cases(listed[i].id, listed[i].fails, false, searched);
    }
    if (wrong)
        fail_msg("%u names are judged wrongly", wrong);
}

static void
cross_ecosystem_pairs_are_judged_as_pairs_too(void **state SP_UNUSED)
{
    static const struct {
        const char *ecosystem, *name, *other, *target;
        bool holds;
    } cases[] = {
        { "npm", "activesupport", "rubygems", "activesupport", true },
        { "npm", "active-support", "rubygems", "activesupport", true },
        { "pypi", "lodash", "npm", "lodash", true },
        { "npm", "activesuport", "rubygems", "activesupport", false },
        { "npm", "lodash", "npm", "lodash", false },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct sp_match match;
        struct sp_error err = { 0 };
        if (sp_relate(small.searcher, small_ecosystem(cases[i].ecosystem), cases[i].name,
                      small_ecosystem(cases[i].other), cases[i].target, &match, &err) < 0)
            fail_msg("%s", err.text);
        if ((match.categories >> SP_CATEGORY_CROSS_ECOSYSTEM & 1) != cases[i].holds)
            fail_msg("%s: %s for %s:%s: %s", cases[i].ecosystem, cases[i].name, cases[i].other,
                     cases[i].target, list_categories(match.categories));
    }
}

static size_t
count_cases(const struct pair_case *cases)
{
    size_t count = 0;
    while (count < CASES && cases[count].name)
        count++;
    return count;
}

static void
every_category_has_ten_pairs_of_either_sort(void **state SP_UNUSED)
{
    size_t holds[SP_CATEGORY_COUNT] = { 0 }, fails[SP_CATEGORY_COUNT] = { 0 };
    for (size_t i = 0; i < SP_COUNT(tables); i++) {
        holds[tables[i].id] += count_cases(tables[i].holds);
        fails[tables[i].id] += count_cases(tables[i].fails);
    }
    for (size_t i = 0; i < SP_COUNT(listed); i++) {
        holds[listed[i].id] += count_cases(listed[i].holds);
        fails[listed[i].id] += count_cases(listed[i].fails);
    }
    for (int i = 0; i < SP_CATEGORY_COUNT; i++) {
        assert_non_null(sp_categories[i]);
        if (holds[i] < 10 || fails[i] < 10)
            fail_msg("%s: %zu pairs that hold and %zu that do not", sp_categories[i]->name, holds[i],
                     fails[i]);
    }
}

static void
table_of_categories_is_in_order(void **state SP_UNUSED)
{
    for (int i = 0; i < SP_CATEGORY_COUNT; i++) {
        const struct sp_category *category = sp_categories[i];
        assert_int_equal(category->id, i);
        assert_ptr_equal(sp_category_find(category->name), category);
        assert_true(category->title[0] && category->source[0] && category->example[0]);
        assert_int_equal(strspn(category->name, "abcdefghijklmnopqrstuvwxyz-"), strlen(category->name));
    }
    assert_null(sp_category_find("typo"));
    assert_null(sp_category_find(""));
}

static void
documentation_is_of_this_table(void **state SP_UNUSED)
{
    const char *folder = getenv("SALLYPORT_DOCS_DIR");
    char path[512], row[512];
    sp_autobuffer struct sp_buffer text = { 0 };
    struct sp_error err = { 0 };
    snprintf(path, sizeof(path), "%s/categories.md", folder && *folder ? folder : "docs");
    if (sp_file_read(path, 1 << 20, &text, &err) < 0)
        fail_msg("%s", err.text);
    for (int i = 0; i < SP_CATEGORY_COUNT; i++) {
        const struct sp_category *category = sp_categories[i];
        snprintf(row, sizeof(row), "| `%s` | %s | %s | %s |\n", category->name, category->title,
                 category->source, category->example);
        if (!strstr(text.bytes, row))
            fail_msg("%s: has no row %s", path, row);
        snprintf(row, sizeof(row), "\n| `%s` | ", category->name);
        const char *first = strstr(text.bytes, row);
        if (!first || !strstr(first + 1, row))
            fail_msg("%s: has no definition of %s", path, category->name);
    }
}

/* "A for B" in the table is shown to users: it must be true. */
static void
examples_are_examples_of_their_category(void **state SP_UNUSED)
{
    unsigned tried = 0, wrong = 0;
    for (int i = 0; i < SP_CATEGORY_COUNT; i++) {
        char name[128];
        snprintf(name, sizeof(name), "%s", sp_categories[i]->example);
        char *target = strstr(name, " for ");
        if (!sp_categories[i]->holds || i == SP_CATEGORY_CROSS_ECOSYSTEM || !target)
            continue;
        *target = '\0';
        target += 5;
        bool import = i == SP_CATEGORY_IMPORT_NAME;
        struct pair_case pair = { import ? "pypi" : "npm", name, target };
        uint32_t set = import ? searched(&pair) : related(&pair);
        if (!(set >> i & 1)) {
            print_message("%s for %s is no example of %s; it is:%s\n", name, target, sp_categories[i]->name,
                          list_categories(set));
            wrong++;
        }
        tried++;
    }
    assert_true(tried >= 15);
    assert_int_equal(wrong, 0);
}

/* --- The benign side ------------------------------------------------------------------------------------ */

static void
honest_families_are_never_blocked(void **state SP_UNUSED)
{
    static const struct pair_case cases[] = {
        { "npm", "@types/lodash", "typings" },
        { "npm", "@types/react-router-hash-link", "typings" },
        { "npm", "eslint-plugin-x", "plugin" },
        { "npm", "eslint-plugin-lodash-fp", "plugin" },
        { "npm", "eslint-config-acme", "plugin" },
        { "npm", "babel-plugin-lodash", "plugin" },
        { "npm", "babel-plugin-transform-acme", "plugin" },
        { "npm", "lodash-es", "another build" },
        { "npm", "lodash.throttle", "a part" },
        { "npm", "@babel/plugin-acme", "its own scope" },
        { "npm", "@aws-sdk/client-acme", "its own scope" },
        { "npm", "@angular/acme", "its own scope" },
        { "npm", "react-router-acme", "extension" },
        { "npm", "webpack-acme-plugin", "plugin" },
        { "npm", "express2", "a second version" },
        { "npm", "vite-plugin-acme", "plugin" },
        { "pypi", "django-y", "plugin" },
        { "pypi", "django-acme-admin", "plugin" },
        { "pypi", "requests-oauthlib", "extension" },
        { "pypi", "pytest-acme", "plugin" },
        { "pypi", "flask-acme", "plugin" },
        { "pypi", "types-requests", "typings" },
        { "pypi", "redis2", "a second version" },
        { "rubygems", "rails-acme", "plugin" },
        { "rubygems", "rspec-acme", "plugin" },
        { "maven", "org.springframework.boot:spring-boot-starter-acme", "its own group" },
        { "golang", "github.com/aws/aws-sdk-go-v2/service/acme", "its own path" },
        { "cargo", "serde-acme", "plugin" },
    };
    struct sp_index *index = real_index();
    if (!index)
        skip();
    struct sp_searcher *searcher;
    struct sp_error err = { 0 };
    assert_int_equal(sp_searcher_new(&searcher, index, &err), 0);
    double block = sp_searcher_thresholds(searcher).block;
    struct sp_features_view features;
    static struct sp_search_result result;
    unsigned wrong = 0;
    assert_int_equal(sp_search(searcher, small_ecosystem("npm"), "loadsh", 6, &result, &err), 0);
    assert_int_equal(sp_relate_features(searcher, &features, &err), 0);
    bool fitted = features.contributions != NULL;
    for (size_t i = 0; fitted && i < SP_COUNT(cases); i++) {
        if (sp_search(searcher, small_ecosystem(cases[i].ecosystem), cases[i].name, strlen(cases[i].name),
                      &result, &err) < 0)
            fail_msg("%s", err.text);
        if (result.count && result.matches[0].risk >= block) {
            print_message("%s: %s (%s) is blocked: %s, risk %.3f\n", cases[i].ecosystem, cases[i].name,
                          cases[i].target, result.matches[0].target, result.matches[0].risk);
            wrong++;
        }
    }
    sp_searcher_free(searcher);
    sp_index_close(index);
    if (!fitted) {
        print_message("[  SKIPPED ] the index has no model: likeness alone cannot tell families apart\n");
        skip();
    }
    assert_int_equal(wrong, 0);
}

static void
trusted_packages_are_never_an_alarm(void **state SP_UNUSED)
{
    /* each is near another trusted one, or a command, builtin or import */
    static const struct pair_case cases[] = {
        { "npm", "color", NULL },
        { "npm", "@babel/core", NULL },
        { "npm", "axios", NULL },
        { "pypi", "requests", NULL },
        { "pypi", "Requests", NULL },
        { "pypi", "pyyaml", NULL },
        { "pypi", "PYTHON_DATEUTIL", NULL },
        { "rubygems", "rack", NULL },
        { "rubygems", "multi_json", NULL },
        { "cargo", "serde", NULL },
    };
    static struct sp_search_result result;
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct sp_error err = { 0 };
        if (sp_search(small.searcher, small_ecosystem(cases[i].ecosystem), cases[i].name,
                      strlen(cases[i].name), &result, &err) < 0)
            fail_msg("%s", err.text);
        if (!result.trusted || result.count || !result.rank)
            fail_msg("%s: %s: trusted %d, %zu matches", cases[i].ecosystem, cases[i].name, result.trusted,
                     result.count);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_of_categories_is_in_order),
        cmocka_unit_test(every_category_has_ten_pairs_of_either_sort),
        cmocka_unit_test(pairs_are_of_the_kinds_that_people_see),
        cmocka_unit_test(names_in_lists_are_of_the_kinds_that_people_see),
        cmocka_unit_test(cross_ecosystem_pairs_are_judged_as_pairs_too),
        cmocka_unit_test(documentation_is_of_this_table),
        cmocka_unit_test(examples_are_examples_of_their_category),
        cmocka_unit_test(honest_families_are_never_blocked),
        cmocka_unit_test(trusted_packages_are_never_an_alarm),
    };
    return cmocka_run_group_tests(tests, build_index, drop_index);
}
