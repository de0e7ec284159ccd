/* SPDX-License-Identifier: MIT
 *
 * core/plugin/blas_core.c and core/base/processor.c: which core type of OpenBLAS a processor gets,
 * for tables of processors. What CPUID answers is Intel's and AMD's documentation's; what the
 * library takes by itself is its driver/others/dynamic.c, of 0.3.18 (Prescott on every processor
 * that it does not know) and later.
 */
#include <string.h>

#include "core/plugin/blas_core.h"
#include "tests/support/check_main.h"

#include <transfuse/abi.h>

/* Bits of CPUID, by the register of struct tfu_cpuid. */
enum {
    C_SSE42 = 1 << 20,
    C_XSAVE = 1 << 27 | 1 << 26,
    C_AVX = 1 << 28 | 1 << 29 | C_SSE42 | C_XSAVE, /* with F16C */
    C_HASWELL = C_AVX | 1 << 12,                   /* with FMA */
    B_AVX2 = 1 << 5,
    B_SKYLAKE = B_AVX2 | 1 << 16 | 1 << 17 | 1 << 28 | 1 << 30, /* F DQ CD BW; VL is bit 31 */
    C7_VNNI = 1 << 11,
    A_BF16 = 1 << 5,
    A_AVXVNNI = 1 << 4,
    D_FP16 = 1 << 23,
    D_AMX = 1 << 22 | 1 << 24 | 1 << 25,
};
#define B_512 ((uint32_t)B_SKYLAKE | 1u << 31)
enum { X_YMM = 0x7, X_ZMM = 0xe7, X_AMX = 0x600e7 };

static const char *const intel = "GenuineIntel", *const amd = "AuthenticAMD";

struct machine {
    const char *name, *vendor;
    uint32_t family, model;
    uint32_t ecx1, ebx7, ecx7, edx7, eax71;
    uint64_t xcr0;
    const char *took; /* by the library */
    const char *best; /* NULL: left alone */
};

