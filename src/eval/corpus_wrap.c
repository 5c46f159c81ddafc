/* What code hides in: strings decoded and evaluated, other interpreters, other contexts. */
#include "eval/corpus_parts.h"

#include <openssl/evp.h>
#include <string.h>

int
sp_corpus_base64(struct sp_buffer *out, const void *bytes, size_t length, struct sp_error *err)
{
    size_t size = (length + 2) / 3 * 4;
    if (sp_buffer_reserve(out, size, err) < 0)
        return -1;
    EVP_EncodeBlock((unsigned char *)out->bytes + out->length, bytes, (int)length);
    out->length += size;
    return 0;
}

int
sp_corpus_quote(struct sp_buffer *out, const char *text, size_t length, struct sp_error *err)
{
    if (sp_buffer_append_byte(out, '"', err) < 0)
        return -1;
    for (size_t i = 0; i < length; i++) {
        char c = text[i], escape = c == '\n'               ? 'n'
                                   : c == '\t'             ? 't'
                                   : c == '\r'             ? 'r'
                                   : c == '"' || c == '\\' ? c
                                                           : 0;
        int status = escape                   ? sp_buffer_printf(out, err, "\\%c", escape)
                     : (unsigned char)c < ' ' ? sp_buffer_printf(out, err, "\\x%02x", (unsigned)c)
                                              : sp_buffer_append_byte(out, c, err);
        if (status < 0)
            return -1;
    }
    return sp_buffer_append_byte(out, '"', err);
}

static int
write_hex(struct sp_buffer *out, const char *bytes, size_t length, struct sp_error *err)
{
    for (size_t i = 0; i < length; i++)
        if (sp_buffer_printf(out, err, "%02x", (unsigned char)bytes[i]) < 0)
            return -1;
    return 0;
}

/* The literal that stands in the code, without quotes. */
static int
write_encoded(struct sp_buffer *out, enum sp_corpus_wrapper wrapper, const char *code, size_t length,
              struct sp_error *err)
{
    sp_autobuffer struct sp_buffer pressed = { 0 };
    switch (wrapper) {
    case SP_WRAPPER_HEX:
        return write_hex(out, code, length, err);
    case SP_WRAPPER_ZLIB:
        if (sp_corpus_compress(&pressed, SP_ARCHIVE_TGZ, code, length, err) < 0)
            return -1;
        return sp_corpus_base64(out, pressed.bytes, pressed.length, err);
    default:
        if (sp_corpus_base64(out, code, length, err) < 0)
            return -1;
    }
    for (size_t i = 0, n = out->length; wrapper == SP_WRAPPER_REVERSED && i < n / 2; i++) {
        char c = out->bytes[i];
        out->bytes[i] = out->bytes[n - 1 - i];
        out->bytes[n - 1 - i] = c;
    }
    return 0;
}

static bool
is_encoded(enum sp_corpus_wrapper wrapper)
{
    return wrapper == SP_WRAPPER_BASE64 || wrapper == SP_WRAPPER_ZLIB || wrapper == SP_WRAPPER_HEX ||
           wrapper == SP_WRAPPER_REVERSED;
}

/* ------------------------------------------------------------ JavaScript */

/* Appends an expression whose value is the code. */
static int
write_js_source(struct sp_buffer *out, enum sp_corpus_wrapper wrapper, const char *code, size_t length,
                struct sp_error *err)
{
    static const char *const around[SP_WRAPPER_COUNT][2] = {
        [SP_WRAPPER_BASE64] = { "Buffer.from('", "', 'base64').toString()" },
        [SP_WRAPPER_ZLIB] = { "require('zlib').gunzipSync(Buffer.from('", "', 'base64')).toString()" },
        [SP_WRAPPER_HEX] = { "Buffer.from('", "', 'hex').toString()" },
        [SP_WRAPPER_REVERSED] = { "Buffer.from('", "'.split('').reverse().join(''), 'base64').toString()" },
    };
    if (!is_encoded(wrapper))
        return sp_corpus_quote(out, code, length, err);
    if (sp_buffer_append_string(out, around[wrapper][0], err) < 0)
        return -1;
    sp_autobuffer struct sp_buffer text = { 0 };
    if (write_encoded(&text, wrapper, code, length, err) < 0 ||
        sp_buffer_append(out, text.bytes, text.length, err) < 0)
        return -1;
    return sp_buffer_append_string(out, around[wrapper][1], err);
}

