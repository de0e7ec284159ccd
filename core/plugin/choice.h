/* SPDX-License-Identifier: MIT
 *
 * choice.h - a plugin that somebody chose, with its options.
 */
#ifndef TFU_CORE_PLUGIN_CHOICE_H
#define TFU_CORE_PLUGIN_CHOICE_H

#include "core/base/mark.h"

#include <transfuse/abi.h>

/* A plugin chosen by name, and its filled config struct. */
struct tfu_plugin_choice {
    const char *name;                /* a name, or the absolute path of a file */
    const struct tfu_plugin *plugin; /* borrowed from the registry */
    const void *config;              /* the plugin's struct; owned by the experiment */
    struct tfu_mark mark;
};

/* What an option of type TFU_INNER points to. */
struct tfu_inner {
    struct tfu_plugin_choice choice;
};

#endif
