/* SPDX-License-Identifier: MIT */
#include "core/conformance/hooks.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "core/base/calling.h"
#include "core/base/guarded.h"

#include <transfuse/abi.h>

/* ---- what the hooks know: they are called by anyone, without an argument of ours */

static struct {
    atomic_llong blocks, bytes, seconds;
    atomic_llong start, most; /* bytes at the beginning of a peak, and the most since then */
    atomic_ullong forbidden;
    atomic_bool forbids;
    atomic_int fill;
    _Atomic(const char *) function;
} state = {.fill = -1};

static struct {
    void *(*malloc)(size_t n);
    void *(*calloc)(size_t count, size_t size);
    void *(*realloc)(void *p, size_t n);
    void *(*reallocarray)(void *p, size_t count, size_t size);
    void (*free)(void *p);
    int (*posix_memalign)(void **out, size_t align, size_t n);
    void *(*aligned_alloc)(size_t align, size_t n);
    void *(*memalign)(size_t align, size_t n);
    void *(*mmap)(void *at, size_t n, int protection, int flags, int fd, off_t offset);
    int (*munmap)(void *at, size_t n);
    time_t (*time)(time_t *out);
    int (*clock_gettime)(clockid_t id, struct timespec *out);
    int (*gettimeofday)(struct timeval *out, void *zone);
    int (*timespec_get)(struct timespec *out, int base);
    clock_t (*clock)(void);
} real;

/* ---- memory */

static void note_inside(void)
{
    const struct tfu_calling *call = tfu_calling_now();
    if (!call || !state.forbids)
        return;
    const char *none = NULL;
    atomic_compare_exchange_strong(&state.function, &none, call->function);
    state.forbidden++;
}

static void add_bytes(long long n)
{
    const long long now = atomic_fetch_add(&state.bytes, n) + n;
    long long most = state.most;
    while (now > most && !atomic_compare_exchange_weak(&state.most, &most, now))
        continue;
}

static void taken(void *p, size_t filled)
{
    note_inside();
    if (!p)
        return;
    state.blocks++;
    add_bytes((long long)malloc_usable_size(p));
    if (filled && state.fill >= 0)
        memset(p, state.fill, filled);
}

static void given_back(void *p)
{
    if (!p)
        return;
    state.blocks--;
    state.bytes -= (long long)malloc_usable_size(p);
}

static void *hook_malloc(size_t n)
{
    void *p = real.malloc(n);
    taken(p, n);
    return p;
}

static void *hook_calloc(size_t count, size_t size)
{
    void *p = real.calloc(count, size);
    taken(p, 0);
    return p;
}

static void hook_free(void *p)
{
    given_back(p);
    real.free(p);
}

static void *hook_realloc(void *p, size_t n)
{
    const size_t before = p ? malloc_usable_size(p) : 0;
    void *q = real.realloc(p, n);
    if (p && (q || n == 0)) {
        state.blocks--;
        state.bytes -= (long long)before;
    }
    if (!q)
        return NULL;
    taken(q, 0);
    if (n > before && state.fill >= 0)
        memset((char *)q + before, state.fill, n - before);
    return q;
}

static void *hook_reallocarray(void *p, size_t count, size_t size)
{
    size_t n;
    return __builtin_mul_overflow(count, size, &n) ? real.reallocarray(p, count, size)
                                                   : hook_realloc(p, n);
}

static int hook_posix_memalign(void **out, size_t align, size_t n)
{
    const int err = real.posix_memalign(out, align, n);
    if (err == 0)
        taken(*out, n);
    return err;
}

static void *hook_aligned_alloc(size_t align, size_t n)
{
    void *p = real.aligned_alloc(align, n);
    taken(p, n);
    return p;
}

static void *hook_memalign(size_t align, size_t n)
{
    void *p = real.memalign(align, n);
    taken(p, n);
    return p;
}

static void *hook_mmap(void *at, size_t n, int protection, int flags, int fd, off_t offset)
{
    void *p = real.mmap(at, n, protection, flags, fd, offset);
    if (p == MAP_FAILED)
        return p;
    note_inside();
    state.blocks++;
    add_bytes((long long)n);
    return p;
}

static int hook_munmap(void *at, size_t n)
{
    const int err = real.munmap(at, n);
    if (err == 0) {
        state.blocks--;
        state.bytes -= (long long)n;
    }
    return err;
}

struct tfu_hooks_memory tfu_hooks_memory(void)
{
    return (struct tfu_hooks_memory){state.blocks, state.bytes};
}

void tfu_hooks_peak_begin(void)
{
    state.start = state.most = (long long)state.bytes;
}

int64_t tfu_hooks_peak(void)
{
    return real.malloc ? state.most - state.start : -1;
}

void tfu_hooks_forbid(bool on)
{
    state.forbids = on;
}

uint64_t tfu_hooks_forbidden(const char **function)
{
    *function = state.function;
    return state.forbidden;
}

void tfu_hooks_fill(int byte)
{
    state.fill = byte;
}

int tfu_hooks_filled(void)
{
    return state.fill;
}

void tfu_hooks_paint(void)
{
    if (state.fill >= 0)
        tfu_stack_paint((unsigned char)state.fill);
}

/* ---- time */

static time_t hook_time(time_t *out)
{
    const time_t t = real.time(NULL) + (time_t)state.seconds;
    if (out)
        *out = t;
    return t;
}

static int hook_clock_gettime(clockid_t id, struct timespec *out)
{
    const int err = real.clock_gettime(id, out);
    if (err == 0)
        out->tv_sec += (time_t)state.seconds;
    return err;
}

static int hook_gettimeofday(struct timeval *out, void *zone)
{
    const int err = real.gettimeofday(out, zone);
    if (err == 0 && out)
        out->tv_sec += (time_t)state.seconds;
    return err;
}

