/* SPDX-License-Identifier: MIT
 *
 * weights_digest.h - the SHA-256 that a file of weights has to have. Private to this folder.
 */
#ifndef TFU_CORE_IO_WEIGHTS_DIGEST_H
#define TFU_CORE_IO_WEIGHTS_DIGEST_H

#include <stdbool.h>

#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/base/text.h"

/* What is expected: digits that the digest begins with, in lower case; "" when anything goes. */
struct tfu_weights_digest {
    char prefix[TFU_HASH_HEX];
    bool from_name;
    bool unsure; /* digits of a decimal number: a date, a step, or a digest by chance */
};

/* From `wanted`, or, when that is NULL or "", from the name of the file: exactly 8 hex digits
 * between a '-' and the extension, as torchvision and timm have it; not
 * "step-10000000.safetensors", as runs name their checkpoints. TFU_EINVAL: `wanted` is not 8 to 64
 * hex digits. */
enum tfu_status tfu_weights_digest_expect(struct tfu_weights_digest *out, const char *path,
                                          const char *wanted, struct tfu_error *e);
/* TFU_ECORRUPT with both digests and what to do; where it is unsure, only a line in `warning`. */
enum tfu_status tfu_weights_digest_check(const struct tfu_weights_digest *d, const char *path,
                                         const char *hex, struct tfu_text *warning,
                                         struct tfu_error *e);

#endif
