/* SPDX-License-Identifier: MIT
 *
 * Everything on the search path.
 */
#include "core/plugin/registry.h"
#include "core/plugin/registry_state.h"

enum tfu_status tfu_registry_list(struct tfu_registry *r, int kind, struct tfu_registry_list *out,
                                  struct tfu_error *e)
{
    return tfu_registry_list_folders(r->folder, r->folder_count, kind, out, e);
}

void tfu_registry_list_open(struct tfu_registry *r, struct tfu_registry_list *l)
{
    for (size_t i = 0; i < l->count; i++) {
        struct tfu_registry_entry *entry = &l->entry[i];
        entry->error = (struct tfu_error)TFU_ERROR_INIT;
        if (!entry->hidden)
            tfu_registry_find(r, entry->kind, entry->path, NULL, &entry->plugin, &entry->error);
    }
}
