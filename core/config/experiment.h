/* SPDX-License-Identifier: MIT
 *
 * experiment.h - a whole experiment as the configuration describes it: every value typed, checked
 * and with its default filled in; plugins found and their config structs filled.
 */
#ifndef TFU_CORE_CONFIG_EXPERIMENT_H
#define TFU_CORE_CONFIG_EXPERIMENT_H

#include "core/base/digests.h"
#include "core/base/error.h"
#include "core/base/mark.h"
#include "core/base/text.h"
#include "core/config/diagnostic.h"
#include "core/plugin/choice.h"
#include "core/plugin/registry.h"

#include <transfuse/option.h>

struct tfu_node;

enum tfu_init_head { TFU_INIT_HEAD_LOAD = 0, TFU_INIT_HEAD_REINIT = 1 };

/* One rule of `init:`. match and stages empty: it is for every parameter. */
struct tfu_init_rule {
    struct tfu_plugin_choice choice;
    struct tfu_string_list match;  /* globs on parameter names: "layer1.*", "*.bias" */
    struct tfu_string_list stages; /* stage names */
    /* How the files of weights are read that the initializer takes from. */
    struct {
        const char *strip, *sha256, *dictionary; /* as struct tfu_weights_request has them */
        const char *preprocessing; /* what the images of the source went through; "": unknown */
        int32_t head;              /* enum tfu_init_head */
        int32_t channels;          /* enum tfu_init_channels (core/train/init_adapt.h) */
        int32_t flatten;           /* enum tfu_init_flatten */
        struct tfu_string_list missing;    /* globs on parameters that the file may lack */
        struct tfu_string_list mismatched; /* or have in another shape */
        struct tfu_string_list unexpected; /* globs on tensors that the network may lack */
    } source;
};

/* Are files of images decoded in full, or as small as the transforms let them be? */
enum tfu_data_decode { TFU_DATA_DECODE_FULL = 0, TFU_DATA_DECODE_REDUCED = 1 };

/* Is an image that cannot be read an error, or is its example left out? */
enum tfu_bad_image { TFU_BAD_IMAGE_FAIL = 0, TFU_BAD_IMAGE_SKIP = 1 };
/* Are they turned as they say of themselves (EXIF's orientation)? */
enum tfu_data_exif { TFU_DATA_EXIF_APPLY = 0, TFU_DATA_EXIF_IGNORE = 1 };

/* Where the mean and the deviation are from: the keys below, or the training data
 * (measured_numbers.h). */
enum tfu_normalise_from { TFU_NORMALISE_FROM_NUMBERS = 0, TFU_NORMALISE_FROM_DATA = 1 };

/* Which examples of a dataset are used, and how they look; the same for every dataset plugin. All
 * but the limits holds for valid and test as data.train says, unless they say otherwise. */
struct tfu_data_select {
    struct tfu_int_list classes; /* kept, in this order: classes[i] becomes class i; empty: all */
    int64_t limit;               /* examples in total; 0: all */
    int64_t limit_per_class;     /* 0: all */
    int64_t limit_groups;        /* groups (patients) whose examples are taken; 0: all */
    int64_t limit_seed;          /* chooses which; smaller limits are subsets of larger ones */
    int32_t decode;              /* enum tfu_data_decode */
    int32_t on_bad_image;        /* enum tfu_bad_image */
    int32_t exif;                /* enum tfu_data_exif */
    /* Short forms of a first and a last transform, which struct tfu_data_split has in full. */
    struct tfu_int_list resize; /* height, width; empty: as they are */
    struct {
        int64_t channels;          /* a gray image is repeated in so many; 0: as they are */
        int32_t from;              /* enum tfu_normalise_from */
        const char *preprocessing; /* a published one by its name, or "": */
        struct tfu_float_list mean, deviation; /* one number, or one a channel; empty: 0, 1 */
    } normalise;
};

