/* SPDX-License-Identifier: MIT */
#include "core/analysis/explain.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/analysis/explain_image.h"
#include "core/study/explain.h"
#include "core/task/task.h"

enum { IMAGES_MAX = 12, SHOWN_SIDE = 224 };

/* ---- options */

/* Which class is explained: what is not a number is one of these. */
enum { PREDICTED = -1, LABEL = -2, WRONG = -3 };

static int64_t read_class(const char *text)
{
    if (strcmp(text, "predicted") == 0)
        return PREDICTED;
    if (strcmp(text, "label") == 0)
        return LABEL;
    char *end;
    errno = 0;
    const long long number = strtoll(text, &end, 10);
    return end == text || *end || errno || number < 0 ? WRONG : (int64_t)number;
}

enum tfu_status tfu_explain_check(const void *config, struct tfu_analysis_context *c,
                                  struct tfu_error *e)
{
    const struct tfu_explain_config *o = config;
    if (o->images.count == 0 || o->images.count > IMAGES_MAX)
        return tfu_analysis_refuse(c, "images", e, "`images` are 1 to %d examples, not %" PRIu64,
                                   IMAGES_MAX, o->images.count);
    for (uint64_t i = 0; i < o->images.count; i++)
        for (uint64_t k = 0; k < i; k++)
            if (o->images.item[i] == o->images.item[k])
                return tfu_analysis_refuse(c, "images", e, "`images` names %" PRId64 " twice",
                                           o->images.item[i]);
    if (read_class(o->class) == WRONG)
        return tfu_analysis_refuse(c, "class", e,
                                   "`class` is predicted, label or the number of a class, not '%s'",
                                   o->class);
    return TFU_OK;
}

/* ---- one image */

/* What there is while a network is looked through. */
struct work {
    const struct tfu_explain_kind *kind;
    const struct tfu_explain_config *o;
    int64_t class; /* read_class() */
    struct tfu_pictures pictures;
    struct tfu_result *out;
    struct tfu_figure_panel *panel; /* row by row: the image, then each network */
    const char *layer[TFU_PICTURES_MAX];
    float **map; /* as the panels; NULL: of an image */
    int64_t (*dim)[2];
    size_t network; /* that is looked through, */
    struct tfu_explainer *explainer;
    float *pixels, *labels; /* of one image */
};

/* The label of the example as the index of a class; -1: it is none. */
static int64_t label_of(const struct work *w)
{
    const struct tfu_dataset_info *info = tfu_dataset_info(w->pictures.data[w->network]);
    const bool one = info->label_columns == 1 && info->classes > 0 && isfinite(w->labels[0]);
    return one ? (int64_t)w->labels[0] : -1;
}

static const char *class_name(const struct work *w, int64_t class)
{
    const char *const *names =
        tfu_assemble_class_names(w->pictures.subject[w->network]->experiment,
                                 tfu_dataset_info(w->pictures.data[w->network]));
    return names ? tfu_result_printf(w->out, "%s", names[class])
                 : tfu_result_printf(w->out, "class %" PRId64, class);
}

static enum tfu_status choose_class(const struct work *w, const float *logits, int64_t *out,
                                    struct tfu_error *e)
{
    const char *spec = w->pictures.spec[w->network];
    const int64_t classes = tfu_explainer_classes(w->explainer);
    *out = w->class == LABEL ? label_of(w) : w->class == PREDICTED ? 0 : w->class;
    if (w->class >= classes)
        return tfu_error_set(e, TFU_EINVAL,
                             "there is no class %" PRId64 ": '%s' has %" PRId64
                             " outputs, counted from 0",
                             w->class, spec, classes);
    if (*out < 0 || *out >= classes)
        return tfu_error_set(e, TFU_EINVAL,
                             "the label of the image is no class of '%s'; name one with `class`",
                             spec);
    for (int64_t k = 1; w->class == PREDICTED && k < classes; k++)
        *out = logits[k] > logits[*out] ? k : *out;
    return TFU_OK;
}

/* Softmax's part of a class. */
static double probability(const float *logits, int64_t classes, int64_t class)
{
    double sum = 0;
    for (int64_t k = 0; k < classes; k++)
        sum += exp((double)logits[k] - (double)logits[class]);
    return 1 / sum;
}

