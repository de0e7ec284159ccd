/* SPDX-License-Identifier: MIT */
#include "core/config/schema.h"

#include <float.h>

#include "core/config/tasks.h"

static const char *const schema_means[] = {"examples", "labels", NULL};
static const char *const schema_monitors[] = {"valid", "test", NULL};
static const char *const schema_freezes[] = {"frozen", "live", NULL};
static const char *const schema_memories[] = {"normal", "low", NULL};
static const char *const schema_bys[] = {"auto", "group", "example", NULL};
static const char *const schema_shared[] = {"refuse", "allow", NULL};
static const char *const schema_auto[] = {"auto", NULL}; /* stands for what is below the least */
static const char *const schema_caches[] = {"none", "memory", "disk", NULL};
const char *const tfu_schema_schedules[] = {"constant", "step", "cosine", NULL};

#define ROOT struct tfu_experiment
static const struct tfu_option root[] = {
    TFU_OPT_INT(
        ROOT, seed, 0, 0, INT64_MAX,
        "number that every random draw follows from: initial weights, order of the data, dropout; "
        "the same seed gives the same bits"),
    TFU_OPT_STRING(ROOT, name, "", 0,
                   "name of the experiment: its runs are in the folder output/name"),
    TFU_OPT_STRING(
        ROOT, output, "runs", 0,
        "folder in which the runs' folders are made, as output/name/id; relative to the file that "
        "says it, on the command line to the current folder"),
    TFU_OPT_INT(ROOT, threads, 0, 0, 1024,
                "number of worker threads; 0: one for each processor that this process may use; "
                "results do not depend on it"),
    TFU_OPT_BOOL(
        ROOT, deterministic, 1,
        "true: algorithms are chosen by predictions that follow from shapes alone; false: by "
        "measuring them here, which may be faster, but bits then differ from machine to machine"),
    TFU_OPT_PATH(
        ROOT, timings, "", 0,
        "file of measured times to choose algorithms by; with `deterministic: false` it is "
        "added to, else only read, and predictions decide what it does not have"),
};

#define TASK struct tfu_task_config
static const struct tfu_option task_table[] = {
    TFU_OPT_ENUM(TASK, kind, "classification", tfu_task_names, tfu_task_help),
    TFU_OPT_ENUM(TASK, loss, "softmax", tfu_loss_names, tfu_loss_help),
    {.name = "classes",
     .help = "number of outputs of the head: classes, labels or targets",
     .type = TFU_INT,
     .flags = TFU_OPT_REQUIRED,
     .offset = offsetof(TASK, classes),
     .imin = 1,
     .imax = TFU_SCHEMA_COUNT_MAX},
    {.name = "class_names",
     .help = "names of the outputs, in their order, for reports and predictions; as many as "
             "`classes`; without them, those of the dataset",
     .type = TFU_STRING_LIST,
     .flags = TFU_OPT_NO_EFFECT,
     .offset = offsetof(TASK, class_names)},
    TFU_OPT_ENUM(
        TASK, loss_mean, "examples", schema_means,
        "what the loss is a mean over where labels are unknown; examples: each example weighs the "
        "same, however many of its labels are known; labels: each known label weighs the same"),
};

#define DATA struct tfu_data_config
static const struct tfu_option data_table[] = {
    {.name = "workers",
     .help = "number of threads that read examples ahead while the network computes, in trainings, "
             "evaluations and captures; each has a batch in memory; auto: as many as it takes to "
             "keep up with the network, measured while it runs; results do not depend on it",
     .type = TFU_INT,
     .flags = TFU_OPT_NO_EFFECT,
     .offset = offsetof(DATA, workers),
     .idef = 1,
     .imin = 1,
     .imax = 64,
     .choices = schema_auto},
    {.name = "cache",
     .help =
         "whether examples are kept, decoded and behind their last transform before one that is "
         "random; memory: as long as the data are open; disk: from one run to the next; results "
         "do not depend on it",
     .type = TFU_ENUM,
     .flags = TFU_OPT_NO_EFFECT,
     .offset = offsetof(DATA, cache.kind),
     .sdef = "none",
     .choices = schema_caches},
    {.name = "cache_bytes",
     .help =
         "most bytes that the cache of a split takes, on the disk all that are in its folder; "
         "0: a quarter of what is free when the data are opened; what does not fit is read anew "
         "each time",
     .type = TFU_INT,
     .flags = TFU_OPT_NO_EFFECT,
     .offset = offsetof(DATA, cache.bytes),
     .imax = INT64_MAX},
    {.name = "cache_folder",
     .help = "folder of the cache on the disk; empty: images in the user's cache, which is "
             "TRANSFUSE_CACHE, else transfuse in XDG_CACHE_HOME or in ~/.cache",
     .type = TFU_PATH,
     .flags = TFU_OPT_NO_EFFECT,
     .offset = offsetof(DATA, cache.folder),
     .sdef = ""},
    {.name = "shared_groups",
     .help =
         "what to do where two splits have examples of one group, a patient for instance, so that "
         "what is measured says little about new ones; refuse: the run does not begin; allow: it "
         "does, with a warning",
     .type = TFU_ENUM,
     .flags = TFU_OPT_NO_EFFECT,
     .offset = offsetof(DATA, shared_groups),
     .sdef = "refuse",
     .choices = schema_shared},
};

