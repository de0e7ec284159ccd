/* SPDX-License-Identifier: MIT
 *
 * weights_convert.h - weights of any readable format into a safetensors or npz file.
 */
#ifndef TFU_CORE_IO_WEIGHTS_CONVERT_H
#define TFU_CORE_IO_WEIGHTS_CONVERT_H

#include "core/base/text.h"
#include "core/io/preprocessing.h"
#include "core/io/weights_select.h"

/* Names that begin with `from` begin with `to` instead. */
struct tfu_weights_rename {
    const char *from, *to;
};

struct tfu_weights_conversion {
    const char *path; /* ends with .safetensors or .npz */
    bool typed;       /* floats become `type`: F64, F32, F16 or BF16; integers stay */
    enum tfu_stored_type type;
    struct tfu_patterns match;
    const struct tfu_weights_rename *rename; /* of those that fit a name the first counts */
    size_t rename_count;
    const struct tfu_preprocessing *preprocessing; /* NULL: as the source has it */
};

/* Writes a whole file in place of the old one, or leaves what was there. Notes are kept. `said`
 * gets a line for each thing that the target cannot hold and what became of it.
 * TFU_EINVAL: another extension, two tensors of one name, a rule that fits no name, or a name of
 * the file that promises a SHA-256. [one thread] */
enum tfu_status tfu_weights_convert(const struct tfu_weights *from,
                                    const struct tfu_weights_conversion *c, struct tfu_text *said,
                                    struct tfu_error *e);

#endif
