/* SPDX-License-Identifier: MIT
 *
 * crc32c.h - CRC-32C (Castagnoli, reflected polynomial 0x82F63B78), as TensorBoard's records use
 * it.
 */
#ifndef TFU_CORE_STORE_CRC32C_H
#define TFU_CORE_STORE_CRC32C_H

#include <stddef.h>
#include <stdint.h>

uint32_t tfu_crc32c(const void *bytes, size_t n);

#endif
