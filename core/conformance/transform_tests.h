/* SPDX-License-Identifier: MIT
 *
 * transform_tests.h - inside the conformance suite: what the tests of a transform share.
 */
#ifndef TFU_CORE_CONFORMANCE_TRANSFORM_TESTS_H
#define TFU_CORE_CONFORMANCE_TRANSFORM_TESTS_H

#include "core/conformance/example.h"
#include "core/conformance/tests.h"
#include "core/data/pipeline.h"

/* An instance of the transform, opened as a run opens it. Does not move. */
struct tfu_check_transform {
    const struct tfu_check *check;
    const struct tfu_transform_ops *ops;
    struct tfu_plugin_choice choice;
    struct tfu_data_split split;
    struct tfu_pipeline pipeline; /* of it alone */
};

/* For images of this size; 0: of any. What it refuses in words is TFU_OK with `*refused`, and the
 * words in `said`. */
enum tfu_status tfu_check_transform_open(const struct tfu_check *c, const void *config,
                                         int64_t height, int64_t width, int64_t channels,
                                         struct tfu_check_transform *t, bool *refused,
                                         struct tfu_error *said, struct tfu_error *e);
void tfu_check_transform_close(struct tfu_check_transform *t);

/* Keys of which all bits differ, as a host's do. */
uint64_t tfu_check_key(uint64_t i);

/* What all is tried with. */
enum { TFU_CHECK_SIZES = 5, TFU_CHECK_CHANNELS = 3 };
extern const int64_t tfu_check_sizes[TFU_CHECK_SIZES][2];
/* The last of them takes as long as a hundred small ones: fewer types, channels and keys are tried
 * with it. */
bool tfu_check_is_large(int64_t height);
extern const int64_t tfu_check_channels[TFU_CHECK_CHANNELS];

/* Makes an example and runs the transform on it. To be ended with tfu_check_example_end(). */
enum tfu_status tfu_check_transform_run(const struct tfu_check_transform *t,
                                        const struct tfu_check_scene *scene, uint32_t random,
                                        uint64_t key, enum tfu_guard guard,
                                        struct tfu_check_example *x, struct tfu_error *e);

/* Runs `test` for images of every size, number of channels and type that it takes. */
typedef enum tfu_status tfu_check_transform_test(const struct tfu_check_transform *t,
                                                 const struct tfu_check_scene *scene,
                                                 struct tfu_error *e);
enum tfu_status tfu_check_transform_each(struct tfu_check *c, tfu_check_transform_test *test,
                                         struct tfu_error *e);

/* Tests of what follows from the key (transform_key.c). */
enum tfu_status tfu_check_transform_repeats(struct tfu_check *c, struct tfu_error *e);
enum tfu_status tfu_check_transform_chance(struct tfu_check *c, struct tfu_error *e);
enum tfu_status tfu_check_transform_key(struct tfu_check *c, struct tfu_error *e);
enum tfu_status tfu_check_transform_threads(struct tfu_check *c, struct tfu_error *e);

/* Tests of what moves and what stays (transform_place.c). */
enum tfu_status tfu_check_transform_moves(struct tfu_check *c, struct tfu_error *e);
enum tfu_status tfu_check_transform_others(struct tfu_check *c, struct tfu_error *e);
enum tfu_status tfu_check_transform_numbers(struct tfu_check *c, struct tfu_error *e);

/* Of what it mixes (transform_mix.c). */
enum tfu_status tfu_check_transform_mixes(struct tfu_check *c, struct tfu_error *e);

#endif
