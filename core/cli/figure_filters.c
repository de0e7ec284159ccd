/* SPDX-License-Identifier: MIT
 *
 * transfuse figure filters: the filters of a convolution of one network or several, side by side.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/cli/drawing.h"
#include "core/graph/access.h"

static const char help[] =
    "usage: transfuse figure filters NETWORK... --output FOLDER [--layer NAME]\n"
    "                                [--scale each|joint] [--config FILE] [KEY=VALUE]...\n"
    "\n"
    "The filters of the first convolution as small images in a grid, a PNG a network, and a "
    "figure\n"
    "with all of them. A NETWORK is RUN, RUN@best, RUN@final, RUN@initial, RUN@STEP, CONFIG.yaml\n"
    "(its initial state) or a checkpoint. Filters of 3 channels are in colour, others in gray: "
    "the\n"
    "mean over their channels.\n"
    "\n"
    "  --output FOLDER     gets filters.csv, .gp, .svg, .png, and filters-1.png, filters-2.png, "
    "...\n"
    "  --layer NAME        another convolution\n"
    "  --scale each|joint  from black to white: each filter's least to its largest weight (each), "
    "or\n"
    "                      the least and the largest of all that are shown (joint)\n"
    "  --config FILE       the configuration that a file of weights belongs to\n"
    "  KEY=VALUE           overrides of the configurations\n";

struct request {
    const char *layer, *scale;
};

/* The filters of a network. */
struct bank {
    int64_t count, height, width, channels;
    float *number; /* filter by filter, H,W,C */
    char *layer;
};

enum { TILE = 42, GAP = 3 }; /* pixels of the image: about the first, and exactly */

static bool is_convolution(const struct tfu_graph_node *node)
{
    return strcmp(node->op, "conv2d") == 0;
}

static enum tfu_status no_such_layer(const struct tfu_graph *g, const char *name,
                                     struct tfu_error *e)
{
    const char **names = calloc((size_t)g->node_count + 1, sizeof *names);
    if (!names)
        return tfu_error_memory(e, "finding a layer", 0);
    size_t count = 0;
    for (uint32_t i = 0; i < g->node_count; i++)
        if (is_convolution(&g->node[i]))
            names[count++] = g->node[i].name;
    const char *nearest = tfu_text_nearest(name, names, count);
    struct tfu_text list = TFU_TEXT_INIT;
    enum { SHOWN = 8 };
    for (size_t i = 0; i < count && i < SHOWN; i++)
        tfu_text_printf(&list, "%s%s", i ? ", " : "", names[i]);
    tfu_text_puts(&list, count > SHOWN ? ", ..." : "");
    const enum tfu_status st =
        tfu_error_set(e, TFU_EINVAL, "no convolution of '%s' is called '%s'%s%s%s; there are %s",
                      g->arch, name, nearest ? " (did you mean '" : "", nearest ? nearest : "",
                      nearest ? "'?)" : "", tfu_text_get(&list));
    tfu_text_free(&list);
    free(names);
    return st;
}

/* TFU_GRAPH_NONE with an error. */
static uint32_t find_convolution(const struct tfu_graph *g, const char *name, struct tfu_error *e)
{
    bool any = false;
    for (uint32_t i = 0; i < g->node_count; i++) {
        if (!is_convolution(&g->node[i]))
            continue;
        any = true;
        if (!name || strcmp(name, g->node[i].name) == 0)
            return i;
    }
    if (!any)
        tfu_error_set(e, TFU_EINVAL, "'%s' has no convolution, so it has no filters to show",
                      g->arch);
    else
        no_such_layer(g, name, e);
    return TFU_GRAPH_NONE;
}

