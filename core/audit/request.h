/* SPDX-License-Identifier: MIT
 *
 * request.h - what an audit is of, and what it finds wrong.
 */
#ifndef TFU_CORE_AUDIT_REQUEST_H
#define TFU_CORE_AUDIT_REQUEST_H

#include "core/audit/alike.h"
#include "core/result/result.h"

enum { TFU_AUDIT_SPLITS = 3 };

struct tfu_audit_request {
    const struct tfu_dataset *dataset[TFU_AUDIT_SPLITS]; /* the training split comes first */
    const char *name[TFU_AUDIT_SPLITS];
    const char *const *class_names; /* of classes or labels; NULL: they have none */
    size_t count;
    int64_t distance; /* of images that look alike, in bits of 256; 0: they are not looked for */
    int64_t shown;    /* rows of a table that people see at most; files have all */
    struct tfu_threads *threads;
    struct tfu_look_progress progress;
};

/* What is wrong. */
struct tfu_audit_findings {
    int64_t unreadable;    /* images */
    int64_t same_across;   /* pairs of equal images in two splits */
    int64_t same_labelled; /* pairs of equal images with different labels */
    int64_t shared_groups; /* groups (patients) in two splits, for each two splits */
};

#endif
