/* SPDX-License-Identifier: MIT
 *
 * list.h - which files of plugins there are in folders.
 */
#ifndef TFU_CORE_PLUGIN_LIST_H
#define TFU_CORE_PLUGIN_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"
#include "core/plugin/kind.h"

/* One plugin file on the search path. */
struct tfu_registry_entry {
    enum tfu_kind kind;
    const char *name, *path;         /* owned by the list */
    const struct tfu_plugin *plugin; /* NULL: not opened, or refused */
    struct tfu_error error;          /* why */
    bool hidden;                     /* an earlier folder has one of the same kind and name */
};
struct tfu_registry_list {
    struct tfu_registry_entry *entry;
    size_t count;
};

/* Every file <folder>/<kind>/<name>.so (of one kind, or of all when `kind` is 0), sorted by kind
 * and name. None is opened. */
enum tfu_status tfu_registry_list_folders(const char *const *folder, size_t folder_count, int kind,
                                          struct tfu_registry_list *out, struct tfu_error *e);
void tfu_registry_list_free(struct tfu_registry_list *l);

#endif
