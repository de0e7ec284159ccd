/* SPDX-License-Identifier: MIT
 *
 * trying.h - what the tests of transforms share: a transform with options, and examples.
 */
#ifndef TFU_TESTS_PLUGINS_TRANSFORM_TRYING_H
#define TFU_TESTS_PLUGINS_TRANSFORM_TRYING_H

#include "core/data/pipeline.h"

/* The value of an option; the last of a list of settings has no name. */
struct setting {
    const char *name;
    size_t count; /* of a list */
    double number[4];
    const char *text; /* of a string, or what an option chooses */
};

enum { TRANSFORM_OPTIONS = 12 };

struct transform {
    struct tfu_registry *registry;
    struct tfu_plugin_choice choice;
    char *config; /* its */
    struct tfu_data_split split;
    struct tfu_pipeline pipeline;
    int64_t whole[TRANSFORM_OPTIONS][4]; /* numbers of lists */
};

/* For images of this size; 0: of any. The others end the test when something fails. */
enum tfu_status transform_try(struct transform *t, const char *name, const struct setting *s,
                              int64_t height, int64_t width, int64_t channels, struct tfu_error *e);
void transform_open(struct transform *t, const char *name, const struct setting *s, int64_t height,
                    int64_t width, int64_t channels);
void transform_close(struct transform *t);
const struct tfu_normalisation *transform_normalisation(const struct transform *t);

/* An example whose fields the caller adds with tfu_example_add(). */
void example_begin(struct tfu_example_work *w, struct tfu_error *e);
struct tfu_tensor *example_add(struct tfu_example_work *w, uint32_t kind, uint32_t dtype,
                               int64_t d0, int64_t d1, int64_t d2);
struct tfu_tensor *example_get(const struct tfu_example_work *w, uint32_t kind);
double example_number(const struct tfu_tensor *t, int64_t at);

enum { STILL = 0, CHANCE = 1 };
void transform_run(const struct transform *t, struct tfu_example_work *w, uint32_t random,
                   uint64_t key);

#endif