static const struct machine x86[] = {
    {"Sapphire Rapids", intel, 6, 0x8f, C_HASWELL, B_512, C7_VNNI, D_FP16 | D_AMX,
     A_BF16 | A_AVXVNNI, X_AMX, "Prescott", "SapphireRapids"},
    {"Emerald Rapids", intel, 6, 0xcf, C_HASWELL, B_512, C7_VNNI, D_FP16 | D_AMX,
     A_BF16 | A_AVXVNNI, X_AMX, "Prescott", "SapphireRapids"},
    {"Granite Rapids", intel, 6, 0xad, C_HASWELL, B_512, C7_VNNI, D_FP16 | D_AMX,
     A_BF16 | A_AVXVNNI, X_AMX, "Prescott", "SapphireRapids"},
    {"Diamond Rapids", intel, 19, 1, C_HASWELL, B_512, C7_VNNI, D_FP16 | D_AMX, A_BF16 | A_AVXVNNI,
     X_AMX, "Prescott", "SapphireRapids"},
    {"Granite Rapids whose system keeps no tiles", intel, 6, 0xad, C_HASWELL, B_512, C7_VNNI,
     D_FP16 | D_AMX, A_BF16 | A_AVXVNNI, X_ZMM, "Prescott", "Cooperlake"},
    {"Granite Rapids under a hypervisor without AMX", intel, 6, 0xad, C_HASWELL, B_512, C7_VNNI,
     D_FP16, A_BF16 | A_AVXVNNI, X_ZMM, "Prescott", "Cooperlake"},
    {"... without AVX512-BF16 either", intel, 6, 0xad, C_HASWELL, B_512, C7_VNNI, 0, 0, X_ZMM,
     "Prescott", "SkylakeX"},
    {"... without AVX-512", intel, 6, 0xad, C_HASWELL, B_AVX2, 0, 0, 0, X_YMM, "Prescott",
     "Haswell"},
    {"... whose system keeps no AVX-512 state", intel, 6, 0xad, C_HASWELL, B_512, C7_VNNI,
     D_FP16 | D_AMX, A_BF16, X_YMM, "Prescott", "Haswell"},
    {"... whose system keeps half of the AVX-512 state", intel, 6, 0xad, C_HASWELL, B_512, C7_VNNI,
     D_FP16 | D_AMX, A_BF16, 0x27, "Prescott", "Haswell"},
    {"... whose system keeps no AVX state", intel, 6, 0xad, C_HASWELL, B_512, C7_VNNI, D_FP16, 0,
     0x3, "Prescott", NULL},
    {"... without XSAVE", intel, 6, 0xad, C_HASWELL & ~C_XSAVE, B_512, C7_VNNI, 0, 0, 0, "Prescott",
     NULL},
    {"... without VL", intel, 6, 0xad, C_HASWELL, B_SKYLAKE, C7_VNNI, 0, 0, X_ZMM, "Prescott",
     "Haswell"},
    {"... without FMA", intel, 6, 0xad, C_AVX, B_512, 0, 0, 0, X_ZMM, "Prescott", "Sandybridge"},
    {"Cooper Lake", intel, 6, 0x55, C_HASWELL, B_512, C7_VNNI, 0, A_BF16, X_ZMM, "Prescott",
     "Cooperlake"},
    {"Cooper Lake, known", intel, 6, 0x55, C_HASWELL, B_512, C7_VNNI, 0, A_BF16, X_ZMM,
     "Cooperlake", NULL},
    {"Cascade Lake", intel, 6, 0x55, C_HASWELL, B_512, C7_VNNI, 0, 0, X_ZMM, "Prescott",
     "SkylakeX"},
    {"Cascade Lake, known", intel, 6, 0x55, C_HASWELL, B_512, C7_VNNI, 0, 0, X_ZMM, "SkylakeX",
     NULL},
    {"Cascade Lake, AVX-512 masked", intel, 6, 0x55, C_HASWELL, B_AVX2, 0, 0, 0, X_YMM, "Haswell",
     NULL},
    {"Skylake-X, taken for Haswell", intel, 6, 0x55, C_HASWELL, B_512, 0, 0, 0, X_ZMM, "Haswell",
     NULL},
    {"Knights Landing", intel, 6, 0x57, C_HASWELL, B_AVX2 | 1 << 16 | 1 << 28, 0, 0, 0, X_ZMM,
     "Prescott", "Haswell"},
    {"Haswell", intel, 6, 0x3f, C_HASWELL, B_AVX2, 0, 0, 0, X_YMM, "Haswell", NULL},
    {"Haswell, unknown", intel, 6, 0x3f, C_HASWELL, B_AVX2, 0, 0, 0, X_YMM, "Prescott", "Haswell"},
    {"Alder Lake-N", intel, 6, 0xbe, C_HASWELL, B_AVX2, 0, 0, A_AVXVNNI, X_YMM, "Prescott",
     "Haswell"},
    {"an unknown one that was taken for Sandy Bridge", intel, 6, 0xee, C_HASWELL, B_AVX2, 0, 0, 0,
     X_YMM, "Sandybridge", "Haswell"},
    {"Sandy Bridge", intel, 6, 0x2a, C_AVX, 0, 0, 0, 0, X_YMM, "Sandybridge", NULL},
    {"Sandy Bridge, unknown", intel, 6, 0x2a, C_AVX, 0, 0, 0, 0, X_YMM, "Nehalem", "Sandybridge"},
    {"Nehalem", intel, 6, 0x1a, C_SSE42, 0, 0, 0, 0, 0, "Nehalem", NULL},
    {"Denverton", intel, 6, 0x5f, C_SSE42, 0, 0, 0, 0, 0, "Nehalem", NULL},
    {"Core 2", intel, 6, 0x0f, 0, 0, 0, 0, 0, 0, "Core2", NULL},
    {"Pentium 4", intel, 15, 4, 0, 0, 0, 0, 0, 0, "Prescott", NULL},

    {"Zen", amd, 23, 0x01, C_HASWELL, B_AVX2, 0, 0, 0, X_YMM, "Zen", NULL},
    {"Zen, unknown", amd, 23, 0x01, C_HASWELL, B_AVX2, 0, 0, 0, X_YMM, "Prescott", "Zen"},
    {"Zen 2", amd, 23, 0x31, C_HASWELL, B_AVX2, 0, 0, 0, X_YMM, "Barcelona", "Zen"},
    {"Zen 3", amd, 25, 0x01, C_HASWELL, B_AVX2, 0, 0, 0, X_YMM, "Prescott", "Zen"},
    {"Zen 4", amd, 25, 0x11, C_HASWELL, B_512, C7_VNNI, 0, A_BF16, X_ZMM, "Prescott", "Cooperlake"},
    {"Zen 4, known", amd, 25, 0x11, C_HASWELL, B_512, C7_VNNI, 0, A_BF16, X_ZMM, "Cooperlake",
     NULL},
    {"Zen 4, taken for a Zen", amd, 25, 0x11, C_HASWELL, B_512, C7_VNNI, 0, A_BF16, X_ZMM, "Zen",
     NULL},
    {"Zen 5", amd, 26, 0x02, C_HASWELL, B_512, C7_VNNI, 0, A_BF16 | A_AVXVNNI, X_ZMM, "Prescott",
     "Cooperlake"},
    {"Zen 5, AVX-512 masked", amd, 26, 0x02, C_HASWELL, B_AVX2, 0, 0, 0, X_YMM, "Prescott", "Zen"},
    {"Excavator, which has AVX2", amd, 21, 0x65, C_HASWELL, B_AVX2, 0, 0, 0, X_YMM, "Excavator",
     NULL},
    {"Piledriver", amd, 21, 0x02, C_HASWELL, 0, 0, 0, 0, X_YMM, "Piledriver", NULL},
    {"Hygon", "HygonGenuine", 24, 0, C_HASWELL, B_AVX2, 0, 0, 0, X_YMM, "Barcelona", "Zen"},
    {"Zhaoxin", "  Shanghai  ", 7, 0x6b, C_HASWELL, B_AVX2, 0, 0, 0, X_YMM, "Nehalem", "Zen"},
    {"of another make", "Unheard Of  ", 6, 1, C_HASWELL, B_AVX2, 0, 0, 0, X_YMM, "Prescott", "Zen"},
    {"core type of a newer library", intel, 6, 0xad, C_HASWELL, B_512, C7_VNNI, D_FP16 | D_AMX,
     A_BF16, X_AMX, "DiamondRapids", NULL},
    {"a table without a name", intel, 6, 0xad, C_HASWELL, B_512, C7_VNNI, D_FP16 | D_AMX, A_BF16,
     X_AMX, "Unknown", NULL},
    {"no core type at all", intel, 6, 0xad, C_HASWELL, B_512, 0, 0, 0, X_ZMM, "", NULL},
};