/* The parts that `data.split` cuts data.train in; as many as there are splits, in their order. */
enum tfu_cut_to { TFU_CUT_TRAIN = 0, TFU_CUT_VALID = 1, TFU_CUT_TEST = 2, TFU_CUT_PARTS = 3 };
enum tfu_cut_kind {
    TFU_CUT_NONE = 0, /* there is no such part, or it has data of its own */
    TFU_CUT_SHARE,    /* of the examples that no list has */
    TFU_CUT_FILE,     /* the examples, or their groups, whose names are in it, one a line */
    TFU_CUT_VALUES    /* the examples that have one of these in the column */
};
enum tfu_cut_by { TFU_CUT_BY_AUTO = 0, TFU_CUT_BY_GROUP = 1, TFU_CUT_BY_EXAMPLE = 2 };

struct tfu_cut_part {
    int32_t kind; /* enum tfu_cut_kind */
    double share;
    const char *file; /* absolute */
    struct tfu_string_list values;
    struct tfu_mark mark;
};

/* `data.split`. What no part has is trained on. */
struct tfu_data_cut {
    int32_t present;
    struct tfu_mark mark;
    struct tfu_cut_part part[TFU_CUT_PARTS]; /* that of train is none */
    int64_t seed;
    int32_t by;         /* enum tfu_cut_by, of shares; AUTO: group where the dataset has groups */
    int32_t unsafe;     /* by example, though there are groups */
    const char *column; /* an attribute of the dataset; "": none */
    int32_t shared_groups; /* enum tfu_shared_groups: `data.shared_groups` once more */
};

/* Are examples kept as they are behind their last transform that is not random? */
enum tfu_data_cache_kind { TFU_DATA_CACHE_NONE = 0, TFU_DATA_CACHE_MEMORY, TFU_DATA_CACHE_DISK };

struct tfu_data_cache {
    int32_t kind;       /* enum tfu_data_cache_kind */
    int64_t bytes;      /* at most, of each split; 0: a share of what is free */
    const char *folder; /* on the disk; "": the user's cache */
};

struct tfu_data_split {
    int32_t present;
    const char *name; /* "train", "valid" or "test", for messages */
    struct tfu_plugin_choice choice;
    struct tfu_data_select select;
    const struct tfu_data_cut *cut; /* it is the part `part` of the dataset; NULL: all of it */
    int32_t part;                   /* enum tfu_cut_to */
    /* What is done to each example, in this order: `resize`, the list `transforms`, `normalise`. */
    struct tfu_plugin_choice *transform;
    const struct tfu_node **transform_node; /* where each is from, for printing */
    size_t transform_count;
    struct tfu_data_cache cache; /* as struct tfu_data_config has it */
    /* Readers of image files with options of their own: those of struct tfu_data_config. */
    const struct tfu_plugin_choice *reader;
    size_t reader_count;
};

/* What is the same for all splits. */
enum tfu_shared_groups { TFU_SHARED_GROUPS_REFUSE = 0, TFU_SHARED_GROUPS_ALLOW = 1 };

struct tfu_data_config {
    int64_t workers; /* threads that read examples; 0: as many as it takes; changes no result */
    struct tfu_data_cache cache; /* likewise */
    int32_t shared_groups;       /* enum tfu_shared_groups: of which two splits have examples */
    struct tfu_plugin_choice *reader; /* of `readers`: all others have their defaults */
    size_t reader_count;
};

/* What a loss of several labels is the mean of: of examples, each of which is the mean of its known
 * labels; of all known labels. */
enum tfu_loss_mean { TFU_LOSS_MEAN_EXAMPLES = 0, TFU_LOSS_MEAN_LABELS = 1 };
enum tfu_schedule { TFU_SCHEDULE_CONSTANT = 0, TFU_SCHEDULE_STEP = 1, TFU_SCHEDULE_COSINE = 2 };

struct tfu_task_config {
    int32_t kind;    /* of tfu_task_names (tasks.h) */
    int32_t loss;    /* of tfu_loss_names; default by kind */
    int64_t classes; /* outputs of the head: classes, labels or targets */
    struct tfu_string_list class_names;
    int32_t loss_mean; /* enum tfu_loss_mean */
};

enum tfu_freeze_batchnorm { TFU_FREEZE_BATCHNORM_FROZEN = 0, TFU_FREEZE_BATCHNORM_LIVE = 1 };

