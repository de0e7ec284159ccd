/* SPDX-License-Identifier: MIT */
#include "core/base/processor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#elif defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#endif

static const char *const set_names[] = {
    "SSE4.2",      "AVX",      "AVX2",     "FMA",      "F16C",        "AVX512F",
    "AVX512CD",    "AVX512BW", "AVX512DQ", "AVX512VL", "AVX512-VNNI", "AVX512-BF16",
    "AVX512-FP16", "AVX-VNNI", "AMX-INT8", "AMX-BF16", "NEON",        "ARMv8.1",
    "FP16",        "DotProd",  "SVE",      "SVE2",     "BF16"};

const char *tfu_processor_set_name(uint32_t bit)
{
    for (uint32_t i = 0; i < sizeof set_names / sizeof *set_names; i++)
        if (bit == 1u << i)
            return set_names[i];
    return NULL;
}

bool tfu_processor_name(char *out, size_t size)
{
    static const char label[] = "model name";
    FILE *f = fopen("/proc/cpuinfo", "r");
    char line[4096];
    bool found = false;
    while (f && !found && fgets(line, sizeof line, f)) {
        const char *colon = strchr(line, ':');
        if (strncmp(line, label, strlen(label)) != 0 || !colon)
            continue;
        line[strcspn(line, "\n")] = '\0';
        snprintf(out, size, "%s", colon + 1 + (colon[1] == ' '));
        found = true;
    }
    if (f)
        fclose(f);
    return found;
}

/* A bit of a register of CPUID, and the bits of XCR0 that the operating system has to set before
 * the registers behind it may be used. */
struct flag {
    uint32_t set;
    size_t offset; /* of the register */
    uint32_t bit;
    uint64_t state;
};
#define FLAG(set, reg, bit, state)                                                                 \
    {                                                                                              \
        TFU_SET_##set, offsetof(struct tfu_cpuid, reg), bit, state                                 \
    }
enum { NONE = 0, YMM = 0x6, ZMM = 0xe6, TILE = 0x60000 };
static const struct flag flags[] = {
    FLAG(SSE42, ecx1, 20, NONE),     FLAG(AVX, ecx1, 28, YMM),
    FLAG(FMA, ecx1, 12, YMM),        FLAG(F16C, ecx1, 29, YMM),
    FLAG(AVX2, ebx7, 5, YMM),        FLAG(AVXVNNI, eax71, 4, YMM),
    FLAG(AVX512F, ebx7, 16, ZMM),    FLAG(AVX512DQ, ebx7, 17, ZMM),
    FLAG(AVX512CD, ebx7, 28, ZMM),   FLAG(AVX512BW, ebx7, 30, ZMM),
    FLAG(AVX512VL, ebx7, 31, ZMM),   FLAG(AVX512VNNI, ecx7, 11, ZMM),
    FLAG(AVX512FP16, edx7, 23, ZMM), FLAG(AVX512BF16, eax71, 5, ZMM),
    FLAG(AMXBF16, edx7, 22, TILE),   FLAG(AMXINT8, edx7, 25, TILE),
};

void tfu_processor_decode(struct tfu_processor *p, const struct tfu_cpuid *id)
{
    memset(p->vendor, 0, sizeof p->vendor);
    memcpy(p->vendor, id->vendor, sizeof id->vendor);
    const uint32_t s = id->signature, family = s >> 8 & 0xf;
    p->family = family == 0xf ? family + (s >> 20 & 0xff) : family;
    p->model = (s >> 4 & 0xf) | (family >= 6 ? (s >> 16 & 0xf) << 4 : 0);
    p->stepping = s & 0xf;
    p->sets = 0;
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        uint32_t word;
        memcpy(&word, (const char *)id + flags[i].offset, sizeof word);
        if (word >> flags[i].bit & 1 && (id->xcr0 & flags[i].state) == flags[i].state)
            p->sets |= flags[i].set;
    }
    /* what widens AVX is nothing without it */
    if (!(p->sets & TFU_SET_AVX))
        p->sets &= TFU_SET_SSE42;
}

#if defined(__x86_64__) || defined(__i386__)
static uint64_t read_xcr0(void)
{
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (uint64_t)high << 32 | low;
}

static void read_machine(struct tfu_processor *p)
{
    struct tfu_cpuid id = {.signature = 0};
    uint32_t most = 0, a, b, c, d;
    if (!__get_cpuid(0, &most, &id.vendor[0], &id.vendor[2], &id.vendor[1]))
        return;
    __get_cpuid(1, &id.signature, &b, &id.ecx1, &d);
    if (id.ecx1 >> 27 & 1) /* OSXSAVE */
        id.xcr0 = read_xcr0();
    if (__get_cpuid_count(7, 0, &a, &id.ebx7, &id.ecx7, &id.edx7) && a >= 1)
        __get_cpuid_count(7, 1, &id.eax71, &b, &c, &d);
    tfu_processor_decode(p, &id);
}
#elif defined(__aarch64__) && defined(__linux__)
/* Bits of AT_HWCAP and AT_HWCAP2, which are part of Linux's interface. */
static void read_machine(struct tfu_processor *p)
{
    static const struct {
        uint32_t set;
        unsigned long first, second;
    } caps[] = {{TFU_SET_NEON, 1ul << 1, 0},  {TFU_SET_ARM81, 1ul << 7 | 1ul << 8 | 1ul << 12, 0},
                {TFU_SET_FP16, 1ul << 10, 0}, {TFU_SET_DOTPROD, 1ul << 20, 0},
                {TFU_SET_SVE, 1ul << 22, 0},  {TFU_SET_SVE2, 1ul << 22, 1ul << 1},
                {TFU_SET_BF16, 0, 1ul << 14}};
    const unsigned long first = getauxval(AT_HWCAP), second = getauxval(AT_HWCAP2);
    for (size_t i = 0; i < sizeof caps / sizeof *caps; i++)
        if ((first & caps[i].first) == caps[i].first && (second & caps[i].second) == caps[i].second)
            p->sets |= caps[i].set;
    snprintf(p->vendor, sizeof p->vendor, "ARM");
    char text[64];
    FILE *f = fopen("/sys/devices/system/cpu/cpu0/regs/identification/midr_el1", "r");
    if (f && fgets(text, sizeof text, f)) {
        const unsigned long midr = strtoul(text, NULL, 16);
        p->family = (uint32_t)(midr >> 24 & 0xff);
        p->model = (uint32_t)(midr >> 4 & 0xfff);
        p->stepping = (uint32_t)(midr & 0xf);
    }
    if (f)
        fclose(f);
}
#else
static void read_machine(struct tfu_processor *p)
{
    (void)p;
}
#endif

void tfu_processor_read(struct tfu_processor *out)
{
    memset(out, 0, sizeof *out);
    if (!tfu_processor_name(out->name, sizeof out->name))
        out->name[0] = '\0';
    read_machine(out);
}
