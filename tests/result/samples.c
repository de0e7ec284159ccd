/* SPDX-License-Identifier: MIT */
#include "tests/result/samples.h"

#include <math.h>

#define POINTS(array) .point = (array), .count = TFU_COUNT(array)
#define SERIES(array) .series = (array), .series_count = TFU_COUNT(array)
#define PANELS(array) .panel = (array), .panel_count = TFU_COUNT(array)
#define NAMES(array)  .category = (array), .category_count = TFU_COUNT(array)

static const char *const layers[] = {"conv1", "conv2", "conv3", "conv4"};
static const char caption[] =
    "Mean SVCCA (99 % of the variance) of the same layer in two networks; bars: 95 % interval over "
    "5 draws of 512 channels and 20,000 positions of 1,000 images. Dotted: two random networks.";

/* ---- lines: names, an interval with a gap, a baseline */
static const struct tfu_figure_point lines_a[] = {
    {0, 0.90, 0.85, 0.95}, {1, 0.80, 0.75, 0.85}, {2, NAN, NAN, NAN}, {3, 0.60, 0.50, 0.70}};
static const struct tfu_figure_point lines_b[] = {
    {0, 0.70, 0.60, 0.75}, {1, 0.60, 0.50, 0.70}, {2, 0.50, 0.45, 0.55}, {3, 0.55, NAN, NAN}};
static const struct tfu_figure_point lines_c[] = {
    {0, 0.42, NAN, NAN}, {1, 0.41, NAN, NAN}, {2, 0.44, NAN, NAN}, {3, 0.40, NAN, NAN}};
static const struct tfu_figure_series lines_series[] = {
    {.label = "random init", POINTS(lines_a)},
    {.label = "pretrained", POINTS(lines_b)},
    {.label = "two random networks", POINTS(lines_c), .reference = true}};
static const struct tfu_figure_panel lines_panel[] = {
    {.x_label = "layer", .y_label = "SVCCA", NAMES(layers), SERIES(lines_series)}};

/* ---- dynamics: numbers on a logarithmic axis, bands */
static const struct tfu_figure_point band_a[] = {{1, 0.3, 0.28, 0.32},
                                                 {10, 0.35, 0.33, 0.4},
                                                 {100, 0.5, 0.42, 0.55},
                                                 {1000, 0.8, 0.75, 0.9},
                                                 {20000, 1, 1, 1}};
static const struct tfu_figure_point band_b[] = {{1, 0.6, 0.55, 0.62},
                                                 {10, 0.62, 0.6, 0.65},
                                                 {100, 0.7, 0.65, 0.72},
                                                 {1000, 0.9, 0.88, 0.92},
                                                 {20000, 1, 1, 1}};
static const struct tfu_figure_series band_series[] = {
    {.label = "conv1", POINTS(band_a), .band = true},
    {.label = "conv2", POINTS(band_b), .band = true}};
static const struct tfu_figure_panel band_panel[] = {
    {.x_label = "step", .y_label = "similarity to the end", .log_x = true, SERIES(band_series)}};

/* ---- heat map: a missing cell; and long names */
static const double small_value[] = {0.95, 0.60, 0.31, 0.22, 0.58, 0.91, 0.55, 0.30,
                                     0.33, NAN,  0.88, 0.47, 0.20, 0.28, 0.49, 0.83};
static const struct tfu_figure_panel small_panel[] = {{.x_label = "cbr_tiny at step 1200",
                                                       .y_label = "cbr_tiny, initial",
                                                       .matrix = {.row = layers,
                                                                  .column = layers,
                                                                  .rows = 4,
                                                                  .columns = 4,
                                                                  .value = small_value,
                                                                  .high = 1,
                                                                  .label = "SVCCA"}}};
static const char *const long_names[] = {"conv1",
                                         "block1.0.conv1",
                                         "block1.0.conv2",
                                         "block1.0.conv3",
                                         "block1.1.conv1",
                                         "block1.1.conv2",
                                         "block1.1.conv3",
                                         "block2.0.downsample",
                                         "block2.0.conv1",
                                         "block2.0.conv2",
                                         "block2.0.conv3",
                                         "block2.1.conv1",
                                         "a.name.that.is.much.too.long.to.show"};
