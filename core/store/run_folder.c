/* SPDX-License-Identifier: MIT */
#include "core/store/run_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "core/base/hash.h"
#include "core/base/path.h"
#include "core/base/text.h"
#include "core/io/folder.h"
#include "core/store/lease.h"
#include "core/store/run_files.h"

struct tfu_run_folder {
    char *path;
    int lock; /* -1: the lease has to do */
    struct tfu_lease *lease;
    struct tfu_atomic_guard guard;
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

/* ---- the lock */

enum { OWNER_SIZE = 128, WHO_SIZE = 192 };

/* What whoever has the lock wrote into its file; pid 0: nothing that can be read. */
struct owner {
    long pid;
    char host[TFU_HOST_SIZE];
};

static struct owner read_owner(int lock)
{
    char text[OWNER_SIZE];
    struct owner owner = {.pid = 0};
    const ssize_t n = pread(lock, text, sizeof text - 1, 0);
    text[n > 0 ? n : 0] = '\0';
    if (sscanf(text, "%ld %64s", &owner.pid, owner.host) < 1)
        owner.pid = 0;
    return owner;
}

static void print_owner(const struct owner *owner, char *who, size_t size)
{
    if (owner->pid == 0)
        snprintf(who, size, "another process");
    else
        snprintf(who, size, "process %ld%s%s", owner->pid, owner->host[0] ? " on " : "",
                 owner->host);
}

static enum tfu_status write_owner(int lock, const char *path, struct tfu_error *e)
{
    char text[OWNER_SIZE];
    struct tfu_process self;
    tfu_process_self(&self);
    snprintf(text, sizeof text, "%ld %s\n", self.pid, self.host);
    if (ftruncate(lock, 0) != 0 || pwrite(lock, text, strlen(text), 0) < 0)
        return tfu_error_errno(e, errno, "cannot write", path);
    return TFU_OK;
}

/* Does a lock that another process has keep us out? Not if it is that of the stale lease. */
static bool lock_counts(int lock, const struct tfu_lease_seen *lease)
{
    const struct owner owner = read_owner(lock);
    return lease->state != TFU_LEASE_STALE || owner.pid != lease->pid ||
           strcmp(owner.host, lease->host) != 0;
}

/* Who looks at a folder has a lock on it for an instant, and so has a process that is just dying:
 * asked a few times. */
static bool try_lock(int lock)
{
    for (int i = 0; i < 20; i++) {
        if (flock(lock, LOCK_EX | LOCK_NB) == 0)
            return true;
        if (errno != EWOULDBLOCK && errno != EINTR)
            return false;
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    errno = EWOULDBLOCK;
    return false;
}

static bool is_without_locks(int number)
{
    return number == ENOLCK || number == EOPNOTSUPP || number == ENOSYS;
}

static enum tfu_status in_use(const struct tfu_run_folder *f, const char *who, struct tfu_error *e)
{
    return tfu_error_at(e, TFU_EIO, f->path, 0, 0,
                        "the run folder is in use by %s; wait for it or end it", who);
}

static enum tfu_status take_lock(struct tfu_run_folder *f, struct tfu_error *e)
{
    struct tfu_lease_seen lease;
    enum tfu_status st = tfu_lease_look(&lease, f->path, e);
    char path[PATH_MAX], who[WHO_SIZE];
    if (st != TFU_OK)
        return st;
    if (!tfu_path_put(path, f->path, ".lock"))
        return tfu_error_errno(e, ENAMETOOLONG, "cannot lock", f->path);
    if (lease.state == TFU_LEASE_HELD) {
        tfu_lease_who(&lease, who, sizeof who);
        return in_use(f, who, e);
    }
    f->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (f->lock < 0)
        return tfu_error_errno(e, errno, "cannot create", path);
    if (try_lock(f->lock))
        return write_owner(f->lock, path, e);
    if (errno == EWOULDBLOCK && lock_counts(f->lock, &lease)) {
        const struct owner owner = read_owner(f->lock);
        print_owner(&owner, who, sizeof who);
        st = in_use(f, who, e);
    } else if (errno != EWOULDBLOCK && !is_without_locks(errno)) {
        st = tfu_error_errno(e, errno, "cannot lock", path);
    }
    close(f->lock);
    f->lock = -1;
    return st;
}

static bool is_locked(const char *path, const struct tfu_lease_seen *lease, char *who, size_t size)
{
    char name[PATH_MAX];
    const int lock = tfu_path_put(name, path, ".lock") ? open(name, O_RDONLY | O_CLOEXEC) : -1;
    if (lock < 0)
        return false;
    const bool locked =
        flock(lock, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK && lock_counts(lock, lease);
    const struct owner owner = read_owner(lock);
    if (locked)
        print_owner(&owner, who, size);
    close(lock);
    return locked;
}

/* ---- opened */

bool tfu_run_folder_in_use(const char *path, char *who, size_t size)
{
    struct tfu_lease_seen lease;
    who[0] = '\0';
    if (tfu_lease_look(&lease, path, NULL) != TFU_OK)
        lease.state = TFU_LEASE_FREE;
    if (lease.state != TFU_LEASE_HELD)
        return is_locked(path, &lease, who, size);
    tfu_lease_who(&lease, who, size);
    return true;
}

static enum tfu_status take_lease(struct tfu_run_folder *f, struct tfu_error *e)
{
    struct tfu_lease_seen by;
    char who[WHO_SIZE];
    const enum tfu_status st = tfu_lease_take(&f->lease, &by, f->path, e);
    if (st != TFU_OK || f->lease)
        return st;
    tfu_lease_who(&by, who, sizeof who);
    return in_use(f, who, e);
}

static enum tfu_status allow(void *arg, struct tfu_error *e)
{
    return tfu_run_folder_check(arg, e);
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
    f->guard = (struct tfu_atomic_guard){.allow = allow, .arg = f};
    enum tfu_status st = tfu_folder_make(f->path, e);
    if (st == TFU_OK)
        st = take_lock(f, e);
    if (st == TFU_OK)
        st = take_lease(f, e);
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
    tfu_lease_free(f->lease);
    if (f->lock >= 0)
        close(f->lock); /* and with it the lock */
    free(f->path);
    free(f);
}

void tfu_run_folder_progress(struct tfu_run_folder *f, int64_t step, int64_t steps)
{
    tfu_lease_progress(f->lease, step, steps);
}

enum tfu_status tfu_run_folder_check(struct tfu_run_folder *f, struct tfu_error *e)
{
    return tfu_lease_check(f->lease, e);
}

enum tfu_status tfu_run_folder_check_soon(struct tfu_run_folder *f, struct tfu_error *e)
{
    return tfu_lease_check_soon(f->lease, e);
}

bool tfu_run_folder_is_lost(struct tfu_run_folder *f)
{
    return tfu_lease_is_lost(f->lease);
}

const struct tfu_atomic_guard *tfu_run_folder_guard(const struct tfu_run_folder *f)
{
    return &f->guard;
}

const char *tfu_run_folder_path(const struct tfu_run_folder *f)
{
    return f->path;
}

static enum tfu_status remove_files(const char *folder, const char *pattern, struct tfu_error *e)
{
    const struct tfu_run_files files = {.folder = folder, .pattern = pattern, .remove = true};
    return tfu_run_files_visit(&files, e);
}

enum tfu_status tfu_run_folder_clear(struct tfu_run_folder *f, struct tfu_error *e)
{
    /* names as core/train/shelf.c, tensorboard.c and train.c give them, and no others */
    static const char checkpoint[] =
        "^(step-[0-9]+|interrupted|best|final)\\.safetensors(\\.tmp|\\.damaged)?$";
    static const char rest[] =
        "^((config\\.yaml|identity\\.yaml|metrics\\.csv|env\\.json|init\\.txt|bad_images\\.txt|"
        "log\\.txt|summary\\.json|failure\\.json|split\\.(train|valid|test)\\.txt)(\\.tmp)?|"
        "\\.lease-.+\\.tmp|events\\.out\\.tfevents\\.[0-9]+\\..+\\.[0-9]+\\.[0-9]+)$";
    char *checkpoints = tfu_path_join(f->path, "checkpoints");
    if (!checkpoints)
        return tfu_error_memory(e, "clearing a run folder", 0);
    enum tfu_status st = tfu_run_folder_check(f, e);
    /* summary.json first: a half cleared folder must not look like a finished run */
    if (st == TFU_OK)
        st = remove_files(f->path, "^summary\\.json$", e);
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
    const enum tfu_status st = tfu_atomic_write_guarded(path, text, strlen(text), &f->guard, e);
    free(path);
    return st;
}
