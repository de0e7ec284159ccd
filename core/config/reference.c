/* SPDX-License-Identifier: MIT */
#include "core/config/reference.h"

#include <string.h>

#include "core/config/defaults.h"
#include "core/config/schema.h"

/* ---- keys that no table has: the reader of their section looks at them itself */

static const struct tfu_option include_key[] = {
    {.name = "include",
     .help = "files whose keys are laid under this one's, relative to this file; one name or a "
             "list, later ones over earlier ones; in files only",
     .type = TFU_STRING_LIST},
};
static const struct tfu_option plugin_key[] = {
    {.name = "plugin",
     .help = "name of the plugin, or the path of a file (with a slash), relative to this file; its "
             "options stand beside it",
     .type = TFU_STRING,
     .flags = TFU_OPT_REQUIRED},
};
static const struct tfu_option cut_keys[] = {
    {.name = "valid",
     .help = "what of data.train is validation data: a share of its examples, as 0.1; a file with "
             "the names of examples, or of groups, one a line; or, with `column`, a list of that "
             "column's values; what no part has is trained on",
     .type = TFU_STRING},
    {.name = "test",
     .help = "what of data.train is test data, in the same way",
     .type = TFU_STRING},
};
static const struct tfu_option data_keys[] = {
    {.name = "root",
     .help = "folder of all splits whose datasets have an option `root` and are given none: "
             "data.root=/data/chexpert on the command line",
     .type = TFU_PATH},
};

static const struct tfu_option algorithm_key[] = {
    {.name = "OP",
     .help = "what runs the operation OP, as conv2d, or one direction of it, as conv2d/forward, "
             "conv2d/backward, conv2d/backward_data or conv2d/backward_params: a name; a list, "
             "[winograd4, direct], whose first that can do a layer is taken, with `any` as the "
             "last for what is predicted to be fastest; or `not winograd7`, any but that; the last "
             "key that speaks of a layer counts",
     .type = TFU_STRING},
};

#define OTHER(array)                                                                               \
    {                                                                                              \
        .option = (array), .count = TFU_COUNT(array), .stride = sizeof(struct tfu_option)          \
    }

