/* SPDX-License-Identifier: MIT */
#include "tests/config/fake_registry.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include <transfuse/dataset.h>
#include <transfuse/metric.h>

struct tfu_registry {
    int unused;
};

#define PLUGIN(kind_, name_, table, config)                                                        \
    {                                                                                              \
        TFU_PLUGIN_HEADER(kind_), .name = (name_), .version = "1", .summary = "fake",              \
                                  TFU_OPTIONS(table, config)                                       \
    }

static const char *const modes[] = {"fast", "exact", "auto", NULL};
#define EVERY struct fake_every
static const struct tfu_option every_options[] = {
    TFU_OPT_BOOL(EVERY, flag, 1, "a flag"),
    TFU_OPT_ENUM(EVERY, mode, "exact", modes, "a mode"),
    TFU_OPT_INT(EVERY, whole, 3, 1, 10, "an integer"),
    TFU_OPT_INT(EVERY, exact, 0, INT64_MIN, INT64_MAX, "a large integer"),
    TFU_OPT_FLOAT(EVERY, real, 0.1, -1, 1, "a number"),
    TFU_OPT_STRING(EVERY, text, "no", 0, "a text"),
    TFU_OPT_PATH(EVERY, file, "", 0, "a file"),
    TFU_OPT_INT_LIST(EVERY, sizes, 0, 9, "some integers"),
    TFU_OPT_FLOAT_LIST(EVERY, mean, 0, 1, "some numbers"),
    TFU_OPT_STRING_LIST(EVERY, words, "some texts"),
    TFU_OPT_STRING(EVERY, slim.from, "", 0, "first stage"),
    TFU_OPT_INT(EVERY, slim.to, 1, 0, 5, "last stage"),
};

struct cbr {
    int32_t padding, variant;
};
static const char *const paddings[] = {"same", "valid", NULL};
static const char *const variants[] = {"params", "text", NULL};
static const struct tfu_option cbr_options[] = {
    TFU_OPT_ENUM(struct cbr, padding, "same", paddings, "of convolutions"),
    TFU_OPT_ENUM(struct cbr, variant, "params", variants, "which widths"),
};

struct fill {
    int32_t scheme;
    double gain;
};
static const char *const schemes[] = {"he_normal", "glorot_uniform", "constant", NULL};
static const struct tfu_option random_options[] = {
    TFU_OPT_ENUM(struct fill, scheme, "he_normal", schemes, "how weights are drawn"),
    TFU_OPT_FLOAT(struct fill, gain, 1, 0, DBL_MAX, "factor on all of them"),
};

/* Initializers with another one in their options: one that is there by default, and one that has to
 * be said. */
struct graft {
    const char *source;
    const struct tfu_inner *rest;
};
static const struct tfu_option graft_options[] = {
    TFU_OPT_PATH(struct graft, source, NULL, TFU_OPT_REQUIRED, "the file of weights"),
    TFU_OPT_INNER(struct graft, rest, "random", 0, "fills the rest"),
};
static const struct tfu_option strict_options[] = {
    TFU_OPT_INNER(struct graft, rest, NULL, TFU_OPT_REQUIRED, "fills the rest"),
};
static const struct tfu_option endless_options[] = {
    TFU_OPT_INNER(struct graft, rest, "endless", 0, "one like this"),
};
static const struct tfu_option optional_options[] = {
    TFU_OPT_INNER(struct graft, rest, NULL, 0, "fills the rest, if there is one"),
};

/* A reader of image files. */
struct scan {
    struct tfu_float_list window;
    int64_t frame;
};
static const struct tfu_option scan_options[] = {
    TFU_OPT_FLOAT_LIST(struct scan, window, -1000, 1000, "centre and width"),
    TFU_OPT_INT(struct scan, frame, 0, 0, 9, "which image"),
};

/* What the short forms of a split stand for. */
struct size {
    struct tfu_int_list size;
};
static const struct tfu_option resize_options[] = {
    TFU_OPT_INT_LIST(struct size, size, 1, 65536, "height and width"),
};
struct numbers {
    int64_t channels;
    const char *preprocessing;
    struct tfu_float_list mean, deviation;
};
static const struct tfu_option normalise_options[] = {
    TFU_OPT_INT(struct numbers, channels, 0, 0, 65536, "channels"),
    TFU_OPT_STRING(struct numbers, preprocessing, "", 0, "a published one"),
    TFU_OPT_FLOAT_LIST(struct numbers, mean, -1e6, 1e6, "what is subtracted"),
    TFU_OPT_FLOAT_LIST(struct numbers, deviation, 1e-6, 1e6, "what it is divided by"),
};
struct chance {
    double horizontal;
};
static const struct tfu_option flip_options[] = {
    TFU_OPT_FLOAT(struct chance, horizontal, 0.5, 0, 1, "a probability"),
};

