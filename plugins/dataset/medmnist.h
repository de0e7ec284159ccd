/* SPDX-License-Identifier: MIT
 *
 * medmnist.h - what was published of MedMNIST's and MedMNIST+'s files: names of classes, and sums.
 */
#ifndef TFU_PLUGINS_DATASET_MEDMNIST_H
#define TFU_PLUGINS_DATASET_MEDMNIST_H

#include <stddef.h>

struct medmnist {
    const char *flag;
    const char *const *names; /* of its classes or labels */
    size_t count;
    const char *md5[4]; /* of FLAG.npz, FLAG_64.npz, FLAG_128.npz, FLAG_224.npz */
};

/* The set that a file is by its name, and which of its sizes; NULL: none. */
const struct medmnist *medmnist_find(const char *path, size_t *size);

#endif
