/* SPDX-License-Identifier: MIT */
#include "core/io/preprocessing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* torchvision: torchvision.transforms' ImageNet presets; timm: IMAGENET_DEFAULT_MEAN and _STD.
 * Keras: keras.applications.imagenet_utils, mode "tf" for Inception and "caffe" for ResNet.
 * RadImageNet: its PyTorch example, (x - 127.5) * 2 / 255 of what OpenCV reads. torchxrayvision:
 * datasets.normalize(), (2 x - 1) * 1024. */
static const struct {
    const char *name;
    struct tfu_preprocessing value;
} named[] = {
    {"torchvision", {3, {0.485, 0.456, 0.406}, {0.229, 0.224, 0.225}, "rgb"}},
    {"timm", {3, {0.485, 0.456, 0.406}, {0.229, 0.224, 0.225}, "rgb"}},
    {"inception", {3, {0.5, 0.5, 0.5}, {0.5, 0.5, 0.5}, "rgb"}},
    {"keras_resnet",
     {3, {103.939 / 255, 116.779 / 255, 123.68 / 255}, {1.0 / 255, 1.0 / 255, 1.0 / 255}, "bgr"}},
    {"radimagenet", {3, {0.5, 0.5, 0.5}, {0.5, 0.5, 0.5}, "bgr"}},
    {"torchxrayvision", {1, {0.5}, {1.0 / 2048}, "gray"}},
    {"none", {3, {0, 0, 0}, {1, 1, 1}, "rgb"}},
};

static const char *const names[] = {"torchvision",  "timm",        "inception",
                                    "keras_resnet", "radimagenet", "torchxrayvision",
                                    "none",         NULL};
static const char *const orders[] = {"rgb", "bgr", "gray"};

const char *const *tfu_preprocessing_names(void)
{
    return names;
}

bool tfu_preprocessing_named(const char *name, struct tfu_preprocessing *out)
{
    for (size_t i = 0; i < TFU_COUNT(named); i++)
        if (strcmp(name, named[i].name) == 0) {
            *out = named[i].value;
            return true;
        }
    return false;
}

/* "0.485,0.456,0.406": how many, or 0 when it is anything else. */
static size_t read_numbers(const char *text, double out[TFU_PREPROCESSING_CHANNELS_MAX])
{
    for (size_t n = 0; n < TFU_PREPROCESSING_CHANNELS_MAX; n++) {
        char *end;
        out[n] = strtod(text, &end);
        if (end == text || !isfinite(out[n]))
            return 0;
        if (*end == '\0')
            return n + 1;
        if (*end != ',')
            return 0;
        text = end + 1;
    }
    return 0;
}

static const char *find_order(const char *text)
{
    for (size_t i = 0; i < TFU_COUNT(orders); i++)
        if (strcmp(text, orders[i]) == 0)
            return orders[i];
    return NULL;
}

static enum tfu_status bad_note(const char *key, const char *value, const char *what,
                                struct tfu_error *e)
{
    return tfu_error_set(e, TFU_ECORRUPT, "the note \"preprocessing.%s\" is '%.80s', but %s", key,
                         value ? value : "missing", what);
}

enum tfu_status tfu_preprocessing_from_notes(struct tfu_preprocessing *out, bool *found,
                                             const struct tfu_weights *w, struct tfu_error *e)
{
    const char *mean = tfu_weights_note(w, "preprocessing.mean");
    const char *deviation = tfu_weights_note(w, "preprocessing.deviation");
    const char *order = tfu_weights_note(w, "preprocessing.channels");
    const char *scale = tfu_weights_note(w, "preprocessing.scale");
    *out = (struct tfu_preprocessing){.channels = 0};
    *found = mean || deviation || order || scale;
    if (!*found)
        return TFU_OK;
    out->order = order ? find_order(order) : NULL;
    if (!out->order)
        return bad_note("channels", order, "it has to be rgb, bgr or gray", e);
    if (!scale || (strcmp(scale, "1/255") != 0 && strcmp(scale, "1") != 0))
        return bad_note("scale", scale, "it has to be 1/255 or 1", e);
    out->channels = mean ? read_numbers(mean, out->mean) : 0;
    if (!out->channels)
        return bad_note("mean", mean, "it has to be up to 4 numbers with commas between", e);
    if (!deviation || read_numbers(deviation, out->deviation) != out->channels)
        return bad_note("deviation", deviation, "it has to be as many numbers as the mean has", e);
    for (size_t c = 0; c < out->channels; c++) {
        if (out->deviation[c] <= 0)
            return bad_note("deviation", deviation, "a deviation is larger than 0", e);
        if (strcmp(scale, "1") == 0) {
            out->mean[c] /= 255;
            out->deviation[c] /= 255;
        }
    }
    return TFU_OK;
}

static void put_numbers(struct tfu_text *out, const double *x, size_t n, const char *between)
{
    char number[TFU_NUMBER_SIZE];
    for (size_t i = 0; i < n; i++)
        tfu_text_printf(out, "%s%s", i ? between : "", tfu_number_text(x[i], number));
}

void tfu_preprocessing_notes(const struct tfu_preprocessing *p,
                             struct tfu_safetensors_note note[TFU_PREPROCESSING_NOTES],
                             struct tfu_text text[2])
{
    put_numbers(&text[0], p->mean, p->channels, ",");
    put_numbers(&text[1], p->deviation, p->channels, ",");
    note[0] = (struct tfu_safetensors_note){"preprocessing.scale", "1/255"};
    note[1] = (struct tfu_safetensors_note){"preprocessing.mean", tfu_text_get(&text[0])};
    note[2] = (struct tfu_safetensors_note){"preprocessing.deviation", tfu_text_get(&text[1])};
    note[3] = (struct tfu_safetensors_note){"preprocessing.channels", p->order};
}

void tfu_preprocessing_text(const struct tfu_preprocessing *p, struct tfu_text *out)
{
    tfu_text_puts(out, "(x - [");
    put_numbers(out, p->mean, p->channels, ", ");
    tfu_text_puts(out, "]) / [");
    put_numbers(out, p->deviation, p->channels, ", ");
    tfu_text_printf(out, "], %s", p->order);
}

bool tfu_preprocessing_equal(const struct tfu_preprocessing *a, const struct tfu_preprocessing *b)
{
    if (a->channels != b->channels || strcmp(a->order, b->order) != 0)
        return false;
    for (size_t c = 0; c < a->channels; c++)
        if (fabs(a->mean[c] - b->mean[c]) > 1e-6 ||
            fabs(a->deviation[c] - b->deviation[c]) > 1e-6 * a->deviation[c])
            return false;
    return true;
}
