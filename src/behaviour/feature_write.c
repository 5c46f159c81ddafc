/* feature_write.c: rows as CSV (RFC 4180) and JSON, and the run as the tables that QUT-DV25 publishes. */
#include "base/file.h"
#include "base/json.h"
#include "base/utf8.h"
#include "behaviour/feature_tally.h"
#include "ecosystem/purl.h"
#include "model/plain_locale.h"

#include <errno.h>
#include <math.h>
#include <sys/stat.h>

#define FIELD_MAX (2 * SP_PURL_MAX)

/* A hostile string: printable, and quoted where the format needs it. */
static int
put_text(struct sp_buffer *out, const char *text, struct sp_error *err)
{
    char shown[FIELD_MAX];
    sp_utf8_printable(shown, sizeof(shown), text, strnlen(text, FIELD_MAX));
    if (!strpbrk(shown, ",\" "))
        return sp_buffer_append_string(out, shown, err);
    if (sp_buffer_append_byte(out, '"', err) < 0)
        return -1;
    for (const char *at = shown; *at; at++)
        if ((*at == '"' && sp_buffer_append_byte(out, '"', err) < 0) ||
            sp_buffer_append_byte(out, *at, err) < 0)
            return -1;
    return sp_buffer_append_byte(out, '"', err);
}

/* As few digits as read back to the same number. */
static int
put_number(struct sp_buffer *out, double value, struct sp_error *err)
{
    char text[32];
    if (isnan(value))
        return sp_buffer_append_string(out, "NaN", err);
    snprintf(text, sizeof(text), "%.15g", value);
    if (strtod(text, NULL) != value)
        snprintf(text, sizeof(text), "%.17g", value);
    return sp_buffer_append_string(out, text, err);
}

static const char *
phase_of(const struct sp_feature_row *row)
{
    return row->phase < 0 ? "all" : sp_phase_name((enum sp_phase)row->phase);
}

int
sp_features_csv(const struct sp_feature_row *rows, size_t count, struct sp_buffer *out, struct sp_error *err)
{
    SP_PLAIN_LOCALE;
    if (sp_buffer_append_string(out, "package,kind,phase", err) < 0)
        return -1;
    for (size_t i = 0; i < sp_feature_count; i++)
        if (sp_buffer_printf(out, err, ",%s", sp_feature_table[i].id) < 0)
            return -1;
    for (size_t r = 0; r < count; r++) {
        if (sp_buffer_append_string(out, "\r\n", err) < 0 ||
            put_text(out, rows[r].package ? rows[r].package : "", err) < 0 ||
            sp_buffer_printf(out, err, ",%s,%s", rows[r].kind, phase_of(&rows[r])) < 0)
            return -1;
        for (size_t i = 0; i < sp_feature_count; i++)
            if (sp_buffer_append_byte(out, ',', err) < 0 || put_number(out, rows[r].values[i], err) < 0)
                return -1;
    }
    return sp_buffer_append_string(out, "\r\n", err);
}

int
sp_features_json(const struct sp_feature_row *rows, size_t count, struct sp_buffer *out, struct sp_error *err)
{
    SP_PLAIN_LOCALE;
    sp_autojson struct sp_json json = { .err = err };
    sp_json_begin_object(&json);
    sp_json_key(&json, "version");
    sp_json_integer(&json, SP_FEATURES_VERSION);
    sp_json_key(&json, "rows");
    sp_json_begin_array(&json);
    for (size_t r = 0; r < count; r++) {
        sp_json_begin_object(&json);
        sp_json_key(&json, "package");
        sp_json_string(&json, rows[r].package);
        sp_json_key(&json, "kind");
        sp_json_string(&json, rows[r].kind);
        sp_json_key(&json, "phase");
        sp_json_string(&json, phase_of(&rows[r]));
        sp_json_key(&json, "features");
        sp_json_begin_object(&json);
        for (size_t i = 0; i < sp_feature_count; i++) {
            sp_json_key(&json, sp_feature_table[i].id);
            sp_json_number(&json, rows[r].values[i], 17);
        }
        sp_json_end_object(&json);
        sp_json_end_object(&json);
    }
    sp_json_end_array(&json);
    sp_json_end_object(&json);
    if (sp_json_finish(&json) < 0)
        return -1;
    return sp_buffer_append(out, sp_buffer_string(&json.out), json.out.length, err);
}

