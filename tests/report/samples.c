/* SPDX-License-Identifier: MIT */
#include "tests/report/samples.h"

#include <math.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Odd in every format: markup of HTML, LaTeX and Markdown, quotes, other scripts. */
#define ODD                                                                                        \
    "<script>alert(\"1\")</script> & 'q' 100% $x_1^2$ {a} \\b #c ~d *e* |f| [g](h) ünï→é 日本"

/* ---- runs: two architectures, three starts, three seeds; two failed, one waits */

enum { SEEDS = 3, RUNS = 18 };

static const char *const columns[] = {"arch", "start", "seed", "test/auc", ("test/" ODD)};

#define ROW(arch, start, seed, auc)                                                                \
    (const char *const[])                                                                          \
    {                                                                                              \
        arch, start, seed, auc, ODD                                                                \
    }
#define DONE(arch, start, seed, auc)                                                               \
    {                                                                                              \
        .label = "arch=" arch " start=" start " seed=" seed, .path = "small/0a1b2c3d4e5f" seed,    \
        .state = "done", .column = ROW(arch, start, seed, auc)                                     \
    }

static const struct tfu_report_run runs[RUNS] = {
    DONE("cbr_tiny", "random", "0", "0.8123"),
    DONE("cbr_tiny", "random", "1", "0.8007"),
    DONE("cbr_tiny", "random", "2", "0.8190"),
    DONE("cbr_tiny", "pretrained", "0", "0.8341"),
    DONE("cbr_tiny", "pretrained", "1", "0.8402"),
    {.label = "arch=cbr_tiny start=pretrained seed=2",
     .path = "small/77aa12dd0901",
     .state = "failed",
     .why = "the loss is not finite at step 140: `train.optimizer.lr` 0.1 is too large",
     .column = ROW("cbr_tiny", "pretrained", "2", "")},
    {.label = "arch=cbr_tiny start=" ODD " seed=0",
     .state = "queued",
     .column = ROW("cbr_tiny", ODD, "0", "")},
    {.label = "arch=cbr_tiny start=" ODD " seed=1",
     .state = "waiting",
     .why = "needs " ODD,
     .column = ROW("cbr_tiny", ODD, "1", "")},
    {.label = "arch=cbr_tiny start=" ODD " seed=2",
     .state = "stopped",
     .why = "at rung 1, for others were better there",
     .column = ROW("cbr_tiny", ODD, "2", "")},
    DONE("resnet50", "random", "0", "0.8511"),
    DONE("resnet50", "random", "1", "0.8473"),
    DONE("resnet50", "random", "2", "0.8522"),
    DONE("resnet50", "pretrained", "0", "0.8790"),
    DONE("resnet50", "pretrained", "1", "0.8812"),
    DONE("resnet50", "pretrained", "2", "0.8801"),
    DONE("resnet50", "mean_var", "0", "0.8620"),
    DONE("resnet50", "mean_var", "1", "0.8634"),
    DONE("resnet50", "mean_var", "2", "0.8610"),
};

static const size_t place[RUNS] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17};
static const size_t apart[] = {0, 3, 9, 12};

/* ---- the table of results */

#define HEAD(t)                                                                                    \
    {                                                                                              \
        .text = (t)                                                                                \
    }
#define WIDE(t, n)                                                                                 \
    {                                                                                              \
        .text = (t), .columns = (n)                                                                \
    }
#define NONE               .p = NAN, .p_alone = NAN
#define OVER(first, n)     .run = place + (first), .runs = (n), .asked = SEEDS
#define AUC(v, sd, lo, hi) .value = (v), .spread = (sd), .low = (lo), .high = (hi), .digits = 3

#define TEST "t, paired by seed, against start=random; Holm over 4"

