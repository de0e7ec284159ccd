/* SPDX-License-Identifier: MIT */
#include "core/run/plan.h"

#include "core/graph/access.h"
#include "core/task/task.h"

struct tfu_plan_parameters tfu_plan_parameters(const struct tfu_session *s)
{
    struct tfu_plan_parameters n = {.frozen = 0};
    for (uint32_t p = 0; p < s->graph->param_count; p++)
        if (tfu_role_trained(s->graph->param[p].role) &&
            !tfu_network_has(s->network, tfu_region_param_grad(p)))
            n.frozen += tfu_shape_count(&s->graph->param[p].shape);
    n.trained = tfu_graph_trained_count(s->graph) - n.frozen;
    return n;
}

enum tfu_status tfu_plan_labels(const struct tfu_session *s, enum tfu_split split,
                                struct tfu_text *out, struct tfu_error *e)
{
    const struct tfu_experiment *x = s->context.experiment;
    const struct tfu_task_kind *kind = tfu_task_of(&x->task);
    if (!s->data[split] || !kind->put_census)
        return TFU_OK;
    kind->put_census(tfu_dataset_census(s->data[split]), x->task.classes,
                     tfu_assemble_class_names(x, tfu_dataset_info(s->data[split])), out);
    return out->failed ? tfu_error_memory(e, "counting labels", 0) : TFU_OK;
}
