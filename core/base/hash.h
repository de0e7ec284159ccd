/* SPDX-License-Identifier: MIT
 *
 * hash.h - SHA-256, by OpenSSL.
 */
#ifndef TFU_CORE_BASE_HASH_H
#define TFU_CORE_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

enum { TFU_HASH_SIZE = 32, TFU_HASH_HEX = 65 };
enum { TFU_HASH_MD5_SIZE = 16, TFU_HASH_MD5_HEX = 33 };

struct tfu_hash; /* a digest in progress */

enum tfu_status tfu_hash_new(struct tfu_hash **out, struct tfu_error *e);
void tfu_hash_add(struct tfu_hash *h, const void *bytes, size_t n);
/* Ends the digest; `hex` gets 64 digits and a NUL. */
enum tfu_status tfu_hash_hex(struct tfu_hash *h, char hex[TFU_HASH_HEX], struct tfu_error *e);
void tfu_hash_free(struct tfu_hash *h);

/* All at once. Aborts only if OpenSSL has no SHA-256. */
void tfu_hash_bytes(const void *bytes, size_t n, uint8_t digest[TFU_HASH_SIZE]);
void tfu_hash_to_hex(const uint8_t digest[TFU_HASH_SIZE], char hex[TFU_HASH_HEX]);
/* Of a file's bytes. */
enum tfu_status tfu_hash_file(const char *path, char hex[TFU_HASH_HEX], struct tfu_error *e);
/* Its MD5, to compare with one that was published; for nothing else. */
enum tfu_status tfu_hash_file_md5(const char *path, char hex[TFU_HASH_MD5_HEX],
                                  struct tfu_error *e);

#endif
