/* SPDX-License-Identifier: MIT
 *
 * transfuse figure gradcam and saliency: images with what a network looks at laid over them.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/path.h"
#include "core/cli/explain_options.h"
#include "core/io/npz.h"
#include "core/study/explain.h"
#include "core/study/explain_image.h"
#include "core/task/task.h"

#define SHARED_HELP                                                                                \
    "  --images LIST    examples of the data, counted from 0 after selection: 0,5,9\n"             \
    "  --class CLASS    the logit that is explained: predicted (each network's own answer), "      \
    "label,\n"                                                                                     \
    "                   or the number of a class from 0\n"                                         \
    "  --split SPLIT    test, valid or train data (the first of these that there is)\n"            \
    "  --config FILE    the configuration that a file of weights belongs to\n"                     \
    "  KEY=VALUE        overrides of the configurations\n"

static const char gradcam_help[] =
    "usage: transfuse figure gradcam NETWORK... --images LIST --output FOLDER [--layer NAME]\n"
    "                                [--class predicted|label|K] [--split SPLIT] [--config FILE]\n"
    "                                [KEY=VALUE]...\n"
    "\n"
    "Grad-CAM (Selvaraju et al. 2017): where in an image the maps of a layer speak for a class. A\n"
    "NETWORK is RUN, RUN@best, RUN@final, RUN@initial, RUN@STEP, CONFIG.yaml (its initial state) "
    "or\n"
    "a checkpoint.\n"
    "\n"
    "  --output FOLDER  gets gradcam.csv, .gp, .svg, .png, an image for each part of the figure, "
    "and\n"
    "                   gradcam.npz with the maps as they are\n"
    "  --layer NAME     a layer, or a stage: the last map of it (the last map of the "
    "network)\n" SHARED_HELP;

static const char saliency_help[] =
    "usage: transfuse figure saliency NETWORK... --images LIST --output FOLDER\n"
    "                                 [--class predicted|label|K] [--split SPLIT] [--config FILE]\n"
    "                                 [KEY=VALUE]...\n"
    "\n"
    "Saliency (Simonyan et al. 2014): how much a class's logit changes with each pixel, the "
    "largest\n"
    "absolute gradient over its channels. A NETWORK is RUN, RUN@best, RUN@final, RUN@initial,\n"
    "RUN@STEP, CONFIG.yaml (its initial state) or a checkpoint.\n"
    "\n"
    "  --output FOLDER  gets saliency.csv, .gp, .svg, .png, an image for each part of the figure,\n"
    "                   and saliency.npz with the maps as they are\n" SHARED_HELP;

enum { SHOWN_SIDE = 224, NAME_SIZE = 48 };

/* A panel: an image as it is (network 0), or what network number `network` - 1 sees in it. */
struct part {
    size_t image, network;
    char file[NAME_SIZE];  /* PNG */
    char array[NAME_SIZE]; /* in the archive of maps */
    struct tfu_text title, note;
    int64_t height, width; /* of the file */
    int64_t dim[2];        /* of the map */
    float *map;
};

struct work {
    const struct tfu_explain_options *request;
    const struct tfu_drawing *drawing;
    struct part *part; /* row by row: the image, then each network */
    size_t parts;
    float *pixels; /* of one image */
    char layer[TFU_DRAWING_SUBJECTS][NAME_SIZE * 4];
};

/* ---- one image */

static const char *class_name(const struct tfu_drawing *d, size_t network, int64_t class,
                              char buffer[NAME_SIZE])
{
    const char *const *names = tfu_assemble_class_names(d->subject[network]->experiment,
                                                        tfu_dataset_info(d->data[network]));
    if (names)
        return names[class];
    snprintf(buffer, NAME_SIZE, "class %" PRId64, class);
    return buffer;
}

static enum tfu_status get_image(const struct work *w, size_t network, size_t image, float *labels,
                                 struct tfu_error *e)
{
    const struct tfu_dataset *data = w->drawing->data[network];
    const int64_t index = w->request->image[image], count = tfu_dataset_info(data)->count;
    if (index >= count)
        return tfu_error_set(
            e, TFU_EINVAL,
            "there is no image %" PRId64 ": the %s data of '%s' have %" PRId64 ", counted from 0",
            index, tfu_split_name(w->drawing->used[network]), w->drawing->spec[network], count);
    return tfu_dataset_get(data, index, w->pixels, labels, e);
}

