/* SPDX-License-Identifier: MIT
 *
 * libFuzzer target: whatever the bytes, the reader refuses them with a message or every number can
 * be read, and reading the same file again gives the same.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/data/contents.h"
#include "plugins/dataset/idx_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One file for all inputs, removed at exit. */
static char path[256];

static void remove_file(void)
{
    unlink(path);
}

static void write_file(const uint8_t *data, size_t size)
{
    int fd;
    if (path[0]) {
        fd = open(path, O_WRONLY | O_TRUNC);
    } else {
        const char *folder = getenv("TMPDIR");
        snprintf(path, sizeof path, "%s/transfuse-fuzz.XXXXXX", folder ? folder : "/tmp");
        fd = mkstemp(path);
        atexit(remove_file);
    }
    if (fd < 0 || write(fd, data, size) != (ssize_t)size || close(fd) != 0)
        abort();
}

static enum tfu_status read_file(struct idx_file *f)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_contents c;
    tfu_contents_init(&c, NULL, NULL);
    const enum tfu_status st = idx_file_read(f, path, tfu_contents_host(&c, true, &e));
    if (e.status != st || (st == TFU_OK) != (f->data != NULL) || (st != TFU_OK) != (e.text[0] != 0))
        abort();
    return st;
}

static void check_numbers(const struct idx_file *f, size_t file_size)
{
    const size_t count = (size_t)(f->dim[0] * f->dim[1] * f->dim[2] * f->dim[3]);
    if (f->rank < 1 || f->rank > IDX_MAX_RANK || count == 0 || f->size > 1032 * file_size)
        abort();
    for (size_t i = 0; i < count; i++) {
        const double v = idx_file_number(f, i);
        if (f->type == IDX_U8 && v != f->data[i])
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct idx_file first, again;
    write_file(data, size);
    const enum tfu_status st = read_file(&first);
    if (read_file(&again) != st)
        abort();
    if (st == TFU_OK) {
        check_numbers(&first, size);
        if (first.size != again.size || memcmp(first.data, again.data, first.size) != 0)
            abort();
    }
    idx_file_free(&first);
    idx_file_free(&again);
    return 0;
}
