/* SPDX-License-Identifier: MIT
 *
 * csv_hash.h - a number that follows from some bytes: FNV-1a of 64 bits, the upper half folded
 * into the lower.
 */
#ifndef TFU_PLUGINS_DATASET_CSV_HASH_H
#define TFU_PLUGINS_DATASET_CSV_HASH_H

#include <stddef.h>
#include <stdint.h>

#define CSV_HASH_BEGIN UINT64_C(0xcbf29ce484222325)

static inline uint64_t csv_hash(uint64_t hash, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001b3);
    return hash ^ hash >> 32;
}

#endif
