#include "eval/behaviour_table.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "behaviour/vector.h"
#include "eval/packed_lines.h"
#include "model/plain_locale.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <string.h>

#define TEXT_MAX ((size_t)4 << 30)
#define COLUMNS_MAX 2048
#define NO_PLACE UINT32_MAX

const char *const sp_run_status_names[SP_RUN_STATUSES] = { "whole", "cut-off", "dropped",
                                                           "limit", "error",   "absent" };

enum meta {
    META_VERSION,
    META_ECOSYSTEM,
    META_NAME,
    META_PACKAGE_VERSION,
    META_LABEL,
    META_TECHNIQUE,
    META_FAMILY,
    META_ORIGIN,
    META_NET,
    META_RUN,
    META_ROLE,
    META_STATUS,
    META_RULES,
    META_OUTSIDE,
    META_COUNT,
};
static const char *const meta_names[META_COUNT] = {
    "features_version", "ecosystem", "name", "version", "label",  "technique", "family",
    "origin",           "net",       "run",  "role",    "status", "rules",     "outside",
};

struct sp_behaviour_keys {
    struct sp_map rows;     /* of one run: ecosystem, name, version, run, net, role -> file and line */
    struct sp_map vectors;  /* the numbers */
    struct sp_map links;    /* technique, family, package -> a row that has it */
    struct sp_map packages; /* -> number */
    struct sp_map words;    /* texts that stand in many rows -> place in .kept */
    const char **kept;
    size_t kept_count, kept_capacity;
    struct sp_seen_line {
        uint32_t file, line;
    } * seen;
    size_t seen_count, seen_capacity;
    uint32_t *parents; /* union-find over rows */
    size_t parent_capacity;
    struct sp_buffer key;
};

struct sheet {
    struct sp_behaviour_table *table;
    struct sp_behaviour_keys *keys;
    struct sp_packed_lines lines;
    uint32_t file;
    size_t columns;
    int meta[META_COUNT];
    int *vector; /* column of each number */
    char *fields[COLUMNS_MAX];
    float *values;
};

static void
sheet_free(struct sheet *sheet)
{
    sp_packed_lines_close(&sheet->lines);
    free(sheet->vector);
    free(sheet->values);
}

/* ------------------------------------------------------------ the head */

static int
begin_table(struct sp_behaviour_table *table, struct sp_error *err)
{
    if (table->keys)
        return 0;
    size_t count = sp_vector_count();
    const char **names = sp_arena_alloc(&table->arena, count * sizeof(*names), err);
    table->keys = names ? sp_new(struct sp_behaviour_keys, err) : NULL;
    if (!table->keys)
        return -1;
    for (size_t i = 0; i < count; i++) {
        char name[SP_VECTOR_NAME_MAX];
        sp_vector_name(i, name);
        names[i] = sp_arena_copy(&table->arena, name, strlen(name), err);
        if (!names[i])
            return -1;
    }
    sp_table_init(&table->table, names, count);
    return 0;
}

/* Cuts LINE into fields where it lies: commas, and quotes as RFC 4180 has them. */
static int
cut_fields(struct sheet *sheet, char *line, size_t length, size_t *count, struct sp_error *err)
{
    const char *path = sheet->lines.path;
    size_t number = sheet->lines.number, place = 0;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
            return sp_fail(err, SP_ERROR_INPUT,
                           "%.300s:%zu: byte %zu is a control character (0x%02x); the table is text with LF",
                           path, number, i + 1, (unsigned char)line[i]);
    if (!sp_utf8_valid(line, length))
        return sp_fail(err, SP_ERROR_INPUT, "%.300s:%zu: is no UTF-8; collect the table again", path, number);
    char *in = line;
    for (;;) {
        if (place == COLUMNS_MAX)
            return sp_fail(err, SP_ERROR_LIMIT, "%.300s:%zu: more than %d fields", path, number, COLUMNS_MAX);
        char *out = in;
        sheet->fields[place++] = out;
        if (*in == '"') {
            for (in++; *in && (*in != '"' || in[1] == '"'); in++) {
                in += *in == '"';
                *out++ = *in;
            }
            if (*in != '"')
                return sp_fail(err, SP_ERROR_INPUT, "%.300s:%zu: field %zu: a quote that does not end", path,
                               number, place);
            in++;
            if (*in && *in != ',')
                return sp_fail(err, SP_ERROR_INPUT, "%.300s:%zu: field %zu: more follows its closing quote",
                               path, number, place);
        } else {
            for (; *in && *in != ','; in++)
                if (*in == '"')
                    return sp_fail(err, SP_ERROR_INPUT,
                                   "%.300s:%zu: field %zu: a quote within; quote the whole field", path,
                                   number, place);
            out = in;
        }
        bool last = !*in;
        in++;
        *out = '\0';
        if (last)
            break;
    }
    *count = place;
    return 0;
}

