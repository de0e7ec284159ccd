/* SPDX-License-Identifier: MIT */
#include "core/config/schema.h"

#include <float.h>
#include <string.h>

#include <transfuse/metric.h>

enum { COUNT_MAX = 1000000000 }; /* of rows, classes, epochs: beyond it something else is wrong */

const char *const tfu_schema_kinds[] = {"classification", "multi_label", "regression", NULL};
const char *const tfu_schema_losses[] = {"softmax", "sigmoid", "squared", NULL};
static const char *const schema_freezes[] = {"frozen", "live", NULL};
static const char *const schema_memories[] = {"normal", "low", NULL};
static const char *const schema_heads[] = {"load", "reinit", NULL};
static const char *const schema_channels[] = {"refuse", "sum",  "mean", "first",
                                              "repeat", "fold", NULL};
static const char *const schema_flattens[] = {"unknown", "chw", "hwc", NULL};
const char *const tfu_schema_schedules[] = {"constant", "step", "cosine", NULL};

#define ROOT struct tfu_experiment
static const struct tfu_option root[] = {
    TFU_OPT_INT(ROOT, seed, 0, 0, INT64_MAX, "all random draws follow from it"),
    TFU_OPT_STRING(ROOT, name, "", 0, "folder of the runs; by default the file's name"),
    TFU_OPT_STRING(ROOT, output, "runs", 0, "folder of run folders"),
    TFU_OPT_INT(ROOT, threads, 0, 0, 1024, "workers; 0: the processors this process may use"),
    TFU_OPT_BOOL(
        ROOT, deterministic, 1,
        "no: algorithms are chosen by measuring them, so that bits may differ from machine "
        "to machine"),
    TFU_OPT_PATH(ROOT, timings, "", 0,
                 "file of measured algorithms to choose by; by default one in the user's cache, "
                 "which only counts without `deterministic`"),
};

#define TASK struct tfu_task_config
static const struct tfu_option task_table[] = {
    TFU_OPT_ENUM(TASK, kind, "classification", tfu_schema_kinds, "what the outputs mean"),
    TFU_OPT_ENUM(TASK, loss, "softmax", tfu_schema_losses,
                 "by default the one that belongs to the kind"),
    {.name = "classes",
     .help = "outputs of the head: classes, labels or targets",
     .type = TFU_INT,
     .flags = TFU_OPT_REQUIRED,
     .offset = offsetof(TASK, classes),
     .imin = 1,
     .imax = COUNT_MAX},
    TFU_OPT_STRING_LIST(TASK, class_names, "names of the classes, for reports"),
};

