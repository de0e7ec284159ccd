/* SPDX-License-Identifier: MIT */
#include "core/store/run_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <sys/stat.h>
#include <unistd.h>

enum tfu_status tfu_run_files_visit(const struct tfu_run_files *v, struct tfu_error *e)
{
    regex_t name;
    if (regcomp(&name, v->pattern, REG_EXTENDED | REG_NOSUB) != 0)
        return tfu_error_memory(e, "looking through a run folder", 0);
    enum tfu_status st = TFU_OK;
    DIR *dir = opendir(v->folder);
    if (!dir && errno != ENOENT)
        st = tfu_error_errno(e, errno, "cannot read", v->folder);
    for (const struct dirent *d; dir && st == TFU_OK && (d = readdir(dir));) {
        struct stat info;
        if (regexec(&name, d->d_name, 0, NULL, 0) != 0 ||
            fstatat(dirfd(dir), d->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        if (v->remove && unlinkat(dirfd(dir), d->d_name, 0) != 0 && errno != ENOENT)
            st = tfu_error_errno(e, errno, "cannot remove", d->d_name);
        else if (v->found)
            v->found(v->arg, d->d_name, (int64_t)info.st_size);
    }
    if (dir)
        closedir(dir);
    regfree(&name);
    return st;
}