enum { LONG = TFU_COUNT(long_names) };
static const double wide_value[3 * LONG] = {1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13,
                                            2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14,
                                            -3, -4, -5, -6, -7, -8, -9, -1, -2, -3, -4, -5, -6};
static const struct tfu_figure_panel wide_panel[] = {{.matrix = {.row = long_names + 10,
                                                                 .column = long_names,
                                                                 .rows = 3,
                                                                 .columns = LONG,
                                                                 .value = wide_value,
                                                                 .label = "change"}}};

/* ---- scatter: fits with their bands */
static const struct tfu_figure_point scatter_a[] = {
    {0.10, 0.15, NAN, NAN}, {0.20, 0.22, NAN, NAN}, {0.25, 0.35, NAN, NAN}, {0.40, 0.38, NAN, NAN},
    {0.55, 0.57, NAN, NAN}, {0.70, 0.61, NAN, NAN}, {0.80, 0.78, NAN, NAN}};
static const struct tfu_figure_point fit_a[] = {
    {0.1, 0.15, 0.08, 0.22}, {0.45, 0.44, 0.40, 0.48}, {0.8, 0.73, 0.66, 0.80}};
static const struct tfu_figure_point scatter_b[] = {
    {0.15, 0.45, NAN, NAN}, {0.30, 0.41, NAN, NAN}, {0.50, 0.52, NAN, NAN}, {0.75, 0.50, NAN, NAN}};
static const struct tfu_figure_series scatter_series[] = {
    {.label = "random init",
     POINTS(scatter_a),
     .fit = fit_a,
     .fit_count = TFU_COUNT(fit_a),
     .fit_label = "slope 0.83 [0.68, 0.98], R² 0.94"},
    {.label = "pretrained", POINTS(scatter_b)}};
static const struct tfu_figure_panel scatter_panel[] = {{.x_label = "similarity before",
                                                         .y_label = "similarity after",
                                                         .diagonal = true,
                                                         SERIES(scatter_series)}};

/* ---- histograms in several panels */
static const struct tfu_figure_point bins_a[] = {
    {-0.3, 1, NAN, NAN}, {-0.1, 6, NAN, NAN}, {0.1, 2, NAN, NAN}, {0.3, 0, NAN, NAN}};
static const struct tfu_figure_point bins_b[] = {
    {-0.3, 2, NAN, NAN}, {-0.1, 3, NAN, NAN}, {0.1, 4, NAN, NAN}, {0.3, 0, NAN, NAN}};
static const struct tfu_figure_series bins_series[] = {{.label = "before", POINTS(bins_a)},
                                                       {.label = "after", POINTS(bins_b)}};
static const struct tfu_figure_panel bins_panel[] = {
    {.title = "conv1.weight", .note = "4,704 weights", .y_label = "density", SERIES(bins_series)},
    {.title = "conv2.weight", .note = "51,200 weights", SERIES(bins_series)},
    {.title = "block1.0.a_name_too_long_for_its_panel.weight", SERIES(bins_series)},
    {.title = "fc.weight", .x_label = "weight", .y_label = "density", SERIES(bins_series)}};

/* ---- bars: groups of three, one without a number, one without an interval */
static const char *const archs[] = {"resnet50", "cbr_large_t", "cbr_tiny"};
static const struct tfu_figure_point bars_a[] = {
    {0, 0.941, 0.935, 0.947}, {1, 0.922, 0.915, 0.929}, {2, 0.902, 0.890, 0.914}};
static const struct tfu_figure_point bars_b[] = {
    {0, 0.967, 0.962, 0.972}, {1, 0.931, 0.925, 0.937}, {2, NAN, NAN, NAN}};
static const struct tfu_figure_point bars_c[] = {
    {0, 0.953, 0.946, 0.960}, {1, 0.925, NAN, NAN}, {2, 0.911, 0.902, 0.920}};
static const struct tfu_figure_series bars_series[] = {
    {.label = "random", POINTS(bars_a), .look = 2},
    {.label = "pretrained", POINTS(bars_b), .look = 1},
    {.label = "Mean Var", POINTS(bars_c), .look = 3}};
static const struct tfu_figure_panel bars_panel[] = {{.x_label = "architecture",
                                                      .y_label = "AUC",
                                                      NAMES(archs),
                                                      SERIES(bars_series),
                                                      .y = {true, true, 0.85, 1}}};