#define TRAIN struct tfu_train_config
static const struct tfu_option train_table[] = {
    TFU_OPT_INT(TRAIN, batch, 32, 1, COUNT_MAX, "examples of a step"),
    TFU_OPT_INT(TRAIN, epochs, 0, 0, COUNT_MAX, "passes over the data, or"),
    TFU_OPT_INT(TRAIN, steps, 0, 0, INT64_MAX, "updates"),
    TFU_OPT_BOOL(TRAIN, drop_last, 0, "leave out a last batch that is not full"),
    TFU_OPT_ENUM(
        TRAIN, memory, "normal", schema_memories,
        "low: store less for the backward pass and compute it once more; the same numbers"),
    TFU_OPT_STRING(TRAIN, freeze.through, "", 0, "a stage: it and all before it are not trained"),
    TFU_OPT_STRING_LIST(TRAIN, freeze.match, "patterns of more parameters that are not trained"),
    TFU_OPT_ENUM(TRAIN, freeze.batchnorm, "frozen", schema_freezes,
                 "of frozen stages; live: batch statistics, and running ones that move"),
    TFU_OPT_ENUM(TRAIN, schedule.kind, "constant", tfu_schema_schedules,
                 "course of the learning rate"),
    TFU_OPT_INT(TRAIN, schedule.warmup, 0, 0, INT64_MAX, "steps of linear rise from 0"),
    TFU_OPT_INT_LIST(TRAIN, schedule.milestones, 1, INT64_MAX,
                     "steps at which the rate is multiplied by gamma"),
    TFU_OPT_FLOAT(TRAIN, schedule.gamma, 0.1, 0, 1, "factor at a milestone"),
    TFU_OPT_FLOAT(TRAIN, schedule.floor, 0, 0, 1, "share of the rate at which cosine ends"),
    TFU_OPT_FLOAT(TRAIN, clip_norm, 0, 0, DBL_MAX, "largest norm of the whole gradient; 0: any"),
    TFU_OPT_INT(TRAIN, evaluate.every_steps, 0, 0, INT64_MAX, "0: not by steps"),
    TFU_OPT_INT(TRAIN, evaluate.every_epochs, 1, 0, COUNT_MAX, "0: not by epochs"),
    TFU_OPT_INT(TRAIN, evaluate.batch, 0, 0, COUNT_MAX, "rows of a batch; 0: as in training"),
    TFU_OPT_INT(TRAIN, early_stopping.patience, 0, 0, COUNT_MAX,
                "evaluations without improvement; 0: never stop early"),
    TFU_OPT_FLOAT(TRAIN, early_stopping.min_delta, 0, 0, DBL_MAX, "less is no improvement"),
    TFU_OPT_STRING(TRAIN, early_stopping.metric, "", 0, "key of the metric that it goes by"),
    TFU_OPT_STRING(TRAIN, threshold.metric, "", 0, "key of a metric"),
    TFU_OPT_FLOAT(TRAIN, threshold.value, 0, -DBL_MAX, DBL_MAX,
                  "the first step at which the metric reaches it is recorded"),
    TFU_OPT_INT(TRAIN, checkpoint.every_steps, 0, 0, INT64_MAX, "0: at evaluations and the end"),
    TFU_OPT_INT(TRAIN, checkpoint.keep, 1, 0, COUNT_MAX, "newest kept, besides best and final"),
};

#define SELECT struct tfu_data_select
static const struct tfu_option select_table[] = {
    TFU_OPT_INT_LIST(SELECT, classes, 0, COUNT_MAX, "classes kept; the i-th becomes class i"),
    TFU_OPT_INT(SELECT, limit, 0, 0, INT64_MAX, "examples in total; 0: all"),
    TFU_OPT_INT(SELECT, limit_per_class, 0, 0, INT64_MAX, "examples of each class; 0: all"),
    TFU_OPT_INT(SELECT, limit_seed, 0, 0, INT64_MAX, "chooses which"),
    TFU_OPT_INT_LIST(SELECT, resize, 1, 65536, "height and width; none: as they are"),
    TFU_OPT_INT(SELECT, normalise.channels, 0, 0, 65536,
                "a gray image is repeated in so many; 0: as it is"),
    TFU_OPT_STRING(SELECT, normalise.preprocessing, "", 0,
                   "torchvision, timm, inception or keras_resnet: what published weights want"),
    TFU_OPT_FLOAT_LIST(SELECT, normalise.mean, -1e6, 1e6,
                       "taken from pixels of 0 to 1: one number, or one a channel"),
    TFU_OPT_FLOAT_LIST(SELECT, normalise.deviation, 1e-6, 1e6, "what they are then divided by"),
};

