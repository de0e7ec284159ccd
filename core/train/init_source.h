/* SPDX-License-Identifier: MIT
 *
 * init_source.h - the files of weights that initializers take from, and an account of what became
 * of every parameter: loaded, missing, mismatched, left to the head. Nothing goes unsaid.
 */
#ifndef TFU_CORE_TRAIN_INIT_SOURCE_H
#define TFU_CORE_TRAIN_INIT_SOURCE_H

#include "core/base/digests.h"
#include "core/base/text.h"
#include "core/config/experiment.h"
#include "core/graph/graph.h"
#include "core/train/init_file.h"

struct tfu_init_sources;

enum tfu_status tfu_init_sources_new(struct tfu_init_sources **out, const struct tfu_graph *graph,
                                     const struct tfu_init_rule *rule, size_t rule_count,
                                     const struct tfu_init_images *images, struct tfu_error *e);
void tfu_init_sources_free(struct tfu_init_sources *s);

/* The tensor `name` of the file at `path`, as rule number `rule` reads it: `*out` gets float32 data
 * that are the caller's to free(), or NULL data when there is no such tensor. [any thread] */
enum tfu_status tfu_init_sources_read(struct tfu_init_sources *s, size_t rule, const char *path,
                                      const char *name, struct tfu_tensor *out,
                                      struct tfu_error *e);
/* How a tensor is taken. */
struct tfu_init_taking {
    size_t rule;
    const char *path;
    uint32_t param; /* of the graph */
    bool any_shape;
    bool statistics; /* the order of its numbers does not matter */
};

/* The same for a graph's parameter, of its shape unless `any_shape`, adapted as the rule says; NULL
 * data: it is to be filled in another way. What became of it is noted; *adapted, which lives as
 * long as `s`, says how it was adapted, or is NULL. [any thread, for different parameters] */
enum tfu_status tfu_init_sources_take(struct tfu_init_sources *s,
                                      const struct tfu_init_taking *taking, struct tfu_tensor *out,
                                      const char **adapted, struct tfu_error *e);

/* After all parameters are filled: `report` gets the account of each file, with its
 * digest. Images that were prepared differently than those of the source are a warning. What was
 * not loaded and is not allowed by name is TFU_ESHAPE, as is an allowance of a rule that takes from
 * no file. */
enum tfu_status tfu_init_sources_settle(struct tfu_init_sources *s, struct tfu_text *report,
                                        struct tfu_error *e);

#endif
