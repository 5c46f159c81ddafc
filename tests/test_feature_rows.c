/* The rows of features: whose a number is, what is not seen, how it is written, and that the document tells
 * it. */
#include "features_scene.h"

/* ----------------------------------------------------------------------------------------------------- rows
 */

static void
rows_are_the_run_its_phases_the_actors_and_the_packages(void **state SP_UNUSED)
{
    static const struct {
        const char *kind, *package;
        int phase;
    } expected[] = {
        { "all", NULL, -1 },
        { "all", NULL, SP_PHASE_FETCH },
        { "all", NULL, SP_PHASE_BUILD },
        { "all", NULL, SP_PHASE_INSTALL },
        { "all", NULL, SP_PHASE_LOAD },
        { "manager", NULL, SP_PHASE_FETCH },
        { "package", LEFT, SP_PHASE_INSTALL },
        { "package", RIGHT, SP_PHASE_INSTALL },
        { "package", LEFT, SP_PHASE_LOAD },
        { "package", LEFT, -1 },
        { "package", RIGHT, -1 },
    };
    struct run run = begin();
    look(&run);
    assert_int_equal(run.count, SP_COUNT(expected));
    for (size_t i = 0; i < SP_COUNT(expected); i++) {
        assert_string_equal(run.rows[i].kind, expected[i].kind);
        assert_int_equal(run.rows[i].phase, expected[i].phase);
        if (expected[i].package)
            assert_string_equal(run.rows[i].package, expected[i].package);
        else
            assert_null(run.rows[i].package);
    }
    end(&run);
}

static void
what_two_did_is_one_thing_for_both(void **state SP_UNUSED)
{
    struct run run = begin();
    for (uint32_t i = 2; i <= 4; i++) {
        act(&run, (struct sp_event){ SP_EVENT_OPEN, .process = i, .subject = "/same" });
        act(&run, (struct sp_event){ SP_EVENT_OPEN, .process = i,
                                     .subject = i == 2   ? "/a"
                                                : i == 3 ? "/b"
                                                         : "/c" });
    }
    act(&run, (struct sp_event){ SP_EVENT_OPEN, SP_PHASE_BUILD, .subject = "/nobody's" });
    look(&run);
    assert_true(of_left(&run, "own.files-read") == 2);
    assert_true(value(&run, "package", LEFT, -1, "own.files-read") == 3);
    assert_true(value(&run, "package", RIGHT, -1, "own.files-read") == 2);
    assert_true(value(&run, "all", NULL, SP_PHASE_INSTALL, "own.files-read") == 3);
    assert_true(value(&run, "all", NULL, SP_PHASE_BUILD, "own.files-read") == 1);
    assert_true(value(&run, "all", NULL, SP_PHASE_LOAD, "own.files-read") == 2);
    assert_true(of_run(&run, "own.files-read") == 5);
    end(&run);
}

static void
a_secret_read_at_install_marks_what_is_sent_at_load(void **state SP_UNUSED)
{
    struct run run = begin();
    act(&run, (struct sp_event)READS("/home/user/.aws/credentials"));
    for (uint32_t i = 3; i <= 4; i++)
        act(&run, (struct sp_event){ SP_EVENT_SAID, .process = i, .subject = "192.0.2.1", .bytes = 9 });
    look(&run);
    assert_true(value(&run, "package", LEFT, SP_PHASE_LOAD, "own.bytes-sent-after-sensitive") == 9);
    assert_true(value(&run, "package", RIGHT, -1, "own.bytes-sent-after-sensitive") == 0);
    assert_true(value(&run, "package", RIGHT, -1, "own.bytes-sent-before-sensitive") == 9);
    end(&run);
}

