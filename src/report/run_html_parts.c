/* The page's head, its look, and how strings get into it. */
#include "report/run_html.h"
#include "report/report.h"
#include "base/digest.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <string.h>

/* The only thing on the page that a browser acts upon; its digest is what the policy of the page lets
 * through.
 */
static const char style[] =
    ":root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--ink:#1b1f24;--soft:#5b6570;--line:#dfe3e8;"
    "--band:#eef1f5;--band2:#f6f8fa;--bar:#8fa6bf;--own:#b9c4cf;--code:#f0f2f5;--red:#b42318;--redbg:#fdecea;"
    "--amber:#915b00;--amberbg:#fdf3dc;--green:#1c6b3f;--greenbg:#e4f4ea;--blue:#1f5fa8}"
    "@media(prefers-color-scheme:dark){:root{--bg:#12151a;--card:#1a1e25;--ink:#e4e8ed;--soft:#97a2ae;"
    "--line:#2d343d;--band:#20262e;--band2:#1a1f26;--bar:#5f7f9f;--own:#46525f;--code:#232932;--red:#ff8a80;"
    "--redbg:#3a1d1d;--amber:#f0c069;--amberbg:#352a12;--green:#7fd6a2;--greenbg:#16301f;--blue:#86b8f0}}"
    "*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,"
    "-apple-system,'Segoe UI',Roboto,sans-serif}main{max-width:1120px;margin:0 auto;padding:28px 20px 56px}"
    "h1{font-size:1.5rem;line-height:1.25;margin:0;font-weight:650;letter-spacing:-.01em}"
    "h2{font-size:1.02rem;margin:34px 0 10px;font-weight:650}h2 small{font-weight:400;color:var(--soft);"
    "font-size:.86rem;margin-left:6px}h3{font-size:1rem;margin:0 0 4px;font-weight:620}"
    "code,pre,.m{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;"
    "overflow-wrap:anywhere}.soft{color:var(--soft)}"
    ".top{display:flex;gap:16px;align-items:center;padding:20px "
    "22px;border-radius:12px;background:var(--card);"
    "border:1px solid var(--line);border-left:6px solid var(--soft)}.top>div{min-width:0}"
    ".block{border-left-color:var(--red)!important}.review,.inconclusive{border-left-color:var(--amber)!"
    "important}"
    ".allow{border-left-color:var(--green)!important}.badge{flex:none;padding:7px 15px;border-radius:999px;"
    "font-weight:680;text-transform:uppercase;letter-spacing:.05em;font-size:.84rem}"
    ".badge.block{background:var(--redbg);color:var(--red)}.badge.review,.badge.inconclusive{background:"
    "var(--amberbg);color:var(--amber)}.badge.allow{background:var(--greenbg);color:var(--green)}"
    ".cmd{margin:3px 0 "
    "0;color:var(--soft)}.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,"
    "1fr));gap:1px;margin:14px 0 0;background:var(--line);border:1px solid var(--line);border-radius:12px;"
    "overflow:hidden}.facts div{background:var(--card);padding:11px 16px}.facts dt,dt{color:var(--soft);"
    "font-size:.8rem}.facts dd{margin:0;font-weight:560;overflow-wrap:anywhere}"
    ".note{margin:14px 0 0;padding:11px 16px;border-radius:10px;background:var(--amberbg);color:var(--amber)}"
    ".note ul{margin:4px 0 0;padding-left:18px}"
    ".card{background:var(--card);border:1px solid var(--line);border-left:4px solid "
    "var(--soft);border-radius:10px;"
    "padding:14px 18px;margin:10px 0}.card p{margin:0 0 6px}.card dl{display:grid;grid-template-columns:92px "
    "1fr;"
    "gap:3px 12px;align-items:baseline;margin:8px 0 0}.card dd{margin:0;min-width:0;overflow-wrap:anywhere}"
    ".card .do{margin:10px 0 0}.card pre{margin:10px 0 0;padding:8px "
    "12px;background:var(--code);border-radius:7px;"
    "white-space:pre-wrap}.tag{font-size:.78rem;color:var(--soft);float:right;margin-left:12px}"
    ".pane{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:12px 16px;"
    "overflow-x:auto}svg{display:block;width:100%;min-width:760px;height:auto}"
    "svg text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans "
    "Mono',monospace;fill:var(--soft)}"
    "svg .label{fill:var(--ink)}svg .phase{font-weight:600}svg .band0{fill:var(--band)}svg .band1{fill:"
    "var(--band2)}svg .bar{fill:var(--bar)}svg .own{fill:var(--own)}svg .grid{stroke:var(--line)}"
    "svg .bad{fill:var(--red)}svg .warn{fill:var(--amber)}svg .net{fill:var(--card);stroke:var(--blue);"
    "stroke-width:2}.legend{display:flex;flex-wrap:wrap;gap:6px 20px;font-size:.84rem;color:var(--soft);"
    "margin:8px 0 2px}.legend "
    "b{font-weight:400}.k0{color:var(--bar)}.k1{color:var(--own)}.k2{color:var(--red)}"
    ".k3{color:var(--blue)}table{border-collapse:collapse;width:100%;font-size:.92rem}th{text-align:left;"
    "font-weight:500;color:var(--soft);font-size:.8rem;padding:3px 14px 5px 0}td{padding:5px 14px 5px 0;"
    "border-top:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}td.n,th.n{text-align:right;"
    "white-space:nowrap;padding:5px 0 5px "
    "16px;font-size:.88rem;font-variant-numeric:tabular-nums}.hot{color:var(--red);font-weight:"
    "600}"
    "details{margin:0}summary{cursor:pointer}.fold>summary{padding:9px 0;font-weight:560}"
    ".fold+.fold{border-top:1px solid var(--line)}.tree details,.tree "
    ".leaf{padding-left:18px;border-left:1px "
    "solid var(--line);margin-left:4px}.tree>details,.tree>.leaf{border-left:0;padding-left:0;margin-left:0}"
    ".tree .leaf{padding-top:2px;padding-bottom:2px}.tree>.leaf{padding-left:16px}.tree summary{padding:2px "
    "0}"
    ".tree .leaf .leaf{margin:0}.pk{display:inline-block;padding:0 "
    "7px;border-radius:5px;background:var(--code);"
    "font-size:.8rem;margin-right:6px;overflow-wrap:anywhere}.tree .w{color:var(--ink)}.tree "
    ".i{color:var(--soft);"
    "font-size:.82rem;margin-left:8px;white-space:nowrap}footer{margin-top:38px;color:var(--soft);"
    "font-size:.84rem}@media(max-width:640px){.top{display:block}.badge{display:inline-block;margin-bottom:"
    "10px}"
    ".card dl{grid-template-columns:1fr}.card dd{margin-bottom:5px}}"
    "@media print{body{background:#fff}.pane{overflow:visible}svg{min-width:0}}";

