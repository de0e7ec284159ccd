/* SPDX-License-Identifier: MIT */
#include "core/result/look.h"

#include <string.h>

/* Seven of Okabe and Ito, "Color universal design", 2008: told apart by the colour-blind. Five more
 * for who has so many, which need their marks. */
static const struct {
    const char *colour, *ink;
} colours[] = {{"#0072B2", "#0072B2"}, {"#D55E00", "#A84A00"}, {"#009E73", "#00724F"},
               {"#CC79A7", "#9C4576"}, {"#E69F00", "#8A5F00"}, {"#56B4E9", "#1F6E9C"},
               {"#000000", "#000000"}, {"#882255", "#882255"}, {"#332288", "#332288"},
               {"#8C510A", "#8C510A"}, {"#9467BD", "#7A4BA6"}, {"#808020", "#66661A"}};
/* Full and open ones by turns. */
static const int markers[] = {7, 5, 9, 13, 11, 6, 4, 8, 15, 12, 10, 14};
static const char *const dashes[] = {"solid", "(10,5)", "(3,3)", "(12,4,3,4)", "(18,5)"};
/* Light and dark ones by turns. */
static const char *const fills[] = {"solid 0.85", "solid 0.25", "pattern 4",
                                    "solid 0.55", "pattern 5",  "pattern 1"};

struct tfu_series_look tfu_look_of(const struct tfu_figure_series *s, size_t position)
{
    if (s->reference)
        return (struct tfu_series_look){"#555555", "#555555",    "(4,4)",
                                        "1.4",     "solid 0.25", markers[0]};
    const size_t look = s->look ? s->look - 1 : position;
    const size_t mark = s->mark ? s->mark - 1 : look;
    return (struct tfu_series_look){.colour = colours[look % TFU_COUNT(colours)].colour,
                                    .ink = colours[look % TFU_COUNT(colours)].ink,
                                    .dash = dashes[mark % TFU_COUNT(dashes)],
                                    .width = "1.8",
                                    .fill = fills[mark % TFU_COUNT(fills)],
                                    .marker = markers[mark % TFU_COUNT(markers)]};
}

size_t tfu_look_number(const char *const *known, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(known[i], name) == 0)
            return i + 1;
    return 0;
}