enum tfu_train_memory { TFU_TRAIN_MEMORY_NORMAL = 0, TFU_TRAIN_MEMORY_LOW = 1 };

enum tfu_train_monitor { TFU_TRAIN_MONITOR_VALID = 0, TFU_TRAIN_MONITOR_TEST = 1 };

struct tfu_train_config {
    struct tfu_plugin_choice optimizer;
    int64_t batch;
    struct {
        const char *through;          /* a stage: it and all before it are not trained; "": none */
        struct tfu_string_list match; /* globs on more parameters that are not trained */
        int32_t batchnorm; /* enum tfu_freeze_batchnorm: of those stages, do the statistics move? */
    } freeze;
    int64_t epochs; /* one of epochs and steps is set; the other is 0 */
    int64_t steps;
    int32_t drop_last; /* leave out a last batch that is not full; else it is trained as it is */
    int32_t memory;    /* enum tfu_train_memory */
    struct {
        int32_t kind;                   /* enum tfu_schedule */
        int64_t warmup;                 /* steps of linear rise from 0 */
        struct tfu_int_list milestones; /* STEP: steps at which lr is multiplied by gamma */
        double gamma;
        double floor; /* COSINE: ends at this share of lr */
    } schedule;
    double clip_norm; /* global gradient norm; 0: off */
    struct {
        int64_t every_steps;  /* evaluate every so many steps; 0: not by steps */
        int64_t every_epochs; /* 1; 0: not by epochs */
        int64_t batch;        /* rows of an evaluation batch; 0: as training */
    } evaluate;
    int32_t monitor; /* enum tfu_train_monitor: what early stopping and `best` go by */
    struct {
        int64_t patience; /* evaluations without improvement; 0: off */
        double min_delta;
        const char *metric; /* "auc": key of a metric, also for `best`; "": the first metric */
    } early_stopping;
    struct {
        const char *metric; /* "auc"; "": off */
        double value;
    } threshold; /* record the first step at which the metric reaches the value */
    struct {
        int64_t every_steps; /* 0: only at evaluations and the end */
        int64_t keep;        /* newest checkpoints kept besides best and final */
    } checkpoint;
};

/* The host's keys of the architecture. */
struct tfu_arch_config {
    const char *truncate; /* the last stage that is built; "": all are */
};

/* `against` of the state before the first step of the run itself. */
#define TFU_VERSUS_INITIAL "initial"

enum tfu_versus_per { TFU_VERSUS_PER_POSITION = 0, TFU_VERSUS_PER_IMAGE = 1 };

/* A metric of `metrics` that compares two networks: at each evaluation the one under training with
 * another one. The options of the comparison are those of `transfuse compare`. */
struct tfu_versus {
    struct tfu_plugin_choice choice;
    size_t place;                 /* in the list `metrics` */
    const char *against;          /* TFU_VERSUS_INITIAL, or the absolute RUN or RUN@STATE */
    struct tfu_mark mark;         /* of `against` */
    const char *name;             /* what its keys begin with; "": the plugin's name */
    struct tfu_string_list nodes; /* globs on stages and nodes; empty: all stages */
    int64_t rows;                 /* of a draw; 0: 10000, or as many as the metric takes */
    int64_t channels;             /* of a draw; 0: all */
    int64_t draws;
    int64_t images; /* 0: as many as rows */
    int32_t per;    /* enum tfu_versus_per */
    int64_t seed;   /* of the draws */
};

/* The program's keys beside the options of a metric that scores one network. */
struct tfu_scored {
    struct tfu_string_list by; /* attributes of the dataset, for whose values it is reported too */
    int64_t by_rows;           /* a value with fewer has none */
    int64_t bootstrap;         /* draws; 0: no intervals */
    double interval;           /* the share of draws within them */
    const char *name;          /* what its keys begin with; "": the plugin's name */
};

