/* SPDX-License-Identifier: MIT */
#include "core/sweep/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/io/atomic_file.h"
#include "core/io/folder.h"

bool tfu_sweep_place(char path[PATH_MAX], const char *store, const char *sweep, const char *ending)
{
    const int n = snprintf(path, PATH_MAX, "%s/.sweeps%s%s%s", store, *sweep ? "/" : "", sweep,
                           *sweep ? ending : "");
    return n > 0 && n < PATH_MAX;
}

/* A pipe, or what claims to be larger than a million cases, is not waited for. */
static FILE *open_file(const char *path)
{
    const off_t most = (off_t)256 << 20;
    struct stat info;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    FILE *f = fd >= 0 && fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size <= most
                  ? fdopen(fd, "r")
                  : NULL;
    if (fd >= 0 && !f)
        close(fd);
    return f;
}

json_t *tfu_sweep_place_read(const char *path)
{
    FILE *f = open_file(path);
    json_t *root = f ? json_loadf(f, 0, NULL) : NULL;
    if (f)
        fclose(f);
    return root;
}

/* Is the file what would be written? */
static bool is_there(const char *path, const struct tfu_text *text)
{
    FILE *f = open_file(path);
    char *was = f ? malloc(text->length + 1) : NULL;
    const size_t n = was ? fread(was, 1, text->length + 1, f) : 0;
    const bool same = was && n == text->length && memcmp(was, tfu_text_get(text), n) == 0;
    free(was);
    if (f)
        fclose(f);
    return same;
}

/* Several processes that work on one sweep write the same at once, and each but one of them is in
 * the way of another. */
static enum tfu_status write_beside_others(const char *folder, const char *path,
                                           const struct tfu_text *text, struct tfu_error *e)
{
    enum { TRIES = 50 };
    const struct timespec pause = {.tv_nsec = 20000000};
    for (int i = 0;; i++) {
        struct tfu_error why = TFU_ERROR_INIT;
        const enum tfu_status st =
            tfu_atomic_write_file(path, tfu_text_get(text), text->length, &why);
        if (st == TFU_OK || is_there(path, text))
            return TFU_OK;
        if (i == TRIES || access(folder, W_OK) != 0) {
            *e = why;
            return st;
        }
        nanosleep(&pause, NULL);
    }
}

enum tfu_status tfu_sweep_place_write(const char *store, const char *path,
                                      const struct tfu_text *text, struct tfu_error *e)
{
    char folder[PATH_MAX];
    if (!tfu_sweep_place(folder, store, "", ""))
        return tfu_error_errno(e, ENAMETOOLONG, "cannot write to", store);
    if (is_there(path, text))
        return TFU_OK;
    const enum tfu_status st = tfu_folder_make(folder, e);
    return st == TFU_OK ? write_beside_others(folder, path, text, e) : st;
}

int tfu_sweep_place_lock(const char *store)
{
    enum { TRIES = 250 };
    const struct timespec pause = {.tv_nsec = 20000000};
    char folder[PATH_MAX], path[PATH_MAX];
    const int n = tfu_sweep_place(folder, store, "", "")
                      ? snprintf(path, sizeof path, "%s/.lock", folder)
                      : -1;
    if (n < 0 || n >= PATH_MAX || tfu_folder_make(folder, NULL) != TFU_OK)
        return -1;
    const int flags = O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    int fd = open(path, O_RDWR | flags, 0666);
    if (fd < 0) /* it is somebody else's */
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    for (int i = 0; fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0; i++) {
        if ((errno != EWOULDBLOCK && errno != EINTR) || i == TRIES) {
            close(fd);
            return -1;
        }
        nanosleep(&pause, NULL);
    }
    return fd;
}
