/* SPDX-License-Identifier: MIT
 *
 * registry_state.h - the insides of struct tfu_registry. Private to this folder.
 */
#ifndef TFU_CORE_PLUGIN_REGISTRY_STATE_H
#define TFU_CORE_PLUGIN_REGISTRY_STATE_H

#include <pthread.h>
#include <sys/types.h>

#include "core/plugin/open.h"

struct tfu_log;

struct tfu_registry_loaded {
    struct tfu_registry_loaded *next;
    struct tfu_plugin_file file;
    char *path; /* as it was found first */
    dev_t device;
    ino_t inode;
    unsigned held;
    bool by_name; /* its name leads to it, by the folders alone */
};

struct tfu_registry {
    char *folder_text; /* folders, NUL after each */
    const char **folder;
    size_t folder_count;
    char **beside; /* folders of configurations */
    size_t beside_count;
    pthread_mutex_t lock; /* of the list: a thread that reads data may open a plugin */
    struct tfu_registry_loaded *loaded;
    struct tfu_blas blas; /* of the first plugin that uses one */
    void *blas_library;   /* that plugin, from dlopen */
    struct tfu_log *log;  /* NULL: nobody listens */
};

#endif
