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

#endif
