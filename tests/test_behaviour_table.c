/* Tables of runs: what is read, what is refused and with which words, which rows hang together. */
#include "behaviour_rows.h"
#include "behaviour/vector.h"
#include "eval/behaviour_columns.h"
#include "eval/behaviour_table.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <zstd.h>

#include <cmocka.h>

static int
take(struct sp_behaviour_table *table, const struct sp_buffer *text, struct sp_error *err)
{
    return sp_behaviour_table_take(table, text->bytes, text->length, "made.csv", err);
}

static void
two_rows(struct sp_buffer *text)
{
    made_head(text);
    made_row(text, "good", "honest", "", "", "real", "all.own.hosts", "0");
    made_row(text, "bad", "attack", "ssh", "a", "replica", "all.own.hosts", "3.5");
}

static void
a_table_is_read(void **state SP_UNUSED)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    sp_autobehaviourtable struct sp_behaviour_table table = { 0 };
    struct sp_error err = { 0 };
    two_rows(&text);
    if (take(&table, &text, &err) < 0 || sp_behaviour_table_finish(&table, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(table.table.row_count, 2);
    assert_int_equal(table.table.feature_count, sp_vector_count());
    assert_true(sp_table_row(&table.table, 1)[sp_vector_index("all.own.hosts")] == 3.5f);
    assert_string_equal(table.rows[1].technique, "ssh");
    assert_true(table.rows[1].attack);
    assert_false(table.rows[0].attack);
    assert_int_equal(table.packages[0], 1);
    assert_int_equal(table.packages[1], 1);
    assert_int_equal(table.groups[1], 1);
}

/* The same text plain and packed has the same digest, of the text. */
static void
a_packed_table_is_the_same(void **state SP_UNUSED)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    sp_autobehaviourtable struct sp_behaviour_table plain = { 0 }, packed = { 0 }, cut = { 0 };
    struct sp_error err = { 0 };
    two_rows(&text);
    size_t room = ZSTD_compressBound(text.length);
    sp_autofree char *bytes = malloc(room);
    size_t size = ZSTD_compress(bytes, room, text.bytes, text.length, 3);
    assert_false(ZSTD_isError(size));
    if (take(&plain, &text, &err) < 0 || sp_behaviour_table_take(&packed, bytes, size, "made", &err) < 0)
        fail_msg("%s", err.text);
    assert_string_equal(plain.files[0].sha256, packed.files[0].sha256);
    assert_int_equal(packed.table.row_count, 2);
    assert_int_equal(sp_behaviour_table_take(&cut, bytes, size - 5, "made", &err), -1);
    assert_non_null(strstr(err.text, "cut off"));
}

static void
replace(struct sp_buffer *text, const char *old, const char *new)
{
    char *at = strstr(text->bytes, old);
    if (!at)
        fail_msg("the case has no '%s'", old);
    sp_autobuffer struct sp_buffer changed = { 0 };
    sp_buffer_append(&changed, text->bytes, (size_t)(at - text->bytes), NULL);
    sp_buffer_append_string(&changed, new, NULL);
    sp_buffer_append(&changed, at + strlen(old), text->length - (size_t)(at - text->bytes) - strlen(old),
                     NULL);
    struct sp_buffer before = *text;
    *text = changed;
    changed = before;
}

