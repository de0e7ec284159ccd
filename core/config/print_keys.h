/* SPDX-License-Identifier: MIT
 *
 * print_keys.h - keys and values of a configuration as lines of YAML: for people with where each
 * value is from, and for a run's identity without what cannot change results.
 */
#ifndef TFU_CORE_CONFIG_PRINT_KEYS_H
#define TFU_CORE_CONFIG_PRINT_KEYS_H

#include "core/base/text.h"
#include "core/config/experiment.h"
#include "core/config/node.h"
#include "core/config/options.h"

struct tfu_printer {
    struct tfu_text *out;
    const struct tfu_config *config;
    bool origin;
    /* Not NULL: for a run's identity. What cannot change results is left out; plugins have their
     * own names, and files their contents. */
    const struct tfu_config_contents *identity;
    bool known; /* the files of this section are those of a fingerprint: not looked at again */
    int indent;
    bool item;         /* the next line begins an item of a list: "- " */
    const char *split; /* whose keys are being printed, or NULL */
};

/* "key:", at the beginning of a line, and of an item where one is due. */
void tfu_print_begin(struct tfu_printer *p, const char *key);
/* Ends a line whose value is from `n`; NULL: from nowhere. */
void tfu_print_end(struct tfu_printer *p, const struct tfu_node *n);
/* The same for the option `name` of a split, which may have its value from data.train. */
void tfu_print_end_of_split(struct tfu_printer *p, const char *name, const struct tfu_node *n);

/* A section, up to where it is closed. */
void tfu_print_open(struct tfu_printer *p, const char *key, size_t length);
void tfu_print_close(struct tfu_printer *p);

/* A file is what it holds, wherever it lies; one that cannot be read has but its path. */
void tfu_print_contents(const struct tfu_printer *p, const char *path);
/* Does option number `i` say anything in the text that is printed? */
bool tfu_print_has(const struct tfu_printer *p, const struct tfu_options_table *t, size_t i);
/* That option under `key`; `section` is the mapping that the table was read from, or NULL. */
void tfu_print_option(struct tfu_printer *p, const struct tfu_options_table *t, size_t index,
                      const char *key, const struct tfu_node *section);
/* All of them. */
void tfu_print_table(struct tfu_printer *p, struct tfu_options_table t,
                     const struct tfu_node *section);
/* A plugin and its options, in a section that has begun; or as a section of its own. */
void tfu_print_choice(struct tfu_printer *p, const struct tfu_plugin_choice *c,
                      const struct tfu_node *section);
void tfu_print_plugin(struct tfu_printer *p, const char *key, const struct tfu_plugin_choice *c,
                      const struct tfu_node *section);

#endif
