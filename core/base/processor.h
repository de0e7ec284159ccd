/* SPDX-License-Identifier: MIT
 *
 * processor.h - what the machine's processor is, and which instructions a program may use on it.
 */
#ifndef TFU_CORE_BASE_PROCESSOR_H
#define TFU_CORE_BASE_PROCESSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sets of instructions, a bit each. One is there when the processor has it and the operating system
 * keeps its registers. */
enum {
    TFU_SET_SSE42 = 1 << 0,
    TFU_SET_AVX = 1 << 1,
    TFU_SET_AVX2 = 1 << 2,
    TFU_SET_FMA = 1 << 3,
    TFU_SET_F16C = 1 << 4,
    TFU_SET_AVX512F = 1 << 5,
    TFU_SET_AVX512CD = 1 << 6,
    TFU_SET_AVX512BW = 1 << 7,
    TFU_SET_AVX512DQ = 1 << 8,
    TFU_SET_AVX512VL = 1 << 9,
    TFU_SET_AVX512VNNI = 1 << 10,
    TFU_SET_AVX512BF16 = 1 << 11,
    TFU_SET_AVX512FP16 = 1 << 12,
    TFU_SET_AVXVNNI = 1 << 13,
    TFU_SET_AMXINT8 = 1 << 14,
    TFU_SET_AMXBF16 = 1 << 15,
    TFU_SET_NEON = 1 << 16,
    TFU_SET_ARM81 = 1 << 17, /* CRC32, atomics and rounding multiplications of ARMv8.1 */
    TFU_SET_FP16 = 1 << 18,
    TFU_SET_DOTPROD = 1 << 19,
    TFU_SET_SVE = 1 << 20,
    TFU_SET_SVE2 = 1 << 21,
    TFU_SET_BF16 = 1 << 22,

    /* every part of AVX-512 that processors have had together since Skylake-X */
    TFU_SET_AVX512 = TFU_SET_AVX2 | TFU_SET_FMA | TFU_SET_AVX512F | TFU_SET_AVX512CD |
                     TFU_SET_AVX512BW | TFU_SET_AVX512DQ | TFU_SET_AVX512VL,
};
/* "AVX2" for a single bit; NULL for what is none. */
const char *tfu_processor_set_name(uint32_t bit);

struct tfu_processor {
    char name[128];  /* "AMD EPYC 9R14"; "" where the system does not tell */
    char vendor[16]; /* "GenuineIntel", "AuthenticAMD", "ARM"...; "" */
    uint32_t family; /* of x86 with its extension; on ARM the implementer */
    uint32_t model;  /* of x86 with its extension; on ARM the part */
    uint32_t stepping;
    uint32_t sets; /* TFU_SET_ bits */
};
void tfu_processor_read(struct tfu_processor *out);

/* "AMD EPYC 9R14"; false where the system does not tell. */
bool tfu_processor_name(char *out, size_t size);

/* What an x86 processor answers: registers of CPUID leaves 0, 1, 7.0 and 7.1, and XCR0, which is 0
 * where the system does not use XSAVE. */
struct tfu_cpuid {
    uint32_t vendor[3]; /* EBX, EDX, ECX of leaf 0 */
    uint32_t signature; /* EAX of leaf 1 */
    uint32_t ecx1;      /* ECX of leaf 1 */
    uint32_t ebx7, edx7, eax71, ecx7;
    uint64_t xcr0;
};
/* Vendor, family, model, stepping and sets of it; the name stays. */
void tfu_processor_decode(struct tfu_processor *p, const struct tfu_cpuid *id);

#endif