struct tfu_experiment {
    int64_t seed;
    const char *name; /* run folder's parent; default: the file's stem */
    int32_t nameless; /* the file was a pipe and did not say its name: runs need one */
    struct tfu_task_config task;
    struct tfu_plugin_choice arch;
    struct tfu_arch_config arch_host;
    struct tfu_init_rule *init;
    size_t init_count;
    struct tfu_data_config data;
    struct tfu_data_cut cut;
    struct tfu_data_split train_data, valid_data, test_data;
    struct tfu_train_config train;
    struct tfu_plugin_choice *metric; /* of `metrics`, those that score one network, ... */
    struct tfu_scored *scored;        /* ... each with its keys, ... */
    size_t metric_count;
    struct tfu_versus *versus; /* ... and those that compare two, in their order */
    size_t versus_count;
    struct tfu_plugin_choice backend;
    struct {
        const char *op, *algorithm; /* `algorithm: {conv2d: im2col}`; a list as "winograd4, any" */
    } * algorithm;
    size_t algorithm_count;
    /* Does the choice of algorithms follow from the configuration alone? Else it is measured, and
     * remembered in `timings`. With both, what the file says counts, and it is not added to. */
    int32_t deterministic;
    const char *timings; /* absolute, or "" */
    /* Below: not part of a run's identity. */
    const char *output;          /* folder of run folders, as seen from the current folder */
    const char *output_absolute; /* the same, wherever it is read again */
    int64_t threads;             /* 0: all available */
};

struct tfu_config; /* a loaded configuration: the tree with its places, and the experiment */

/* Reads `path` and its includes, applies `overrides` ("a.b.0.c=value"), checks everything. On a bad
 * configuration, also one that cannot be read, returns TFU_EINVAL with all findings in `d`; `e`
 * then has a one-line summary. The plugins come from `r`, which must outlive the result.
 *
 * `include: base.yaml`, or a list of names relative to the including file: laid over each other in
 * that order, the including file over them. Mappings merge, lists and scalars replace, and a
 * mapping with another `plugin` replaces all of the old one. Overrides come last, in their order;
 * `list.+` appends; another `plugin` drops the options of the old one that come from files. */
enum tfu_status tfu_config_load(struct tfu_config **out, const char *path,
                                const char *const *overrides, size_t override_count,
                                struct tfu_registry *r, struct tfu_diagnostics *d,
                                struct tfu_error *e);
void tfu_config_free(struct tfu_config *c);
/* One more holder: it is there until each has freed it. [one thread] */
struct tfu_config *tfu_config_hold(struct tfu_config *c);
const struct tfu_experiment *tfu_config_experiment(const struct tfu_config *c);

/* The resolved configuration as YAML: every key with its value, defaults included; loading it again
 * gives the same. Paths are absolute, `output` too. With `origin`, a comment behind each value says
 * where it came from: "demo.yaml:7", "command line", "default"; "data.train, demo.yaml:7" where a
 * split has it from the training data. */
enum tfu_status tfu_config_print(const struct tfu_config *c, bool origin, struct tfu_text *out,
                                 struct tfu_error *e);
/* The same of one split, without its name: two that give the same text are the same examples, as
 * long as nobody changes the files. */
enum tfu_status tfu_config_print_split(const struct tfu_config *c,
                                       const struct tfu_data_split *split, struct tfu_text *out,
                                       struct tfu_error *e);
/* The fingerprints of the data of each split, as their datasets have them. NULL: there is none, and
 * the files that are named stand for the data. */
struct tfu_config_contents {
    const char *train, *valid, *test;
    struct tfu_digests *digests; /* of files that were read before; may be NULL */
    /* The SHA-256 of the state that each of the experiment's `versus` compares with; NULL, or one
     * that is NULL: not known, and the path stands for it. */
    const char *const *against;
};
/* The canonical text that a run's id is the hash of: all that decides its results. That is the
 * resolved configuration without defaults and options of no effect (TFU_OPT_NO_EFFECT: threads,
 * names, checkpoints), with the contents of files in place of their paths and the plugins' own
 * names in place of where they lie; what the plugins hold is not part of it. */
enum tfu_status tfu_config_identity(const struct tfu_config *c,
                                    const struct tfu_config_contents *contents,
                                    struct tfu_text *out, struct tfu_error *e);

#endif