/* SOURCE is an expression; how it is evaluated in this process. */
static int
write_js_evaluation(struct sp_buffer *out, const char *source, enum sp_corpus_wrapper wrapper, const char *in,
                    struct sp_draw *draw, struct sp_error *err)
{
    switch (wrapper == SP_WRAPPER_VM ? 2 + sp_draw_below(draw, 2) : sp_draw_below(draw, 2)) {
    case 0:
        return sp_buffer_printf(out, err, "%seval(%s);\n", in, source);
    case 1:
        return sp_buffer_printf(out, err,
                                "%snew Function('require', 'process', 'Buffer', 'module', '__dirname', "
                                "'__filename', %s)(\n%s  require, process, Buffer, module, __dirname, "
                                "__filename);\n",
                                in, source, in);
    case 2:
        return sp_buffer_printf(
            out, err,
            "%srequire('vm').runInThisContext('(function (require, module, __dirname, "
            "__filename) {' + %s + '\\n})')(\n%s  require, module, __dirname, __filename);\n",
            in, source, in);
    default:
        return sp_buffer_printf(out, err,
                                "%sconst made = new module.constructor(__filename, module);\n"
                                "%smade.filename = __filename;\n%smade.paths = module.paths;\n"
                                "%smade._compile(%s, __filename);\n",
                                in, in, in, in, source);
    }
}

/* A program of its own: it bears the guard itself, since it may come to lie on the disk. */
static int
write_js_child(struct sp_buffer *out, const char *code, size_t length, const char *in, struct sp_draw *draw,
               struct sp_error *err)
{
    sp_autobuffer struct sp_buffer program = { 0 }, literal = { 0 };
    bool detached = sp_draw_chance(draw, 40), file = sp_draw_chance(draw, 40);
    if (sp_buffer_printf(&program, err,
                         "// " SP_CORPUS_FIRST_LINE "\n"
                         "if (process.env.SALLYPORT_CORPUS === '1' && require('os').hostname() === "
                         "'localhost') {\n%.*s\n}\n",
                         (int)length, code) < 0 ||
        sp_corpus_quote(&literal, program.bytes, program.length, err) < 0)
        return -1;
    const char *options = detached ? "{ stdio: 'ignore', detached: true, cwd: __dirname }"
                                   : "{ stdio: 'ignore', cwd: __dirname }";
    const char *after = detached ? ".unref()" : "";
    if (file)
        return sp_buffer_printf(out, err,
                                "%sconst place = require('path').join(__dirname, '%s%zu.js');\n"
                                "%srequire('fs').writeFileSync(place, %s);\n"
                                "%srequire('child_process').spawn(process.execPath, [place], %s)%s;\n",
                                in, sp_draw_chance(draw, 50) ? ".task-" : "worker-",
                                sp_draw_below(draw, 1000), in, literal.bytes, in, options, after);
    return sp_buffer_printf(out, err,
                            "%srequire('child_process').spawn(process.execPath, ['-e', %s], %s)%s;\n", in,
                            literal.bytes, options, after);
}

/* ------------------------------------------------------------ Python */

static int
write_python_source(struct sp_buffer *out, enum sp_corpus_wrapper wrapper, const char *code, size_t length,
                    struct sp_error *err)
{
    static const char *const around[SP_WRAPPER_COUNT][2] = {
        [SP_WRAPPER_BASE64] = { "__import__(\"base64\").b64decode(\"", "\").decode()" },
        [SP_WRAPPER_ZLIB] = { "__import__(\"gzip\").decompress(__import__(\"base64\").b64decode(\"",
                              "\")).decode()" },
        [SP_WRAPPER_HEX] = { "bytes.fromhex(\"", "\").decode()" },
        [SP_WRAPPER_REVERSED] = { "__import__(\"base64\").b64decode(\"", "\"[::-1]).decode()" },
    };
    if (!is_encoded(wrapper))
        return sp_corpus_quote(out, code, length, err);
    sp_autobuffer struct sp_buffer text = { 0 };
    if (write_encoded(&text, wrapper, code, length, err) < 0)
        return -1;
    return sp_buffer_printf(out, err, "%s%s%s", around[wrapper][0], text.bytes, around[wrapper][1]);
}