struct files {
    const char *images, *labels;
};
static const struct tfu_option idx_options[] = {
    TFU_OPT_PATH(struct files, images, NULL, TFU_OPT_REQUIRED, "the file of images"),
    TFU_OPT_PATH(struct files, labels, NULL, TFU_OPT_REQUIRED, "the file of labels"),
};

/* its options have the names of keys that are the host's */
struct clash {
    int64_t limit;
    double plugin;
    struct {
        int64_t height;
    } resize;
};
static const struct tfu_option clash_options[] = {
    TFU_OPT_INT(struct clash, limit, 0, 0, 9, "a limit"),
    TFU_OPT_FLOAT(struct clash, plugin, 0, 0, 9, "a number"),
    TFU_OPT_INT(struct clash, resize.height, 0, 0, 9, "a height"),
};

struct adam {
    double lr, beta1, beta2;
};
static const struct tfu_option adam_options[] = {
    TFU_OPT_FLOAT(struct adam, lr, 1e-3, 0, DBL_MAX, "learning rate"),
    TFU_OPT_FLOAT(struct adam, beta1, 0.9, 0, 1, "decay of the mean"),
    TFU_OPT_FLOAT(struct adam, beta2, 0.999, 0, 1, "decay of the square"),
};

struct sgd {
    double lr, momentum;
    int32_t nesterov;
};
static const struct tfu_option sgd_options[] = {
    TFU_OPT_FLOAT(struct sgd, lr, 0.1, 0, DBL_MAX, "learning rate"),
    TFU_OPT_FLOAT(struct sgd, momentum, 0, 0, 1, "of the update"),
    TFU_OPT_BOOL(struct sgd, nesterov, 0, "look ahead"),
};

struct auc {
    double confidence, most;
};
static const struct tfu_option auc_options[] = {
    TFU_OPT_FLOAT(struct auc, confidence, 0.95, 0.5, 0.999, "of the interval"),
    TFU_OPT_FLOAT(struct auc, most, INFINITY, 0, INFINITY, "a default that cannot be written"),
};

/* Metrics of two networks, and one that is fitted to a single one. */
struct svcca {
    double share;
};
static const struct tfu_option svcca_options[] = {
    TFU_OPT_FLOAT(struct svcca, share, 0.99, 0, 1, "of the variance"),
};
static const struct tfu_metric_ops compares = {.struct_size = sizeof compares,
                                               .needs = TFU_NEEDS_TAPS};
static const struct tfu_metric_ops probes = {.struct_size = sizeof probes,
                                             .needs = TFU_NEEDS_TAPS | TFU_NEEDS_FIT};
/* its option has the name of a key that is the host's */
struct images {
    int64_t images;
};
static const struct tfu_option clashing_options[] = {
    TFU_OPT_INT(struct images, images, 0, 0, 9, "a count"),
};

/* Whoever opens data is told that there are none. */
static enum tfu_status open_nothing(void **self, const void *config, struct tfu_dataset_host *h)
{
    (void)config;
    *self = NULL;
    return h->fail(h, TFU_ENOTFOUND, "there are no data");
}

static const struct tfu_dataset_ops nothing_to_open = {.open = open_nothing};

