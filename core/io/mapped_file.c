/* SPDX-License-Identifier: MIT */
#include "core/io/mapped_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static enum tfu_status map_whole(struct tfu_mapped_file *f, int fd, const char *path,
                                 struct tfu_error *e)
{
    struct stat info;
    if (fstat(fd, &info) != 0)
        return tfu_error_errno(e, errno, "cannot read", path);
    if (!S_ISREG(info.st_mode))
        return tfu_error_at(e, TFU_EINVAL, path, 0, 0, "not a file");
    f->state = tfu_file_state_of(&info);
    if (info.st_size == 0) /* an empty mapping is not possible */
        return TFU_OK;
    void *map = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (map == MAP_FAILED)
        return tfu_error_errno(e, errno, "cannot map", path);
    f->bytes = f->map = map;
    f->size = (size_t)info.st_size;
    return TFU_OK;
}

enum tfu_status tfu_mapped_file_open(struct tfu_mapped_file *out, const char *path,
                                     struct tfu_error *e)
{
    *out = (struct tfu_mapped_file){.bytes = ""};
    /* a pipe without a writer must not hold us up */
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return tfu_error_errno(e, errno, "cannot open", path);
    const enum tfu_status st = map_whole(out, fd, path, e);
    close(fd);
    return st;
}

void tfu_mapped_file_close(struct tfu_mapped_file *f)
{
    if (f->map)
        munmap(f->map, f->size);
    *f = (struct tfu_mapped_file){.bytes = ""};
}

bool tfu_mapped_file_holds(const char *path, const void *bytes, size_t n)
{
    struct tfu_mapped_file file;
    if (tfu_mapped_file_open(&file, path, NULL) != TFU_OK)
        return false;
    const bool same = file.size == n && (n == 0 || memcmp(file.bytes, bytes, n) == 0);
    tfu_mapped_file_close(&file);
    return same;
}