/* an axis that ends, one of powers of ten, and both: what lies beyond, below 0, and across */
static const struct tfu_figure_point across_a[] = {{0, 0.2, 0.1, 0.3},   {1, 0.6, 0.55, 0.75},
                                                   {2, 0.95, 0.45, 1.4}, {3, 0.3, -0.2, 0.8},
                                                   {4, 7, 3, 20},        {5, -3, -4, -1}};
static const struct tfu_figure_point across_b[] = {
    {0, 0.7, NAN, NAN}, {1, 0.8, NAN, NAN}, {2, 0, NAN, NAN}, {3, 0.6, NAN, NAN}};
static const struct tfu_figure_series across_series[] = {{.label = "bars", POINTS(across_a)},
                                                         {.label = "plain", POINTS(across_b)}};
static const struct tfu_figure_series across_bands[] = {
    {.label = "band", POINTS(across_a), .band = true}, {.label = "plain", POINTS(across_b)}};
static const struct tfu_figure_panel across_panel[] = {
    {.title = "from 0.5 to 0.9", .y = {true, true, 0.5, 0.9}, SERIES(across_series)},
    {.title = "powers of ten", .log_y = true, SERIES(across_series)},
    {.title = "both", .log_y = true, .y = {true, true, 0.5, 1}, SERIES(across_bands)},
    {.title = "neither", SERIES(across_bands)}};
static const char *const six[] = {"a", "b", "c", "d", "e", "f"};
static const struct tfu_figure_panel across_bars_panel[] = {
    {.title = "to 0.9", .y = {.has_high = true, .high = 0.9}, NAMES(six), SERIES(across_series)},
    {.title = "powers of ten", .log_y = true, NAMES(six), SERIES(across_series)}};

static const struct tfu_figure_point minus_points[] = {
    {0, -0.3, -0.4, -0.2}, {1, 0.2, 0.1, 0.3}, {2, 0, -0.1, 0.1}};
static const struct tfu_figure_series minus_series[] = {
    {.label = "difference", POINTS(minus_points)}};
static const struct tfu_figure_panel minus_panel[] = {
    {.y_label = "pretrained - random", NAMES(archs), SERIES(minus_series)}};

/* ---- boxes: quartiles that R has, too; equal numbers, one alone, one that is missing */
static const struct tfu_figure_point box_a[] = {
    {0, 0.88, NAN, NAN}, {0, 0.91, NAN, NAN}, {0, 0.90, NAN, NAN}, {0, 0.93, NAN, NAN},
    {0, 0.89, NAN, NAN}, {1, 0.80, NAN, NAN}, {1, 0.80, NAN, NAN}, {1, 0.86, NAN, NAN},
    {1, NAN, NAN, NAN},  {2, 0.75, NAN, NAN}};
static const struct tfu_figure_point box_b[] = {
    {0, 0.95, NAN, NAN}, {0, 0.94, NAN, NAN}, {0, 0.96, NAN, NAN}, {1, 0.85, NAN, NAN},
    {1, 0.87, NAN, NAN}, {1, 0.84, NAN, NAN}, {1, 0.91, NAN, NAN}};
static const struct tfu_figure_series box_series[] = {{.label = "random", POINTS(box_a)},
                                                      {.label = "pretrained", POINTS(box_b)}};
static const struct tfu_figure_panel box_panel[] = {
    {.x_label = "architecture", .y_label = "AUC", NAMES(archs), SERIES(box_series)}};

/* ---- a front: cost against a metric, with names, some close to each other */
static const struct tfu_figure_point cost_a[] = {{2.1, 0.86, 0.85, 0.87},
                                                 {2.4, 0.862, 0.85, 0.87},
                                                 {11, 0.875, NAN, NAN},
                                                 {25.6, 0.93, NAN, NAN}};
static const char *const cost_names_a[] = {"cbr_tiny", "cbr_small", "densenet121", "resnet50"};
static const struct tfu_figure_point cost_b[] = {
    {2.1, 0.88, NAN, NAN}, {4.3, 0.91, NAN, NAN}, {8.5, 0.945, NAN, NAN}};
