/* SPDX-License-Identifier: MIT
 *
 * file_digest.h - digests of whole files, which are not read again while they stay as they are.
 */
#ifndef TFU_CORE_DATA_FILE_DIGEST_H
#define TFU_CORE_DATA_FILE_DIGEST_H

#include "core/base/hash.h"
#include "core/data/look_cache.h"

/* As tfu_hash_file() and tfu_hash_file_md5(), unless `cache` (may be NULL) knows it; what is
 * computed goes there. */
enum tfu_status tfu_file_digest(struct tfu_look_cache *cache, const char *path,
                                char hex[TFU_HASH_HEX], struct tfu_error *e);
enum tfu_status tfu_file_digest_md5(struct tfu_look_cache *cache, const char *path,
                                    char hex[TFU_HASH_MD5_HEX], struct tfu_error *e);

#endif
