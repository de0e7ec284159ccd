/* SPDX-License-Identifier: MIT
 *
 * record.h - <store>/.sweeps/<name>.json: the cases that were begun under the name of a study, with
 * the names of their axes and values, which no run knows: `transfuse runs` and reports read them
 * there. A call that asks for a part of the file, or for the file with other values, adds its
 * cases; the file as it stands puts its own in their place.
 */
#ifndef TFU_CORE_SWEEP_RECORD_H
#define TFU_CORE_SWEEP_RECORD_H

#include "core/base/log.h"
#include "core/sweep/sweep.h"

/* Does the name belong to this study file? TFU_EINVAL: to another one, which says something else
 * and is still there, or may be: it cannot be looked at, or is on another host. */
enum tfu_status tfu_sweep_record_check(const struct tfu_sweep *s, struct tfu_error *e);

/* Writes it, unless it is there as it would be written; with what `tune` chose, as far as that is
 * known. `log` is told when it is damaged, and put aside, and when cases are taken out of it. Of
 * several calls at a time none takes away the cases of another. */
enum tfu_status tfu_sweep_record_write(struct tfu_sweep *s, struct tfu_log *log,
                                       struct tfu_error *e);
/* The same at the end of a sweep: it is written where it is gone, or where there is more to say,
 * and what others added meanwhile stays. */
enum tfu_status tfu_sweep_record_end(struct tfu_sweep *s, struct tfu_log *log, struct tfu_error *e);

/* tfu_sweep_load(), but cases that were begun are not resolved and checked again as long as all is
 * there that they follow from: 10,000 of them take a moment. */
enum tfu_status tfu_sweep_load_known(struct tfu_sweep **out, const struct tfu_document *document,
                                     struct tfu_diagnostics *d, struct tfu_error *e);
/* Has that be so from now on, as far as the store can be written to, with the runs that were found
 * by tfu_sweep_resolve(). */
void tfu_sweep_keep_known(const struct tfu_sweep *s);

#endif
