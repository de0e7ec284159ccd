/* SPDX-License-Identifier: MIT
 *
 * options.h - a mapping to a struct, by tables of options: a plugin's, or the core's own.
 */
#ifndef TFU_CORE_CONFIG_OPTIONS_H
#define TFU_CORE_CONFIG_OPTIONS_H

#include <transfuse/option.h>

#include "core/config/node.h"
#include "core/plugin/choice.h"

/* One table, and the struct that it fills (NULL where the table only lends its names). */
struct tfu_options_table {
    const struct tfu_option *option;
    size_t count, stride;
    void *config;
};

/* The table of `array`, an array of struct tfu_option in scope, over the struct `config_`. */
#define TFU_OPTIONS_TABLE(array, config_)                                                          \
    {                                                                                              \
        .option = (array), .count = TFU_COUNT(array), .stride = sizeof(struct tfu_option),         \
        .config = (config_)                                                                        \
    }

const struct tfu_option *tfu_options_get(const struct tfu_options_table *t, size_t index);

/* The options of a plugin, over its config struct. */
struct tfu_options_table tfu_options_of_plugin(const struct tfu_plugin_choice *c);

/* Its field of the option `name`; NULL: it has no such option of this type, or was not found. */
void *tfu_options_field(const struct tfu_plugin_choice *c, const char *name, enum tfu_type type);

/* Is the field what it would be if its key were left out? Never of a required option. */
bool tfu_options_is_default(const struct tfu_option *o, const void *field);

/* A mapping and everything that may stand in it. */
struct tfu_options_section {
    const char *path;  /* "train.optimizer"; "" for the whole file */
    const char *owner; /* "adam": whose options they are, for messages; NULL: the section's own */
    const struct tfu_options_table *table;
    size_t table_count;
    const char *const *other; /* keys that the caller reads itself */
    size_t other_count;
    /* Reads what an option of type TFU_INNER stands for; only sections of plugins have such. */
    void (*read_inner)(struct tfu_load *l, const char *path, enum tfu_kind kind,
                       const struct tfu_option *o, const struct tfu_node *n, struct tfu_mark m,
                       const struct tfu_inner **field);
    enum tfu_kind kind; /* of the plugin */
    bool open;          /* unknown keys are no findings: the plugin that would know was not found */
};

/* Fills the structs from the mapping `n` (NULL: all defaults). Keys that are required and missing
 * are findings at `m`, or at the mapping's key. */
void tfu_options_read(struct tfu_load *l, const struct tfu_options_section *s,
                      const struct tfu_node *n, struct tfu_mark m);

/* The same, but other keys in the mapping are somebody else's matter. */
void tfu_options_read_known(struct tfu_load *l, const struct tfu_options_section *s,
                            const struct tfu_node *n, struct tfu_mark m);

/* The path of a key in a section: "train.batch", or "seed" when `path` is "". */
char *tfu_options_path(struct tfu_load *l, const char *path, const char *key);

#endif
