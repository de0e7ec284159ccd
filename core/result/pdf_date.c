/* SPDX-License-Identifier: MIT */
#include "core/result/pdf_date.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/io/mapped_file.h"

static const char before[] = "/CreationDate (D:";
static const char date[] = "19700101000000"; /* as long as any */

enum { BEFORE = sizeof before - 1, DATE = sizeof date - 1 };

static enum tfu_status put_date(int fd, const char *path, const struct tfu_mapped_file *f,
                                struct tfu_error *e)
{
    const char *const end = (const char *)f->bytes + f->size;
    const char *at = f->bytes;
    while ((at = memmem(at, (size_t)(end - at), before, BEFORE))) {
        at += BEFORE;
        if (end - at < DATE)
            break;
        const off_t offset = at - (const char *)f->bytes;
        if (pwrite(fd, date, DATE, offset) != DATE)
            return tfu_error_errno(e, errno, "cannot write", path);
    }
    return TFU_OK;
}

enum tfu_status tfu_pdf_fix_date(const char *path, struct tfu_error *e)
{
    struct tfu_mapped_file f;
    enum tfu_status st = tfu_mapped_file_open(&f, path, e);
    if (st != TFU_OK)
        return st;
    const int fd = open(path, O_WRONLY | O_CLOEXEC);
    st = fd < 0 ? tfu_error_errno(e, errno, "cannot write", path) : put_date(fd, path, &f, e);
    if (fd >= 0 && close(fd) != 0 && st == TFU_OK)
        st = tfu_error_errno(e, errno, "cannot write", path);
    tfu_mapped_file_close(&f);
    return st;
}
