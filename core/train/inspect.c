/* SPDX-License-Identifier: MIT */
#include "core/train/inspect.h"

#include <inttypes.h>
#include <string.h>

#include "core/data/range.h"
#include "core/data/twins.h"
#include "core/data/unlike.h"
#include "core/task/task.h"

enum { PROBED = 64, PROBED_NUMBERS = 1 << 24 }; /* images, and what they have together */

/* Logs a text as a warning, and frees it. */
static enum tfu_status warn(struct tfu_log *log, struct tfu_text *text, struct tfu_error *e)
{
    const enum tfu_status st = text->failed ? tfu_error_memory(e, "looking at data", 0) : TFU_OK;
    if (st == TFU_OK && text->length)
        tfu_log_write(log, TFU_LOG_WARNING, "%s", tfu_text_get(text));
    tfu_text_free(text);
    return st;
}

/* ---- one split */

void tfu_inspect_unlike(const struct tfu_experiment *x, enum tfu_split split, struct tfu_text *out)
{
    const struct tfu_data_split *data = tfu_experiment_split(x, split);
    struct tfu_text what = TFU_TEXT_INIT;
    if (split == TFU_SPLIT_TRAIN || !data->present || !x->train_data.present)
        return;
    tfu_unlike_text(&x->train_data.select, &data->select, &what);
    if (what.length)
        tfu_text_printf(out,
                        "the %s data are prepared otherwise than the train data: %s; without those "
                        "keys in data.%s they are prepared alike",
                        tfu_split_name(split), what.data, tfu_split_name(split));
    out->failed |= what.failed;
    tfu_text_free(&what);
}

static void put_constant(enum tfu_split split, const struct tfu_dataset *d, int64_t constant,
                         int64_t images, int64_t first, struct tfu_text *out)
{
    tfu_text_printf(out,
                    "%" PRId64 " of %" PRId64 " images of the %s data that were looked at %s "
                    "constant, with no picture in them; the first is ",
                    constant, images, tfu_split_name(split), constant == 1 ? "is" : "are");
    tfu_dataset_place(d, first, "images", out);
}

/* How many images are looked at: fewer of large ones. */
static int64_t probed(const struct tfu_dataset *d)
{
    const int64_t fit = (int64_t)(PROBED_NUMBERS / tfu_dataset_source_pixels(d));
    return fit < 4 ? 4 : fit < PROBED ? fit : PROBED;
}

void tfu_inspect_constant(struct tfu_log *log, enum tfu_split split, const struct tfu_dataset *d,
                          int64_t constant, int64_t first)
{
    struct tfu_text text = TFU_TEXT_INIT;
    if (constant > 0 && tfu_dataset_info(d)->count > probed(d)) /* else it has been said */
        put_constant(split, d, constant, tfu_dataset_info(d)->count, first, &text);
    warn(log, &text, NULL);
}

enum tfu_status tfu_inspect_split(const struct tfu_context *c, enum tfu_split split,
                                  const struct tfu_dataset *d, bool strict, struct tfu_error *e)
{
    struct tfu_range range;
    struct tfu_text unlike = TFU_TEXT_INIT, odd = TFU_TEXT_INIT, constant = TFU_TEXT_INIT;
    tfu_inspect_unlike(c->experiment, split, &unlike);
    enum tfu_status st = warn(c->log, &unlike, e);
    if (st == TFU_OK)
        st = tfu_range_take(&range, d, probed(d), e);
    if (st != TFU_OK)
        return st;
    if (range.constant)
        put_constant(split, d, range.constant, range.images, range.first_constant, &constant);
    st = warn(c->log, &constant, e);
    const enum tfu_range_verdict verdict = tfu_range_judge(&range, d, &odd);
    if (st == TFU_OK && verdict == TFU_RANGE_ABSURD && strict && !odd.failed)
        tfu_error_set(e, st = TFU_EINVAL, "%s data: %s", tfu_split_name(split), tfu_text_get(&odd));
    if (st == TFU_OK && verdict != TFU_RANGE_FITS) {
        struct tfu_text text = TFU_TEXT_INIT;
        tfu_text_printf(&text, "%s data: %s", tfu_split_name(split), tfu_text_get(&odd));
        text.failed |= odd.failed;
        st = warn(c->log, &text, e);
    }
    tfu_text_free(&odd);
    return st;
}

/* ---- splits beside each other */

static void put_shared(const struct tfu_dataset *b, const char *a_name, const char *b_name,
                       int64_t shared, struct tfu_text *out)
{
    tfu_text_printf(out,
                    "the %s and the %s data come from the same files, and %" PRId64 " of %" PRId64
                    " %s examples are %s examples too: what is measured on them says little about "
                    "new images",
                    a_name, b_name, shared, tfu_dataset_info(b)->count, b_name, a_name);
}

