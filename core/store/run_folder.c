/* SPDX-License-Identifier: MIT */
#include "core/store/run_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/base/hash.h"
#include "core/base/path.h"
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

static bool has_file(const char *folder, const char *name)
{
    char path[PATH_MAX];
    return tfu_path_put(path, folder, name) && access(path, F_OK) == 0;
}

enum tfu_run_state tfu_run_state(const char *path)
{
    if (has_file(path, "summary.json"))
        return TFU_RUN_FINISHED;
    return has_file(path, "config.yaml") ? TFU_RUN_BEGUN : TFU_RUN_ABSENT;
}

/* What whoever has the lock wrote into its file. */
static void read_owner(int lock, char *who, size_t size)
{
    char text[128];
    long pid = 0;
    char host[65] = "";
    const ssize_t n = pread(lock, text, sizeof text - 1, 0);
    text[n > 0 ? n : 0] = '\0';
    if (sscanf(text, "%ld %64s", &pid, host) < 1)
        snprintf(who, size, "another process");
    else
        snprintf(who, size, "process %ld%s%s", pid, host[0] ? " on " : "", host);
}

static enum tfu_status write_owner(int lock, const char *path, struct tfu_error *e)
{
    char text[128], host[65] = "";
    gethostname(host, sizeof host - 1);
    snprintf(text, sizeof text, "%ld %s\n", (long)getpid(), host);
    if (ftruncate(lock, 0) != 0 || pwrite(lock, text, strlen(text), 0) < 0)
        return tfu_error_errno(e, errno, "cannot write", path);
    return TFU_OK;
}

static enum tfu_status take_lock(struct tfu_run_folder *f, struct tfu_error *e)
{
    char *path = tfu_path_join(f->path, ".lock");
    if (!path)
        return tfu_error_memory(e, "opening a run folder", 0);
    enum tfu_status st = TFU_OK;
    f->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (f->lock < 0) {
        st = tfu_error_errno(e, errno, "cannot create", path);
    } else if (flock(f->lock, LOCK_EX | LOCK_NB) == 0) {
        st = write_owner(f->lock, path, e);
    } else if (errno == EWOULDBLOCK) {
        char who[128];
        read_owner(f->lock, who, sizeof who);
        st = tfu_error_at(e, TFU_EIO, f->path, 0, 0,
                          "the run folder is in use by %s; wait for it or end it", who);
    } else {
        st = tfu_error_errno(e, errno, "cannot lock", path);
    }
    free(path);
    return st;
}

bool tfu_run_folder_in_use(const char *path, char *who, size_t size)
{
    char name[PATH_MAX];
    const int lock = tfu_path_put(name, path, ".lock") ? open(name, O_RDONLY | O_CLOEXEC) : -1;
    who[0] = '\0';
    if (lock < 0)
        return false;
    const bool in_use = flock(lock, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (in_use)
        read_owner(lock, who, size);
    close(lock);
    return in_use;
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

/* Removes the files of `folder` whose names match `pattern`, an extended regular expression. */
static enum tfu_status remove_files(const char *folder, const char *pattern, struct tfu_error *e)
{
    regex_t name;
    if (regcomp(&name, pattern, REG_EXTENDED | REG_NOSUB) != 0)
        return tfu_error_memory(e, "clearing a run folder", 0);
    enum tfu_status st = TFU_OK;
    DIR *dir = opendir(folder);
    if (!dir && errno != ENOENT)
        st = tfu_error_errno(e, errno, "cannot read", folder);
    for (struct dirent *entry; dir && st == TFU_OK && (entry = readdir(dir));)
        if (regexec(&name, entry->d_name, 0, NULL, 0) == 0 &&
            unlinkat(dirfd(dir), entry->d_name, 0) != 0)
            st = tfu_error_errno(e, errno, "cannot remove", entry->d_name);
    if (dir)
        closedir(dir);
    regfree(&name);
    return st;
}

enum tfu_status tfu_run_folder_clear(struct tfu_run_folder *f, struct tfu_error *e)
{
    /* names as core/train/shelf.c, tensorboard.c and train.c give them, and no others */
    static const char checkpoint[] =
        "^(step-[0-9]+|interrupted|best|final)\\.safetensors(\\.tmp|\\.damaged)?$";
    static const char rest[] =
        "^((config\\.yaml|identity\\.yaml|metrics\\.csv|env\\.json|init\\.txt|bad_images\\.txt|"
        "log\\.txt|summary\\.json|split\\.(train|valid|test)\\.txt)(\\.tmp)?|"
        "events\\.out\\.tfevents\\.[0-9]+\\..+\\.[0-9]+\\.[0-9]+)$";
    char *checkpoints = tfu_path_join(f->path, "checkpoints");
    if (!checkpoints)
        return tfu_error_memory(e, "clearing a run folder", 0);
    /* summary.json first: a half cleared folder must not look like a finished run */
    enum tfu_status st = remove_files(f->path, "^summary\\.json$", e);
    if (st == TFU_OK)
        st = remove_files(checkpoints, checkpoint, e);
    if (st == TFU_OK)
        st = remove_files(f->path, rest, e);
    free(checkpoints);
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