static void
what_no_process_is_known_for_is_a_row_of_nobody(void **state SP_UNUSED)
{
    struct run run = begin();
    act(&run, (struct sp_event){ SP_EVENT_CONNECTION, SP_PHASE_LOAD, .subject = "192.0.2.1", .port = 80 });
    look(&run);
    assert_true(value(&run, "unknown", NULL, SP_PHASE_LOAD, "own.connections") == 1);
    assert_true(value(&run, "unknown", NULL, SP_PHASE_LOAD, "own.hosts") == 1);
    assert_true(value(&run, "unknown", NULL, SP_PHASE_LOAD, "own.processes") == 0);
    assert_true(of_run(&run, "own.connections") == 1); /* and is counted once */
    for (size_t i = 0; i < run.count; i++)
        assert_true(strcmp(run.rows[i].kind, "unknown") || run.rows[i].phase == SP_PHASE_LOAD);
    end(&run);
}

static void
counts_belong_to_whom_the_process_is_laid_at_its_end(void **state SP_UNUSED)
{
    uint64_t numbers[SP_COUNT_END];
    struct run run = begin();
    fill(numbers, 1);
    /* it was npm's when it began, and is right's since it started a program there */
    act(&run, (struct sp_event){ SP_EVENT_FORK, .process = 30, .parent = 1 });
    act(&run, (struct sp_event){ SP_EVENT_OPEN, .process = 30, .subject = "/early" });
    act(&run, (struct sp_event){ SP_EVENT_EXEC, .process = 30, .subject = "/usr/bin/dash",
                                 .directory = RIGHT_PLACE, .detail = "sh\x1f-c\x1f:\x1f" });
    take_counts(&run, 30, numbers, SP_COUNT_END);
    look(&run);
    assert_true(value(&run, "package", RIGHT, -1, "syscall.io") == 1000.0 + SP_COUNT_IO);
    assert_true(value(&run, "package", RIGHT, -1, "own.processes") == 2);
    assert_true(value(&run, "package", RIGHT, -1, "own.files-read") == 0);
    assert_true(value(&run, "manager", NULL, SP_PHASE_FETCH, "own.files-read") == 1);
    end(&run);
}

static void
dependencies_are_of_the_run(void **state SP_UNUSED)
{
    struct run run = begin();
    sp_features_dependencies(run.features, 177, 12, 165);
    look(&run);
    assert_true(of_run(&run, "install.total-dependencies") == 177);
    assert_true(of_run(&run, "install.direct-dependencies") == 12);
    assert_true(of_run(&run, "install.indirect-dependencies") == 165);
    assert_true(isnan(of_left(&run, "install.total-dependencies")));
    end(&run);
}

/* ------------------------------------------------------------------------------------------ what is not seen
 */