static const struct tfu_reference_section sections[] = {
    {.path = "",
     .help = "The file itself. Besides these keys it has the sections below, of which task, arch, "
             "data and train are required.",
     .other = OTHER(include_key)},
    {.path = "task",
     .help = "What is to be learnt: the outputs of the network and their loss.",
     .yaml = "task: {kind: classification, classes: 10}"},
    {.path = "arch",
     .help = "The architecture.",
     .yaml = "arch: {plugin: cbr_tiny}",
     .kind = TFU_KIND_ARCH,
     .other = OTHER(plugin_key)},
    {.path = "init.N",
     .help = "How parameters get their first values: a list of rules, the first is init.0. Of the "
             "rules that are for a parameter the last counts. Without `init` all are drawn by "
             "{plugin: " TFU_DEFAULT_INIT "}.",
     .yaml = "init:\n  - {plugin: random, scheme: he_normal}\n"
             "  - {plugin: pretrained, source: weights.safetensors, match: ['layer1.*']}",
     .kind = TFU_KIND_INIT,
     .other = OTHER(plugin_key)},
    {.path = "data",
     .help = "The data: their splits, which are sections of their own, and how they are read.",
     .yaml = "data: {workers: 4, train: {plugin: idx, images: train-images.gz, labels: "
             "train-labels.gz}}",
     .other = OTHER(data_keys)},
    {.path = "data.split",
     .help = "Cuts the dataset of data.train in parts: all examples of a group, a patient for "
             "instance, in one, and each label as frequent in all of them as can be. A part needs "
             "no section of its own; one that it has says what is done otherwise than in "
             "data.train.",
     .yaml = "data:\n  split: {valid: 0.1, test: 0.2}\n"
             "  train: {plugin: image_folder, folder: images, group: '(patient[0-9]+)'}",
     .other = OTHER(cut_keys)},
    {.path = "data.SPLIT",
     .help = "Where examples come from and which are taken. SPLIT is train, which is required, "
             "valid or test. One that `data.split` cuts out of data.train has neither a plugin nor "
             "its options.",
     .yaml = "data:\n  train: {plugin: idx, images: train-images.gz, labels: train-labels.gz}\n"
             "  test: {plugin: idx, images: test-images.gz, labels: test-labels.gz}",
     .kind = TFU_KIND_DATASET,
     .other = OTHER(plugin_key)},
    {.path = "data.SPLIT.transforms.N",
     .help =
         "What is done to each example before a network sees it: a list, the first is "
         "data.train.transforms.0. valid and test: as train, unless they say otherwise. What is "
         "random is so in training alone: elsewhere it does what is in the middle, the crop at "
         "the centre, no flip.",
     .yaml = "data:\n  train:\n    plugin: image_folder\n    folder: train\n"
             "    transforms: [{plugin: random_crop, size: [224, 224]}, {plugin: flip}]",
     .kind = TFU_KIND_TRANSFORM,
     .other = OTHER(plugin_key)},
    {.path = "data.readers.N",
     .help = "Readers of image files whose options are not to be their defaults, for all splits: a "
             "list, each reader once, the first is data.readers.0. Which reader reads a file is "
             "decided by the file.",
     .yaml = "data:\n  readers: [{plugin: dicom, window: [40, 400]}]\n"
             "  train: {plugin: image_folder, folder: train}",
     .kind = TFU_KIND_READER,
     .other = OTHER(plugin_key)},
    {.path = "train",
     .help = "The training: its length, the course of the learning rate, what is not trained, and "
             "when the network is evaluated and saved.",
     .yaml = "train: {optimizer: {plugin: adam, lr: 1e-3}, batch: 64, epochs: 10}"},
    {.path = "train.optimizer",
     .help = "The optimizer.",
     .yaml = "train: {optimizer: {plugin: adam, lr: 1e-3}, batch: 64, epochs: 10}",
     .kind = TFU_KIND_OPTIM,
     .other = OTHER(plugin_key)},
    {.path = "metrics.N",
     .help = "What is measured at evaluations besides the loss: a list, each plugin once, the "
             "first is metrics.0. The keys from `against` to `seed` are for metrics that compare "
             "two networks, of which the one under training is one; those from `by` on, and "
             "`name`, for metrics that score one network.",
     .yaml = "metrics:\n  - {plugin: auc, by: sex, bootstrap: 1000}\n"
             "  - {plugin: svcca, against: initial, nodes: [block1, block4], rows: 2000}",
     .kind = TFU_KIND_METRIC,
     .other = OTHER(plugin_key)},
    {.path = "backend",
     .help = "What computes.",
     .yaml = "backend: {plugin: cpu, isa: avx2}",
     .kind = TFU_KIND_BACKEND,
     .other = OTHER(plugin_key)},
    {.path = "algorithm",
     .help = "Which kernels of the backend run operations, where predictions are not to decide.",
     .yaml = "algorithm: {conv2d: direct}",
     .other = OTHER(algorithm_key)},
};

size_t tfu_reference_count(void)
{
    return TFU_COUNT(sections);
}

struct tfu_reference_section tfu_reference_section(size_t index)
{
    struct tfu_reference_section s = sections[index];
    if (strcmp(s.path, "") == 0)
        s.table = tfu_schema_root(NULL);
    else if (strcmp(s.path, "task") == 0)
        s.table = tfu_schema_task(NULL);
    else if (strcmp(s.path, "data") == 0)
        s.table = tfu_schema_data(NULL);
    else if (strcmp(s.path, "data.split") == 0)
        s.table = tfu_schema_cut(NULL);
    else if (strcmp(s.path, "train") == 0)
        s.table = tfu_schema_train(NULL);
    else if (strcmp(s.path, "arch") == 0)
        s.table = tfu_schema_arch(NULL);
    else if (strcmp(s.path, "init.N") == 0)
        s.table = tfu_schema_rule(NULL);
    else if (strcmp(s.path, "data.SPLIT") == 0)
        s.table = tfu_schema_select(NULL);
    else if (strcmp(s.path, "metrics.N") == 0)
        s.table = tfu_schema_versus(NULL), s.more = tfu_schema_scored(NULL);
    return s;
}

bool tfu_reference_of_kind(int kind, struct tfu_reference_section *out)
{
    size_t i = 0;
    while (i < TFU_COUNT(sections) && sections[i].kind != kind)
        i++;
    if (i == TFU_COUNT(sections))
        return false;
    *out = tfu_reference_section(i);
    return true;
}

size_t tfu_reference_key_count(const struct tfu_reference_section *s)
{
    /* the last of `more`, `name`, is in `table` too */
    return s->other.count + s->table.count + (s->more.count ? s->more.count - 1 : 0);
}