static int
read_fields(struct sheet *sheet, size_t *count, struct sp_error *err)
{
    char *line;
    size_t length;
    int more = sp_packed_lines_next(&sheet->lines, &line, &length, err);
    return more <= 0 ? more : cut_fields(sheet, line, length, count, err) < 0 ? -1 : 1;
}

static int
check_version(const struct sheet *sheet, const char *text, struct sp_error *err)
{
    char *end;
    unsigned long version = strtoul(text, &end, 10);
    if (!isdigit((unsigned char)*text) || *end)
        return sp_fail(err, SP_ERROR_INPUT, "%.300s:%zu: features_version '%.40s' is no number",
                       sheet->lines.path, sheet->lines.number, text);
    if (version != SP_VECTOR_VERSION)
        return sp_fail(err, SP_ERROR_INPUT,
                       "%.300s:%zu: features_version %lu, this Sallyport has %u; collect the table again",
                       sheet->lines.path, sheet->lines.number, version, SP_VECTOR_VERSION);
    return 0;
}

/* Names up to four of the columns that the head lacks. */
static int
refuse_missing(struct sheet *sheet, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer names = { 0 };
    size_t missing = 0;
    for (size_t i = 0; i < META_COUNT + sheet->table->table.feature_count; i++) {
        if ((i < META_COUNT ? sheet->meta[i] : sheet->vector[i - META_COUNT]) >= 0)
            continue;
        const char *name = i < META_COUNT ? meta_names[i] : sheet->table->table.names[i - META_COUNT];
        if (missing++ < 4 && sp_buffer_printf(&names, err, "%s%s", names.length ? ", " : "", name) < 0)
            return -1;
    }
    if (missing == 0)
        return 0;
    /* numbers of another version have other columns: that is then the better word */
    size_t count;
    if (sheet->meta[META_VERSION] >= 0 && read_fields(sheet, &count, NULL) > 0 &&
        (size_t)sheet->meta[META_VERSION] < count &&
        check_version(sheet, sheet->fields[sheet->meta[META_VERSION]], err) < 0)
        return -1;
    return sp_fail(err, SP_ERROR_INPUT, "%.300s:1: %zu columns are missing: %s%s; collect the table again",
                   sheet->lines.path, missing, sp_buffer_string(&names), missing > 4 ? " ..." : "");
}

static int
read_head(struct sheet *sheet, struct sp_error *err)
{
    size_t features = sheet->table->table.feature_count;
    sheet->vector = sp_new_array(features, sizeof(*sheet->vector), err);
    sheet->values = sp_new_array(features, sizeof(*sheet->values), err);
    if (!sheet->vector || !sheet->values)
        return -1;
    memset(sheet->vector, -1, features * sizeof(*sheet->vector));
    memset(sheet->meta, -1, sizeof(sheet->meta));
    int more = read_fields(sheet, &sheet->columns, err);
    if (more < 0)
        return -1;
    if (more == 0)
        return sp_fail(err, SP_ERROR_INPUT, "%.300s: is empty; a table begins with the names of its columns",
                       sheet->lines.path);
    for (size_t i = 0; i < sheet->columns; i++) {
        const char *name = sheet->fields[i];
        int *place = NULL, at = sp_vector_index(name);
        for (size_t m = 0; m < META_COUNT; m++)
            if (!strcmp(name, meta_names[m]))
                place = &sheet->meta[m];
        if (at >= 0)
            place = &sheet->vector[at];
        if (place && *place >= 0)
            return sp_fail(err, SP_ERROR_INPUT, "%.300s:1: column %.60s stands there twice",
                           sheet->lines.path, name);
        if (place)
            *place = (int)i;
    }
    return refuse_missing(sheet, err);
}

