/* SPDX-License-Identifier: MIT
 *
 * places.h - where the program's own plugins and templates are: installed, or, of a program that
 * lies in the folder that it was built in, there. What tells is a file beside the program,
 * stage/uninstalled, which make writes and never installs.
 */
#ifndef TFU_CORE_PLUGIN_PLACES_H
#define TFU_CORE_PLUGIN_PLACES_H

/* The folder that holds the folders of the kinds. To be freed; NULL when out of memory. */
char *tfu_own_plugins(void);
char *tfu_own_templates(void);

#endif
