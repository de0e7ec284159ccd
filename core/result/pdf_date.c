/* SPDX-License-Identifier: MIT */
#include "core/result/pdf_date.h"

#include <string.h>

#include "core/io/atomic_file.h"
#include "core/io/mapped_file.h"
#include "core/result/pdf_packed.h"

static const char before[] = "/CreationDate (D:";
static const char date[] = "19700101000000"; /* as long as any */

enum { BEFORE = sizeof before - 1, DATE = sizeof date - 1 };

/* False: there is none that can be read as it is. */
static bool put_date(struct tfu_text *out, const struct tfu_mapped_file *f)
{
    const char *const begin = f->bytes, *const end = begin + f->size;
    const char *at = memmem(begin, f->size, before, BEFORE);
    if (!at || end - at < BEFORE + DATE)
        return false;
    at += BEFORE;
    tfu_text_append(out, begin, (size_t)(at - begin));
    tfu_text_puts(out, date);
    tfu_text_append(out, at + DATE, (size_t)(end - at) - DATE);
    return true;
}

enum tfu_status tfu_pdf_fix_date(const char *path, struct tfu_error *e)
{
    struct tfu_mapped_file f;
    struct tfu_text fixed = TFU_TEXT_INIT;
    enum tfu_status st = tfu_mapped_file_open(&f, path, e);
    if (st != TFU_OK)
        return st;
    const bool found =
        put_date(&fixed, &f) || tfu_pdf_pack_date(&fixed, f.bytes, f.size, before, date);
    if (fixed.failed)
        st = tfu_error_memory(e, "drawing a figure", f.size);
    else if (found)
        st = tfu_atomic_write_file(path, fixed.data, fixed.length, e);
    tfu_text_free(&fixed);
    tfu_mapped_file_close(&f);
    return st;
}
