/* SPDX-License-Identifier: MIT */
#include "tests/support/scored.h"

#include <check.h>
#include <string.h>

#include "core/train/score_intervals.h"
#include "tests/support/datasets.h"

void scored_open(struct scored *s, struct tfu_registry *registry, const struct split *d,
                 const char *metric, struct tfu_threads *threads)
{
    struct tfu_error e = TFU_ERROR_INIT;
    s->metric = choose(registry, TFU_KIND_METRIC, metric, "");
    const struct tfu_scorer_request request = {
        .metric = &s->metric,
        .scored = &s->keys,
        .metric_count = 1,
        .seed = 7,
        .task = d->task,
        .outputs = d->outputs,
        .label_columns = d->columns,
        .registry = registry,
        .threads = threads,
    };
    tfu_scorer_new(&s->scorer, &request, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
}

void scored_close(struct scored *s)
{
    tfu_scorer_free(s->scorer);
    choice_free(&s->metric);
}

void scored_run(struct scored *s, const struct split *d, const struct tfu_dataset *data)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct scoring feed = {.scorer = s->scorer};
    if (data)
        tfu_scorer_data(s->scorer, data, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    scoring_feed(&feed, d, 50, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    tfu_scorer_finish(s->scorer, &s->score, &s->count, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    tfu_scorer_intervals(s->scorer, NULL, NULL, &s->interval, &s->interval_count, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
}

const struct tfu_score *scored_find(const struct scored *s, const char *key)
{
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->score[i].key, key) == 0)
            return &s->score[i];
    for (size_t i = 0; i < s->interval_count; i++)
        if (strcmp(s->interval[i].key, key) == 0)
            return &s->interval[i];
    return NULL;
}

double scored_value(const struct scored *s, const char *key)
{
    const struct tfu_score *score = scored_find(s, key);
    ck_assert_msg(score != NULL, "no score '%s'", key);
    return score->value;
}

struct tfu_dataset *scored_data(struct tfu_registry *registry, const char *const *word,
                                const char *const *group)
{
    static const char *const attribute[] = {"Patient Sex"};
    static struct formula_config c;
    c = formula_config(SCORED_ROWS, 1, 1, 1);
    c.attributes = 1;
    c.attribute_names = attribute;
    c.attribute_words = word;
    c.groups = group;
    static struct tfu_data_split split;
    split = formula_split(&c);
    return open_dataset(&split, registry);
}
