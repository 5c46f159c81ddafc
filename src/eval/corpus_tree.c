/* The stand-in tree on disk: packages, answers, the list. */
#include "base/file.h"
#include "eval/corpus_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define PROGRAM_MAX ((size_t)1 << 20)

static bool
is_empty_folder(const char *path)
{
    return rmdir(path) == 0 && mkdir(path, 0755) == 0;
}

int
sp_corpus_tree_open(struct sp_corpus_tree *tree, const char *path, struct sp_error *err)
{
    *tree = (struct sp_corpus_tree){ .fd = -1, .path = path };
    if (mkdir(path, 0755) < 0 && (errno != EEXIST || !is_empty_folder(path)))
        return sp_fail_errno(err, "%s: the corpus needs a new or empty folder", path);
    tree->fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (tree->fd < 0 || fchmod(tree->fd, 0755) < 0)
        return sp_fail_errno(err, "%s: cannot be opened", path);
    return sp_buffer_append_string(
        &tree->list, "ecosystem\tname\tversion\tlabel\ttechnique\tfamily\torigin\tculprit\tflags\tnote\n",
        err);
}

/* Makes the folders that lead to PATH; the run's other users must be able to read them. */
static int
make_folders(const struct sp_corpus_tree *tree, const char *path, struct sp_error *err)
{
    sp_autofree char *copy = strdup(path);
    if (!copy)
        return sp_fail_memory(err);
    for (char *slash = strchr(copy, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdirat(tree->fd, copy, 0755) == 0) {
            if (fchmodat(tree->fd, copy, 0755, 0) < 0)
                return sp_fail_errno(err, "%s/%s", tree->path, copy);
        } else if (errno != EEXIST) {
            return sp_fail_errno(err, "%s/%s: the folder cannot be made", tree->path, copy);
        }
        *slash = '/';
    }
    return 0;
}