/* EAX of leaf 1, as Intel and AMD put numbers beyond 15 into it. */
static uint32_t signature(uint32_t family, uint32_t model)
{
    const uint32_t base = family < 15 ? family : 15;
    return (family - base) << 20 | (model >> 4) << 16 | base << 8 | (model & 0xf) << 4 | 3;
}

static void decode(struct tfu_processor *p, const struct machine *m)
{
    struct tfu_cpuid id = {.signature = signature(m->family, m->model),
                           .ecx1 = m->ecx1,
                           .ebx7 = m->ebx7,
                           .ecx7 = m->ecx7,
                           .edx7 = m->edx7,
                           .eax71 = m->eax71,
                           .xcr0 = m->xcr0};
    memcpy(id.vendor, m->vendor, sizeof id.vendor);
    memset(p, 0xee, sizeof *p);
    tfu_processor_decode(p, &id);
}

static void ck_choice(const struct tfu_processor *p, const char *name, const char *took,
                      const char *best)
{
    const char *better[TFU_BLAS_CORES];
    const size_t count = tfu_blas_core_better(p, took, better);
    if (!best) {
        ck_assert_msg(count == 0, "%s: %s is replaced by %s", name, took, better[0]);
        return;
    }
    ck_assert_msg(count > 0, "%s: %s is left alone, not replaced by %s", name, took, best);
    ck_assert_msg(strcmp(better[0], best) == 0, "%s: %s is replaced by %s, not by %s", name, took,
                  better[0], best);
    for (size_t i = 0; i < count; i++) {
        const char *again[TFU_BLAS_CORES];
        ck_assert_msg(tfu_blas_core_runs(p, better[i]), "%s cannot run %s", name, better[i]);
        /* whichever the library has will do */
        ck_assert_msg(tfu_blas_core_better(p, better[i], again) == 0 ||
                          strcmp(better[i], "Sandybridge") == 0,
                      "%s: %s is replaced again", name, better[i]);
    }
}

