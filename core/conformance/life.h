/* SPDX-License-Identifier: MIT
 *
 * life.h - inside the conformance suite: what must hold of any plugin, tried on a life of it:
 * made, used as a run would and ended, with all that it gave.
 */
#ifndef TFU_CORE_CONFORMANCE_LIFE_H
#define TFU_CORE_CONFORMANCE_LIFE_H

#include "core/conformance/tests.h"

/* What a life gave, as a digest of its bytes. */
struct tfu_life {
    uint64_t digest;
};
void tfu_life_add(struct tfu_life *l, const void *data, size_t bytes);
void tfu_life_add_text(struct tfu_life *l, const char *text);
/* Floats and doubles that are the same number have the same bits, but for zeros. */
void tfu_life_add_tensor(struct tfu_life *l, const struct tfu_tensor *t);

/* One life, which leaves nothing behind of its own. A refusal is an error. There is one of each
 * kind, tfu_check_live_arch() and so on. */
typedef enum tfu_status tfu_live(const struct tfu_check *c, struct tfu_life *life,
                                 struct tfu_error *e);
#define TFU_LIFE_OF_KIND(number, name, ...) tfu_live tfu_check_live_##name;
TFU_KIND_LIST(TFU_LIFE_OF_KIND, TFU_CHECK_NO_FUNCTION)
#undef TFU_LIFE_OF_KIND

/* The tests, for every kind; `name` of the last is NULL. */
extern const struct tfu_check_test tfu_check_life[];

#endif
