/* SPDX-License-Identifier: MIT
 *
 * option.h - the rows of a plugin's option table.
 */
#ifndef TFU_CORE_PLUGIN_OPTION_H
#define TFU_CORE_PLUGIN_OPTION_H

#include <stddef.h>

#include <transfuse/option.h>

/* Option number `i` of a plugin: the table travels with its stride. */
static inline const struct tfu_option *tfu_plugin_option(const struct tfu_plugin *p, uint32_t i)
{
    return (const struct tfu_option *)((const char *)p->options + (size_t)i * p->option_size);
}

#endif
