/* SPDX-License-Identifier: MIT
 *
 * method.h - how a p value was come by; a report says it.
 */
#ifndef TFU_CORE_STATS_METHOD_H
#define TFU_CORE_STATS_METHOD_H

enum tfu_p_method {
    TFU_P_NONE,   /* there is none */
    TFU_P_EXACT,  /* all cases there are were counted */
    TFU_P_NORMAL, /* normal approximation */
    TFU_P_DRAWN   /* a share of random draws */
};

/* "exact", "normal approximation", "random draws"; "none". */
const char *tfu_p_method_text(enum tfu_p_method m);

#endif