/* Softmax's part of a class. */
static double probability(const float *logits, int64_t classes, int64_t class)
{
    double sum = 0;
    for (int64_t k = 0; k < classes; k++)
        sum += exp((double)logits[k] - (double)logits[class]);
    return 1 / sum;
}

/* ---- drawing */

static enum tfu_status write_image(const struct work *w, struct part *p,
                                   const struct tfu_image *image, struct tfu_error *e)
{
    const int64_t side = image->height > image->width ? image->height : image->width;
    struct tfu_image shown = {.pixel = NULL};
    enum tfu_status st = tfu_image_grid(
        &shown, image, 1, 1, side < SHOWN_SIDE ? (SHOWN_SIDE + side - 1) / side : 1, 0, e);
    if (st == TFU_OK)
        st = tfu_drawing_image(w->drawing, &shown, p->file, e);
    p->height = shown.height;
    p->width = shown.width;
    tfu_image_free(&shown);
    return st;
}

/* The image of w->pixels, with the map of the part over it if it has one. */
static enum tfu_status draw_part(const struct work *w, struct part *p, size_t network,
                                 struct tfu_error *e)
{
    struct tfu_image image = {.pixel = NULL};
    /* saliency is a matter of single pixels, which need more colour to be seen */
    const struct tfu_explain_map map = {p->map, p->dim[0], p->dim[1],
                                        w->request->gradcam ? 0.5 : 0.8};
    enum tfu_status st =
        tfu_explain_image(&image, w->drawing->data[network], w->pixels, p->map ? &map : NULL, e);
    if (st == TFU_OK)
        st = write_image(w, p, &image, e);
    tfu_image_free(&image);
    return st;
}

static enum tfu_status make_map(const struct work *w, struct part *p, struct tfu_explainer *x,
                                size_t network, const float *labels, struct tfu_error *e)
{
    const struct tfu_dataset_info *info = tfu_dataset_info(w->drawing->data[network]);
    const float *logits;
    const int64_t classes = tfu_explainer_classes(x);
    int64_t class;
    enum tfu_status st = tfu_explainer_logits(x, w->pixels, &logits, e);
    if (st == TFU_OK)
        st = tfu_explain_class(w->request, w->drawing->spec[network],
                               tfu_explain_label(info, labels), logits, classes, &class, e);
    if (st != TFU_OK)
        return st;
    char name[NAME_SIZE];
    tfu_text_printf(&p->title, "(%zu) %s", network + 1,
                    class_name(w->drawing, network, class, name));
    /* of one class among several a probability, else the logit itself */
    if (tfu_task_of(&w->drawing->subject[network]->experiment->task)->words.chooses_one)
        tfu_text_printf(&p->note, "p = %.3f", probability(logits, classes, class));
    else
        tfu_text_printf(&p->note, "logit %.3g", (double)logits[class]);
    st = tfu_explainer_look(x, w->pixels, class, e);
    if (st != TFU_OK)
        return st;
    if (w->request->gradcam) {
        tfu_explainer_map_size(x, &p->dim[0], &p->dim[1]);
    } else {
        p->dim[0] = info->height;
        p->dim[1] = info->width;
    }
    p->map = malloc((size_t)(p->dim[0] * p->dim[1]) * sizeof *p->map);
    if (!p->map)
        return tfu_error_memory(e, "a map", 0);
    return w->request->gradcam ? tfu_explainer_gradcam(x, p->map, e)
                               : tfu_explainer_saliency(x, p->map, e);
}

static enum tfu_status allocate(struct work *w, size_t network, float **labels, struct tfu_error *e)
{
    const struct tfu_dataset_info *info = tfu_dataset_info(w->drawing->data[network]);
    const size_t bytes = (size_t)(info->height * info->width * info->channels) * sizeof *w->pixels;
    w->pixels = malloc(bytes);
    *labels = malloc((size_t)info->label_columns * sizeof **labels + 1);
    return w->pixels && *labels ? TFU_OK : tfu_error_memory(e, "reading images", bytes);
}

