/* SPDX-License-Identifier: MIT
 *
 * layer_cases.h - adds a test once for each case of the layer table. With TRANSFUSE_QUICK_CASES in
 * the environment, as under valgrind, the cases of real networks are left out, which is said.
 */
#ifndef TFU_TESTS_SUPPORT_LAYER_CASES_H
#define TFU_TESTS_SUPPORT_LAYER_CASES_H

#include <stdbool.h>
#include <stdio.h>

#include "core/trial/cases.h"
#include "tests/support/check_main.h"

static inline bool quick_cases(void)
{
    return getenv("TRANSFUSE_QUICK_CASES") != NULL;
}

static inline void say_quick_cases(void)
{
    if (quick_cases())
        puts("# TRANSFUSE_QUICK_CASES: the cases of real networks are left out");
}

static inline void add_case_tests(TCase *t, const TTest *test)
{
    for (size_t i = 0; i < tfu_layer_case_count; i++)
        if (!quick_cases() || !tfu_layer_cases[i].real)
            tcase_add_loop_test(t, test, (int)i, (int)i + 1);
}

#endif