/* From K,C,R,S to one image after the other; `reversed`: the network sees blue first. */
static enum tfu_status copy_filters(struct bank *b, const struct tfu_network *network,
                                    uint32_t param, bool reversed, struct tfu_error *e)
{
    const int64_t *dim = tfu_network_graph(network)->param[param].shape.dim;
    const int64_t K = dim[0], C = dim[1], R = dim[2], S = dim[3];
    const size_t n = (size_t)(K * C * R * S);
    b->number = malloc(n * sizeof *b->number);
    if (!b->number)
        return tfu_error_memory(e, "reading filters", n * sizeof *b->number);
    b->count = K;
    b->height = R;
    b->width = S;
    b->channels = C;
    const float *from;
    const enum tfu_status st = tfu_network_look(network, tfu_region_param(param), &from, e);
    if (st != TFU_OK)
        return st;
    float *to = b->number;
    for (int64_t k = 0; k < K; k++)
        for (int64_t p = 0; p < R * S; p++)
            for (int64_t c = 0; c < C; c++)
                *to++ = from[(k * C + (reversed ? C - 1 - c : c)) * R * S + p];
    return TFU_OK;
}

static enum tfu_status read_bank(struct bank *b, const struct tfu_drawing *d, size_t i,
                                 const char *layer, struct tfu_error *e)
{
    struct tfu_graph *graph;
    struct tfu_network *network;
    enum tfu_status st = tfu_drawing_network(d, i, &graph, &network, e);
    if (st != TFU_OK)
        return st;
    const uint32_t node = find_convolution(graph, layer, e);
    if (node == TFU_GRAPH_NONE) {
        st = TFU_EINVAL;
    } else {
        const struct tfu_preprocessing *p = tfu_dataset_preprocessing(d->data[i]);
        const bool first = graph->node[node].in[0] == graph->input;
        st = copy_filters(b, network, graph->node[node].first_param,
                          first && p->order && strcmp(p->order, "bgr") == 0, e);
        b->layer = strdup(graph->node[node].name);
        if (st == TFU_OK && !b->layer)
            st = tfu_error_memory(e, "reading filters", 0);
    }
    tfu_network_free(network);
    tfu_graph_free(graph);
    return st;
}

struct range {
    double low, high;
};

