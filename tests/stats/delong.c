/* SPDX-License-Identifier: MIT
 *
 * Reads lines "label score score" (label 0 or 1), and prints DeLong's tests of the two scores,
 * paired and not, a number a line: for asah.test.
 */
#include <math.h>
#include <stdio.h>

#include "core/stats/auc.h"

enum { ROWS = 1000 };

int main(void)
{
    static double a[ROWS], b[ROWS];
    static uint8_t positive[ROWS];
    struct tfu_auc_test t, u;
    int64_t n = 0;
    int label;
    while (n < ROWS && scanf("%d %lf %lf", &label, &a[n], &b[n]) == 3)
        positive[n++] = (uint8_t)label;
    const struct tfu_auc_examples s = {a, positive, n}, other = {b, positive, n};
    if (tfu_auc_compare(&t, s, b, 0.95, NULL) != TFU_OK ||
        tfu_auc_compare_unpaired(&u, s, other, 0.95, NULL) != TFU_OK)
        return 1;
    printf("positives %lld\nnegatives %lld\n", (long long)t.a.positives, (long long)t.a.negatives);
    const struct {
        const char *name;
        double value;
    } number[] = {
        {"area", t.a.value},
        {"variance", t.a.variance},
        {"area.low", t.a.low},
        {"area.high", t.a.high},
        {"covariance", t.covariance},
        {"z", t.z},
        {"p", t.p},
        {"low", t.low},
        {"high", t.high},
        {"greater", t.p_greater},
        {"less", t.p_less},
        {"unpaired.t", u.z},
        {"unpaired.p", u.p},
    };
    for (size_t i = 0; i < TFU_COUNT(number); i++)
        printf("%s %.17g\n", number[i].name, number[i].value);
    return 0;
}