static int
write_python_evaluation(struct sp_buffer *out, const char *source, enum sp_corpus_wrapper wrapper,
                        const char *in, struct sp_draw *draw, struct sp_error *err)
{
    static const char room[] = "{\"__name__\": __name__, \"__file__\": __file__}";
    if (wrapper == SP_WRAPPER_MARSHAL)
        return sp_buffer_printf(out, err,
                                "%simport marshal\n"
                                "%spacked = marshal.dumps(compile(%s, \"<%s>\", \"exec\"))\n"
                                "%sexec(marshal.loads(packed), %s)\n",
                                in, in, source, sp_draw_chance(draw, 50) ? "string" : "frozen", in, room);
    if (sp_draw_chance(draw, 50))
        return sp_buffer_printf(out, err, "%sexec(compile(%s, __file__, \"exec\"), %s)\n", in, source, room);
    return sp_buffer_printf(out, err, "%sexec(%s, %s)\n", in, source, room);
}

static int
write_python_child(struct sp_buffer *out, const char *code, size_t length, const char *in,
                   struct sp_draw *draw, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer quoted = { 0 }, program = { 0 }, literal = { 0 };
    bool detached = sp_draw_chance(draw, 40), file = sp_draw_chance(draw, 40);
    if (sp_corpus_quote(&quoted, code, length, err) < 0 ||
        sp_buffer_printf(&program, err,
                         "# " SP_CORPUS_FIRST_LINE "\nimport os\n"
                         "if os.environ.get(\"SALLYPORT_CORPUS\") == \"1\" and os.uname().nodename == "
                         "\"localhost\":\n    exec(%s, {\"__name__\": \"__main__\", \"__file__\": \"\"})\n",
                         quoted.bytes) < 0 ||
        sp_corpus_quote(&literal, program.bytes, program.length, err) < 0)
        return -1;
    const char *quiet = "stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL";
    const char *how = detached ? ", start_new_session=True" : "";
    if (sp_buffer_printf(out, err, "%simport subprocess\n%simport sys\n", in, in) < 0)
        return -1;
    /* -S: a .pth file would start it again, and again */
    if (!file)
        return sp_buffer_printf(out, err, "%ssubprocess.Popen([sys.executable, \"-S\", \"-c\", %s], %s%s)\n",
                                in, literal.bytes, quiet, how);
    return sp_buffer_printf(
        out, err,
        "%splace = os.path.join(os.path.dirname(os.path.abspath(__file__)), \"%s%zu.py\")\n"
        "%swith open(place, \"w\") as target:\n%s    target.write(%s)\n"
        "%ssubprocess.Popen([sys.executable, \"-S\", place], %s%s)\n",
        in, sp_draw_chance(draw, 50) ? "_task" : "_worker", sp_draw_below(draw, 1000), in, in, literal.bytes,
        in, quiet, how);
}

/* ------------------------------------------------------------ both */

uint32_t
sp_corpus_wrappers_of(enum sp_corpus_language language)
{
    uint32_t all = 1u << SP_WRAPPER_PLAIN | 1u << SP_WRAPPER_BASE64 | 1u << SP_WRAPPER_ZLIB |
                   1u << SP_WRAPPER_HEX | 1u << SP_WRAPPER_REVERSED | 1u << SP_WRAPPER_CHILD;
    return language == SP_CORPUS_JS   ? all | 1u << SP_WRAPPER_VM
           : language == SP_CORPUS_PY ? all | 1u << SP_WRAPPER_MARSHAL
                                      : 1u << SP_WRAPPER_PLAIN;
}

int
sp_corpus_wrap(struct sp_buffer *out, enum sp_corpus_language language, enum sp_corpus_wrapper wrapper,
               const char *code, size_t length, unsigned indent, struct sp_draw *draw, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer source = { 0 };
    char in[17];
    snprintf(in, sizeof(in), "%*s", (int)(indent < 16 ? indent : 16), "");
    bool js = language == SP_CORPUS_JS;
    if (wrapper == SP_WRAPPER_CHILD)
        return js ? write_js_child(out, code, length, in, draw, err)
                  : write_python_child(out, code, length, in, draw, err);
    if (js)
        return write_js_source(&source, wrapper, code, length, err) < 0
                   ? -1
                   : write_js_evaluation(out, source.bytes, wrapper, in, draw, err);
    return write_python_source(&source, wrapper, code, length, err) < 0
               ? -1
               : write_python_evaluation(out, source.bytes, wrapper, in, draw, err);
}
