/* SPDX-License-Identifier: MIT
 *
 * initialise.h - fills a network's parameters by the rules of `init:`, and says which rule did
 * what.
 */
#ifndef TFU_CORE_TRAIN_INITIALISE_H
#define TFU_CORE_TRAIN_INITIALISE_H

#include "core/base/digests.h"
#include "core/base/text.h"
#include "core/config/experiment.h"
#include "core/graph/network.h"
#include "core/io/preprocessing.h"

struct tfu_initialise_request {
    struct tfu_network *network;
    const struct tfu_init_rule *rule; /* later rules win */
    size_t rule_count;
    struct tfu_registry *registry;
    struct tfu_text *account; /* of what was loaded from files, as in the report; may be NULL */
    const struct tfu_preprocessing *preprocessing; /* of the images to come; NULL: unknown */
    struct tfu_log *log;                           /* warnings; may be NULL */
    struct tfu_digests *digests;                   /* known ones of those files; may be NULL */
    uint64_t seed;
    struct tfu_threads *threads; /* parameters are filled in parallel; NULL: one after the other */
};

/* Every parameter is filled by exactly one rule (the last that is for it); one that no rule is for,
 * and a rule that is for no parameter, are errors that name it. `report` (may be NULL) gets a line
 * a parameter: name, shape, rule, what was done. */
enum tfu_status tfu_initialise(const struct tfu_initialise_request *request,
                               struct tfu_text *report, struct tfu_error *e);

#endif