/* ----------------------------------------------------------------------------------------------- QUT-DV25 */

/* Columns of opensnoop's table that are none of the 36. */
enum further { TOTAL_PATHS, ERRORS, DESCRIPTORS, PYTHON_PACKAGES, UNIQUE_PATHS, FURTHER_END };

struct column {
    const char *name;
    const char *feature; /* id; NULL: .further */
    enum further further;
};

static const struct column filetop[] = {
    { "Read_Processes", "filetop.read-processes", 0 },
    { "Write_Processes", "filetop.write-processes", 0 },
    { "Read_Data_Transfer", "filetop.read-data-transfer", 0 },
    { "Write_Data_Transfer", "filetop.write-data-transfer", 0 },
    { "File_Access_Processes", "filetop.file-access-processes", 0 },
    { 0 },
};
static const struct column install[] = {
    { "Total_Dependencies", "install.total-dependencies", 0 },
    { "Direct_Dependencies", "install.direct-dependencies", 0 },
    { "Indirect_Dependencies", "install.indirect-dependencies", 0 },
    { 0 },
};
static const struct column opensnoop[] = {
    { "Total_Paths", NULL, TOTAL_PATHS },
    { "Total_Error_Counts", NULL, ERRORS },
    { "Total_FD_Counts", NULL, DESCRIPTORS },
    { "Total_Python_Package_Count", NULL, PYTHON_PACKAGES },
    { "Unique_Path_Count", NULL, UNIQUE_PATHS },
    { "Root", "opensnoop.root", 0 },
    { "Temporary", "opensnoop.temp", 0 },
    { "Home", "opensnoop.home", 0 },
    { "User", "opensnoop.user", 0 },
    { "Sys", "opensnoop.sys", 0 },
    { "Etc", "opensnoop.etc", 0 },
    { "Other", "opensnoop.other", 0 },
    { 0 },
};
static const struct column tcp[] = {
    { "State_Transitions", "tcp.state-transitions", 0 },
    { "Local_IPs", "tcp.local-ips", 0 },
    { "Remote_IPs", "tcp.remote-ips", 0 },
    { "Local_Ports", "tcp.local-ports", 0 },
    { "Remote_Ports", "tcp.remote-ports", 0 },
    { 0 },
};
static const struct column system_calls[] = {
    { "IO_Operations", "syscall.io", 0 },
    { "File_Operations", "syscall.file", 0 },
    { "Network_Operations", "syscall.network", 0 },
    { "Time_Operations", "syscall.time", 0 },
    { "Security_Operations", "syscall.security", 0 },
    { "Process_Operations", "syscall.process", 0 },
    { 0 },
};
static const struct column patterns[] = {
    { "Pattern_1", "pattern.1", 0 },
    { "Pattern_2", "pattern.2", 0 },
    { "Pattern_3", "pattern.3", 0 },
    { "Pattern_4", "pattern.4", 0 },
    { "Pattern_5", "pattern.5", 0 },
    { "Pattern_6", "pattern.6", 0 },
    { "Pattern_7", "pattern.7", 0 },
    { "Pattern_8", "pattern.8", 0 },
    { "Pattern_9", "pattern.9", 0 },
    { "Pattern_10", "pattern.10", 0 },
    { 0 },
};

static const struct {
    const char *name;
    const struct column *columns;
} tables[] = {
    { "Filetop", filetop }, { "Install", install },         { "Opensnoop", opensnoop },
    { "TCP", tcp },         { "SystemCall", system_calls }, { "Pattern", patterns },
};