/* ------------------------------------------------------------- a row */

static const char *
meta(const struct sheet *sheet, enum meta which)
{
    return sheet->fields[sheet->meta[which]];
}

static int
refuse_field(const struct sheet *sheet, enum meta which, const char *remedy, struct sp_error *err)
{
    return sp_fail(err, SP_ERROR_INPUT, "%.300s:%zu: %s '%.60s': %s", sheet->lines.path, sheet->lines.number,
                   meta_names[which], meta(sheet, which), remedy);
}

static int
read_number(const struct sheet *sheet, size_t feature, float *out, struct sp_error *err)
{
    const char *text = sheet->fields[sheet->vector[feature]], *name = sheet->table->table.names[feature];
    if (!strcmp(text, "NaN")) {
        *out = NAN;
        return 0;
    }
    char *end;
    double value = strtod(text, &end);
    if (!*text || *end || strspn(text, "+-.0123456789eE") != strlen(text)) {
        const char *bare = text + (*text == '-' || *text == '+');
        if (!strncasecmp(bare, "inf", 3))
            return sp_fail(err, SP_ERROR_INPUT, "%.300s:%zu: %s is infinite; collect the row again",
                           sheet->lines.path, sheet->lines.number, name);
        return sp_fail(err, SP_ERROR_INPUT,
                       "%.300s:%zu: %s '%.60s' is no number; write NaN where nothing was seen",
                       sheet->lines.path, sheet->lines.number, name, text);
    }
    *out = (float)value;
    if (isinf(*out))
        return sp_fail(err, SP_ERROR_INPUT,
                       "%.300s:%zu: %s %.60s is infinite as a float; collect the row again",
                       sheet->lines.path, sheet->lines.number, name, text);
    return 0;
}

/* One copy of a text that many rows share. */
static const char *
keep(struct sheet *sheet, enum meta which, struct sp_error *err)
{
    const char *text = meta(sheet, which);
    struct sp_behaviour_keys *keys = sheet->keys;
    size_t length = strlen(text);
    uint32_t *place = sp_map_at(&keys->words, text, length, (uint32_t)keys->kept_count, err);
    if (!place || sp_grow(keys->kept, keys->kept_capacity, keys->kept_count + 1, err) < 0)
        return NULL;
    if (*place == keys->kept_count) {
        keys->kept[keys->kept_count] = sp_arena_copy(&sheet->table->arena, text, length, err);
        if (!keys->kept[keys->kept_count])
            return NULL;
        keys->kept_count++;
    }
    return keys->kept[*place];
}

/* Whether the list of rules ("block:run/x review:run/y") has one of VERDICT. */
static bool
rules_say(const char *rules, const char *verdict)
{
    size_t length = strlen(verdict);
    for (const char *at = rules; *at; at += strcspn(at, " "), at += strspn(at, " "))
        if (!strncmp(at, verdict, length) && at[length] == ':')
            return true;
    return false;
}