static void
what_could_not_be_seen_is_no_zero(void **state SP_UNUSED)
{
    uint64_t numbers[SP_COUNT_END];
    struct run run = begin_with(false);
    fill(numbers, 1);
    look(&run);
    for (size_t i = 0; i < SP_FEATURES_DYSEC; i++)
        if (!isnan(run.rows[0].values[i]))
            fail_msg("%s: nothing was seen, but it is %g", sp_feature_table[i].id, run.rows[0].values[i]);
    assert_true(isnan(of_run(&run, "own.sensitive-ssh")));
    assert_true(isnan(of_run(&run, "own.processes")));
    assert_true(isnan(of_run(&run, "own.duration")));
    assert_true(of_run(&run, "own.decoys") == 0); /* these eyes are always open */
    assert_true(of_run(&run, "own.connections") == 0);
    end(&run);

    /* less sight: programs only */
    run = begin();
    look(&run);
    assert_true(of_left(&run, "own.shells") == 1);
    assert_true(isnan(of_left(&run, "own.files-read")));
    assert_true(isnan(of_left(&run, "tcp.remote-ips")));
    assert_true(isnan(of_left(&run, "syscall.io")));
    assert_true(of_left(&run, "own.strings-compiled") == 0); /* the probes were there */
    /* counts of one package: the other's are not known, and nothing at all is 0 where nobody was */
    take_counts(&run, 2, numbers, SP_COUNT_END);
    look(&run);
    assert_true(of_left(&run, "syscall.io") > 0);
    assert_true(of_left(&run, "tcp.remote-ips") == 0);
    assert_true(isnan(value(&run, "package", RIGHT, -1, "syscall.io")));
    assert_true(value(&run, "all", NULL, SP_PHASE_BUILD, "syscall.io") == 0);
    assert_true(of_run(&run, "own.processes-uncounted") == 3);
    /* an older recording has fewer of them */
    take_counts(&run, 3, numbers, SP_COUNT_READS);
    look(&run);
    assert_true(value(&run, "package", RIGHT, -1, "syscall.io") > 0);
    assert_true(isnan(of_run(&run, "own.slept")));
    end(&run);

    run = begin_with(false);
    act(&run, (struct sp_event){ SP_EVENT_FORK, .process = 2 });
    take_counts(&run, 2, numbers, SP_COUNT_END);
    look(&run);
    assert_true(isnan(of_run(&run, "own.strings-compiled")));
    act(&run, (struct sp_event)CODE(SP_CODE_MARSHAL, ""));
    look(&run);
    assert_true(of_run(&run, "own.strings-compiled") == 0);
    assert_true(of_run(&run, "own.marshal-loads") == 1);
    end(&run);
}

static void
more_things_than_are_kept_crowd_nothing_else_out(void **state SP_UNUSED)
{
    struct run run = begin();
    char path[64];
    for (unsigned i = 0; i < 400000; i++) {
        snprintf(path, sizeof(path), "/project/%u", i);
        act(&run, (struct sp_event)READS(path));
    }
    assert_true(sp_features_unseen(run.features) > 0);
    act(&run, (struct sp_event)READS("/home/user/.ssh/id_rsa"));
    act(&run, (struct sp_event)CALL("evil.example"));
    look(&run);
    assert_true(of_left(&run, "own.sensitive-ssh") == 1);
    assert_true(of_left(&run, "own.hosts") == 1);
    assert_in_range((uintmax_t)of_left(&run, "own.files-read"), 300000, 400000);
    end(&run);
}

static void
hostile_events_harm_nothing(void **state SP_UNUSED)
{
    static const char *const texts[] = { NULL,
                                         "",
                                         "/",
                                         "\x1f",
                                         "\x1f\x1f\x1f",
                                         "....",
                                         "/node_modules/",
                                         "/x/node_modules/@",
                                         "/site-packages/",
                                         "/site-packages/-1",
                                         "pkg:",
                                         "pkg:npm/%zz",
                                         "/home/",
                                         "/home//.ssh/",
                                         "-",
                                         "env\x1f-u\x1f",
                                         "sh\x1f-c",
                                         "://",
                                         "x://@:/",
                                         "\xff\xfe\x80",
                                         "/-linux-gnu-",
                                         "-linux-musl-1.2",
                                         "1.2.3",
                                         "./" };
    static const int64_t values[] = { 0, 1, -1, INT64_MAX, INT64_MIN, 0x0102, O_CREAT | O_TRUNC, 1 << 20 };
    static const uint64_t numbers[200] = { UINT64_MAX, UINT64_MAX };
    struct run run = begin();
    uint64_t state_of = 7;
    for (unsigned i = 0; i < 200000; i++) {
        uint64_t r = state_of = state_of * 6364136223846793005u + 1442695040888963407u;
        r >>= 8;
        struct sp_event event = {
            .kind = (enum sp_event_kind)(r % (SP_EVENT_KIND_END + 2)),
            .phase = (enum sp_phase)(r >> 6 & 7),
            .time = r >> 7 & 1 ? UINT64_MAX - (r & 3) : r & 0xff,
            .process = r >> 9 & 0x20 ? UINT32_MAX : (uint32_t)(r >> 9 & 0x1f),
            .parent = (uint32_t)(r >> 15 & 0x1f),
            .value = values[(r >> 20) % SP_COUNT(values)],
            .bytes = r >> 23 & 1 ? UINT64_MAX : r & 3,
            .port = (uint16_t)r,
            .subject = texts[(r >> 24) % SP_COUNT(texts)],
            .detail = texts[(r >> 30) % SP_COUNT(texts)],
            .directory = texts[(r >> 36) % SP_COUNT(texts)],
            .package = texts[(r >> 42) % SP_COUNT(texts)],
            .numbers = r >> 47 & 1 ? numbers : NULL,
            .number_count = r % SP_COUNT(numbers),
        };
        if (event.kind == SP_EVENT_COMMAND || (event.kind == SP_EVENT_FORK && !event.process))
            continue;
        act(&run, event);
    }
    look(&run);
    for (size_t r = 0; r < run.count; r++)
        for (size_t i = 0; i < sp_feature_count; i++)
            if (run.rows[r].values[i] < 0)
                fail_msg("%s: is %g", sp_feature_table[i].id, run.rows[r].values[i]);
    end(&run);
    sp_features_free(NULL);
}

