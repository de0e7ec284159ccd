/* SPDX-License-Identifier: MIT
 *
 * What can be checked of a sweep that has no cases, for something is wrong with it.
 */
#include "core/sweep/work.h"

static enum tfu_status check_value(struct tfu_sweep_priv *p, const uint32_t *value,
                                   struct tfu_diagnostics *d, struct tfu_error *e)
{
    struct tfu_config *c;
    struct tfu_error summary = TFU_ERROR_INIT;
    struct tfu_work_tree tree = {
        .p = p, .run = TFU_WORK_CASE, .value = value, .artefact = tfu_work_no_artefact};
    const enum tfu_status st = tfu_work_compose(&c, &tree, d, &summary);
    tfu_config_free(c);
    return st == TFU_OK || st == TFU_EINVAL ? TFU_OK : tfu_error_memory(e, "planning a sweep", 0);
}

enum tfu_status tfu_work_check_values(struct tfu_sweep_priv *p, struct tfu_diagnostics *d,
                                      struct tfu_error *e)
{
    /* each check says all that is wrong: enough is enough */
    enum { VALUES_MAX = 1000, FINDINGS_MAX = 200 };
    const struct tfu_spec *s = &p->spec;
    uint32_t *value = tfu_arena_array(&p->arena, s->all_axes + 1, sizeof *value);
    size_t checked = 0;
    if (!value)
        return tfu_error_memory(e, "planning a sweep", 0);
    if (!s->base.root || !s->axis || !s->store)
        return TFU_OK;
    for (size_t a = 0; a < s->all_axes; a++)
        if (s->axis[a].count == 0 || s->axis[a].wrong) /* what it would have set would be missed */
            return TFU_OK;
    const size_t before = tfu_diagnostics_count(d);
    enum tfu_status st = check_value(p, value, d, e);
    for (size_t a = 0; a < s->all_axes; a++) {
        for (uint32_t v = 1; st == TFU_OK && v < s->axis[a].count && checked++ < VALUES_MAX &&
                             tfu_diagnostics_count(d) < before + FINDINGS_MAX;
             v++) {
            value[a] = v;
            st = check_value(p, value, d, e);
        }
        value[a] = 0;
    }
    return st;
}
