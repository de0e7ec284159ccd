/* SPDX-License-Identifier: MIT */
#include "core/config/schema.h"

#include <float.h>
#include <string.h>

#include "core/config/tasks.h"
#include "core/config/value.h"

enum { COUNT_MAX = 1000000000 }; /* of rows, classes, epochs: beyond it something else is wrong */

static const char *const schema_means[] = {"examples", "labels", NULL};
static const char *const schema_monitors[] = {"valid", "test", NULL};
static const char *const schema_freezes[] = {"frozen", "live", NULL};
static const char *const schema_memories[] = {"normal", "low", NULL};
static const char *const schema_decodes[] = {"full", "reduced", NULL};
static const char *const schema_bys[] = {"auto", "group", "example", NULL};
static const char *const schema_shared[] = {"refuse", "allow", NULL};
static const char *const schema_auto[] = {"auto", NULL}; /* stands for what is below the least */
static const char *const schema_caches[] = {"none", "memory", "disk", NULL};
static const char *const schema_bad_images[] = {"fail", "skip", NULL};
static const char *const schema_froms[] = {"numbers", "data", NULL};
static const char *const schema_exifs[] = {"apply", "ignore", NULL};
static const char *const schema_heads[] = {"load", "reinit", NULL};
static const char *const schema_channels[] = {"refuse", "sum",  "mean", "first",
                                              "repeat", "fold", NULL};
static const char *const schema_pers[] = {"position", "image", NULL};
static const char *const schema_flattens[] = {"unknown", "chw", "hwc", NULL};
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
     .imax = COUNT_MAX},
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
    TFU_OPT_INT(TRAIN, batch, 32, 1, COUNT_MAX, "number of examples in a training step"),
    TFU_OPT_INT(
        TRAIN, epochs, 0, 0, COUNT_MAX,
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
    TFU_OPT_INT(TRAIN, evaluate.every_epochs, 1, 0, COUNT_MAX,
                "epochs between evaluations of the validation and test data; 0: none by epochs"),
    TFU_OPT_INT(
        TRAIN, evaluate.batch, 0, 0, COUNT_MAX,
        "number of examples in a batch of an evaluation, which changes its speed and memory; 0: "
        "as many as in training"),
    TFU_OPT_ENUM(
        TRAIN, monitor, "valid", schema_monitors,
        "data that early stopping and the best checkpoint go by; valid: nothing is chosen where "
        "there are no `data.valid`; test: the test data choose, and what is reported for them "
        "afterwards is too good"),
    TFU_OPT_INT(TRAIN, early_stopping.patience, 0, 0, COUNT_MAX,
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
     .imax = COUNT_MAX},
};

#define SELECT struct tfu_data_select
static const struct tfu_option select_table[] = {
    TFU_OPT_INT_LIST(
        SELECT, classes, 0, COUNT_MAX,
        "numbers of the classes whose examples are kept; the i-th in the list becomes class i; "
        "empty: all, as they are numbered"),
    TFU_OPT_INT(
        SELECT, limit, 0, 0, INT64_MAX,
        "number of examples taken, by chance from the whole split; 0: all; give one of this, "
        "`limit_per_class` and `limit_groups`"),
    TFU_OPT_INT(SELECT, limit_per_class, 0, 0, INT64_MAX,
                "number of examples taken of each class, by chance; 0: all"),
    TFU_OPT_INT(SELECT, limit_groups, 0, 0, INT64_MAX,
                "number of groups, patients for instance, whose examples are taken, by chance; 0: "
                "all"),
    TFU_OPT_INT(
        SELECT, limit_seed, 0, 0, INT64_MAX,
        "seed of that choice, apart from the experiment's: with the same one a smaller limit takes "
        "a part of what a larger one takes"),
    TFU_OPT_ENUM(
        SELECT, decode, "full", schema_decodes,
        "full: all pixels of an image file are decoded; reduced: a format that can (JPEG) is "
        "decoded at a half, a quarter or an eighth where the transforms make it smaller anyway, "
        "which is faster and gives slightly other numbers"),
    TFU_OPT_ENUM(
        SELECT, on_bad_image, "fail", schema_bad_images,
        "what becomes of an example whose image file is missing, damaged or of no known format; "
        "fail: nothing is done; skip: it is left out, for which all images are decoded when the "
        "data are opened for the first time; which they are is said and recorded"),
    TFU_OPT_ENUM(SELECT, exif, "apply", schema_exifs,
                 "apply: an image file that says how it is to be turned (EXIF, TIFF) is turned, as "
                 "viewers do; ignore: its rows are taken as they are stored, as programs do that "
                 "know nothing of it; masks likewise"),
    TFU_OPT_INT_LIST(
        SELECT, resize, 1, 65536,
        "height and width in pixels that images are resized to, bilinear with antialiasing; empty: "
        "as they are; short for {plugin: resize, size: [H, W]} as the first of `transforms`, or "
        "changes the one that is there"),
    TFU_OPT_INT(
        SELECT, normalise.channels, 0, 0, 65536,
        "number of channels that a gray image is repeated in, as weights of colour images need; "
        "0: as it is; `normalise` is short for {plugin: normalise, ...} as the last of "
        "`transforms`"),
    TFU_OPT_ENUM(
        SELECT, normalise.from, "numbers", schema_froms,
        "numbers: mean and deviation are those of the other keys; data: they are measured on the "
        "training examples, where `normalise` gets them, and stand in the resolved configuration"),
    TFU_OPT_STRING(
        SELECT, normalise.preprocessing, "", 0,
        "mean and deviation by the name of published weights that want them: torchvision, timm, "
        "inception, keras_resnet, radimagenet or torchxrayvision; empty: `mean` and `deviation` "
        "say them"),
    TFU_OPT_FLOAT_LIST(
        SELECT, normalise.mean, -1e6, 1e6,
        "what is subtracted from the pixels, which are from 0 to 1 in files of 8 bits: one number, "
        "or one a channel; empty: 0"),
    TFU_OPT_FLOAT_LIST(SELECT, normalise.deviation, 1e-6, 1e6,
                       "what pixels are then divided by: one number, or one a channel; empty: 1"),
};