/* --------------------------------------------------------------------------------------------------- writing
 */

static void
csv_quotes_and_reads_back_exactly(void **state SP_UNUSED)
{
    struct sp_feature_row rows[2] = { { "pkg:npm/a,\"b\"\n\x1b[2J@1", "package", SP_PHASE_LOAD, { 0 } },
                                      { NULL, "all", -1, { 0 } } };
    static const double values[] = { 0.1, 1.0 / 3, 9007199254740993.0, 0x1p60, NAN, 42 };
    sp_autobuffer struct sp_buffer out = { 0 };
    for (size_t i = 0; i < SP_COUNT(values); i++)
        rows[0].values[i] = values[i];
    assert_int_equal(sp_features_csv(rows, 2, &out, NULL), 0);
    assert_memory_equal(out.bytes, "package,kind,phase,filetop.read-processes,", 42);
    const char *line = strstr(out.bytes, "\r\n");
    assert_non_null(line);
    static const char lead[] = "\r\n\"pkg:npm/a,\"\"b\"\"\\u{a}\\u{1b}[2J@1\",package,load,";
    if (strncmp(line, lead, sizeof(lead) - 1))
        fail_msg("the line begins %.80s", line + 2);
    char *at = (char *)line + sizeof(lead) - 1;
    for (size_t i = 0; i < SP_COUNT(values); i++, at++) {
        double is = strtod(at, &at);
        assert_true(is == values[i] || (isnan(is) && isnan(values[i])));
        assert_int_equal(*at, ',');
    }
    assert_non_null(strstr(at, "\r\n,all,all,0,0,"));
    size_t commas = 0;
    for (const char *c = out.bytes; c < line; c++)
        commas += *c == ',';
    assert_int_equal(commas, sp_feature_count + 2);
}

static void
json_is_what_the_rows_say(void **state SP_UNUSED)
{
    struct run run = begin();
    act(&run, (struct sp_event)READS("/home/user/.ssh/id_rsa"));
    look(&run);
    sp_autobuffer struct sp_buffer out = { 0 };
    assert_int_equal(sp_features_json(run.rows, run.count, &out, NULL), 0);
    json_t *root = json_loadb(out.bytes, out.length, 0, NULL);
    assert_non_null(root);
    assert_int_equal(json_integer_value(json_object_get(root, "version")), SP_FEATURES_VERSION);
    json_t *all = json_object_get(root, "rows");
    assert_int_equal(json_array_size(all), run.count);
    for (size_t r = 0; r < run.count; r++) {
        json_t *row = json_array_get(all, r), *features = json_object_get(row, "features");
        assert_int_equal(json_object_size(features), sp_feature_count);
        assert_string_equal(json_string_value(json_object_get(row, "kind")), run.rows[r].kind);
        for (size_t i = 0; i < sp_feature_count; i++) {
            json_t *is = json_object_get(features, sp_feature_table[i].id);
            double expected = run.rows[r].values[i];
            if (isnan(expected) ? !json_is_null(is) : json_number_value(is) != expected)
                fail_msg("row %zu: %s differs", r, sp_feature_table[i].id);
        }
    }
    json_decref(root);
    end(&run);
}