static const struct tfu_report_cell results[] = {
    HEAD(""),
    WIDE("cbr_tiny", 2),
    HEAD("covered"),
    WIDE("resnet50", 2),
    HEAD("covered"),
    HEAD("start"),
    HEAD("test/auc"),
    HEAD("cost/latency_1"),
    HEAD("test/auc"),
    HEAD("cost/latency_1"),
    HEAD("random"),
    {.number = {AUC(0.810666667, 0.009261, 0.787660, 0.833673), NONE, OVER(0, 3)}},
    {.number = {.value = 4.3125,
                .digits = 2,
                .unit = "ms",
                .spread = NAN,
                .low = NAN,
                .high = NAN,
                NONE}},
    {.number = {AUC(0.8502, 0.002571, 0.843813, 0.856587), NONE, OVER(9, 3),
                .published = "0.935 ± 0.002"}},
    {.number = {.value = NAN,
                .spread = NAN,
                .low = NAN,
                .high = NAN,
                NONE,
                .digits = 2,
                .unit = "ms",
                .why = "not measured here; `transfuse report small.yaml --measure` does"}},
    HEAD("pretrained"),
    {.number = {AUC(0.83715, 0.004313, 0.798396, 0.875904), OVER(3, 2), .p = 0.0312,
                .p_alone = 0.0156, .test = TEST, .better = true, .best = true,
                .why = "'arch=cbr_tiny start=pretrained seed=2' failed: the loss is not finite at "
                       "step 140"}},
    {.number = {.value = 4.3125,
                .digits = 2,
                .unit = "ms",
                .spread = NAN,
                .low = NAN,
                .high = NAN,
                NONE}},
    {.number = {AUC(0.8801, 0.0011, 0.877367, 0.882833), OVER(12, 3), .p = 0.00000312,
                .p_alone = 0.00000104, .test = TEST, .better = true, .best = true,
                .published = "0.944 ± 0.001", .recalled = true}},
    {.number = {.value = -0.0001,
                .digits = 2,
                .unit = "ms",
                .spread = NAN,
                .low = NAN,
                .high = NAN,
                NONE}},
    HEAD(ODD),
    {.number = {.value = NAN,
                .spread = NAN,
                .low = NAN,
                .high = NAN,
                NONE,
                .asked = 3,
                .digits = 3,
                .why = "1 queued, 1 waiting, 1 stopped by halving; `transfuse sweep run "
                       "small.yaml` trains what is queued",
                .published = "0.901"}},
    {.text = "not asked"},
    {.number = {AUC(0.862133333, 0.001206, 0.859138, 0.865129), OVER(15, 3), .p = 0.2,
                .p_alone = 0.1, .test = TEST, .worse = true}},
    {.number = {.value = 1234567.891,
                .digits = 1,
                .unit = "ms",
                .spread = NAN,
                .low = NAN,
                .high = NAN,
                NONE}},
};

static const char *const notes[] = {
    "Published: Raghu et al. 2019, Table 1; \"recalled\" is from memory, not read there.",
    "A note with " ODD,
};

static const struct tfu_report_table results_table = {
    .name = "results",
    .caption = "Mean over 3 seeds ± standard deviation, with 95 % intervals (Student). " TEST
               ": ▲ better, ▼ worse. " ODD,
    .rows = 5,
    .columns = 5,
    .head_rows = 2,
    .head_columns = 1,
    .cell = results,
    .note = notes,
    .notes = COUNT(notes),
};

/* A name that no file can have, a number over runs that stand apart, and one over a single run. */
static const struct tfu_report_cell single[] = {
    HEAD("what"),
    HEAD("value"),
    HEAD("mean of what a seed has"),
    {.number = {AUC(0.844125, 0.0284, 0.7989, 0.8893), NONE, .run = apart, .runs = 4, .asked = 4}},
    HEAD("best"),
    {.number = {AUC(0.8812, NAN, NAN, NAN), NONE, .run = place + 13, .runs = 1, .asked = 1}},
};
static const struct tfu_report_table single_table = {
    .name = "../a name: of/no file?",
    .caption = "Numbers over other sets of runs.",
    .rows = 3,
    .columns = 2,
    .head_rows = 1,
    .head_columns = 1,
    .cell = single,
};

/* ---- figures */

static const struct tfu_figure_point curve_a[] = {
    {100, 0.61, 0.58, 0.64}, {1000, 0.74, 0.72, 0.76}, {10000, 0.81, 0.80, 0.82}};
static const struct tfu_figure_point curve_b[] = {
    {100, 0.70, 0.66, 0.74}, {1000, 0.80, 0.79, 0.81}, {10000, 0.84, 0.83, 0.85}};
static const struct tfu_figure_series curves[] = {
    {.label = "random", .point = curve_a, .count = 3, .band = true},
    {.label = "pretrained", .point = curve_b, .count = 3, .band = true}};
static const struct tfu_figure_panel curve_panels[] = {{.title = "cbr_tiny",
                                                        .x_label = "step",
                                                        .y_label = "test/auc",
                                                        .log_x = true,
                                                        .series = curves,
                                                        .series_count = 2},
                                                       {.title = "resnet50",
                                                        .x_label = "step",
                                                        .y_label = "test/auc",
                                                        .log_x = true,
                                                        .series = curves,
                                                        .series_count = 2}};
static const struct tfu_figure curve_figure = {
    .kind = TFU_FIGURE_LINES, .panel = curve_panels, .panel_count = 2};

