/* SPDX-License-Identifier: MIT
 *
 * transfer.h - a network's numbers between the backend's memory and the host's. Private to this
 * folder.
 */
#ifndef TFU_CORE_GRAPH_TRANSFER_H
#define TFU_CORE_GRAPH_TRANSFER_H

#include "core/graph/state.h"

/* The host's copies of the blocks, where they are none themselves. `converts`: there are numbers of
 * another type than float32. */
enum tfu_status tfu_network_open_access(struct tfu_network *n, bool converts, struct tfu_error *e);
void tfu_network_close_access(struct tfu_network *n);

/* Copies between the backend's memory and the host's. */
enum tfu_status tfu_network_download(const struct tfu_network *n, void *host, const void *device,
                                     size_t bytes, struct tfu_error *e);
enum tfu_status tfu_network_upload(const struct tfu_network *n, void *device, const void *host,
                                   size_t bytes, struct tfu_error *e);
/* The status of a call of the backend, into which went what it `said`, made an error of. */
enum tfu_status tfu_network_backend_status(const struct tfu_network *n, enum tfu_status st,
                                           const char *function, struct tfu_error *said,
                                           struct tfu_error *e);

#endif