static void
what_is_out_of_order_is_refused(void **state SP_UNUSED)
{
    static const struct {
        const char *name, *old, *new;
        const char *words[3]; /* that the line must have */
    } cases[] = {
        { "no number", "3.5", "3.5x", { "made.csv:3", "all.own.hosts '3.5x'", "NaN" } },
        { "empty number", "3.5", "", { "made.csv:3", "all.own.hosts", "no number" } },
        { "hexadecimal", "3.5", "0x3", { "made.csv:3", "all.own.hosts", "no number" } },
        { "infinite", "3.5", "inf", { "made.csv:3", "all.own.hosts", "infinite" } },
        { "infinite as a float", "3.5", "1e39", { "made.csv:3", "all.own.hosts", "infinite" } },
        { "nan in another spelling", "3.5", "nan", { "made.csv:3", "all.own.hosts", "NaN" } },
        { "a field too many", "3.5", "3.5,7", { "made.csv:3", "fields", "columns" } },
        { "another version of the features",
          "\n1,npm,good",
          "\n9,npm,good",
          { "made.csv:2", "features_version 9", "collect the table again" } },
        { "version that is no number",
          "\n1,npm,good",
          "\nx,npm,good",
          { "made.csv:2", "features_version", "number" } },
        { "unknown label", ",attack,", ",evil,", { "made.csv:3", "label 'evil'", "honest or attack" } },
        { "unknown status", ",whole,", ",fine,", { "made.csv:2", "status 'fine'", "cut-off" } },
        { "unknown role", ",subject,", ",object,", { "made.csv:2", "role 'object'", "dependency" } },
        { "no name", ",good,", ",,", { "made.csv:2", "name", "needs" } },
        { "open quote", ",good,", ",\"good,", { "made.csv:2", "field 3", "does not end" } },
        { "quote within", ",good,", ",go\"od,", { "made.csv:2", "field 3", "quote within" } },
        { "more after a quote", ",good,", ",\"go\"od,", { "made.csv:2", "field 3", "closing quote" } },
        { "tab", ",good,", ",go\tod,", { "made.csv:2", "control character", "0x09" } },
        { "carriage return", "\n1,npm,good", "\r\n1,npm,good", { "made.csv:1", "control character", "LF" } },
        { "no utf-8", ",good,", ",g\xff,", { "made.csv:2", "UTF-8", "" } },
        { "missing column",
          ",all.own.hosts",
          ",all.own.ghosts",
          { "made.csv:1", "1 columns are missing", "all.own.hosts" } },
        { "missing meta column", ",rules,", ",ruler,", { "made.csv:1", "missing", "rules" } },
        { "column twice", ",all.own.names", ",all.own.hosts", { "made.csv:1", "all.own.hosts", "twice" } },
    };
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        sp_autobuffer struct sp_buffer text = { 0 };
        sp_autobehaviourtable struct sp_behaviour_table table = { 0 };
        struct sp_error err = { 0 };
        two_rows(&text);
        replace(&text, cases[i].old, cases[i].new);
        if (take(&table, &text, &err) == 0)
            fail_msg("%s: was read", cases[i].name);
        for (size_t w = 0; w < SP_COUNT(cases[i].words); w++)
            if (!strstr(err.text, cases[i].words[w]))
                fail_msg("%s: '%s' lacks '%s'", cases[i].name, err.text, cases[i].words[w]);
    }
}

static void
a_nul_byte_is_refused(void **state SP_UNUSED)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    sp_autobehaviourtable struct sp_behaviour_table table = { 0 };
    struct sp_error err = { 0 };
    two_rows(&text);
    *strstr(text.bytes, "good") = '\0';
    assert_int_equal(take(&table, &text, &err), -1);
    assert_non_null(strstr(err.text, "0x00"));
}

static void
an_older_table_is_called_old_not_incomplete(void **state SP_UNUSED)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    sp_autobehaviourtable struct sp_behaviour_table table = { 0 };
    struct sp_error err = { 0 };
    two_rows(&text);
    replace(&text, ",all.own.hosts", ",all.own.ghosts");
    replace(&text, "\n1,npm,good", "\n2,npm,good");
    assert_int_equal(take(&table, &text, &err), -1);
    assert_non_null(strstr(err.text, "features_version 2"));
}

static void
one_class_alone_cannot_be_learnt(void **state SP_UNUSED)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    sp_autobehaviourtable struct sp_behaviour_table table = { 0 };
    struct sp_error err = { 0 };
    two_rows(&text);
    replace(&text, ",attack,", ",honest,");
    assert_int_equal(take(&table, &text, &err), 0);
    assert_int_equal(sp_behaviour_table_finish(&table, &err), -1);
    assert_non_null(strstr(err.text, "no attack package"));
    assert_int_equal(sp_behaviour_table_finish_any(&table, &err), 0);
}

static void
a_run_that_stands_there_twice_is_refused(void **state SP_UNUSED)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    sp_autobehaviourtable struct sp_behaviour_table table = { 0 };
    struct sp_error err = { 0 };
    two_rows(&text);
    assert_int_equal(take(&table, &text, &err), 0);
    assert_int_equal(take(&table, &text, &err), -1);
    assert_non_null(strstr(err.text, "made.csv:2"));
    assert_non_null(strstr(err.text, "already"));
}

static void
dependencies_may_come_again(void **state SP_UNUSED)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    sp_autobehaviourtable struct sp_behaviour_table table = { 0 };
    struct sp_error err = { 0 };
    two_rows(&text);
    replace(&text, ",subject,", ",dependency,");
    replace(&text, ",subject,", ",dependency,");
    assert_int_equal(take(&table, &text, &err), 0);
    assert_int_equal(take(&table, &text, &err), 0);
    assert_int_equal(table.repeated_dependencies, 2);
    assert_int_equal(table.equal_vectors, 2);
    assert_int_equal(sp_behaviour_table_finish(&table, &err), 0);
    assert_int_equal(table.packages[0], 1);
}