#define CUT struct tfu_data_cut
static const struct tfu_option cut_table[] = {
    TFU_OPT_INT(CUT, seed, 0, 0, INT64_MAX,
                "seed of what is by chance in it, apart from the experiment's: the same data and "
                "seed are always cut alike"),
    TFU_OPT_ENUM(
        CUT, by, "auto", schema_bys,
        "what shares are cut into; group: all examples of a group, a patient for instance, go into "
        "one part; example: each by itself; auto: group where the dataset knows groups"),
    TFU_OPT_BOOL(
        CUT, unsafe, 0,
        "true: `by: example` is done although the dataset knows groups, so that one patient may be "
        "trained on and tested"),
    TFU_OPT_STRING(CUT, column, "", 0,
                   "attribute of the dataset, a column of its table, whose values `valid` and "
                   "`test` then list; empty: they are shares or files"),
};

#define TRAIN struct tfu_train_config
static const struct tfu_option train_table[] = {
    TFU_OPT_INT(TRAIN, batch, 32, 1, TFU_SCHEMA_COUNT_MAX, "number of examples in a training step"),
    TFU_OPT_INT(
        TRAIN, epochs, 0, 0, TFU_SCHEMA_COUNT_MAX,
        "length of the training in passes over the training data; give either this or `steps`"),
    TFU_OPT_INT(
        TRAIN, steps, 0, 0, INT64_MAX,
        "length of the training in steps, which are updates of the weights; give either this or "
        "`epochs`; 0, written out and without `epochs`: nothing is trained, and the initial state "
        "is the result"),
    TFU_OPT_BOOL(
        TRAIN, drop_last, 0,
        "true: the last batch of an epoch is left out when it is not full; false: it is trained as "
        "it is"),
    {.name = "memory",
     .help =
         "normal: all that the backward pass needs is stored; low: cheap parts of it are computed "
         "once more instead, which takes less memory and gives the same numbers",
     .type = TFU_ENUM,
     .flags = TFU_OPT_NO_EFFECT,
     .offset = offsetof(TRAIN, memory),
     .sdef = "normal",
     .choices = schema_memories},
    TFU_OPT_STRING(
        TRAIN, freeze.through, "", 0,
        "name of a stage: it and all before it keep the weights that `init` gave them; empty: "
        "all is trained; `transfuse model summary` lists the stages"),
    TFU_OPT_STRING_LIST(
        TRAIN, freeze.match,
        "patterns of names of more parameters that are not trained, as fc.* or *.bias"),
    TFU_OPT_ENUM(
        TRAIN, freeze.batchnorm, "frozen", schema_freezes,
        "batch normalisation in frozen stages; frozen: it uses its running statistics, which stay "
        "as they are; live: it uses those of the batch, and the running ones follow"),
    TFU_OPT_ENUM(
        TRAIN, schedule.kind, "constant", tfu_schema_schedules,
        "course of the learning rate after the warm-up; constant: it stays; step: it is multiplied "
        "by `gamma` at each milestone; cosine: it falls along half a cosine to `floor` times "
        "itself at the end of the training"),
    TFU_OPT_INT(TRAIN, schedule.warmup, 0, 0, INT64_MAX,
                "number of steps in which the rate first rises linearly from 0; 0: no warm-up"),
    TFU_OPT_INT_LIST(
        TRAIN, schedule.milestones, 1, INT64_MAX,
        "steps after which the rate is multiplied by `gamma`, ascending; with kind step, which "
        "needs them"),
    TFU_OPT_FLOAT(TRAIN, schedule.gamma, 0.1, 0, 1,
                  "factor on the rate at each milestone; with kind step"),
    TFU_OPT_FLOAT(TRAIN, schedule.floor, 0, 0, 1,
                  "share of the rate that is left at the end; with kind cosine"),
    TFU_OPT_FLOAT(
        TRAIN, clip_norm, 0, 0, DBL_MAX,
        "bound on the Euclidean norm of the gradient of all parameters together: a longer one is "
        "scaled down to it; 0: no bound"),
    TFU_OPT_INT(TRAIN, evaluate.every_steps, 0, 0, INT64_MAX,
                "steps between evaluations of the validation and test data; 0: none by steps; with "
                "`every_epochs` as well, at both; the end of the training is always evaluated"),
    TFU_OPT_INT(TRAIN, evaluate.every_epochs, 1, 0, TFU_SCHEMA_COUNT_MAX,
                "epochs between evaluations of the validation and test data; 0: none by epochs"),
    TFU_OPT_INT(
        TRAIN, evaluate.batch, 0, 0, TFU_SCHEMA_COUNT_MAX,
        "number of examples in a batch of an evaluation, which changes its speed and memory; 0: "
        "as many as in training"),
    TFU_OPT_ENUM(
        TRAIN, monitor, "valid", schema_monitors,
        "data that early stopping and the best checkpoint go by; valid: nothing is chosen where "
        "there are no `data.valid`; test: the test data choose, and what is reported for them "
        "afterwards is too good"),
    TFU_OPT_INT(TRAIN, early_stopping.patience, 0, 0, TFU_SCHEMA_COUNT_MAX,
                "the training stops after so many evaluations in a row without improvement of "
                "`early_stopping.metric`; 0: it never stops early"),
    TFU_OPT_FLOAT(
        TRAIN, early_stopping.min_delta, 0, 0, DBL_MAX,
        "an evaluation counts as an improvement only if the metric is better by more than this, in "
        "the metric's unit"),
    TFU_OPT_STRING(
        TRAIN, early_stopping.metric, "", 0,
        "key of the metric that early stopping goes by, as auc or auc.class.3; its plugin has to "
        "be in `metrics`; needed where `patience` is not 0"),
    TFU_OPT_STRING(TRAIN, threshold.metric, "", 0,
                   "key of a metric: the first step at which it is as good as `threshold.value` is "
                   "recorded in metrics.csv and summary.json; training goes on; empty: none"),
    TFU_OPT_FLOAT(
        TRAIN, threshold.value, 0, -DBL_MAX, DBL_MAX,
        "value that `threshold.metric` has to reach, from below or above as the metric is better "
        "when it is higher or lower"),
    {.name = "checkpoint.every_steps",
     .help = "steps between checkpoints to resume from, besides those at each evaluation and at "
             "the end; 0: only those",
     .type = TFU_INT,
     .flags = TFU_OPT_NO_EFFECT,
     .offset = offsetof(TRAIN, checkpoint.every_steps),
     .imax = INT64_MAX},
    {.name = "checkpoint.keep",
     .help =
         "number of newest checkpoints to resume from that are kept, each with the state of the "
         "optimizer; 0 keeps one, as 1 does; best and final are kept besides",
     .type = TFU_INT,
     .flags = TFU_OPT_NO_EFFECT,
     .offset = offsetof(TRAIN, checkpoint.keep),
     .idef = 1,
     .imax = TFU_SCHEMA_COUNT_MAX},
};

struct tfu_options_table tfu_schema_root(struct tfu_experiment *x)
{
    return (struct tfu_options_table)TFU_OPTIONS_TABLE(root, x);
}

struct tfu_options_table tfu_schema_task(struct tfu_task_config *task)
{
    return (struct tfu_options_table)TFU_OPTIONS_TABLE(task_table, task);
}

struct tfu_options_table tfu_schema_data(struct tfu_data_config *data)
{
    return (struct tfu_options_table)TFU_OPTIONS_TABLE(data_table, data);
}

struct tfu_options_table tfu_schema_cut(struct tfu_data_cut *cut)
{
    return (struct tfu_options_table)TFU_OPTIONS_TABLE(cut_table, cut);
}

struct tfu_options_table tfu_schema_train(struct tfu_train_config *train)
{
    return (struct tfu_options_table)TFU_OPTIONS_TABLE(train_table, train);
}
