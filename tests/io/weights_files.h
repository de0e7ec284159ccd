/* SPDX-License-Identifier: MIT
 *
 * weights_files.h - where the files of make_weights.py are.
 */
#ifndef TFU_TESTS_IO_WEIGHTS_FILES_H
#define TFU_TESTS_IO_WEIGHTS_FILES_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Goes to the folder of the "good" or the "bad". */
static inline void enter(const char *folder)
{
    char path[2048];
    snprintf(path, sizeof path, "%s/tests/io/%s_weights", getenv("TOP_SRCDIR"), folder);
    ck_assert_int_eq(chdir(path), 0);
}

#endif
