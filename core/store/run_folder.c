/* SPDX-License-Identifier: MIT */
#include "core/store/run_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/base/hash.h"
#include "core/base/text.h"
#include "core/io/atomic_file.h"
#include "core/io/folder.h"

struct tfu_run_folder {
    char *path;
    int lock;
};

void tfu_run_id(const char *identity, char id[TFU_RUN_ID_SIZE])
{
    uint8_t digest[TFU_HASH_SIZE];
    char hex[TFU_HASH_HEX];
    tfu_hash_bytes(identity, strlen(identity), digest);
    tfu_hash_to_hex(digest, hex);
    memcpy(id, hex, TFU_RUN_ID_SIZE - 1);
    id[TFU_RUN_ID_SIZE - 1] = '\0';
}

char *tfu_path_join(const char *folder, const char *name)
{
    struct tfu_text path = TFU_TEXT_INIT;
    const size_t n = strlen(folder);
    tfu_text_printf(&path, "%s%s%s", folder, n > 0 && folder[n - 1] == '/' ? "" : "/", name);
    if (path.failed)
        tfu_text_free(&path);
    return path.data;
}

static int has_file(const char *folder, const char *name)
{
    char *path = tfu_path_join(folder, name);
    const int there = path && access(path, F_OK) == 0;
    free(path);
    return there;
}

enum tfu_run_state tfu_run_state(const char *path)
{
    if (has_file(path, "summary.json"))
        return TFU_RUN_FINISHED;
    return has_file(path, "config.yaml") ? TFU_RUN_BEGUN : TFU_RUN_ABSENT;
}

static enum tfu_status take_lock(struct tfu_run_folder *f, struct tfu_error *e)
{
    char *path = tfu_path_join(f->path, ".lock");
    if (!path)
        return tfu_error_memory(e, "opening a run folder", 0);
    enum tfu_status st = TFU_OK;
    char pid[32] = "";
    f->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (f->lock < 0) {
        st = tfu_error_errno(e, errno, "cannot create", path);
    } else if (flock(f->lock, LOCK_EX | LOCK_NB) != 0) {
        const int number = errno;
        const ssize_t n = pread(f->lock, pid, sizeof pid - 1, 0);
        pid[n > 0 ? n : 0] = '\0';
        pid[strcspn(pid, "\n")] = '\0';
        if (number == EWOULDBLOCK)
            st = tfu_error_at(e, TFU_EIO, f->path, 0, 0,
                              "the run folder is in use by process %s; wait for it or end it",
                              pid[0] ? pid : "?");
        else
            st = tfu_error_errno(e, number, "cannot lock", path);
    } else {
        snprintf(pid, sizeof pid, "%ld\n", (long)getpid());
        if (ftruncate(f->lock, 0) != 0 || pwrite(f->lock, pid, strlen(pid), 0) < 0)
            st = tfu_error_errno(e, errno, "cannot write", path);
    }
    free(path);
    return st;
}

enum tfu_status tfu_run_folder_open(struct tfu_run_folder **out, const char *path,
                                    struct tfu_error *e)
{
    *out = NULL;
    struct tfu_run_folder *f = calloc(1, sizeof *f);
    if (!f || !(f->path = strdup(path))) {
        free(f);
        return tfu_error_memory(e, "opening a run folder", 0);
    }
    f->lock = -1;
    enum tfu_status st = tfu_folder_make(f->path, e);
    if (st == TFU_OK)
        st = take_lock(f, e);
    if (st != TFU_OK) {
        tfu_run_folder_close(f);
        return st;
    }
    *out = f;
    return TFU_OK;
}

void tfu_run_folder_close(struct tfu_run_folder *f)
{
    if (!f)
        return;
    if (f->lock >= 0)
        close(f->lock); /* and with it the lock */
    free(f->path);
    free(f);
}

const char *tfu_run_folder_path(const struct tfu_run_folder *f)
{
    return f->path;
}

/* Removes the files of `folder` that match one of the patterns. */
static enum tfu_status remove_files(const char *folder, const char *const *pattern, size_t count,
                                    struct tfu_error *e)
{
    DIR *dir = opendir(folder);
    if (!dir)
        return errno == ENOENT ? TFU_OK : tfu_error_errno(e, errno, "cannot read", folder);
    enum tfu_status st = TFU_OK;
    for (struct dirent *entry; st == TFU_OK && (entry = readdir(dir));)
        if (tfu_text_glob_any(pattern, count, entry->d_name) &&
            unlinkat(dirfd(dir), entry->d_name, 0) != 0)
            st = tfu_error_errno(e, errno, "cannot remove", entry->d_name);
    closedir(dir);
    return st;
}

enum tfu_status tfu_run_folder_clear(struct tfu_run_folder *f, struct tfu_error *e)
{
    /* summary.json first: a half cleared folder must not look like a finished run */
    static const char *const summary[] = {"summary.json"};
    static const char *const rest[] = {"config.yaml", "metrics.csv", "events.out.tfevents.*",
                                       "env.json",    "init.txt",    "log.txt",
                                       "*.tmp"};
    enum tfu_status st = remove_files(f->path, summary, 1, e);
    static const char *const checkpoint[] = {"*.safetensors", "*.safetensors.*"};
    char *folder = tfu_path_join(f->path, "checkpoints");
    if (!folder)
        return tfu_error_memory(e, "clearing a run folder", 0);
    if (st == TFU_OK)
        st = remove_files(folder, checkpoint, TFU_COUNT(checkpoint), e);
    free(folder);
    if (st == TFU_OK)
        st = remove_files(f->path, rest, TFU_COUNT(rest), e);
    return st;
}

enum tfu_status tfu_run_folder_write(struct tfu_run_folder *f, const char *name, const char *text,
                                     struct tfu_error *e)
{
    char *path = tfu_path_join(f->path, name);
    if (!path)
        return tfu_error_memory(e, "writing to a run folder", 0);
    const enum tfu_status st = tfu_atomic_write_file(path, text, strlen(text), e);
    free(path);
    return st;
}
