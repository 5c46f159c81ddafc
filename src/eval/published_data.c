#include "eval/published_data.h"
#include "base/hash.h"
#include "eval/packed_lines.h"
#include "model/plain_locale.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#define LINE_MAX_BYTES ((size_t)4 << 20)
#define TEXT_MAX ((size_t)1 << 30)
#define ENTRIES_MAX ((size_t)50000000)
#define FIELDS_MAX 64

static int
refuse(const struct sp_packed_lines *lines, const char *what, struct sp_error *err)
{
    return sp_fail(err, SP_ERROR_INPUT, "%.300s:%zu: %s", lines->path, lines->number, what);
}

/* Some of the published files end their lines with CRLF. */
static void
drop_return(char *line, size_t *length)
{
    if (*length && line[*length - 1] == '\r')
        line[--*length] = '\0';
}

static int
add_label(struct sp_published_rows *rows, float label, struct sp_error *err)
{
    if (rows->row_count == SP_PUBLISHED_ROWS_MAX)
        return sp_fail(err, SP_ERROR_LIMIT, "more than %d rows", SP_PUBLISHED_ROWS_MAX);
    if (sp_grow(rows->labels, rows->label_capacity, rows->row_count + 1, err) < 0 ||
        sp_grow(rows->starts, rows->start_capacity, rows->row_count + 2, err) < 0)
        return -1;
    rows->labels[rows->row_count] = label;
    rows->starts[rows->row_count++] = rows->entry_count;
    rows->starts[rows->row_count] = rows->entry_count;
    return 0;
}

static int
add_entry(struct sp_published_rows *rows, size_t place, float value, struct sp_error *err)
{
    if (rows->entry_count == ENTRIES_MAX)
        return sp_fail(err, SP_ERROR_LIMIT, "more than %zu numbers", ENTRIES_MAX);
    if (sp_grow(rows->entries, rows->entry_capacity, rows->entry_count + 1, err) < 0)
        return -1;
    rows->entries[rows->entry_count++] = (struct sp_published_entry){ (uint32_t)place, value };
    rows->starts[rows->row_count] = rows->entry_count;
    if (place >= rows->feature_count)
        rows->feature_count = place + 1;
    return 0;
}

/* A number and nothing else up to *END, which is where STOP or the end must stand. */
static bool
number(const char *text, char stop, float *out, char **end)
{
    *out = strtof(text, end);
    return *end != text && !isspace((unsigned char)*text) && (**end == stop || !**end) && isfinite(*out);
}

/* "1 8:1 10:2": label, then place:value with rising places. */
static int
read_svm_row(struct sp_published_rows *rows, const struct sp_packed_lines *lines, char *line,
             struct sp_error *err)
{
    char *at;
    float label;
    if (!number(line, ' ', &label, &at) || (label != 0 && label != 1))
        return refuse(lines, "a row begins with its label, 0 or 1", err);
    if (add_label(rows, label, err) < 0)
        return -1;
    unsigned long before = 0;
    bool first = true;
    while (*at == ' ') {
        at++;
        if (!*at)
            break;
        if (!isdigit((unsigned char)*at))
            return refuse(lines, "an entry is PLACE:VALUE", err);
        unsigned long place = strtoul(at, &at, 10);
        float value;
        if (*at != ':' || place >= SP_PUBLISHED_FEATURES_MAX || (!first && place <= before))
            return refuse(lines, "an entry is PLACE:VALUE, places rise and stay below 1,000,000", err);
        if (!number(at + 1, ' ', &value, &at))
            return refuse(lines, "a value that is no number", err);
        if (add_entry(rows, place, value, err) < 0)
            return -1;
        before = place;
        first = false;
    }
    return *at ? refuse(lines, "an entry is PLACE:VALUE", err) : 0;
}

static int
cut(char **fields, size_t *count, const struct sp_packed_lines *lines, char *line, struct sp_error *err)
{
    *count = 0;
    for (char *at = line; at;) {
        if (*count == FIELDS_MAX)
            return refuse(lines, "more than 64 fields", err);
        fields[(*count)++] = at;
        at = strchr(at, ',');
        if (at)
            *at++ = '\0';
    }
    return 0;
}

struct head {
    size_t columns, label;
    bool skip[FIELDS_MAX];
};

static int
read_csv_head(struct head *head, const struct sp_packed_lines *lines, char *line, struct sp_error *err)
{
    char *fields[FIELDS_MAX];
    *head = (struct head){ .label = FIELDS_MAX };
    if (cut(fields, &head->columns, lines, line, err) < 0)
        return -1;
    for (size_t i = 0; i < head->columns; i++) {
        if (!strcmp(fields[i], "label"))
            head->label = i;
        head->skip[i] = !strcmp(fields[i], "label") || !strcmp(fields[i], "row") ||
                        !strcmp(fields[i], "Total_Error_Counts");
    }
    return head->label == FIELDS_MAX ? refuse(lines, "has no column label", err) : 0;
}