static const struct tfu_plugin plugins[] = {
    PLUGIN(TFU_KIND_ARCH, "every", every_options, EVERY),
    PLUGIN(TFU_KIND_ARCH, "cbr_tiny", cbr_options, struct cbr),
    PLUGIN(TFU_KIND_INIT, "random", random_options, struct fill),
    PLUGIN(TFU_KIND_INIT, "graft", graft_options, struct graft),
    PLUGIN(TFU_KIND_INIT, "strict", strict_options, struct graft),
    PLUGIN(TFU_KIND_INIT, "endless", endless_options, struct graft),
    PLUGIN(TFU_KIND_INIT, "optional", optional_options, struct graft),
    {TFU_PLUGIN_HEADER(TFU_KIND_DATASET), .name = "idx", .version = "1", .summary = "fake",
     .ops = &nothing_to_open, TFU_OPTIONS(idx_options, struct files)},
    PLUGIN(TFU_KIND_TRANSFORM, "resize", resize_options, struct size),
    PLUGIN(TFU_KIND_TRANSFORM, "normalise", normalise_options, struct numbers),
    PLUGIN(TFU_KIND_TRANSFORM, "flip", flip_options, struct chance),
    PLUGIN(TFU_KIND_READER, "scan", scan_options, struct scan),
    {TFU_PLUGIN_HEADER(TFU_KIND_DATASET), .name = "clash", .version = "1", .summary = "fake",
     .ops = &nothing_to_open, TFU_OPTIONS(clash_options, struct clash)},
    PLUGIN(TFU_KIND_OPTIM, "adam", adam_options, struct adam),
    PLUGIN(TFU_KIND_OPTIM, "sgd", sgd_options, struct sgd),
    PLUGIN(TFU_KIND_METRIC, "auc", auc_options, struct auc),
    {TFU_PLUGIN_HEADER(TFU_KIND_METRIC), .name = "accuracy"},
    {TFU_PLUGIN_HEADER(TFU_KIND_METRIC), .name = "cka", .ops = &compares},
    {TFU_PLUGIN_HEADER(TFU_KIND_METRIC), .name = "probe", .ops = &probes},
    {TFU_PLUGIN_HEADER(TFU_KIND_METRIC), .name = "svcca", .ops = &compares,
     TFU_OPTIONS(svcca_options, struct svcca)},
    {TFU_PLUGIN_HEADER(TFU_KIND_METRIC), .name = "clashing", .ops = &compares,
     TFU_OPTIONS(clashing_options, struct images)},
    /* no matter where a metric compares nothing */
    PLUGIN(TFU_KIND_METRIC, "counting", clashing_options, struct images),
    {TFU_PLUGIN_HEADER(TFU_KIND_METRIC), .name = "loss"},
    {TFU_PLUGIN_HEADER(TFU_KIND_BACKEND), .name = "cpu"},
    {TFU_PLUGIN_HEADER(TFU_KIND_BACKEND), .name = "reference"},
};

struct tfu_registry *fake_registry(void)
{
    static struct tfu_registry registry;
    return &registry;
}

/* Names are plugins; a path is the plugin that its file is called after. */
enum tfu_status tfu_registry_find(struct tfu_registry *r, enum tfu_kind kind, const char *name,
                                  const char *base_dir, const struct tfu_plugin **out,
                                  struct tfu_error *e)
{
    (void)r;
    (void)base_dir;
    *out = NULL;
    const char *slash = strrchr(name, '/');
    const char *file = slash ? slash + 1 : name;
    const size_t length = slash ? strcspn(file, ".") : strlen(file);
    for (size_t i = 0; i < TFU_COUNT(plugins); i++)
        if (plugins[i].kind == (uint32_t)kind && strlen(plugins[i].name) == length &&
            strncmp(plugins[i].name, file, length) == 0)
            *out = &plugins[i];
    if (*out)
        return TFU_OK;
    return tfu_error_set(e, TFU_ENOTFOUND,
                         "there is no plugin '%s'; tried\n  first/%s.so\n  second/%s.so",
                         slash ? file : name, file, file);
}

enum tfu_status tfu_registry_find_for(struct tfu_registry *r, const struct tfu_plugin *user,
                                      enum tfu_kind kind, const char *name,
                                      const struct tfu_plugin **out, struct tfu_error *e)
{
    (void)user;
    return tfu_registry_find(r, kind, name, NULL, out, e);
}

enum tfu_status tfu_registry_look_in(struct tfu_registry *r, const char *folder,
                                     struct tfu_error *e)
{
    (void)r, (void)folder, (void)e;
    return TFU_OK;
}

void tfu_registry_hold(struct tfu_registry *r, const struct tfu_plugin *p)
{
    (void)r;
    (void)p;
}

void tfu_registry_release(struct tfu_registry *r, const struct tfu_plugin *p)
{
    (void)r;
    (void)p;
}

const char *tfu_registry_path(const struct tfu_registry *r, const struct tfu_plugin *p)
{
    (void)r;
    return p->name;
}

enum tfu_status tfu_registry_list(struct tfu_registry *r, int kind, struct tfu_registry_list *out,
                                  struct tfu_error *e)
{
    (void)r, (void)kind, (void)e;
    *out = (struct tfu_registry_list){.count = 0}; /* nothing lies in files */
    return TFU_OK;
}

void tfu_registry_list_open(struct tfu_registry *r, struct tfu_registry_list *l)
{
    (void)r, (void)l;
}

const struct tfu_plugin *tfu_registry_opened(const struct tfu_registry *r, size_t i)
{
    (void)r, (void)i;
    return NULL;
}
