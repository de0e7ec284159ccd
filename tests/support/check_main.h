/* SPDX-License-Identifier: MIT
 *
 * check_main.h - main() of a unit test program: runs one suite. TAP comes from the environment that
 * `make check` sets; by hand the program prints Check's usual summary.
 */
#ifndef TFU_TESTS_SUPPORT_CHECK_MAIN_H
#define TFU_TESTS_SUPPORT_CHECK_MAIN_H

#include <check.h>
#include <stdlib.h>

static inline int run_suite(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