void
sp_html_put(struct sp_html *html, const char *text)
{
    if (!html->failed && sp_buffer_append_string(html->out, text, html->err) < 0)
        html->failed = true;
}

void
sp_html_putf(struct sp_html *html, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (length < 0 || length >= (int)sizeof(text)) {
        html->failed = true;
        sp_fail(html->err, SP_ERROR_INTERNAL, "a piece of the page is too long");
        return;
    }
    sp_html_put(html, text);
}

/* PRINTABLE holds no control any more, so these five are all that HTML and XML know in text and attributes.
 */
static void
put_escaped(struct sp_html *html, const char *printable)
{
    while (*printable && !html->failed) {
        size_t plain = strcspn(printable, "&<>\"'");
        if (plain && sp_buffer_append(html->out, printable, plain, html->err) < 0)
            html->failed = true;
        printable += plain;
        switch (*printable) {
        case '&':
            sp_html_put(html, "&amp;");
            break;
        case '<':
            sp_html_put(html, "&lt;");
            break;
        case '>':
            sp_html_put(html, "&gt;");
            break;
        case '"':
            sp_html_put(html, "&quot;");
            break;
        case '\'':
            sp_html_put(html, "&#39;");
            break;
        default:
            return;
        }
        printable++;
    }
}

void
sp_html_text(struct sp_html *html, const char *string, size_t most)
{
    char printable[SP_TEXT_SHOWN_MAX];
    if (!string)
        return;
    if (most < 16 || most > sizeof(printable))
        most = sizeof(printable);
    sp_utf8_printable(printable, most, string, strnlen(string, 2 * sizeof(printable)));
    put_escaped(html, printable);
}

void
sp_html_fitted(struct sp_html *html, const char *string, unsigned columns)
{
    char fitted[SP_TEXT_SHOWN_MAX];
    put_escaped(html, sp_text_fitted(fitted, string, columns));
}

void
sp_html_words(struct sp_html *html, const char *words, size_t most)
{
    char text[SP_TEXT_SHOWN_MAX];
    size_t length = words ? strnlen(words, sizeof(text) - 1) : 0;
    while (length && words[length - 1] == SP_EVENT_WORD_END)
        length--;
    for (size_t i = 0; i < length; i++)
        text[i] = words[i] == SP_EVENT_WORD_END ? ' ' : words[i];
    text[length] = '\0';
    sp_html_text(html, text, most);
}

void
sp_html_count(struct sp_html *html, uint64_t count)
{
    char text[SP_REPORT_COUNT_MAX];
    sp_html_put(html, sp_report_count(text, count));
}

void
sp_html_time(struct sp_html *html, uint64_t time)
{
    char text[SP_TEXT_FIGURE_MAX];
    if (time >= html->started && time)
        sp_html_put(html, sp_text_duration(text, time - html->started));
}

const char *
sp_html_who(const char *who)
{
    static const char *const names[][2] = { { "manager", "the package manager" },
                                            { "project", "the project's own scripts" },
                                            { "command", "the command" } };
    for (size_t i = 0; who && i < SP_COUNT(names); i++)
        if (!strcmp(who, names[i][0]))
            return names[i][1];
    return "laid to nobody";
}

void
sp_html_head(struct sp_html *html)
{
    unsigned char value[SP_DIGEST_MAX];
    char sri[SP_DIGEST_TEXT_MAX];
    sp_autodigest struct sp_digest *digest = sp_digest_new(SP_DIGEST_SHA256, html->err);
    if (!digest || sp_digest_add(digest, style, sizeof(style) - 1, html->err) < 0 ||
        sp_digest_finish(digest, value, html->err) < 0) {
        html->failed = true;
        return;
    }
    sp_digest_write_sri(sri, SP_DIGEST_SHA256, value);
    sp_html_put(html,
                "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '");
    sp_html_put(html, sri);
    sp_html_put(
        html, "'; base-uri 'none'; form-action 'none'\">\n"
              "<meta name=\"referrer\" content=\"no-referrer\">\n"
              "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Sallyport: ");
    sp_html_put(html, sp_outcome_name(html->run->outcome));
    sp_html_put(html, "</title>\n<style>");
    sp_html_put(html, style);
    sp_html_put(html, "</style>\n</head>\n");
}
