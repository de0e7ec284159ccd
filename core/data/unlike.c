/* SPDX-License-Identifier: MIT */
#include "core/data/unlike.h"

#include <string.h>

static void begin(struct tfu_text *out, const char *key)
{
    tfu_text_printf(out, "%s%s ", out->length ? ", " : "", key);
}

static void put_ints(struct tfu_text *out, const struct tfu_int_list *list)
{
    tfu_text_puts(out, list->count ? "[" : "none");
    for (uint64_t i = 0; i < list->count && i < 10; i++)
        tfu_text_printf(out, "%s%lld", i ? ", " : "", (long long)list->item[i]);
    tfu_text_puts(out, list->count > 10 ? ", ...]" : list->count ? "]" : "");
}

static bool same_ints(const struct tfu_int_list *a, const struct tfu_int_list *b)
{
    for (uint64_t i = 0; i < a->count && i < b->count; i++)
        if (a->item[i] != b->item[i])
            return false;
    return a->count == b->count;
}

static void compare_ints(struct tfu_text *out, const char *key, const struct tfu_int_list *train,
                         const struct tfu_int_list *other)
{
    if (same_ints(train, other))
        return;
    begin(out, key);
    put_ints(out, other);
    tfu_text_puts(out, " in place of ");
    put_ints(out, train);
}

/* What is done to the numbers, of the first channels; one number is for all. */
static struct tfu_preprocessing numbers(const struct tfu_data_select *s)
{
    const struct tfu_float_list *mean = &s->normalise.mean, *deviation = &s->normalise.deviation;
    struct tfu_preprocessing p = {.channels = TFU_PREPROCESSING_CHANNELS_MAX, .order = "rgb"};
    if (s->normalise.preprocessing && tfu_preprocessing_named(s->normalise.preprocessing, &p))
        return p;
    for (uint64_t c = 0; c < TFU_PREPROCESSING_CHANNELS_MAX; c++) {
        const uint64_t m = mean->count > 1 ? c : 0, v = deviation->count > 1 ? c : 0;
        p.mean[c] = m < mean->count ? mean->item[m] : 0;
        p.deviation[c] = v < deviation->count ? deviation->item[v] : 1;
    }
    if (mean->count > 1 || deviation->count > 1)
        p.channels = (size_t)(mean->count > deviation->count ? mean->count : deviation->count);
    if (p.channels > TFU_PREPROCESSING_CHANNELS_MAX) /* is refused when images are read */
        p.channels = TFU_PREPROCESSING_CHANNELS_MAX;
    return p;
}

/* Those of one channel count for as many as the other has. */
static bool same_numbers(const struct tfu_data_select *a, const struct tfu_data_select *b)
{
    struct tfu_preprocessing x = numbers(a), y = numbers(b);
    x.channels = y.channels = x.channels < y.channels ? x.channels : y.channels;
    return tfu_preprocessing_equal(&x, &y);
}

static void put_floats(struct tfu_text *out, const char *key, const struct tfu_float_list *list)
{
    tfu_text_printf(out, "%s [", key);
    for (uint64_t i = 0; i < list->count && i < TFU_PREPROCESSING_CHANNELS_MAX; i++)
        tfu_text_printf(out, "%s%g", i ? ", " : "", list->item[i]);
    tfu_text_puts(out, "]");
}

static void put_numbers(struct tfu_text *out, const struct tfu_data_select *s)
{
    const struct tfu_float_list *mean = &s->normalise.mean, *deviation = &s->normalise.deviation;
    if (s->normalise.preprocessing && s->normalise.preprocessing[0])
        tfu_text_puts(out, s->normalise.preprocessing);
    else if (!mean->count && !deviation->count)
        tfu_text_puts(out, "none");
    if (mean->count)
        put_floats(out, "mean", mean);
    if (deviation->count)
        put_floats(out, mean->count ? " and deviation" : "deviation", deviation);
}

void tfu_unlike_text(const struct tfu_data_select *train, const struct tfu_data_select *other,
                     struct tfu_text *out)
{
    compare_ints(out, "classes", &train->classes, &other->classes);
    compare_ints(out, "resize", &train->resize, &other->resize);
    if (train->normalise.channels != other->normalise.channels) {
        begin(out, "normalise.channels");
        tfu_text_printf(out, "%lld in place of %lld", (long long)other->normalise.channels,
                        (long long)train->normalise.channels);
    }
    if (!same_numbers(train, other)) {
        begin(out, "normalise");
        put_numbers(out, other);
        tfu_text_puts(out, " in place of ");
        put_numbers(out, train);
    }
}

int64_t tfu_unlike_shared(const struct tfu_dataset *a, const struct tfu_dataset *b)
{
    const struct tfu_dataset_info *x = tfu_dataset_info(a), *y = tfu_dataset_info(b);
    int64_t shared = 0;
    if (!x->fingerprint || !y->fingerprint || !x->fingerprint[0] ||
        strcmp(x->fingerprint, y->fingerprint) != 0)
        return 0;
    for (int64_t i = 0, k = 0; i < x->count && k < y->count;) { /* both ascend */
        const int64_t p = tfu_dataset_source_index(a, i), q = tfu_dataset_source_index(b, k);
        shared += p == q;
        i += p <= q;
        k += q <= p;
    }
    return shared;
}
