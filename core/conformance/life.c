/* SPDX-License-Identifier: MIT */
#include "core/conformance/life.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/base/hash.h"
#include "core/conformance/hooks.h"
#include "core/plugin/kind.h"

#define LIFE(number, name, ...) [number] = tfu_check_live_##name,
static tfu_live *const lives[] = {TFU_KIND_LIST(LIFE, TFU_CHECK_NO_FUNCTION)};

/* ---- what it gave */

void tfu_life_add(struct tfu_life *l, const void *data, size_t bytes)
{
    const unsigned char *b = data;
    const uint64_t fnv_prime = 0x100000001b3u;
    for (size_t i = 0; i < bytes; i++)
        l->digest = (l->digest ^ b[i]) * fnv_prime;
}

void tfu_life_add_text(struct tfu_life *l, const char *text)
{
    tfu_life_add(l, text, strlen(text) + 1);
}

void tfu_life_add_tensor(struct tfu_life *l, const struct tfu_tensor *t)
{
    if (t->data)
        tfu_life_add(l, t->data, (size_t)tfu_shape_count(&t->shape) * tfu_dtype_size(t->dtype));
}

static enum tfu_status live(struct tfu_check *c, struct tfu_life *l, struct tfu_error *e)
{
    *l = (struct tfu_life){.digest = 0xcbf29ce484222325u};
    tfu_hooks_paint();
    const enum tfu_status st = lives[c->plugin->kind](c, l, e);
    return st == TFU_OK ? e->status : st;
}

/* False, and the test is skipped, where nothing can be counted. */
static bool have_hooks(struct tfu_check *c)
{
    if (tfu_hooks_install())
        return true;
    tfu_check_skip(c, "memory and clocks cannot be watched on this processor");
    return false;
}

/* ---- memory, files and threads are given back */

/* Entries of a folder of /proc; 0 where there is none. */
static int64_t count_entries(const char *folder)
{
    int64_t n = 0;
    DIR *d = opendir(folder);
    while (d && readdir(d))
        n++;
    if (d)
        closedir(d);
    return n;
}

/* What this process holds. */
struct held {
    int64_t files, threads, blocks, bytes;
};

static struct held held_now(void)
{
    const struct tfu_hooks_memory m = tfu_hooks_memory();
    return (struct held){count_entries("/proc/self/fd"), count_entries("/proc/self/task"), m.blocks,
                         m.bytes};
}

static int64_t least(int64_t so_far, int64_t after, int64_t before)
{
    return after - before < so_far ? after - before : so_far;
}

enum { FIRST_LIVES = 2, LIVES = 3 };

/* What is left after each of several lives. Things that are kept once, for all lives to come, are
 * there after the first ones; what is lost grows with every life. */
static enum tfu_status gives_back(struct tfu_check *c, struct tfu_error *e)
{
    if (!have_hooks(c))
        return TFU_OK;
    struct tfu_life l;
    enum tfu_status st = TFU_OK;
    for (int i = 0; st == TFU_OK && i < FIRST_LIVES; i++)
        st = live(c, &l, e);
    struct held more = {INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX};
    for (int i = 0; st == TFU_OK && i < LIVES; i++) {
        const struct held before = held_now();
        st = live(c, &l, e);
        const struct held after = held_now();
        more.files = least(more.files, after.files, before.files);
        more.threads = least(more.threads, after.threads, before.threads);
        more.blocks = least(more.blocks, after.blocks, before.blocks);
        more.bytes = least(more.bytes, after.bytes, before.bytes);
    }
    if (st != TFU_OK)
        return st;
    if (more.files > 0)
        return tfu_error_set(e, TFU_EINVAL,
                             "%lld file%s left open each time that it is made, used and ended",
                             (long long)more.files, more.files == 1 ? " is" : "s are");
    if (more.threads > 0)
        return tfu_error_set(e, TFU_EINVAL,
                             "%lld thread%s left running each time that it is made, used and ended",
                             (long long)more.threads, more.threads == 1 ? " is" : "s are");
    if (more.blocks > 0 || more.bytes > 0)
        return tfu_error_set(e, TFU_EINVAL,
                             "%lld block%s of memory, %lld bytes, %s not freed each time that it "
                             "is made, used and ended",
                             (long long)more.blocks, more.blocks == 1 ? "" : "s",
                             (long long)more.bytes, more.blocks == 1 ? "is" : "are");
    tfu_check_note(c, "%d lives", LIVES);
    return TFU_OK;
}

