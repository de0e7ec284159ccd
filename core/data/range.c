/* SPDX-License-Identifier: MIT */
#include "core/data/range.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- taking */

struct sums {
    double min, max, sum, squares, count;
};

static void add(struct sums *s, const float *x, size_t n)
{
    double sum = 0, squares = 0;
    float min = x[0], max = x[0];
    for (size_t i = 0; i < n; i++) {
        min = x[i] < min ? x[i] : min;
        max = x[i] > max ? x[i] : max;
        sum += (double)x[i];
        squares += (double)x[i] * (double)x[i];
    }
    s->min = s->count > 0 ? fmin(s->min, (double)min) : (double)min;
    s->max = s->count > 0 ? fmax(s->max, (double)max) : (double)max;
    s->sum += sum;
    s->squares += squares;
    s->count += (double)n;
}

static struct tfu_range_numbers numbers(const struct sums *s)
{
    const double mean = s->sum / s->count;
    return (struct tfu_range_numbers){
        .min = s->min,
        .max = s->max,
        .mean = mean,
        .deviation = sqrt(fmax(0, s->squares / s->count - mean * mean)),
    };
}

bool tfu_range_is_constant(const float *pixels, size_t numbers, size_t channels)
{
    size_t i = channels;
    while (i < numbers && pixels[i] == pixels[i - channels])
        i++;
    return numbers > channels && i >= numbers;
}

enum tfu_status tfu_range_take(struct tfu_range *out, const struct tfu_dataset *d, int64_t images,
                               struct tfu_error *e)
{
    const struct tfu_dataset_info *info = tfu_dataset_info(d);
    const size_t channels = (size_t)info->channels;
    const size_t prepared = (size_t)(info->height * info->width) * channels;
    *out = (struct tfu_range){.images = images < info->count ? images : info->count};
    float *pixels = malloc(prepared * sizeof *pixels);
    if (!pixels)
        return tfu_error_memory(e, "looking at pixels", 0);
    struct sums before = {.count = 0}, after = {.count = 0};
    enum tfu_status st = TFU_OK;
    for (int64_t k = 0; st == TFU_OK && k < out->images; k++) {
        /* count * k may be beyond int64_t */
        const int64_t i =
            info->count / out->images * k + info->count % out->images * k / out->images;
        struct tfu_dataset_image raw;
        st = tfu_dataset_get_images(d, i, &raw, NULL, e);
        if (st == TFU_OK) {
            add(&before, raw.pixels, (size_t)(raw.height * raw.width * raw.channels));
            st = tfu_dataset_get(d, i, pixels, NULL, e);
        }
        free(raw.pixels);
        if (st != TFU_OK)
            break;
        add(&after, pixels, prepared);
        if (tfu_range_is_constant(pixels, prepared, channels) && out->constant++ == 0)
            out->first_constant = i;
    }
    free(pixels);
    if (st != TFU_OK)
        return st;
    out->raw = numbers(&before);
    out->prepared = numbers(&after);
    return TFU_OK;
}

/* ---- judging */

/* The published preprocessing that is done to the numbers; NULL: none, or the one that does
 * nothing. */
static const char *published(const struct tfu_dataset *d)
{
    const char *name = tfu_dataset_published(d);
    return name && strcmp(name, "none") != 0 ? name : NULL;
}

/* Are the mean and the deviation those of pixels from 0 to 1? */
static bool is_for_unit(const struct tfu_preprocessing *p)
{
    for (size_t c = 0; c < p->channels; c++)
        if (p->mean[c] < 0 || p->mean[c] > 1 || p->deviation[c] > 0.6)
            return false;
    return true;
}

/* Are the pixels divided by anything? A mean alone only moves them. */
static bool divides(const struct tfu_preprocessing *p)
{
    for (size_t c = 0; c < p->channels; c++)
        if (p->deviation[c] != 1)
            return true;
    return false;
}

static void put_ranges(const struct tfu_range *r, const char *name, struct tfu_text *out)
{
    tfu_text_printf(out,
                    "pixels of %.6g to %.6g (mean %.5g, deviation %.5g) become %.6g to %.6g by "
                    "`normalise: {%s%s}`",
                    r->raw.min, r->raw.max, r->raw.mean, r->raw.deviation, r->prepared.min,
                    r->prepared.max, name ? "preprocessing: " : "mean, deviation",
                    name ? name : "");
}