#define RULE struct tfu_init_rule
static const struct tfu_option rule_table[] = {
    TFU_OPT_STRING_LIST(
        RULE, match,
        "patterns of the names of parameters that the rule is for, as layer1.* or *.bias; without "
        "`match` and `stages` it is for all"),
    TFU_OPT_STRING_LIST(
        RULE, stages, "names of stages whose parameters the rule is for, besides those of `match`"),
    {.name = "strip",
     .help =
         "prefix of names in the file of weights, as module.: tensors with it are taken by what "
         "follows it, others are left out; empty: names are as they are",
     .type = TFU_STRING,
     .offset = offsetof(RULE, source.strip)},
    {.name = "sha256",
     .help = "SHA-256 that the file of weights has to have, or its first digits; empty: any",
     .type = TFU_STRING,
     .flags = TFU_OPT_NO_EFFECT,
     .offset = offsetof(RULE, source.sha256)},
    {.name = "preprocessing",
     .help =
         "how the images were prepared that the file's weights were trained on, to compare with "
         "`normalise`: torchvision, timm, inception, keras_resnet, radimagenet, torchxrayvision or "
         "none; "
         "empty: as the file says",
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
     .help = "load: the classifier comes from the file of weights too; reinit: it is drawn anew",
     .type = TFU_ENUM,
     .offset = offsetof(RULE, source.head),
     .sdef = "load",
     .choices = schema_heads},
    {.name = "allow_missing",
     .help =
         "patterns of parameters that the file of weights may lack, and that `rest` then fills; "
         "empty: it has to have all",
     .type = TFU_STRING_LIST,
     .offset = offsetof(RULE, source.missing)},
    {.name = "allow_mismatched",
     .help = "patterns of parameters that the file may have in another shape, and that `rest` then "
             "fills",
     .type = TFU_STRING_LIST,
     .offset = offsetof(RULE, source.mismatched)},
    {.name = "allow_unexpected",
     .help = "patterns of tensors in the file that the network may lack",
     .type = TFU_STRING_LIST,
     .offset = offsetof(RULE, source.unexpected)},
};

#define ARCH struct tfu_arch_config
static const struct tfu_option arch_table[] = {
    TFU_OPT_STRING(
        ARCH, truncate, "", 0,
        "name of the last stage that is built: the classifier sits on its mean over the image; "
        "empty: all are"),
};

