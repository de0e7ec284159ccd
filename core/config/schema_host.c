/* SPDX-License-Identifier: MIT
 *
 * The host's keys beside the options of a plugin.
 */
#include <float.h>
#include <string.h>

#include "core/config/schema.h"
#include "core/config/value.h"

static const char *const schema_decodes[] = {"full", "reduced", NULL};
static const char *const schema_bad_images[] = {"fail", "skip", NULL};
static const char *const schema_froms[] = {"numbers", "data", NULL};
static const char *const schema_exifs[] = {"apply", "ignore", NULL};
static const char *const schema_heads[] = {"load", "reinit", NULL};
static const char *const schema_channels[] = {"refuse", "sum",  "mean", "first",
                                              "repeat", "fold", NULL};
static const char *const schema_pers[] = {"position", "image", NULL};
static const char *const schema_flattens[] = {"unknown", "chw", "hwc", NULL};

#define SELECT struct tfu_data_select
static const struct tfu_option select_table[] = {
    TFU_OPT_INT_LIST(
        SELECT, classes, 0, TFU_SCHEMA_COUNT_MAX,
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
