/* SPDX-License-Identifier: MIT */
#include "core/audit/sheet.h"

#include <inttypes.h>
#include <math.h>

#include "core/audit/picture.h"
#include "core/base/text.h"
#include "core/data/loader.h"
#include "core/result/lettering.h"

/* Between pictures, and lines of words below each. */
enum { GAP = 8, LINES = 3, LINE_HEIGHT = TFU_LETTER_HEIGHT + 2, WIDTH_WANTED = 1400 };

static const unsigned char black[3] = {0, 0, 0}, gray[3] = {110, 110, 110};

struct work {
    const struct tfu_sheet_request *request;
    struct tfu_image *out;
    uint64_t key; /* of what a training with this seed would get */
    /* of the picture in hand */
    int64_t top, left;
    const struct tfu_preprocessing *undo;
    int64_t height, width; /* of its image */
    enum tfu_status status;
    struct tfu_error *error;
};

static void say(const struct work *w, int64_t line, const char *text, const unsigned char colour[3])
{
    tfu_image_letter(w->out, w->top + w->request->side + 2 + line * LINE_HEIGHT, w->left,
                     w->request->side, text, colour);
}

static void draw(void *arg, const struct tfu_example *x)
{
    struct work *w = arg;
    w->status = tfu_picture_draw(w->out, w->top, w->left, w->request->side, x, w->undo, &w->height,
                                 &w->width, w->error);
}

/* ---- words */

static void put_label(const struct work *w, int64_t k, struct tfu_text *out)
{
    if (w->request->class_names)
        tfu_text_puts(out, w->request->class_names[k]);
    else
        tfu_text_printf(out, "%" PRId64, k);
}

/* "Edema, Cardiomegaly; not known: Atelectasis". */
static void put_labels(const struct work *w, const float *label, int64_t columns,
                       struct tfu_text *out)
{
    size_t positive = 0, unknown = 0;
    for (int64_t k = 0; k < columns; k++)
        if (label[k] > 0) {
            tfu_text_puts(out, positive++ ? ", " : "");
            put_label(w, k, out);
            if (label[k] < 1)
                tfu_text_printf(out, " %.2g", (double)label[k]);
        }
    tfu_text_puts(out, positive ? "" : "none");
    for (int64_t k = 0; k < columns; k++)
        if (isnan(label[k])) {
            tfu_text_puts(out, unknown++ ? ", " : "; not known: ");
            put_label(w, k, out);
        }
}

static enum tfu_status describe(const struct work *w, int64_t index, struct tfu_text *out)
{
    const struct tfu_dataset_info *info = tfu_dataset_info(w->request->dataset);
    const int64_t columns = info->label_columns;
    float label[64];
    if (columns > 64 || columns == 0) {
        if (columns)
            tfu_text_printf(out, "%" PRId64 " labels", columns);
        return TFU_OK;
    }
    const enum tfu_status st = tfu_dataset_get(w->request->dataset, index, NULL, label, w->error);
    if (st != TFU_OK)
        return st;
    if (info->target == TFU_FIELD_LABELS)
        put_labels(w, label, columns, out);
    else if (isnan(label[0]))
        tfu_text_puts(out, "not known");
    else if (info->target == TFU_FIELD_CLASS)
        put_label(w, (int64_t)label[0], out);
    else
        for (int64_t k = 0; k < columns; k++)
            tfu_text_printf(out, "%s%.4g", k ? ", " : "", (double)label[k]);
    return TFU_OK;
}

/* ---- pictures */

static enum tfu_status draw_one(struct work *w, int64_t index, enum tfu_dataset_stage stage,
                                int64_t epoch)
{
    w->undo = stage == TFU_DATASET_SOURCE ? NULL : tfu_dataset_preprocessing(w->request->dataset);
    const uint64_t key = tfu_loader_example_key(w->request->dataset, w->key, epoch, index);
    const enum tfu_status st =
        tfu_dataset_visit(w->request->dataset, index, stage, key, draw, w, w->error);
    return st == TFU_OK ? w->status : st;
}

/* The source with its name and labels, then as it is evaluated, then as it is trained on. */
static enum tfu_status draw_example(struct work *w, int64_t index)
{
    struct tfu_text name = TFU_TEXT_INIT, labels = TFU_TEXT_INIT, size = TFU_TEXT_INIT;
    tfu_dataset_put_name(w->request->dataset, index, &name);
    enum tfu_status st = describe(w, index, &labels);
    for (int64_t k = 0; st == TFU_OK && k < 2 + w->request->draws; k++) {
        st = draw_one(w, index,
                      k == 0   ? TFU_DATASET_SOURCE
                      : k == 1 ? TFU_DATASET_EVALUATED
                               : TFU_DATASET_TRAINED,
                      k - 2);
        size.length = 0;
        tfu_text_printf(&size, "%" PRId64 " x %" PRId64, w->height, w->width);
        if (k == 0) {
            say(w, 0, tfu_text_get(&name), black);
            say(w, 1, tfu_text_get(&labels), black);
        } else if (k == 1) {
            say(w, 0, "evaluated", gray);
        } else {
            struct tfu_text epoch = TFU_TEXT_INIT;
            tfu_text_printf(&epoch, "epoch %" PRId64, k - 2);
            say(w, 0, tfu_text_get(&epoch), gray);
            tfu_text_free(&epoch);
        }
        say(w, k == 0 ? 2 : 1, tfu_text_get(&size), gray);
        w->left += w->request->side + GAP;
    }
    tfu_text_free(&name);
    tfu_text_free(&labels);
    tfu_text_free(&size);
    return st;
}

enum tfu_status tfu_sheet_draw(struct tfu_image *out, const struct tfu_sheet_request *request,
                               struct tfu_error *e)
{
    const int64_t count = tfu_dataset_info(request->dataset)->count;
    const int64_t examples = request->examples < count ? request->examples : count;
    const int64_t height = request->side + LINES * LINE_HEIGHT + GAP;
    const int64_t width = (2 + request->draws) * (request->side + GAP) + GAP;
    const int64_t fit = WIDTH_WANTED / width, columns = fit < 1          ? 1
                                                        : fit < examples ? fit
                                                                         : examples;
    const int64_t rows = (examples + columns - 1) / columns;
    struct work w = {
        .request = request, .out = out, .key = tfu_loader_key(request->seed), .error = e};
    enum tfu_status st = tfu_image_new(out, rows * height + GAP, columns * width + GAP, e);
    if (st != TFU_OK)
        return st;
    for (int64_t k = 0; st == TFU_OK && k < examples; k++) {
        w.top = k / columns * height + GAP;
        w.left = k % columns * width + GAP;
        /* count * k may be beyond int64_t */
        st = draw_example(&w, count / examples * k + count % examples * k / examples);
    }
    if (st != TFU_OK)
        tfu_image_free(out);
    return st;
}
