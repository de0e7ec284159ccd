/* SPDX-License-Identifier: MIT
 *
 * edited.h - is what a run's folder says still what the run was made with? Somebody may have edited
 * its config.yaml since, or another file may lie where its weights came from: numbers that are
 * computed by them are not the run's.
 */
#ifndef TFU_CORE_TRAIN_EDITED_H
#define TFU_CORE_TRAIN_EDITED_H

#include "core/base/digests.h"
#include "core/base/log.h"
#include "core/plugin/registry.h"

/* A warning with the lines of its identity that differ, if any do. Data are taken for what they
 * were: whoever opens them compares their fingerprints. `digests` of files that were read before
 * may be NULL. */
enum tfu_status tfu_edited_warn(const char *run, struct tfu_registry *r, struct tfu_log *log,
                                struct tfu_digests *digests, struct tfu_error *e);

#endif