static int
read_words(struct sheet *sheet, struct sp_behaviour_row *row, struct sp_error *err)
{
    const char *label = meta(sheet, META_LABEL), *role = meta(sheet, META_ROLE),
               *outside = meta(sheet, META_OUTSIDE), *run = meta(sheet, META_RUN);
    if (strcmp(label, "honest") != 0 && strcmp(label, "attack") != 0)
        return refuse_field(sheet, META_LABEL, "a label is honest or attack", err);
    if (strcmp(role, "subject") != 0 && strcmp(role, "dependency") != 0)
        return refuse_field(sheet, META_ROLE, "a role is subject or dependency", err);
    if (strcmp(outside, "0") != 0 && strcmp(outside, "1") != 0)
        return refuse_field(sheet, META_OUTSIDE, "write 0 or 1", err);
    if (!*run || run[strspn(run, "0123456789")])
        return refuse_field(sheet, META_RUN, "a run is numbered 0, 1, 2 ...", err);
    if (!*meta(sheet, META_NAME))
        return refuse_field(sheet, META_NAME, "a row needs the name of its package", err);
    row->attack = *label == 'a';
    row->subject = *role == 's';
    row->outside = *outside == '1';
    row->ecosystem = keep(sheet, META_ECOSYSTEM, err);
    row->name = keep(sheet, META_NAME, err);
    row->version = keep(sheet, META_PACKAGE_VERSION, err);
    row->technique = keep(sheet, META_TECHNIQUE, err);
    row->family = keep(sheet, META_FAMILY, err);
    row->origin = keep(sheet, META_ORIGIN, err);
    row->net = keep(sheet, META_NET, err);
    row->rules = keep(sheet, META_RULES, err);
    if (!row->ecosystem || !row->name || !row->version || !row->technique || !row->family || !row->origin ||
        !row->net || !row->rules)
        return -1;
    row->twin = !row->attack && !strcmp(row->origin, "twin");
    row->rule_block = rules_say(row->rules, "block");
    row->rule_review = row->rule_block || rules_say(row->rules, "review");
    return 0;
}

/* A subject's run stands in the tables once; a dependency may come with many a subject. An implant may bear
 * the name and version of the honest package that it was put into: its origin tells them apart. */
static int
refuse_twice(struct sheet *sheet, const struct sp_behaviour_row *row, struct sp_error *err)
{
    struct sp_behaviour_keys *keys = sheet->keys;
    sp_buffer_clear(&keys->key);
    if (sp_buffer_printf(&keys->key, err, "%s\n%s\n%s\n%s\n%s\n%d\n%s", row->ecosystem, row->name,
                         row->version, meta(sheet, META_RUN), row->net, row->subject, row->origin) < 0 ||
        sp_grow(keys->seen, keys->seen_capacity, keys->seen_count + 1, err) < 0)
        return -1;
    uint32_t *place =
        sp_map_at(&keys->rows, keys->key.bytes, keys->key.length, (uint32_t)keys->seen_count, err);
    if (!place)
        return -1;
    if (*place == keys->seen_count) {
        keys->seen[keys->seen_count++] = (struct sp_seen_line){ sheet->file, (uint32_t)sheet->lines.number };
        return 0;
    }
    if (!row->subject) {
        sheet->table->repeated_dependencies++;
        return 0;
    }
    const struct sp_seen_line *first = &keys->seen[*place];
    return sp_fail(err, SP_ERROR_INPUT,
                   "%.200s:%zu: %.60s %.40s, run %.20s, net %.20s stands in %.200s:%u already; leave one out",
                   sheet->lines.path, sheet->lines.number, row->name, row->version, meta(sheet, META_RUN),
                   row->net, sheet->table->files[first->file].path, first->line);
}

static int
take_row(struct sheet *sheet, struct sp_error *err)
{
    struct sp_behaviour_table *table = sheet->table;
    struct sp_behaviour_row row = { .file = sheet->file, .line = (uint32_t)sheet->lines.number };
    if (check_version(sheet, meta(sheet, META_VERSION), err) < 0 || read_words(sheet, &row, err) < 0)
        return -1;
    size_t status = 0;
    while (status < SP_RUN_STATUSES && strcmp(meta(sheet, META_STATUS), sp_run_status_names[status]) != 0)
        status++;
    if (status == SP_RUN_STATUSES)
        return refuse_field(sheet, META_STATUS, "whole, cut-off, dropped, limit, error or absent", err);
    if (refuse_twice(sheet, &row, err) < 0)
        return -1;
    if (status != SP_RUN_WHOLE) {
        table->left_out[status]++;
        return 0;
    }
    size_t features = table->table.feature_count, count = table->table.row_count;
    for (size_t i = 0; i < features; i++)
        if (read_number(sheet, i, &sheet->values[i], err) < 0)
            return -1;
    if (count == SP_BEHAVIOUR_ROWS_MAX)
        return sp_fail(err, SP_ERROR_LIMIT, "%.300s:%zu: more than %d rows", sheet->lines.path,
                       sheet->lines.number, SP_BEHAVIOUR_ROWS_MAX);
    uint32_t *first = sp_map_at(&sheet->keys->vectors, (const char *)sheet->values,
                                features * sizeof(*sheet->values), (uint32_t)count, err);
    if (!first || sp_grow(table->rows, table->row_capacity, count + 1, err) < 0)
        return -1;
    table->equal_vectors += *first != count;
    if (sp_table_add(&table->table, sheet->values, row.attack, row.twin ? SP_TWIN_WEIGHT : 1, 0, err) < 0)
        return -1;
    table->rows[count] = row;
    table->files[sheet->file].rows++;
    return 0;
}

