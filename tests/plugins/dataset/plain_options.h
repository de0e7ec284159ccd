/* SPDX-License-Identifier: MIT
 *
 * plain_options.h - fills the config struct of the plugin that is linked into this program from
 * words, without the program's YAML: for tests that read a dataset's files and nothing else.
 */
#ifndef TFU_TESTS_PLUGINS_DATASET_PLAIN_OPTIONS_H
#define TFU_TESTS_PLUGINS_DATASET_PLAIN_OPTIONS_H

#include <stdbool.h>

#include <transfuse/option.h>

/* The defaults. */
void plain_options_begin(void *config);
/* One "NAME=VALUE", items of a list with `;` between them; false: there is no such option, or no
 * such choice. The text is changed, and has to live as long as the config. */
bool plain_options_set(void *config, char *text);
void plain_options_free(void *config);

#endif
