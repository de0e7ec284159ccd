/* SPDX-License-Identifier: MIT */
#include "core/train/room.h"

#include <math.h>

#include "core/io/folder.h"
#include "core/train/tensor_list.h"

static double bytes_of(const struct tfu_tensor_list *list, size_t count)
{
    double bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += (double)list->tensor[i].bytes;
    return bytes;
}

/* While a checkpoint is written the ones that are kept are still there. */
static double needed(const struct tfu_tensor_list *list, int64_t keep, bool anew)
{
    const double whole = bytes_of(list, list->count);
    const double without_slots = bytes_of(list, list->count - list->slots); /* best, final */
    const double kept = anew ? (double)(keep > 1 ? keep : 1) : 0;
    return (kept + 1) * whole + (anew ? 2 : 1) * without_slots;
}

enum tfu_status tfu_room_warn(const char *run, const struct tfu_session *s, bool anew,
                              struct tfu_error *e)
{
    struct tfu_tensor_list list;
    const double room = tfu_folder_room(run);
    if (isnan(room))
        return TFU_OK;
    const enum tfu_status st = tfu_tensor_list_make(&list, s->network, s->optimiser, e);
    if (st != TFU_OK)
        return st;
    const double need = needed(&list, s->context.experiment->train.checkpoint.keep, anew);
    if (room < need)
        tfu_log_write(
            s->context.log, TFU_LOG_WARNING,
            "the disk of '%s' has %.0f MiB left, and checkpoints of this run may take %.0f "
            "MiB; make room, or keep fewer (train.checkpoint.keep)",
            run, room / (1 << 20), need / (1 << 20));
    tfu_tensor_list_free(&list);
    return TFU_OK;
}