static void
read_file(struct sp_buffer *out, const char *directory, const char *name)
{
    char path[512];
    struct sp_error err;
    snprintf(path, sizeof(path), "%s/%s", directory, name);
    sp_buffer_clear(out);
    if (sp_file_read(path, 1 << 20, out, &err) < 0)
        fail_msg("%s", err.text);
}

static void
the_tables_of_qut_dv25_are_written(void **state SP_UNUSED)
{
    static const struct {
        const char *file, *text;
    } tables[] = {
        { "QUT-DV25_Filetop_Traces.csv",
          "Package_Name,Read_Processes,Write_Processes,Read_Data_Transfer,Write_Data_Transfer,"
          "File_Access_Processes\r\n\"a,b\",1,1,10,20,1\r\n" },
        { "QUT-DV25_Install_Traces.csv",
          "Package_Name,Total_Dependencies,Direct_Dependencies,Indirect_Dependencies\r\n\"a,b\",3,1,2\r\n" },
        { "QUT-DV25_Opensnoop_Traces.csv",
          "Package_Name,Total_Paths,Total_Error_Counts,Total_FD_Counts,Total_Python_Package_Count,"
          "Unique_Path_Count,Root,Temporary,Home,User,Sys,Etc,Other\r\n"
          "\"a,b\",35,7,28,2,5,1,2,3,4,5,6,7\r\n" },
        { "QUT-DV25_TCP_Traces.csv",
          "Package_Name,State_Transitions,Local_IPs,Remote_IPs,Local_Ports,Remote_Ports\r\n"
          "\"a,b\",11,1,1,1,1\r\n" },
        { "QUT-DV25_SystemCall_Traces.csv",
          "Package_Name,IO_Operations,File_Operations,Network_Operations,Time_Operations,"
          "Security_Operations,Process_Operations\r\n\"a,b\",21,22,23,24,25,26\r\n" },
        { "QUT-DV25_Pattern_Traces.csv",
          "Package_Name,Pattern_1,Pattern_2,Pattern_3,Pattern_4,Pattern_5,Pattern_6,Pattern_7,Pattern_8,"
          "Pattern_9,Pattern_10\r\n\"a,b\",1,2,3,4,5,6,7,8,9,10\r\n" },
    };
    uint64_t numbers[SP_COUNT_END] = { 0 };
    char directory[] = "/tmp/sallyport-features-XXXXXX", inner[64];
    struct sp_error err;
    struct run run = begin();
    numbers[SP_COUNT_READS] = numbers[SP_COUNT_WRITES] = 1;
    numbers[SP_COUNT_READ_BYTES] = 10;
    numbers[SP_COUNT_WRITTEN_BYTES] = 20;
    numbers[SP_COUNT_TCP_STATES] = 11;
    numbers[SP_COUNT_OPEN_FAILED] = 7;
    for (unsigned i = 0; i < 7; i++)
        numbers[SP_COUNT_OPEN_ROOT + i] = 1 + i;
    for (unsigned i = 0; i < 6; i++)
        numbers[SP_COUNT_IO + i] = 21 + i;
    for (unsigned i = 0; i < 10; i++)
        numbers[SP_COUNT_PATTERN_1 + i] = 1 + i;
    take_counts(&run, 2, numbers, SP_COUNT_END);
    act(&run, (struct sp_event)TCP("192.0.2.1", 443, "10.0.0.1", 40000));
    act(&run, (struct sp_event)READS("/v/lib/python3/site-packages/yaml/__init__.py"));
    act(&run, (struct sp_event)READS("/v/lib/python3/site-packages/yaml/loader.py"));
    act(&run, (struct sp_event)READS("/v/lib/python3/site-packages/six.py"));
    act(&run, (struct sp_event)READS("/v/lib/python3/site-packages/six-1.16.0.dist-info/RECORD"));
    act(&run, (struct sp_event)MAKES("/tmp/x"));
    sp_features_dependencies(run.features, 3, 1, 2);
    assert_non_null(mkdtemp(directory));
    snprintf(inner, sizeof(inner), "%s/new", directory);
    for (int again = 0; again < 2; again++) /* what is there is replaced */
        if (sp_features_write(run.features, inner, "a,b", &err) < 0)
            fail_msg("%s", err.text);
    sp_autobuffer struct sp_buffer text = { 0 };
    for (size_t i = 0; i < SP_COUNT(tables); i++) {
        read_file(&text, inner, tables[i].file);
        assert_string_equal(sp_buffer_string(&text), tables[i].text);
    }
    read_file(&text, inner, "features.csv");
    assert_non_null(strstr(text.bytes, LEFT));
    read_file(&text, inner, "features.json");
    assert_non_null(strstr(text.bytes, "\"filetop.read-processes\""));
    snprintf(inner, sizeof(inner), "%s/no/such", directory);
    assert_int_equal(sp_features_write(run.features, inner, "a", &err), -1);
    assert_non_null(strstr(err.text, inner));
    assert_int_equal(sp_tree_remove(directory, &err), 0);
    end(&run);
}

