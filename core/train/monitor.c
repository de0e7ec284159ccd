/* SPDX-License-Identifier: MIT */
#include "core/train/monitor.h"

#include <stdlib.h>
#include <unistd.h>

#include "core/train/shelf.h"

bool tfu_monitor_split(const struct tfu_experiment *x, enum tfu_split *out)
{
    if (x->train.monitor == TFU_TRAIN_MONITOR_VALID && x->valid_data.present) {
        *out = TFU_SPLIT_VALID;
        return true;
    }
    *out = x->test_data.present ? TFU_SPLIT_TEST : TFU_SPLIT_VALID;
    return x->train.monitor == TFU_TRAIN_MONITOR_TEST && x->test_data.present;
}

enum tfu_status tfu_monitor_checkpoint(char **out, const struct tfu_experiment *x, const char *run,
                                       struct tfu_error *e)
{
    static const enum tfu_shelf_place place[] = {TFU_SHELF_BEST, TFU_SHELF_FINAL};
    enum tfu_split split;
    for (size_t i = tfu_monitor_split(x, &split) ? 0 : 1; i < TFU_COUNT(place); i++) {
        *out = tfu_shelf_path(run, place[i], 0);
        if (!*out)
            return tfu_error_memory(e, "looking for a checkpoint", 0);
        if (access(*out, F_OK) == 0)
            return TFU_OK;
        free(*out);
        *out = NULL;
    }
    return TFU_OK;
}

enum tfu_status tfu_monitor_check(struct tfu_evaluator *v, enum tfu_split split, const char *key,
                                  const char *metric, bool chooses, struct tfu_error *e)
{
    enum { LISTED = 12 };
    struct tfu_scores scores;
    enum tfu_status st = tfu_evaluator_rehearse(v, split, metric, &scores, e);
    const struct tfu_score *found = st == TFU_OK ? tfu_scores_find(scores, metric) : NULL;
    if (found && found->aside && chooses)
        return tfu_error_set(e, TFU_EINVAL,
                             "%s: '%s' is a count, an error or the bound of an interval, by which "
                             "no network is better than another; name the number itself",
                             key, metric);
    if (st != TFU_OK || scores.count == 0 || found)
        return st;
    struct tfu_text list = TFU_TEXT_INIT;
    for (size_t i = 0; i < scores.count && i < LISTED; i++)
        tfu_text_printf(&list, "%s%s", i ? ", " : "", scores.score[i].key);
    if (list.failed)
        st = tfu_error_memory(e, "asking metrics what they report", 0);
    else
        st = tfu_error_set(e, TFU_EINVAL,
                           "%s: no metric reports '%s'; those of the configuration report %s%s",
                           key, metric, tfu_text_get(&list),
                           scores.count > LISTED ? " and more, as in metrics.csv" : "");
    tfu_text_free(&list);
    return st;
}
