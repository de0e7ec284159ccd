/* SPDX-License-Identifier: MIT
 *
 * figure filters: the filters of a convolution of one network or several, side by side.
 */
#include "core/study/filters.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "core/analysis/all.h"
#include "core/analysis/pictures.h"
#include "core/study/gray_images.h"

enum { EACH, JOINT };
static const char *const scales[] = {"each", "joint", NULL};
enum { AUTO, KEEP, ADD };
static const char *const colours[] = {"auto", "keep", "add", NULL};

struct config {
    struct tfu_analysis_common common;
    const char *layer;
    int32_t scale, colours;
};

static const struct tfu_option options[] = {
    TFU_OPT_STRING(struct config, layer, "", 0, "another convolution than the first"),
    TFU_OPT_ENUM(struct config, scale, "each", scales,
                 "from black to white: each filter's least to its largest weight, or the least and "
                 "the largest of all that are shown"),
    TFU_OPT_ENUM(struct config, colours, "auto", colours,
                 "the first convolution's channels: add shows their sum in gray, which is what "
                 "acts on images whose channels are equal; keep shows colours; auto is add where "
                 "the network's images are such"),
    TFU_OPTION_SPLIT_ANY,
    TFU_OPTION_CONFIG,
    TFU_OPTION_SET,
};

enum { TILE = 42, GAP = 3 }; /* pixels of the image: about the first, and exactly */

struct range {
    double low, high;
};

/* Of what is shown: of gray filters the mean over the channels. */
static void see_filter(struct range *r, const struct tfu_filters *f, int64_t k)
{
    const float *x = f->number + k * f->height * f->width * f->channels;
    const bool colour = f->channels == 3;
    for (int64_t p = 0; p < f->height * f->width; p++, x += f->channels) {
        double mean = 0;
        for (int64_t c = 0; c < f->channels; c++) {
            mean += (double)x[c] / (double)f->channels;
            r->low = colour ? fmin(r->low, (double)x[c]) : r->low;
            r->high = colour ? fmax(r->high, (double)x[c]) : r->high;
        }
        r->low = colour ? r->low : fmin(r->low, mean);
        r->high = colour ? r->high : fmax(r->high, mean);
    }
}

static int64_t grid_columns(int64_t count)
{
    const int64_t least = (int64_t)ceil(sqrt((double)count));
    for (int64_t c = least; c <= 2 * least; c++)
        if (count % c == 0)
            return c;
    return least;
}

/* All filters of a network as one image. `joint` NULL: each on a scale of its own. */
static enum tfu_status draw_filters(struct tfu_image *out, const struct tfu_filters *f,
                                    const struct range *joint, struct tfu_error *e)
{
    struct tfu_image *tile = calloc((size_t)f->count, sizeof *tile);
    enum tfu_status st = tile ? TFU_OK : tfu_error_memory(e, "drawing filters", 0);
    for (int64_t k = 0; st == TFU_OK && k < f->count; k++) {
        st = tfu_image_new(&tile[k], f->height, f->width, e);
        if (st != TFU_OK)
            break;
        struct range r = {INFINITY, -INFINITY};
        see_filter(&r, f, k);
        r = joint ? *joint : r;
        tfu_image_from_numbers(&tile[k], f->number + k * f->height * f->width * f->channels,
                               f->channels, r.low, r.high);
    }
    const int64_t side = f->height > f->width ? f->height : f->width;
    const int64_t scale = side < TILE ? TILE / side : 1;
    if (st == TFU_OK)
        st = tfu_image_grid(out, tile, f->count, grid_columns(f->count), scale, GAP, e);
    for (int64_t k = 0; tile && k < f->count; k++)
        tfu_image_free(&tile[k]);
    free(tile);
    return st;
}

/* "64 of conv1, 7 x 7 of 3 channels, of random" */
static void describe(struct tfu_text *out, const struct tfu_filters *f, int64_t channels,
                     const char *label)
{
    tfu_text_printf(out,
                    "%" PRId64 " of %s, %" PRId64 " x %" PRId64 " of %" PRId64 " channel%s%s, "
                    "of %s",
                    f->count, f->layer, f->height, f->width, channels, channels == 1 ? "" : "s",
                    channels != f->channels ? " added up, as it sees gray images" : "", label);
}