static int
read_rows(struct sheet *sheet, struct sp_error *err)
{
    SP_PLAIN_LOCALE;
    size_t count;
    int more;
    if (read_head(sheet, err) < 0)
        return -1;
    while ((more = read_fields(sheet, &count, err)) > 0) {
        if (count != sheet->columns)
            return sp_fail(err, SP_ERROR_INPUT,
                           "%.300s:%zu: %zu fields under %zu columns; was the table cut off?",
                           sheet->lines.path, sheet->lines.number, count, sheet->columns);
        if (take_row(sheet, err) < 0)
            return -1;
    }
    return more < 0 ? -1
                    : sp_packed_lines_digest(&sheet->lines, sheet->table->files[sheet->file].sha256, err);
}

static int
read_table(struct sp_behaviour_table *table, const void *bytes, size_t size, const char *path,
           struct sp_error *err)
{
    __attribute__((cleanup(sheet_free))) struct sheet sheet = { .table = table, .lines = { .fd = -1 } };
    if (begin_table(table, err) < 0 ||
        sp_grow(table->files, table->file_capacity, table->file_count + 1, err) < 0)
        return -1;
    sheet.keys = table->keys;
    sheet.file = (uint32_t)table->file_count;
    const char *kept = sp_arena_copy(&table->arena, path, strlen(path), err);
    if (!kept)
        return -1;
    table->files[table->file_count++] = (struct sp_behaviour_file){ .path = kept };
    int opened =
        bytes ? sp_packed_lines_take(&sheet.lines, bytes, size, path, SP_BEHAVIOUR_LINE_MAX, TEXT_MAX, err)
              : sp_packed_lines_open(&sheet.lines, path, SP_BEHAVIOUR_LINE_MAX, TEXT_MAX, err);
    return opened < 0 ? -1 : read_rows(&sheet, err);
}

int
sp_behaviour_table_read(struct sp_behaviour_table *table, const char *path, struct sp_error *err)
{
    return read_table(table, NULL, 0, path, err);
}

int
sp_behaviour_table_take(struct sp_behaviour_table *table, const void *bytes, size_t size, const char *path,
                        struct sp_error *err)
{
    return read_table(table, bytes, size, path, err);
}

/* ------------------------------------------------------------- groups */

static uint32_t
root_of(uint32_t *parents, uint32_t row)
{
    while (parents[row] != row) {
        parents[row] = parents[parents[row]];
        row = parents[row];
    }
    return row;
}

/* The key under which KIND ('t', 'f', 'p') of ROW is linked; false: it has none. */
static bool
link_key(const struct sp_behaviour_row *row, char kind, struct sp_buffer *key)
{
    sp_buffer_clear(key);
    if (kind == 'p')
        return sp_buffer_printf(key, NULL, "p%s\n%s", row->ecosystem, row->name) == 0;
    const char *text = kind == 't' ? row->technique : row->family;
    return *text && sp_buffer_printf(key, NULL, "%c%s", kind, text) == 0;
}

