/* SPDX-License-Identifier: MIT
 *
 * versus_pair.h - one metric of two networks during a training: both sides, what is captured of
 * them, and the comparison of the moment.
 */
#ifndef TFU_CORE_RUN_VERSUS_PAIR_H
#define TFU_CORE_RUN_VERSUS_PAIR_H

#include "core/run/versus_other.h"
#include "core/study/compare.h"
#include "core/train/session.h"

struct tfu_versus_side {
    const struct tfu_subject *subject;
    const struct tfu_dataset *data;
    struct tfu_capture *capture;
    struct tfu_node_choice *node;
    size_t node_count;
};

struct tfu_versus_pair {
    const struct tfu_versus *config;
    const struct tfu_session *session;
    struct tfu_versus_other other; /* none: the beginning of this run */
    struct tfu_dataset *data;      /* the other's own */
    struct tfu_versus_side a, b;   /* the other; the network under training */
    struct tfu_subject beginning, now;
    const struct tfu_evaluate_hooks *hooks; /* of the evaluation at hand; NULL: none */
    size_t bytes;                           /* as planned */
};

/* Opens the other side as far as it says which run this is. Not to be moved any more; to be closed
 * in any case. */
enum tfu_status tfu_versus_pair_open(struct tfu_versus_pair *p, const struct tfu_versus *w,
                                     const struct tfu_session *s, struct tfu_error *e);
/* Of a session that is built. TFU_EINVAL with the place in the configuration. */
enum tfu_status tfu_versus_pair_build(struct tfu_versus_pair *p, struct tfu_error *e);
void tfu_versus_pair_close(struct tfu_versus_pair *p);

/* Compares the session's network as it is now. */
enum tfu_status tfu_versus_pair_compare(struct tfu_comparison *out, struct tfu_versus_pair *p,
                                        struct tfu_error *e);
/* "block1, block2": the nodes of the network under training. */
void tfu_versus_pair_list(const struct tfu_versus_side *s, struct tfu_text *out);

#endif
