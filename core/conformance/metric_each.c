/* SPDX-License-Identifier: MIT
 *
 * A test of a metric for every task that it takes.
 */
#include <stdio.h>

#include "core/conformance/metric_tests.h"

static const char *const task_names[] = {[TFU_TASK_CLASSIFICATION] = "classification",
                                         [TFU_TASK_MULTI_LABEL] = "multi_label",
                                         [TFU_TASK_REGRESSION] = "regression"};

uint32_t tfu_metric_needs(const struct tfu_check *c)
{
    return ((const struct tfu_metric_ops *)c->plugin->ops)->needs;
}

bool tfu_metric_looks_at_taps(const struct tfu_check *c)
{
    return tfu_metric_needs(c) & (TFU_NEEDS_TAPS | TFU_NEEDS_MAPS | TFU_NEEDS_PARAMETERS);
}

bool tfu_metric_looks_at_labels(const struct tfu_check *c)
{
    return !tfu_metric_looks_at_taps(c) ||
           (tfu_metric_needs(c) & (TFU_NEEDS_LABELS | TFU_NEEDS_FIT));
}

enum tfu_status tfu_metric_on_each(struct tfu_check *c, tfu_metric_test *test, struct tfu_error *e)
{
    struct tfu_error refusal = TFU_ERROR_INIT;
    size_t used = 0;
    const int last = tfu_metric_looks_at_labels(c) ? TFU_TASK_REGRESSION : TFU_TASK_CLASSIFICATION;
    for (int task = TFU_TASK_CLASSIFICATION; task <= last; task++) {
        struct tfu_metric_instance m;
        struct tfu_error said = TFU_ERROR_INIT;
        const enum tfu_status made = tfu_metric_make(
            c, c->config, (enum tfu_task)task, (struct tfu_metric_lent){.workers = 1}, &m, &said);
        enum tfu_status st = tfu_check_manners(made, &said, "create", e);
        if (m.wrong.status != TFU_OK)
            return tfu_error_set(e, m.wrong.status, "%s", m.wrong.text);
        if (made != TFU_OK && st == TFU_OK) {
            refusal = said;
            continue;
        }
        struct tfu_metric_split *s =
            tfu_metric_split_new(tfu_metric_needs(c), (enum tfu_task)task, &tfu_metric_usual);
        if (st == TFU_OK)
            st = s ? test(c, s, &m, e) : tfu_error_memory(e, "checking a plugin", 0);
        if (st != TFU_OK)
            return tfu_metric_looks_at_labels(c) ? tfu_error_prefix(e, "%s", task_names[task]) : st;
        m.ops->destroy(m.self);
        tfu_metric_split_free(s);
        if (tfu_metric_looks_at_labels(c))
            used += (size_t)snprintf(c->note + used, sizeof c->note - used, "%s%s",
                                     used ? ", " : "", task_names[task]);
        else
            used = 1;
    }
    return used ? TFU_OK
                : tfu_error_set(e, TFU_EINVAL, "create() refuses every task: %s", refusal.text);
}
