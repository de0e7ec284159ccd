/* SPDX-License-Identifier: MIT */
#include "csv_policies.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "csv_hash.h"
#include "csv_nearest.h"

#include <transfuse/random.h>

static const char *const policy_names[] = {"zeros", "ones", "ignore", "smooth"};

static enum tfu_status read_policy(const char *text, uint8_t *policy, struct tfu_dataset_host *h)
{
    for (uint8_t k = 0; k < TFU_COUNT(policy_names); k++)
        if (strcmp(text, policy_names[k]) == 0) {
            *policy = k;
            return TFU_OK;
        }
    return h->fail(h, TFU_EINVAL,
                   "uncertain: '%s' is none of zeros, ones, ignore and smooth, nor "
                   "`LABEL=POLICY`",
                   text);
}

static enum tfu_status read_label_policy(struct csv_labels *l, const char *text, const char *equals,
                                         struct tfu_dataset_host *h)
{
    char name[256];
    const struct tfu_string_list *labels = &l->settings->labels;
    snprintf(name, sizeof name, "%.*s", (int)(equals - text), text);
    const int64_t k = csv_labels_find(l, name);
    if (k >= 0)
        return read_policy(equals + 1, &l->policy[k], h);
    const char *nearest = csv_nearest(name, labels->item, labels->count);
    return h->fail(h, TFU_EINVAL, "uncertain: '%s' is none of the labels%s%s%s", name,
                   nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
}

/* Are both for the same label, or both for all? */
static bool is_same_item(const char *a, const char *b)
{
    const char *x = strrchr(a, '='), *y = strrchr(b, '=');
    return !x ? !y : y && x - a == y - b && memcmp(a, b, (size_t)(x - a)) == 0;
}

static enum tfu_status check_once(const struct tfu_string_list *list, struct tfu_dataset_host *h)
{
    for (uint64_t i = 1; i < list->count; i++)
        for (uint64_t j = 0; j < i; j++)
            if (is_same_item(list->item[i], list->item[j]))
                return h->fail(h, TFU_EINVAL,
                               "uncertain: '%s' and '%s' are for the same labels; keep one",
                               list->item[j], list->item[i]);
    return TFU_OK;
}

enum tfu_status csv_policies_read(struct csv_labels *l, struct tfu_dataset_host *h)
{
    const struct csv_config *c = l->settings->config;
    uint8_t all = CSV_IGNORE;
    enum tfu_status st = check_once(&c->uncertain, h);
    for (uint64_t i = 0; st == TFU_OK && i < c->uncertain.count; i++)
        if (!strchr(c->uncertain.item[i], '='))
            st = read_policy(c->uncertain.item[i], &all, h);
    memset(l->policy, all, l->columns);
    for (uint64_t i = 0; st == TFU_OK && i < c->uncertain.count; i++) {
        const char *equals = strrchr(c->uncertain.item[i], '=');
        if (equals)
            st = read_label_policy(l, c->uncertain.item[i], equals, h);
    }
    l->smooth[0] = 0.55; /* Pham et al. 2021, "Interpreting chest X-rays via CNNs that exploit
                          * hierarchical disease dependencies and uncertainty labels" */
    l->smooth[1] = 0.85;
    if (st == TFU_OK && c->smooth.count) {
        if (c->smooth.count != 2 || c->smooth.item[0] > c->smooth.item[1])
            return h->fail(h, TFU_EINVAL,
                           "smooth has two numbers from 0 to 1, the lower one first");
        l->smooth[0] = c->smooth.item[0];
        l->smooth[1] = c->smooth.item[1];
    }
    return st;
}

static float draw(const struct csv_labels *l, size_t column, const char *name)
{
    const char *label = l->settings->labels.item[column];
    uint64_t key = csv_hash(CSV_HASH_BEGIN, name, strlen(name) + 1);
    key = csv_hash(key, label, strlen(label) + 1);
    const struct tfu_random_block b = tfu_philox(key, (uint64_t)l->settings->config->smooth_seed);
    const double u = tfu_uniform_double(b.word[0], b.word[1]);
    return (float)(l->smooth[0] + (l->smooth[1] - l->smooth[0]) * u);
}

float csv_policies_number(const struct csv_labels *l, uint8_t state, size_t column,
                          const char *name)
{
    if (state == CSV_BLANK)
        return l->settings->config->blank == CSV_BLANK_ZEROS ? 0 : NAN;
    if (state != CSV_UNCERTAIN)
        return state == CSV_POSITIVE;
    switch ((enum csv_policy)l->policy[column]) {
    case CSV_ZEROS:
        return 0;
    case CSV_ONES:
        return 1;
    case CSV_SMOOTH:
        return draw(l, column, name);
    case CSV_IGNORE:
        break;
    }
    return NAN;
}

void csv_labels_text(const struct csv_labels *l, size_t column, char *out, size_t room)
{
    static const char *const as[] = {"as 0", "as 1", "left out", "smoothed"};
    int64_t n[CSV_STATES];
    csv_labels_count(l, column, n);
    snprintf(out, room,
             "label '%.200s': %lld positive, %lld negative, %lld uncertain (%s), %lld blank (%s)",
             l->settings->labels.item[column], (long long)n[CSV_POSITIVE],
             (long long)n[CSV_NEGATIVE], (long long)n[CSV_UNCERTAIN], as[l->policy[column]],
             (long long)n[CSV_BLANK],
             as[l->settings->config->blank == CSV_BLANK_ZEROS ? CSV_ZEROS : CSV_IGNORE]);
}
