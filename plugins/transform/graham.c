/* SPDX-License-Identifier: MIT
 *
 * What a pixel is above its surroundings, as Ben Graham prepared photographs of the retina
 * ("Kaggle diabetic retinopathy detection competition report", 2015):
 *     4 I - 4 Gauss(I) + 128/255
 * and gray outside of a circle in the middle.
 */
#include "blur.h"
#include "pixels.h"
#include "take.h"

static const double gray = 128.0 / 255;

struct config {
    double sigma, weight, radius;
};

static const struct tfu_option options[] = {
    TFU_OPT_FLOAT(
        struct config, sigma, 1.0 / 30, 1e-4, 1,
        "standard deviation of the Gaussian, as a share of half the image's shorter side"),
    TFU_OPT_FLOAT(struct config, weight, 4, 0.1, 100,
                  "factor of the difference between the image and its blurred self"),
    TFU_OPT_FLOAT(struct config, radius, 0.9, 0, 2,
                  "radius of the circle outside of which the image is gray, as a share of half the "
                  "shorter side; 0: none"),
};

/* Is the middle of a pixel outside? */
static int is_outside(double radius, const int64_t *dim, int64_t y, int64_t x)
{
    const double down = (double)(2 * y + 1 - dim[0]) / 2, right = (double)(2 * x + 1 - dim[1]) / 2;
    return radius > 0 && down * down + right * right > radius * radius;
}

static enum tfu_status run(const void *self, struct tfu_example *x, struct tfu_example_host *h)
{
    const struct config *c = self;
    enum tfu_status st;
    struct tfu_tensor *image = pixel_floats(x, h, &st);
    if (!image)
        return st;
    const int64_t *dim = image->shape.dim;
    const double half = (double)(dim[0] < dim[1] ? dim[0] : dim[1]) / 2;
    const float *blurred = blur_make(image, c->sigma * half, h);
    float *pixel = image->data;
    if (!blurred)
        return TFU_ENOMEM;
    for (int64_t i = 0; i < tfu_shape_count(&image->shape); i++) {
        const int64_t at = i / dim[2];
        const double above = (double)pixel[i] - (double)blurred[i];
        pixel[i] = is_outside(c->radius * half, dim, at / dim[1], at % dim[1])
                       ? (float)gray
                       : (float)pixel_cut(c->weight * above + gray);
    }
    return TFU_OK;
}

static const struct tfu_transform_ops ops = {
    .struct_size = sizeof ops,
    .create = create_options,
    .destroy = leave_options,
    .run = run,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_TRANSFORM),
    .name = "graham",
    .version = "1.0",
    .summary = "what a pixel is above its surroundings, in a circle",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
