/* SPDX-License-Identifier: MIT
 *
 * checksum.h - 64 bits that tell a damaged copy from a whole one, at the speed of memory. It says
 * nothing against somebody who damages on purpose; hash.h does.
 */
#ifndef TFU_CORE_BASE_CHECKSUM_H
#define TFU_CORE_BASE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/* The same on every machine of one byte order. */
uint64_t tfu_checksum(const void *bytes, size_t n);

/* FNV-1a of 64 bits, byte by byte: for names in tables, and wherever a hash is part of a result.
 * From TFU_FNV1A_BEGIN on, or from what it gave for bytes before. */
#define TFU_FNV1A_BEGIN UINT64_C(0xcbf29ce484222325)
uint64_t tfu_fnv1a(uint64_t hash, const void *bytes, size_t n);

#endif