static void
runs_that_are_not_whole_are_left_out_and_counted(void **state SP_UNUSED)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    sp_autobehaviourtable struct sp_behaviour_table table = { 0 };
    struct sp_error err = { 0 };
    two_rows(&text);
    replace(&text, ",whole,", ",cut-off,");
    assert_int_equal(take(&table, &text, &err), 0);
    assert_int_equal(table.table.row_count, 1);
    assert_int_equal(table.left_out[SP_RUN_CUT_OFF], 1);
}

static void
rows_hang_together_through_others(void **state SP_UNUSED)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    sp_autobehaviourtable struct sp_behaviour_table table = { 0 };
    struct sp_error err = { 0 };
    made_head(&text);
    made_row(&text, "a", "attack", "t1", "f1", "replica", NULL, NULL);
    made_row(&text, "b", "attack", "t2", "f2", "replica", NULL, NULL);
    made_row(&text, "c", "attack", "t2", "f1", "replica", NULL, NULL); /* joins a and b */
    made_row(&text, "d", "attack", "t3", "", "replica", NULL, NULL);
    made_row(&text, "e", "honest", "", "", "real", NULL, NULL);
    made_row(&text, "g", "honest", "", "", "real", NULL, NULL);      /* empty words join nothing */
    made_row(&text, "e", "attack", "t4", "", "implant", NULL, NULL); /* put into e */
    if (take(&table, &text, &err) < 0 || sp_behaviour_table_finish(&table, &err) < 0)
        fail_msg("%s", err.text);
    const struct sp_behaviour_row *r = table.rows;
    assert_int_equal(r[0].group, r[1].group);
    assert_int_equal(r[0].group, r[2].group);
    assert_int_not_equal(r[0].group, r[3].group);
    assert_int_not_equal(r[4].group, r[5].group);
    assert_int_equal(r[4].group, r[6].group);
    assert_int_not_equal(r[4].package, r[6].package);
    assert_int_equal(table.groups[1], 3);
    assert_int_equal(table.groups[0], 1);
    const struct sp_behaviour_row stranger = { .ecosystem = "npm",
                                               .name = "z",
                                               .technique = "",
                                               .family = "f9" },
                                  kin = { .ecosystem = "npm", .name = "z", .technique = "", .family = "f1" };
    assert_false(sp_behaviour_table_knows(&table, &stranger));
    assert_true(sp_behaviour_table_knows(&table, &kin));
}

static void
the_model_never_sees_the_run_nor_the_machine(void **state SP_UNUSED)
{
    struct sp_error err = { 0 };
    bool chosen[SP_VECTOR_MAX];
    const char *with[] = { "*.own.duration" }, *without[] = { "*.own.decoys*" }, *wrong[] = { "run.*" };
    assert_true(sp_behaviour_seen((size_t)sp_vector_index("load.own.decoys")));
    assert_false(sp_behaviour_seen((size_t)sp_vector_index("run.own.decoys")));
    assert_false(sp_behaviour_seen((size_t)sp_vector_index("all.own.duration")));
    assert_false(sp_behaviour_seen((size_t)sp_vector_index("all.install.total-dependencies")));
    assert_int_equal(sp_columns_choose(chosen, with, 1, without, 1, &err), 0);
    assert_true(chosen[sp_vector_index("all.own.duration")]);
    assert_false(chosen[sp_vector_index("run.own.duration")]);
    assert_false(chosen[sp_vector_index("all.own.decoys-proving")]);
    assert_int_equal(sp_columns_choose(chosen, wrong, 1, NULL, 0, &err), -1);
    for (size_t i = 0; i < sp_unseen_feature_count + sp_rising_feature_count; i++) {
        char name[SP_VECTOR_NAME_MAX];
        snprintf(name, sizeof(name), "all.%s",
                 i < sp_unseen_feature_count ? sp_unseen_features[i].id
                                             : sp_rising_features[i - sp_unseen_feature_count]);
        if (sp_vector_index(name) < 0)
            fail_msg("%s is no feature", name);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_is_read),
        cmocka_unit_test(a_packed_table_is_the_same),
        cmocka_unit_test(what_is_out_of_order_is_refused),
        cmocka_unit_test(a_nul_byte_is_refused),
        cmocka_unit_test(an_older_table_is_called_old_not_incomplete),
        cmocka_unit_test(one_class_alone_cannot_be_learnt),
        cmocka_unit_test(a_run_that_stands_there_twice_is_refused),
        cmocka_unit_test(dependencies_may_come_again),
        cmocka_unit_test(runs_that_are_not_whole_are_left_out_and_counted),
        cmocka_unit_test(rows_hang_together_through_others),
        cmocka_unit_test(the_model_never_sees_the_run_nor_the_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
