/* SPDX-License-Identifier: MIT */
#include "core/analysis/scores.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum tfu_status tfu_scores_open(struct tfu_assessor **out, struct tfu_analysis_context *c,
                                const struct tfu_subject *s, struct tfu_error *e)
{
    const struct tfu_assessor_request request = {
        .subject = s,
        .split = tfu_analysis_split_name(c->common),
        .images = c->images,
        .arg = c->host.arg,
        .progress = c->host.progress,
    };
    return tfu_assessor_new(out, &request, e);
}

int64_t tfu_scores_examples(const struct tfu_assessor *a)
{
    return tfu_dataset_info(tfu_assessor_data(a))->count;
}

const char *tfu_scores_data(struct tfu_result *out, const struct tfu_assessor *a)
{
    return tfu_result_printf(out, "%s data, %" PRId64 " examples", tfu_assessor_split(a),
                             tfu_scores_examples(a));
}

struct tfu_result_table *tfu_scores_table(struct tfu_result *out, const char *name, uint32_t uses,
                                          const struct tfu_column *first, size_t first_count,
                                          const struct tfu_measure *measure, size_t measures)
{
    struct tfu_column *column = tfu_result_alloc(out, first_count + measures, sizeof *column);
    if (!column)
        return &out->spare;
    memcpy(column, first, first_count * sizeof *column);
    for (size_t i = 0; i < measures; i++)
        column[first_count + i] = (struct tfu_column){.name = measure[i].key, .digits = 4};
    return tfu_result_table(out, name, uses, column, first_count + measures);
}

void tfu_scores_put(struct tfu_result_table *t, const struct tfu_measure *measure, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (isnan(measure[i].value))
            tfu_cell_none(t, measure[i].why);
        else
            tfu_cell_number(t, measure[i].value);
}

void tfu_scores_say_reasons(struct tfu_result *out, const struct tfu_measure *measure, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool said = !isnan(measure[i].value);
        for (size_t k = 0; !said && k < i; k++)
            said = isnan(measure[k].value) && strcmp(measure[k].key, measure[i].key) == 0 &&
                   strcmp(measure[k].why, measure[i].why) == 0;
        if (!said)
            tfu_result_say(out, "  %s n/a: %s", measure[i].key, measure[i].why);
    }
}
