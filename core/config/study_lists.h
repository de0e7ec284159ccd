/* SPDX-License-Identifier: MIT
 *
 * study_lists.h - the lists of a study file whose items have names, `analyses` and `report`: items
 * that stand in another study file, and keys that are laid over single items.
 *
 *     report:
 *       - {include: table1.yaml, only: [table1], where: {set: retina}}
 *     profiles:
 *       mini: {report: {table1: {digits: 2}}}
 */
#ifndef TFU_CORE_CONFIG_STUDY_LISTS_H
#define TFU_CORE_CONFIG_STUDY_LISTS_H

#include "core/config/node.h"

/* Puts the items of other files where they are included, as they are there with `profile` laid over
 * them where there is one of that name (NULL: none), and lays what tfu_merge() has put behind a
 * list over the items before it. What is wrong becomes findings; a list that lacks items then
 * leaves l->incomplete. */
void tfu_study_lists_fill(struct tfu_load *l, struct tfu_node *root, const char *profile);

/* The keys of the item of this name in the list that stands under `section`; NULL: there is none,
 * or `section` is none of these lists. */
struct tfu_node *tfu_study_lists_find(const struct tfu_node *list, const char *section,
                                      const char *name);

#endif
