/* SPDX-License-Identifier: MIT */
#include "core/store/record.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/path.h"
#include "core/store/metrics_log.h"
#include "core/store/tensorboard.h"

struct tfu_record {
    struct tfu_metrics_log *metrics;
    struct tfu_tensorboard *tensorboard;
};

bool tfu_record_has(const char *folder, int64_t keep)
{
    char path[PATH_MAX];
    return tfu_path_put(path, folder, "metrics.csv") && tfu_metrics_log_has(path, keep);
}

enum tfu_status tfu_record_open(struct tfu_record **out, const char *folder, int64_t keep,
                                int64_t step, struct tfu_error *e)
{
    *out = NULL;
    struct tfu_record *r = calloc(1, sizeof *r);
    char *path = tfu_path_join(folder, "metrics.csv");
    enum tfu_status st = r && path ? TFU_OK : tfu_error_memory(e, "opening the run's records", 0);
    if (st == TFU_OK)
        st = tfu_metrics_log_open(&r->metrics, path, keep, e);
    if (st == TFU_OK)
        st = tfu_tensorboard_new(&r->tensorboard, folder, step + 1, e);
    free(path);
    if (st != TFU_OK) {
        tfu_record_close(r);
        return st;
    }
    *out = r;
    return TFU_OK;
}

void tfu_record_close(struct tfu_record *r)
{
    if (!r)
        return;
    tfu_metrics_log_close(r->metrics);
    tfu_tensorboard_free(r->tensorboard);
    free(r);
}

void tfu_record_abandon(struct tfu_record *r)
{
    if (!r)
        return;
    tfu_metrics_log_abandon(r->metrics);
    tfu_tensorboard_abandon(r->tensorboard);
    free(r);
}

enum tfu_status tfu_record_add(struct tfu_record *r, int64_t step, double epoch, const char *split,
                               const char *metric, double value, const char *note,
                               struct tfu_error *e)
{
    tfu_metrics_log_add(r->metrics, step, epoch, split, metric, value, note);
    if (isnan(value))
        return TFU_OK;
    char *tag = tfu_path_join(split, metric);
    if (!tag)
        return tfu_error_memory(e, "recording a metric", 0);
    const enum tfu_status st = tfu_tensorboard_add(r->tensorboard, step, tag, value, e);
    free(tag);
    return st;
}

enum tfu_status tfu_record_add_timing(struct tfu_record *r, int64_t step, const char *tag,
                                      double value, struct tfu_error *e)
{
    return tfu_tensorboard_add(r->tensorboard, step, tag, value, e);
}

enum tfu_status tfu_record_sync(struct tfu_record *r, int64_t *metrics_bytes, struct tfu_error *e)
{
    const enum tfu_status st = tfu_tensorboard_flush(r->tensorboard, e);
    return st == TFU_OK ? tfu_metrics_log_sync(r->metrics, metrics_bytes, e) : st;
}
