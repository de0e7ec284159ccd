/* SPDX-License-Identifier: MIT
 *
 * init_report.h - which rule of a configuration's `init:` fills which parameter, and with what.
 */
#ifndef TFU_CORE_TRAIN_INIT_REPORT_H
#define TFU_CORE_TRAIN_INIT_REPORT_H

#include "core/base/text.h"
#include "core/config/experiment.h"

/* Builds the network, initialises it, and appends a line a parameter. The training data are opened
 * for the size of their images. `log` may be NULL. */
enum tfu_status tfu_init_report(const struct tfu_experiment *x, struct tfu_registry *registry,
                                struct tfu_log *log, struct tfu_text *out, struct tfu_error *e);

#endif
