/* SPDX-License-Identifier: MIT */
#include "core/cli/explain_options.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int parse_images(struct tfu_explain_options *r)
{
    const char *s = r->images_text;
    for (;;) {
        char *end;
        errno = 0;
        const long long index = strtoll(s, &end, 10);
        if (end == s || errno || index < 0 || (*end && *end != ','))
            return tfu_cli_usage(r->command, "--images '%s' is not a list of numbers such as 0,5,9",
                                 r->images_text);
        if (r->images == TFU_EXPLAIN_IMAGES)
            return tfu_cli_usage(r->command, "--images has more than %d images",
                                 TFU_EXPLAIN_IMAGES);
        for (size_t i = 0; i < r->images; i++)
            if (r->image[i] == index)
                return tfu_cli_usage(r->command, "--images names %lld twice", index);
        r->image[r->images++] = index;
        if (!*end)
            return 0;
        s = end + 1;
    }
}

int tfu_explain_options_check(void *options)
{
    struct tfu_explain_options *r = options;
    if (!r->images_text)
        return tfu_cli_usage(r->command, "--images is missing: which examples, such as 0,5,9");
    const int status = parse_images(r);
    if (status != 0 || !r->class_text || strcmp(r->class_text, "predicted") == 0)
        return status;
    if (strcmp(r->class_text, "label") == 0) {
        r->choice = TFU_EXPLAIN_LABEL;
        return 0;
    }
    char *end;
    errno = 0;
    r->class = strtoll(r->class_text, &end, 10);
    r->choice = TFU_EXPLAIN_NUMBER;
    if (end == r->class_text || *end || errno || r->class < 0)
        return tfu_cli_usage(r->command,
                             "--class '%s' is not predicted, label or the number of a class",
                             r->class_text);
    return 0;
}

int64_t tfu_explain_label(const struct tfu_dataset_info *info, const float *labels)
{
    const bool one = info->label_columns == 1 && info->classes > 0 && isfinite(labels[0]);
    return one ? (int64_t)labels[0] : -1;
}

enum tfu_status tfu_explain_class(const struct tfu_explain_options *o, const char *spec,
                                  int64_t label, const float *logits, int64_t classes, int64_t *out,
                                  struct tfu_error *e)
{
    *out = o->choice == TFU_EXPLAIN_NUMBER ? o->class : o->choice == TFU_EXPLAIN_LABEL ? label : 0;
    if (o->choice == TFU_EXPLAIN_NUMBER && o->class >= classes)
        return tfu_error_set(e, TFU_EINVAL,
                             "there is no class %" PRId64 ": '%s' has %" PRId64
                             " outputs, counted from 0",
                             o->class, spec, classes);
    if (*out < 0 || *out >= classes)
        return tfu_error_set(e, TFU_EINVAL,
                             "the label of the image is no class of '%s'; name one with --class K",
                             spec);
    for (int64_t k = 1; o->choice == TFU_EXPLAIN_PREDICTED && k < classes; k++)
        *out = logits[k] > logits[*out] ? k : *out;
    return TFU_OK;
}