static const double heat[] = {1, 0.8, 0.3, 0.9, 0.7, NAN};
static const char *const heat_rows[] = {"conv1", ODD}, *const heat_columns[] = {"a", "b", "c"};
static const struct tfu_figure_panel heat_panels[] = {{.x_label = "layer of b",
                                                       .y_label = "layer of a",
                                                       .matrix = {.row = heat_rows,
                                                                  .column = heat_columns,
                                                                  .rows = 2,
                                                                  .columns = 3,
                                                                  .value = heat,
                                                                  .label = "SVCCA"}}};
static const struct tfu_figure heat_figure = {
    .kind = TFU_FIGURE_HEAT_MAP, .panel = heat_panels, .panel_count = 1};

static const struct tfu_report_figure figures[] = {
    {.name = "curves",
     .caption = "Test AUC while training, mean and range over seeds. " ODD,
     .alternative = "Two panels of two lines: pretrained is above random everywhere, by 0.09 at "
                    "step 100 and 0.03 at step 10,000. " ODD,
     .figure = &curve_figure,
     .run = place + 9,
     .runs = 6,
     .asked = 6},
    {.name = "similarity",
     .caption = "Similarity of layers.",
     .figure = &heat_figure,
     .run = place + 12,
     .runs = 3,
     .asked = 4},
    {.name = "moved",
     .caption = "How far weights moved.",
     .alternative = "nothing yet",
     .asked = 6,
     .hole = "the analysis `moved` was not done; `transfuse analyse small.yaml --only moved` "
             "does it"},
};

/* ---- the whole */

#define NINE(x) x "1\n" x "2\n" x "3\n" x "4\n" x "5\n" x "6\n" x "7\n" x "8\n" x "9\n"
static const struct tfu_report_block blocks[] = {
    {.kind = TFU_REPORT_TEXT, .text = "A text before any heading."},
    {.kind = TFU_REPORT_HEADING, .level = 3, .text = "A heading below none"},
    {.kind = TFU_REPORT_HEADING, .level = 2, .text = "Very small data"},
    {.kind = TFU_REPORT_TEXT,
     .text = "The first paragraph, over\ntwo lines, with `code --flag` and " ODD ".\n\n"
             "- a list\n- with an item over\n  two lines and `" ODD "`\n\nThe last paragraph, "
             "with a lone ` in it.\n"},
    {.kind = TFU_REPORT_TABLE, .table = &results_table},
    {.kind = TFU_REPORT_HEADING, .level = 3, .text = "Curves & " ODD},
    {.kind = TFU_REPORT_FIGURE, .figure = &figures[0]},
    {.kind = TFU_REPORT_FIGURE, .figure = &figures[1]},
    {.kind = TFU_REPORT_HEADING, .level = 2, .text = "What is not there"},
    {.kind = TFU_REPORT_FIGURE, .figure = &figures[2]},
    {.kind = TFU_REPORT_HOLE,
     .text = "the analysis `pairs`: 2 of its 6 cases are not done; train them by `transfuse sweep "
             "run small.yaml`"},
    {.kind = TFU_REPORT_PRINTED,
     .text = "layer   before  after\nconv1     0.91   0.44\n\n  <b>&amp; \\begin{x} %d $\n"},
    {.kind = TFU_REPORT_PRINTED, /* 45 lines */
     .text = NINE("a") NINE("b") NINE("c") NINE("d") NINE("e"),
     .file = "many/" ODD ".txt"},
    {.kind = TFU_REPORT_TABLE, .table = &single_table},
};

static const char *const commands[] = {"transfuse sweep run small.yaml",
                                       "transfuse analyse small.yaml --only 'moved'",
                                       "transfuse report small.yaml name='" ODD "'"};

const struct tfu_report sample_report = {
    .title = "Transfer on very small data: " ODD,
    .study = "small",
    .block = blocks,
    .blocks = COUNT(blocks),
    .column = columns,
    .columns = COUNT(columns),
    .run = runs,
    .runs = RUNS,
    .done = 14,
    .command = commands,
    .commands = COUNT(commands),
};

/* ---- a small one */

static const struct tfu_report_run small_runs[] = {
    {.label = "seed=0", .path = "x/0001", .state = "done"},
    {.label = "seed=1", .path = "x/0002", .state = "done"},
};
static const struct tfu_report_cell small_cells[] = {
    HEAD("random"),
    {.number = {AUC(0.5, 0.25, 0.1, 0.9), NONE, .run = place, .runs = 2, .asked = 2}},
};
static const struct tfu_report_table small_table = {
    .name = "auc", .rows = 1, .columns = 2, .head_columns = 1, .cell = small_cells};
static const struct tfu_report_block small_blocks[] = {
    {.kind = TFU_REPORT_TABLE, .table = &small_table}};

const struct tfu_report sample_small = {
    .study = "tiny",
    .block = small_blocks,
    .blocks = 1,
    .run = small_runs,
    .runs = 2,
    .done = 2,
};
