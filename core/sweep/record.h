/* SPDX-License-Identifier: MIT
 *
 * record.h - <store>/.sweeps/<name>.json: a sweep as it was last begun. It says what the names of
 * cases, axes and values were, which no run knows, and which keys the cases had; who only looks
 * reads the keys from there as long as none of the files that the sweep is written in has changed.
 */
#ifndef TFU_CORE_SWEEP_RECORD_H
#define TFU_CORE_SWEEP_RECORD_H

#include "core/sweep/sweep.h"

/* Writes it, unless it is there as it would be written. */
enum tfu_status tfu_sweep_record_write(const struct tfu_sweep *s, struct tfu_error *e);

/* tfu_sweep_load(), but cases that the record has are taken from there, neither resolved nor
 * checked again: 10,000 of them take a moment. */
enum tfu_status tfu_sweep_load_known(struct tfu_sweep **out, const struct tfu_document *document,
                                     struct tfu_diagnostics *d, struct tfu_error *e);

#endif