static double
value_of(const struct sp_feature_row *row, const char *id)
{
    for (size_t i = 0; i < sp_feature_count; i++)
        if (!strcmp(sp_feature_table[i].id, id))
            return row->values[i];
    return NAN;
}

static void
make_further(const struct sp_features *features, const struct sp_feature_row *row, double values[FURTHER_END])
{
    static const char *const opens[] = { "opensnoop.root", "opensnoop.temp", "opensnoop.home",
                                         "opensnoop.user", "opensnoop.sys",  "opensnoop.etc",
                                         "opensnoop.other" };
    const uint32_t *sets = features->scopes[SP_SCOPE_RUN].sets;
    bool opened = features->seen & (SP_SIGHT(OPEN) | SP_SIGHT_COUNTS);
    double sum = 0;
    for (size_t i = 0; i < SP_COUNT(opens); i++)
        sum += value_of(row, opens[i]);
    uint64_t failed = 0;
    for (uint32_t i = 0; i < features->scope_count; i++)
        failed += features->scopes[i].counts[SP_COUNT_OPEN_FAILED];
    bool counted = !isnan(sum) && features->count_kinds > SP_COUNT_OPEN_FAILED;
    values[ERRORS] = counted ? (double)failed : NAN;
    values[DESCRIPTORS] = sum;
    values[TOTAL_PATHS] = sum + values[ERRORS];
    values[PYTHON_PACKAGES] = opened ? sets[SP_SET_PYTHON_PACKAGES] : NAN;
    values[UNIQUE_PATHS] = opened ? sets[SP_SET_PATHS] : NAN;
}

static int
write_file(const char *directory, const char *name, const struct sp_buffer *text, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer path = { 0 };
    if (sp_buffer_printf(&path, err, "%s/%s", directory, name) < 0)
        return -1;
    return sp_file_write(path.bytes, sp_buffer_string(text), text->length, err);
}

static int
write_table(const struct sp_features *features, size_t table, const struct sp_feature_row *row,
            const char *directory, const char *package, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer text = { 0 }, name = { 0 };
    const struct column *columns = tables[table].columns;
    double further[FURTHER_END];
    make_further(features, row, further);
    if (sp_buffer_append_string(&text, "Package_Name", err) < 0)
        return -1;
    for (size_t i = 0; columns[i].name; i++)
        if (sp_buffer_printf(&text, err, ",%s", columns[i].name) < 0)
            return -1;
    if (sp_buffer_append_string(&text, "\r\n", err) < 0 || put_text(&text, package ? package : "", err) < 0)
        return -1;
    for (size_t i = 0; columns[i].name; i++)
        if (sp_buffer_append_byte(&text, ',', err) < 0 ||
            put_number(&text,
                       columns[i].feature ? value_of(row, columns[i].feature) : further[columns[i].further],
                       err) < 0)
            return -1;
    if (sp_buffer_append_string(&text, "\r\n", err) < 0 ||
        sp_buffer_printf(&name, err, "QUT-DV25_%s_Traces.csv", tables[table].name) < 0)
        return -1;
    return write_file(directory, name.bytes, &text, err);
}

int
sp_features_write(const struct sp_features *features, const char *directory, const char *package,
                  struct sp_error *err)
{
    SP_PLAIN_LOCALE;
    sp_autofree struct sp_feature_row *rows = NULL;
    sp_autobuffer struct sp_buffer csv = { 0 }, json = { 0 };
    size_t count;
    if (mkdir(directory, 0777) < 0 && errno != EEXIST)
        return sp_fail_errno(err, "%.300s: cannot make the directory for the features", directory);
    if (sp_features_rows(features, &rows, &count, err) < 0 || sp_features_csv(rows, count, &csv, err) < 0 ||
        sp_features_json(rows, count, &json, err) < 0 ||
        write_file(directory, "features.csv", &csv, err) < 0 ||
        write_file(directory, "features.json", &json, err) < 0)
        return -1;
    for (size_t i = 0; i < SP_COUNT(tables); i++)
        if (write_table(features, i, &rows[0], directory, package, err) < 0)
            return -1;
    return 0;
}
