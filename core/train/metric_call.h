/* SPDX-License-Identifier: MIT
 *
 * metric_call.h - one instance of a metric: what it is lent, and calls into it. Where its numbers
 * go is the caller's to say.
 */
#ifndef TFU_CORE_TRAIN_METRIC_CALL_H
#define TFU_CORE_TRAIN_METRIC_CALL_H

#include "core/base/calling.h"
#include "core/base/threads.h"
#include "core/plugin/choice.h"
#include "core/plugin/registry.h"

#include <transfuse/metric.h>

/* Who hears of it. */
struct tfu_metric_listener {
    void *arg;
    /* A number, NaN with a note that is gone after the call. What is wrong with it goes to `e`. */
    void (*report)(void *arg, const char *key, double value, const char *note, struct tfu_error *e);
    /* Of a metric that asks for activations; NULL: there are none. */
    enum tfu_status (*want_tap)(void *arg, struct tfu_metric_host *h, const char *source,
                                const char *glob);
};

struct tfu_metric_call {
    const struct tfu_plugin *plugin;
    const struct tfu_metric_ops *ops;
    void *self;
    struct tfu_metric_host host; /* what the plugin sees; its `host` points back here */
    struct tfu_metric_listener listener;
    struct tfu_registry *registry;
    struct tfu_threads *threads; /* for parallel(); NULL: one task after the other */
    struct tfu_error *error;     /* of the call in progress */
    struct tfu_calling calling;
    const struct tfu_calling *outer;
};

/* What instances of a split's metrics have in common. */
struct tfu_metric_shape {
    enum tfu_task task;
    int64_t outputs, label_columns;
    const char *const *class_names; /* may be NULL */
    struct tfu_registry *registry;
    struct tfu_threads *threads;
};

/* `m` must stay where it is until it is closed, and the choice must outlive it. */
enum tfu_status tfu_metric_open(struct tfu_metric_call *m, const struct tfu_metric_shape *shape,
                                const struct tfu_plugin_choice *choice,
                                struct tfu_metric_listener listener, struct tfu_error *e);
void tfu_metric_close(struct tfu_metric_call *m); /* of one that was opened, or is all 0 */
enum tfu_status tfu_metric_update(struct tfu_metric_call *m, const struct tfu_batch *b,
                                  struct tfu_error *e);
enum tfu_status tfu_metric_finalize(struct tfu_metric_call *m, struct tfu_error *e);
void tfu_metric_reset(struct tfu_metric_call *m);
bool tfu_metric_needs_fit(const struct tfu_plugin *p);

#endif
