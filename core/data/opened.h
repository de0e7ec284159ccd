/* SPDX-License-Identifier: MIT
 *
 * opened.h - a dataset plugin's instance with what is read of it once: groups, attributes, and how
 * `data.split` cuts it. The splits that are its parts share one.
 */
#ifndef TFU_CORE_DATA_OPENED_H
#define TFU_CORE_DATA_OPENED_H

#include "core/data/cut.h"

struct tfu_opened_data {
    int holders; /* besides the first */
    struct tfu_source source;
    struct tfu_example_groups groups; /* of all examples, as what follows */
    struct tfu_attributes attributes;
    unsigned char *left_out; /* 1 for each that is not used, as its image is bad; NULL: none */
    struct tfu_cut cut;      /* without a part where nothing cuts it */
};

/* `registry` and `split` must outlive it. */
enum tfu_status tfu_opened_new(struct tfu_opened_data **out, const struct tfu_data_split *split,
                               struct tfu_registry *registry, struct tfu_log *log,
                               struct tfu_error *e);
/* One more holder. [one thread] */
struct tfu_opened_data *tfu_opened_hold(struct tfu_opened_data *o);
void tfu_opened_release(struct tfu_opened_data *o);

/* A part is known by what was cut out of the dataset, too: cut otherwise it is other data. */
enum tfu_status tfu_opened_part_fingerprint(const struct tfu_opened_data *o, int32_t part,
                                            char hex[TFU_HASH_HEX], struct tfu_error *e);

/* The labels of all its examples, as the plugin gives them; to be freed. */
enum tfu_status tfu_opened_labels(const struct tfu_source *s, float **out, struct tfu_error *e);

#endif
