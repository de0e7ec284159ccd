/* SPDX-License-Identifier: MIT */
#include "core/config/measured.h"

#include <string.h>

#include "core/config/options.h"

static bool is_normalise(const struct tfu_plugin_choice *c)
{
    return c->plugin && strcmp(c->plugin->name, "normalise") == 0;
}

bool tfu_measured_is_wanting(const struct tfu_plugin_choice *c)
{
    const int32_t *from = is_normalise(c) ? tfu_options_field(c, "from", TFU_ENUM) : NULL;
    return from && *from == TFU_NORMALISE_FROM_DATA;
}

static size_t find(const struct tfu_data_split *split, bool (*is)(const struct tfu_plugin_choice *))
{
    size_t i = 0;
    while (i < split->transform_count && !is(&split->transform[i]))
        i++;
    return i;
}

size_t tfu_measured_place(const struct tfu_data_split *split)
{
    const size_t wanting = find(split, tfu_measured_is_wanting);
    return wanting < split->transform_count ? wanting : find(split, is_normalise);
}

size_t tfu_measured_count(const struct tfu_data_split *split)
{
    size_t count = 0;
    for (size_t i = 0; i < split->transform_count; i++)
        count += tfu_measured_is_wanting(&split->transform[i]);
    return count;
}