/* A PNG and a panel each. `channels`: how many each had. */
static enum tfu_status draw(const struct tfu_pictures *p, const struct tfu_filters *filters,
                            const int64_t *channels, bool joint, struct tfu_result *out,
                            struct tfu_error *e)
{
    struct tfu_figure_panel *panel;
    struct tfu_figure *figure = tfu_result_figure(out, TFU_FIGURE_IMAGES, &panel, p->count);
    struct range all = {INFINITY, -INFINITY};
    for (size_t i = 0; i < p->count; i++)
        for (int64_t k = 0; k < filters[i].count; k++)
            see_filter(&all, &filters[i], k);
    struct tfu_text caption = TFU_TEXT_INIT;
    tfu_text_printf(&caption, "Filters, %s from its least weight (black) to its largest (white):",
                    joint ? "the whole figure" : "each");
    enum tfu_status st = figure ? TFU_OK : tfu_error_memory(e, "drawing filters", 0);
    for (size_t i = 0; st == TFU_OK && i < p->count; i++) {
        const struct tfu_filters *f = &filters[i];
        const char *label = p->subject[i]->label;
        struct tfu_image image = {.pixel = NULL};
        st = draw_filters(&image, f, joint ? &all : NULL, e);
        panel[i].title = tfu_result_printf(out, "(%zu) %s", i + 1, label);
        panel[i].image = (struct tfu_figure_image){tfu_result_printf(out, "filters-%zu.png", i + 1),
                                                   image.height, image.width};
        tfu_result_image(out, panel[i].image.file, &image);
        tfu_text_printf(&caption, "%s (%zu) ", i ? ";" : "", i + 1);
        describe(&caption, f, channels[i], label);
    }
    tfu_text_puts(&caption, ".");
    const char *text = tfu_result_keep(out, &caption);
    if (figure)
        figure->caption = text;
    return st;
}

/* Adds up channels where that is wanted; *channels: how many there were. */
static enum tfu_status show_gray(struct tfu_filters *f, const struct tfu_dataset *data,
                                 int32_t wanted, int64_t *channels, struct tfu_error *e)
{
    bool add = wanted == ADD;
    enum tfu_status st = TFU_OK;
    *channels = f->channels;
    if (!f->of_image || f->channels == 1)
        return TFU_OK;
    if (wanted == AUTO)
        st = tfu_images_are_gray(data, &add, e);
    if (st == TFU_OK && add)
        tfu_filters_add_channels(f, tfu_dataset_preprocessing(data));
    return st;
}

static enum tfu_status read_filters(struct tfu_filters *to, const struct tfu_pictures *p, size_t i,
                                    const char *layer, struct tfu_error *e)
{
    struct tfu_graph *graph;
    struct tfu_network *network;
    enum tfu_status st = tfu_pictures_network(p, i, &graph, &network, e);
    if (st != TFU_OK)
        return st;
    st = tfu_filters_read(to, network, layer[0] ? layer : NULL,
                          tfu_dataset_preprocessing(p->data[i]), e);
    tfu_network_free(network);
    tfu_graph_free(graph);
    return st;
}

static enum tfu_status run(const void *config, const struct tfu_analysis_networks *n,
                           struct tfu_analysis_context *c, struct tfu_result *out,
                           struct tfu_error *e)
{
    const struct config *o = config;
    struct tfu_filters filters[TFU_PICTURES_MAX] = {{.number = NULL}};
    int64_t channels[TFU_PICTURES_MAX];
    struct tfu_pictures p;
    enum tfu_status st = tfu_pictures_open(&p, n, c, e);
    for (size_t i = 0; st == TFU_OK && i < p.count; i++) {
        st = read_filters(&filters[i], &p, i, o->layer, e);
        if (st == TFU_OK)
            st = show_gray(&filters[i], p.data[i], o->colours, &channels[i], e);
    }
    if (st == TFU_OK)
        st = draw(&p, filters, channels, o->scale == JOINT, out, e);
    for (size_t i = 0; i < TFU_PICTURES_MAX; i++)
        tfu_filters_free(&filters[i]);
    return st;
}

const struct tfu_analysis tfu_analysis_filters = {
    .name = "filters",
    .group = "figure",
    .summary = "filters of the first convolution, as small images",
    .about = "The filters of the first convolution as small images in a grid, a PNG a network "
             "(filters-1.png,\n"
             "filters-2.png, ...), and a figure with all of them: filters.csv, .gp, .svg, .png and "
             ".pdf. "
             "Filters of 3\n"
             "channels are in colour, others in gray: the mean over their channels. Where the "
             "images have three equal\n"
             "channels, those of the first convolution are added up, which is what it does to such "
             "images.\n",
    .takes = TFU_ANALYSIS_TAKES_LIST,
    .least = 1,
    .most = TFU_PICTURES_MAX,
    .is_figure = true,
    .option = options,
    .options = TFU_COUNT(options),
    .config_size = sizeof(struct config),
    .run = run,
};