/* ---------------------------------------------------------------------------------------------- the document
 */

static void
read_document(struct sp_buffer *out)
{
    const char *docs = getenv("SALLYPORT_DOCS_DIR");
    read_file(out, docs ? docs : "docs", "features.md");
}

static void
the_document_shows_the_table(void **state SP_UNUSED)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    char row[1024];
    read_document(&text);
    for (size_t i = 0; i < sp_feature_count; i++) {
        const struct sp_feature *feature = &sp_feature_table[i];
        snprintf(row, sizeof(row), "\n| `%s` | %s | %s | %s | %s | %s |\n", feature->id, feature->title,
                 feature->unit, feature->probe, feature->source, feature->definition);
        if (!strstr(text.bytes, row))
            fail_msg("docs/features.md has no row %s", row + 1);
    }
    /* and no other */
    for (const char *at = text.bytes; (at = strstr(at, "\n| `")); at++) {
        size_t length = strcspn(at + 4, "`"), i = 0;
        snprintf(row, sizeof(row), "%.*s", (int)length, at + 4);
        if (!strchr(row, '.') || strstr(row, ".csv"))
            continue;
        while (i < sp_feature_count && strcmp(sp_feature_table[i].id, row))
            i++;
        if (i == sp_feature_count)
            fail_msg("docs/features.md: %s is no feature", row);
    }
}

/* The words in backquotes of the row that begins with LEAD. */
static size_t
words_of(const char *text, const char *lead, char words[][64], size_t most)
{
    const char *at = strstr(text, lead);
    size_t count = 0;
    if (!at)
        fail_msg("docs/features.md has no row %s", lead);
    const char *end_of_row = strchr(at + strlen(lead), '\n');
    for (at = at + strlen(lead); (at = memchr(at, '`', (size_t)(end_of_row - at))) && count < most;) {
        size_t length = strcspn(at + 1, "`");
        snprintf(words[count++], 64, "%.*s", (int)length, at + 1);
        at += length + 2;
    }
    return count;
}

