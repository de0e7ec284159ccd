/* SPDX-License-Identifier: MIT
 *
 * The numbers that pixels are, and the figure.
 */
#include <inttypes.h>
#include <math.h>

#include "core/audit/parts.h"

static void put_channels(const struct tfu_audit_work *w, int64_t channels)
{
    struct tfu_text mean = TFU_TEXT_INIT, deviation = TFU_TEXT_INIT;
    struct tfu_channel_moments sum;
    const int64_t images = tfu_looks_moments(&w->looks[0], channels, &sum);
    for (size_t c = 0; images > 0 && c < (size_t)channels; c++) {
        double m, d;
        tfu_channel_moments_numbers(&sum, images, c, &m, &d);
        tfu_text_printf(&mean, "%s%.6g", c ? ", " : "", m);
        tfu_text_printf(&deviation, "%s%.6g", c ? ", " : "", d);
    }
    if (mean.length > 0)
        tfu_result_say(w->out,
                       "%s images of %" PRId64
                       " channel%s where `normalise` gets them, each of one "
                       "weight: `normalise: {mean: [%s], deviation: [%s]}`",
                       w->request->name[0], channels, channels == 1 ? "" : "s", tfu_text_get(&mean),
                       tfu_text_get(&deviation));
    tfu_text_free(&mean);
    tfu_text_free(&deviation);
}

/* Shares of the numbers of a split. */
static void fill_pixels(struct tfu_figure_series *s, const struct tfu_audit_work *w, size_t split)
{
    const struct tfu_looks *l = &w->looks[split];
    struct tfu_figure_point *point = tfu_result_alloc(w->out, TFU_LOOK_BINS + 1, sizeof *point);
    double total = (double)l->below + (double)l->above;
    for (size_t b = 0; b < TFU_LOOK_BINS; b++)
        total += (double)l->bin[b];
    for (size_t b = 0; point && b <= TFU_LOOK_BINS; b++)
        point[b] = (struct tfu_figure_point){
            (double)b / TFU_LOOK_BINS,
            b < TFU_LOOK_BINS && total > 0 ? (double)l->bin[b] / total : 0, NAN, NAN};
    *s = (struct tfu_figure_series){
        .label = w->request->name[split], .point = point, .count = point ? TFU_LOOK_BINS + 1 : 0};
}

/* Of a class the share of examples that are of it, of a label the share of known ones that are
 * positive. */
static double prevalence(const struct tfu_dataset *d, int64_t k)
{
    const struct tfu_census *c = tfu_dataset_census(d);
    if (c->classes > 0)
        return k < c->classes ? (double)c->count[k] / (double)c->examples : 0;
    if (k >= c->columns)
        return 0;
    const struct tfu_census_column *x = &c->column[k];
    const int64_t known = x->positive + x->negative;
    return known > 0 ? (double)x->positive / (double)known : 0;
}

static void fill_labels(struct tfu_figure_series *s, const struct tfu_audit_work *w, size_t split,
                        int64_t labels)
{
    const size_t n = (size_t)labels;
    struct tfu_figure_point *point = tfu_result_alloc(w->out, n + 1, sizeof *point);
    for (size_t k = 0; point && k <= n; k++)
        point[k] = (struct tfu_figure_point){
            (double)k, k < n ? prevalence(w->request->dataset[split], (int64_t)k) : 0, NAN, NAN};
    *s = (struct tfu_figure_series){
        .label = w->request->name[split], .point = point, .count = point ? n + 1 : 0};
}

static int64_t labels_of(const struct tfu_dataset *d)
{
    const struct tfu_dataset_info *info = tfu_dataset_info(d);
    return info->target == TFU_FIELD_CLASS    ? info->classes
           : info->target == TFU_FIELD_LABELS ? info->label_columns
                                              : 0;
}

static void draw(const struct tfu_audit_work *w)
{
    const size_t splits = w->request->count;
    const int64_t labels = labels_of(w->request->dataset[0]);
    const size_t panels = labels > 0 ? 2 : 1;
    struct tfu_figure_panel *panel;
    struct tfu_figure *f = tfu_result_figure(w->out, TFU_FIGURE_HISTOGRAM, &panel, panels);
    for (size_t p = 0; f && p < panels; p++) {
        struct tfu_figure_series *series = tfu_result_alloc(w->out, splits, sizeof *series);
        for (size_t s = 0; series && s < splits; s++)
            if (p)
                fill_labels(&series[s], w, s, labels);
            else
                fill_pixels(&series[s], w, s);
        panel[p] = (struct tfu_figure_panel){
            .title = p ? "labels" : "pixels",
            .x_label = p ? "class or label" : "of 0 to 1, all channels",
            .y_label = p ? "share of examples" : "share of numbers",
            .series = series,
            .series_count = series ? splits : 0,
        };
    }
    if (f)
        f->caption = "Images as they lie in their files, before any transform; labels as they are "
                     "selected, of those that are known.";
}

void tfu_audit_pixels(const struct tfu_audit_work *w)
{
    uint64_t beyond = 0;
    tfu_result_say(w->out, "%s", "");
    for (int64_t channels = 1; channels <= TFU_MOMENTS_CHANNELS; channels++)
        put_channels(w, channels);
    for (size_t s = 0; s < w->request->count; s++)
        beyond += w->looks[s].below + w->looks[s].above;
    if (beyond)
        tfu_result_say(w->out, "%" PRIu64 " numbers are below 0 or above 1", beyond);
    draw(w);
}