START_TEST(a_processor_gets_what_it_runs)
{
    for (size_t i = 0; i < TFU_COUNT(x86); i++) {
        struct tfu_processor p;
        decode(&p, &x86[i]);
        ck_assert_uint_eq(p.family, x86[i].family);
        ck_assert_uint_eq(p.model, x86[i].model);
        ck_assert_uint_eq(p.stepping, 3);
        ck_assert_str_eq(p.vendor, x86[i].vendor);
        ck_choice(&p, x86[i].name, x86[i].took, x86[i].best);
    }
}
END_TEST

/* With each part of AVX-512 taken away in turn nothing that needs it is chosen. */
START_TEST(nothing_is_chosen_that_lacks_an_instruction)
{
    const struct machine *m = &x86[0];
    for (uint32_t missing = 0; missing < 32; missing++) {
        struct machine less = *m;
        const char *better[TFU_BLAS_CORES];
        struct tfu_processor p;
        less.ebx7 &= ~(1u << missing);
        decode(&p, &less);
        const size_t count = tfu_blas_core_better(&p, "Prescott", better);
        const bool needed = B_512 >> missing & 1;
        ck_assert_str_eq(better[0], !needed        ? "SapphireRapids"
                                    : missing == 5 ? "Sandybridge"
                                                   : "Haswell");
        ck_assert_uint_ge(count, 1);
    }
}
END_TEST

enum { A_V82 = TFU_SET_NEON | TFU_SET_ARM81 | TFU_SET_FP16 | TFU_SET_DOTPROD };
enum { A_SVE = A_V82 | TFU_SET_SVE, A_SVE2 = A_SVE | TFU_SET_SVE2 | TFU_SET_BF16 };
static const struct {
    const char *name;
    uint32_t implementer, part, sets;
    const char *took, *best;
} arm[] = {
    {"Neoverse N1", 0x41, 0xd0c, A_V82, "armv8", "neoversen1"},
    {"Neoverse N1, known", 0x41, 0xd0c, A_V82, "neoversen1", NULL},
    {"Graviton 2, as an older library spells it", 0x41, 0xd0c, A_V82, "ARMV8", "neoversen1"},
    {"Neoverse V1", 0x41, 0xd40, A_SVE, "armv8", "neoversev1"},
    {"Neoverse V1, SVE masked", 0x41, 0xd40, A_V82, "armv8", "neoversen1"},
    {"Neoverse V1, taken for N1", 0x41, 0xd40, A_SVE, "neoversen1", NULL},
    {"Neoverse N2", 0x41, 0xd49, A_SVE2, "armv8", "neoversen2"},
    {"Neoverse N2, SVE2 masked", 0x41, 0xd49, A_SVE, "armv8", "armv8sve"},
    {"Neoverse V2", 0x41, 0xd4f, A_SVE2, "armv8", "neoversev2"},
    {"Neoverse V3", 0x41, 0xd84, A_SVE2, "armv8", "neoversev2"},
    {"Neoverse N3", 0x41, 0xd8e, A_SVE2, "armv8", "neoversen2"},
    {"Apple M1", 0x61, 0x022, A_V82, "armv8", "neoversen1"},
    {"AmpereOne", 0xc0, 0xac3, A_V82, "armv8", "neoversen1"},
    {"Cortex-A76", 0x41, 0xd0b, A_V82, "armv8", "neoversen1"},
    {"Cortex-A53", 0x41, 0xd03, TFU_SET_NEON, "cortexa53", NULL},
    {"Cortex-A72", 0x41, 0xd08, TFU_SET_NEON, "cortexa72", NULL},
    {"an old one, unknown", 0x41, 0xd04, TFU_SET_NEON, "armv8", NULL},
    {"unknown, with SVE", 0x99, 1, A_SVE, "armv8", "armv8sve"},
    {"unknown, of ARMv8.2", 0x99, 1, A_V82, "armv8", "neoversen1"},
    {"core type of a newer library", 0x41, 0xd84, A_SVE2, "neoversev3", NULL},
};

START_TEST(an_arm_gets_what_it_runs)
{
    for (size_t i = 0; i < TFU_COUNT(arm); i++) {
        const struct tfu_processor p = {.vendor = "ARM",
                                        .family = arm[i].implementer,
                                        .model = arm[i].part,
                                        .sets = arm[i].sets};
        ck_choice(&p, arm[i].name, arm[i].took, arm[i].best);
    }
}
END_TEST

