/* SPDX-License-Identifier: MIT
 *
 * drop.h - an account of the options that go when a configuration puts another plugin into a
 * section: they were the old plugin's, so nothing takes them, and nobody shall miss them unawares.
 */
#ifndef TFU_CORE_CONFIG_DROP_H
#define TFU_CORE_CONFIG_DROP_H

#include "core/config/node.h"

struct tfu_drop {
    struct tfu_drop *next;
    const char *path;              /* of the section: "train.optimizer" */
    const struct tfu_node *from;   /* the mapping that goes, or the value that named its plugin */
    const struct tfu_node *now;    /* the mapping that stays: a key that it gets later is none */
    const struct tfu_node *option; /* with its key */
};

/* The option `option` of the plugin that `from` is named by is gone; `now` is the section. */
void tfu_drop_option(struct tfu_load *l, const char *path, const struct tfu_node *from,
                     const struct tfu_node *now, const struct tfu_node *option);
/* `by` takes the place of the mapping `old`: all that `old` has beside its plugin, when both name
 * one. */
void tfu_drop_section(struct tfu_load *l, const char *path, const struct tfu_node *old,
                      const struct tfu_node *by);
/* When all is put together: a note for each section that lost something. */
void tfu_drop_report(struct tfu_load *l);

#endif
