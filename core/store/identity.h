/* SPDX-License-Identifier: MIT
 *
 * identity.h - identity.yaml: the text whose hash is the id of a run, so that what a folder holds
 * is known before there is a checkpoint, and after somebody moved it or edited its config.yaml.
 */
#ifndef TFU_CORE_STORE_IDENTITY_H
#define TFU_CORE_STORE_IDENTITY_H

#include <stdbool.h>

#include "core/base/error.h"
#include "core/base/text.h"

#define TFU_IDENTITY_FILE "identity.yaml"

/* Is the run in `folder` that of `identity`? Else TFU_EINVAL with the lines that differ. Without
 * an identity.yaml the id in the folder's name has to do. */
enum tfu_status tfu_identity_check(const char *folder, const char *identity, struct tfu_error *e);

/* The folder's own text, to be freed; NULL, with TFU_OK, when there is none. */
enum tfu_status tfu_identity_read(const char *folder, char **out, struct tfu_error *e);
/* Are they equal, but for files that are gone? Those have their path, for want of contents. */
bool tfu_identity_agrees(const char *was, const char *is);

/* Where `identity` agrees with that of the run in `folder`, it becomes the folder's own: what was
 * taken from files that are gone lies in the checkpoints by now. Else it stays as it is. */
enum tfu_status tfu_identity_settle(const char *folder, struct tfu_text *identity,
                                    struct tfu_error *e);

#endif
