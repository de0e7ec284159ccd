/* SPDX-License-Identifier: MIT */
#include "core/stats/method.h"

const char *tfu_p_method_text(enum tfu_p_method m)
{
    switch (m) {
    case TFU_P_EXACT:
        return "exact";
    case TFU_P_NORMAL:
        return "normal approximation";
    case TFU_P_DRAWN:
        return "random draws";
    case TFU_P_NONE:
        break;
    }
    return "none";
}
