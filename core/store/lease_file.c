/* SPDX-License-Identifier: MIT */
#include "core/store/lease_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/path.h"

static const char prefix[] = ".lease.";
enum { DIGITS = 18 }; /* of N, at most: any more do not fit */

/* ---- what it says */

void tfu_lease_file_print(const struct tfu_lease_content *c, char text[TFU_LEASE_FILE_SIZE])
{
    char line[TFU_LEASE_FILE_SIZE];
    const int n = snprintf(line, sizeof line,
                           "{\"host\": \"%s\", \"boot\": \"%s\", \"pid\": %ld, \"start\": %" PRIu64
                           ", \"since\": %" PRId64 ", \"released\": %s, \"step\": %" PRId64
                           ", \"steps\": %" PRId64 "}",
                           c->holder.host, c->holder.boot, c->holder.pid, c->holder.start, c->since,
                           c->released ? "true" : "false", c->step, c->steps);
    memset(text, ' ', TFU_LEASE_FILE_SIZE);
    memcpy(text, line, (size_t)n);
    text[TFU_LEASE_FILE_SIZE - 1] = '\n';
}

/* A name as core/base/process.c makes them: what else the file has must not reach a terminal. */
static bool take_name(char *out, size_t size, const json_t *value)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_";
    const char *name = json_string_value(value);
    if (!name || strlen(name) >= size || name[strspn(name, plain)] != '\0')
        return false;
    snprintf(out, size, "%s", name);
    return true;
}

static bool take_count(int64_t *out, const json_t *value)
{
    *out = json_is_integer(value) ? (int64_t)json_integer_value(value) : -1;
    return *out >= 0;
}

static bool take_all(struct tfu_lease_content *c, const json_t *root)
{
    const json_t *released = json_object_get(root, "released");
    int64_t pid = 0, start = 0;
    if (!take_name(c->holder.host, sizeof c->holder.host, json_object_get(root, "host")) ||
        !take_name(c->holder.boot, sizeof c->holder.boot, json_object_get(root, "boot")) ||
        !take_count(&pid, json_object_get(root, "pid")) || pid == 0 || pid > INT_MAX ||
        !take_count(&start, json_object_get(root, "start")) ||
        !take_count(&c->since, json_object_get(root, "since")) ||
        !take_count(&c->step, json_object_get(root, "step")) ||
        !take_count(&c->steps, json_object_get(root, "steps")) || !json_is_boolean(released))
        return false;
    c->holder.pid = (long)pid;
    c->holder.start = (uint64_t)start;
    c->released = json_is_true(released);
    return true;
}

bool tfu_lease_file_parse(struct tfu_lease_content *c, const char *text, size_t n)
{
    *c = (struct tfu_lease_content){.since = 0};
    json_t *root = json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL);
    const bool whole = take_all(c, root);
    json_decref(root);
    if (!whole)
        *c = (struct tfu_lease_content){.since = 0};
    return whole;
}

/* ---- which there are */

enum tfu_status tfu_lease_file_path(char path[PATH_MAX], const char *folder, uint64_t token,
                                    struct tfu_error *e)
{
    char name[64];
    snprintf(name, sizeof name, "%s%" PRIu64, prefix, token);
    if (tfu_path_put(path, folder, name))
        return TFU_OK;
    return tfu_error_at(e, TFU_EINVAL, folder, 0, 0,
                        "the folder's path is too long for the files in it");
}

/* N of a name exactly as we write it; 0: it is none. */
static uint64_t parse_token(const char *name)
{
    if (strncmp(name, prefix, sizeof prefix - 1) != 0)
        return 0;
    const char *digits = name + sizeof prefix - 1;
    const size_t n = strlen(digits);
    if (n == 0 || n > DIGITS || digits[0] == '0' || digits[strspn(digits, "0123456789")] != '\0')
        return 0;
    return strtoull(digits, NULL, 10);
}