#define VERSUS struct tfu_versus
static const struct tfu_option versus_table[] = {
    TFU_OPT_STRING(
        VERSUS, against, "", 0,
        "for a metric that compares two networks, and has to have it: the state that the network "
        "under training is compared with at each evaluation; initial: that of this run before its "
        "first step; RUN or RUN@STATE: the folder of another run, whose best checkpoint, else its "
        "final, is meant, or that of STATE: best, final, initial or the number of a step; with "
        "the metrics that compare go all of the keys below"),
    TFU_OPT_STRING(
        VERSUS, name, "", 0,
        "what the names of the numbers begin with: drift makes drift.block1; empty: the name of "
        "the plugin"),
    TFU_OPT_STRING_LIST(
        VERSUS, nodes,
        "patterns of names of stages and nodes that are compared, as block1 or *.relu; of a "
        "metric of parameters, of stages and parameters; empty: all stages but the head"),
    TFU_OPT_INT(VERSUS, rows, 0, 0, INT32_MAX,
                "rows (data points) of a draw, at most; 0: 10000, or as many as the metric takes"),
    TFU_OPT_INT(VERSUS, channels, 64, 0, INT32_MAX, "channels of a draw, at most; 0: all"),
    TFU_OPT_INT(VERSUS, draws, 1, 1, 10000,
                "draws of rows and channels, whose mean is the number; the same at each "
                "evaluation"),
    TFU_OPT_INT(VERSUS, images, 0, 0, INT32_MAX,
                "images that go through the networks, the same at each evaluation: of the data "
                "that `train.monitor` goes by, else the test data; 0: enough for the rows"),
    TFU_OPT_ENUM(
        VERSUS, per, "position", schema_pers,
        "what a row is; position: a position in a map; image: an image, and the mean over its map"),
    TFU_OPT_INT(VERSUS, seed, 1, 0, INT64_MAX, "seed of the draws and of the choice of images"),
};

#define SCORED struct tfu_scored
static const struct tfu_option scored_table[] = {
    {.name = "by",
     .help = "for a metric that scores one network: attributes of the dataset, as sex, or a list "
             "of them; it is reported for each value too, as auc.by.sex.female, with the gap "
             "between the values; of numbers with the edges between groups, as age(40, 60)",
     .type = TFU_STRING_LIST,
     .flags = TFU_VALUE_SINGLE,
     .offset = offsetof(SCORED, by)},
    TFU_OPT_INT(SCORED, by_rows, 10, 1, INT32_MAX,
                "a value of an attribute with fewer examples is not reported: n/a"),
    TFU_OPT_INT(SCORED, bootstrap, 0, 0, 1000000,
                "draws of the examples with replacement, of whole groups (patients) where the "
                "dataset knows them, whose spread gives each number an interval; at the end of a "
                "run and in `transfuse eval`; 0: none; 1000 is usual"),
    TFU_OPT_FLOAT(SCORED, interval, 0.95, 0.5, 0.9999,
                  "share of the draws that lies within the interval"),
    TFU_OPT_STRING(SCORED, name, "", 0,
                   "what the names of the numbers begin with; empty: the name of the plugin"),
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

struct tfu_options_table tfu_schema_versus(struct tfu_versus *versus)
{
    return (struct tfu_options_table)TFU_OPTIONS_TABLE(versus_table, versus);
}

struct tfu_options_table tfu_schema_scored(struct tfu_scored *scored)
{
    return (struct tfu_options_table)TFU_OPTIONS_TABLE(scored_table, scored);
}

static bool has_key(const struct tfu_options_table *t, const char *key)
{
    for (size_t i = 0; i < t->count; i++) {
        const char *name = tfu_options_get(t, i)->name;
        const size_t first = strcspn(name, "."); /* "normalise" of "normalise.mean" */
        if (strlen(key) == first && strncmp(name, key, first) == 0)
            return true;
    }
    return false;
}

bool tfu_schema_is_host_key(const char *path, const char *key)
{
    if (strncmp(path, "data.", 5) == 0 && strcmp(key, "transforms") == 0)
        return true; /* a list of plugins: in no table */
    const struct tfu_options_table none = {.count = 0};
    const struct tfu_options_table t = strncmp(path, "data.", 5) == 0      ? tfu_schema_select(NULL)
                                       : strncmp(path, "init.", 5) == 0    ? tfu_schema_rule(NULL)
                                       : strncmp(path, "arch.", 5) == 0    ? tfu_schema_arch(NULL)
                                       : strncmp(path, "metrics.", 8) == 0 ? tfu_schema_versus(NULL)
                                                                           : none;
    const struct tfu_options_table scored = tfu_schema_scored(NULL);
    return has_key(&t, key) || (strncmp(path, "metrics.", 8) == 0 && has_key(&scored, key));
}
