/* SPDX-License-Identifier: MIT */
#include "core/config/measured_numbers.h"

#include <string.h>

#include "core/config/build_transforms.h"
#include "core/config/load.h"
#include "core/config/measured.h"
#include "core/config/node.h"
#include "core/config/options.h"

bool tfu_measured_is_wanted(const struct tfu_config *c)
{
    const struct tfu_experiment *x = &c->experiment;
    return tfu_measured_count(&x->train_data) || tfu_measured_count(&x->valid_data) ||
           tfu_measured_count(&x->test_data);
}

/* A key of the step, for who asks where its value is from: the place that said `from: data`. */
static bool add_key(struct tfu_config *c, struct tfu_node *step, const char *key)
{
    const struct tfu_node *from = tfu_node_at(step, "from");
    struct tfu_node *n = from ? tfu_arena_alloc(&c->arena, sizeof *n) : NULL;
    if (!n)
        return !from; /* a default has no place */
    *n = *from;
    n->key = key;
    n->next = NULL;
    tfu_node_append(step, n);
    return true;
}

static bool set_list(struct tfu_config *c, const struct tfu_plugin_choice *choice, const char *key,
                     size_t count, const double *number)
{
    struct tfu_float_list *list = tfu_options_field(choice, key, TFU_FLOAT_LIST);
    double *copy = tfu_arena_array(&c->arena, count, sizeof *copy);
    if (!list || !copy)
        return false;
    memcpy(copy, number, count * sizeof *copy);
    *list = (struct tfu_float_list){.item = copy, .count = count};
    return true;
}

static bool set_split(struct tfu_config *c, struct tfu_data_split *split, size_t count,
                      const double *mean, const double *deviation)
{
    bool done = true;
    for (size_t i = 0; done && i < split->transform_count; i++) {
        const struct tfu_plugin_choice *choice = &split->transform[i];
        struct tfu_node *node = (struct tfu_node *)split->transform_node[i];
        if (!tfu_measured_is_wanting(choice))
            continue;
        *(int32_t *)tfu_options_field(choice, "from", TFU_ENUM) = TFU_NORMALISE_FROM_NUMBERS;
        done = set_list(c, choice, "mean", count, mean) &&
               set_list(c, choice, "deviation", count, deviation) && add_key(c, node, "mean") &&
               add_key(c, node, "deviation");
    }
    tfu_summarise_transforms(split);
    return done;
}

enum tfu_status tfu_measured_set(struct tfu_config *c, size_t count, const double *mean,
                                 const double *deviation, struct tfu_error *e)
{
    struct tfu_experiment *x = &c->experiment;
    const bool done = set_split(c, &x->train_data, count, mean, deviation) &&
                      set_split(c, &x->valid_data, count, mean, deviation) &&
                      set_split(c, &x->test_data, count, mean, deviation);
    return done ? TFU_OK : tfu_error_memory(e, "keeping the numbers of `normalise`", 0);
}

enum tfu_status tfu_measured_pretend(struct tfu_config *c, struct tfu_error *e)
{
    static const double mean = 0, deviation = 1;
    return tfu_measured_is_wanted(c) ? tfu_measured_set(c, 1, &mean, &deviation, e) : TFU_OK;
}