/* The parts of an image that one network has: the image itself, if it is the first, and the map. */
static enum tfu_status do_image(struct work *w, struct tfu_explainer *x, size_t network,
                                size_t image, float *labels, struct tfu_error *e)
{
    const size_t columns = w->drawing->count + 1;
    struct part *plain = &w->part[image * columns], *seen = plain + network + 1;
    enum tfu_status st = get_image(w, network, image, labels, e);
    if (st == TFU_OK)
        st = make_map(w, seen, x, network, labels, e);
    if (st == TFU_OK)
        st = draw_part(w, seen, network, e);
    if (st != TFU_OK || network > 0)
        return st;
    char name[NAME_SIZE];
    const int64_t label = tfu_explain_label(tfu_dataset_info(w->drawing->data[network]), labels);
    tfu_text_printf(&plain->title, "image %" PRId64, w->request->image[image]);
    tfu_text_printf(&plain->note, "label: %s",
                    label < 0 ? "not one class" : class_name(w->drawing, network, label, name));
    st = get_image(w, network, image, labels, e);
    return st == TFU_OK ? draw_part(w, plain, network, e) : st;
}

static enum tfu_status do_network(struct work *w, size_t network, struct tfu_error *e)
{
    const struct tfu_explain_request request = {.subject = w->drawing->subject[network],
                                                .data = w->drawing->data[network],
                                                .layer = w->request->layer};
    struct tfu_explainer *x;
    float *labels = NULL;
    enum tfu_status st = tfu_explainer_new(&x, &request, e);
    if (st != TFU_OK)
        return st;
    snprintf(w->layer[network], sizeof w->layer[network], "%s", tfu_explainer_layer(x));
    st = allocate(w, network, &labels, e);
    for (size_t i = 0; st == TFU_OK && i < w->request->images; i++)
        st = do_image(w, x, network, i, labels, e);
    free(labels);
    free(w->pixels);
    w->pixels = NULL;
    tfu_explainer_free(x);
    return st;
}

/* ---- the whole */

static enum tfu_status write_maps(const struct work *w, struct tfu_error *e)
{
    struct tfu_safetensors_tensor *array = calloc(w->parts, sizeof *array);
    char file[NAME_SIZE];
    snprintf(file, sizeof file, "%s.npz", w->request->name);
    char *path = tfu_path_join(w->drawing->output, file);
    size_t n = 0;
    for (size_t i = 0; array && i < w->parts; i++)
        if (w->part[i].map)
            array[n++] = (struct tfu_safetensors_tensor){.name = w->part[i].array,
                                                         .dtype = TFU_STORED_F32,
                                                         .rank = 2,
                                                         .dim = w->part[i].dim,
                                                         .data = w->part[i].map};
    const enum tfu_status st =
        array && path ? tfu_npz_write(path, array, n, e) : tfu_error_memory(e, "writing maps", 0);
    free(path);
    free(array);
    return st;
}

static void put_caption(const struct work *w, struct tfu_text *out)
{
    const struct tfu_explain_options *r = w->request;
    if (r->gradcam)
        tfu_text_puts(out, "Grad-CAM of ");
    for (size_t i = 0; r->gradcam && i < w->drawing->count; i++)
        if (i == 0 || strcmp(w->layer[i], w->layer[0]) != 0)
            tfu_text_printf(out, "%s%s", i ? ", " : "", w->layer[i]);
    tfu_text_puts(out, r->gradcam ? ": where its maps speak for the class"
                                  : "Saliency: the absolute gradient of the class by each pixel");
    tfu_text_printf(out, " (%s); each map is scaled to its largest number. %s data. ",
                    r->choice == TFU_EXPLAIN_PREDICTED ? "the one predicted"
                    : r->choice == TFU_EXPLAIN_LABEL   ? "the label's"
                                                       : "the same for all",
                    w->drawing->used[0] == TFU_SPLIT_TEST    ? "Test"
                    : w->drawing->used[0] == TFU_SPLIT_VALID ? "Validation"
                                                             : "Training");
    tfu_drawing_list(w->drawing, out);
    tfu_text_puts(out, ".");
}

