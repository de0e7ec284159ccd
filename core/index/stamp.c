/* SPDX-License-Identifier: MIT */
#include "core/index/stamp.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/path.h"
#include "core/store/run_folder.h"

static bool has(int store, const char *path, const char *name)
{
    char below[PATH_MAX];
    return tfu_path_put(below, path, name) && faccessat(store, below, F_OK, 0) == 0;
}

static bool is_id(const char *name)
{
    return strlen(name) == TFU_RUN_ID_SIZE - 1 && name[strspn(name, "0123456789abcdef")] == '\0';
}

bool tfu_stamp_is_run(int store, const char *path)
{
    return is_id(tfu_path_last(path)) || has(store, path, "config.yaml") ||
           has(store, path, "summary.json");
}

bool tfu_stamp_finished(int store, const char *path)
{
    return has(store, path, "summary.json");
}

/* FNV's way of mixing, by whole numbers. */
void tfu_stamp_mix(uint64_t *h, uint64_t v)
{
    *h = (*h ^ v) * UINT64_C(0x100000001b3);
    *h ^= *h >> 29;
}

static void mix_file(uint64_t *h, int store, const char *path, const char *name, int64_t *newest)
{
    char below[PATH_MAX];
    struct stat info;
    if (!tfu_path_put(below, path, name) || fstatat(store, below, &info, 0) != 0) {
        tfu_stamp_mix(h, 1);
        return;
    }
    tfu_stamp_mix(h, info.st_ino);
    tfu_stamp_mix(h, S_ISREG(info.st_mode) ? (uint64_t)info.st_size : 2);
    tfu_stamp_mix(h, (uint64_t)info.st_mtim.tv_sec);
    tfu_stamp_mix(h, (uint64_t)info.st_mtim.tv_nsec);
    const int64_t time = info.st_mtim.tv_sec * INT64_C(1000000000) + info.st_mtim.tv_nsec;
    if (time > *newest)
        *newest = time;
}

/* Files have the time of the kernel's last tick, of which there are a hundred a second at least. */
static bool is_young(int64_t time)
{
    enum { TICKS = 20000000 };
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    const int64_t age = now.tv_sec * INT64_C(1000000000) + now.tv_nsec - time;
    return age < TICKS && age > -TICKS; /* what lies in the future was not written just now */
}

uint64_t tfu_stamp_of_files(int store, const char *path, bool finished, bool *young)
{
    /* of a finished run: files are replaced by others, which the folder's own time shows */
    static const char *const done[] = {"summary.json", ".", "checkpoints"};
    static const char *const begun[] = {"summary.json", "config.yaml", "env.json",
                                        "metrics.csv",  "checkpoints", "failure.json"};
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    int64_t newest = 0;
    for (size_t i = 0; finished && i < TFU_COUNT(done); i++)
        mix_file(&h, store, path, done[i], &newest);
    for (size_t i = 0; !finished && i < TFU_COUNT(begun); i++)
        mix_file(&h, store, path, begun[i], &newest);
    if (young)
        *young = is_young(newest);
    return h >> 1; /* a database's whole numbers have a sign */
}

uint64_t tfu_stamp_of_file(int store, const char *path, const char *name, bool *young)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    int64_t newest = INT64_MIN;
    mix_file(&h, store, path, name, &newest);
    if (newest == INT64_MIN)
        return 0;
    *young = is_young(newest);
    return h >> 1;
}

void tfu_stamp_mix_text(uint64_t *h, const char *text)
{
    for (; text && *text; text++)
        tfu_stamp_mix(h, (unsigned char)*text);
    tfu_stamp_mix(h, 0);
}