static enum tfu_status get_image(const struct work *w, size_t image, struct tfu_error *e)
{
    const struct tfu_dataset *data = w->pictures.data[w->network];
    const int64_t index = w->o->images.item[image], count = tfu_dataset_info(data)->count;
    if (index >= count)
        return tfu_error_set(e, TFU_EINVAL,
                             "there is no image %" PRId64 ": the %s data of '%s' have %" PRId64
                             ", counted from 0",
                             index, tfu_split_name(w->pictures.split[w->network]),
                             w->pictures.spec[w->network], count);
    return tfu_dataset_get(data, index, w->pixels, w->labels, e);
}

static enum tfu_status make_map(const struct work *w, size_t part, struct tfu_error *e)
{
    struct tfu_explainer *x = w->explainer;
    const struct tfu_dataset_info *info = tfu_dataset_info(w->pictures.data[w->network]);
    const struct tfu_task_config *task = &w->pictures.subject[w->network]->experiment->task;
    const float *logits;
    int64_t class, *dim = w->dim[part];
    enum tfu_status st = tfu_explainer_logits(x, w->pixels, &logits, e);
    if (st == TFU_OK)
        st = choose_class(w, logits, &class, e);
    if (st != TFU_OK)
        return st;
    w->panel[part].title =
        tfu_result_printf(w->out, "(%zu) %s", w->network + 1, class_name(w, class));
    /* of one class among several a probability, else the logit itself */
    w->panel[part].note =
        tfu_task_of(task)->words.chooses_one
            ? tfu_result_printf(w->out, "p = %.3f",
                                probability(logits, tfu_explainer_classes(x), class))
            : tfu_result_printf(w->out, "logit %.3g", (double)logits[class]);
    st = tfu_explainer_look(x, w->pixels, class, e);
    dim[0] = info->height;
    dim[1] = info->width;
    if (w->kind->gradcam)
        tfu_explainer_map_size(x, &dim[0], &dim[1]);
    w->map[part] = tfu_result_alloc(w->out, (size_t)(dim[0] * dim[1]), sizeof(float));
    if (st == TFU_OK && !w->map[part])
        st = tfu_error_memory(e, "a map", 0);
    if (st != TFU_OK)
        return st;
    return (w->kind->gradcam ? tfu_explainer_gradcam : tfu_explainer_saliency)(x, w->map[part], e);
}

/* The image of w->pixels, with the map of the part over it if it has one. */
static enum tfu_status draw_part(const struct work *w, size_t part, const char *file,
                                 struct tfu_error *e)
{
    const struct tfu_explain_map map = {w->map[part], w->dim[part][0], w->dim[part][1],
                                        w->kind->share};
    struct tfu_image image = {.pixel = NULL}, shown = {.pixel = NULL};
    enum tfu_status st = tfu_explain_image(&image, w->pictures.data[w->network], w->pixels,
                                           w->map[part] ? &map : NULL, e);
    const int64_t side = image.height > image.width ? image.height : image.width;
    if (st == TFU_OK)
        st = tfu_image_grid(&shown, &image, 1, 1,
                            side < SHOWN_SIDE ? (SHOWN_SIDE + side - 1) / side : 1, 0, e);
    tfu_image_free(&image);
    if (st != TFU_OK)
        return st;
    w->panel[part].image = (struct tfu_figure_image){file, shown.height, shown.width};
    tfu_result_image(w->out, file, &shown);
    return TFU_OK;
}

/* The parts of an image that one network has: the image itself, if it is the first, and the map. */
static enum tfu_status do_image(const struct work *w, size_t image, struct tfu_error *e)
{
    const size_t plain = image * (w->pictures.count + 1), seen = plain + w->network + 1;
    const int64_t index = w->o->images.item[image];
    enum tfu_status st = get_image(w, image, e);
    if (st == TFU_OK)
        st = make_map(w, seen, e);
    if (st == TFU_OK)
        st = draw_part(w, seen,
                       tfu_result_printf(w->out, "%s-%" PRId64 "-%zu.png", w->kind->name, index,
                                         w->network + 1),
                       e);
    if (st != TFU_OK || w->network > 0)
        return st;
    const int64_t label = label_of(w);
    w->panel[plain].title = tfu_result_printf(w->out, "image %" PRId64, index);
    w->panel[plain].note =
        tfu_result_printf(w->out, "label: %s", label < 0 ? "not one class" : class_name(w, label));
    return draw_part(w, plain, tfu_result_printf(w->out, "image-%" PRId64 ".png", index), e);
}