static enum tfu_status write_figure(const struct work *w, struct tfu_error *e)
{
    struct tfu_figure_panel *panel = calloc(w->parts, sizeof *panel);
    if (!panel)
        return tfu_error_memory(e, "drawing a figure", 0);
    struct tfu_text caption = TFU_TEXT_INIT;
    put_caption(w, &caption);
    bool failed = caption.failed;
    for (size_t i = 0; i < w->parts; i++) {
        const struct part *p = &w->part[i];
        failed |= p->title.failed || p->note.failed;
        panel[i] = (struct tfu_figure_panel){.title = tfu_text_get(&p->title),
                                             .note = tfu_text_get(&p->note),
                                             .image = {p->file, p->height, p->width}};
    }
    const struct tfu_figure figure = {.kind = TFU_FIGURE_IMAGES,
                                      .caption = tfu_text_get(&caption),
                                      .panel = panel,
                                      .panel_count = w->parts,
                                      .columns = w->drawing->count + 1};
    const enum tfu_status st = failed ? tfu_error_memory(e, "drawing a figure", 0)
                                      : tfu_cli_figure(w->drawing->cli, &figure, w->drawing->output,
                                                       w->request->name, stdout, e);
    tfu_text_free(&caption);
    free(panel);
    return st;
}

static void name_parts(struct work *w)
{
    const size_t columns = w->drawing->count + 1;
    for (size_t i = 0; i < w->parts; i++) {
        struct part *p = &w->part[i];
        const int64_t index = w->request->image[i / columns];
        p->image = i / columns;
        p->network = i % columns;
        if (p->network == 0)
            snprintf(p->file, sizeof p->file, "image-%" PRId64 ".png", index);
        else
            snprintf(p->file, sizeof p->file, "%s-%" PRId64 "-%zu.png", w->request->name, index,
                     p->network);
        snprintf(p->array, sizeof p->array, "image_%" PRId64 ".network_%zu", index, p->network);
    }
}

static enum tfu_status run(void *arg, struct tfu_drawing *d, struct tfu_error *e)
{
    struct work w = {.request = arg, .drawing = d};
    w.parts = w.request->images * (d->count + 1);
    w.part = calloc(w.parts, sizeof *w.part);
    if (!w.part)
        return tfu_error_memory(e, "drawing a figure", 0);
    name_parts(&w);
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < d->count; i++)
        st = do_network(&w, i, e);
    if (st == TFU_OK)
        st = write_maps(&w, e);
    if (st == TFU_OK)
        st = write_figure(&w, e);
    for (size_t i = 0; i < w.parts; i++) {
        free(w.part[i].map);
        tfu_text_free(&w.part[i].title);
        tfu_text_free(&w.part[i].note);
    }
    free(w.part);
    return st;
}

static int explain(struct tfu_cli *cli, struct tfu_explain_options *r, const char *help, int argc,
                   char **argv)
{
    const struct tfu_cli_option option[] = {
        {.name = "--images", .text = &r->images_text},
        {.name = "--class", .text = &r->class_text},
        {.name = "--layer", .text = &r->layer},
        {.name = "--stage", .text = &r->layer},
    };
    const struct tfu_drawing_command command = {
        .name = r->command,
        .help = help,
        .least = 1,
        .option = option,
        .option_count = r->gradcam ? 4 : 2,
        .check = tfu_explain_options_check,
        .run = run,
        .arg = r,
    };
    return tfu_drawing_main(cli, &command, argc, argv);
}

int tfu_figure_gradcam(struct tfu_cli *cli, int argc, char **argv)
{
    struct tfu_explain_options r = {
        .name = "gradcam", .command = "figure gradcam", .gradcam = true};
    return explain(cli, &r, gradcam_help, argc, argv);
}

int tfu_figure_saliency(struct tfu_cli *cli, int argc, char **argv)
{
    struct tfu_explain_options r = {
        .name = "saliency", .command = "figure saliency", .gradcam = false};
    return explain(cli, &r, saliency_help, argc, argv);
}
