/* SPDX-License-Identifier: MIT
 *
 * audit.h - the data of an experiment, read in full before anything is trained on them: images that
 * cannot be read, images that are there twice, patients in two splits, labels, sizes, pixels.
 */
#ifndef TFU_CORE_AUDIT_AUDIT_H
#define TFU_CORE_AUDIT_AUDIT_H

#include "core/audit/request.h"

enum tfu_status tfu_audit(struct tfu_result *out, struct tfu_audit_findings *found,
                          const struct tfu_audit_request *request, struct tfu_error *e);

#endif