static int
read_csv_row(struct sp_published_rows *rows, const struct head *head, const struct sp_packed_lines *lines,
             char *line, struct sp_error *err)
{
    char *fields[FIELDS_MAX], *end;
    size_t count, place = 0;
    float value;
    if (cut(fields, &count, lines, line, err) < 0)
        return -1;
    if (count != head->columns)
        return refuse(lines, "has another number of fields than the head", err);
    if (!number(fields[head->label], '\0', &value, &end) || (value != 0 && value != 1))
        return refuse(lines, "a label is 0 or 1", err);
    if (add_label(rows, value, err) < 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        if (head->skip[i])
            continue;
        if (!number(fields[i], '\0', &value, &end))
            return refuse(lines, "a field that is no number", err);
        if (add_entry(rows, place++, value, err) < 0)
            return -1;
    }
    return 0;
}

int
sp_published_read(struct sp_published_rows *rows, const char *path, struct sp_error *err)
{
    SP_PLAIN_LOCALE;
    sp_autopackedlines struct sp_packed_lines lines = { .fd = -1 };
    const char *slash = strrchr(path, '/');
    bool csv = strstr(slash ? slash : path, ".csv") != NULL, head_read = false;
    struct head head;
    char *line;
    size_t length;
    int more;
    if (sp_packed_lines_open(&lines, path, LINE_MAX_BYTES, TEXT_MAX, err) < 0)
        return -1;
    while ((more = sp_packed_lines_next(&lines, &line, &length, err)) > 0) {
        if (strlen(line) != length)
            return refuse(&lines, "holds a NUL byte", err);
        drop_return(line, &length);
        if (csv && !head_read) {
            if (read_csv_head(&head, &lines, line, err) < 0)
                return -1;
            head_read = true;
        } else if ((csv ? read_csv_row(rows, &head, &lines, line, err)
                        : read_svm_row(rows, &lines, line, err)) < 0) {
            return -1;
        }
    }
    if (more < 0)
        return -1;
    return rows->row_count && rows->feature_count ? 0
                                                  : sp_fail(err, SP_ERROR_INPUT, "%.300s: has no rows", path);
}

void
sp_published_rows_free(struct sp_published_rows *rows)
{
    free(rows->labels);
    free(rows->starts);
    free(rows->entries);
    *rows = (struct sp_published_rows){ 0 };
}

/* ---------------------------------------------------------- selection */

struct told {
    double much;
    size_t place;
};

static int
by_much_falling(const void *a, const void *b)
{
    const struct told *left = a, *right = b;
    if (left->much != right->much)
        return left->much < right->much ? 1 : -1;
    return (left->place > right->place) - (left->place < right->place);
}

static int
by_place(const void *a, const void *b)
{
    size_t left = *(const size_t *)a, right = *(const size_t *)b;
    return (left > right) - (left < right);
}

int
sp_published_select(size_t *places, size_t *count, size_t limit, const struct sp_published_rows *all,
                    const size_t *rows, size_t row_count, struct sp_error *err)
{
    size_t features = all->feature_count;
    sp_autofree struct told *told = sp_new_array(features, sizeof(*told), err);
    sp_autofree double *present = sp_new_array(2 * features, sizeof(*present), err);
    if (!told || !present)
        return -1;
    double positives = 0;
    for (size_t i = 0; i < row_count; i++) {
        double *side = present + (all->labels[rows[i]] > 0 ? features : 0);
        positives += all->labels[rows[i]] > 0;
        for (size_t e = all->starts[rows[i]]; e < all->starts[rows[i] + 1]; e++)
            side[all->entries[e].place] += all->entries[e].value != 0;
    }
    double total = (double)row_count;
    for (size_t j = 0; j < features; j++) {
        double a = present[features + j], b = present[j], c = positives - a, d = total - positives - b;
        double below = (a + b) * (c + d) * (a + c) * (b + d), cross = a * d - b * c;
        told[j] = (struct told){ below > 0 ? cross * cross * total / below : 0, j };
    }
    *count = features < limit ? features : limit;
    if (*count < features)
        qsort(told, features, sizeof(*told), by_much_falling);
    for (size_t j = 0; j < *count; j++)
        places[j] = told[j].place;
    qsort(places, *count, sizeof(*places), by_place);
    return 0;
}