#define RULE struct tfu_init_rule
static const struct tfu_option rule_table[] = {
    TFU_OPT_STRING_LIST(RULE, match, "patterns of parameter names: layer1.*"),
    TFU_OPT_STRING_LIST(RULE, stages, "names of stages"),
    {.name = "strip",
     .help = "prefix of the names in the source that is taken off, and others left out",
     .type = TFU_STRING,
     .offset = offsetof(RULE, source.strip)},
    {.name = "sha256",
     .help = "digest that the source has to have, or its first digits",
     .type = TFU_STRING,
     .offset = offsetof(RULE, source.sha256)},
    {.name = "preprocessing",
     .help = "what images the source was trained on: torchvision, timm, ...; empty: as it says",
     .type = TFU_STRING,
     .offset = offsetof(RULE, source.preprocessing)},
    {.name = "dictionary",
     .help = "dictionary of a PyTorch file that is read: state_dict_ema; empty: the usual one",
     .type = TFU_STRING,
     .offset = offsetof(RULE, source.dictionary)},
    {.name = "channels",
     .help = "how the first convolution's weights become those of another number of channels",
     .type = TFU_ENUM,
     .offset = offsetof(RULE, source.channels),
     .sdef = "refuse",
     .choices = schema_channels},
    {.name = "flatten",
     .help = "order in which the source's linear layers flatten an image; PyTorch's is chw",
     .type = TFU_ENUM,
     .offset = offsetof(RULE, source.flatten),
     .sdef = "unknown",
     .choices = schema_flattens},
    {.name = "head",
     .help = "reinit: the classifier does not come from the source",
     .type = TFU_ENUM,
     .offset = offsetof(RULE, source.head),
     .sdef = "load",
     .choices = schema_heads},
    {.name = "allow_missing",
     .help = "patterns of parameters that the source may lack",
     .type = TFU_STRING_LIST,
     .offset = offsetof(RULE, source.missing)},
    {.name = "allow_mismatched",
     .help = "patterns of parameters that the source may have in another shape",
     .type = TFU_STRING_LIST,
     .offset = offsetof(RULE, source.mismatched)},
    {.name = "allow_unexpected",
     .help = "patterns of the source's tensors that the network may lack",
     .type = TFU_STRING_LIST,
     .offset = offsetof(RULE, source.unexpected)},
};

#define ARCH struct tfu_arch_config
static const struct tfu_option arch_table[] = {
    TFU_OPT_STRING(ARCH, truncate, "", 0,
                   "the last stage that is built: the classifier sits on its mean over the image"),
};

struct tfu_options_table tfu_schema_root(struct tfu_experiment *x)
{
    return (struct tfu_options_table)TFU_OPTIONS_TABLE(root, x);
}

struct tfu_options_table tfu_schema_task(struct tfu_task_config *task)
{
    return (struct tfu_options_table)TFU_OPTIONS_TABLE(task_table, task);
}

struct tfu_options_table tfu_schema_train(struct tfu_train_config *train)
{
    return (struct tfu_options_table)TFU_OPTIONS_TABLE(train_table, train);
}

struct tfu_options_table tfu_schema_select(struct tfu_data_select *select)
{
    return (struct tfu_options_table)TFU_OPTIONS_TABLE(select_table, select);
}

struct tfu_options_table tfu_schema_arch(struct tfu_arch_config *arch)
{
    return (struct tfu_options_table)TFU_OPTIONS_TABLE(arch_table, arch);
}

struct tfu_options_table tfu_schema_rule(struct tfu_init_rule *rule)
{
    return (struct tfu_options_table)TFU_OPTIONS_TABLE(rule_table, rule);
}

bool tfu_schema_is_host_key(const char *path, const char *key)
{
    const struct tfu_options_table none = {.count = 0};
    const struct tfu_options_table t = strncmp(path, "data.", 5) == 0   ? tfu_schema_select(NULL)
                                       : strncmp(path, "init.", 5) == 0 ? tfu_schema_rule(NULL)
                                       : strcmp(path, "arch") == 0      ? tfu_schema_arch(NULL)
                                                                        : none;
    for (size_t i = 0; i < t.count; i++) {
        const char *name = tfu_options_get(&t, i)->name;
        const size_t first = strcspn(name, "."); /* "normalise" of "normalise.mean" */
        if (strlen(key) == first && strncmp(name, key, first) == 0)
            return true;
    }
    return false;
}
