/* SPDX-License-Identifier: MIT */
#include "csv_views.h"

#include <string.h>
#include <strings.h>

static const char *const names[CSV_VIEWS] = {"PA", "AP", "AP_SUPINE", "L", "LL", "RL", "UNKNOWN"};

static const struct {
    const char *word;
    enum csv_view view;
} others[] = {
    {"POSTEROANTERIOR", CSV_PA},
    {"ANTEROPOSTERIOR", CSV_AP},
    {"AP_HORIZONTAL", CSV_AP_SUPINE},
    {"AP HORIZONTAL", CSV_AP_SUPINE},
    {"AP SUPINE", CSV_AP_SUPINE},
    {"SUPINE", CSV_AP_SUPINE},
    {"LATERAL", CSV_L},
    {"LA", CSV_L},
    {"LAT", CSV_L},
    {"LEFT LATERAL", CSV_LL},
    {"RIGHT LATERAL", CSV_RL},
};

bool csv_view_read(const char *word, enum csv_view *v)
{
    for (int k = 0; k < CSV_VIEWS; k++)
        if (strcasecmp(word, names[k]) == 0) {
            *v = (enum csv_view)k;
            return true;
        }
    for (size_t k = 0; k < sizeof others / sizeof *others; k++)
        if (strcasecmp(word, others[k].word) == 0) {
            *v = others[k].view;
            return true;
        }
    return false;
}

enum csv_view csv_view_of(const char *word)
{
    enum csv_view v;
    return csv_view_read(word, &v) ? v : CSV_UNKNOWN;
}

const char *csv_view_name(enum csv_view v)
{
    return names[v];
}