/* ---- opening */

/* A copy in memory, as the file itself is open already and would not be opened again. */
static int copy_of(const char *path)
{
    const int from = open(path, O_RDONLY | O_CLOEXEC);
    const int to = memfd_create("a copy of a plugin", MFD_CLOEXEC);
    char piece[65536];
    for (ssize_t n; from >= 0 && (n = read(from, piece, sizeof piece)) > 0;)
        if (write(to, piece, (size_t)n) != n)
            break;
    if (from >= 0)
        close(from);
    return to;
}

/* What runs before and after all calls, such as constructors and destructors, and start-up files of
 * compilers that set how numbers are rounded. The suite looks at what was printed and changed. */
static enum tfu_status opens_again(struct tfu_check *c, struct tfu_error *e)
{
    const char *path = tfu_registry_path(c->registry, c->plugin);
    char copy[64];
    (void)e;
    snprintf(copy, sizeof copy, "/proc/self/fd/%d", path ? copy_of(path) : -1);
    void *library = dlopen(copy, RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return tfu_check_skip(c, "it cannot be opened from another place");
    dlclose(library);
    return TFU_OK;
}

/* ---- nothing but what it is given counts */

/* Read as a float this is 12.1, as a double 2.3 million, as an integer it is beyond most arrays. */
enum { FILLED = 0x41 };

static const char at_another_time[] = "done at another time; it depends on a clock";

static enum tfu_status repeats(struct tfu_check *c, struct tfu_error *e)
{
    if (!have_hooks(c))
        return TFU_OK;
    static const struct {
        int fill;
        int64_t seconds;
        const char *what;
    } times[] = {
        {0, 0, NULL},
        {0, 0, "done once more; it depends on something that it is not given"},
        {0, 1, at_another_time},
        {0, 61, at_another_time},
        {0, 3601, at_another_time},
        {0, 400 * 86400 + 12345, at_another_time},
        {FILLED, 0, "done where fresh memory holds something else; it reads what nobody wrote"},
    };
    uint64_t first = 0;
    for (size_t i = 0; i < TFU_COUNT(times); i++) {
        struct tfu_life l;
        tfu_hooks_fill(times[i].fill);
        tfu_hooks_clock(times[i].seconds);
        const enum tfu_status st = live(c, &l, e);
        if (st != TFU_OK)
            return times[i].what ? tfu_error_prefix(e, "%s", times[i].what) : st;
        if (i == 0)
            first = l.digest;
        else if (l.digest != first)
            return tfu_error_set(e, TFU_EINVAL, "the same gives other bits when it is %s",
                                 times[i].what);
    }
    return TFU_OK;
}

/* ---- steps */

static enum tfu_status allocates_nothing(struct tfu_check *c, struct tfu_error *e)
{
    const uint32_t flags = tfu_kind_row((int)c->plugin->kind)->flags;
    if (!(flags & TFU_KIND_IN_STEP))
        return tfu_check_skip(c, "it may");
    if (!have_hooks(c))
        return TFU_OK;
    struct tfu_life l;
    const char *function;
    const enum tfu_status st = live(c, &l, e);
    const uint64_t count = tfu_hooks_forbidden(&function);
    if (st == TFU_OK && count > 0)
        return tfu_error_set(e, TFU_EINVAL,
                             "%s() allocates memory (%llu times in all); nothing is allocated "
                             "inside a step%s",
                             function, (unsigned long long)count,
                             flags & TFU_KIND_HAS_WORKSPACE ? ": ask for it with workspace()" : "");
    return st;
}

const struct tfu_check_test tfu_check_life[] = {
    {"it can be opened twice, and closed", opens_again},
    {"the same gives the same bits, at any time and in any memory", repeats},
    {"what it takes it gives back: memory, files and threads", gives_back},
    {"nothing is allocated in a step", allocates_nothing},
    {NULL, NULL},
};
