/* SPDX-License-Identifier: MIT
 *
 * idx_file.h - reads one IDX file, the format of MNIST and Fashion-MNIST: two zero bytes, a type, a
 * rank, the dims as big-endian 32-bit numbers, then the numbers, big-endian, row by row. gzipped or
 * not. Described at the end of LeCun's page "The MNIST database of handwritten digits".
 */
#ifndef TFU_PLUGINS_DATASET_IDX_FILE_H
#define TFU_PLUGINS_DATASET_IDX_FILE_H

#include <transfuse/dataset.h>

enum { IDX_MAX_RANK = 4 };

enum idx_type {
    IDX_U8 = 0x08,
    IDX_I8 = 0x09,
    IDX_I16 = 0x0B,
    IDX_I32 = 0x0C,
    IDX_F32 = 0x0D,
    IDX_F64 = 0x0E
};

struct idx_file {
    enum idx_type type;
    uint32_t rank;
    int64_t dim[IDX_MAX_RANK]; /* dims beyond the rank are 1 */
    size_t size;               /* bytes of data */
    unsigned char *data;       /* as in the file; owned */
};

/* Reads all of `path`. Never allocates more than the file can hold. */
enum tfu_status idx_file_read(struct idx_file *f, const char *path, struct tfu_dataset_host *h);
void idx_file_free(struct idx_file *f);

/* Number `i` as it stands in the file. */
double idx_file_number(const struct idx_file *f, size_t i);
#endif
