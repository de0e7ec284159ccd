/* SPDX-License-Identifier: MIT
 *
 * report_digest.h - whether a report says something else than one before, without drawing it.
 */
#ifndef TFU_CORE_REPORT_REPORT_DIGEST_H
#define TFU_CORE_REPORT_REPORT_DIGEST_H

#include "core/base/hash.h"
#include "core/report/report.h"

/* Of all that it says, the numbers of its figures included, and of the drawings that it takes from
 * elsewhere. */
enum tfu_status tfu_report_digest(const struct tfu_report *r, char hex[TFU_HASH_HEX],
                                  struct tfu_error *e);

#endif
