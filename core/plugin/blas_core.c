/* SPDX-License-Identifier: MIT */
#include "core/plugin/blas_core.h"

#include <string.h>
#include <strings.h>

/* How far a core type goes. */
enum level { SSE, AVX, AVX2, AVX512, NEON, TUNED };

struct core {
    const char *name; /* as OpenBLAS spells it; it compares without case */
    enum level level;
    uint32_t needs; /* TFU_SET_ bits */
};

static const struct core x86[] = {
    {"SapphireRapids", AVX512,
     TFU_SET_AVX512 | TFU_SET_AVX512VNNI | TFU_SET_AVX512BF16 | TFU_SET_AVX512FP16 |
         TFU_SET_AMXBF16},
    {"Cooperlake", AVX512, TFU_SET_AVX512 | TFU_SET_AVX512VNNI | TFU_SET_AVX512BF16},
    {"SkylakeX", AVX512, TFU_SET_AVX512},
    {"Zen", AVX2, TFU_SET_AVX2 | TFU_SET_FMA},
    {"Haswell", AVX2, TFU_SET_AVX2 | TFU_SET_FMA},
    {"Sandybridge", AVX, TFU_SET_AVX},
    {"Nehalem", SSE, TFU_SET_SSE42},
    {"Prescott", SSE, 0},
    {"Katmai", SSE, 0},
    {"Coppermine", SSE, 0},
    {"Northwood", SSE, 0},
    {"Banias", SSE, 0},
    {"Atom", SSE, 0},
    {"Core2", SSE, 0},
    {"Penryn", SSE, 0},
    {"Dunnington", SSE, 0},
    {"Athlon", SSE, 0},
    {"Opteron", SSE, 0},
    {"Opteron_SSE3", SSE, 0},
    {"Barcelona", SSE, 0},
    {"Nano", SSE, 0},
    {"Bobcat", SSE, 0},
};

/* ARM's core types are for a processor each; compilers use what that processor has. */
enum {
    V82 = TFU_SET_NEON | TFU_SET_ARM81,
    WITH_SVE = V82 | TFU_SET_DOTPROD | TFU_SET_SVE,
    WITH_SVE2 = WITH_SVE | TFU_SET_SVE2 | TFU_SET_BF16,
};
static const struct core arm[] = {
    {"neoversev2", TUNED, WITH_SVE2},
    {"neoversen2", TUNED, WITH_SVE2},
    {"neoversev1", TUNED, WITH_SVE},
    {"armv8sve", TUNED, WITH_SVE},
    {"neoversen1", TUNED, V82},
    {"cortexa57", TUNED, TFU_SET_NEON},
    {"armv8", NEON, 0},
    {"generic", NEON, 0},
};

/* Which of ARM's core types are for a part, in place of the list above from its beginning. */
struct part {
    uint32_t implementer, part;
    const char *core;
};
static const struct part parts[] = {
    {0x41, 0xd40, "neoversev1"}, /* Neoverse V1: Graviton 3 */
    {0x41, 0xd49, "neoversen2"}, /* Neoverse N2: Cobalt 100, Yitian 710 */
    {0x41, 0xd4f, "neoversev2"}, /* Neoverse V2: Graviton 4, Grace */
    {0x41, 0xd8e, "neoversen2"}, /* Neoverse N3 */
    {0x41, 0xd84, "neoversev2"}, /* Neoverse V3 */
    {0x41, 0xd0c, "neoversen1"}, /* Neoverse N1: Graviton 2, Altra */
    {0x41, 0xd0b, "neoversen1"}, /* Cortex-A76, from which N1 is made */
    {0x41, 0xd0d, "neoversen1"}, /* Cortex-A77 */
    {0x41, 0xd41, "neoversen1"}, /* Cortex-A78 */
    {0x41, 0xd44, "neoversen1"}, /* Cortex-X1 */
    {0xc0, 0xac3, "neoversen1"}, /* AmpereOne */
    {0xc0, 0xac4, "neoversen1"}, /* AmpereOne */
};
enum { APPLE = 0x61 };

static const struct core *find(const struct core *table, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcasecmp(table[i].name, name) == 0)
            return &table[i];
    return NULL;
}

#define FIND(table, name) find(table, sizeof(table) / sizeof *(table), name)

static bool runs(const struct tfu_processor *p, const struct core *c)
{
    return (p->sets & c->needs) == c->needs;
}

static size_t better_x86(const struct tfu_processor *p, const char *took, const char **out)
{
    const bool intel = strcmp(p->vendor, "GenuineIntel") == 0;
    const struct core *c = FIND(x86, took);
    size_t count = 0;
    /* between AVX2 and AVX-512 the library has decided knowingly */
    if (!c || c->level >= AVX2)
        return 0;
    for (size_t i = 0; x86[i].level > c->level; i++)
        if (runs(p, &x86[i]) && !(intel && strcmp(x86[i].name, "Zen") == 0))
            out[count++] = x86[i].name;
    return count;
}

static size_t better_arm(const struct tfu_processor *p, const char *took, const char **out)
{
    const struct core *c = FIND(arm, took), *own = NULL;
    size_t count = 0;
    if (!c || c->level != NEON)
        return 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (p->family == parts[i].implementer && p->model == parts[i].part)
            own = FIND(arm, parts[i].core);
    if (p->family == APPLE)
        own = FIND(arm, "neoversen1");
    if (own && runs(p, own))
        out[count++] = own->name;
    /* what needs no certain part follows: any with SVE, then any of ARMv8.2 */
    for (const struct core *g = FIND(arm, "armv8sve"); g->level == TUNED; g++)
        if (g != own && runs(p, g) && strcmp(g->name, "cortexa57") != 0)
            out[count++] = g->name;
    return count;
}

size_t tfu_blas_core_better(const struct tfu_processor *p, const char *took,
                            const char *out[TFU_BLAS_CORES])
{
    return strcmp(p->vendor, "ARM") == 0 ? better_arm(p, took, out) : better_x86(p, took, out);
}

bool tfu_blas_core_runs(const struct tfu_processor *p, const char *core)
{
    const struct core *c = strcmp(p->vendor, "ARM") == 0 ? FIND(arm, core) : FIND(x86, core);
    return !c || runs(p, c);
}

const char *tfu_blas_core_of_user(char *const *environment)
{
    static const char name[] = "OPENBLAS_CORETYPE=";
    for (; environment && *environment; environment++)
        if (strncmp(*environment, name, sizeof name - 1) == 0)
            return *environment + sizeof name - 1;
    return NULL;
}
