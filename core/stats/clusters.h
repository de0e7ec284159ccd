/* SPDX-License-Identifier: MIT
 *
 * clusters.h - examples that belong together (the images of a patient), and drawing whole clusters
 * with replacement. Draw i of a seed is the same for whoever draws from the same clusters.
 */
#ifndef TFU_CORE_STATS_CLUSTERS_H
#define TFU_CORE_STATS_CLUSTERS_H

#include <stdint.h>

#include "core/base/error.h"

/* Members, those of one cluster after the other: cluster i has member[begin[i]] to
 * member[begin[i + 1] - 1]. In the order in which their first member comes. */
struct tfu_clusters {
    int64_t count;
    int64_t *begin, *member;
};

/* Of `members` examples: member[i], or i where `member` is NULL. group[example] is 0..groups-1;
 * `group` NULL: each example is a cluster of its own. To be freed in any case. */
enum tfu_status tfu_clusters_make(struct tfu_clusters *out, const int64_t *member, int64_t members,
                                  const int64_t *group, int64_t groups, struct tfu_error *e);
void tfu_clusters_free(struct tfu_clusters *c);

/* drawn[0..count-1]: as many clusters as there are, with replacement; the draws of
 * tfu_bootstrap_draw(). [any thread] */
void tfu_clusters_draw(const struct tfu_clusters *c, uint64_t seed, int64_t draw, size_t *drawn);

#endif
