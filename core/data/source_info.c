/* SPDX-License-Identifier: MIT */
#include "core/data/source_info.h"

#include <stdbool.h>
#include <string.h>

enum { ATTRIBUTES_MAX = 4096 };

static enum tfu_status check_labels(const struct tfu_dataset_info *i,
                                    const struct tfu_dataset_ops *ops, const char *name,
                                    struct tfu_error *e)
{
    if (i->count < 1 || i->label_columns < 0 || i->label_columns > 1 << 20 || i->classes < 0)
        return tfu_error_set(e, TFU_EINVAL,
                             "dataset '%s' has %lld examples with %lld label columns and %lld "
                             "classes",
                             name, (long long)i->count, (long long)i->label_columns,
                             (long long)i->classes);
    if (i->target != 0 && i->target != TFU_FIELD_CLASS && i->target != TFU_FIELD_LABELS &&
        i->target != TFU_FIELD_NUMBERS)
        return tfu_error_set(e, TFU_EINVAL,
                             "dataset '%s' has labels of kind %u; they are TFU_FIELD_CLASS, "
                             "TFU_FIELD_LABELS, TFU_FIELD_NUMBERS or none (0)",
                             name, i->target);
    const bool classes = i->target == TFU_FIELD_CLASS;
    if (classes && i->label_columns != 1)
        return tfu_error_set(e, TFU_EINVAL,
                             "dataset '%s' has %lld classes and %lld label columns; class indices "
                             "are one column",
                             name, (long long)i->classes, (long long)i->label_columns);
    if (classes != (i->classes > 0) || (i->target != 0) != (i->label_columns > 0) ||
        (i->target != 0 && !ops->labels))
        return tfu_error_set(e, TFU_EINVAL,
                             "dataset '%s' has labels of kind %u with %lld columns and %lld "
                             "classes, and %s labels(); these do not fit together",
                             name, i->target, (long long)i->label_columns, (long long)i->classes,
                             ops->labels ? "has" : "no");
    return TFU_OK;
}

static enum tfu_status check_attributes(const struct tfu_dataset_info *i,
                                        const struct tfu_dataset_ops *ops, const char *name,
                                        struct tfu_error *e)
{
    if (i->attributes < 0 || i->attributes > ATTRIBUTES_MAX ||
        (i->attributes && (!i->attribute_names || !ops->attribute)))
        return tfu_error_set(e, TFU_EINVAL,
                             "dataset '%s' has %lld attributes, %s names of them and %s "
                             "attribute(); these do not fit together",
                             name, (long long)i->attributes, i->attribute_names ? "has" : "no",
                             ops->attribute ? "has" : "no");
    for (int64_t k = 0; k < i->attributes; k++) {
        const char *word = i->attribute_names[k];
        if (!word || !word[0])
            return tfu_error_set(e, TFU_EINVAL, "dataset '%s' has no name for attribute %lld", name,
                                 (long long)k);
        for (int64_t j = 0; j < k; j++)
            if (strcmp(word, i->attribute_names[j]) == 0)
                return tfu_error_set(e, TFU_EINVAL, "dataset '%s' has two attributes '%s'", name,
                                     word);
    }
    return TFU_OK;
}

enum tfu_status tfu_source_info_check(const struct tfu_dataset_info *i,
                                      const struct tfu_dataset_ops *ops, const char *name,
                                      struct tfu_error *e)
{
    const int64_t side = 1 << 20;
    enum tfu_status st = check_labels(i, ops, name, e);
    if (st == TFU_OK)
        st = check_attributes(i, ops, name, e);
    if (st != TFU_OK)
        return st;
    if (i->height < 0 || i->width < 0 || i->channels < 0 || i->height > side || i->width > side ||
        i->channels > side ||
        (i->channels && i->height * i->width > ((int64_t)1 << 40) / i->channels))
        return tfu_error_set(e, TFU_EINVAL, "dataset '%s' has images of %lld x %lld x %lld", name,
                             (long long)i->height, (long long)i->width, (long long)i->channels);
    if (i->memory < 0)
        return tfu_error_set(e, TFU_EINVAL, "dataset '%s' keeps %lld bytes", name,
                             (long long)i->memory);
    if (!i->fingerprint || !i->fingerprint[0])
        return tfu_error_set(e, TFU_EINVAL,
                             "dataset '%s' has no fingerprint; it says one in its info, or adds "
                             "what it reads with add_file() and its like",
                             name);
    return TFU_OK;
}
