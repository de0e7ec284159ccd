/* SPDX-License-Identifier: MIT */
#include "csv_ages.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "csv_values.h"

bool csv_age_read(const char *text, double *years)
{
    static const char units[] = "YMWD";
    static const double in_a_year[] = {1, 12, 52, 365};
    char number[16];
    const size_t n = strlen(text);
    const char *unit = n ? strchr(units, text[n - 1] & ~0x20) : NULL;
    if (n == 0 || n >= sizeof number)
        return false;
    memcpy(number, text, n + 1);
    if (unit && *unit)
        number[n - 1] = '\0';
    if (!csv_number(number, years) || *years < 0)
        return false;
    if (unit && *unit)
        *years /= in_a_year[unit - units];
    return true;
}

bool csv_age_since(const char *birth, const char *date, double *years)
{
    char year[5] = "";
    double born, then;
    if (strlen(date) < 4)
        return false;
    memcpy(year, date, 4);
    if (!csv_number(birth, &born) || !csv_number(year, &then) || then < born)
        return false;
    *years = then - born;
    return true;
}

static void put_band(int64_t from, int64_t below, char out[32])
{
    if (below)
        snprintf(out, 32, "%lld-%lld", (long long)from, (long long)below - 1);
    else
        snprintf(out, 32, "%lld+", (long long)from);
}

void csv_age_text(const struct csv_config *c, double years, char out[32])
{
    static const int64_t usual[] = {20, 40, 60, 80};
    const int64_t *limit = c->age_bands.count ? c->age_bands.item : usual;
    const size_t count = c->age_bands.count ? c->age_bands.count : TFU_COUNT(usual);
    const double whole = floor(years);
    if (c->ages == CSV_AGES_YEARS) {
        snprintf(out, 32, "%.0f", whole);
        return;
    }
    size_t k = 0;
    while (k < count && whole >= (double)limit[k])
        k++;
    put_band(k ? limit[k - 1] : 0, k < count ? limit[k] : 0, out);
}

const char *csv_sex(const char *word)
{
    if (csv_is_blank(word) || strcasecmp(word, "unknown") == 0 || strcasecmp(word, "u") == 0)
        return "";
    if (strcasecmp(word, "m") == 0 || strcasecmp(word, "male") == 0)
        return "male";
    if (strcasecmp(word, "f") == 0 || strcasecmp(word, "female") == 0)
        return "female";
    return word;
}
