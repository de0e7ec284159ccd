/* SPDX-License-Identifier: MIT */
#include "core/base/machine.h"

#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif

#include "core/base/threads.h"

/* The first line of a file whose name is printed; false where there is none. */
static bool first_line(char *out, size_t size, const char *fmt, ...)
{
    char path[160];
    va_list args;
    va_start(args, fmt);
    vsnprintf(path, sizeof path, fmt, args);
    va_end(args);
    FILE *f = fopen(path, "r");
    const bool found = f && fgets(out, (int)size, f);
    if (f)
        fclose(f);
    out[found ? strcspn(out, "\n") : 0] = '\0';
    return found;
}

/* "0-3,8": how many there are. */
static uint32_t count_list(const char *list)
{
    uint32_t count = 0;
    while (*list) {
        char *end;
        const unsigned long first = strtoul(list, &end, 10);
        unsigned long last = first;
        if (end == list)
            break;
        if (*end == '-')
            last = strtoul(end + 1, &end, 10);
        if (last >= first)
            count += (uint32_t)(last - first + 1);
        list = *end == ',' ? end + 1 : end;
    }
    return count;
}

static int ascending(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Different values among `count`, when the low `bits` do not count. */
static uint32_t count_different(const uint64_t *sorted, uint32_t count, unsigned bits)
{
    uint32_t different = 0;
    for (uint32_t i = 0; i < count; i++)
        different += i == 0 || sorted[i] >> bits != sorted[i - 1] >> bits;
    return different;
}

static void read_topology(struct tfu_machine *m)
{
    static const char folder[] = "/sys/devices/system/cpu";
    const long configured = sysconf(_SC_NPROCESSORS_CONF);
    const uint32_t most = configured > 0 && configured < 65536 ? (uint32_t)configured : 1;
    uint64_t *core = calloc(most, sizeof *core); /* socket and core of each thread */
    char socket[32], number[32];
    uint32_t count = 0;
    for (uint32_t i = 0; core && i < most; i++)
        if (first_line(socket, sizeof socket, "%s/cpu%u/topology/physical_package_id", folder, i) &&
            first_line(number, sizeof number, "%s/cpu%u/topology/core_id", folder, i))
            core[count++] = strtoull(socket, NULL, 10) << 32 | (uint32_t)strtoul(number, NULL, 10);
    if (count) {
        qsort(core, count, sizeof *core, ascending);
        m->sockets = count_different(core, count, 32);
        m->cores = count_different(core, count, 0);
    }
    free(core);
    m->threads = (uint32_t)sysconf(_SC_NPROCESSORS_ONLN);
    cpu_set_t set;
    m->allowed = sched_getaffinity(0, sizeof set, &set) == 0 ? (uint32_t)CPU_COUNT(&set) : 0;
    m->available = tfu_threads_available();
}

static void read_caches(struct tfu_machine *m)
{
    static const char folder[] = "/sys/devices/system/cpu/cpu0/cache/index";
    char text[256];
    for (uint32_t i = 0; i < TFU_CACHES; i++) {
        struct tfu_cache *c = &m->cache[m->cache_count];
        if (!first_line(text, sizeof text, "%s%u/level", folder, i))
            break;
        c->level = (uint32_t)strtoul(text, NULL, 10);
        first_line(c->type, sizeof c->type, "%s%u/type", folder, i);
        char *unit;
        first_line(text, sizeof text, "%s%u/size", folder, i);
        c->bytes = strtoull(text, &unit, 10) << (*unit == 'K' ? 10 : *unit == 'M' ? 20 : 0);
        first_line(text, sizeof text, "%s%u/coherency_line_size", folder, i);
        c->line = (uint32_t)strtoul(text, NULL, 10);
        first_line(text, sizeof text, "%s%u/shared_cpu_list", folder, i);
        c->shared = count_list(text);
        m->cache_count++;
    }
}

static void read_memory(struct tfu_machine *m)
{
    FILE *f = fopen("/proc/meminfo", "r");
    char line[256];
    unsigned long long kib;
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "MemTotal: %llu", &kib) == 1)
            m->memory = kib << 10;
        else if (sscanf(line, "MemAvailable: %llu", &kib) == 1)
            m->memory_free = kib << 10;
    if (f)
        fclose(f);
}

static void read_system(struct tfu_machine *m)
{
    static const char label[] = "PRETTY_NAME=";
    FILE *f = fopen("/etc/os-release", "r");
    char line[256];
    while (f && !m->system[0] && fgets(line, sizeof line, f))
        if (strncmp(line, label, sizeof label - 1) == 0) {
            const char *value = line + sizeof label - 1 + (line[sizeof label - 1] == '"');
            snprintf(m->system, sizeof m->system, "%.*s", (int)strcspn(value, "\"\n"), value);
        }
    if (f)
        fclose(f);
    struct utsname u;
    if (uname(&u) == 0)
        snprintf(m->kernel, sizeof m->kernel, "%.20s %.60s %.30s", u.sysname, u.release, u.machine);
#ifdef __GLIBC__
    snprintf(m->libc, sizeof m->libc, "glibc %s", gnu_get_libc_version());
#endif
    first_line(m->clock, sizeof m->clock,
               "/sys/devices/system/clocksource/clocksource0/current_clocksource");
}

void tfu_machine_read(struct tfu_machine *m)
{
    memset(m, 0, sizeof *m);
    read_topology(m);
    read_caches(m);
    read_memory(m);
    read_system(m);
    if (getloadavg(&m->load, 1) != 1)
        m->load = 0;
}
