/* SPDX-License-Identifier: MIT */
#include "core/sweep/begun.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/path.h"
#include "core/store/run_folder.h"

static bool look(const char *store, const char *experiment)
{
    bool any = false;
    char *folder = tfu_path_join(store, experiment);
    DIR *dir = folder ? opendir(folder) : NULL;
    if (!dir)
        any = !folder || (errno != ENOENT && errno != ENOTDIR);
    errno = 0;
    for (const struct dirent *d; dir && !any && (d = readdir(dir));) {
        if (d->d_name[0] == '.')
            continue;
        char *run = tfu_path_join(folder, d->d_name);
        any = !run || tfu_run_state(run) != TFU_RUN_ABSENT;
        free(run);
        errno = 0;
    }
    any |= dir && errno != 0;
    if (dir)
        closedir(dir);
    free(folder);
    return any;
}

bool tfu_begun_any(struct tfu_begun *f, const char *store, const char *experiment)
{
    for (size_t i = 0; i < f->count; i++)
        if (strcmp(f->of[i].experiment, experiment) == 0)
            return f->of[i].any;
    struct tfu_begun_of *more = reallocarray(f->of, f->count + 1, sizeof *more);
    if (!more)
        return true;
    f->of = more;
    f->of[f->count] =
        (struct tfu_begun_of){.experiment = experiment, .any = look(store, experiment)};
    return f->of[f->count++].any;
}

void tfu_begun_free(struct tfu_begun *f)
{
    free(f->of);
    *f = (struct tfu_begun){.count = 0};
}