static void put_own(const struct tfu_range_numbers *raw, struct tfu_text *out)
{
    tfu_text_printf(out, "`normalise: {mean: [%.5g], deviation: [%.5g]}`", raw->mean,
                    raw->deviation);
}

/* What pixels beyond 0 to 1 are likely to be. */
static void advise_beyond(const struct tfu_range_numbers *raw, bool named, struct tfu_text *out)
{
    static const double most[] = {255, 1023, 4095, 32767, 65535};
    size_t i = 0;
    while (i + 1 < TFU_COUNT(most) && raw->max > most[i])
        i++;
    if (raw->min < 0 && raw->min > -20 && raw->max < 20) {
        tfu_text_puts(out, "; they look normalised already: leave `normalise` out, or use the "
                           "images as they were before");
        return;
    }
    if (raw->min >= 0 && raw->max <= most[i])
        tfu_text_printf(out,
                        "; divide them by %g in the files, or give their own numbers: ", most[i]);
    else
        tfu_text_puts(out, "; bring them to 0 to 1 in the files, or give their own numbers: ");
    put_own(raw, out);
    tfu_text_puts(out, named ? " in place of the preprocessing" : "");
}

static enum tfu_range_verdict judge_named(const struct tfu_range *r, const char *name,
                                          struct tfu_text *out)
{
    const struct tfu_range_numbers *raw = &r->raw;
    const double largest = fmax(fabs(raw->min), fabs(raw->max));
    if (raw->min >= -0.1 && raw->max <= 1.5 && (raw->max >= 0.02 || raw->max == raw->min))
        return TFU_RANGE_FITS;
    put_ranges(r, name, out);
    tfu_text_puts(out, ", which is for pixels of 0 to 1");
    if (largest < 0.02)
        tfu_text_puts(out, "; they are near 0 all of them: were they divided by 255 twice?");
    else
        advise_beyond(raw, true, out);
    return largest > 1000 ? TFU_RANGE_ABSURD : TFU_RANGE_ODD;
}

/* Do the pixels hardly differ any more, as by numbers for 0 to 255 where they are 0 to 1? */
static bool is_flat(const struct tfu_range *r)
{
    const struct tfu_range_numbers *z = &r->prepared;
    const double largest = fmax(fabs(z->min), fabs(z->max));
    if (z->max <= z->min)
        return false;
    return (z->deviation < 0.02 && fabs(z->mean) > 10 * z->deviation) ||
           (fabs(r->raw.min) <= 1.5 && fabs(r->raw.max) <= 1.5 && largest < 0.02);
}

/* The most that pixels of 0 to 1 are spread to on purpose, with room: torchxrayvision has -1024 to
 * 1024. */
static const double spread_max = 3000;

static enum tfu_range_verdict judge_numbers(const struct tfu_range *r, const struct tfu_dataset *d,
                                            struct tfu_text *out)
{
    const struct tfu_range_numbers *z = &r->prepared;
    const bool unit = is_for_unit(tfu_dataset_preprocessing(d));
    const bool beyond = r->raw.min < -0.1 || r->raw.max > 1.5;
    const double size = fmax(fabs(z->mean), z->deviation), bound = unit ? 3 : 10;
    const bool flat = is_flat(r);
    /* pixels of 0 to 1 may be spread on purpose: some weights want 0 to 255 less a mean */
    if (!flat && size <= (beyond ? bound : spread_max))
        return TFU_RANGE_FITS;
    put_ranges(r, NULL, out);
    tfu_text_printf(out, ", with mean %.3g and deviation %.3g where 0 and 1 are meant", z->mean,
                    z->deviation);
    if (unit && beyond)
        advise_beyond(&r->raw, false, out);
    else {
        tfu_text_puts(out, "; their own numbers are ");
        put_own(&r->raw, out);
    }
    return size > 1000 ? TFU_RANGE_ABSURD : TFU_RANGE_ODD;
}

enum tfu_range_verdict tfu_range_judge(const struct tfu_range *r, const struct tfu_dataset *d,
                                       struct tfu_text *out)
{
    if (published(d))
        return judge_named(r, published(d), out);
    return divides(tfu_dataset_preprocessing(d)) ? judge_numbers(r, d, out) : TFU_RANGE_FITS;
}