static const char *const cost_names_b[] = {"cbr_tiny", "cbr_large_w", "cbr_large_t"};
static const struct tfu_figure_series cost_series[] = {
    {.label = "beaten", POINTS(cost_a), .point_label = cost_names_a, .look = 7},
    {.label = "front", POINTS(cost_b), .point_label = cost_names_b, .look = 1, .front = true}};
static const struct tfu_figure_panel cost_panel[] = {
    {.x_label = "parameters (millions)", .y_label = "AUC", .log_x = true, SERIES(cost_series)}};

/* ---- many lines: too many for names at their ends; ends that meet; one that ends early */
static const struct tfu_figure_point meet_a[] = {
    {0, 0.2, NAN, NAN}, {100, 0.5, NAN, NAN}, {200, 0.90, NAN, NAN}};
static const struct tfu_figure_point meet_b[] = {
    {0, 0.3, NAN, NAN}, {100, 0.7, NAN, NAN}, {200, 0.90, NAN, NAN}};
static const struct tfu_figure_point meet_c[] = {{0, 0.4, NAN, NAN}, {100, 0.6, NAN, NAN}};
static const struct tfu_figure_series meet_series[] = {{.label = "random", POINTS(meet_a)},
                                                       {.label = "pretrained", POINTS(meet_b)}};
static const struct tfu_figure_series many_series[] = {
    {.label = "one", POINTS(meet_a)},   {.label = "two", POINTS(meet_b)},
    {.label = "three", POINTS(meet_a)}, {.label = "four", POINTS(meet_b)},
    {.label = "five", POINTS(meet_a)},  {.label = "six", POINTS(meet_b)}};
static const struct tfu_figure_series early_series[] = {{.label = "random", POINTS(meet_a)},
                                                        {.label = "stopped", POINTS(meet_c)}};
static const struct tfu_figure_panel meet_panel[] = {
    {.x_label = "step", .y_label = "AUC", SERIES(meet_series)}};
static const struct tfu_figure_panel many_panel[] = {
    {.x_label = "step", .y_label = "AUC", SERIES(many_series)}};
static const struct tfu_figure_panel early_panel[] = {
    {.x_label = "step", .y_label = "AUC", SERIES(early_series)}};

/* ---- odd: what a label may not do to the script */
static const char *const odd_names[] = {"it's",           "50% \\n",      "\"q\" `date`",
                                        "@x $y {z}_1^2",  "<i>&amp;</i>", "ünï→côde 日本",
                                        "new\nline\ttab", "\xff"};
static const struct tfu_figure_point odd_points[] = {
    {0, 5, NAN, NAN}, {1, 5, NAN, NAN}, {2, 5, NAN, NAN}, {3, 5, NAN, NAN},
    {4, 5, NAN, NAN}, {5, 5, NAN, NAN}, {6, 5, NAN, NAN}, {7, 5, NAN, NAN}};
static const struct tfu_figure_series odd_series[] = {
    {.label = "it's 50% of \"x\", C:\\new `id`", POINTS(odd_points)},
    {.label = "a label that goes on and on and on and on, far beyond what a legend can ever show "
              "in one line of a figure"},
};
static const struct tfu_figure_panel odd_panel[] = {{.title = "'; set output; #",
                                                     .x_label = "%d's",
                                                     .y_label = "\\\\ ''",
                                                     NAMES(odd_names),
                                                     SERIES(odd_series)}};

/* ---- images, of a file that draw.c writes */
static const struct tfu_figure_panel image_panel[] = {
    {.title = "(1) it's", .note = "p = 0.5", .image = {"tile.png", 8, 15}},
    {.title = "(2) the same", .image = {"tile.png", 8, 15}},
};

/* ---- nothing, little, and numbers far from 1 */
static const struct tfu_figure_panel empty_panel[] = {{.x_label = "layer", .y_label = "SVCCA"}};
static const struct tfu_figure_panel empty_map_panel[] = {{.x_label = "a"}};
static const double one_value[] = {0.5};
static const struct tfu_figure_panel one_cell_panel[] = {
    {.matrix = {.row = layers, .column = layers, .rows = 1, .columns = 1, .value = one_value}}};
