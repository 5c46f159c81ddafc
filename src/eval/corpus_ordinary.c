/* Honest code that made-up packages export. */
#include "eval/corpus_parts.h"

struct ordinary {
    const char *name, *text;
};

#define KINDS 14
static const struct ordinary javascript[KINDS] = {
    { "clamp", "function clamp(value, least, most) {\n"
               "  return Math.min(Math.max(value, least), most);\n"
               "}\n" },
    { "chunk", "function chunk(list, size) {\n"
               "  const out = [];\n"
               "  for (let i = 0; i < list.length; i += size) out.push(list.slice(i, i + size));\n"
               "  return out;\n"
               "}\n" },
    { "slug",
      "function slug(text) {\n"
      "  return String(text).toLowerCase().trim().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '');\n"
      "}\n" },
    { "pick",
      "function pick(object, keys) {\n"
      "  return Object.fromEntries(keys.filter((key) => key in object).map((key) => [key, object[key]]));\n"
      "}\n" },
    { "memoize", "function memoize(work) {\n"
                 "  const seen = new Map();\n"
                 "  return (key) => {\n"
                 "    if (!seen.has(key)) seen.set(key, work(key));\n"
                 "    return seen.get(key);\n"
                 "  };\n"
                 "}\n" },
    { "parseQuery", "function parseQuery(text) {\n"
                    "  const out = {};\n"
                    "  for (const [key, value] of new URLSearchParams(text)) out[key] = value;\n"
                    "  return out;\n"
                    "}\n" },
    { "toHex",
      "function toHex(red, green, blue) {\n"
      "  return '#' + [red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('');\n"
      "}\n" },
    { "range", "function range(from, to, step = 1) {\n"
               "  const out = [];\n"
               "  for (let at = from; at < to; at += step) out.push(at);\n"
               "  return out;\n"
               "}\n" },
    { "retry", "async function retry(work, times = 3) {\n"
               "  for (let i = 1; ; i++) {\n"
               "    try {\n"
               "      return await work(i);\n"
               "    } catch (error) {\n"
               "      if (i >= times) throw error;\n"
               "    }\n"
               "  }\n"
               "}\n" },
    { "deepGet", "function deepGet(object, route, otherwise) {\n"
                 "  let at = object;\n"
                 "  for (const key of route.split('.')) {\n"
                 "    if (at === null || at === undefined) return otherwise;\n"
                 "    at = at[key];\n"
                 "  }\n"
                 "  return at === undefined ? otherwise : at;\n"
                 "}\n" },
    { "humanBytes", "function humanBytes(count) {\n"
                    "  const units = ['B', 'KiB', 'MiB', 'GiB'];\n"
                    "  let at = 0;\n"
                    "  while (count >= 1024 && at < units.length - 1) {\n"
                    "    count /= 1024;\n"
                    "    at++;\n"
                    "  }\n"
                    "  return count.toFixed(at ? 1 : 0) + ' ' + units[at];\n"
                    "}\n" },
    { "once", "function once(work) {\n"
              "  let done = false, value;\n"
              "  return (...args) => {\n"
              "    if (!done) value = work(...args);\n"
              "    done = true;\n"
              "    return value;\n"
              "  };\n"
              "}\n" },
    { "groupBy", "function groupBy(list, keyOf) {\n"
                 "  const out = {};\n"
                 "  for (const item of list) (out[keyOf(item)] ||= []).push(item);\n"
                 "  return out;\n"
                 "}\n" },
    { "wrapText", "function wrapText(text, width) {\n"
                  "  const lines = [''];\n"
                  "  for (const word of text.split(/\\s+/)) {\n"
                  "    if ((lines[lines.length - 1] + ' ' + word).trim().length > width) lines.push('');\n"
                  "    lines[lines.length - 1] = (lines[lines.length - 1] + ' ' + word).trim();\n"
                  "  }\n"
                  "  return lines.join('\\n');\n"
                  "}\n" },
};