int
sp_published_table(struct sp_table *out, const char *const *names, const size_t *places, size_t count,
                   const struct sp_published_rows *all, const size_t *rows, size_t row_count, float absent,
                   struct sp_error *err)
{
    sp_autotable struct sp_table table = { .row_count = row_count, .feature_count = count, .names = names };
    sp_autofree uint32_t *column = sp_new_array(all->feature_count, sizeof(*column), err);
    table.values = sp_new_array(row_count * count, sizeof(*table.values), err);
    table.labels = sp_new_array(row_count, sizeof(*table.labels), err);
    if (!column || !table.values || !table.labels)
        return -1;
    for (size_t i = 0; i < row_count * count; i++)
        table.values[i] = absent;
    for (size_t j = 0; j < count; j++)
        column[places[j]] = (uint32_t)j + 1;
    for (size_t i = 0; i < row_count; i++) {
        table.labels[i] = all->labels[rows[i]];
        for (size_t e = all->starts[rows[i]]; e < all->starts[rows[i] + 1]; e++) {
            uint32_t at = column[all->entries[e].place];
            if (at)
                table.values[i * count + at - 1] = all->entries[e].value;
        }
    }
    *out = table;
    table = (struct sp_table){ 0 };
    return 0;
}

/* ------------------------------------------------------------ majority */

struct votes {
    double positive, total;
};

int
sp_published_majority(double *scores, size_t *distinct, const struct sp_published_rows *all,
                      const size_t *train, size_t train_count, const size_t *test, size_t test_count,
                      struct sp_error *err)
{
    sp_automap struct sp_map map = { 0 };
    sp_autofree struct votes *votes = sp_new_array(train_count + 1, sizeof(*votes), err);
    struct votes everyone = { 0 };
    size_t count = 0;
    if (!votes)
        return -1;
    for (size_t i = 0; i < train_count; i++) {
        size_t start = all->starts[train[i]], length = all->starts[train[i] + 1] - start;
        uint32_t *place = sp_map_at(&map, length ? (const char *)(all->entries + start) : "",
                                    length * sizeof(*all->entries), (uint32_t)count, err);
        if (!place)
            return -1;
        count += *place == count;
        votes[*place].positive += (double)all->labels[train[i]];
        votes[*place].total += 1;
        everyone.positive += (double)all->labels[train[i]];
        everyone.total += 1;
    }
    for (size_t i = 0; i < test_count; i++) {
        size_t start = all->starts[test[i]], length = all->starts[test[i] + 1] - start;
        uint32_t place;
        bool known = sp_map_get(&map, length ? (const char *)(all->entries + start) : "",
                                length * sizeof(*all->entries), &place);
        const struct votes *by = known ? &votes[place] : &everyone;
        scores[i] = by->total > 0 ? by->positive / by->total : 0;
    }
    if (distinct)
        *distinct = count;
    return 0;
}

/* ------------------------------------------------------------- results */

int
sp_published_results(struct sp_published_result **out, size_t *count, const char *path, struct sp_error *err)
{
    SP_PLAIN_LOCALE;
    static const char *const wanted[] = { "feature_set", "Model", "Test Accuracy", "F1 Score", "ROC AUC" };
    sp_autopackedlines struct sp_packed_lines lines = { .fd = -1 };
    sp_autofree struct sp_published_result *results = NULL;
    size_t capacity = 0, filled = 0, at[SP_COUNT(wanted)] = { 0 }, fields_in_head = 0, length, fields_here;
    char *line, *fields[FIELDS_MAX];
    int more;
    if (sp_packed_lines_open(&lines, path, 65536, (size_t)1 << 20, err) < 0)
        return -1;
    while ((more = sp_packed_lines_next(&lines, &line, &length, err)) > 0) {
        drop_return(line, &length);
        if (cut(fields, &fields_here, &lines, line, err) < 0)
            return -1;
        if (lines.number == 1) {
            fields_in_head = fields_here;
            for (size_t w = 0; w < SP_COUNT(wanted); w++) {
                while (at[w] < fields_here && strcmp(fields[at[w]], wanted[w]) != 0)
                    at[w]++;
                if (at[w] == fields_here)
                    return sp_fail(err, SP_ERROR_INPUT, "%.300s:1: column %s is missing", path, wanted[w]);
            }
            continue;
        }
        struct sp_published_result result;
        float numbers[3];
        char *end;
        if (fields_here != fields_in_head)
            return refuse(&lines, "has another number of fields than the head", err);
        for (size_t n = 0; n < 3; n++)
            if (!number(fields[at[2 + n]], '\0', &numbers[n], &end))
                return refuse(&lines, "a result that is no number", err);
        snprintf(result.set, sizeof(result.set), "%s", fields[at[0]]);
        snprintf(result.model, sizeof(result.model), "%s", fields[at[1]]);
        result.test_accuracy = (double)numbers[0];
        result.f1 = (double)numbers[1];
        result.auc = (double)numbers[2];
        if (sp_grow(results, capacity, filled + 1, err) < 0)
            return -1;
        results[filled++] = result;
    }
    if (more < 0)
        return -1;
    *out = sp_take(results);
    *count = filled;
    return 0;
}