static const struct tfu_figure_point one_point[] = {{3, 0, NAN, NAN}};
static const struct tfu_figure_series one_series[] = {{.label = "one", POINTS(one_point)}};
static const struct tfu_figure_panel one_panel[] = {{SERIES(one_series)}};
static const struct tfu_figure_point far_points[] = {{0, -1.7e308, NAN, NAN},
                                                     {1200000, 1.7e308, NAN, NAN},
                                                     {2400000, INFINITY, -INFINITY, INFINITY},
                                                     {3600000, 1e-308, NAN, NAN}};
static const struct tfu_figure_series far_series[] = {{.label = "far", POINTS(far_points)}};
static const struct tfu_figure_panel far_panel[] = {{.x_label = "step", SERIES(far_series)}};

const struct sample samples[] = {
    {"lines",
     {.kind = TFU_FIGURE_LINES,
      .title = "Similarity before and after training",
      .caption = caption,
      PANELS(lines_panel)}},
    {"band",
     {.kind = TFU_FIGURE_LINES,
      .title = "When layers settle",
      .caption = caption,
      PANELS(band_panel)}},
    {"heat_map",
     {.kind = TFU_FIGURE_HEAT_MAP,
      .title = "Layer by layer",
      .caption = caption,
      PANELS(small_panel)}},
    {"wide_map", {.kind = TFU_FIGURE_HEAT_MAP, .caption = caption, PANELS(wide_panel)}},
    {"scatter",
     {.kind = TFU_FIGURE_SCATTER,
      .title = "Channel subsets",
      .caption = caption,
      PANELS(scatter_panel)}},
    {"histogram",
     {.kind = TFU_FIGURE_HISTOGRAM,
      .title = "Weights before and after training",
      .caption = caption,
      PANELS(bins_panel)}},
    {"bars", {.kind = TFU_FIGURE_BARS, .caption = caption, PANELS(bars_panel)}},
    {"across", {.kind = TFU_FIGURE_LINES, PANELS(across_panel)}},
    {"across_bars", {.kind = TFU_FIGURE_BARS, PANELS(across_bars_panel)}},
    {"across_box", {.kind = TFU_FIGURE_BOX, PANELS(across_bars_panel)}},
    {"across_scatter", {.kind = TFU_FIGURE_SCATTER, PANELS(across_panel)}},
    {"minus", {.kind = TFU_FIGURE_BARS, PANELS(minus_panel)}},
    {"box", {.kind = TFU_FIGURE_BOX, .title = "Over seeds", PANELS(box_panel)}},
    {"front", {.kind = TFU_FIGURE_SCATTER, .title = "Cost and benefit", PANELS(cost_panel)}},
    {"meet", {.kind = TFU_FIGURE_LINES, PANELS(meet_panel)}},
    {"many", {.kind = TFU_FIGURE_LINES, PANELS(many_panel)}},
    {"early", {.kind = TFU_FIGURE_LINES, PANELS(early_panel)}},
    {"odd",
     {.kind = TFU_FIGURE_LINES,
      .title = "It's 100% \"odd\" \\n `date` $HOME @x",
      .caption = "'quoted' % \\ \" ` and aWordThatIsLongerThanAnyLineOfTheCaptionCanEverBe"
                 "SoThatItHasToBeBrokenSomewhere, end.",
      PANELS(odd_panel)}},
    {"images", {.kind = TFU_FIGURE_IMAGES, .caption = "Two tiles.", PANELS(image_panel)}},
    {"empty", {.kind = TFU_FIGURE_LINES, .title = "Nothing", PANELS(empty_panel)}},
    {"empty_map", {.kind = TFU_FIGURE_HEAT_MAP, PANELS(empty_map_panel)}},
    {"no_panel", {.kind = TFU_FIGURE_LINES, .caption = "There is nothing."}},
    {"one_cell", {.kind = TFU_FIGURE_HEAT_MAP, PANELS(one_cell_panel)}},
    {"one_point", {.kind = TFU_FIGURE_SCATTER, PANELS(one_panel)}},
    {"empty_bars", {.kind = TFU_FIGURE_BARS, PANELS(empty_panel)}},
    {"empty_box", {.kind = TFU_FIGURE_BOX, PANELS(one_panel)}},
    {"far", {.kind = TFU_FIGURE_LINES, PANELS(far_panel)}},
};
const size_t sample_count = TFU_COUNT(samples);