/* Of what is shown: of gray filters the mean over the channels. */
static void see_filter(struct range *r, const struct bank *b, int64_t k)
{
    const float *x = b->number + k * b->height * b->width * b->channels;
    for (int64_t p = 0; p < b->height * b->width; p++, x += b->channels) {
        double mean = 0;
        for (int64_t c = 0; c < b->channels; c++) {
            mean += (double)x[c] / (double)b->channels;
            if (b->channels == 3) {
                r->low = fmin(r->low, (double)x[c]);
                r->high = fmax(r->high, (double)x[c]);
            }
        }
        if (b->channels != 3) {
            r->low = fmin(r->low, mean);
            r->high = fmax(r->high, mean);
        }
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
static enum tfu_status draw_bank(struct tfu_image *out, const struct bank *b,
                                 const struct range *joint, struct tfu_error *e)
{
    struct tfu_image *tile = calloc((size_t)b->count, sizeof *tile);
    if (!tile)
        return tfu_error_memory(e, "drawing filters", 0);
    enum tfu_status st = TFU_OK;
    for (int64_t k = 0; st == TFU_OK && k < b->count; k++) {
        st = tfu_image_new(&tile[k], b->height, b->width, e);
        if (st != TFU_OK)
            break;
        struct range r = {INFINITY, -INFINITY};
        see_filter(&r, b, k);
        if (joint)
            r = *joint;
        tfu_image_from_numbers(&tile[k], b->number + k * b->height * b->width * b->channels,
                               b->channels, r.low, r.high);
    }
    const int64_t side = b->height > b->width ? b->height : b->width;
    const int64_t scale = side < TILE ? TILE / side : 1;
    if (st == TFU_OK)
        st = tfu_image_grid(out, tile, b->count, grid_columns(b->count), scale, GAP, e);
    for (int64_t k = 0; k < b->count; k++)
        tfu_image_free(&tile[k]);
    free(tile);
    return st;
}

static enum tfu_status write_figure(const struct tfu_drawing *d, const struct bank *bank,
                                    struct tfu_figure_panel *panel, bool joint, struct tfu_error *e)
{
    struct tfu_text caption = TFU_TEXT_INIT, title[TFU_DRAWING_SUBJECTS] = {TFU_TEXT_INIT};
    tfu_text_printf(&caption, "Filters, %s from its least weight (black) to its largest (white):",
                    joint ? "the whole figure" : "each");
    for (size_t i = 0; i < d->count; i++)
        tfu_text_printf(&caption, "%s (%zu) %lld of %s, %lld x %lld of %lld channel%s, of %s",
                        i ? ";" : "", i + 1, (long long)bank[i].count, bank[i].layer,
                        (long long)bank[i].height, (long long)bank[i].width,
                        (long long)bank[i].channels, bank[i].channels == 1 ? "" : "s",
                        d->subject[i]->label);
    tfu_text_puts(&caption, ".");
    bool failed = caption.failed;
    for (size_t i = 0; i < d->count; i++) {
        tfu_text_printf(&title[i], "(%zu) %s", i + 1, d->subject[i]->label);
        failed |= title[i].failed;
        panel[i].title = tfu_text_get(&title[i]);
    }
    const struct tfu_figure figure = {.kind = TFU_FIGURE_IMAGES,
                                      .caption = tfu_text_get(&caption),
                                      .panel = panel,
                                      .panel_count = d->count};
    const enum tfu_status st =
        failed ? tfu_error_memory(e, "drawing filters", 0)
               : tfu_cli_figure(d->cli, &figure, d->output, "filters", stdout, e);
    for (size_t i = 0; i < d->count; i++)
        tfu_text_free(&title[i]);
    tfu_text_free(&caption);
    return st;
}

static enum tfu_status draw_all(const struct tfu_drawing *d, const struct bank *bank, bool joint,
                                struct tfu_error *e)
{
    char name[TFU_DRAWING_SUBJECTS][32];
    struct tfu_figure_panel panel[TFU_DRAWING_SUBJECTS] = {{.title = NULL}};
    struct range all = {INFINITY, -INFINITY};
    for (size_t i = 0; i < d->count; i++)
        for (int64_t k = 0; k < bank[i].count; k++)
            see_filter(&all, &bank[i], k);
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < d->count; i++) {
        struct tfu_image image = {.pixel = NULL};
        st = draw_bank(&image, &bank[i], joint ? &all : NULL, e);
        snprintf(name[i], sizeof name[i], "filters-%zu.png", i + 1);
        if (st == TFU_OK)
            st = tfu_drawing_image(d, &image, name[i], e);
        panel[i].image = (struct tfu_figure_image){name[i], image.height, image.width};
        tfu_image_free(&image);
    }
    return st == TFU_OK ? write_figure(d, bank, panel, joint, e) : st;
}

static enum tfu_status run(void *arg, struct tfu_drawing *d, struct tfu_error *e)
{
    const struct request *r = arg;
    struct bank bank[TFU_DRAWING_SUBJECTS] = {{.number = NULL}};
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < d->count; i++)
        st = read_bank(&bank[i], d, i, r->layer, e);
    if (st == TFU_OK)
        st = draw_all(d, bank, r->scale && strcmp(r->scale, "joint") == 0, e);
    for (size_t i = 0; i < d->count; i++) {
        free(bank[i].number);
        free(bank[i].layer);
    }
    return st;
}

static int check(void *arg)
{
    const struct request *r = arg;
    if (r->scale && strcmp(r->scale, "each") != 0 && strcmp(r->scale, "joint") != 0)
        return tfu_cli_usage("figure filters", "--scale is each or joint, not '%s'", r->scale);
    return 0;
}

int tfu_figure_filters(struct tfu_cli *cli, int argc, char **argv)
{
    struct request r = {.layer = NULL};
    const struct tfu_cli_option option[] = {
        {.name = "--layer", .text = &r.layer},
        {.name = "--scale", .text = &r.scale},
    };
    const struct tfu_drawing_command command = {
        .name = "figure filters",
        .help = help,
        .least = 1,
        .option = option,
        .option_count = TFU_COUNT(option),
        .check = check,
        .run = run,
        .arg = &r,
    };
    return tfu_drawing_main(cli, &command, argc, argv);
}