static void put_twins(const struct tfu_dataset *a, const struct tfu_dataset *b, const char *a_name,
                      const char *b_name, const struct tfu_twins *twins, struct tfu_text *out)
{
    tfu_text_printf(out,
                    "%" PRId64 " of %" PRId64 " images of the %s data are in the %s data too: ",
                    twins->count, tfu_dataset_info(b)->count, b_name, a_name);
    tfu_dataset_place(b, twins->in_b, "images", out);
    tfu_text_puts(out, " is ");
    tfu_dataset_place(a, twins->in_a, "images", out);
    tfu_text_puts(out, "; what is measured on them says little about new images");
}

/* Examples that two splits have in common, by where they come from or by their pixels. */
static enum tfu_status warn_shared(const struct tfu_inspected_training *t, int i, int k,
                                   struct tfu_error *e)
{
    const struct tfu_dataset *a = t->data[i], *b = t->data[k];
    const char *a_name = tfu_split_name((enum tfu_split)i);
    const char *b_name = tfu_split_name((enum tfu_split)k);
    struct tfu_text text = TFU_TEXT_INIT;
    struct tfu_twins twins;
    if (!a || !b)
        return TFU_OK;
    const int64_t shared = tfu_unlike_shared(a, b);
    if (shared) {
        put_shared(b, a_name, b_name, shared, &text);
    } else if (tfu_twins_are_cheap(a, b)) {
        const enum tfu_status st = tfu_twins_find(&twins, a, b, e);
        if (st != TFU_OK)
            return st;
        if (twins.count)
            put_twins(a, b, a_name, b_name, &twins, &text);
    }
    return warn(t->context->log, &text, e);
}

/* ---- labels */

static enum tfu_status warn_missing(const struct tfu_inspected_training *t, struct tfu_error *e)
{
    const struct tfu_task_config *task = &t->context->experiment->task;
    const struct tfu_task_kind *kind = tfu_task_of(task);
    struct tfu_text text = TFU_TEXT_INIT;
    if (kind->put_missing)
        kind->put_missing(tfu_dataset_census(t->data[TFU_SPLIT_TRAIN]), task->classes, &text);
    return warn(t->context->log, &text, e);
}

/* ---- batches */

/* A normalisation by batch statistics whose channels have one value in a batch of one; NULL: none.
 */
static const struct tfu_graph_node *find_lonely(const struct tfu_graph *g)
{
    for (uint32_t i = 0; i < g->node_count; i++) {
        const struct tfu_graph_node *node = &g->node[i];
        if (strcmp(node->op, "batchnorm") != 0)
            continue;
        const struct tfu_shape *in = &g->value[node->in[0]].shape;
        int64_t places = 1;
        for (uint32_t k = 1; k + 1 < in->rank; k++)
            places *= in->dim[k];
        bool frozen = false;
        for (uint32_t k = 0; k < node->attr_count; k++)
            frozen |= strcmp(node->attr[k].name, "frozen") == 0 && node->attr[k].i != 0;
        if (places == 1 && !frozen)
            return node;
    }
    return NULL;
}

static enum tfu_status check_batches(const struct tfu_inspected_training *t, struct tfu_error *e)
{
    const struct tfu_train_config *train = &t->context->experiment->train;
    const int64_t count = tfu_dataset_info(t->data[TFU_SPLIT_TRAIN])->count;
    const struct tfu_graph_node *node = find_lonely(t->graph);
    if (!node)
        return TFU_OK;
    if (train->batch == 1 || count == 1)
        return tfu_error_set(e, TFU_EINVAL,
                             "batches of one image cannot be trained: normalisation '%s' has one "
                             "value per channel then, which has no variance; use a larger "
                             "`train: {batch: ...}`, larger images, or freeze the layer",
                             node->name);
    if (train->drop_last || count % train->batch != 1 || t->steps < t->batches_per_epoch)
        return TFU_OK;
    return tfu_error_set(e, TFU_EINVAL,
                         "the last batch of an epoch has one image (%" PRId64
                         " images in batches of %" PRId64
                         "), and normalisation '%s' has one value per channel then, which has no "
                         "variance; set `train: {drop_last: true}`, or another batch size",
                         count, train->batch, node->name);
}

enum tfu_status tfu_inspect_training(const struct tfu_inspected_training *t, struct tfu_error *e)
{
    enum tfu_status st = check_batches(t, e);
    for (int i = 0; st == TFU_OK && i < TFU_SPLIT_COUNT; i++)
        if (t->data[i])
            st = tfu_inspect_split(t->context, (enum tfu_split)i, t->data[i], true, e);
    for (int a = 0; a < TFU_SPLIT_COUNT; a++)
        for (int b = a + 1; st == TFU_OK && b < TFU_SPLIT_COUNT; b++)
            st = warn_shared(t, a, b, e);
    return st == TFU_OK ? warn_missing(t, e) : st;
}
