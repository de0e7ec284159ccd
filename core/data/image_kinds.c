/* SPDX-License-Identifier: MIT */
#include "core/data/image_kinds.h"

#include <inttypes.h>

#include <transfuse/tensor.h>

uint32_t tfu_image_traits(const struct tfu_reader_info *i, int64_t channels, uint32_t flags)
{
    uint32_t traits = 0;
    if (i->dtype == TFU_U16)
        traits |= TFU_IMAGE_DEEP;
    if (i->dtype == TFU_F32)
        traits |= TFU_IMAGE_FLOATS;
    if (channels == 1 && i->channels > 2)
        traits |= TFU_IMAGE_TO_GRAY;
    if (channels == 3 && i->channels < 3)
        traits |= TFU_IMAGE_TO_RGB;
    if (channels && i->channels % 2 == 0)
        traits |= TFU_IMAGE_ALPHA;
    if (i->was & TFU_READER_WAS_INKS)
        traits |= TFU_IMAGE_INKS;
    if (i->orientation > 1 && !(flags & TFU_READ_UNTURNED))
        traits |= TFU_IMAGE_TURNED;
    return traits;
}

void tfu_image_kinds_add(struct tfu_image_kinds *k, uint32_t traits)
{
    k->images++;
    for (int i = 0; i < TFU_IMAGE_BITS; i++)
        k->of[i] += traits >> i & 1;
}

void tfu_image_kinds_put(const struct tfu_image_kinds *k, struct tfu_text *out)
{
    static const char *const words[TFU_IMAGE_BITS] = {
        "have more than 8 bits", "have floats", "become gray", "become RGB",
        "lose transparency",     "were CMYK",   "are turned"};
    int left = 0, first = 1;
    for (int i = 0; i < TFU_IMAGE_BITS; i++)
        left += k->of[i] > 0;
    if (left == 0)
        return;
    tfu_text_printf(out, "of %" PRId64 " images", k->images);
    for (int i = 0; i < TFU_IMAGE_BITS; i++) {
        if (k->of[i] == 0)
            continue;
        left--;
        tfu_text_printf(out, "%s%" PRId64 " %s",
                        first  ? " "
                        : left ? ", "
                               : " and ",
                        k->of[i], words[i]);
        first = 0;
    }
}