static void
the_document_has_every_system_call_in_one_group(void **state SP_UNUSED)
{
    static const char *const groups[] = { "\n| I/O | ",  "\n| file | ",     "\n| network | ",
                                          "\n| time | ", "\n| security | ", "\n| process | " };
    sp_autobuffer struct sp_buffer text = { 0 };
    sp_automap struct sp_map known = { 0 };
    char words[128][64];
    read_document(&text);
    for (size_t g = 0; g < SP_COUNT(groups); g++) {
        size_t count = words_of(text.bytes, groups[g], words, SP_COUNT(words));
        assert_in_range(count, 10, SP_COUNT(words) - 1);
        for (size_t i = 0; i < count; i++) {
            if (seccomp_syscall_resolve_name_arch(SCMP_ARCH_X86_64, words[i]) < 0)
                fail_msg("%s: is no system call", words[i]);
            if (sp_map_get(&known, words[i], strlen(words[i]), NULL))
                fail_msg("%s: stands in two groups", words[i]);
            sp_map_set(&known, words[i], strlen(words[i]), 0, NULL);
        }
    }
}

static void
the_document_shows_the_classes(void **state SP_UNUSED)
{
    sp_autobuffer struct sp_buffer text = { 0 };
    sp_automap struct sp_map shown = { 0 };
    char words[128][64], lead[64], key[160];
    read_document(&text);
    for (size_t c = 0; c < SP_PLACE_CLASSES; c++) {
        snprintf(lead, sizeof(lead), "\n| %s | ", sp_feature_place_classes[c]);
        size_t count = words_of(text.bytes, lead, words, SP_COUNT(words)), rows = 0;
        for (size_t i = 0; i < sp_feature_place_count; i++)
            if (sp_feature_place_at(i)->class_ == c &&
                (rows >= count || strcmp(words[rows++], sp_feature_place_at(i)->pattern) != 0))
                fail_msg("docs/features.md: %s lacks %s", lead + 1, sp_feature_place_at(i)->pattern);
        assert_int_equal(rows, count);
    }
    for (size_t c = 0; c < sp_feature_program_class_count; c++) {
        snprintf(lead, sizeof(lead), "\n| %s | ", sp_feature_program_classes[c].name);
        size_t count = words_of(text.bytes, lead, words, SP_COUNT(words)), rows = 0;
        for (size_t i = 0; i < count; i++) {
            snprintf(key, sizeof(key), "%zu %s", c, words[i]);
            sp_map_set(&shown, key, strlen(key), 0, NULL);
        }
        for (size_t i = 0; i < sp_feature_program_count; i++) {
            if (!(sp_feature_programs[i].class_ & sp_feature_program_classes[c].class_))
                continue;
            snprintf(key, sizeof(key), "%zu %s", c, sp_feature_programs[i].name);
            rows++;
            if (!sp_map_get(&shown, key, strlen(key), NULL))
                fail_msg("docs/features.md: %s lacks %s", lead + 1, sp_feature_programs[i].name);
        }
        assert_int_equal(rows, count);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_the_run_its_phases_the_actors_and_the_packages),
        cmocka_unit_test(what_two_did_is_one_thing_for_both),
        cmocka_unit_test(a_secret_read_at_install_marks_what_is_sent_at_load),
        cmocka_unit_test(what_no_process_is_known_for_is_a_row_of_nobody),
        cmocka_unit_test(counts_belong_to_whom_the_process_is_laid_at_its_end),
        cmocka_unit_test(dependencies_are_of_the_run),
        cmocka_unit_test(what_could_not_be_seen_is_no_zero),
        cmocka_unit_test(more_things_than_are_kept_crowd_nothing_else_out),
        cmocka_unit_test(hostile_events_harm_nothing),
        cmocka_unit_test(csv_quotes_and_reads_back_exactly),
        cmocka_unit_test(json_is_what_the_rows_say),
        cmocka_unit_test(the_tables_of_qut_dv25_are_written),
        cmocka_unit_test(the_document_shows_the_table),
        cmocka_unit_test(the_document_has_every_system_call_in_one_group),
        cmocka_unit_test(the_document_shows_the_classes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
