/* SPDX-License-Identifier: MIT
 *
 * transfuse/metric.h - create, update per batch, finalize.
 *
 * A metric sees a whole split batch by batch and reports named numbers at the end; it never
 * averages over batches what is not an average.
 */
#ifndef TFU_METRIC_H
#define TFU_METRIC_H

#include <transfuse/option.h>
#include <transfuse/tensor.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How a task's outputs and labels read. */
enum tfu_task {
    TFU_TASK_CLASSIFICATION = 1, /* softmax over `outputs`; one label column, the class index */
    TFU_TASK_MULTI_LABEL = 2,    /* sigmoid each; a label column per output, 0 or 1 */
    TFU_TASK_REGRESSION = 3      /* outputs as they are; a label column per output */
};

/* One captured activation (or parameter), in host memory. Row i of every tap of a batch belongs to
 * the same data point: a position in an image, or an image. A matrix rows x channels; N,H,W,C for a
 * metric with TFU_NEEDS_MAPS; for one with TFU_NEEDS_PARAMETERS a whole parameter in the shape of
 * its checkpoint. float32, or float64 when it comes from a saved file of doubles: see t->dtype. A
 * value that is not finite is the metric's to refuse. */
struct tfu_tap {
    uint32_t struct_size;
    uint32_t reserved;
    const char *source; /* "a", or "b" of a comparison */
    const char *node;   /* "layer3.2.relu2", a stage, a parameter, a file */
    const struct tfu_tensor *t;
};

/* What a batch is for. */
enum tfu_part {
    TFU_PART_TEST = 0, /* to be measured on */
    TFU_PART_FIT = 1   /* to be fitted on: comes first, to metrics with TFU_NEEDS_FIT alone */
};

/* A batch's results, float32 in host memory. A label of NaN is unknown and must not count.
 *
 * A row is what the network gives one answer for: an example, or a position of one when its head is
 * a map N,H,W,K, with `positions` = H x W of them in the order of the map and examples one after
 * the other. Whatever has rows below has one of each row, and a metric that counts rows need not
 * know which of the two they are.
 *
 * Of every pair of nodes that is compared there is an instance of the metric, which gets one tap of
 * each source it asked for. logits, scores, log_odds, losses and loss_weights are NULL then, labels
 * unless it needs them, and `positions` is 1. Else `taps` is NULL and everything else is there. */
struct tfu_batch {
    uint32_t struct_size;
    uint32_t part;       /* enum tfu_part */
    int64_t rows;        /* examples x positions */
    int64_t positions;   /* of an example, 1 or more; `rows` is a multiple of it */
    const float *logits; /* rows x outputs: what the network put out */
    /* rows x outputs: probabilities (logits themselves in regression), to be shown and averaged.
     * Not to be ranked: rounded to float32, those of a sure network are equal where its logits are
     * not. Rows are ranked by log_odds, the outputs of one row by logits. */
    const float *scores;
    /* rows x outputs, computed in double from the logits: the logarithm of the odds of output k.
     * Classification: z_k - log(sum over the others of exp(z_j)), so that a class has probability
     * 1/2 at 0; of two classes the difference of the logits. Multi-label: z_k. Regression: z_k. The
     * same logits in another order, or all of them raised by the same amount, give the very same
     * number: what is equal here is a tie. */
    const double *log_odds;
    const float *labels;  /* rows x label_columns */
    const double *losses; /* rows: each row's loss; NaN when all its labels are unknown */
    /* rows: the weight of each row's loss in the mean over a split. A weight of 0 goes with a loss
     * of NaN. */
    const double *loss_weights;
    const struct tfu_tap *const *taps; /* tap_count pointers */
    uint32_t tap_count;
    uint32_t reserved;
};

/* What the host lends for the time of one call. [one thread] */
struct tfu_metric_host {
    uint32_t struct_size;
    uint32_t task; /* enum tfu_task */
    /* Columns of logits and scores: of a row, which is an example, or a position of one when the
     * head is a map. How many positions there are is said by each batch. */
    int64_t outputs;
    int64_t label_columns;
    const char *const *class_names; /* `outputs` names, or NULL */
    void *host;

    /* Asks, in create(), for nodes to capture: `glob` is matched against node and stage names.
     * Source "a" is the network; a metric that compares asks for "a" and "b". Refused where no
     * activations are captured. */
    enum tfu_status (*want_tap)(struct tfu_metric_host *h, const char *source, const char *glob);

    /* Reports, in finalize(). Keys are lower case with dots, "auc.class.3"; the one equal to the
     * plugin's name is the headline. A value that does not exist is reported by undefined() with
     * the reason, "0 positives", and is shown as "n/a (0 positives)". */
    void (*scalar)(struct tfu_metric_host *h, const char *key, double value);
    void (*undefined)(struct tfu_metric_host *h, const char *key, const char *fmt, ...)
        TFU_PRINTF(3, 4);
    void (*series)(struct tfu_metric_host *h, const char *key, const double *value, size_t n);

    enum tfu_status (*fail)(struct tfu_metric_host *h, enum tfu_status st, const char *fmt, ...)
        TFU_PRINTF(3, 4);

    /* Runs task(arg, index, worker) for index 0..tasks-1, worker < threads, and returns when all
     * are done. Which worker takes which index is not defined: results must not depend on it, nor
     * on `threads`. Only from the thread that made the call, and not from inside a task. */
    void (*parallel)(struct tfu_metric_host *h, uint32_t tasks,
                     void (*task)(void *arg, uint32_t index, uint32_t worker), void *arg);
    uint32_t threads; /* workers of parallel(), the caller among them */
    uint32_t reserved;
};

enum {
    TFU_NEEDS_SCORES = 1u << 0,
    TFU_NEEDS_LABELS = 1u << 1,
    TFU_NEEDS_TAPS = 1u << 2,
    TFU_LOWER_IS_BETTER = 1u << 3,  /* of the headline: early stopping and "best" go by it */
    TFU_NEEDS_MAPS = 1u << 4,       /* taps are whole activations, N,H,W,C */
    TFU_NEEDS_PARAMETERS = 1u << 5, /* taps are parameters, a batch each */
    TFU_NEEDS_FIT = 1u << 6         /* batches to fit on come first; rows are images */
};

struct tfu_metric_ops {
    uint32_t struct_size;
    uint32_t needs; /* TFU_NEEDS_*, TFU_LOWER_IS_BETTER */

    /* Makes an empty instance. `config` stays valid until destroy(). Refuses a task it has no
     * meaning for. */
    enum tfu_status (*create)(void **self, const void *config, struct tfu_metric_host *h);
    void (*destroy)(void *self);

    /* How many rows of activations an instance of `config` is to be given at most: for a metric
     * whose time or memory grows faster than they do. The host keeps to it unless it is asked for
     * more. So many rows work; of more, update() or finalize() may say in words that they are too
     * many. NULL, or 0: any number. Called without an instance. [any thread] */
    int64_t (*rows_max)(const void *config);

    /* Takes in one batch; keeps no pointer to it. [one thread] */
    enum tfu_status (*update)(void *self, const struct tfu_batch *b, struct tfu_metric_host *h);

    /* Reports what was seen so far; may be called again after more batches. */
    enum tfu_status (*finalize)(void *self, struct tfu_metric_host *h);

    /* Back to empty. */
    void (*reset)(void *self);
};

#ifdef __cplusplus
}
#endif
#endif