static int
link_rows(struct sp_behaviour_table *table, struct sp_error *err)
{
    struct sp_behaviour_keys *keys = table->keys;
    size_t count = table->table.row_count;
    if (sp_grow(keys->parents, keys->parent_capacity, count, err) < 0)
        return -1;
    for (uint32_t i = 0; i < count; i++)
        keys->parents[i] = i;
    for (uint32_t i = 0; i < count; i++) {
        for (const char *kind = "tfp"; *kind; kind++) {
            if (!link_key(&table->rows[i], *kind, &keys->key))
                continue;
            uint32_t *first = sp_map_at(&keys->links, keys->key.bytes, keys->key.length, i, err);
            if (!first)
                return -1;
            uint32_t a = root_of(keys->parents, *first), b = root_of(keys->parents, i);
            keys->parents[a > b ? a : b] = a < b ? a : b;
        }
        struct sp_behaviour_row *row = &table->rows[i];
        sp_buffer_clear(&keys->key);
        if (sp_buffer_printf(&keys->key, err, "%s\n%s\n%s\n%d", row->ecosystem, row->name, row->version,
                             row->attack) < 0)
            return -1;
        uint32_t *package = sp_map_at(&keys->packages, keys->key.bytes, keys->key.length,
                                      (uint32_t)table->package_count, err);
        if (!package)
            return -1;
        row->package = *package;
        table->package_count += *package == table->package_count;
    }
    return 0;
}

int
sp_behaviour_table_finish_any(struct sp_behaviour_table *table, struct sp_error *err)
{
    size_t count = table->table.row_count;
    if (count == 0)
        return sp_fail(err, SP_ERROR_INPUT, "no row of status whole in %zu tables: nothing to learn from",
                       table->file_count);
    table->package_count = 0;
    if (link_rows(table, err) < 0)
        return -1;
    sp_autofree uint8_t *seen = sp_new_array(count, 1, err), *packages = sp_new_array(count, 1, err);
    if (!seen || !packages)
        return -1;
    for (uint32_t i = 0; i < count; i++) {
        struct sp_behaviour_row *row = &table->rows[i];
        row->group = table->table.groups[i] = root_of(table->keys->parents, i);
        seen[row->group] |= row->attack ? 2 : 1;
        packages[row->package] |= row->attack ? 2 : 1;
    }
    memset(table->groups, 0, sizeof(table->groups));
    memset(table->packages, 0, sizeof(table->packages));
    for (size_t i = 0; i < count; i++) {
        if (seen[i])
            table->groups[seen[i] >> 1]++;
        if (packages[i])
            table->packages[packages[i] >> 1]++;
    }
    return 0;
}

int
sp_behaviour_table_finish(struct sp_behaviour_table *table, struct sp_error *err)
{
    if (sp_behaviour_table_finish_any(table, err) < 0)
        return -1;
    for (int label = 0; label < 2; label++)
        if (table->packages[label] == 0)
            return sp_fail(err, SP_ERROR_INPUT,
                           "%.300s: no %s package of status whole; both classes are needed",
                           table->files[0].path, label ? "attack" : "honest");
    return 0;
}

bool
sp_behaviour_table_knows(const struct sp_behaviour_table *table, const struct sp_behaviour_row *row)
{
    sp_autobuffer struct sp_buffer key = { 0 };
    for (const char *kind = "tfp"; table->keys && *kind; kind++)
        if (link_key(row, *kind, &key) && sp_map_get(&table->keys->links, key.bytes, key.length, NULL))
            return true;
    return false;
}

void
sp_behaviour_table_free(struct sp_behaviour_table *table)
{
    if (table->keys) {
        sp_map_free(&table->keys->rows);
        sp_map_free(&table->keys->vectors);
        sp_map_free(&table->keys->links);
        sp_map_free(&table->keys->packages);
        sp_map_free(&table->keys->words);
        free(table->keys->kept);
        free(table->keys->seen);
        free(table->keys->parents);
        sp_buffer_free(&table->keys->key);
        free(table->keys);
    }
    sp_table_free(&table->table);
    free(table->rows);
    free(table->files);
    sp_arena_free(&table->arena);
    *table = (struct sp_behaviour_table){ 0 };
}
