/* SPDX-License-Identifier: MIT */
#include "core/store/identity.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/difference.h"
#include "core/base/path.h"
#include "core/io/mapped_file.h"
#include "core/store/run_folder.h"

static enum tfu_status refuse(const char *folder, const char *was, const char *is,
                              struct tfu_error *e)
{
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_text_difference(&text, was, is);
    tfu_error_at(e, TFU_EINVAL, folder, 0, 0,
                 "the folder holds another run: what decides its results changed since it began (- "
                 "then, + now); go on with what it began with, or run the configuration by its "
                 "own file, which begins the other run in a folder of its own\n%s",
                 tfu_text_get(&text));
    tfu_text_free(&text);
    return TFU_EINVAL;
}

/* The last component of a path that does not end in a slash. */
static enum tfu_status check_name(const char *folder, const char *identity, struct tfu_error *e)
{
    char id[TFU_RUN_ID_SIZE];
    const char *slash = strrchr(folder, '/'), *name = slash ? slash + 1 : folder;
    tfu_run_id(identity, id);
    if (strcmp(name, id) == 0)
        return TFU_OK;
    return tfu_error_at(e, TFU_EINVAL, folder, 0, 0,
                        "it has no " TFU_IDENTITY_FILE ", and its name is not the id '%s' that its "
                        "configuration and data have now: what run it holds cannot be told; run "
                        "the configuration by its own file",
                        id);
}

enum tfu_status tfu_identity_read(const char *folder, char **out, struct tfu_error *e)
{
    struct tfu_mapped_file file;
    *out = NULL;
    char *path = tfu_path_join(folder, TFU_IDENTITY_FILE);
    if (!path)
        return tfu_error_memory(e, "looking at a run folder", 0);
    const bool there = access(path, F_OK) == 0;
    const enum tfu_status st = there ? tfu_mapped_file_open(&file, path, e) : TFU_OK;
    free(path);
    if (!there || st != TFU_OK)
        return st;
    *out = strndup(file.bytes, file.size);
    tfu_mapped_file_close(&file);
    return *out ? TFU_OK : tfu_error_memory(e, "looking at a run folder", 0);
}

enum tfu_status tfu_identity_check(const char *folder, const char *identity, struct tfu_error *e)
{
    char *was;
    enum tfu_status st = tfu_identity_read(folder, &was, e);
    if (st == TFU_OK && !was)
        return check_name(folder, identity, e);
    if (st == TFU_OK && strcmp(was, identity) != 0)
        st = refuse(folder, was, identity, e);
    free(was);
    return st;
}

/* Are two lines of `n` and `m` bytes equal, or those of a file that is known and one that is gone?
 */
static bool is_line_settled(const char *was, size_t n, const char *is, size_t m)
{
    static const char known[] = ": sha256 ";
    if (n == m && memcmp(was, is, n) == 0)
        return true;
    const char *colon = memchr(was, ':', n);
    const size_t key = colon ? (size_t)(colon - was) : n;
    return key + sizeof known - 1 < n && memcmp(colon, known, sizeof known - 1) == 0 &&
           key + 2 < m && memcmp(was, is, key + 2) == 0 &&
           (m < key + sizeof known - 1 || memcmp(is + key, known, sizeof known - 1) != 0);
}

bool tfu_identity_agrees(const char *was, const char *is)
{
    while (*was && *is) {
        const size_t n = strcspn(was, "\n"), m = strcspn(is, "\n");
        if (!is_line_settled(was, n, is, m))
            return false;
        was += n + (was[n] == '\n');
        is += m + (is[m] == '\n');
    }
    return !*was && !*is;
}

enum tfu_status tfu_identity_settle(const char *folder, struct tfu_text *identity,
                                    struct tfu_error *e)
{
    char *was;
    enum tfu_status st = tfu_identity_read(folder, &was, e);
    if (st == TFU_OK && was && tfu_identity_agrees(was, tfu_text_get(identity))) {
        tfu_text_free(identity);
        tfu_text_puts(identity, was);
        if (identity->failed)
            st = tfu_error_memory(e, "looking at a run folder", 0);
    }
    free(was);
    return st;
}
