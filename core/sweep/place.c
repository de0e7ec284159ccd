/* SPDX-License-Identifier: MIT */
#include "core/sweep/place.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

/* Is the file what would be written? */
static bool is_there(const char *path, const struct tfu_text *text)
{
    FILE *f = fopen(path, "r");
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
