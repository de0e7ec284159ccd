/* SPDX-License-Identifier: MIT
 *
 * identity.h - identity.yaml: the text whose hash is the id of a run, so that what a folder holds
 * is known before there is a checkpoint, and after somebody moved it or edited its config.yaml.
 */
#ifndef TFU_CORE_IDENTITY_H
#define TFU_CORE_IDENTITY_H

#include "core/base/error.h"
#include "core/base/text.h"

#define TFU_IDENTITY_FILE "identity.yaml"

/* Is the run in `folder` that of `identity`? Else TFU_EINVAL with the lines that differ. Without
 * an identity.yaml the id in the folder's name has to do. */
enum tfu_status tfu_identity_check(const char *folder, const char *identity, struct tfu_error *e);

/* A file that is gone has its path in `identity`, for want of contents. Where the run in `folder`
 * knows what it held and all else is equal, `identity` becomes the folder's own: what was taken
 * from the file lies in the checkpoints by now. Else it stays as it is. */
enum tfu_status tfu_identity_settle(const char *folder, struct tfu_text *identity,
                                    struct tfu_error *e);

#endif
