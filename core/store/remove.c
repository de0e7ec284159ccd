/* SPDX-License-Identifier: MIT */
#include "core/store/remove.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/path.h"
#include "core/base/text.h"
#include "core/store/lease.h"
#include "core/store/run_files.h"
#include "core/store/run_folder.h"

/* ---- removing a run */

static void count_one(void *arg, const char *name, int64_t bytes)
{
    (void)bytes;
    if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
        ++*(size_t *)arg;
}

/* With the folder still ours: whoever begins a run there from here on finds an empty folder, or
 * none. */
static enum tfu_status remove_opened(struct tfu_run_folder *f, const char *folder, size_t *left,
                                     struct tfu_error *e)
{
    char checkpoints[PATH_MAX];
    const struct tfu_run_files ours = {
        .folder = folder, .pattern = "^(\\.lock|\\.lease\\.[0-9]+)$", .remove = true};
    const struct tfu_run_files others = {
        .folder = folder, .pattern = "", .found = count_one, .arg = left};
    enum tfu_status st = tfu_run_folder_clear(f, e);
    if (st == TFU_OK && tfu_path_put(checkpoints, folder, "checkpoints"))
        rmdir(checkpoints); /* unless somebody put something there */
    if (st == TFU_OK)
        st = tfu_run_files_visit(&ours, e);
    if (st == TFU_OK && rmdir(folder) != 0)
        st = tfu_run_files_visit(&others, e);
    return st;
}

enum tfu_status tfu_run_remove(const char *folder, size_t *left, struct tfu_error *e)
{
    struct tfu_run_folder *f = NULL;
    struct stat info;
    *left = 0;
    if (stat(folder, &info) != 0)
        return tfu_error_errno(e, errno, "cannot look at", folder);
    enum tfu_status st = tfu_run_folder_open(&f, folder, e);
    if (st != TFU_OK)
        return st;
    st = remove_opened(f, folder, left, e);
    tfu_run_folder_close(f);
    char *experiment = strdup(folder);
    char *slash = experiment ? strrchr(experiment, '/') : NULL;
    if (st == TFU_OK && *left == 0 && slash && slash > experiment) {
        *slash = '\0';
        rmdir(experiment); /* where it was the last one */
    }
    free(experiment);
    return st;
}

/* ---- tidying one up */

struct tidy {
    struct tfu_run_tidy *t;
    const char *prefix;
};

static void found(void *arg, const char *name, int64_t bytes)
{
    const struct tidy *x = arg;
    char path[NAME_MAX + 32];
    snprintf(path, sizeof path, "%s%s", x->prefix, name);
    x->t->files++;
    x->t->bytes += bytes;
    if (x->t->report)
        x->t->report(x->t->arg, path, bytes);
}

static enum tfu_status tidy_folder(struct tfu_run_tidy *t, const char *folder, struct tfu_error *e)
{
    /* names as core/train/shelf.c and core/io/atomic_file.c give them */
    static const char finished[] = "^((step-[0-9]+|interrupted)\\.safetensors(\\.tmp|\\.damaged)?|"
                                   "(best|final)\\.safetensors(\\.tmp|\\.damaged))$";
    static const char begun[] =
        "^(step-[0-9]+|interrupted|best|final)\\.safetensors(\\.tmp|\\.damaged)$";
    static const char rest[] =
        "^((config\\.yaml|identity\\.yaml|env\\.json|init\\.txt|bad_images\\.txt|summary\\.json|"
        "failure\\.json|split\\.(train|valid|test)\\.txt)\\.tmp|\\.lease-.+\\.tmp)$";
    char checkpoints[PATH_MAX];
    struct tidy above = {t, ""}, below = {t, "checkpoints/"};
    if (!tfu_path_put(checkpoints, folder, "checkpoints"))
        return tfu_error_errno(e, ENAMETOOLONG, "cannot read", folder);
    const struct tfu_run_files first = {folder, rest, t->remove, found, &above};
    const struct tfu_run_files second = {
        checkpoints, tfu_run_state(folder) == TFU_RUN_FINISHED ? finished : begun, t->remove, found,
        &below};
    const enum tfu_status st = tfu_run_files_visit(&first, e);
    return st == TFU_OK ? tfu_run_files_visit(&second, e) : st;
}

enum tfu_status tfu_run_tidy(struct tfu_run_tidy *t, const char *folder, struct tfu_error *e)
{
    struct tfu_lease_seen lease;
    struct tfu_run_folder *f = NULL;
    char who[192];
    t->files = 0;
    t->bytes = 0;
    enum tfu_status st = tfu_lease_look(&lease, folder, e);
    if (st == TFU_OK && tfu_run_folder_in_use(folder, who, sizeof who))
        return tfu_error_at(e, TFU_EIO, folder, 0, 0, "the run folder is in use by %s", who);
    if (st == TFU_OK && lease.state == TFU_LEASE_STALE) {
        struct tidy above = {t, ""};
        char name[48];
        snprintf(name, sizeof name, ".lease.%llu, of a process that is gone",
                 (unsigned long long)lease.token);
        found(&above, name, 0);
    }
    if (st != TFU_OK || !t->remove)
        return st == TFU_OK ? tidy_folder(t, folder, e) : st;
    /* it is ours while files go, so that nobody goes on from one; closing it gives the lease back
     */
    const size_t stale = t->files;
    struct tfu_run_tidy would = {.remove = false};
    st = tidy_folder(&would, folder, e);
    if (st != TFU_OK || would.files + stale == 0)
        return st;
    st = tfu_run_folder_open(&f, folder, e);
    if (st == TFU_OK)
        st = tidy_folder(t, folder, e);
    tfu_run_folder_close(f);
    return st;
}