/* ---- the whole */

static enum tfu_status do_network(struct work *w, struct tfu_error *e)
{
    const struct tfu_dataset *data = w->pictures.data[w->network];
    const struct tfu_dataset_info *info = tfu_dataset_info(data);
    const struct tfu_explain_request request = {.subject = w->pictures.subject[w->network],
                                                .data = data,
                                                .layer = w->o->layer && w->o->layer[0] ? w->o->layer
                                                                                       : NULL};
    enum tfu_status st = tfu_explainer_new(&w->explainer, &request, e);
    if (st != TFU_OK)
        return st;
    w->layer[w->network] = tfu_result_printf(w->out, "%s", tfu_explainer_layer(w->explainer));
    const size_t numbers = (size_t)(info->height * info->width * info->channels);
    w->pixels = malloc(numbers * sizeof *w->pixels);
    w->labels = malloc((size_t)info->label_columns * sizeof *w->labels + 1);
    if (!w->pixels || !w->labels)
        st = tfu_error_memory(e, "reading images", numbers * sizeof *w->pixels);
    for (size_t i = 0; st == TFU_OK && i < w->o->images.count; i++)
        st = do_image(w, i, e);
    free(w->labels);
    free(w->pixels);
    tfu_explainer_free(w->explainer);
    return st;
}

static void put_maps(const struct work *w, size_t parts)
{
    const size_t columns = w->pictures.count + 1;
    for (size_t i = 0; i < parts; i++)
        if (w->map[i])
            tfu_result_array(w->out,
                             tfu_result_printf(w->out, "image_%" PRId64 ".network_%zu",
                                               w->o->images.item[i / columns], i % columns),
                             2, w->dim[i], w->map[i]);
}

static const char *make_caption(const struct work *w)
{
    static const char *const split[] = {[TFU_SPLIT_TRAIN] = "Training",
                                        [TFU_SPLIT_VALID] = "Validation",
                                        [TFU_SPLIT_TEST] = "Test"};
    const size_t count = w->pictures.count;
    struct tfu_text text = TFU_TEXT_INIT;
    if (w->kind->gradcam)
        tfu_text_puts(&text, "Grad-CAM of ");
    for (size_t i = 0; w->kind->gradcam && i < count; i++)
        if (i == 0 || strcmp(w->layer[i], w->layer[0]) != 0)
            tfu_text_printf(&text, "%s%s", i ? ", " : "", w->layer[i]);
    tfu_text_puts(&text, w->kind->gradcam
                             ? ": where its maps speak for the class"
                             : "Saliency: the absolute gradient of the class by each pixel");
    tfu_text_printf(&text, " (%s); each map is scaled to its largest number. %s data. ",
                    w->class == PREDICTED ? "the one predicted"
                    : w->class == LABEL   ? "the label's"
                                          : "the same for all",
                    split[w->pictures.split[0]]);
    for (size_t i = 0; i < count; i++)
        tfu_text_printf(&text, "%s(%zu) %s", i ? "; " : "", i + 1, w->pictures.subject[i]->label);
    tfu_text_puts(&text, ".");
    return tfu_result_keep(w->out, &text);
}

enum tfu_status tfu_explain(const struct tfu_explain_kind *kind, const void *config,
                            const struct tfu_analysis_networks *n, struct tfu_analysis_context *c,
                            struct tfu_result *out, struct tfu_error *e)
{
    struct work w = {.kind = kind, .o = config, .out = out};
    w.class = read_class(w.o->class);
    enum tfu_status st = tfu_pictures_open(&w.pictures, n, c, e);
    if (st != TFU_OK)
        return st;
    const size_t columns = n->count + 1, parts = w.o->images.count * columns;
    struct tfu_figure *figure = tfu_result_figure(out, TFU_FIGURE_IMAGES, &w.panel, parts);
    w.map = tfu_result_alloc(out, parts, sizeof *w.map);
    w.dim = tfu_result_alloc(out, parts, sizeof *w.dim);
    if (!figure || !w.map || !w.dim)
        return tfu_error_memory(e, "drawing a figure", 0);
    for (w.network = 0; st == TFU_OK && w.network < n->count; w.network++)
        st = do_network(&w, e);
    if (st != TFU_OK)
        return st;
    put_maps(&w, parts);
    figure->columns = columns;
    figure->caption = make_caption(&w);
    return TFU_OK;
}
