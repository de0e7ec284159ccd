/* SPDX-License-Identifier: MIT
 *
 * fixture.h - files of named numbers, as formula.py's Fixture writes them. What is missing ends the
 * test.
 */
#ifndef TFU_TESTS_SUPPORT_FIXTURE_H
#define TFU_TESTS_SUPPORT_FIXTURE_H

#include <stddef.h>

struct fixture;

/* $TOP_SRCDIR/tests/<name>: "plugins/metric/auc.fixture". */
struct fixture *fixture_open(const char *name);
void fixture_close(struct fixture *f);
/* The numbers of a line, of which there must be `count`. */
const double *fixture_get(const struct fixture *f, const char *name, size_t count);

#endif
