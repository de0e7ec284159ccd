/* SPDX-License-Identifier: MIT
 *
 * registry.h - finds, opens and checks plugins, and keeps them loaded.
 */
#ifndef TFU_CORE_PLUGIN_REGISTRY_H
#define TFU_CORE_PLUGIN_REGISTRY_H

#include <stdbool.h>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/plugin/kind.h"
#include "core/plugin/list.h"
#include "core/plugin/option.h"

struct tfu_registry;
struct tfu_blas;

/* `folders` are searched in order for <folder>/<kind>/<name>.so; a list with ':' between. Empty and
 * missing folders are skipped when looking and named when nothing is found. The string is copied.
 */
enum tfu_status tfu_registry_new(struct tfu_registry **out, const char *folders,
                                 struct tfu_error *e);
/* What plugins bring along that a user should know of is written to `log` from now on. */
void tfu_registry_set_log(struct tfu_registry *r, struct tfu_log *log);
/* Closes every plugin that no instance holds any more. */
void tfu_registry_free(struct tfu_registry *r);

/* The plugin `name` of `kind`, opened at most once. A name with a slash is a file; relative to
 * `base_dir` when that is not NULL. The result is borrowed from the registry and lives until
 * tfu_registry_free(). When nothing is found the text lists every path that was tried, and the
 * nearest name that exists. [any thread] */
enum tfu_status tfu_registry_find(struct tfu_registry *r, enum tfu_kind kind, const char *name,
                                  const char *base_dir, const struct tfu_plugin **out,
                                  struct tfu_error *e);

/* The plugin `name` that another one needs, such as a layer of an architecture: on the search path,
 * then beside the file of `user` (in its folder, in <kind>/ there and in ../<kind>/), then in the
 * folders of tfu_registry_look_in() and in <kind>/ there. `user` may be NULL. [one thread] */
enum tfu_status tfu_registry_find_for(struct tfu_registry *r, const struct tfu_plugin *user,
                                      enum tfu_kind kind, const char *name,
                                      const struct tfu_plugin **out, struct tfu_error *e);
/* The folder of a configuration that is read. */
enum tfu_status tfu_registry_look_in(struct tfu_registry *r, const char *folder,
                                     struct tfu_error *e);

/* The file that a plugin came from. */
const char *tfu_registry_path(const struct tfu_registry *r, const struct tfu_plugin *p);

/* Opened plugin number `i`, in no particular order; NULL behind the last. */
const struct tfu_plugin *tfu_registry_opened(const struct tfu_registry *r, size_t i);
/* Did it come with the program? It does when it lies in a folder <root>/<kind>/ whose <root> has a
 * file "shipped" that lists it; make and make install write that file. */
bool tfu_registry_is_shipped(const struct tfu_registry *r, const struct tfu_plugin *p);

/* The BLAS of the first opened plugin that uses one (core/plugin/blas.h). */
const struct tfu_blas *tfu_registry_blas(const struct tfu_registry *r);

/* An instance made from a plugin holds it: it is not closed before the last release. */
void tfu_registry_hold(struct tfu_registry *r, const struct tfu_plugin *p);
void tfu_registry_release(struct tfu_registry *r, const struct tfu_plugin *p);

/* Every file on the search path (of one kind, or all when `kind` is 0), sorted by kind and name.
 * None is opened yet. */
enum tfu_status tfu_registry_list(struct tfu_registry *r, int kind, struct tfu_registry_list *out,
                                  struct tfu_error *e);
/* Opens what is listed and not hidden: fills `plugin`, or `error`. */
void tfu_registry_list_open(struct tfu_registry *r, struct tfu_registry_list *l);

#endif
