/* SPDX-License-Identifier: MIT */
#include "core/io/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/text.h"

enum tfu_status tfu_atomic_open(struct tfu_atomic_file *f, const char *path, struct tfu_error *e)
{
    *f = (struct tfu_atomic_file){.fd = -1};
    struct tfu_text temporary = TFU_TEXT_INIT;
    tfu_text_printf(&temporary, "%s.tmp", path);
    const char *slash = strrchr(path, '/');
    f->path = strdup(path);
    f->folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
    f->temporary = temporary.data;
    if (temporary.failed || !f->path || !f->folder) {
        tfu_atomic_abandon(f);
        return tfu_error_memory(e, "opening a file", 0);
    }
    unlink(f->temporary);
    f->fd = open(f->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (f->fd < 0) {
        const enum tfu_status st = tfu_error_errno(e, errno, "cannot create", f->temporary);
        free(f->temporary); /* whatever is there is none of ours */
        f->temporary = NULL;
        tfu_atomic_abandon(f);
        return st;
    }
    return TFU_OK;
}

enum tfu_status tfu_atomic_write(struct tfu_atomic_file *f, const void *bytes, size_t n,
                                 struct tfu_error *e)
{
    const char *p = bytes;
    while (n > 0) {
        const ssize_t written = write(f->fd, p, n);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return tfu_error_errno(e, errno, "cannot write", f->path);
        p += written;
        n -= (size_t)written;
    }
    return TFU_OK;
}

enum tfu_status tfu_atomic_reopen(struct tfu_atomic_file *f, struct tfu_error *e)
{
    close(f->fd);
    f->fd = open(f->temporary, O_WRONLY | O_CLOEXEC);
    return f->fd >= 0 ? TFU_OK : tfu_error_errno(e, errno, "cannot open", f->temporary);
}

/* Makes the rename itself durable. File systems that cannot sync a folder say EINVAL. */
static enum tfu_status sync_folder(const char *folder, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || (fsync(fd) != 0 && errno != EINVAL))
        st = tfu_error_errno(e, errno, "cannot bring to the disk", folder);
    if (fd >= 0)
        close(fd);
    return st;
}

/* Is what has the temporary name by now what was written here? */
static bool is_own(const struct tfu_atomic_file *f)
{
    struct stat there, ours;
    return fstat(f->fd, &ours) == 0 && stat(f->temporary, &there) == 0 &&
           there.st_dev == ours.st_dev && there.st_ino == ours.st_ino;
}

enum tfu_status tfu_atomic_commit(struct tfu_atomic_file *f, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    if (fsync(f->fd) != 0)
        st = tfu_error_errno(e, errno, "cannot bring to the disk", f->path);
    if (st == TFU_OK && f->guard)
        st = f->guard->allow(f->guard->arg, e);
    if (st == TFU_OK && !is_own(f))
        st = tfu_error_at(e, TFU_EIO, f->path, 0, 0,
                          "cannot put in place: '%s' was removed or replaced meanwhile, by another "
                          "process that writes the same file",
                          f->temporary);
    if (st != TFU_OK) {
        tfu_atomic_abandon(f);
        return st;
    }
    if (close(f->fd) != 0)
        st = tfu_error_errno(e, errno, "cannot write", f->path);
    f->fd = -1;
    if (st == TFU_OK && rename(f->temporary, f->path) != 0)
        st = tfu_error_errno(e, errno, "cannot put in place", f->path);
    if (st == TFU_OK) {
        st = sync_folder(f->folder, e);
        free(f->temporary); /* renamed: nothing to remove */
        f->temporary = NULL;
    }
    tfu_atomic_abandon(f);
    return st;
}

void tfu_atomic_abandon(struct tfu_atomic_file *f)
{
    if (f->temporary && (f->fd < 0 || is_own(f)))
        unlink(f->temporary);
    if (f->fd >= 0)
        close(f->fd);
    free(f->temporary);
    free(f->path);
    free(f->folder);
    *f = (struct tfu_atomic_file){.fd = -1};
}

enum tfu_status tfu_atomic_write_guarded(const char *path, const void *bytes, size_t n,
                                         const struct tfu_atomic_guard *guard, struct tfu_error *e)
{
    struct tfu_atomic_file f;
    enum tfu_status st = tfu_atomic_open(&f, path, e);
    f.guard = guard;
    if (st == TFU_OK)
        st = tfu_atomic_write(&f, bytes, n, e);
    if (st == TFU_OK)
        st = tfu_atomic_commit(&f, e);
    tfu_atomic_abandon(&f);
    return st;
}

enum tfu_status tfu_atomic_write_file(const char *path, const void *bytes, size_t n,
                                      struct tfu_error *e)
{
    return tfu_atomic_write_guarded(path, bytes, n, NULL, e);
}