START_TEST(other_architectures_are_left_alone)
{
    const struct tfu_processor p = {.name = "POWER10"};
    ck_choice(&p, "POWER10", "POWER8", NULL);
    ck_choice(&p, "z14", "Z13", NULL);
}
END_TEST

START_TEST(a_forced_core_type_may_not_run)
{
    struct tfu_processor p;
    decode(&p, &(struct machine){"", intel, .family = 6, .model = 0x3f, C_HASWELL, B_AVX2,
                                 .xcr0 = X_YMM});
    ck_assert(tfu_blas_core_runs(&p, "Haswell"));
    ck_assert(tfu_blas_core_runs(&p, "zen"));
    ck_assert(tfu_blas_core_runs(&p, "Prescott"));
    ck_assert(tfu_blas_core_runs(&p, "no such"));
    ck_assert(!tfu_blas_core_runs(&p, "skylakex"));
}
END_TEST

START_TEST(a_users_core_type_is_found)
{
    char other[] = "OPENBLAS_CORETYPES=Zen", path[] = "PATH=/bin", set[] = "OPENBLAS_CORETYPE=Zen",
         empty[] = "OPENBLAS_CORETYPE=";
    ck_assert_ptr_null(tfu_blas_core_of_user(NULL));
    ck_assert_ptr_null(tfu_blas_core_of_user((char *[]){NULL}));
    ck_assert_ptr_null(tfu_blas_core_of_user((char *[]){path, other, NULL}));
    ck_assert_str_eq(tfu_blas_core_of_user((char *[]){path, other, set, NULL}), "Zen");
    ck_assert_str_eq(tfu_blas_core_of_user((char *[]){empty, NULL}), "");
}
END_TEST

/* What this processor says of itself is what the compiler's own functions find. */
START_TEST(this_processor_is_read)
{
    struct tfu_processor p;
    tfu_processor_read(&p);
#if defined(__x86_64__)
    __builtin_cpu_init();
    ck_assert_int_eq((p.sets & TFU_SET_SSE42) != 0, __builtin_cpu_supports("sse4.2") != 0);
    ck_assert_int_eq((p.sets & TFU_SET_AVX) != 0, __builtin_cpu_supports("avx") != 0);
    ck_assert_int_eq((p.sets & TFU_SET_AVX2) != 0, __builtin_cpu_supports("avx2") != 0);
    ck_assert_int_eq((p.sets & TFU_SET_FMA) != 0, __builtin_cpu_supports("fma") != 0);
    ck_assert_int_eq((p.sets & TFU_SET_AVX512F) != 0, __builtin_cpu_supports("avx512f") != 0);
    ck_assert_int_eq((p.sets & TFU_SET_AVX512VL) != 0, __builtin_cpu_supports("avx512vl") != 0);
    ck_assert_int_eq((p.sets & TFU_SET_AVX512BW) != 0, __builtin_cpu_supports("avx512bw") != 0);
    ck_assert_int_eq((p.sets & TFU_SET_AVX512DQ) != 0, __builtin_cpu_supports("avx512dq") != 0);
    ck_assert_int_eq((p.sets & TFU_SET_AVX512CD) != 0, __builtin_cpu_supports("avx512cd") != 0);
    ck_assert_int_eq(strcmp(p.vendor, "GenuineIntel") == 0, __builtin_cpu_is("intel") != 0);
#endif
    for (uint32_t bit = 1; bit; bit <<= 1)
        if (p.sets & bit)
            ck_assert_ptr_nonnull(tfu_processor_set_name(bit));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("blas_core");
    TCase *c = tcase_create("core types");
    tcase_add_test(c, a_processor_gets_what_it_runs);
    tcase_add_test(c, nothing_is_chosen_that_lacks_an_instruction);
    tcase_add_test(c, an_arm_gets_what_it_runs);
    tcase_add_test(c, other_architectures_are_left_alone);
    tcase_add_test(c, a_forced_core_type_may_not_run);
    tcase_add_test(c, a_users_core_type_is_found);
    tcase_add_test(c, this_processor_is_read);
    suite_add_tcase(s, c);
    return run_suite(s);
}
