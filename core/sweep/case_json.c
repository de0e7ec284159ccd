/* SPDX-License-Identifier: MIT */
#include "core/sweep/case_json.h"

json_t *tfu_sweep_axes_json(const struct tfu_sweep *s)
{
    json_t *axes = json_array();
    for (size_t a = 0; a < s->axis_count; a++) {
        json_t *values = json_array();
        for (size_t v = 0; v < s->axis[a].count; v++)
            json_array_append_new(values, json_string(s->axis[a].value[v]));
        json_array_append_new(axes,
                              json_pack("{s:s, s:o}", "name", s->axis[a].name, "values", values));
    }
    return axes;
}

json_t *tfu_sweep_values_json(const struct tfu_sweep *s, size_t index)
{
    json_t *values = json_object();
    for (size_t a = 0; a < s->axis_count; a++)
        if (s->item[index].value[a])
            json_object_set_new(values, s->axis[a].name, json_string(s->item[index].value[a]));
    return values;
}