const struct tfu_option *tfu_reference_key(const struct tfu_reference_section *s, size_t index)
{
    if (index < s->other.count)
        return tfu_options_get(&s->other, index);
    index -= s->other.count;
    return index < s->table.count ? tfu_options_get(&s->table, index)
                                  : tfu_options_get(&s->more, index - s->table.count);
}

/* core/config/inherit.h has which keys those are. */
static const char as_train[] = "[]; valid and test: as train";

struct tfu_reference_words tfu_reference_words(const char *section, const char *key)
{
    static const struct {
        const char *section, *key;
        struct tfu_reference_words words;
    } table[] = {
        {"", "include", {"path, or list of paths", "none"}},
        {"", "name", {NULL, "the file's name without its ending"}},
        {"", "output", {NULL, "runs in the current folder"}},
        {"", "timings", {NULL, "without `deterministic` one in the user's cache, else none"}},
        {"task", "loss", {NULL, "the one of the kind"}},
        {"init.N", "plugin", {NULL, TFU_DEFAULT_INIT ", where the whole list is left out"}},
        {"data", "root", {NULL, "none"}},
        {"data", "workers", {"whole number from 1 to 64, or auto", NULL}},
        {"data.split", "valid", {"number, path, or list of texts", "no such part"}},
        {"data.split", "test", {"number, path, or list of texts", "no such part"}},
        {"data.SPLIT", "classes", {NULL, as_train}},
        {"data.SPLIT", "decode", {NULL, "full; valid and test: as train"}},
        {"data.SPLIT", "on_bad_image", {NULL, "fail; valid and test: as train"}},
        {"data.SPLIT", "exif", {NULL, "apply; valid and test: as train"}},
        {"data.SPLIT", "resize", {NULL, as_train}},
        {"data.SPLIT", "normalise.channels", {NULL, "0; valid and test: as train"}},
        {"data.SPLIT", "normalise.from", {NULL, "numbers; valid and test: as train"}},
        {"data.SPLIT", "normalise.preprocessing", {NULL, "empty; valid and test: as train"}},
        {"data.SPLIT", "normalise.mean", {NULL, as_train}},
        {"data.SPLIT", "normalise.deviation", {NULL, as_train}},
        {"backend", "plugin", {NULL, "cpu, where the whole section is left out"}},
        {"algorithm", "OP", {"name, or list of names", "any"}},
    };
    for (size_t i = 0; i < TFU_COUNT(table); i++)
        if (strcmp(table[i].section, section) == 0 && strcmp(table[i].key, key) == 0)
            return table[i].words;
    return (struct tfu_reference_words){NULL, NULL};
}

bool tfu_reference_is_root(const char *word, size_t length)
{
    for (size_t i = 0; i < TFU_COUNT(sections); i++) {
        const struct tfu_reference_section s = tfu_reference_section(i);
        const size_t n = strcspn(s.path, ".");
        if (n && n == length && strncmp(s.path, word, n) == 0)
            return true;
        for (size_t k = 0; n == 0 && k < tfu_reference_key_count(&s); k++) {
            const char *name = tfu_reference_key(&s, k)->name;
            if (strlen(name) == length && strncmp(name, word, length) == 0)
                return true;
        }
    }
    return false;
}

/* The component at `word`, `length` bytes, as the sections write it. */
static const char *canonical(const char *before, const char *word, size_t length)
{
    static const char *const splits[] = {"train", "valid", "test"};
    if (strcmp(before, "init.") == 0 || strcmp(before, "metrics.") == 0)
        if ((length == 1 && *word == '+') || strspn(word, "0123456789") >= length)
            return "N";
    if (strcmp(before, "data.SPLIT.transforms.") == 0 || strcmp(before, "data.readers.") == 0)
        if ((length == 1 && *word == '+') || strspn(word, "0123456789") >= length)
            return "N";
    if (strcmp(before, "algorithm.") == 0)
        return "OP"; /* which operations there are is the backend's to say */
    for (size_t i = 0; i < TFU_COUNT(splits) && strcmp(before, "data.") == 0; i++)
        if (strlen(splits[i]) == length && strncmp(word, splits[i], length) == 0)
            return "SPLIT";
    return NULL;
}

void tfu_reference_normalise(struct tfu_text *out, const char *path)
{
    for (size_t length; *path; path += length) {
        length = strcspn(path, ".");
        const char *name = length ? canonical(tfu_text_get(out), path, length) : NULL;
        tfu_text_append(out, name ? name : path, name ? strlen(name) : length);
        if (path[length] == '.') {
            tfu_text_puts(out, ".");
            length++;
        }
    }
}
