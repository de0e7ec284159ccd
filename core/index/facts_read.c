/* SPDX-License-Identifier: MIT */
#include "core/index/facts_read.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/path.h"
#include "core/index/facts_config.h"
#include "core/index/facts_json.h"
#include "core/index/facts_metrics.h"
#include "core/index/holder.h"
#include "core/index/stamp.h"

static const char *keep(struct tfu_facts *f, const char *text)
{
    return tfu_arena_strdup(&f->arena, text);
}

/* ---- checkpoints */

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct tfu_index_artefact *)a)->name,
                  ((const struct tfu_index_artefact *)b)->name);
}

static bool ends_with(const char *name, const char *end)
{
    const size_t n = strlen(name), k = strlen(end);
    return n >= k && strcmp(name + n - k, end) == 0;
}

static enum tfu_status read_artefacts(struct tfu_facts *f, int folder, struct tfu_error *e)
{
    static const char end[] = ".safetensors";
    const int fd = openat(folder, "checkpoints", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    if (!dir) {
        if (fd >= 0)
            close(fd);
        else if (errno != ENOENT)
            tfu_facts_complain(f, "checkpoints: %s", strerror(errno));
        return TFU_OK;
    }
    bool ok = true;
    for (const struct dirent *d; ok && (d = readdir(dir));) {
        struct stat info;
        if (!ends_with(d->d_name, end) || fstatat(fd, d->d_name, &info, 0) != 0)
            continue;
        const char *name = tfu_arena_printf(&f->arena, "checkpoints/%s", d->d_name);
        ok = name && tfu_facts_grow(f, (void **)&f->artefact, f->artefacts, &f->artefact_room,
                                    sizeof *f->artefact);
        long long step = -1;
        if (sscanf(d->d_name, "step-%lld.", &step) != 1)
            step = -1;
        if (ok)
            f->artefact[f->artefacts++] =
                (struct tfu_index_artefact){name, step, (int64_t)info.st_size};
    }
    closedir(dir);
    if (f->artefacts)
        qsort(f->artefact, f->artefacts, sizeof *f->artefact, by_name);
    return ok ? TFU_OK : tfu_error_memory(e, "reading a folder of checkpoints", 0);
}

/* The steps of the final and the best network are known by now. */
static void place_artefacts(struct tfu_facts *f)
{
    for (size_t i = 0; i < f->artefacts; i++) {
        struct tfu_index_artefact *a = &f->artefact[i];
        if (strcmp(a->name, "checkpoints/final.safetensors") == 0)
            a->step = f->run.step;
        else if (strcmp(a->name, "checkpoints/best.safetensors") == 0)
            a->step = f->run.best_step;
    }
}

/* ---- all of it */

static int64_t time_of(int folder, const char *name)
{
    struct stat info;
    return fstatat(folder, name, &info, 0) == 0 ? (int64_t)info.st_mtim.tv_sec : -1;
}

static void note_times(struct tfu_facts *f, int folder)
{
    static const char *const name[] = {"summary.json", "failure.json", "metrics.csv", "config.yaml",
                                       "."};
    f->run.updated = -1;
    for (size_t i = 0; i < TFU_COUNT(name) && f->run.updated < 0; i++)
        f->run.updated = time_of(folder, name[i]);
}

/* Of a run that is not finished: who has it, how far, or why it failed. */
static void stamp_holder(struct tfu_facts *f)
{
    uint64_t h = f->stamp;
    tfu_stamp_mix(&h, (uint64_t)f->run.state);
    tfu_stamp_mix(&h, (uint64_t)f->run.owner_since);
    tfu_stamp_mix(&h, (uint64_t)f->run.step);
    tfu_stamp_mix_text(&h, f->run.owner);
    tfu_stamp_mix_text(&h, tfu_text_get(&f->problem));
    f->stamp = h >> 1;
}

static enum tfu_status read_folder(struct tfu_facts *f, const char *folder, int fd,
                                   const struct tfu_facts_known *known, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    if (f->run.state != TFU_INDEX_DONE) {
        st = tfu_holder_look(f, folder, e);
        stamp_holder(f);
    }
    static const char *const begun[] = {"summary.json", "config.yaml", "identity.yaml", ".lock"};
    f->none = f->run.state == TFU_INDEX_INTERRUPTED;
    for (size_t i = 0; i < TFU_COUNT(begun); i++)
        f->none = f->none && faccessat(fd, begun[i], F_OK, 0) != 0;
    if (f->none)
        return st;
    if (st == TFU_OK && known && known->stamp == f->stamp) {
        f->same = true;
        return TFU_OK;
    }
    if (st == TFU_OK)
        st = tfu_facts_read_config(f, folder, fd, e);
    if (st == TFU_OK)
        st = tfu_facts_read_environment(f, fd, e);
    if (st == TFU_OK)
        st = tfu_facts_read_metrics(f, fd, known ? &known->place : NULL, e);
    if (f->metrics.to.step > f->run.step)
        f->run.step = f->metrics.to.step;
    if (st == TFU_OK)
        st = tfu_facts_read_summary(f, fd, e);
    if (st == TFU_OK)
        st = read_artefacts(f, fd, e);
    place_artefacts(f);
    note_times(f, fd);
    return st;
}

enum tfu_status tfu_facts_read(struct tfu_facts *out, const char *store, int store_fd,
                               const char *path, const struct tfu_facts_known *known,
                               struct tfu_error *e)
{
    struct tfu_facts *f = out;
    *f = (struct tfu_facts){.run = {.started = -1,
                                    .updated = -1,
                                    .step = -1,
                                    .steps = -1,
                                    .seconds = NAN,
                                    .best_value = NAN,
                                    .best_step = -1,
                                    .owner_since = -1}};
    tfu_arena_init(&f->arena, 0);
    char folder[PATH_MAX];
    f->run.path = keep(f, path);
    f->run.name = tfu_arena_strndup(&f->arena, path, (size_t)(tfu_path_last(path) - path) - 1);
    f->run.id = keep(f, tfu_path_last(path));
    if (!f->run.path || !f->run.name || !f->run.id)
        return tfu_error_memory(e, "reading a run", 0);
    /* the stamp first: what changes while the files are read is seen the next time */
    const bool finished = tfu_stamp_finished(store_fd, path);
    bool young;
    f->stamp = tfu_stamp_of_files(store_fd, path, finished, &young);
    f->run.state = finished ? TFU_INDEX_DONE : TFU_INDEX_INTERRUPTED;
    const int fd =
        tfu_path_put(folder, store, path) ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    enum tfu_status st = TFU_OK;
    if (fd < 0) {
        tfu_facts_complain(f, "its folder: %s", strerror(errno));
        f->run.state = TFU_INDEX_DAMAGED;
    } else {
        st = read_folder(f, folder, fd, known, e);
        close(fd);
    }
    if (young)
        f->stamp = 0; /* is read again the next time */
    if (f->problem.failed)
        return tfu_error_memory(e, "reading a run", 0);
    f->run.problem = f->problem.length ? tfu_text_get(&f->problem) : NULL;
    return st;
}