int
sp_corpus_tree_write(struct sp_corpus_tree *tree, const char *path, const void *bytes, size_t length,
                     struct sp_error *err)
{
    if (make_folders(tree, path, err) < 0)
        return -1;
    sp_autoclose int fd = openat(tree->fd, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (fd < 0 || fchmod(fd, 0644) < 0)
        return sp_fail_errno(err, "%s/%s: cannot be written", tree->path, path);
    for (size_t at = 0; at < length;) {
        ssize_t wrote = write(fd, (const char *)bytes + at, length - at);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return sp_fail_errno(err, "%s/%s: cannot be written", tree->path, path);
        at += (size_t)wrote;
    }
    return 0;
}

int
sp_corpus_tree_put(struct sp_corpus_tree *tree, enum sp_corpus_ecosystem ecosystem, const char *name,
                   const struct sp_corpus_artefact *artefact, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer path = { 0 };
    const char *page = ecosystem == SP_CORPUS_NPM ? "packument.json" : "index.json";
    if (sp_buffer_printf(&path, err, "%s/%s/%s", sp_corpus_ecosystem_name(ecosystem), name, page) < 0 ||
        sp_corpus_tree_write(tree, path.bytes, artefact->page.bytes, artefact->page.length, err) < 0)
        return -1;
    sp_buffer_clear(&path);
    if (sp_buffer_printf(&path, err, "%s/%s/%s", sp_corpus_ecosystem_name(ecosystem), name, artefact->file) <
        0)
        return -1;
    return sp_corpus_tree_write(tree, path.bytes, artefact->archive.bytes, artefact->archive.length, err);
}

int
sp_corpus_tree_list(struct sp_corpus_tree *tree, const struct sp_corpus_row *row, struct sp_error *err)
{
    return sp_buffer_printf(&tree->list, err, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
                            sp_corpus_ecosystem_name(row->ecosystem), row->name, row->version,
                            row->attack ? "attack" : "honest", row->technique ? row->technique : "",
                            row->family, row->origin, row->culprit ? row->culprit : "",
                            row->source ? "sdist" : "", row->note ? row->note : "");
}

int
sp_corpus_tree_close(struct sp_corpus_tree *tree, struct sp_error *err)
{
    int status = 0;
    if (tree->fd >= 0 && err)
        status = sp_corpus_tree_write(tree, "list.tsv", tree->list.bytes, tree->list.length, err);
    if (tree->fd >= 0)
        close(tree->fd);
    tree->fd = -1;
    sp_buffer_free(&tree->list);
    return status;
}

/* ------------------------------------------------------------ answers */

static const struct {
    const char *suffix, *text;
} plain_answers[] = {
    { "json", "{\"version\": \"1.0.0\", \"ok\": true, \"items\": []}\n" },
    { "sh", "#!/bin/sh\n# " SP_CORPUS_FIRST_LINE "\nexit 0\n" },
    { "js", "// " SP_CORPUS_FIRST_LINE "\nmodule.exports = {};\n" },
    { "py", "# " SP_CORPUS_FIRST_LINE "\nVALUE = 1\n" },
    { "txt", "1.0.0\n" },
};

static int
put_answer(struct sp_corpus_tree *tree, const char *suffix, const struct sp_buffer *bytes,
           struct sp_error *err)
{
    sp_autobuffer struct sp_buffer path = { 0 };
    if (sp_buffer_printf(&path, err, "answers/any.%s", suffix) < 0)
        return -1;
    return sp_corpus_tree_write(tree, path.bytes, bytes->bytes, bytes->length, err);
}

static int
put_archives(struct sp_corpus_tree *tree, const struct sp_buffer *program, struct sp_error *err)
{
    static const struct {
        const char *suffix;
        enum sp_archive_kind kind;
    } archives[] = { { "tar.gz", SP_ARCHIVE_TGZ },
                     { "tgz", SP_ARCHIVE_TGZ },
                     { "zip", SP_ARCHIVE_ZIP },
                     { "tar.xz", SP_ARCHIVE_TAR_XZ } };
    struct sp_made_file inside[] = {
        { "README.txt", SP_CORPUS_FIRST_LINE "\n", sizeof(SP_CORPUS_FIRST_LINE), false },
        { "bin/tool", program->bytes, program->length, true },
    };
    const struct sp_made_files files = { inside, SP_COUNT(inside), SP_COUNT(inside) };
    for (size_t i = 0; i < SP_COUNT(archives); i++) {
        sp_autobuffer struct sp_buffer packed = { 0 };
        if (sp_corpus_pack(&packed, archives[i].kind, &files, "", err) < 0 ||
            put_answer(tree, archives[i].suffix, &packed, err) < 0)
            return -1;
    }
    sp_autobuffer struct sp_buffer gzip = { 0 }, xz = { 0 };
    if (sp_corpus_compress(&gzip, SP_ARCHIVE_TGZ, program->bytes, program->length, err) < 0 ||
        put_answer(tree, "gz", &gzip, err) < 0 ||
        sp_corpus_compress(&xz, SP_ARCHIVE_TAR_XZ, program->bytes, program->length, err) < 0)
        return -1;
    return put_answer(tree, "xz", &xz, err);
}

int
sp_corpus_tree_answers(struct sp_corpus_tree *tree, struct sp_error *err)
{
    sp_autobuffer struct sp_buffer program = { 0 }, sum = { 0 };
    if (sp_file_read("/bin/true", PROGRAM_MAX, &program, err) < 0)
        return -1;
    for (size_t i = 0; i < SP_COUNT(plain_answers); i++) {
        sp_autobuffer struct sp_buffer text = { 0 };
        if (sp_buffer_append_string(&text, plain_answers[i].text, err) < 0 ||
            put_answer(tree, plain_answers[i].suffix, &text, err) < 0)
            return -1;
    }
    if (sp_buffer_append_string(
            &sum, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  any.bin\n", err) < 0 ||
        put_answer(tree, "sha256", &sum, err) < 0 || put_answer(tree, "bin", &program, err) < 0 ||
        put_answer(tree, "node", &program, err) < 0)
        return -1;
    return put_archives(tree, &program, err);
}
