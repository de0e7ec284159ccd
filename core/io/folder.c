/* SPDX-License-Identifier: MIT */
#include "core/io/folder.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

static enum tfu_status make_one(const char *path, struct tfu_error *e)
{
    struct stat info;
    if (mkdir(path, 0777) == 0)
        return TFU_OK;
    const int number = errno;
    if (number == EEXIST && stat(path, &info) == 0 && !S_ISDIR(info.st_mode))
        return tfu_error_set(
            e, TFU_EIO,
            "cannot create folder '%s': it is a file; name another folder, or move "
            "the file away",
            path);
    return number == EEXIST ? TFU_OK : tfu_error_errno(e, number, "cannot create folder", path);
}

enum tfu_status tfu_folder_make(const char *path, struct tfu_error *e)
{
    if (path[0] == '\0')
        return tfu_error_set(e, TFU_EINVAL, "the name of the folder is empty");
    char *copy = strdup(path);
    if (!copy)
        return tfu_error_memory(e, "creating a folder", 0);
    enum tfu_status st = TFU_OK;
    for (char *p = copy + 1; st == TFU_OK; p++) {
        if (*p != '/' && *p != '\0')
            continue;
        const char end = *p;
        *p = '\0';
        st = make_one(copy, e);
        *p = end;
        if (end == '\0')
            break;
    }
    free(copy);
    return st;
}

double tfu_folder_room(const char *path)
{
    struct statvfs disk;
    if (statvfs(path, &disk) != 0 || disk.f_blocks == 0)
        return (double)NAN;
    return (double)disk.f_bavail * (double)disk.f_frsize;
}