static const struct ordinary python[KINDS] = {
    { "clamp", "def clamp(value, least, most):\n"
               "    return min(max(value, least), most)\n" },
    { "chunk", "def chunk(items, size):\n"
               "    return [items[i:i + size] for i in range(0, len(items), size)]\n" },
    { "slug", "def slug(text):\n"
              "    import re\n"
              "    return re.sub(r\"[^a-z0-9]+\", \"-\", str(text).lower()).strip(\"-\")\n" },
    { "pick", "def pick(mapping, keys):\n"
              "    return {key: mapping[key] for key in keys if key in mapping}\n" },
    { "memoize", "def memoize(work):\n"
                 "    seen = {}\n"
                 "\n"
                 "    def inner(key):\n"
                 "        if key not in seen:\n"
                 "            seen[key] = work(key)\n"
                 "        return seen[key]\n"
                 "    return inner\n" },
    { "parse_query", "def parse_query(text):\n"
                     "    from urllib.parse import parse_qsl\n"
                     "    return dict(parse_qsl(text))\n" },
    { "to_hex", "def to_hex(red, green, blue):\n"
                "    return \"#%02x%02x%02x\" % (red, green, blue)\n" },
    { "spread", "def spread(low, high, count):\n"
                "    step = (high - low) / max(count - 1, 1)\n"
                "    return [low + step * i for i in range(count)]\n" },
    { "retry", "def retry(work, times=3):\n"
               "    for left in range(times, 0, -1):\n"
               "        try:\n"
               "            return work()\n"
               "        except Exception:\n"
               "            if left == 1:\n"
               "                raise\n" },
    { "deep_get", "def deep_get(mapping, route, otherwise=None):\n"
                  "    at = mapping\n"
                  "    for key in route.split(\".\"):\n"
                  "        if not isinstance(at, dict) or key not in at:\n"
                  "            return otherwise\n"
                  "        at = at[key]\n"
                  "    return at\n" },
    { "human_bytes", "def human_bytes(count):\n"
                     "    for unit in (\"B\", \"KiB\", \"MiB\"):\n"
                     "        if count < 1024:\n"
                     "            return \"%.1f %s\" % (count, unit)\n"
                     "        count /= 1024\n"
                     "    return \"%.1f GiB\" % count\n" },
    { "once", "def once(work):\n"
              "    state = []\n"
              "\n"
              "    def inner(*args):\n"
              "        if not state:\n"
              "            state.append(work(*args))\n"
              "        return state[0]\n"
              "    return inner\n" },
    { "group_by", "def group_by(items, key_of):\n"
                  "    out = {}\n"
                  "    for item in items:\n"
                  "        out.setdefault(key_of(item), []).append(item)\n"
                  "    return out\n" },
    { "flatten", "def flatten(items):\n"
                 "    for item in items:\n"
                 "        if isinstance(item, (list, tuple)):\n"
                 "            yield from flatten(item)\n"
                 "        else:\n"
                 "            yield item\n" },
};

void
sp_corpus_draw_ordinary(struct sp_ordinary *out, struct sp_draw *draw)
{
    size_t at = sp_draw_below(draw, KINDS), step = sp_draw_chance(draw, 50) ? 3 : 5; /* prime to KINDS */
    out->count = 3 + sp_draw_below(draw, 7);
    for (size_t i = 0; i < out->count; i++)
        out->picks[i] = (unsigned char)((at + i * step) % KINDS);
}

const char *
sp_corpus_ordinary_name(enum sp_corpus_language language, unsigned pick)
{
    return language == SP_CORPUS_JS ? javascript[pick].name : python[pick].name;
}

const char *
sp_corpus_ordinary_text(enum sp_corpus_language language, unsigned pick)
{
    return language == SP_CORPUS_JS ? javascript[pick].text : python[pick].text;
}

int
sp_corpus_write_imports(struct sp_buffer *out, enum sp_corpus_language language, struct sp_draw *draw,
                        struct sp_error *err)
{
    static const char *const of_js[] = { "fs",          "path",          "os",     "util",
                                         "events",      "url",           "crypto", "zlib",
                                         "http",        "https",         "stream", "assert",
                                         "querystring", "child_process", "buffer", "string_decoder" };
    static const char *const of_python[] = { "json",           "re",        "os",          "sys",
                                             "pathlib",        "logging",   "hashlib",     "base64",
                                             "datetime",       "functools", "collections", "subprocess",
                                             "urllib.request", "tempfile",  "threading",   "socket" };
    bool js = language == SP_CORPUS_JS;
    size_t count = sp_draw_below(draw, 5), kinds = SP_COUNT(of_js), at = sp_draw_below(draw, kinds);
    for (size_t i = 0; i < count; i++) {
        const char *name = (js ? of_js : of_python)[(at + i * 5) % kinds];
        int status = js ? sp_buffer_printf(out, err, "const %s_ = require('%s');\n", name, name)
                        : sp_buffer_printf(out, err, "import %s\n", name);
        if (status < 0)
            return -1;
    }
    return 0;
}