enum tfu_status tfu_lease_file_newest(uint64_t *token, const char *folder, struct tfu_error *e)
{
    *token = 0;
    DIR *dir = opendir(folder);
    if (!dir)
        return errno == ENOENT ? TFU_OK : tfu_error_errno(e, errno, "cannot read", folder);
    errno = 0;
    for (struct dirent *entry; (entry = readdir(dir)); errno = 0) {
        const uint64_t found = parse_token(entry->d_name);
        if (found > *token)
            *token = found;
    }
    const enum tfu_status st = errno ? tfu_error_errno(e, errno, "cannot read", folder) : TFU_OK;
    closedir(dir);
    return st;
}

void tfu_lease_file_remove_older(const char *folder, uint64_t token)
{
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        const uint64_t found = parse_token(entry->d_name);
        if (found != 0 && found < token)
            unlinkat(dirfd(dir), entry->d_name, 0);
    }
    if (dir)
        closedir(dir);
}

/* ---- one of them */

static double seconds_of(struct timespec t)
{
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* More bytes than a lease ever has are none of ours; they are not read. */
static bool read_content(struct tfu_lease_content *c, int fd)
{
    char text[4 * TFU_LEASE_FILE_SIZE];
    const ssize_t n = pread(fd, text, sizeof text, 0);
    if (n > 0 && n < (ssize_t)sizeof text && tfu_lease_file_parse(c, text, (size_t)n))
        return true;
    *c = (struct tfu_lease_content){.since = 0};
    return false;
}

enum tfu_status tfu_lease_file_read(struct tfu_lease_file *out, const char *folder, uint64_t token,
                                    struct tfu_error *e)
{
    char path[PATH_MAX];
    *out = (struct tfu_lease_file){.there = false};
    enum tfu_status st = tfu_lease_file_path(path, folder, token, e);
    if (st != TFU_OK)
        return st;
    /* opened, because only that asks the file server for what it has by now; and never a pipe that
     * would be waited for */
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct stat info;
    if (fd < 0 && errno == ENOENT)
        return TFU_OK;
    if (fd < 0 || fstat(fd, &info) != 0) {
        st = tfu_error_errno(e, errno, "cannot read", path);
    } else {
        out->there = true;
        out->time = seconds_of(info.st_mtim);
        /* it may just be written over: one more look */
        out->torn = !S_ISREG(info.st_mode) ||
                    (!read_content(&out->content, fd) && !read_content(&out->content, fd));
    }
    if (fd >= 0)
        close(fd);
    return st;
}

int tfu_lease_file_make(char path[PATH_MAX], const char *folder, const struct tfu_process *self)
{
    for (int i = 0; i < 100; i++) {
        char name[160];
        struct timespec t;
        clock_gettime(CLOCK_MONOTONIC, &t);
        snprintf(name, sizeof name, ".lease-%s-%ld-%lld.tmp", self->host, self->pid,
                 (long long)t.tv_sec * 1000000000 + t.tv_nsec);
        if (!tfu_path_put(path, folder, name)) {
            errno = ENAMETOOLONG;
            return -1;
        }
        const int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0 || errno != EEXIST)
            return fd;
    }
    return -1;
}

bool tfu_lease_file_touch(int fd, double *time)
{
    struct stat info;
    /* without times of ours a file server takes its own; it also gets what was written so far */
    if (futimens(fd, NULL) != 0 || fstat(fd, &info) != 0)
        return false;
    *time = seconds_of(info.st_mtim);
    return true;
}

bool tfu_lease_file_write(int fd, const struct tfu_lease_content *c, double *time)
{
    char text[TFU_LEASE_FILE_SIZE];
    tfu_lease_file_print(c, text);
    const ssize_t n = pwrite(fd, text, sizeof text, 0);
    if (n >= 0 && n != (ssize_t)sizeof text)
        errno = ENOSPC;
    return n == (ssize_t)sizeof text && tfu_lease_file_touch(fd, time);
}
