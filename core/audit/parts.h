/* SPDX-License-Identifier: MIT
 *
 * parts.h - the parts of an audit, each of which adds its lines and tables to the result.
 */
#ifndef TFU_CORE_AUDIT_PARTS_H
#define TFU_CORE_AUDIT_PARTS_H

#include "core/audit/request.h"

struct tfu_audit_work {
    const struct tfu_audit_request *request;
    struct tfu_looks looks[TFU_AUDIT_SPLITS];
    struct tfu_audit_findings *found;
    struct tfu_result *out;
};

/* Examples, images that cannot be read, constant ones, groups; one row a split. */
void tfu_audit_splits(const struct tfu_audit_work *w);
/* What the datasets say of their files; the log has said it already. */
void tfu_audit_notes(const struct tfu_audit_work *w);
/* Which images cannot be read, and why. */
void tfu_audit_unreadable(const struct tfu_audit_work *w);
/* What reading makes of image files: colours gray, transparency left out, turned. */
void tfu_audit_conversions(const struct tfu_audit_work *w);
/* How often there is each class or label. */
void tfu_audit_labels(const struct tfu_audit_work *w);
/* How often there is each value of each attribute: views, sexes. */
void tfu_audit_attributes(const struct tfu_audit_work *w);
/* Heights, widths, channels. */
enum tfu_status tfu_audit_sizes(const struct tfu_audit_work *w, struct tfu_error *e);
/* Means and deviations of the training images, and a figure of all pixels and labels. */
void tfu_audit_pixels(const struct tfu_audit_work *w);
/* Groups in two splits. */
enum tfu_status tfu_audit_groups(const struct tfu_audit_work *w, struct tfu_error *e);
/* Images that are there twice. */
enum tfu_status tfu_audit_twice(const struct tfu_audit_work *w, struct tfu_error *e);

#endif
