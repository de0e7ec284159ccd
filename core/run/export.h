/* SPDX-License-Identifier: MIT
 *
 * export.h - a network in one of its states as one file, for programs that have neither its run nor
 * our plugins: a model file (core/infer/model.h), or ONNX.
 */
#ifndef TFU_CORE_RUN_EXPORT_H
#define TFU_CORE_RUN_EXPORT_H

#include "core/infer/model.h"
#include "core/run/predictor.h"

enum tfu_export_format { TFU_EXPORT_MODEL = 0, TFU_EXPORT_ONNX = 1 };
extern const char *const tfu_export_formats[]; /* "tfm", "onnx", NULL */

struct tfu_exported {
    char *arch, *run; /* run: NULL where there is none */
    int64_t step;
    const char *why; /* the file does not say how to prepare images; NULL: it does */
    char why_text[256];
};

/* `p` is the network, which was opened for batches of 1. The file takes the place of one that is
 * there. `out` may be NULL, else is to be freed. */
enum tfu_status tfu_export(const struct tfu_predictor *p, enum tfu_export_format format,
                           const char *path, struct tfu_exported *out, struct tfu_error *e);
void tfu_exported_free(struct tfu_exported *x);

#endif