static int hook_timespec_get(struct timespec *out, int base)
{
    const int got = real.timespec_get(out, base);
    if (got)
        out->tv_sec += (time_t)state.seconds;
    return got;
}

static clock_t hook_clock(void)
{
    return real.clock() + (clock_t)(state.seconds * CLOCKS_PER_SEC);
}

void tfu_hooks_clock(int64_t seconds)
{
    state.seconds = seconds;
}

/* ---- putting them in */

/* Pointers to functions, kept as pointers to data as dlsym() gives them. */
#define HOOK(name)                                                                                 \
    {                                                                                              \
#name, (void *)hook_##name, (void **)&real.name                                            \
    }
static const struct hook {
    const char *name;
    void *hook;
    void **real;
} hooks[] = {
    HOOK(malloc),         HOOK(calloc),        HOOK(realloc),      HOOK(reallocarray), HOOK(free),
    HOOK(posix_memalign), HOOK(aligned_alloc), HOOK(memalign),     HOOK(mmap),         HOOK(munmap),
    HOOK(time),           HOOK(clock_gettime), HOOK(gettimeofday), HOOK(timespec_get), HOOK(clock),
};
#undef HOOK

static bool names_a_function(uint64_t info)
{
#if defined(__x86_64__)
    const uint64_t type = ELF64_R_TYPE(info);
    return type == R_X86_64_JUMP_SLOT || type == R_X86_64_GLOB_DAT || type == R_X86_64_64;
#elif defined(__aarch64__)
    const uint64_t type = ELF64_R_TYPE(info);
    return type == R_AARCH64_JUMP_SLOT || type == R_AARCH64_GLOB_DAT || type == R_AARCH64_ABS64;
#else
    (void)info;
    return false;
#endif
}

#if defined(__x86_64__) || defined(__aarch64__)
/* The parts of a shared object that say what it calls. */
struct object {
    ElfW(Addr) base;
    const ElfW(Sym) * symbols;
    const char *strings;
    const ElfW(Rela) * table[2];
    size_t size[2];
};

/* Some dynamic linkers leave addresses in the file's terms. */
static const void *in_memory(const struct object *o, ElfW(Addr) address)
{
    const ElfW(Addr) at = address < o->base ? o->base + address : address;
    return (const void *)at; // NOLINT(performance-no-int-to-ptr)
}

static void read_dynamic(struct object *o, const ElfW(Dyn) * d)
{
    for (; d->d_tag != DT_NULL; d++)
        switch (d->d_tag) {
        case DT_SYMTAB:
            o->symbols = in_memory(o, d->d_un.d_ptr);
            break;
        case DT_STRTAB:
            o->strings = in_memory(o, d->d_un.d_ptr);
            break;
        case DT_RELA:
            o->table[0] = in_memory(o, d->d_un.d_ptr);
            break;
        case DT_RELASZ:
            o->size[0] = d->d_un.d_val / sizeof(ElfW(Rela));
            break;
        case DT_JMPREL:
            o->table[1] = in_memory(o, d->d_un.d_ptr);
            break;
        case DT_PLTRELSZ:
            o->size[1] = d->d_un.d_val / sizeof(ElfW(Rela));
            break;
        default:
            break;
        }
}

/* Tables are read-only once the dynamic linker has filled them. */
static void redirect(const struct object *o, const ElfW(Rela) * r)
{
    const char *name = o->strings + o->symbols[ELF64_R_SYM(r->r_info)].st_name;
    for (size_t i = 0; i < TFU_COUNT(hooks); i++) {
        if (strcmp(name, hooks[i].name) != 0 || !*hooks[i].real)
            continue;
        const ElfW(Addr) at = o->base + r->r_offset;
        const ElfW(Addr) page = (ElfW(Addr))sysconf(_SC_PAGESIZE);
        void *start = (void *)(at / page * page); // NOLINT(performance-no-int-to-ptr)
        if (mprotect(start, page, PROT_READ | PROT_WRITE) == 0)
            memcpy((void *)at, &hooks[i].hook, sizeof hooks[i].hook); // NOLINT
        return;
    }
}

/* The dynamic linker, and tools that replace malloc() themselves, keep their own. */
static bool is_apart(const char *path)
{
    static const char *const names[] = {"/ld-", "linux-vdso", "vgpreload", "san.so", "san-"};
    for (size_t i = 0; i < TFU_COUNT(names); i++)
        if (strstr(path, names[i]))
            return true;
    return false;
}

static int hook_object(struct dl_phdr_info *info, size_t size, void *arg)
{
    struct object o = {.base = info->dlpi_addr};
    (void)size, (void)arg;
    if (is_apart(info->dlpi_name))
        return 0;
    for (size_t i = 0; i < info->dlpi_phnum; i++)
        if (info->dlpi_phdr[i].p_type == PT_DYNAMIC)
            read_dynamic(&o, in_memory(&o, info->dlpi_phdr[i].p_vaddr + o.base));
    for (int t = 0; t < 2 && o.symbols && o.strings; t++)
        for (size_t i = 0; o.table[t] && i < o.size[t]; i++)
            if (names_a_function(o.table[t][i].r_info) && ELF64_R_SYM(o.table[t][i].r_info) != 0)
                redirect(&o, &o.table[t][i]);
    return 0;
}

bool tfu_hooks_install(void)
{
    for (size_t i = 0; i < TFU_COUNT(hooks); i++)
        *hooks[i].real = dlsym(RTLD_DEFAULT, hooks[i].name);
    dl_iterate_phdr(hook_object, NULL);
    return true;
}
#else
bool tfu_hooks_install(void)
{
    return names_a_function(0);
}
#endif
