/* SPDX-License-Identifier: MIT
 *
 * libFuzzer target: whatever the bytes, an archive of numpy's is refused with a message, or every
 * number of its arrays can be read, and there are no more than its bytes can hold. An input that is
 * no archive is also taken for the text before an array's numbers.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/data/contents.h"
#include "plugins/dataset/npz_array.h"

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

static void read_array(const struct zip_bytes *z, const char *name, size_t file_size)
{
    struct npz_array a;
    struct tfu_contents contents;
    struct tfu_error e = TFU_ERROR_INIT;
    double sum = 0;
    tfu_contents_init(&contents, NULL, NULL);
    const enum tfu_status st = npz_array_read(&a, z, name, tfu_contents_host(&contents, true, &e));
    if (e.status != st || (st != TFU_OK) != (e.text[0] != 0) || (st == TFU_OK) != (a.data != NULL))
        abort();
    if (st != TFU_OK)
        return;
    if (a.size / 1033 > file_size || a.header.count * a.header.item != a.size)
        abort();
    for (uint64_t i = 0; i < a.header.count; i++)
        sum += npy_number(&a.header, a.data, i);
    if (sum == 0.123)
        puts("");
    npz_array_free(&a);
}

static void read_archive(size_t size)
{
    struct zip_bytes z;
    struct tfu_contents contents;
    struct tfu_error e = TFU_ERROR_INIT;
    tfu_contents_init(&contents, NULL, NULL);
    const enum tfu_status st = zip_bytes_open(&z, path, tfu_contents_host(&contents, true, &e));
    if (e.status != st || (st != TFU_OK) != (e.text[0] != 0))
        abort();
    if (st != TFU_OK)
        return;
    for (int64_t i = 0; i < z.count && i < 16; i++) {
        char name[600];
        const char *entry = zip_bytes_name(&z, i);
        snprintf(name, sizeof name, "%.500s", entry);
        char *dot = strrchr(name, '.');
        if (dot)
            *dot = '\0';
        read_array(&z, name, size);
    }
    zip_bytes_close(&z);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct npy_header h;
    char detail[64];
    size_t at, length;
    write_file(data, size);
    read_archive(size);
    npy_header_begin(data, size < NPY_BEGIN ? size : NPY_BEGIN, &at, &length);
    npy_header_read(&h, (const char *)data, size, detail);
    return 0;
}
